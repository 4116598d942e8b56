"""What is said in hindsight: two errors and no more than they prove, what the subsidy bought, and who agreed to be named."""

from typing import Any

import pytest
from live import read
from lives import Facts, message

from bot.reports import residuals


def said(facts: Facts, **changes: Any) -> str:
    """The summary with this changed in its only measure."""
    (measure,) = facts["measures"]
    return read(message("outcome", facts | {"measures": [measure | changes]}))


def test_the_errors_of_market_and_committee_stand_side_by_side(facts: dict[str, Facts]):
    made = said(facts["outcome"], value=71_000_000, closed_at_value=60_500_000.0, committee=66_000_000.0)

    assert (
        "the market's 24 h average before the close was 10.5 points off, the committee's mean forecast 5.0 points: "
        "the committee's was the closer one. One decision proves nothing about who forecasts better." in made
    )
    assert "What the committee had forecast\n66.0 points" in made


@pytest.mark.parametrize(
    ("committee", "verdict"), [(60e6, "the market's was the closer one"), (79.5e6, "equally far off")]
)
def test_who_was_closer_is_said_by_the_errors(facts: dict[str, Facts], committee: float, verdict: str):
    """Those of the same digits are equally far off."""
    made = said(facts["outcome"], value=71_000_000, closed_at_value=62.5e6 + 1_000, committee=committee)

    assert f": {verdict}. One decision proves nothing" in made


@pytest.mark.parametrize("changes", [{"committee": None}, {"committee": 66e6, "value": None, "bits": None}])
def test_nobody_is_compared_with_nothing(facts: dict[str, Facts], changes: dict[str, Any]):
    assert "closer" not in said(facts["outcome"], **changes)


def test_what_was_paid_is_told_with_how_much_likelier_it_made_what_happened(facts: dict[str, Facts]):
    bought = {"paid": 23_014_566, "bits": 0.416, "bits_at_close": 0.3, "credits_per_bit": 55.4558}

    assert (
        "it paid traders 23.01 credits. Prices made what happened 1.33 times as likely as at the opening, 0.42 bits, "
        "so 55.46 credits a bit; 0.30 bits stood in the 24 h average before the close."
        in said(facts["outcome"], **bought)
    )


@pytest.mark.parametrize(
    ("bits", "paid", "sentence"),
    [
        (
            -0.2,
            -5_000_000,
            "it got 5 credits from traders. Prices ended further from what happened than they opened",
        ),
        (
            0.001,
            0,
            "it paid nothing. Prices ended as near to what happened as they opened, so it bought nothing.",
        ),
        (
            None,
            5_000_000,
            "it paid traders 5 credits. What prices were worth cannot be said, since nothing was",
        ),
    ],
)
def test_where_nothing_was_bought_that_is_said(
    facts: dict[str, Facts], bits: float | None, paid: int, sentence: str
):
    made = said(facts["outcome"], bits=bits, paid=paid, credits_per_bit=None, bits_at_close=bits)

    assert sentence in made
    assert "a bit" not in made


def test_who_made_most_is_named_with_what_it_was(facts: dict[str, Facts]):
    """Core tells only who agreed; where nobody did, nothing is said."""
    named = [{"who": "T1/U0EMIL", "credits": 12_500_000}, {"who": "T1/U0ERIN", "credits": 3_000_000}]
    made = read(message("outcome", facts["outcome"] | {"named": named}))

    assert (
        "*Who made most of it*, of those who agreed to be named: <@U0EMIL> +12.50 credits and <@U0ERIN> +3 credits."
        in made
    )
    assert "Who made most" not in read(message("outcome", facts["outcome"]))


def test_summaries_of_before_say_what_they_can(facts: dict[str, Facts]):
    """They were kept without all this."""
    outcome, lately = facts["outcome"], {"committee", "paid", "bits", "bits_at_close", "credits_per_bit"}
    measures = [{k: v for k, v in each.items() if k not in lately} for each in outcome["measures"]]
    made = read(
        message("outcome", {k: v for k, v in outcome.items() if k != "named"} | {"measures": measures})
    )

    assert "What happened\n71 points" in made
    assert "subsidy" not in made


SOME = {"markets": 12, "decisions": 9, "mean": 0.0042, "interval": (-0.011, 0.0194)}
NONE = {"markets": 0, "decisions": 0, "mean": None, "interval": None}


def test_residuals_are_told_with_their_interval_or_with_no_evidence():
    assert residuals.sentence({"chosen": SOME, "drawn": NONE}) == (
        "So far 12 options chosen by people: on average 0.4 points of the range above what was priced "
        "(95% interval of the mean of 9 decisions: -1.1 to 1.9); none drawn by lottery: no evidence yet."
    )


def test_one_decision_is_no_evidence_of_a_bias():
    alone = {"markets": 1, "decisions": 1, "mean": -0.031, "interval": None}

    assert residuals.sentence({"chosen": alone, "drawn": alone | {"mean": 1e-9}}) == (
        "So far 1 option chosen by people: on average 3.1 points of the range below what was priced, all of one "
        "decision, from which nothing follows; 1 option drawn by lottery: on average what was priced, all of one "
        "decision, from which nothing follows."
    )


def test_what_was_drawn_is_said_to_be_and_whether_it_was_carried_out(facts: dict[str, Facts]):
    drawn = facts["outcome"] | {"is_drawn": True, "reason": None, "breaches": []}
    broken = {"kind": "not_carried_out", "reason": "The <lab> burned down."}
    made = read(message("outcome", drawn))

    assert "*Hold* was drawn by lottery." in made
    assert "Helpfulness score if Hold is drawn" in made
    assert "carried out" not in made
    assert (
        "*Hold* was drawn by lottery.\nIt was not carried out: The &lt;lab&gt; burned down.\n"
        "It is settled by what was drawn all the same."
        in read(message("outcome", drawn | {"breaches": [broken]}))
    )
    misread = {"kind": "misread", "reason": "So.", "by": "U2", "at": 90, "before": "9", "after": "7"}
    assert "*Hold* was drawn by lottery.\n*Breach:* the beacon said something else" in read(
        message("outcome", drawn | {"breaches": [misread]})
    )


@pytest.mark.parametrize("kind", ["outcome", "answer"])
def test_a_metric_that_was_changed_while_it_traded_is_marked_beside_what_came_of_it(
    facts: dict[str, Facts], kind: str
):
    changed = facts[kind] | {"redefined": [[90, "Score"]]}

    assert "Changed metric" not in read(message(kind, facts[kind]))
    assert "*Changed metric:* how Score is read was changed" in read(message(kind, changed))
