"""A second set of books, kept from the journal alone by other code than the exchange's, and quick enough for every act.

It reads what was posted since it looked last, adds it up itself, and holds every balance and L1 to L4 against that.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from campaigns.campaign import insist
from sqlalchemy import Connection, Engine

from core.database import reading

CREDIT = 1
WALLETS = ("person:", EARMARKED := "long:")  # So the names of people's accounts begin.
DUST = 1000  # Micro-units by which rounding may make a market richer in its life.


class Branch(NamedTuple):
    id: int
    decision: int
    unit: int
    kind: str
    is_live: bool


class Decision(NamedTuple):
    id: int
    escrow: int
    state: str
    swept_to: int | None


class Market(NamedTuple):
    id: int
    maker: int
    unit: int
    branch: int | None
    metric: int
    state: str
    settled_to: int | None
    liquidity: int
    prices: Any
    is_long: bool


class Portfolio(NamedTuple):
    id: int
    pool: int
    reserve_budget: int | None
    paused_reason: str | None


class SecondBooks:
    """What the journal makes of every balance, and what else there is, as of the last ``check``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.entries = 0  # The last one that was read.
        self.accounts: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self._issuers: dict[int, int] = {}
        self._made = Counter[tuple[int, int]]()
        self._holders: dict[
            int, dict[int, int]
        ] = {}  # By unit: what each account has of it, but those without any.
        self._put = Counter[tuple[int, int]]()  # Net credit from one account to another.
        self._dealt: dict[int, set[int]] = defaultdict(set)  # Accounts that gave each other anything.
        self.decisions: dict[int, Decision] = {}
        self.branches: dict[int, list[Branch]] = {}
        self.markets: dict[int, Market] = {}
        self.shares: dict[int, list[int]] = {}
        self._weights: dict[int, list[int]] = {}
        self._reserved: set[int] = set()
        self.portfolios: dict[int, Portfolio] = {}
        self._backed: set[tuple[int, int | None, int | None]] = set()  # Portfolio, decision, question.
        self._put_by_pools = Counter[tuple[int, int, int]]()  # By pool, account and unit.

    def held(self, account: str, unit: int = CREDIT) -> int:
        """What the account of this name has; an account that is not there has nothing."""
        return self._made[self.accounts.get(account, 0), unit]

    def holding(self, account: str, market: int) -> list[int]:
        """The shares of each outcome that the account of this name has."""
        return [self.held(account, unit) for unit in self.shares[market]]

    def holders(self, unit: int) -> dict[int, int]:
        """What each account has of the unit; those that have none are left out."""
        return self._holders.get(unit, {})

    def pool(self, portfolio: int) -> int:
        """The credit that a portfolio has free."""
        return self._made[self.portfolios[portfolio].pool, CREDIT]

    def reserve(self, market: int) -> int:
        """The most that its maker can lose."""
        return max(self._weights[market])

    def is_swept(self, market: int) -> bool:
        """Whether what dead branches of its decision held is still on its way back."""
        of = self.markets[market].branch if market in self.markets else None
        here = (held for held in self.branches.values() if of in {branch.id for branch in held})
        return any(self.decisions[held[0].decision].swept_to is not None for held in here)

    def check(self) -> None:
        """Reads what is new, and insists on everything that must hold after every act."""
        with reading(self._engine) as connection:
            self._read(connection)
            kept = _rows(connection, "SELECT unit_id, account_id, amount FROM balance WHERE amount <> 0")
        faults = [*self._balances(kept), *self._escrows(), *self._makers(), *self._forms(), *self._puts()]
        faults += [*self._earmarks(), *self._wallets(), *self._portfolios()]
        insist(not faults, f"the books are wrong: {faults[:3]}")

    def _read(self, connection: Connection) -> None:
        """Accounts, units and postings are never changed, so only new ones are read; of the rest, all."""
        last = max(self.accounts.values(), default=0)
        self.accounts |= {
            n: i for i, n in _rows(connection, f"SELECT id, name FROM account WHERE id > {last}")
        }
        last = max(self._issuers, default=0)
        for number, name, issuer in _rows(connection, f"SELECT * FROM unit WHERE id > {last}"):
            self.units[name], self._issuers[number] = number, issuer
        wanted = "SELECT id, account_id, reserve_budget, paused_reason FROM portfolio"
        self.portfolios = {row[0]: Portfolio(*row) for row in _rows(connection, wanted)}
        wanted = "SELECT portfolio_id, decision_id, market_id FROM backing"
        self._backed = {tuple(row) for row in _rows(connection, wanted)}
        self._post(connection)
        self.decisions = {
            row[0]: Decision(*row)
            for row in _rows(connection, "SELECT id, escrow_id, state, swept_to FROM decision")
        }
        wanted = "SELECT id, decision_id, unit_id, kind, is_live FROM branch ORDER BY id"
        self.branches = _grouped((row[1], Branch(*row)) for row in _rows(connection, wanted))
        wanted = """SELECT id, maker_id, unit_id, branch_id, metric_id, state, settled_to, liquidity, prices,
                    is_long FROM market ORDER BY id"""
        self.markets = {row[0]: Market(*row) for row in _rows(connection, wanted)}
        outcomes = _rows(
            connection, "SELECT market_id, unit_id, weight FROM outcome ORDER BY market_id, number"
        )
        self.shares = _grouped((market, unit) for market, unit, _ in outcomes)
        self._weights = _grouped((market, weight) for market, _, weight in outcomes)
        self._reserved = {row[0] for row in _rows(connection, "SELECT account_id FROM limit_order")}

    def _post(self, connection: Connection) -> None:
        wanted = f"""SELECT entry_id, source_id, destination_id, amount, unit_id FROM posting
                     WHERE entry_id > {self.entries} ORDER BY entry_id"""
        pools = {each.pool for each in self.portfolios.values()}
        for entry, source, destination, amount, unit in _rows(connection, wanted):
            self._made[source, unit] -= amount
            self._made[destination, unit] += amount
            self._dealt[source].add(destination)
            self._dealt[destination].add(source)
            self.entries = entry
            if source in pools:
                self._put_by_pools[source, destination, unit] += amount
            if destination in pools:
                self._put_by_pools[destination, source, unit] -= amount
            if unit == CREDIT:
                self._put[source, destination] += amount
                self._put[destination, source] -= amount
        self._holders = {}
        for (account, unit), amount in self._made.items():
            if amount:
                self._holders.setdefault(unit, {})[account] = amount

    def _balances(self, kept: Sequence[Any]) -> Iterator[str]:
        made = {(unit, account, n) for unit, held in self._holders.items() for account, n in held.items()}
        if wrong := made.symmetric_difference(map(tuple, kept)):
            yield f"balances are not what the journal makes: {sorted(wrong)}"
        for unit, held in self._holders.items():
            if sum(held.values()):
                yield f"unit {unit} sums to {sum(held.values())}"
            if owing := [account for account, n in held.items() if n < 0 and account != self._issuers[unit]]:
                yield f"accounts {owing} are below zero of unit {unit}"

    def _escrows(self) -> Iterator[str]:
        """L1."""
        for decision in self.decisions.values():
            backing = self._made[decision.escrow, CREDIT]
            for branch in self.branches[decision.id]:
                issued = -self._made[decision.escrow, branch.unit]
                if branch.is_live and issued != backing:
                    yield f"L1: decision {decision.id} has {backing} in escrow and issued {issued}"
                if not branch.is_live and decision.swept_to is None and issued:
                    yield f"L1: the dead branch {branch.id} still holds {issued}"

    def _makers(self) -> Iterator[str]:
        """L2, now and whatever is traded next: receipts are b ln sum e^((s - W) / b), and W what may be lost (THEORY 2)."""
        for market in self.markets.values():
            if market.settled_to is not None or market.state not in {"open", "closed", "frozen"}:
                continue
            has, weights = self._made[market.maker, market.unit], self._weights[market.id]
            owed = [-self._made[market.maker, unit] for unit in self.shares[market.id]]
            if has < max(owed):
                yield f"L2: the maker of market {market.id} has {has} and may owe {owed}"
            received, due = has - max(weights), _cost(market.liquidity, owed, weights)
            if not -1 <= received - due <= DUST:
                yield f"L2: the maker of market {market.id} received {received} for what costs {due}"

    def _forms(self) -> Iterator[str]:
        """L3, also of those whom a sweep that is under way has passed already."""
        makers = {market.maker for market in self.markets.values()}
        for decision in self.decisions.values():
            branches = self.branches[decision.id]
            live = [set(self.holders(branch.unit)) for branch in branches if branch.is_live]
            dead = [set(self.holders(branch.unit)) for branch in branches if not branch.is_live]
            passed = decision.swept_to if decision.swept_to is not None else max(self.accounts.values())
            late = [each for held in dead for each in held if each <= passed and each != decision.escrow]
            whole = set[int].intersection(*live) - makers - self._reserved - {decision.escrow}
            yield from (f"L3: account {each} holds every live branch" for each in whole if each <= passed)
            yield from (f"account {each} still holds a dead branch of {decision}" for each in late)

    def _puts(self) -> Iterator[str]:
        """L4."""
        for decision in self.decisions.values():
            for branch in self.branches[decision.id]:
                if branch.kind != "none" or not branch.is_live or decision.swept_to is not None:
                    continue
                for account in self.accounts.values():
                    put, held = self._put[account, decision.escrow], self._made[account, branch.unit]
                    if account != decision.escrow and put != held:
                        yield f"L4: account {account} put {put} into {decision} and holds {held} of none"

    def _earmarks(self) -> Iterator[str]:
        """Credit for long horizons, and what it bought, is in long markets and their decisions only."""
        long = [market for market in self.markets.values() if market.is_long]
        decisions = {
            branch.decision
            for held in self.branches.values()
            for branch in held
            if branch.id in {market.branch for market in long}
        }
        may = {CREDIT, *(unit for market in long for unit in self.shares[market.id])}
        may |= {branch.unit for each in decisions for branch in self.branches[each]}
        earmarked = {account for name, account in self.accounts.items() if name.startswith(EARMARKED)}
        for unit in self._holders.keys() - may:
            if found := earmarked & self._holders[unit].keys():
                yield f"earmarked accounts {found} hold of unit {unit}"

    def _wallets(self) -> Iterator[str]:
        """A wallet deals with no other one, and an order with that from which it reserved alone."""
        wallets = {account for name, account in self.accounts.items() if name.startswith(WALLETS)}
        for account in wallets | self._reserved:
            met = self._dealt[account] & wallets
            if len(met) > (account in self._reserved):
                yield f"account {account} dealt with the wallets {met}"

    def _portfolios(self) -> Iterator[str]:
        """What came in is free, reserved for the dearest branch of each decision and for questions, on its way back, or lost."""
        markets = _grouped((market.branch, market) for market in self.markets.values())
        for portfolio in self.portfolios.values():
            backed = {each[1:] for each in self._backed if each[0] == portfolio.id}
            reserved, returning, lost = 0, 0, 0
            for decision in self.decisions.values():
                if (decision.id, None) not in backed:
                    continue
                live = [markets.get(each.id, []) for each in self.branches[decision.id] if each.is_live]
                here = max(sum(map(self._held, held)) for held in live)
                reserved += here
                if decision.swept_to is not None:
                    returning += self._put_by_pools[portfolio.pool, decision.escrow, CREDIT] - here
                else:
                    lost += sum(self._lost(portfolio, market) for held in live for market in held)
            questions = [market for market in markets.get(None, []) if (None, market.id) in backed]
            reserved += sum(map(self._held, questions))
            lost += sum(self._lost(portfolio, market) for market in questions)
            came = -self._put_by_pools[portfolio.pool, self.accounts["treasury"], CREDIT]
            free, most = self._made[portfolio.pool, CREDIT], portfolio.reserve_budget
            if came != free + reserved + returning + lost:
                yield (
                    f"portfolio {portfolio.id} got {came}, has {free} free and {reserved} reserved, gets {returning} back, "
                    f"and lost {lost}"
                )
            if most is not None and reserved > most:
                yield f"portfolio {portfolio.id} has {reserved} reserved, and may have {most}"

    def _held(self, market: Market) -> int:
        return self.reserve(market.id) if market.state in {"open", "closed", "frozen"} else 0

    def _lost(self, portfolio: Portfolio, market: Market) -> int:
        is_over = market.state == "settled"
        return self._put_by_pools[portfolio.pool, market.maker, market.unit] if is_over else 0


def _cost(liquidity: int, shares: Sequence[int], weights: Sequence[int]) -> float:
    logits = [s - w for s, w in zip(shares, weights, strict=True)]
    top = max(logits)
    return top + liquidity * math.log(math.fsum(math.exp((each - top) / liquidity) for each in logits))


def _grouped(pairs: Any) -> dict[Any, list[Any]]:
    found = defaultdict[Any, list[Any]](list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def _rows(connection: Connection, text: str) -> Sequence[Any]:
    return connection.exec_driver_sql(text).all()
