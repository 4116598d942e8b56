"""Opening a decision, in three steps laid over each other: the question, the metric, the terms."""

import json
from datetime import datetime, timedelta
from typing import Any

from slackblocks import (
    Block,
    ChannelSelectMenu,
    ModalView,
    PlainText,
    PlainTextInput,
    UserMultiSelectMenu,
    UserSelectMenu,
)

from bot import words
from bot.blocks import modal
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import inputs
from core import units
from core.errors import InsufficientFunds, Invalid, NotAllowed
from core.exchange import board, opening
from core.exchange.opening import BaseRate, DecisionPlan, Definition, MeasurePlan, MetricPlan, Opened
from core.exchange.plans import DECIDERS_MOST, OPTIONS_MOST

QUESTION_VIEW, METRIC_VIEW, TERMS_VIEW = "new_question", "new_metric", "new_terms"
OPTION_MOST = 75
DAYS_AHEAD = {"closes_at": 7, "decide_by": 9, "freezes_at": 37}  # Until somebody chooses other dates.
WORDING_MOST = 1000  # What one step passes to the next has to fit into a view's 3,000 characters.


async def open_modal(ask: Ask) -> Answer:
    """The first step, for admins; whoever else asks is told so before they type."""
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("open", "admins_only", tuple(await ask.read(board.admins)))
    await ask.open(_question_view(ask.text.partition(" ")[2].strip()[:300]))
    return ACK


async def submit_question(ask: Ask) -> Answer:
    typed = ask.typed
    options = [line.strip() for line in inputs.text(typed, "options").splitlines() if line.strip()]
    said = {
        "question": inputs.text(typed, "question"),
        "options": options,
        "deciders": typed["deciders"]["selected_users"],
    }
    opening.check_question(said["question"], options, said["deciders"])
    return push(_metric_view(said))


async def submit_metric(ask: Ask) -> Answer:
    said = json.loads(ask.view["private_metadata"])
    typed = ask.typed
    said |= {
        name: inputs.text(typed, name)
        for name in ("metric_name", "metric_unit", "low", "high", "metric_wording")
    }
    said["base_rates"] = [inputs.text(typed, f"base_rate_{n}") for n, _ in enumerate(said["options"], 1)]
    said["metric_owner"] = typed["metric_owner"]["selected_user"]
    opening.check_measures([_measure(ask, said)], len(said["options"]))
    metadata = json.dumps(said, ensure_ascii=False)
    if len(metadata) > 3000:
        raise Invalid("metric_wording", "too_long", said["metric_wording"][:20], str(WORDING_MOST // 2))
    return push(_terms_view(metadata, ask.now))


async def submit_terms(ask: Ask) -> Answer:
    said = json.loads(ask.view["private_metadata"])
    try:
        opened: Opened = await ask.write(opening.open_decision, ask.by, _plan(ask, said), key=ask.view["id"])
    except InsufficientFunds as short:
        there = (
            f"The pool has {words.credits(short.available)}. Lower it, or `/futarchy grant pool 1000 budget`."
        )
        return {"response_action": "errors", "errors": {"subsidy": there}}
    return update(_opened_view(opened, said))


def _plan(ask: Ask, said: dict[str, Any]) -> DecisionPlan:
    typed = ask.typed
    return DecisionPlan(
        question=said["question"],
        options=tuple(said["options"]),
        deciders=tuple(ask.address(user) for user in said["deciders"]),
        measures=(_measure(ask, said),),
        closes_at=inputs.time(typed, "closes_at"),
        decide_by=inputs.time(typed, "decide_by"),
        freezes_at=inputs.time(typed, "freezes_at"),
        record_challenge_seconds=_seconds(typed, "record_challenge_seconds"),
        reading_challenge_seconds=_seconds(typed, "reading_challenge_seconds"),
        subsidy=units.parse(inputs.text(typed, "subsidy"), "subsidy"),
        public_address=ask.address(ask.exchange.markets_channel),
        committee_address=ask.address(typed["committee"]["selected_channel"]),
    )


def _measure(ask: Ask, said: dict[str, Any]) -> MeasurePlan:
    """One metric for all options, and a base rate for each."""
    low, high = units.parse(said["low"], "low"), units.parse(said["high"], "high")
    metric = Definition(said["metric_name"], said["metric_unit"], low, high, said["metric_wording"])
    rates = [units.parse(text, f"base_rate_{n}") for n, text in enumerate(said["base_rates"], 1)]
    owner = ask.address(said["metric_owner"])
    return MeasurePlan((MetricPlan(metric, owner),), tuple(BaseRate(rate) for rate in rates))


def _seconds(typed: Any, block: str) -> int:
    return units.parse(inputs.text(typed, block), block) * 3600 // units.MICRO


def _question_view(question: str) -> ModalView:
    blocks: list[Block] = [
        inputs.labelled(
            "question",
            "Question",
            PlainTextInput("question", question or None, max_length=300),
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


def _metric_view(said: dict[str, Any]) -> ModalView:
    blocks: list[Block] = [
        inputs.labelled(
            "metric_name",
            "Metric",
            PlainTextInput("metric_name", max_length=75),
            "What should be better or worse.",
        ),
        inputs.labelled(
            "metric_unit",
            "Unit",
            PlainTextInput("metric_unit", max_length=20),
            "For example points, %, days.",
        ),
        inputs.labelled("low", "Lowest value", inputs.number("low"), "A lower value counts as this one."),
        inputs.labelled("high", "Highest value", inputs.number("high"), "A higher value counts as this one."),
        inputs.labelled(
            "metric_wording",
            "Exact wording",
            PlainTextInput("metric_wording", multiline=True, max_length=WORDING_MOST),
            "What is measured, by whom, from which source, on which day.",
        ),
    ]
    for n, name in enumerate(said["options"], 1):
        hint = "The value you would expect if it is chosen; prices open there."
        blocks.append(
            inputs.labelled(f"base_rate_{n}", f"Base rate: {name}", inputs.number(f"base_rate_{n}"), hint)
        )
    owner = UserSelectMenu("metric_owner", placeholder=PlainText("Person"))
    blocks.append(
        inputs.labelled("metric_owner", "Metric owner", owner, "Files the reading, and may not trade it.")
    )
    return _step("New decision: 2 of 3", blocks, "Next", METRIC_VIEW, json.dumps(said, ensure_ascii=False))


def _terms_view(metadata: str, now: datetime) -> ModalView:
    hour = now.replace(minute=0, second=0, microsecond=0)
    blocks: list[Block] = [
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
        inputs.labelled(
            "subsidy",
            "Subsidy, credits",
            inputs.number("subsidy", "500"),
            "The most the pool can lose on it.",
        ),
        inputs.labelled(
            "committee", "Committee channel", ChannelSelectMenu("committee"), "Gets the reports."
        ),
    ]
    return _step("New decision: 3 of 3", blocks, "Open decision", TERMS_VIEW, metadata)


def _opened_view(opened: Opened, said: dict[str, Any]) -> ModalView:
    text = (
        f":white_check_mark: *{opened.name}* is open: {words.escape(said['question'])}\n"
        f"{words.credits(opened.reserve)} of the pool back its markets. Its card is on its way to both channels."
    )
    return done("Opened", text)


def _step(title: str, blocks: list[Block], submit: str, callback_id: str, metadata: str) -> ModalView:
    close = "Cancel" if callback_id == QUESTION_VIEW else "Back"
    return modal(title, blocks, submit, callback_id, metadata, close=close)
