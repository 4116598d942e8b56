"""What callers were told, kept outside of the database under test."""

from collections.abc import Mapping
from pathlib import Path

from campaigns.answers import is_fill
from campaigns.campaign import insist


class Acknowledged:
    """Every fill that was handed to a caller, by its key; also in a file, which outlives the campaign if it fails."""

    def __init__(self, file: Path) -> None:
        self._told: dict[str, str] = {}
        self._file = file.open("a", buffering=1)

    def __len__(self) -> int:
        return len(self._told)

    def tell(self, key: str, answer: str) -> None:
        """Notes an answer; a key that was filled before must have been told the same fill."""
        if not is_fill(answer):
            insist(key not in self._told, f"{key} was filled, and then told {answer}")
            return
        before = self._told.setdefault(key, answer)
        insist(before == answer, f"{key} was told {before}, and then {answer}")
        self._file.write(f"{key} {answer}\n")

    def compare(self, kept: Mapping[str, str]) -> None:
        """The database holds exactly what was told: nothing is lost, changed, or there without having been told."""
        lost = [key for key in self._told if key not in kept]
        insist(not lost, f"{len(lost)} acknowledged orders are lost: {lost[:5]}")
        changed = [key for key, answer in self._told.items() if kept[key] != answer]
        insist(not changed, f"{len(changed)} fills are not what was acknowledged: {changed[:5]}")
        more = kept.keys() - self._told.keys()
        insist(
            not more, f"{len(more)} orders were executed though refused or never asked: {sorted(more)[:5]}"
        )

    def close(self) -> None:
        self._file.close()
