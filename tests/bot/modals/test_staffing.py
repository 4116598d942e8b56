"""People: admins make admins and say who has left, in one form that says how somebody stands."""

from acts import admin_acts, balance, rest, start_trade, trade
from live import Live, Person, option_of, read
from varied import line

from core.units import MICRO


def choose(admin: Person, user: str) -> str:
    """Opens the form, chooses somebody, and gives back what the form then says."""
    admin.type("/futarchy people")
    admin.fill("person", {"selected_user": user})
    return read(admin.modal)


def change(admin: Person, user: str, act: str, reason: str = "So it is.") -> str:
    choose(admin, user)
    block = f"act_{user}"
    admin.submit(**{block: option_of(admin.element(block), act)}, reason={"value": reason})
    said = read(admin.modal)
    admin.close()
    return said


def test_an_admin_makes_another_one(live: Live, ada: Person, emil: Person):
    assert "<@U0EMIL> is a trader." in choose(ada, "U0EMIL")
    ada.close()
    assert "<@U0EMIL> is an admin now." in change(ada, "U0EMIL", "Make them an admin", "He runs it now.")
    assert "> He runs it now." in read(emil.wait_for("made you an admin", "D0EMIL"))
    assert "<@U0ADA> is an admin." in choose(emil, "U0ADA")
    emil.close()
    assert "no admin any more" in change(emil, "U0ADA", "They are no admin any more")
    ada.wait_for("You are no admin", "D0ADA")
    assert "Only admins can do that. Ask <@U0EMIL>." in ada.type("/futarchy people")
    assert emil.state["warnings"] == []


def test_whoever_left_trades_no_more_and_keeps_what_they_have(live: Live, ada: Person, emil: Person):
    rest(live, "U0EMIL", line(live, "Release", "Helpfulness score", 1).market_id, 300_000, 20)
    assert balance(live, "U0EMIL") == 480 * MICRO
    assert "marked as having left" in change(ada, "U0EMIL", "They have left")
    live.wait_until(lambda: balance(live, "U0EMIL") == 500 * MICRO)
    start_trade(emil)
    assert "You are marked as having left" in read(emil.modal)
    emil.close()
    assert "takes part again" in change(ada, "U0EMIL", "They are back")
    assert "You bought" in trade(emil, "5")


def test_what_makes_no_sense_is_refused_where_it_was_typed(live: Live, ada: Person):
    choose(ada, "U0EMIL")
    acts = option_of(ada.element("act_U0EMIL"), "Make them an admin")
    assert ada.submit(act_U0EMIL=acts, reason={"value": "  "})["errors"] == {
        "reason": "This cannot be empty."
    }
    ada.close()
    choose(ada, "U0ADA")
    assert [o["text"]["text"] for o in ada.element("act_U0ADA")["options"]] == [
        "They are no admin any more",
        "They have left",
    ]
    dismiss = option_of(ada.element("act_U0ADA"), "They are no admin any more")
    refused = ada.submit(act_U0ADA=dismiss, reason={"value": "Why not."})["errors"]
    assert refused == {"person": "This person is the only admin. Make somebody else one first."}
    assert admin_acts(live) == []


def test_nothing_is_changed_before_somebody_is_chosen(live: Live, ada: Person, emil: Person):
    assert "Only admins can do that." in emil.type("/futarchy people")
    ada.type("/futarchy people <@U0CHEN|chen>")
    assert "<@U0CHEN>" in read(ada.modal)
    assert admin_acts(live) == []
