"""What an order would do, or did, in terms that its trader can act on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.decisions.registry import Decision
from core.errors import NotAllowed
from core.markets.deals import Deal
from core.markets.market import Market
from core.markets.metrics import Metric
from core.markets.orders import SALES, Order
from core.people.persons import Person


class Quote(NamedTuple):
    """What an order would do now, or did: then ``trade`` is the number of its trade in the market, 0 if it only waits.
    Credits and shares are micro-units, expected values micro-units of the metric.

    ``bought`` are shares of each outcome, below zero sold; ``shares`` those of what ``outcome`` names. ``waits`` is what
    a limit order leaves to wait, credits or shares of a sale. ``is_final`` says that no other branch is left, so
    nothing comes back any more. ``newly_locked`` leaves the trader's free credit and comes back if another option is
    taken; ``already_conditional`` counted in this branch only before. ``free`` and ``conditional`` can be spent here.
    Nobody can lose more than ``cost`` and what waits.
    """

    market_id: int
    decision_id: int | None
    is_final: bool
    option: str
    outcome: str
    act: str
    shares: int
    bought: tuple[int, ...]
    cost: int
    sets: int
    waits: int
    newly_locked: int
    already_conditional: int
    price_before: float
    price_after: float
    expected_before: float
    expected_after: float
    free: int
    conditional: int
    metric_name: str
    metric_unit: str
    low: int
    high: int
    trade: int = 0

    @property
    def average_price(self) -> float:
        return self.cost / self.shares if self.shares else 0.0

    @property
    def is_affordable(self) -> bool:
        waits = 0 if self.act in SALES else self.waits
        return self.cost - self.sets + waits <= self.free + self.conditional


@dataclass(frozen=True)
class Purse:
    """What a person can spend in a market: free credit, and credit that counts in its branch only."""

    free: int
    conditional: int


Fill = Quote  # One that was executed.


def fill_of(told: Sequence[Any]) -> Fill:
    """The fill as it was told before."""
    again = Fill(*told)
    return again._replace(bought=tuple(again.bought))


@dataclass(frozen=True)
class Place:
    """Where an order goes: a market, what it is about, and the decision it hangs on, if any."""

    market: Market
    metric: Metric
    decision: Decision | None

    @property
    def option(self) -> str:
        if self.decision is None or self.market.branch_id is None:
            return ""
        option = self.decision.option_of(self.market.branch_id)
        return option.name if option else ""

    def clear(self, person: Person) -> None:
        """Who decides, or files the reading, may not trade what depends on it (THEORY 10). Raises NotAllowed."""
        if self.decision and person.id in self.decision.deciders:
            raise NotAllowed("trade", "decider")
        if person.id == self.metric.owner:
            raise NotAllowed("trade", "metric_owner")


def quote_of(order: Order, place: Place, deal: Deal, locked: int, purse: Purse) -> Quote:
    market, definition = place.market, place.metric.definition
    traded = order.outcomes or tuple(number for number, shares in enumerate(deal.bought) if shares)
    return Quote(
        market_id=market.id,
        decision_id=place.decision.id if place.decision else None,
        is_final=place.decision is None or len(place.decision.live) == 1,
        option=place.option,
        outcome=" or ".join(market.outcomes[number].name for number in traded),
        act=order.act,
        shares=deal.shares,
        bought=deal.bought,
        cost=deal.cost,
        sets=deal.sets,
        waits=deal.rests,
        newly_locked=locked,
        already_conditional=max(0, deal.cost - deal.sets - max(locked, 0)),
        price_before=math.fsum(deal.before[number] for number in traded),
        price_after=math.fsum(deal.after[number] for number in traded),
        expected_before=market.expected(deal.before),
        expected_after=market.expected(deal.after),
        free=purse.free,
        conditional=purse.conditional,
        metric_name=definition.name,
        metric_unit=definition.unit,
        low=definition.low,
        high=definition.high,
    )
