"""Keeps messages, clock and counters in one JSON file, written whole or not at all."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from bot.workspace.state import Workspace

PAUSE_SECONDS = 0.3


def save(workspace: Workspace, path: Path) -> None:
    content = {
        "conversations": {each.id: each.messages for each in workspace.conversations.values()},
        "offset_seconds": workspace.clock.offset.total_seconds(),
        "last_moment": workspace.last_moment,
        "id_counter": workspace.id_counter,
    }
    unfinished = path.with_suffix(".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_text(json.dumps(content))
    unfinished.replace(path)


def load(workspace: Workspace, path: Path) -> None:
    if not path.exists():
        return
    content = json.loads(path.read_text())
    for name, messages in content["conversations"].items():
        if name in workspace.conversations:
            workspace.conversations[name].messages = messages
    behind = timedelta(seconds=content["offset_seconds"]) - workspace.clock.offset
    workspace.clock.advance(max(behind, timedelta(0)))
    workspace.last_moment = content["last_moment"]
    workspace.id_counter = content["id_counter"]


class Saver:
    """Writes a little after the last change, so that a burst of posts is one write."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        self._workspace = workspace
        self._path = path
        self._due: asyncio.TimerHandle | None = None

    def note_change(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self.write)

    def write(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        save(self._workspace, self._path)
