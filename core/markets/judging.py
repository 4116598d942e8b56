"""What a source gave, as a value of the metric, and what speaks against taking it without anybody's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite

from core.errors import Invalid
from core.markets.metrics import Definition
from core.units import MICRO, to_micro

Raw = str | int | float | bool | Decimal | None
SNIPPET_MOST = 500
FAR_SDS = 4.0  # Where prices say how uncertain they are.
FAR_OF_RANGE = 0.5  # Where they do not: further than that from what the market expected.
UNLIKELY = 0.05  # A yes or no to which the market gave less than this chance.
FUTURE_BY = timedelta(
    days=1
)  # A date without a zone may be of tomorrow; more than that is another year, or milliseconds.
_SIXTH = Decimal("0.000001")
_SECONDS_MOST = 10**11  # A larger number of a time is in milliseconds.


class Doubt(StrEnum):
    OUT_OF_RANGE = "out_of_range"
    NEITHER = "neither"
    FAR = "far"
    STALE = "stale"
    FUTURE = "future"
    UNCHANGED = "unchanged"
    UNCONFIRMED = "unconfirmed"
    STAKE = "stake"


PASSES = frozenset({Doubt.STALE, Doubt.UNCHANGED})  # Trying again later may find something newer.


@dataclass(frozen=True)
class Found:
    """What a source gave: a value, the time that it says the value is of, and the text around it."""

    raw: Raw
    as_of: Raw = None
    snippet: str = ""


@dataclass(frozen=True)
class Expected:
    """What the market thought before: an expected value in micro-units, and an sd where its prices tell one."""

    value: float
    sd: float | None


def value_of(found: Found, *, is_yes_or_no: bool) -> int:
    """Micro-units, cut after the sixth digit half up. Raises Invalid for what is no number."""
    if isinstance(found.raw, bool):
        if not is_yes_or_no:
            raise Invalid("value", "no_number", str(found.raw))
        return 100 * MICRO if found.raw else 0
    text = str(found.raw).strip() if found.raw is not None else ""
    try:
        number = Decimal(text)
        is_number = number.is_finite() and abs(number) < 10**15
    except InvalidOperation:
        is_number = False
    if not is_number:
        raise Invalid("value", "no_number", text[:40])
    return to_micro(number.quantize(_SIXTH), "value")


def moment_of(raw: Raw) -> datetime | None:
    """A time as sources write one: ISO 8601 (a day is its end, no zone is UTC), or seconds since 1970. Raises Invalid."""
    if raw is None or raw == "":
        return None
    text = str(raw).strip()
    try:
        number = float(text)
    except ValueError:
        return _of_iso(text)
    if not isfinite(number):
        raise Invalid("as_of", "no_time", text[:40])
    seconds = number / 1000 if abs(number) > _SECONDS_MOST else number
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError, ValueError):
        raise Invalid("as_of", "no_time", text[:40]) from None


def _of_iso(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("as_of", "no_time", text[:40]) from None
    if len(text) <= len("2026-11-27"):
        at = datetime.combine(at, time.max)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def doubts(
    definition: Definition,
    value: int,
    as_of: datetime | None,
    before: int | None,
    ends_at: datetime,
    expected: Sequence[Expected],
    now: datetime,
    *,
    is_yes_or_no: bool,
) -> list[Doubt]:
    """``before`` is what the source gave when it was set, ``ends_at`` when the window that is measured is over."""
    found = []
    if not definition.low <= value <= definition.high:
        found.append(Doubt.OUT_OF_RANGE)
    elif is_yes_or_no and definition.low < value < definition.high:
        # A source that says 1 for yes would else be read as a chance of one percent.
        found.append(Doubt.NEITHER)
    elif any(_is_far(definition, value, each, is_yes_or_no=is_yes_or_no) for each in expected):
        found.append(Doubt.FAR)
    if as_of is not None and as_of < ends_at - timedelta(seconds=1):
        found.append(Doubt.STALE)
    if as_of is not None and as_of > now + FUTURE_BY:
        found.append(Doubt.FUTURE)
    if as_of is None and before is not None and value == before:
        found.append(Doubt.UNCHANGED)
    return found


def _is_far(definition: Definition, value: int, expected: Expected, *, is_yes_or_no: bool) -> bool:
    off = abs(value - expected.value)
    size = definition.high - definition.low
    if is_yes_or_no:
        return off > (1 - UNLIKELY) * size
    if expected.sd is not None:
        return off > FAR_SDS * expected.sd
    return off > FAR_OF_RANGE * size
