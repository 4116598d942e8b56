"""Questions that hang on no decision: where each is told, and the key by which it was opened once."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from core.database import row_ids
from core.markets.tables import question
from core.rows import Among, Prepared

_ADDRESSES = Prepared(
    select(question.c.market_id, question.c.public_address).where(Among(question.c.market_id, "ids"))
)


class Told(NamedTuple):
    """A question that is told at an address, which is opaque here."""

    market_id: int
    address: str


class Warned(NamedTuple):
    """When all who hold something in a question were told that it closes soon; while that goes on, the last of them."""

    at: datetime | None
    to: int | None


def create(connection: Connection, market_id: int, key: str | None, address: str) -> None:
    connection.execute(insert(question).values(market_id=market_id, key=key, public_address=address))


def find(connection: Connection, key: str) -> int | None:
    """The market that was opened by this key."""
    wanted = select(question.c.market_id).where(question.c.key == key)
    found: int | None = connection.execute(wanted).scalar_one_or_none()
    return found


def told(connection: Connection, market_ids: Collection[int]) -> list[Told]:
    """Those of the markets that are told somewhere, in the order of their ids."""
    wanted = row_ids(market_ids)
    return [Told(*row) for row in sorted(_ADDRESSES.rows(connection, ids=wanted))] if wanted else []


def warned(connection: Connection, market_id: int) -> Warned:
    row = connection.execute(
        select(question.c.warned_at, question.c.warned_to).where(question.c.market_id == market_id)
    ).one()
    return Warned(*row)


def set_warned(connection: Connection, market_id: int, told: Warned) -> None:
    this = update(question).where(question.c.market_id == market_id)
    connection.execute(this.values(warned_at=told.at, warned_to=told.to))
