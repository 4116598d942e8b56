"""The command line over one database, and what Beancount makes of what it exports."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from sqlalchemy import Engine, select, text
from typer.testing import CliRunner

from bot.__main__ import cli
from core.database import writing
from core.ledger.tables import account, balance, unit
from core.units import MICRO

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
NASTY = [
    'He said "no", then \\"yes\\"',
    "two\nlines,\r\nand a\ttab\n",
    "\\n is not a new line, \\",
    "Grüße, 你好 😀 \u2028 \u202e",
    '"\n2026-01-01 open Assets:Mine\n;',
    "=1+1",
    "\n" * 100,
]
Balances = dict[tuple[str, str], int]


class Desk:
    """The command line over one database."""

    def __init__(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine, self.folder = engine, folder
        monkeypatch.setenv("FUTARCHY_DATABASE_URL", engine.url.render_as_string(hide_password=False))

    def run(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, list(words), env={"COLUMNS": "500"})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def export(self, form: str) -> Path:
        file = self.folder / f"journal.{form}"
        status, printed = self.run("export", "--format", form, "--output", str(file))
        assert (status, printed) == (0, "")
        return file

    def fetch(self, statement: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(statement).all())

    def meddle(self, statement: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(text(statement))

    @property
    def balances(self) -> Balances:
        """What the exchange's own table says, every row of it."""
        wanted = select(account.c.name, unit.c.name, balance.c.amount)
        wanted = wanted.select_from(balance).join(account, account.c.id == balance.c.account_id)
        wanted = wanted.join(unit, unit.c.id == balance.c.unit_id)
        return {(holder, held): amount for holder, held, amount in self.fetch(wanted)}


def bean_check(file: Path) -> tuple[int, str]:
    done = subprocess.run([BEAN_CHECK, file], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def load(file: Path) -> list[Any]:
    directives, errors, _ = loader.load_file(str(file))
    assert errors == []
    return directives


def of(kind: type, directives: list[Any]) -> list[Any]:
    return [each for each in directives if isinstance(each, kind)]


def micro(amount: str | Decimal) -> int:
    return int(Decimal(amount) * MICRO)
