"""What the audit proves of portfolios: where their credit is, added up from the journal alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from core.decisions.decision import Decision
from core.funding import portfolios
from core.funding.portfolios import Portfolio
from core.funding.tables import backing, spent
from core.ledger import accounts
from core.ledger.tables import posting
from core.markets.market import LIVE, Market, State

CREDIT = accounts.CREDIT


@dataclass(frozen=True)
class Pools:
    """Who pays for which decision and market, and what each pool put where, less what came back.

    ``put`` is by pool, account and unit; ``costs`` is what is kept of markets that are settled: whose, and how much.
    """

    portfolios: Sequence[Portfolio]
    of_decision: Mapping[int, int]
    of_market: Mapping[int, int]
    put: Mapping[tuple[int, int, int], int]
    costs: Mapping[int, tuple[int, int]]
    in_branch: Mapping[int | None, Sequence[Market]]

    def into(self, market: Market, of: Portfolio) -> int:
        return self.put.get((of.pool, market.maker, market.unit), 0)

    def into_escrow(self, decision: Decision, of: Portfolio) -> int:
        return self.put.get((of.pool, decision.escrow, CREDIT), 0)

    def dearest(self, decision: Decision, of: Portfolio) -> int:
        """The largest sum of what the portfolio put into the markets of one live branch."""
        return max(
            sum(self.into(market, of) for market in self.in_branch[branch.id]) for branch in decision.live
        )


def read(connection: Connection, markets: Sequence[Market], decisions: Sequence[Decision]) -> Pools:
    known = list(portfolios.get_all(connection, portfolios.ids(connection)).values())
    rows = connection.execute(select(backing)).all()
    of_decision = {row.decision_id: row.portfolio_id for row in rows}
    of_branch = {branch.id: of_decision.get(each.id, 0) for each in decisions for branch in each.branches}
    of_question = {row.market_id: row.portfolio_id for row in rows}
    in_branch = defaultdict[int | None, list[Market]](list)
    for market in markets:
        in_branch[market.branch_id].append(market)
    return Pools(
        portfolios=known,
        of_decision=of_decision,
        of_market={
            market.id: of_question.get(market.id, 0)
            if market.branch_id is None
            else of_branch[market.branch_id]
            for market in markets
        },
        put=_put(connection, [each.pool for each in known]),
        costs={row.market_id: (row.portfolio_id, row.amount) for row in connection.execute(select(spent))},
        in_branch=in_branch,
    )


def _put(connection: Connection, pools: Sequence[int]) -> Mapping[tuple[int, int, int], int]:
    moved = (posting.c.source_id, posting.c.destination_id, posting.c.unit_id)
    of_pools = or_(posting.c.source_id.in_(pools), posting.c.destination_id.in_(pools))
    wanted = select(*moved, func.sum(posting.c.amount)).where(of_pools).group_by(*moved)
    put = Counter[tuple[int, int, int]]()
    for source, destination, unit, amount in connection.execute(wanted):
        put[source, destination, unit] += int(amount)
        put[destination, source, unit] -= int(amount)
    return put


def reserves(pools: Pools, markets: Sequence[Market], decisions: Sequence[Decision]) -> Iterator[str]:
    """Each maker has from its own portfolio, and from no other, what it may lose; escrow has what the dearest branch takes."""
    for portfolio in pools.portfolios:
        for market in markets:
            due = market.reserve if pools.of_market[market.id] == portfolio.id else 0
            put = pools.into(market, portfolio)
            if market.state in LIVE and put != due:
                yield f"{market.name}: {portfolio.name} put {put} into its maker, and its part of the reserve is {due}"
        for decision in decisions:
            due, put = pools.dearest(decision, portfolio), pools.into_escrow(decision, portfolio)
            if decision.swept_to is None and put != due:
                yield f"{decision.name}: {portfolio.name} put {put} into escrow, and the dearest branch takes {due}"


def identity(pools: Pools, markets: Sequence[Market], decisions: Sequence[Decision]) -> Iterator[str]:
    """What came into a portfolio is free, reserved, or was lost by markets that are settled; nothing of it is elsewhere."""
    over = [market for market in markets if market.state == State.SETTLED]
    for portfolio in pools.portfolios:
        came = -pools.put.get((portfolio.pool, accounts.TREASURY, CREDIT), 0)
        free = -sum(
            n for (pool, _, unit), n in pools.put.items() if pool == portfolio.pool and unit == CREDIT
        )
        bound = sum(pools.into(market, portfolio) for market in pools.in_branch[None])
        bound += sum(_bound(pools, decision, portfolio) for decision in decisions)
        lost = sum(pools.into(market, portfolio) for market in over)
        if came != free + bound:
            yield f"{portfolio.name}: {came} came in, {free} is free, {bound - lost} is reserved, {lost} was lost"
    for market in over:
        kept, owner = pools.costs.get(market.id), pools.of_market[market.id]
        cost = sum(pools.into(market, portfolio) for portfolio in pools.portfolios)
        if kept != (owner, cost):
            yield f"{market.name} cost portfolio {owner} {cost}, what is kept of it says {kept}"


def _bound(pools: Pools, decision: Decision, of: Portfolio) -> int:
    """While dead branches are on their way back, what escrow still has of it."""
    if decision.swept_to is not None:
        return pools.into_escrow(decision, of)
    return pools.dearest(decision, of)
