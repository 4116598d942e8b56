"""What an order comes to against a market's state: guards first, then the deal."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InsufficientFunds, Invalid, PriceBound, WidthCap
from core.ledger.book import Book
from core.ledger.entries import Entry
from core.markets import orders
from core.markets.orders import Act, Deal, Order
from core.markets.market import Market, Outcome, State
from core.pricing import lmsr
from core.pricing.twap import Tick
from core.units import MICRO

NOW = datetime(2026, 1, 1, tzinfo=UTC)
B = 100 * MICRO
CREDIT, LONG, SHORT = 1, 2, 3
MAKER, ANN = 10, 20
WEIGHTS = lmsr.weights(B, [0.5, 0.5])
MARKET = Market(
    id=1,
    metric_id=1,
    branch_id=None,
    unit=CREDIT,
    maker=MAKER,
    state=State.OPEN,
    liquidity=B,
    least_order=10_000,
    width_cap=110 * MICRO,
    opened_at=NOW,
    closes_at=NOW,
    settled_to=None,
    trades=0,
    tick=Tick(0, (500_000, 500_000), (0, 0)),
    outcomes=(Outcome(0, "LONG", LONG, WEIGHTS[0]), Outcome(1, "SHORT", SHORT, WEIGHTS[1])),
)
FRESH = lmsr.State(B, (0, 0), WEIGHTS)


def order(act: Act, amount: int, outcome: int = 0, limit: int | None = None) -> Order:
    return Order("k", "ann", 1, outcome, act, amount, limit)


def price(act: Act, amount: int, held: tuple[int, int] = (0, 0), outcome: int = 0) -> Deal:
    """The deal for somebody who holds these shares, all of which the maker sold."""
    return orders.price(order(act, amount, outcome), MARKET, lmsr.State(B, held, WEIGHTS), held)


def test_a_purchase_is_signed_from_the_trader_s_side_and_a_sale_the_other_way():
    bought, sold = price(Act.BUY, 10 * MICRO), price(Act.SELL, 10 * MICRO, held=(10 * MICRO, 0))

    assert (bought.shares, bought.cost > 0) == (10 * MICRO, True)
    assert (sold.shares, sold.cost < 0) == (-10 * MICRO, True)
    assert bought.cost + sold.cost in {1, 2}


def test_a_spend_costs_no_more_than_was_to_be_spent():
    deal = price(Act.SPEND, 10 * MICRO)

    assert 10 * MICRO - 2 <= deal.cost <= 10 * MICRO


@pytest.mark.parametrize(
    ("act", "amount", "held", "refusal"),
    [
        (Act.SPEND, 9_999, (0, 0), Invalid),
        (Act.BUY, 1, (0, 0), Invalid),
        (Act.SELL, 11, (10, 0), InsufficientFunds),
        (Act.SPEND, 900 * MICRO, (0, 0), PriceBound),
        (Act.BUY, 1_000 * MICRO, (0, 0), PriceBound),
        (Act.BUY, 110 * MICRO + 1, (0, 0), WidthCap),
        (Act.SPEND, 80 * MICRO, (0, 0), WidthCap),
    ],
)
def test_what_the_market_does_not_take_is_refused(
    act: Act, amount: int, held: tuple[int, int], refusal: type[Exception]
):
    with pytest.raises(refusal):
        price(act, amount, held)


def test_the_cap_itself_is_allowed_and_what_is_above_it_may_shrink():
    assert price(Act.BUY, 110 * MICRO).shares == 110 * MICRO
    assert price(Act.SELL, MICRO, held=(150 * MICRO, 0)).shares == -MICRO


def test_the_bound_that_is_told_can_be_spent():
    """A refusal says the most that would be welcome, so it has to be."""
    with pytest.raises(PriceBound) as refused:
        orders.price(order(Act.SPEND, 900 * MICRO), MARKET, FRESH, (0, 0))
    told = refused.value.most

    assert orders.price(order(Act.SPEND, told), MARKET, FRESH, (0, 0)).cost <= told
    with pytest.raises(WidthCap):  # The cap is nearer than the bound here, and nothing above it fits.
        orders.price(order(Act.SPEND, told + 10), MARKET, FRESH, (0, 0))


@pytest.mark.parametrize(("act", "worse"), [(Act.SPEND, 1), (Act.BUY, -1), (Act.SELL, 1)])
def test_a_limit_is_the_worst_that_is_still_welcome(act: Act, worse: int):
    """The fewest shares of a spend, the dearest cost of a purchase, the least proceeds of a sale."""
    deal = price(act, 10 * MICRO, held=(20 * MICRO, 0))
    found = deal.shares if act == Act.SPEND else abs(deal.cost)

    assert deal.is_within(order(act, 10 * MICRO, limit=found))
    assert not deal.is_within(order(act, 10 * MICRO, limit=found + worse))
    assert deal.is_within(order(act, 10 * MICRO))


@given(
    st.sampled_from(Act),
    st.integers(0, 1),
    st.integers(MICRO, 50 * MICRO),
    st.integers(0, 60 * MICRO),
    st.integers(0, 1),
)
def test_postings_carry_out_the_deal_and_leave_no_full_set(
    act: Act, outcome: int, amount: int, shares: int, side: int
):
    held = (shares, 0) if side == 0 else (0, shares)
    if act == Act.SELL:
        amount = min(amount, held[outcome]) or 1
        held = (max(held[0], amount * (outcome == 0)), max(held[1], amount * (outcome == 1)))
        held = (held[0], 0) if outcome == 0 else (0, held[1])
    deal = price(act, amount, held, outcome)
    book = Book(
        [ANN, MAKER],
        {(ANN, CREDIT): 10**9, (MAKER, CREDIT): 10**9, (ANN, LONG): held[0], (ANN, SHORT): held[1]},
        {CREDIT: 0, LONG: MAKER, SHORT: MAKER},
    )
    book.post(Entry("trade", "k", NOW, tuple(deal.postings(MARKET, ANN))))
    after = [book.balance(ANN, LONG), book.balance(ANN, SHORT)]

    assert min(after) == 0
    assert after[outcome] == held[outcome] + deal.shares - deal.sets
    assert book.balance(ANN, CREDIT) == 10**9 - deal.cost + deal.sets
