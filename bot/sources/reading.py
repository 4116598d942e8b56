"""Sources: what is configured, read once. What comes back, and whatever went wrong, holds no secret of ours."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.sources import documents, fetching, querying
from bot.sources.failed import Failed
from core.exchange.sourcing import Found

SECONDS, LIVE_SECONDS = 20.0, 1.5  # While somebody waits, Slack gives three.
HIDDEN, HIDDEN_LEAST = "[secret]", 4  # What is shorter stands in any number.
Settings = Mapping[str, str]


@dataclass(frozen=True)
class Secret:
    """What one host takes, and no other gets: whoever sets a source chooses where it points."""

    host: str
    value: SecretStr


class Trouble(NamedTuple):
    """The setting that cannot be, a word for why, and what goes with that."""

    setting: str
    why: str
    detail: str


@dataclass(frozen=True)
class Sources:
    """What the environment allows: secrets and databases by the names that people write; whether to ask our own network."""

    secrets: Mapping[str, Secret] = field(default_factory=dict)
    databases: Mapping[str, SecretStr] = field(default_factory=dict)
    allows_private: bool = False

    async def read(self, kind: str, settings: Settings, seconds: float = SECONDS) -> Found:
        """What stands there now. Raises Failed."""
        try:
            found = await self._read(kind, settings, seconds)
        except Failed as failed:
            raise Failed(failed.why, self.hidden(failed.detail)) from None
        raw = self.hidden(found.raw) if isinstance(found.raw, str) else found.raw
        as_of = self.hidden(found.as_of) if isinstance(found.as_of, str) else found.as_of
        return Found(raw, as_of, self.hidden(found.snippet))

    def trouble(self, settings: Settings) -> Trouble | None:
        """What the environment does not have, or does not have for this host."""
        if (database := settings.get("database")) is not None and database not in self.databases:
            return Trouble("database", "not_set", f"FUTARCHY_SOURCE_{database}")
        if (name := settings.get("secret")) is None:
            return None
        if name not in self.secrets:
            return Trouble("secret", "no_secret", f"FUTARCHY_SECRET_{name}")
        host = self.secrets[name].host
        return Trouble("secret", "other_host", host) if urlsplit(settings["url"]).hostname != host else None

    def hidden(self, text: str) -> str:
        """The text without any secret, as it is or as addresses write it: a server may say back what it was told."""
        for secret in self._all_secrets():
            for form in (secret, quote(secret, safe="")):
                text = text.replace(form, HIDDEN)
        return text

    async def _read(self, kind: str, settings: Settings, seconds: float) -> Found:
        if trouble := self.trouble(settings):
            raise Failed(trouble.why, trouble.detail)
        if kind == "sql":
            url = self.databases[settings["database"]].get_secret_value()
            return await asyncio.to_thread(querying.query, url, settings["query"], seconds)
        text = await fetching.fetch(
            settings["url"], self._headers(settings), seconds, allows_private=self.allows_private
        )
        # Before anything of it is cut: of a secret that is cut in two nobody could tell the first half.
        return await asyncio.to_thread(_IN_DOCUMENTS[kind], self.hidden(text), settings)

    def _headers(self, settings: Settings) -> dict[str, str]:
        accepted = {"Accept": "application/json, text/csv, text/plain", "User-Agent": "futarchy"}
        if "secret" not in settings:
            return accepted
        return accepted | {settings["header"]: self.secrets[settings["secret"]].value.get_secret_value()}

    def _all_secrets(self) -> list[str]:
        """The longest first, since one may hold another."""
        found = [each.value.get_secret_value() for each in self.secrets.values()]
        for database in self.databases.values():
            found += _secrets_of(database.get_secret_value())
        return sorted((each for each in found if len(each) >= HIDDEN_LEAST), key=len, reverse=True)


def _secrets_of(url: str) -> list[str]:
    try:
        password = make_url(url).password
    except ArgumentError:
        return [url]
    return [url, str(password)] if password else [url]


def where(kind: str, settings: Settings) -> str:
    """In words for everybody; what stands behind a question mark in an address concerns nobody else."""
    if kind == "sql":
        return f"a query of the database {settings['database']}"
    parts = urlsplit(settings["url"])
    place = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
    if kind == "http":
        return f"{settings['value']} of {place}"
    row = f"where {settings['where']} is {settings['equals']}" if "where" in settings else "in the last row"
    return f"{settings['column']} {row} of {place}"


_IN_DOCUMENTS: Mapping[str, Any] = {"http": documents.of_json, "csv": documents.of_csv}
