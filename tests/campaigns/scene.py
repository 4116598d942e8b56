"""The state that campaigns start from, built through the exchange's own use cases: people with credit, open markets."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from exchange_driver import ADMIN, DAY, START, Exchange
from sqlalchemy import Connection

from core.database import open_engine
from core.exchange import granting
from core.units import MICRO

WEALTH = 100_000 * MICRO
SPAN = 40 * DAY  # In which all but the hot question come to their ends.
FOR_EVER = START + 1000 * DAY


@dataclass(frozen=True)
class Scene:
    """Who trades and where. ``hot`` is the question that most orders go to; every other market ends within SPAN."""

    traders: int
    hot: int
    questions: tuple[int, ...]
    options: tuple[tuple[int, int], ...]

    @property
    def decisions(self) -> range:
        return range(1, len(self.options) + 1)

    @property
    def markets(self) -> list[int]:
        return [self.hot, *self.questions, *(market for pair in self.options for market in pair)]

    def decision_of(self, market: int) -> str | None:
        """A name for the decision that the market hangs on."""
        return next((f"decision {n}" for n, pair in enumerate(self.options, 1) if market in pair), None)

    def metric_of_question(self, market: int) -> int:
        """Each question has a metric, made with it: the hot one first."""
        return 1 + (0 if market == self.hot else 1 + self.questions.index(market))

    def metric_of_decision(self, number: int) -> int:
        """Both options of a decision have the same metric, made after those of all questions."""
        return 1 + len(self.questions) + number

    def trader(self, number: int) -> str:
        return f"trader-{number % self.traders}"

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))


def load(file: Path) -> Scene:
    """The scene that was saved there."""
    read = json.loads(file.read_text())
    pairs = tuple((first, second) for first, second in read["options"])
    return Scene(read["traders"], read["hot"], tuple(read["questions"]), pairs)


def build(url: str, traders: int = 12, questions: int = 0, decisions: int = 1) -> Scene:
    """Opens everything in an empty migrated database, always in the same order, so that all ids are the same."""
    engine = open_engine(url)
    exchange = Exchange(engine)
    exchange.grant("pool", 1_000_000)
    exchange.do(_enrich, traders)
    deep = 1000 * MICRO
    hot = exchange.ask(liquidity=deep, closes_at=FOR_EVER)
    ends = [START + SPAN * n / (questions + 1) for n in range(1, questions + 1)]
    asked = [exchange.ask(liquidity=deep, closes_at=end).market_ids[0] for end in ends]
    ends = [START + SPAN * n / (decisions + 2) for n in range(1, decisions + 1)]
    pairs = [_open(exchange, end) for end in ends]
    exchange.close()
    engine.dispose()
    return Scene(traders, hot.market_ids[0], tuple(asked), tuple(pairs))


def _enrich(connection: Connection, traders: int, now: datetime) -> None:
    for number in range(traders):
        granting.grant(connection, ADMIN, f"trader-{number}", WEALTH, f"wealth-{number}", "to trade", now)


def _open(exchange: Exchange, closes_at: datetime) -> tuple[int, int]:
    """A decision with an hour for each challenge, a day to decide and two more until the reading."""
    hour = int(timedelta(hours=1).total_seconds())
    opened = exchange.open(
        closes_at=closes_at,
        decide_by=closes_at + DAY,
        freezes_at=closes_at + 3 * DAY,
        record_challenge_seconds=hour,
        reading_challenge_seconds=hour,
        subsidy=2000 * MICRO,
    )
    first, second = opened.market_ids
    return first, second
