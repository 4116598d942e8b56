"""The desk: everything that a batch of orders touches, locked and loaded once, and written once."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.registry import Decision
from core.errors import InsufficientFunds, PriceMoved, Unknown
from core.exchange import telling
from core.exchange.quotes import Fill, Place, Purse, Quote, quote_of
from core.ledger import accounts
from core.ledger.book import Book, Entry, Posting
from core.markets import metrics, orders, registry, trades
from core.markets.orders import Deal, Order
from core.markets.registry import Market
from core.markets.trades import Trade
from core.people.persons import Person


@dataclass(frozen=True)
class _Priced:
    quote: Quote
    deal: Deal
    postings: tuple[Posting, ...]


class Desk:
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

    def enter(self, by: str, market_id: int) -> Place:
        """The market, if the asker may trade there now. Raises Unknown, NotOpen, NotAllowed."""
        market = self.markets.get(market_id)
        if market is None:
            raise Unknown("market", registry.name_of(market_id))
        place = Place(market, self.metrics[market.metric_id], self._decision(market))
        market.require_open(self.now)
        place.clear(self.people[by])
        return place

    def purse(self, by: str, place: Place) -> Purse:
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
            postings = place.decision.collateral(self.credit).normal_form(self.book, wallet, postings)
        locked = -sum(_change(each, wallet) for each in postings if each.unit == self.credit)
        quote = quote_of(order, place, deal, locked, self.purse(order.by, place))
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
        quote = priced.quote
        needed = quote.cost - quote.sets  # Full sets pay for a part of it in the same entry.
        if not person.wallet:  # Somebody who was never granted anything.
            raise InsufficientFunds(0, self.credit, needed, 0)
        try:
            self.book.post(Entry("trade", _entry_key(order), self.now, priced.postings, person.id))
        except InsufficientFunds as short:
            # The trader knows a cost and what can be spent here, not the split that lies between them.
            available = quote.free + quote.conditional
            raise InsufficientFunds(short.account, short.unit, needed, available) from None

    def _prove(self, market: Market, person: Person) -> None:
        market.prove(self.book)
        if decision := self._decision(market):
            decision.collateral(self.credit).prove(self.book, person.wallet)

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

    def _accounts(self) -> list[int]:
        wallets = [person.wallet for person in self.people.values()]
        escrows = [decision.escrow for decision in self.decisions.values()]
        return wallets + escrows + [market.maker for market in self.markets.values()]

    def _units(self) -> list[int]:
        shares = [unit for market in self.markets.values() for unit in market.units]
        live = [branch.unit for decision in self.decisions.values() for branch in decision.live]
        return [self.credit, *shares, *live]


def _change(each: Posting, account: int) -> int:
    return each.amount * ((each.destination == account) - (each.source == account))


def _entry_key(order: Order) -> str:
    return f"order:{order.key}"
