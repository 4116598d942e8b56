"""What is told of readings, of objections to them, and of limit orders: whole sentences, and the next step."""

from live import read
from lives import Facts, message, pressed

from core.markets.resting import Ending


def test_an_option_that_was_added_is_told_and_can_be_traded_at_once(facts: dict[str, Facts]):
    made = message("option_added", facts["option_added"])

    assert "has one more option: Delay, added by <@U0ADA>. What you have put" in made["text"]
    assert pressed(made) == ["trade"]


def test_a_reading_can_be_doubted_and_the_doubt_ruled_on(facts: dict[str, Facts]):
    """Each of the three announcements offers the next step."""
    reading, ruled = facts["reading"], facts["ruled"]
    again = message("reading", reading | {"number": 2})
    upheld = message("ruled", ruled | {"is_upheld": True})

    assert (
        "has its reading, filed by <@U0MONA>: Helpfulness score came to 71 points."
        in message("reading", reading)["text"]
    )
    assert "has a new reading" in again["text"]
    assert pressed(again) == ["object"]
    assert (
        "<@U0EMIL> objects to the reading of Helpfulness score."
        in message("objected", facts["objected"])["text"]
    )
    assert "> It counts one twice." in read(message("objected", facts["objected"]))
    assert pressed(message("objected", facts["objected"])) == ["rule"]
    assert "<@U0ADA> dismissed the objection" in message("ruled", ruled)["text"]
    assert pressed(message("ruled", ruled)) == []
    assert "upheld the objection" in upheld["text"]
    assert "the metric's owner files it anew." in upheld["text"]
    assert pressed(upheld) == ["file"]


def test_a_void_reading_says_how_everybody_is_paid(facts: dict[str, Facts]):
    made = message("reading", facts["reading"] | {"value": None, "source": "The dashboard was down"})

    assert "was never measured. Everybody is paid <!date^" in made["text"]
    assert " by the average prices of the 24 h before the close, unless somebody objects." in made["text"]
    assert "> Why: The dashboard was down" in read(made)
    assert "None" not in read(made)


def test_a_limit_order_is_told_of_in_whole_sentences(facts: dict[str, Facts]):
    """What was traded, what still waits, why it ended, and what came back; in credits or in shares."""
    part, ended = facts["filled"], facts["order_ended"]
    sale = {"is_sale": True, "left": 12_500_000}
    question = {"decision_id": None, "option": "", "outcomes": ["YES", "NO"]}

    said = message("filled", part)["text"]
    assert said.startswith(
        "Your limit order O-1 in D-1 “Do we release the longer context window this quarter?” bought "
    )
    assert " Higher shares on Release for " in said
    assert said.endswith(" credits.")
    assert "Still waiting: " in said
    assert message("filled", part | {"left": 0})["text"].endswith(" credits. It is filled.")
    assert message("filled", part | sale)["text"].endswith("Still waiting: 12.50 Higher shares.")
    assert "Yes shares for" in message("filled", part | question)["text"]
    said = message("order_ended", ended)["text"]
    assert (
        "to buy Higher shares on Release while Helpfulness score is priced at 64 points or less has ended: "
        "trading has closed for the decision." in said
    )
    assert said.endswith(" credits.")
    said = message("order_ended", ended | sale | {"why": "expired", "outcome": 1})["text"]
    assert "priced at 64 points or less has ended: its time is over." in said
    assert said.endswith("What it still held is yours again: 12.50 Lower shares.")
    before = {name: fact for name, fact in ended.items() if name not in {"value", "metric", "unit"}}
    assert "Release at 0.600 credits each has ended" in message("order_ended", before)["text"]
    assert "yours again" not in message("order_ended", ended | {"left": 0})["text"]
    reasons = [message("order_ended", ended | {"why": why})["text"] for why in Ending]
    assert len(set(reasons)) == len(Ending)


def test_a_big_move_says_what_is_held_and_what_it_would_bring_and_offers_to_act(facts: dict[str, Facts]):
    """Of a question that hangs on no decision it says no option, and names it by its market."""
    moved = facts["moved"]
    made, said = message("moved", moved), read(message("moved", moved))
    first = moved["held"][0]
    bins = [first | {"name": "60", "free": 0}, first | {"outcome": 3, "name": "70", "shares": 2_500_000}]
    loose = {"decision_id": None, "option": None, "is_final": True, "question": "Score", "held": bins}

    assert " moved against what you hold. Selling all of it would bring " in made["text"]
    assert (
        "Higher shares* on Release.\nHelpfulness score if Release is priced at *56.0 points* (<!date^" in said
    )
    assert " credits* instead of " in said
    assert pressed(made) == [f"sell:{moved['market_id']}:0", "trade"]
    said = read(message("moved", moved | loose))
    assert f"M-{moved['market_id']} “Score” moved against what you hold" in said
    assert "shares around 60 points and 2.50 shares around 70 points*.\nIt is priced at" in said
    assert pressed(message("moved", moved | loose)) == [f"sell:{moved['market_id']}:3", "trade"]
