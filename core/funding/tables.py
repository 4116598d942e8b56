"""The standing rule by which people get credit without asking; and portfolios: who may spend them, what they back, what became of it."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from core.database import KEPT, Id, Moment, metadata

# One row, or none while there is no rule.
allowance = Table(
    "allowance",
    metadata,
    Column("id", Id, primary_key=True),
    Column("opening", Id, nullable=False),
    Column("amount", Id, nullable=False),
    Column("cap", Id),
    Column("floor", Id, nullable=False),
    Column("period_days", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("paid_period", Integer, nullable=False),
    Column("paid_to", Id),  # The last person who was paid in the period after it; empty before the first.
)

# Budgets are micro-credits; empty: no limit.
portfolio = Table(
    "portfolio",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), unique=True),  # The opener's own: opened once, however often it is delivered.
    Column("name", String(75), nullable=False),
    Column("folded", String(255), nullable=False, unique=True),  # The name, whatever its case.
    # Its pool; the one of a new portfolio is named after it, so opened after it.
    Column("account_id", Id, ForeignKey("account.id"), unique=True),
    Column("reserve_budget", Id),
    Column("spend_budget", Id),
    Column("period_days", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("address", String(255)),  # Where its changes and reports are told; empty: to its spenders.
    Column(
        "auto_most", Id
    ),  # The most reserve that one automatic apply may add; empty: nothing is automatic.
    Column("paused_reason", Text),  # Empty: it is not paused.
    Column("looked_at", Moment),  # When the policy last saw by itself to what it backs.
)

spender = Table(
    "spender",
    metadata,
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
)

# Which portfolio pays for a decision, all of its branches, or for a question that hangs on none.
backing = Table(
    "backing",
    metadata,
    Column("id", Id, primary_key=True),
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), nullable=False, index=True),
    Column("decision_id", Id, ForeignKey("decision.id"), unique=True),
    Column("market_id", Id, ForeignKey("market.id"), unique=True),
    CheckConstraint("(decision_id IS NULL) <> (market_id IS NULL)", name="one"),
    info=KEPT,
)

# What a market that is settled cost its portfolio, micro-credits; below zero: what it brought.
spent = Table(
    "spent",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), nullable=False),
    Column("amount", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_spent_portfolio_id_at", "portfolio_id", "at"),
    info=KEPT,
)

# What a decision is worth deciding right, as people state it; the newest counts.
stakes = Table(
    "stakes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False, index=True),
    Column("stake", Id, nullable=False),  # Micro-credits, of a whole range of the first measure.
    Column("gap_sd", Integer, nullable=False),  # Millionths of the range: of the gap between the best two.
    Column("chance", Integer, nullable=False),  # Millionths: that it settles at all.
    Column("by", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    info=KEPT,
)

# Whatever was done to a portfolio; without a person the policy did it.
portfolio_change = Table(
    "portfolio_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("by", Id, ForeignKey("person.id")),
    Column("what", String(16), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("key", String(255)),  # Of a plan that was applied: once, however often it is asked.
    Index("ix_portfolio_change_key", "key", unique=True),
    info=KEPT,
)

# What settled markets taught: micro-credits for a nat, and what a look at a market costs; the newest counts.
learned = Table(
    "learned",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("settled", Integer, nullable=False),  # So many markets were settled then.
    Column("beta", Id, nullable=False),
    Column("attention", Id, nullable=False),
    Column("was_beta", Id, nullable=False),
    Column("was_attention", Id, nullable=False),
    Index("ix_learned_settled", "settled", unique=True),
    info=KEPT,
)

# What a portfolio had, once a day; days are counted from 1970, UTC.
portfolio_day = Table(
    "portfolio_day",
    metadata,
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("free", Id, nullable=False),
    Column("reserved", Id, nullable=False),
    Column("lost", Id, nullable=False),
    info=KEPT,
)

# The subsidy reports that were sent, each for a date that had come.
subsidy_report = Table(
    "subsidy_report",
    metadata,
    Column("portfolio_id", Id, ForeignKey("portfolio.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("due_for", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("head", String(64), nullable=False),
    info=KEPT,
)
