"""What deciders declare before the close, how they weigh metrics, and what is said around a record."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    # Whoever recorded before was not asked what the market did not know.
    op.add_column("record", sa.Column("unpriced", sa.Text()))
    op.add_column("record", sa.Column("links", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "declaration",
        sa.Column("id", Id, nullable=False),
        *_of_decision("declaration"),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("chances", sa.JSON(), nullable=False),
        sa.Column("forecasts", sa.JSON(), nullable=False),
        *_of_person("declaration", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint(
            "decision_id", "person_id", "number", name=op.f("uq_declaration_decision_id_person_id_number")
        ),
    )
    op.create_table(
        "ballot",
        sa.Column("id", Id, nullable=False),
        *_of_decision("ballot"),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        *_of_person("ballot", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint(
            "decision_id", "person_id", "number", name=op.f("uq_ballot_decision_id_person_id_number")
        ),
    )
    op.create_table(
        "reopening",
        sa.Column("id", Id, nullable=False),
        *_of_decision("reopening"),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by", Id),
        sa.Column("closed_at", Moment()),
        *_of_person("reopening", "by"),
        *_of_person("reopening", "closed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    op.create_index(op.f("ix_reopening_decision_id"), "reopening", ["decision_id"])
    op.create_table(
        "note",
        sa.Column("id", Id, nullable=False),
        *_of_decision("note"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        *_of_person("note", "by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_decision_id"), "note", ["decision_id"])


def _of_decision(table: str) -> list[sa.schema.SchemaItem]:
    key = sa.ForeignKeyConstraint(
        ["decision_id"], ["decision.id"], name=op.f(f"fk_{table}_decision_id_decision")
    )
    return [sa.Column("decision_id", Id, nullable=False), key]


def _of_person(table: str, column: str) -> list[sa.schema.SchemaItem]:
    return [sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))]
