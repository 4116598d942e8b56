"""An exchange to trade on: people with credit, and many markets, made in one transaction with the program's own rooms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from exchange_driver import ADMIN, DECIDER, OWNER, START, plan, question
from sqlalchemy import Connection, Engine, Table, select

from core.database import writing
from core.exchange import granting, opening
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.ledger.tables import account, unit
from core.people import persons
from core.units import MICRO

SHAPES = ("question", "decision")
CREDITS = 100_000  # Each person's, in whole credits: more than any run can spend.
LIQUIDITY = 20_000 * MICRO
OPEN_FOR = timedelta(days=365)


def seed(engine: Engine, shape: str, people: int, markets: int) -> tuple[list[str], list[int]]:
    """Identities of people with credit, and ids of open markets: stand-alone questions, or two a decision."""
    identities = [f"trader-{number}" for number in range(people)]
    with writing(engine) as connection:
        granting.appoint_first_admins(connection, [ADMIN], now=START)
        reserve = LIQUIDITY * markets
        granting.grant(connection, ADMIN, granting.POOL, reserve, "pool", "for the benchmark", now=START)
        _grant_all(connection, identities, START)
        return identities, _open(connection, shape, markets)


def _grant_all(connection: Connection, identities: Sequence[str], now: datetime) -> None:
    """A grant for each, as an entry of its own; all saved at once."""
    joined = persons.enrol_all(connection, identities, now).values()
    admin = persons.require_admin(connection, ADMIN, "grant").id
    treasury, credit = _id(connection, account, "treasury"), _id(connection, unit, "credit")
    book = Book.load(connection, [treasury, *(person.wallet for person in joined)], [credit])
    for person in joined:
        moves = posting(treasury, person.wallet, CREDITS * MICRO, credit)
        key = f"grant:{person.identity}"
        book.post(Entry("grant", key, now, tuple(moves), admin, "for the benchmark"))
    book.save(connection)


def _open(connection: Connection, shape: str, markets: int) -> list[int]:
    if shape == "question":
        asked = question(liquidity=LIQUIDITY, closes_at=START + OPEN_FOR)
        opened = [opening.open_question(connection, ADMIN, asked, now=START) for _ in range(markets)]
    else:
        decided = replace(
            plan(deciders=(DECIDER,), subsidy=LIQUIDITY),
            closes_at=START + OPEN_FOR,
            decide_by=START + OPEN_FOR + timedelta(days=1),
            freezes_at=START + OPEN_FOR + timedelta(days=30),
        )
        opened = [opening.open_decision(connection, ADMIN, decided, now=START) for _ in range(max(1, markets // 2))]
    return [market_id for each in opened for market_id in each.market_ids]


def _id(connection: Connection, table: Table, name: str) -> int:
    found: int = connection.execute(select(table.c.id).where(table.c.name == name)).scalar_one()
    return found
