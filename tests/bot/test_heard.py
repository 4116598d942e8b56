"""What Slack delivers twice is done once, and answered alike."""

import json
from concurrent.futures import ThreadPoolExecutor

from acts import TEAM, deliver, send_command, start_trade, submission, trades, type_amount
from live import Live, Person

TRIGGER = "12345.98765.abcd2358fdea"


def test_a_submission_that_comes_again_gets_the_first_ones_answer(live: Live, emil: Person):
    """Eight times at once, as a network in trouble might repeat it: one trade, one answer."""
    start_trade(emil)
    type_amount(emil, "10")
    sent, before = submission("U0EMIL", emil.modal) | {"trigger_id": TRIGGER}, trades(live)
    with ThreadPoolExecutor(8) as many:
        answers = {many.submit(deliver, live, sent).result().text for _ in range(8)}

    assert trades(live) == before + 1
    assert len(answers) == 1
    assert "You bought" in answers.pop()


def test_a_command_that_comes_again_is_done_once(live: Live):
    """A grant is answered with what is free then: by the same answer is seen that it was not made again."""
    form = {"command": "/futarchy", "text": "grant pool 5 for a test", "team_id": TEAM, "user_id": "U0ADA"}
    answers = [send_command(live, **form, trigger_id=TRIGGER).json() for _ in range(2)]

    assert "got 5 credits" in json.dumps(answers[0])
    assert answers[0] == answers[1]


def test_an_event_that_comes_again_is_answered_and_not_done_again(live: Live):
    first, again = [home_drawn(live, "Ev1") for _ in range(2)]

    assert first == again


def test_the_same_person_may_do_the_same_again(live: Live):
    """Only a delivery has one name: what somebody does twice is two deliveries."""
    first, second = [home_drawn(live, name) for name in ("Ev1", "Ev2")]

    assert first != second


def home_drawn(live: Live, event_id: str) -> str:
    """The hash of his Home after this event of its opening."""
    event = {"type": "app_home_opened", "user": "U0EMIL", "tab": "home"}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event}
    assert live.post(json.dumps(body).encode(), "application/json").status_code == 200
    drawn: str = live.workspace.page.state.workspace.views.homes["U0EMIL"]["hash"]
    return drawn
