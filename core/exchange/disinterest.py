"""Disinterest: whoever has traded on a metric has what its reading may be bent for, and judges nothing about it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.errors import NotAllowed
from core.markets import definitions, registry
from core.markets.metrics import Metric
from core.people import persons
from core.people.persons import Person


def has_traded(connection: Connection, person_id: int, metric: Metric) -> bool:
    """Whether they ever traded one of its markets, or have an order there that waits."""
    return definitions.has_traded(connection, person_id, registry.on_metric(connection, metric.id).values())


def without_stake(connection: Connection, people: Iterable[Person], metric: Metric) -> list[Person]:
    return [each for each in people if not each.has_left and not has_traded(connection, each.id, metric)]


def admins(connection: Connection, metric: Metric) -> list[Person]:
    """The admins who have not traded on it, those who are known longest first."""
    found = persons.find_all(connection, persons.admins(connection)).values()
    return without_stake(connection, sorted(found, key=lambda each: each.id), metric)


def require(
    connection: Connection, act: str, person: Person, metric: Metric, others: Iterable[Person]
) -> None:
    """Raises NotAllowed for whoever has traded on it; it names those who may do it instead, or says that nobody may."""
    if has_traded(connection, person.id, metric):
        refuse(act, others)


def refuse(act: str, others: Iterable[Person]) -> None:
    """Raises NotAllowed: whoever has a stake here leaves it to these, or makes somebody an admin."""
    named = tuple(each.identity for each in others)
    raise NotAllowed(act, "has_stake" if named else "sole_stake", named)
