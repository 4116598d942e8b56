"""What an order would do, or did, in terms that its trader can act on."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from core.decisions.decision import Decision
from core.errors import NotAllowed, Refusal
from core.ledger.accounts import Wallet
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
    Nobody can lose more than ``cost`` and what waits. ``ends`` are the trader's own limit orders whose price it passes.
    ``wallet`` names the one that pays. ``is_drawn`` says whether it counts where a lottery, or where people take the option, if a lottery may. ``twin`` is the other leg of a mirrored order, or
    why there is none; both say what the two of them lock together.
    """

    market_id: int
    decision_id: int | None
    option: str
    is_drawn: bool | None
    outcome: str
    act: str
    metric_name: str
    metric_unit: str
    low: int
    high: int
    is_final: bool
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
    trade: int = 0
    ends: int = 0
    wallet: str = Wallet.PLAIN.value
    twin: "Quote | Refusal | None" = None

    @property
    def average_price(self) -> float:
        return self.cost / self.shares if self.shares else 0.0

    @property
    def is_affordable(self) -> bool:
        waits = 0 if self.act in SALES else self.waits
        return self.cost - self.sets + waits <= self.free + self.conditional


class Purse(NamedTuple):
    """What a person can spend in a market: free credit, and credit that counts in its branch only.

    ``earmarked`` is the same of the wallet for long horizons, if it may pay there. The wallet that is ``held`` has
    something there, so that no other one pays.
    """

    free: int
    conditional: int
    earmarked: "Purse | None" = None
    held: Wallet | None = None

    def of(self, wallet: str) -> "Purse":
        """What can be spent from one wallet."""
        return self.earmarked if wallet == Wallet.EARMARKED and self.earmarked else self


Fill = Quote  # One that was executed.
ABOUT = Quote._fields.index("is_final")  # So many fields of it say what it is about.


class Place(NamedTuple):
    """Where an order goes: a market, what it is about, and the decision it hangs on, if any.

    ``owners`` are the people who file the readings of that decision's metrics, or of this one.
    """

    market: Market
    metric: Metric
    decision: Decision | None
    owners: Collection[int]

    @property
    def option(self) -> str:
        if self.decision is None or self.market.branch_id is None:
            return ""
        option = self.decision.option_of(self.market.branch_id)
        return option.name if option else ""

    @property
    def is_drawn(self) -> bool | None:
        return self.decision.is_drawn_in(self.market.branch_id) if self.decision else None

    @property
    def subject(self) -> dict[str, object]:
        """What the market is about, for people."""
        said = self.metric.definition
        return {
            "decision_id": self.decision.id if self.decision else None,
            "question": self.decision.terms.question if self.decision else said.name,
            "option": self.option,
            "is_drawn": self.is_drawn,
            "metric": said.name,
            "unit": said.unit,
            "outcomes": [outcome.name for outcome in self.market.outcomes],
            "centres": list(self.market.centres),
        }

    def clear(self, person: Person) -> None:
        """Who decides, or files a reading, may not trade any of that decision (THEORY 10); who left trades nothing.

        Raises NotAllowed.
        """
        if person.has_left:
            raise NotAllowed("trade", "left")
        if self.decision and person.id in self.decision.deciders:
            raise NotAllowed("trade", "decider")
        if person.id in self.owners:
            raise NotAllowed("trade", "metric_owner")


def quote_of(order: Order, place: Place, deal: Deal, locked: int, purse: Purse) -> Quote:
    traded = order.outcomes or _moved(deal.bought)
    before, after, expected = deal.before, deal.after, place.market.expected
    needed = deal.cost - deal.sets + (0 if order.is_sale else deal.rests)
    facts = (
        place.decision is None or len(place.decision.live) == 1,
        deal.shares,
        deal.bought,
        deal.cost,
        deal.sets,
        deal.rests,
        locked,
        max(0, needed - max(locked, 0)),
        sum(before[number] for number in traded),
        sum(after[number] for number in traded),
        expected(before),
        expected(after),
        purse.free,
        purse.conditional,
    )
    wallet = (order.wallet or Wallet.PLAIN).value
    return Quote._make((*_about(order, place, deal.bought), *facts, 0, len(deal.passed), wallet, None))


def told(fill: Fill) -> list[Any]:
    """What is kept of a fill for the same key asked again: all but what its order, its market and its twin say."""
    return list(fill[ABOUT:-1])


def fill_of(order: Order, place: Place, kept: Sequence[Any]) -> Fill:
    """The fill as it was told before."""
    is_final, shares, bought, *rest = kept
    made = (*_about(order, place, bought), is_final, shares, tuple(bought), *rest)
    unsaid = Fill._fields[len(made) :]  # Those of before do not say what ended.
    return Fill._make((*made, *map(Fill._field_defaults.get, unsaid)))


def _about(order: Order, place: Place, bought: Sequence[int]) -> tuple[Any, ...]:
    """The first fields of a quote: what it is about."""
    market, said = place.market, place.metric.definition
    names = [market.outcomes[number].name for number in order.outcomes or _moved(bought)]
    decision_id = place.decision.id if place.decision else None
    outcome = names[0] if len(names) == 1 else " or ".join(names)
    about = (market.id, decision_id, place.option, place.is_drawn, outcome, order.act)
    return (*about, said.name, said.unit, said.low, said.high)


def _moved(bought: Sequence[int]) -> tuple[int, ...]:
    return tuple(number for number, shares in enumerate(bought) if shares)
