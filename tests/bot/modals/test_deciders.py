"""Deciders declare and vote in modals that remember what they said and show nobody else's; a record is added to."""

import varied
from acts import close_market, counts, record
from live import COMMITTEE, Live, Person, elements_of, find_button, option_of, read


def declare(who: Person, *chances: str, forecasts: tuple[str, str]) -> None:
    typed = {f"chance_{n}": {"value": chance} for n, chance in enumerate(chances, 1)}
    typed |= {f"forecast_1_{n}": {"value": value} for n, value in enumerate(forecasts, 1)}
    assert who.submit(**typed)["ok"]


def initial(who: Person, block: str) -> str:
    return str(who.element(block).get("initial_value", ""))


def test_a_decider_declares_from_the_message_and_finds_it_again(live: Live, carol: Person, emil: Person):
    """Home asks until it is done; the form shows what the asker said last, and no price or other decider's numbers."""
    chen = live.person("U0CHEN")
    carol.press(carol.wait_for("is yours to decide", "D0CAROL"), "declare", "D0CAROL")
    form = read(carol.modal)
    assert [initial(carol, block) for block in ("chance_1", "forecast_1_2")] == ["", ""]
    assert "Your mean if it is chosen, from 40 to 80, in points." in form
    assert "62" not in form
    declare(carol, "70", "30", forecasts=("64.5", "55"))
    assert "Sealed. Nobody sees it before trading closes" in read(carol.modal)
    carol.close()
    chen.home()
    chen.press_home("declare")
    assert initial(chen, "chance_1") == ""
    chen.close()
    assert "You decide it: say how likely" in read(chen.home())
    assert "You decide it: say how likely" not in read(carol.home())

    carol.press_home("manage")
    carol.press_modal("declare")
    blocks = ("chance_1", "chance_2", "chance_none", "forecast_1_1", "forecast_1_2")
    assert [initial(carol, block) for block in blocks] == ["70", "30", "0", "64.5", "55"]
    declare(carol, "20", "80", forecasts=("64.5", "57"))
    carol.close()
    assert "64.5" not in emil.type("/decision report D-1")
    close_market(live, carol)
    said = read(carol.wait_for("What the deciders said", COMMITTEE))
    assert "• <@U0CAROL>: Release 20%, Hold 80%.\n" in said
    assert "• Expected: Helpfulness score 64.5 points if Release, 57.0 points if Hold." in said
    assert "• Nothing from <@U0CAMILA> and <@U0CHEN>." in said
    assert "What the deciders said" in emil.type("/decision report D-1")
    assert "is closed" in carol.type("/decision declare D-1")
    assert carol.state["warnings"] == []


def test_a_decider_votes_and_the_ballots_are_reopened_and_closed_in_public(
    live: Live, carol: Person, ada: Person
):
    """The form remembers a ballot below zero; an admin reopens and closes, and has no ballot."""
    varied.open_varied(live)
    carol.type("/decision values D-2", COMMITTEE)
    assert "Trust in us / Trust in them: one percentage point more is worth" in read(carol.modal)
    assert "So many points of Helpfulness score, for the better. Below 0 if more is worse" in read(
        carol.modal
    )
    better = option_of(carol.element("worth_1"), "Better")
    assert carol.submit(worth_1=better, worth_2={"value": "0.25"}, worth_3={"value": "-2.5"})["ok"]
    assert "it is never told by name" in read(carol.modal)
    carol.close()
    carol.type("/decision values D-2", COMMITTEE)
    assert [initial(carol, f"worth_{n}") for n in (2, 3)] == ["0.25", "-2.5"]
    assert carol.element("worth_1")["initial_option"]["text"]["text"] == "Better"
    carol.close()
    assert "Only the people named as deciders" in ada.type("/decision values D-2")
    close_market(live, carol, "D-2")
    said = read(carol.wait_for("Metrics weighed together", COMMITTEE))
    assert "one unit (reports) of Incidents is worth -2.5 points" in said

    ada.type("/decision show D-2")
    assert "values" not in [e.get("action_id") for b in ada.answer["blocks"] for e in elements_of(b)]
    ada.press(ada.answer, "reopen_ballots")
    ada.submit(reason={"value": "The trust survey was wrong."})
    ada.close()
    told = carol.wait_for("has its ballots open again", COMMITTEE)
    assert "> The trust survey was wrong." in read(told)
    assert "vote what its metrics are worth, until" in read(carol.home())
    assert "these are those cast before. Why:\n> The trust survey" in ada.type("/decision report D-2")
    ada.type("/decision show D-2")
    ada.press(ada.answer, "close_ballots")
    assert "The ballots of D-2 are closed." in read(ada.modal)
    ada.close()
    carol.wait_for("has its ballots closed again", COMMITTEE)
    assert "were reopened" in ada.type("/decision report D-2")
    assert ada.state["warnings"] == []


def test_what_arrived_late_and_what_is_added_stand_with_the_record(live: Live, carol: Person, emil: Person):
    """Anybody logs the one from the report, deciders add the other; both channels are told, and `show` lists all."""
    close_market(live, carol)
    emil.type("/decision report D-1")
    live.wait_until(lambda: varied.row(live, 1).state == "closed")
    emil.type("/decision report D-1")
    emil.press(emil.answer, "late")
    emil.submit(
        text={"value": "The <audit> is out."}, links={"value": "https://a.example/1\n\n https://b.example "}
    )
    assert "It stands with D-1 now." in read(emil.modal)
    emil.close()
    assert "> The &lt;audit&gt; is out.\n<https://a.example/1> · <https://b.example>" in read(
        carol.wait_for("arrived after trading was closed", COMMITTEE)
    )
    assert "Recorded." in record(carol, "Hold")
    carol.type("/decision add D-1", COMMITTEE)
    carol.submit(text={"value": "One more reason."})
    carol.close()
    emil.wait_for("has an addition to its record, by <@U0CAROL>.")
    shown = emil.type("/decision show D-1")

    assert "*Recorded* by <@U0CAROL> " in shown
    assert "*What the committee knew that the market did not:*\n> Nothing." in shown
    assert shown.index("logged by <@U0EMIL>") < shown.index("*Added to the record* by <@U0CAROL>")
    assert counts(live)["note"] == 2
    find_button(carol.home()["blocks"], "manage")
    carol.press_home("manage")
    carol.press_modal("add_to_record")
    assert "What is recorded stays as it is." in read(carol.modal)
    assert carol.state["warnings"] == []
