"""The way of an order through a market of two outcomes: the maker up to the next limit order, then that order, and on.

An order either buys one outcome or sells the other; both raise the price of the first, here the *rising* outcome.
Whoever trades, trades with the maker: at a limit order's price the two sides together buy a full set of it, give one
back, or pass shares on, so the maker's price stays and its books never suffer. Prices are millionths.
"""

from collections.abc import Sequence
from typing import NamedTuple

from core.markets.resting import Resting
from core.pricing import lmsr
from core.pricing.twap import MILLIONTHS

PRICE_MOST = MILLIONTHS - round(lmsr.PRICE_LEAST * MILLIONTHS)


class Way(NamedTuple):
    """What an order is after: to raise one outcome's price, by buying it or by selling the other one.

    ``amount`` counts micro-credits if ``by_credits``, else micro-shares. It goes no further than the price ``stop``.
    """

    rising: int
    is_sale: bool
    amount: int
    by_credits: bool
    stop: int = PRICE_MOST

    def bought(self, shares: int) -> tuple[int, int]:
        """So many shares as a trade: of the rising outcome bought, or of the other one sold."""
        outcome, change = (1 - self.rising, -shares) if self.is_sale else (self.rising, shares)
        return (change, 0) if outcome == 0 else (0, change)

    def cost_at(self, price: int, shares: int) -> int:
        """What shares cost at a limit order's price of the rising outcome, rounded against the trader."""
        if self.is_sale:
            return -((MILLIONTHS - price) * shares // MILLIONTHS)
        return -(-price * shares // MILLIONTHS)

    def left(self, shares: int, cost: int) -> int:
        return self.amount - (cost if self.by_credits else shares)


class Match(NamedTuple):
    """A limit order that took part, and with how many shares."""

    order: Resting
    shares: int


class Walk(NamedTuple):
    """How far an order came: shares, what they cost (below zero: brought), and the maker after it.

    ``passed`` are the trader's own limit orders whose price was reached: they are not filled, and cannot stay.
    ``is_stopped`` says that the price ended the way before the amount was used.
    """

    shares: int
    cost: int
    matches: tuple[Match, ...]
    passed: tuple[Resting, ...]
    state: lmsr.State
    is_stopped: bool


def walk(way: Way, state: lmsr.State, orders: Sequence[Resting], by: int) -> Walk:
    """Goes the way: limit orders on the other side of it are met at the nearest price first, and there oldest first.

    The trader's own are no stop on it, since each stop would round the cost up once more.
    """
    shares, cost, matches = 0, 0, list[Match]()
    facing = _facing(way, orders)

    def ended(*, is_stopped: bool) -> Walk:
        reached = way.stop if is_stopped else state.prices[way.rising] * MILLIONTHS
        passed = [each for each in facing if each.person == by and each.price_of(way.rising) <= reached]
        return Walk(shares, cost, tuple(matches), tuple(passed), state, is_stopped)

    for order in [*(each for each in facing if each.person != by), None]:
        price = order.price_of(way.rising) if order else PRICE_MOST
        wanted = _affordable(way, state, way.left(shares, cost))
        taken, after = _up_to(way, state, wanted, min(price, way.stop))
        shares, cost, state = shares + taken, cost + lmsr.cost(state, way.bought(taken)), after
        if taken == wanted or order is None or price > way.stop:
            return ended(is_stopped=taken < wanted)
        met = min(order.capacity, _affordable_at(way, price, way.left(shares, cost)))
        if met:
            matches.append(Match(order, met))
            shares, cost = shares + met, cost + way.cost_at(price, met)
            state = state.after(minted(way, order, met))
        if met < order.capacity:
            return ended(is_stopped=False)
    raise AssertionError("unreachable")


def minted(way: Way, order: Resting, shares: int) -> tuple[int, int]:
    """What the maker sells (takes back, below zero) when an order meets a limit order: sets, or nothing on the whole."""
    taker = way.bought(shares)
    change = -shares if order.is_sale else shares
    return (taker[0] + change, taker[1]) if order.outcome == 0 else (taker[0], taker[1] + change)


def _facing(way: Way, orders: Sequence[Resting]) -> Sequence[Resting]:
    """Limit orders on the other side of the way. Sorting keeps the older of two at the same price in front."""
    return orders and sorted(
        (each for each in orders if each.is_bid != (way.rising == 0)),
        key=lambda each: each.price_of(way.rising),
    )


def _affordable(way: Way, state: lmsr.State, left: int) -> int:
    """The shares that what is left buys of the maker alone."""
    return lmsr.shares_for(state, [way.rising], left) if way.by_credits else left


def _affordable_at(way: Way, price: int, left: int) -> int:
    return left * MILLIONTHS // price if way.by_credits else left


def _up_to(way: Way, state: lmsr.State, wanted: int, stop: int) -> tuple[int, lmsr.State]:
    """So many shares of the maker, or fewer where the price would pass the stop; and the maker after them."""
    price, after = stop / MILLIONTHS, state.after(way.bought(wanted))
    if after.prices[way.rising] <= price:
        return wanted, after
    taken = lmsr.shares_to(state, way.rising, price)
    return taken, state.after(way.bought(taken))
