"""The `futarchy` command line; it puts the parts together."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from slack_sdk.errors import SlackClientError

from bot import backups, draws, exports, faults, locally, serving, starting, tables
from bot import replay as replaying
from bot.exports import Format, handouts
from bot.simulating import command as simulating
from core.database import migrate as migrate_database
from core.exchange import audit as auditing
from core.exchange import journal, rebuild
from core.writer import AnotherWriter, sweep_seldom

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)
FAULTS_SHOWN = 20
cli.command()(backups.backup)
cli.command()(backups.restore)
cli.command()(locally.workspace)
cli.command()(handouts.report)
cli.command()(draws.verify_draw)
cli.add_typer(simulating.cli, name="simulate")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@cli.command()
def migrate() -> None:
    """Bring the database of FUTARCHY_DATABASE_URL to this program's schema."""
    engine = starting.database(starting.settings())
    migrate_database(engine)
    _out.print("The database is up to date.")


@cli.command()
def audit(
    replay: Annotated[
        bool, typer.Option("--replay", help="Also make every balance and price anew from the journal alone.")
    ] = False,
) -> None:
    """Prove the books of FUTARCHY_DATABASE_URL: one line a proof; status 1 if one fails."""
    with starting.snapshot() as connection:
        proofs, head = auditing.audit(connection), auditing.head(connection)
        if replay:
            proofs += rebuild.rebuild(connection)
    for proof in proofs:
        _out.print(f"{'[green]holds[/]' if proof.holds else '[red]FAILS[/]'}  {escape(proof.claim)}")
        for fault in proof.faults:
            _out.print(f"       {escape(fault)}")
    _out.print(f"The journal's head is {head}")
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


@cli.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="What to write it for.")],
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file; standard output if none is named.")
    ] = None,
) -> None:
    """Write the journal of FUTARCHY_DATABASE_URL, every entry and balance under its name, for other tools."""
    try:
        with starting.snapshot() as connection, exports.opened(output) as file:
            exports.WRITERS[form](journal.read(connection), file)
    except OSError as problem:
        if output is None:  # Whoever read the output has gone away; typer knows how to end then.
            raise
        starting.fail(f"{output} cannot be written: {problem.strerror}.")


@cli.command()
def replay(
    trades: File,
    outcomes: File,
    forecasts: File,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Play real trades, forecasts and outcomes into the empty database of FUTARCHY_DATABASE_URL."""
    engine = starting.database(starting.settings())
    migrate_database(engine)
    try:
        read = tables.read(trades, outcomes, forecasts)
        with Progress(console=_err) as progress:
            result = replaying.replay(engine, read, progress)
    except tables.BadTable as problem:
        starting.fail(str(problem))
    result.show(_out)
    if json_file:
        result.write(json_file)


@cli.command()
def serve() -> None:
    """Connect to Slack: Socket Mode if FUTARCHY_SLACK_APP_TOKEN is set, else HTTP on FUTARCHY_HOST and FUTARCHY_PORT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = starting.settings()
    if missing := settings.missing():
        starting.fail(f"Set {', '.join(missing)} first; the README says where to find them.")
    sweep_seldom()
    try:
        with faults.kept(Path(settings.log_file)):
            engine = starting.guarded(settings)
            asyncio.run(serving.serve(settings, engine, _utc_now, time.time, _out.print))
    except (AnotherWriter, OSError, SlackClientError) as problem:
        starting.fail(f"The exchange cannot start: {problem}")


@cli.command()
def log(
    reference: Annotated[
        str | None, typer.Argument(help="The number that somebody was told; without it, the newest faults.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="The log; FUTARCHY_LOG_FILE if none is named.")
    ] = None,
) -> None:
    """Show what went wrong, by the reference number that a person was told."""
    kept = file or Path(starting.settings().log_file)
    shown = faults.found(kept, reference) if reference else faults.newest(kept, FAULTS_SHOWN)
    if not shown:
        starting.fail(f"{kept} holds {f'no fault {reference}' if reference else 'no fault'}.")
    for line in shown:
        _out.print(f"{line['at']}  {escape(line['said'])}", highlight=False)
        if reference and "trace" in line:
            _out.print(escape(line["trace"]), highlight=False)


def _utc_now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    cli()
