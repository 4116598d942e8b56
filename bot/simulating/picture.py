"""One picture of what was found: regret and price error by arm, with their intervals."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from bot.simulating.figures import PRIOR, Estimate

INK, FAINT, GRID = "#1d1c1d", "#8a8a8a", "#dddddd"
COLOURS = ("#999999", "#cc79a7", "#0072b2", "#d55e00")
PANELS = (
    ("regret", "Decision regret", "credits a decision"),
    ("error_weighted", "Price error, by stake", "points of the range"),
)


def draw(said: Mapping[str, Mapping[str, Estimate]], names: Mapping[str, str], file: Path) -> None:
    figure = Figure(figsize=(9.0, 3.4), dpi=110, layout="constrained")
    places = {arm: -number for number, arm in enumerate(said)}
    for axes, (name, title, unit) in zip(figure.subplots(1, 2, sharey=True), PANELS, strict=True):
        for (arm, of), colour in zip(said.items(), COLOURS, strict=False):
            each = of[name]
            axes.plot(
                [each.low, each.high], [places[arm]] * 2, color=colour, linewidth=3, solid_capstyle="butt"
            )
            axes.plot(each.mean, places[arm], "o", color=colour, markersize=8)
            axes.annotate(
                f"{each.mean:.1f}",
                (each.mean, places[arm]),
                (0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=9,
                color=INK,
            )
        axes.axvline(said[PRIOR][name].mean, color=FAINT, linewidth=1, linestyle=":")
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_xlabel(f"{unit}, with 95% intervals over worlds", fontsize=9)
        axes.set_yticks(list(places.values()), [names[arm] for arm in places])
        axes.set_ylim(min(places.values()) - 0.5, 0.6)
        axes.grid(axis="x", color=GRID)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
    figure.savefig(file)
