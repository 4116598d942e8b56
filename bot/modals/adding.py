"""Adding an option to an open decision: its name and base rates, and what that means for those who are in it already."""

from collections.abc import Iterator, Sequence

from slackblocks import Block, ModalView, PlainText, PlainTextInput, UserSelectMenu

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs, opening
from bot.modals.inputs import Typed
from bot.modals.measuring import WORDING_MOST
from bot.reports import priced
from bot.subsidies import paying
from core import units
from core.errors import InsufficientFunds, NotOpen, OverBudget, OverSpent
from core.exchange import adding, board
from core.exchange.adding import AddedOption, BaseRate, MetricPlan, Widening
from core.exchange.board import Row
from core.exchange.opening import Definition, Opened
from core.exchange.reporting import Measure

VIEW = "add_option"


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it, or comes too late, is told so before they type; core checks it all the same."""
    widening: Widening = await ask.read(adding.widening, ask.by, row.decision_id)
    if not row.report.is_trading:
        raise NotOpen(
            "decision", words.decision(row.decision_id), "halted" if row.report.halted_at else "closed"
        )
    await ask.open(_view(row, widening))


async def submit(ask: Ask) -> Answer:
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    try:
        opened: Opened = await ask.write(adding.add_option, ask.by, row.decision_id, _added(ask, row))
    except (InsufficientFunds, OverBudget, OverSpent) as no:
        return {"response_action": "errors", "errors": {"options": paying.unpaid(no)}}
    name, option = words.decision(row.decision_id), words.escape(inputs.text(ask.typed, "options"))
    text = (
        f":white_check_mark: *{option}* is an option of {name} now. {words.credits(opened.reserve)} back its markets. "
        "Both channels are told now."
    )
    return update(done("Added", text))


def _view(row: Row, widening: Widening) -> ModalView:
    name = PlainTextInput("option", max_length=opening.OPTION_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\n{_consequence(widening)}", "consequence"),
        inputs.labelled("options", "New option", name, "Its name, as short as those of the others."),
        *(block for measure in row.report.measures for block in _of_measure(measure)),
    ]
    return modal(
        f"Add to {words.decision(row.decision_id)}", blocks, "Add the option", VIEW, str(row.decision_id)
    )


def _consequence(widening: Widening) -> str:
    if not widening.people:
        who = "• Nobody has put anything into this decision yet."
    else:
        put = words.credits(widening.put)
        who = (
            f"• {words.people(widening.people)} put {put} into this decision. That backs their view on the new option "
            "too; nobody's balance changes, and nobody's shares."
        )
    return (
        f"{who}\n• It trades at once, with as much liquidity as each of the others; what that takes and is not backed "
        "already comes out of the portfolio that backs it.\n• It cannot be taken away again. Chart and report say since when it is there."
    )


def _of_measure(measure: Measure) -> Iterator[Block]:
    """A base rate; where options have metrics of their own, its own; in ranges, how uncertain that is."""
    number, unit = measure.number, words.unit_name(measure.unit)
    if _has_own(measure):
        name, wording = (
            PlainTextInput("name", max_length=75),
            PlainTextInput("wording", multiline=True, max_length=WORDING_MOST),
        )
        owner = UserSelectMenu("owner", placeholder=PlainText("Person"))
        others = f"The others have {words.enumerated([line.metric for line in measure.options])}, in {unit}."
        yield inputs.labelled(f"metric_name_{number}", "Its own metric", name, others[:150])
        yield inputs.labelled(
            f"metric_wording_{number}", "Exact wording", wording, "What is measured, from which source, when."
        )
        yield inputs.labelled(
            f"owner_{number}", "Metric owner", owner, "Files the reading, and may not trade it."
        )
    label = f"Base rate: {'its own metric' if _has_own(measure) else measure.metric}, {unit}"
    rate = inputs.number(f"rate_{number}")
    yield inputs.labelled(f"base_rate_{number}", label[:150], rate, f"Priced now: {_others(measure)}."[:150])
    if _in_ranges(measure):
        sure = "Two times in three the value is no further from the base rate than this."
        yield inputs.labelled(
            f"base_rate_{number}_sd", "How uncertain that is", inputs.number(f"sd_{number}"), sure
        )


def _others(measure: Measure) -> str:
    facts = {"unit": measure.unit, "low": measure.low, "high": measure.high}
    return ", ".join(f"{line.name} {priced.value(facts, line.expected)}" for line in measure.options)


def _has_own(measure: Measure) -> bool:
    return len({line.metric_id for line in measure.options}) > 1


def _in_ranges(measure: Measure) -> bool:
    return len(measure.options[0].outcomes) > 2


def _added(ask: Ask, row: Row) -> AddedOption:
    measures = row.report.measures
    rates = tuple(_rate(ask.typed, measure) for measure in measures)
    return AddedOption(inputs.text(ask.typed, "options"), rates, _metrics(ask, row, measures))


def _rate(typed: Typed, measure: Measure) -> BaseRate:
    block = f"base_rate_{measure.number}"
    value = units.parse(inputs.text(typed, block), block)
    sd = f"{block}_sd"
    return BaseRate(value, units.parse(inputs.text(typed, sd), sd) if sd in typed else 0)


def _metrics(ask: Ask, row: Row, measures: Sequence[Measure]) -> tuple[MetricPlan | None, ...]:
    """Its own metric has the range and the outcomes of the first option's."""
    found: list[MetricPlan | None] = []
    for measure in measures:
        if not _has_own(measure):
            found.append(None)
            continue
        first, number = measure.options[0], measure.number
        beside = row.metrics[first.metric_id].definition
        name, wording = (inputs.text(ask.typed, f"metric_{each}_{number}") for each in ("name", "wording"))
        centres = tuple(units.parse(each) for each in first.outcomes) if _in_ranges(measure) else ()
        owner = ask.address(ask.typed[f"owner_{number}"]["selected_user"])
        found.append(
            MetricPlan(Definition(name, beside.unit, beside.low, beside.high, wording), owner, centres)
        )
    return tuple(found)
