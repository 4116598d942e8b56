"""The trading modal: option, Higher or Lower, credits, and a quote that follows what is typed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from slackblocks import (
    Block,
    DispatchActionConfiguration,
    InputBlock,
    ModalView,
    NumberInput,
    Option,
    PlainText,
    RadioButtonGroup,
    StaticSelectMenu,
)

from bot import words
from bot.blocks import modal, rendered, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals.quoting import Draft, amount_typed, filled, purse_block, quote_block
from core import units
from core.errors import PriceMoved, Refusal
from core.exchange import board, trading
from core.exchange.board import Row
from core.exchange.reporting import OptionLine, Report
from core.exchange.trading import Act, Order, Purse, Quote

VIEW, OPTION, SIDE, AMOUNT = "trade", "trade_option", "trade_side", "trade_amount"
SIDES = ("Higher", "Lower")


@dataclass(frozen=True)
class _Form:
    """What the modal shows: its draft, the decision, the option looked at, and a quote or what stands in its way."""

    draft: Draft
    row: Row
    market_id: int
    purse: Purse
    quote: Quote | None = None
    hint: str = ""


async def open_modal(ask: Ask) -> Answer:
    """Opens it at once, with a fresh order key, for the decision or the option that the button stands for."""
    decision_id = int(ask.action["value"])
    row: Row = await ask.read(board.row, ask.by, decision_id, ask.now)
    market_id = _tradable(row.report)[0].market_id
    purse: Purse = await ask.read(trading.purse, ask.by, market_id, ask.now)
    await ask.open(_view(_Form(Draft(uuid.uuid4().hex, decision_id), row, market_id, purse)))
    return ACK


async def requote(ask: Ask) -> Answer:
    """Any change: the same modal with the quote for what now stands in it."""
    form = await _quoted(ask, Draft.read(ask.view["private_metadata"]))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(_view(form)))
    return ACK


async def submit(ask: Ask) -> Answer:
    """Executes what was quoted; what was not quoted yet, or has moved, comes back with its new quote."""
    draft = Draft.read(ask.view["private_metadata"])
    market_id, outcome = _choice(ask)
    amount = units.positive(units.parse(amount_typed(dict(ask.typed["amount"]))))
    if draft.quoted != (market_id, outcome, amount):
        form = await _quoted(ask, draft)
        if form.quote is None:
            return {"response_action": "errors", "errors": {"amount": form.hint}}
        return update(_view(form, "This is the quote for what you typed. Press again to place it."))
    order = Order(draft.key, ask.by, market_id, outcome, Act.SPEND, amount, draft.limit)
    try:
        fill = await ask.write(trading.execute, order)
    except PriceMoved as moved:
        form = await _quoted(ask, draft)
        return update(_view(form, words.refusal(moved)[1]))
    return update(done("Traded", filled(fill)))


async def _quoted(ask: Ask, draft: Draft) -> _Form:
    row = await ask.read(board.row, ask.by, draft.decision_id, ask.now)
    market_id, outcome = _choice(ask)
    purse: Purse = await ask.read(trading.purse, ask.by, market_id, ask.now)
    form = _Form(draft, row, market_id, purse)
    text = amount_typed(dict(ask.typed["amount"]))
    if not text:
        return form
    try:
        amount = units.positive(units.parse(text))
        order = Order(draft.key, ask.by, market_id, outcome, Act.SPEND, amount)
        quote: Quote = await ask.read(trading.quote, ask.by, order, ask.now)
    except Refusal as refusal:
        return replace(form, hint=words.refusal(refusal)[1])
    return replace(form, quote=quote, draft=draft.quote((market_id, outcome, amount), quote.shares))


def _hint(report: Report, option: OptionLine) -> str:
    priced = words.escape(words.value(option.expected, report.unit, report.low, report.high))
    return (
        f"*{words.escape(report.metric)} if {words.escape(option.name)}* is priced at *{priced}* now.\n"
        "Type how many credits you put on it, and see here what that buys."
    )


def _tradable(report: Report) -> Sequence[OptionLine]:
    """The options that trade now; all of them where none does, since core then says why."""
    return [line for line in report.options if line.is_trading] or report.options


def _choice(ask: Ask) -> tuple[int, int]:
    """The market and the outcome that are chosen in the modal."""
    option, side = ask.typed["option"], ask.typed["side"]
    return int(option["selected_option"]["value"]), int(side["selected_option"]["value"])


def _view(form: _Form, note: str | None = None) -> ModalView:
    report = form.row.report
    option = next(line for line in report.options if line.market_id == form.market_id)
    heading = f"*{words.escape(report.question)}*\nWhat will *{words.escape(report.metric)}* be, if your option is taken?"
    blocks: list[Block] = [
        section(heading, "question"),
        _option_input(form),
        _side_input(report.metric),
        _amount_input(),
        quote_block(form.quote, form.hint or _hint(report, option)),
        purse_block(form.purse, option.name),
    ]
    if note:
        blocks.insert(0, section(f":information_source: {note}", "note"))
    return modal(
        f"Trade {words.decision(report.decision_id)}", blocks, "Place trade", VIEW, form.draft.write()
    )


def _option_input(form: _Form) -> InputBlock:
    report = form.row.report
    choices = [
        Option(
            PlainText(line.name),
            str(line.market_id),
            PlainText(f"priced at {words.value(line.expected, report.unit, report.low, report.high)}"[:75]),
        )
        for line in _tradable(report)
    ]
    menu = StaticSelectMenu(OPTION, choices, initial_option=choices[0])
    return InputBlock(PlainText("If this option is taken"), menu, dispatch_action=True, block_id="option")


def _side_input(metric: str) -> InputBlock:
    choices = [Option(PlainText(name), str(number)) for number, name in enumerate(SIDES)]
    group = RadioButtonGroup(SIDE, choices, initial_option=choices[0])
    label = PlainText(f"{metric} will come out"[:2000])
    return InputBlock(
        label,
        group,
        dispatch_action=True,
        block_id="side",
        hint=PlainText("Compared with what it is priced at now."),
    )


def _amount_input() -> InputBlock:
    element = NumberInput(
        is_decimal_allowed=True,
        action_id=AMOUNT,
        dispatch_action_config=DispatchActionConfiguration(["on_character_entered"]),
        focus_on_load=True,
        placeholder=PlainText("25"),
    )
    return InputBlock(PlainText("Credits"), element, dispatch_action=True, block_id="amount")
