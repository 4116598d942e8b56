"""What one person has: balance, what is in decisions, and what each branch would leave them with.

Values of different branches are never added: only one of them comes true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.branches import NONE, Branch
from core.decisions.decision import TAKEN, Decision
from core.exchange import limit_orders
from core.exchange.limit_orders import LimitOrder
from core.ledger import accounts, tables
from core.ledger.book import Book
from core.markets import gains, metrics, registry, resting
from core.markets.gains import Gain
from core.markets.market import Market, Outcome, State
from core.markets.metrics import Metric
from core.markets.resting import Resting
from core.markets.tables import outcome
from core.people import persons
from core.people.persons import Person
from core.pricing import lmsr

SETTLED_MOST = 5


@dataclass(frozen=True)
class Position:
    """Shares of one outcome, micro-shares: all that are held, and how many of them wait in orders to be sold.

    ``brings`` is what selling the others now would bring, micro-credits (None: no trading); ``worth`` the same of all.
    What ``is_earmarked`` was bought by the wallet for long horizons, and brings its credits back there.
    """

    market_id: int
    outcome: int
    outcome_name: str
    shares: int
    reserved: int
    brings: int | None
    worth: int | None
    is_earmarked: bool = False

    @property
    def free(self) -> int:
        """What can be sold now."""
        return self.shares - self.reserved


@dataclass(frozen=True)
class IfTaken:
    """One live branch, in which people, or a lottery, take an option: cash that comes back in it, positions in it, and the least and most they leave altogether."""

    option: str | None
    is_drawn: bool | None
    cash_back: int
    positions: tuple[Position, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Stake:
    """What a person has in one decision. ``put`` is the net credit put in, ``at_risk`` the most of it that can be lost.

    ``earmarked`` is the part of ``put`` that came from the wallet for long horizons, and goes back there.
    """

    decision_id: int
    question: str
    state: str
    metric: str
    put: int
    at_risk: int
    branches: tuple[IfTaken, ...]
    earmarked: int = 0


@dataclass(frozen=True)
class Question:
    """What a person holds in a question that hangs on no decision."""

    market_id: int
    metric: str
    unit: str
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Settled:
    """A settled market: what it brought the person, below zero lost, micro-credits; and when."""

    decision_id: int | None
    question: str
    metric: str
    credits: int
    at: int


@dataclass(frozen=True)
class Portfolio:
    """``balance`` is free credit; ``in_decisions`` the sum put into decisions that can still end either way.

    What limit orders reserve counts as what it is: credit of its branch, or shares. ``worth`` is the one figure that
    may be added up: free credit and what orders reserve of it, what is put into undecided decisions, and what selling
    everything else would bring. It leaves out the wallet for long horizons, whose credit is no use elsewhere;
    ``earmarked`` is what is free there, empty for whoever was never given any.
    """

    balance: int
    in_decisions: int
    stakes: tuple[Stake, ...]
    questions: tuple[Question, ...]
    orders: tuple[LimitOrder, ...] = ()
    worth: int = 0
    earmarked: int | None = None


class _Own:
    """What a person has in their wallets and in the accounts of limit orders together."""

    def __init__(self, book: Book, person: Person, orders: Sequence[Resting]) -> None:
        self.book, self._wallets = book, person.wallets.values()
        self._accounts = (*self._wallets, *(order.account for order in orders))
        earmarked = (order.account for order in orders if order.wallet == person.earmarked)
        self._earmarked = (person.earmarked, *earmarked)

    def balance(self, unit: int) -> int:
        return sum(self.book.balance(account, unit) for account in self._accounts)

    def free(self, unit: int) -> int:
        """What no order reserves."""
        return sum(self.book.balance(account, unit) for account in self._wallets)

    def earmarked(self, unit: int) -> int:
        """What of it is of the wallet for long horizons."""
        return sum(self.book.balance(account, unit) for account in self._earmarked)


def portfolio(connection: Connection, by: str) -> Portfolio:
    person = persons.find(connection, by)
    if person is None:
        return Portfolio(0, 0, (), ())
    credit = accounts.CREDIT
    orders = resting.of_person(connection, person.id)
    own_accounts = [*person.wallets.values(), *(order.account for order in orders)]
    held = _held(connection, own_accounts)
    markets = _markets(connection, held)
    makers = [market.maker for market in markets.values()]
    units = [unit for market in markets.values() for unit in market.units]
    book = Book.load(connection, [*own_accounts, *makers], [credit, *held, *units], lock=False)
    own = _Own(book, person, orders)
    owners = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
    touched = {*owners.values(), *branches.decisions_of_units(connection, held)}
    found = decisions.get_all(connection, touched).values()
    stakes = tuple(_stake(connection, own, each, markets) for each in found)
    loose = [market for market in markets.values() if market.branch_id is None]
    names = metrics.get_all(connection, [market.metric_id for market in loose])
    questions = tuple(_question(own, m, names[m.metric_id]) for m in loose)
    plain = own.balance(credit) - own.earmarked(credit) + sum(each.put - each.earmarked for each in stakes)
    return Portfolio(
        balance=book.balance(person.wallet, credit),
        in_decisions=sum(stake.put for stake in stakes),
        stakes=tuple(stake for stake in stakes if stake.branches),
        questions=questions,
        orders=tuple(limit_orders.described(connection, orders)),
        worth=plain + _worth(stakes, questions),
        earmarked=book.balance(person.earmarked, credit) if person.earmarked else None,
    )


def settled(connection: Connection, by: str) -> list[Settled]:
    """The last markets of a person that were settled, the newest first."""
    person = persons.find(connection, by)
    brought = gains.of_person(connection, person.id, SETTLED_MOST) if person else []
    markets = registry.get_all(connection, [each.market_id for each in brought])
    names = metrics.get_all(connection, [market.metric_id for market in markets.values()])
    owners = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
    found = decisions.get_all(connection, set(owners.values()))
    return [
        _settled(
            each,
            markets[each.market_id],
            names,
            found.get(owners.get(markets[each.market_id].branch_id or 0, 0)),
        )
        for each in brought
    ]


def _settled(each: Gain, market: Market, names: Mapping[int, Metric], decision: Decision | None) -> Settled:
    metric = names[market.metric_id].definition.name
    question = decision.terms.question if decision else metric
    at = int(each.at.timestamp())
    return Settled(decision.id if decision else None, question, metric, each.credits, at)


def _worth(stakes: Sequence[Stake], questions: Sequence[Question]) -> int:
    """Of positions that nothing is put behind any more: in what was chosen, and in what hangs on no decision."""
    taken = [stake for stake in stakes if stake.state in TAKEN]
    held = [each for stake in taken for branch in stake.branches for each in branch.positions]
    held += [each for question in questions for each in question.positions]
    return sum(position.worth or 0 for position in held if not position.is_earmarked)


def _held(connection: Connection, own: Sequence[int]) -> list[int]:
    balance = tables.balance.c
    wanted = select(balance.unit_id).where(balance.account_id.in_(own), balance.amount != 0).distinct()
    return list(connection.execute(wanted).scalars())


def _markets(connection: Connection, units: Sequence[int]) -> dict[int, Market]:
    wanted = select(outcome.c.market_id).where(outcome.c.unit_id.in_(units))
    return registry.get_all(connection, connection.execute(wanted).scalars())


def _stake(connection: Connection, own: _Own, decision: Decision, markets: dict[int, Market]) -> Stake:
    here = [market for market in markets.values() if market.branch_id in {b.id for b in decision.live}]
    put, earmarked = (
        sum(of(b.unit) for b in decision.live if b.kind == NONE) for of in (own.balance, own.earmarked)
    )
    taken = tuple(_if_taken(own, decision, branch.id, branch.unit, here) for branch in _shown(decision, here))
    at_risk = max((put - each.least for each in taken if put), default=0)
    in_branches = registry.in_branches(connection, [branch.id for branch in decision.branches])
    metric_ids = {market.metric_id for market in in_branches.values()}
    names = [metric.definition.name for metric in metrics.get_all(connection, metric_ids).values()]
    return Stake(
        decision.id,
        decision.terms.question,
        decision.state,
        ", ".join(names),
        put,
        max(0, at_risk),
        taken if put else tuple(each for each in taken if each.cash_back or each.positions),
        earmarked,
    )


def _shown(decision: Decision, held: Sequence[Market]) -> list[Branch]:
    """All that are live, but what can never come true only where something is held that can be sold."""
    in_use = {market.branch_id for market in held}
    return [each for each in decision.live if each.id in in_use or not decision.is_idle(each.id)]


def _if_taken(own: _Own, decision: Decision, branch_id: int, unit: int, markets: Sequence[Market]) -> IfTaken:
    here = [market for market in markets if market.branch_id == branch_id]
    option = decision.option_of(branch_id)
    cash = own.balance(unit)
    held = [[own.balance(share) for share in market.units] for market in here]
    return IfTaken(
        option.name if option else None,
        decision.is_drawn_in(branch_id),
        cash,
        _positions(own, here),
        cash + sum(min(shares) for shares in held),
        cash + sum(max(shares) for shares in held),
    )


def _question(own: _Own, market: Market, metric: Metric) -> Question:
    said = metric.definition
    return Question(market.id, said.name, said.unit, _positions(own, [market]))


def _positions(own: _Own, markets: Sequence[Market]) -> tuple[Position, ...]:
    return tuple(
        _position(own, market, each, shares)
        for market in markets
        for each in market.outcomes
        if (shares := own.balance(each.unit))
    )


def _position(own: _Own, market: Market, of: Outcome, shares: int) -> Position:
    free = own.free(of.unit)
    brings, worth = (_brings(own.book, market, of.number, each) for each in (free, shares))
    is_earmarked = own.earmarked(of.unit) > 0
    return Position(market.id, of.number, of.name, shares, shares - free, brings, worth, is_earmarked)


def _brings(book: Book, market: Market, number: int, shares: int) -> int | None:
    if market.state != State.OPEN:
        return None
    state = market.maker_state(book)
    return -lmsr.cost(state, lmsr.only(state, [number], -shares))
