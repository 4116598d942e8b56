"""What can be done about a decision besides trading it: buttons for what admins and deciders might otherwise have to type."""

from dataclasses import asdict

from slackblocks import Button, ModalView, PlainText

from bot import words
from bot.blocks import actions, button, section
from bot.door import ACK, Answer, Ask
from bot.modals import scheduling
from bot.reports import card, lottery
from core.exchange import board
from core.exchange.board import Row

MANAGE = "manage"


async def open_modal(ask: Ask) -> Answer:
    await ask.open(_view(await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)))
    return ACK


def buttons(row: Row) -> list[Button]:
    """For whoever may press them; core checks all the same. Once it is over, its record can still be added to."""
    if row.state in {"settled", "withdrawn"}:
        return _of_record(row)
    is_undecided = row.state in {"open", "closed"} and not row.report.recorded
    may_withdraw = is_undecided and not (row.report.lottery and row.state == "closed")
    withdraw = [button("Withdraw", "withdraw", row.decision_id)]
    is_theirs = row.standing.is_admin or row.standing.is_decider or row.standing.is_metric_owner
    is_led = row.standing.is_admin or row.standing.is_decider
    definition = [button("Definition", "definition", words.decision(row.decision_id))]
    reports = [button("When reports come", scheduling.OPEN, row.decision_id)]
    return [
        *(_of_admins(row) if row.standing.is_admin else []),
        *(reports if row.state == "open" and is_led else []),
        *_of_deciders(row),
        *(withdraw if row.standing.is_decider and may_withdraw else []),
        *_of_lottery(row),
        *(definition if is_theirs else []),
    ]


def _of_deciders(row: Row) -> list[Button]:
    """What they say and how they vote before the close; ballots can be reopened by admins too."""
    is_decider, ballots = row.standing.is_decider, row.duties.ballots
    is_reopened = row.state == "closed" and ballots == board.OPEN
    return [
        *([button("Declare", "declare", row.decision_id)] if is_decider and row.state == "open" else []),
        *(
            [button("Vote on values", "values", row.decision_id)]
            if is_decider and ballots == board.OPEN
            else []
        ),
        *([button("Close the ballots", "close_ballots", row.decision_id)] if is_reopened else []),
        *(
            [button("Reopen the ballots", "reopen_ballots", row.decision_id)]
            if ballots == board.SEALED
            else []
        ),
        *_of_record(row),
    ]


def _of_record(row: Row) -> list[Button]:
    is_theirs = row.standing.is_decider and row.report.recorded
    return [button("Add to the record", "add_to_record", row.decision_id)] if is_theirs else []


def _of_lottery(row: Row) -> list[Button]:
    """To draw while that is still to be done; and to say that what was drawn was not carried out."""
    if row.report.lottery is None:
        return []
    draw = lottery.buttons(asdict(row.report)) if row.standing.is_decider else []
    may_tell = row.standing.is_decider or row.standing.is_admin
    breach = [button("Not carried out", "breach", row.decision_id)]
    return [*draw, *(breach if may_tell and row.state == "drawn" else [])]


def _of_admins(row: Row) -> list[Button]:
    halt = "Let it trade" if row.report.halted_at else "Halt trading"
    is_open = row.state == "open" and row.report.is_trading and not row.report.lottery
    return [
        *([button("Add an option", "add_option", row.decision_id)] if is_open else []),
        button(halt, "halt", row.decision_id),
        button("Move dates", "postpone", row.decision_id),
    ]


def _view(row: Row) -> ModalView:
    name = words.decision(row.decision_id)
    said = f"*{words.escape(row.question)}*\n{card.state(asdict(row.report))}"
    found = buttons(row)
    if not found:
        said += "\nThere is nothing here that you can do now."
    blocks = [section(said, "about"), *actions("managing", found)]
    return ModalView(PlainText(f"Manage {name}"), blocks, close=PlainText("Close"))
