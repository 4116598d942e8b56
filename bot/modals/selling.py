"""The selling modal, opened from Home: how many shares, and what they bring."""

import uuid
from dataclasses import dataclass, replace

from slackblocks import Block, ModalView

from bot import refusals, words
from bot.blocks import TITLE_MOST, fit, modal, rendered, section
from bot.door import ACK, Answer, Ask, done, update
from bot.home import page
from bot.modals.inputs import live_number
from bot.modals.quoting import Draft, amount_typed, filled, quote_block
from core import units
from core.errors import PriceMoved, Refusal, Unknown
from core.exchange import portfolio, trading
from core.exchange.portfolio import Portfolio, Position
from core.exchange.trading import Act, Order, Quote

VIEW, SHARES = "sell", "sell_shares"
HINT = "Type how many shares to sell."


@dataclass(frozen=True)
class _Form:
    draft: Draft
    position: Position
    quote: Quote | None = None
    hint: str = HINT


async def open_modal(ask: Ask) -> Answer:
    """Opens with all of the position that no order holds, quoted."""
    market_id, outcome = (int(part) for part in ask.action["value"].split(":"))
    position = await _position(ask, market_id, outcome)
    draft = Draft(uuid.uuid4().hex, "", [market_id, outcome, position.free])
    await ask.open(_view(await _quoted(ask, draft, words.plain(position.free))))
    return ACK


async def requote(ask: Ask) -> Answer:
    draft = Draft.read(ask.view["private_metadata"])
    form = await _quoted(ask, draft, amount_typed(dict(ask.typed["amount"])))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(_view(form)))
    return ACK


async def submit(ask: Ask) -> Answer:
    draft = Draft.read(ask.view["private_metadata"])
    if draft.quoted is None:
        raise Unknown("position", "")
    text = amount_typed(dict(ask.typed["amount"]))
    market_id, outcome, quoted = draft.quoted
    amount = units.positive(units.parse(text))
    if amount != quoted or draft.limit is None:
        form = await _quoted(ask, draft, text)
        if form.quote is None:
            return {"response_action": "errors", "errors": {"amount": form.hint}}
        return update(_view(form, "This is the quote for what you typed. Press again to sell."))
    try:
        order = Order(draft.key, ask.by, market_id, (outcome,), Act.SELL, amount, draft.limit)
        fill = await ask.write(trading.execute, order)
    except PriceMoved as moved:
        return update(_view(await _quoted(ask, draft, text), refusals.sentence(moved)))
    await page.refresh(ask)
    return update(done("Sold", filled(fill)))


async def _quoted(ask: Ask, draft: Draft, text: str) -> _Form:
    if draft.quoted is None:
        raise Unknown("position", "")
    market_id, outcome, _ = draft.quoted
    form = _Form(replace(draft, limit=None), await _position(ask, market_id, outcome))
    try:
        amount = units.positive(units.parse(text)) if text else 0
        if not amount:
            return form
        order = Order(draft.key, ask.by, market_id, (outcome,), Act.SELL, amount)
        quote: Quote = await ask.read(trading.quote, ask.by, order, ask.now)
    except Refusal as refusal:
        return replace(form, hint=refusals.sentence(refusal))
    return replace(form, quote=quote, draft=draft.quote((market_id, outcome, amount), -quote.cost))


async def _position(ask: Ask, market_id: int, outcome: int) -> Position:
    """What the asker holds of it. Raises Unknown if that is nothing (any more)."""
    held: Portfolio = await ask.read(portfolio.portfolio, ask.by)
    in_branches = [p for stake in held.stakes for branch in stake.branches for p in branch.positions]
    in_questions = [p for question in held.questions for p in question.positions]
    for position in (*in_branches, *in_questions):
        if (position.market_id, position.outcome) == (market_id, outcome):
            return position
    raise Unknown("position", "of yours here")


def _view(form: _Form, note: str | None = None) -> ModalView:
    name, unit = form.position.outcome_name, form.quote.metric_unit if form.quote else ""
    initial = words.plain(form.position.free)
    held = words.escape(words.shares(form.position.shares, name, unit))
    blocks: list[Block] = [
        section(f"You hold *{held}*.{_reserved(form.position)}", "holding"),
        live_number("Shares to sell", "amount", SHARES, has_focus=True, initial=initial),
        quote_block(form.quote, form.hint),
    ]
    if note:
        blocks.insert(0, section(f":information_source: {note}", "note"))
    title = fit(f"Sell {words.shares_of(name)}", TITLE_MOST)
    return modal(title, blocks, "Sell", VIEW, form.draft.write())


def _reserved(position: Position) -> str:
    """What of it cannot be sold here, if there is any."""
    held = f" {words.number(position.reserved)} of them are held by limit orders that wait."
    return held if position.reserved else ""
