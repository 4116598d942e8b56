"""A metric's definition in words: as it stands, what is proposed or was changed, and every version that there was."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Button

from bot import words
from bot.blocks import button
from bot.reports import news
from bot.reports.message import Message
from bot.sources import reading
from core.exchange.defining import Defined, Definition, VersionRow
from core.exchange.plans import YES_OR_NO

Facts = Mapping[str, Any]
FIELDS = {
    "name": "Name",
    "wording": "Exact wording",
    "source": "Source",
    "measured_over": "What span is measured",
    "decimals": "Decimals",
    "void_if": "Counts as never measured",
    "owner": "Owner",
}
_STATES = {
    "in force": "in force",
    "replaced": "replaced",
    "proposed": "*proposed*",
    "turned down": "turned down",
}


def proposed(facts: Facts) -> Message:
    said = (
        f"needs you: {words.person(facts['by'])} wants to change how {words.escape(facts['metric'])} is defined. "
        f"It takes effect only if you, or somebody else, approve."
    )
    look = button("Look at it", "definition_change", facts["metric_id"], primary=True)
    return news.news(facts, said, facts["reason"], [look], [*changes(facts["changes"]), *_standing(facts)])


def changed(facts: Facts) -> Message:
    said = (
        f"*has a changed definition*: how {words.escape(facts['metric'])} is read changed, "
        f"by {words.person(facts['by'])}, approved by {words.person(facts['approved_by'])}. "
        f"Prices of before were about the old words."
    )
    lines = [*changes(facts["changes"]), *_standing(facts)]
    return news.news(facts, said, facts["reason"], [definition_button(facts)], lines)


def _standing(facts: Facts) -> list[str]:
    """From where it is read by itself after the change, and whether that is used unasked."""
    taken = facts["taken"]
    if taken is None:
        return []
    where = words.escape(reading.where(taken["kind"], taken["settings"]))
    asked = (
        " What it gives is filed only on the owner's word, until they set it anew."
        if taken["is_to_confirm"]
        else ""
    )
    return [f"• *Read by itself:* {where}, as {words.person(taken['set_by'])} set it.{asked}"]


def kept(facts: Facts) -> Message:
    said = f"keeps its definition of {words.escape(facts['metric'])}: {words.person(facts['by'])} turned your change down."
    return news.news(facts, said, facts["reason"])


def definition_button(facts: Facts) -> Button:
    return button("Definition", "definition", words.about(facts))


def changes(found: Mapping[str, Sequence[Any]]) -> list[str]:
    """Word by word, what is to be and what was."""
    return [
        line
        for field, (old, new) in found.items()
        for line in (f"• *{FIELDS[field]}:* {_value(field, new)}", f"   _before:_ {_value(field, old)}")
    ]


def _value(field: str, value: Any) -> str:
    if field == "owner":
        return words.person(value)
    if field == "decimals":
        return f"rounded {rounding(value)}" if value is not None else rounding(value)
    return words.escape(value) or "nothing said"


def rounding(decimals: int | None) -> str:
    if decimals is None:
        return "as it is filed"
    return f"half up, to {words.count(decimals, 'decimal') if decimals else 'whole numbers'}"


def lines(found: Defined) -> list[str]:
    """The version in force, field by field; what stands on it; and all the others."""
    standing = found.in_force
    definition = standing.definition
    return [
        f"*{words.escape(definition.name)}*, {_range(definition)}",
        words.escape(definition.wording),
        *(f"*{FIELDS[name]}:* {words.escape(text)}" for name, text in _texts(definition) if text),
        f"*Owner:* {words.person(standing.owner)} · *Rounding:* {rounding(definition.decimals)}",
        f"*Read:* {words.moment(found.freezes_at)}, when trading ends{_taken(found)}",
        (
            f"*If it is never measured:* everybody is paid by average prices from {words.moment(found.void_from)} "
            f"to {words.moment(found.void_until)}"
        ),
        *versions(found.versions),
    ]


def _taken(of: Defined) -> str:
    """From where it is read by itself, on whose word."""
    if of.taken is None:
        return ", by its owner"
    where = words.escape(reading.where(of.taken.kind, of.taken.settings))
    return f", by itself from {where}, as {words.person(of.taken.set_by)} set it"


def _texts(definition: Definition) -> list[tuple[str, str]]:
    return [(name, getattr(definition, name)) for name in ("source", "measured_over", "void_if")]


def _range(definition: Definition) -> str:
    if definition.unit == YES_OR_NO:
        return "yes or no"
    low, high = (words.exact_value(end, definition.unit) for end in (definition.low, definition.high))
    return words.escape(f"{low} to {high}")


def versions(found: Sequence[VersionRow]) -> list[str]:
    """One line for each, once there is more than the first."""
    if len(found) == 1:
        return [f"_Version 1, unchanged since {words.moment(found[0].proposed_at)}_"]
    return [_version(each, _standing_before(each, found)) for each in found]


def _standing_before(of: VersionRow, found: Sequence[VersionRow]) -> VersionRow | None:
    """The version that was in force when this one was proposed: it is what it would change."""
    earlier = [each for each in found if each.number < of.number]
    return next((each for each in reversed(earlier) if each.state in {"in force", "replaced"}), None)


def _version(of: VersionRow, before: VersionRow | None) -> str:
    by = f" by {words.person(of.proposed_by)}" if of.proposed_by else ""
    said = f"_Version {of.number}_, {_STATES[of.state]}: {words.moment(of.proposed_at)}{by}"
    if of.ended_by and of.ended_at:
        ended = "turned down" if of.state == "turned down" else "approved"
        said += f", {ended} by {words.person(of.ended_by)} {words.moment(of.ended_at)}"
    named = [FIELDS[name].lower() for name in _differing(of, before)] if before else []
    return f"{said}. {words.escape(of.reason)} _({', '.join(named)})_" if named else said


def _differing(of: VersionRow, before: VersionRow) -> list[str]:
    texts = [name for name in FIELDS if name != "owner"]
    found = [name for name in texts if getattr(of.definition, name) != getattr(before.definition, name)]
    return [*found, *(["owner"] if of.owner != before.owner else [])]


def marks(facts: Facts) -> list[str]:
    """Which metrics were changed while they traded, and when; facts of before there were versions say nothing."""
    return [
        f"*Changed metric:* how {words.escape(name)} is read was changed {words.moment(at)}. "
        "Prices of before were about the old words."
        for at, name in facts.get("redefined", ())
    ]
