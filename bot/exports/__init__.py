"""The journal as a file, one module a format. Amounts are credits and shares with six decimals, times are in UTC."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO

import typer

from bot.exports import beancount, document, table
from core.exchange.journal import Journal


class Format(StrEnum):
    BEANCOUNT = "beancount"
    CSV = "csv"
    JSON = "json"


WRITERS: Mapping[Format, Callable[[Journal, TextIO], None]] = {
    Format.BEANCOUNT: beancount.write,
    Format.CSV: table.write,
    Format.JSON: document.write,
}


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """Where to write: standard output, or a file that is there whole or, if anything fails, not at all."""
    if output is None:
        yield typer.get_text_stream("stdout", encoding="utf-8")
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
