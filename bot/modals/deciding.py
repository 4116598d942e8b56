"""How a decision is decided, in the last step of opening it: by people, or perhaps by a lottery with these chances."""

import re
import secrets

from slackblocks import Block, InputBlock, Option, PlainText, PlainTextInput, RadioButtonGroup

from bot.modals import inputs
from bot.modals.inputs import Typed
from core import units
from core.errors import Invalid
from core.exchange.lottery_plan import SEED_BYTES, Beacon, LotteryPlan

HOW = "decided_how"
PEOPLE, LOTTERY = "people", "lottery"
_CHOICES = {
    PEOPLE: ("People choose", "What options are priced at is evidence, no effect"),
    LOTTERY: ("A lottery may draw instead", "Nobody can stop what it draws; the prices if drawn are effects"),
}


def blocks(*, is_lottery: bool) -> list[Block]:
    return [_how(is_lottery=is_lottery), *(_terms() if is_lottery else [])]


def is_lottery(typed: Typed) -> bool:
    chosen = typed["lottery"]["selected_option"]
    return bool(chosen and chosen["value"] == LOTTERY)


def is_of(typed: Typed) -> bool:
    """Whether the form that was sent is the one for what is chosen in it: pressing can be quicker than redrawing."""
    return ("probability" in typed) == is_lottery(typed)


def plan(typed: Typed, options: int) -> LotteryPlan | None:
    """With a fresh seed. Raises Invalid for what is no number."""
    if not is_lottery(typed):
        return None
    percent = units.parse(inputs.text(typed, "probability"), "probability")
    if percent % 100:
        raise Invalid("probability", "digits", inputs.text(typed, "probability"))
    beacon = Beacon(*(inputs.text(typed, f"beacon{of}") for of in ("", "_round", "_url", "_value_at")))
    weights = _weights(inputs.text(typed, "weights"), options)
    return LotteryPlan(percent // 100, weights, beacon, secrets.token_bytes(SEED_BYTES))


def _weights(text: str, options: int) -> tuple[int, ...]:
    """Whole numbers, one an option; the same for all where none is typed."""
    parts = re.split(r"[\s,;]+", text) if text else ["1"] * options
    for part in parts:
        if not re.fullmatch(r"\d{1,9}", part):
            raise Invalid("weights", "number", part[:20])
    return tuple(map(int, parts))


def _how(*, is_lottery: bool) -> InputBlock:
    choices = [Option(PlainText(text), name, PlainText(hint)) for name, (text, hint) in _CHOICES.items()]
    group = RadioButtonGroup(HOW, choices, initial_option=choices[is_lottery])
    return inputs.live("How it is decided", "lottery", group)


def _terms() -> list[Block]:
    return [
        inputs.labelled(
            "probability",
            "Chance that the lottery draws, %",
            inputs.number("probability", "50"),
            "Otherwise people choose. Each option must be drawn with 25% at least.",
        ),
        _text("weights", "Weights of the options", "Such as 1 1 2, in their order. Empty: all alike.", 50),
        _text(
            "beacon",
            "Beacon",
            "A public source of chance that nobody here can sway.",
            150,
            is_optional=False,
        ),
        _text(
            "beacon_round", "Its round", "One that comes after trading has closed.", 100, is_optional=False
        ),
        _text("beacon_url", "Where its value will stand", "A URL of JSON. Empty: two people paste it.", 500),
        _text("beacon_value_at", "Where in that JSON", "A JMESPath such as randomness.", 200),
    ]


def _text(name: str, label: str, hint: str, most: int, *, is_optional: bool = True) -> Block:
    element = PlainTextInput(name, max_length=most)
    return inputs.labelled(name, label, element, hint, is_optional=is_optional)
