"""The trading modal as it is shown: inputs that suit the market, a quote, and a picture of what I believe."""

from dataclasses import dataclass
from datetime import UTC, datetime

from slackblocks import (
    Block,
    CheckboxGroup,
    DateTimePicker,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    RadioButtonGroup,
    SectionBlock,
    StaticSelectMenu,
)

from bot import refusals, words
from bot.blocks import CHOICE_MOST, fit, modal, section
from bot.modals import paying, picture, twins
from bot.modals.inputs import live, live_number
from bot.modals.quoting import Draft, quote_block
from bot.modals.ticket import Ticket, Way, ways
from core.errors import Refusal
from core.exchange.offers import Offer, Offers
from core.exchange.plans import YES_OR_NO
from core.exchange.trading import Purse, Quote

VIEW, CONFIRM_VIEW = "trade", "trade_confirm"
CHANGED = "trade_changed"
SUBMIT_MOST = 24


@dataclass(frozen=True)
class Form:
    """What the modal shows: its draft, what is offered, the market looked at, and a quote or what stands in its way.

    ``typed`` is the amount that a quick pick put there, ``chosen`` the wallet that is to pay.
    """

    draft: Draft
    offers: Offers
    offer: Offer
    purse: Purse
    way: Way
    is_limited: bool = False
    typed: str | None = None
    ticket: Ticket | None = None
    quote: Quote | None = None
    problem: Refusal | None = None
    twin: int | None = None
    chosen: str | None = None

    @property
    def wallet(self) -> str:
        """The wallet that pays."""
        return self.quote.wallet if self.quote else paying.likely(self.purse, self.chosen)

    @property
    def at(self) -> str:
        """Where a limit order buys, in words."""
        return self.ticket.better(self.offer.unit) if self.ticket else ""

    @property
    def can_be_limited(self) -> bool:
        """One that waits is for one branch alone."""
        return self.way in (Way.FIRST, Way.SECOND) and self.twin is None

    @property
    def has_twins(self) -> bool:
        """Whether people and a lottery may still take the option."""
        return self.offer.twin is not None and self.offers.of(self.offer.twin).is_trading


def view(form: Form, note: str | None = None) -> ModalView:
    blocks: list[Block] = [
        section(f"*{words.escape(form.offers.question)}*\n{_asked(form.offer)}", "question"),
        *([_option_input(form)] if form.offer.option else []),
        *([twins.choice(CHANGED)] if form.has_twins else []),
        _way_input(form),
        *_values(form),
        _amount_input(form),
        *paying.picks(paying.total(form.purse, form.wallet)),
        *paying.choice(CHANGED, form.purse),
        section(f"```{drawn(form)}```", "picture"),
        _quote(form),
        *(_limit(form) if form.can_be_limited else []),
        paying.purse_block(form.purse, form.offer.option, form.offer.is_drawn),
    ]
    if note:
        blocks.insert(0, section(f":information_source: {note}", "note"))
    return modal(f"Trade {form.offers.name}", blocks, _submit(form), VIEW, form.draft.write())


def _quote(form: Form) -> SectionBlock:
    if form.quote is None or form.twin is None:
        return quote_block(form.quote, _hint(form), _more(form), form.at)
    return section(twins.quoted(form.quote), "quote")


def _asked(offer: Offer) -> str:
    if offer.option:
        return f"What will *{words.escape(offer.metric)}* be, if your option is taken?"
    return "It hangs on no decision: your shares pay by what it comes to, and nothing comes back otherwise."


def drawn(form: Form) -> str:
    """The picture: where it is priced, where the trade would take it, and what I believe; each mark with its value."""
    offer, quote = form.offer, form.quote
    ends = (_bare(offer, offer.low), _bare(offer, offer.high))
    if offer.unit == YES_OR_NO:  # The ends of a chance are the answers.
        ends = (words.reading(offer.low, offer.unit), words.reading(offer.high, offer.unit))
    if len(offer.outcomes) > 2:
        bars = picture.bars(ends, offer.prices, quote.bought if quote else ())
        return f"{bars}\n▲ what you buy" if quote else bars
    after = quote.expected_after if quote else offer.expected
    mine = form.ticket.values[0] if form.ticket and form.ticket.values else None
    line = picture.scale(
        ends,
        _share(offer.expected, offer),
        _share(after, offer),
        None if mine is None else _share(mine, offer),
    )
    marks = [f"● now {_bare(offer, offer.expected)}"]
    if _bare(offer, after) != _bare(offer, offer.expected):
        marks.append(f"{'▶' if after >= offer.expected else '◀'} after {_bare(offer, after)}")
    if mine is not None:
        marks.append(f"◆ yours {_bare(offer, mine)}")
    return f"{line}\n{'   '.join(marks)}"


def _bare(offer: Offer, value: float) -> str:
    return words.bare_value(value, offer.low, offer.high)


def _share(value: float, offer: Offer) -> float:
    return (value - offer.low) / (offer.high - offer.low)


def _submit(form: Form) -> str:
    """What pressing it does, as far as a button has room for it."""
    if form.ticket is None or form.quote is None:
        return "Place trade"
    if form.ticket.price is not None:
        return "Place limit order"
    amount = words.number(form.ticket.amount)
    value = words.side(form.quote.outcome, form.quote.metric_unit).removeprefix("around ")
    names = {
        Way.ESTIMATE: f"Spend up to {amount}",
        Way.RANGE: f"Put {amount} on the range",
        Way.OUTCOME: f"Put {amount} on {value}",
    }
    said = names.get(form.way, f"Put {amount} on {words.side(form.quote.outcome)}")
    return said if len(said) <= SUBMIT_MOST else "Place trade"


def _more(form: Form) -> str:
    """Why credits are left over before the estimate is reached."""
    quote = form.quote
    if form.ticket is None or quote is None or form.ticket.way != Way.ESTIMATE:
        return ""
    gap = abs(quote.expected_after - form.ticket.values[0])
    if quote.cost > form.ticket.amount * 99 // 100 or gap < (quote.high - quote.low) / 1000:
        return ""
    return "\nIt stops short of your estimate: that is as far as one person can take it."


def _hint(form: Form) -> str:
    """What stands in the way of a quote, or what to type to get one."""
    if form.problem:
        return refusals.sentence(form.problem)
    offer = form.offer
    about = "A yes" if offer.unit == YES_OR_NO else "It"
    if offer.option:
        taken = words.taken(offer.option, offer.is_drawn)
        about = f"*{words.escape(offer.metric)} if {words.escape(taken)}*"
    return f"{about} is priced at *{words.escape(_priced(offer))}* now.\n{_TO_TYPE[form.way]}"


_SEE = ", and see here what that buys."
_TO_TYPE = {
    Way.FIRST: f"Type how many credits you put on it{_SEE}",
    Way.SECOND: f"Type how many credits you put on it{_SEE}",
    Way.ESTIMATE: f"Type your estimate and the most you would spend{_SEE}",
    Way.RANGE: f"Type both ends and how many credits you put on it{_SEE}",
    Way.OUTCOME: f"Choose an outcome and type how many credits you put on it{_SEE}",
}


def _priced(offer: Offer) -> str:
    return words.value(offer.expected, offer.unit, offer.low, offer.high)


def _option_input(form: Form) -> InputBlock:
    choices = [_choice(form.offers, offer) for offer in twins.listed(form.offers)]
    menu = StaticSelectMenu(CHANGED, choices, initial_option=choices[0])
    return live("If this option is taken", "option", menu)


def _choice(offers: Offers, offer: Offer) -> Option:
    """An option of the decision, with its metric where there are several."""
    named = f"{offer.option}: {offer.metric}" if offers.has_several_metrics else offer.option
    priced = f"priced at {_priced(offer)}"
    return Option(PlainText(fit(named, CHOICE_MOST)), twins.value(offer), PlainText(fit(priced, CHOICE_MOST)))


def _way_input(form: Form) -> InputBlock:
    offer = form.offer
    choices = [Option(PlainText(_named(way, offer)), way.value) for way in ways(offer)]
    is_of_two = len(offer.outcomes) == 2
    # Another kind of market has other choices, so it is another field.
    block = "way" if is_of_two else "way:many"
    group = RadioButtonGroup(CHANGED, choices, initial_option=choices[0])
    hint = "Compared with what it is priced at now." if is_of_two and offer.unit != YES_OR_NO else None
    return live(_way_label(offer), block, group, hint)


def _way_label(offer: Offer) -> str:
    about = offer.metric if offer.option else "It"
    if len(offer.outcomes) > 2:
        return f"What you know of {offer.metric}"[:2000] if offer.option else "What you know of it"
    return (
        "The answer will be"
        if offer.unit == YES_OR_NO and not offer.option
        else f"{about} will come out"[:2000]
    )


def _named(way: Way, offer: Offer) -> str:
    if way in (Way.FIRST, Way.SECOND):
        return words.side(offer.outcomes[int(way)])
    estimate = "My estimate" if len(offer.outcomes) > 2 else "At my estimate"
    if offer.unit == YES_OR_NO:
        estimate = "Yes, with a chance that I name"
    return {Way.ESTIMATE: estimate, Way.RANGE: "Between two values", Way.OUTCOME: "One outcome"}[way]


def _values(form: Form) -> list[Block]:
    """The inputs that the way needs beside an amount."""
    unit = words.unit_name(form.offer.unit)
    ends = [words.exact_value(each, unit) for each in (form.offer.low, form.offer.high)]
    between = f"Between {ends[0]} and {ends[1]}."
    if form.way == Way.ESTIMATE:
        hint = f"{between} The price moves toward it, and never beyond."
        return [live_number(f"My estimate, {unit}", "estimate", CHANGED, hint, has_focus=True)]
    if form.way == Way.RANGE:
        hint = f"{between} It pays 1 a share inside, and less toward the next outcomes outside."
        first = live_number(f"From, {unit}", "low", CHANGED, between, has_focus=True)
        return [first, live_number(f"To, {unit}", "range", CHANGED, hint)]
    return [_outcome_input(form)] if form.way == Way.OUTCOME else []


def _outcome_input(form: Form) -> InputBlock:
    offer = form.offer
    choices = [
        Option(
            PlainText(fit(words.side(name, offer.unit), CHOICE_MOST)),
            f"{offer.market_id}:{number}",
            PlainText(f"priced at {words.part(price, 1)}"),
        )
        for number, (name, price) in enumerate(zip(offer.outcomes, offer.prices, strict=True))
    ]
    return live("Outcome", "outcome", StaticSelectMenu(CHANGED, choices))


def _amount_input(form: Form) -> InputBlock:
    """A quick pick can only be shown by a block that was not there before, so each has a number."""
    label = "Credits at most" if form.way == Way.ESTIMATE else "Credits"
    block = f"amount:{form.draft.picks}" if form.draft.picks else "amount"
    has_focus = form.can_be_limited
    return live_number(label, block, CHANGED, None, has_focus=has_focus, placeholder="25", initial=form.typed)


def _limit(form: Form) -> list[Block]:
    """A price of one's own, and until when to wait for it."""
    asked = Option(PlainText("Only at a price that I name"), "limited")
    box = CheckboxGroup(CHANGED, [asked])
    limited = live("Price", "limited", box, is_optional=True)
    if not form.is_limited:
        return [limited]
    side = "less" if form.way == Way.FIRST else "more"
    label = f"Only while it is priced at this or {side}, {words.unit_name(form.offer.unit)}"
    hint = "What cannot be had at that price waits for it, with the credits that it needs."
    price = live_number(label, "price", CHANGED, hint)
    until = DateTimePicker(CHANGED)
    closes_at = datetime.fromtimestamp(form.offer.closes_at, tz=UTC)
    expiry = f"Left empty, it waits until trading closes ({closes_at:%d %b %Y %H:%M} UTC)."
    return [limited, price, live("Wait until", "expires_at", until, expiry, is_optional=True)]
