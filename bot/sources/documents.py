"""One value out of a document: JSON by a JMESPath expression, CSV by a column and a row."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from bot.sources.failed import Failed
from core.exchange.sourcing import Found

SNIPPET_MOST = 400
Settings = Mapping[str, str]


def of_json(text: str, settings: Settings) -> Found:
    """Raises Failed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Failed("no_json", text[:80]) from None
    value = _searched(document, settings["value"], "value")
    as_of = _searched(document, settings["as_of"], "as_of") if "as_of" in settings else None
    if "as_of" in settings and as_of is None:
        raise Failed("nothing_there", settings["as_of"])
    return Found(value, as_of, " ".join(text.split())[:SNIPPET_MOST])


def _searched(document: Any, expression: str, name: str) -> Any:
    try:
        found = jmespath.search(expression, document)
    except (JMESPathError, RecursionError):
        raise Failed("expression", expression) from None
    if isinstance(found, dict | list):
        raise Failed("no_single", expression)
    if found is None and name == "value":
        raise Failed("nothing_there", expression)
    return found


def check(expression: str) -> bool:
    """Whether it is one of JMESPath's."""
    try:
        jmespath.compile(expression)
    except JMESPathError:
        return False
    return True


def of_csv(text: str, settings: Settings) -> Found:
    """The last row, or the last of those where a column has a value. Raises Failed."""
    try:
        rows = csv.DictReader(io.StringIO(text), strict=True)
        names, wanted = rows.fieldnames or [], _wanted(list(rows), settings)
    except csv.Error:
        raise Failed("no_csv", text[:80]) from None
    for name in (settings["column"], settings.get("where"), settings.get("as_of")):
        if name is not None and name not in names:
            raise Failed("no_column", name)
    if wanted is None:
        raise Failed("no_row", settings.get("equals", ""))
    shown = ", ".join(f"{name}: {value}" for name, value in wanted.items() if name)
    as_of = wanted[settings["as_of"]] if "as_of" in settings else None
    return Found(wanted[settings["column"]], as_of, shown[:SNIPPET_MOST])


def _wanted(rows: list[dict[str, Any]], settings: Settings) -> dict[str, Any] | None:
    where = settings.get("where")
    found = [row for row in rows if where is None or row.get(where) == settings["equals"]]
    return found[-1] if found else None
