"""An exchange to trade on: people with credit, and many markets, made in one transaction with the program's own rooms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from exchange_driver import ADMIN, DECIDER, OWNER, START, lottery, plan, question
from sqlalchemy import Connection, Engine, Table, select

from core.database import writing
from core.exchange import granting, opening
from core.ledger.accounts import Wallet
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.ledger.tables import account, unit
from core.people import persons
from core.people.persons import Person
from core.units import MICRO, MOST

SHAPES = ("question", "decision", "lottery")
CREDITS = 100_000  # Each person's, in whole credits: more than any run can spend.
LIQUIDITY = 20_000 * MICRO
OPEN_FOR, FAR = timedelta(days=30), timedelta(days=365)  # Within the horizon, and beyond it.


def enrol(engine: Engine, people: int, credits_each: int = CREDITS) -> list[str]:
    """An admin, a full pool, and people with so many whole credits each; their identities, in the order they joined."""
    identities = [f"trader-{number:06}" for number in range(people)]
    with writing(engine) as connection:
        granting.appoint_first_admins(connection, [ADMIN], now=START)
        granting.grant(connection, ADMIN, granting.POOL, MOST, "pool", "for the benchmark", now=START)
        persons.enrol_all(connection, [OWNER, DECIDER], START)
        _grant_all(connection, identities, credits_each)
    return identities


def seed(engine: Engine, shape: str, people: int, markets: int) -> tuple[list[str], list[int]]:
    """Identities of people with credit, and ids of open markets: stand-alone questions, or two a decision.

    Where a lottery may decide, they are those of options that people choose; two behind each stands its twin.
    """
    identities = enrol(engine, people)
    with writing(engine) as connection:
        return identities, _open(connection, shape, markets, OPEN_FOR)


def earmark(engine: Engine, shape: str, identities: Sequence[str], markets: int) -> list[int]:
    """Credit for long horizons for these people too, and ids of so many more open markets, in which it pays."""
    with writing(engine) as connection:
        _grant_all(connection, identities, CREDITS, Wallet.EARMARKED)
        return _open(connection, shape, markets, FAR)


def _grant_all(
    connection: Connection, identities: Sequence[str], credits_each: int, wallet: Wallet = Wallet.PLAIN
) -> None:
    """A grant for each, as an entry of its own; all saved at once."""
    joined = persons.enrol_all(connection, identities, START).values()
    receivers = {each.identity: _account(connection, each, wallet) for each in joined}
    admin = persons.require_admin(connection, ADMIN, "grant").id
    treasury, credit = _id(connection, account, "treasury"), _id(connection, unit, "credit")
    book = Book.load(connection, [treasury, *receivers.values()], [credit])
    for identity, receiver in receivers.items():
        moves = posting(treasury, receiver, credits_each * MICRO, credit)
        key = f"grant:{wallet}:{identity}"
        book.post(Entry("grant", key, START, tuple(moves), admin, "for the benchmark"))
    book.save(connection)


def _account(connection: Connection, person: Person, wallet: Wallet) -> int:
    return persons.earmark(connection, person) if wallet == Wallet.EARMARKED else person.wallet


def _open(connection: Connection, shape: str, markets: int, open_for: timedelta) -> list[int]:
    if shape == "question":
        asked = question(liquidity=LIQUIDITY, closes_at=START + open_for)
        opened = [opening.open_question(connection, ADMIN, asked, now=START) for _ in range(markets)]
    else:
        decided = replace(
            plan(deciders=(DECIDER,), subsidy=LIQUIDITY),
            closes_at=START + open_for,
            decide_by=START + open_for + timedelta(days=2),
            freezes_at=START + open_for + timedelta(days=30),
            lottery=lottery(1, 1, 1) if shape == "lottery" else None,
        )
        opened = [
            opening.open_decision(connection, ADMIN, decided, now=START) for _ in range(max(1, markets // 2))
        ]
    options = len(plan().options) if shape == "lottery" else None
    return [market_id for each in opened for market_id in each.market_ids[:options]]


def twins_of(shape: str, markets: Sequence[int]) -> dict[int, int]:
    """The twins stand behind all that people may choose in a decision, so each has the number of its option's after them."""
    return {market: market + len(plan().options) for market in markets} if shape == "lottery" else {}


def _id(connection: Connection, table: Table, name: str) -> int:
    found: int = connection.execute(select(table.c.id).where(table.c.name == name)).scalar_one()
    return found
