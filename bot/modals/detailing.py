"""What can be said of a metric besides its wording: where it is read, over which span, how rounded, and when it is void."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, PlainTextInput

from bot.modals import inputs
from bot.modals.inputs import Typed
from bot.reports import defined
from core.errors import Invalid

TEXT_MOST = 500
NAMES = ("metric_source", "metric_measured_over", "decimals", "metric_void_if")
_HINTS = {
    "metric_source": "Where anybody can read it.",
    "metric_measured_over": "For example the thirty days after the decision.",
    "decimals": "How many readings keep, half up. Empty: as they are filed.",
    "metric_void_if": "For example no run of the suite by the end of March.",
}


def inputs_of(texts: Mapping[str, str]) -> list[Block]:
    """None of them has to be filled."""
    return [_input(name, texts.get(name) or None) for name in NAMES]


def _input(name: str, text: str | None) -> Block:
    field = name.removeprefix("metric_")
    element = PlainTextInput(name, text, max_length=1 if name == "decimals" else TEXT_MOST)
    return inputs.labelled(name, defined.FIELDS[field], element, _HINTS[name], is_optional=True)


def texts(typed: Typed) -> dict[str, str]:
    """What was typed into those that are there."""
    return {name: inputs.text(typed, name) for name in NAMES if name in typed}


def typed(said: Mapping[str, str]) -> dict[str, Any]:
    """The same as a definition takes it. Raises Invalid."""
    found: dict[str, Any] = {
        name.removeprefix("metric_"): text for name, text in said.items() if name in NAMES and text
    }
    empty = {"source": "", "measured_over": "", "void_if": "", "decimals": None}
    return empty | found | ({"decimals": _decimals(found["decimals"])} if "decimals" in found else {})


def _decimals(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Invalid("decimals", "decimals", "6")
    return int(text)
