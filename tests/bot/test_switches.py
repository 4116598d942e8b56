"""Every fault switch during a trade, a grant and a report: people read Slack's words, the books are right, again works."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from acts import TEAM, balance, card, choose, deliver, start_trade, trades, type_amount
from live import COMMITTEE, MARKETS, Live, Person, read

from bot.workspace.faults import FAULTS, Direction
from core.exchange import audit
from core.units import MICRO

PATIENCE_SECONDS = 1.0
TOO_LATE = "That took too long"
TROUBLE = "We had some trouble connecting. Try again?"
GRANTED, TRADED = 100, 20


NOT_ARRIVED = {"drop": "operation_timeout", "error": "dispatch_failed", "limited": "dispatch_failed"}
NOT_HEARD_OF: dict[str, dict[str, Any]] = {"lost_ack": {}, "delay": {"seconds": PATIENCE_SECONDS + 0.1}}
NOT_TAKEN = ["drop", "error", "limited", "lost_ack", "delay"]


def test_every_switch_there_is_is_thrown_here():
    to_app = {*NOT_ARRIVED, *NOT_HEARD_OF, "duplicate", "expired_trigger"}

    assert {name for name, ways in FAULTS.items() if Direction.TO_APP in ways} == to_app
    assert {name for name, ways in FAULTS.items() if Direction.TO_SLACK in ways} == set(NOT_TAKEN)


@dataclass
class Acts:
    """Three people in the middle of something: each act can be done again, and answers what its person reads."""

    live: Live
    emil: Person
    ada: Person
    carol: Person

    def trade(self) -> str:
        return said(self.emil.submit())

    def grant(self) -> str:
        amount, reason = {"value": str(GRANTED)}, {"value": "For the pilot."}
        return said(self.ada.submit(person={"selected_user": "U0EMIL"}, amount=amount, reason=reason))

    def report(self) -> str:
        return said(self.carol.act("send", channel=COMMITTEE, text="/decision report D-1"))

    def all(self) -> dict[str, str]:
        """At once, as everybody has a page of their own."""
        with ThreadPoolExecutor() as pool:
            under_way = {each.__name__: pool.submit(each) for each in (self.trade, self.grant, self.report)}
            return {name: each.result() for name, each in under_way.items()}

    def books(self) -> tuple[int, int]:
        """Trades, and what Emil has free; every proof holds."""
        assert [proof for proof in self.live.read(audit.audit) if not proof.holds] == []
        return trades(self.live), balance(self.live, "U0EMIL") // MICRO


def said(answer: dict[str, Any]) -> str:
    return str(answer.get("error", "")) or "done"


def begin(live: Live) -> Acts:
    """Everything is typed; nothing is sent yet."""
    emil, ada, carol = (live.person(user) for user in ("U0EMIL", "U0ADA", "U0CAROL"))
    card(emil)
    start_trade(emil)
    choose(emil, way="Higher")
    type_amount(emil, str(TRADED))
    ada.type("/futarchy grant")
    return Acts(live, emil, ada, carol)


@contextmanager
def impatient() -> Iterator[None]:
    """Slack waits three seconds; what follows when it gives up is the same when it does so sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.workspace.passing.TIMEOUT_SECONDS", PATIENCE_SECONDS)
        yield


@pytest.fixture
def acts(either: Live) -> Acts:
    """Over HTTP, and by Socket Mode."""
    return begin(either)


def switch(person: Person, fault: str, direction: str = "to_app", **how: Any) -> None:
    answer = person.act("faults", name=fault, direction=direction, **how)
    assert answer["ok"], answer


def befall(acts: Acts, fault: str, **how: Any) -> None:
    for kind, times in (("view_submission", 2), ("command", 1)):
        switch(acts.ada, fault, kind=kind, times=times, **how)


def failed(error: str) -> dict[str, str]:
    command = f'/decision failed with the error "{error}"'
    return {"trade": TROUBLE, "grant": TROUBLE, "report": command}


DONE = {"trade": "done", "grant": "done", "report": "done"}
NOTHING, ONCE = (0, 500), (1, 500 - TRADED + GRANTED)


def done_once(acts: Acts) -> None:
    assert acts.books() == ONCE
    assert "Traded" in read(acts.emil.modal) or "You bought" in read(acts.emil.modal)
    assert f"got {GRANTED} credits" in read(acts.ada.modal)
    assert "Spread report D-1" in read(acts.carol.answers(COMMITTEE)[-1])


@pytest.mark.parametrize(("fault", "error"), NOT_ARRIVED.items())
def test_what_never_arrives_is_not_done_and_can_be_done_again(acts: Acts, fault: str, error: str) -> None:
    befall(acts, fault)

    with impatient():
        assert acts.all() == failed(error)
    assert acts.books() == NOTHING
    assert acts.all() == DONE
    done_once(acts)


@pytest.mark.parametrize(("fault", "how"), NOT_HEARD_OF.items())
def test_what_arrives_but_is_not_heard_of_is_done_once_however_often_it_is_tried(
    acts: Acts, fault: str, how: dict[str, Any]
) -> None:
    befall(acts, fault, **how)

    with impatient():
        assert acts.all() == failed("operation_timeout")
    acts.live.wait_until(lambda: acts.books() == ONCE)
    assert acts.all() == DONE
    done_once(acts)


def test_what_arrives_twice_is_done_once(acts: Acts) -> None:
    befall(acts, "duplicate", seconds=0.01)

    assert acts.all() == DONE
    acts.live.wait_until(lambda: arrivals(acts) == {"view_submission": 4, "command": 2})
    done_once(acts)


def arrivals(acts: Acts) -> dict[str, int]:
    """Submissions and commands since everything was typed."""
    passages = acts.ada.page.get("/_test/log").json()["passages"]
    kinds = [each["kind"] for each in passages if each["name"] != "/futarchy" and each["name"] != "/market"]
    return {kind: kinds.count(kind) for kind in ("view_submission", "command")}


def test_a_trigger_that_is_too_old_opens_nothing_and_says_so(either: Live) -> None:
    emil, ada = either.person("U0EMIL"), either.person("U0ADA")
    shown = card(emil)
    for kind in ("block_actions", "command"):
        switch(ada, "expired_trigger", kind=kind)

    emil.press(shown, "trade")
    assert emil.state["views"] == []
    assert TOO_LATE in read(emil.answer)
    assert TOO_LATE in ada.type("/futarchy grant")
    assert ada.state["views"] == []

    emil.press(shown, "trade")
    ada.type("/futarchy grant")
    assert [each.modal["title"]["text"] for each in (emil, ada)] == ["Trade D-1", "Grant credits"]


@pytest.mark.parametrize("fault", NOT_TAKEN)
def test_what_slack_does_not_take_at_once_is_told_once_in_the_end(live: Live, fault: str) -> None:
    """The trade's card, the grant's message and the committee's report."""
    acts = begin(live)
    for method in ("chat.postMessage", "chat.update"):
        switch(acts.ada, fault, "to_slack", kind=method, times=2, seconds=0.2)

    assert acts.all() == DONE
    acts.live.advance(days=7, hours=1)
    acts.live.wait_until(lambda: is_all_told(acts))


def is_all_told(acts: Acts) -> bool:
    """Time passes until it is; whatever stands, stands once."""
    acts.live.advance(seconds=10)
    posted = acts.ada.page.get("/_test/outbox").json()["messages"]
    payloads = [each["metadata"]["event_payload"] for each in posted if "metadata" in each]
    keys = [key for payload in payloads for key in payload["keys"]]
    assert sorted(keys) == sorted(set(keys))
    kinds = {key.partition(":")[0] for key in keys}
    return kinds >= {"granted", "card", "report"} and not switched(acts)


def switched(acts: Acts) -> list[dict[str, Any]]:
    return acts.ada.page.get("/_test/faults").json()["switched"]


def test_a_button_that_two_processes_hear_of_opens_one_form_and_is_no_fault(live: Live, emil: Person) -> None:
    """One process would know its twin; an event's id, which no button has, keeps it from knowing here."""
    card(emil)
    triggers = live.workspace.page.state.workspace.triggers
    pressed = {"action_id": "trade", "block_id": "act", "type": "button", "value": "D-1", "action_ts": "1.1"}
    press = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U0EMIL", "team_id": TEAM},
        "channel": {"id": MARKETS},
        "trigger_id": triggers.issue("U0EMIL"),
        "actions": [pressed],
    }
    answers = [deliver(live, press | {"event_id": heard_by}) for heard_by in ("one", "other")]

    assert [each.status_code for each in answers] == [200, 200]
    assert len(emil.state["views"]) == 1
    assert not [each for each in emil.messages() if each.get("ephemeral")]


@pytest.mark.parametrize("fault", ["drop", "error", "limited", "lost_ack"])
def test_a_form_that_slack_does_not_open_is_owned_up_to_and_opens_the_next_time(
    emil: Person, fault: str
) -> None:
    shown = card(emil)
    switch(emil, fault, "to_slack", kind="views.open")
    emil.press(shown, "trade")

    said = [*emil.state["views"], *(each for each in emil.messages() if each.get("ephemeral"))]
    assert "Something went wrong on our side" in "".join(read(each) for each in said)
    emil.press(shown, "trade")
    assert emil.modal["title"]["text"] == "Trade D-1"
