"""Readings from HTTP, CSV and databases: what is found, what is refused, and that no secret comes out."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elsewhere import Site
from pydantic import SecretStr
from sqlalchemy import text

from bot.sources import documents, fetching, reading
from bot.sources.failed import Failed
from bot.sources.reading import Secret, Sources
from core.database import open_engine
from core.exchange.sourcing import Found

SECRET = "a-secret-of-ours/=?"  # noqa: S105 - nobody else's
LOCAL = Sources({"KEY": Secret("127.0.0.1", SecretStr(SECRET))}, {}, allows_private=True)


def read(sources: Sources, kind: str, seconds: float = 5.0, **settings: str) -> Found:
    return asyncio.run(sources.read(kind, settings, seconds))


def failed(sources: Sources, kind: str, seconds: float = 5.0, **settings: str) -> tuple[str, str]:
    with pytest.raises(Failed) as problem:
        read(sources, kind, seconds, **settings)
    return problem.value.why, problem.value.detail


def test_a_value_and_its_time_are_found_in_json(site: Site):
    url = site.say(
        "/score", '{"runs": [{"n": 1, "score": 70.5}, {"n": 2, "score": 71.25}], "at": "2026-01-31"}'
    )
    found = read(LOCAL, "http", url=url, value="runs[-1].score", as_of="at")

    assert (found.raw, found.as_of) == (71.25, "2026-01-31")
    assert '"score": 71.25' in found.snippet


@pytest.mark.parametrize(
    ("body", "value", "why"),
    [
        ("<html>", "score", "no_json"),
        ("[" * 100_000, "score", "no_json"),
        ('{"score": 1}', "scores", "nothing_there"),
        ('{"score": [1, 2]}', "score", "no_single"),
        ('{"score": {"a": 1}}', "score", "no_single"),
        ('{"score": 1}', "score[", "expression"),
        ('{"score": 1}', "sum(score)", "expression"),
    ],
)
def test_what_is_no_single_value_is_said(site: Site, body: str, value: str, why: str):
    assert failed(LOCAL, "http", url=site.say("/odd", body), value=value)[0] == why


def test_a_time_that_is_not_there_is_said_and_not_left_out(site: Site):
    assert failed(LOCAL, "http", url=site.say("/t", '{"v": 1}'), value="v", as_of="at") == (
        "nothing_there",
        "at",
    )


TABLE = "\ufeffmonth,team,score\n2026-01,a,61\n2026-01,b,50\n2026-02,a,62.5\n2026-02,b,51\n"


@pytest.mark.parametrize(
    ("settings", "raw"),
    [
        ({"column": "score"}, "51"),
        ({"column": "score", "where": "team", "equals": "a"}, "62.5"),
        ({"column": "score", "where": "month", "equals": "2026-01"}, "50"),
    ],
)
def test_a_cell_is_found_in_csv_by_its_column_and_row(site: Site, settings: dict[str, str], raw: str):
    found = read(LOCAL, "csv", url=site.say("/table", TABLE), as_of="month", **settings)

    assert found.raw == raw
    assert str(found.as_of).startswith("2026-0")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"column": "points"}, ("no_column", "points")),
        ({"column": "score", "where": "squad", "equals": "a"}, ("no_column", "squad")),
        ({"column": "score", "where": "team", "equals": "c"}, ("no_row", "c")),
    ],
)
def test_a_cell_that_is_not_there_is_named(site: Site, settings: dict[str, str], why: tuple[str, str]):
    assert failed(LOCAL, "csv", url=site.say("/table", TABLE), **settings) == why


def test_a_secret_goes_to_the_host_that_is_named_and_to_no_other(site: Site):
    site.asked.clear()
    site.say("/there", '{"v": 1}')
    url = site.say("/here", "", 302, Location=f"http://localhost:{site.port}/there")
    read(LOCAL, "http", url=url, value="v", header="X-Key", secret="KEY")

    assert [(path, headers.get("X-Key")) for path, headers in site.asked] == [
        ("/here", SECRET),
        ("/there", None),
    ]


def test_a_secret_that_a_server_says_back_is_hidden(site: Site):
    url = site.say("/echo", f'{{"v": "{SECRET}", "w": "https://x/?k=a-secret-of-ours%2F%3D%3F"}}')
    found = read(LOCAL, "http", url=url, value="v", header="X-Key", secret="KEY")
    why = failed(LOCAL, "http", url=site.say("/echo2", SECRET), value="v", header="X-Key", secret="KEY")

    assert "ours" not in repr((found, why))
    assert reading.HIDDEN in found.snippet


def test_a_secret_is_hidden_also_where_what_is_shown_of_an_answer_ends_within_it(site: Site):
    for shown in (80, documents.SNIPPET_MOST):
        before = "x" * (shown - len(SECRET) // 2)
        why = failed(LOCAL, "http", url=site.say(f"/w{shown}", before + SECRET), value="v")
        text = f'{{"v": 1, "w": "{before[14:]}{SECRET}"}}'
        found = read(LOCAL, "http", url=site.say(f"/f{shown}", text), value="v")

        assert SECRET[:6] not in repr((found, why))


def test_a_secret_that_is_not_set_or_is_for_another_host_is_sent_to_nobody(site: Site):
    site.asked.clear()

    assert failed(LOCAL, "http", url=site.url("/x"), value="v", header="X", secret="OTHER") == (
        "no_secret",
        "FUTARCHY_SECRET_OTHER",
    )
    elsewhere = f"http://localhost:{site.port}/x"
    assert failed(LOCAL, "http", url=elsewhere, value="v", header="X", secret="KEY") == (
        "other_host",
        "127.0.0.1",
    )
    assert site.asked == []


@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (500, {}, ("status", "500")),
        (302, {"Location": "/loop"}, ("hops", "3")),
        (302, {"Location": "file:///etc/passwd"}, ("scheme", "file")),
    ],
)
def test_what_is_no_document_is_said(site: Site, status: int, headers: dict[str, str], why: tuple[str, str]):
    assert failed(LOCAL, "http", url=site.say("/loop", "", status, **headers), value="v") == why


def test_a_document_that_is_too_large_is_not_read_to_its_end(site: Site):
    assert failed(LOCAL, "http", url=site.say("/big", "x" * 1_000_001), value="v")[0] == "large"


def test_a_server_that_is_slow_is_not_waited_for(site: Site):
    site.answers["/slow"] = lambda: (time.sleep(0.6), (200, {}, b"1"))[1]
    begun = time.monotonic()

    assert failed(LOCAL, "http", 0.2, url=site.url("/slow"), value="@")[0] == "slow"
    assert time.monotonic() - begun < 0.5


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.1", "169.254.169.254", "10.1.2.3"],
)
def test_addresses_of_our_own_network_are_not_asked_unless_the_environment_allows_it(site: Site, host: str):
    site.asked.clear()

    assert failed(Sources(), "http", 1.0, url=f"http://{host}:{site.port}/x", value="v")[0] == "private"
    assert site.asked == []


def test_a_public_host_that_sends_us_home_is_not_followed(site: Site, monkeypatch: pytest.MonkeyPatch):
    """The check is of each address that is asked, so that of a redirect too."""
    site.say("/home", '{"v": 1}')
    url = site.say("/public", "", 302, Location=f"http://localhost:{site.port}/home")
    looked_at = iter([True, False])
    monkeypatch.setattr(fetching, "_is_public", lambda _: next(looked_at))

    assert failed(Sources(), "http", url=url, value="v")[0] == "private"


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A database with scores in it."""
    path = tmp_path / "our scores.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE score (month TEXT, value REAL)")
        connection.executemany(
            "INSERT INTO score VALUES (?, ?)", [("2026-01-31", 61.5), ("2026-02-28", 62.25)]
        )
    connection.close()
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_scores(server: Any) -> Iterator[str]:
    """The same in PostgreSQL."""
    url = server.create(migrated=False)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE score (month TEXT, value REAL)"))
        connection.execute(text("INSERT INTO score VALUES ('2026-01-31', 61.5), ('2026-02-28', 62.25)"))
    engine.dispose()
    yield url
    server.drop(url)


def named(url: str) -> Sources:
    return Sources({}, {"SCORES": SecretStr(url)})


def asked(url: str, query: str, seconds: float = 5.0) -> Any:
    """What the query gives, or the word for why it gives nothing."""
    try:
        found = read(named(url), "sql", seconds, database="SCORES", query=query)
    except Failed as problem:
        return problem.why
    return float(found.raw), found.as_of  # type: ignore[arg-type]


QUERIES = [
    ("SELECT value FROM score ORDER BY month DESC LIMIT 1;", (62.25, None)),
    ("SELECT max(value), max(month) FROM score -- of all", (62.25, "2026-02-28")),
    ("SELECT value FROM score", "rows"),
    ("SELECT value FROM score WHERE month = ''", "no_row"),
    ("SELECT 1, 2, 3", "columns"),
    ("SELECT * FROM nothing", "query"),
    ("DELETE FROM score", "query"),
    ("SELECT 1) AS x; DELETE FROM score; SELECT * FROM (SELECT 1", "query"),
    ("SELECT 1) AS x; COMMIT; DELETE FROM score; SELECT * FROM (SELECT 1", "query"),
]


@pytest.mark.parametrize(("query", "found"), QUERIES)
def test_a_query_finds_one_value_and_changes_nothing_in_sqlite(table: str, query: str, found: Any):
    assert asked(table, query) == found
    assert asked(table, "SELECT count(*) FROM score") == (2, None)


def test_a_query_reaches_no_other_file_of_sqlite(table: str):
    assert asked(table, "SELECT 1 FROM pragma_database_list") == "query"


@pytest.mark.parametrize(("query", "found"), QUERIES)
def test_a_query_finds_one_value_and_changes_nothing_in_postgresql(
    postgresql_scores: str, query: str, found: Any
):
    assert asked(postgresql_scores, query) == found
    assert asked(postgresql_scores, "SELECT count(*) FROM score") == (2, None)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_query_that_takes_too_long_is_ended(request: pytest.FixtureRequest, kind: str):
    url = request.getfixturevalue({"sqlite": "table", "postgresql": "postgresql_scores"}[kind])
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    assert asked(url, endless, 0.3) == "slow"


def test_what_a_database_says_of_a_wrong_password_holds_none(table: str):
    url = "postgresql://somebody:the-password-itself@127.0.0.1:1/nowhere"
    why = failed(named(url), "sql", database="SCORES", query="SELECT 1")

    assert why[0] == "query"
    assert "the-password-itself" not in repr(why) + repr(named(url))


def test_only_databases_that_the_environment_names_are_asked():
    assert failed(Sources(), "sql", database="SCORES", query="SELECT 1") == (
        "not_set",
        "FUTARCHY_SOURCE_SCORES",
    )
    assert failed(named("mysql://x/y"), "sql", database="SCORES", query="SELECT 1")[0] == "no_database"


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("http", {"url": "https://a.b:8/c?token=t", "value": "x.y"}, "x.y of https://a.b:8/c"),
        (
            "csv",
            {"url": "https://a.b/c", "column": "v", "where": "t", "equals": "u"},
            "v where t is u of https://a.b/c",
        ),
        ("csv", {"url": "https://a.b/c", "column": "v"}, "v in the last row of https://a.b/c"),
        ("sql", {"database": "SCORES", "query": "SELECT 1"}, "a query of the database SCORES"),
    ],
)
def test_where_it_was_read_is_said_without_what_an_address_may_hide(
    kind: str, settings: dict[str, str], said: str
):
    assert reading.where(kind, settings) == said
