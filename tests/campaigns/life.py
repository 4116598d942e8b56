"""A random life of the exchange: what acts have to hand, what came of them, and the books that each must leave right.

All of it follows from the seed. ``told`` keeps every act with its answer, so that what went wrong can be read.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from campaigns.campaign import insist
from campaigns.second_books import WALLETS, SecondBooks
from exchange_driver import ADMIN, DECIDER, OWNER, Exchange
from sqlalchemy import Connection, Engine, select

from core.errors import OverBudget, Refusal
from core.exchange import agenda, allocating, granting, offers, subsidising, trading
from core.exchange.audit import audit
from core.exchange.opening import DecisionPlan, Opened
from core.exchange.rebuild import rebuild
from core.exchange.trading import Fill, Order, Wallet
from core.markets import readings
from core.markets.tables import outcome
from core.rows import parsed
from core.units import MICRO

ADMINS = (ADMIN, "ruth", "rex")  # So many that one of them has neither filed a reading nor objected to it.
TRADERS = ("ann", "bob", "cy", "dan", "eve", "flo")
ANYBODY = (*TRADERS * 6, DECIDER, OWNER, ADMIN, "stranger")
HOSTILE = (0, -1, 1, 9_999, 10_000, 10**18, -(10**18), 2**63)
HOSTILITY = 0.03
NOTHING = 10**6  # The id of nothing.
DUE_MOST = 500
DRIPPING = {subsidising.drip, allocating.automatic}  # They draw by chance when liquidity is added.


class Place(NamedTuple):
    """A market, its metric, and the centres of its outcomes."""

    market: int
    metric: int
    centres: tuple[int, ...]


NOWHERE = Place(NOTHING, NOTHING, (MICRO, 0))


class Life:
    def __init__(self, engine: Engine, seed: int) -> None:
        self.chance = random.Random(seed)
        self.exchange = Exchange(engine)
        self.books = SecondBooks(engine)
        self.told: list[str] = []
        self.counted = Counter[str]()
        self.places: list[Place] = []
        self.twins: dict[int, int] = {}
        self.plans: dict[int, DecisionPlan] = {}
        self.grants: dict[str, tuple[str, int, Wallet]] = {}
        self.funds: dict[str, tuple[int, int]] = {}
        self.reversed: set[str] = set()
        self.digests: list[str] = []
        self.fills: dict[str, tuple[Order, Fill]] = {}
        self.exchange.do(granting.appoint_first_admins, list(ADMINS))
        self.books.check()

    def ask(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        """The answer, or None for a refusal, which must have changed nothing."""
        before = self.books.entries
        try:
            answer = self.exchange.do(use_case, *args, **inputs)
        except Refusal as refusal:
            self._tell(_name(use_case), args, inputs, refusal, is_refused=True)
            self.counted["over budget"] += isinstance(refusal, OverBudget)
            self.books.check()
            insist(self.books.entries == before, "it was refused, and yet something was entered")
            return None
        self._tell(_name(use_case), args, inputs, answer, is_refused=False)
        self.books.check()
        return answer

    def order(self, *orders: Order) -> list[Fill | Refusal]:
        """The answers to orders that share a commit."""
        before = self.books.entries

        def execute(connection: Connection, now: datetime) -> list[Fill | Refusal]:
            return trading.execute(connection, orders, now)

        swept = {order.market_id for order in orders if self.books.is_swept(order.market_id)}
        answers: list[Fill | Refusal] = self.exchange.do(execute)
        for order, answer in zip(orders, answers, strict=True):
            self._tell(order.act, order, {}, answer, is_refused=isinstance(answer, Refusal))
            if not isinstance(answer, Refusal):
                self.fills.setdefault(order.key, (order, answer))
                self.counted["orders paid by earmarked credit"] += answer.wallet == Wallet.EARMARKED
                self.counted["orders during a sweep of their decision"] += order.market_id in swept
        self.books.check()
        if all(isinstance(answer, Refusal) for answer in answers):
            insist(self.books.entries == before, "all were refused, and yet something was entered")
        return answers

    def run_due(self, most: int = DUE_MOST) -> None:
        """Does what is due, until nothing is or so much is done."""
        done = 0
        while found := self.exchange.read(agenda.due, self.exchange.now):
            for each in found[: most - done]:
                # Chance, where an act takes it, comes from the seed too.
                more = {"chance": self.chance.random} if each.act in DRIPPING else {}
                self.ask(each.act, each.about, **more)
            done += len(found)
            if done >= most:
                break
        insist(done < DUE_MOST, "the agenda never empties")

    def advance(self, span: timedelta) -> None:
        self.exchange.advance(span)
        self.told.append(f"it is {self.exchange.now:%d %H:%M:%S}")

    def prove(self) -> None:
        """The whole audit holds, and the journal alone makes everything anew."""
        for proof in [*self.exchange.read(audit), *self.exchange.read(rebuild)]:
            insist(proof.holds, f"{proof.claim}: {proof.faults[:3]}")

    def note(self, opened: Opened | None) -> None:
        """What there is to trade now."""
        of, new = outcome.c, opened.market_ids if opened else ()
        wanted = (
            select(of.market_id, of.centre).where(of.market_id.in_(new)).order_by(of.market_id, of.number)
        )
        rows = self.exchange.fetch(wanted)
        for market in set(new) - {place.market for place in self.places}:
            centres = tuple(row.centre for row in rows if row.market_id == market)
            self.places.append(Place(market, self.books.markets[market].metric, centres))
        if opened and opened.decision_id:
            found = self.exchange.read(offers.find, ADMIN, opened.name, self.exchange.now)
            self.twins |= {each.market_id: each.twin for each in found.all if each.twin}

    def _tell(self, name: str, args: Any, inputs: Any, answer: object, *, is_refused: bool) -> None:
        self.told.append(f"{name} {args} {inputs or ''} -> {answer!r}")
        self.counted[f"{name}, refused" if is_refused else name] += 1

    def is_over(self) -> bool:
        """Whether every market is at its end, and nobody has anything more to get."""
        states = {market.state for market in self.books.markets.values()}
        return states <= {"dead", "settled"} and all(
            d.swept_to is None for d in self.books.decisions.values()
        )

    # What acts choose from.

    def is_hostile(self) -> bool:
        """Now and then, whether something is asked that nobody should ask."""
        return self.chance.random() < HOSTILITY

    def place(self, *, of_two: bool = False) -> Place:
        """A market, most often one of the newest that trade, so that people meet; rarely any, or one that is not there."""
        if not self.places or self.is_hostile():
            return NOWHERE
        places = [each for each in self.places if not of_two or len(each.centres) == 2] or self.places
        open_now = [each for each in places if self.books.markets[each.market].state == "open"]
        if not open_now or self.is_hostile():
            return self.chance.choice(places)
        swept = [each for each in open_now if self.books.is_swept(each.market)]
        return self.chance.choice(self.chance.choice([swept or open_now[-2:], open_now[-2:], open_now]))

    def decision(self, *states: str) -> int:
        """Some decision, most often one in these states, rarely one that is not there."""
        found = [each.id for each in self.books.decisions.values() if each.state in states]
        if not self.books.decisions or self.is_hostile():
            return NOTHING
        return self.chance.choice(found if found and self.chance.random() < 0.9 else [*self.books.decisions])

    def is_any(self, state: str) -> bool:
        """Whether some decision is in this state."""
        return any(each.state == state for each in self.books.decisions.values())

    def metric(self, *, of_read: bool = False) -> int:
        """Some metric, most often one that can be read, or whose reading can still be doubted."""
        found = self.doubtful() if of_read else self.readable()
        if not found or self.is_hostile():
            return self.chance.choice([NOTHING, *(place.metric for place in self.places)])
        return self.chance.choice(found)

    def doubtful(self) -> list[int]:
        """Metrics that were read, and whose markets are not settled."""
        return [*self.exchange.read(readings.find_all, self.readable())]

    def readable(self) -> list[int]:
        """Metrics that somebody trades on, and that hang on no decision or on one that was made."""
        taken = {d.id for d in self.books.decisions.values() if d.state in ("chosen", "drawn")}
        live = {b.id for each in taken for b in self.books.branches[each] if b.is_live}
        markets = [each for each in self.books.markets.values() if each.branch is None or each.branch in live]
        return sorted({each.metric for each in markets if each.state in ("open", "frozen")})

    def somebody(self) -> str:
        return self.chance.choice(ANYBODY)

    def admin(self) -> str:
        return self.chance.choice((*ADMINS * 10, "ann"))

    def amount(self, place: Place | None = None) -> int:
        """Micro-units, small ones as often as large ones; for a market, such as could move it."""
        if self.is_hostile():
            return self.chance.choice(HOSTILE)
        market = self.books.markets.get(place.market) if place else None
        return round((market.liquidity if market else 300 * MICRO) * 10 ** self.chance.uniform(-2.5, 0.2))

    def price(self, order: Order) -> int:
        """Millionths: what its first outcome costs now, if there is such a one."""
        market = self.books.markets.get(order.market_id)
        prices = parsed(market.prices) if market else []
        return next((prices[number] for number in order.outcomes if 0 <= number < len(prices)), 500_000)

    def held(self, by: str, place: Place) -> Sequence[int]:
        """The shares of each outcome that somebody has in either wallet."""
        if place.market not in self.books.markets:
            return [0] * len(place.centres)
        both = (self.books.holding(f"{wallet}{by}", place.market) for wallet in WALLETS)
        return [sum(held) for held in zip(*both, strict=True)]

    def wallet(self) -> Wallet | None:
        """Most often whichever pays."""
        return self.chance.choice([None] * 12 + [Wallet.PLAIN, Wallet.EARMARKED])


def _name(use_case: Callable[..., Any]) -> str:
    """With its module, since one word can stand in two."""
    return f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"
