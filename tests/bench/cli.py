"""The command line of the benchmarks: one command each, a table at the end, and JSON if asked for."""

from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from bench import acks as acks_bench
from bench import agenda as agenda_bench
from bench import allocating, backed, profiling
from bench import history as history_bench
from bench import replicas as replicas_bench
from bench import restart as restart_bench
from bench import starting as starting_bench
from bench import throughput as throughput_bench
from bench.figures import save, say, show
from bench.filling import ISLAND_TRADES
from bench.machine import ENGINES, bench, load
from bench.seeding import SHAPES
from bench.throughput import Plan

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Engine = StrEnum("Engine", [(name.upper(), name) for name in ENGINES])
Shape = StrEnum("Shape", [(name.upper(), name) for name in SHAPES])
Where = StrEnum("Where", [("HOT", "hot"), ("SPREAD", "spread")])

ALL_ENGINES, ALL_SHAPES, EVERYWHERE = list(Engine), list(Shape), list(Where)
FEW_TO_MANY, MANY, A_FEW, ONE_TO_FOUR = [1, 8, 32, 64, 256], [64], [1, 32, 200], [1, 2, 4]
PORTFOLIOS = [20, 200]

Engines = Annotated[list[Engine], typer.Option("--engine", help="Each that is named is measured.")]
Shapes = Annotated[
    list[Shape],
    typer.Option(
        "--shape", help="Stand-alone questions, two-option decisions, or lotteries with mirrored orders."
    ),
]
Wheres = Annotated[list[Where], typer.Option("--where", help="One market, or all others.")]
Clients = Annotated[list[int], typer.Option(min=1, max=256, help="Client threads.")]
Rounds = Annotated[int, typer.Option(min=1, help="Each figure is the median of so many.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="Of each measurement.")]
People = Annotated[int, typer.Option(min=1)]
Markets = Annotated[int, typer.Option(min=2)]
Scale = Annotated[int, typer.Option(min=1, help="pgbench's: 100,000 accounts each.")]
Island = Annotated[int, typer.Option(min=50, help="Trades that are lived before they are copied.")]
Json = Annotated[Path | None, typer.Option("--json", help="A file for the figures.")]


@cli.command()
def throughput(
    engine: Engines = ALL_ENGINES,
    shape: Shapes = ALL_SHAPES,
    clients: Clients = FEW_TO_MANY,
    rounds: Rounds = 5,
    seconds: Seconds = 2.0,
    people: People = 10_000,
    markets: Markets = 1_000,
    scale: Scale = 100,
    earmarked: Annotated[
        bool, typer.Option("--earmarked", help="Also trades that are paid by credits for long horizons.")
    ] = False,
    audit: bool = True,
    json: Json = None,
) -> None:
    """Durable trades a second against pgbench TPC-B, hot and spread."""
    plan = Plan(clients, rounds, seconds, people, markets, audit, earmarked)
    found = {}
    with bench() as on:
        on.server.fill(scale)
        for name in engine:
            for of_shape in shape:
                title = f"{name}, {of_shape}"
                found[title] = []
                for row in throughput_bench.measure(on, name, of_shape, plan):
                    found[title].append(row)
                    say(f"{title}: {row.clients} clients {row.where} {row.per_s:.0f}/s, {row.ratio:.2f} x B")
                show(title, found[title])
                save(json, found)


@cli.command()
def replicas(
    number: Annotated[int, typer.Option(min=1, help="Processes on one PostgreSQL.")] = 4,
    clients: Clients = MANY,
    rounds: Rounds = 5,
    seconds: Seconds = 2.0,
    people: People = 10_000,
    markets: Markets = 1_000,
    scale: Scale = 100,
    audit: bool = True,
    json: Json = None,
) -> None:
    """One hot market against many, with several processes that write."""
    plan = Plan(clients, rounds, seconds, people, markets, audit)
    with bench() as on:
        on.server.fill(scale)
        rows = list(replicas_bench.measure(on, number, plan))
    show("replicas", rows)
    save(json, {"replicas": rows})


@cli.command()
def profile(
    engine: Engines = ALL_ENGINES,
    shape: Shapes = ALL_SHAPES,
    where: Wheres = EVERYWHERE,
    clients: Annotated[int, typer.Option(min=1, max=256, help="Whose batches are looked at.")] = 64,
    seconds: Seconds = 5.0,
    people: People = 10_000,
    markets: Markets = 1_000,
    functions: Annotated[int, typer.Option(min=0, help="So many of the dearest functions too.")] = 0,
    json: Json = None,
) -> None:
    """Where the time of a trade goes, by the rooms of core."""
    found = {}
    with bench() as on:
        for name, of_shape, ground in product(engine, shape, where):
            title = f"{name}, {of_shape}, {ground}, {clients} clients, load {load()}"
            rooms, dearest = profiling.measure(on, name, of_shape, ground, clients, seconds, people, markets)
            found[title] = [*rooms, *dearest]
            show(title, rooms)
            if functions:
                show(f"{title}: functions", dearest[:functions])
            save(json, found)


@cli.command()
def history(
    engine: Engines = ALL_ENGINES,
    few: Annotated[int, typer.Option(min=1)] = 10_000,
    many: Annotated[
        int, typer.Option(min=1, help="10,000,000 need about 30 GB of disk and an hour.")
    ] = 1_000_000,
    reads: Annotated[int, typer.Option(min=1, help="Of each screen.")] = 200,
    island: Island = ISLAND_TRADES,
    json: Json = None,
) -> None:
    """What every screen and a trade cost with few trades in the database, and with many."""
    found = {}
    with bench() as on:
        for name in engine:
            title = f"{name}, {few:,} and {many:,} trades"
            found[title] = list(history_bench.measure(on, name, few, many, reads, island))
            show(title, found[title])
            save(json, found)


@cli.command()
def restart(
    engine: Engines = ALL_ENGINES,
    trades: Annotated[int, typer.Option(min=1, help="In the database.")] = 1_000_000,
    rounds: Rounds = 10,
    island: Island = ISLAND_TRADES,
    json: Json = None,
) -> None:
    """From the start of a process to its first acknowledged trade, clean and after kill -9."""
    with bench() as on:
        rows = [restart_bench.measure(on, name, trades, rounds, island) for name in engine]
    show("restart", rows)
    save(json, {"restart": rows})


@cli.command()
def start(rounds: Rounds = 7, json: Json = None) -> None:
    """From the start of `futarchy serve` to listening, beside bare imports of what it stands on."""
    rows = [starting_bench.measure(rounds)]
    show("start", rows)
    save(json, {"start": rows})


@cli.command()
def agenda(
    engine: Engines = ALL_ENGINES,
    decisions: Annotated[int, typer.Option(min=1, help="Open ones; 10,000 take minutes to open.")] = 10_000,
    due: Annotated[int, typer.Option(min=1, help="Reports of them that are due at once.")] = 1_000,
    processes: Annotated[
        list[int], typer.Option(min=1, help="On one PostgreSQL; one on SQLite.")
    ] = ONE_TO_FOUR,
    json: Json = None,
) -> None:
    """A beat among many open decisions: nothing due, and many reports due at once, each sent once."""
    found = {}
    with bench() as on:
        for name in engine:
            numbers = [1] if name == Engine.SQLITE else processes
            found[name] = [agenda_bench.measure(on, name, decisions, due, number) for number in numbers]
            show(name, found[name])
            save(json, found)


@cli.command()
def acks(
    engine: Engines = ALL_ENGINES,
    people: Clients = A_FEW,
    seconds: Seconds = 3.0,
    json: Json = None,
) -> None:
    """From a signed delivery to its ack, beside Bolt's own no-op."""
    found = {}
    with bench() as on:
        for name in engine:
            with on.open(name) as opened:
                url = opened.url.render_as_string(hide_password=False)
                found[name] = acks_bench.measure(url, people, seconds)
            show(name, found[name])
            save(json, found)


@cli.command()
def allocation(
    markets: Annotated[
        list[int], typer.Option(min=2, help="In one portfolio; scipy takes minutes for 2,000.")
    ] = PORTFOLIOS,
    rounds: Rounds = 7,
    json: Json = None,
) -> None:
    """Sharing out a subsidy budget, beside scipy's SLSQP on the same portfolio."""
    rows = list(allocating.measure(markets, rounds))
    show("allocation", rows)
    save(json, {"allocation": rows})


@cli.command()
def portfolios(
    engine: Engines = ALL_ENGINES,
    number: Annotated[int, typer.Option(min=1, help="Portfolios.")] = 5,
    decisions: Annotated[int, typer.Option(min=1, help="Open ones that they back by turns.")] = 500,
    reads: Annotated[int, typer.Option(min=1)] = 50,
    json: Json = None,
) -> None:
    """What Home pays for an admin's portfolios, beside one bare statement that reads the rows of what they back."""
    found = {}
    with bench() as on:
        for name in engine:
            found[name] = [backed.measure(on, name, number, decisions, reads)]
            show(name, found[name])
            save(json, found)
