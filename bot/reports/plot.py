"""A decision's whole price history as a PNG: a panel a measure, a line an option, its trades, the close and the decision."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot import words
from bot.blocks import fit
from core.exchange.history import History, Line

# Matplotlib takes a second to import, and nobody waits for it before the first picture.
WIDTH, PANEL_HEIGHT, DPI = 9.0, 3.6, 110
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8a7d00", "#1d1c1d")
STYLES = ("-", "--", ":", "-.")  # Told apart without colour, on grey paper too.
MARKS = ("o", "s", "D", "^")
ALT_MOST = 1000


@dataclass(frozen=True)
class Picture:
    """A PNG, its file name and title, and in words what it shows, for whoever cannot see it."""

    png: bytes
    name: str
    title: str
    alt_text: str


def render(history: History) -> Picture:
    """Takes about a third of a second; call it in a thread."""
    name, until = words.decision(history.decision_id), words.utc_minute(history.until)
    return Picture(
        png=_drawn(history),
        name=f"{name}-prices.png",
        title=f"{name}: every price up to {until} UTC",
        alt_text=fit(_in_words(history), ALT_MOST),
    )


def _in_words(history: History) -> str:
    """Not escaped: it is no mrkdwn."""
    said = [
        f"{line.metric} if {words.taken(line.option, line.is_drawn)}: from {_value(line, line.points[0][1])} to {_value(line, line.points[-1][1])} "
        f"in {words.count(line.trades, 'trade')}, between {_value(line, low)} and {_value(line, high)}."
        for line in history.lines
        for low, high in [(min(y for _, y in line.points), max(y for _, y in line.points))]
    ]
    chosen = [f"{history.chosen} was chosen."] if history.chosen else []
    return " ".join(["Prices over time.", *said, *chosen])


def _value(line: Line, micro: float) -> str:
    return words.value(micro, line.unit, line.low, line.high)


def _drawn(history: History) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415

    measures = sorted({line.measure for line in history.lines})
    figure = Figure(figsize=(WIDTH, PANEL_HEIGHT * len(measures)), dpi=DPI, layout="constrained")
    panels = figure.subplots(len(measures), 1, sharex=True, squeeze=False)
    for panel, measure in zip(panels[:, 0], measures, strict=True):
        _panel(panel, history, [line for line in history.lines if line.measure == measure])
    panels[-1, 0].set_xlabel("UTC")
    figure.autofmt_xdate(rotation=0, ha="center")
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _panel(axes: Any, history: History, lines: Sequence[Line]) -> None:
    for number, line in enumerate(lines):
        times = [_at(at) for at, _ in line.points] + [_at(history.until)]
        values = [value / 1e6 for _, value in line.points]
        style = {"color": COLOURS[number % len(COLOURS)], "linestyle": STYLES[number % len(STYLES)]}
        axes.step(
            times,
            [*values, values[-1]],
            where="post",
            linewidth=1.6,
            label=_plain(words.taken(line.option, line.is_drawn)),
            **style,
        )
        if line.are_trades:
            axes.plot(
                times[1:-1], values[1:], MARKS[number % len(MARKS)], color=style["color"], markersize=3.5
            )
    for at, said in ((history.closes_at, "trading closes"), (history.recorded_at, "decided")):
        if at is not None and at <= history.until:
            axes.axvline(_at(at), color="#616061", linewidth=1, linestyle=(0, (4, 3)))
            axes.annotate(
                said,
                (_at(at), 1),
                xycoords=("data", "axes fraction"),
                xytext=(3, -10),
                textcoords="offset points",
                fontsize=8,
            )
    axes.set_ylabel(_plain(lines[0].unit or "value"))
    axes.set_title(
        _plain(f"{' / '.join(dict.fromkeys(line.metric for line in lines))}, if chosen"),
        loc="left",
        fontsize=10,
    )
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=9)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _plain(text: str) -> str:
    """What people typed is no formula: matplotlib takes what stands between dollars for one."""
    return fit(text, 40).replace("$", r"\$")
