"""Reports on decisions that are compared on several measures, with metrics of their own for options, and in bins."""

from typing import Any

from live import read
from lives import Facts, message

from bot.reports import more


def table(made: dict[str, Any]) -> list[list[str]]:
    """The text of the one table of a message, cell by cell."""
    (found,) = [block for block in made["blocks"] if block["type"] == "table"]
    return [
        [cell["text"] if "text" in cell else cell["elements"][0]["elements"][0]["text"] for cell in row]
        for row in found["rows"]
    ]


def test_a_report_on_several_measures_has_a_small_table_for_each(facts: dict[str, Facts]):
    """With a headline for each, and each number named where options have metrics of their own."""
    made = message("several report", facts["several report"])
    said, rows = read(made), table(made)

    assert [row[0] for row in rows] == [
        "Helpfulness score if chosen, points",
        "Release",
        "Hold",
        "Delay (added later)",
        "If chosen, %",
        "Release, Trust in us",
        "Hold, Trust in them",
        "Delay (added later), Trust in both",
        "Incidents if chosen, reports",
        "Release",
        "Hold",
        "Delay (added later)",
    ]
    assert rows[5][1:4] == ["60.0", "60.0", "60.0"]
    assert "Nobody traded Helpfulness score: these numbers are base rates." in said
    assert (
        "On Incidents the options are not ranked: 2.4 reports lie between the two highest on 24 h average"
        in said
    )
    assert "what traders expect of its metric" in said
    assert "Deciders and metric owners may not." in said


def test_options_with_metrics_of_their_own_are_ranked_by_name(facts: dict[str, Facts]):
    report = facts["several report"]
    score, trust, incidents = report["measures"]
    ranked = report | {"measures": [score, trust | {"spread": trust["spread"] | {"ranked": True}}, incidents]}

    said = message("report", ranked)["text"]
    assert "Trust in us if Release is chosen is priced highest: 60.0%, 2.5 percentage points above " in said
    assert "above Trust in them if Hold is, on 24 h average." in said


def test_a_flip_is_told_of_the_measure_in_which_it_loses_least(facts: dict[str, Facts]):
    """Where no option was added later, which matters more."""
    report = facts["several report"]
    measures = [
        each | {"options": [line | {"added_at": None} for line in each["options"]]}
        for each in report["measures"]
    ]
    said = read(message("several report", report | {"measures": measures}))

    assert (
        "*Cost to flip (Trust in us / Trust in them / Trust in both):* somebody could make Release and Hold"
        in said
    )
    assert "*Cost to flip (Incidents):*" not in said


def test_more_on_several_measures_names_each(facts: dict[str, Facts]):
    items = more.items(facts["several report"])

    assert "\n• Helpfulness score: Nobody traded it." in items[7]
    assert "\n• Incidents: 1 person traded. Without that person the gap would be 1.0 reports." in items[7]
    assert "Eight chances in ten: between 5.3 and 29.0 reports if Release, between 2.4 and" in items[10]
    assert "Added later: Delay trades only since" in items[11]


def test_a_card_on_several_measures_lists_each(facts: dict[str, Facts]):
    made = message("card", facts["several card"])
    said = read(made)

    assert "Helpfulness score, as priced if that option is chosen:\n• Release: *62.0 points*" in said
    assert (
        "As priced if that option is chosen:\n• Release: Trust in us *60.0%*\n• Hold: Trust in them *" in said
    )
    assert "Incidents, as priced if that option is chosen:\n• Release: *" in said
    assert "2 trades by 1 person" in said
    assert "The market prices Trust in us at 60.0% if Release, Trust in them at" in made["text"]


def test_an_outcome_on_several_metrics_has_a_column_for_each(facts: dict[str, Facts]):
    """Only the metrics of the option that was chosen are there, and one that was never measured says how it was paid."""
    made = message("several outcome", facts["several outcome"])
    said, rows = read(made), table(made)

    assert rows[0] == ["Priced if Release", "Helpfulness score", "Trust in us", "Incidents"]
    assert rows[-1] == ["What happened", "71 points", "64.5%", "never measured"]
    assert "Trust in us came to 64.5%. Before the close it was priced at 60.0%." in said
    assert (
        "Incidents was never measured, so everybody was paid by the average prices of the 24 h before" in said
    )
    assert " · Helpfulness score read from: The dashboard · Trust in us read from: " in said
    assert " · Incidents not measured because: The dashboard was down · everybody has been paid" in said
    assert "Trust in them" not in said
