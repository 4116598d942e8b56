"""Sending: the spread report goes to the committee, is kept for good as it was, and can be shown and taken away again."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions import reports
from core.decisions.decision import Decision, name_of
from core.decisions.reports import Kept, Occasion
from core.errors import Invalid, Unknown
from core.exchange import reporting
from core.ledger import chain

__all__ = [
    "CLOSE",
    "FORMATS",
    "PAGE",
    "Form",
    "Kept",
    "Occasion",
    "answer",
    "ask_file",
    "history",
    "send",
    "sent",
]

PAGE = 5
CLOSE = "close"  # Names the report that is sent when trading is closed.
KEY_MOST = 200


class Form(StrEnum):
    """In what a report can be taken away."""

    CSV = "csv"
    PDF = "pdf"
    PNG = "png"


FORMATS = tuple(Form)


def send(connection: Connection, decision: Decision, occasion: Occasion, which: str, now: datetime) -> None:
    """Sends the report of a locked decision, once for each occasion; ``which`` tells those of one kind apart."""
    key = f"{decision.name}:{which}"
    if lanes.is_announced(connection, f"report:{key}"):
        return
    facts = asdict(reporting.report(connection, "", decision.id, now, with_course=True, in_full=True))
    reports.keep(connection, decision.id, occasion, facts, chain.head(connection), now)
    _announce(connection, decision, key, facts, now)


def answer(connection: Connection, decision: Decision, now: datetime) -> None:
    """What the report at the close asked for is done: the message asks nobody any more. What was kept stays as it was."""
    lanes.revise(connection, f"report:{decision.name}:{CLOSE}", {"is_answered": True}, now)


def history(
    connection: Connection, by: str, decision_id: int, now: datetime, below: int | None = None
) -> list[Kept]:
    """The reports that were sent before the one of a number, or before now: a page and the first of the next one.

    Raises Unknown if there is no such decision.
    """
    del by, now  # No decision is confidential yet: who asks makes no difference.
    decision = decisions.get(connection, decision_id)
    return reports.page(
        connection,
        decision.id,
        reports.NUMBER_MOST if below is None else min(below, reports.NUMBER_MOST),
        PAGE + 1,
    )


def sent(connection: Connection, by: str, decision_id: int, number: int, now: datetime) -> Kept:
    """One of them. Raises Unknown if there is none."""
    del by, now  # As above.
    return _sent(connection, decision_id, number)


def ask_file(
    connection: Connection, by: str, decision_id: int, number: int, form: str, key: str, now: datetime
) -> None:
    """The asker is sent a report as a file, once for a key: to draw it takes longer than anybody should wait.

    Raises Unknown, Invalid.
    """
    if form not in FORMATS:
        raise Invalid("form", "unknown", form[:20])
    texts.check("key", key, KEY_MOST)
    kept = _sent(connection, decision_id, number)
    facts = {"decision_id": kept.decision_id, "number": kept.number, "form": form}
    lanes.announce(connection, f"file:{by}:{key}", "file", name_of(decision_id), by, facts, now)


def _sent(connection: Connection, decision_id: int, number: int) -> Kept:
    decision = decisions.get(connection, decision_id)
    is_one = 0 < number <= reports.NUMBER_MOST
    kept = reports.find(connection, decision.id, number) if is_one else None
    if kept is None:
        raise Unknown("report", f"{decision.name} no. {number}")
    return kept


def _announce(connection: Connection, decision: Decision, key: str, facts: Any, now: datetime) -> None:
    address = decision.terms.committee_address
    lanes.announce(connection, f"report:{key}", "report", decision.name, address, facts, now)
    # A picture of all that was traded stands in the report's thread.
    picture = {"decision_id": decision.id, "report": f"report:{key}"}
    lanes.announce(connection, f"history:{key}", "history", decision.name, address, picture, now)
