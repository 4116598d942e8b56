"""An order, and what it comes to against a market's state: the guards first, then the deal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import InsufficientFunds, Invalid, PriceBound, WidthCap
from core.ledger.book import Posting, posting
from core.markets.registry import Market
from core.pricing import lmsr
from core.units import MOST, positive


class Act(StrEnum):
    SPEND = "spend"
    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True)
class Order:
    """What a trader asks of a market, executed once per key.

    ``amount`` is micro-credits for SPEND, micro-shares for BUY and SELL. ``limit`` is the worst that is still
    welcome: the fewest shares of a SPEND, the dearest cost of a BUY, the least proceeds of a SELL.
    """

    key: str
    by: str
    market_id: int
    outcome: int
    act: Act
    amount: int
    limit: int | None = None

    @property
    def asked(self) -> list[object]:
        """All of the order but its key, as it is kept beside the trade."""
        return [self.by, self.market_id, self.outcome, self.act.value, self.amount, self.limit]


@dataclass(frozen=True)
class Deal:
    """An order priced: shares and cost are signed from the trader's side (bought, paid: above zero)."""

    outcome: int
    shares: int
    cost: int
    sets: int
    before: Sequence[float] = field(repr=False)
    after: Sequence[float] = field(repr=False)

    def is_within(self, order: Order) -> bool:
        if order.limit is None:
            return True
        if order.act == Act.SPEND:
            return self.shares >= order.limit
        return self.cost <= (order.limit if order.act == Act.BUY else -order.limit)

    def postings(self, market: Market, holder: int) -> list[Posting]:
        """Money against shares, then full sets back to the maker for exactly 1 each."""
        maker, share = market.maker, market.units[self.outcome]
        if self.shares > 0:
            moves = posting(holder, maker, self.cost, market.unit) + posting(
                maker, holder, self.shares, share
            )
        else:
            moves = posting(holder, maker, -self.shares, share) + posting(
                maker, holder, -self.cost, market.unit
            )
        for unit in market.units:
            moves += posting(holder, maker, self.sets, unit)
        return moves + posting(maker, holder, self.sets, market.unit)


def price(order: Order, market: Market, state: lmsr.State, held: Sequence[int]) -> Deal:
    """The deal that the maker offers a trader who holds ``held`` micro-shares of each outcome.

    Raises InsufficientFunds, Invalid, PriceBound or WidthCap.
    """
    _check(order, market)
    shares, cost = (
        _sell(order, market, state, held) if order.act == Act.SELL else _buy(order, market, state, held)
    )
    after = [h + shares * (i == order.outcome) for i, h in enumerate(held)]
    _check_width(order, market, state, held, after)
    moved = state.after(order.outcome, shares)
    return Deal(order.outcome, shares, cost, min(after), lmsr.prices(state), lmsr.prices(moved))


def _check(order: Order, market: Market) -> None:
    if not order.key or len(order.key) > 200:
        raise Invalid("key", "length", order.key[:50])
    if not 0 <= order.outcome < len(market.outcomes):
        raise Invalid("outcome", "unknown", str(order.outcome))
    positive(order.amount)


def _buy(order: Order, market: Market, state: lmsr.State, held: Sequence[int]) -> tuple[int, int]:
    bound = lmsr.most_spend(state, order.outcome)
    if order.act == Act.SPEND:
        if order.amount > bound:
            raise PriceBound(min(bound, _room(order, market, state, held)), order.act)
        shares = lmsr.shares_for(state, order.outcome, order.amount)
    else:
        shares = order.amount
        if shares > (most := lmsr.shares_for(state, order.outcome, bound)):
            raise PriceBound(min(most, _room(order, market, state, held)), order.act)
    cost = lmsr.charge(state, order.outcome, shares)
    if shares == 0 or cost < market.least_order:
        raise Invalid("amount", "least_order", str(market.least_order))
    return shares, cost


def _sell(order: Order, market: Market, state: lmsr.State, held: Sequence[int]) -> tuple[int, int]:
    if order.amount > held[order.outcome]:
        raise InsufficientFunds(0, market.units[order.outcome], order.amount, held[order.outcome], "shares")
    most = lmsr.most_sold(state, order.outcome)
    if order.amount > most:
        raise PriceBound(most, order.act)
    return -order.amount, -lmsr.proceeds(state, order.outcome, order.amount)


def _check_width(
    order: Order, market: Market, state: lmsr.State, before: Sequence[int], after: Sequence[int]
) -> None:
    width = max(after) - min(after)
    # A position above the cap may always shrink.
    if market.width_cap is None or width <= max(market.width_cap, max(before) - min(before)):
        return
    raise WidthCap(market.width_cap, width, _room(order, market, state, before), order.act)


def _room(order: Order, market: Market, state: lmsr.State, held: Sequence[int]) -> int:
    """What the cap leaves this trader of the outcome: shares, or for a SPEND what they cost."""
    if market.width_cap is None:
        return MOST
    others = min(h for i, h in enumerate(held) if i != order.outcome)
    room = max(0, market.width_cap + others - held[order.outcome])
    if order.act != Act.SPEND:
        return room
    # A micro-credit or two less, since a charge is rounded up.
    return max(0, lmsr.charge(state, order.outcome, room) - 2)
