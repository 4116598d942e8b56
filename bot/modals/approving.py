"""A proposed change of a definition, word by word, for whoever approves it or turns it down."""

import json

from slackblocks import Block, InputBlock, ModalView, Option, PlainText, PlainTextInput, RadioButtonGroup

from bot import words
from bot.blocks import modal, sections
from bot.door import ACK, Answer, Ask, done, notice, update
from bot.modals import inputs
from bot.modals.defining import REASON_MOST
from bot.reports import defined
from core.errors import NotOpen
from core.exchange import defining
from core.exchange.defining import Defined, VersionRow

VIEW, OPEN = "approve_definition", "definition_change"
APPROVE, TURN_DOWN = "approve", "turn_down"
_CHOICES = {
    APPROVE: ("Approve it", "It takes effect at once, and is told in public"),
    TURN_DOWN: ("Turn it down", "The definition stays as it is"),
}


async def open_modal(ask: Ask) -> Answer:
    """Who may not approve it can look at it all the same."""
    found: Defined = await ask.read(defining.versions, ask.by, int(ask.action["value"]))
    if found.proposed is None:
        raise NotOpen("metric", found.in_force.definition.name, "no_change_waits")
    lines = _lines(found, found.proposed)
    if not found.may_approve:
        waits = "It waits for another admin or a decider: neither who proposed it nor the metric's owner."
        await ask.open(notice("Proposed change", *lines, waits))
    else:
        await ask.open(_view(found.metric_id, found.proposed.number, lines))
    return ACK


async def submit(ask: Ask) -> Answer:
    metric_id, number = json.loads(ask.view["private_metadata"])
    reason = inputs.text(ask.typed, "reason")
    if ask.typed["choice"]["selected_option"]["value"] == APPROVE:
        await ask.write(defining.approve, ask.by, metric_id, number)
        return update(done("Approved", ":white_check_mark: It is in force now, and told in public."))
    await ask.write(defining.turn_down, ask.by, metric_id, number, reason)
    return update(
        done("Turned down", ":white_check_mark: The definition stays. Who proposed it is told why.")
    )


def _lines(found: Defined, to: VersionRow) -> list[str]:
    before = found.in_force
    changes = {
        name: [getattr(before.definition, name), getattr(to.definition, name)]
        for name in defined.FIELDS
        if name != "owner" and getattr(before.definition, name) != getattr(to.definition, name)
    }
    if before.owner != to.owner:
        changes["owner"] = [before.owner, to.owner]
    by = words.person(to.proposed_by or "")
    return [
        f"*{words.escape(found.question)}*",
        f"{by} proposes to change how {words.escape(before.definition.name)} is defined, {words.moment(to.proposed_at)}:",
        *defined.changes(changes),
        words.quoted(to.reason),
    ]


def _view(metric_id: int, number: int, lines: list[str]) -> ModalView:
    options = [
        Option(PlainText(text), value, PlainText(follows)) for value, (text, follows) in _CHOICES.items()
    ]
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        *sections(lines, "change"),
        InputBlock(PlainText("Your word"), RadioButtonGroup("choice", options), block_id="choice"),
        inputs.labelled("reason", "Reason", reason, "Needed to turn it down.", is_optional=True),
    ]
    return modal("Proposed change", blocks, "Say so", VIEW, json.dumps([metric_id, number]))
