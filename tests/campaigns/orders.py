"""Orders made from their keys: the same key and seed give the same order, in whatever process, for ever."""

import random
from collections.abc import Callable

from campaigns.scene import Scene

from core.exchange.trading import Act, Order
from core.units import MICRO

HOT = 0.75
ACTS = {Act.SPEND: 2, Act.BUY: 2, Act.SELL: 1}  # Who sells what he does not have is refused.
LIMITED = 0.2
Orders = Callable[[str], Order]


def orders(scene: Scene, seed: int) -> Orders:
    """Mixed spends, buys and sales of 0.1 to 5 credits or shares, most of them in the hot market, some with a limit."""

    def order(key: str) -> Order:
        chance = random.Random(f"{seed}:{key}")
        market = scene.hot if chance.random() < HOT else chance.choice(scene.markets)
        act = chance.choices(list(ACTS), list(ACTS.values()))[0]
        amount = chance.randint(MICRO // 10, 5 * MICRO)
        limit = _limit(act, amount, chance) if chance.random() < LIMITED else None
        by = scene.trader(chance.randrange(scene.traders))
        return Order(key, by, market, (chance.randrange(2),), act, amount, limit)

    return order


def _limit(act: Act, amount: int, chance: random.Random) -> int:
    """The worst that is still welcome: sometimes within the price, sometimes beyond it."""
    if act == Act.SPEND:
        return int(amount * chance.uniform(1, 3))
    return int(amount * chance.uniform(0.2, 0.8))
