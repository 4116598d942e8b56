"""Adding an option while a decision is open: said in numbers, traded at once, and refused where it was typed."""

import varied
from acts import card, shown, trade
from live import Live, Person, find_button, read

from core.units import MICRO

OPTION = {"options": {"value": "Delay"}, "base_rate_1": {"value": "60"}}


def test_an_admin_adds_an_option_from_the_card_and_it_trades_at_once(live: Live, ada: Person, emil: Person):
    """The form says how many people's credits back the new option too; both channels are told."""
    trade(emil, "100")
    ada.press(shown(ada), "add_option")
    said = read(ada.modal)
    assert "1 person put 100 credits into this decision" in said
    assert "Release 6" in said
    assert ada.submit(**OPTION)["ok"]
    assert "*Delay* is an option of D-1 now. " in read(ada.modal)
    ada.close()
    emil.wait_for("has one more option: *Delay*")
    live.advance(seconds=11)
    emil.wait_for("Delay: *60.0 points*")

    assert "You bought" in trade(emil, "100", option="Delay")
    assert "*Balance*\n400 credits" in read(emil.home()), "what was put in before backs it"
    assert ada.state["warnings"] == []


def test_what_is_wrong_is_said_where_it_was_typed(live: Live, ada: Person):
    ada.type("/decision option D-1")
    for block, value, said in (
        ("options", "release", "same name"),
        ("options", "  ", "cannot be empty"),
        ("base_rate_1", "40", "must be between 40.04"),
        ("base_rate_1", "0.0000001", "more than six digits"),
    ):
        answer = ada.submit(**OPTION | {block: {"value": value}})
        assert said in answer["errors"].get(block, ""), (block, value, answer)


def test_an_option_brings_its_own_metric_where_each_has_one(live: Live, ada: Person, emil: Person):
    """And says how uncertain its base rate is where the measure is traded in ranges."""
    varied.open_varied(live)
    card(emil, "D-2")
    ada.type("/decision option D-2")
    typed = {
        "options": {"value": "Delay"},
        "base_rate_1": {"value": "60"},
        "metric_name_2": {"value": "Trust in both"},
        "metric_wording_2": {"value": "As counted a month later."},
        "owner_2": {"selected_user": "U0MONA"},
        "base_rate_2": {"value": "55"},
        "base_rate_3": {"value": "14"},
        "base_rate_3_sd": {"value": "0"},
    }
    assert list(ada.submit(**typed)["errors"]) == ["base_rate_3_sd"]
    assert ada.submit(**typed | {"base_rate_3_sd": {"value": "8"}})["ok"]

    assert round(varied.line(live, "Delay", "Trust in both").expected / MICRO, 3) == 55
    assert 14 < varied.line(live, "Delay", "Incidents").expected / MICRO < 15
    assert ada.state["warnings"] == []


def test_nobody_else_adds_one_and_nobody_after_the_close(
    live: Live, ada: Person, emil: Person, carol: Person
):
    assert "Only admins can do that." in emil.type("/decision option D-1")
    buttons = [
        e["action_id"] for b in shown(emil)["blocks"] for e in b.get("elements", []) if "action_id" in e
    ]
    assert "add_option" not in buttons
    live.advance(days=7, hours=1)
    carol.wait_for("Spread report D-1", "C0RELEASE")
    assert "Trading in D-1 is closed." in ada.type("/decision option D-1")
    assert emil.state["views"] == ada.state["views"] == []
    assert find_button(shown(ada)["blocks"], "halt")
