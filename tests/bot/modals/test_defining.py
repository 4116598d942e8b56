"""A definition in Slack: shown with its versions, changed by a proposal and a second word, and marked wherever prices are."""

from acts import card, trade
from live import COMMITTEE, MARKETS, Live, Person, option_of, read


def pressed(person: Person, *actions: str) -> None:
    person.type("/decision definition D-1")
    for action in actions:
        person.press_modal(action)


def test_a_change_is_proposed_approved_told_word_by_word_and_marks_the_report(
    live: Live, mona: Person, carol: Person, emil: Person, ada: Person
):
    trade(emil, "20")
    pressed(mona, "define")
    answer = mona.submit(decimals={"value": "x"}, reason={"value": "Why"})
    assert answer["errors"] == {"decimals": "This is a whole number from 0 to 6, or empty."}
    mona.submit(
        metric_wording={"value": "The score of the *spring* run."},
        metric_source={"value": "evals.example/<spring>"},
        decimals={"value": "1"},
        reason={"value": "The autumn run is off."},
    )
    assert "Nothing has changed yet" in read(mona.modal)
    mona.close()
    pressed(mona, "definition_change")
    assert "It waits for another admin or a decider" in read(mona.modal)
    mona.close()

    asked = carol.wait_for("wants to change how Helpfulness score is defined", "D0CAROL")
    carol.press(asked, "definition_change", "D0CAROL")
    said = read(carol.modal)
    assert "_before:_ nothing said" in said
    assert "evals.example/&lt;spring&gt;" in said
    carol.submit(choice=option_of(carol.element("choice"), "Approve it"))
    assert "It is in force now" in read(carol.modal)
    carol.close()
    for channel in (MARKETS, COMMITTEE):
        told = read(carol.wait_for("approved by <@U0CAROL>", channel))
        assert "The score of the *spring* run." in told
        assert "> The autumn run is off." in told
    ada.press(ada.wait_for("wants to change", "D0ADA"), "definition_change", "D0ADA")
    assert "No change of how Helpfulness score is defined waits any more." in read(ada.modal)
    ada.close()

    emil.type("/decision definition D-1")
    shown = read(emil.modal)
    assert "_Version 2_, in force" in shown
    assert "(exact wording, source, decimals)" in shown
    assert "half up, to 1 decimal" in shown
    emil.close()
    emil.type("/decision report D-1")
    assert "*Changed metric:* how Helpfulness score is read was changed" in read(emil.answer)
    live.advance(minutes=1)
    live.wait_until(lambda: "*Changed metric:*" in read(card(emil)))


def test_a_change_is_turned_down_with_a_reason_and_its_owner_is_told(mona: Person, carol: Person):
    pressed(mona, "define")
    mona.submit(metric_void_if={"value": "No run by March"}, reason={"value": "To be clear."})
    mona.close()
    pressed(carol, "definition_change")
    turned_down = option_of(carol.element("choice"), "Turn it down")
    assert carol.submit(choice=turned_down)["errors"] == {"reason": "This cannot be empty."}
    carol.submit(choice=turned_down, reason={"value": "It is clear."})
    carol.close()
    pressed(mona, "define")
    mona.submit(metric_void_if={"value": "No run by March"}, reason={"value": "It is not clear."})
    mona.close()
    pressed(carol)
    assert "It is not clear. _(counts as never measured)_" in read(carol.modal)
    carol.close()

    assert "> It is clear." in read(mona.wait_for("turned your change down", "D0MONA"))
