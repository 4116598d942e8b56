"""Keeps what a restart must not lose in one JSON file, written whole or not at all, and each upload beside it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.workspace.conversations import Conversation
from bot.workspace.files import File
from bot.workspace.seed import Channel, Member
from bot.workspace.state import Workspace

Json = dict[str, Any]
PAUSE_SECONDS = 0.3
FORM = 2  # A file that was written in another form is left alone until the next write.
KEPT = ("members", "topic", "is_archived", "messages", "bookmarks")


def save(workspace: Workspace, path: Path) -> None:
    content = {
        "form": FORM,
        "members": [asdict(each) for each in workspace.seed.members],
        "channels": [asdict(each) for each in workspace.seed.channels],
        "conversations": {each.id: kept(each) for each in workspace.conversations.values()},
        "files": [asdict(replace(each, data=None)) for each in workspace.files.by_id.values() if each.data],
        "read_marks": workspace.read_marks,
        "offset_seconds": workspace.clock.offset.total_seconds(),
        "last_moment": workspace.last_moment,
        "id_counter": workspace.id_counter,
    }
    unfinished = path.with_suffix(".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_files(workspace, files_beside(path))
    unfinished.write_text(json.dumps(content))
    unfinished.replace(path)


def kept(conversation: Conversation) -> Json:
    return {name: getattr(conversation, name) for name in KEPT}


def files_beside(path: Path) -> Path:
    return path.with_suffix(".files")


def save_files(workspace: Workspace, directory: Path) -> None:
    """What was uploaded never changes: each is written once."""
    directory.mkdir(exist_ok=True)
    for file in workspace.files.by_id.values():
        if file.data and not (directory / file.id).exists():
            (directory / file.id).write_bytes(file.data)


def load(workspace: Workspace, path: Path) -> None:
    if not path.exists():
        return
    content = json.loads(path.read_text())
    if content.get("form") != FORM:
        return
    workspace.settle(*newcomers(workspace, content))
    for name, fields in content["conversations"].items():
        for field, value in fields.items():
            setattr(workspace.conversations[name], field, tuple(value) if field == "members" else value)
    workspace.files.by_id = {each.id: each for each in load_files(content["files"], files_beside(path))}
    behind = timedelta(seconds=content["offset_seconds"]) - workspace.clock.offset
    workspace.clock.advance(max(behind, timedelta(0)))
    for name in ("read_marks", "last_moment", "id_counter"):
        setattr(workspace, name, content[name])


def newcomers(workspace: Workspace, content: Json) -> tuple[tuple[Member, ...], tuple[Channel, ...]]:
    """Who and what came after the start."""
    people, channels = (
        {each.id for each in known} for known in (workspace.seed.members, workspace.seed.channels)
    )
    return (
        tuple(Member(**each) for each in content["members"] if each["id"] not in people),
        tuple(
            Channel(**each | {"members": tuple(each["members"])})
            for each in content["channels"]
            if each["id"] not in channels
        ),
    )


def load_files(entries: list[Json], directory: Path) -> Iterator[File]:
    for each in entries:
        if (directory / each["id"]).exists():
            yield File(**each | {"data": (directory / each["id"]).read_bytes()})


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
