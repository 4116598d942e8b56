"""What an order comes to against a market's state, for a trader with a position: the deal, or what is in its way."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from paper import ANN, CREDIT, MAKER, NOW, market, order, priced, state_of, waiting

from core.errors import InsufficientFunds, Invalid, PriceBound, WidthCap
from core.ledger.book import Book
from core.ledger.entries import Entry
from core.markets.deals import Holding
from core.markets.orders import Act
from core.pricing import lmsr
from core.units import MICRO

CAP = 110 * MICRO
CAPPED, FREE = market(width_cap=CAP), market()
BINS = market(0.1, 0.2, 0.3, 0.25, 0.15)
CAPPED_BINS = market(0.1, 0.2, 0.3, 0.25, 0.15, width_cap=CAP)
purchases = st.sampled_from([Act.SPEND, Act.BUY])
amounts = st.integers(MICRO, 60 * MICRO)
baskets = st.sets(st.integers(0, 4), min_size=1, max_size=4).map(sorted)


def test_a_purchase_is_signed_from_the_trader_s_side_and_a_sale_the_other_way():
    bought = priced(order(Act.BUY, 10 * MICRO), FREE)
    sold = priced(order(Act.SELL, 10 * MICRO), FREE, held=(10 * MICRO, 0))

    assert (bought.bought, bought.shares, bought.cost > 0) == ((10 * MICRO, 0), 10 * MICRO, True)
    assert (sold.bought, sold.shares, sold.cost < 0) == ((-10 * MICRO, 0), -10 * MICRO, True)
    assert bought.cost + sold.cost in {1, 2}


@given(amounts, baskets)
def test_a_spend_costs_no_more_than_was_to_be_spent_and_hardly_less(amount: int, basket: list[int]):
    """One more micro-share of each would be too much."""
    deal = priced(order(Act.SPEND, amount, basket), BINS)
    more = lmsr.only(state_of(BINS), basket, deal.shares + 1)

    assert amount - 2 <= deal.cost <= amount < lmsr.cost(state_of(BINS), more) + 1
    assert [n for n, shares in enumerate(deal.bought) if shares] == basket
    assert len(set(deal.bought)) == 2


@pytest.mark.parametrize(
    ("act", "amount", "held", "refusal"),
    [
        (Act.SPEND, 9_999, (0, 0), Invalid),
        (Act.BUY, 1, (0, 0), Invalid),
        (Act.SELL, 11, (10, 0), InsufficientFunds),
        (Act.SELL_ALL, 0, (0, 10), Invalid),
        (Act.SPEND, 900 * MICRO, (0, 0), PriceBound),
        (Act.BUY, 1_000 * MICRO, (0, 0), PriceBound),
        (Act.SELL, 1_850 * MICRO, (1_850 * MICRO, 930 * MICRO), PriceBound),
    ],
)
def test_what_the_market_does_not_take_is_refused(
    act: Act, amount: int, held: tuple[int, int], refusal: type[Exception]
):
    with pytest.raises(refusal):
        priced(order(act, amount), FREE, held)


@pytest.mark.parametrize(
    ("act", "amount"), [(Act.BUY, CAP + 1), (Act.SPEND, 80 * MICRO), (Act.SPEND, 900 * MICRO)]
)
@pytest.mark.parametrize("of", [CAPPED, CAPPED_BINS], ids=["two", "bins"])
def test_a_position_may_not_grow_past_the_cap(act: Act, amount: int, of: Any):
    with pytest.raises((WidthCap, PriceBound)):
        priced(order(act, amount), of)


@pytest.mark.parametrize("of", [CAPPED, CAPPED_BINS], ids=["two", "bins"])
def test_the_cap_itself_is_allowed_and_what_is_above_it_may_shrink_and_not_grow(of: Any):
    above = (150 * MICRO, *(0 for _ in of.outcomes[1:]))

    assert priced(order(Act.BUY, CAP), of).shares == CAP
    assert priced(order(Act.SELL, MICRO), of, above).shares == -MICRO
    with pytest.raises(WidthCap):
        priced(order(Act.BUY, MICRO), of, above)


@given(purchases, baskets, st.lists(st.integers(0, 110 * MICRO), min_size=5, max_size=5))
@pytest.mark.parametrize(
    "of", [FREE, CAPPED, BINS, CAPPED_BINS], ids=["two", "capped", "bins", "capped bins"]
)
def test_the_most_that_a_refusal_tells_can_be_had(of: Any, act: Act, basket: list[int], shares: list[int]):
    """A refusal says the most that would be welcome, so it has to be, and hardly more may be."""
    size = len(of.outcomes)
    held = [n - min(shares[:size]) for n in shares[:size]]
    basket = [0] if size == 2 else basket
    told = most_told(act, basket, of, held)
    assume(told > MICRO)

    assert priced(order(act, told, basket), of, held).shares > 0
    with pytest.raises((PriceBound, WidthCap)):
        priced(order(act, told + told // 10 + 10, basket), of, held)


def most_told(act: Act, basket: Sequence[int], of: Any, held: Sequence[int]) -> int:
    with pytest.raises((PriceBound, WidthCap)) as refused:
        priced(order(act, 3_000 * MICRO, basket), of, held)
    return refused.value.most


@pytest.mark.parametrize(("act", "worse"), [(Act.SPEND, 1), (Act.BUY, -1), (Act.SELL, 1), (Act.SELL_ALL, 1)])
@pytest.mark.parametrize("of", [FREE, BINS], ids=["two", "bins"])
def test_a_limit_is_the_worst_that_is_still_welcome(act: Act, worse: int, of: Any):
    """The fewest shares of a spend, the dearest cost of a purchase, the least proceeds of a sale."""
    held = (20 * MICRO, *(0 for _ in of.outcomes[1:]))
    deal = priced(order(act, 10 * MICRO), of, held)
    found = deal.shares if act == Act.SPEND else abs(deal.cost)

    assert deal.is_within(order(act, 10 * MICRO, limit=found))
    assert not deal.is_within(order(act, 10 * MICRO, limit=found + worse))
    assert deal.is_within(order(act, 10 * MICRO))


@given(
    st.sampled_from([Act.SPEND, Act.BUY, Act.SELL]),
    baskets,
    amounts,
    st.lists(amounts, min_size=5, max_size=5),
)
@pytest.mark.parametrize("of", [FREE, BINS], ids=["two", "bins"])
def test_postings_carry_out_the_deal_and_leave_no_full_set(
    of: Any, act: Act, basket: list[int], amount: int, shares: list[int]
):
    size = len(of.outcomes)
    held = [n - min(shares[:size]) for n in shares[:size]]
    basket = basket if size > 2 else [basket[0] % 2]
    if act == Act.SELL:
        amount = min(amount, *(held[n] for n in basket))
        assume(amount)
    deal = priced(order(act, amount, basket), of, held)
    book = Book(
        dict.fromkeys(itertools.product([ANN, MAKER], [CREDIT, *of.units]), 0)
        | {(ANN, CREDIT): 10**9, (MAKER, CREDIT): 10**9}
        | {(ANN, unit): n for unit, n in zip(of.units, held, strict=True)},
        {CREDIT: 0} | dict.fromkeys(of.units, MAKER),
    )
    moves = deal.postings(of, ANN)
    moves += of.whole_sets(book, ANN, moves)
    book.post(Entry("trade", "k", NOW, tuple(moves)))
    after = [book.balance(ANN, unit) for unit in of.units]

    assert min(after) == 0
    assert after == [n + more - deal.sets for n, more in zip(held, deal.bought, strict=True)]
    assert book.balance(ANN, CREDIT) == 10**9 - deal.cost + deal.sets


def test_a_basket_costs_less_than_its_outcomes_one_by_one_and_pays_as_much():
    """A share of each of neighbouring bins is one bet on a range."""
    basket = priced(order(Act.BUY, 50 * MICRO, (1, 2, 3)), BINS)
    alone = [priced(order(Act.BUY, 50 * MICRO, (n,)), BINS).cost for n in (1, 2, 3)]

    assert basket.bought == (0, 50 * MICRO, 50 * MICRO, 50 * MICRO, 0)
    assert basket.cost < sum(alone)


@given(baskets, st.lists(st.integers(0, 50 * MICRO), min_size=5, max_size=5))
def test_selling_all_of_a_basket_leaves_nothing_of_it_and_the_rest_untouched(
    basket: list[int], shares: list[int]
):
    assume(any(shares[n] for n in basket))
    deal = priced(order(Act.SELL_ALL, 0, basket), BINS, shares)

    assert deal.bought == tuple(-n if number in basket else 0 for number, n in enumerate(shares))
    assert deal.cost <= 0


@given(baskets, st.lists(st.integers(0, 50 * MICRO), min_size=5, max_size=5), amounts)
def test_a_sale_of_more_than_there_is_of_any_of_the_basket_is_refused(
    basket: list[int], shares: list[int], amount: int
):
    assume(amount > min(shares[n] for n in basket))
    with pytest.raises(InsufficientFunds) as refused:
        priced(order(Act.SELL, amount, basket), BINS, shares)

    assert (refused.value.needed, refused.value.of) == (amount, "shares")
    assert refused.value.available in [shares[n] for n in basket if shares[n] < amount]


def test_no_trade_takes_any_of_many_prices_below_the_bound():
    """Nor is it enough to stay above it with the outcome that is bought."""
    for basket in itertools.combinations(range(5), 2):
        told = most_told(Act.SPEND, basket, BINS, [0] * 5)
        after = priced(order(Act.SPEND, told, basket), BINS).after

        assert lmsr.PRICE_LEAST <= min(after) < lmsr.PRICE_LEAST * 1.001


@pytest.mark.parametrize("estimate", [15, 30, 49, 51, 80, 88])
@pytest.mark.parametrize(
    "of",
    [FREE, market(0.2, 0.2, 0.2, 0.2, 0.2, centres=[n * 25 * MICRO for n in range(5)])],
    ids=["two", "bins"],
)
def test_a_move_stops_at_the_estimate(estimate: int, of: Any):
    deal = priced(order(Act.MOVE, 800 * MICRO, (), estimate=estimate * MICRO), of)
    gap = of.expected(deal.after) - estimate * MICRO

    assert abs(gap) < 60  # The range is 100,000,000, and prices are kept in millionths.
    assert 0 < deal.cost < 800 * MICRO
    assert min(deal.bought) == 0


def test_a_move_to_zero_in_the_middle_of_the_range_goes_to_zero():
    around = market(0.1, 0.2, 0.3, 0.4, centres=[-20 * MICRO, -10 * MICRO, 0, 30 * MICRO])
    deal = priced(order(Act.MOVE, 800 * MICRO, (), estimate=0), around)

    assert around.expected(deal.after) == pytest.approx(0, abs=60)


@pytest.mark.parametrize(
    "of",
    [
        market(0.6, 0.4, centres=(0, 100 * MICRO)),
        market(0.25, 0.4, 0.35, centres=(100 * MICRO, 0, 20 * MICRO)),
    ],
    ids=["two", "three"],
)
def test_a_move_goes_toward_the_estimate_in_whatever_order_the_outcomes_stand(of: Any):
    before = of.expected(state_of(of).prices)
    for estimate in (10 * MICRO, 90 * MICRO):
        after = of.expected(priced(order(Act.MOVE, 5 * MICRO, (), estimate=estimate), of).after)

        assert (after > before) == (estimate > before)


@pytest.mark.parametrize("of", [FREE, BINS], ids=["two", "bins"])
@pytest.mark.parametrize("estimate", [1, 39])
def test_a_move_stops_when_the_money_is_spent(of: Any, estimate: int):
    deal = priced(order(Act.MOVE, 5 * MICRO, (), estimate=estimate * MICRO), of)
    before, after = of.expected(deal.before), of.expected(deal.after)

    assert 5 * MICRO - 10 <= deal.cost <= 5 * MICRO
    assert min(before, estimate * MICRO) < after < max(before, estimate * MICRO)


@pytest.mark.parametrize("of", [FREE, BINS], ids=["two", "bins"])
def test_a_move_stops_at_the_price_bound(of: Any):
    for estimate in (min(of.centres), max(of.centres)):
        deal = priced(order(Act.MOVE, 50_000 * MICRO, (), estimate=estimate), of)

        assert lmsr.PRICE_LEAST <= min(deal.after) < lmsr.PRICE_LEAST * 1.01


@pytest.mark.parametrize("of", [CAPPED, CAPPED_BINS], ids=["two", "bins"])
@pytest.mark.parametrize("held", [0, 50])
def test_a_move_stops_at_the_width_cap(of: Any, held: int):
    shares = (held * MICRO, *(0 for _ in of.outcomes[1:]))
    for estimate in (min(of.centres), max(of.centres)):
        deal = priced(order(Act.MOVE, 50_000 * MICRO, (), estimate=estimate), of, shares)
        after = [has + more for has, more in zip(shares, deal.bought, strict=True)]

        assert CAP - 10 <= max(after) - min(after) <= CAP


@pytest.mark.parametrize("of", [FREE, BINS], ids=["two", "bins"])
def test_a_move_to_where_the_market_is_is_refused(of: Any):
    here = round(of.expected(state_of(of).prices))
    with pytest.raises(Invalid) as refused:
        priced(order(Act.MOVE, 5 * MICRO, (), estimate=here), of)

    assert (refused.value.field, refused.value.rule) == ("estimate", "priced")


@pytest.mark.parametrize("of", [CAPPED, CAPPED_BINS], ids=["two", "bins"])
def test_a_move_that_the_width_cap_stops_at_once_is_refused_by_that_cap(of: Any):
    """And the other way it is none of its business."""
    shares = (CAP, *(0 for _ in of.outcomes[1:]))
    toward, away = of.centres[0], of.centres[-1]
    with pytest.raises(WidthCap) as refused:
        priced(order(Act.MOVE, 5 * MICRO, (), estimate=toward), of, shares)

    assert (refused.value.cap, refused.value.most, refused.value.act) == (CAP, 0, Act.MOVE)
    assert refused.value.width > CAP
    assert priced(order(Act.MOVE, 5 * MICRO, (), estimate=away), of, shares).cost > 4 * MICRO


def test_a_width_counts_limit_orders_on_the_side_that_they_would_widen():
    """Whichever of them are filled: a purchase on top of the shares, a sale's shares while they are not sold."""
    long_by_60 = Holding(
        ANN,
        (30 * MICRO, 0),
        (
            waiting(1, 0, 400_000, 8 * MICRO, person=ANN),  # Buys 20 LONG.
            waiting(
                2, 0, 700_000, 10 * MICRO, is_sale=True, person=ANN
            ),  # Has taken 10 LONG from the wallet.
            waiting(3, 1, 200_000, MICRO, person=ANN),  # Buys 5 SHORT, which is the other side.
        ),
    )

    assert long_by_60.lean(0) == 60 * MICRO
    assert long_by_60.lean(1) == (-30 - 10 + 10 + 5) * MICRO
    assert long_by_60.width() == 60 * MICRO


@given(st.integers(1_000, 999_000), st.integers(MICRO, 3_000 * MICRO), st.integers(0, 110 * MICRO))
def test_the_most_that_the_cap_leaves_for_a_limit_order_can_be_placed(price: int, amount: int, held: int):
    """Filled now or later, it may never widen the position past the cap."""
    asked = order(Act.SPEND, amount, price=price)
    try:
        deal = priced(asked, CAPPED, (held, 0))
    except WidthCap as refused:
        assume(refused.most > 20_000)
        deal = priced(order(Act.SPEND, refused.most, price=price), CAPPED, (held, 0))

    assert held + deal.shares + deal.rests * MICRO // price <= CAP
