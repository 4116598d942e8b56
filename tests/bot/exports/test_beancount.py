"""Beancount reads the journal, comes to the same balances, and notices what is wrong by a micro-unit."""

import io
from collections import Counter

import pytest
from beancount import loader
from beancount.core.data import Balance, Commodity, Open, Transaction
from export_desk import Desk, bean_check, load, micro, of
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.exports import WRITERS, Format, beancount
from core.exchange.journal import Journal, Numbers, Unit
from core.ledger.tables import entry
from core.people.tables import person


def test_bean_check_passes_and_beancount_comes_to_our_balances(lived: Desk):
    """All accounts and units: what is asserted is our table, and what the transactions make is our table too."""
    file = lived.export("beancount")

    assert bean_check(file) == (0, "")
    directives = load(file)
    accounts = {each.account: each.meta["name"] for each in of(Open, directives)}
    units = {each.currency: each.meta["name"] for each in of(Commodity, directives)}
    asserted = {
        (accounts[each.account], units[each.amount.currency]): micro(each.amount.number)
        for each in of(Balance, directives)
    }
    made: Counter[tuple[str, str]] = Counter()
    for transaction in of(Transaction, directives):
        for each in transaction.postings:
            made[accounts[each.account], units[each.units.currency]] += micro(each.units.number)
    assert asserted == lived.balances
    assert dict(made) == lived.balances
    assert len(made) > 30


def test_every_entry_is_a_transaction_that_says_all_of_it_in_its_order(lived: Desk):
    """Most entries share a day, and their order holds."""
    said = select(entry.c.id, entry.c.kind, entry.c.key, entry.c.at, person.c.identity, entry.c.reason)
    wanted = said.add_columns(entry.c.hash).outerjoin(person, person.c.id == entry.c.by).order_by(entry.c.id)
    transactions = of(Transaction, load(lived.export("beancount")))
    names = ("key", "at", "by", "reason", "hash")
    found = [(each.meta["entry"], each.narration, *map(each.meta.get, names)) for each in transactions]

    expected = [
        (*row[:3], row.at.isoformat(timespec="milliseconds"), *row[4:]) for row in lived.fetch(wanted)
    ]
    assert found == expected
    assert len({each.date for each in transactions}) < len(transactions) / 3


def test_issuers_are_equity_and_all_others_assets(lived: Desk):
    directives = load(lived.export("beancount"))
    issuers = {each.meta["issuer"] for each in of(Commodity, directives)}

    assert {"treasury", "escrow:D-1", "maker:M-1"} < issuers
    for each in of(Open, directives):
        assert each.account.startswith("Equity:" if each.meta["name"] in issuers else "Assets:")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE balance SET amount = amount + 1 WHERE account_id = 1 AND unit_id = 1",
        "UPDATE balance SET amount = amount - 1 WHERE account_id = (SELECT id FROM account WHERE name = 'person:cy')",
        "DELETE FROM balance WHERE account_id = 1",
    ],
)
def test_bean_check_fails_on_a_balance_that_is_off_by_one_micro_or_gone(lived: Desk, statement: str):
    lived.meddle(statement)

    status, printed = bean_check(lived.export("beancount"))

    assert status == 1
    assert "Balance failed for '" in printed


def test_bean_check_fails_on_a_posting_that_is_off_by_one_micro(lived: Desk):
    file = lived.export("beancount")
    posted = "  Assets:Person:Ann  1000.000000 CREDIT\n"
    written = file.read_text(encoding="utf-8")
    assert written.count(posted) == 1
    file.write_text(written.replace(posted, posted.replace("1000.000000", "1000.000001")), encoding="utf-8")

    status, printed = bean_check(file)

    assert status == 1
    assert "Transaction does not balance" in printed


def opened(accounts: list[str], units: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Beancount's names of these accounts and units by ours, as Beancount reads them."""
    issued = tuple(Unit(name, accounts[0]) for name in units)
    written = io.StringIO()
    journal = Journal("head", Numbers({}, {}, {}), tuple(accounts), issued, iter(()), iter(()))
    WRITERS[Format.BEANCOUNT](journal, written)
    directives, errors, _ = loader.load_string(written.getvalue())
    assert errors == []
    return (
        {each.meta["name"]: each.account for each in of(Open, directives)},
        {each.meta["name"]: each.currency for each in of(Commodity, directives)},
    )


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.sampled_from(
    [
        "true",
        "TRUE",
        "null",
        "x",
        "X",
        ":",
        "a:",
        "person:ann",
        "person:Ann",
        "person:ann-2",
        "person:ann:b",
        "-",
        "9",
    ]
)


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=12, unique=True), st.lists(names, max_size=12, unique=True))
def test_whatever_accounts_and_units_are_called_beancount_takes_it_and_no_two_are_alike(
    accounts: list[str], units: list[str]
):
    """No account lies below another either: what is asserted of one would count the other."""
    by_account, by_unit = opened(accounts, units)

    assert set(by_account) == set(accounts)
    assert len(set(by_account.values())) == len(accounts)
    assert {name.count(":") for name in by_account.values()} == {2}
    assert set(by_unit) == set(units)
    assert len(set(by_unit.values())) == len(units)


def test_usual_names_stay_readable_and_thousands_of_long_ones_stay_apart():
    usual = ["treasury", "pool:main", "person:T0LAB/U0ADA", "escrow:D-7", "maker:M-12"]
    units = ["credit", "credit@D-7:chosen:1", "credit@D-7:none", "share:M-12:LONG"]
    many = [
        f"credit@D-{number}:chosen:{option}" for number in range(10**8, 10**8 + 500) for option in range(1, 5)
    ]
    by_account, by_unit = opened(usual, [*units, *many])

    assert list(by_account.values()) == [
        "Equity:Exchange:Treasury",
        "Assets:Pool:Main",
        "Assets:Person:T0LAB-U0ADA",
        "Assets:Escrow:D-7",
        "Assets:Maker:M-12",
    ]
    assert [by_unit[name] for name in units] == [
        "CREDIT",
        "CREDIT.D-7.CHOSEN.1",
        "CREDIT.D-7.NONE",
        "SHARE.M-12.LONG",
    ]
    assert len(set(by_unit.values())) == len(units) + len(many)
    assert max(map(len, by_unit.values())) == beancount.COMMODITY_MOST
