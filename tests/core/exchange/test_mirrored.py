"""A mirrored order asks the same of both twins: one key, one entry, one split behind it, two results."""

from dataclasses import replace

import pytest
from exchange_driver import DAY, START, Exchange
from lots import draw, mirrored, open_lottery
from sqlalchemy import select

from core.errors import InsufficientFunds, Invalid, KeyReused, NotOpen, PriceMoved, WidthCap
from core.exchange import deciding, reporting, trading
from core.exchange.trading import Act, Mirror, Order, Quote
from core.ledger.tables import entry, posting
from core.markets.tables import trade
from core.units import MICRO

RELEASE, HOLD, RELEASE_DRAWN, HOLD_DRAWN = 1, 2, 3, 4


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    open_lottery(exchange)
    exchange.grant("ann", 100)
    exchange.grant("bob", 1_000)
    return exchange


def twin_of(fill: Quote) -> Quote:
    assert isinstance(fill.twin, Quote)
    return fill.twin


def long_shares(exchange: Exchange, by: str) -> list[int]:
    return [exchange.shares(by, market_id)[0] for market_id in (RELEASE, RELEASE_DRAWN)]


def apart(exchange: Exchange) -> int:
    return exchange.read(reporting.report, "ann", 1, exchange.now).measures[0].traded_apart


def test_one_split_backs_both_twins(opened: Exchange):
    """30 credits buy the same in both, by one entry that takes 30 of the balance, once."""
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30)

    assert long_shares(opened, "ann") == [fill.shares, twin_of(fill).shares] == [fill.shares] * 2
    assert opened.held("person:ann", "credit") == 70 * MICRO
    assert fill.newly_locked == twin_of(fill).newly_locked == 30 * MICRO
    rows = opened.fetch(select(trade.c.entry_id, trade.c.market_id))
    assert len({row.entry_id for row in rows}) == 1
    assert {row.market_id for row in rows} == {RELEASE, RELEASE_DRAWN}
    splits = select(posting.c.amount).where(posting.c.entry_id == rows[0].entry_id, posting.c.unit_id == 1)
    assert [row.amount for row in opened.fetch(splits)] == [30 * MICRO]
    assert (fill.is_drawn, twin_of(fill).is_drawn) == (False, True)
    assert apart(opened) == 0
    assert opened.audit() == []


def test_a_quote_says_both_and_changes_nothing(opened: Exchange):
    before = opened.digest()
    order = Order("a key", "ann", RELEASE, (0,), Act.SPEND, 30 * MICRO, mirror=Mirror(RELEASE_DRAWN))
    quoted = opened.read(trading.quote, "ann", order, opened.now)

    assert opened.digest() == before
    fill = opened.do(trading.execute, order)
    assert (quoted.shares, twin_of(quoted).shares) == (fill.shares, twin_of(fill).shares)


@pytest.mark.parametrize(
    ("act", "amount", "more"),
    [
        (Act.BUY, 20, {}),
        (Act.MOVE, 50, {"estimate": 60 * MICRO}),
        (Act.SELL, 10, {}),
        (Act.SELL_ALL, 0, {}),
        (Act.SPEND, 20, {"outcome": 1}),
    ],
)
def test_every_act_can_be_mirrored(opened: Exchange, act: Act, amount: int, more: dict[str, int]):
    mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30)
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, amount, act, **more)

    assert fill.shares == twin_of(fill).shares != 0
    assert len(set(long_shares(opened, "ann"))) == 1
    assert opened.audit() == []


def test_each_leg_is_refused_by_its_own_limit(opened: Exchange):
    """Bob has made the drawn twin dearer: there fewer shares would be had than Ann takes, so she gets the other leg."""
    opened.trade("bob", RELEASE_DRAWN, 0, Act.SPEND, 60 * MICRO)
    least = 55 * MICRO
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30, limit=least)

    assert fill.shares >= least
    assert isinstance(fill.twin, PriceMoved)
    assert fill.twin.quote.shares < least
    assert long_shares(opened, "ann") == [fill.shares, 0]
    assert apart(opened) == 2


def test_the_other_leg_is_had_where_the_first_is_refused(opened: Exchange):
    opened.trade("bob", RELEASE, 0, Act.SPEND, 60 * MICRO)
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30, limit=55 * MICRO)

    assert (fill.market_id, fill.is_drawn) == (RELEASE_DRAWN, True)
    assert isinstance(fill.twin, PriceMoved)


def test_the_twins_own_limit_is_its_own(opened: Exchange):
    opened.trade("bob", RELEASE_DRAWN, 0, Act.SPEND, 60 * MICRO)
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30, limit=55 * MICRO, twin_limit=30 * MICRO)

    assert twin_of(fill).shares < 55 * MICRO < fill.shares


def test_if_no_leg_can_be_had_nothing_happens_and_the_first_says_why(opened: Exchange):
    before = opened.digest()
    with pytest.raises(PriceMoved) as moved:
        mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 30, limit=500 * MICRO)
    assert isinstance(moved.value.quote.twin, Quote)
    with pytest.raises(InsufficientFunds):
        mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 101)
    with pytest.raises(WidthCap):
        mirrored(opened, "bob", RELEASE, RELEASE_DRAWN, 900, Act.BUY)
    with pytest.raises(InsufficientFunds):
        mirrored(opened, "nobody", RELEASE, RELEASE_DRAWN, 1)
    assert opened.digest() == before


def test_credit_that_counts_in_one_twin_only_buys_that_leg(opened: Exchange):
    """Ann's last credits count only if Release is drawn, so of a mirrored order she can have that leg alone."""
    mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 100)
    opened.trade("ann", RELEASE_DRAWN, 0, Act.SELL_ALL, 0)
    assert opened.held("person:ann", "credit") == 0
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 20)

    assert fill.market_id == RELEASE_DRAWN
    assert isinstance(fill.twin, InsufficientFunds)
    assert opened.audit() == []


@pytest.mark.parametrize("dearer", [None, RELEASE, RELEASE_DRAWN])
def test_the_same_key_again_gives_both_results(opened: Exchange, dearer: int | None):
    """Also where one leg was refused, and also by another writer's batch."""
    if dearer:
        opened.trade("bob", dearer, 0, Act.SPEND, 60 * MICRO)
    order = Order(
        "a key",
        "ann",
        RELEASE,
        (0,),
        Act.SPEND,
        30 * MICRO,
        55 * MICRO,
        mirror=Mirror(RELEASE_DRAWN, 55 * MICRO),
    )
    first = opened.do(trading.execute, order)
    before = opened.digest()
    again = opened.do(trading.execute, order)

    assert opened.digest() == before
    assert again._replace(twin=None) == first._replace(twin=None)
    assert isinstance(again.twin, Quote) == (dearer is None)
    assert again.twin == first.twin if dearer is None else vars(again.twin) == vars(first.twin)
    alone = replace(order, mirror=None)
    with pytest.raises(KeyReused):
        opened.do(trading.execute, alone)


@pytest.mark.parametrize("twin", [RELEASE, HOLD, HOLD_DRAWN, 99])
def test_only_a_twin_mirrors(opened: Exchange, twin: int):
    with pytest.raises(Invalid, match="no_twin"):
        mirrored(opened, "ann", RELEASE, twin, 10)


def test_an_order_that_waits_is_for_one_branch_alone(opened: Exchange):
    with pytest.raises(Invalid, match="mirrored"):
        mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 10, price=300_000)


def test_limit_orders_in_both_twins_are_met_and_paid_once_each(opened: Exchange):
    """Their owner is left in normal form by the one entry; she traded apart, the one who met her did not."""
    for market_id in (RELEASE, RELEASE_DRAWN):
        opened.trade("ann", market_id, 1, Act.SPEND, 20 * MICRO, price=480_000)
    fill = mirrored(opened, "bob", RELEASE, RELEASE_DRAWN, 40)

    assert fill.shares == twin_of(fill).shares
    assert [opened.shares("ann", each)[1] > 0 for each in (RELEASE, RELEASE_DRAWN)] == [True, True]
    kinds = [row.kind for row in opened.fetch(select(entry.c.kind).order_by(entry.c.id))]
    assert kinds[-3:] == ["order", "order", "trade"]
    assert apart(opened) == 1
    assert opened.audit() == []


def test_a_batch_holds_mirrored_and_single_orders_side_by_side(opened: Exchange):
    batch = [
        Order("k1", "ann", RELEASE, (0,), Act.SPEND, 10 * MICRO, mirror=Mirror(RELEASE_DRAWN)),
        Order("k2", "bob", RELEASE_DRAWN, (1,), Act.SPEND, 10 * MICRO),
        Order("k1", "ann", RELEASE, (0,), Act.SPEND, 10 * MICRO, mirror=Mirror(RELEASE_DRAWN)),
        Order("k3", "bob", RELEASE, (0,), Act.SPEND, 10 * MICRO, mirror=Mirror(RELEASE_DRAWN)),
    ]
    futures = [opened.writer.submit(trading.execute, order) for order in batch]
    first, _, same, _ = (future.result(timeout=30) for future in futures)

    assert first == same
    assert apart(opened) == 1
    assert opened.audit() == []


def test_after_the_draw_only_the_living_leg_is_had(opened: Exchange):
    opened.now = START + 7 * DAY
    draw(opened, 0)
    opened.advance(DAY)
    opened.run_due()
    fill = mirrored(opened, "ann", RELEASE, RELEASE_DRAWN, 10)

    assert fill.market_id == RELEASE_DRAWN
    assert isinstance(fill.twin, NotOpen)
    opened.do(deciding.sweep, 1)
    assert opened.audit() == []
