"""Liquidity is added and taken at the prices in force, the pool pays exactly what it may lose, and nobody gains by it."""

import math
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange, measure
from sqlalchemy import select

from core.errors import InsufficientFunds, Invalid, NotAllowed, NotOpen
from core.exchange import backed, deciding, granting, resolving, staffing, subsidising
from core.exchange.opening import Definition, Slot
from core.exchange.plans import LEAST_LIQUIDITY
from core.exchange.trading import Act
from core.markets import registry
from core.markets.market import Market
from core.markets.tables import drip, tranche
from core.pricing import lmsr
from core.units import MICRO, MOST

B = 100 * MICRO
HOUR = timedelta(hours=1)
MILLIONTH = 1e-6
BINS = (0.1, 0.2, 0.4, 0.2, 0.1)
openings = pytest.mark.parametrize("opening", [(0.5, 0.5), BINS], ids=["binary", "bins"])


@pytest.fixture
def rich(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 10_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 10_000)
    return exchange


def ask(exchange: Exchange, opening: Sequence[float]) -> int:
    """A question of that many outcomes, open for a hundred days."""
    centres = [100 * MICRO * number // (len(opening) - 1) for number in range(len(opening))]
    score = Definition("Score", "points", 0, 100 * MICRO, "The score a month later.")
    slots = tuple(Slot(f"{c}", c, price) for c, price in zip(centres, opening, strict=True))
    return exchange.ask(metric=score, outcomes=slots, closes_at=START + 100 * DAY).market_ids[0]


def market(exchange: Exchange, market_id: int) -> Market:
    return exchange.read(registry.get, market_id)


def state(exchange: Exchange, market_id: int) -> lmsr.State:
    """The maker as the books have it."""
    of = market(exchange, market_id)
    outstanding = tuple(-exchange.held(f"maker:{of.name}", f"share:{of.name}:{o.name}") for o in of.outcomes)
    return lmsr.State(of.liquidity, outstanding, tuple(o.weight for o in of.outcomes))


def pool(exchange: Exchange) -> int:
    return exchange.held("pool:main", "credit")


def deepen(exchange: Exchange, market_id: int, added: int, chance: Callable[[], float] = lambda: 0.0) -> None:
    exchange.do(subsidising.deepen, ADMIN, market_id, added, chance=chance)


def drip_now(exchange: Exchange, market_id: int, chance: Callable[[], float] = lambda: 0.0) -> None:
    exchange.do(subsidising.drip, market_id, chance=chance)


def dripping(exchange: Exchange) -> list[tuple[int, datetime]]:
    """What is still to be added, and when it is tried next."""
    return [(row.remaining, row.next_at) for row in exchange.fetch(select(drip))]


def tranches(exchange: Exchange) -> list[tuple[datetime, int]]:
    """What was added after the opening, and when."""
    rows = exchange.fetch(select(tranche).where(tranche.c.number > 0).order_by(tranche.c.number))
    return [(row.at, row.liquidity) for row in rows]


def trade_at_random(exchange: Exchange, market_id: int, chance: random.Random, count: int) -> None:
    for _ in range(count):
        outcome = chance.randrange(len(market(exchange, market_id).outcomes))
        by, amount = chance.choice(["ann", "bob"]), chance.randint(MICRO, 60 * MICRO)
        exchange.trade(by, market_id, outcome, Act.SPEND, amount)


@openings
def test_a_piece_keeps_the_prices_and_the_pool_pays_what_the_reserve_grew_by(
    rich: Exchange, opening: Sequence[float]
):
    market_id = ask(rich, opening)
    trade_at_random(rich, market_id, random.Random(1), 5)
    deepen(rich, market_id, B)
    rich.advance(3 * DAY)
    before, paid, maker = state(rich, market_id), pool(rich), rich.held("maker:M-1", "credit")
    drip_now(rich, market_id)
    after = state(rich, market_id)
    added = after.liquidity - before.liquidity
    grown = max(after.weights) - max(before.weights)

    assert added == B // 42
    assert after.prices == pytest.approx(before.prices, abs=MILLIONTH)
    assert [w - was for w, was in zip(after.weights, before.weights, strict=True)] == [
        math.ceil(-added * math.log(p)) for p in before.prices
    ]
    assert (paid - pool(rich), rich.held("maker:M-1", "credit") - maker) == (grown, grown)
    assert grown > 0
    assert rich.audit() == []


def test_in_a_branch_the_pool_pays_with_credit_of_the_branch(rich: Exchange):
    """One deposit stands behind both options: deepening the other one as much costs it nothing more."""
    first, second = rich.open(measures=(measure(50, 50),)).market_ids
    before = pool(rich)
    for market_id in (first, second):
        deepen(rich, market_id, B)
        rich.advance(DAY / 4)
        reserve = market(rich, market_id).reserve
        drip_now(rich, market_id)
        grown = market(rich, market_id).reserve - reserve

        assert rich.held(f"maker:M-{market_id}", f"credit@D-1:chosen:{market_id}") == reserve + grown
        assert before - pool(rich) == grown
        assert rich.audit() == []


@openings
def test_weights_tell_what_the_maker_may_lose_after_any_mix_of_acts(rich: Exchange, opening: Sequence[float]):
    """W - (s - cash) = b ln(1 / p) for every outcome (THEORY 2), to a few micro an act."""
    chance, market_id = random.Random(2), ask(rich, opening)
    for acts in range(1, 30):
        if chance.random() < 0.5:
            trade_at_random(rich, market_id, chance, 1)
        elif chance.random() < 0.5:
            deepen(rich, market_id, chance.randint(1, B))
            rich.advance(3 * DAY)
            drip_now(rich, market_id)
        else:
            rich.do(
                subsidising.withdraw,
                ADMIN,
                market_id,
                chance.randint(1, market(rich, market_id).liquidity // 9),
            )
        found = state(rich, market_id)
        cash = rich.held("maker:M-1", "credit") - max(found.weights)
        due = [-found.liquidity * math.log(p) for p in found.prices]
        kept = [w - s + cash for w, s in zip(found.weights, found.shares, strict=True)]

        assert kept == pytest.approx(due, abs=4 * acts)
    assert rich.audit() == []


@pytest.mark.parametrize(
    ("opening", "value"), [((0.5, 0.5), 0), ((0.5, 0.5), 100), (BINS, 0), (BINS, 50), (BINS, 100)]
)
def test_what_backs_outstanding_shares_cannot_be_withdrawn(
    rich: Exchange, opening: Sequence[float], value: int
):
    """All that may go goes, and still everybody is paid, whatever comes out."""
    granted, market_id = pool(rich), ask(rich, opening)
    trade_at_random(rich, market_id, random.Random(3), 12)
    before, reserve = pool(rich), market(rich, market_id).reserve
    back = rich.do(subsidising.withdraw, ADMIN, market_id, B - LEAST_LIQUIDITY)
    left = market(rich, market_id).reserve

    assert back == pool(rich) - before == reserve - left > 0
    assert rich.held("maker:M-1", "credit") >= max(state(rich, market_id).shares)
    with pytest.raises(Invalid):
        rich.do(subsidising.withdraw, ADMIN, market_id, 1)
    rich.do(resolving.file, OWNER, 1, value * MICRO, "the dashboard")
    rich.advance(2 * DAY)
    assert "settle" in rich.run_due()
    assert pool(rich) >= granted - left


def test_a_withdrawal_is_an_admin_s_and_leaves_a_market_that_works(rich: Exchange):
    market_id = ask(rich, (0.5, 0.5))
    with pytest.raises(NotAllowed):
        rich.do(subsidising.withdraw, "ann", market_id, MICRO)
    with pytest.raises(Invalid) as refused:
        rich.do(subsidising.withdraw, ADMIN, market_id, B - LEAST_LIQUIDITY + 1)

    assert (refused.value.rule, refused.value.value) == ("too_large", "99")
    rich.now = START + 100 * DAY
    with pytest.raises(NotOpen):
        rich.do(subsidising.withdraw, ADMIN, market_id, MICRO)


@pytest.mark.parametrize(
    "chance", [lambda: 0.0, random.Random(4).random, lambda: 0.999999], ids=["least", "random", "most"]
)
def test_a_drip_adds_less_than_a_tenth_in_any_day_and_all_of_it_in_the_end(
    rich: Exchange, chance: Callable[[], float]
):
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B, chance)
    while found := dripping(rich):
        rich.now = found[0][1]
        assert rich.due() == [(subsidising.drip, market_id)]
        drip_now(rich, market_id, chance)
    added = tranches(rich)
    waits = [later - earlier for (earlier, _), (later, _) in pairwise(added)]

    assert sum(size for _, size in added) == B
    assert all(DAY / 4 <= wait <= DAY / 2 for wait in waits)
    for first, (start, _) in enumerate(added):
        there = B + sum(size for _, size in added[:first])
        assert sum(size for at, size in added[first:] if at < start + DAY) < there / 10
    assert rich.audit() == []


def test_nobody_can_know_when_a_piece_comes(rich: Exchange):
    market_id = ask(rich, (0.5, 0.5))
    rich.do(subsidising.deepen, ADMIN, market_id, B)
    waits = set()
    for _ in range(10):
        waits.add(dripping(rich)[0][1] - rich.now)
        rich.now = dripping(rich)[0][1]
        rich.do(subsidising.drip, market_id)

    assert len(waits) == 10
    assert max(waits) - min(waits) > HOUR / 2


def test_a_drip_that_comes_too_early_adds_nothing(rich: Exchange):
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B)
    rich.advance(DAY / 4 - timedelta(milliseconds=1))
    drip_now(rich, market_id)

    assert (dripping(rich), tranches(rich)) == ([(B, START + DAY / 4)], [])


@pytest.mark.parametrize(
    ("opening", "pushed"), [((0.5, 0.5), (0,)), (BINS, (0, 4))], ids=["binary", "bins, the mean stays"]
)
def test_whoever_pushes_prices_before_a_piece_gains_nothing_by_it(
    rich: Exchange, opening: Sequence[float], pushed: Sequence[int]
):
    """V14: push, let the market be deepened, sell into it. The drip waits for as long as the push shows in the average."""
    market_id = ask(rich, opening)
    rich.advance(5 * DAY)
    deepen(rich, market_id, B)
    rich.advance(DAY / 4 - 2 * HOUR)
    bought = {outcome: rich.trade("ann", market_id, outcome, Act.BUY, B) for outcome in pushed}
    while rich.now < START + 5 * DAY + DAY:
        rich.now = dripping(rich)[0][1]
        drip_now(rich, market_id)
    proceeds = [-rich.trade("ann", market_id, outcome, Act.SELL_ALL, 0).cost for outcome in bought]

    assert tranches(rich) == []
    assert dripping(rich)[0][0] == B
    assert sum(proceeds) <= sum(fill.cost for fill in bought.values())


def test_a_push_that_nobody_answers_for_a_day_is_the_price(rich: Exchange):
    """So a drip does not wait for ever."""
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B)
    rich.trade("ann", market_id, 0, Act.BUY, 50 * MICRO)
    rich.now = START + 25 * HOUR
    drip_now(rich, market_id)

    assert tranches(rich) == [(rich.now, B // 42)]


def test_a_drip_waits_within_an_hour_of_a_trade(rich: Exchange):
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B)
    rich.advance(DAY / 4)
    rich.trade("ann", market_id, 0, Act.SPEND, MICRO // 10)
    drip_now(rich, market_id)
    assert tranches(rich) == []
    rich.advance(DAY / 4)
    drip_now(rich, market_id)

    assert tranches(rich) == [(START + DAY / 2, B // 42)]


def test_a_drip_waits_for_the_pool(exchange: Exchange):
    """What was promised to it may be gone: a grant can be taken back."""
    exchange.grant("pool", 70)
    exchange.do(granting.grant, ADMIN, "pool", 70 * MICRO, "late", "More of it.")
    market_id = ask(exchange, (0.5, 0.5))
    deepen(exchange, market_id, B)
    exchange.do(staffing.appoint, ADMIN, "zoe", "To help.")
    exchange.do(granting.ask_reversal, ADMIN, "late", "A slip of the pen.")
    exchange.do(granting.reverse, "zoe", "late")
    exchange.advance(DAY / 4)
    before = exchange.digest()
    drip_now(exchange, market_id)
    assert (exchange.digest(), tranches(exchange)) == (before, [])
    assert dripping(exchange) == [(B, START + DAY / 2)]
    exchange.grant("pool", 10)
    exchange.advance(DAY / 4)
    drip_now(exchange, market_id)

    assert tranches(exchange) == [(START + DAY / 2, B // 42)]


def test_a_drip_ends_with_trading(rich: Exchange):
    """By the clock, whether or not the scheduler has noticed."""
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B)
    rich.now = START + 100 * DAY
    drip_now(rich, market_id)

    assert (dripping(rich), tranches(rich)) == ([], [])


def test_a_drip_ends_with_its_branch(rich: Exchange):
    opened = rich.open()
    deepen(rich, opened.market_ids[0], B)
    rich.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    rich.advance(DAY)
    rich.run_due()

    assert (dripping(rich), tranches(rich)) == ([], [])


def test_what_is_asked_for_twice_drips_together(rich: Exchange):
    """At the time of the first: asking again must not tell when the next piece comes."""
    market_id = ask(rich, (0.5, 0.5))
    deepen(rich, market_id, B)
    rich.advance(HOUR)
    deepen(rich, market_id, MICRO)

    assert dripping(rich) == [(B + MICRO, START + DAY / 4)]
    with pytest.raises(Invalid) as refused:
        deepen(rich, market_id, MOST - B - B)
    room = MOST - B - B - MICRO
    assert (refused.value.rule, refused.value.value) == ("too_large", "99,999,799")
    with pytest.raises(InsufficientFunds):
        deepen(rich, market_id, room)
    with pytest.raises(NotAllowed):
        rich.do(subsidising.deepen, "ann", market_id, MICRO)


def test_a_market_that_was_deepened_and_never_traded_loses_nothing(rich: Exchange):
    """Though every tranche rounds what backs it up."""
    market_id = ask(rich, (0.37, 0.63))
    deepen(rich, market_id, B)
    for _ in range(6):
        rich.advance(DAY / 2)
        drip_now(rich, market_id)
    (market,) = rich.read(registry.get_all, [market_id]).values()

    assert len(tranches(rich)) == 6
    assert lmsr.losing(market.liquidity, market.weights, [each / MICRO for each in market.tick.prices]) > 1
    assert backed.losing(market.liquidity, market.weights, market.tick.prices) == 0
