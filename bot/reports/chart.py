"""A decision's course as Slack's own chart: one line an option, at most twenty steps.

A message has one, of the first measure that was traded; all measures are in the table and in the picture beside it.
"""

from collections.abc import Mapping
from typing import Any

from slackblocks import AxisConfig, DataPoint, DataSeries, DataVisualizationBlock, LineChart

from bot import words
from bot.blocks import fit
from bot.reports import priced

Facts = Mapping[str, Any]
TITLE_MOST, LABEL_MOST = 50, 20
KIND = "data_visualization"
_LONG_SECONDS = (
    20 * 86_400
)  # Of a course this long each step is a day or more, and dates alone tell them apart.


def charts(facts: Facts) -> list[DataVisualizationBlock]:
    """At most one, once a measure was traded and there are two steps in which all of its options traded."""
    steps = facts.get("course")
    if steps is None:  # Facts that were kept before there were charts.
        return []
    traded = [each for each in facts["measures"] if any(line["trades"] for line in each["options"])]
    drawn = (chart(measure, steps, f"{measure['metric']}, if {priced.how(measure)}") for measure in traded)
    return [chart for chart in drawn if chart is not None][:1]


def chart(measure: Facts, steps: Facts, title: str) -> DataVisualizationBlock | None:
    """A line for each of the measure's options; nothing while there are less than two steps to show."""
    courses = [steps["values"][str(line["market_id"])] for line in measure["options"]]
    # A chart of Slack's needs a point of each line at each step: it begins when the last option was added.
    shown = [n for n, _ in enumerate(steps["moments"]) if all(course[n] is not None for course in courses)]
    if len(shown) < 2:
        return None
    labels = _labels([steps["moments"][n] for n in shown])
    names = _names([line["name"] for line in measure["options"]])
    series = [
        DataSeries(
            name,
            [DataPoint(label, _point(measure, course[n])) for label, n in zip(labels, shown, strict=True)],
        )
        for name, course in zip(names, courses, strict=True)
    ]
    axes = AxisConfig(
        labels, x_label="Averages up to, UTC", y_label=fit(words.unit_name(measure["unit"]), TITLE_MOST)
    )
    return DataVisualizationBlock(
        fit(title, TITLE_MOST),
        LineChart(series, axes),
        f"chart_{measure['number']}",
    )


def _labels(moments: list[int]) -> list[str]:
    is_long = moments[-1] - moments[0] > _LONG_SECONDS
    return [words.utc_date(each) if is_long else words.utc_minute(each) for each in moments]


def _names(names: list[str]) -> list[str]:
    """As long as Slack takes them; options that are then called alike go by their numbers."""
    cut = [fit(name, LABEL_MOST) for name in names]
    return cut if len(set(cut)) == len(cut) else [f"Option {n}" for n, _ in enumerate(names, 1)]


def _point(measure: Facts, value: float) -> float:
    """In the metric's own unit, as finely as its values are written."""
    return round(value / 1e6, words.decimals(measure["low"], measure["high"]))
