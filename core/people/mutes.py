"""What people do not want to be told of."""

from sqlalchemy import Connection, delete, insert, select

from core import texts
from core.people.tables import mute, person


def of(connection: Connection, identity: str) -> frozenset[str]:
    """The topics that somebody has switched off."""
    if not texts.is_kept(identity):
        return frozenset()
    wanted = (
        select(mute.c.topic)
        .join(person, person.c.id == mute.c.person_id)
        .where(person.c.identity == identity)
    )
    return frozenset(connection.execute(wanted).scalars())


def switch(connection: Connection, person_id: int, topic: str, *, is_on: bool) -> None:
    this = (mute.c.person_id == person_id) & (mute.c.topic == topic)
    connection.execute(delete(mute).where(this))
    if not is_on:
        connection.execute(insert(mute).values(person_id=person_id, topic=topic))
