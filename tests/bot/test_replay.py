"""Real trades, forecasts and outcomes, played through the exchange; and tables that are not what they should be."""

import json
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.__main__ import cli
from core.database import open_engine, reading, writing
from core.ledger import guards

DATA = Path(__file__).parents[1] / "data" / "replication-markets"
TABLES = ("trades", "outcomes", "forecasts")


class Desk:
    """A folder with a small copy of the tables, and the command line over a database of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'replay.db'}"
        monkeypatch.setenv("FUTARCHY_DATABASE_URL", self.url)

    def run(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, list(words), env={"COLUMNS": "500"})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, " ".join(done.output.split())

    def replay(self, *words: str) -> tuple[int, str]:
        return self.run("replay", *(str(self.folder / f"{name}.csv") for name in TABLES), *words)

    def write(self, name: str, *rows: str) -> None:
        (self.folder / f"{name}.csv").write_text("\n".join(rows) + "\n")

    def count(self, table: str) -> int:
        engine = open_engine(self.url)
        with reading(engine) as connection:
            found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        engine.dispose()
        return found

    def spoil(self, statement: str) -> None:
        engine = open_engine(self.url)
        with writing(engine) as connection:
            guards.remove(connection)
            connection.execute(text(statement))
            guards.install(connection)
        engine.dispose()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    small = Desk(tmp_path, monkeypatch)
    small.write(
        "trades",
        "at,market,trader,yes_shares,price_after",
        "2012-11-09T10:00:00Z,A,ann,20,0.549833997312478",
        "2012-11-09T10:05:00Z,A,bob,-30,0.47502081252106",
        "2012-11-09T10:06:00Z,A,ann,-20,0.425557483188341",
    )
    small.write("outcomes", "market,title,outcome", "A,Somebody (2008),1")
    small.write("forecasts", "market,forecaster,probability", "A,ann,0.5", "A,bob,0.7")
    return small


def test_all_recorded_prices_come_out_again(desk, tmp_path):
    """2,288 real trades in 40 real markets: every price to 1e-6, the scores that the data's authors know, books that balance."""
    for name in TABLES:
        shutil.copy(DATA / f"{name}.csv", tmp_path / f"{name}.csv")

    status, printed = desk.replay("--json", str(tmp_path / "figures.json"))

    assert status == 0, printed
    figures = json.loads((tmp_path / "figures.json").read_text())
    overall = figures["overall"]
    assert (overall["markets"], overall["trades"]) == (40, 2288)
    assert overall["max_price_difference"] <= 1e-6
    assert overall["brier_market"] == pytest.approx(0.227546, abs=5e-7)
    assert overall["brier_forecast"] == pytest.approx(0.247631, abs=5e-7)
    assert overall["mae_market"] == pytest.approx(0.430708, abs=5e-7)
    assert overall["mae_forecast"] == pytest.approx(0.485399, abs=5e-7)
    assert len(figures["markets"]) == 40
    assert "Brier score: market 0.227546, mean forecast 0.247631" in printed
    assert (desk.count("trade"), desk.count("forecast"), desk.count("reading")) == (2288, 1827, 40)
    status, printed = desk.run("audit")
    assert status == 0
    assert len(re.findall(r"holds [A-Z]", printed)) == 21


def test_full_sets_go_back_to_the_maker(desk):
    """Ann bought 20 of YES and then 20 of NO: she holds nothing, and got 1 credit for each pair."""
    assert desk.replay()[0] == 0

    engine = open_engine(desk.url)
    with reading(engine) as connection:
        sets = connection.execute(text("SELECT sets FROM trade ORDER BY number")).scalars().all()
    engine.dispose()
    assert sets == [0, 0, 20_000_000]


@pytest.mark.parametrize(
    ("table", "line", "row", "reason"),
    [
        ("trades", 3, "yesterday,A,bob,-30,0.4", "at is “yesterday”, which is not a time in UTC"),
        ("trades", 3, "2012-11-09T10:05:00,A,bob,-30,0.4", "is not a time in UTC"),
        ("trades", 3, "2012-11-09T10:05:00Z,B,bob,-30,0.4", "market B is not in the table of outcomes"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,bob,many,0.4", "yes_shares is “many”, which is not a number"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,bob,0,0.4", "yes_shares is “0”"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,bob,nan,0.4", "yes_shares is “nan”"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,,-30,0.4", "trader is empty"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,bob", "does not have as many fields as the heading"),
        ("trades", 1, "at,market,trader,price_after", "column yes_shares is missing"),
        ("trades", 3, "2012-11-09T10:05:00Z,A,bob,99999999,0.4", "the exchange refused the trade"),
        ("forecasts", 2, "A,ann,1.2", "probability is “1.2”, which is not between 0 and 1"),
        ("forecasts", 2, "A,ann,nan", "probability is “nan”"),
        ("forecasts", 2, "C,ann,0.2", "market C is not in the table of outcomes"),
        ("outcomes", 2, "A,Somebody (2008),maybe", "outcome is “maybe”, which is neither 0 nor 1"),
    ],
)
def test_a_malformed_row_stops_with_file_line_and_reason(desk, table, line, row, reason):
    """Nothing of the tables is kept."""
    rows = (desk.folder / f"{table}.csv").read_text().splitlines()
    rows[line - 1] = row
    desk.write(table, *rows)

    status, printed = desk.replay()

    assert status == 2
    assert f"{table}.csv, line {line}: " in printed
    assert reason in printed
    assert [desk.count(name) for name in ("entry", "market", "trade", "forecast", "person")] == [0] * 5


def test_a_database_in_use_is_refused(desk):
    assert desk.replay()[0] == 0

    status, printed = desk.replay()

    assert status == 2
    assert "The database is not empty." in printed
    assert desk.count("trade") == 3


def test_a_missing_file_is_named(desk):
    (desk.folder / "outcomes.csv").unlink()

    status, printed = desk.replay()

    assert status == 2
    assert "outcomes.csv" in printed


def test_the_audit_names_a_posting_that_was_changed(desk):
    """Status 1, the entry and its postings by number, and the accounts that no longer add up."""
    assert desk.replay()[0] == 0
    desk.spoil("UPDATE posting SET amount = amount + 1 WHERE entry_id = 4 AND number = 1")

    status, printed = desk.run("audit")

    assert status == 1
    assert "FAILS Every entry is as it was written" in printed
    assert "entry 4 (" in printed
    assert "posting 1" in printed
    assert "FAILS Balances equal the journal" in printed


def test_an_unmigrated_database_is_refused_with_the_way_out(desk):
    status, printed = desk.run("audit")

    assert status == 2
    assert "futarchy migrate" in printed
