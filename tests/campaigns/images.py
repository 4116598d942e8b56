"""What a disk may hold after a power cut: all that was synced, and any part of what was only written.

The model: a write that was not synced may be there, or not, or its first sectors only, whatever came of the writes
before and after it. A file that was created and not yet synced may be missing.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaigns.vfs import OK, Watcher

SECTOR = 512

Image = dict[str, bytearray]  # Contents of files by their names.


@dataclass(frozen=True)
class Change:
    """A write, or a truncation to ``offset`` if there are no data, or a deletion if the offset is negative."""

    file: str
    offset: int
    data: bytes = b""

    def happen(self, image: Image) -> None:
        if self.offset < 0:
            image.pop(self.file, None)
            return
        content = image.setdefault(self.file, bytearray())
        if not self.data:
            del content[self.offset :]
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def torn(self, chance: random.Random) -> "Change":
        """Its first sectors; what is smaller than a sector is written whole or not at all."""
        if len(self.data) < SECTOR:
            return self
        return Change(
            self.file, self.offset, self.data[: SECTOR * chance.randint(1, len(self.data) // SECTOR)]
        )


@dataclass(frozen=True)
class Synced:
    file: str


@dataclass(frozen=True)
class Told:
    """A caller was handed this answer."""

    key: str
    answer: str


@dataclass
class Moment:
    """A moment at which the power may go: what is safe, what is at risk, and what callers had been told."""

    safe: Image
    at_risk: list[Change] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)

    def images(self, chance: random.Random) -> Iterator[tuple[str, Image]]:
        """Of what is at risk: nothing, everything, and something."""
        yield "nothing", self._with([])
        yield "everything", self.whole()
        yield "something", self._with(self._some(chance))

    def whole(self) -> Image:
        return self._with(self.at_risk)

    def _some(self, chance: random.Random) -> list[Change]:
        if chance.random() < 0.5:  # In order up to a point, the last one torn.
            kept = self.at_risk[: chance.randint(0, len(self.at_risk))]
            return [*kept[:-1], *(each.torn(chance) for each in kept[-1:])]
        some = [each for each in self.at_risk if chance.random() < 0.5]
        return [each.torn(chance) if chance.random() < 0.3 else each for each in some]

    def _with(self, changes: list[Change]) -> Image:
        image = {name: bytearray(content) for name, content in self.safe.items()}
        for each in changes:
            each.happen(image)
        return image


class Recorder(Watcher):
    """Keeps, in their order, all changes and syncs of files, and what callers were told between them."""

    def __init__(self) -> None:
        self.events: list[Change | Synced | Told] = []
        self.syncs = 0
        self.answers = 0

    def write(self, file: Path, offset: int, data: bytes) -> int:
        self.events.append(Change(file.name, offset, data))
        return OK

    def truncate(self, file: Path, size: int) -> int:
        self.events.append(Change(file.name, size))
        return OK

    def delete(self, file: Path) -> int:
        self.events.append(Change(file.name, -1))
        return OK

    def synced(self, file: Path) -> None:
        self.events.append(Synced(file.name))
        self.syncs += 1

    def tell(self, key: str, answer: str) -> None:
        self.events.append(Told(key, answer))
        self.answers += 1


def moments(events: Iterable[Change | Synced | Told], before: Mapping[str, bytes]) -> Iterator[Moment]:
    """The last moment before each sync was over, and the end: then as much as ever is at risk."""
    now = Moment({name: bytearray(content) for name, content in before.items()})
    for each in events:
        if isinstance(each, Change):
            now.at_risk.append(each)
        elif isinstance(each, Told):
            now.told[each.key] = each.answer
        else:
            yield now
            for change in now.at_risk:
                if change.file == each.file:
                    change.happen(now.safe)
            now.at_risk = [change for change in now.at_risk if change.file != each.file]
    yield now
