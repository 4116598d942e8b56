"""The picture of a thousand lottery decisions: how far each spread was from the true effect, as decisions add up."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from proofs.lottery import Lots

BEGIN = 20  # Before so many there is nothing but noise.
COLOURS = {"if drawn by lottery": "#0072b2", "if chosen by people": "#d55e00"}


def draw(found: Lots, file: Path) -> None:
    figure = Figure(figsize=(9.0, 4.0), dpi=110, layout="constrained")
    axes = figure.subplots()
    errors = {
        "if drawn by lottery": [each.drawn - each.effect for each in found.seen],
        "if chosen by people": [each.chosen - each.effect for each in found.seen],
    }
    for name, values in errors.items():
        _running(axes, values, name)
    axes.axhline(0, color="#1d1c1d", linewidth=1)
    axes.set_xlabel("decisions")
    axes.set_ylabel("points above the true effect")
    axes.set_title(
        "Mean spread between the prices of two options, less the true effect", loc="left", fontsize=10
    )
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    figure.savefig(file)


def _running(axes: Any, values: Sequence[float], name: str) -> None:
    """The mean so far, and its 95% interval."""
    count = np.arange(1, len(values) + 1)
    mean = np.cumsum(values) / count
    variance = np.cumsum(np.square(values)) / count - mean**2
    half = 1.96 * np.sqrt(variance / count)
    shown = slice(min(BEGIN, len(values) - 1), None)
    axes.plot(count[shown], mean[shown], color=COLOURS[name], label=f"prices {name}")
    axes.fill_between(
        count[shown], (mean - half)[shown], (mean + half)[shown], color=COLOURS[name], alpha=0.18, linewidth=0
    )
