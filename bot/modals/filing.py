"""Filing a reading: what a metric came to and where that was read, or that it was never measured."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

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
from bot.modals import voiding
from core import units
from core.errors import NotAllowed, NotOpen
from core.exchange import board, foreseeing, resolving
from core.exchange.board import MetricRow, Row
from core.exchange.foreseeing import IfVoid
from core.exchange.reporting import Measure, OptionLine
from core.exchange.resolving import Reading

VIEW, METRIC, MEASURED = "filing", "filing_metric", "filing_measured"
WAS, NEVER = "measured", "never"
_MEASURED = {WAS: "It was measured", NEVER: "It was never measured"}


@dataclass(frozen=True)
class _Form:
    """What the modal shows: the metrics that the asker can file, the one looked at, and whether it was measured.

    ``is_owner`` is False for an admin, who can only say that it was never measured.
    """

    row: Row
    choices: tuple[int, ...]
    metric_id: int
    is_owner: bool
    is_measured: bool

    @property
    def metric(self) -> MetricRow:
        return self.row.metrics[self.metric_id]


def on_chosen(row: Row) -> list[int]:
    """The metrics of the option that was chosen, once that is final: the only ones that are read."""
    if row.state != "chosen":
        return []
    lines = [line for measure in row.report.measures for line in measure.options]
    return list(dict.fromkeys(line.metric_id for line in lines if line.name == row.report.chosen))


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    is_owner = row.standing.is_metric_owner
    if not is_owner and not await ask.read(board.is_admin, ask.by):
        owners = tuple(sorted({metric.owner for metric in row.metrics.values()}))
        raise NotAllowed("file", "metric_owner_only", owners)
    choices = _choices(row, ask.by if is_owner else None, ask.now)
    unread = [each for each in choices if _is_unread(row.metrics[each].reading)]
    await ask.open(_view(_Form(row, choices, [*unread, *choices][0], is_owner, is_owner)))


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
        return push(voiding.view(form.row, form.metric_id, follows, source))
    value = units.parse(str(ask.typed["value"]["value"] or ""), "value")
    return said(await ask.write(resolving.file, ask.by, form.metric_id, value, source))


def said(filed: Reading) -> Answer:
    """What was filed, and what comes of it."""
    paid = words.moment(filed.final_at) if filed.final_at else ""
    text = (
        f":white_check_mark: Filed. Trading has ended; everybody is paid {paid}, unless somebody objects. "
        "Until then it can be filed anew. Both channels are told now."
    )
    return update(done("Filed", text))


async def submit_void(ask: Ask) -> Answer:
    """The second look was enough."""
    metric_id, reason = json.loads(ask.view["private_metadata"])
    return said(await ask.write(resolving.void, ask.by, metric_id, reason))


def _require_chosen(row: Row) -> None:
    if row.state == "chosen":
        return
    name, final_at = words.decision(row.decision_id), row.report.final_at
    if row.state not in {"open", "closed"}:
        raise NotOpen("decision", name, row.state)
    since = datetime.fromtimestamp(final_at, tz=UTC) if final_at else None
    raise NotOpen("decision", name, "not_final" if since else "undecided", since)


def _choices(row: Row, owner: str | None, now: datetime) -> tuple[int, ...]:
    """What can be filed now, of one owner or of all. Raises NotOpen, with the reason, if that is nothing."""
    _require_chosen(row)
    own = [each for each, metric in row.metrics.items() if owner in (None, metric.owner)]
    read = [each for each in own if each in on_chosen(row)]
    if not read:
        raise NotOpen("metric", row.metrics[own[0]].definition.name, "dead")
    found = [each for each in read if not _is_final(row.metrics[each].reading, now)]
    if not found:
        raise NotOpen("metric", row.metrics[read[0]].definition.name, "read")
    return tuple(found)


def _is_unread(reading: Reading | None) -> bool:
    """Whether no reading counts, nor may come to count."""
    return reading is None or reading.is_set_aside


def _is_final(reading: Reading | None, now: datetime) -> bool:
    return reading is not None and reading.is_final(now)


async def _form(ask: Ask) -> _Form:
    """The form as it stands, over what the decision is now."""
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    is_owner = row.standing.is_metric_owner
    choices = _choices(row, ask.by if is_owner else None, ask.now)
    chosen = ask.typed.get("metric", {}).get("selected_option")
    metric_id = int(chosen["value"]) if chosen else choices[0]
    is_measured = ask.typed["measured"]["selected_option"]["value"] == WAS
    # What became final meanwhile stays in the menu: core says why it cannot be filed.
    return _Form(row, tuple(dict.fromkeys([*choices, metric_id])), metric_id, is_owner, is_measured)


def _view(form: _Form) -> ModalView:
    blocks: list[Block] = [
        *([_metric_input(form)] if len(form.choices) > 1 else []),
        section("\n".join([*_definition(form.metric), *_standing(form.metric)]), "definition"),
        _measured_input(form),
        *([_value_input(form.metric)] if form.is_measured else [section(_consequence(form), "consequence")]),
        _source_input(form),
    ]
    return modal("File the reading", blocks, "File it", VIEW, str(form.row.decision_id))


def _metric_input(form: _Form) -> InputBlock:
    options = [
        Option(PlainText(fit(form.row.metrics[each].definition.name, CHOICE_MOST)), str(each))
        for each in form.choices
    ]
    initial = options[form.choices.index(form.metric_id)]
    menu = StaticSelectMenu(METRIC, options, initial_option=initial)
    return InputBlock(PlainText("Metric"), menu, dispatch_action=True, block_id="metric")


def _definition(metric: MetricRow) -> list[str]:
    named = metric.definition
    low, high = (words.escape(words.exact_value(end, named.unit)) for end in (named.low, named.high))
    return [
        f"*{words.escape(named.name)}*, {words.escape(named.unit)}",
        words.escape(named.wording),
        f"Values below {low} or above {high} settle as these ends. Filing it ends trading.",
    ]


def _standing(metric: MetricRow) -> list[str]:
    """What a reading that was filed before means for another one."""
    stands = metric.reading
    if stands is None:
        return []
    if stands.value is None:
        was = "as never measured"
    else:
        was = f"as *{words.escape(words.exact_value(stands.value, metric.definition.unit))}*"
    filed = f":information_source: It was filed {was}, {words.moment(stands.filed_at)}."
    if stands.is_objected:
        return [f"{filed} Somebody objected. An admin rules on that before it can be filed anew."]
    if stands.is_set_aside or stands.final_at is None:
        return [f"{filed} An objection to it was upheld. What you file here takes its place."]
    return [f"{filed} Until {words.moment(stands.final_at)} what you file here takes its place."]


def _measured_input(form: _Form) -> InputBlock:
    options = [
        Option(PlainText(text), value) for value, text in _MEASURED.items() if form.is_owner or value == NEVER
    ]
    chosen = options[0 if form.is_measured else -1]
    group = RadioButtonGroup(MEASURED, options, initial_option=chosen)
    return InputBlock(PlainText("What happened"), group, dispatch_action=True, block_id="measured")


def _value_input(metric: MetricRow) -> InputBlock:
    element = NumberInput(is_decimal_allowed=True, action_id="value")
    return InputBlock(PlainText(f"Value, {metric.definition.unit}"), element, block_id="value")


def _consequence(form: _Form) -> str:
    """What the void window's prices come to, where they are known by now."""
    measure, line = _priced(form)
    average = words.escape(words.value(line.average, measure.unit, measure.low, measure.high))
    return (
        f":warning: Then nobody wins or loses by what it came to: shares are paid by {words.VOID_PRICES}, "
        f"in which the market expected *{average}* if {words.escape(line.name)}. Trading ends at once."
    )


def _priced(form: _Form) -> tuple[Measure, OptionLine]:
    return next(
        (measure, line)
        for measure in form.row.report.measures
        for line in measure.options
        if line.metric_id == form.metric_id and line.name == form.row.report.chosen
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
