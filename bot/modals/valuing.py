"""Valuing: a decider votes what one unit of each metric is worth, in units of the first."""

from collections.abc import Iterator, Sequence

from slackblocks import Block, InputBlock, ModalView, Option, PlainText, RadioButtonGroup

from bot import words
from bot.blocks import fit, modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.modals.inputs import Typed
from core import units
from core.errors import NotAllowed, NotOpen
from core.exchange import board, valuing
from core.exchange.board import Row
from core.exchange.reporting import Measure
from core.units import MICRO

VIEW = "ballot"
LABEL_MOST, HINT_MOST = 150, 150
_BETTER = {MICRO: "Better", -MICRO: "Worse"}


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it, or comes too late, is told so before they type; core checks it all the same."""
    if not row.standing.is_decider:
        raise NotAllowed("value", "deciders_only", row.deciders)
    if len(row.report.measures) == 1:
        raise NotOpen("decision", words.decision(row.decision_id), "one_measure")
    if row.duties.ballots != board.OPEN:
        raise NotOpen("decision", words.decision(row.decision_id), "ballots_closed")
    await ask.open(_view(row, await ask.read(valuing.mine, ask.by, row.decision_id)))


async def submit(ask: Ask) -> Answer:
    decision_id = int(ask.view["private_metadata"])
    await ask.write(valuing.cast, ask.by, decision_id, _weights(ask.typed))
    text = (
        ":white_check_mark: Cast. Nobody sees it while ballots are open, you can change it until they close, and it is never "
        "told by name."
    )
    return update(done("Ballot cast", text))


def _view(row: Row, mine: Sequence[int]) -> ModalView:
    first, *others = row.report.measures
    said = (
        f"*{words.escape(row.question)}*\nSay what counts for you, in {words.escape(words.apart(first.unit))} of "
        f"{words.escape(first.metric)}. Each metric is weighed by the median of all ballots; nobody's is told by name."
    )
    blocks: list[Block] = [section(said, "about"), _direction(first, mine), *_worths(first, others, mine)]
    name = words.decision(row.decision_id)
    return modal(f"Vote on values {name}", blocks, "Cast it", VIEW, str(row.decision_id))


def _direction(first: Measure, mine: Sequence[int]) -> InputBlock:
    choices = {weight: Option(PlainText(said), str(weight)) for weight, said in _BETTER.items()}
    radio = RadioButtonGroup(
        f"worth_{first.number}", list(choices.values()), choices[mine[0]] if mine else None
    )
    label = fit(f"Is more of {first.metric} better or worse?", LABEL_MOST)
    return InputBlock(PlainText(label), radio, block_id=f"worth_{first.number}")


def _worths(first: Measure, others: Sequence[Measure], mine: Sequence[int]) -> Iterator[InputBlock]:
    """In the order of the measures, as core takes them."""
    hint = fit(f"So many {words.apart(first.unit)} of {first.metric}, for the better.", HINT_MOST - 60)
    for index, measure in enumerate(others, 1):
        block = f"worth_{measure.number}"
        label = f"{fit(measure.metric, LABEL_MOST - 60)}: {words.one(measure.unit)} more is worth"
        initial = words.plain(mine[index]) if mine else None
        below = "Below 0 if more is worse, 0 if it does not matter."
        yield inputs.labelled(block, label, inputs.number(block, initial), f"{hint} {below}")


def _weights(typed: Typed) -> tuple[int, ...]:
    first, *others = [block for block in typed if block.startswith("worth_")]
    direction = int(typed[first]["selected_option"]["value"])
    return (direction, *(units.parse(inputs.text(typed, block), block) for block in others))
