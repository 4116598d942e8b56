"""A decision's whole price history as a PNG: a panel a measure, a line an option, its trades, the close and the decision.

In hindsight the option that was taken stands alone, with what it came to and what the committee had forecast.
"""

import io
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
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
    name, until = words.about(asdict(history)), words.utc_minute(history.until)
    return Picture(
        png=_drawn(history),
        name=f"{name}-prices.png",
        title=f"{name}: every price up to {until} UTC",
        alt_text=fit(_in_words(history), ALT_MOST),
    )


def _in_words(history: History) -> str:
    """Not escaped: it is no mrkdwn."""
    said = [
        f"{_titled(line)}: from {_value(line, line.points[0][1])} to {_value(line, line.points[-1][1])} "
        f"in {words.count(line.trades, 'trade')}, between {_value(line, low)} and {_value(line, high)}.{_happened(line)}"
        for line in history.lines
        for low, high in [(min(y for _, y in line.points), max(y for _, y in line.points))]
    ]
    chosen = [f"{history.chosen} was chosen."] if history.chosen else []
    changed = [
        f"The definition of {name} was changed {words.utc_minute(at)} UTC." for at, name in history.redefined
    ]
    return " ".join(["Prices over time.", *changed, *said, *chosen])


def _titled(line: Line) -> str:
    return f"{line.metric} if {words.taken(line.option, line.is_drawn)}" if line.option else line.metric


def _happened(line: Line) -> str:
    """In hindsight."""
    forecast = "" if line.forecast is None else f" The committee had forecast {_value(line, line.forecast)}."
    return (
        forecast
        if line.came_to is None
        else f"{forecast} It came to {words.reading(line.came_to, line.unit)}."
    )


def _value(line: Line, micro: float) -> str:
    return words.value(micro, line.unit, line.low, line.high)


def _drawn(history: History) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415

    measures = sorted({line.measure for line in history.lines})
    figure = Figure(figsize=(WIDTH, PANEL_HEIGHT * len(measures)), dpi=DPI, layout="constrained")
    panels = figure.subplots(len(measures), 1, sharex=True, squeeze=False)
    for panel, measure in zip(panels[:, 0], measures, strict=True):
        _panel(panel, history, [line for line in history.lines if line.measure == measure])
    _dated(panels[-1, 0])
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _panel(axes: Any, history: History, lines: Sequence[Line]) -> None:
    for number, line in enumerate(lines):
        _course(axes, history, line, number)
        _hindsight(axes, history, line, COLOURS[number % len(COLOURS)])
    _moments(axes, history, {line.metric for line in lines})
    axes.set_ylabel(_plain(words.unit_name(lines[0].unit) or "value"))
    metrics = " / ".join(dict.fromkeys(line.metric for line in lines))
    axes.set_title(
        _plain(f"{metrics}, if {_how(lines)}" if history.decision_id else metrics), loc="left", fontsize=10
    )
    axes.margins(y=0.12)
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=9)


def _how(lines: Sequence[Line]) -> str:
    """In what way the options of these lines are taken."""
    ways = {"drawn" if line.is_drawn else "chosen" for line in lines}
    return " or ".join(sorted(ways))


def _course(axes: Any, history: History, line: Line, number: int) -> None:
    times = [_at(at) for at, _ in line.points] + [_at(history.froze_at or history.until)]
    values = [value / 1e6 for _, value in line.points]
    colour, style = COLOURS[number % len(COLOURS)], STYLES[number % len(STYLES)]
    label = _plain(words.taken(line.option, line.is_drawn) or "Priced at")
    axes.step(
        times, [*values, values[-1]], where="post", linewidth=1.6, label=label, color=colour, linestyle=style
    )
    if line.are_trades:
        axes.plot(times[1:-1], values[1:], MARKS[number % len(MARKS)], color=colour, markersize=3.5)


def _hindsight(axes: Any, history: History, line: Line, colour: str) -> None:
    """What it came to as a line, at the end of the range if it was beyond, and the committee's forecast as a star."""
    if line.came_to is not None:
        shown = min(max(line.came_to, line.low), line.high) / 1e6
        label = _plain(f"came to {words.reading(line.came_to, line.unit)}")
        axes.axhline(shown, color="#1d1c1d", linewidth=1.2, linestyle=(0, (1, 1.5)), label=label)
    if line.forecast is not None:
        star = {"marker": "*", "markersize": 13, "linestyle": "none", "markeredgecolor": "#1d1c1d"}
        label = "committee's forecast"
        axes.plot(
            [_at(history.closes_at)], [line.forecast / 1e6], color=colour, label=label, zorder=5, **star
        )


def _moments(axes: Any, history: History, metrics: Collection[str]) -> None:
    """What happened in between, each as a line across; of what happened at once the last named stands for all."""
    named: dict[int | None, str] = {
        at: "definition changed" for at, name in history.redefined if name in metrics
    }
    named |= {
        history.froze_at: "trading ended",
        history.recorded_at: "decided",
        history.closes_at: "trading closes",
    }
    shown = sorted((at, said) for at, said in named.items() if at is not None and at <= history.until)
    begin = min(at for line in history.lines for at, _ in line.points)
    for number, (at, said) in enumerate(shown):
        is_late = at > begin + 0.8 * (history.until - begin)  # Beside it there would be no room to the right.
        axes.axvline(_at(at), color="#616061", linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(
            said,
            (_at(at), 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if is_late else 3, -10 - 12 * number),
            textcoords="offset points",
            horizontalalignment="right" if is_late else "left",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )


def _dated(axes: Any) -> None:
    """As few dates below as can be read."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415

    few = AutoDateLocator(maxticks=7)
    axes.xaxis.set_major_locator(few)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(few, tz=UTC))
    axes.set_xlabel("UTC")


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _plain(text: str) -> str:
    """What people typed is no formula: matplotlib takes what stands between dollars for one."""
    return fit(text, 40).replace("$", r"\$")
