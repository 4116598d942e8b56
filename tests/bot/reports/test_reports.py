"""The reports: what they must always say, what they must never say, and that Slack takes them whatever they are about."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acts import marked_texts
from live import read
from lives import Facts, message, pressed

from bot.blocks import rendered
from bot.door import notice
from bot.reports import RENDERERS, proof, spread
from bot.workspace import check_message, check_view

ROOT = Path(__file__).parents[3]
HOSTILE = "<!channel> & <b>"
CAUSAL = (
    "causes",
    "will raise",
    "will lower",
    "improves",
    "leads to",
    "effect of the decision",
    "because of it",
)
AT = 1_796_047_200


SEVERAL = ("card", "report", "outcome", "reading", "reading_due", "paid")
OF_LOTTERY = ("card", "report", "outcome")
KINDS = [
    *sorted(RENDERERS),
    *(f"several {kind}" for kind in SEVERAL),
    *(f"lottery {kind}" for kind in OF_LOTTERY),
]


def changed(node: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    """The facts with every leaf changed, by the name it stands under."""
    if isinstance(node, dict):
        return {key: changed(each, change, key) for key, each in node.items()}
    if isinstance(node, list | tuple):
        return [changed(each, change, name) for each in node]
    return change(name, node)


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

    assert announced - {"history"} | {"card", "question"} == set(RENDERERS)  # A history is a picture.


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
    "kind", [kind for kind in KINDS if kind not in {"allowance", "audit", "unreachable"}]
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
    made = message(kind, facts[kind])
    said = read(made).casefold()

    assert [verb for verb in CAUSAL if verb in said] == []


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
    assert "*Behind it:* 2 people traded. Deciders and the metric owner may not." in said
    assert "higher if Release is chosen than if Hold is." in said


def test_the_headline_is_about_the_lead_and_about_nothing_where_there_is_none(facts: dict[str, Facts]):
    report = facts["report"]
    (measure,) = report["measures"]
    level = report | {"measures": [measure | {"spread": measure["spread"] | {"gap": 0.0}}]}
    untraded = report | {"traders": 0}

    assert "the same if Release or Hold is chosen" in message("report", level)["text"]
    assert "Nobody has traded yet" in message("report", untraded)["text"]


@pytest.mark.parametrize("kind", ["card", "several card", "lottery card"])
@pytest.mark.parametrize("change", [hostile, endless, enormous, tiny], ids=lambda change: change.__name__)
def test_the_report_fits_into_a_modal(facts: dict[str, Facts], kind: str, change: Callable[[str, Any], Any]):
    said = spread.plain(changed(facts[kind], change))

    assert check_view(rendered(notice("Report D-1", *said))) == []
    assert "<!channel>" not in str(said)


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

    assert pressed(message("report", closed)) == ["record", "withdraw"]
    assert pressed(message("report", closed | {"recorded": True})) == []
    assert pressed(message("report", closed | {"state": "open"})) == []
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
