"""Reserved: what of portfolios backs makers. One SELECT across the rooms that know of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from core.decisions.tables import branch
from core.funding.tables import backing
from core.markets.market import LIVE
from core.markets.tables import market, outcome
from core.rows import Among, Prepared, gather


@dataclass(frozen=True)
class Held:
    """What is reserved for one market that is not over, micro-credits, and for which decision and branch."""

    portfolio_id: int
    decision_id: int | None
    branch_id: int | None
    market_id: int
    amount: int


def held(connection: Connection, portfolio_ids: Iterable[int]) -> list[Held]:
    """By market, in the order of decisions; questions that hang on none come last."""
    given = {"ids": sorted(set(portfolio_ids)), "live": [*LIVE]}
    in_branches, questions = gather(connection, (_IN_BRANCHES, given), (_QUESTIONS, given))
    return [Held(*row) for row in (*in_branches, *questions)]


def together(found: Iterable[Held]) -> list[list[Held]]:
    """What is held for the same decision, or the same question."""
    return [list(each) for _, each in groupby(found, lambda one: one.decision_id or -one.market_id)]


def amount(backed: Sequence[Held]) -> int:
    """Of a decision's branches only one comes true, so what the dearest of them takes stands behind all."""
    sums = Counter[int | None]()
    for each in backed:
        sums[each.branch_id] += each.amount
    return max(sums.values(), default=0)


def total(found: Iterable[Held]) -> int:
    return sum(amount(each) for each in together(found))


def _live(backed: Any) -> Prepared:
    keys = (backing.c.portfolio_id, backing.c.decision_id, market.c.branch_id, market.c.id)
    wanted = select(*keys, func.max(outcome.c.weight)).select_from(backed)
    of = wanted.join(outcome, outcome.c.market_id == market.c.id).where(
        Among(backing.c.portfolio_id, "ids"), Among(market.c.state, "live")
    )
    return Prepared(of.group_by(*keys).order_by(backing.c.decision_id, market.c.id))


_OF_LIVE_BRANCH = (market.c.branch_id == branch.c.id) & branch.c.is_live
_IN_BRANCHES = _live(
    backing.join(branch, branch.c.decision_id == backing.c.decision_id).join(market, _OF_LIVE_BRANCH)
)
_QUESTIONS = _live(backing.join(market, market.c.id == backing.c.market_id))
