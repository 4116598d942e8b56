"""How a metric is to be read: every version of its definition, the source it is read from, and who waits for the reading."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from core.database import Id, Moment, metadata

# Every version that was ever proposed; the metric's own row holds the one in force.
definition = Table(
    "definition",
    metadata,
    Column("metric_id", Id, ForeignKey("metric.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(150), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("low", Id, nullable=False),
    Column("high", Id, nullable=False),
    Column("wording", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("measured_over", Text, nullable=False),
    Column("void_if", Text, nullable=False),
    Column("decimals", Integer),
    Column("owner_id", Id, ForeignKey("person.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Id, ForeignKey("person.id")),  # Empty: it was there before versions were kept.
    Column("proposed_at", Moment, nullable=False),
    Column("ended_by", Id, ForeignKey("person.id")),  # Who approved it, or turned it down.
    Column("ended_at", Moment),
)

# From where a metric's reading is taken when its time has come, without anybody typing it.
source = Table(
    "source",
    metadata,
    Column("metric_id", Id, ForeignKey("metric.id"), primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("set_by", Id, ForeignKey("person.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("before", Id),  # What it gave when it was set: the same again may be an old number.
    Column(
        "claims", Integer, nullable=False
    ),  # Which attempt, or setting, is the newest: older ones count for nothing.
    Column("attempts", Integer, nullable=False),  # Since it was last begun.
    # When it is tried next, or is free for others if whoever tries it now does not come back; empty: not to be tried.
    Column("next_at", Moment, index=True),
    Column("error", Text),  # Of the last attempt, in words.
    Column("doubt", JSON),  # What it gave and why that is not taken without the owner's word.
)

# Readings that are waited for: since when, and when somebody is reminded next.
nudge = Table(
    "nudge",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True, autoincrement=False),
    Column("since", Moment, nullable=False),
    Column("next_at", Moment, nullable=False, index=True),
)
