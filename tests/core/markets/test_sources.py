"""What a source can be, and what it cannot."""

import pytest

from core.errors import Invalid
from core.markets import sources

HTTP = {"url": "https://example.com/score", "value": "score"}
SQL = {"database": "SCORES", "query": "SELECT 1"}
CSV = {"url": "https://example.com/score.csv", "column": "score"}


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("http", HTTP),
        ("http", HTTP | {"as_of": "at", "header": "Authorization", "secret": "KEY_2"}),
        ("http", HTTP | {"url": "http://[2001:db8::1]:8000/"}),
        ("sql", SQL),
        ("csv", CSV),
        ("csv", CSV | {"where": "team", "equals": "a", "as_of": "month"}),
    ],
)
def test_what_a_source_can_be_is_taken(kind: str, settings: dict[str, str]):
    sources.check(kind, settings)


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("ftp", HTTP, "kind"),
        ("http", HTTP | {"query": "SELECT 1"}, "kind"),
        ("http", HTTP | {"url": "ftp://a/b"}, "url"),
        ("http", HTTP | {"url": "https:///x"}, "url"),
        ("http", HTTP | {"url": "https://me:word@a/b"}, "url"),
        ("http", HTTP | {"url": "https://a/b c"}, "url"),
        ("http", HTTP | {"url": "https://[a"}, "url"),
        ("http", HTTP | {"url": "https://a:99999/"}, "url"),
        ("http", HTTP | {"value": " "}, "value"),
        ("http", HTTP | {"value": "x" * 2_001}, "value"),
        ("http", HTTP | {"header": "X-Key"}, "secret"),
        ("http", HTTP | {"secret": "KEY"}, "header"),
        ("http", HTTP | {"header": "X: Key", "secret": "KEY"}, "header"),
        ("http", HTTP | {"header": "X-Key", "secret": "the secret itself"}, "secret"),
        ("sql", {"query": "SELECT 1"}, "database"),
        ("sql", SQL | {"database": "sqlite:///x"}, "database"),
        ("csv", CSV | {"where": "team"}, "equals"),
    ],
)
def test_what_no_source_can_be_is_refused_by_name(kind: str, settings: dict[str, str], field: str):
    with pytest.raises(Invalid) as refused:
        sources.check(kind, settings)

    assert refused.value.field == field
