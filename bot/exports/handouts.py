"""A report that was sent as a file: for a spreadsheet, for paper, or as a picture."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot import starting, words
from bot.blocks import fit
from bot.commands.typed import decision_id
from bot.exports import report as table
from bot.exports import subsidy
from bot.reports import again, printed
from bot.reports.plot import ALT_MOST
from core.exchange import reported
from core.exchange.sending import Form, Kept
from core.exchange.spending import SubsidyReport


@dataclass(frozen=True)
class Handout:
    """A file, its name and title, and in words what it says, for whoever cannot see it."""

    content: bytes
    name: str
    title: str
    alt_text: str


def made(kept: Kept, form: str) -> Handout:
    """To draw one takes about half a second; call it in a thread."""
    message, of = again.report(kept), words.decision(kept.decision_id)
    return Handout(
        content=_csv(kept) if form == Form.CSV else printed.page(message, form),
        name=f"{of}-report-{kept.number}.{form}",
        title=f"Report {kept.number} of {of} as it was on {words.utc_minute(int(kept.at.timestamp()))} UTC",
        alt_text=fit(printed.plain(message.text), ALT_MOST),
    )


def subsidies(of: SubsidyReport) -> Handout:
    """A portfolio's subsidies as they stand, for a spreadsheet."""
    name, at = of.portfolio.name, words.utc_minute(of.at)
    return Handout(
        content=subsidy.csv_of(of),
        name=f"P-{of.portfolio.id}-subsidies-{of.at}.csv",
        title=f"Subsidies of {name} at {at} UTC",
        alt_text=fit(f"One row for each of {words.count(len(of.markets), 'market')} of {name}.", ALT_MOST),
    )


def _csv(kept: Kept) -> bytes:
    file = io.StringIO()
    table.write(kept, file)
    return file.getvalue().encode()


def report(
    decision: Annotated[str, typer.Argument(help="Whose report, like D-7.")],
    form: Annotated[Form, typer.Option("--format", help="What to write it as.")],
    output: Annotated[Path, typer.Option(dir_okay=False, help="A file.")],
    number: Annotated[int | None, typer.Option(help="Which report; the newest if none is named.")] = None,
) -> None:
    """Write a spread report of FUTARCHY_DATABASE_URL that was sent, as it was then."""
    wanted = decision_id(decision)
    if wanted is None:
        starting.fail(f"{decision} is no decision. Write it like D-7.")
    with starting.snapshot() as connection:
        kept = reported.find(connection, wanted, number)
    if kept is None:
        starting.fail(f"No such report of {words.decision(wanted)} was sent.")
    try:
        output.write_bytes(made(kept, form).content)
    except OSError as problem:
        starting.fail(f"{output} cannot be written: {problem.strerror}.")
