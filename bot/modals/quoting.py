"""What the trading and the selling modal share: a quote in words, and the inputs it was made for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from slackblocks import SectionBlock

from bot import wallets, words
from bot.blocks import section
from bot.numerals import local
from core.exchange.plans import YES_OR_NO
from core.exchange.trading import Act, Fill, Quote, Wallet

DUST = 10_000  # What rounding leaves behind, below a hundredth of a credit, is not worth a word.
TOLERANCE = (99, 100)  # An order still fills when it gets at least this share of what was quoted.


@dataclass(frozen=True)
class Draft:
    """What a modal remembers while it is open: its order key, what it is about (``D-2``, ``M-3``), and the quote's
    inputs and limit.

    ``meant`` is what those inputs are to the market. ``picks`` counts the amounts that were put there by a button; a
    large order gets a second look. ``legs`` are the markets of a mirrored order that could be quoted, with their limits.
    """

    key: str
    about: str
    quoted: list[Any] | None = None
    limit: int | None = None
    picks: int = 0
    is_large: bool = False
    meant: list[Any] | None = None
    legs: list[Any] | None = None

    def write(self) -> str:
        return json.dumps([getattr(self, field.name) for field in fields(self)])

    @classmethod
    def read(cls, metadata: str) -> "Draft":
        return cls(*json.loads(metadata))

    def quote(self, inputs: Sequence[Any], got: int) -> "Draft":
        """The draft once these inputs were quoted at so many shares or credits."""
        return replace(self, quoted=list(inputs), limit=least(got))


def least(got: int) -> int:
    """The fewest shares, or credits, that an order still takes that was quoted at so many."""
    times, over = TOLERANCE
    return got * times // over


def quote_block(quote: Quote | None, hint: str, more: str = "", at: str = "") -> SectionBlock:
    """The quote, or what to do to get one; always the same block, so that typing goes on undisturbed.

    ``at`` says where a limit order buys: ``62 points or less``.
    """
    text = hint if quote is None else (sale(quote) if quote.shares < 0 else purchase(quote, at))
    return section(text + more, "quote")


def purchase(quote: Quote, at: str = "") -> str:
    lines = [
        *([costs(quote)] if quote.shares else []),
        *_waits(quote, at),
        moves(quote),
        *_cancelled(quote),
        *pays(quote),
        *_if_not_taken(quote),
        *_ends(quote),
        *paid_from(quote),
        f"*The most you can lose:* {words.credits(outlay(quote))}.",
    ]
    if not quote.is_affordable:
        lines.append(
            f":warning: You can spend {words.credits(quote.free + quote.conditional)} here. Lower the amount."
        )
    return "\n".join(lines)


def outlay(quote: Quote) -> int:
    """What a purchase takes, now and while it waits: micro-credits, and the most that can be lost by it."""
    return max(0, quote.cost - quote.sets) + quote.waits


def sale(quote: Quote) -> str:
    return (
        f"*{_shares(quote)}* bring *{words.credits(-quote.cost)}*, "
        f"{words.rate(quote.average_price)} each on average.\n"
        + "\n".join([moves(quote), _counts(quote), *_ends(quote), *paid_from(quote)])
    )


def filled(fill: Fill, at: str = "") -> str:
    """What happened, said back."""
    did, on = (
        "bought" if fill.shares > 0 else "sold",
        f" on *{words.escape(fill.option)}*" if fill.option else "",
    )
    traded = f"You {did} *{_shares(fill)}*{on} for *{words.credits(abs(fill.cost))}*{_ONLY[fill.is_drawn]}."
    lines = [
        f":white_check_mark: {traded if fill.shares else 'Your limit order is placed. Home lists it, and cancels it.'}",
        *_waits(fill, at),
        moved(fill),
        *_cancelled(fill),
        *([_counts(fill)] if fill.shares < 0 else _if_not_taken(fill)),
        *_ends(fill),
        *paid_from(fill),
    ]
    return "\n".join(lines)


def paid_from(quote: Quote) -> list[str]:
    """The wallet that it is paid from, or into; nothing is said of the balance."""
    if quote.wallet != Wallet.EARMARKED:
        return []
    return [f"*{'Goes to' if quote.shares < 0 else 'Paid from'}:* {wallets.NAMES[quote.wallet]}."]


_ONLY = {
    None: "",
    False: ", for the case that people choose it",
    True: ", for the case that the lottery draws it",
}


def _taken(quote: Quote) -> str:
    return words.escape(words.taken(quote.option, quote.is_drawn))


def _subject(quote: Quote) -> str:
    """What is priced; a question that hangs on no decision stands above the quote, and is not said again."""
    if quote.option:
        return f"{words.escape(quote.metric_name)} if {_taken(quote)}"
    return "A yes" if quote.metric_unit == YES_OR_NO else "It"


def moves(quote: Quote) -> str:
    """What the trade makes of the price."""
    before, after = _value(quote, quote.expected_before), _value(quote, quote.expected_after)
    return f"*{_subject(quote)}{':*' if quote.option else '* is'} priced at {before} now, {after} after."


def moved(fill: Fill) -> str:
    """What the trade made of the price."""
    return f"{_subject(fill)} is now priced at {_value(fill, fill.expected_after)}."


def _if_not_taken(quote: Quote) -> list[str]:
    otherwise = "If it is not taken" if quote.is_drawn is None else "If that does not come true"
    return [f"*{otherwise}:* {comes_back(quote)}"] if quote.option else []


def _ends(quote: Quote) -> list[str]:
    """Nobody trades with themselves: an order of the trader's own that stands in the way goes."""
    ended = words.count(quote.ends, "limit order")
    return [f"*Ends:* {ended} of yours, whose price this passes."] if quote.ends else []


def _waits(quote: Quote, at: str) -> list[str]:
    waits = f"*Waits:* {words.credits(quote.waits)}, until it is priced at {words.escape(at)}."
    return [waits] if quote.waits else []


def _is_spread(quote: Quote) -> bool:
    """Whether it is of many outcomes, in other numbers of each: a move in bins."""
    return quote.act == Act.MOVE and len(quote.bought) > 2


def costs(quote: Quote) -> str:
    if _is_spread(quote):
        return f"*{words.credits(quote.cost)}* for *{_shares(quote)}*."
    each = f"{words.rate(quote.average_price)} each on average"
    return f"*{words.credits(quote.cost)}* for *{_shares(quote)}*, {each}."


def _shares(quote: Quote) -> str:
    """The shares that change hands; of a move in bins, how many around each value."""
    if not _is_spread(quote):
        return words.escape(words.shares(abs(quote.shares), quote.outcome, quote.metric_unit))
    bought = zip(quote.outcome.split(" or "), filter(None, quote.bought), strict=True)
    each = (
        f"{words.with_unit(local(name), quote.metric_unit)} ({words.number(shares)})"
        for name, shares in bought
    )
    return words.escape(f"shares around {', '.join(each)}")


def _value(quote: Quote, micro: float) -> str:
    return words.escape(words.value(micro, quote.metric_unit, quote.low, quote.high))


def _end(quote: Quote, micro: int) -> str:
    return words.escape(words.exact_value(micro, quote.metric_unit))


def _cancelled(quote: Quote) -> list[str]:
    """A share of every outcome of one option pays 1 credit together whatever happens, so it is paid at once."""
    if not quote.sets:
        return []
    two = "Yes and No" if quote.metric_unit == YES_OR_NO else "Higher and Lower"
    full_sets = "shares around all values" if len(quote.bought) > 2 else f"{two} shares"
    at_once = f"*At once:* {words.credits(quote.sets)} for {full_sets} that cancel out"
    if quote.is_final:
        return [f"{at_once}."]
    freed = max(0, -quote.newly_locked)
    anywhere = wallets.WHERE[quote.wallet]
    free = f", {words.credits(freed)} of it to be spent {anywhere}" if freed >= DUST else ""
    return [f"{at_once}. That counts only if {_taken(quote)}{free}."]


def pays(quote: Quote) -> list[str]:
    """A move in bins buys in proportion to the value, so it pays evenly like Higher or Lower shares."""
    kept = quote.shares - quote.sets
    if kept <= 0:
        return []
    how = "is drawn" if quote.is_drawn else "is chosen"
    chosen = "" if quote.is_final else f"{words.escape(quote.option)} {how} and "
    most = words.credits(kept)
    is_up = (quote.bought[-1] if _is_spread(quote) else quote.bought[0]) > 0
    best, worst = (quote.high, quote.low) if is_up else (quote.low, quote.high)
    if quote.metric_unit == YES_OR_NO:
        answer = words.reading(best, quote.metric_unit)
        return [f"*You can win:* {most}, if {chosen}the answer is {answer}; otherwise nothing."]
    if len(quote.bought) > 2 and not _is_spread(quote):
        return [
            f"*You can win:* up to {most}, if {chosen}it comes to {_range(quote)}; less beside it, down to nothing at the next values."
        ]
    pays = f"up to {most}, if {chosen}it comes to {_end(quote, best)} or {'more' if is_up else 'less'}"
    return [f"*You can win:* {pays}; evenly less down to 0 at {_end(quote, worst)}."]


def _range(quote: Quote) -> str:
    """The value that one outcome stands at, or the outer ones of several; the outermost stand for all beyond, too."""
    first, *_, last = [*(names := quote.outcome.split(" or ")), names[-1]]
    ends = [words.escape(words.with_unit(local(each), quote.metric_unit)) for each in (first, last)]
    if quote.bought[-1] > 0:
        return f"{ends[0]} or more"
    if quote.bought[0] > 0:
        return f"{ends[1]} or less"
    return ends[0] if first == last else f"between {ends[0]} and {ends[1]}"


def comes_back(quote: Quote) -> str:
    """What the order sets aside is there again if its option is not taken; what counted only here is not."""
    if quote.is_final:
        return "it has been taken already, so nothing comes back."
    only = f"{words.credits(quote.already_conditional)} counted only if {_taken(quote)} before."
    if quote.newly_locked <= 0:
        return f"nothing changes, since these {only}" if quote.already_conditional else "nothing changes."
    back = f"{words.credits(quote.newly_locked)} back."
    return f"{back} The other {only}" if quote.already_conditional else back


def _counts(quote: Quote) -> str:
    if not quote.option:
        return f"It is in {wallets.NAMES[quote.wallet]} at once: {words.credits(-quote.cost)}."
    freed, anywhere = max(0, -quote.newly_locked), wallets.WHERE[quote.wallet]
    kept = -quote.cost - freed
    if kept < DUST:
        return f"All of it can be spent {anywhere}: {words.credits(freed)}."
    option = words.escape(quote.option)
    rest = f"{words.credits(kept)} stay with {option}: to be spent there, and gone if it is not taken."
    return f"{words.credits(freed)} can be spent {anywhere}; {rest}" if freed >= DUST else rest


def amount_typed(typed: dict[str, Any]) -> str:
    """What stands in the amount's input; empty if nothing does."""
    return str(typed.get("value") or "")
