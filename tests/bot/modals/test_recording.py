"""Recording a decision: by its deciders, after the close, with a look at what follows, once."""

import pytest
import varied
from acts import close_market, counts, deliver, record, submission, trade
from live import COMMITTEE, Live, Person, option_of, read
from lives import pressed

from core.exchange import reporting

NOTHING = {"unpriced": {"value": "Nothing."}}


def test_whoever_does_not_decide_is_told_so(live: Live, emil: Person, ada: Person):
    """Admins are no deciders; core checks it behind the form too."""
    for person in (emil, ada):
        assert "Only the people named as deciders" in person.type("/decision record D-1")
        assert person.state["views"] == []
    view = {"type": "modal", "callback_id": "record_confirm", "blocks": [], "state": {"values": {}}}
    answer = deliver(live, submission("U0EMIL", view | {"private_metadata": "[1, 1, 4, 0]Mine"})).json()

    assert "Only the people named as deciders" in read(answer["view"])
    assert counts(live)["record"] == 0


def test_before_the_close_it_says_when(live: Live, carol: Person):
    said = carol.type("/decision record D-1")

    assert "still open for trading" in said
    assert "<!date^" in said
    assert carol.state["views"] == []
    assert counts(live)["record"] == 0


def test_where_nobody_has_anything_the_review_says_so(live: Live, carol: Person):
    close_market(live, carol)
    carol.type("/decision record D-1", COMMITTEE)
    carol.submit(option=option_of(carol.element("option"), "Hold"), reason={"value": "So it is."}, **NOTHING)

    assert "Nobody has anything on the other options, so nothing goes back." in read(carol.modal)


@pytest.mark.parametrize("reason", ["More is gained than lost.", "&\n" * 500])
def test_after_the_close_it_is_reviewed_confirmed_and_said(live: Live, emil: Person, reason: str):
    """The review names what follows in numbers; the reason is told to everybody, as it was typed."""
    carol = live.person("U0CAROL")
    trade(emil, "100")
    close_market(live, carol)
    carol.type("/decision record D-1", COMMITTEE)
    carol.submit(option=option_of(carol.element("option"), "Hold"), reason={"value": reason}, **NOTHING)
    review = read(carol.modal)
    assert "You are about to record *Hold*" in review
    assert "a challenge window of 24 h" in review
    assert "what was put on Release (1 person) goes back: *100 credits* to 1 person in all." in review
    assert "Hold, of which 0 people hold shares, trades on until <!date^" in review
    assert counts(live)["record"] == 0

    carol.submit()
    assert "Recorded. It takes effect <!date^" in read(carol.modal)
    for channel in ("C0MARKETS", COMMITTEE):
        assert "is decided by <@U0CAROL>: *Hold*" in read(carol.wait_for("is decided by", channel))
    closing = carol.wait_for("Spread report D-1", COMMITTEE)
    assert pressed(closing) == ["report_more"]
    assert carol.state["warnings"] == []


def test_going_back_from_the_review_records_nothing(live: Live, carol: Person):
    """The review lies over the form; what was typed is still there."""
    close_market(live, carol)
    carol.type("/decision record D-1")
    carol.submit(option=option_of(carol.element("option"), "Hold"), reason={"value": "Because."}, **NOTHING)
    carol.act("close", view_id=carol.modal["id"])

    assert carol.modal["state"]["values"]["reason"]["reason"]["value"] == "Because."
    assert counts(live)["record"] == 0


def test_what_the_market_did_not_know_is_asked_reviewed_and_told_with_links(live: Live, carol: Person):
    """All three texts as long as the form lets them be, of what would be twice as long if it was escaped."""
    close_market(live, carol)
    carol.type("/decision record D-1", COMMITTEE)
    chosen = option_of(carol.element("option"), "Hold")
    assert "unpriced" in carol.submit(option=chosen, reason={"value": "So it is."})["errors"]
    links = "\n".join(f"https://notes.example/{n}?{'q=1&' * 18}" for n in range(9))
    assert 850 < len(links) <= 900
    carol.submit(reason={"value": '"\n' * 500}, unpriced={"value": "\\&" * 500}, links={"value": links})
    review = read(carol.modal)
    assert "*What the committee knew that the market did not:*\n> \\&amp;" in review
    assert "<https://notes.example/8?q=1&amp;" in review
    carol.submit()
    found = live.read(reporting.report, "", 1, live.workspace.clock()).on_record

    assert (found.reason, found.unpriced) == (('"\n' * 500).strip(), "\\&" * 500)
    assert found.links == tuple(links.splitlines())
    assert "<https://notes.example/0?" in read(carol.wait_for("is decided by", COMMITTEE))
    assert carol.state["warnings"] == []


def test_what_is_recorded_cannot_be_recorded_again(live: Live, carol: Person):
    """Not by the same decider, and not by another one whose form was open meanwhile."""
    chen = live.person("U0CHEN")
    close_market(live, carol)
    chen.type("/decision record D-1")
    chen.submit(
        option=option_of(chen.element("option"), "Release"), reason={"value": "Otherwise."}, **NOTHING
    )
    assert "Recorded." in record(carol, "Hold")
    chen.submit()

    assert "has been recorded already" in read(chen.modal)
    assert "has been recorded already" in record(carol, "Hold")
    assert counts(live)["record"] == 1


def test_too_late_it_counts_as_not_decided(live: Live, carol: Person):
    live.advance(days=9, hours=1)
    carol.wait_for("was not decided in time and counts as withdrawn.")
    for said in (record(carol, "Hold"), carol.type("/decision withdraw D-1")):
        assert "It counts as not decided now." in said
        assert "recorded already" not in said
    assert carol.state["warnings"] == []


def test_over_several_measures_nobody_is_counted_twice(live: Live, emil: Person, carol: Person):
    """The review names the other options without a number of people, which would be counted once a measure."""
    varied.open_varied(live)
    trade(emil, "10", name="D-2", option="Release: Helpfulness score")
    trade(emil, "10", name="D-2", option="Release: Trust in us")
    close_market(live, carol, "D-2")
    carol.type("/decision record D-2", COMMITTEE)
    options = [option["text"]["text"] for option in carol.element("option")["options"]]
    carol.submit(option=option_of(carol.element("option"), "Hold"), reason={"value": "Better."}, **NOTHING)

    assert options == ["Release", "Hold"]
    assert "Then what was put on Release goes back" in read(carol.modal)
