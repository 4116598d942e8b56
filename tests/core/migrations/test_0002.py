"""A database that people have used at the first schema comes up at this one with everything that was theirs.

``life_at_0001.json`` holds the rows of such a life, as the program of that schema left them (announcements aside): a
decision that was settled, one that was made and whose market trades on, one withdrawn and one open, a question that
was read and one open.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, Exchange
from sqlalchemy import Connection, Engine, MetaData, Table, select, text, update

from core.database import _alembic, check_schema, metadata, migrate, moment, writing
from core.decisions.tables import schedule
from core.errors import KeyReused, NotOpen
from core.exchange import audit, deciding, forecasting, portfolios, resolving, trading
from core.exchange.portfolios import MAIN
from core.exchange.trading import Act, Order
from core.funding.tables import spent
from core.ledger import chain, guards
from core.ledger.tables import balance, entry, posting, writer
from core.markets import readings, registry, ticks
from core.markets.tables import market, reading, trade, trader, watch
from core.units import MICRO

LIFE: dict[str, Any] = json.loads((Path(__file__).parent / "life_at_0001.json").read_text())
LEFT_AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
LONG, SHORT = 0, 1
ENDS = ("source_id", "destination_id", "amount", "unit_id")
CHOSEN_LIVE, READ, OPEN, OPEN_TOO, ASKED = 4, 7, 8, 9, 10  # Markets.


def rows(table: str) -> list[dict[str, Any]]:
    """A table as it was left."""
    left = LIFE[table]
    return [dict(zip(left["columns"], row, strict=True)) for row in left["rows"]]


@pytest.fixture
def migrated(empty_engine: Engine) -> Engine:
    with writing(empty_engine) as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with writing(empty_engine) as connection:
        guards.remove(connection)  # There were none at the time.
        live(connection)
    migrate(empty_engine)
    return empty_engine


def live(connection: Connection) -> None:
    """Puts the life's rows where the first schema kept them."""
    for name in LIFE:
        table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
        connection.execute(table.insert(), rows(name))
        if connection.dialect.name == "postgresql" and "id" in table.c:
            drawn = text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM \"{name}\"))")
            connection.execute(drawn)


@pytest.fixture
def exchange(migrated: Engine) -> Iterator[Exchange]:
    """The life goes on at the moment at which it was left."""
    running = Exchange(migrated)
    running.now, running.keys_used = LEFT_AT, 1_000
    yield running
    running.close()


def test_the_schema_is_that_of_a_new_database(migrated: Engine):
    check_schema(migrated)
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_no_foreign_key_is_broken(migrated: Engine):
    """SQLite did not watch them meanwhile, and does again."""
    if migrated.dialect.name == "sqlite":
        with migrated.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_everything_is_proved(exchange: Exchange):
    assert {proof.faults for proof in exchange.read(audit.audit)} == {()}


def test_all_that_stands_is_backed_by_the_first_portfolio(exchange: Exchange):
    """Which every admin spends; what settled markets cost the pool is counted from the journal, as the audit proves."""
    (main,) = exchange.read(portfolios.overview, ADMIN, LEFT_AT)
    over = {row["id"] for row in rows("market") if row["state"] == "settled"}

    assert (main.id, main.name, main.spenders, main.may_spend) == (MAIN, "Main", (), True)
    assert {each.name for each in main.backs} == {"D-2", "D-4", "M-7", "M-10"}
    assert {row.market_id for row in exchange.fetch(select(spent))} == over != set()
    assert exchange.ask(closes_at=LEFT_AT + DAY).name == "M-11"


def test_every_balance_is_what_it_was(exchange: Exchange):
    found = exchange.fetch(select(balance).order_by(balance.c.account_id, balance.c.unit_id))

    assert [row._asdict() for row in found] == rows("balance")


def test_every_entry_and_posting_says_what_it_said(exchange: Exchange):
    """Postings are numbered anew within their entry, in the order in which they were written."""
    said = [{k: v for k, v in row.items() if k not in {"digest", "at"}} for row in rows("entry")]
    moved = [
        [row["entry_id"], *(row[name] for name in ENDS)] for row in sorted(rows("posting"), key=_by_entry)
    ]
    order = (posting.c.entry_id, posting.c.number)
    found = exchange.fetch(select(posting.c.entry_id, *(posting.c[name] for name in ENDS)).order_by(*order))
    numbers = [row.number for row in exchange.fetch(select(posting.c.number).order_by(*order))]
    kept = [entry.c[name] for name in ("id", "key", "kind", "by", "reason")]

    assert [row._asdict() for row in exchange.fetch(select(*kept).order_by(entry.c.id))] == said
    assert [list(row) for row in found] == moved
    assert numbers == [number for each in _sizes(moved) for number in range(1, each + 1)]


def _by_entry(row: dict[str, Any]) -> tuple[int, int]:
    return row["entry_id"], row["id"]


def _sizes(moved: list[list[int]]) -> list[int]:
    ids = [each[0] for each in moved]
    return [ids.count(each) for each in sorted(set(ids))]


def test_old_entries_are_chained_by_one_writer_and_new_ones_by_another(exchange: Exchange):
    made = exchange.fetch(select(writer.c.name, writer.c.entries))
    assert [tuple(row) for row in made] == [("former", len(rows("entry")))]
    head = exchange.read(chain.head)
    exchange.grant("ann", 1)

    made = exchange.fetch(select(writer.c.name, writer.c.entries).order_by(writer.c.id))
    assert (made[0].name, [row.entries for row in made]) == ("former", [len(rows("entry")), 1])
    assert exchange.fetch(select(entry.c.id).order_by(entry.c.id.desc()).limit(1))[0].id > len(rows("entry"))
    assert exchange.read(chain.head) != head


def test_an_old_entry_cannot_be_edited_unnoticed(exchange: Exchange):
    with writing(exchange.engine) as connection:
        guards.remove(connection)
        connection.execute(update(entry).where(entry.c.key == "grant:key-2").values(reason="a gift"))
        guards.install(connection)

    assert any(
        "(grant:key-2) is not as written" in fault for proof in exchange.audit() for fault in proof.faults
    )


def test_every_trade_is_a_vector_with_the_prices_that_it_left(exchange: Exchange):
    found = {row.entry_id: row for row in exchange.fetch(select(trade))}
    for left in rows("trade"):
        row = found[left["entry_id"]]

        assert row.bought[left["outcome"]] == left["shares"]
        assert row.bought[1 - left["outcome"]] == 0
        for name in ("market_id", "number", "person_id", "cost", "sets", "prices", "integrals"):
            assert getattr(row, name) == left[name]
    assert len(found) == len(rows("trade"))
    kept = select(trader.c.market_id, trader.c.person_id, trader.c.trades)
    assert sorted(tuple(row) for row in exchange.fetch(kept)) == sorted(
        (row["market_id"], row["person_id"], row["trades"]) for row in rows("trader")
    )


def test_an_old_key_is_answered_with_its_fill_and_no_other_order(exchange: Exchange):
    """Delivered again after the migration, it is still known."""
    before = exchange.digest()
    for left in rows("trade"):
        by, market_id, outcome, act, amount, limit = left["asked"]
        order = Order(left["key"], by, market_id, (outcome,), Act(act), amount, limit)
        fill = exchange.do(trading.execute, order)

        assert {name: getattr(fill, name) for name in left["fill"]} == left["fill"]
        assert (fill.shares, fill.bought[outcome], fill.waits) == (left["shares"], left["shares"], 0)
        with pytest.raises(KeyReused):
            exchange.do(trading.execute, Order(left["key"], by, market_id, (outcome,), Act(act), amount + 1))
    assert exchange.digest() == before


def test_outcomes_stand_at_the_ends_of_their_metric_s_range(exchange: Exchange):
    found = exchange.read(registry.get_all, range(1, 11))
    ranges = {row["id"]: [row["high"], row["low"]] for row in rows("metric")}

    assert [market.centres for market in found.values()] == [
        ranges[row["metric_id"]] for row in rows("market")
    ]
    assert {market.measure for market in found.values()} == {1}


def test_readings_are_numbered_and_the_one_that_is_not_final_can_still_be_filed_anew(exchange: Exchange):
    assert {row.number for row in exchange.fetch(select(reading))} == {1}
    by_metric = {row["metric_id"]: row for row in rows("reading")}
    with pytest.raises(NotOpen):
        exchange.do(resolving.file, OWNER, 1, MICRO, "the dashboard")
    metric_id = exchange.read(registry.get, READ).metric_id
    assert exchange.read(readings.find, metric_id).value == by_metric[metric_id]["value"] == 1
    before = exchange.held("person:ann", "credit")
    exchange.do(resolving.file, OWNER, metric_id, 0, "the dashboard")
    exchange.advance(DAY)
    exchange.run_due()

    assert exchange.held("person:ann", "credit") == before


def test_the_question_that_was_read_is_settled_by_that_reading(exchange: Exchange):
    before = exchange.held("person:ann", "credit")
    exchange.advance(DAY)

    assert "settle" in exchange.run_due()
    assert exchange.held("person:ann", "credit") == before + 25 * MICRO


def test_open_markets_trade_on_with_limit_orders_too_up_to_their_settlement(exchange: Exchange):
    exchange.trade("bob", OPEN, LONG, Act.SPEND, 10 * MICRO)
    exchange.trade("ann", OPEN_TOO, SHORT, Act.SELL_ALL, 0)
    exchange.trade("cy", ASKED, LONG, Act.SPEND, 10 * MICRO, price=300_000)
    exchange.advance(7 * DAY)
    exchange.run_due()
    exchange.do(deciding.record, DECIDER, 4, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()
    exchange.do(
        resolving.file, OWNER, exchange.read(registry.get, OPEN).metric_id, 70 * MICRO, "the dashboard"
    )
    exchange.do(resolving.file, OWNER, exchange.read(registry.get, ASKED).metric_id, 0, "the dashboard")
    exchange.advance(DAY)
    exchange.run_due()

    states = [market.state for market in exchange.read(registry.get_all, [OPEN, OPEN_TOO, ASKED]).values()]
    assert states == ["settled", "dead", "settled"]


def test_a_void_settles_by_the_day_before_the_decision_closed(exchange: Exchange):
    """Also where the market was opened again since, and trades on: what was traded there later does not count."""
    live = exchange.read(registry.get, CHOSEN_LIVE)
    closed_at = datetime(2026, 1, 17, 12, tzinfo=UTC)
    assert (live.void_from, live.void_until) == (closed_at - DAY, closed_at)
    assert live.closes_at > LEFT_AT
    average = exchange.read(ticks.average_prices, live, closed_at - DAY, closed_at)[LONG]
    before = exchange.held("person:ann", "credit")
    exchange.do(resolving.void, OWNER, live.metric_id, "It was never measured.")
    exchange.advance(DAY)
    exchange.run_due()

    # LONG stood at 0.4 for half of the day, then at what the 50 shares of LONG that Ann bought made of it.
    bought = next(row for row in rows("trade") if row["market_id"] == CHOSEN_LIVE)
    assert average == pytest.approx((0.4 + bought["prices"][LONG] / MICRO) / 2, abs=1e-6)
    paid = exchange.held("person:ann", "credit") - before
    assert paid == pytest.approx(50 * MICRO * average + 25 * MICRO, abs=100)


def test_forecasts_are_kept(exchange: Exchange):
    assert exchange.read(forecasting.mean, READ) == pytest.approx(0.7)


def test_the_clock_of_the_life_is_the_one_in_which_it_was_left():
    """Or what is due above would be due at another time."""
    last = max(row["at"] for row in rows("entry"))

    assert abs(datetime.fromtimestamp(last / 1000, UTC) - LEFT_AT) < timedelta(days=1)


def test_what_moved_before_anybody_watched_is_not_told(migrated: Engine):
    """Each market is watched from its newest prices on, and each of its traders knows these."""
    with migrated.connect() as connection:
        watched = connection.execute(
            select(watch.c.trades, watch.c.prices, market.c.trades, market.c.prices).join(
                market, market.c.id == watch.c.market_id
            )
        ).all()
        seen = select(trader.c.seen_at, market.c.tick_at).join(market, market.c.id == trader.c.market_id)
        known = connection.execute(seen).all()

    assert len(watched) == len(rows("market"))
    assert all((trades, prices) == (now, left) for trades, prices, now, left in watched)
    assert known
    assert all(seen_at == tick_at for seen_at, tick_at in known)


def test_an_open_decision_is_reported_at_nine_as_it_was(exchange: Exchange):
    """Its first time is the nine o'clock after its last report; what is over has no time any more."""
    opened = {row["id"]: row["reported_at"] for row in rows("decision") if row["state"] == "open"}
    found = {row.decision_id: row for row in exchange.fetch(select(schedule))}

    assert opened.keys() == found.keys()
    for each, reported_at in opened.items():
        due = found[each].next_at
        assert (due.hour, due.minute, found[each].zone) == (9, 0, "UTC")
        assert timedelta(0) < due - moment(reported_at) <= DAY
    exchange.run_due()
    assert all(row.next_at > LEFT_AT for row in exchange.fetch(select(schedule)))
