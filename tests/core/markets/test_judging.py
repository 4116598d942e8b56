"""What a source gave, as a value and a time, and what speaks against it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import Invalid
from core.markets import judging
from core.markets.judging import Doubt, Expected, Found
from core.markets.metrics import Definition
from core.units import MICRO

SCORE = Definition("Score", "points", 0, 100 * MICRO, "The score.")
END = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("raw", [61.5, "61.5", " 61.50 ", Decimal("61.5"), "6.15e1", "61.4999995"])
def test_a_number_is_taken_however_it_is_written(raw: Any):
    assert judging.value_of(Found(raw), is_yes_or_no=False) == 61_500_000


@pytest.mark.parametrize(
    "raw", ["n/a", "", None, True, "NaN", float("inf"), "12 points", "1e40", "1,200.5", "0x10"]
)
def test_what_is_no_number_is_refused(raw: Any):
    with pytest.raises(Invalid) as refused:
        judging.value_of(Found(raw), is_yes_or_no=False)

    assert refused.value.rule == "no_number"


def test_a_yes_is_a_hundred_and_a_no_nothing():
    assert [judging.value_of(Found(raw), is_yes_or_no=True) for raw in (True, False, 100)] == [
        100 * MICRO,
        0,
        100 * MICRO,
    ]


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2026-01-31T12:00:00Z", END),
        ("2026-01-31T13:00:00+01:00", END),
        ("2026-01-31T12:00:00", END),
        ("2026-01-30", datetime(2026, 1, 30, 23, 59, 59, 999_999, UTC)),
        (END.timestamp(), END),
        (str(int(END.timestamp() * 1000)), END),
        (None, None),
        ("", None),
    ],
)
def test_times_are_read_as_sources_write_them(raw: Any, at: datetime | None):
    assert judging.moment_of(raw) == at


@pytest.mark.parametrize("raw", ["soon", "1e300", "nan", True, "2026-13-01"])
def test_what_is_no_time_is_refused(raw: Any):
    with pytest.raises(Invalid) as refused:
        judging.moment_of(raw)

    assert refused.value.rule == "no_time"


def doubts(
    value: float, *expected: Expected, as_of: Any = END, before: int | None = None, **is_: bool
) -> list[Doubt]:
    asked = {"is_yes_or_no": False} | is_
    return judging.doubts(SCORE, int(value * MICRO), as_of, before, END, expected, END, **asked)


HALF = Expected(50.0 * MICRO, None)


@pytest.mark.parametrize(
    ("value", "expected", "found"),
    [
        (100, HALF, []),
        (100.1, HALF, [Doubt.OUT_OF_RANGE]),
        (-0.1, HALF, [Doubt.OUT_OF_RANGE]),
        (15, Expected(60.0 * MICRO, None), []),
        (9, Expected(60.0 * MICRO, None), [Doubt.FAR]),
        (58, Expected(50.0 * MICRO, 2.0 * MICRO), []),
        (59, Expected(50.0 * MICRO, 2.0 * MICRO), [Doubt.FAR]),
    ],
)
def test_what_lies_outside_or_far_from_what_was_expected_is_doubted(
    value: float, expected: Expected, found: list[Doubt]
):
    assert doubts(value, expected) == found


def test_an_answer_is_far_only_where_hardly_anybody_thought_so():
    assert doubts(100, Expected(6.0 * MICRO, None), is_yes_or_no=True) == []
    assert doubts(100, Expected(4.0 * MICRO, None), is_yes_or_no=True) == [Doubt.FAR]


def test_an_answer_that_is_neither_a_yes_nor_a_no_is_doubted():
    """Most sources say 1 for a yes, which would settle as a chance of one percent."""
    likely = Expected(60.0 * MICRO, None)

    assert [doubts(value, likely, is_yes_or_no=True) for value in (0, 0.99, 1, 50, 100)] == [
        [],
        [Doubt.NEITHER],
        [Doubt.NEITHER],
        [Doubt.NEITHER],
        [],
    ]
    assert doubts(101, likely, is_yes_or_no=True) == [Doubt.OUT_OF_RANGE]


def test_what_is_of_before_the_end_is_old_and_what_has_no_time_must_differ():
    assert doubts(50, HALF, as_of=END - timedelta(minutes=1)) == [Doubt.STALE]
    assert doubts(50, HALF, as_of=None, before=50 * MICRO) == [Doubt.UNCHANGED]
    assert doubts(50, HALF, as_of=END, before=50 * MICRO) == []
    assert doubts(50, HALF, as_of=None, before=49 * MICRO) == []
