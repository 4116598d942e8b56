"""Filing the reading: by the metric's owner, once it is decided, within or beyond the range."""

import pytest
from acts import balance, counts, decide, settle, start_trade, trade, type_amount
from live import COMMITTEE, Live, Person, read

from core.units import MICRO


def test_only_the_owner_files_it(live: Live, emil: Person, carol: Person, ada: Person):
    for person in (emil, carol, ada):
        assert "Only the owner of the metric can file its reading." in person.type("/decision metric D-1")
        assert person.state["views"] == []


def test_before_it_is_decided_it_says_what_comes_first(live: Live, mona: Person):
    """While it trades, and after the close."""
    assert "is not decided yet" in mona.type("/decision metric D-1")
    live.advance(days=7, hours=1)
    assert "is not decided yet" in mona.type("/decision metric D-1")
    assert mona.state["views"] == []


def test_a_reading_ends_trading_is_told_and_is_filed_once(
    live: Live, emil: Person, carol: Person, mona: Person
):
    decide(live, carol, "Release")
    start_trade(emil)
    type_amount(emil, "5")
    mona.type("/decision metric D-1")
    said = read(mona.modal)
    assert "Values below 40 points or above 80 points settle as these ends. Filing it ends trading." in said
    assert "Value, points" in said
    mona.submit(value={"value": "71.25"}, source={"value": "<b>Board</b> & co"})
    assert "Filed. Trading has ended" in read(mona.modal)
    mona.close()
    for channel in ("C0MARKETS", COMMITTEE):
        told = read(carol.wait_for("has its reading, filed by <@U0MONA>", channel))
        assert "came to *71.25 points*" in told
        assert "Source: &lt;b&gt;Board&lt;/b&gt; &amp; co" in told
    assert "ended for good" in str(emil.submit()["errors"])

    mona.type("/decision metric D-1")
    answer = mona.submit(value={"value": "50"}, source={"value": "Again"}) if mona.state["views"] else {}
    assert "filed already" in str(answer) or "filed already" in read(mona.messages()[-1])
    assert counts(live)["reading"] == 1
    assert mona.state["warnings"] == []


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
