"""The log as a file of JSON lines, and the faults in it by the reference number that people were told."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FILE_MOST_BYTES, FILES_KEPT = 10_000_000, 5


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "said": record.getMessage(),
            "reference": getattr(record, "reference", None),
            "trace": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in line.items() if value is not None})


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """Meanwhile all that is logged is written there too; raises OSError if it cannot be."""
    handler = RotatingFileHandler(file, maxBytes=FILE_MOST_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    handler.setFormatter(_Lines())
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """Every line that is kept, the oldest first; one that was cut off by a crash is left out."""
    older = [file.with_name(f"{file.name}.{number}") for number in range(FILES_KEPT, 0, -1)]
    for each in (*older, file):
        if each.exists():
            with each.open(encoding="utf-8", errors="replace") as opened:
                yield from filter(None, map(_read, opened))


def found(file: Path, reference: str) -> list[dict[str, Any]]:
    """The lines of one fault."""
    return [line for line in lines(file) if line.get("reference") == reference.strip().casefold()]


def newest(file: Path, most: int) -> list[dict[str, Any]]:
    """The last faults that people were told a number for."""
    return [line for line in lines(file) if "reference" in line][-most:]


def _read(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
