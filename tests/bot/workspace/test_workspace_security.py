"""What keeps the workspace apart from the network and from the real Slack."""

import socket

import pytest
from typer.testing import CliRunner
from workspace_desk import KEY, MANIFEST, SECRET, SEED, TOKEN

from bot.__main__ import cli
from bot.running import bind
from bot.workspace import SteerableClock, build_workspace

PLACES = {
    "seed": SEED,
    "manifest": MANIFEST,
    "app_url": "http://127.0.0.1:1",
    "bot_token": TOKEN,
    "app_token": "xapp-local-1",
    "signing_secret": SECRET,
    "session_key": KEY,
    "state_path": None,
    "base_url": "http://127.0.0.1:2",
}


def test_it_listens_on_this_machine_only():
    with bind(0) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"
        assert bound.family == socket.AF_INET


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://0.0.0.0:2"},
        {"base_url": "http://workspace.example.com"},
        {"app_url": "https://futarchy.example.com"},
        {"bot_token": "xoxb-1234-5678-real"},
        {"bot_token": ""},
        {"app_token": "xapp-1-A1-real"},
    ],
)
def test_it_takes_no_address_elsewhere_and_no_real_token(wrong):
    with pytest.raises(ValueError, match="the workspace"):
        build_workspace(**(PLACES | wrong), clock=SteerableClock())


@pytest.mark.parametrize("name", ["FUTARCHY_SLACK_BOT_TOKEN", "FUTARCHY_SLACK_APP_TOKEN"])
def test_it_does_not_start_beside_a_real_token(monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, "xoxb-1234-5678-real")
    result = CliRunner().invoke(cli, ["workspace", "--directory", str(tmp_path / "here")])

    assert result.exit_code == 2
    assert "real Slack token" in result.stderr
    assert not (tmp_path / "here").exists()


def test_the_page_shows_no_picture_from_elsewhere(ada):
    policy = ada.client.get("/").headers["content-security-policy"]

    assert policy.split("; ")[0] == "default-src 'self'"
    assert "img-src" not in policy


def test_no_script_of_the_page_reads_text_as_markup(ada):
    page = ada.client.get("/").text
    names = [each.split('"')[1] for each in page.split("src=")[1:]]
    seen, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        script = ada.client.get(name).text
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in script, name
        waiting += [f"/static/{each.split(chr(34))[0]}" for each in script.split('from "./')[1:]]

    assert len(seen) > 10
