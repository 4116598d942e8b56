"""One picture of what was found: regret and price error by reserve, an arm a line, with their intervals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from bot.simulating.arms import Arm, Setting
from bot.simulating.figures import Estimate

INK, GRID = "#1d1c1d", "#dddddd"
FLAT = {
    Arm.PRIOR: ("no market: the committee's prior", ":"),
    Arm.LEAST: ("no subsidy: the least that opens", "--"),
}
ROOM = 1.4  # Beside the least and the most reserve, as a factor.
LINES = {
    Arm.EQUAL: ("#d55e00", "s", 0.97),
    Arm.POLICY: ("#0072b2", "o", 1.03),
}  # Beside each other, both can be read.
PANELS = (
    ("regret", "Regret, if the highest price is taken where the market can resolve it", "credits a decision"),
    ("error_weighted", "Price error, weighted by stake", "points of the range"),
)

Said = Mapping[Setting, Mapping[str, Estimate]]


def draw(said: Said, file: Path) -> None:
    figure = Figure(figsize=(10.0, 4.2), dpi=110, layout="constrained")
    for axes, (name, title, unit) in zip(figure.subplots(1, 2), PANELS, strict=True):
        for arm in LINES:
            _line(axes, said, arm, name)
        for arm, (label, style) in FLAT.items():
            axes.axhline(
                said[Setting(arm, 0)][name].mean, color=INK, linewidth=1, linestyle=style, label=label
            )
        axes.set_xscale("log")
        reserves = sorted({setting.budget for setting in said if setting.budget})
        axes.set_xticks(reserves, [str(each) for each in reserves], minor=False)
        axes.minorticks_off()
        axes.set_xlim(reserves[0] / ROOM, reserves[-1] * ROOM)
        axes.set_xlabel("reserve, credits a decision")
        axes.set_ylabel(unit)
        axes.set_ylim(bottom=0)
        axes.set_title(title, loc="left", fontsize=10)
        axes.grid(axis="y", color=GRID)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="lower left")
    figure.savefig(file)


def _line(axes: Any, said: Said, arm: Arm, name: str) -> None:
    colour, mark, beside = LINES[arm]
    found = [(setting.budget * beside, of[name]) for setting, of in said.items() if setting.arm == arm]
    places = [place for place, _ in found]
    middle = [each.mean for _, each in found]
    off = [[each.mean - each.low for _, each in found], [each.high - each.mean for _, each in found]]
    axes.errorbar(
        places,
        middle,
        off,
        color=colour,
        marker=mark,
        linewidth=1.5,
        elinewidth=1.2,
        capsize=3,
        label=arm.value,
    )
