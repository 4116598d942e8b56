"""`futarchy backup` and `futarchy restore`: the whole database as one compressed file, and back."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot import starting
from core.database import writing
from core.exchange import backup as keeping
from core.exchange.backup import Unusable
from core.writer import AnotherWriter, hold

_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)

New = Annotated[Path, typer.Argument(dir_okay=False, help="A file that is not there yet.")]
Kept = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


def backup(file: New) -> None:
    """Write everything in FUTARCHY_DATABASE_URL, as it is at one moment, while the exchange goes on."""
    try:
        with _created(file) as raw, _packed(raw) as packed, starting.snapshot() as connection:
            for line in keeping.dump(connection):
                packed.write(line)
    except FileExistsError:
        starting.fail(f"{file} is there already, and no backup is written over.")
    except OSError as problem:
        starting.fail(f"{file} cannot be written: {problem.strerror}.")
    _out.print(f"The backup is {file}, {file.stat().st_size:,} bytes.")


def restore(file: Kept) -> None:
    """Write a backup into the empty database of FUTARCHY_DATABASE_URL, and prove the books that it holds."""
    engine = starting.migrated(starting.settings())
    try:
        with ExitStack() as opened:
            if held := hold(engine):
                opened.enter_context(held)
            step = opened.enter_context(_progress())
            packed = opened.enter_context(gzip.open(file, "rb"))
            header = keeping.restore(opened.enter_context(writing(engine)), packed, step)
    except (Unusable, AnotherWriter) as problem:
        starting.fail(f"Nothing was restored. {problem}")
    except (OSError, EOFError):
        starting.fail(f"Nothing was restored. {file} is no backup, or was cut off.")
    finally:
        engine.dispose()
    _out.print(
        f"{sum(header.rows.values()):,} rows are restored, and the books hold. The journal's head is {header.head}"
    )


def _packed(raw: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=raw, mode="wb", mtime=0)  # Of the same rows the same file.


@contextmanager
def _created(file: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads, gone again if it cannot be written whole."""
    opened = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        with opened:
            yield opened
    except BaseException:
        file.unlink()
        raise


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    with Progress(console=_err) as progress:
        task = progress.add_task("rows", total=None)
        yield lambda more: progress.advance(task, more)
