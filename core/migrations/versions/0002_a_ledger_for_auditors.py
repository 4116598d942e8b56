"""Hash chains, trades as vectors, outcomes at centres, readings that can be filed anew, tranches, limit orders."""

import json
from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment, moment
from core.ledger.chain import START, link
from core.ledger.entries import Entry, Posting
from core.pricing import lag, lmsr, twap
from core.pricing.median import Dwell

revision = "0002"
down_revision = "0001"

FORMER = "former"  # The writer of all entries that were made before there were chains.
HOUR, DAY = 3_600_000, 86_400_000  # Milliseconds.
# What is kept of a fill, in this order.
TOLD = (
    *("is_final", "shares", "bought", "cost", "sets", "waits", "newly_locked", "already_conditional"),
    *("price_before", "price_after", "expected_before", "expected_after", "free", "conditional", "trade"),
)


def upgrade() -> None:
    postings = _take("posting", order="entry_id, id")
    balances, trades, traders = (_take(name) for name in ("balance", "trade", "trader"))
    readings = _take("reading")
    _create_journal()
    _chain(postings)
    _give("balance", balances)
    _reopen_markets()
    _create_trades()
    _give("trader", traders)
    _observe(trades)
    _give("trade", [_vector(row) for row in trades])
    _create_readings()
    _give("reading", [row | {"number": 1} for row in readings])
    _create_tranches()
    _create_limit_orders()
    with op.batch_alter_table("option") as batch:
        batch.add_column(sa.Column("added_at", Moment()))


def _take(name: str, order: str = "1") -> list[dict[str, Any]]:
    """All rows of a table, which is dropped."""
    rows = [
        dict(row)
        for row in op.get_bind().execute(sa.text(f"SELECT * FROM {name} ORDER BY {order}")).mappings()
    ]
    op.drop_table(name)
    return rows


def _give(name: str, rows: list[dict[str, Any]]) -> None:
    """Rows of a table that was made anew."""
    if rows:
        columns = list(rows[0])
        values = ", ".join(f":{column}" for column in columns)
        told = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})"
        op.get_bind().execute(sa.text(told), rows)


def _create_journal() -> None:
    op.create_table(
        "writer",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("entries", Id, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer")),
        sa.UniqueConstraint("name", name=op.f("uq_writer_name")),
    )
    op.create_table(
        "posting",
        sa.Column("entry_id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("destination_id", Id, nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_positive")),
        sa.CheckConstraint("source_id <> destination_id", name=op.f("ck_posting_moves")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "balance",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("unit_id", Id, autoincrement=False, nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "unit_id", name=op.f("pk_balance")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_balance_unit_id_account_id", "balance", ["unit_id", "account_id"])


def _chain(rows: list[dict[str, Any]]) -> None:
    """Numbers the postings of each entry, and chains the entries in the order of their ids."""
    numbers = Counter[int]()
    moved: dict[int, list[Posting]] = {}
    for row in rows:
        numbers[row["entry_id"]] += 1
        del row["id"]
        row["number"] = numbers[row["entry_id"]]
        each = Posting(row["source_id"], row["destination_id"], row["amount"], row["unit_id"])
        moved.setdefault(row["entry_id"], []).append(each)
    _give("posting", rows)
    with op.batch_alter_table("entry") as batch:
        batch.add_column(sa.Column("writer_id", Id))
        batch.add_column(sa.Column("hash", sa.String(length=64)))
        batch.drop_constraint("fk_entry_by", type_="foreignkey")
        batch.drop_column("digest")
    last, count = START, 0
    entries = op.get_bind().execute(sa.text("SELECT * FROM entry ORDER BY id")).mappings().all()
    for entry in entries:
        made = Entry(
            entry["kind"],
            entry["key"],
            moment(entry["at"]),
            tuple(moved[entry["id"]]),
            entry["by"],
            entry["reason"],
        )
        last, count = link(last, entry["id"], made), count + 1
        linked = sa.text("UPDATE entry SET writer_id = 1, hash = :hash WHERE id = :id")
        op.get_bind().execute(linked, {"hash": last, "id": entry["id"]})
    if count:
        _give("writer", [{"name": FORMER, "entries": count, "hash": last}])
    with op.batch_alter_table("entry") as batch:
        batch.alter_column("writer_id", existing_type=sa.BigInteger(), nullable=False)
        batch.alter_column("hash", existing_type=sa.String(length=64), nullable=False)


def _reopen_markets() -> None:
    """Every market was of LONG and SHORT on its metric's range, opened with one tranche.

    Its void window is the day before its decision closed: where the market was opened again, it closes later itself.
    """
    of_decision = "SELECT decision.closes_at FROM decision JOIN branch ON branch.decision_id = decision.id"
    closed = f"COALESCE(({of_decision} WHERE branch.id = market.branch_id), closes_at)"
    added = {
        "measure": (sa.Integer(), "1"),
        "void_from": (Moment(), f"{closed} - {DAY}"),
        "void_until": (Moment(), closed),
        "observation": (Id, "0"),
        "observation_integral": (Id, "0"),
        "dwell": (sa.JSON(), "'[]'"),
        "resting": (sa.Integer(), "0"),
    }
    _add("market", added)
    high = "SELECT metric.high FROM metric JOIN market ON market.metric_id = metric.id WHERE market.id = market_id"
    low = high.replace("metric.high", "metric.low")
    _add("outcome", {"centre": (Id, f"CASE number WHEN 0 THEN ({high}) ELSE ({low}) END")})


def _add(table: str, columns: dict[str, tuple[Any, str]]) -> None:
    """New columns that are never empty, each with what the rows there already have in it."""
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.add_column(sa.Column(name, kind))
    for name, (_, value) in columns.items():
        op.execute(f"UPDATE {table} SET {name} = {value}")
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.alter_column(name, existing_type=kind, nullable=False)


def _create_trades() -> None:
    op.create_table(
        "trade",
        sa.Column("market_id", Id, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("bought", sa.JSON(), nullable=False),
        sa.Column("cost", Id, nullable=False),
        sa.Column("sets", Id, nullable=False),
        sa.Column("matched", sa.JSON(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("integrals", sa.JSON(), nullable=False),
        sa.Column("observation", Id, nullable=False),
        sa.Column("observation_integral", Id, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", "at", "number", name=op.f("pk_trade")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_trade_entry_id"), "trade", ["entry_id"])
    op.create_index(op.f("ix_trade_person_id"), "trade", ["person_id"])
    op.create_table(
        "trader",
        sa.Column("market_id", Id, autoincrement=False, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", "person_id", name=op.f("pk_trader")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "market_hour",
        sa.Column("market_id", Id, autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dwell", sa.JSON(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", "hour", name=op.f("pk_market_hour")),
        sqlite_with_rowid=False,
    )


def _vector(row: dict[str, Any]) -> dict[str, Any]:
    """A trade of one outcome as shares of both."""
    bought = [row["shares"], 0] if row["outcome"] == 0 else [0, row["shares"]]
    asked, told = (json.loads(_text(row[name])) for name in ("asked", "fill"))
    by, market, outcome, act, amount, limit = asked
    told |= {"bought": bought, "waits": 0}
    kept = {
        name: row[name] for name in ("market_id", "at", "number", "entry_id", "person_id", "cost", "sets")
    }
    return kept | {
        "asked": json.dumps([by, market, [outcome], act, amount, limit, None, None, None]),
        "bought": json.dumps(bought),
        "matched": "[]",
        "prices": _text(row["prices"]),
        "integrals": _text(row["integrals"]),
        "observation": row["observation"],
        "observation_integral": row["observation_integral"],
        "told": json.dumps([told[name] for name in TOLD]),
    }


def _observe(trades: list[dict[str, Any]]) -> None:
    """What was observed at each trade, the hours that are over, and what each market observed last.

    Every market was of LONG and SHORT, so its level was the price of LONG.
    """
    bind = op.get_bind()
    weights = dict[int, list[int]]()
    for market_id, weight in bind.execute(sa.text("SELECT market_id, weight FROM outcome ORDER BY number")):
        weights.setdefault(market_id, []).append(weight)
    made = dict[int, list[dict[str, Any]]]()
    for row in sorted(trades, key=lambda row: row["number"]):
        made.setdefault(row["market_id"], []).append(row)
    hours, markets = [], []
    for market_id, opened_at, b in bind.execute(sa.text("SELECT id, opened_at, liquidity FROM market")):
        prices = lmsr.State(b, (0, 0), tuple(weights[market_id])).prices
        state: dict[str, Any] = {"prices": list(twap.millionths(prices)), "trades": 0}
        seen, dwell = lag.opening(opened_at, state["prices"][0]), Dwell()
        for row in made.get(market_id, []):
            hour = row["at"] // HOUR
            if hour > seen.at // HOUR:
                over = {"market_id": market_id, "hour": seen.at // HOUR, "last_at": seen.at}
                hours.append(over | state | {"dwell": dwell.to_list()})
            began_at = seen.at if hour == seen.at // HOUR else hour * HOUR
            dwell = (dwell if began_at == seen.at else Dwell()).add(seen.level, row["at"] - began_at)
            state = {"prices": json.loads(_text(row["prices"])), "trades": row["number"]}
            seen = lag.follow(seen, row["at"], state["prices"][0])
            row |= {"observation": seen.value, "observation_integral": seen.integral}
        last = {"observation": seen.value, "observation_integral": seen.integral, "dwell": dwell.to_list()}
        markets.append(last | {"id": market_id})
    kept = ", ".join(f"{name} = :{name}" for name in ("observation", "observation_integral", "dwell"))
    if markets:
        bind.execute(sa.text(f"UPDATE market SET {kept} WHERE id = :id"), [_jsoned(row) for row in markets])
    _give("market_hour", [_jsoned(row) for row in hours])


def _jsoned(row: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if isinstance(value, list) else value for name, value in row.items()}


def _text(value: Any) -> str:
    """JSON as text, which one of the databases hands out parsed."""
    return value if isinstance(value, str) else json.dumps(value)


def _create_readings() -> None:
    op.create_table(
        "reading",
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", Id),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("filed_by", Id, nullable=False),
        sa.Column("filed_at", Moment(), nullable=False),
        sa.Column("final_at", Moment()),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_reading_filed_by")),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_reading_metric_id")),
        sa.PrimaryKeyConstraint("metric_id", "number", name=op.f("pk_reading")),
    )
    op.create_table(
        "objection",
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("is_upheld", sa.Boolean()),
        sa.Column("ruling", sa.Text()),
        sa.Column("ruled_by", Id),
        sa.Column("ruled_at", Moment()),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_objection_made_by")),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_objection_metric_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["person.id"], name=op.f("fk_objection_ruled_by")),
        sa.PrimaryKeyConstraint("metric_id", "number", name=op.f("pk_objection")),
    )


def _create_tranches() -> None:
    op.create_table(
        "tranche",
        sa.Column("market_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("after_trade", sa.Integer(), nullable=False),
        sa.Column("liquidity", Id, nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_tranche_market_id")),
        sa.PrimaryKeyConstraint("market_id", "number", name=op.f("pk_tranche")),
    )
    weights: dict[int, list[int]] = {}
    slots = sa.text("SELECT market_id, weight FROM outcome ORDER BY market_id, number")
    for market_id, weight in op.get_bind().execute(slots):
        weights.setdefault(market_id, []).append(weight)
    opened = op.get_bind().execute(sa.text("SELECT id, opened_at, liquidity FROM market")).all()
    first = {"number": 0, "after_trade": 0}
    _give(
        "tranche",
        [
            first | {"market_id": m, "at": at, "liquidity": b, "weights": json.dumps(weights[m])}
            for m, at, b in opened
        ],
    )
    op.create_table(
        "drip",
        sa.Column("market_id", Id, nullable=False),
        sa.Column("remaining", Id, nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("asked_by", Id, nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_drip_asked_by")),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_drip_market_id")),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_drip")),
    )
    op.create_index(op.f("ix_drip_next_at"), "drip", ["next_at"])


def _create_limit_orders() -> None:
    op.create_table(
        "limit_order",
        sa.Column("id", Id, nullable=False),
        sa.Column("market_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("account_id", Id),
        sa.Column("entry_id", Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_bid", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("is_sale", sa.Boolean(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.Column("shares", Id, nullable=False),
        sa.Column("credits", Id, nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.CheckConstraint("price > 0 AND price < 1000000", name=op.f("ck_limit_order_price")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_limit_order_account_id")),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_limit_order_market_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_limit_order_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_order")),
        sa.UniqueConstraint("account_id", name=op.f("uq_limit_order_account_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_limit_order_entry_id")),
    )
    waiting = sa.text("state = 'resting'")
    op.create_index(
        "ix_limit_order_market_id_resting",
        "limit_order",
        ["market_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_limit_order_person_id", "limit_order", ["person_id"])
