"""`futarchy simulate subsidy`: whether subsidies help, and whether the policy's help more than equal ones."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.simulating import figures
from bot.simulating.arms import Arm
from bot.simulating.figures import Estimate, Found
from bot.simulating.nature import Assumptions
from core.units import MICRO

cli = typer.Typer(
    no_args_is_help=True,
    help="Worlds that are lived through the exchange's own use cases, on books of their own.",
)
_out, _err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
COMPARED = ("regret", "regret_highest", "error", "error_weighted")
NAMES = {
    figures.PRIOR: "no market",
    Arm.LEAST: "no subsidy",
    Arm.EQUAL: "equal split",
    Arm.POLICY: "policy",
}


@cli.callback()
def _simulate() -> None:
    """Worlds that are lived through the exchange's own use cases, on books of their own."""


@cli.command()
def subsidy(
    decisions: Annotated[int, typer.Option(min=2, help="In each world.")] = 20,
    worlds: Annotated[int, typer.Option(min=2, help="How many; intervals are over them.")] = 40,
    seed: Annotated[int, typer.Option(help="Of all that is left to chance.")] = 8,
    budget: Annotated[int, typer.Option(min=1, help="Reserve of a world, credits a decision.")] = 70,
    unequal: Annotated[
        float, typer.Option(min=0, help="The sigma of log-normal stakes; 0: all are equal.")
    ] = 1.25,
    misjudged: Annotated[
        float, typer.Option(min=1, help="By which factor stakes are told wrongly, typically.")
    ] = 1.0,
    arm: Annotated[list[Arm], typer.Option(help="As often as wanted; all of them if none is named.")] = [],  # noqa: B006
    processes: Annotated[int, typer.Option(min=1, help="Worlds at once.")] = 1,
    picture: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Draws regret and error into it.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Also write all figures.")
    ] = None,
) -> None:
    """Trade the same decisions without a subsidy, with an equal one each, and with the policy's: what is decided worse?"""
    assumed = Assumptions(decisions=decisions, unequal=unequal, misjudged=misjudged)
    with Progress(console=_err) as progress:
        task = progress.add_task("Worlds", total=worlds)
        found = figures.many(
            assumed,
            budget * decisions * MICRO,
            arm or list(Arm),
            seed,
            worlds,
            processes,
            lambda: progress.advance(task),
        )
    _show(found, seed)
    if picture:
        from bot.simulating.picture import draw  # noqa: PLC0415 - it takes a while, and not all ask

        draw(figures.estimates(found, seed), NAMES, picture)
    if json_file:
        said = {
            "assumed": asdict(assumed) | {"budget": budget, "seed": seed},
            "worlds": [_plain(each) for each in found],
        }
        json_file.write_text(json.dumps(said, indent=2) + "\n")


def _plain(found: Found) -> dict[str, dict[str, float]]:
    return {str(arm): asdict(each) for arm, each in found.items()}


def _show(found: Sequence[Found], seed: int) -> None:
    said, apart = figures.estimates(found, seed), figures.differences(found, seed, COMPARED)
    table = Table(
        "", "Regret", "If the highest price", "Price error", "By stake", "Reserve", "Spent", "Ranked", "Trades",
        title=f"Credits a decision and points, with 95% intervals over {len(found)} worlds",
    )  # fmt: skip
    for arm, of in said.items():
        rest = (
            f"{of['reserved'].mean:.1f}",
            _range(of["spent"]),
            f"{of['ranked'].mean:.0%}",
            f"{of['trades'].mean:.1f}",
        )
        table.add_row(NAMES[arm], *(_range(of[name]) for name in COMPARED), *rest)
    _out.print(table)
    table = Table("In the same worlds", "Regret", "If the highest price", "Price error", "By stake")
    for (late, early), of in apart.items():
        table.add_row(f"{NAMES[late]} less {NAMES[early]}", *(_range(of[name]) for name in COMPARED))
    _out.print(table)


def _range(of: Estimate) -> str:
    return f"{of.mean:.1f} ({of.low:.1f} to {of.high:.1f})"
