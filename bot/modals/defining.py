"""A metric's definition, with every version that there was; and the form by which its owner or an admin proposes another."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from slackblocks import Block, Button, ModalView, PlainText, PlainTextInput, UserSelectMenu

from bot import words
from bot.blocks import actions, button, modal, sections
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import detailing, inputs
from bot.modals.measuring import WORDING_MOST
from bot.reports import defined
from core.errors import NotOpen
from core.exchange import board, defining, questions
from core.exchange.board import Row
from core.exchange.defining import Defined, Definition
from core.exchange.questions import AskedRow

VIEW, OPEN = "define", "definition"
NAME_MOST, REASON_MOST = 150, 1000
SHOWN_MOST = 20  # A view takes a hundred blocks, and each metric several.


async def open_modal(ask: Ask) -> Answer:
    """Of a decision all metrics, of a question its own: ``D-1``, ``M-3``."""
    await show(ask, ask.action["value"])
    return ACK


async def show(ask: Ask, name: str) -> None:
    kind, _, number = name.rpartition("-")
    found = await ask.read(_all, ask.by, kind, int(number), ask.now)
    await ask.open(_view(name, found))


def _all(connection: Any, by: str, kind: str, number: int, now: Any) -> list[Defined]:
    """As of one moment."""
    if kind == "M":
        asked: AskedRow = questions.row(connection, by, number, now)
        return [defining.versions(connection, by, asked.report.metric_id)]
    row: Row = board.row(connection, by, number, now)
    return [defining.versions(connection, by, each) for each in list(row.metrics)[:SHOWN_MOST]]


def _view(name: str, found: Iterable[Defined]) -> ModalView:
    blocks = [
        block
        for each in found
        for block in (
            *sections(defined.lines(each), f"definition_{each.metric_id}"),
            *actions(f"defining_{each.metric_id}", _buttons(each)),
        )
    ]
    return ModalView(PlainText(f"Definition {name}"), blocks, close=PlainText("Close"))


def _buttons(of: Defined) -> list[Button]:
    """For whoever may press them; core checks all the same."""
    about, metric = of.metric_id, of.in_force.definition.name
    change = button("Change it", f"define:{about}", about, f"Change how {metric} is defined")
    source = button("Source", f"source:{about}", about, f"From where {metric} is read")
    look = button("Look at the change", f"definition_change:{about}", about, f"The change of {metric}")
    return [
        *([look] if of.proposed else []),
        *([change] if of.may_propose else []),
        *([source] if of.may_set_source else []),
    ]


async def open_form(ask: Ask) -> Answer:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    metric_id = int(ask.action["value"])
    found: Defined = await ask.read(defining.versions, ask.by, metric_id)
    if not found.may_propose:
        state = "change_waits" if found.proposed else "defined_for_good"
        raise NotOpen("metric", found.in_force.definition.name, state)
    await ask.open(_form(found))
    return ACK


async def submit(ask: Ask) -> Answer:
    metric_id, typed = int(ask.view["private_metadata"]), ask.typed
    found: Defined = await ask.read(defining.versions, ask.by, metric_id)
    changed = _typed(found.in_force.definition, typed)
    owner = ask.address(typed["metric_owner"]["selected_user"])
    reason = inputs.text(typed, "reason")
    await ask.write(defining.propose, ask.by, metric_id, changed, owner, reason)
    text = (
        ":white_check_mark: Proposed. Nothing has changed yet: another admin or a decider has to approve it, "
        "and they are asked now. Once it takes effect it is told in public."
    )
    return update(done("Proposed", text))


def _typed(before: Definition, typed: inputs.Typed) -> Definition:
    """Raises Invalid."""
    return replace(
        before,
        name=inputs.text(typed, "metric_name"),
        wording=inputs.text(typed, "metric_wording"),
        **detailing.typed(detailing.texts(typed)),
    )


def _form(of: Defined) -> ModalView:
    """What shares pay by stands above, and stays."""
    said = of.in_force.definition
    texts = {f"metric_{name}": getattr(said, name) for name in ("source", "measured_over", "void_if")}
    texts["decimals"] = "" if said.decimals is None else words.plain(said.decimals * 1_000_000)
    owner = UserSelectMenu("metric_owner", initial_user=of.in_force.owner.rpartition("/")[2])
    blocks: list[Block] = [
        *sections(
            [
                (
                    "Unit and range stay as they were at opening: shares are paid by them. "
                    "Somebody else has to approve what you change here, and everybody is told, word by word."
                )
            ],
            "fixed",
        ),
        _text("metric_name", "Name", said.name, NAME_MOST, "As reports call it."),
        _text(
            "metric_wording", "Exact wording", said.wording, _wording_most(said), "What is measured, by whom."
        ),
        *detailing.inputs_of(texts),
        inputs.labelled("metric_owner", "Owner", owner, "Files the reading, and may not trade it."),
        _text("reason", "Why", "", REASON_MOST, "Everybody will read it, with your name."),
    ]
    return modal("Change a definition", blocks, "Propose it", VIEW, str(of.metric_id))


def _wording_most(said: Definition) -> int:
    """What was opened by other means may be longer than a form would let it be."""
    return max(WORDING_MOST, len(said.wording))


def _text(name: str, label: str, text: str, most: int, hint: str) -> Block:
    element = PlainTextInput(name, text or None, multiline=most >= REASON_MOST, max_length=most)
    return inputs.labelled(name, label, element, hint)
