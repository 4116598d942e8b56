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
from bot.simulating.arms import Arm, Setting, settings
from bot.simulating.figures import Estimate, Found
from bot.simulating.nature import Assumptions

cli = typer.Typer(no_args_is_help=True)
REGRETS = {
    "regret": "where the market can resolve it",
    "regret_ranked": "where the report ranks",
    "regret_paid": "wherever subsidised",
}
ERRORS = {"error": "Price error", "error_weighted": "by stake"}
COMPARED = (*REGRETS, *ERRORS)


@cli.callback()
def _simulate() -> None:
    """Worlds that are lived through the exchange's own use cases, on books of their own."""


@cli.command()
def subsidy(
    decisions: Annotated[int, typer.Option(min=2, help="In each world.")] = 20,
    worlds: Annotated[int, typer.Option(min=1, help="How many; intervals are over them.")] = 40,
    seed: Annotated[int, typer.Option(help="Of all that is left to chance.")] = 8,
    budget: Annotated[
        list[int], typer.Option(min=4, help="Reserve, credits a decision; as often as wanted.")
    ] = [10, 25, 70],  # noqa: B006
    rounds: Annotated[int, typer.Option(min=1, max=9, help="How often a trader may look at a decision.")] = 8,
    unequal: Annotated[
        float, typer.Option(min=0, help="The sigma of log-normal stakes; 0: all are equal.")
    ] = 1.25,
    misjudged: Annotated[
        float, typer.Option(min=1, help="By which factor the policy is typically told a wrong stake.")
    ] = 1.0,
    processes: Annotated[int, typer.Option(min=1, help="Worlds at once.")] = 1,
    picture: Annotated[Path | None, typer.Option(dir_okay=False, help="Draws it into this file.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Also write all figures.")
    ] = None,
) -> None:
    """Trade the same decisions with no subsidy, an equal one each, and the policy's: how much worse is what is decided?"""
    assumed = Assumptions(decisions=decisions, rounds=rounds, unequal=unequal, misjudged=misjudged)
    budgets = sorted(set(budget))
    with Progress(console=Console(stderr=True, soft_wrap=True)) as progress:
        task = progress.add_task("Worlds", total=worlds)
        found = figures.many(assumed, budgets, seed, worlds, processes, lambda: progress.advance(task))
    _show(found, budgets, seed)
    if picture:
        from bot.simulating.picture import draw  # noqa: PLC0415 - it takes a while, and not all ask

        apart = {each: _apart(found, each, seed)["regret"] for each in budgets}
        draw(figures.estimates(found, seed), apart, picture)
    if json_file:
        said = {"assumed": asdict(assumed) | {"seed": seed}, "worlds": [_plain(each) for each in found]}
        json_file.write_text(json.dumps(said, indent=2) + "\n")


def _plain(found: Found) -> list[dict[str, object]]:
    return [
        {"arm": setting.arm.value, "budget": setting.budget} | asdict(each) for setting, each in found.items()
    ]


def _apart(found: Sequence[Found], budget: int, seed: int) -> dict[str, Estimate]:
    policy, equal = Setting(Arm.POLICY, budget), Setting(Arm.EQUAL, budget)
    return figures.differences(found, policy, equal, COMPARED, seed)


def _show(found: Sequence[Found], budgets: Sequence[int], seed: int) -> None:
    said, out = figures.estimates(found, seed), Console(soft_wrap=True)
    out.print(f"{len(found)} worlds; credits a decision, points of the range; 95% intervals over worlds")
    out.print("Regret, if the committee takes the highest price")
    table = Table("Arm, reserve", *REGRETS.values())
    for setting, of in said.items():
        table.add_row(str(setting), *(_range(of[name]) for name in REGRETS))
    out.print(table)
    table = Table("Arm, reserve", *ERRORS.values(), "Reserve", "Spent", "Resolved", "Ranked", "Trades")
    for setting, of in said.items():
        parts = (f"{of[name].mean:.0%}" for name in ("resolved", "ranked"))
        spent, trades = _range(of["spent"]), f"{of['trades'].mean:.1f}"
        table.add_row(
            str(setting),
            *(_range(of[name]) for name in ERRORS),
            f"{of['reserved'].mean:.1f}",
            spent,
            *parts,
            trades,
        )
    out.print(table)
    table = Table("In the same worlds", *REGRETS.values(), *ERRORS.values())
    for late, early in _compared(budgets):
        apart = figures.differences(found, late, early, COMPARED, seed)
        table.add_row(f"{late} less {early.arm}", *(_range(apart[name]) for name in COMPARED))
    out.print(table)


def _compared(budgets: Sequence[int]) -> list[tuple[Setting, Setting]]:
    """Each arm with none, and at each budget the policy with the equal split."""
    prior, *others = settings(budgets)
    pairs = [(Setting(Arm.POLICY, each), Setting(Arm.EQUAL, each)) for each in budgets]
    return [*((other, prior) for other in others), *pairs]


def _range(of: Estimate) -> str:
    return f"{of.mean:.1f} ({of.low:.1f} to {of.high:.1f})"
