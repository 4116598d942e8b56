"""Charts: what options were priced at from the opening on, where Slack draws it."""

from typing import Any

import pytest
from live import read
from lives import Facts, message

from bot.reports import card
from bot.workspace import check_message

AT = 1_790_000_000
HOUR = 3600


def on_course(facts: Facts, steps: int = 20, step_seconds: int = HOUR, missing: int = 0) -> Facts:
    """The facts with a course of so many steps, at the start of which the second option was not there yet."""
    ids = [str(line["market_id"]) for measure in facts["measures"] for line in measure["options"]]
    values: dict[str, list[float | None]] = {each: [60e6 + 1e6 * n for n in range(steps)] for each in ids}
    values[ids[1]] = [None] * missing + values[ids[1]][missing:]
    moments = [AT + n * step_seconds for n in range(steps)]
    return facts | {"course": {"moments": moments, "values": values}}


def charts(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [block["chart"] for block in made["blocks"] if block["type"] == "data_visualization"]


@pytest.mark.parametrize("kind", ["card", "report"])
def test_a_line_an_option_has_a_point_at_each_step(facts: dict[str, Facts], kind: str):
    made = message(kind, on_course(facts[kind]))
    (chart,) = charts(made)

    assert check_message(made) == []
    assert [series["name"] for series in chart["series"]] == ["Release", "Hold"]
    assert chart["series"][0]["data"][:2] == [
        {"label": "21 Sep 14:13", "value": 60.0},
        {"label": "21 Sep 15:13", "value": 61.0},
    ]
    assert chart["axis_config"]["y_label"] == "points"


def test_a_long_course_is_told_by_dates(facts: dict[str, Facts]):
    (chart,) = charts(message("report", on_course(facts["report"], step_seconds=30 * HOUR)))

    assert chart["axis_config"]["categories"][:2] == ["21 Sep", "22 Sep"]


def test_a_chart_begins_when_all_options_trade(facts: dict[str, Facts]):
    """Slack wants a point of each line at each step, and nothing is made up."""
    (chart,) = charts(message("report", on_course(facts["report"], missing=15)))

    assert len(chart["axis_config"]["categories"]) == 5
    assert charts(message("report", on_course(facts["report"], missing=19))) == []


def test_options_that_are_called_alike_once_they_are_cut_go_by_their_numbers(facts: dict[str, Facts]):
    report = on_course(facts["report"])
    (measure,) = report["measures"]
    long = [
        line | {"name": f"Release it in the coming quarter {line['number']}"} for line in measure["options"]
    ]
    compared = measure["spread"] | {"leader": long[0]["name"], "follower": long[1]["name"]}
    made = message("report", report | {"measures": [measure | {"options": long, "spread": compared}]})

    assert [series["name"] for series in charts(made)[0]["series"]] == ["Option 1", "Option 2"]
    assert check_message(made) == []


def test_a_report_has_one_chart_of_the_first_measure_that_was_traded(facts: dict[str, Facts]):
    several = on_course(facts["several report"])
    traded = [
        each | {"options": [line | {"trades": 1} for line in each["options"]]} for each in several["measures"]
    ]
    made = message("several report", several | {"measures": traded})

    first = message("several report", several)

    assert [chart["axis_config"]["y_label"] for chart in charts(first)] == ["%"]
    assert [chart["axis_config"]["y_label"] for chart in charts(made)] == ["points"]
    assert check_message(made) == []


def test_base_rates_that_nobody_traded_are_not_drawn(facts: dict[str, Facts]):
    report = on_course(facts["report"])
    (measure,) = report["measures"]
    untraded = measure | {"options": [line | {"trades": 0} for line in measure["options"]]}

    assert charts(message("report", report | {"measures": [untraded], "traders": 0})) == []


def test_facts_from_before_there_were_charts_have_none(facts: dict[str, Facts]):
    older = {name: value for name, value in facts["report"].items() if name != "course"}

    assert charts(message("report", older)) == []


def test_an_answer_carries_no_block_that_slack_might_refuse(facts: dict[str, Facts]):
    """A refused post is posted again without its charts; a refused answer would be no answer."""
    made = card.render(on_course(facts["card"]))

    assert charts(made.payload())
    assert charts(made.answer()) == []


def test_a_settled_card_shows_what_happened_and_has_no_buttons(facts: dict[str, Facts]):
    (measure,) = facts["card"]["measures"]
    options = [
        line | {"is_settled": n == 0, "came_to": 71_500_000} for n, line in enumerate(measure["options"])
    ]
    settled = {"state": "settled", "chosen": "Release", "is_trading": False, "recorded": True, "final_at": AT}
    made = message("card", facts["card"] | settled | {"measures": [measure | {"options": options}]})

    assert "Helpfulness score came to *71.5 points*, priced at" in read(made)
    assert [block for block in made["blocks"] if block["type"] == "actions"] == []


def test_a_card_says_the_spread_once_there_is_one(facts: dict[str, Facts]):
    (measure,) = facts["card"]["measures"]
    untraded = measure | {"options": [line | {"trades": 0} for line in measure["options"]]}

    assert "Spread, on average so far: *" in read(message("card", facts["card"]))
    assert "these are base rates." in read(message("card", facts["card"] | {"measures": [untraded]}))
