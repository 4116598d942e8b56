"""`futarchy workspace --play --exit`, started as a newcomer would start it."""

import os
import subprocess
import sys
from pathlib import Path


def futarchy(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line, in a process and a folder of its own."""
    environment = os.environ | {
        "FUTARCHY_DATABASE_URL": f"sqlite:///{directory / 'workspace' / 'exchange.db'}",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "bot", *words]
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_people_live_a_whole_decision_by_themselves(tmp_path):
    """Opened, traded, reported, decided, read, settled: told as a transcript, status 0, and the books balance.

    What was uploaded before is gone when a workspace begins anew.
    """
    uploaded = tmp_path / "workspace" / "page.files" / "F-OLD"
    uploaded.parent.mkdir(parents=True)
    uploaded.write_bytes(b"png")
    played = futarchy(tmp_path, "workspace", "--play", "--exit", "--fresh", "--port", "0")

    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-2000:]
    for told in (
        "only Ada Okafor sees",
        "Emil Novak sees “Traded”",
        "You are one of the people who decide this, so you may not trade it.",
        "Spread report D-2",
        "is decided by @Carol Lindqvist: Open it.",
        "Serious findings came to 23 reports.",
        "Emil Novak, direct message",
    ):
        assert told in played.stdout
    assert played.stderr == ""
    audited = futarchy(tmp_path, "audit")
    assert audited.returncode == 0, audited.stdout
    assert not uploaded.exists()
    assert list(uploaded.parent.iterdir())


def test_exit_without_play_is_refused_in_words(tmp_path):
    refused = futarchy(tmp_path, "workspace", "--exit")

    assert refused.returncode == 2
    assert "--exit goes with --play." in refused.stderr


def test_a_workspace_that_is_already_running_is_named(tmp_path):
    """A second process on the same directory would write to the same SQLite file; even --fresh drops nothing then."""
    lock = tmp_path / "workspace"
    lock.mkdir()
    (lock / "page.json").write_text("{}")
    hold = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(lock / "exchange.db.writer")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        holder.stdout.readline()
        refused = futarchy(tmp_path, "workspace", "--play", "--exit", "--fresh", "--port", "0")
        holder.stdin.close()

    assert refused.returncode == 2
    assert "another process already writes" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (lock / "page.json").exists()
