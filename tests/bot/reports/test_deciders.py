"""What deciders said, how they voted and what is on record: in the report once it may be, in whole and plain words."""

from typing import Any

import pytest
from live import read
from lives import Facts, message, pressed

from bot.reports import declared, spread, welfare

MICRO = 1_000_000


def weighed(facts: dict[str, Facts], **changes: Any) -> str:
    """The lines on metrics weighed together, of ballots changed in some way."""
    report = facts["several report"]
    ballots = report["ballots"]
    return "\n".join(welfare.lines(report | {"ballots": ballots | {"welfare": ballots["welfare"] | changes}}))


def test_the_report_at_the_close_says_what_each_decider_said_and_the_average(facts: dict[str, Facts]):
    said = read(message("report", facts["report"]))

    assert (
        "*What the deciders said before the close*, sealed until then, so that no price knows of it:" in said
    )
    assert "• <@U0CAROL>: Release 60%, Hold 30%, none of them 10%.\n" in said
    assert "• On average: Release 40%, Hold 50%, none of them 10%.\n" in said
    assert "• Expected on average: Helpfulness score 64.0 points if Release, 55.0 points if Hold." in said
    assert (
        "none of them 10%. Expects Helpfulness score 64.0 points if Release, 55.0 points if Hold."
        in "\n".join(spread.plain(facts["report"]))
    )
    assert "• Nothing from <@U0CAMILA>." in said


def test_nothing_of_it_is_in_a_report_of_before(facts: dict[str, Facts]):
    """Nor where a report was kept before anybody was asked, which is drawn as it was."""
    before = facts["card"]
    kept = {
        name: each for name, each in before.items() if name not in {"deciders_said", "ballots", "on_record"}
    }

    for report in (before, kept):
        assert "deciders said" not in read(message("report", report))
        assert "weighed together" not in "\n".join(spread.plain(report))


def test_where_nobody_declared_anything_the_report_says_so(facts: dict[str, Facts]):
    (line,) = declared.lines(facts["several report"])

    assert line == "*What the deciders said before the close*: nobody declared anything."


def test_many_deciders_are_told_by_name_only_where_there_is_room(facts: dict[str, Facts]):
    said = facts["report"]["deciders_said"]
    many = facts["report"] | {"deciders_said": said | {"said": said["said"][:1] * 9}}

    assert "• 4 more deciders declared; they count in the averages." in read(message("report", many))
    assert "\n".join(spread.plain(many)).count("• <@U0CAROL>: Release 60%") == 9


def test_metrics_weighed_together_stand_beside_the_single_spreads(facts: dict[str, Facts]):
    """With what each ballot alone would say, without names, and what the weights are."""
    said = read(message("several report", facts["several report"]))
    block = "\n".join(welfare.lines(facts["several report"]))

    assert "Nobody traded Helpfulness score: these numbers are base rates." in said
    assert block in said
    assert block.startswith("*Metrics weighed together, by the medians of 2 ballots:* ")
    assert (
        "points of Helpfulness score lie between Release and Delay, and these prices cannot show less than"
        in block
    )
    assert "• By each ballot alone that is from " in block
    assert (
        "• In points of Helpfulness score, more of it is better: one percentage point of Trust in us / Trust in them / Trust in "
        "both is worth 0.5 points, one unit (reports) of Incidents is worth 0.5 points." in block
    )
    assert "• 1 decider cast no ballot." in block
    assert "<@" not in block


@pytest.mark.parametrize(("is_open", "said"), [(True, "are open again since"), (False, "were reopened")])
def test_why_ballots_were_reopened_stays_in_the_report(facts: dict[str, Facts], is_open: bool, said: str):
    report = facts["several report"]
    reopened = {"reopened_at": report["at"], "reason": "We <learned> more.", "is_open": is_open}
    block = "\n".join(welfare.lines(report | {"ballots": report["ballots"] | reopened}))

    assert f"• Ballots {said} <!date^" in block
    assert "Why:\n> We &lt;learned&gt; more." in block


def test_options_are_not_ranked_where_weighing_tells_them_apart_by_less_than_prices_can_show(
    facts: dict[str, Facts],
):
    made = facts["several report"]["ballots"]["welfare"]

    assert "so they are not ranked." in weighed(facts, gap=made["level"] * 0.99)
    assert "so they are not ranked." not in weighed(facts, gap=made["level"] * 1.01, ranked=True)
    assert "and fewer than two people hold shares behind that, so they are not ranked." in weighed(
        facts, gap=made["level"] * 1.01, ranked=False
    )


def test_weighed_options_are_ranked_no_more_once_nobody_knows_what_prices_could_show(facts: dict[str, Facts]):
    """Once the choice is final; and in reports that were kept before that was said the gap alone ranks."""
    made = facts["several report"]["ballots"]["welfare"]
    said = weighed(facts, gap=made["level"] * 1.01, ranked=None).splitlines()[0]
    old = {name: value for name, value in made.items() if name != "ranked"} | {"gap": made["level"] * 1.01}
    report = facts["several report"]
    kept = "\n".join(welfare.lines(report | {"ballots": report["ballots"] | {"welfare": old}}))

    assert said.endswith(" of Helpfulness score lie between Release and Delay.")
    assert " better than " in kept


def test_a_committee_that_wants_less_of_the_first_metric_or_is_split_on_it_is_told_so(
    facts: dict[str, Facts],
):
    first, *others = facts["several report"]["ballots"]["welfare"]["weights"]

    assert "less of it is better" in weighed(facts, weights=[first | {"worth": -1.0}, *others])
    assert "ballots differ on whether more of it is better" in weighed(
        facts, weights=[first | {"worth": 0.0}, *others]
    )


def test_without_ballots_each_metric_stands_for_itself(facts: dict[str, Facts]):
    report = facts["several report"]
    none = report | {"ballots": {"welfare": None, "reopened_at": None, "reason": None, "is_open": False}}

    assert welfare.lines(none) == [
        "*Metrics weighed together:* no ballot was cast, so each metric stands for itself."
    ]


def test_a_record_is_told_with_what_the_market_did_not_know(facts: dict[str, Facts]):
    recorded = facts["recorded"] | {
        "unpriced": "The vendor <called>.",
        "links": ["https://a.example/?b=1&c=2"],
    }
    said = read(message("recorded", recorded))

    assert (
        "*What the committee knew that the market did not:*\n> The vendor &lt;called&gt;.\n<https://a.example/?b=1&amp;c=2>"
        in said
    )
    assert "What the committee knew" not in read(
        message("recorded", recorded | {"unpriced": None, "links": []})
    )


def test_what_is_on_record_stands_in_the_report_with_all_that_came_after(facts: dict[str, Facts]):
    said = read(message("recorded report", facts["recorded report"]))

    assert "*Recorded* by <@U0CAROL> <!date^" in said
    assert (
        "> More is gained than lost.\n*What the committee knew that the market did not:*\n> Nothing." in said
    )
    assert "*Arrived after the close*, so that no price knows of it; logged by <@U0ERIN> <!date^" in said
    assert "> The audit is out.\n<https://audit.example/7> · <https://b.example/x?a=1&amp;b=2>" in said
    assert "*Added to the record* by <@U0CAROL> <!date^" in said


def test_deciders_are_asked_with_buttons_for_what_they_are_asked(facts: dict[str, Facts]):
    asked = facts["declare"] | {"has_declared": False}

    assert pressed(message("declare", asked)) == ["declare"]
    assert pressed(message("declare", asked | {"is_weighed": True})) == ["declare", "values"]
    assert "please say how likely each option is and what you expect of each metric." in read(
        message("declare", asked)
    )
    assert "You have declared already" in read(message("declare", asked | {"has_declared": True}))
    assert pressed(message("ballots_reopened", facts["ballots_reopened"])) == ["values"]
    assert "> We learned more." in read(message("ballots_reopened", facts["ballots_reopened"]))
