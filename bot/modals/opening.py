"""Opening a decision, in three steps laid over each other: the question, the metric, the terms."""

import html
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from slackblocks import (
    Block,
    ChannelSelectMenu,
    ModalView,
    PlainText,
    PlainTextInput,
    UserMultiSelectMenu,
)

from bot import channels, words
from bot.blocks import modal, rendered, sections
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import deciding, inputs, measuring
from bot.modals.measuring import Form
from bot.subsidies import paying
from core import units
from core.errors import Invalid
from core.exchange import opening
from core.exchange.opening import DecisionPlan, Opened
from core.exchange.plans import DECIDERS_MOST, MEASURES_MOST, OPTIONS_MOST
from core.exchange.portfolios import PortfolioFacts
from core.exchange.scheduling import Schedule

QUESTION_VIEW, METRIC_VIEW, TERMS_VIEW = "new_question", "new_metric", "new_terms"
QUESTION_MOST, OPTION_MOST = 300, 75
DAYS_AHEAD = {"closes_at": 7, "decide_by": 9, "freezes_at": 37}  # Until somebody chooses other dates.
METADATA_MOST = 2900  # A view takes 3,000 characters of what one step passes to the next; a step adds a few.
_PASSED = ("question", "options", "deciders")


async def open_modal(ask: Ask) -> Answer:
    """The first step, for admins who may spend a portfolio; whoever else asks is told so before they type."""
    await paying.spendable(ask)
    await ask.open(_question_view(_question(ask)[:QUESTION_MOST]))
    return ACK


def _question(ask: Ask) -> str:
    """What was typed behind the command, or what the message says that it is opened from."""
    if ask.kind != "message_action":
        return ask.text.partition(" ")[2].strip()
    text = html.unescape(re.sub(r"<(?:[^|>]*\|)?([^>]*)>", r"\1", ask.payload["message"].get("text", "")))
    return " ".join(text.split())


async def submit_question(ask: Ask) -> Answer:
    typed = ask.typed
    options = [line.strip() for line in inputs.text(typed, "options").splitlines() if line.strip()]
    said = {
        "question": inputs.text(typed, "question"),
        "options": options,
        "deciders": typed["deciders"]["selected_users"],
        "measures": [],
    }
    opening.check_question(said["question"], options, said["deciders"])
    return push(_metric_view(said, _form(said)))


async def redraw_metric(ask: Ask) -> Answer:
    """The second step for what is chosen in it."""
    said = json.loads(ask.view["private_metadata"])
    form = measuring.redrawn(_form(said), ask.typed)
    view = rendered(_metric_view(said, form))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)
    return ACK


async def submit_metric(ask: Ask) -> Answer:
    """One measure more; then the terms, or the same step again for the next."""
    said = json.loads(ask.view["private_metadata"])
    form = measuring.redrawn(_form(said), ask.typed)
    if not measuring.is_of(form, ask.typed):
        return update(_metric_view(said, form))
    measure = measuring.typed(form, ask.typed)
    measuring.check(measure, ask.address)
    passed = {name: said[name] for name in _PASSED} | {"measures": [*said["measures"], measure]}
    metadata = _metadata(passed)
    if not ask.typed["more"]["selected_options"]:
        return push(_terms_view(metadata, ask.now, await paying.spendable(ask)))
    if len(passed["measures"]) == MEASURES_MOST:
        raise Invalid("more", "measures", str(MEASURES_MOST))
    return update(_metric_view(passed, _form(passed)))


def _metadata(said: dict[str, Any]) -> str:
    """What the last step needs. Raises Invalid for the longest wording where there is no room for it all."""
    metadata = json.dumps(said, ensure_ascii=False)
    if (over := len(metadata) - METADATA_MOST) <= 0:
        return metadata
    wordings = said["measures"][-1]["wordings"]
    longest = max(wordings, key=len)
    place = f"metric_wording_{wordings.index(longest) + 1}" if len(wordings) > 1 else "metric_wording"
    raise Invalid(place, "too_long", longest[:20], str(max(0, len(longest) - over)))


def _form(said: dict[str, Any]) -> Form:
    """The form of the next measure, as far as the metadata says; who reads the last one may well read this one."""
    before = said["measures"]
    owner = before[-1]["owner"] if before else None
    return Form(said["options"], len(before) + 1, said.get("shape", ()), said.get("texts", {}), owner)


async def redraw_terms(ask: Ask) -> Answer:
    """The last step for how it is decided."""
    view = rendered(await _terms_of(ask))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)
    return ACK


async def submit_terms(ask: Ask) -> Answer:
    payer = paying.chosen(await paying.spendable(ask), ask.typed)
    if payer is None or not deciding.is_of(ask.typed):
        return update(await _terms_of(ask))
    said = json.loads(ask.view["private_metadata"])
    await channels.require_member(ask, ask.typed["committee"]["selected_channel"], "committee")
    try:
        plan = _plan(ask, said, payer.id)
        opened: Opened = await ask.write(opening.open_decision, ask.by, plan, key=ask.view["id"])
    except paying.UNPAID as no:
        return {"response_action": "errors", "errors": {"subsidy": paying.unpaid(no)}}
    return update(_opened_view(opened, said, payer.name))


def _plan(ask: Ask, said: dict[str, Any], portfolio: int) -> DecisionPlan:
    typed = ask.typed
    return DecisionPlan(
        question=said["question"],
        options=tuple(said["options"]),
        deciders=tuple(ask.address(user) for user in said["deciders"]),
        measures=tuple(measuring.plan(measure, ask.address) for measure in said["measures"]),
        closes_at=inputs.time(typed, "closes_at"),
        decide_by=inputs.time(typed, "decide_by"),
        freezes_at=inputs.time(typed, "freezes_at"),
        record_challenge_seconds=_seconds(typed, "record_challenge_seconds"),
        reading_challenge_seconds=_seconds(typed, "reading_challenge_seconds"),
        subsidy=units.parse(inputs.text(typed, "subsidy"), "subsidy"),
        public_address=ask.address(ask.exchange.markets_channel),
        committee_address=ask.address(typed["committee"]["selected_channel"]),
        reports=Schedule.usual_in(ask.zone),
        lottery=deciding.plan(typed, len(said["options"])),
        portfolio=portfolio,
    )


def _seconds(typed: Any, block: str) -> int:
    return units.parse(inputs.text(typed, block), block) * 3600 // units.MICRO


def _question_view(question: str) -> ModalView:
    blocks: list[Block] = [
        inputs.labelled(
            "question",
            "Question",
            PlainTextInput("question", question or None, max_length=QUESTION_MOST),
            "One sentence.",
        ),
        inputs.labelled(
            "options",
            "Options, one a line",
            PlainTextInput("options", multiline=True, max_length=OPTIONS_MOST * (OPTION_MOST + 1)),
            "Two to eight. Exactly one of them gets chosen, or the question is withdrawn.",
        ),
        inputs.labelled(
            "deciders",
            "Who decides",
            UserMultiSelectMenu(
                "deciders", max_selected_items=DECIDERS_MOST, placeholder=PlainText("People")
            ),
            "They record the decision, and may not trade it.",
        ),
    ]
    return _step("New decision: 1 of 3", blocks, "Next", QUESTION_VIEW, "")


def _metric_view(said: dict[str, Any], form: Form) -> ModalView:
    """All that was typed waits in the metadata, as far as there is room, in case that its input goes away and comes back."""
    shown = said | {"shape": sorted(form.shape)}
    metadata = json.dumps(shown | {"texts": form.texts}, ensure_ascii=False)
    if len(metadata) > METADATA_MOST:
        metadata = json.dumps(shown, ensure_ascii=False)
    return _step("New decision: 2 of 3", measuring.blocks(form), "Next", METRIC_VIEW, metadata)


async def _terms_of(ask: Ask) -> ModalView:
    """The last step for what is chosen in it now."""
    payers, is_lottery = await paying.spendable(ask), deciding.is_lottery(ask.typed)
    return _terms_view(ask.view["private_metadata"], ask.now, payers, is_lottery=is_lottery)


def _terms_view(
    metadata: str, now: datetime, payers: Sequence[PortfolioFacts], *, is_lottery: bool = False
) -> ModalView:
    hour = now.replace(minute=0, second=0, microsecond=0)
    advice = [line for measure in json.loads(metadata)["measures"] for line in measuring.advice(measure)]
    blocks: list[Block] = [
        *sections(advice, "advice"),
        *(
            inputs.labelled(name, label, inputs.moment(name, hour + timedelta(days=DAYS_AHEAD[name])), hint)
            for name, (label, hint) in words.DATES.items()
        ),
        inputs.labelled(
            "record_challenge_seconds",
            "Challenge window of the decision, hours",
            inputs.number("record_challenge", "24"),
            "It takes effect after that.",
        ),
        inputs.labelled(
            "reading_challenge_seconds",
            "Challenge window of the reading, hours",
            inputs.number("reading_challenge", "24"),
            "Everybody is paid after that.",
        ),
        *paying.blocks(payers, "500"),
        inputs.labelled(
            "committee", "Committee channel", ChannelSelectMenu("committee"), "Gets the reports."
        ),
        *deciding.blocks(is_lottery=is_lottery),
    ]
    return _step("New decision: 3 of 3", blocks, "Open decision", TERMS_VIEW, metadata)


def _opened_view(opened: Opened, said: dict[str, Any], payer: str) -> ModalView:
    text = (
        f":white_check_mark: *{opened.name}* is open: {words.escape(said['question'])}\n"
        f"{words.credits(opened.reserve)} of *{words.escape(payer)}* back its markets. Its card is on its way to both channels."
    )
    return done("Opened", text)


def _step(title: str, blocks: list[Block], submit: str, callback_id: str, metadata: str) -> ModalView:
    close = "Cancel" if callback_id == QUESTION_VIEW else "Back"
    return modal(title, blocks, submit, callback_id, metadata, close=close)
