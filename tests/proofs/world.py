"""A world of many decisions, one after the other: the real use cases on one SQLite connection, by a clock that jumps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, plan
from sqlalchemy import Engine

from core.database import migrate, open_engine, writing
from core.errors import Refusal
from core.exchange import agenda, audit, deciding, granting, opening, resolving, trading
from core.exchange.opening import DecisionPlan, Opened
from core.exchange.trading import Act, Mirror, Order
from core.units import MICRO

PURSE = 50_000 * MICRO  # What each has at first: nobody's view is cut short for want of credit.


class World:
    """Decisions follow each other, each in one transaction."""

    def __init__(self, engine: Engine, traders: tuple[str, ...]) -> None:
        self._engine = engine
        self._keys = count()
        self.now = START
        self.purse = PURSE
        with self.one_decision():
            self.do(granting.appoint_first_admins, [ADMIN])
            for name in ("pool", *traders):
                amount = 100 * PURSE if name == "pool" else PURSE
                self.do(granting.grant, ADMIN, name, amount, self._key(), "To begin with.")

    @contextmanager
    def one_decision(self) -> Iterator[None]:
        with writing(self._engine) as self._connection:
            yield

    def do(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return use_case(self._connection, *args, now=self.now)

    def read(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return use_case(self._connection, *args)

    def wait(self, span: timedelta) -> None:
        """Whatever is due by then is done."""
        self.now += span
        while found := agenda.due(self._connection, self.now):
            for each in found:
                self.do(each.act, each.about)

    def open(self, **changes: Any) -> Opened:
        """A decision that closes in a week; nothing has to wait for objections."""
        dates = {"closes_at": 7, "decide_by": 9, "freezes_at": 30}
        terms = {name: self.now + days * DAY for name, days in dates.items()}
        at_once = {"record_challenge_seconds": 0, "reading_challenge_seconds": 0}
        made: DecisionPlan = plan(**terms, **at_once, **changes)
        opened: Opened = self.do(opening.open_decision, ADMIN, made)
        return opened

    def believe(self, by: str, market_id: int, value: float) -> None:
        """Somebody trades until the market is at their own estimate of the metric, if it is not there already."""
        estimate = round(value * MICRO)
        self._trade(Order(self._key(), by, market_id, (), Act.MOVE, PURSE // 10, estimate=estimate))

    def spend(self, by: str, market_id: int, outcome: int, credits_spent: int, *, twin: int) -> None:
        """Somebody buys, in both twins alike."""
        amount, mirror = credits_spent * MICRO, Mirror(twin)
        self._trade(Order(self._key(), by, market_id, (outcome,), Act.SPEND, amount, mirror=mirror))

    def _trade(self, order: Order) -> None:
        (answer,) = self.do(trading.execute, [order])
        if isinstance(answer, Refusal) and answer.args != ("estimate", "priced"):
            raise answer

    def decide(self, decision_id: int, option_number: int) -> None:
        self.do(deciding.record, DECIDER, decision_id, option_number, "As the rule has it.")
        self.wait(DAY)

    def read_metric(self, metric_id: int, value: float) -> None:
        """What the metric came to; everybody is paid."""
        self.do(resolving.file, OWNER, metric_id, round(value * MICRO), "Nature.")
        self.wait(DAY)

    def failures(self) -> list[str]:
        """The proofs of the books that do not hold."""
        with self.one_decision():
            return [proof.name for proof in self.read(audit.audit) if not proof.holds]

    def _key(self) -> str:
        return f"key-{next(self._keys)}"


@contextmanager
def new_world(folder: Path, *traders: str) -> Iterator[World]:
    engine = open_engine(f"sqlite:///{folder / 'world.db'}")
    migrate(engine)
    try:
        yield World(engine, traders)
    finally:
        engine.dispose()
