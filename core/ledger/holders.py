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


def all_holders(connection: Connection, unit: int, but: Collection[int]) -> list[int]:
    """Every account that holds some of the unit, in the order of their ids."""
    held = balance.c
    wanted = select(held.account_id).where(
        held.unit_id == unit, held.amount != 0, held.account_id.not_in(but)
    )
    return list(connection.execute(wanted.order_by(held.account_id)).scalars())
