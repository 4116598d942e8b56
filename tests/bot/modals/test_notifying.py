"""Notifications: digests in direct messages, and the buttons that switch them off and on."""

from acts import identity, push, trade
from live import Live, Person, read

from core.exchange import granting, notifying
from core.units import MICRO

DIRECT = "D0ERIN"


def grant(live: Live, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        to, key = identity("U0ERIN"), f"key{number}"
        live.write(granting.grant, identity("U0ADA"), to, (number + 1) * MICRO, key, f"reason {number}")


def test_what_happens_at_once_is_one_message_with_the_newest_at_its_end(live: Live, erin: Person):
    """And what was more than a message holds is counted."""
    erin.wait_for("granted you", DIRECT)
    live.advance(hours=2)
    grant(live, 15)
    said = read(erin.wait_for("15 updates for you", DIRECT))

    assert "reason 0" in said
    assert "reason 11" in said
    assert "reason 12" not in said
    assert "And 3 more: my Home tab shows where you stand." in said


def test_a_message_is_switched_off_where_it_stands_and_on_again(live: Live, erin: Person):
    message = erin.wait_for("granted you", DIRECT)
    erin.press(message, "mute", DIRECT)
    answer = erin.wait_for("You get no more messages about credits received.", DIRECT)
    assert not live.read(notifying.wishes, identity("U0ERIN"))["credits"]
    erin.press(answer, "unmute", DIRECT)

    erin.wait_for("You are told about credits received again.", DIRECT)
    assert live.read(notifying.wishes, identity("U0ERIN"))["credits"]


def test_all_topics_stand_in_one_form(live: Live, erin: Person):
    erin.home()
    erin.press_home("notifications")
    options = erin.element("topics")["options"]
    chosen = [each for each in options if each["value"] in {"settled", "closing"}]
    assert erin.element("topics")["initial_options"] == options
    erin.submit(topics={"selected_options": chosen})

    assert "You are told about settled markets and decisions and questions that close soon." in read(
        erin.modal
    )
    wishes = live.read(notifying.wishes, identity("U0ERIN"))
    assert [topic for topic, is_on in wishes.items() if is_on] == ["settled", "closing"]
    erin.close()
    erin.press_home("notifications")
    erin.submit(topics={"selected_options": []})
    assert "You are told only what needs you." in read(erin.modal)


def test_a_big_move_against_what_somebody_holds_can_be_answered_where_it_is_told(live: Live, erin: Person):
    """By selling, or by switching such messages off; who moved it is not said."""
    trade(erin, "100", option="Release", way="Higher")
    live.advance(hours=2)
    push(live, "U0ESRA", 1, 52)
    message = erin.wait_for("moved against what you hold", DIRECT)
    assert "ESRA" not in read(message)
    erin.press(message, "sell", DIRECT)
    assert "You hold *" in read(erin.modal)
    erin.submit()
    assert "You sold *" in read(erin.modal)
    erin.close()
    erin.press(message, "mute", DIRECT)

    erin.wait_for("You get no more messages about big moves against what you hold.", DIRECT)
