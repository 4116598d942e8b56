"""Halting and letting go on: by admins, with a reason, seen at once wherever the decision is shown."""

from acts import admin_acts, halt, shown, start_trade, trade, type_amount
from live import COMMITTEE, MARKETS, Live, Person, read
from lives import pressed


def test_nobody_trades_until_an_admin_lets_them(live: Live, ada: Person, emil: Person, carol: Person):
    start_trade(emil)
    type_amount(emil, "5")
    assert "Trading is halted: D-1" in halt(ada)
    assert "An admin halted trading here" in str(emil.submit()["errors"])
    emil.close()
    for person, channel in ((emil, MARKETS), (carol, COMMITTEE)):
        assert "> The numbers leaked." in read(person.wait_for("does not trade for now", channel))
    live.advance(seconds=11)
    emil.wait_for("Trading is halted since")
    assert pressed(shown(emil)) == ["report", "definition"]
    assert "Trading in D-1 is halted" in halt(ada)

    assert "It trades again: D-1" in halt(ada, "resume", "It was nothing.")
    emil.wait_for("trades again")
    assert "You bought" in trade(emil, "5")
    assert "Trading in D-1 is not halted." in halt(ada, "resume")
    assert emil.state["warnings"] == []


def test_only_admins_are_shown_the_form(live: Live, emil: Person, carol: Person):
    for person in (emil, carol):
        for word in ("halt", "resume"):
            assert "Only admins can do that. Ask <@U0ADA>." in halt(person, word)
            assert person.state["views"] == []


def test_a_reason_that_says_nothing_is_refused_under_its_field(live: Live, ada: Person):
    ada.type("/decision halt D-1")
    assert ada.submit(reason={"value": "   "})["errors"] == {"reason": "This cannot be empty."}
    assert admin_acts(live) == []
