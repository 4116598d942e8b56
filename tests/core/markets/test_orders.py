"""What can be asked of a market at all."""

from datetime import timedelta
from typing import Any

import pytest
from paper import NOW, market, order

from core.errors import Invalid
from core.markets.orders import PRICE_LEAST, PRICE_MOST, Act, Order
from core.units import MICRO, MOST

TWO, FIVE = market(), market(0.2, 0.2, 0.2, 0.2, 0.2)
SOON = NOW + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (order(Act.SPEND, MICRO, (-1,)), "outcome"),
        (order(Act.SPEND, MICRO, (2,)), "outcome"),
        (order(Act.SPEND, MICRO, ()), "outcome"),
        (order(Act.SPEND, MICRO, (0, 1)), "outcome"),
        (order(Act.SPEND, MICRO, (1, 1)), "outcome"),
        (order(Act.SELL_ALL, 0, ()), "outcome"),
        (order(Act.SPEND, 0), "amount"),
        (order(Act.BUY, -1), "amount"),
        (order(Act.SELL, MOST + 1), "amount"),
        (order(Act.MOVE, 0, (), estimate=MICRO), "amount"),
        (order(Act.MOVE, MICRO, ()), "estimate"),
        (order(Act.MOVE, MICRO, (), estimate=-1), "estimate"),
        (order(Act.MOVE, MICRO, (), estimate=100 * MICRO + 1), "estimate"),
        (order(Act.SPEND, MICRO, price=PRICE_LEAST - 1), "price"),
        (order(Act.SPEND, MICRO, price=PRICE_MOST + 1), "price"),
        (order(Act.SELL, MICRO, price=0), "price"),
        (order(Act.BUY, MICRO, price=500_000), "price"),
        (order(Act.SELL_ALL, MICRO, price=500_000), "price"),
        (order(Act.MOVE, MICRO, (), estimate=MICRO, price=500_000), "price"),
        (order(Act.SPEND, MICRO, price=500_000, expires_at=NOW), "expires_at"),
        (Order("", "ann", 1, (0,), Act.SPEND, MICRO), "key"),
        (Order("x" * 201, "ann", 1, (0,), Act.SPEND, MICRO), "key"),
    ],
    ids=lambda value: f"{value.act} {value.outcomes} {value.amount}" if isinstance(value, Order) else value,
)
def test_what_no_market_of_two_outcomes_can_do_is_refused_with_its_field(asked: Order, field: str):
    with pytest.raises(Invalid) as refused:
        asked.check(TWO, NOW)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        (order(Act.SPEND, MICRO, price=PRICE_MOST + 1), ("0.001", "0.999")),
        (order(Act.MOVE, MICRO, (), estimate=-1), ("0", "100")),
    ],
    ids=["price", "estimate"],
)
def test_a_refusal_names_prices_and_estimates_as_people_type_them(asked: Order, ends: tuple[str, str]):
    with pytest.raises(Invalid) as refused:
        asked.check(TWO, NOW)

    assert (refused.value.value, refused.value.limit) == ends


@pytest.mark.parametrize(
    "asked",
    [
        order(Act.SPEND, 1),
        order(Act.BUY, MOST, (1,)),
        order(Act.SELL_ALL, 0),
        order(Act.MOVE, MICRO, (), estimate=0),
        order(Act.MOVE, MICRO, (), estimate=100 * MICRO),
        order(Act.SPEND, MICRO, price=PRICE_LEAST),
        order(Act.SELL, MICRO, price=PRICE_MOST, expires_at=SOON),
    ],
    ids=lambda asked: f"{asked.act} {asked.outcomes} {asked.amount}",
)
def test_what_a_market_of_two_outcomes_can_do_is_let_through(asked: Order):
    asked.check(TWO, NOW)


def test_a_basket_is_some_of_many_outcomes_and_not_all_of_them():
    for basket in ((0,), (4, 2), (0, 1, 2, 3)):
        order(Act.BUY, MICRO, basket).check(FIVE, NOW)
    for basket in ((0, 1, 2, 3, 4), (0, 5), (3, 3)):
        with pytest.raises(Invalid):
            order(Act.BUY, MICRO, basket).check(FIVE, NOW)


def test_limit_orders_are_for_two_outcomes_only():
    with pytest.raises(Invalid) as refused:
        order(Act.SPEND, MICRO, price=500_000).check(FIVE, NOW)

    assert (refused.value.field, refused.value.rule) == ("price", "two_outcomes")


@pytest.mark.parametrize(
    "changed",
    [
        {"by": "bob"},
        {"market_id": 2},
        {"outcomes": (1,)},
        {"act": Act.BUY},
        {"amount": 2 * MICRO},
        {"limit": 1},
        {"price": 400_000},
        {"expires_at": NOW},
        {"estimate": 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_is_asked_otherwise_is_another_order(changed: dict[str, Any]):
    usual = {"by": "ann", "market_id": 1, "outcomes": (0,), "act": Act.SPEND, "amount": MICRO}

    assert Order("k", **(usual | changed)).asked != Order("k", **usual).asked
    assert Order("other", **usual).asked == Order("k", **usual).asked
