"""Markets on paper: for tests of what an order comes to, which needs no database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.markets import deals
from core.markets.deals import Deal, Holding
from core.markets.market import LONG, Market, Newest, Outcome, State
from core.markets.orders import Act, Order
from core.markets.resting import Resting
from core.pricing import lag, lmsr
from core.pricing.median import Dwell
from core.pricing.twap import MILLIONTHS, Tick
from core.units import MICRO

NOW = datetime(2026, 1, 1, tzinfo=UTC)
B = 100 * MICRO
CREDIT, MAKER, ANN = 1, 10, 20  # Accounts and units have ids of their own; Ann's person and wallet share one.
FIRST_SHARE = 2


def market(*openings: float, centres: Sequence[int] = (), **changes: Any) -> Market:
    """A market opened at these prices: of LONG and SHORT on 0 to 100, or of bins at the centres."""
    prices = openings or (0.5, 0.5)
    at = centres or ([100 * MICRO, 0] if len(prices) == 2 else [10 * MICRO * n for n in range(len(prices))])
    weights = lmsr.weights(B, prices)
    usual = Market(
        id=1,
        metric_id=1,
        branch_id=None,
        measure=1,
        unit=CREDIT,
        maker=MAKER,
        state=State.OPEN,
        liquidity=B,
        least_order=10_000,
        width_cap=None,
        opened_at=NOW,
        closes_at=NOW,
        halted_at=None,
        void_from=NOW,
        void_until=NOW,
        settled_to=None,
        trades=0,
        resting=0,
        newest=Newest(Tick(0, (0,) * len(prices), (0,) * len(prices)), lag.opening(0, 0), Dwell()),
        outcomes=tuple(
            Outcome(n, f"at {centre}", centre, FIRST_SHARE + n, weight)
            for n, (centre, weight) in enumerate(zip(at, weights, strict=True))
        ),
    )
    return replace(usual, **changes)


def state_of(of: Market, shares: Sequence[int] = ()) -> lmsr.State:
    """Its maker, once so many shares of each outcome were sold."""
    return lmsr.State(
        of.liquidity, tuple(shares or [0] * len(of.outcomes)), tuple(o.weight for o in of.outcomes)
    )


def order(act: Act, amount: int, outcomes: Sequence[int] = (0,), **changes: Any) -> Order:
    return Order("k", "ann", 1, tuple(outcomes), act, amount, **changes)


def priced(
    asked: Order,
    of: Market,
    held: Sequence[int] = (),
    resting: Sequence[Resting] = (),
    state: lmsr.State | None = None,
) -> Deal:
    """The deal for Ann, who holds these shares, all of which the maker sold."""
    shares = tuple(held or [0] * len(of.outcomes))
    own = tuple(each for each in resting if each.person == ANN)
    return deals.price(asked, of, state or state_of(of, shares), Holding(ANN, shares, own), resting)


def waiting(
    order_id: int, outcome: int, price: int, amount: int, *, is_sale: bool = False, person: int = 30
) -> Resting:
    """A limit order of somebody, at a price of the outcome that it buys or sells, millionths."""
    is_bid = (outcome == LONG) != is_sale
    long_price = price if outcome == LONG else MILLIONTHS - price
    return Resting(
        order_id, 1, person, 100 + order_id, person, is_bid, outcome, is_sale, long_price, amount, 0, 0, None
    )
