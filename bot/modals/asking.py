"""Asking a question that hangs on no decision: of which kind, how it is read and by whom, and what backs its market."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from slackblocks import (
    Block,
    CheckboxGroup,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    UserSelectMenu,
)

from bot import numerals, words
from bot.blocks import modal, rendered
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import detailing, inputs
from bot.modals.inputs import Typed
from bot.modals.measuring import DETAILS, SHAPES, WORDING_MOST
from bot.subsidies import paying, ranges
from core import units
from core.errors import Invalid
from core.exchange import opening
from core.exchange.opening import BaseRate, Definition, MetricPlan, Opened, QuestionPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.portfolios import PortfolioFacts

VIEW, KIND = "ask", "ask_kind"
QUESTION_MOST = 150
CLOSES_AFTER = timedelta(days=14)  # Until somebody chooses another date.
ANSWER, NUMBER, RANGES = "answer", "number", "ranges"
_KINDS = {
    ANSWER: ("Yes or no", "Its price is the chance of a yes"),
    NUMBER: ("A number", "Traded as higher or lower than it is priced"),
    RANGES: ("A number, in ranges", "Prices then also say how uncertain it is"),
}
_FIELDS = {
    "metric_name": "question",
    "metric_unit": "unit",
    "metric_wording": "wording",
    "outcomes": "centres",
    "liquidity": "subsidy",
    "reading_challenge_seconds": "challenge",
}


async def open_modal(ask: Ask) -> Answer:
    """For admins who may spend a portfolio; whoever else asks is told so before they type."""
    payers, question = await paying.spendable(ask), ask.text.partition(" ")[2].strip()
    await ask.open(_view(ANSWER, ask.now, {"question": question[:QUESTION_MOST]}, payers, has_details=False))
    return ACK


async def redraw(ask: Ask) -> Answer:
    """The form for the kind that is chosen; what is typed in inputs that go away waits in the metadata."""
    view = await _redrawn(ask)
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(view))
    return ACK


async def submit(ask: Ask) -> Answer:
    kind = _kind(ask.typed)
    payer = paying.chosen(await paying.spendable(ask), ask.typed)
    if payer is None or not _is_of(kind, ask.typed):  # It was quicker than the form for this kind.
        return update(await _redrawn(ask))
    try:
        plan = _plan(ask, kind, payer.id)
        opened: Opened = await ask.write(opening.open_question, ask.by, plan, key=ask.view["id"])
    except paying.UNPAID as no:
        return {"response_action": "errors", "errors": {"subsidy": paying.unpaid(no)}}
    except Invalid as wrong:
        raise replace(wrong, field=_FIELDS.get(wrong.field, wrong.field)) from wrong
    text = (
        f":white_check_mark: *{opened.name}* is open: {words.escape(plan.metric.name)}\n"
        f"{words.credits(opened.reserve)} of *{words.escape(payer.name)}* back it. Its card is on its way to the markets channel."
    )
    return update(done("Opened", text))


def _plan(ask: Ask, kind: str, portfolio: int) -> QuestionPlan:
    typed = ask.typed
    metric = MetricPlan(
        _definition(typed, kind), ask.address(typed["owner"]["selected_user"]), _centres(typed)
    )
    sd = units.parse(inputs.text(typed, "base_rate_sd"), "base_rate_sd") if kind == RANGES else 0
    return opening.question(
        metric,
        BaseRate(units.parse(inputs.text(typed, "base_rate"), "base_rate"), sd),
        units.parse(inputs.text(typed, "subsidy"), "subsidy"),
        inputs.time(typed, "closes_at"),
        units.parse(inputs.text(typed, "challenge"), "challenge") * 3600 // units.MICRO,
        ask.address(ask.exchange.markets_channel),
        portfolio,
    )


def _definition(typed: Typed, kind: str) -> Definition:
    question, wording = inputs.text(typed, "question"), inputs.text(typed, "wording")
    said = detailing.typed(detailing.texts(typed))
    if kind == ANSWER:
        return Definition(question, YES_OR_NO, 0, HUNDRED, wording, **said)
    low, high = (units.parse(inputs.text(typed, each), each) for each in ("low", "high"))
    return Definition(question, inputs.text(typed, "unit"), low, high, wording, **said)


def _centres(typed: Typed) -> tuple[int, ...]:
    said = inputs.text(typed, "centres") if "centres" in typed else ""
    return numerals.parse_all(said, "centres")


def _kind(typed: Typed) -> str:
    return str(typed["kind"]["selected_option"]["value"])


def _is_of(kind: str, typed: Typed) -> bool:
    shown = ("unit" in typed, "centres" in typed, "decimals" in typed)
    return shown == (kind != ANSWER, kind == RANGES, _has_details(typed))


def _has_details(typed: Typed) -> bool:
    return bool(typed["details"]["selected_options"])


async def _redrawn(ask: Ask) -> ModalView:
    """The form for what is chosen now."""
    payers, has_details = await paying.spendable(ask), _has_details(ask.typed)
    return _view(_kind(ask.typed), ask.now, _texts(ask), payers, has_details=has_details)


def _texts(ask: Ask) -> dict[str, str]:
    """All that is typed, and what was before its input went away."""
    now = {block: value for block, each in ask.typed.items() if isinstance(value := each.get("value"), str)}
    return {**json.loads(ask.view["private_metadata"]), **now}


def _view(
    kind: str, now: datetime, texts: dict[str, str], payers: Sequence[PortfolioFacts], *, has_details: bool
) -> ModalView:
    aside = {block: text for block, text in texts.items() if block in _COME_AND_GO}
    blocks: list[Block] = [
        _text(texts, "question", "Question", "One sentence that ends with a question mark.", QUESTION_MOST),
        _kind_input(kind),
        _text(
            texts,
            "wording",
            "Exact wording",
            "What counts, read by whom, from which source, on which day.",
            WORDING_MOST,
        ),
        _details_input(has_details=has_details),
        *(detailing.inputs_of(texts) if has_details else []),
        *_range(kind, texts),
        *_estimate(kind, texts),
        *_terms(now),
        *paying.blocks(payers, "100"),
    ]
    return modal("New question", blocks, "Open question", VIEW, json.dumps(aside, ensure_ascii=False))


_COME_AND_GO = {"unit", "low", "high", "centres", "base_rate_sd", ranges.OFF, *detailing.NAMES}


def _details_input(*, has_details: bool) -> Block:
    more = [Option(PlainText(text), DETAILS, PlainText(how)) for text, how in [SHAPES[DETAILS]]]
    box = CheckboxGroup(f"{KIND}:{DETAILS}", more, initial_options=more if has_details else None)
    return inputs.live("More", DETAILS, box, is_optional=True)


def _kind_input(kind: str) -> Block:
    options = {name: Option(PlainText(text), name, PlainText(how)) for name, (text, how) in _KINDS.items()}
    group = RadioButtonGroup(KIND, list(options.values()), initial_option=options[kind])
    return inputs.live("The answer is", "kind", group)


def _range(kind: str, texts: dict[str, str]) -> list[Block]:
    """Between which values a number lies."""
    if kind == ANSWER:
        return []
    several = "Values from the lowest to the highest, such as 0 10 20 40."
    return [
        _text(texts, "unit", "Unit", "For example points, %, days.", 20),
        _number(texts, "low", "Lowest value", "A lower value counts as this one."),
        _number(texts, "high", "Highest value", "A higher value counts as this one."),
        *([_text(texts, "centres", "Ranges around", several, 200)] if kind == RANGES else []),
    ]


def _estimate(kind: str, texts: dict[str, str]) -> list[Block]:
    if kind == ANSWER:
        return [
            _number(texts, "base_rate", "Chance of a yes, %", "How often such things happen. It opens there.")
        ]
    sure = "Two times in three the value is no further from it than this."
    return [
        _number(texts, "base_rate", "Opening estimate", "From how it came out before. It opens there."),
        *([_number(texts, "base_rate_sd", "How uncertain that is", sure)] if kind == RANGES else _off(texts)),
    ]


def _off(texts: dict[str, str]) -> list[Block]:
    """Whether its range is set too wide, where it is traded as higher or lower."""
    unit, low, high, rate, off = (
        texts.get(name, "") for name in ("unit", "low", "high", "base_rate", ranges.OFF)
    )
    advice = ranges.advice(unit, low, high, [rate], off)
    return ranges.inputs_of(f"{KIND}:{ranges.OFF}", texts.get(ranges.OFF), advice)


def _terms(now: datetime) -> list[Block]:
    closes_at = now.replace(minute=0, second=0, microsecond=0) + CLOSES_AFTER
    owner = UserSelectMenu("owner", placeholder=PlainText("Person"))
    closes, window = inputs.moment("closes_at", closes_at), inputs.number("challenge", "24")
    return [
        inputs.labelled("owner", "Who reads it", owner, "Files what it came to, and may not trade it."),
        inputs.labelled("closes_at", "Trading closes", closes, "Not later than the answer can be known."),
        inputs.labelled(
            "challenge", "Challenge window of the reading, hours", window, "Everybody is paid after that."
        ),
    ]


def _text(texts: dict[str, str], name: str, label: str, hint: str, most: int) -> Block:
    element = PlainTextInput(name, texts.get(name) or None, multiline=most == WORDING_MOST, max_length=most)
    return inputs.labelled(name, label, element, hint)


def _number(texts: dict[str, str], name: str, label: str, hint: str) -> Block:
    return inputs.labelled(name, label, inputs.number(name, texts.get(name)), hint)
