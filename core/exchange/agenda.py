"""What is due, read from the state of things. Each act checks for itself whether it still is, so asking twice is safe."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from core.decisions import lotteries, schedules
from core.decisions.decision import TAKEN
from core.decisions.decision import State as DecisionState
from core.decisions.tables import branch, decision, record
from core.exchange import (
    allowing,
    cancelling,
    deciding,
    drawing,
    notifying,
    nudging,
    resolving,
    scheduling,
    settling,
    subsidising,
    watching,
)
from core.funding import allowance
from core.markets import watches
from core.markets.market import State as MarketState
from core.markets.reading_tables import nudge
from core.markets.resting import State as OrderState
from core.markets.tables import drip, limit_order, market, question, reading
from core.people.tables import person


@dataclass(frozen=True)
class Due:
    """A use case to be run with the id of what it is about; it takes ``now`` like any other."""

    act: Callable[..., Any]
    about: int


def due(connection: Connection, now: datetime) -> list[Due]:
    """Everything that is due, in the order in which it should happen."""
    return [
        *_due(connection, deciding.close, _closing(now)),
        *_due(connection, drawing.ask, lotteries.to_be_asked(now)),
        *_due(connection, deciding.lapse, _overdue(now)),
        *_due(connection, cancelling.clear, _stopped(now)),
        *_due(connection, cancelling.expire, _expired(now)),
        *_due(connection, cancelling.retire, _left()),
        *_due(connection, drawing.take_effect, lotteries.taking_effect(now)),
        *_due(connection, deciding.take_effect, _final(now)),
        *_due(connection, deciding.sweep, select(decision.c.id).where(decision.c.swept_to.is_not(None))),
        *_due(connection, subsidising.drip, select(drip.c.market_id).where(drip.c.next_at <= now)),
        *_due(connection, resolving.freeze, _freezing(now)),
        *_due(connection, settling.settle, _settling(now)),
        *_due(connection, notifying.warn, _soon(now)),
        *_due(connection, notifying.warn_of_question, _question_soon(now)),
        *_due(connection, nudging.nudge_deciders, _undecided_soon(now)),
        *_due(connection, nudging.nudge_reading, select(nudge.c.market_id).where(nudge.c.next_at <= now)),
        *(Due(watching.look, market_id) for market_id in watches.due(connection, now)),
        *(Due(scheduling.send_scheduled, each) for each in schedules.due(connection, now)),
        *(Due(scheduling.look_at_spread, each) for each in schedules.to_look_at(connection, now)),
        *_allowances(connection, now),
    ]


def _due(connection: Connection, act: Callable[..., Any], wanted: Any) -> list[Due]:
    return [Due(act, each) for each in connection.execute(wanted).scalars()]


def _closing(now: datetime) -> Any:
    return select(decision.c.id).where(decision.c.state == DecisionState.OPEN, decision.c.closes_at <= now)


def _soon(now: datetime) -> Any:
    """Decisions whose trading closes soon, and not all who hold something there were told."""
    return select(decision.c.id).where(
        decision.c.state == DecisionState.OPEN,
        decision.c.closes_at > now,
        decision.c.closes_at <= now + notifying.SOON,
        decision.c.warned_at.is_(None),
    )


def _question_soon(now: datetime) -> Any:
    """The same of questions that hang on no decision."""
    return (
        select(question.c.market_id)
        .join(market, market.c.id == question.c.market_id)
        .where(
            market.c.state == MarketState.OPEN,
            market.c.closes_at > now,
            market.c.closes_at <= now + notifying.SOON,
            question.c.warned_at.is_(None),
        )
    )


def _overdue(now: datetime) -> Any:
    return (
        select(decision.c.id)
        .outerjoin(record)
        .where(
            decision.c.state == DecisionState.CLOSED,
            decision.c.decide_by <= now,
            record.c.decision_id.is_(None),
            ~(lotteries.is_made() & lotteries.is_alive()),  # A draw has its effect first.
        )
    )


def _undecided_soon(now: datetime) -> Any:
    """Decisions that people are to decide, and whose deciders were not reminded of the date as it is now."""
    is_reminded = decision.c.nudged_for.is_not(None) & (decision.c.nudged_for == decision.c.decide_by)
    return (
        select(decision.c.id)
        .outerjoin(record)
        .where(
            decision.c.state == DecisionState.CLOSED,
            decision.c.decide_by > now,
            decision.c.decide_by <= now + nudging.DECIDERS_BEFORE,
            record.c.decision_id.is_(None),
            ~lotteries.is_alive(),
            ~is_reminded,
        )
    )


def _final(now: datetime) -> Any:
    return (
        select(decision.c.id)
        .join(record)
        .where(decision.c.state == DecisionState.CLOSED, record.c.final_at <= now)
    )


def _stopped(now: datetime) -> Any:
    """Markets that do not trade and still have limit orders."""
    over = (market.c.state != MarketState.OPEN) | (market.c.closes_at <= now)
    return _waiting().join(market, market.c.id == limit_order.c.market_id).where(over)


def _expired(now: datetime) -> Any:
    return _waiting().where(limit_order.c.expires_at <= now)


def _left() -> Any:
    return (
        _waiting().join(person, person.c.id == limit_order.c.person_id).where(person.c.left_at.is_not(None))
    )


def _waiting() -> Any:
    """Markets in which limit orders wait: found by these, since they are few and the markets of all times are many."""
    return select(limit_order.c.market_id).where(limit_order.c.state == OrderState.RESTING).distinct()


def _freezing(now: datetime) -> Any:
    """Markets whose trading is over for good: those that hang on no decision, or on one that was made."""
    over = (branch.c.id.is_(None)) | (decision.c.state.in_(TAKEN))
    return (
        select(market.c.id)
        .outerjoin(branch, branch.c.id == market.c.branch_id)
        .outerjoin(decision, decision.c.id == branch.c.decision_id)
        .where(market.c.state == MarketState.OPEN, market.c.closes_at <= now, over)
    )


def _settling(now: datetime) -> Any:
    newer = reading.alias()
    is_newest = ~exists().where(newer.c.metric_id == reading.c.metric_id, newer.c.number > reading.c.number)
    is_known = reading.c.value.is_not(None) | (market.c.void_until <= now)
    return (
        select(market.c.id)
        .join(reading, reading.c.metric_id == market.c.metric_id)
        .where(market.c.state == MarketState.FROZEN, market.c.resting == 0)
        .where(reading.c.final_at <= now, is_newest, is_known)
    )


def _allowances(connection: Connection, now: datetime) -> list[Due]:
    """Newcomers are welcomed, and a period that has begun is paid, while there is a rule."""
    standing = allowance.find(connection)
    if standing is None:
        return []
    newcomers = select(person.c.id).where(person.c.welcomed_at.is_(None))
    paying = [Due(allowing.pay, allowance.THE_RULE)] if allowing.is_due(standing, now) else []
    return _due(connection, allowing.welcome, newcomers) + paying
