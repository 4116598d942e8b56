"""Branches: the exclusive ways in which a decision can end, and the credit that counts only in one of them.

One credit in escrow stands behind one credit in every live branch. So the same balance backs a bet in each of
them, what a dead branch held needs no paying back, and nobody's gains there can have been spent elsewhere.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.decisions.tables import branch
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Posting, posting
from core.rows import Among, Prepared

BRANCHES = Prepared(select(branch).where(Among(branch.c.decision_id, "ids")).order_by(branch.c.id))
_DECISIONS = Prepared(select(branch.c.id, branch.c.decision_id).where(Among(branch.c.id, "branches")))
NONE = "none"
CHOSEN, DRAWN = "chosen", "drawn"  # By people; by a lottery.


@dataclass(frozen=True)
class Branch:
    id: int
    decision_id: int
    option_id: int | None
    kind: str
    unit: int
    is_live: bool


@dataclass(frozen=True)
class Collateral:
    """What holders of one decision's credit need to know: its escrow, plain credit, and the live branches' units."""

    escrow: int
    credit: int
    live: tuple[int, ...]

    def normal_form(self, book: Book, holder: int, pending: Sequence[Posting]) -> list[Posting]:
        """The pending postings with the one split or merge that leaves the holder's least loose credit at 0.

        A shortage in some branch is split from free credit before them, a surplus in all is merged after them.
        """
        loose = min(book.balance(holder, unit, pending) for unit in self.live)
        if loose < 0:
            split = posting(holder, self.escrow, -loose, self.credit)
            for unit in self.live:
                split += posting(self.escrow, holder, -loose, unit)
            return [*split, *pending]
        merge = [each for unit in self.live for each in posting(holder, self.escrow, loose, unit)]
        return [*pending, *merge, *posting(self.escrow, holder, loose, self.credit)]

    def prove(self, book: Book, holder: int) -> None:
        """L1 and L3 for one holder, after an entry and before its commit; a breach is a fault of ours and stops it.

        L1: the escrow's credit equals what it issued of each live branch. L3: the holder is in normal form. L4 follows:
        only a split or merge touches the branch none, and it moves as much free credit the other way.
        """
        backing = book.balance(self.escrow, self.credit)
        if any(book.balance(self.escrow, unit) != -backing for unit in self.live):
            raise AssertionError(f"L1: escrow {self.escrow} holds {backing} and issued something else")
        if min(book.balance(holder, unit) for unit in self.live) != 0:
            raise AssertionError(f"L3: account {holder} is not in normal form")

    def return_dead(self, book: Book, holder: int, dead: Iterable[int]) -> list[Posting]:
        """Credit of branches that can no longer come true goes back to the escrow that issued it."""
        return [
            each for unit in dead for each in posting(holder, self.escrow, book.balance(holder, unit), unit)
        ]


def open_branches(
    connection: Connection,
    decision_id: int,
    name: str,
    escrow: int,
    option_ids: Sequence[int],
    kinds: Sequence[str],
) -> None:
    """A branch of each kind per option, and none: exclusive, and one of them always comes true."""
    for kind in kinds:
        for number, option_id in enumerate(option_ids, 1):
            open_branch(connection, decision_id, name, escrow, option_id, number, kind)
    open_branch(connection, decision_id, name, escrow, None, 0, NONE)


def open_branch(
    connection: Connection,
    decision_id: int,
    name: str,
    escrow: int,
    option_id: int | None,
    number: int,
    kind: str,
) -> None:
    """One branch, with the unit that its escrow issues; without an option: none of them is taken."""
    label = kind if option_id is None else f"{kind}:{number}"
    unit = accounts.open_unit(connection, f"credit@{name}:{label}", escrow)
    values = {"decision_id": decision_id, "option_id": option_id, "kind": kind, "unit_id": unit}
    connection.execute(insert(branch).values(values | {"is_live": True}))


def branch_of(row: Any) -> Branch:
    return Branch(row.id, row.decision_id, row.option_id, row.kind, row.unit_id, row.is_live)


def decision_of(connection: Connection, branch_ids: Iterable[int]) -> dict[int, int]:
    """Ids of decisions by their branches' ids."""
    wanted = sorted(set(branch_ids))
    return dict(_DECISIONS.rows(connection, branches=wanted)) if wanted else {}


def keep_only(connection: Connection, decision_id: int, branch_ids: Collection[int]) -> None:
    """Every branch dies but these."""
    died = branch.c.id.not_in(branch_ids)
    connection.execute(update(branch).where(branch.c.decision_id == decision_id, died).values(is_live=False))


def decisions_of_units(connection: Connection, units: Iterable[int]) -> list[int]:
    """Ids of the decisions whose branches' credit these units are."""
    wanted = select(branch.c.decision_id).distinct().where(branch.c.unit_id.in_(list(units)))
    return list(connection.execute(wanted).scalars())
