"""The benchmarks measure, tests do not: here each of them only runs, at a tiny size, and finds something."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from bench import acks, agenda, allocating, backed, profiling, replicas, restart, starting, throughput
from bench.cli import cli
from bench.filling import fill
from bench.machine import ENGINES, Bench, bench
from bench.seeding import SHAPES
from bench.throughput import Plan
from sqlalchemy import select
from typer.testing import CliRunner

from core.database import reading
from core.markets.tables import trade

TINY = Plan(clients=[2], rounds=1, seconds=0.3, people=20, markets=4, audits=True)
ISLAND = 50


@pytest.fixture(scope="module")
def on() -> Iterator[Bench]:
    with bench() as running:
        running.server.fill(scale=1)
        yield running


def insist(rows: Sequence[Any]) -> None:
    """Durations, rates and ratios: none can be nothing. Books that do not balance would have ended the run."""
    kept = [value for row in rows for name, value in asdict(row).items() if name not in ("load", "server_us")]

    assert rows
    assert all(value > 0 for value in kept if not isinstance(value, str))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("engine", ENGINES)
def test_throughput_is_measured_and_the_books_balance(on: Bench, engine: str, shape: str):
    insist(list(throughput.measure(on, engine, shape, TINY)))


@pytest.mark.parametrize("engine", ENGINES)
def test_trades_paid_by_earmarked_credit_are_measured_beside_others(on: Bench, engine: str):
    rows = list(throughput.measure(on, engine, "decision", replace(TINY, earmarked=True)))
    insist(rows)

    assert [row.where for row in rows] == ["hot", "spread", "hot, earmarked", "spread, earmarked", "nothing"]


def test_replicas_are_measured_and_the_books_balance(on: Bench):
    insist(list(replicas.measure(on, 2, TINY)))


def test_the_time_of_a_trade_is_shared_out_among_the_rooms(on: Bench):
    rooms, functions = profiling.measure(on, "sqlite", "question", "hot", 2, 0.2, 20, 4)

    assert 99 < sum(line.clock_percent for line in rooms) < 101
    assert functions


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_past_is_filled_in_such_that_the_audit_proves_it(on: Bench, engine: str):
    with on.open(engine) as opened:
        filled = fill(opened, 8 * ISLAND, ISLAND)
        with reading(opened) as connection:
            found = Counter(connection.execute(select(trade.c.market_id)).scalars())
        throughput.prove(opened)

    assert found.total() == 8 * ISLAND
    assert found.most_common(1)[0][0] == filled.hot


@pytest.mark.parametrize("engine", ENGINES)
def test_restarts_are_measured(on: Bench, engine: str):
    insist([restart.measure(on, engine, trades=2 * ISLAND, rounds=1, island=ISLAND)])


@pytest.mark.parametrize(("engine", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_a_beat_is_measured_and_each_report_is_sent_once(on: Bench, engine: str, processes: int):
    insist([agenda.measure(on, engine, decisions=4, due=2, processes=processes)])


def test_the_start_is_measured_beside_bare_imports():
    insist([starting.measure(rounds=1)])


def test_sharing_out_a_budget_is_measured_beside_a_general_solver():
    insist(list(allocating.measure([8], rounds=1)))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_read_of_portfolios_is_measured_beside_a_bare_statement(on: Bench, engine: str):
    insist([backed.measure(on, engine, number=2, decisions=3, reads=1)])


def test_acks_are_measured_beside_bolts_own(on: Bench):
    """Every kind of delivery is answered, and what the trades' acks say is in the database."""
    with on.open("sqlite") as opened:
        rows = acks.measure(opened.url.render_as_string(hide_password=False), [1, 3], 0.3)
        insist(rows)
        assert {row.what for row in rows} == {"Bolt's no-op", *acks.MAKES}
        with reading(opened) as connection:
            made = connection.execute(select(trade.c.number)).all()
        traded = sum(row.per_s * 0.3 for row in rows if row.what == "trade")
        assert len(made) == pytest.approx(traded)


def test_the_command_line_saves_what_it_shows(tmp_path: Path):
    file = tmp_path / "figures.json"
    sizes = ["--few", str(2 * ISLAND), "--many", str(4 * ISLAND), "--island", str(ISLAND)]

    command = ["history", "--engine", "sqlite", *sizes, "--reads", "1", "--json", str(file)]
    CliRunner().invoke(cli, command, catch_exceptions=False)

    (rows,) = json.loads(file.read_text()).values()
    assert {row["what"] for row in rows} >= {"portfolio", "spread report", "TWAP 24 h"}
