"""Metrics and their readings; markets, their outcomes, and every trade with the prices it left."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from core.database import Id, Moment, metadata

metric = Table(
    "metric",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(150), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("low", Id, nullable=False),
    Column("high", Id, nullable=False),
    Column("wording", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("measured_over", Text, nullable=False, server_default=""),
    Column("void_if", Text, nullable=False, server_default=""),
    Column("decimals", Integer),
    Column("owner_id", Id, ForeignKey("person.id"), nullable=False),
    Column("challenge_seconds", Integer, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # Of the definition in force.
    CheckConstraint("low < high", name="range"),
)

# What a metric came to; the last one counts. Without a value: it was never measured.
reading = Table(
    "reading",
    metadata,
    Column("metric_id", Id, ForeignKey("metric.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("value", Id),
    Column("source", Text, nullable=False),
    Column("filed_by", Id, ForeignKey("person.id"), nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("final_at", Moment),  # Empty while an objection is open, or when one was upheld.
)

# Somebody says that a reading is wrong; somebody else rules.
objection = Table(
    "objection",
    metadata,
    Column("metric_id", Id, ForeignKey("metric.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # The reading's.
    Column("reason", Text, nullable=False),
    Column("made_by", Id, ForeignKey("person.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("is_upheld", Boolean),  # Empty until it is ruled on.
    Column("ruling", Text),
    Column("ruled_by", Id, ForeignKey("person.id")),
    Column("ruled_at", Moment),
)

market = Table(
    "market",
    metadata,
    Column("id", Id, primary_key=True),
    Column("metric_id", Id, ForeignKey("metric.id"), nullable=False, index=True),
    # Empty: a question that hangs on no decision.
    Column("branch_id", Id, ForeignKey("branch.id"), index=True),
    # Markets of one decision with the same number are compared with each other.
    Column("measure", Integer, nullable=False),
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False),
    # Named after the market, so opened after it.
    Column("maker_id", Id, ForeignKey("account.id"), unique=True),
    Column("state", String(16), nullable=False),
    Column("liquidity", Id, nullable=False),
    Column("least_order", Id, nullable=False),
    Column("width_cap", Id),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("halted_at", Moment),  # Since when nobody may trade in it, though it is open.
    # Its average prices settle it if its metric is never measured.
    Column("void_from", Moment, nullable=False),
    Column("void_until", Moment, nullable=False),
    Column("settled_to", Id),  # The last holder who was paid; empty until settlement begins.
    # The newest tick, so that the next one is one addition.
    Column("trades", Integer, nullable=False),
    Column("tick_at", Moment, nullable=False),
    Column("prices", JSON, nullable=False),
    Column("integrals", JSON, nullable=False),
    Column("observation", Id, nullable=False),
    Column("observation_integral", Id, nullable=False),
    Column("dwell", JSON, nullable=False),  # Of the hour of the newest tick, up to it.
    Column("resting", Integer, nullable=False),  # Limit orders that wait.
    # Whether it was to be settled so long after it opened that earmarked credit pays in it; that never changes.
    Column("is_long", Boolean, nullable=False, server_default=text("false")),
    Index("ix_market_state_closes_at", "state", "closes_at"),
)

# From how many days on a market counts as long when it opens; no row: the usual number.
horizon = Table(
    "horizon",
    metadata,
    Column("id", Id, primary_key=True),
    Column("days", Integer, nullable=False),
)

# A question that hangs on no decision; those that were opened without an address are told nowhere.
question = Table(
    "question",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("key", String(255), unique=True),  # The opener's own: opened once, however often it is delivered.
    Column("public_address", String(255), nullable=False),
    # When all who hold something in it were told that it closes soon, and the last of them while that goes on.
    Column("warned_at", Moment),
    Column("warned_to", Id),
)

outcome = Table(
    "outcome",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(32), nullable=False),
    Column("centre", Id, nullable=False),  # The value of the metric at which a share pays 1.
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False, unique=True),
    Column("weight", Id, nullable=False),
)

# Liquidity added (or taken, below zero) at one moment at the prices in force.
tranche = Table(
    "tranche",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("after_trade", Integer, nullable=False),
    Column("liquidity", Id, nullable=False),
    Column("weights", JSON, nullable=False),
)

# Liquidity that is still to be added, a little at a time, at times that nobody can foresee.
drip = Table(
    "drip",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("remaining", Id, nullable=False),
    Column("next_at", Moment, nullable=False, index=True),
    Column("asked_by", Id, ForeignKey("person.id"), nullable=False),
)

# Like the journal's rows, those that every trade writes carry no foreign keys; the audit proves what they name.
trade = Table(
    "trade",
    metadata,
    Column("market_id", Id, primary_key=True, autoincrement=False),
    Column("at", Moment, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Id, nullable=False, index=True),
    Column("person_id", Id, nullable=False, index=True),
    Column("asked", JSON, nullable=False),  # The order as it came, to tell a repeat from a reused key.
    Column("bought", JSON, nullable=False),  # Shares of each outcome, below zero sold.
    Column("cost", Id, nullable=False),  # Above zero paid, below zero received.
    Column("sets", Id, nullable=False),  # Full sets given back to the maker, for 1 each.
    Column("matched", JSON, nullable=False),  # Limit orders that took part.
    Column("prices", JSON, nullable=False),
    Column("integrals", JSON, nullable=False),
    Column("observation", Id, nullable=False),
    Column("observation_integral", Id, nullable=False),
    Column("told", JSON, nullable=False),  # What else the trader was told, for the same key asked again.
    sqlite_with_rowid=False,
)

# One row for each hour in which a market traded, written when the next one does.
market_hour = Table(
    "market_hour",
    metadata,
    Column("market_id", Id, primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),  # Since 1970.
    Column("dwell", JSON, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("trades", Integer, nullable=False),  # Of the market, up to its end.
    Column("prices", JSON, nullable=False),
    sqlite_with_rowid=False,
)

trader = Table(
    "trader",
    metadata,
    Column("market_id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("trades", Integer, nullable=False),
    # When they last traded there, or were last told that its prices moved against them; and after how many trades,
    # since those of one batch share their moment.
    Column("seen_at", Moment, nullable=False, server_default="0"),
    Column("seen_trade", Integer, nullable=False, server_default="0"),
    # Of the trades, those that were not mirrored in the market's twin.
    Column("apart", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

# Beside the market, so that a trade does not carry it: how many trades it had and what it was priced at when its traders
# were last looked through, and the last of them while that goes on.
watch = Table(
    "watch",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True, autoincrement=False),
    Column("trades", Integer, nullable=False),
    Column("prices", JSON, nullable=False),
    Column("looked_to", Id),
)

# What a market brought each of its traders; whole once the market is settled.
gain = Table(
    "gain",
    metadata,
    Column("market_id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False, index=True),
    Column("credits", Id, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Limit orders. Prices are of the first outcome, LONG: a bid gains when it rises, an ask when it falls.
limit_order = Table(
    "limit_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("market_id", Id, ForeignKey("market.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("account_id", Id, ForeignKey("account.id"), unique=True),  # Named after the order.
    # The wallet that it reserved from, to which all of it goes back.
    Column("wallet_id", Id),
    Column("entry_id", Id, nullable=False, unique=True),  # By which it was placed.
    Column("state", String(16), nullable=False),
    Column("is_bid", Boolean, nullable=False),
    Column("outcome", Integer, nullable=False),  # What it buys, or sells.
    Column("is_sale", Boolean, nullable=False),
    Column("price", Integer, nullable=False),  # Millionths.
    Column("amount", Id, nullable=False),  # Micro-credits of a purchase, micro-shares of a sale.
    Column("shares", Id, nullable=False),  # Filled so far.
    Column("credits", Id, nullable=False),  # Paid, or received, for them.
    Column("placed_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("ended_at", Moment),
    Column("asked", JSON, nullable=False),
    Column("told", JSON, nullable=False),
    CheckConstraint("price > 0 AND price < 1000000", name="price"),
    Index(
        "ix_limit_order_market_id_resting",
        "market_id",
        sqlite_where=text("state = 'resting'"),
        postgresql_where=text("state = 'resting'"),
    ),
    Index("ix_limit_order_person_id", "person_id"),
)
