"""Trading: a modal with a quote that follows what is typed, a second look at large amounts, and exactly what was quoted."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from slackblocks import ModalView

from bot import refusals, words
from bot.blocks import modal, rendered, section
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import paying, ticket, trade_form, twins
from bot.modals.quoting import Draft, filled, least, outlay, purchase
from bot.modals.ticket import Meaning, Ticket, Way
from bot.modals.trade_form import CONFIRM_VIEW, Form
from core.errors import PriceMoved, Refusal, Unknown
from core.exchange import offers, trading
from core.exchange.trading import Purse, Quote

LARGE = 10  # More than one part in so many of what can be spent deserves a second look.


async def open_modal(ask: Ask) -> Answer:
    """Opens it at once, with a fresh order key, for what the button stands for."""
    await show(ask, str(ask.action["value"]))
    return ACK


async def show(ask: Ask, about: str) -> None:
    """``D-2``, ``M-3``, or on cards of before there were questions a decision's bare number."""
    draft = Draft(uuid.uuid4().hex, about if "-" in about else f"D-{about}")
    await ask.open(trade_form.view(await ask.read(_first_form, ask.by, draft, ask.now)))


async def requote(ask: Ask) -> Answer:
    """Any change: the same modal with the quote for what now stands in it."""
    draft = Draft.read(ask.view["private_metadata"])
    await _redraw(ask, await ask.read(_typed_form, ask.by, draft, ask.typed, ask.now))
    return ACK


async def pick(ask: Ask) -> Answer:
    """A quick pick: its amount stands in the modal as if it had been typed."""
    draft, amount = Draft.read(ask.view["private_metadata"]), words.plain(int(ask.action["value"]))
    typed = {**ask.typed, "amount": {"value": amount}}
    draft = replace(draft, picks=draft.picks + 1)
    form: Form = await ask.read(_typed_form, ask.by, draft, typed, ask.now)
    await _redraw(ask, replace(form, typed=amount))
    return ACK


async def submit(ask: Ask) -> Answer:
    """Executes what was quoted; what was not quoted yet, or has moved, comes back with its new quote."""
    draft = Draft.read(ask.view["private_metadata"])
    placed = Ticket.of(draft.quoted)
    if placed is None or not ticket.still_says(ask.typed, placed):
        return await _quote_first(ask, draft)
    if draft.is_large:
        form = await _form(ask, draft, placed)
        if form.quote and not form.quote.is_affordable:  # It was spent elsewhere meanwhile.
            return update(trade_form.view(form))
        return push(_confirm_view(form, draft))
    return await _execute(ask, draft, placed)


async def confirm(ask: Ask) -> Answer:
    """The second look was enough."""
    draft = Draft.read(ask.view["private_metadata"])
    placed = Ticket.of(draft.quoted)
    if placed is None:
        raise Unknown("order", "of yours here")
    return await _execute(ask, draft, placed)


async def _execute(ask: Ask, draft: Draft, placed: Ticket) -> Answer:
    order = ticket.order(ask.by, placed, Meaning.of(draft.meant), draft.key, draft.limit)
    order = ticket.mirrored(order, placed, draft.legs)
    try:
        fill = await ask.write(trading.execute, order)
    except PriceMoved as moved:
        form = await _form(ask, draft, placed)
        said = refusals.sentence(moved)
        if ask.name == CONFIRM_VIEW and form.quote and form.quote.is_affordable:
            return update(_confirm_view(form, form.draft, said))
        return update(trade_form.view(form, said))
    said = "\n".join([filled(fill, placed.better(fill.metric_unit)), *twins.filled(fill)])
    return update(done("Placed" if fill.waits else "Traded", said))


async def _quote_first(ask: Ask, draft: Draft) -> Answer:
    form: Form = await ask.read(_typed_form, ask.by, draft, ask.typed, ask.now)
    if form.problem:
        raise form.problem
    if form.quote is None:  # Quicker than the form for what was chosen, or something is left empty.
        ticket.require(ask.typed, ticket.ways(form.offer))
        return update(trade_form.view(form))
    # What cannot be paid for is not to be pressed again: the quote says so.
    note = (
        "This is the quote for what you typed. Press again to place it." if form.quote.is_affordable else None
    )
    return update(trade_form.view(form, note))


async def _form(ask: Ask, draft: Draft, placed: Ticket) -> Form:
    """The form in which this ticket stands, quoted anew."""
    form: Form = await ask.read(_placed_form, ask.by, draft, placed, ask.now)
    return form


def _first_form(connection: Any, by: str, draft: Draft, now: datetime) -> Form:
    found = offers.find(connection, by, draft.about, now)
    offer = twins.listed(found)[0]
    purse = trading.purse(connection, by, offer.market_id, now)
    form = Form(draft, found, offer, purse, ticket.ways(offer)[0])
    return replace(form, twin=offer.twin if form.has_twins else None)


def _typed_form(connection: Any, by: str, draft: Draft, typed: Any, now: datetime) -> Form:
    """The form for what is typed: with a quote, with what stands in its way, or with neither while it is incomplete."""
    found = offers.find(connection, by, draft.about, now)
    markets = ticket.markets_typed(typed, found.all[0].market_id)
    offer = found.of(markets[0])
    among, is_limited = ticket.ways(offer), ticket.is_limited(typed)
    way = ticket.way_typed(typed, among)
    form = Form(draft, found, offer, Purse(0, 0), way, is_limited=is_limited, twin=markets[1])
    form = replace(form, chosen=paying.typed(typed))
    problem = None
    try:
        if wanted := ticket.read(typed, markets, among):
            return _quoted(connection, by, form, wanted, now)
    except Refusal as refusal:
        problem = refusal
    return replace(form, problem=problem, purse=trading.purse(connection, by, offer.market_id, now))


def _placed_form(connection: Any, by: str, draft: Draft, placed: Ticket, now: datetime) -> Form:
    found = offers.find(connection, by, draft.about, now)
    offer, is_limited = found.of(placed.market_id), placed.price is not None
    way = Way(placed.way)
    form = Form(draft, found, offer, Purse(0, 0), way, is_limited=is_limited, twin=placed.twin)
    form = replace(form, chosen=placed.wallet)
    return _quoted(connection, by, form, placed, now)


def _quoted(connection: Any, by: str, form: Form, wanted: Ticket, now: datetime) -> Form:
    meant = ticket.meaning(connection, wanted)
    order = ticket.mirrored(ticket.order(by, wanted, meant, form.draft.key), wanted)
    quote = trading.quote(connection, by, order, now)
    purse = Purse(quote.free, quote.conditional)
    if form.offer.is_long:  # Where a second wallet may pay too.
        purse = trading.purse(connection, by, wanted.market_id, now)
        meant = meant._replace(wallet=quote.wallet)
    draft = replace(form.draft.quote(wanted, quote.shares), is_large=_is_large(quote), meant=list(meant))
    draft = replace(draft, legs=_legs(quote) if wanted.twin else None)
    return replace(form, ticket=wanted, quote=quote, draft=draft, purse=purse)


async def _redraw(ask: Ask, form: Form) -> None:
    view = rendered(trade_form.view(form))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)


def _legs(quote: Quote) -> list[list[int]]:
    """The markets in which it could be quoted, each with the fewest shares that it still takes."""
    both = [quote, quote.twin] if isinstance(quote.twin, Quote) else [quote]
    return [[each.market_id, least(each.shares)] for each in both]


def _is_large(quote: Quote) -> bool:
    return quote.is_affordable and outlay(quote) * LARGE > quote.free + quote.conditional


def _confirm_view(form: Form, draft: Draft, note: str = "") -> ModalView:
    quote = form.quote
    if quote is None:
        raise Unknown("order", "of yours here")
    spends, there = words.credits(outlay(quote)), quote.free + quote.conditional
    share = f"{words.part(outlay(quote) / there)} of the {words.credits(there)} that you can spend here"
    what = purchase(quote, form.at) if form.twin is None else twins.quoted(quote)
    lines = [f"You are about to use *{spends}*, {share}.", "", what]
    if note:
        lines.insert(0, f":information_source: {note}")
    label = f"Use {spends}"
    submit = label if len(label) <= trade_form.SUBMIT_MOST else "Place trade"
    blocks = [section("\n".join(lines), "consequence")]
    return modal("Are you sure?", blocks, submit, CONFIRM_VIEW, draft.write(), close="Back")
