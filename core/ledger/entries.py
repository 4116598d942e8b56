"""Entries that were made, found by their keys: what was done once is not done again."""

from sqlalchemy import Connection, select

from core.ledger.book import Posting
from core.ledger.tables import entry, posting


def find(connection: Connection, key: str) -> list[Posting]:
    """The postings of the entry of this key, in their order; none if there is no such entry."""
    wanted = (
        select(posting.c.source_id, posting.c.destination_id, posting.c.amount, posting.c.unit_id)
        .join(entry, entry.c.id == posting.c.entry_id)
        .where(entry.c.key == key)
        .order_by(posting.c.id)
    )
    return [Posting(*row) for row in connection.execute(wanted)]
