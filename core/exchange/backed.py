"""What portfolios back, as their facts name it: one SELECT each for decisions, questions, makers and lotteries.

A portfolio may back hundreds of decisions, and Home reads them all, so nothing is read of them but what is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from core.database import moment
from core.decisions.branches import DRAWN
from core.decisions.decision import name_of as name_of_decision
from core.decisions.tables import branch, decision, option
from core.exchange import reserved
from core.exchange.reserved import Held
from core.funding.portfolios import Portfolio
from core.markets.market import name_of as name_of_market
from core.markets.tables import market, metric, outcome
from core.pricing import lmsr
from core.pricing.lottery import SURE
from core.pricing.twap import MILLIONTHS
from core.rows import Among, Prepared, Row, gather, parsed

ROUNDED = 1_000  # Each tranche rounds the weights up, and prices are kept in millionths.


@dataclass(frozen=True)
class Backed:
    """A decision, or a question that hangs on none, and what is reserved for it, micro-credits.

    ``losing`` is what its makers would lose by today's prices: each option as likely as the others, but for what a
    lottery says.
    """

    decision_id: int | None
    market_id: int | None
    name: str
    question: str
    reserved: int
    losing: int
    ends_at: int


def by_portfolio(connection: Connection, found: Sequence[Held]) -> dict[int, list[Backed]]:
    """By portfolio: its decisions in the order of their opening, then its questions."""
    ids = {"ids": [each.market_id for each in found]}
    of = {"ids": sorted({each.decision_id for each in found if each.decision_id})}
    decisions, questions, makers = gather(connection, (_DECISIONS, of), (_QUESTIONS, ids), (_MAKERS, ids))
    named = {row[0]: row for row in decisions}, {row[0]: row for row in questions}
    by_lot = [decision_id for decision_id, *_, probability in decisions if probability is not None]
    chances = _chances(_LOTTERIES.rows(connection, ids=by_lot)) if by_lot else {}
    lost = _losing(makers)
    backed: dict[int, list[Backed]] = {}
    for each in reserved.together(found):
        backed.setdefault(each[0].portfolio_id, []).append(_backed(each, *named, lost, chances))
    return backed


def expected(spent: int, portfolio: Portfolio, backs: Iterable[Backed], now: datetime) -> int:
    """What it will have lost by the end of its period: what it did, and what today's prices make of all that ends before."""
    _, ends = portfolio.period(now)
    losses = (each.losing for each in backs if each.ends_at <= int(ends.timestamp()))
    return spent + sum(losses)


def losing(liquidity: int, weights: Sequence[int], prices: Iterable[int]) -> int:
    """What a maker would lose by today's prices, which are millionths; micro-credits. What rounding alone makes is nothing."""
    found = int(lmsr.losing(liquidity, weights, [each / MILLIONTHS for each in prices]))
    return found if found >= ROUNDED else 0


def _backed(
    held: Sequence[Held],
    decisions: Mapping[int, Row],
    questions: Mapping[int, Row],
    lost: Mapping[int, int],
    chances: Mapping[int | None, int],
) -> Backed:
    of, market_id = held[0].decision_id, held[0].market_id
    likely = {each.branch_id: chances.get(each.branch_id, 1) for each in held}
    _, question, ends_at, *_ = decisions[of] if of else questions[market_id]
    return Backed(
        decision_id=of,
        market_id=None if of else market_id,
        name=name_of_decision(of) if of else name_of_market(market_id),
        question=question,
        reserved=reserved.amount(held),
        losing=sum(likely[each.branch_id] * lost[each.market_id] for each in held)
        // max(1, sum(likely.values())),
        ends_at=int(moment(ends_at).timestamp()),
    )


def _losing(makers: Iterable[Row]) -> dict[int, int]:
    """By market, of a row for each of its outcomes."""
    found = {}
    for (market_id, liquidity, prices), rows in groupby(makers, lambda row: row[:3]):
        found[market_id] = losing(liquidity, [weight for *_, weight in rows], parsed(prices))
    return found


def _chances(rows: Iterable[Row]) -> dict[int | None, int]:
    """How likely branches are beside each other where a lottery may decide, by their ids; elsewhere all are alike."""
    found: dict[int | None, int] = {}
    for _, of in groupby(rows, lambda row: row[0]):
        branches = [*of]
        drawn = [weight for _, _, kind, weight, _ in branches if kind == DRAWN]
        for _, branch_id, kind, weight, probability in branches:
            by_lot = probability * weight * len(drawn)
            found[branch_id] = by_lot if kind == DRAWN else (SURE - probability) * sum(drawn)
    return found


_DECISIONS = Prepared(
    select(decision.c.id, decision.c.question, decision.c.freezes_at, decision.c.probability).where(
        Among(decision.c.id, "ids")
    )
)
_QUESTIONS = Prepared(
    select(market.c.id, metric.c.name, market.c.closes_at)
    .join(metric, metric.c.id == market.c.metric_id)
    .where(Among(market.c.id, "ids"), market.c.branch_id.is_(None))
)
_LOTTERIES = Prepared(
    select(decision.c.id, branch.c.id, branch.c.kind, option.c.weight, decision.c.probability)
    .join(branch, branch.c.decision_id == decision.c.id)
    .join(option, option.c.id == branch.c.option_id)
    .where(Among(decision.c.id, "ids"))
    .order_by(decision.c.id)
)
_MAKERS = Prepared(
    select(market.c.id, market.c.liquidity, market.c.prices, outcome.c.weight)
    .join(outcome, outcome.c.market_id == market.c.id)
    .where(Among(market.c.id, "ids"))
    .order_by(market.c.id, outcome.c.number)
)
