"""`futarchy backup` and `futarchy restore`: the same database again, on either engine, or nothing at all."""

import gzip
import hashlib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from exchange_driver import Exchange
from export_desk import Desk
from sqlalchemy import select

from core.database import metadata, open_engine
from core.exchange import audit
from core.exchange.trading import Act
from core.units import MICRO

Elsewhere = Callable[[], Desk]


@pytest.fixture(params=["files", "server"])
def elsewhere(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Elsewhere]:
    """Turns the command line to a new, migrated database of one engine or the other."""
    home, opened = request.getfixturevalue(request.param), []

    def turn() -> Desk:
        url = home.create(migrated=True)
        opened.append((open_engine(url), url))
        return Desk(opened[-1][0], tmp_path, monkeypatch)

    yield turn
    for engine, url in opened:
        engine.dispose()
        home.drop(url)


def everything(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: sorted((tuple(row) for row in desk.fetch(select(table))), key=repr)
        for table in metadata.sorted_tables
    }


def kept(desk: Desk) -> Path:
    file = desk.folder / "kept.backup"
    status, said = desk.run("backup", str(file))
    assert status == 0, said
    return file


def test_every_row_comes_back_on_either_engine_and_life_goes_on(lived: Desk, elsewhere: Elsewhere):
    before, file = everything(lived), kept(lived)
    other = elsewhere()
    status, said = other.run("restore", str(file))

    assert (status, "the books hold" in said) == (0, True), said
    assert everything(other) == before
    exchange = Exchange(other.engine)
    exchange.trade("ann", exchange.open().market_ids[0], 0, Act.SPEND, 5 * MICRO)
    assert exchange.audit() == []
    assert exchange.read(lambda connection: list(audit.unguarded(connection))) == []
    exchange.close()


def test_only_its_owner_reads_a_backup_and_none_is_written_over(lived: Desk):
    file = kept(lived)
    before = file.read_bytes()
    status, said = lived.run("backup", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (status, "is there already" in said) == (2, True)
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(lived: Desk):
    status, said = lived.run("backup", str(lived.folder / "nowhere" / "kept"))

    assert (status, "cannot be written" in said) == (2, True)


def cut(plain: bytes) -> bytes:
    return plain[: len(plain) // 2]


def changed(plain: bytes) -> bytes:
    return plain.replace(b"because", b"becauze", 1)


def forged(plain: bytes) -> bytes:
    """An amount is another one, and the hash of the file is right again."""
    lines = plain.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"table":"balance"' in line) + 1
    row = orjson.loads(lines[at])
    lines[at] = orjson.dumps([*row[:-1], row[-1] + 1]) + b"\n"
    return signed(lines)


def short(plain: bytes) -> bytes:
    """A row is missing, and the hash of the file is right again."""
    lines = plain.splitlines(keepends=True)
    del lines[next(n for n, line in enumerate(lines) if b'"table":"trade"' in line) + 1]
    return signed(lines)


def another_schema(plain: bytes) -> bytes:
    lines = plain.splitlines(keepends=True)
    lines[0] = orjson.dumps(orjson.loads(lines[0]) | {"schema": "0001"}) + b"\n"
    return signed(lines)


def no_such_table(plain: bytes) -> bytes:
    """The file is whole, and is of something else."""
    lines = plain.splitlines(keepends=True)
    return signed([lines[0], b'{"table":"treasure","columns":["id"]}\n', b"[1]\n", lines[-1]])


def ill_shaped(plain: bytes) -> bytes:
    lines = plain.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"table":"trade"' in line) + 1
    lines[at] = orjson.dumps(orjson.loads(lines[at])[1:]) + b"\n"
    return signed(lines)


def twice(plain: bytes) -> bytes:
    lines = plain.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"table":"trade"' in line) + 1
    return signed([*lines[:at], lines[at], *lines[at:]])


def headless(plain: bytes) -> bytes:
    return signed(plain.splitlines(keepends=True)[1:])


def signed(lines: list[bytes]) -> bytes:
    body = b"".join(lines[:-1])
    return body + orjson.dumps({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


SPOILT: list[tuple[Callable[[bytes], bytes], str]] = [
    (cut, "cut off or was changed"),
    (changed, "cut off or was changed"),
    (forged, "does not hold"),
    (short, "as many rows as it says"),
    (another_schema, "is of schema 0001"),
    (no_such_table, "what a backup of this schema holds"),
    (ill_shaped, "what a backup of this schema holds"),
    (twice, "what a backup of this schema holds"),
    (headless, "This is no backup"),
    (lambda _: b"no backup\n", "This is no backup"),
    (lambda _: b"", "This is no backup"),
]
NO_ARCHIVE: list[Callable[[bytes], bytes]] = [lambda packed: packed[:-20], lambda _: b"not packed"]


def test_a_spoilt_backup_restores_nothing(lived: Desk, elsewhere: Elsewhere):
    """However it is spoilt, it is said why, and the database is as empty as before."""
    file = kept(lived)
    packed, other = file.read_bytes(), elsewhere()
    plain, before = gzip.decompress(packed), everything(other)
    cases = [(gzip.compress(spoil(plain)), why) for spoil, why in SPOILT]
    cases += [(spoil(packed), "or was cut off") for spoil in NO_ARCHIVE]
    for content, why in cases:
        file.write_bytes(content)
        status, said = other.run("restore", str(file))
        assert (status, "Nothing was restored." in said, why in said) == (2, True, True), said
        assert everything(other) == before, why


def test_nothing_is_restored_into_a_database_that_has_lived(lived: Desk):
    file, before = kept(lived), everything(lived)
    status, said = lived.run("restore", str(file))

    assert (status, "is not empty" in said) == (2, True)
    assert everything(lived) == before
