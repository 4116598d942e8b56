"""Campaign: each order is delivered two to ten times, by random threads to random writers, some copies with other content.

Claimed of each key: it is executed once; every copy with the content that was executed gets the same fill, and every
other copy is told that the key was used. Three writers with an engine each serve PostgreSQL, the only one serves SQLite.
"""

import threading
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from queue import Empty, SimpleQueue
from typing import Any

from campaigns import books
from campaigns import scene as scenes
from campaigns.answers import is_fill, kind, said, wait
from campaigns.campaign import Figures, Trial, insist
from campaigns.databases import database
from exchange_driver import START
from sqlalchemy import event

from core.database import open_engine
from core.exchange import trading
from core.exchange.trading import Act, Order
from core.units import MICRO
from core.writer import Writer

# So many threads for so many orders: large groups first, then small ones whose writers cross.
CROWDS = ((128, 900), (6, 100))
WRITERS = {"sqlite": 1, "postgresql": 3}
ALTERED = 0.25
APART = (2, 10, 100)  # So many other orders lie between the copies of one, at most.
HOLDING = 500 * MICRO


@dataclass(frozen=True)
class Delivery:
    order: Order
    writer: int


def duplicates(trial: Trial) -> Figures:
    with database(trial.engine, trial.folder) as url, ExitStack() as ending:
        return _Duplicates(trial, url, ending).run()


class _Duplicates:
    def __init__(self, trial: Trial, url: str, ending: ExitStack) -> None:
        self._trial = trial
        self._scene = scenes.build(url, questions=6)
        self._conflicts = Counter[str]()
        self._counted = Counter[str]()
        self._engines = [open_engine(url) for _ in range(WRITERS[trial.engine])]
        self._writers = []
        for engine in self._engines:
            event.listen(engine, "handle_error", self._note_conflict)
            self._writers.append(Writer(engine, lambda: START, batched={trading.execute}))
            ending.callback(engine.dispose)
            ending.callback(self._writers[-1].close)

    def run(self) -> Figures:
        self._endow()
        done = 0
        for threads, most in cycle(CROWDS):
            numbers = range(done, min(done + most, self._trial.times))
            self._check(self._deliver(self._deliveries(numbers), threads))
            done = numbers.stop
            self._trial.step(len(numbers))
            if done == self._trial.times:
                break
        books.prove(self._engines[0])
        conflicts = ", ".join(f"{code} {n}" for code, n in sorted(self._conflicts.items()))
        return {
            "orders": self._trial.times,
            **self._counted,
            "lost, doubled or answered otherwise": 0,
            "conflicts between writers that no caller saw": conflicts or "none",
        }

    def _endow(self) -> None:
        """Everybody holds plenty of one outcome of the hot market, so that no sale there is ever refused."""
        for number in range(self._scene.traders):
            key, by = f"endow-{number}", self._scene.trader(number)
            order = Order(key, by, self._scene.hot, (number % 2,), Act.BUY, HOLDING)
            insist(is_fill(said(wait(self._writers[0].submit(trading.execute, order)))), "nothing to sell")

    def _deliveries(self, numbers: range) -> list[Delivery]:
        """All copies of these orders, near each other and in no order."""
        chance = self._trial.chance("deliveries", numbers.start)
        placed = []
        for number in numbers:
            apart = chance.choice(APART)
            for copy in range(chance.randint(2, 10)):
                content = copy if chance.random() < ALTERED else 0
                delivery = Delivery(self._order(number, content), chance.randrange(len(self._writers)))
                placed.append((number + chance.uniform(0, apart), delivery))
        return [delivery for _, delivery in sorted(placed, key=lambda each: each[0])]

    def _order(self, number: int, content: int) -> Order:
        """An order that nothing can refuse but its key; who holds an outcome of the hot market never nets it away."""
        chance = self._trial.chance("order", number, content)
        trader = chance.randrange(self._scene.traders)
        is_hot = chance.random() < 0.4
        market = self._scene.hot if is_hot else chance.choice(self._scene.markets)
        outcome = trader % 2 if market == self._scene.hot else chance.randrange(2)
        act = chance.choice([Act.SPEND, Act.BUY, Act.SELL] if is_hot else [Act.SPEND, Act.BUY])
        amount = chance.randint(MICRO // 10, MICRO)
        return Order(f"order-{number}", self._scene.trader(trader), market, (outcome,), act, amount)

    def _deliver(self, deliveries: list[Delivery], threads: int) -> dict[str, list[tuple[Order, str]]]:
        """The answers that the copies of each key got."""
        waiting: SimpleQueue[Delivery] = SimpleQueue()
        for each in deliveries:
            waiting.put(each)
        answers: dict[str, list[tuple[Order, str]]] = defaultdict(list)

        def deliver() -> None:
            try:
                while True:
                    each = waiting.get_nowait()
                    answers[each.order.key].append((each.order, self._answer(each)))
            except Empty:
                return

        crowd = [threading.Thread(target=deliver) for _ in range(threads)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        self._counted["deliveries"] += len(deliveries)
        insist(sum(map(len, answers.values())) == len(deliveries), "a delivery was not answered")
        return answers

    def _answer(self, each: Delivery) -> str:
        """Who is told Busy delivers again; any other answer is the last."""
        while True:
            answer = said(wait(self._writers[each.writer].submit(trading.execute, each.order)))
            if kind(answer) != "Busy":
                return answer

    def _check(self, answers: dict[str, list[tuple[Order, str]]]) -> None:
        kept = books.fills(self._engines[0], list(answers))
        insist(kept.keys() == answers.keys(), f"not executed: {sorted(answers.keys() - kept.keys())[:5]}")
        for key, given in answers.items():
            executed = {order for order, answer in given if is_fill(answer)}
            insist(len(executed) == 1, f"{key} was executed as {executed}")
            for order, answer in given:
                expected = kept[key] if order in executed else "KeyReused"
                insist(answer == expected or kind(answer) == expected, f"{order} was answered {answer}")
                self._counted[f"answered {kind(answer)}"] += 1

    def _note_conflict(self, context: Any) -> None:
        original = context.original_exception
        self._conflicts[getattr(original, "sqlstate", None) or type(original).__name__] += 1
