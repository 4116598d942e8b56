"""What the theory asks of conditional credit (THEORY 3, P9 and P10), on the real ledger."""

import contextlib
import random
from collections import Counter

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, START, Exchange
from sqlalchemy import select

from core.decisions.tables import branch, decision
from core.errors import Refusal
from core.exchange import cancelling, deciding, portfolio, subsidising
from core.exchange.trading import Act
from core.ledger.tables import posting, unit
from core.units import MICRO

CREDIT = 1
PEOPLE = ("ann", "bob", "cy")


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    for person in PEOPLE:
        exchange.grant(person, 500)
    exchange.open()
    return exchange


def act_at_random(exchange: Exchange, chance: random.Random, markets: list[int]) -> None:
    """A purchase, a sale, or a limit order of either kind, of which some are refused."""
    by, market_id, outcome = chance.choice(PEOPLE), chance.choice(markets), chance.randrange(2)
    act = chance.choice([Act.SPEND, Act.SPEND, Act.BUY, Act.SELL])
    price = chance.choice([None, None, chance.randrange(300_000, 700_000)]) if act != Act.BUY else None
    with contextlib.suppress(Refusal):
        exchange.trade(by, market_id, outcome, act, chance.randint(1, 30 * MICRO), price=price)


def purse(exchange: Exchange, by: str) -> dict[str, int]:
    """All that somebody's wallet has, by the names of units."""
    names = exchange.fetch(select(unit.c.name))
    return {row.name: held for row in names if (held := exchange.held(f"person:{by}", row.name))}


@pytest.mark.parametrize("seed", range(3))
def test_credit_of_every_branch_is_conserved_but_by_splits_and_merges(opened: Exchange, seed: int):
    """P9. What an entry adds to the escrow's credit, it adds to the credit of each branch, and nothing else does."""
    chance = random.Random(seed)
    for _ in range(30):
        act_at_random(opened, chance, [1, 2])
    opened.do(cancelling.cancel_all, "ann")
    opened.do(subsidising.withdraw, ADMIN, 1, MICRO)
    (escrow,) = opened.fetch(select(decision.c.escrow_id))[0]
    branches = [row.unit_id for row in opened.fetch(select(branch.c.unit_id))]
    changed: dict[int, Counter[int]] = {}
    for row in opened.fetch(select(posting)):
        change = changed.setdefault(row.entry_id, Counter())
        change[row.unit_id] += row.amount * ((row.destination_id == escrow) - (row.source_id == escrow))

    assert all(change[CREDIT] == -change[each] for change in changed.values() for each in branches)
    assert sum(change[CREDIT] != 0 for change in changed.values()) > 10
    assert opened.audit() == []


def test_split_and_merge_restore_everything_exactly(opened: Exchange):
    """P10. A limit order reserves credit of its branch, which is split for it; ended, all of it is merged."""
    chance = random.Random(5)
    act_at_random(opened, chance, [1, 2])
    opened.trade("ann", 1, 0, Act.SPEND, 7 * MICRO + 1)
    for _ in range(20):
        before = purse(opened, "ann")
        size, market_id = chance.randint(10_000, 40 * MICRO), chance.choice([1, 2])
        opened.trade(
            "ann", market_id, chance.randrange(2), Act.SPEND, size, price=chance.randrange(200_000, 300_000)
        )
        assert purse(opened, "ann") != before
        opened.do(cancelling.cancel, "ann", opened.read(portfolio.portfolio, "ann").orders[0].order_id)

        assert purse(opened, "ann") == before


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ending", ["withdrawn", "lapsed", "the other option"])
def test_split_and_settle_restore_everything_exactly(opened: Exchange, ending: str, seed: int):
    """P10. Gains and losses that were made in a branch are gone with it, and everybody has what they had before."""
    chance = random.Random(seed)
    before = {by: purse(opened, by) for by in PEOPLE}
    for _ in range(30):
        act_at_random(opened, chance, [1])
    assert {by: purse(opened, by) for by in PEOPLE} != before
    if ending == "withdrawn":
        opened.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    opened.now = START + 7 * DAY
    opened.run_due()
    if ending == "the other option":
        opened.do(deciding.record, DECIDER, 1, 2, "So it is.")
    for _ in range(5):
        opened.advance(DAY)
        opened.run_due()

    assert {by: purse(opened, by) for by in PEOPLE} == before
    assert opened.held("pool:main", "credit") == 1_000 * MICRO - opened.held(
        "maker:M-2", "credit@D-1:chosen:2"
    )
