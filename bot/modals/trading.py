"""Trading: a modal with a quote that follows what is typed, a second look at large amounts, and exactly what was quoted."""

import uuid
from dataclasses import replace
from typing import Any

from slackblocks import ModalView

from bot import refusals, words
from bot.blocks import modal, rendered, section
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import ticket, trade_form
from bot.modals.quoting import Draft, filled, outlay, purchase
from bot.modals.ticket import Ticket, Way
from bot.modals.trade_form import CONFIRM_VIEW, Form
from core.errors import PriceMoved, Refusal, Unknown
from core.exchange import board, trading
from core.exchange.board import Row
from core.exchange.reporting import OptionLine
from core.exchange.trading import Purse, Quote

LARGE = 10  # More than one part in so many of what can be spent deserves a second look.


async def open_modal(ask: Ask) -> Answer:
    """Opens it at once, with a fresh order key, for the decision that the button stands for."""
    await show(ask, int(ask.action["value"]))
    return ACK


async def show(ask: Ask, decision_id: int) -> None:
    row: Row = await ask.read(board.row, ask.by, decision_id, ask.now)
    line = trade_form.tradable(row.report)[0]
    purse: Purse = await ask.read(trading.purse, ask.by, line.market_id, ask.now)
    draft = Draft(uuid.uuid4().hex, decision_id)
    await ask.open(trade_form.view(Form(draft, row, line.market_id, purse, ticket.ways(line)[0])))


async def requote(ask: Ask) -> Answer:
    """Any change: the same modal with the quote for what now stands in it."""
    await _redraw(ask, await _quoted(ask, Draft.read(ask.view["private_metadata"]), ask.typed))
    return ACK


async def pick(ask: Ask) -> Answer:
    """A quick pick: its amount stands in the modal as if it had been typed."""
    draft, amount = Draft.read(ask.view["private_metadata"]), words.plain(int(ask.action["value"]))
    typed = {**ask.typed, "amount": {"value": amount}}
    form = await _quoted(ask, replace(draft, picks=draft.picks + 1), typed)
    await _redraw(ask, replace(form, typed=amount))
    return ACK


async def submit(ask: Ask) -> Answer:
    """Executes what was quoted; what was not quoted yet, or has moved, comes back with its new quote."""
    draft = Draft.read(ask.view["private_metadata"])
    placed = Ticket.of(draft.quoted)
    if placed is None or placed != await _typed(ask, draft):
        return await _quote_first(ask, draft)
    if draft.is_large:
        return push(_confirm_view(await _priced(ask, await _form(ask, draft, placed), placed), draft))
    return await _execute(ask, draft, placed)


async def confirm(ask: Ask) -> Answer:
    """The second look was enough."""
    draft = Draft.read(ask.view["private_metadata"])
    placed = Ticket.of(draft.quoted)
    if placed is None:
        raise Unknown("order", "of yours here")
    return await _execute(ask, draft, placed)


async def _execute(ask: Ask, draft: Draft, placed: Ticket) -> Answer:
    order = await ticket.order(ask, placed, draft.key, draft.limit)
    try:
        fill = await ask.write(trading.execute, order)
    except PriceMoved as moved:
        form = await _priced(ask, await _form(ask, draft, placed), placed)
        said = refusals.sentence(moved)
        if ask.name == CONFIRM_VIEW:
            return update(_confirm_view(form, form.draft, said))
        return update(trade_form.view(form, said))
    return update(done("Placed" if fill.waits else "Traded", filled(fill, placed.better(fill.metric_unit))))


async def _quote_first(ask: Ask, draft: Draft) -> Answer:
    form = await _quoted(ask, draft, ask.typed)
    if form.problem:
        raise form.problem
    if form.quote is None:  # Quicker than the form for what was chosen, or something is left empty.
        ticket.require(ask.typed, form.place[1])
        return update(trade_form.view(form))
    return update(trade_form.view(form, "This is the quote for what you typed. Press again to place it."))


async def _typed(ask: Ask, draft: Draft) -> Ticket | None:
    """What stands in the form; nothing where it is incomplete or cannot be."""
    row: Row = await ask.read(board.row, ask.by, draft.decision_id, ask.now)
    try:
        return ticket.read(ask.typed, _line(row, ask.typed))
    except Refusal:
        return None


def _line(row: Row, typed: Any) -> OptionLine:
    return trade_form.place(row.report, int(typed["option"]["selected_option"]["value"]))[1]


async def _quoted(ask: Ask, draft: Draft, typed: Any) -> Form:
    """The form for what is typed: with a quote, with what stands in its way, or with neither while it is incomplete."""
    row: Row = await ask.read(board.row, ask.by, draft.decision_id, ask.now)
    line = _line(row, typed)
    purse: Purse = await ask.read(trading.purse, ask.by, line.market_id, ask.now)
    way = ticket.way_typed(typed, line)
    form = Form(draft, row, line.market_id, purse, way, is_limited=ticket.is_limited(typed))
    try:
        found = ticket.read(typed, line)
        return form if found is None else await _priced(ask, form, found)
    except Refusal as refusal:
        return replace(form, problem=refusal)


async def _form(ask: Ask, draft: Draft, placed: Ticket) -> Form:
    """The form in which this ticket stands."""
    row: Row = await ask.read(board.row, ask.by, draft.decision_id, ask.now)
    purse: Purse = await ask.read(trading.purse, ask.by, placed.market_id, ask.now)
    is_limited = placed.price is not None
    return Form(draft, row, placed.market_id, purse, Way(placed.way), is_limited=is_limited)


async def _priced(ask: Ask, form: Form, wanted: Ticket) -> Form:
    order = await ticket.order(ask, wanted, form.draft.key)
    quote: Quote = await ask.read(trading.quote, ask.by, order, ask.now)
    draft = replace(form.draft.quote(wanted, quote.shares), is_large=_is_large(quote))
    return replace(form, ticket=wanted, quote=quote, draft=draft)


async def _redraw(ask: Ask, form: Form) -> None:
    view = rendered(trade_form.view(form))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)


def _is_large(quote: Quote) -> bool:
    return quote.is_affordable and outlay(quote) * LARGE > quote.free + quote.conditional


def _confirm_view(form: Form, draft: Draft, note: str = "") -> ModalView:
    quote = form.quote
    if quote is None:
        raise Unknown("order", "of yours here")
    spends, there = words.credits(outlay(quote)), quote.free + quote.conditional
    share = f"{words.part(outlay(quote) / there)} of the {words.credits(there)} that you can spend here"
    lines = [f"You are about to use *{spends}*, {share}.", "", purchase(quote, form.at)]
    if note:
        lines.insert(0, f":information_source: {note}")
    label = f"Use {spends}"
    submit = label if len(label) <= trade_form.SUBMIT_MOST else "Place trade"
    blocks = [section("\n".join(lines), "consequence")]
    return modal("Are you sure?", blocks, submit, CONFIRM_VIEW, draft.write(), close="Back")
