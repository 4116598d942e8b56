"""What is due, read from the state of things. Each act checks for itself whether it still is, so asking twice is safe."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, or_, select

from core.database import milliseconds
from core.decisions import lotteries, schedules
from core.decisions.decision import TAKEN
from core.decisions.decision import State as DecisionState
from core.decisions.tables import branch, decision, record
from core.exchange import (
    allocating,
    allowing,
    cancelling,
    deciding,
    drawing,
    notifying,
    nudging,
    resolving,
    scheduling,
    settling,
    spending_sent,
    subsidising,
    watching,
)
from core.exchange.applying import DAILY
from core.funding import allowance, days, lessons
from core.funding import reports as subsidy_reports
from core.funding.tables import learned, portfolio
from core.markets import watches
from core.markets.market import State as MarketState
from core.markets.reading_tables import nudge
from core.markets.resting import State as OrderState
from core.markets.tables import drip, limit_order, market, question, reading
from core.people.tables import person
from core.rows import Prepared, gather


@dataclass(frozen=True)
class Due:
    """A use case to be run with the id of what it is about; it takes ``now`` like any other."""

    act: Callable[..., Any]
    about: int


def due(connection: Connection, now: datetime) -> list[Due]:
    """Everything that is due, in the order in which it should happen."""
    given = {
        "now": milliseconds(now),
        "soon": milliseconds(now + notifying.SOON),
        "day": days.number(now),
        "undecided_soon": milliseconds(now + nudging.DECIDERS_BEFORE),
        "day_ago": milliseconds(now - DAILY),
    }
    found = gather(connection, *((wanted, given) for _, wanted in _ACTS))
    return [
        *(Due(act, about) for (act, _), rows in zip(_ACTS, found, strict=True) for (about,) in rows),
        *(Due(watching.look, market_id) for market_id in watches.due(connection, now)),
        *(Due(scheduling.send_scheduled, each) for each in schedules.due(connection, now)),
        *(Due(spending_sent.send, each) for each in subsidy_reports.due(connection, now)),
        *(Due(scheduling.look_at_spread, each) for each in schedules.to_look_at(connection, now)),
        *_allowances(connection, now),
    ]


_NOW: BindParameter[datetime] = bindparam("now")


def _closing() -> Any:
    return select(decision.c.id).where(
        decision.c.state == DecisionState.OPEN.value, decision.c.closes_at <= _NOW
    )


def _soon() -> Any:
    """Decisions whose trading closes soon, and not all who hold something there were told."""
    return select(decision.c.id).where(
        decision.c.state == DecisionState.OPEN.value,
        decision.c.closes_at > _NOW,
        decision.c.closes_at <= bindparam("soon"),
        decision.c.warned_at.is_(None),
    )


def _question_soon() -> Any:
    """The same of questions that hang on no decision."""
    return (
        select(question.c.market_id)
        .join(market, market.c.id == question.c.market_id)
        .where(
            market.c.state == MarketState.OPEN.value,
            market.c.closes_at > _NOW,
            market.c.closes_at <= bindparam("soon"),
            question.c.warned_at.is_(None),
        )
    )


def _overdue() -> Any:
    return (
        select(decision.c.id)
        .outerjoin(record)
        .where(
            decision.c.state == DecisionState.CLOSED.value,
            decision.c.decide_by <= _NOW,
            record.c.decision_id.is_(None),
            ~(lotteries.is_made() & lotteries.is_alive()),  # A draw has its effect first.
        )
    )


def _undecided_soon() -> Any:
    """Decisions that people are to decide, and whose deciders were not reminded of the date as it is now."""
    is_reminded = decision.c.nudged_for.is_not(None) & (decision.c.nudged_for == decision.c.decide_by)
    return (
        select(decision.c.id)
        .outerjoin(record)
        .where(
            decision.c.state == DecisionState.CLOSED.value,
            decision.c.decide_by > _NOW,
            decision.c.decide_by <= bindparam("undecided_soon"),
            record.c.decision_id.is_(None),
            ~lotteries.is_alive(),
            ~is_reminded,
        )
    )


def _final() -> Any:
    return (
        select(decision.c.id)
        .join(record)
        .where(decision.c.state == DecisionState.CLOSED.value, record.c.final_at <= _NOW)
    )


def _stopped() -> Any:
    """Markets that do not trade and still have limit orders."""
    over = (market.c.state != MarketState.OPEN.value) | (market.c.closes_at <= _NOW)
    return _waiting().join(market, market.c.id == limit_order.c.market_id).where(over)


def _expired() -> Any:
    return _waiting().where(limit_order.c.expires_at <= _NOW)


def _left() -> Any:
    return (
        _waiting().join(person, person.c.id == limit_order.c.person_id).where(person.c.left_at.is_not(None))
    )


def _waiting() -> Any:
    """Markets in which limit orders wait: found by these, since they are few and the markets of all times are many."""
    return select(limit_order.c.market_id).where(limit_order.c.state == OrderState.RESTING.value).distinct()


def _freezing() -> Any:
    """Markets whose trading is over for good: those that hang on no decision, or on one that was made."""
    over = (branch.c.id.is_(None)) | or_(*(decision.c.state == state.value for state in TAKEN))
    return (
        select(market.c.id)
        .outerjoin(branch, branch.c.id == market.c.branch_id)
        .outerjoin(decision, decision.c.id == branch.c.decision_id)
        .where(market.c.state == MarketState.OPEN.value, market.c.closes_at <= _NOW, over)
    )


def _settling() -> Any:
    newer = reading.alias()
    is_newest = ~exists().where(newer.c.metric_id == reading.c.metric_id, newer.c.number > reading.c.number)
    is_known = reading.c.value.is_not(None) | (market.c.void_until <= _NOW)
    return (
        select(market.c.id)
        .join(reading, reading.c.metric_id == market.c.metric_id)
        .where(market.c.state == MarketState.FROZEN.value, market.c.resting == 0)
        .where(reading.c.final_at <= _NOW, is_newest, is_known)
    )


def _planning() -> Any:
    """Portfolios to which the policy adds by itself, and did not look at for a day."""
    return select(portfolio.c.id).where(
        portfolio.c.auto_most.is_not(None),
        portfolio.c.paused_reason.is_(None),
        or_(portfolio.c.looked_at.is_(None), portfolio.c.looked_at <= bindparam("day_ago")),
    )


def _lesson() -> Any:
    """How many markets are settled, in whole lessons, once there is another one to be learned."""
    settled = select(func.count()).where(market.c.state == MarketState.SETTLED.value).scalar_subquery()
    known = select(func.coalesce(func.max(learned.c.settled), 0)).scalar_subquery()
    return select(settled - settled % lessons.EACH).where(settled - known >= lessons.EACH)


def _allowances(connection: Connection, now: datetime) -> list[Due]:
    """Newcomers are welcomed, and a period that has begun is paid, while there is a rule."""
    standing = allowance.find(connection)
    if standing is None:
        return []
    newcomers = [Due(allowing.welcome, about) for (about,) in _NEWCOMERS.rows(connection)]
    paying = [Due(allowing.pay, allowance.THE_RULE)] if allowing.is_due(standing, now) else []
    return newcomers + paying


_NEWCOMERS = Prepared(select(person.c.id).where(person.c.welcomed_at.is_(None)))
# Each act, and what it is due for, in the order in which they should happen.
_ACTS: tuple[tuple[Callable[..., Any], Prepared], ...] = (
    (deciding.close, Prepared(_closing())),
    (drawing.ask, Prepared(lotteries.to_be_asked(_NOW))),
    (deciding.lapse, Prepared(_overdue())),
    (cancelling.clear, Prepared(_stopped())),
    (cancelling.expire, Prepared(_expired())),
    (cancelling.retire, Prepared(_left())),
    (drawing.take_effect, Prepared(lotteries.taking_effect(_NOW))),
    (deciding.take_effect, Prepared(_final())),
    (deciding.sweep, Prepared(select(decision.c.id).where(decision.c.swept_to.is_not(None)))),
    (subsidising.drip, Prepared(select(drip.c.market_id).where(drip.c.next_at <= _NOW))),
    (resolving.freeze, Prepared(_freezing())),
    (settling.settle, Prepared(_settling())),
    (notifying.warn, Prepared(_soon())),
    (notifying.warn_of_question, Prepared(_question_soon())),
    (nudging.nudge_deciders, Prepared(_undecided_soon())),
    (allocating.automatic, Prepared(_planning())),
    (allocating.refit, Prepared(_lesson())),
    (nudging.nudge_reading, Prepared(select(nudge.c.market_id).where(nudge.c.next_at <= _NOW))),
    (spending_sent.keep_day, Prepared(days.missing(bindparam("day")))),
)
