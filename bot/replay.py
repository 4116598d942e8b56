"""Replay: real trades, forecasts and outcomes from three tables, played through the exchange's own use cases."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import Connection, Engine

from bot.tables import BadTable, Tables, TradeRow
from core.database import writing
from core.errors import InsufficientFunds, Refusal
from core.exchange import audit, forecasting, granting, opening, resolving, settling, trading
from core.exchange.forecasting import Scores, score
from core.exchange.opening import Definition, QuestionPlan
from core.exchange.trading import Act, Fill, Order
from core.units import MICRO, to_micro

LIQUIDITY = 100 * MICRO
OPERATOR = "replay/operator"
YES, NO = 0, 1


@dataclass(frozen=True)
class MarketResult:
    """One market: what its last price and its mean forecast came to, beside what happened."""

    market: str
    trades: int
    last_price: float
    mean_forecast: float
    outcome: int
    max_price_difference: float


@dataclass(frozen=True)
class Result:
    markets: tuple[MarketResult, ...]
    trades: int
    max_price_difference: float
    market_scores: Scores
    forecast_scores: Scores

    def show(self, console: Console) -> None:
        """A table of the markets, and the figures of all of them together."""
        table = Table("Market", "Trades", "Last price", "Mean forecast", "Outcome", "Price difference")
        for each in self.markets:
            figures = (f"{each.last_price:.6f}", f"{each.mean_forecast:.6f}", str(each.outcome))
            table.add_row(each.market, str(each.trades), *figures, f"{each.max_price_difference:.1e}")
        console.print(table)
        market, forecast = self.market_scores, self.forecast_scores
        mae = (market.mean_absolute_error, forecast.mean_absolute_error)
        console.print(f"{len(self.markets)} markets, {self.trades} trades")
        console.print(f"Largest difference to a recorded price: {self.max_price_difference:.2e}")
        console.print(f"Brier score: market {market.brier:.6f}, mean forecast {forecast.brier:.6f}")
        console.print(f"Mean absolute error: market {mae[0]:.6f}, mean forecast {mae[1]:.6f}")

    def write(self, file: Path) -> None:
        """The result as JSON."""
        overall = {
            "markets": len(self.markets),
            "trades": self.trades,
            "max_price_difference": self.max_price_difference,
            "brier_market": self.market_scores.brier,
            "brier_forecast": self.forecast_scores.brier,
            "mae_market": self.market_scores.mean_absolute_error,
            "mae_forecast": self.forecast_scores.mean_absolute_error,
        }
        said = {"overall": overall, "markets": [asdict(each) for each in self.markets]}
        file.write_text(json.dumps(said, indent=2) + "\n")


def replay(engine: Engine, tables: Tables, progress: Progress) -> Result:
    """Plays the tables into an empty database, in one transaction. Raises BadTable, and then keeps nothing."""
    with writing(engine) as connection:
        if not audit.is_empty(connection):
            raise BadTable(
                "The database is not empty. Replay needs one of its own: set FUTARCHY_DATABASE_URL."
            )
        return _Replay(connection, tables).run(progress)


class _Replay:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self.connection = connection
        self.tables = tables
        self.market_ids: dict[str, int] = {}
        self.metric_ids: dict[str, int] = {}
        self.prices: dict[str, float] = dict.fromkeys(tables.outcomes, 0.5)
        self.differences: dict[str, float] = dict.fromkeys(tables.outcomes, 0.0)
        self.counts: Counter[str] = Counter()

    def run(self, progress: Progress) -> Result:
        trades = sorted(self.tables.trades, key=lambda row: row.at)
        start, end = trades[0].at, trades[-1].at + timedelta(seconds=1)
        self._open(start, end)
        for forecast in self.tables.forecasts:
            market = self.market_ids[forecast.market]
            by = f"replay/{forecast.forecaster}"
            forecasting.forecast(self.connection, by, market, forecast.probability, start)
        for number, row in enumerate(progress.track(trades, description="Trades"), 1):
            self._trade(number, row)
        for name in progress.track(self.tables.outcomes, description="Settlements"):
            self._settle(name, end)
        return self._result()

    def _open(self, start: datetime, end: datetime) -> None:
        granting.appoint_first_admins(self.connection, [OPERATOR], start)
        budget = LIQUIDITY * len(self.tables.outcomes)
        granting.grant(self.connection, OPERATOR, granting.POOL, budget, "replay", "makers' reserves", start)
        for market, finding in self.tables.outcomes.items():
            metric = Definition(market, "replicated", 0, MICRO, f"Does {finding.title} replicate?")
            plan = QuestionPlan(metric, OPERATOR, opening.yes_no(0.5), LIQUIDITY, end, 0, least_order=0)
            opened = opening.open_question(self.connection, OPERATOR, plan, start)
            (self.market_ids[market],), (self.metric_ids[market],) = opened.market_ids, opened.metric_ids

    def _trade(self, number: int, row: TradeRow) -> None:
        outcome = YES if row.yes_shares > 0 else NO
        shares = to_micro(round(abs(row.yes_shares), 6))
        by = f"replay/{row.trader}"
        order = Order(f"replay:{number}", by, self.market_ids[row.market], (outcome,), Act.BUY, shares)
        fill = self._execute(order, row)
        price = fill.price_after if outcome == YES else 1 - fill.price_after
        self.prices[row.market] = price
        self.differences[row.market] = max(self.differences[row.market], abs(price - row.price_after))
        self.counts[row.market] += 1

    def _execute(self, order: Order, row: TradeRow) -> Fill:
        """Executes the order; a trader who is short is granted what it takes."""
        answer = trading.execute(self.connection, [order], row.at)[0]
        if isinstance(answer, InsufficientFunds):
            short = answer.needed - answer.available
            granting.grant(
                self.connection, OPERATOR, order.by, short, order.key, "what the trade takes", row.at
            )
            answer = trading.execute(self.connection, [order], row.at)[0]
        if isinstance(answer, Refusal):
            raise BadTable(f"{row.place}: the exchange refused the trade: {answer!r}")
        return answer

    def _settle(self, market: str, now: datetime) -> None:
        happened = self.tables.outcomes[market].outcome * MICRO
        metric_id = self.metric_ids[market]
        resolving.file(self.connection, OPERATOR, metric_id, happened, "the outcomes table", now)
        settling.settle(self.connection, self.market_ids[market], now)

    def _result(self) -> Result:
        results = tuple(
            MarketResult(
                market,
                self.counts[market],
                self.prices[market],
                forecasting.mean(self.connection, self.market_ids[market]) or 0.5,
                finding.outcome,
                self.differences[market],
            )
            for market, finding in self.tables.outcomes.items()
        )
        happened = [each.outcome for each in results]
        return Result(
            results,
            sum(self.counts.values()),
            max(self.differences.values()),
            score([each.last_price for each in results], happened),
            score([each.mean_forecast for each in results], happened),
        )
