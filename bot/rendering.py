"""What is posted of announcements: what was true when they were written, or of some how it stands now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from bot.door import Exchange
from bot.reports import RENDERERS, digest
from bot.reports.message import Message
from core.exchange import audit, notifying, questions, reporting
from core.exchange.telling import Announcement

CARDS: Mapping[str, Callable[..., Any]] = {  # Updated in place, with the newest state.
    "card": reporting.report,
    "question": questions.report,
}


async def message(exchange: Exchange, parcel: Sequence[Announcement]) -> Message:
    """Of those that one person is told together, or of a single one."""
    first, now = parcel[0], exchange.clock()
    if notifying.topic_of(first.kind):
        return digest.render([(each.kind, each.facts) for each in parcel])
    facts = first.facts
    if report := CARDS.get(first.kind):
        number = int(first.about.partition("-")[2])
        facts = asdict(await exchange.read(report, first.address, number, now, with_course=True))
    elif first.kind == "audit":
        facts = {**await exchange.read(_proved), "at": int(now.timestamp())}
    return RENDERERS[first.kind](facts)


def _proved(connection: Connection) -> dict[str, Any]:
    """All proofs and the journal's head, as of one moment."""
    return {"proofs": [asdict(proof) for proof in audit.audit(connection)], "head": audit.head(connection)}
