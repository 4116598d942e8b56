"""From where a metric's reading is taken by itself: the form, a try that changes nothing, and what its owner answers."""

import json
from collections.abc import Mapping, Sequence

from slackblocks import Block, ModalView, Option, PlainText, PlainTextInput, RadioButtonGroup

from bot import refusals, words
from bot.blocks import actions, button, modal, rendered, sections
from bot.door import ACK, Answer, Ask, done, notice, update
from bot.modals import inputs
from bot.reports import sourced
from bot.sources import reading
from bot.sources.documents import check as is_expression
from bot.sources.failed import Failed
from core.errors import Invalid
from core.exchange import collecting, sourcing
from core.exchange.sourcing import Found, Seen, SourceRow

VIEW, KIND, TRY = "sourcing", "source_kind", "source_try"
BY_HAND = "hand"
URL_MOST, TEXT_MOST, QUERY_MOST, METADATA_MOST = 1000, 300, 1500, 2900
_KINDS = {
    BY_HAND: ("By hand", "Its owner files it"),
    "http": ("JSON from an address", "A value by a JMESPath expression"),
    "csv": ("CSV from an address", "A column, in the last row or where another column says so"),
    "sql": ("A database query", "One row with the value, and the time that it is of if you like"),
}
_SECRET = {
    "header": ("Header that carries a secret", "For example Authorization.", TEXT_MOST),
    "secret": (
        "Name of the secret",
        "KEY for what FUTARCHY_SECRET_KEY holds for this host where I run. Never type a secret itself.",
        64,
    ),
}
_URL = ("Address", "https://… Everybody can read it, but for what stands behind a question mark.", URL_MOST)
_AS_OF = "Empty, or where it says of which time the value is: what is of before the end is not taken."
_INPUTS: Mapping[str, Mapping[str, tuple[str, str, int]]] = {
    BY_HAND: {},
    "http": {
        "url": _URL,
        "value": ("Value", "A JMESPath expression, such as runs[-1].score", TEXT_MOST),
        "as_of": ("Its time", _AS_OF, TEXT_MOST),
        **_SECRET,
    },
    "csv": {
        "url": _URL,
        "column": ("Column", "The name of the column with the value.", TEXT_MOST),
        "where": ("Row: column", "Empty: the last row.", TEXT_MOST),
        "equals": ("Row: value", "The last row in which that column holds this.", TEXT_MOST),
        "as_of": ("Column with its time", _AS_OF, TEXT_MOST),
        **_SECRET,
    },
    "sql": {
        "database": ("Database", "SCORES for what FUTARCHY_SOURCE_SCORES holds where I run.", 64),
        "query": ("Query", "It can only read.", QUERY_MOST),
    },
}


async def open_modal(ask: Ask) -> Answer:
    await show(ask, int(ask.action["value"]))
    return ACK


async def show(ask: Ask, metric_id: int) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    row: SourceRow = await ask.read(sourcing.source, ask.by, metric_id)
    await ask.open(_view(row, row.kind or BY_HAND, row.settings))


async def redraw(ask: Ask) -> Answer:
    """The inputs of another kind; what was typed into those of this one waits in the metadata."""
    row: SourceRow = await ask.read(sourcing.source, ask.by, _about(ask)[0])
    view = rendered(_view(row, _kind(ask), _texts(ask)))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)
    return ACK


async def attempt(ask: Ask) -> Answer:
    """What would be read now stands in the form: a view of its own might be one too many upon the others."""
    metric_id, kind, settings = _about(ask)[0], _kind(ask), _settings(ask)
    row: SourceRow = await ask.read(sourcing.source, ask.by, metric_id)
    try:
        _, lines = await _tried(ask, row, kind, settings)
    except Invalid as wrong:
        label = _INPUTS[kind].get(wrong.field, ("Source",))[0]
        lines = [f":warning: *{label}:* {refusals.sentence(wrong)}"]
    view = rendered(_view(row, kind, _texts(ask), lines))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)
    return ACK


async def submit(ask: Ask) -> Answer:
    metric_id, kind = _about(ask)[0], _kind(ask)
    row: SourceRow = await ask.read(sourcing.source, ask.by, metric_id)
    if set(_INPUTS[kind]) - set(ask.typed):
        return update(_view(row, kind, _texts(ask)))  # It was quicker than the form of this kind.
    if kind == BY_HAND:
        await ask.write(sourcing.drop, ask.by, metric_id)
        return update(done("Saved", ":white_check_mark: Its owner files the reading by hand."))
    settings = _settings(ask)
    found, lines = await _tried(ask, row, kind, settings)
    await ask.write(sourcing.configure, ask.by, metric_id, kind, settings, found)
    when = "It is read now." if row.is_due else "It is read when trading ends."
    said = "\n".join([f":white_check_mark: Saved. {when} Tried just now:", *lines])
    return update(done("Saved", said))


async def right(ask: Ask) -> Answer:
    """The owner's word on what a source gave."""
    metric_id, number = map(int, ask.action["value"].split(":"))
    filed = await ask.write(collecting.confirm, ask.by, metric_id, number)
    paid = words.moment(filed.final_at) if filed.final_at else ""
    text = f":white_check_mark: Filed on your word. Everybody is paid {paid}, unless somebody objects."
    await ask.open(notice("Filed", text))
    return ACK


async def again(ask: Ask) -> Answer:
    await ask.write(sourcing.again, ask.by, int(ask.action["value"]))
    await ask.open(
        notice("Read again", "It is read again now. What comes of it is told where the reading is.")
    )
    return ACK


def _check(ask: Ask, settings: Mapping[str, str]) -> None:
    """What core cannot know: expressions, and what the environment names. Raises Invalid."""
    if trouble := ask.exchange.sources.trouble(settings):
        raise Invalid(trouble.setting, trouble.why, trouble.detail)
    for name in ("value", "as_of") if "value" in settings else ():
        if name in settings and not is_expression(settings[name]):
            raise Invalid(name, "expression", settings[name])


async def _tried(
    ask: Ask, row: SourceRow, kind: str, settings: Mapping[str, str]
) -> tuple[Found | None, list[str]]:
    """What it gives, and that in words: as it is, as it counts, and what speaks against it."""
    if kind == BY_HAND:
        return None, ["There is nothing to try: its owner files the reading by hand."]
    try:
        sourcing.check(kind, settings)
        _check(ask, settings)
        found = await ask.exchange.sources.read(kind, settings, reading.LIVE_SECONDS)
        seen: Seen = await ask.read(sourcing.look, ask.by, row.metric_id, found, ask.now)
    except Failed as failed:
        why = sourced.why([failed.why, failed.detail])
        return None, [f":warning: {why} When it is due it gets longer, and several tries."]
    except Invalid as wrong:
        if wrong.rule not in {"no_number", "no_time", "too_large"}:
            raise
        return None, [f":warning: {sourced.why([wrong.rule, wrong.value])}"]
    return found, _seen(row, found, seen)


def _seen(row: SourceRow, found: Found, seen: Seen) -> list[str]:
    said = row.definition
    value, rounded = (words.escape(words.exact_value(each, said.unit)) for each in (seen.value, seen.rounded))
    counts = f", which counts as *{rounded}*" if seen.value != seen.rounded else ""
    of = f", of {words.moment(seen.as_of)}" if seen.as_of else ""
    doubts = sourced.doubts(seen.doubts, said.unit, said.low, said.high)
    asked = [f":warning: {each} I would ask its owner before I file it." for each in doubts]
    return [f"It says *{value}*{counts}{of}.", *asked, words.quoted(found.snippet or "(nothing around it)")]


def _about(ask: Ask) -> tuple[int, dict[str, str]]:
    metric_id, texts = json.loads(ask.view["private_metadata"])
    return metric_id, texts


def _kind(ask: Ask) -> str:
    return str(ask.typed["kind"]["selected_option"]["value"])


def _settings(ask: Ask) -> dict[str, str]:
    """What is typed for the kind that is chosen."""
    typed = ask.typed
    found = {name: inputs.text(typed, name) for name in _INPUTS[_kind(ask)] if name in typed}
    return {name: text for name, text in found.items() if text}


def _texts(ask: Ask) -> dict[str, str]:
    """All that is typed, and what was before its input went away."""
    now = {block: text for block, each in ask.typed.items() if isinstance(text := each.get("value"), str)}
    return {**_about(ask)[1], **now}


def _view(row: SourceRow, kind: str, texts: Mapping[str, str], tried: Sequence[str] = ()) -> ModalView:
    said = row.definition
    lines = [f"*{words.escape(said.name)}*", words.escape(said.source or said.wording), *_standing(row)]
    options = {name: Option(PlainText(text), name, PlainText(how)) for name, (text, how) in _KINDS.items()}
    group = RadioButtonGroup(KIND, list(options.values()), initial_option=options[kind])
    blocks: list[Block] = [
        *sections(lines, "about"),
        inputs.live("Its reading comes", "kind", group),
        *(_input(name, *how, texts, kind) for name, how in _INPUTS[kind].items()),
        *(actions("trying", [button("Try it", TRY, row.metric_id)]) if kind != BY_HAND else []),
        *sections(tried, "tried"),
    ]
    kept = json.dumps([row.metric_id, dict(texts)], ensure_ascii=False)
    metadata = kept if len(kept) <= METADATA_MOST else json.dumps([row.metric_id, {}])
    return modal("Source of a reading", blocks, "Save", VIEW, metadata)


def _standing(row: SourceRow) -> list[str]:
    found = []
    if row.kind and row.set_by and row.set_at:
        where = words.escape(reading.where(row.kind, row.settings))
        found.append(f"Read from {where}, set by {words.person(row.set_by)}, {words.moment(row.set_at)}.")
    if row.error:
        found.append(f":warning: The last try came to nothing: {sourced.why(row.error.split(' ', 1))}")
    if row.next_at:
        found.append(f"It is tried next {words.moment(row.next_at)}.")
    return found


def _input(name: str, label: str, hint: str, most: int, texts: Mapping[str, str], kind: str) -> Block:
    element = PlainTextInput(name, texts.get(name) or None, multiline=name == "query", max_length=most)
    is_optional = name not in sourcing.KINDS[kind][0]
    return inputs.labelled(name, label, element, hint, is_optional=is_optional)
