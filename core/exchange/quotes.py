"""What an order would do, or did, in terms that its trader can act on."""

from dataclasses import dataclass

from core.decisions.registry import Decision
from core.errors import NotAllowed
from core.markets.metrics import Metric
from core.markets.orders import Deal, Order
from core.markets.registry import LONG, Market
from core.people.persons import Person
from core.pricing import payout


@dataclass(frozen=True)
class Quote:
    """What an order would do now. Credits and shares are micro-units, expected values micro-units of the metric.

    ``is_final`` says that no other branch is left, so nothing comes back any more. ``newly_locked`` leaves the trader's free credit and comes back if another option is taken;
    ``already_conditional`` counted in this branch only before. ``free`` and ``conditional`` can be spent here.
    Nobody can lose more than ``cost``.
    """

    market_id: int
    decision_id: int | None
    is_final: bool
    option: str
    outcome: str
    act: str
    shares: int
    cost: int
    sets: int
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

    @property
    def average_price(self) -> float:
        return self.cost / self.shares if self.shares else 0.0

    @property
    def is_affordable(self) -> bool:
        return self.cost - self.sets <= self.free + self.conditional


@dataclass(frozen=True)
class Purse:
    """What a person can spend in a market: free credit, and credit that counts in its branch only."""

    free: int
    conditional: int


@dataclass(frozen=True)
class Fill(Quote):
    """A quote that was executed."""

    trade: int = 0


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
    definition = place.metric.definition
    low, high = definition.low, definition.high
    return Quote(
        market_id=place.market.id,
        decision_id=place.decision.id if place.decision else None,
        is_final=place.decision is None or len(place.decision.live) == 1,
        option=place.option,
        outcome=place.market.outcomes[deal.outcome].name,
        act=order.act,
        shares=deal.shares,
        cost=deal.cost,
        sets=deal.sets,
        newly_locked=locked,
        already_conditional=max(0, deal.cost - deal.sets - max(locked, 0)),
        price_before=deal.before[deal.outcome],
        price_after=deal.after[deal.outcome],
        expected_before=payout.expected(deal.before[LONG], low, high),
        expected_after=payout.expected(deal.after[LONG], low, high),
        free=purse.free,
        conditional=purse.conditional,
        metric_name=definition.name,
        metric_unit=definition.unit,
        low=low,
        high=high,
    )
