"""What an order comes to: the maker's offer, and that of the limit orders that it meets, for one trader."""

from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from core.errors import InsufficientFunds, Invalid, PriceBound, WidthCap
from core.ledger.entries import Posting, transfer
from core.markets.market import LONG, SHORT, Market
from core.markets.orders import Act, Order
from core.markets.resting import Resting
from core.markets.walk import PRICE_MOST, Match, Walk, Way, walk
from core.pricing import lmsr, payout
from core.pricing.twap import MILLIONTHS
from core.units import MOST


class Holding(NamedTuple):
    """What a trader has in a market: shares per outcome, and the limit orders that wait."""

    person: int
    shares: tuple[int, ...]
    resting: tuple[Resting, ...] = ()

    def lean(self, rising: int) -> int:
        """How many more shares of one of two outcomes than of the other, once all orders on its side are filled."""
        if not self.resting:
            return self.shares[rising] - self.shares[1 - rising]
        reserved = [sum(o.left for o in self.resting if o.is_sale and o.outcome == n) for n in (LONG, SHORT)]
        more = self.shares[rising] + reserved[rising] - self.shares[1 - rising] - reserved[1 - rising]
        return more + sum(o.capacity for o in self.resting if o.is_bid == (rising == LONG))

    def width(self) -> int:
        """Most minus fewest shares, whichever of its orders are filled."""
        if len(self.shares) > 2:
            return max(self.shares) - min(self.shares)
        return max(self.lean(LONG), self.lean(SHORT))

    def width_after(self, bought: Sequence[int]) -> int:
        """The same after a trade with the maker alone."""
        held = [has + more for has, more in zip(self.shares, bought, strict=True)]
        return max(held) - min(held)


class Deal(NamedTuple):
    """An order priced. ``bought`` and ``cost`` are signed from the trader's side (bought, paid: above zero).

    ``rests`` is what a limit order leaves to wait: micro-credits, or micro-shares of a sale.
    """

    bought: tuple[int, ...]
    cost: int
    sets: int
    before: Sequence[float]
    after: Sequence[float]
    matches: tuple[Match, ...] = ()
    passed: tuple[Resting, ...] = ()
    rests: int = 0

    def postings(self, market: Market, holder: int) -> list[Posting]:
        """Money against shares, between the trader and the maker."""
        money = transfer(holder, market.maker, self.cost, market.unit)
        pairs = zip(self.bought, market.units, strict=True)
        shares = [each for n, unit in pairs for each in transfer(market.maker, holder, n, unit)]
        return money + shares if self.cost > 0 else shares + money

    @property
    def shares(self) -> int:
        """Of the outcome that most was bought or sold of."""
        return max(self.bought, key=abs)

    def is_within(self, order: Order) -> bool:
        """Whether it is no worse than the worst that the order still welcomes."""
        if order.limit is None:
            return True
        if order.act in (Act.SPEND, Act.MOVE):
            return self.shares >= order.limit
        return self.cost <= (order.limit if order.act == Act.BUY else -order.limit)


def price(
    order: Order, market: Market, state: lmsr.State, holding: Holding, orders: Sequence[Resting] = ()
) -> Deal:
    """The deal for an order that was checked. Raises InsufficientFunds, Invalid, PriceBound or WidthCap."""
    priced = _walked if len(market.outcomes) == 2 else _of_maker
    deal = priced(order, market, state, holding, orders)
    if order.act == Act.MOVE and _is_too_little(order, market, deal.cost):
        raise Invalid("estimate", "priced")
    is_nothing = not any(deal.bought) and not deal.rests
    if is_nothing or (not order.is_sale and deal.cost + deal.rests < market.least_order):
        raise Invalid("amount", "least_order", str(market.least_order))
    return deal


def _walked(
    order: Order, market: Market, state: lmsr.State, holding: Holding, orders: Sequence[Resting]
) -> Deal:
    """Two outcomes: the maker and the limit orders in turn."""
    way = _way(order, market, state, holding)
    gone = walk(way, state, orders, holding.person)
    rests = way.left(gone.shares, gone.cost) if order.price is not None and gone.is_stopped else 0
    waiting = rests if order.is_sale else rests * MILLIONTHS // (order.price or MILLIONTHS)
    room = max(0, _widest(market, holding) - holding.lean(way.rising))
    if gone.shares + waiting > room:
        within = walk(way._replace(amount=room, by_credits=False), state, orders, holding.person)
        if order.act != Act.MOVE or _is_too_little(order, market, within.cost):
            _refuse_width(order, market, holding.lean(way.rising) + gone.shares + waiting, within, room)
        gone = within
    elif gone.is_stopped and order.price is None and order.act != Act.MOVE:
        raise PriceBound(_just_under(gone.cost) if way.by_credits else gone.shares, order.act)
    return Deal(
        bought=way.bought(gone.shares),
        cost=gone.cost,
        sets=_sets(holding, way.bought(gone.shares)),
        before=state.prices,
        after=gone.state.prices,
        matches=gone.matches,
        passed=gone.passed,
        rests=rests if waiting else 0,
    )


def _of_maker(
    order: Order, market: Market, state: lmsr.State, holding: Holding, orders: Sequence[Resting]
) -> Deal:
    """More than two outcomes: the maker alone."""
    del orders
    bought = _wanted(order, market, state, holding)
    before, after = state.prices, state.after(bought).prices
    if not lmsr.keeps_bound(before, after):
        if order.is_sale:
            raise PriceBound(lmsr.most_sold(state, order.outcomes), order.act)
        most = min(_most_bought(order, state), _room(order, market, state, holding))
        raise PriceBound(most, order.act)
    if holding.width_after(bought) > _widest(market, holding):
        room = _room(order, market, state, holding)
        raise WidthCap(market.width_cap or 0, holding.width_after(bought), room, order.act)
    return Deal(bought, lmsr.cost(state, bought), _sets(holding, bought), before, after)


def _way(order: Order, market: Market, state: lmsr.State, holding: Holding) -> Way:
    if order.act == Act.MOVE:
        # The first outcome's price there, which need not be the one that gains as the metric rises.
        at = payout.price_of(order.estimate or 0, low=market.centres[SHORT], high=market.centres[LONG])
        target = round(at * MILLIONTHS)
        is_up = target > state.prices[LONG] * MILLIONTHS
        stop = min(target if is_up else MILLIONTHS - target, PRICE_MOST)
        return Way(LONG if is_up else SHORT, is_sale=False, amount=order.amount, by_credits=True, stop=stop)
    (outcome,) = order.outcomes
    if order.is_sale:
        stop = PRICE_MOST if order.price is None else MILLIONTHS - order.price
        amount = _sold(order, market, holding)[outcome]
        return Way(1 - outcome, is_sale=True, amount=amount, by_credits=False, stop=stop)
    by_credits = order.act == Act.SPEND
    stop = PRICE_MOST if order.price is None else order.price
    return Way(outcome, is_sale=False, amount=order.amount, by_credits=by_credits, stop=stop)


def _wanted(order: Order, market: Market, state: lmsr.State, holding: Holding) -> tuple[int, ...]:
    """The trade that the order asks for."""
    if order.act == Act.MOVE:
        return _moved(order, market, state, holding)
    if order.is_sale:
        return tuple(-shares for shares in _sold(order, market, holding))
    shares = order.amount
    if order.act == Act.SPEND:
        shares = lmsr.shares_for(state, order.outcomes, order.amount)
    return lmsr.only(state, order.outcomes, shares)


def _moved(order: Order, market: Market, state: lmsr.State, holding: Holding) -> tuple[int, ...]:
    """The trade toward the estimate, as far as the money, the price bound and the cap let it."""
    low, widest = min(market.centres), _widest(market, holding)
    levels = [centre - low for centre in market.centres]
    target = (low if order.estimate is None else order.estimate) - low
    within = lmsr.tilt(
        state, levels, target, order.amount, lambda bought: holding.width_after(bought) <= widest
    )
    if _is_too_little(order, market, lmsr.cost(state, within)):
        free = lmsr.tilt(state, levels, target, order.amount)
        if not _is_too_little(order, market, lmsr.cost(state, free)):
            raise WidthCap(widest, holding.width_after(free), 0, order.act)
    return within


def _is_too_little(order: Order, market: Market, cost: int) -> bool:
    """Whether a move stops at once, before it costs the least order, for which there would be money enough."""
    return cost < min(max(market.least_order, 1), order.amount)


def _room(order: Order, market: Market, state: lmsr.State, holding: Holding) -> int:
    """What the cap leaves of the outcomes: shares of each of them, or for a SPEND what they cost."""
    held = [shares for number, shares in enumerate(holding.shares) if number in order.outcomes]
    others = [shares for number, shares in enumerate(holding.shares) if number not in order.outcomes]
    room = max(0, _widest(market, holding) + min(others) - max(held, default=0))
    if order.act != Act.SPEND:
        return room
    return _just_under(lmsr.cost(state, lmsr.only(state, order.outcomes, room)))


def _most_bought(order: Order, state: lmsr.State) -> int:
    most = lmsr.most_spend(state, order.outcomes)
    return most if order.act == Act.SPEND else lmsr.shares_for(state, order.outcomes, most)


def _sold(order: Order, market: Market, holding: Holding) -> list[int]:
    """The shares of each outcome that a sale gives back. Raises InsufficientFunds for more than there are."""
    all_of_it = order.act == Act.SELL_ALL
    for number in order.outcomes:
        held = holding.shares[number]
        if not all_of_it and order.amount > held:
            raise InsufficientFunds(0, market.units[number], order.amount, held, "shares")
    amounts = [held if all_of_it else order.amount for held in holding.shares]
    return [amount if number in order.outcomes else 0 for number, amount in enumerate(amounts)]


def _refuse_width(order: Order, market: Market, width: int, within: Walk, room: int) -> NoReturn:
    """A position above the cap may always shrink, but not grow."""
    most = 0 if order.act == Act.MOVE else room
    if order.act == Act.SPEND:
        waiting = (room - within.shares) * (order.price or 0) // MILLIONTHS
        most = _just_under(within.cost + waiting)
    raise WidthCap(market.width_cap or 0, width, most, order.act)


def _widest(market: Market, holding: Holding) -> int:
    return MOST * 10 if market.width_cap is None else max(market.width_cap, holding.width())


def _sets(holding: Holding, bought: Sequence[int]) -> int:
    return max(0, min(held + more for held, more in zip(holding.shares, bought, strict=True)))


def _just_under(cost: int) -> int:
    """A spend that buys a little less than what costs so much, since a cost is rounded up."""
    return max(0, cost - 1)
