"""Numbers as their readers write them, and what a typed number means."""

import pytest

from bot import numerals, refusals, words
from core.errors import Invalid
from core.units import MICRO


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en-US", "1,234,567.50"),
        ("en-GB", "1,234,567.50"),
        ("de-DE", "1.234.567,50"),
        ("fr-FR", "1\u202f234\u202f567,50"),
        ("fr-CH", "1\u2019234\u2019567,50"),
        ("de-CH", "1\u2019234\u2019567.50"),
        ("sv-SE", "1\u00a0234\u00a0567,50"),
        ("es-LA", "1,234,567.50"),
        ("ar-EG", "1,234,567.50"),
        ("de-XX", "1.234.567,50"),
    ],
)
def test_a_number_has_the_signs_of_its_readers_locale(tag: str, text: str):
    """Slack's own name for Latin America, and the language where the country is not known, are understood."""
    with numerals.read_by(numerals.of(tag)):
        assert words.number(1_234_567_500_000) == text


@pytest.mark.parametrize("tag", ["", "xx-YY", "not a locale"])
def test_what_is_no_locale_is_no_locale(tag: str):
    with pytest.raises(ValueError, match=r"."):
        numerals.of(tag)


@pytest.mark.parametrize(
    ("tag", "text"),
    [("en-US", "0, 10 20\n40"), ("en-US", "0,10;20,40"), ("de-DE", "0, 10; 20 40,"), ("de-DE", "")],
)
def test_a_list_is_parted_at_blanks_and_signs(tag: str, text: str):
    with numerals.read_by(numerals.of(tag)):
        assert numerals.parse_all(text, "centres") == tuple(n * MICRO for n in (0, 10, 20, 40) if text)


def test_a_comma_in_a_number_parts_no_list():
    """A German 12,5 is not taken for twelve and five."""
    with numerals.read_by(numerals.of("de-DE")), pytest.raises(Invalid) as refused:
        numerals.parse_all("0 12,5 25", "centres")

    assert (refused.value.field, refused.value.value, refused.value.limit) == ("centres", "12,5", "12.5")


def test_all_kinds_of_numbers_are_for_their_reader():
    with numerals.read_by(numerals.of("de-DE")):
        assert words.credits(1_234_500_000) == "1.234,50 credits"
        assert words.number(1) == "less than 0,01"
        assert words.value(3_210_000, "%", 0, 10 * MICRO) == "3,21\u00a0%"
        assert words.exact_value(71_250_000, "points") == "71,25 points"
        assert words.rate(0.5714) == "0,571 credits"
        assert words.part(0.125, 1) == "12,5\u00a0%"
        assert words.people(1_200) == "1.200 people"
        assert words.shares(2 * MICRO, "-2.5", "points") == "2 shares around -2,5 points"
        assert words.plain(2_500_000) == "2.5"  # Slack's number inputs know points only.
        assert "at most 100.000.000" not in refusals.sentence(Invalid("amount", "digits", "1.0000001"))
        assert refusals.sentence(Invalid("amount", "too_large", "100,000,000")).endswith("is 100.000.000.")
    assert words.credits(1_234_500_000) == "1,234.50 credits"


@pytest.mark.parametrize(
    ("tag", "text", "credits_meant"),
    [
        ("en-US", "1,500", 1500),
        ("en-US", "1.5", 1.5),
        ("de-DE", "1.5", 1.5),
        ("de-DE", "1500", 1500),
        ("de-DE", "1.2340", 1.234),
        ("fr-FR", "1500.25", 1500.25),
    ],
)
def test_a_typed_number_has_a_point_before_its_decimals(tag: str, text: str, credits_meant: float):
    with numerals.read_by(numerals.of(tag)):
        assert numerals.parse(text, "amount") == credits_meant * MICRO


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        ("de-DE", "1,5", "“1,5” is not a number here. With a point before the decimals it is 1.5."),
        ("de-DE", "1.234,50", "With a point before the decimals it is 1234.50."),
        ("de-DE", "1,500", "“1,500” can be read in two ways. Type 1500 or 1.5."),
        ("de-DE", "1.500", "“1.500” can be read in two ways. Type 1.5 or 1500."),
        ("de-DE", "1.234", "Type 1.2340 or 1234."),
        ("en-US", "1,5", "“1,5” is not a number here. With a point before the decimals it is 1.5."),
        ("en-US", "12,345,67", "“12,345,67” is not a number. Write it like 25 or 12.50."),
        *(("de-DE", word, f"“{word}” is not a number. Write it like") for word in ("ten", "1e3", "NaN", ".")),
    ],
)
def test_a_typed_number_that_means_another_one_elsewhere_is_not_guessed(tag: str, text: str, said: str):
    with numerals.read_by(numerals.of(tag)), pytest.raises(Invalid) as refused:
        numerals.parse(text, "amount")

    assert said in refusals.sentence(refused.value)
