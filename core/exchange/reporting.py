"""The spread report: what a decision is priced at and how far to trust that, from the books."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.calibration import residuals
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.exchange import declaring, lotteries, noting, priced, reported, trust, valuing
from core.exchange.course import course
from core.exchange.deciders import Declared
from core.exchange.facts import Implied, Measure, OptionLine, Report, Spread
from core.exchange.priced import WINDOW, Wanted
from core.exchange.redefining import redefined
from core.markets import metrics, registry, trades
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.people import persons

__all__ = [
    "Implied",
    "Measure",
    "OptionLine",
    "Report",
    "Spread",
    "report",
]


def report(
    connection: Connection,
    by: str,
    decision_id: int,
    now: datetime,
    *,
    with_course: bool = False,
    in_full: bool = False,
    before: Mapping[int, float] | None = None,
    declared: tuple[float, ...] | None = None,
) -> Report:
    """The facts of the spread report as of now; averages end when the options stopped trading together.

    The course is what a chart shows, and costs as much as all else; with it comes whether the options are ranked. In
    full it says how far the numbers can be trusted, and reads every holding. Chances that are given as ``declared`` are
    assumed instead of the deciders' own, which nobody sees before the close.
    """
    del by  # No decision is confidential yet: who asks makes no difference.
    wanted = Wanted(with_course=with_course, in_full=in_full, before=before or {}, declared=declared)
    return _report(connection, decisions.get(connection, decision_id), now, wanted)


def _report(connection: Connection, decision: Decision, now: datetime, wanted: Wanted) -> Report:
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    found = metrics.get_all(connection, [m.metric_id for m in markets.values()])
    # Options are compared over the time in which all of them traded, also when one of them trades on.
    end = min(now, *(market.closes_at for market in markets.values()))
    said = declaring.declared(connection, decision, now)
    wanted = _completed(connection, decision, wanted, said)
    basis = priced.basis(connection, decision, markets, found.values(), end, wanted)
    measures = priced.measures(connection, decision, markets, found, now, end, wanted, basis)
    made, taken = decision.record, decision.taken
    return Report(
        decision_id=decision.id,
        question=decision.terms.question,
        state=decision.state,
        at=int(now.timestamp()),
        window_end=int(end.timestamp()),
        window_start=int(max(end - WINDOW, decision.opened_at).timestamp()),
        closes_at=int(decision.terms.closes_at.timestamp()),
        decide_by=int(decision.terms.decide_by.timestamp()),
        freezes_at=int(decision.terms.freezes_at.timestamp()),
        measures=measures,
        chosen=taken.name if taken else _recorded(decision),
        recorded=made is not None,
        final_at=int(made.final_at.timestamp()) if made else None,
        is_trading=any(line.is_trading for measure in measures for line in measure.options),
        halted_at=_halted_at(markets.values()),
        traders=trades.count_traders(connection, markets),
        course=course(connection, list(markets.values()), end) if wanted.with_course else None,
        declared=wanted.declared,
        deciders=persons.identities(connection, decision.deciders) if wanted.in_full else (),
        residuals=_residuals(connection) if wanted.in_full else None,
        lottery=lotteries.lottery(connection, decision),
        deciders_said=said,
        ballots=valuing.counted(connection, decision, measures, markets, basis, now),
        on_record=noting.on_record(connection, decision),
        redefined=redefined(connection, found),
        lockup=trust.locked(markets.values(), now, decision.terms.freezes_at),
    )


def _completed(connection: Connection, decision: Decision, wanted: Wanted, said: Declared | None) -> Wanted:
    """With the chances that deciders declared, and the report before this one, where nobody named others."""
    if wanted.declared is None and said:
        wanted = replace(wanted, declared=said.chances)
    if wanted.in_full and not wanted.before:
        wanted = replace(wanted, before=reported.averages(reported.newest(connection, decision.id)))
    return wanted


def _residuals(connection: Connection) -> dict[str, residuals.Summary]:
    return {str(kind): found for kind, found in residuals.summary(connection).items()}


def _recorded(decision: Decision) -> str | None:
    """The option that people recorded."""
    made = decision.record
    return decision.option(made.option_id).name if made and made.option_id else None


def _halted_at(markets: Iterable[Market]) -> int | None:
    """Since when trading is halted that would otherwise go on."""
    halted = [m.halted_at for m in markets if m.halted_at and m.state == MarketState.OPEN]
    return int(min(halted).timestamp()) if halted else None
