"""Sources: what is configured, read once. What comes back, and whatever went wrong, holds no secret of ours."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
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
class Sources:
    """What the environment allows: secrets and databases by the names that people write; whether to ask our own network."""

    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
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

    def missing(self, settings: Settings) -> str | None:
        """The setting that names what the environment does not have."""
        for name, known in (("secret", self.secrets), ("database", self.databases)):
            if name in settings and settings[name] not in known:
                return name
        return None

    def hidden(self, text: str) -> str:
        """The text without any secret, as it is or as addresses write it: a server may say back what it was told."""
        for secret in self._all_secrets():
            for form in (secret, quote(secret, safe="")):
                text = text.replace(form, HIDDEN)
        return text

    async def _read(self, kind: str, settings: Settings, seconds: float) -> Found:
        if name := self.missing(settings):
            raise Failed("not_set", variable(name, settings[name]))
        if kind == "sql":
            url = self.databases[settings["database"]].get_secret_value()
            return await asyncio.to_thread(querying.query, url, settings["query"], seconds)
        text = await fetching.fetch(
            settings["url"], self._headers(settings), seconds, allows_private=self.allows_private
        )
        return await asyncio.to_thread(_IN_DOCUMENTS[kind], text, settings)

    def _headers(self, settings: Settings) -> dict[str, str]:
        accepted = {"Accept": "application/json, text/csv, text/plain", "User-Agent": "futarchy"}
        if "secret" not in settings:
            return accepted
        return accepted | {settings["header"]: self.secrets[settings["secret"]].get_secret_value()}

    def _all_secrets(self) -> list[str]:
        """The longest first, since one may hold another."""
        found = [each.get_secret_value() for each in self.secrets.values()]
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


def variable(setting: str, name: str) -> str:
    """The variable of the environment behind a name that people write."""
    return f"FUTARCHY_{'SECRET' if setting == 'secret' else 'SOURCE'}_{name}"


_IN_DOCUMENTS: Mapping[str, Any] = {"http": documents.of_json, "csv": documents.of_csv}
