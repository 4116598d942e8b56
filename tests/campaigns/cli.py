"""The command line of the campaigns: one command each, a progress bar, and a table of figures at the end."""

import random
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from campaigns.campaign import Figures, Trial, conduct
from campaigns.delivery import delivery
from campaigns.disk import disk
from campaigns.duplicates import duplicates
from campaigns.kill import kill
from campaigns.lives import lives
from campaigns.power import power
from campaigns.server import server
from campaigns.slow import slow
from campaigns.traders import traders
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


class Engine(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


Times = Annotated[int, typer.Option(min=1, help="How often.")]
Seed = Annotated[int | None, typer.Option(help="What a failure said; chosen if not given.")]


def _command(campaign: Callable[[Trial], Figures], engines: list[Engine], times: int) -> None:
    def run(engine: Engine = engines[0], times: Times = times, seed: Seed = None) -> None:
        if engine not in engines:
            raise typer.BadParameter(f"{campaign.__name__} is a campaign on {' and '.join(engines)}")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        chosen = random.randrange(2**32) if seed is None else seed
        with Progress(*columns) as progress:
            task = progress.add_task(campaign.__name__, total=times)
            figures = conduct(campaign, engine, times, chosen, lambda steps: progress.advance(task, steps))
        table = Table(title=f"{campaign.__name__} on {engine}, seed {chosen}", show_header=False)
        for name, value in figures.items():
            table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
        Console(width=120).print(table)

    about = sys.modules[campaign.__module__].__doc__ or ""
    cli.command(campaign.__name__, help=about.removeprefix("Campaign: "))(run)


BOTH = [Engine.SQLITE, Engine.POSTGRESQL]
_command(kill, BOTH, 1000)
_command(delivery, [Engine.POSTGRESQL], 5000)
_command(disk, BOTH, 2000)
_command(duplicates, BOTH, 1_000_000)
_command(lives, BOTH, 5000)
_command(power, [Engine.SQLITE], 50_000)
_command(server, [Engine.POSTGRESQL], 500)
_command(slow, [Engine.SQLITE], 300)
_command(traders, BOTH, 1_000_000)


@cli.callback()
def _campaigns() -> None:
    """Reliability campaigns: each provokes one kind of trouble many times, and insists on what the exchange promises."""
