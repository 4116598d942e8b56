"""The power goes (power.py, images.py), and the record of what was written, from which that is told (vfs.py)."""

import os
import sqlite3
import subprocess
import sys
from functools import partial, update_wrapper
from pathlib import Path

import pytest
from campaigns import vfs
from campaigns.campaign import Broken, conduct
from campaigns.images import Change, Moment, Recorder, Synced, moments
from campaigns.power import power
from campaigns.vfs import Watcher, watched


def test_no_acknowledged_trade_is_lost_at_whatever_moment_the_power_goes(seed: int):
    figures = conduct(power, "sqlite", 200, seed)

    assert figures["images"] == 200
    assert figures["acknowledged fills"] > 50
    assert figures["moments in a checkpoint"] > 0


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_commit_that_does_not_wait_for_the_disk_is_found_out(seed: int, synchronous: str):
    """The campaign can fail: with a weaker setting there are acknowledged trades that a power cut takes."""
    weak = update_wrapper(partial(power, synchronous=synchronous), power)
    with pytest.raises(Broken, match="acknowledged orders are lost"):
        conduct(weak, "sqlite", 200, seed)


def test_what_was_written_since_the_last_sync_may_be_missing_and_what_was_before_may_not():
    old, new = Change("f", 0, b"old"), Change("f", 1, b"NEW")
    first, second = (
        Moment(dict(each.safe), list(each.at_risk)) for each in moments([old, Synced("f"), new], {})
    )

    assert (first.safe, first.at_risk) == ({}, [old])
    assert second.whole() == {"f": bytearray(b"oNEW")}
    assert second.safe == {"f": bytearray(b"old")}


def test_a_sync_makes_safe_what_was_written_to_its_own_file_only():
    *_, last = moments([Change("f", 0, b"f"), Change("g", 0, b"g"), Synced("f")], {"g": b"?"})

    assert last.safe == {"f": bytearray(b"f"), "g": bytearray(b"?")}
    assert last.whole() == {"f": bytearray(b"f"), "g": bytearray(b"g")}


def test_the_record_makes_up_the_file_to_the_last_byte(tmp_path: Path):
    recorder = Recorder()
    with watched(recorder):
        connection = sqlite3.connect(tmp_path / "a.db")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 5000,)] * 50)
        connection.commit()
        *_, last = moments(recorder.events, {})
        for name in ("a.db", "a.db-wal"):
            assert (tmp_path / name).read_bytes() == last.whole()[name], name
        connection.close()

    assert recorder.syncs > 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db"]


def test_a_disk_that_refuses_is_what_sqlite_reports_and_it_recovers(tmp_path: Path):
    class Full(Watcher):
        code = vfs.FULL

        def write(self, file: Path, offset: int, data: bytes) -> int:
            return self.code

    disk = Full()
    with watched(disk):
        connection = sqlite3.connect(tmp_path / "a.db")
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            connection.execute("CREATE TABLE t (x)")
        disk.code = vfs.OK
        connection.execute("CREATE TABLE t (x)")
        connection.close()


def test_after_the_watch_nobody_is_asked_whether_opened_before_or_later(tmp_path: Path):
    recorder = Recorder()
    with watched(recorder):
        early = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        early.execute("PRAGMA journal_mode=WAL")
        early.execute("CREATE TABLE t (x)")
    asked = len(recorder.events)
    late = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    for each in (early, late):
        each.execute("INSERT INTO t VALUES (1)")
        each.close()

    assert len(recorder.events) == asked > 0


def test_a_database_that_is_still_open_when_the_process_ends_does_no_harm(tmp_path: Path):
    """Closing it, Python being half gone, must not call back into Python."""
    script = """
import sys
from campaigns.databases import migrated
from campaigns.vfs import Watcher, watched
from core.database import open_engine, writing
with watched(Watcher()):
    engine = open_engine(migrated(sys.argv[1]))
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
"""
    path = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'a.db'}"],
        env=os.environ | {"PYTHONPATH": path},
        check=False,
    )

    assert ended.returncode == 0
