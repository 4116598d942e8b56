"""Configuration: real tokens go to Slack only, and what is missing is named."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings

REAL = {"slack_bot_token": "xoxb-1-2-abc", "slack_app_token": "xapp-1-2-abc"}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch):
    """No variable of the machine that runs the tests counts."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FUTARCHY_{name.upper()}", raising=False)


@pytest.mark.parametrize("url", ["https://slack.com/api/", "https://slack-gov.com/api/"])
def test_slacks_own_hosts_take_real_tokens(url: str):
    assert Settings(slack_api_url=url, **REAL).slack_api_url == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8321/api/", "http://localhost:1/api/", "http://[::1]:1/api/"]
)
def test_a_loopback_address_takes_local_tokens_only(url: str):
    assert Settings(slack_api_url=url, slack_bot_token="xoxb-local-1").slack_api_url == url
    for name, token in REAL.items():
        with pytest.raises(ValidationError, match="real token"):
            Settings(slack_api_url=url, **{name: token})


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/api/",
        "https://slack.com.example.com/api/",
        "https://slack.com@example.com/api/",
        "https://example.com/slack.com/api/",
        "https://evilslack.com/api/",
        "http://127.0.0.1.example.com/api/",
        "http://localhost@example.com/",
        "ftp://slack.com/api/",
        "slack.com/api/",
        "",
    ],
)
def test_other_hosts_are_refused(url: str):
    with pytest.raises(ValidationError, match="FUTARCHY_SLACK_API_URL"):
        Settings(slack_api_url=url)


@pytest.mark.parametrize(
    ("text", "admins"), [("U1", ("U1",)), (" U1 , U2,", ("U1", "U2")), ("", ()), (",", ())]
)
def test_admins_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch, text: str, admins: tuple[str, ...]):
    monkeypatch.setenv("FUTARCHY_ADMINS", text)

    assert Settings().admins == admins


def test_what_serve_cannot_do_without_is_named():
    """Socket Mode needs no signing secret."""
    assert set(Settings().missing()) == {
        "FUTARCHY_SLACK_BOT_TOKEN",
        "FUTARCHY_MARKETS_CHANNEL",
        "FUTARCHY_ADMINS",
        "FUTARCHY_SLACK_SIGNING_SECRET",
    }
    whole = Settings(markets_channel="C1", admins="U1", **REAL)
    assert whole.missing() == []
    assert Settings(markets_channel="C1", admins="U1", slack_bot_token="xoxb-1").missing() == [
        "FUTARCHY_SLACK_SIGNING_SECRET"
    ]


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", "postgresql://db/x")
    monkeypatch.setenv("FUTARCHY_PORT", "3001")

    assert (Settings().database_url, Settings().port) == ("postgresql://db/x", 3001)


@pytest.mark.parametrize("locale", ["en-US", "de-CH", "es-LA", "fr"])
def test_numbers_can_be_written_as_in_any_locale(locale: str):
    assert Settings(locale=locale).locale == locale


@pytest.mark.parametrize("locale", ["", "xx-YY", "German", "de_DE"])
def test_what_is_no_locale_is_refused_at_the_start(locale: str):
    with pytest.raises(ValidationError, match="FUTARCHY_LOCALE must name a locale"):
        Settings(locale=locale)


def test_sources_are_what_the_environment_names_and_no_secret_shows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_SECRET_EVALS", "Evals.example Bearer open sesame")
    monkeypatch.setenv("FUTARCHY_SECRET_HOSTLESS", "sesame")
    monkeypatch.setenv("FUTARCHY_SECRET_", "nameless")
    monkeypatch.setenv("FUTARCHY_SOURCE_SCORES", "postgresql://reader:open-sesame@host/scores")
    monkeypatch.setenv("FUTARCHY_SOURCE_EMPTY", "")
    found = Settings().sources()

    assert (set(found.secrets), set(found.databases), found.allows_private) == ({"EVALS"}, {"SCORES"}, False)
    assert (found.secrets["EVALS"].host, found.secrets["EVALS"].value.get_secret_value()) == (
        "evals.example",
        "Bearer open sesame",
    )
    assert "sesame" not in repr(found)
    monkeypatch.setenv("FUTARCHY_SOURCES_PRIVATE", "1")
    assert Settings().sources().allows_private
