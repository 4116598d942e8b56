"""Clients that trade in a closed loop: each asks, waits for its fill, and asks again."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle
from time import perf_counter
from uuid import uuid4

from exchange_driver import START
from sqlalchemy import Connection, Engine

from core.errors import Refusal
from core.exchange import trading
from core.exchange.trading import Act, Fill, Mirror, Order, Wallet
from core.units import MICRO
from core.writer import Writer, sweep_seldom

SALES = 1 / 3  # Of all orders.
SPENT_MOST = 5  # Whole credits.
TRADERS = 256  # As many clients as there can be.


@dataclass(frozen=True)
class Ground:
    """Where is traded: one hot market, or many; and the twin of each in which every order is mirrored, if there are any.

    All orders are paid from the same wallet of whoever asks.
    """

    name: str
    markets: Sequence[int]
    twins: Mapping[int, int] = field(default_factory=dict)
    wallet: Wallet = Wallet.PLAIN


class Trader:
    """Asks for some of the people, for whom nobody else does: mostly purchases, and sales of what was bought."""

    def __init__(self, people: Sequence[str], name: str, chance: random.Random) -> None:
        self._people, self._name, self._chance = people, name, chance
        self._asked = count()
        self._held: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        self._places: dict[str, list[tuple[str, int]]] = defaultdict(list)  # Where something was bought.

    def order(self, ground: Ground) -> Order:
        places = self._places[ground.name]
        if places and self._chance.random() < SALES:
            place = places.pop(self._chance.randrange(len(places)))
            if most := max(self._held[place]):
                outcome = self._held[place].index(most)
                asked = Order(self._key(place), *place, (outcome,), Act.SELL, (most + 1) // 2)
                return _placed(asked, ground)
        place = self._chance.choice(self._people), self._chance.choice(ground.markets)
        places.append(place)
        amount = self._chance.randint(MICRO, SPENT_MOST * MICRO)
        asked = Order(self._key(place), *place, (self._chance.randrange(2),), Act.SPEND, amount)
        return _placed(asked, ground)

    def orders(self, ground: Ground, most: int) -> list[Order]:
        """A batch of orders, one a person, since the next ones build on its fill."""
        asked = (self.order(ground) for _ in range(most))
        return list({order.by: order for order in asked}.values())

    def _key(self, place: tuple[str, int]) -> str:
        return f"{self._name}:{next(self._asked)}:M-{place[1]}"

    def told(self, order: Order, fill: Fill) -> None:
        """Notes what the order's person holds now."""
        held = self._held[order.by, order.market_id]
        for number, bought in enumerate(fill.bought):
            held[number] += bought - fill.sets


def _placed(order: Order, ground: Ground) -> Order:
    twin = ground.twins.get(order.market_id)
    return replace(order, mirror=Mirror(twin) if twin else None, wallet=ground.wallet)


class Stopwatch:
    """The batched use cases that are measured, with how many batches reached them."""

    def __init__(self) -> None:
        self.batches = 0
        self.both = (self.execute, self.nothing)

    def execute(self, connection: Connection, batch: Sequence[Order], now: datetime) -> list[Fill | Refusal]:
        self.batches += 1
        return trading.execute(connection, batch, now)

    def nothing(self, _connection: Connection, batch: Sequence[Order], now: datetime) -> Sequence[Order]:
        """What takes and answers as many requests, and does nothing between."""
        del now
        self.batches += 1
        return batch


@dataclass(frozen=True)
class Lap:
    """What a crowd did: for how many seconds, each trade's latency in seconds, and in how many batches."""

    seconds: float
    latencies: Sequence[float]
    batches: int


class Crowd:
    """All the people, and the one writer of this process."""

    def __init__(self, engine: Engine, people: Sequence[str]) -> None:
        sweep_seldom()  # As the app does.
        name = uuid4().hex[:8]  # A crowd never asks with another one's keys.
        many = min(TRADERS, len(people))
        self._traders = [Trader(people[n::many], f"{name}:{n}", random.Random(n)) for n in range(many)]
        self._watched = Stopwatch()
        began = perf_counter()
        self._writer = Writer(
            engine, lambda: START + timedelta(seconds=perf_counter() - began), batched=self._watched.both
        )

    def trade(self, ground: Ground, clients: int, seconds: float) -> Lap:
        """So many clients trade for so long. No order should be refused: if one is, its refusal is raised."""
        return self._lap(partial(self._trade, ground), clients, seconds)

    def idle(self, clients: int, seconds: float) -> Lap:
        """The same clients ask for nothing: what threads, the queue and an empty transaction cost by themselves."""
        return self._lap(self._idle, clients, seconds)

    def _lap(self, ask: Callable[[Trader], float], clients: int, seconds: float) -> Lap:
        latencies: list[list[float]] = [[] for _ in range(clients)]
        failed: list[BaseException] = []
        start, stop = threading.Barrier(clients + 1), threading.Event()

        def run(number: int) -> None:
            start.wait()
            try:
                for trader in cycle(self._traders[number::clients]):
                    latencies[number].append(ask(trader))
                    if stop.is_set():
                        return
            except BaseException as problem:  # noqa: BLE001 - told by the thread that waits
                failed.append(problem)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        before = self._watched.batches
        start.wait()
        began = perf_counter()
        stop.wait(seconds)
        stop.set()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        taken = [each for one in latencies for each in one]
        return Lap(perf_counter() - began, taken, self._watched.batches - before)

    def close(self) -> None:
        self._writer.close()

    def _trade(self, ground: Ground, trader: Trader) -> float:
        """The seconds from the order to its fill."""
        order = trader.order(ground)
        asked = perf_counter()
        fill = self._writer.submit(self._watched.execute, order).result()
        taken = perf_counter() - asked
        trader.told(order, fill)
        return taken

    def _idle(self, _trader: Trader) -> float:
        asked = perf_counter()
        self._writer.submit(self._watched.nothing, None).result()
        return perf_counter() - asked
