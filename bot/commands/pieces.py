"""What was typed behind a command, in pieces: ``key=value``, people, a channel, after "because" the reason, and the rest."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOTHING = {"none", "no", "-"}  # What empties a field, such as a budget that is to have no limit.
_REASON = re.compile(r"(?:^|[\s,;])because\b[:,]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_PERSON = re.compile(r"(?:\w+=)?<@([A-Z0-9]+)(?:\|[^>]*)?>,?")
_CHANNEL = re.compile(r"(?:\w+=)?<#([A-Z0-9]+)(?:\|[^>]*)?>")
_KEYED = re.compile(r"(?<!\S)(\w+)=(\"[^\"]*\"|“[^”]*”|\S*)")
_QUOTES = '"“”'


@dataclass(frozen=True)
class Pieces:
    """``plain`` is what is nothing else, in the order in which it was typed. People and the channel are Slack's ids."""

    plain: str
    keyed: Mapping[str, str]
    people: tuple[str, ...] = ()
    channel: str | None = None
    reason: str = ""

    def unknown(self, known: Iterable[str]) -> str | None:
        """The first key that is none of these."""
        return next((key for key in self.keyed if key not in {*known}), None)


def taken_apart(text: str) -> Pieces:
    """What somebody may write in any order, but for the reason, which comes last and may hold anything."""
    said, reason = text, ""
    if found := _REASON.search(text):
        said, reason = text[: found.start()], found[1].strip()
    people, said = _PERSON.findall(said), _PERSON.sub(" ", said)
    channels, said = _CHANNEL.findall(said), _CHANNEL.sub(" ", said)
    keyed = {key.casefold(): value.strip(_QUOTES).strip() for key, value in _KEYED.findall(said)}
    plain = " ".join(_KEYED.sub(" ", said).split())
    return Pieces(
        plain,
        {key: "" if value.casefold() in NOTHING else value for key, value in keyed.items()},
        tuple(dict.fromkeys(people)),
        channels[0] if channels else None,
        reason,
    )


def begins_with(plain: str, names: Iterable[str]) -> tuple[str | None, str]:
    """The longest of the names that the text begins with, in quotation marks or not, and what stands behind it."""
    bare = plain.lstrip(_QUOTES)
    for name in sorted(names, key=len, reverse=True):
        rest = bare[len(name) :]
        if bare.casefold().startswith(name.casefold()) and re.match(rf"[{_QUOTES}\s]|$", rest):
            return name, rest.lstrip(_QUOTES).strip()
    return None, plain
