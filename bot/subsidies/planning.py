"""What the policy would do with a portfolio now, as a table and with reasons; and doing it, after a look at what it costs."""

import json
from collections.abc import Iterator, Sequence

from slackblocks import Block, Button, HeaderBlock, ModalView, RawText, TableBlock

from bot import words
from bot.blocks import actions, context, fit, modal, section, sections
from bot.commands.pieces import Pieces
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.reports.message import Message
from bot.subsidies import acts, overview, reasons
from bot.subsidies.screen import Screen
from core.exchange import allocating
from core.exchange.allocating import Applied, Proposal, Row
from core.exchange.portfolios import PortfolioFacts

APPLY_VIEW = "apply_plan"
TABLE_MOST, REASONS_MOST, DETAILED_MOST, NAMED_MOST = 40, 15, 40, 10  # Of rows, in what Slack takes.
QUESTION_MOST = 60


async def show(ask: Ask, facts: PortfolioFacts, _: Pieces) -> Screen:
    """Nothing is changed by looking."""
    found: Proposal = await ask.read(allocating.plan, ask.by, facts.id, ask.now)
    return Screen(f"Plan of {facts.name}"[:24], _message(found), tuple(_detailed(found)))


async def review(ask: Ask, facts: PortfolioFacts, pieces: Pieces) -> Answer:
    """What applying it costs; it is applied as it is shown here, or not at all."""
    found: Proposal = await ask.read(allocating.plan, ask.by, facts.id, ask.now)
    if not found.adds:
        return _nothing(found)
    await ask.open(_confirm_view(found, pieces.reason))
    return ACK


async def apply(ask: Ask) -> Answer:
    portfolio_id, digest = json.loads(ask.view["private_metadata"])
    reason, key = inputs.text(ask.typed, "reason"), str(ask.view["id"])
    made: Applied = await ask.write(allocating.apply, ask.by, portfolio_id, digest, reason, key=key)
    said = (
        f":white_check_mark: At most {words.credits(made.adds)} more of *{words.escape(made.portfolio)}* will be reserved, "
        f"for {words.enumerated([*made.decisions])}. It is added a little at a time, while prices are calm."
    )
    return update(done("Applied", said))


def _message(found: Proposal) -> Message:
    """The table, and under it each reason."""
    said = f"{_headline(found)} Nothing is changed yet."
    shown = _ranked(found)
    lines = [f"• *{each.name}: {_question(each)}* {_reason(each)}" for each in shown]
    left = len(lines) - REASONS_MOST
    more = [f"… and {words.count(left, 'more')} behind *Row by row*."] if left > 0 else []
    blocks: list[Block] = [
        HeaderBlock(fit(f"Plan of {found.name}", 150), block_id="header"),
        section("\n".join([said, *_budgets(found)]), "headline"),
        *([_table(shown)] if shown else []),
        *sections([*lines[:REASONS_MOST], *more], "reasons"),
        *actions("actions", [*_apply(found), overview.do("Row by row", f"plan P-{found.portfolio_id}")]),
        context(_footer(found), "footer"),
    ]
    return Message(said, tuple(blocks))


def _detailed(found: Proposal) -> Iterator[Block]:
    """Where no table may stand: row by row, with what the plan takes for known of each, and what can be done about it."""
    yield section("\n".join([f"{_headline(found)} Nothing is changed yet.", *_budgets(found)]), "headline")
    yield from actions("actions", _apply(found))
    for row in _ranked(found)[:DETAILED_MOST]:
        lines = [f"*{row.name}: {_question(row)}*", _reason(row)]
        yield from sections([*lines, *reasons.details(row)], f"row_{row.name}")
        yield from actions(f"row_actions_{row.name}", _on(row))
    yield context(_footer(found), "footer")


def _on(row: Row) -> list[Button]:
    stakes = overview.do("Set the stake", f"set {row.name}", f"Set the stake of {row.name}")
    take = overview.do("Take liquidity out", f"withdraw {row.name}", f"Take liquidity out of {row.name}")
    return [*([stakes] if row.prior else []), take]


def _apply(found: Proposal) -> list[Button]:
    return [overview.do("Apply", f"apply P-{found.portfolio_id}", is_first=True)] if found.adds else []


def _ranked(found: Proposal) -> list[Row]:
    """What gets most stands first."""
    return sorted(found.rows, key=lambda row: -row.adds)


def _headline(found: Proposal) -> str:
    if not found.rows:
        return f"*{words.escape(found.name)}* backs nothing yet, so there is nothing to plan."
    if not found.adds:
        return f"The policy would add nothing to what *{words.escape(found.name)}* backs now."
    number = words.count(sum(1 for row in found.rows if row.adds), "decision")
    return (
        f"The policy would reserve at most *{words.credits(found.adds)}* more of *{words.escape(found.name)}*, "
        f"for {number}."
    )


def _budgets(found: Proposal) -> list[str]:
    left = (
        "" if found.spend_left is None else f", of {words.credits(found.spend_left)} that it may still lose"
    )
    then, free = words.number(found.reserved + found.adds), words.limit(max(0, found.free - found.adds))
    return [
        f"Reserved then: {then} of {words.credits(found.budget)} that it could reserve, with what still drips in; {free} stay free.",
        f"As priced today, what it backs loses {words.credits(found.losing)}.",
        f"Expected to be lost beyond that, while traders learn: {words.credits(found.expects)}{left}.",
    ]


def _table(rows: Sequence[Row]) -> TableBlock:
    """Credits, so that a phone shows all columns."""
    heading = ["For", "Reserved", "Worth", "Learned"]
    found = [heading, *(_cells(row) for row in rows[:TABLE_MOST])]
    return TableBlock([[RawText(cell) for cell in row] for row in found], block_id="table")


def _cells(row: Row) -> list[str]:
    learned = (
        "-" if row.prior is None else f"{words.part(row.prior.learned)} → {words.part(row.prior.learns)}"
    )
    adds = f" + {words.whole(row.adds)}" if row.adds else ""
    worth = words.whole(row.worth) if row.worth else "-"
    return [row.name, f"{words.whole(row.reserved)}{adds}", worth, learned]


def _reason(row: Row) -> str:
    said = words.escape(reasons.reason(row))
    return f"{said[:1].upper()}{said[1:]}."


def _question(row: Row) -> str:
    return words.escape(fit(row.question, QUESTION_MOST))


def _footer(found: Proposal) -> str:
    return (
        f"Worth and learned: what a decision gains by its stake, and the part of what is uncertain that traders are expected "
        f"to find out. A nat is taken to cost {words.credits(found.beta)}, a look at a market {words.credits(found.attention)} "
        f"· as of {words.moment(found.at)}"
    )


def _nothing(found: Proposal) -> Answer:
    return Message(_headline(found), (section(_headline(found), "nothing"),)).answer()


_FOLLOWS = (
    "Liquidity is added a little at a time, at times that nobody knows, while prices are calm; it can be taken back, but for "
    "what backs shares by then. If prices, budgets or stakes change before you press, nothing is done."
)


def _confirm_view(found: Proposal, reason: str) -> ModalView:
    funded = [row for row in _ranked(found) if row.adds]
    lines = [f"• {row.name}: at most {words.credits(row.adds)} more" for row in funded[:NAMED_MOST]]
    if (left := len(funded) - NAMED_MOST) > 0:
        lines.append(f"• and {words.count(left, 'more decision')}")
    text = [
        f"You are about to reserve at most *{words.credits(found.adds)}* more of *{words.escape(found.name)}*:",
        *lines,
        "",
        *_budgets(found),
        _FOLLOWS,
    ]
    kept = json.dumps([found.portfolio_id, found.digest])
    blocks = [*sections(text, "consequence"), acts.why(reason)]
    return modal("Apply the plan", blocks, "Apply it", APPLY_VIEW, kept)
