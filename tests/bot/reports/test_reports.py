"""The reports: what they must always say, what they must never say, and that Slack takes them whatever they are about."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acts import marked_texts
from live import read
from lives import Facts, message, pressed
from verbs import causal

from bot.blocks import rendered
from bot.door import notice
from bot.reports import RENDERERS, caveats, lottery, more, proof, spread
from bot.workspace import check_message, check_view

ROOT = Path(__file__).parents[3]
HOSTILE = "<!channel> & <b>"
AT = 1_796_047_200


SEVERAL = ("card", "report", "outcome", "reading", "reading_due", "paid")
OF_LOTTERY = ("card", "report", "outcome")
KINDS = [
    *sorted(RENDERERS),
    *(f"several {kind}" for kind in SEVERAL),
    *(f"lottery {kind}" for kind in OF_LOTTERY),
]


def changed(node: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    """The facts with every leaf changed, by the name it stands under; a market that trades has gained no bits yet."""
    if isinstance(node, dict):
        return {key: changed(each, change, key) for key, each in node.items()}
    if isinstance(node, list | tuple):
        return [changed(each, change, name) for each in node]
    return None if name == "bits" and node is None else change(name, node)


TYPED = {
    "question": 300,
    "metric": 150,
    "unit": 32,
    "wording": 3000,
    "name": 75,
    "chosen": 75,
    "option": 75,
    "leader": 75,
    "follower": 75,
    "reason": 3000,
    "portfolio": 75,
    "unpriced": 3000,
    "text": 2000,
    "ruling": 3000,
    "source": 3000,
    "outcomes": 32,
    "beacon": 150,
    "round": 100,
    "url": 500,
    "options": 75,
}


NUMBERS = {
    "expected",
    "average",
    "gap",
    "opened_at_value",
    "closed_at_value",
    "frozen_at_value",
    "committee",
}


def hostile(name: str, value: Any) -> Any:
    return f"{value} {HOSTILE}" if name in TYPED and value is not None else value


def endless(name: str, value: Any) -> Any:
    """As long as core lets it be, of what grows most when it is escaped."""
    return "&" * TYPED[name] if name in TYPED and value is not None else value


def enormous(name: str, value: Any) -> Any:
    ends = {"low": -(10**14), "high": 10**14, "value": -(10**14), "unit": "%", "credits": 10**14}
    ends |= {"paid": 10**14, "bits": 13.0, "bits_at_close": 13.0}
    return ends.get(name, 1e14 if name in NUMBERS else value)


def tiny(name: str, value: Any) -> Any:
    ends = {"low": 0, "high": 1, "value": 1, "unit": "%", "credits": 1}
    ends |= {"paid": -1, "bits": -1e-9}
    return ends.get(name, 0.25 if name in NUMBERS else value)


def test_whatever_core_announces_can_be_drawn():
    """A kind that nobody draws would hold up its whole channel."""
    announcing = {"announce", "everywhere", "question", "_announce", "_tell", "tell"}
    announced = {
        said.value
        for file in (ROOT / "core" / "exchange").glob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in announcing
        for said in call.args[:3]
        if isinstance(said, ast.Constant)
    }

    assert announced - {"history", "file", "subsidy_file"} | {"card", "question"} == set(
        RENDERERS
    )  # Those three are uploaded.


@pytest.mark.parametrize("change", [hostile, endless, enormous, tiny], ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_slack_takes_every_report_whatever_it_is_about(
    facts: dict[str, Facts], kind: str, change: Callable[[str, Any], Any]
):
    """And there is always a text for those who only see the notification."""
    made = message(kind, changed(facts[kind], change))

    assert check_message(made) == []
    assert made["text"].strip()


@pytest.mark.parametrize("change", [hostile, endless], ids=lambda change: change.__name__)
def test_a_draw_is_proved_by_its_post_whatever_it_is_about(
    facts: dict[str, Facts], change: Callable[[str, Any], Any]
):
    """Names are cut where they must be; all that is hashed is there."""
    posted = read(message("draw", changed(facts["draw"], change)))

    assert all(holds for holds, _ in proof.checked(proof.read(posted)))


@pytest.mark.parametrize("kind", ["several card", "several report", "lottery report"])
@pytest.mark.parametrize("change", [hostile, endless, enormous, tiny], ids=lambda change: change.__name__)
def test_slack_takes_the_largest_decision_that_core_opens(
    facts: dict[str, Facts], kind: str, change: Callable[[str, Any], Any]
):
    """Eight options, five measures."""
    measures = [
        measure
        | {"number": number, "options": [measure["options"][n % 2] | {"number": n + 1} for n in range(8)]}
        for number, measure in enumerate((*facts[kind]["measures"], *facts[kind]["measures"][:2]), 1)
    ]
    made = message(kind, changed(facts[kind] | {"measures": measures}, change))

    assert check_message(made) == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in (*KINDS, "recorded report") if kind not in {"allowance", "audit", "unreachable"}],
)  # These quote nobody.
def test_what_people_typed_mentions_nobody(facts: dict[str, Facts], kind: str):
    made = message(kind, changed(facts[kind], hostile))
    marked = "\n".join([made["text"], *marked_texts(made["blocks"])])

    assert "<!channel>" not in marked
    assert "<b>" not in marked
    assert "&lt;!channel&gt; &amp; &lt;b&gt;" in marked
    assert "&amp;lt;" not in marked


@pytest.mark.parametrize("kind", KINDS)
def test_no_report_calls_a_price_an_effect(facts: dict[str, Facts], kind: str):
    assert causal(read(message(kind, facts[kind]))) == ""


@pytest.mark.parametrize("state", ["open", "closed", "chosen", "withdrawn", "settled"])
def test_every_stage_of_a_card_can_be_drawn(facts: dict[str, Facts], state: str):
    """Before and after something was recorded, chosen or withdrawn, and while it trades and not."""
    for chosen, recorded, is_trading in ((None, False, True), ("Hold", True, False), (None, True, False)):
        if state in {"chosen", "settled"} and chosen is None:
            continue
        stage = {"state": state, "chosen": chosen, "recorded": recorded, "is_trading": is_trading}
        made = message("card", facts["card"] | stage | {"final_at": AT if recorded else None})
        assert check_message(made) == []


def test_the_spread_report_says_what_its_numbers_mean_and_cost(facts: dict[str, Facts]):
    said = read(message("report", facts["report"]))

    assert (
        "given that the option is chosen by its deciders, the way they choose. It is not the effect" in said
    )
    assert "*Cost to flip:* somebody could make Release and Hold level by putting" in said
    assert "on average." in said
    assert (
        "*Behind it:* 2 people traded; by what they hold they count as 1.4. Without any one of them" in said
    )
    assert "Deciders and the metric owner may not." in said
    assert (
        "Release is priced highest on Helpfulness score: 64.0 points if chosen, 7.1 points above Hold,"
        in said
    )
    assert "A correlation of 0.16 between unseen quality and choice could explain all of the gap." in said


def with_spread(facts: Facts, **changes: Any) -> Facts:
    """The facts of one measure with another spread."""
    (measure,) = facts["measures"]
    return facts | {"measures": [measure | {"spread": measure["spread"] | changes}]}


def untraded(facts: Facts) -> Facts:
    (measure,) = facts["measures"]
    lines = [line | {"trades": 0} for line in measure["options"]]
    return facts | {"traders": 0, "measures": [measure | {"options": lines}]}


@pytest.mark.parametrize(
    ("spread_of", "why"),
    [
        ({"resolvable": 9e6}, "but this market cannot show less than 9.0 points"),
        ({"error": 8e6}, "but it hangs on single people: without one it could differ by about 8.0 points"),
        ({"people": 1}, "but one person alone holds shares behind that"),
        ({"people": 0}, "but nobody holds shares behind that"),
    ],
)
def test_where_nothing_is_ranked_no_word_says_who_is_ahead(
    facts: dict[str, Facts], spread_of: dict[str, Any], why: str
):
    """Exchanging who leads and who follows changes no word of report, notification, modal, More or card."""

    def words_of(leader: str, follower: str) -> list[str]:
        names = {"leader": leader, "follower": follower, "ranked": False}
        report = with_spread(facts["report"], **names, **spread_of)
        card = with_spread(
            facts["card"], **{"resolvable": 1e6, "error": 1e6, "people": 2, **names, **spread_of}
        )
        said = [read(message("report", report)), message("report", report)["text"], *spread.plain(report)]
        return [*said, read(message("card", card)), *more.items(report)]

    said = "\n".join(words_of("Release", "Hold"))
    # What lies between them without assumptions is said in the options' order, of a number that is the leader's.
    turned = [each for each in words_of("Hold", "Release") if not each.startswith("*4.")]
    assert turned == [each for each in words_of("Release", "Hold") if not each.startswith("*4.")]
    assert (
        f"On Helpfulness score the options are not ranked: 7.1 points lie between them on 24 h average, {why}."
        in said
    )
    assert "highest" not in said.replace("The highest of 2 options looks too good", "")
    assert "above" not in said
    assert "ahead" not in said


def test_a_ranking_says_rank_and_level_apart(facts: dict[str, Facts]):
    report, card = facts["report"], with_spread(facts["card"], ranked=True)

    assert (
        "Release is priced highest on Helpfulness score: 64.0 points if chosen"
        in message("report", report)["text"]
    )
    assert re.search(
        r"\nRelease is priced highest: \*\d\.\d points\* above Hold, on average so far",
        read(message("card", card)),
    )


def test_once_the_choice_is_final_the_headline_says_levels_alone(facts: dict[str, Facts]):
    said = message("report", with_spread(facts["report"] | {"state": "chosen"}, ranked=None))["text"]

    assert (
        "Helpfulness score is priced at 64.0 points if Release, 56.9 points if Hold, on 24 h average." in said
    )


def test_what_nobody_traded_is_said_of_the_past_once_trading_is_over(facts: dict[str, Facts]):
    """The caveats say so too, and whatever state it is in there are three."""
    open_still, over = (untraded(facts["report"]) | {"state": state} for state in ("open", "closed"))

    assert "Nobody has traded yet: these are the base rates" in message("report", open_still)["text"]
    assert "Nobody traded: these are the base rates" in message("report", over)["text"]
    assert "yet" not in read(message("report", over))
    assert "*Too fine to see:* between Release and Hold this market cannot show less than" in read(
        message("report", open_still)
    )


@pytest.mark.parametrize("state", ["open", "closed", "chosen", "withdrawn", "settled"])
@pytest.mark.parametrize("kind", ["report", "several report"])
def test_a_report_has_three_caveats_and_one_chart_in_any_state(
    facts: dict[str, Facts], kind: str, state: str
):
    report = facts[kind] | {"state": state, "chosen": "Hold"}
    for told in (report, report | {"traders": 0}):
        made = message(kind, told)
        caveats = [block for block in made["blocks"] if block["block_id"].startswith("caveats")]
        charts = [block for block in made["blocks"] if block["type"] == "data_visualization"]

        assert sum(line.startswith("• *") for line in read({"blocks": caveats}).splitlines()) == 3
        assert len(charts) == 1


def older(node: Any) -> Any:
    """Facts as they were kept before reports said how far to trust them."""
    new = {
        "trust",
        "median",
        "lagged",
        "moved",
        "opened",
        "resolvable",
        "error",
        "people",
        "ranked",
        "declared",
        "deciders",
    }
    if isinstance(node, dict):
        return {name: older(each) for name, each in node.items() if name not in new}
    return [older(each) for each in node] if isinstance(node, list | tuple) else node


def test_a_report_that_was_kept_before_there_was_more_to_say_can_still_be_drawn(facts: dict[str, Facts]):
    for kind in ("report", "several report"):
        made = message(kind, older(facts[kind]))
        assert check_message(made) == []
        assert "Spread report" in read(made)
        assert len(more.items(older(facts[kind]))) == 13
        assert spread.plain(older(facts[kind]))


def test_more_says_all_thirteen_points_each_with_its_number(facts: dict[str, Facts]):
    said = more.items(facts["report"])

    assert [each.partition(".")[0] for each in said] == [f"*{number}" for number in range(1, 14)]
    assert "It is not" not in said[0]
    assert "That is not the effect of choosing it." in said[0]
    assert "There is no lottery, so no option is drawn" in said[1]
    assert "They declared the chances of being chosen: Release 40" in said[2]
    assert "so that 50% each is assumed." in more.items(facts["report"] | {"declared": None})[2]
    assert (
        "Release rather than Hold could make a difference of anything from -18.8 points to +25.2 points"
        in said[3]
    )
    assert (
        "A correlation of 0.16 between unseen quality and choice could explain all of the gap of 7.1"
        in said[4]
    )
    assert "one of 0.1 moves it by about 3.5 points (at most 4.4 points)" in said[4]
    assert "none chosen by people: no evidence yet; none drawn by lottery: no evidence yet." in said[5]
    assert (
        "Release: 64.0 points now, average 64.0, median 64.0, lagged average 64.0; now less average"
        in said[6]
    )
    assert "Smallest difference that can show, if looking costs 1 credit: Release 1.8 points" in said[6]
    assert "lost on average (3.99 credits counting that it may not settle)" in said[6]
    assert "2 people traded. By what they hold they count as 1.4; the largest has 84%." in said[7]
    assert "Leave-one-out standard error of the gap: 1.0 points." in said[7]
    assert "may not trade: 0% is theirs." in said[7]
    assert "The highest of 2 options looks too good by about 0.5 points" in said[8]
    assert "never scored" in said[9]
    assert "Credits are locked for 30 days, which at 20% a year" in said[10]
    assert "The band is 0.7 points wide." in said[10]
    assert "1 item arrived after the close" in said[11]
    assert "traders expect if chosen" in said[12]


def test_declared_chances_are_said_and_which_way_choice_by_merit_distorts(facts: dict[str, Facts]):
    report = facts["report"] | {"declared": [0.7, 0.3]}
    (measure,) = report["measures"]
    trust = {"is_leader_likelier": False, "rho_by_merit": 0.4}
    unlikely = report | {"measures": [measure | {"trust": measure["trust"] | trust}]}
    likely = report | {"measures": [measure | {"trust": measure["trust"] | {"is_leader_likelier": True}}]}

    assert "They declared the chances of being chosen: Release 70% and Hold 30%." in more.items(report)[2]
    assert "choice by merit alone explains all of it at 0.40" in more.items(unlikely)[4]
    assert "so choice by merit understates its lead" in more.items(likely)[4]


@pytest.mark.parametrize("kind", ["report", "several report", "lottery report"])
@pytest.mark.parametrize("change", [hostile, endless, enormous, tiny], ids=lambda change: change.__name__)
def test_more_fits_into_a_modal(facts: dict[str, Facts], kind: str, change: Callable[[str, Any], Any]):
    said = more.items(changed(facts[kind], change))

    assert check_view(rendered(notice("More on D-1", *said))) == []
    assert "<!channel>" not in str(said)


@pytest.mark.parametrize(
    "kind", ["card", "several card", "several report", "recorded report", "lottery report"]
)
@pytest.mark.parametrize("change", [hostile, endless, enormous, tiny], ids=lambda change: change.__name__)
def test_the_report_fits_into_a_modal(facts: dict[str, Facts], kind: str, change: Callable[[str, Any], Any]):
    said = spread.plain(changed(facts[kind], change))

    assert check_view(rendered(notice("Report D-1", *said))) == []
    assert "<!channel>" not in str(said)


@pytest.mark.parametrize(
    ("ranked", "said"),
    [(True, "traders price the effect of assigning"), (False, "not enough to rank them"), (None, "")],
)
def test_an_effect_is_priced_only_where_the_drawn_options_may_be_ranked(
    facts: dict[str, Facts], ranked: bool | None, said: str
):
    """Once one is drawn for good nothing tells any more whether they might be: levels stand alone."""
    report = facts["lottery report"]
    (measure,) = report["measures"]
    drawn = measure | {"drawn_spread": measure["drawn_spread"] | {"gap": 5e6, "ranked": ranked}}
    effect = next(
        each for each in lottery.lines(report | {"measures": [drawn]}) if "Effect of assigning" in each
    )

    assert "is drawn" in effect
    assert said in effect
    assert ("rather than" in effect) is (ranked is True)


@pytest.mark.parametrize("trades", [0, 3])
def test_where_a_lottery_always_decides_every_price_is_of_what_it_draws(facts: dict[str, Facts], trades: int):
    """Report, card and More: no word of what people might have chosen, nor of how choice could distort."""
    report = facts["lottery report"]
    (measure,) = report["measures"]
    lines = [line | {"trades": trades} for line in measure["drawn"]]
    spread = measure["drawn_spread"] | {"ranked": bool(trades)}
    only = measure | {"options": lines, "spread": spread, "drawn": (), "drawn_spread": None, "is_drawn": True}
    of = report["lottery"] | {"probability": 1_000_000}
    certain = report | {"measures": [only], "lottery": of, "traders": trades}
    said = read(message("lottery report", certain)) + read(message("lottery card", certain))

    assert "people never choose here" in said.lower()
    assert "If drawn" in said
    assert "a gap is the effect of assigning" in said
    assert "chosen" not in said
    assert not re.search(r"\bchosen\b", " ".join(more.items(certain)[:5]))


def test_a_card_of_what_was_drawn_prices_nothing_that_people_might_have_chosen(facts: dict[str, Facts]):
    """That is paid by nothing any more."""
    lot = facts["lottery card"]["lottery"] | {"awaits": False}
    card = facts["lottery card"] | {"state": "drawn", "chosen": "North", "lottery": lot}

    assert "as priced if that option is chosen" not in read(message("card", card))
    assert "if drawn: North" in read(message("card", card))
    assert "as priced if that option is chosen" in read(message("card", facts["lottery card"]))


def test_a_report_says_how_much_of_the_gap_was_there_at_opening(facts: dict[str, Facts]):
    """Base rates are the opener's, and no evidence; of a report that was kept before they are not known."""
    (measure,) = facts["report"]["measures"]
    first, second = measure["options"]
    turned = measure | {"options": [first | {"opened": 58e6}, second | {"opened": 62e6}]}
    unranked = turned | {"spread": turned["spread"] | {"ranked": False}}

    assert "The base rates at opening lay 4.0 points apart." in read(message("report", facts["report"]))
    assert "lay 4.0 points apart, the other way round." in caveats.at_opening(turned)
    assert "lay 4.0 points apart." in caveats.at_opening(unranked)
    assert "base rates at opening" not in read(message("report", older(facts["report"])))


def test_a_lottery_says_effect_of_what_is_drawn_and_evidence_of_what_is_chosen(facts: dict[str, Facts]):
    """Their difference stands beside the number of people who made it, or not at all."""
    said = read(message("lottery report", facts["lottery report"]))
    (measure,) = facts["lottery report"]["measures"]
    alike = facts["lottery report"] | {"measures": [measure | {"traded_apart": 0}]}

    assert "*Effect of assigning (Score):*" in said
    assert "It is not the effect of choosing it." in said
    assert "*Chosen minus drawn:* North +" in said
    assert "1 person traded the twins apart" in said
    assert "so their difference says nothing" in read(message("lottery report", alike))
    assert "Commitment: `" in said


def test_only_who_must_decide_gets_buttons_and_only_when_it_is_time(facts: dict[str, Facts]):
    closed = facts["report"] | {"state": "closed", "recorded": False}

    assert pressed(message("report", closed)) == ["record", "withdraw", "late", "report_more"]
    assert pressed(message("report", closed | {"recorded": True})) == ["report_more"]
    assert pressed(message("report", closed | {"state": "open"})) == ["report_more"]
    assert pressed(message("reading_due", facts["reading_due"])) == ["file"]


def test_the_outcome_says_what_was_priced_and_what_happened(facts: dict[str, Facts]):
    said = read(message("outcome", facts["outcome"]))

    assert "Helpfulness score came to 71 points. Before the close it was priced at" in said
    assert "*Hold* was chosen: More is gained than lost." in said
    assert "Opening, from the base rate\n58.0 points" in said
    assert "What happened\n71 points" in said
    assert "1 trade by 1 person on this option" in said


def test_an_option_that_was_added_later_is_marked(facts: dict[str, Facts]):
    """On the card, in the table, in the modal, and among the caveats."""
    (measure,) = facts["card"]["measures"]
    first, second = measure["options"]
    late = {"measures": [measure | {"options": [first, second | {"added_at": AT}]}]}
    report = message("report", facts["report"] | late)

    assert "• Hold: *" in read(message("card", facts["card"] | late))
    assert f"* (added <!date^{AT}^" in read(message("card", facts["card"] | late))
    assert "Hold (added later)" in read(report)
    assert "*Added later:* Hold trades only since <!date^" in read(report)
    assert "• Hold (added later): " in "\n".join(spread.plain(facts["card"] | late))
    assert "added" not in read(message("card", facts["card"])) + read(message("report", facts["report"]))


def test_a_lapse_is_told_as_nobodys_decision(facts: dict[str, Facts]):
    lapsed = facts["recorded"] | {"option": None, "recorded_by": None}

    assert "was not decided in time and counts as withdrawn." in message("recorded", lapsed)["text"]
    assert "<@" not in message("recorded", lapsed)["text"]


def test_a_single_credit_is_spoken_of_as_one(facts: dict[str, Facts]):
    for kind in ("paid", "returned"):
        said = message(kind, facts[kind] | {"credits": 1_000_000})["text"]
        assert "1 credit" in said
        assert "1 credits" not in said
        assert "1 credit are" not in said


def test_a_report_lists_every_value_that_was_read_every_draw_and_every_breach(facts: dict[str, Any]):
    """In their order; a report of before they were listed tells its one draw."""
    drew = {"option": None, "beacon_value": "7", "digest": "", "by": "U1", "at": 30, "final_at": 40}
    readings = [
        {"word": word, "value": value, "by": by, "at": at}
        for word, value, by, at in (("proposed", "8", "U1", 10), ("disputed", "7`", "U2", 20))
    ]
    breach = {"kind": "misread", "reason": "So.", "by": "U2", "at": 90, "before": "9", "after": "7"}
    said = {"drawn": drew, "readings": readings, "breaches": [breach]}
    report = facts["lottery report"]
    of = (
        report["lottery"]
        | said
        | {"draws": [drew, drew | {"option": "North", "beacon_value": "9", "at": 60}]}
    )
    lines = lottery.lines(report | {"lottery": of})
    old = lottery.lines(report | {"lottery": report["lottery"] | {"drawn": drew, "draws": ()}})

    assert [line.partition("<!date")[0] for line in lines[-5:]] == [
        "*Beacon read:* `8` by <@U1> ",
        "*Beacon read:* `7'` by <@U2> ",
        "*Drawn:* nothing, so people decide, by `7`, read by <@U1>, ",
        "*Drawn:* *North*, by `9`, read by <@U1>, ",
        "*Breach:* the beacon said something else than what was drawn by (`9`, not `7`), recorded by <@U2> ",
    ]
    assert old[-1].startswith("*Drawn:* nothing")


def test_a_breach_of_a_kind_that_is_no_more_is_told_in_plain_words(facts: dict[str, Any]):
    breach = {"kind": "corrected", "reason": "So.", "by": "U2", "at": 90}
    report = facts["lottery report"]
    kept = report | {"lottery": report["lottery"] | {"breaches": [breach]}}
    said = "Breach:* what was promised was not kept, recorded by <@U2>"

    assert said in read(message("report", kept))
    assert "what was promised was not kept" in more.items(kept)[11]


def test_what_arrived_late_is_on_record_among_breaches(facts: dict[str, Any]):
    late = {"kind": "late", "by": "U1", "at": 90, "text": "A call.", "links": ()}
    noted = {"reason": None, "unpriced": None, "links": (), "by": None, "at": None, "notes": (late,)}

    assert "None is on record here." in more.items(facts["report"] | {"on_record": None})[11]
    assert "1 item arrived after the close" in more.items(facts["report"] | {"on_record": noted})[11]


def test_a_report_whose_question_is_answered_asks_nobody(facts: dict[str, Any]):
    closed = facts["report"] | {"state": "closed", "recorded": False, "lottery": None}

    assert "Record the decision" in str(message("report", closed))
    assert "Record the decision" not in str(message("report", closed | {"is_answered": True}))
    assert "More" in str(message("report", closed | {"is_answered": True}))


def test_what_rests_on_chances_that_nobody_declared_says_so(facts: dict[str, Any]):
    """The correlation in the short caveat, and in More also the interval without any assumption."""
    (measure,) = facts["report"]["measures"]
    trust = measure["trust"] | {"rho": 0.4}
    ranked = measure | {"trust": trust, "spread": measure["spread"] | {"ranked": True}}
    undeclared = facts["report"] | {"measures": [ranked], "declared": None}
    declared = undeclared | {"declared": (0.7, 0.3)}
    assumed = "if both are equally likely to be chosen"

    for report, times in ((undeclared, 1), (declared, 0)):
        said = more.items(report)
        assert [caveats.three(report)[0].count(assumed), said[3].count(assumed), said[4].count(assumed)] == [
            times
        ] * 3
