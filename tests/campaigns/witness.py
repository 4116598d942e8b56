"""Use cases run with a number that says when their turn was: the serial order that a campaign holds the answers against.

The number is drawn inside the transaction, after the use case has taken its locks and before they are released. Of two
transactions that touch the same thing, the one that had it first therefore has the lower number.
"""

import json
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from campaigns.answers import said
from sqlalchemy import Connection, text

from core.database import milliseconds, open_engine, writing
from core.errors import Refusal
from core.exchange import trading
from core.exchange.trading import Order
from core.rows import driver


@dataclass(frozen=True, order=True, slots=True)
class Turn:
    """What was asked (an order's key, or a deed), when, and what was answered; ordered as it happened."""

    number: int
    place: int
    at: int
    asked: str
    answer: str

    def line(self) -> bytes:
        return json.dumps([self.number, self.place, self.at, self.asked, self.answer]).encode() + b"\n"


def turn_of(line: str) -> Turn:
    return Turn(*json.loads(line))


def deed(use_case: Callable[..., Any], *args: Any) -> str:
    """A use case and its inputs as text, to be done now and again when the campaign is replayed."""
    return json.dumps([f"{use_case.__module__}:{use_case.__qualname__}", *args])


def do(connection: Connection, asked: str, now: datetime) -> Any:
    """Does the deed."""
    name, *args = json.loads(asked)
    return pkgutil.resolve_name(name)(connection, *args, now=now)


def prepare(url: str) -> None:
    """Makes the source of the numbers, which all processes share; on SQLite only one process writes."""
    engine = open_engine(url)
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.execute(text("CREATE SEQUENCE campaign_turn"))
    engine.dispose()


class Witness:
    def __init__(self) -> None:
        self._turns = count(1)

    def execute(self, connection: Connection, batch: Sequence[Order], now: datetime) -> list[Turn | Refusal]:
        """trading.execute, each of whose answers comes as a turn; refusals too."""
        answers = trading.execute(connection, batch, now=now)
        number, at = self._draw(connection), milliseconds(now)
        return [
            Turn(number, place, at, order.key, said(answer))
            for place, (order, answer) in enumerate(zip(batch, answers, strict=True))
        ]

    def do(self, connection: Connection, asked: str, now: datetime) -> Turn:
        answer = do(connection, asked, now)
        return Turn(self._draw(connection), 0, milliseconds(now), asked, said(answer))

    def _draw(self, connection: Connection) -> int:
        if connection.dialect.name == "sqlite":
            return next(self._turns)
        # By the driver itself: the writes of the use case may be on their way with the commit already.
        (drawn,) = driver(connection).execute("SELECT nextval('campaign_turn')").fetchone()
        return int(drawn)
