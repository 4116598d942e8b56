"""Who holds something, in slices, for acts that touch everybody."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from core.ledger.tables import balance

SLICE = 200


def holders(
    connection: Connection, units: Collection[int], after: int, but: Collection[int] = ()
) -> list[int]:
    """The next accounts, in the order of their ids, that hold or owe any of the units; at most a slice of them."""
    held = balance.c
    return list(
        connection.execute(
            select(held.account_id)
            .where(
                held.unit_id.in_(units),
                held.amount != 0,
                held.account_id > after,
                held.account_id.not_in(but),
            )
            .group_by(held.account_id)
            .order_by(held.account_id)
            .limit(SLICE)
        ).scalars()
    )
