"""`futarchy verify-draw`: checks a draw with nothing but the post that told it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import starting
from bot.reports import proof
from core.exchange.statements import Statement, Unreadable

SIZE_MOST = 1_000_000
_out = Console(soft_wrap=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


def verify_draw(file: File) -> None:
    """Check a lottery's draw from the post that told it, saved as a file or copied as text; status 1 if it fails."""
    said = _read(file)
    found = proof.checked(said)
    for holds, sentence in found:
        _out.print(f"{'[green]holds[/]' if holds else '[red]FAILS[/]'}  {escape(sentence)}", highlight=False)
    _out.print(
        escape(
            f"This checks arithmetic. Not checked: that {said.beacon} really said “{said.beacon_value}” in {said.round}; "
            "look there, or check its own signature. And compare the commitment, the chances, the beacon and the round "
            "with the post at opening."
        ),
        highlight=False,
    )
    if not all(holds for holds, _ in found):
        raise typer.Exit(1)


def _read(file: Path) -> Statement:
    try:
        with file.open("rb") as opened:
            return proof.read(opened.read(SIZE_MOST).decode(errors="replace"))
    except OSError as problem:
        starting.fail(f"{file} cannot be read: {problem.strerror}.")
    except Unreadable:
        starting.fail(
            f"{file} holds no draw. Save the whole message that told it, with the block of JSON in it."
        )
