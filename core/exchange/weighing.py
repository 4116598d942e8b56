"""Weighing: what a decision's markets can learn, what that is worth, and between which liquidities they are of use."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from core.decisions.branches import DRAWN
from core.decisions.decision import Decision
from core.exchange.plans import YES_OR_NO
from core.exchange.trust import CHANCE_LEAST, LOCKED_RATE
from core.funding.assumptions import STAKE, Assumption
from core.funding.lessons import Learned
from core.markets import liquidity
from core.markets.market import Market
from core.markets.metrics import Metric
from core.pricing import distribution, evsi, learning, payout, window
from core.pricing.lottery import SURE
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

YEAR = timedelta(days=365)
SD = 0.2  # How far its metric is taken to lie from what prices say, in the middle of the range.
CONVICTION = (
    5  # A trader who is convinced holds the other side to be so many times less likely than its price.
)


@dataclass(frozen=True)
class Weighed:
    """An open decision with the markets that can come true, and what still drips into them, micro-credits."""

    decision: Decision
    markets: Sequence[Market]
    metrics: Mapping[int, Metric]
    dripping: Mapping[int, int]
    stated: Assumption | None
    known: Learned
    capital: float
    now: datetime

    @property
    def stake(self) -> float:
        """Credits that a whole range of the first measure is worth."""
        return (self.stated.worth if self.stated else STAKE) / MICRO

    @property
    def chance(self) -> float:
        """That it settles at all."""
        return chance_of(self.stated)

    @cached_property
    def years(self) -> float:
        over = self.decision.terms.freezes_at + timedelta(
            seconds=self.decision.terms.reading_challenge_seconds
        )
        return max(0.0, (over - self.now) / YEAR)

    @cached_property
    def first(self) -> list[Market]:
        """The markets of the first measure, in which people choose if they can; the highest expected value first."""
        return leading([each for each in self.markets if not self.is_drawn(each)] or self.markets)

    @cached_property
    def gap(self) -> float:
        """Of the best two options as they are priced, in parts of the first one's range."""
        best, next_ = (each.expected(prices_of(each)) for each in self.first[:2])
        return (best - next_) / _span(self.first[0])

    @cached_property
    def gap_sd(self) -> float:
        return gap_sd_of(self.first, self.stated)

    def is_drawn(self, market: Market) -> bool:
        return self.decision.branch(market.branch_id or 0).kind == DRAWN

    def sd(self, market: Market) -> float:
        return sd_of(market, self.stated)

    def is_yes_or_no(self, market: Market) -> bool:
        return is_yes_or_no(self.metrics[market.metric_id])

    def learnable(self, market: Market) -> float:
        """What it pays for full information, nats."""
        return self._learnable[market.id]

    @cached_property
    def _learnable(self) -> dict[int, float]:
        return {
            each.id: learnable_of(each, self.metrics[each.metric_id], self.stated) for each in self.markets
        }

    def settles(self, market: Market) -> float:
        return self.chance * taken(self.decision, market.branch_id or 0)

    def liquidity(self, market: Market) -> float:
        """With what still drips into it, credits."""
        return (market.liquidity + self.dripping.get(market.id, 0)) / MICRO

    def reserved(self, added: Mapping[int, int]) -> int:
        """What is reserved for its dearest branch once this and what drips already is in its markets, micro-credits."""
        sums: dict[int | None, int] = {}
        for each in self.markets:
            more = added.get(each.id, 0) + self.dripping.get(each.id, 0)
            sums[each.branch_id] = sums.get(each.branch_id, 0) + liquidity.reserve_with(each, more)
        return max(sums.values())

    def rate(self, market: Market) -> float:
        """Credits of the decision's reserve that a credit of this market's liquidity takes at most.

        All markets of a branch are deepened alike; and where a lottery may decide, all of the decision's, since what
        they pay must stay in proportion to the chance of being drawn (THEORY 6).
        """
        rates: dict[int | None, float] = {}
        for each in self.markets:
            taken = self.liquidity(each) * -math.log(min(prices_of(each)))
            rates[each.branch_id] = rates.get(each.branch_id, 0.0) + taken
        branch = max(rates.values()) if self.decision.lottery else rates[market.branch_id]
        return branch / self.liquidity(market)

    def least(self, market: Market) -> float:
        """The liquidity from which its market shows a gap of one sd, credits: both legs of the gap have their part."""
        level = market.level(market.tick.prices) / MILLIONTHS
        difference = self.gap_sd * _span(self.first[0]) / _span(market) / math.sqrt(2)
        return window.least(level, difference, self.known.attention / MICRO, self.settles(market))

    def most(self, market: Market) -> float:
        """The liquidity up to which traders' credit moves its price as far as they are convinced, and rules it in the end."""
        price = max(prices_of(market))
        reached = window.most(self.capital, price, 1 - (1 - price) / CONVICTION)
        return min(reached, window.most_by_weight([self.capital]))

    def cost(self, market: Market) -> float:
        """Beta: what a nat costs traders there, credits."""
        return self._cost[market.id]

    @cached_property
    def _cost(self) -> dict[int, float]:
        learnable = [self._learnable[each.id] for each in self.markets]
        chances = [self.settles(each) for each in self.markets]
        found = learning.cost(self.known.beta / MICRO, learnable, self.years, chances, LOCKED_RATE)
        return {each.id: float(cost) for each, cost in zip(self.markets, found, strict=True)}

    def kind(self) -> str:
        first = self.first[0]
        if self.is_yes_or_no(first):
            return "yes_no"
        return "bins" if len(first.outcomes) > 2 else "scalar"


def leading(markets: Sequence[Market]) -> list[Market]:
    """Those of the first measure, the highest expected value first."""
    first = min(each.measure for each in markets)
    found = [each for each in markets if each.measure == first]
    return sorted(found, key=lambda each: (-each.expected(prices_of(each)), each.id))


def gap_sd_of(first: Sequence[Market], stated: Assumption | None) -> float:
    """How uncertain the gap between the best two options is, in parts of the first one's range."""
    if stated:
        return stated.gap_sd / MILLIONTHS
    return math.hypot(*(sd_of(each, None) * _span(each) for each in first[:2])) / _span(first[0])


def chance_of(stated: Assumption | None) -> float:
    """That the decision settles at all."""
    return stated.chance / MILLIONTHS if stated else 1.0


def sd_of(market: Market, stated: Assumption | None) -> float:
    """How uncertain its metric is, in parts of its range."""
    prices = prices_of(market)
    level = payout.price_of(market.expected(prices), min(market.centres), max(market.centres))
    most = math.sqrt(level * (1 - level))
    if stated:
        return min(stated.gap_sd / MILLIONTHS / math.sqrt(2), most)
    if len(prices) > 2:
        return distribution.of_hats(prices, market.centres).sd / _span(market)
    return SD * 2 * most


def is_yes_or_no(metric: Metric) -> bool:
    return metric.definition.unit == YES_OR_NO


def learnable_of(market: Market, metric: Metric, stated: Assumption | None) -> float:
    """What it pays for full information, nats."""
    sd = sd_of(market, stated) * _span(market)
    return evsi.learnable(prices_of(market), market.centres, sd, is_one_hot=is_yes_or_no(metric))


def taken(decision: Decision, branch_id: int) -> float:
    """The chance that a branch comes true: each option's is the same, but for what a lottery says; never none at all.

    What deciders have declared is sealed while it trades.
    """
    option, number, lottery = decision.option_of(branch_id), len(decision.options), decision.lottery
    by_lot = lottery.probability / SURE if lottery else 0.0
    if decision.branch(branch_id).kind != DRAWN or lottery is None or option is None:
        return max((1 - by_lot) / number, CHANCE_LEAST)
    return by_lot * (option.weight or 0) / sum(lottery.weights)


def prices_of(market: Market) -> list[float]:
    return [each / MILLIONTHS for each in market.tick.prices]


def _span(market: Market) -> int:
    return max(market.centres) - min(market.centres)
