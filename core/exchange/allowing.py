"""Allowing: credit that people get by a standing rule, once a person and period: newcomers, and everybody again and again."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from core.exchange import notifying, portfolio
from core.funding import allowance
from core.funding.allowance import Allowance, Standing
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.ledger.holders import SLICE
from core.people import acts, persons
from core.people.persons import Person

__all__ = ["Allowance", "arrive", "get", "pay", "set_rule", "welcome"]


def set_rule(connection: Connection, by: str, rule: Allowance, reason: str, now: datetime) -> None:
    """Puts the rule in force from now on: whoever is here already counts as welcomed. Raises NotAllowed, Invalid."""
    admin = persons.require_admin(connection, by, "allowance")
    rule.check()
    before = allowance.find(connection)
    facts = {"before": asdict(before.rule) if before else None, "after": asdict(rule)}
    acts.write(connection, admin, "allowance", "allowance", reason, now, facts)
    allowance.keep(connection, rule, now)
    persons.welcome_all(connection, now)


def get(connection: Connection) -> Allowance | None:
    """The rule in force; anybody may know it."""
    found = allowance.find(connection)
    return found.rule if found else None


def arrive(connection: Connection, by: str, now: datetime) -> bool:
    """Whoever does anything for the first time is known from then on and welcomed, if there is a rule.

    Whether they are known now; somebody who has left stays as they are.
    """
    if persons.find(connection, by):
        return True
    if allowance.find(connection) is None:
        return False
    welcome(connection, persons.enrol(connection, by, now).id, now)
    return True


def welcome(connection: Connection, person_id: int, now: datetime) -> None:
    """Gives a newcomer the opening grant, once."""
    standing = allowance.lock(connection)
    if standing is None or not persons.welcome(connection, person_id, now):
        return
    person = persons.by_ids(connection, [person_id])[person_id]
    _give(connection, {f"opening:{person.id}": (person, standing.rule.opening)}, "Welcome.", now)


def pay(connection: Connection, rule_id: int, now: datetime) -> None:
    """Gives the next slice of people what the period that has begun brings them; periods that were missed are gone."""
    del rule_id
    standing = allowance.lock(connection)
    if standing is None or not is_due(standing, now):
        return
    period = standing.period(now)
    people = persons.after(connection, standing.paid_to or 0, SLICE)
    since = standing.since.isoformat()
    given = {
        f"allowance:{since}:{period}:{person.id}": (
            person,
            standing.rule.due(portfolio.portfolio(connection, person.identity).worth),
        )
        for person in people
        if not person.has_left
    }
    _give(connection, given, "Allowance.", now)
    allowance.paid(connection, period, people[-1].id if len(people) == SLICE else None)


def is_due(standing: Standing, now: datetime) -> bool:
    return standing.period(now) > standing.paid_period


def _give(connection: Connection, given: dict[str, tuple[Person, int]], reason: str, now: datetime) -> None:
    treasury, credit = accounts.TREASURY, accounts.CREDIT
    wallets: Collection[int] = [person.wallet for person, _ in given.values()]
    book = Book.load(connection, [treasury, *wallets], [credit])
    for key, (person, amount) in given.items():
        if amount:
            moves = tuple(posting(treasury, person.wallet, amount, credit))
            book.post(Entry("allowance", key, now, moves, reason=reason))
            facts = {"credits": amount, "is_opening": key.startswith("opening:")}
            notifying.tell(connection, key, "allowance", "credit", person.identity, facts, now)
    book.save(connection)
