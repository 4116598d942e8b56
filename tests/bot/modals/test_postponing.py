"""Moving dates later: by admins, with the dates that are not over, told to both channels."""

from datetime import timedelta

from acts import admin_acts, card, close_market, later, postpone, record
from live import COMMITTEE, MARKETS, Live, Person, read


def form(person: Person) -> list[str]:
    """The inputs of the form, once it is open."""
    person.type("/decision postpone D-1")
    return [block["block_id"] for block in person.modal["blocks"] if block["type"] == "input"]


def test_dates_move_and_everybody_is_told(live: Live, ada: Person, emil: Person, carol: Person):
    assert form(ada) == ["closes_at", "decide_by", "freezes_at", "reason"]
    ada.close()
    two_days = timedelta(days=2)
    assert "D-1 has its new dates" in postpone(ada, closes_at=two_days, decide_by=two_days)
    for person, channel in ((emil, MARKETS), (carol, COMMITTEE)):
        said = read(person.wait_for("has later dates, by <@U0ADA>", channel))
        assert "• Trading closes: <!date^" in said
        assert "• Decide by: <!date^" in said
        assert "the chosen option ends" not in said
        assert "> The evaluation takes longer." in said
    live.advance(days=7, hours=1)
    assert "Trading closes" in read(card(emil))
    live.advance(days=2)
    carol.wait_for("Spread report D-1", COMMITTEE)
    assert emil.state["warnings"] == []


def test_what_makes_no_sense_is_refused_under_its_date(live: Live, ada: Person):
    form(ada)
    reason = {"value": "Because."}
    unmoved = ada.submit(reason=reason)["errors"]
    assert unmoved == {"closes_at": "These are the dates as they are. Choose a later time for at least one."}
    earlier = ada.submit(reason=reason, decide_by=later(ada, "decide_by", timedelta(hours=-1)))["errors"]
    assert list(earlier) == ["decide_by"]
    assert "never earlier" in earlier["decide_by"]
    beyond = ada.submit(reason=reason, closes_at=later(ada, "closes_at", timedelta(days=5)))["errors"]
    assert list(beyond) == ["decide_by"]
    assert admin_acts(live) == []


def test_dates_that_are_over_are_not_offered(live: Live, ada: Person, carol: Person):
    close_market(live, carol)
    assert form(ada) == ["decide_by", "freezes_at", "reason"]
    ada.close()
    record(carol, "Hold")
    assert form(ada) == ["freezes_at", "reason"]


def test_only_admins_are_shown_the_form(live: Live, carol: Person):
    assert "Only admins can do that. Ask <@U0ADA>." in carol.type("/decision postpone D-1")
    assert carol.state["views"] == []
