"""The command line of the proofs."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from bench import figures
from proofs.coin import coins
from proofs.lottery import lots
from proofs.picture import draw

from bot.reports import residuals

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Times = Annotated[int, typer.Option(min=1, help="How many decisions.")]
Seed = Annotated[int, typer.Option(help="Of all that is left to chance.")]


@cli.command()
def coin(
    times: Times = 1000,
    seed: Seed = 27,
    shown: Annotated[list[float], typer.Option(help="r, as often as wanted.")] = [0.0, 0.02, 0.06, 0.2, 0.5],  # noqa: B006
) -> None:
    """Two coins, of which the market ranks the worse one first once deciders see what prices cannot know."""
    rows = []
    for each in shown:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(coins(Path(folder), each, times, seed))
    figures.show("Two coins, in percent and credits a decision", rows)


@cli.command()
def lottery(
    times: Times = 1000,
    seed: Seed = 6,
    picture: Annotated[Path | None, typer.Option(help="Draws it into this file.")] = None,
) -> None:
    """Twins of each option, if chosen and if drawn, with choosers who know more than prices and love the first option."""
    with tempfile.TemporaryDirectory() as folder:
        found = lots(Path(folder), times, seed)
    figures.show("The first option above the second, in points", found.spreads())
    figures.say(residuals.sentence({kind: asdict(each) for kind, each in found.residuals.items()}))
    figures.say(f"Traders with signals earned {found.earned:.2f} credits a decision.")
    if picture:
        draw(found, picture)


@cli.callback()
def _proofs() -> None:
    """What prices say and what they do not, shown by many decisions through the exchange's own use cases."""
