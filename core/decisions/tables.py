"""A decision, its options, the branches in which it can end, who decides, what is said around that, and the lottery that may."""

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
    UniqueConstraint,
)

from core.database import KEPT, Id, Moment, metadata

decision = Table(
    "decision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), unique=True),  # The opener's own: opened once, however often it is delivered.
    Column("question", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column(
        "escrow_id", Id, ForeignKey("account.id"), unique=True
    ),  # Named after the decision, so opened after it.
    Column("opened_by", Id, ForeignKey("person.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("decide_by", Moment, nullable=False),
    Column("freezes_at", Moment, nullable=False),
    Column("record_challenge_seconds", Integer, nullable=False),
    Column("reading_challenge_seconds", Integer, nullable=False),
    Column("public_address", String(255), nullable=False),
    Column("committee_address", String(255), nullable=False),
    # The last holder whose dead credit and shares went back; empty while nothing died.
    Column("swept_to", Id, index=True),
    # When all who hold something in it were told that it closes soon, and the last of them while that goes on.
    Column("warned_at", Moment),
    Column("warned_to", Id),
    # Millionths: the chance that a lottery decides; empty where people always do.
    Column("probability", Integer),
    # The date for which the deciders were reminded; another one than it is now: they were not yet.
    Column("nudged_for", Moment),
    Index("ix_decision_state_closes_at", "state", "closes_at"),
)

option = Table(
    "option",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String(75), nullable=False),
    Column("added_at", Moment),  # Empty: there from the start.
    Column("weight", Integer),  # In the lottery, if there is one.
    UniqueConstraint("decision_id", "number"),
)

branch = Table(
    "branch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False, index=True),
    Column("option_id", Id, ForeignKey("option.id")),  # Empty: none of the options is taken.
    Column("kind", String(16), nullable=False),
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False, unique=True),
    Column("is_live", Boolean, nullable=False),
    CheckConstraint("(kind = 'none') = (option_id IS NULL)", name="option"),
)

decider = Table(
    "decider",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
)

record = Table(
    "record",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("option_id", Id, ForeignKey("option.id")),  # Empty: withdrawn, or not decided in time.
    Column("reason", Text, nullable=False),
    Column("recorded_by", Id, ForeignKey("person.id")),  # Empty: nobody decided in time.
    Column("recorded_at", Moment, nullable=False),
    Column("final_at", Moment, nullable=False),
    Column("unpriced", Text),  # What the committee knew that the market did not; empty: it was not asked.
    Column("links", JSON, nullable=False, server_default="[]"),
    info=KEPT,
)

# What was added to a record, and what arrived between the close and the decision.
note = Table(
    "note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("by", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("links", JSON, nullable=False),
    info=KEPT,
)

# How much one unit of each measure is worth to a decider, each version of it.
ballot = Table(
    "ballot",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("weights", JSON, nullable=False),  # Micro-units of the first measure's, by measure.
    UniqueConstraint("decision_id", "person_id", "number"),
    info=KEPT,
)

# When and why ballots could be cast again after the close, and when that ended.
reopening = Table(
    "reopening",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False, index=True),
    Column("by", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("closed_by", Id, ForeignKey("person.id")),
    Column("closed_at", Moment),
)

# What a lottery draws by. The seed is told with the draw, and to nobody before; a backup holds it all the same.
lottery = Table(
    "lottery",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("seed", String(64), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("beacon", String(150), nullable=False),
    Column("url", String(500), nullable=False),  # Empty: its value is pasted.
    Column("round", String(100), nullable=False),
    Column("value_at", String(200), nullable=False),  # Where in what stands at the URL, a JMESPath.
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("asked_at", Moment),  # When the deciders were asked to paste the beacon's value.
)

# The last one counts. Without an option: people decide.
draw = Table(
    "draw",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("option_id", Id, ForeignKey("option.id")),
    Column("beacon_value", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("pasted_by", Id, ForeignKey("person.id")),  # Empty: it was fetched.
    Column("reason", Text),  # Of a draw that was made anew, as it was once possible.
    Column("drawn_at", Moment, nullable=False),
    Column("final_at", Moment, nullable=False),
    info=KEPT,
)

# Where what was promised at opening was not kept, and each value of a beacon that somebody typed; it changes no payment.
breach = Table(
    "breach",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("what", JSON, nullable=False),
    Column("recorded_by", Id, ForeignKey("person.id")),  # Empty: time did.
    Column("recorded_at", Moment, nullable=False),
    info=KEPT,
)

# When the committee gets the spread report; what is due is empty once the decision no longer trades.
schedule = Table(
    "schedule",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True),
    Column("cron", String(100)),  # Empty: at no time.
    Column("zone", String(64), nullable=False),
    Column("step", Integer),  # Millionths of the metric's range; empty: no move brings one.
    Column("next_at", Moment, index=True),
    Column("look_at", Moment, index=True),  # Before it the spread cannot have moved by a step.
)

report = Table(
    "report",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("occasion", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("head", String(64), nullable=False),  # One hash over the journal as it was then.
    UniqueConstraint("decision_id", "number"),
    info=KEPT,
)
