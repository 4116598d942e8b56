"""Filing a reading: by its metric's owner, once it is decided, within or beyond the range, or without a value."""

from dataclasses import replace

import pytest
import varied
from acts import balance, counts, decide, file_reading, identity, settle, start_trade, trade, type_amount
from live import COMMITTEE, Live, Person, option_of, read

from bot import words
from core.exchange import defining
from core.units import MICRO


def test_only_the_owner_files_it(live: Live, emil: Person, carol: Person):
    for person in (emil, carol):
        assert "Only the owner of the metric can file its reading." in person.type("/decision metric D-1")
        assert person.state["views"] == []


def test_an_admin_can_only_say_that_it_was_never_measured(live: Live, ada: Person, carol: Person):
    """Where an owner is gone, somebody must be able to end it; a value is the owner's alone."""
    assert "is not decided yet" in ada.type("/decision metric D-1")
    decide(live, carol, "Release")
    ada.type("/decision metric D-1")
    choices = [option["text"]["text"] for option in ada.element("measured")["options"]]
    ada.submit(source={"value": "Mona left"})
    ada.submit()

    assert choices == ["It was never measured"]
    assert "Filed." in read(ada.modal)
    assert "filed by <@U0ADA>" in read(ada.wait_for("never measured"))
    assert ada.state["warnings"] == []


def test_before_it_is_decided_it_says_what_comes_first(live: Live, mona: Person):
    """While it trades, and after the close."""
    assert "is not decided yet" in mona.type("/decision metric D-1")
    live.advance(days=7, hours=1)
    assert "is not decided yet" in mona.type("/decision metric D-1")
    assert mona.state["views"] == []


def test_a_reading_counts_as_its_definition_rounds_and_says_so(live: Live, carol: Person, mona: Person):
    said = live.read(defining.versions, "", 1).in_force.definition
    other = replace(said, decimals=0, source="The board")
    live.write(defining.propose, identity("U0MONA"), 1, other, identity("U0MONA"), "Whole points.")
    live.write(defining.approve, identity("U0CAROL"), 1, 2)
    decide(live, carol, "Release")
    mona.type("/decision metric D-1")
    assert "Source: The board\nIt is rounded half up, to whole numbers." in read(mona.modal)
    mona.submit(value={"value": "71.5"}, source={"value": "The board"})

    assert "Filed. It counts as *72 points*, as its definition rounds." in read(mona.modal)
    assert "came to *72 points*" in read(carol.wait_for(", filed by <@U0MONA>"))


def test_a_reading_ends_trading_and_is_told(live: Live, emil: Person, carol: Person, mona: Person):
    decide(live, carol, "Release")
    start_trade(emil)
    type_amount(emil, "5")
    mona.type("/decision metric D-1")
    said = read(mona.modal)
    assert "Values below 40 points or above 80 points settle as these ends. Filing it ends trading." in said
    assert "Value, points" in said
    assert "takes its place" not in said
    mona.submit(value={"value": "71.25"}, source={"value": "<b>Board</b> & co"})
    assert "Filed. Trading has ended" in read(mona.modal)
    mona.close()
    for channel in ("C0MARKETS", COMMITTEE):
        told = read(carol.wait_for("has its reading, filed by <@U0MONA>", channel))
        assert "came to *71.25 points*" in told
        assert "Source: &lt;b&gt;Board&lt;/b&gt; &amp; co" in told
    assert "ended for good" in str(emil.submit()["errors"])
    assert mona.state["warnings"] == []


def test_a_reading_can_be_filed_anew_until_it_is_final(live: Live, carol: Person, mona: Person):
    """The form says that one stands and until when; the newest is the one that settles."""
    decide(live, carol, "Release")
    file_reading(mona, "71.25")
    mona.type("/decision metric D-1")
    said = read(mona.modal)
    assert "It was filed as *71.25 points*, <!date^" in said
    assert "what you file here takes its place." in said
    mona.submit(value={"value": "50"}, source={"value": "The second count"})
    assert "came to *50 points*" in read(carol.wait_for("has a new reading, filed by <@U0MONA>"))
    mona.close()
    mona.type("/decision metric D-1")  # Left open until it is too late.

    live.advance(days=1, hours=1)
    assert "Helpfulness score came to 50 points." in read(mona.wait_for("Outcome D-1"))
    answer = mona.submit(value={"value": "60"}, source={"value": "Too late"})
    assert "D-1 is settled" in str(answer["errors"])
    mona.close()
    assert "D-1 is settled" in mona.type("/decision metric D-1")
    assert counts(live)["reading"] == 2
    assert mona.state["warnings"] == []


def test_what_was_never_measured_is_paid_by_the_average_prices(live: Live, emil: Person, carol: Person):
    """The form says what follows before it is filed; so does the outcome, and nobody wins or loses by a number."""
    mona = live.person("U0MONA")
    trade(emil, "100")
    decide(live, carol, "Release")
    paid = varied.line(live, "Release", "Helpfulness score", 1).average
    average = words.value(paid, "points", 40 * MICRO, 80 * MICRO)
    mona.type("/decision metric D-1")
    mona.fill("measured", option_of(mona.element("measured"), "It was never measured"))
    said = read(mona.modal)
    assert "shares are paid by the average prices of the 24 h before the close" in said
    assert f"in which the market expected *{average}* if Release" in said
    assert [block["block_id"] for block in mona.modal["blocks"]][-2:] == ["consequence", "source"]
    mona.submit(source={"value": "The dashboard was down"})
    look = read(mona.modal)
    shares = 171_390_001 * (paid - 40 * MICRO) / (40 * MICRO)
    assert "You are about to file that *Helpfulness score* was never measured." in look
    assert f"1 person has shares, which are paid *{words.credits(round(shares))}* in all" in look
    assert "Trading on it ends at once, and for good." in look
    assert "> The dashboard was down" in look
    assert counts(live)["reading"] == 0
    mona.submit()
    assert "Filed." in read(mona.modal)
    mona.close()

    told = read(emil.wait_for("has its reading, filed by <@U0MONA>"))
    assert "was *never measured*. Everybody is paid <!date^" in told
    assert " by the average prices of the 24 h before the close, unless somebody objects." in told
    live.advance(days=1, hours=1)
    said = read(emil.wait_for("Outcome D-1"))
    assert f"by the average prices of the 24 h before the close: they made it {average}." in said
    assert "What happened\nnever measured" in said
    emil.wait_for("is settled. Your shares paid", "D0EMIL")
    assert balance(live, "U0EMIL") - 400 * MICRO == pytest.approx(shares, abs=MICRO / 100)
    assert emil.state["warnings"] == []


def test_a_form_that_was_submitted_before_it_was_redrawn_is_shown_first(
    live: Live, carol: Person, mona: Person
):
    """Whoever is quicker than the form must have read what it means that nothing was measured."""
    decide(live, carol, "Release")
    mona.type("/decision metric D-1")
    never = option_of(mona.element("measured"), "It was never measured")
    mona.submit(measured=never, value={"value": "1"}, source={"value": "Down"})
    assert "in which the market expected" in read(mona.modal)
    assert counts(live)["reading"] == 0

    mona.submit()
    mona.submit()
    assert "Filed." in read(mona.modal)
    assert counts(live)["reading"] == 1


def test_the_owner_of_several_metrics_chooses_which(live: Live, carol: Person, mona: Person):
    """Among those of the option that was chosen; each with its own wording and range, until each is final."""
    varied.open_varied(live)
    decide(live, carol, "Release", "D-2")
    mona.type("/decision metric D-2")
    offered = [option["text"]["text"] for option in mona.element("metric")["options"]]
    assert offered == ["Helpfulness score", "Trust in us", "Incidents"]
    assert "Value, points" in read(mona.modal)
    mona.fill("metric", option_of(mona.element("metric"), "Incidents"))
    said = read(mona.modal)
    assert "Incidents, as counted a month later." in said
    assert "Values below 0 reports or above 40 reports settle as these ends." in said
    assert "Value, reports" in said
    mona.submit(value={"value": "17"}, source={"value": "The tracker"})
    mona.close()
    assert "Incidents came to *17 reports*" in read(carol.wait_for("has its reading"))

    mona.type("/decision metric D-2")
    assert "It was filed as" not in read(mona.modal), "what has no reading is offered first"
    mona.fill("metric", option_of(mona.element("metric"), "Incidents"))
    assert "It was filed as *17 reports*" in read(mona.modal)
    mona.close()
    live.advance(days=1, hours=1)
    mona.type("/decision metric D-2")
    offered = [option["text"]["text"] for option in mona.element("metric")["options"]]
    assert offered == ["Helpfulness score", "Trust in us"]
    assert mona.state["warnings"] == []


def test_the_metric_of_an_option_that_was_not_chosen_is_not_read(live: Live, carol: Person):
    """Its owner is told why there is nothing to file."""
    esra = live.person("U0ESRA")
    varied.open_varied(live)
    decide(live, carol, "Release", "D-2")

    assert "Trust in them is not read any more" in esra.type("/decision metric D-2")
    assert "Needs you" not in read(esra.home())
    assert esra.state["views"] == []


def test_a_reading_that_became_final_meanwhile_is_refused_under_the_field(
    live: Live, carol: Person, mona: Person
):
    """Also where another metric of the same form could still be filed."""
    varied.open_varied(live)
    decide(live, carol, "Release", "D-2")
    file_reading(mona, "70", "D-2", "Helpfulness score")
    mona.type("/decision metric D-2")
    mona.fill("metric", option_of(mona.element("metric"), "Helpfulness score"))
    live.advance(days=1, hours=1)
    answer = mona.submit(value={"value": "60"}, source={"value": "Too late"})

    assert "The reading of Helpfulness score is final." in str(answer["errors"])
    assert counts(live)["reading"] == 1


@pytest.mark.parametrize(("value", "paid_most"), [("1000", True), ("-12.5", False)])
def test_a_value_beyond_the_range_settles_as_its_end(
    live: Live, emil: Person, carol: Person, mona: Person, value: str, paid_most: bool
):
    """The outcome names the value that was filed; the shares pay as at the end."""
    trade(emil, "100")
    decide(live, carol, "Release")
    settle(live, mona, value)
    written = value.replace("1000", "1,000")
    assert f"Helpfulness score came to {written} points." in read(emil.wait_for("Outcome D-1"))

    emil.wait_for("is settled. Your shares paid", "D0EMIL")
    assert balance(live, "U0EMIL") > 570 * MICRO if paid_most else balance(live, "U0EMIL") == 400 * MICRO
    assert emil.state["warnings"] == []


def test_the_owner_is_asked_once_trading_has_ended(live: Live, carol: Person, mona: Person):
    """By a direct message with a button that opens the form, and on Home."""
    decide(live, carol, "Release")
    live.advance(days=36)
    asked = mona.wait_for("needs you: trading has ended and Helpfulness score can be read now.", "D0MONA")
    mona.press(asked, "file", "D0MONA")
    assert mona.modal["title"]["text"] == "File the reading"
    mona.close()
    mona.home()
    mona.press_home("file")
    assert mona.modal["title"]["text"] == "File the reading"
