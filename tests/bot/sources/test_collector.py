"""Readings by themselves, in Slack: configured and tried by the owner, filed when trading ends, or asked about; no secret leaks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import decide
from elsewhere import Site
from live import Live, Person, option_of, read
from sqlalchemy import select

from core.markets.reading_tables import source
from core.markets.tables import reading

SECRET = "s3cret-of-the-eval-team"  # noqa: S105 - it opens nothing


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A workspace whose environment knows a secret and a database."""
    monkeypatch.setenv("FUTARCHY_SECRET_EVALS", f"127.0.0.1 {SECRET}")
    monkeypatch.setenv("FUTARCHY_SOURCE_SCORES", f"sqlite:///{tmp_path / 'scores.db'}")
    running = Live(tmp_path)
    yield running
    running.close()


def choose(mona: Person, kind: str) -> None:
    mona.type("/decision source D-1")
    mona.fill("kind", option_of(mona.element("kind"), kind))


def tried(mona: Person, **typed: str) -> str:
    """What Try it says, pressed with this typed; the form stays."""
    form = mona.modal["id"]
    values = {name: {mona.element(name)["action_id"]: {"value": text}} for name, text in typed.items()}
    place = {"view_id": form, "block_id": "trying", "action_id": "source_try"}
    mona.act("action", **place, value={}, values=values)
    return read(mona.modal)


def typed(settings: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": text} for name, text in settings.items()}


def filed(live: Live) -> list[tuple[int, str]]:
    return [
        tuple(row) for row in live.read(lambda c: c.execute(select(reading.c.value, reading.c.source)).all())
    ]


def test_a_reading_is_tried_kept_and_filed_by_itself_and_its_secret_is_found_nowhere(
    lived: Live, site: Site, tmp_path: Path
):
    mona, carol, emil = (lived.person(f"U0{name}") for name in ("MONA", "CAROL", "EMIL"))
    url = site.say("/score", json.dumps({"runs": [{"score": 70.25}], "said": SECRET}))
    settings = {"url": url, "value": "runs[-1].score", "header": "X-Key", "secret": "EVALS"}
    choose(mona, "JSON from an address")
    assert "*Address:* This cannot be empty." in tried(mona)
    assert "*Value:* “runs[” is no JMESPath expression." in tried(mona, **settings | {"value": "runs["})
    said = tried(mona, **settings)
    assert "It says *70.25 points*." in said
    assert "[secret]" in said
    elsewhere = url.replace("127.0.0.1", "localhost")
    assert "This secret is for 127.0.0.1 alone" in tried(mona, **settings | {"url": elsewhere})
    assert site.asked[-1][1]["X-Key"] == SECRET
    refused = mona.submit(**typed(settings | {"secret": "OTHER"}))
    assert "FUTARCHY_SECRET_OTHER is not set" in refused["errors"]["secret"]
    mona.submit(**typed(settings))
    assert "It is read when trading ends." in read(mona.modal)
    mona.close()
    emil.type("/decision definition D-1")
    assert f"by itself from runs[-1].score of {url}, as <@U0MONA> set it" in read(emil.modal)
    emil.close()

    decide(lived, carol, "Release")
    site.say("/score", json.dumps({"runs": [{"score": 70.25}, {"score": 71.5}], "said": SECRET}))
    lived.advance(days=30)
    told = read(emil.wait_for("read from the source that <@U0MONA> set"))

    assert "*71.5 points*" in told
    assert filed(lived) == [(71_500_000, f"runs[-1].score of {url}")]
    leaks = [file for file in tmp_path.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()]
    assert leaks == []
    assert SECRET not in json.dumps([each.content for each in lived.payloads.emitted], default=str)


def test_what_cannot_be_read_or_believed_is_asked_of_its_owner(lived: Live, site: Site, tmp_path: Path):
    """A source that fails for hours, then says what is out of range: her word files it."""
    mona, carol, emil = (lived.person(f"U0{name}") for name in ("MONA", "CAROL", "EMIL"))
    url = site.say("/table", "month,score\n1,50\n", 503)
    choose(mona, "CSV from an address")
    mona.submit(**typed({"url": url, "column": "score"}))
    assert "It answered with status 503." in read(mona.modal)
    mona.close()
    decide(lived, carol, "Release")
    before = len(site.asked)
    lived.advance(days=30)
    for number, minutes in enumerate((0, 1, 5, 15, 60, 180), 1):
        lived.advance(minutes=minutes)
        lived.wait_until(lambda most=before + number: len(site.asked) >= most and _is_done(lived))
    failed = mona.wait_for("could not be read, tried 6 times. It answered with status 503.", "D0MONA")

    site.say("/table", "month,score\n1,50\n2,130\n")
    mona.press(failed, "source_again", "D0MONA")
    mona.close()
    doubted = mona.wait_for("its source says *130 points*", "D0MONA")
    assert "It lies outside 40 points to 80 points" in read(doubted)
    assert filed(lived) == []
    mona.press(doubted, "source_right", "D0MONA")
    assert "Filed on your word." in read(mona.modal)
    mona.close()
    emil.wait_for(", filed by <@U0MONA>")
    assert [value for value, _ in filed(lived)] == [130_000_000]
    mona.press(doubted, "source_right", "D0MONA")
    assert "is answered for already" in read(mona.modal)


def _is_done(live: Live) -> bool:
    """No attempt is under way: what became of the last one is written down, and not due yet."""
    row = live.read(lambda c: c.execute(select(source.c.next_at, source.c.error)).one())
    return row.next_at is None or (
        (row.next_at - live.workspace.clock()).total_seconds() > 0 and bool(row.error)
    )
