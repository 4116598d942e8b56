"""What a long horizon does to prices: credits that are locked until then leave them alone within a band."""

from collections.abc import Mapping
from typing import Any

from bot import words
from core.exchange.trust import LOCKED_RATE

Facts = Mapping[str, Any]
NO_COST = "Credits for long horizons pay here and have no such cost, since they can be used nowhere else"


def band(facts: Facts) -> list[str]:
    """The band in which nobody trades for the sake of it, where markets are long; in one line."""
    width = facts.get("lockup")  # Reports that were kept before there were long horizons do not say.
    if width is None:
        return []
    said = (
        f"Long horizon: credits locked until it is settled could make {words.part(LOCKED_RATE)} a year elsewhere, so "
        f"that prices may lie off within a band of {words.part(width)} of the range. {NO_COST}."
    )
    return [said]


def no_cost(facts: Facts) -> str:
    """What is added to a band that is said already."""
    return f" {NO_COST}." if facts.get("lockup") is not None else ""
