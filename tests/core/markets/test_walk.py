"""The way of an order through the maker and the limit orders, against a walk in tiny steps that knows no formula."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import ANN, market, state_of, waiting

from core.markets.resting import Resting
from core.markets.walk import PRICE_MOST, Match, Way, walk
from core.pricing import exact, lmsr
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

STEP = MICRO // 50
OF = market()
START = state_of(OF)
SIXTY = 600_000
prices = st.integers(10_000, 490_000)
amounts = st.integers(MICRO, 40 * MICRO)
people = st.sampled_from([ANN, 30, 31])


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Resting], Way]:
    """Limit orders on both sides of a price of one half, and a way into them."""
    made = []
    for number in range(draw(st.integers(0, 6))):
        # Whatever it buys or sells stands lower than the price for a purchase, higher for a sale.
        away, is_sale = draw(prices), draw(st.booleans())
        price = MILLIONTHS - away if is_sale else away
        outcome, person = draw(st.integers(0, 1)), draw(people)
        made.append(waiting(number + 1, outcome, price, draw(amounts), is_sale=is_sale, person=person))
    stop = draw(st.integers(510_000, 990_000) | st.just(PRICE_MOST))
    is_sale = draw(st.booleans())
    by_credits = not is_sale and draw(st.booleans())
    return made, Way(
        draw(st.integers(0, 1)), is_sale, draw(st.integers(MICRO, 150 * MICRO)), by_credits, stop
    )


@dataclass
class Steps:
    """A walk in tiny steps: the next one goes to whoever is cheapest, the maker or the first of the limit orders."""

    way: Way
    waiting: list[Resting]
    price: float
    shares: float = 0.0
    cost: float = 0.0
    bought_of_maker: float = 0.0
    met: dict[int, float] = field(default_factory=dict)

    def go(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        rising, reached = self.way.rising, self.price * MILLIONTHS
        facing = [order for order in self.waiting if order.price_of(rising) <= min(reached, self.way.stop)]
        if facing:
            return self._meet(min(facing, key=lambda order: (order.price_of(rising), order.id)))
        is_far = reached >= self.way.stop
        return not is_far and self._take(STEP, self._of_maker(STEP), of_maker=True)

    def _meet(self, order: Resting) -> bool:
        left = order.capacity - self.met.get(order.id, 0.0)
        if order.person == ANN or left < 1:
            self.waiting.remove(order)
            return True
        shares = min(STEP, left)
        taken = self._take(shares, shares * order.price_of(self.way.rising) / MILLIONTHS, of_maker=False)
        if taken:
            self.met[order.id] = self.met.get(order.id, 0.0) + shares
        return taken

    def _take(self, shares: float, cost: float, *, of_maker: bool) -> bool:
        own = (
            cost - shares if self.way.is_sale else cost
        )  # To sell one is to buy the other and give a set back.
        if (self.cost + own if self.way.by_credits else self.shares + shares) > self.way.amount:
            return False
        self.shares, self.cost = self.shares + shares, self.cost + own
        self.bought_of_maker += shares * of_maker
        self.price = self._price_after(self.bought_of_maker)
        return True

    def _of_maker(self, shares: float) -> float:
        """By the price in the middle of the step, which is what the step costs to many digits."""
        return shares * self._price_after(self.bought_of_maker + shares / 2)

    def _price_after(self, shares: float) -> float:
        moved = START.after((round(shares), 0) if self.way.rising == 0 else (0, round(shares)))
        return moved.prices[self.way.rising]


def stepwise(way: Way, orders: Sequence[Resting]) -> Steps:
    side = [order for order in orders if order.is_bid != (way.rising == 0)]
    found = Steps(way, side, price=0.5)
    found.go()
    return found


@given(books())
@settings(max_examples=150, deadline=None)
def test_a_walk_comes_as_far_as_one_in_tiny_steps_and_meets_the_same_orders(book: tuple[list[Resting], Way]):
    orders, way = book
    gone, slowly = walk(way, START, orders, ANN), stepwise(way, orders)
    found = {match.order.id: match.shares for match in gone.matches}

    # A step dearer than what is left ends the slow walk; of the money one step at most is left, so of the shares
    # as many steps as a share is cheap.
    near = STEP * 3 if not way.by_credits else STEP * 5
    assert gone.shares == pytest.approx(slowly.shares, abs=near)
    assert gone.cost == pytest.approx(slowly.cost, abs=near)
    for order in orders:
        assert found.get(order.id, 0) == pytest.approx(slowly.met.get(order.id, 0), abs=near)


@given(books())
def test_a_walk_is_exact_about_the_money(book: tuple[list[Resting], Way]):
    """What the maker gets from all sides covers the exact cost, and hardly more; no side is rounded to its favour."""
    orders, way = book
    gone = walk(way, START, orders, ANN)
    received = gone.cost + sum(paid(match) for match in gone.matches)
    sold = [after - before for before, after in zip(START.shares, gone.state.shares, strict=True)]
    due = exact.cost(START.liquidity, START.shares, START.weights, sold)

    assert due <= received < due + 2 + 3 * len(gone.matches)
    assert way.left(gone.shares, gone.cost) >= 0
    total = [sum(each) for each in zip(way.bought(gone.shares), *map(to_owner, gone.matches), strict=True)]
    assert sold == total


def paid(match: Match) -> int:
    """By the owner of a limit order, to the maker."""
    credits_moved = match.order.credits_for(match.shares)
    return -credits_moved if match.order.is_sale else credits_moved


def to_owner(match: Match) -> tuple[int, int]:
    """What the maker sells to the owner of a matched limit order."""
    shares = -match.shares if match.order.is_sale else match.shares
    return (shares, 0) if match.order.outcome == 0 else (0, shares)


@given(books())
def test_the_nearest_price_is_met_first_and_at_one_price_the_oldest(book: tuple[list[Resting], Way]):
    orders, way = book
    gone = walk(way, START, orders, ANN)
    met = [match.order for match in gone.matches]
    queue = sorted(
        (each for each in orders if each.is_bid != (way.rising == 0) and each.person != ANN),
        key=lambda each: (each.price_of(way.rising), each.id),
    )

    assert met == queue[: len(met)]
    assert all(match.shares == match.order.capacity for match in gone.matches[:-1])
    assert all(0 < match.shares <= match.order.capacity for match in gone.matches)


@given(books())
def test_afterwards_no_order_is_left_on_the_wrong_side_of_the_price(book: tuple[list[Resting], Way]):
    """Best bid <= price <= best ask, to the millionth in which prices are kept; own orders there were passed."""
    orders, way = book
    gone = walk(way, START, orders, ANN)
    full = {match.order.id for match in gone.matches if match.shares == match.order.capacity}
    left = [each for each in orders if each.id not in full and each not in gone.passed]
    price = gone.state.prices[0] * MILLIONTHS

    assert all(each.price <= price + 1 for each in left if each.is_bid)
    assert all(each.price >= price - 1 for each in left if not each.is_bid)
    assert gone.state.prices[way.rising] * MILLIONTHS <= way.stop


@given(books())
def test_own_orders_are_never_matched_and_passed_where_the_price_passes_them(book: tuple[list[Resting], Way]):
    orders, way = book
    gone = walk(way, START, orders, ANN)
    reached = gone.state.prices[way.rising] * MILLIONTHS

    assert all(match.order.person != ANN for match in gone.matches)
    assert all(order.person == ANN and order.price_of(way.rising) <= reached + 1 for order in gone.passed)


@given(st.integers(MICRO, 60 * MICRO), st.booleans(), st.integers(510_000, 990_000))
def test_own_orders_in_the_way_cost_nothing(amount: int, by_credits: bool, price: int):
    """The same trade with and without them; each step that is rounded up would be paid by the trader."""
    own = [waiting(n, 0, price + n, MICRO, is_sale=True, person=ANN) for n in range(1, 9)]
    way = Way(0, is_sale=False, amount=amount, by_credits=by_credits)
    free, cut = walk(way, START, [], ANN), walk(way, START, own, ANN)

    assert (free.cost, free.shares) == (cut.cost, cut.shares)


TO_SIXTY = lmsr.shares_to(START, 0, 0.6)


def test_two_at_one_price_are_met_in_the_order_of_their_age():
    old, new = (waiting(number, 0, SIXTY, 5 * MICRO, is_sale=True) for number in (1, 2))
    way = Way(0, is_sale=False, amount=TO_SIXTY + 7 * MICRO, by_credits=False)
    gone = walk(way, START, [old, new], ANN)

    assert gone.matches == (Match(old, 5 * MICRO), Match(new, 2 * MICRO))
    assert gone.state.shares == (TO_SIXTY, 0)
    assert not gone.is_stopped


def test_a_purchase_of_one_side_meets_a_purchase_of_the_other_as_a_set_minted_by_the_maker():
    """Ann buys LONG at 0.60, somebody SHORT at 0.40: the maker sells a set for 1, and its price stays."""
    other = waiting(1, 1, MILLIONTHS - SIXTY, 4 * MICRO)
    gone = walk(Way(0, is_sale=False, amount=100 * MICRO, by_credits=False, stop=SIXTY), START, [other], ANN)

    assert gone.shares == TO_SIXTY + 10 * MICRO
    assert gone.state.shares == (TO_SIXTY + 10 * MICRO, 10 * MICRO)
    assert gone.cost == lmsr.cost(START, (TO_SIXTY, 0)) + 6 * MICRO
    assert gone.is_stopped


def test_a_sale_of_one_side_meets_a_sale_of_the_other_as_a_set_given_back_to_the_maker():
    """Ann sells SHORT, which somebody who sells LONG at 0.60 meets at 0.40."""
    held = state_of(OF, (50 * MICRO, 50 * MICRO))
    other = waiting(1, 0, SIXTY, 10 * MICRO, is_sale=True)
    way = Way(0, is_sale=True, amount=TO_SIXTY + 10 * MICRO, by_credits=False)
    gone = walk(way, held, [other], ANN)

    assert gone.matches == (Match(other, 10 * MICRO),)
    assert gone.state.shares == (40 * MICRO, 40 * MICRO - TO_SIXTY)
    assert gone.cost == lmsr.cost(held, (0, -TO_SIXTY)) - 4 * MICRO


def test_an_own_order_in_the_way_is_passed_and_one_beyond_it_is_not():
    near, far = (
        waiting(n, 0, price, MICRO, is_sale=True, person=ANN) for n, price in ((1, SIXTY), (2, 700_000))
    )
    gone = walk(Way(0, is_sale=False, amount=TO_SIXTY + MICRO, by_credits=False), START, [near, far], ANN)

    assert (gone.passed, gone.matches) == ((near,), ())


@given(st.integers(1, MILLIONTHS - 1), st.integers(1, 10**12), st.booleans())
def test_a_limit_order_s_price_is_rounded_against_whoever_comes(price: int, shares: int, is_sale: bool):
    """And against its owner: on both sides by less than a micro, so a set costs at least 1."""
    way = Way(0, is_sale=is_sale, amount=shares, by_credits=False)
    due = (price - MILLIONTHS if is_sale else price) * shares

    assert 0 <= way.cost_at(price, shares) * MILLIONTHS - due < MILLIONTHS
    for other in (waiting(1, 1, MILLIONTHS - price, MICRO), waiting(2, 0, price, MICRO, is_sale=True)):
        own = other.price_of(other.outcome) * shares * (-1 if other.is_sale else 1)

        assert 0 <= paid(Match(other, shares)) * MILLIONTHS - own < MILLIONTHS


@given(st.integers(1, MILLIONTHS - 1), st.integers(1, 10**12), st.lists(st.integers(1, 10**9), max_size=6))
def test_an_order_is_full_when_nothing_of_it_is_left_and_not_before(
    price: int, amount: int, fills: list[int]
):
    order = waiting(1, 0, price, amount)
    for fill in [*fills, 10**19]:
        met = min(fill, order.capacity)
        order = replace(order, shares=order.shares + met, credits=order.credits + order.credits_for(met))

        assert order.left >= 0
        assert (order.capacity == 0) == (order.left == 0)
    assert order.left == 0
