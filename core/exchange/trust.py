"""How far a spread can be trusted: what the books and the averages say of it, in the metric's own units (THEORY 16).

A report takes the option that was priced highest on average and the next one: the leader and the follower.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.exchange import stakes
from core.exchange.facts import FlipLeg, OptionLine, OptionTrust, Sensitivity, Spread, Trust
from core.exchange.stakes import Stakes
from core.markets import ticks
from core.markets.market import Market
from core.pricing import fragility, lockup, manipulation, resolution, selection
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

ATTENTION_CREDITS = 1.0  # What looking at a decision costs whoever might correct it.
CHANCE_LEAST = 0.01  # Nobody is so sure of a choice that an option cannot be chosen at all.
LOCKED_RATE = 0.2  # What traders could make a year of credits that are not locked.
RHOS = (0.1, 0.3)
YEAR = timedelta(days=365.25)
PEOPLE_LEAST = 2

Lines = Sequence[OptionLine]
Markets = Mapping[int, Market]


@dataclass(frozen=True)
class Basis:
    """What trust rests on: the chance that each option is taken, in their order; who holds what; how long it is locked."""

    chances: tuple[float, ...]
    stakes: Stakes
    years: float

    def chance(self, line: OptionLine) -> float:
        return self.chances[line.number - 1]


def locked(markets: Iterable[Market], end: datetime, until: datetime) -> float | None:
    """The part of the range within which credits that are locked until then leave prices alone, while long markets trade."""
    if end >= until or not any(market.is_long for market in markets):
        return None
    low, high = lockup.band(0.5, LOCKED_RATE, (until - end) / YEAR)  # As wide whatever is believed.
    return high - low


def chances(declared: Sequence[float] | None, options: int, left: float = 1.0) -> tuple[float, ...]:
    """Those that were declared, of what a lottery leaves to people, but never certain; even ones if there are none."""
    given = declared or [1 / options] * options
    return tuple(min(max(chance * left, CHANCE_LEAST), 1 - CHANCE_LEAST) for chance in given)


def is_ranked(gap: float, resolvable: float, error: float, people: int) -> bool:
    """Whether anybody may say which of two options is priced higher: the one rule for reports, cards and summaries.

    Never on the word of one person: what they alone moved is no evidence of others' agreement.
    """
    return people >= PEOPLE_LEAST and gap >= max(resolvable, error)


def over_time(
    connection: Connection,
    line: OptionLine,
    market: Market,
    window: tuple[datetime, datetime],
    before: Mapping[int, float],
) -> OptionLine:
    """The line with its median, its lagged average, how far its average moved from before, and where it opened."""
    earlier = before.get(market.id)
    return replace(
        line,
        median=ticks.median_value(connection, market, *window),
        lagged=ticks.average_lagged(connection, market, *window),
        moved=None if earlier is None else line.average - earlier,
        opened=market.value_at(ticks.opening(connection, market).observation.level / MILLIONTHS),
    )


def spread(lines: Lines, markets: Markets, basis: Basis | None) -> Spread:
    """The leader over the follower; ranked where there is a basis for that."""
    leader, follower = pair(lines)
    legs = _flip(leader, follower, markets)
    found = Spread(
        leader=leader.name,
        follower=follower.name,
        gap=leader.average - follower.average,
        outlay_credits=sum(leg.outlay for leg in legs),
        expected_loss_credits=sum(leg.expected_loss for leg in legs),
    )
    if basis is None:
        return found
    # Whoever looks at one of the two sees the other as well, so that their attention is paid once.
    resolvable = math.hypot(
        *(_resolvable(line, markets[line.market_id], basis) for line in (leader, follower))
    )
    without = _gaps_without(leader, follower, markets, basis.stakes)
    error = fragility.jackknife(without, leader.expected - follower.expected)
    ranked = is_ranked(found.gap, resolvable, error, len(without))
    return replace(found, resolvable=resolvable, error=error, people=len(without), ranked=ranked)


def trust(lines: Lines, markets: Markets, basis: Basis, traders: int) -> Trust:
    leader, follower = pair(lines)
    options = tuple(_option(line, markets[line.market_id], basis) for line in lines)
    first, second = (_of(options, line) for line in (leader, follower))
    # The larger of the two: prices tell the sd only of the metric as it is chosen by these deciders.
    sds, chance = (max(first.sd, second.sd),) * 2, (first.chance, second.chance)
    gap = leader.average - follower.average
    without = _gaps_without(leader, follower, markets, basis.stakes)
    weights = basis.stakes.weights(markets)
    is_by_merit = selection.flatters(sds, chance)
    return Trust(
        options=options,
        flips=_flip_legs(leader, follower, markets, basis),
        traders=traders,
        effective=fragility.effective(weights),
        top_share=fragility.top_share(weights),
        restricted=basis.stakes.restricted_share(markets),
        without=(float(without.min()), float(without.max())) if len(without) else None,
        rho=_correlation(selection.breakdown(gap, sds, chance)),
        rho_by_merit=_correlation(selection.breakdown_same_sign(gap, sds, chance)) if is_by_merit else None,
        is_leader_likelier=None if math.isclose(*chance) else not is_by_merit,
        sensitivity=tuple(_sensitivity(rho, sds, chance) for rho in RHOS),
        effect=selection.difference((first.low, first.high), (second.low, second.high)),
        optimism=fragility.optimism(len(lines)) * _noise(lines, markets, basis.stakes),
    )


def pair(lines: Lines) -> tuple[OptionLine, OptionLine]:
    """The two that are priced highest on average; of equals, who comes first."""
    leader, follower = sorted(lines, key=lambda line: -line.average)[:2]
    return leader, follower


def _of(options: Sequence[OptionTrust], line: OptionLine) -> OptionTrust:
    return next(each for each in options if each.number == line.number)


def _option(line: OptionLine, market: Market, basis: Basis) -> OptionTrust:
    low, high = min(market.centres), max(market.centres)
    level, chance = (line.average - low) / (high - low), basis.chance(line)
    ends = selection.without_assumptions(level, chance)
    stable = lockup.band(level, LOCKED_RATE, basis.years)
    return OptionTrust(
        number=line.number,
        name=line.name,
        chance=chance,
        resolvable=_resolvable(line, market, basis),
        sd=line.implied.sd if line.implied else (high - low) * math.sqrt(max(level * (1 - level), 0.0)),
        is_sd_priced=line.implied is not None,
        low=market.value_at(ends[0]),
        high=market.value_at(ends[1]),
        stable=(market.value_at(stable[0]), market.value_at(stable[1])),
        beyond=_beyond(line, market) if line.implied else None,
    )


def _resolvable(line: OptionLine, market: Market, basis: Basis) -> float:
    cost = ATTENTION_CREDITS / basis.chance(line)
    return resolution.band(market.liquidity / MICRO, line.prices, market.centres, cost)


def _beyond(line: OptionLine, market: Market) -> float:
    """The prices of the two outermost bins: whatever lies at or beyond them pays there in full."""
    ends = {min(market.centres), max(market.centres)}
    return sum(price for price, centre in zip(line.prices, market.centres, strict=True) if centre in ends)


def _gaps_without(
    leader: OptionLine, follower: OptionLine, markets: Markets, held: Stakes
) -> fragility.Numbers:
    """The gap as it is priced now, without each of the people who hold anything of either."""
    people = held.people([leader.market_id, follower.market_id])
    first, second = (_without(line, markets[line.market_id], held, people) for line in (leader, follower))
    return first - second


def _without(line: OptionLine, market: Market, held: Stakes, people: stakes.Numbers) -> fragility.Numbers:
    shares = held.matrix(market, people)
    return fragility.without_each(market.liquidity, line.prices, market.centres, shares)


def _noise(lines: Lines, markets: Markets, held: Stakes) -> float:
    """The standard error of one option's value: the root of the mean square of all."""
    errors = [
        fragility.jackknife(
            _without(line, markets[line.market_id], held, held.people([line.market_id])), line.expected
        )
        for line in lines
    ]
    return math.sqrt(math.fsum(error**2 for error in errors) / len(errors))


def _sensitivity(rho: float, sds: selection.Pair, chance: selection.Pair) -> Sensitivity:
    pairs = list(zip(sds, chance, strict=True))
    return Sensitivity(
        rho,
        gaussian=sum(selection.bias_gaussian(rho, *each) for each in pairs),
        most=sum(selection.bias_most(rho, *each) for each in pairs),
    )


def _correlation(rho: float) -> float | None:
    """None where no correlation could: there is none above 1."""
    return rho if rho <= 1 else None


def _flip(
    leader: OptionLine, follower: OptionLine, markets: Markets
) -> tuple[manipulation.Flip, manipulation.Flip]:
    return manipulation.flip(*(_leg(line, markets[line.market_id]) for line in (leader, follower)))


def _flip_legs(
    leader: OptionLine, follower: OptionLine, markets: Markets, basis: Basis
) -> tuple[FlipLeg, FlipLeg]:
    first, second = (
        FlipLeg(line.name, leg.outlay, leg.expected_loss, leg.expected_loss * basis.chance(line))
        for line, leg in zip((leader, follower), _flip(leader, follower, markets), strict=True)
    )
    return first, second


def _leg(line: OptionLine, market: Market) -> manipulation.Leg:
    """The market as the report prices it, with the expected value that it has on average."""
    return manipulation.Leg(market.liquidity / MICRO, line.prices, market.centres, line.average)
