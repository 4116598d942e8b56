"""What a running app says of itself over HTTP, and what is kept of its faults."""

from pathlib import Path

import httpx
import pytest
from acts import TEAM, deliver, identity
from live import MARKETS, Live, Person, read
from sqlalchemy import text
from typer.testing import CliRunner

from bot.__main__ import cli
from core.database import writing


def ask(live: Live, path: str) -> httpx.Response:
    return httpx.get(f"{live.workspace.app_url}{path}", trust_env=False)


def test_a_well_app_says_so_with_what_it_waits_for(live: Live):
    live.wait_until(lambda: ask(live, "/healthz").status_code == 200)
    found = ask(live, "/healthz").json()

    assert found["status"] == "well"
    assert found["database"] == "reachable"
    assert found["writer"]["age_seconds"] < 2.5
    assert found["heartbeat_seconds_ago"] < 30
    assert found["announcements_waiting"] >= 0


def test_an_app_whose_database_does_not_answer_is_unwell(live: Live):
    with writing(live.workspace.exchange.engine) as connection:
        connection.execute(text("ALTER TABLE announcement RENAME TO mislaid"))

    answer = ask(live, "/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


def test_what_it_did_is_counted(live: Live, emil: Person):
    emil.type("/market")
    emil.type("/market D-99")
    emil.wait_for("D-1")
    # A post is seen in Slack before it is marked as told, and counted then.
    live.wait_until(lambda: 'futarchy_announcements_total{outcome="told"}' in ask(live, "/metrics").text)
    counted = ask(live, "/metrics").text

    assert 'futarchy_deliveries_total{kind="command",outcome="answered"} 1.0' in counted
    assert 'futarchy_deliveries_total{kind="command",outcome="refused"} 1.0' in counted
    assert 'futarchy_ack_seconds_count{kind="command"} 2.0' in counted
    assert "futarchy_writer_waiting " in counted


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_it_says_nothing_of_what_people_decide(live: Live, emil: Person, path: str):
    emil.type("/market")

    for word in ("Release", identity("U0EMIL"), "context window"):
        assert word not in ask(live, path).text


def test_a_fault_is_found_by_the_number_that_the_person_was_told(live: Live, emil: Person, tmp_path: Path):
    """And by that number alone; without one the newest are listed."""
    action = {"action_id": "report", "block_id": "b", "type": "button", "value": "no id", "action_ts": "1"}
    pressed = {"type": "block_actions", "user": {"id": "U0EMIL"}, "team": {"id": TEAM}, "actions": [action]}
    deliver(live, pressed | {"trigger_id": "1.2.3", "channel": {"id": MARKETS}})
    reference = read(emil.wait_for("Tell an admin this number")).rpartition("number: ")[2][:8]

    assert f"fault {reference} in action report" in log(tmp_path, reference)
    assert "ValueError" in log(tmp_path, reference)
    assert reference in log(tmp_path)
    assert "holds no fault 00000000" in log(tmp_path, "00000000")
    emil.act("dismiss")


def log(folder: Path, *reference: str) -> str:
    """What ``futarchy log`` says."""
    return CliRunner().invoke(cli, ["log", *reference, "--file", str(folder / "futarchy.log")]).output
