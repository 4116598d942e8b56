"""Who may propose another definition of a metric, who may approve it, and until when."""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.decisions.decision import Decision
from core.exchange import disinterest
from core.markets import readings
from core.markets.definitions import Version
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.metrics import Metric
from core.people import persons
from core.people.persons import Person


def is_open(connection: Connection, metric: Metric, markets: Iterable[Market]) -> bool:
    """Whether its words can change: not once somebody has filed what it came to by them."""
    filed = readings.find(connection, metric.id)
    is_unread = filed is None or filed.is_set_aside
    return is_unread and any(each.state in {MarketState.OPEN, MarketState.FROZEN} for each in markets)


def may_propose(person: Person, metric: Metric) -> bool:
    return person.is_admin or person.id == metric.owner


def may_end(
    connection: Connection, person: Person, decision: Decision | None, metric: Metric, proposed: Version
) -> bool:
    """Those whose place it is, but who has traded on the metric."""
    is_theirs = is_placed_to_end(person, decision, metric, proposed)
    return is_theirs and not disinterest.has_traded(connection, person.id, metric)


def is_placed_to_end(person: Person, decision: Decision | None, metric: Metric, proposed: Version) -> bool:
    """Admins and deciders, but who proposed it and who reads the metric, now or then."""
    decides = decision is not None and person.id in decision.deciders
    parties = {proposed.proposed_by, metric.owner, proposed.owner}
    return (person.is_admin or decides) and not person.has_left and person.id not in parties


def approvers(connection: Connection, decision: Decision | None) -> list[Person]:
    """In the order of their ids, in which everybody locks what is to be told to several."""
    admins = persons.find_all(connection, persons.admins(connection)).values()
    deciders = persons.by_ids(connection, decision.deciders).values() if decision else ()
    found = {person.id: person for person in (*admins, *deciders)}
    return [found[each] for each in sorted(found)]
