"""How traders go about a world: where each of them looks, and the orders that take prices to where they like them best."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np

from bot.simulating import beliefs
from bot.simulating.beliefs import Markets, Numbers
from bot.simulating.nature import ATTENTION, Kind, World
from core.errors import InsufficientFunds, Refusal
from core.exchange.plans import HUNDRED
from core.exchange.trading import Act, Order
from core.units import MICRO

NEAR = 0.002  # Prices so near to where somebody wants them are left there.
PUSHED_TO = 0.95
BRIBE = 100 * MICRO  # What a manipulator spends in all, in equal parts a round.
MOST = 500 * MICRO  # No order takes more: it is all that a trader has.


class Visitor:
    """All traders, one after the other, and what they see: prices as they are, liquidity as it was opened.

    ``execute`` takes orders to the exchange and brings its answers.
    """

    def __init__(
        self, world: World, market_ids: Sequence[int], execute: Callable[[Sequence[Order]], list[Any]]
    ) -> None:
        self.crowd, self.options, self.decisions = world.crowd, world.options, world.decisions
        self.market_ids, self.execute = market_ids, execute
        self.bribe = BRIBE // world.assumed.rounds
        people, markets = self.crowd.belief.shape
        self.held = np.zeros((people, markets))
        self.has_looked = np.zeros((people, len(self.decisions)), dtype=bool)
        self.price = self.options.mean.copy()
        self.liquidity = np.ones(markets)
        self.keys = count()

    def note_depth(self, reserves: Sequence[int]) -> None:
        """What was set aside for each decision says how deep its markets are: R / ln(1 / min p) of the dearest."""
        nearest = np.minimum(self.price, 1 - self.price)
        dearest = np.zeros(len(self.decisions))
        np.maximum.at(dearest, self.options.of, -np.log(nearest))
        self.liquidity = (np.array(reserves) / MICRO / dearest)[self.options.of]

    def visit(self, trader: int, whim: int) -> None:
        """One trader's turn."""
        kind = self.crowd.kinds[trader]
        if kind == Kind.MANIPULATING:
            self._push(trader, int(self.crowd.pushed[trader]))
            return
        decision = whim if kind == Kind.NOISY else self._where(trader)
        if decision is None:
            return
        self.has_looked[trader, decision] = True
        here = np.nonzero(self.options.of == decision)[0]
        wanted, _ = self._best(trader, here, self.crowd.belief[trader, here], self.held[trader, here])
        self._trade(trader, [(int(m), float(p), MOST) for m, p in zip(here, wanted, strict=True)])

    def _where(self, trader: int) -> int | None:
        """The decision that lets expect the largest gain; nowhere if that is less than a look costs."""
        crowd, everywhere = self.crowd, np.arange(len(self.options.of))
        _, known = self._best(trader, everywhere, crowd.belief[trader], self.held[trader])
        _, hoped = self._best(trader, everywhere, crowd.foreseen[trader].T, 0.0)
        hoped = np.sum(hoped * crowd.weight.T, axis=0)
        gain = np.where(self.has_looked[trader][self.options.of], known, hoped) * self.options.chance
        gains = np.bincount(self.options.of, gain)
        best = int(np.argmax(gains))
        return best if gains[best] > ATTENTION[crowd.kinds[trader]] else None

    def _best(
        self, trader: int, here: Any, belief: Numbers, held: Numbers | float
    ) -> tuple[Numbers, Numbers]:
        of = self.options.of[here]
        seen = Markets(
            self.price[here], self.liquidity[here], self.decisions.is_yes_no[of], self.decisions.years[of]
        )
        variance, tolerance = self.crowd.variance[trader, here], float(self.crowd.tolerance[trader])
        return beliefs.best(seen, belief, variance, tolerance, held)

    def _push(self, trader: int, market: int) -> None:
        self._trade(trader, [(market, max(PUSHED_TO, float(self.price[market])), self.bribe)])

    def _trade(self, trader: int, wanted: Sequence[tuple[int, float, int]]) -> None:
        """Takes each of these markets to a price, as far as so much credit does."""
        moves = [each for each in wanted if abs(each[1] - self.price[each[0]]) > NEAR]
        orders = [self._order(trader, *each) for each in moves]
        answers = self.execute(orders) if orders else []
        for (market, price, _), answer in zip(moves, answers, strict=True):
            if isinstance(answer, InsufficientFunds) and answer.available > 0:
                (answer,) = self.execute([self._order(trader, market, price, answer.available)])  # noqa: PLW2901
            if not isinstance(answer, Refusal):
                self.held[trader, market] += (answer.bought[0] - answer.bought[1]) / MICRO
                self.price[market] = answer.expected_after / HUNDRED

    def _order(self, trader: int, market: int, price: float, most: int) -> Order:
        key, name = f"order-{next(self.keys)}", self.crowd.names[trader]
        estimate = round(price * HUNDRED)
        return Order(key, name, self.market_ids[market], (), Act.MOVE, most, estimate=estimate)
