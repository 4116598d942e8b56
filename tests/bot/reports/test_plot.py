"""The picture of a decision's price history: what it shows is also said in words."""

import io
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from PIL import Image

from bot.reports import plot
from core.exchange.history import History, Line
from core.units import MICRO

START = 1_790_000_000
HOUR = 3600


def line(option: str, measure: int = 1, **changes: object) -> Line:
    points = tuple((START + n * HOUR, (60 + n) * MICRO) for n in range(4))
    usual = Line(
        option,
        "Helpfulness score",
        "points",
        40 * MICRO,
        80 * MICRO,
        measure,
        points,
        3,
        are_trades=True,
    )
    return replace(usual, **changes)


@pytest.fixture
def history() -> History:
    lines = (line("Release"), line("Hold"))
    return History(
        1, "Do we release?", lines, START + 9 * HOUR, START + 6 * HOUR, START + 7 * HOUR, "Release"
    )


def test_it_is_a_picture_with_a_panel_a_measure(history: History):
    one = Image.open(io.BytesIO(plot.render(history).png))
    three = replace(history, lines=tuple(line("Release", n) for n in (1, 2, 3)))
    several = Image.open(io.BytesIO(plot.render(three).png))

    assert one.format == "PNG"
    assert several.size == (one.size[0], 3 * one.size[1])


def test_its_words_have_the_numbers(history: History):
    drawn = plot.render(history)

    assert drawn.title == "D-1: every price up to 21 Sep 23:13 UTC"
    assert drawn.alt_text == (
        "Prices over time. Helpfulness score if Release: from 60.0 points to 63.0 points in 3 trades, between "
        "60.0 points and 63.0 points. Helpfulness score if Hold: from 60.0 points to 63.0 points in 3 trades, between "
        "60.0 points and 63.0 points. Release was chosen."
    )


def test_where_a_definition_changed_there_is_a_line_in_the_panel_of_that_metric(history: History):
    changed = replace(history, redefined=((START + HOUR, "Helpfulness score"),))
    other = replace(history, redefined=((START + HOUR, "Incidents"),))
    pictures = [plot.render(each).png for each in (history, changed, other)]

    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2]
    assert (
        "The definition of Helpfulness score was changed 21 Sep 15:13 UTC." in plot.render(changed).alt_text
    )


@pytest.mark.parametrize("name", ["$x$ or $\\frac{1}{0}$", "_hidden_", "a" * 75, "<!channel> & co"])
def test_whatever_people_typed_is_drawn_as_it_is(history: History, name: str):
    """Also what matplotlib would take for a formula, or for a name that is not to be shown."""
    named = replace(history, lines=(line(name, metric=name, unit=name[:20]), line("Hold")))

    assert plot.render(named).png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("ways", "how"),
    [((None, None), "chosen"), ((True, True), "drawn"), ((False, True), "chosen or drawn")],
)
def test_its_title_says_in_what_ways_the_options_are_taken(
    history: History, monkeypatch: pytest.MonkeyPatch, ways: tuple[bool | None, ...], how: str
):
    titles = []
    monkeypatch.setattr(Axes, "set_title", lambda _, text, **_more: titles.append(text))
    lines = tuple(replace(each, is_drawn=way) for each, way in zip(history.lines, ways, strict=True))
    plot.render(replace(history, lines=lines))

    assert titles == [f"Helpfulness score, if {how}"]


def test_averages_have_no_marks_of_trades(history: History):
    lines = tuple(replace(each, trades=90_000, are_trades=False) for each in history.lines)

    assert len(plot.render(replace(history, lines=lines)).png) < len(plot.render(history).png)


def test_in_hindsight_it_shows_what_it_came_to_and_what_the_committee_forecast(history: History):
    """Also of a question that hangs on no decision, and where what happened was far beyond the range."""
    known = line("Release", came_to=900 * MICRO, forecast=61e6)
    seen = replace(history, lines=(known,), froze_at=START + 8 * HOUR)
    drawn, before = plot.render(seen), plot.render(replace(seen, lines=(line("Release"),)))
    asked = replace(
        seen,
        decision_id=None,
        market_id=7,
        recorded_at=None,
        chosen=None,
        lines=(line("", came_to=62 * MICRO),),
    )

    assert drawn.png != before.png
    assert "The committee had forecast 61.0 points. It came to 900 points." in drawn.alt_text
    assert plot.render(asked).title.startswith("M-7: every price")
    assert plot.render(asked).alt_text.startswith("Prices over time. Helpfulness score: from 60.0 points")
