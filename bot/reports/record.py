"""What is on record about a decision: why, what the market did not know, what was added, and what arrived too late."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words

Facts = Mapping[str, Any]

_NOTES = {
    "addendum": "*Added to the record* by {by} {at}:",
    "late": "*Arrived after the close*, so that no price knows of it; logged by {by} {at}:",
}


def lines(facts: Facts) -> list[str]:
    """Nothing before the close, nor of reports that were kept before anything could be added."""
    on_record = facts.get("on_record")
    if on_record is None:
        return []
    return [*_recorded(on_record), *(line for each in on_record["notes"] for line in _note(each))]


def grounds(facts: Facts) -> list[str]:
    """What the committee knew that the market did not, and links; nothing where it was not asked."""
    said = []
    if facts.get("unpriced"):
        said = ["*What the committee knew that the market did not:*", words.quoted(facts["unpriced"])]
    return said + _links(facts.get("links") or ())


def _recorded(on_record: Facts) -> list[str]:
    if on_record["by"] is None:
        return []
    heading = f"*Recorded* by {words.person(on_record['by'])} {words.moment(on_record['at'])}:"
    return [heading, words.quoted(on_record["reason"]), *grounds(on_record)]


def _note(note: Facts) -> list[str]:
    heading = _NOTES[note["kind"]].format(by=words.person(note["by"]), at=words.moment(note["at"]))
    return [heading, words.quoted(note["text"]), *_links(note["links"])]


def _links(urls: Sequence[str]) -> list[str]:
    return [words.links(urls)] if urls else []
