"""One picture of what was found: regret and price error by reserve, an arm a line, with their intervals."""

from collections.abc import Mapping, Sequence
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
REGRET = "Regret by the highest resolvable price"
PANELS = (
    ("regret", REGRET, "credits a decision"),
    ("error_weighted", "Price error, weighted by stake", "points of the range"),
)

Said = Mapping[Setting, Mapping[str, Estimate]]


def draw(said: Said, apart: Mapping[int, Estimate], file: Path) -> None:
    """``apart`` is by how much the policy's regret is above the equal split's in the same worlds, by reserve."""
    figure = Figure(figsize=(13.0, 4.2), dpi=100, layout="constrained")
    first, between, last = figure.subplots(1, 3)
    for axes, (name, title, unit) in zip((first, last), PANELS, strict=True):
        for arm in LINES:
            _line(axes, said, arm, name)
        for arm, (label, style) in FLAT.items():
            level = said[Setting(arm, 0)][name].mean
            axes.axhline(level, color=INK, linewidth=1, linestyle=style, label=label)
        axes.set_ylim(bottom=0)
        _dress(axes, list(apart), title, unit)
    found = [(float(reserve), each) for reserve, each in apart.items()]
    _bars(between, found, INK, "D", "policy less equal split")
    between.axhline(0, color=INK, linewidth=1)
    _dress(between, list(apart), "Policy less equal split, regret in the same worlds", "credits a decision")
    last.legend(frameon=False, fontsize=9, loc="lower left")
    figure.savefig(file)


def _dress(axes: Any, reserves: Sequence[int], title: str, unit: str) -> None:
    axes.set_xscale("log")
    axes.set_xticks(reserves, [str(each) for each in reserves], minor=False)
    axes.minorticks_off()
    axes.set_xlim(min(reserves) / ROOM, max(reserves) * ROOM)
    axes.set_xlabel("reserve, credits a decision")
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", fontsize=10)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _line(axes: Any, said: Said, arm: Arm, name: str) -> None:
    colour, mark, beside = LINES[arm]
    found = [(setting.budget * beside, of[name]) for setting, of in said.items() if setting.arm == arm]
    _bars(axes, found, colour, mark, arm.value)


def _bars(axes: Any, found: Sequence[tuple[float, Estimate]], colour: str, mark: str, label: str) -> None:
    places, each = zip(*found, strict=True)
    off = [[one.mean - one.low for one in each], [one.high - one.mean for one in each]]
    look = {"color": colour, "marker": mark, "linewidth": 1.5, "elinewidth": 1.2, "capsize": 3}
    axes.errorbar(places, [one.mean for one in each], off, label=label, **look)
