"""The subsidy report for whoever asks for it now, and as a file that is sent to them."""

from dataclasses import asdict

from slackblocks import TableBlock

from bot.commands.pieces import Pieces
from bot.door import ACK, Answer, Ask, notice, say
from bot.reports import subsidy
from bot.subsidies.screen import Screen
from core.exchange import spending, spending_sent
from core.exchange.portfolios import PortfolioFacts
from core.exchange.spending import SubsidyReport


async def show(ask: Ask, facts: PortfolioFacts, _: Pieces) -> Screen:
    found: SubsidyReport = await ask.read(spending.report, ask.by, facts.id, ask.now)
    made = subsidy.render(asdict(found)).without_charts()
    in_modal = tuple(block for block in made.blocks if not isinstance(block, TableBlock))
    return Screen("Subsidy report", made, in_modal)


async def file(ask: Ask) -> Answer:
    """It is drawn and sent by the outbox, as everything that is slow."""
    await ask.write(spending_sent.ask_file, ask.by, int(ask.action["value"]), str(ask.payload["trigger_id"]))
    said = "The file is on its way to you as a direct message."
    if "view" in ask.payload:
        await ask.open(notice("CSV", said))
    else:
        await ask.respond(say(said))
    return ACK
