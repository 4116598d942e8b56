"""The desk: everything that a batch of orders touches, locked and loaded once, and written once."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core import rows, writes
from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.errors import InsufficientFunds, PriceMoved, Refusal, Unknown
from core.exchange import paying, telling
from core.exchange.legs import Leg, Priced, joined, kept, require_twins, retold
from core.exchange.quotes import Fill, Place, Purse
from core.exchange.waiting import Waiting
from core.ledger import accounts
from core.ledger.accounts import Wallet
from core.ledger.book import Book, Group
from core.ledger.entries import Entry, Posting
from core.markets import deals, gains, metrics, resting, ticks, trades
from core.markets.deals import Holding
from core.markets.market import Market, name_of
from core.markets.orders import Order
from core.markets.resting import Resting
from core.markets.ticks import Hour
from core.markets.trades import Trade
from core.people import persons
from core.people.persons import Person


class Desk:
    def __init__(
        self,
        connection: Connection,
        markets: dict[int, Market],
        visits: Collection[tuple[Person, int]],
        now: datetime,
        *,
        lock: bool,
    ) -> None:
        """Visits are people, each with the market that they come to."""
        self.now = now
        self.people = {person.identity: person for person, _ in visits}
        self.markets = markets
        owners = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
        self.decisions = decisions.get_all(connection, owners.values())
        self.decision_of = owners
        self.credit = accounts.CREDIT
        self.trades: list[Trade] = []
        self.hours: list[Hour] = []
        orders = resting.in_markets(connection, [m.id for m in markets.values() if m.resting])
        holders = persons.by_ids(connection, [order.person for order in orders])
        self.waiting = Waiting(orders, holders, now)
        self.for_sets = Counter[
            tuple[int, int]
        ]()  # What makers paid for full sets that a cancelled order left.
        accounts_in = {market.id: {market.maker} for market in markets.values()}
        for person, market_id in visits:
            if market_id in accounts_in:
                accounts_in[market_id] |= {*paying.accounts(person, markets[market_id]).values()}
        for order in orders:
            accounts_in[order.market_id] |= {order.account, order.wallet}
        groups = [self._group(market, accounts_in[market.id]) for market in markets.values()]
        with rows.together(connection):
            book = Book.ask(connection, groups, lock=lock)
            found = metrics.ask_all(connection, [market.metric_id for market in markets.values()])
        self.book, self.metrics = book(), found()
        branches_in = {d.id: [branch.id for branch in d.branches] for d in self.decisions.values()}
        self.owners = metrics.owners_together(connection, branches_in)

    def enter(self, by: str, market_id: int) -> Place:
        """The market, if the asker may trade there now. Raises Unknown, NotOpen, NotAllowed."""
        market = self._market(market_id)
        place = self._place(market)
        market.require_open(self.now)
        place.clear(self.people[by])
        return place

    def again(self, order: Order, said: Sequence[object]) -> Fill:
        """The fill of an order that was executed before."""
        return retold(order, {each: self._place(self.markets[each]) for each in order.market_ids}, said)

    def purse(self, by: str, place: Place) -> Purse:
        person, market = self.people[by], place.market
        found = {w: self._purse(each, place) for w, each in paying.accounts(person, market).items()}
        held = paying.held(self.book, person, market, self.waiting.of(person.id, market.id))
        return found[Wallet.PLAIN]._replace(earmarked=found.get(Wallet.EARMARKED), held=held)

    def _purse(self, wallet: int, place: Place) -> Purse:
        conditional = self.book.balance(wallet, place.market.unit) if place.decision else 0
        return Purse(self.book.balance(wallet, self.credit), conditional)

    def price(self, order: Order, *, firmly: bool = False) -> Priced:
        """What an order comes to, and the postings that would carry it out; firmly, if it can be carried out.

        A mirrored order comes to the legs that can be had. Raises the refusal of the first where none can.
        """
        order = self._paid(order)
        legs, refused = self._legs(order, firmly=firmly)
        postings = self._in_normal_form(
            [each for leg in legs for each in leg.moves],
            [each for leg in legs for each in leg.holders],
            legs[0].market,
        )
        locked = -sum([_change(each, legs[0].wallet) for each in postings if each.unit == self.credit])
        priced = Priced(legs, [leg.quote(locked) for leg in legs], postings, refused[0] if refused else None)
        if firmly and order.mirror is None and not legs[0].deal.is_within(order):
            raise PriceMoved(priced.quote)
        return priced

    def _paid(self, order: Order) -> Order:
        """The order with the wallet that pays, where more than one can and none is named."""
        person = self.people[order.by]
        markets = [m for each in order.market_ids if (m := self.markets.get(each)) and m.is_long]
        if order.wallet or not person.earmarked or not markets:
            return order
        for market in markets:
            if held := paying.held(self.book, person, market, self.waiting.of(person.id, market.id)):
                return replace(order, wallet=held)
        earmarked = replace(order, wallet=Wallet.EARMARKED)
        legs, _ = self._legs(earmarked, firmly=False)
        is_enough = all(leg.quote(0).is_affordable for leg in legs)
        return earmarked if is_enough else replace(order, wallet=Wallet.PLAIN)

    def _legs(self, order: Order, *, firmly: bool) -> tuple[list[Leg], list[Refusal]]:
        if order.mirror is None:
            return [self._leg(order)], []
        require_twins(order, self.markets, self._place(self._market(order.market_id)))
        legs, refused = list[Leg](), list[Refusal]()
        for each in order.legs:
            try:
                leg = self._leg(each)
                if firmly:
                    leg.require_firm()
            except Refusal as refusal:
                refused.append(refusal)
            else:
                legs.append(leg)
        if not legs:
            # Whoever is asked again is to see both of them.
            raise PriceMoved(self.price(order).quote) if isinstance(refused[0], PriceMoved) else refused[0]
        return legs, refused

    def _leg(self, order: Order) -> Leg:
        """Guards in a fixed order, then the deal in one market."""
        place = self.enter(order.by, order.market_id)
        order.check(place.market, self.now)
        market, person = place.market, self.people[order.by]
        waiting = self.waiting.of(person.id, market.id)
        wallet = paying.account(order.wallet or Wallet.PLAIN, self.book, person, market, waiting)
        holding = Holding(person.id, tuple(self.book.balances(wallet, market.units)), waiting)
        offered = self.waiting.in_market(market.id)
        deal = deals.price(order, market, market.maker_state(self.book), holding, offered)
        account = self.book.open_account(trades.entry_key(order.key)) if deal.rests else 0
        holders = [wallet, *(match.order.wallet for match in deal.matches)]
        moves = self.waiting.moves(order, market, wallet, deal, account)
        moves = self._without_sets(market, moves, holders)
        return Leg(order, place, deal, self._purse(wallet, place), moves, holders, account)

    def execute(self, order: Order) -> Fill:
        priced = self.price(order, firmly=True)
        person = self.people[order.by]
        self._post(order, priced, person)
        for leg in priced.legs:
            self._prove(leg.market, leg.holders)
            for match in leg.deal.matches:
                self.waiting.fill(match)
            for passed in leg.deal.passed:
                key = f"passed:{passed.id}:{order.key}"
                self.end(passed, resting.State.CANCELLED, key, resting.Ending.PASSED)
        fill = self._keep(order, priced, person)
        for leg in priced.legs:
            if leg.deal.rests:
                self.waiting.place(order, leg, person, kept(fill))
        return fill

    def end(self, order: Resting, state: resting.State, key: str, why: resting.Ending | None) -> None:
        """Ends a limit order, once by this key: what it still reserves goes back to its owner.

        They are told why; there is nothing to tell where they ended it themselves.
        """
        market, wallet = self.markets[order.market_id], order.wallet
        moves = self._without_sets(market, self.waiting.freed(market, order), [wallet])
        postings = self._in_normal_form(moves, [wallet], market)
        self.book.post(Entry("cancel", key, self.now, postings))
        for_sets = -sum(_change(each, market.maker) for each in postings if each.unit == market.unit)
        self.for_sets[market.id, order.person] += for_sets
        self._prove(market, [wallet])
        self.waiting.end(order, state, why)

    def save(self, connection: Connection) -> None:
        """Writes the batch: entries, trades, ticks, limit orders, and one card a decision."""
        sealed = self.book.seal(connection)
        if not sealed.entries:
            return
        traded = {trade.market_id for trade in self.trades}
        subjects = {number: self._place(self.markets[number]).subject for number in self.waiting.touched}
        placed = self.waiting.save(connection, sealed, subjects)
        for decision in self._touched(traded):
            telling.renew_cards(connection, decision, self.now)
        telling.renew_questions(connection, self._asked(traded), self.now)
        gains.add(connection, +self.for_sets, self.now)
        moved = [self.markets[market_id] for market_id in sorted(traded)]
        made = trades.to_write(self.trades, moved, self.hours, sealed.ids, placed)
        writes.run(connection, *self.book.to_write(sealed), *made)

    def _market(self, market_id: int) -> Market:
        market = self.markets.get(market_id)
        if market is None:
            raise Unknown("market", name_of(market_id))
        return market

    def _place(self, market: Market) -> Place:
        metric, decision = self.metrics[market.metric_id], self.decision(market)
        return Place(market, metric, decision, self.owners[decision.id] if decision else {metric.owner})

    def decision(self, market: Market) -> Decision | None:
        return self.decisions[self.decision_of[market.branch_id]] if market.branch_id else None

    def _without_sets(
        self, market: Market, moves: Sequence[Posting], holders: Iterable[int]
    ) -> list[Posting]:
        """The movements with those that leave each holder without full sets of the market's shares."""
        tidied = list(moves)
        for holder in dict.fromkeys(holders):
            tidied += market.whole_sets(self.book, holder, tidied)
        return tidied

    def _in_normal_form(
        self, moves: list[Posting], holders: Iterable[int], market: Market
    ) -> tuple[Posting, ...]:
        """The movements with the one split or merge that leaves each holder of the decision's credit in normal form."""
        if decision := self.decision(market):
            collateral = decision.collateral(self.credit)
            for holder in dict.fromkeys(holders):
                moves = collateral.normal_form(self.book, holder, moves)
        return tuple(moves)

    def _post(self, order: Order, priced: Priced, person: Person) -> None:
        first = priced.legs[0]
        if not person.wallet:  # Somebody who was never granted anything.
            raise first.short(0, self.credit)
        try:
            kind = "trade" if any(any(leg.deal.bought) for leg in priced.legs) else "order"
            entry = Entry(kind, trades.entry_key(order.key), self.now, priced.postings, person.id)
            self.book.post(entry)
        except InsufficientFunds as missing:
            raise first.short(missing.account, missing.unit) from None

    def _prove(self, market: Market, holders: Iterable[int]) -> None:
        market.prove(self.book)
        if decision := self.decision(market):
            for holder in holders:
                decision.collateral(self.credit).prove(self.book, holder)

    def _keep(self, order: Order, priced: Priced, person: Person) -> Fill:
        """Each leg's trade and new tick, where something was traded; what the trader is told in any case."""
        if not any(any(leg.deal.bought) for leg in priced.legs):
            return priced.quote
        moved = [self._tick(leg) for leg in priced.legs]
        quotes = [q._replace(trade=after.trades) for q, after in zip(priced.quotes, moved, strict=True)]
        fill = joined(quotes, priced.refused)
        said = kept(fill)
        for leg, after in zip(priced.legs, moved, strict=True):
            traded = (leg.deal, after.id, after.trades, person.id, after.newest, said, priced.is_mirrored)
            self.trades.append(Trade(order, *traded))
        return fill

    def _tick(self, leg: Leg) -> Market:
        """The market after a leg's trade."""
        newest, over = ticks.follow(leg.market, leg.deal.after, self.now)
        if over:
            self.hours.append(over)
        self.markets[leg.market.id] = after = leg.market.traded(newest)
        return after

    def _touched(self, market_ids: set[int]) -> list[Decision]:
        found = {d.id: d for m in market_ids if (d := self.decision(self.markets[m]))}
        return [found[each] for each in sorted(found)]

    def _asked(self, market_ids: set[int]) -> list[int]:
        """Those that hang on no decision."""
        return [each for each in market_ids if self.markets[each].branch_id is None]

    def _group(self, market: Market, accounts_in_it: set[int]) -> Group:
        """What trades in the market may change: a decision's credit is held in every live branch."""
        decision = self.decision(market)
        if decision is None:
            return accounts_in_it, [self.credit, *market.units]
        live = [branch.unit for branch in decision.live]
        return accounts_in_it | {decision.escrow}, [self.credit, *live, *market.units]


def _change(each: Posting, account: int) -> int:
    return each.amount * ((each.destination == account) - (each.source == account))
