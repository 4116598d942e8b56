"""The journal as a file: other tools read it, come to the same balances, and notice when it is wrong by a micro-unit."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Balance, Commodity, Open, Transaction
from exchange_driver import ADMIN, Exchange
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.exports import WRITERS, Format, beancount
from core.database import writing
from core.exchange import granting
from core.exchange.journal import Journal, Unit
from core.exchange.trading import Act
from core.ledger.tables import account, balance, entry, unit
from core.people.tables import person
from core.units import MICRO

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
NASTY = [
    'He said "no", then \\"yes\\"',
    "two\nlines,\r\nand a\ttab\n",
    "\\n is not a new line, \\",
    "Grüße, 你好 😀 \u2028 \u202e",
    '"\n2026-01-01 open Assets:Mine\n;',
    "=1+1",
    "\n" * 100,
]
Balances = dict[tuple[str, str], int]


class Desk:
    """The command line over one database."""

    def __init__(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine, self.folder = engine, folder
        monkeypatch.setenv("FUTARCHY_DATABASE_URL", engine.url.render_as_string(hide_password=False))

    def run(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, list(words), terminal_width=200)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def export(self, form: str) -> Path:
        file = self.folder / f"journal.{form}"
        status, printed = self.run("export", "--format", form, "--output", str(file))
        assert (status, printed) == (0, "")
        return file

    def fetch(self, statement: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(statement).all())

    def meddle(self, statement: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(text(statement))

    @property
    def balances(self) -> Balances:
        """What the exchange's own table says, every row of it."""
        wanted = select(account.c.name, unit.c.name, balance.c.amount)
        wanted = wanted.select_from(balance).join(account).join(unit, unit.c.id == balance.c.unit_id)
        return {(holder, held): amount for holder, held, amount in self.fetch(wanted)}


@pytest.fixture
def desk(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(engine, tmp_path, monkeypatch)


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Grants, a decision and a question, trades, a choice, a reading, a settlement; some things are still open."""
    exchange = Exchange(desk.engine)
    for name in ("pool", "ann", "bob", "Ann"):
        exchange.grant(name, 1000)
    first, second, question = exchange.open(), exchange.open(), exchange.ask()
    for market_id in (first.market_ids[0], second.market_ids[1], question.market_ids[0]):
        exchange.trade("ann", market_id, 0, Act.SPEND, 30 * MICRO)
        exchange.trade("bob", market_id, 1, Act.SPEND, 20 * MICRO + 1)
        exchange.trade("ann", market_id, 0, Act.SELL, 7 * MICRO)
    exchange.settle_by_reading(60 * MICRO)
    for reason in NASTY:
        exchange.do(granting.grant, ADMIN, "cy", 1, exchange.new_key(), f"because {reason}")
    assert exchange.audit() == []
    exchange.close()
    return desk


def bean_check(file: Path) -> tuple[int, str]:
    done = subprocess.run([BEAN_CHECK, file], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def load(file: Path) -> list[Any]:
    directives, errors, _ = loader.load_file(str(file))
    assert errors == []
    return directives


def of(kind: type, directives: list[Any]) -> list[Any]:
    return [each for each in directives if isinstance(each, kind)]


def micro(amount: str | Decimal) -> int:
    return int(Decimal(amount) * MICRO)


def sums(movements: list[dict[str, str]]) -> Balances:
    """What postings, as CSV and JSON have them, make of every account and unit."""
    held: Counter[tuple[str, str]] = Counter()
    for each in movements:
        held[each["destination"], each["unit"]] += micro(each["amount"])
        held[each["source"], each["unit"]] -= micro(each["amount"])
    return dict(held)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))


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
    wanted = (
        said.add_columns(entry.c.digest).outerjoin(person, person.c.id == entry.c.by).order_by(entry.c.id)
    )
    transactions = of(Transaction, load(lived.export("beancount")))
    names = ("key", "at", "by", "reason", "digest")
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


def test_csv_and_json_sum_to_our_balances(lived: Desk):
    table, document = rows(lived.export("csv")), json.loads(lived.export("json").read_text(encoding="utf-8"))
    stated = {(each["account"], each["unit"]): micro(each["amount"]) for each in document["balances"]}

    assert sums(table) == lived.balances
    assert sums([move for each in document["entries"] for move in each["postings"]]) == lived.balances
    assert stated == lived.balances


def test_csv_and_json_say_the_same_of_every_entry(lived: Desk):
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))
    issuers = {each["name"]: each["issuer"] for each in document["units"]}
    flat = [
        {"entry": each["id"], **each, **move, "issuer": issuers[move["unit"]]}
        for each in document["entries"]
        for move in each["postings"]
    ]
    table = rows(lived.export("csv"))

    assert [{name: str(each[name] or "") for name in table[0]} for each in flat] == table
    assert issuers["credit"] == "treasury"
    assert issuers["share:M-1:LONG"] == "maker:M-1"


def test_what_people_wrote_survives_in_every_format(lived: Desk):
    wanted = [f"because {reason}" for reason in NASTY]
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))
    beancount_file = lived.export("beancount")
    transactions = of(Transaction, load(beancount_file))

    assert [each["reason"] for each in document["entries"]][-len(NASTY) :] == wanted
    assert [each["reason"] for each in rows(lived.export("csv"))][-len(NASTY) :] == wanted
    assert [each.meta.get("reason") for each in transactions][-len(NASTY) :] == wanted
    assert b"\r" not in beancount_file.read_bytes()
    assert "2026-01-01 open Assets:Mine" not in beancount_file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("form", Format)
def test_standard_output_is_the_same_as_the_file(lived: Desk, form: Format):
    printed = CliRunner().invoke(cli, ["export", "--format", form])

    assert printed.stdout_bytes == lived.export(form).read_bytes()


def test_an_empty_journal_is_a_file_too(desk: Desk):
    document = json.loads(desk.export("json").read_text(encoding="utf-8"))

    assert bean_check(desk.export("beancount")) == (0, "")
    assert (document["entries"], document["balances"]) == ([], [])
    assert rows(desk.export("csv")) == []


def opened(accounts: list[str], units: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Beancount's names of these accounts and units by ours, as Beancount reads them."""
    issued = tuple(Unit(name, accounts[0]) for name in units)
    written = io.StringIO()
    WRITERS[Format.BEANCOUNT](Journal(tuple(accounts), issued, iter(()), iter(())), written)
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


def test_an_export_that_fails_leaves_what_was_there(lived: Desk):
    file = lived.export("json")
    before = file.read_bytes()
    lived.meddle("ALTER TABLE balance RENAME TO lost")

    done = CliRunner().invoke(cli, ["export", "--format", "json", "--output", str(file)])

    assert done.exit_code == 1
    assert file.read_bytes() == before
    assert [each.name for each in lived.folder.iterdir()] == [file.name]


def test_a_file_that_cannot_be_written_is_said_in_words(desk: Desk):
    status, printed = desk.run("export", "--format", "csv", "--output", str(desk.folder / "no" / "j.csv"))

    assert status == 2
    assert printed.strip().endswith("j.csv cannot be written: No such file or directory.")


def test_a_database_that_cannot_be_opened_is_said_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", f"sqlite:///{desk.folder / 'no' / 'exchange.db'}")

    status, printed = desk.run("export", "--format", "csv")

    assert status == 2
    assert "cannot be opened: unable to open database file" in printed


def test_an_unmigrated_database_is_refused_with_the_way_out(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", f"sqlite:///{desk.folder / 'exchange.db'}")

    status, printed = desk.run("export", "--format", "csv")

    assert status == 2
    assert "Run `futarchy migrate` first." in printed
