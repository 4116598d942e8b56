"""The audit notices each kind of meddling with the database, and names what was meddled with."""

from decimal import Decimal
from typing import Any

import pytest
from exchange_driver import DAY, START, Exchange
from sqlalchemy import delete, insert, select, update

from core.database import writing
from core.exchange import audit
from core.exchange.trading import Act
from core.ledger import guards
from core.ledger.tables import balance, entry, posting
from core.markets.tables import limit_order, market, outcome, reading, trade
from core.units import MICRO

WRITTEN = "Every entry is as it was written, and none is gone"
NAMES = "Every name in the journal exists"
ZERO = "Every unit sums to zero"
JOURNAL = "Balances equal the journal"
OWING = "No account but an issuer is below zero"
SHARES = "What makers have sold gives every price"
CHARGES = "Every charge covers the exact cost by less than 2 millionths of a credit"
MOVED = "Every trade moved what it says"
ORDERS = "Every limit order holds what it reserves"
PAID = "Every holder was paid by the payout vector"
RESERVES = "No maker lost more than its reserve (L2)"
PUTS = "Credit of the branch none equals what was put in (L4)"
FIRST, SECOND = trade.c.number == 1, trade.c.number == 2


@pytest.fixture
def traded(exchange: Exchange) -> Exchange:
    """One decision, in whose first market two people traded."""
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 100)
    market_id = exchange.open().market_ids[0]
    exchange.trade("ann", market_id, 0, Act.SPEND, 30 * MICRO)
    exchange.trade("bob", market_id, 1, Act.SPEND, 20 * MICRO)
    return exchange


def meddle(exchange: Exchange, *statements: object) -> dict[str, tuple[str, ...]]:
    """The faults found after somebody wrote past the program and its guards, by proof."""
    with writing(exchange.engine) as connection:
        guards.remove(connection)
        for statement in statements:
            connection.execute(statement)
        guards.install(connection)
    return {proof.claim: proof.faults for proof in exchange.audit()}


def test_untouched_books_prove_everything(traded: Exchange):
    proofs = traded.read(audit.audit)

    assert all(proof.holds for proof in proofs)
    assert len(proofs) == 21


def test_an_edited_posting_is_found_in_its_entry_and_in_the_balances(traded: Exchange):
    granted = traded.fetch(select(entry.c.id, entry.c.key).where(entry.c.kind == "grant"))[1]
    of_grant = posting.c.entry_id == granted.id
    faults = meddle(traded, update(posting).where(of_grant).values(amount=posting.c.amount + 1))

    assert set(faults) == {WRITTEN, JOURNAL}
    assert len(faults[WRITTEN]) == 1
    assert f"entry {granted.id} ({granted.key})" in faults[WRITTEN][0]
    assert faults[WRITTEN][0].endswith("posting 1")
    assert any(fault.startswith("person:ann has ") for fault in faults[JOURNAL])


def test_an_edited_balance_is_found_with_its_holder(traded: Exchange):
    ann = traded.account("person:ann")
    credit = (balance.c.account_id == ann) & (balance.c.unit_id == 1)
    faults = meddle(traded, update(balance).where(credit).values(amount=balance.c.amount + 1))

    assert set(faults) == {ZERO, JOURNAL}
    assert faults[ZERO] == ("unit credit sums to 1",)
    assert faults[JOURNAL] == ("person:ann has 70000001 credit, its postings make 70000000",)


def test_a_debt_is_found_with_its_debtor(traded: Exchange):
    ann = traded.account("person:ann")
    credit = (balance.c.account_id == ann) & (balance.c.unit_id == 1)
    faults = meddle(traded, update(balance).where(credit).values(amount=-5))

    assert faults[OWING] == ("person:ann is at -5 credit",)


@pytest.mark.parametrize("difference", [-1, 2])
def test_an_edited_cost_of_a_trade_is_found_with_the_trade(traded: Exchange, difference: int):
    """Both a charge below the exact cost and one that is two micro above it."""
    cost = traded.fetch(select(trade.c.cost).where(FIRST))[0].cost
    faults = meddle(traded, update(trade).where(FIRST).values(cost=cost + difference))

    assert set(faults) == {CHARGES, MOVED}
    assert len(faults[CHARGES]) == 1
    assert faults[CHARGES][0].startswith(f"trade 1 in M-1: charged {cost + difference}, exact cost ")
    assert Decimal(faults[CHARGES][0].rpartition(" ")[2]) == pytest.approx(Decimal(cost), abs=2)


def test_edited_shares_of_a_trade_are_found_in_the_market(traded: Exchange):
    bought = traded.fetch(select(trade.c.bought).where(SECOND))[0].bought
    faults = meddle(traded, update(trade).where(SECOND).values(bought=[bought[0], bought[1] + 10]))

    assert set(faults) == {SHARES, CHARGES, MOVED}
    assert any(fault.startswith("M-1: trades make") for fault in faults[SHARES])


def test_an_edited_price_is_found_in_the_market(traded: Exchange):
    faults = meddle(traded, update(market).where(market.c.id == 1).values(prices=[500_000, 500_000]))

    assert set(faults) == {SHARES}
    assert "prices=(500000, 500000)" in faults[SHARES][0].partition("the market says 2")[2]


@pytest.mark.parametrize(
    "changed",
    [
        {"prices": [500_000, 500_000]},
        {"integrals": [1, 2]},
        {"at": START + DAY},
        {"number": 3},
        {"bought": [1, 1]},
    ],
    ids=lambda value: next(iter(value)),
)
def test_an_edited_tick_is_found_with_its_trade(traded: Exchange, changed: dict[str, Any]):
    """Averages are made of them, and a void metric is settled by averages."""
    faults = meddle(traded, update(trade).where(SECOND).values(changed))

    assert SHARES in faults


def test_a_trade_that_is_gone_or_was_made_up_is_found(traded: Exchange):
    """Its entry is of no trade then, or it of no entry."""
    gone = traded.fetch(select(trade).where(SECOND))[0]._asdict()
    faults = meddle(traded, delete(trade).where(SECOND))
    assert {SHARES, MOVED} <= set(faults)
    assert f"entry {gone['entry_id']} is of no trade" in faults[MOVED]

    assert meddle(traded, insert(trade).values(gone)) == {}
    faults = meddle(traded, insert(trade).values(gone | {"number": 3, "entry_id": 1}))
    assert "trade 3 in M-1 is not what its entry 1 moved" in faults[MOVED]


def test_edited_liquidity_is_found_in_the_market(traded: Exchange):
    faults = meddle(traded, update(market).where(market.c.id == 1).values(liquidity=market.c.liquidity + 1))

    assert set(faults) == {SHARES}
    assert "M-1: tranches make" in faults[SHARES][0]


def test_a_posting_that_names_nothing_is_found(traded: Exchange):
    """The journal's rows carry no foreign keys, so the audit proves what they name."""
    of_grant = posting.c.entry_id == traded.fetch(select(entry.c.id).where(entry.c.kind == "grant"))[1].id
    faults = meddle(traded, update(posting).where(of_grant).values(destination_id=999, unit_id=998))

    assert set(faults[NAMES]) == {
        "postings name account 999, which is not there",
        "postings name unit 998, which is not there",
    }


@pytest.mark.parametrize(
    "changed", [{"state": "filled"}, {"amount": 7 * MICRO}, {"shares": MICRO, "credits": 1}]
)
def test_an_edited_limit_order_is_found(traded: Exchange, changed: dict[str, Any]):
    traded.trade("ann", 1, 0, Act.SPEND, 5 * MICRO, price=100_000)
    assert traded.audit() == []
    faults = meddle(traded, update(limit_order).values(changed))

    assert set(faults) == {ORDERS}
    assert faults[ORDERS][0].startswith("O-1 is ")
    assert faults[ORDERS][0].endswith(f"its account holds {{{traded.unit('credit@D-1:chosen:1')}: 5000000}}")


def test_an_order_that_reserved_another_unit_is_found(traded: Exchange):
    """Plain credit instead of that of its branch, and as much."""
    traded.trade("ann", 1, 0, Act.SPEND, 5 * MICRO, price=100_000)
    of_order = balance.c.account_id == traded.orders()[0].account
    faults = meddle(traded, update(balance).where(of_order).values(unit_id=traded.unit("credit")))

    assert ORDERS in faults


def test_an_edited_reason_of_an_entry_is_found(traded: Exchange):
    """Not only amounts: who, when and why are part of what was written."""
    row = traded.fetch(select(entry.c.id, entry.c.key).where(entry.c.kind == "grant"))[0]
    faults = meddle(traded, update(entry).where(entry.c.id == row.id).values(reason="a gift"))

    assert set(faults) == {WRITTEN}
    assert f"entry {row.id} ({row.key})" in faults[WRITTEN][0]


def test_a_deleted_grant_is_found_in_the_balances_and_in_the_chain(traded: Exchange):
    """The entry that was made after it names the one that is gone."""
    gone, following = traded.fetch(
        select(entry.c.id, entry.c.key).where(entry.c.id.in_((2, 3))).order_by(entry.c.id)
    )
    faults = meddle(
        traded,
        delete(posting).where(posting.c.entry_id == gone.id),
        delete(entry).where(entry.c.id == gone.id),
    )

    assert set(faults) == {WRITTEN, JOURNAL}
    assert faults[WRITTEN][0].startswith(
        f"entry {following.id} ({following.key}) is not as written, or one before"
    )
    assert faults[WRITTEN][1].startswith("writer 1 made ")
    assert faults[JOURNAL] == (
        "treasury has -1200000000 credit, its postings make -1100000000",
        "person:ann has 70000000 credit, its postings make -30000000",
    )


def test_postings_taken_from_an_entry_are_found(traded: Exchange):
    row = traded.fetch(select(entry.c.id, entry.c.key).where(entry.c.kind == "grant"))[1]
    faults = meddle(traded, delete(posting).where(posting.c.entry_id == row.id))

    assert set(faults) == {WRITTEN, JOURNAL}
    assert len(faults[WRITTEN]) == 1
    assert f"entry {row.id} ({row.key})" in faults[WRITTEN][0]


def test_a_maker_that_holds_too_little_is_found(traded: Exchange):
    maker = traded.account("maker:M-1")
    faults = meddle(
        traded,
        update(balance).where(balance.c.account_id == maker, balance.c.amount > 0).values(amount=1),
    )

    assert set(faults) == {ZERO, JOURNAL, RESERVES}
    assert faults[RESERVES][0].startswith("M-1: the maker holds 1 and may owe ")


def test_credit_of_none_that_nobody_put_in_is_found(traded: Exchange):
    """Moved from one trader to another behind the program's back, journal and all balances consistent."""
    ann, bob, none = (
        traded.account("person:ann"),
        traded.account("person:bob"),
        traded.unit("credit@D-1:none"),
    )
    here = (balance.c.unit_id == none, balance.c.account_id)
    faults = meddle(
        traded,
        update(balance).where(here[0], here[1] == ann).values(amount=balance.c.amount - 1),
        update(balance).where(here[0], here[1] == bob).values(amount=balance.c.amount + 1),
    )

    assert set(faults) == {JOURNAL, PUTS}
    assert [fault.split(" put ")[0] for fault in faults[PUTS]] == [
        f"D-1: account {each}" for each in sorted((ann, bob))
    ]


def test_a_settlement_that_paid_something_else_is_found(traded: Exchange):
    """Recomputed from the reading: what was filed is changed after everybody was paid by it."""
    traded.settle_by_reading(60 * MICRO)
    assert traded.audit() == []

    faults = meddle(traded, update(reading).values(value=90 * MICRO))

    assert set(faults) == {PAID}
    assert len(faults[PAID]) == 2


def test_shares_of_a_dead_market_that_stayed_behind_are_found(traded: Exchange):
    """Also where the trades and the ledger agree with each other."""
    traded.settle_by_reading(60 * MICRO)
    dead = traded.fetch(select(market.c.maker_id).where(market.c.state == "dead"))[0].maker_id
    unit = traded.fetch(select(outcome.c.unit_id).join(market).where(market.c.state == "dead"))[0].unit_id
    of_dead = (balance.c.account_id == dead) & (balance.c.unit_id == unit)
    kept = traded.fetch(select(balance).where(of_dead))
    change = update(balance).where(of_dead) if kept else insert(balance)
    values = {"amount": -5} if kept else {"account_id": dead, "unit_id": unit, "amount": -5}

    faults = meddle(traded, change.values(**values))

    assert any("is dead, but holders still have" in fault for fault in faults[RESERVES])
