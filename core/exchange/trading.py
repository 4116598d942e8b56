"""Trading: a quote that binds nobody, and orders executed once each, in batches that share a commit."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.branches import Collateral
from core.decisions.registry import Decision
from core.errors import InsufficientFunds, NotAllowed, PriceMoved, Refusal, Unknown
from core.exchange import telling
from core.ledger import accounts
from core.ledger.book import Book, Entry, Posting
from core.markets import metrics, orders, registry, trades
from core.markets.metrics import Metric
from core.markets.orders import Act, Deal, Order
from core.markets.registry import LONG, Market
from core.markets.trades import Kept, Trade
from core.people import persons
from core.people.persons import Person
from core.pricing import payout

__all__ = ["Act", "Fill", "Order", "Purse", "Quote", "execute", "purse", "quote"]


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


def quote(connection: Connection, by: str, order: Order, now: datetime) -> Quote:
    """What the order would do; nothing is changed, and money that is not there is no obstacle."""
    person = persons.find(connection, by) or _stranger(by)
    markets = registry.get_all(connection, [order.market_id])
    return _Desk(connection, markets, {by: person}, now, lock=False).price(order).quote


def purse(connection: Connection, by: str, market_id: int, now: datetime) -> Purse:
    """What the asker can spend in a market. Raises what an order would: NotOpen, NotAllowed, Unknown."""
    markets = registry.get_all(connection, [market_id])
    person = persons.find(connection, by) or _stranger(by)
    desk = _Desk(connection, markets, {by: person}, now, lock=False)
    return desk.purse(by, desk.enter(by, market_id))


def execute(connection: Connection, batch: Sequence[Order], now: datetime) -> list[Fill | Refusal]:
    """Fills and refusals in the order of the batch; a refused order touches nothing.

    A key that was filled before answers with its first fill, or with KeyReused if the order is another one.
    """
    people = persons.enrol_all(connection, [order.by for order in batch], now)
    markets = registry.lock_all(connection, [order.market_id for order in batch])
    known = trades.find(connection, [order.key for order in batch])
    desk = _Desk(connection, markets, people, now, lock=True)
    answers = [_answer(desk, known, order) for order in batch]
    desk.save(connection)
    return answers


def _answer(desk: "_Desk", known: dict[str, Kept], order: Order) -> Fill | Refusal:
    try:
        if order.key in known:
            return Fill(**known[order.key].answer(order))
        fill = desk.execute(order)
    except Refusal as refusal:
        return refusal
    known[order.key] = Kept(order.asked, asdict(fill))
    return fill


@dataclass(frozen=True)
class _Priced:
    quote: Quote
    deal: Deal
    postings: tuple[Posting, ...]


class _Desk:
    """Everything that a batch of orders touches, locked and loaded once, and written once."""

    def __init__(
        self,
        connection: Connection,
        markets: dict[int, Market],
        people: dict[str, Person],
        now: datetime,
        *,
        lock: bool,
    ) -> None:
        self.now = now
        self.people = people
        self.markets = markets
        self.metrics = metrics.get_all(connection, [m.metric_id for m in markets.values()])
        owners = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
        self.decisions = decisions.get_all(connection, owners.values())
        self.decision_of = owners
        self.credit = accounts.credit(connection)
        self.trades: list[Trade] = []
        self.book = Book.load(connection, self._accounts(), self._units(), lock=lock)

    def enter(self, by: str, market_id: int) -> "_Place":
        """The market, if the asker may trade there now. Raises Unknown, NotOpen, NotAllowed."""
        market = self.markets.get(market_id)
        if market is None:
            raise Unknown("market", registry.name_of(market_id))
        place = _Place(market, self.metrics[market.metric_id], self._decision(market))
        market.require_open(self.now)
        place.clear(self.people[by])
        return place

    def purse(self, by: str, place: "_Place") -> Purse:
        wallet, unit = self.people[by].wallet, place.market.unit
        conditional = self.book.balance(wallet, unit) if place.decision else 0
        return Purse(self.book.balance(wallet, self.credit), conditional)

    def price(self, order: Order) -> _Priced:
        """Guards in a fixed order, then the deal and the postings that would carry it out."""
        place = self.enter(order.by, order.market_id)
        market, wallet = place.market, self.people[order.by].wallet
        held = [self.book.balance(wallet, unit) for unit in market.units]
        deal = orders.price(order, market, market.maker_state(self.book), held)
        postings = deal.postings(market, wallet)
        if place.decision:
            postings = self._collateral(place.decision).normal_form(self.book, wallet, postings)
        locked = -sum(_change(each, wallet) for each in postings if each.unit == self.credit)
        quote = _quote(order, place, deal, locked, self.purse(order.by, place))
        return _Priced(quote, deal, tuple(postings))

    def execute(self, order: Order) -> Fill:
        priced = self.price(order)
        if not priced.deal.is_within(order):
            raise PriceMoved(priced.quote)
        market, person = self.markets[order.market_id], self.people[order.by]
        self._post(order, priced, person)
        self._prove(market, person)
        tick = trades.tick_after(market, priced.deal, self.now)
        number = market.trades + 1
        self.markets[market.id] = replace(market, trades=number, tick=tick)
        fill = Fill(**asdict(priced.quote), trade=number)
        self.trades.append(Trade(order, priced.deal, market.id, number, person.id, tick, asdict(fill)))
        return fill

    def _post(self, order: Order, priced: _Priced, person: Person) -> None:
        try:
            self.book.post(Entry("trade", _entry_key(order), self.now, priced.postings, person.id))
        except InsufficientFunds as short:
            # The trader knows a cost and what can be spent here, not the split that lies between them.
            quote = priced.quote
            available = quote.free + quote.conditional
            raise InsufficientFunds(short.account, short.unit, quote.cost, available) from None

    def _prove(self, market: Market, person: Person) -> None:
        market.prove(self.book)
        if decision := self._decision(market):
            self._collateral(decision).prove(self.book, person.wallet)

    def save(self, connection: Connection) -> None:
        """Writes the batch: entries, trades, ticks, and one card a decision."""
        ids = self.book.save(connection)
        trades.save(connection, self.trades, {t.order.key: ids[_entry_key(t.order)] for t in self.trades})
        traded = {trade.market_id for trade in self.trades}
        for market_id in sorted(traded):
            registry.save_tick(connection, self.markets[market_id])
        for decision in self._touched(traded):
            telling.renew_cards(connection, decision, self.now)

    def _decision(self, market: Market) -> Decision | None:
        return self.decisions[self.decision_of[market.branch_id]] if market.branch_id else None

    def _touched(self, market_ids: set[int]) -> list[Decision]:
        found = {d.id: d for m in market_ids if (d := self._decision(self.markets[m]))}
        return [found[each] for each in sorted(found)]

    def _collateral(self, decision: Decision) -> Collateral:
        return Collateral(decision.escrow, self.credit, tuple(branch.unit for branch in decision.live))

    def _accounts(self) -> list[int]:
        wallets = [person.wallet for person in self.people.values()]
        escrows = [decision.escrow for decision in self.decisions.values()]
        return wallets + escrows + [market.maker for market in self.markets.values()]

    def _units(self) -> list[int]:
        shares = [unit for market in self.markets.values() for unit in market.units]
        live = [branch.unit for decision in self.decisions.values() for branch in decision.live]
        return [self.credit, *shares, *live]


@dataclass(frozen=True)
class _Place:
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


def _quote(order: Order, place: _Place, deal: Deal, locked: int, purse: Purse) -> Quote:
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
        already_conditional=max(0, deal.cost - max(locked, 0)),
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


def _change(each: Posting, account: int) -> int:
    return each.amount * ((each.destination == account) - (each.source == account))


def _stranger(identity: str) -> Person:
    """Somebody who has not done anything yet: an empty wallet that is nobody's."""
    return Person(0, identity, 0, is_admin=False)


def _entry_key(order: Order) -> str:
    return f"order:{order.key}"
