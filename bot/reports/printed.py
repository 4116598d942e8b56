"""A message as one page that can be printed: whatever it says, in the order in which it says it, charts drawn anew."""

import html
import io
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.blocks import rendered
from bot.reports.message import Message
from bot.reports.plot import COLOURS, MARKS, STYLES

# Matplotlib takes a second to import, and nobody waits for it before the first page.
WIDTH, HEIGHT, MARGIN, DPI = 8.27, 11.69, 0.7, 130  # Inches of A4; what needs more makes the page longer.
LINE, CHART = 1.45, 2.6  # A line's height by its letters', a chart's in inches.
POINTS = 72
FONT, UNKNOWN = "DejaVu Sans", "\ufffd"  # It comes with matplotlib.
LETTERS = 2.05  # So many letters of one point's size fit in a width of one point.
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """Something that stands on the page, so many inches high; it is drawn with its upper edge at a height."""

    height: float
    draw: Callable[[Any, float, float], None]  # A figure, its height, and how far below its upper edge.


def page(message: Message, form: str) -> bytes:
    """As ``pdf`` or ``png``. Takes about half a second; call it in a thread."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    pieces = list(_pieces(message))
    height = max(HEIGHT, 2 * MARGIN + sum(piece.height for piece in pieces))
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    below = MARGIN
    for piece in pieces:
        piece.draw(figure, height, below)
        below += piece.height
    file = io.BytesIO()
    figure.savefig(file, format=form)
    return file.getvalue()


def plain(mrkdwn: str) -> str:
    """What it says without its markup: dates in UTC, people and channels by what Slack calls them."""
    dated = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", mrkdwn)
    return html.unescape(re.sub(r"[*`]([^*`\n]+)[*`]", r"\1", dated))


def _pieces(message: Message) -> Iterator[Piece]:
    for block in map(rendered, message.blocks):
        match block["type"]:
            case "header":
                yield _text(block["text"]["text"], 15, weight="bold")
            case "section":
                yield _text(plain(block["text"]["text"]), 9.5)
            case "context":
                yield _text(
                    "\n".join(plain(each["text"]) for each in block["elements"]), 7.5, color="#616061"
                )
            case "table":
                yield _table([[_cell(cell) for cell in row] for row in block["rows"]])
            case "data_visualization":
                yield _chart(block)


def _text(said: str, size: float, **style: Any) -> Piece:
    letters = int((WIDTH - 2 * MARGIN) * POINTS / size * LETTERS)
    lines = [short for line in said.splitlines() for short in textwrap.wrap(line, letters) or [""]]
    spread = size * LINE / POINTS

    def draw(figure: Any, height: float, below: float) -> None:
        for number, line in enumerate(lines):
            _write(figure, MARGIN, height - below - number * spread, line, size, **style)

    return Piece(len(lines) * spread + 0.14, draw)


def _table(rows: Sequence[Sequence[str]]) -> Piece:
    """The first column is as wide as two others."""
    size, spread = 8.5, 0.23
    column = (WIDTH - 2 * MARGIN) / (len(rows[0]) + 1)
    letters = column * POINTS / size * LETTERS

    def draw(figure: Any, height: float, below: float) -> None:
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                across = MARGIN + (place + (1 if place else 0)) * column
                room = int(letters * (1 if place else 2)) - 1
                short = textwrap.shorten(cell, max(room, 4), placeholder="…")
                weight = "bold" if number == 0 else "normal"
                _write(figure, across, height - below - number * spread, short, size, weight=weight)

    return Piece(len(rows) * spread + 0.18, draw)


def _chart(block: Json) -> Piece:
    def draw(figure: Any, height: float, below: float) -> None:
        box = (MARGIN + 0.4, height - below - CHART + 0.55, WIDTH - 2 * MARGIN - 2, CHART - 0.9)
        left, bottom, wide, high = box
        axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, high / height))
        for number, series in enumerate(block["chart"]["series"]):
            labels = [point["label"] for point in series["data"]]
            values = [point["value"] for point in series["data"]]
            style = {"color": COLOURS[number % len(COLOURS)], "linestyle": STYLES[number % len(STYLES)]}
            mark = MARKS[number % len(MARKS)]
            axes.plot(labels, values, marker=mark, markersize=3, label=_literal(series["name"]), **style)
        axes.set_title(_literal(block["title"]), loc="left", fontsize=9)
        axes.set_xticks(range(0, len(labels), max(1, len(labels) // 4)))
        axes.tick_params(labelsize=7)
        axes.set_ylabel(_literal(block["chart"]["axis_config"].get("y_label", "")), fontsize=8)
        axes.grid(axis="y", color="#dddddd")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=8)

    return Piece(CHART, draw)


def _write(figure: Any, across: float, up: float, said: str, size: float, **style: Any) -> None:
    height = figure.get_figheight()
    place = (across / WIDTH, up / height)
    figure.text(*place, _drawable(said), fontsize=size, va="top", parse_math=False, family=FONT, **style)


def _cell(cell: Json) -> str:
    """A table's cell, raw or rich."""
    if cell["type"] == "raw_text":
        return str(cell["text"])
    parts = [part for element in cell["elements"] for part in element.get("elements", [])]
    return "".join(str(part.get("text", "")) for part in parts)


def _literal(text: str) -> str:
    """What people typed is no formula."""
    return _drawable(text).replace("$", r"\$")


def _drawable(text: str) -> str:
    """The letters that the font has; in the place of another one it has a sign for that."""
    known = _letters_known()
    return "".join(letter if ord(letter) in known else UNKNOWN for letter in text)


@lru_cache
def _letters_known() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    return frozenset(get_font(findfont(FONT)).get_charmap())
