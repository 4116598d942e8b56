"""The journal alone makes every balance and every price; whoever edits a row that it makes is found out."""

from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, Exchange
from sqlalchemy import insert, select, update

from core.database import writing
from core.exchange import subsidising
from core.exchange.rebuild import rebuild
from core.exchange.trading import Act
from core.ledger import guards
from core.ledger.tables import balance, entry, posting
from core.markets.tables import market, trade, tranche
from core.units import MICRO

NOBODY, BALANCES, PRICES, PLACES = (
    "Nobody but an issuer was ever below zero",
    "Every balance is what the journal makes",
    "Every q makes the price that its trade left",
    "Every market stands where its last trade left it",
)


@pytest.fixture
def traded(exchange: Exchange) -> Exchange:
    """Three trades in a market that was deepened between the second and the third."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 500)
    exchange.open()
    for outcome in (0, 1):
        exchange.trade("ann", 1, outcome, Act.SPEND, 30 * MICRO)
    exchange.do(subsidising.deepen, ADMIN, 1, 10 * MICRO)
    exchange.advance(DAY)
    exchange.run_due()
    exchange.trade("ann", 1, 0, Act.SPEND, 20 * MICRO)
    return exchange


def found(exchange: Exchange, *statements: Any) -> dict[str, tuple[str, ...]]:
    """The faults by claim, after somebody wrote past the program; claims that hold are left out."""
    with writing(exchange.engine) as connection:
        guards.remove(connection)
        for statement in statements:
            connection.execute(statement)
        guards.install(connection)
    proofs = exchange.read(rebuild)
    return {proof.claim.partition(",")[0]: proof.faults for proof in proofs if not proof.holds}


def test_the_journal_makes_all_that_the_tables_say(traded: Exchange):
    proofs = traded.read(rebuild)
    entries = len(traded.fetch(select(entry)))

    assert [proof.claim.partition(",")[0] for proof in proofs] == [NOBODY, BALANCES, PRICES, PLACES]
    assert proofs[0].claim.endswith(f"in {entries} entries")
    assert found(traded) == {}
    assert traded.fetch(select(tranche).where(tranche.c.number == 1))


def test_an_empty_journal_makes_nothing(exchange: Exchange):
    assert found(exchange) == {}


def test_a_balance_that_was_edited_is_found(traded: Exchange):
    ann = traded.account("person:ann")
    mine = (balance.c.account_id == ann) & (balance.c.unit_id == 1)
    faults = found(traded, update(balance).where(mine).values(amount=balance.c.amount + 5))

    assert list(faults) == [BALANCES]
    assert len(faults[BALANCES]) == 1
    assert f"account {ann} has" in faults[BALANCES][0]


def test_a_balance_that_nothing_made_is_found(traded: Exchange):
    faults = found(traded, insert(balance).values(account_id=999, unit_id=1, amount=7))

    assert faults == {BALANCES: ("account 999 has 7 of unit 1, the journal makes 0",)}


def test_a_posting_that_was_edited_is_found_where_it_ends(traded: Exchange):
    """Credit that somebody slipped into a grant shows in both balances of the posting."""
    granted = traded.fetch(select(entry.c.id).where(entry.c.kind == "grant"))[1].id
    more = update(posting).where(posting.c.entry_id == granted).values(amount=posting.c.amount + 1)

    assert len(found(traded, more)[BALANCES]) == 2


def test_a_moment_below_zero_is_found_though_it_was_made_good(traded: Exchange):
    """The balances are those that there were before."""
    ann, bob = traded.account("person:ann"), traded.account("pool:main")
    last = traded.fetch(select(entry).order_by(entry.c.id.desc()))[0]
    there_and_back = [(ann, bob), (bob, ann)]
    statements = [
        statement
        for number, (source, destination) in enumerate(there_and_back, last.id + 1)
        for statement in (
            insert(entry).values(id=number, key=f"{number}", kind="x", at=last.at, writer_id=1, hash=""),
            insert(posting).values(
                entry_id=number,
                number=1,
                source_id=source,
                destination_id=destination,
                amount=10**12,
                unit_id=1,
            ),
        )
    ]
    faults = found(traded, *statements)

    assert list(faults) == [NOBODY]
    assert f"leaves account {ann} at -" in faults[NOBODY][0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_tick_that_was_edited_is_found(traded: Exchange, number: int):
    """Before, at and after the tranche."""
    prices = traded.fetch(select(trade.c.prices).where(trade.c.number == number))[0].prices
    edited = [prices[0] + 1, prices[1] - 1]
    faults = found(traded, update(trade).where(trade.c.number == number).values(prices=edited))

    assert list(faults) == [PRICES]
    assert f"trade {number} in M-1" in faults[PRICES][0]


def test_a_market_row_that_was_edited_is_found(traded: Exchange):
    edited = update(market).where(market.c.id == 2).values(prices=[1, 999_999])
    faults = found(traded, edited)

    assert faults == {PLACES: ("M-2 says (1, 999999), its last trade left (400000, 600000)",)}


def test_a_tranche_that_was_edited_is_found_in_the_trades_after_it(traded: Exchange):
    faults = found(traded, update(tranche).where(tranche.c.number == 1).values(liquidity=MICRO))

    assert set(faults) == {PRICES, PLACES}
    assert ["trade 3" in fault for fault in faults[PRICES]] == [True]
