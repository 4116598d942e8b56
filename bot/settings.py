"""Configuration from the environment: every variable begins with FUTARCHY_."""

import os
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import numerals
from bot.sources.reading import Secret, Sources

SLACK_API = "https://slack.com/api/"
_SLACK_HOSTS = {"slack.com", "slack-gov.com"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCAL_TOKEN, LOCAL_APP_TOKEN = "xoxb-local-", "xapp-local-"  # How tokens of a local workspace begin.


class Settings(BaseSettings):
    """What ``serve`` needs; the local workspace fills it in by itself."""

    model_config = SettingsConfigDict(env_prefix="FUTARCHY_")

    database_url: str = "sqlite:///futarchy.db"
    admins: Annotated[tuple[str, ...], NoDecode] = ()
    markets_channel: str = ""
    slack_bot_token: str = ""
    slack_signing_secret: str = ""
    slack_app_token: str = ""
    sources_private: bool = False  # Whether readings may be taken from addresses inside our own network.
    slack_api_url: str = SLACK_API
    locale: str = "en-US"  # How numbers are written for a channel, and for whoever's own locale is not known.
    log_file: str = "futarchy.log"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000

    @model_validator(mode="before")
    @classmethod
    def _split_admins(cls, values: dict[str, object]) -> dict[str, object]:
        if isinstance(found := values.get("admins"), str):
            values["admins"] = tuple(part.strip() for part in found.split(",") if part.strip())
        return values

    @field_validator("locale")
    @classmethod
    def _check_locale(cls, locale: str) -> str:
        try:
            numerals.of(locale)
        except ValueError:
            raise ValueError("FUTARCHY_LOCALE must name a locale, like en-US or de-CH") from None
        return locale

    @model_validator(mode="after")
    def _check_hosts(self) -> "Settings":
        """A real token goes to Slack's own hosts only, and a loopback address never sees one."""
        url = urlsplit(self.slack_api_url)
        is_slack = url.scheme == "https" and url.hostname in _SLACK_HOSTS
        if not is_slack and url.hostname not in _LOOPBACK:
            raise ValueError("FUTARCHY_SLACK_API_URL must be https://slack.com/api/ or a loopback address")
        if not is_slack and self.has_real_token:
            raise ValueError("a loopback FUTARCHY_SLACK_API_URL takes no real token")
        return self

    @property
    def has_real_token(self) -> bool:
        """Whether this environment could open a Slack workspace of somebody's."""
        tokens = ((self.slack_bot_token, LOCAL_TOKEN), (self.slack_app_token, LOCAL_APP_TOKEN))
        return any(token and not token.startswith(begin) for token, begin in tokens)

    def missing(self) -> list[str]:
        """Names of the variables that ``serve`` cannot do without."""
        needed = ["slack_bot_token", "markets_channel", "admins"]
        if not self.slack_app_token:
            needed.append("slack_signing_secret")
        return [f"FUTARCHY_{name.upper()}" for name in needed if not getattr(self, name)]

    def sources(self) -> Sources:
        """Where readings may be taken from: ``FUTARCHY_SOURCE_NAME`` is a database, ``FUTARCHY_SECRET_NAME`` a secret."""
        databases = {name: SecretStr(value) for name, value in _named("FUTARCHY_SOURCE_").items()}
        secrets = {name: _secret(value) for name, value in _named("FUTARCHY_SECRET_").items() if " " in value}
        return Sources(secrets, databases, allows_private=self.sources_private)


def _named(prefix: str) -> dict[str, str]:
    found = {
        name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)
    }
    return {name: value.strip() for name, value in found.items() if name and value.strip()}


def _secret(value: str) -> Secret:
    """The host that it is for, a blank, and the rest."""
    host, _, rest = value.partition(" ")
    return Secret(host.lower(), SecretStr(rest.strip()))
