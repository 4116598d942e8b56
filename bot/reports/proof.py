"""The statement of a draw as it is posted, and read back from whatever a reader saved or copied of that post."""

import json
from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import SECTION_MOST, fit
from core.exchange import statements
from core.exchange.statements import Finding, Statement, Unreadable

WRITTEN_MOST = SECTION_MOST - 10  # It stands between marks.
SHORT = 12
_SAFE = str.maketrans(
    {each: f"\\u{ord(each):04x}" for each in "&<>`"}
)  # Nothing that Slack would read as markup.


def written(said: Mapping[str, Any]) -> str:
    """JSON in plain ASCII, so that no copying changes it. Names are cut where it would not fit: no hash is made of them."""
    text = _dumped(said)
    if len(text) <= WRITTEN_MOST:
        return text
    short = {name: fit(said[name], SHORT) for name in ("beacon", "round")}
    return _dumped({**said, **short, "url": "", "options": [fit(each, SHORT) for each in said["options"]]})


def _dumped(said: Mapping[str, Any]) -> str:
    return json.dumps(said, indent=1).translate(_SAFE)


def in_words(said: Mapping[str, Any]) -> str:
    """Which option the digest falls to, and why."""
    first = said["digest"][:16]
    if said["drawn"] is None:
        return f"U begins with `{first}`, which lies above the shares of all options."
    option = words.escape(said["options"][said["drawn"] - 1])
    return f"U begins with `{first}`, which lies in the share of {option}."


def read(text: str) -> Statement:
    """The first statement that stands anywhere in a text. Raises Unreadable."""
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            return statements.read(decoder.raw_decode(text, start)[0])
        except (ValueError, RecursionError, Unreadable):
            start = text.find("{", start + 1)
    raise Unreadable


def checked(of: Statement) -> list[tuple[bool, str]]:
    """Each claim with whether it holds, in words for a terminal."""
    return [(found.holds, _sentence(of, found)) for found in statements.check(of)]


def _sentence(of: Statement, found: Finding) -> str:
    if found.claim == "commitment":
        said = "The seed is the one that was committed to"
        return said if found.holds else f"{said}: it hashes to {found.found}, not to {found.said}"
    if found.claim == "digest":
        said = f"Seed, beacon value and {of.decision} make the digest"
        return said if found.holds else f"{said}: they make {found.found}, not {found.said}"
    said = f"The digest draws {_drawn(of, of.drawn)}"
    return said if found.holds else f"{said}: it draws {_drawn(of, _number(found.found))}"


def _number(text: str) -> int | None:
    return None if text == str(None) else int(text)


def _drawn(of: Statement, number: int | None) -> str:
    return "no option, so people decide" if number is None else of.options[number - 1]
