"""Declaring: a decider says how likely each option is and what they expect of each metric, before they see others say it."""

from collections.abc import Iterator, Sequence

from slackblocks import Block, HeaderBlock, InputBlock, ModalView, NumberInput, PlainText

from bot import words
from bot.blocks import fit, modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.modals.inputs import Typed
from core import units
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import board, declaring
from core.exchange.board import Row
from core.exchange.declaring import Declaration, Mine
from core.exchange.reporting import Measure
from core.units import MICRO

VIEW = "declaration"
LABEL_MOST = 150


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it, or comes too late, is told so before they type; core checks it all the same."""
    if not row.standing.is_decider:
        raise NotAllowed("declare", "deciders_only", row.deciders)
    if row.state != "open":
        raise NotOpen("decision", words.decision(row.decision_id), row.state)
    mine: Mine = await ask.read(declaring.mine, ask.by, row.decision_id)
    await ask.open(_view(row, mine))


async def submit(ask: Ask) -> Answer:
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    await ask.write(declaring.declare, ask.by, row.decision_id, _declaration(ask.typed, row.report.measures))
    closes = words.moment(row.closes_at)
    text = f":white_check_mark: Sealed. Nobody sees it before trading closes {closes}; you can change it until then."
    return update(done("Declared", text))


def _view(row: Row, mine: Mine) -> ModalView:
    """What the market says is not shown, so that it is not said again."""
    closes = words.moment(row.closes_at)
    sealed = f"Sealed until trading closes {closes}; you can change it until then. After that it is in the report, with your name."
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\n{sealed}", "about"),
        *([] if row.report.measures[0].is_drawn else _chances(row, mine)),
        *(block for measure in row.report.measures for block in _forecasts(measure, mine)),
    ]
    return modal(f"Declare {words.decision(row.decision_id)}", blocks, "Seal it", VIEW, str(row.decision_id))


def _chances(row: Row, mine: Mine) -> Iterator[Block]:
    """Not asked where a lottery always decides: they are fixed, and nobody chooses."""
    by = ", if people decide and not the lottery" if row.report.lottery else ""
    yield HeaderBlock("How likely is each?", block_id="chances")
    yield section(f"In whole percents{by}. With the chance of none of them, they sum to 100.", "percents")
    for line in row.report.measures[0].options:
        yield _percent(f"chance_{line.number}", line.name, mine.chances.get(line.number))
    hint = PlainText("Withdrawn, or not decided in time. Leave it empty if that will not happen.")
    yield _percent("chance_none", "None of them", mine.none, hint)


def _percent(block: str, label: str, chance: int | None, hint: PlainText | None = None) -> InputBlock:
    """Optional where a hint says what it means to leave it empty."""
    initial = None if chance is None else str(chance)
    element = NumberInput(is_decimal_allowed=False, action_id=block, initial_value=initial)
    return InputBlock(PlainText(f"{label}, %"), element, block_id=block, hint=hint, optional=hint is not None)


def _forecasts(measure: Measure, mine: Mine) -> Iterator[Block]:
    unit = words.unit_name(measure.unit)
    low, high = (words.exact_value(end, "") for end in (measure.low, measure.high))
    heading = fit(f"What do you expect: {measure.metric}?", LABEL_MOST)
    how = "drawn" if measure.is_drawn else "chosen"
    said = f"Your mean if it is {how}, from {low} to {high}, in {words.escape(unit)}."
    yield HeaderBlock(heading, block_id=f"of_{measure.number}")
    yield section(said, f"range_{measure.number}")
    is_mixed = len({line.metric_id for line in measure.options}) > 1
    for line in measure.options:
        block, before = f"forecast_{measure.number}_{line.number}", mine.forecasts.get(line.market_id)
        label = f"{line.metric} if {line.name}" if is_mixed else f"If {line.name}"
        element = inputs.number(block, None if before is None else words.plain(before))
        yield InputBlock(PlainText(f"{fit(label, LABEL_MOST - 40)}, {unit}"), element, block_id=block)


def _declaration(typed: Typed, measures: Sequence[Measure]) -> Declaration:
    """As many numbers as the form has: core says so if an option was added since."""
    chances = [block for block in typed if block.startswith("chance_") and block != "chance_none"]
    return Declaration(
        chances=tuple(_whole(typed, block) for block in chances),
        none=_whole(typed, "chance_none") if chances and inputs.text(typed, "chance_none") else 0,
        forecasts=tuple(
            tuple(
                units.parse(inputs.text(typed, block), block)
                for block in typed
                if block.startswith(f"forecast_{measure.number}_")
            )
            for measure in measures
        ),
    )


def _whole(typed: Typed, block: str) -> int:
    micro = units.parse(inputs.text(typed, block), block)
    if micro % MICRO:
        raise Invalid(block, "whole", inputs.text(typed, block))
    return micro // MICRO
