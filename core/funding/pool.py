"""The pool: the account that pays for makers, and gets back what they have left."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from core.ledger import accounts
from core.ledger.book import Posting, posting

POOL = "pool:main"


def open_pool(connection: Connection) -> int:
    return accounts.open_account(connection, POOL)


@dataclass(frozen=True)
class Backing:
    """A maker and what it may lose, in the unit that its market is quoted in."""

    maker: int
    unit: int
    reserve: int


def fund_question(pool: int, backing: Backing) -> list[Posting]:
    """A market that hangs on no decision has its reserve in plain credit."""
    return posting(pool, backing.maker, backing.reserve, backing.unit)


def fund_decision(
    pool: int, escrow: int, credit: int, branch_units: Collection[int], backings: Collection[Backing]
) -> list[Posting]:
    """One deposit backs the makers of all branches, since only one branch comes true.

    The deposit is the largest sum of reserves in one branch; it is split into credit of every branch.
    """
    deposit = max(sum(b.reserve for b in backings if b.unit == unit) for unit in branch_units)
    postings = posting(pool, escrow, deposit, credit)
    for unit in branch_units:
        postings += posting(escrow, pool, deposit, unit)
    for each in backings:
        postings += posting(pool, each.maker, each.reserve, each.unit)
    return postings
