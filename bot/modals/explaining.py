"""A report in a modal, and behind its More button all else that makes it honest, as the decision stands now."""

from dataclasses import asdict

from slackblocks import Block, ModalView, PlainText

from bot import words
from bot.blocks import actions, context, section, sections
from bot.door import ACK, Answer, Ask
from bot.reports import more, spread
from bot.reports.message import Message
from core.exchange import reporting
from core.exchange.reporting import Report


async def open_report(ask: Ask) -> Answer:
    """A Report button: the report as of now, for the asker alone."""
    found = await _read(ask, int(ask.action["value"]))
    if "view" in ask.payload:
        await ask.open(_report_view(found))
    else:
        await ask.respond(spread.render(asdict(found)).answer())
    return ACK


async def open_more(ask: Ask) -> Answer:
    """A More button, on a report in a channel or in a modal."""
    await ask.open(_more_view(await _read(ask, int(ask.action["value"]))))
    return ACK


async def message(ask: Ask, decision_id: int) -> Message:
    """The report, to be said to the asker alone."""
    return spread.render(asdict(await _read(ask, decision_id)))


async def _read(ask: Ask, decision_id: int) -> Report:
    found: Report = await ask.read(reporting.report, ask.by, decision_id, ask.now, in_full=True)
    return found


def _report_view(found: Report) -> ModalView:
    facts = asdict(found)
    blocks = [*sections(spread.plain(facts), "notice"), *actions("more", [spread.more(facts)])]
    return ModalView(
        PlainText(f"Report {words.decision(found.decision_id)}"), blocks, close=PlainText("Close")
    )


def _more_view(found: Report) -> ModalView:
    facts = asdict(found)
    blocks: list[Block] = [
        section(said, f"item_{number}") for number, said in enumerate(more.items(facts), 1)
    ]
    blocks.append(context(f"As it stands {words.moment(found.at)}.", "footer"))
    return ModalView(
        PlainText(f"More on {words.decision(found.decision_id)}"), blocks, close=PlainText("Close")
    )
