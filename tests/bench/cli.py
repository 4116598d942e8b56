"""The command line of the benchmarks: one command each, a table at the end, and JSON if asked for."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bench import throughput as throughput_bench
from bench.figures import save, say, show
from bench.machine import ENGINES, bench
from bench.seeding import SHAPES

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Engine = StrEnum("Engine", [(name.upper(), name) for name in ENGINES])
Shape = StrEnum("Shape", [(name.upper(), name) for name in SHAPES])

Engines = Annotated[list[Engine], typer.Option("--engine", help="Each that is named is measured.")]
Shapes = Annotated[list[Shape], typer.Option("--shape", help="Stand-alone questions, or two-option decisions.")]
Clients = Annotated[list[int], typer.Option(min=1, max=256, help="Client threads.")]
Rounds = Annotated[int, typer.Option(min=1, help="Each figure is the median of so many.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="Of each measurement.")]
People = Annotated[int, typer.Option(min=1)]
Markets = Annotated[int, typer.Option(min=2)]
Scale = Annotated[int, typer.Option(min=1, help="pgbench's: 100,000 accounts each.")]
Json = Annotated[Path | None, typer.Option("--json", help="A file for the figures.")]


@cli.command()
def throughput(
    engine: Engines = list(Engine),
    shape: Shapes = list(Shape),
    clients: Clients = [1, 8, 32, 64, 256],  # noqa: B006 - typer copies it
    rounds: Rounds = 5,
    seconds: Seconds = 2.0,
    people: People = 10_000,
    markets: Markets = 1_000,
    scale: Scale = 100,
    audit: bool = True,
    json: Json = None,
) -> None:
    """Durable trades a second against pgbench TPC-B, hot and spread."""
    plan = throughput_bench.Plan(clients, rounds, seconds, people, markets, audit)
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
def profile() -> None:
    """Where the time of a trade goes."""
