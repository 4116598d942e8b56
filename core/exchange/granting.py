"""Credit comes into being here: an admin grants it to a person or to the pool."""

from datetime import datetime

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.errors import KeyReused
from core.funding import pool
from core.ledger import accounts, entries
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.people import persons
from core.units import positive

POOL = "pool"
REASON_MOST = 3000


def appoint_first_admins(connection: Connection, identities: list[str], now: datetime) -> None:
    """Whoever runs the exchange names its first admins; nobody inside it could."""
    for identity in identities:
        persons.appoint(connection, identity, now)


def grant(connection: Connection, by: str, to: str, amount: int, key: str, reason: str, now: datetime) -> int:
    """Gives micro-credits to a person, or to the pool; returns what they then hold free.

    The same key grants once. Raises NotAllowed, Invalid, KeyReused.
    """
    admin = persons.require_admin(connection, by, "grant")
    positive(amount)
    texts.check("reason", reason, REASON_MOST)
    texts.check("key", key, 200)
    to_pool = to == POOL
    account = pool.open_pool(connection) if to_pool else persons.enrol(connection, to, now).wallet
    treasury, credit = accounts.TREASURY, accounts.CREDIT
    book = Book.load(connection, [treasury, account], [credit])
    moves = posting(treasury, account, amount, credit)
    before = entries.find(connection, f"grant:{key}")
    if before and before.postings != tuple(moves):
        raise KeyReused(key)
    if not before:
        book.post(Entry("grant", f"grant:{key}", now, tuple(moves), admin.id, reason))
        facts = {"credits": amount, "by": admin.identity, "reason": reason}
        if not to_pool:
            lanes.announce(connection, f"granted:{key}", "granted", "credit", to, facts, now)
    book.save(connection)
    return book.balance(account, credit)


def reverse(connection: Connection, by: str, key: str, reason: str, now: datetime) -> int:
    """Takes the grant of this key back, as an entry of its own; returns what its receiver then holds free.

    The grant stays in the journal. It is reversed once; asking again changes nothing.
    Raises NotAllowed, Unknown, Invalid, and InsufficientFunds if its receiver no longer has it.
    """
    admin = persons.require_admin(connection, by, "reverse")
    texts.check("reason", reason, REASON_MOST)
    granted = entries.get(connection, f"grant:{key}")
    moved = granted.postings[0]
    book = Book.load(connection, [moved.source, moved.destination], [moved.unit])
    undone = entries.reversal(granted, admin.id, reason, now)
    if not entries.find(connection, undone.key):
        book.post(undone)
    book.save(connection)
    return book.balance(moved.destination, moved.unit)
