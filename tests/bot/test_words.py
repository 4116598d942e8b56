"""Numbers, values and times as people read them."""

from datetime import UTC, datetime

import pytest

from bot import words
from core.units import MICRO

AT = datetime(2026, 11, 30, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "0"),
        (1, "less than 0.01"),
        (9_999, "less than 0.01"),
        (10_000, "0.01"),
        (60 * MICRO, "60"),
        (1_234_500_000, "1,234.50"),
        (MICRO // 2, "0.50"),
        (-3 * MICRO, "-3"),
        (10**14, "100,000,000"),
        (999_999, "1.00"),
    ],
)
def test_numbers_are_read_at_a_glance(micro: int, text: str):
    assert words.number(micro) == text


@pytest.mark.parametrize(
    ("micro", "text"),
    [(MICRO, "1 credit"), (0, "0 credits"), (2 * MICRO, "2 credits"), (1, "less than 0.01")],
)
def test_credits_agree_with_their_number(micro: int, text: str):
    assert words.credits(micro).startswith(text)


@pytest.mark.parametrize(
    ("micro", "text"),
    [(MICRO, "1"), (171_390_001, "171.390001"), (100_500_000, "100.5"), (0, "0"), (1, "0.000001")],
)
def test_what_goes_into_an_input_can_be_parsed_back(micro: int, text: str):
    assert words.plain(micro) == text


@pytest.mark.parametrize(
    ("micro", "unit", "low", "high", "text"),
    [
        (62 * MICRO, "points", 40 * MICRO, 80 * MICRO, "62.0 points"),
        (3_210_000, "%", 0, 10 * MICRO, "3.21%"),
        (1_234_567 * MICRO, "dollars", 0, 10**13, "1,234,567 dollars"),
        (500_000, "yes", 0, MICRO, "0.500 yes"),
        (0.5, "g", 0, 1, "0.000000500 g"),
        (-5 * MICRO, "°C", -20 * MICRO, 20 * MICRO, "-5.0 °C"),
        (0, "", -(10**14), 10**14, "0"),
    ],
)
def test_values_have_the_digits_that_suit_their_range(
    micro: float, unit: str, low: int, high: int, text: str
):
    assert words.value(micro, unit, low, high).strip() == text


@pytest.mark.parametrize(
    ("micro", "unit", "text"),
    [
        (71_250_000, "points", "71.25 points"),
        (20 * MICRO, "%", "20%"),
        (1, "g", "0.000001 g"),
        (0, "g", "0 g"),
    ],
)
def test_what_was_filed_is_shown_to_the_last_digit(micro: int, unit: str, text: str):
    assert words.exact_value(micro, unit) == text


@pytest.mark.parametrize(
    ("micro", "unit", "apart", "changed", "bare"),
    [
        (4_000_000, "points", "4.0 points", "+4.0 points", "+4.0"),
        (2_500_000, "%", "2.5 percentage points", "+2.5 percentage points", "+2.5"),
        (0, "points", "0.0 points", "0.0 points", "0.0"),
        (40_000, "", "0.0", "0.0", "0.0"),
        (-4_000_000, "points", "-4.0 points", "-4.0 points", "-4.0"),
    ],
)
def test_a_difference_of_percentages_is_in_points_and_a_change_has_a_sign(
    micro: int, unit: str, apart: str, changed: str, bare: str
):
    ends = (0, 100 * MICRO)

    assert words.difference(micro, unit, *ends) == apart
    assert words.change(micro, unit, *ends) == changed
    assert words.bare_change(micro, *ends) == bare


def test_a_time_is_shown_in_the_readers_zone_and_in_utc_where_that_cannot_be():
    assert words.moment(AT) == words.moment(int(AT.timestamp()))
    assert words.moment(AT) == "<!date^1796047200^{date_short_pretty} {time}|30 Nov 2026 14:00 UTC>"


@pytest.mark.parametrize(("seconds", "text"), [(86_400, "24 h"), (5400, "90 min"), (3600, "1 h"), (0, "0 h")])
def test_spans(seconds: int, text: str):
    assert words.span(seconds) == text


def test_a_challenge_window_of_no_length_is_not_spoken_of():
    assert words.after_window(86_400) == "After a challenge window of 24 h"
    assert words.after_window(0) == "At once"


def test_a_quotation_is_marked_line_by_line():
    assert words.quoted("a <b>\nc") == "> a &lt;b&gt;\n> c"


def test_typed_text_mentions_nobody():
    assert words.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("outcome", "unit", "text"),
    [
        ("LONG", "points", "2 Higher shares"),
        ("NO", "", "2 No shares"),
        ("60", "points", "2 shares around 60 points"),
        ("-2.5", "%", "2 shares around -2.5%"),
        ("60", "", "2 shares around 60"),
        ("red", "", "2 red shares"),
    ],
)
def test_shares_are_called_by_what_they_win_on(outcome: str, unit: str, text: str):
    assert words.shares(2 * MICRO, outcome, unit) == text
