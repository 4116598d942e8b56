"""Hindsight: a decision or a question that is settled, summed up: what was priced, what happened, what that cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.calibration import residuals
from core.decisions import registry as decisions
from core.decisions.decision import Decision, Option, State
from core.exchange import declaring, history, lotteries, telling
from core.exchange.history import History
from core.exchange.redefining import redefined
from core.markets import gains, metrics, questions, readings, registry, ticks, trades
from core.markets.market import Market
from core.people import leaders
from core.pricing import information, payout
from core.pricing.twap import MILLIONTHS, Tick
from core.units import MICRO

NAMED_MOST = 3
WINDOW = timedelta(hours=24)


def post(connection: Connection, decision_id: int, now: datetime) -> None:
    """The summary once the decision is settled, with a picture in its thread; what prices missed by is kept."""
    decision = decisions.get(connection, decision_id)
    markets = _live(connection, decision)
    told = {market_id: _outcome(connection, each, decision) for market_id, each in markets.items()}
    _keep_residuals(connection, decision, markets.values(), told, now)
    facts = {
        **_taken(connection, decision),
        "measures": list(told.values()),
        **_traded(connection, markets),
        "redefined": redefined(connection, [each.metric_id for each in markets.values()]),
    }
    telling.everywhere(connection, decision, "outcome", facts, now)
    for address in decision.addresses:
        picture = {
            "decision_id": decision.id,
            "report": f"outcome:{decision.name}:{address}",
            "is_outcome": True,
        }
        key = f"history:outcome:{decision.name}:{address}"
        lanes.announce(connection, key, "history", decision.name, address, picture, now)


def post_answer(connection: Connection, market: Market, now: datetime) -> None:
    """The same of a question that hangs on no decision."""
    facts = {
        "measures": [_outcome(connection, market, None)],
        **_traded(connection, {market.id: market}),
        "redefined": redefined(connection, [market.metric_id]),
    }
    telling.question(connection, market, "answer", facts, now)
    for told in questions.told(connection, [market.id]):
        picture = {"decision_id": None, "market_id": market.id, "report": f"answer:{market.name}"}
        key = f"history:answer:{market.name}"
        lanes.announce(connection, key, "history", market.name, told.address, picture, now)


def outcome(connection: Connection, by: str, decision_id: int, now: datetime) -> History:
    """The course of what the option taken was priced at, beside what it came to, for a picture. Raises Unknown, NotOpen."""
    del by  # No decision is confidential yet: who asks makes no difference.
    decision = decisions.get(connection, decision_id)
    decision.require(State.SETTLED)
    markets, made = _live(connection, decision), decision.record
    ended = max(each.closes_at for each in markets.values())
    return History(
        decision_id=decision.id,
        question=decision.terms.question,
        lines=tuple(_line(connection, each, decision) for each in markets.values()),
        until=int(now.timestamp()),
        closes_at=int(decision.terms.closes_at.timestamp()),
        recorded_at=int(made.recorded_at.timestamp()) if made else None,
        chosen=_option(decision).name,
        redefined=redefined(connection, [each.metric_id for each in markets.values()]),
        froze_at=int(ended.timestamp()),
    )


def answer(connection: Connection, by: str, market_id: int, now: datetime) -> History:
    """The same of a question that hangs on no decision. Raises Unknown."""
    del by
    market = registry.get(connection, market_id)
    line, closed_at = _line(connection, market, None), int(market.closes_at.timestamp())
    return History(
        decision_id=None,
        question=line.metric,
        lines=(line,),
        until=int(now.timestamp()),
        closes_at=closed_at,
        recorded_at=None,
        chosen=None,
        redefined=redefined(connection, [market.metric_id]),
        market_id=market.id,
        froze_at=closed_at,
    )


def _option(decision: Decision) -> Option:
    if decision.taken is None:
        raise AssertionError(f"nothing was taken in {decision.name}")
    return decision.taken


def _taken(connection: Connection, decision: Decision) -> dict[str, Any]:
    """The option, whether a lottery drew it, why people chose it, and what was promised of the lottery and not kept."""
    made = None if decision.is_drawn else decision.record
    lottery = lotteries.lottery(connection, decision)
    return {
        "chosen": _option(decision).name,
        "is_drawn": decision.is_drawn,
        "reason": made.reason if made else None,
        "breaches": [asdict(each) for each in lottery.breaches] if lottery else [],
    }


def _live(connection: Connection, decision: Decision) -> dict[int, Market]:
    return registry.in_branches(connection, [branch.id for branch in decision.live])


def _line(connection: Connection, market: Market, decision: Decision | None) -> history.Line:
    filed = readings.find(connection, market.metric_id)
    forecast = declaring.committee(connection, decision, market.id) if decision else None
    option = decision.option_of(market.branch_id or 0) if decision else None
    shown = history.line(
        connection,
        market,
        market.closes_at,
        option.name if option else "",
        is_drawn=decision.is_drawn_in(market.branch_id) if decision else None,
    )
    return replace(shown, came_to=filed.value if filed else None, forecast=forecast)


def _traded(connection: Connection, markets: Mapping[int, Market]) -> dict[str, Any]:
    """How much, by how many, and who made most of those who agreed to be named."""
    best = gains.best(connection, markets)
    named = leaders.named(connection, best)
    return {
        "traders": trades.count_traders(connection, markets),
        "trades": sum(market.trades for market in markets.values()),
        "named": [{"who": named[who], "credits": best[who]} for who in best if who in named][:NAMED_MOST],
    }


def _outcome(connection: Connection, market: Market, decision: Decision | None) -> dict[str, Any]:
    """What it was priced at, what happened, and what the subsidy paid for it."""
    definition = metrics.get(connection, market.metric_id).definition
    filed = readings.find(connection, market.metric_id)
    if filed is None:
        raise AssertionError("an outcome without a reading")
    # Trading ends here as far as it is compared: what the deciders could see.
    closed_at = decision.terms.closes_at if decision else market.closes_at
    opening = prices(ticks.opening(connection, market).tick)
    at_close = ticks.average_prices(connection, market, closed_at - WINDOW, closed_at)
    at_end = prices(market.tick)
    return {
        "metric": definition.name,
        "unit": definition.unit,
        "low": definition.low,
        "high": definition.high,
        "value": filed.value,
        "source": filed.source,
        "opened_at_value": market.expected(opening),
        "closed_at_value": market.expected(at_close),
        "frozen_at_value": market.expected(at_end),
        "committee": declaring.committee(connection, decision, market.id) if decision else None,
        **_bought(connection, market, filed.value, opening, at_close, at_end),
    }


def _bought(
    connection: Connection,
    market: Market,
    value: int | None,
    opening: list[float],
    at_close: list[float],
    at_end: list[float],
) -> dict[str, Any]:
    """What the maker lost to traders, and how many bits prices gained until the close, and until the end."""
    paid = gains.paid(connection, market.id)
    if value is None:
        return {"paid": paid, "bits": None, "bits_at_close": None, "credits_per_bit": None}
    bits = gained(market, value, opening, at_end)
    return {
        "paid": paid,
        "bits": bits,
        "bits_at_close": gained(market, value, opening, at_close),
        "credits_per_bit": information.Purchase(paid / MICRO, bits).credits_per_bit,
    }


def gained(market: Market, value: int, before: Sequence[float], after: Sequence[float]) -> float:
    """How many bits later prices were above earlier ones, by what the metric came to."""
    parts, whole = payout.hats(value, market.centres)
    return information.bits(before, after, [part / whole for part in parts])


def _keep_residuals(
    connection: Connection,
    decision: Decision,
    markets: Iterable[Market],
    told: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> None:
    """Of what was measured: by how much it was above its price at the close, as parts of the range."""
    for market in markets:
        said = told[market.id]
        if said["value"] is None:
            continue
        low, high = min(market.centres), max(market.centres)
        clipped = min(max(said["value"], low), high)
        priced, came_to = (
            round((value - low) / (high - low) * MILLIONTHS) for value in (said["closed_at_value"], clipped)
        )
        residuals.keep(
            connection,
            market.id,
            decision.id,
            market.measure,
            residuals.Kind.DRAWN if decision.is_drawn else residuals.Kind.CHOSEN,
            priced,
            came_to,
            now,
        )


def prices(tick: Tick) -> list[float]:
    return [price / MILLIONTHS for price in tick.prices]
