"""What is fixed at opening where a lottery may decide: chances, beacon and seed, and the rules that they must keep."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

import jmespath
from jmespath.exceptions import JMESPathError

from core import texts
from core.decisions.lotteries import Beacon
from core.errors import Invalid
from core.pricing.lottery import SURE, Lottery

__all__ = ["SEED_BYTES", "Beacon", "LotteryPlan", "check_beacon"]

LOTTERY_OPTIONS_MOST = 4
CHANCE_LEAST = Fraction(1, 4)  # Below it a market needs so much liquidity that nobody would pay for it.
WEIGHT_MOST = 1_000_000
SEED_BYTES = 32


@dataclass(frozen=True)
class LotteryPlan:
    """``probability`` is in millionths. The seed comes from whoever opens it, and is told to nobody before the draw."""

    probability: int
    weights: tuple[int, ...]
    beacon: Beacon
    seed: bytes = field(repr=False)

    @property
    def chances(self) -> Lottery:
        return Lottery(self.probability, self.weights)

    def check(self, options: int, closes_at: datetime, decide_by: datetime, challenge_seconds: int) -> None:
        """Raises Invalid, naming the field, for a lottery that cannot be."""
        if not 1 <= self.probability <= SURE:
            raise Invalid("probability", "between", "0.0001", "100")
        if options > LOTTERY_OPTIONS_MOST:
            raise Invalid("lottery", "lottery_count", str(LOTTERY_OPTIONS_MOST))
        if len(self.weights) != options or not all(0 < each <= WEIGHT_MOST for each in self.weights):
            raise Invalid("weights", "per_option", str(options))
        if min(self.chances.chances) < CHANCE_LEAST:
            raise Invalid("probability", "chance_least", str(CHANCE_LEAST))
        check_beacon(self.beacon)
        if len(self.seed) != SEED_BYTES:
            raise Invalid("seed", "bytes", str(SEED_BYTES))
        # A draw has its own challenge window, and what it leaves to people must still be decided.
        if decide_by <= closes_at + timedelta(seconds=challenge_seconds):
            raise Invalid("decide_by", "after_draw")


def check_beacon(beacon: Beacon) -> None:
    """Raises Invalid for a beacon that nobody could find, or read."""
    texts.check("beacon", beacon.name, 150)
    texts.check("beacon_round", beacon.round, 100)
    if not beacon.url:
        return
    texts.check("beacon_url", beacon.url, 500)
    if not beacon.url.startswith(("https://", "http://")) or any(each.isspace() for each in beacon.url):
        raise Invalid("beacon_url", "url")
    texts.check("beacon_value_at", beacon.value_at, 200)
    try:
        jmespath.compile(beacon.value_at)
    except JMESPathError:
        raise Invalid("beacon_value_at", "jmespath", beacon.value_at[:50]) from None
