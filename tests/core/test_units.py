"""Amounts as people type them, in whole micro-units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.units import MICRO, MOST, parse, positive, to_credits, to_micro, within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100", 100 * MICRO),
        (" 1,000.50 ", 1_000_500_000),
        ("-3", -3 * MICRO),
        ("0.000001", 1),
        ("1,234,567.", 1_234_567 * MICRO),
    ],
)
def test_what_people_type_is_an_amount(text: str, expected: int):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "number"),
        ("ten", "number"),
        ("0x10", "number"),
        ("nan", "number"),
        ("-inf", "number"),
        ("0.0000001", "digits"),
        ("1e-7", "number"),
        ("1_000", "number"),
        ("10,00", "number"),
        (".", "number"),
        ("100,000,000.000001", "too_large"),
        ("9" * 500, "too_large"),
        ("0." + "0" * 500 + "1", "digits"),
        ("1,50", "number"),
        ("1.0000000000000000000000000000001", "digits"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_rule_it_breaks(text: str, rule: str):
    with pytest.raises(Invalid) as refused:
        parse(text, "spend")

    assert (refused.value.field, refused.value.rule) == ("spend", rule)


@given(st.integers(-MOST, MOST))
def test_credits_and_micro_units_are_the_same_amount(micro: int):
    assert to_micro(to_credits(micro)) == micro
    assert to_credits(micro) * MICRO == Decimal(micro)


@pytest.mark.parametrize(
    ("least", "most", "said"), [(1_000, 999_000, ("0.001", "0.999")), (-MICRO, MOST, ("-1", "100,000,000"))]
)
def test_what_lies_outside_is_refused_with_both_ends_as_they_are_typed(
    least: int, most: int, said: tuple[str, str]
):
    assert (within(least, least, most, "price"), within(most, least, most, "price")) == (least, most)
    for amount in (least - 1, most + 1):
        with pytest.raises(Invalid) as refused:
            within(amount, least, most, "price")
        assert (refused.value.field, refused.value.rule) == ("price", "between")
        assert (refused.value.value, refused.value.limit) == said
        assert (parse(said[0]), parse(said[1])) == (least, most)


def test_only_what_is_above_zero_and_not_too_large_is_positive():
    assert positive(1) == 1
    assert positive(MOST) == MOST
    for amount, rule in ((0, "positive"), (-1, "positive"), (MOST + 1, "too_large")):
        with pytest.raises(Invalid) as refused:
            positive(amount)
        assert refused.value.rule == rule
