"""Questions that hang on no decision in a list: prices, when each closes, and what the reader may do."""

from dataclasses import asdict

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, sections
from bot.reports import question
from core.exchange.questions import AskedRow

NEEDED = {"frozen", "set_aside"}  # Where its owner has to file something, which Home and a message say apart.


def lines(row: AskedRow) -> list[str]:
    """The question, what it is priced at, and where it stands."""
    return question.lines(asdict(row.report))


def one(row: AskedRow) -> list[Block]:
    """All that, and buttons."""
    name, said = words.market(row.market_id), lines(row)
    buttons = []
    if row.report.is_trading and row.may_trade:
        buttons.append(button("Trade", "trade", name, f"Trade {name}", primary=True))
    if row.report.is_trading and row.is_owner:
        said.append("You file its reading, so you may not trade it.")
    return [
        *sections(said, f"asked_{row.market_id}"),
        *actions(f"ask_{row.market_id}", buttons + filing(row)),
    ]


def filing(row: AskedRow) -> list[Button]:
    """For its owner, as long as what is filed is not final."""
    name, report = words.market(row.market_id), row.report
    is_final = report.final_at is not None and report.final_at <= report.at
    if not row.is_owner or is_final or report.state in {"settled", "objected"}:
        return []
    return [button("File the reading", "file", name, f"File the reading of {name}")]


def brief(row: AskedRow) -> str:
    """One that has ended: what it came to."""
    facts = asdict(row.report)
    return f"*{question.name_of(facts)}: {words.escape(row.report.question)}*\n{question.state(facts)}"
