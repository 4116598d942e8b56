"""Filing a reading: what a metric came to and where that was read, or that it was never measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    NumberInput,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
)

from bot import words
from bot.blocks import CHOICE_MOST, fit, modal, rendered, section
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import fileable, voiding
from bot.modals.fileable import Place
from bot.reports import defined
from core import units
from core.exchange import foreseeing, resolving
from core.exchange.defining import Definition
from core.exchange.foreseeing import IfVoid
from core.exchange.measured import MetricRow
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.resolving import Reading

VIEW, METRIC, MEASURED = "filing", "filing_metric", "filing_measured"
WAS, NEVER = "measured", "never"
_MEASURED = {WAS: "It was measured", NEVER: "It was never measured"}


@dataclass(frozen=True)
class _Form:
    """What the modal shows: the metric looked at, and whether it was measured."""

    place: Place
    metric_id: int
    is_measured: bool

    @property
    def metric(self) -> MetricRow:
        return self.place.metrics[self.metric_id]


async def open_modal(ask: Ask) -> Answer:
    await show(ask, ask.action["value"])
    return ACK


async def show(ask: Ask, name: str) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    place = await fileable.place(ask, name)
    unread = [each for each in place.choices if _is_unread(place.metrics[each].reading)]
    await ask.open(_view(_Form(place, [*unread, *place.choices][0], place.is_owner)))


async def redraw(ask: Ask) -> Answer:
    """Another metric, or whether it was measured: the same modal for what is now chosen."""
    form = await _form(ask)
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(_view(form)))
    return ACK


async def submit(ask: Ask) -> Answer:
    form = await _form(ask)
    if form.is_measured != ("value" in ask.typed):
        return update(_view(form))  # It was quicker than the redrawn form, whose words nobody has read yet.
    source = str(ask.typed["source"]["value"])
    if not form.is_measured:
        follows: IfVoid = await ask.read(foreseeing.if_void, ask.by, form.metric_id, ask.now)
        return push(voiding.view(form.metric_id, form.metric.definition.name, follows, source))
    value = _value(ask.typed["value"])
    filed: Reading = await ask.write(resolving.file, ask.by, form.metric_id, value, source)
    return said(filed, "" if filed.value == value else _counts_as(filed, form.metric))


async def submit_void(ask: Ask) -> Answer:
    """The second look was enough."""
    metric_id, reason = json.loads(ask.view["private_metadata"])
    return said(await ask.write(resolving.void, ask.by, metric_id, reason))


def _counts_as(filed: Reading, metric: MetricRow) -> str:
    value = words.escape(words.reading(filed.value or 0, metric.definition.unit))
    return f" It counts as *{value}*, as its definition rounds."


def said(filed: Reading, more: str = "") -> Answer:
    """What was filed, and what comes of it."""
    paid = words.moment(filed.final_at) if filed.final_at else ""
    text = (
        f":white_check_mark: Filed.{more} Trading has ended; everybody is paid {paid}, unless somebody objects. "
        "Until then it can be filed anew. It is told in public now."
    )
    return update(done("Filed", text))


def _is_unread(reading: Reading | None) -> bool:
    """Whether no reading counts, nor may come to count."""
    return reading is None or reading.is_set_aside


async def _form(ask: Ask) -> _Form:
    """The form as it stands, over what there is to file now."""
    place = await fileable.place(ask, ask.view["private_metadata"])
    chosen = ask.typed.get("metric", {}).get("selected_option")
    metric_id = int(chosen["value"]) if chosen else place.choices[0]
    is_measured = ask.typed["measured"]["selected_option"]["value"] == WAS
    # What became final meanwhile stays in the menu: core says why it cannot be filed.
    choices = tuple(dict.fromkeys([*place.choices, metric_id]))
    return _Form(replace(place, choices=choices), metric_id, is_measured)


def _value(typed: Mapping[str, Any]) -> int:
    """What was typed, or chosen where it is a yes or a no. Raises Invalid."""
    chosen = typed.get("selected_option")
    return units.parse(chosen["value"] if chosen else str(typed.get("value") or ""), "value")


def _view(form: _Form) -> ModalView:
    blocks: list[Block] = [
        *([_metric_input(form)] if len(form.place.choices) > 1 else []),
        section("\n".join([*_definition(form.metric), *_standing(form.metric)]), "definition"),
        _measured_input(form),
        *([_value_input(form.metric)] if form.is_measured else [section(_consequence(form), "consequence")]),
        _source_input(form),
    ]
    return modal("File the reading", blocks, "File it", VIEW, form.place.name)


def _metric_input(form: _Form) -> InputBlock:
    options = [
        Option(PlainText(fit(form.place.metrics[each].definition.name, CHOICE_MOST)), str(each))
        for each in form.place.choices
    ]
    initial = options[form.place.choices.index(form.metric_id)]
    menu = StaticSelectMenu(METRIC, options, initial_option=initial)
    return InputBlock(PlainText("Metric"), menu, dispatch_action=True, block_id="metric")


def _definition(metric: MetricRow) -> list[str]:
    named = metric.definition
    if named.unit == YES_OR_NO:
        return [f"*{words.escape(named.name)}*", words.escape(named.wording), "Filing it ends trading."]
    low, high = (words.escape(words.exact_value(end, named.unit)) for end in (named.low, named.high))
    return [
        f"*{words.escape(named.name)}*, {words.escape(named.unit)}",
        words.escape(named.wording),
        *_details(named),
        f"Values below {low} or above {high} settle as these ends. Filing it ends trading.",
    ]


def _details(of: Definition) -> list[str]:
    """What else its definition says of how it is read."""
    said = [(defined.FIELDS[name], getattr(of, name)) for name in ("source", "measured_over", "void_if")]
    rounded = [f"It is rounded {defined.rounding(of.decimals)}."] if of.decimals is not None else []
    return [*(f"{label}: {words.escape(text)}" for label, text in said if text), *rounded]


def _standing(metric: MetricRow) -> list[str]:
    """What a reading that was filed before means for another one."""
    stands = metric.reading
    if stands is None:
        return []
    if stands.value is None:
        was = "as never measured"
    else:
        was = f"as *{words.escape(words.reading(stands.value, metric.definition.unit))}*"
    filed = f":information_source: It was filed {was}, {words.moment(stands.filed_at)}."
    if stands.is_objected:
        return [f"{filed} Somebody objected. An admin rules on that before it can be filed anew."]
    if stands.is_set_aside or stands.final_at is None:
        return [f"{filed} An objection to it was upheld. What you file here takes its place."]
    return [f"{filed} Until {words.moment(stands.final_at)} what you file here takes its place."]


def _measured_input(form: _Form) -> InputBlock:
    options = [
        Option(PlainText(text), value)
        for value, text in _MEASURED.items()
        if form.place.is_owner or value == NEVER
    ]
    chosen = options[0 if form.is_measured else -1]
    group = RadioButtonGroup(MEASURED, options, initial_option=chosen)
    return InputBlock(PlainText("What happened"), group, dispatch_action=True, block_id="measured")


def _value_input(metric: MetricRow) -> InputBlock:
    if metric.definition.unit == YES_OR_NO:
        answers = [
            Option(PlainText(words.reading(each, YES_OR_NO)), words.plain(each)) for each in (HUNDRED, 0)
        ]
        return InputBlock(
            PlainText("The answer"), RadioButtonGroup("value", answers), block_id="value:answer"
        )
    element = NumberInput(is_decimal_allowed=True, action_id="value")
    return InputBlock(PlainText(f"Value, {metric.definition.unit}"), element, block_id="value")


def _consequence(form: _Form) -> str:
    """What the void window's prices come to, where they are known by now."""
    average = form.place.averages.get(form.metric_id)
    expected = f", in which the market expected {average}" if average else ""
    return (
        f":warning: Then nobody wins or loses by what it came to: shares are paid by {words.VOID_PRICES}{expected}. "
        "Trading ends at once."
    )


def _source_input(form: _Form) -> InputBlock:
    label, hint = (
        ("Source", "Where anybody can read it: a link, a dashboard, a document.")
        if form.is_measured
        else ("Reason", "Why it could not be measured. Everybody will read it.")
    )
    return InputBlock(
        PlainText(label), PlainTextInput("source", max_length=500), block_id="source", hint=PlainText(hint)
    )
