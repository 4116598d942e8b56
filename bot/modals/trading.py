"""The trading modal: what to trade, Higher or Lower or an estimate, credits, and a quote that follows what is typed."""

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

from bot import refusals, words
from bot.blocks import CHOICE_MOST, fit, modal, rendered, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals.quoting import Draft, amount_typed, filled, purse_block, quote_block
from core import units
from core.errors import PriceMoved, Refusal
from core.exchange import board, trading
from core.exchange.board import Row
from core.exchange.reporting import Measure, OptionLine, Report
from core.exchange.trading import Act, Order, Purse, Quote

VIEW, OPTION, SIDE, ESTIMATE, AMOUNT = (
    "trade",
    "trade_option",
    "trade_side",
    "trade_estimate",
    "trade_amount",
)
SIDES = ("Higher", "Lower")


@dataclass(frozen=True)
class _Form:
    """What the modal shows: its draft, the decision, the market looked at, and a quote or what stands in its way."""

    draft: Draft
    row: Row
    market_id: int
    purse: Purse
    quote: Quote | None = None
    hint: str = ""
    field: str = "amount"

    @property
    def place(self) -> tuple[Measure, OptionLine]:
        return _place(self.row.report, self.market_id)


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
    amount = units.positive(units.parse(amount_typed(dict(ask.typed["amount"]))))
    if draft.quoted != (_market_id(ask), _aim(ask), amount):
        form = await _quoted(ask, draft)
        if form.hint:
            return {"response_action": "errors", "errors": {form.field: form.hint}}
        if form.quote is None:  # Quicker than the form for the market that was chosen.
            return update(_view(form))
        return update(_view(form, "This is the quote for what you typed. Press again to place it."))
    try:
        fill = await ask.write(trading.execute, replace(_order(ask, draft.key, amount), limit=draft.limit))
    except PriceMoved as moved:
        form = await _quoted(ask, draft)
        return update(_view(form, refusals.sentence(moved)))
    return update(done("Traded", filled(fill)))


async def _quoted(ask: Ask, draft: Draft) -> _Form:
    row: Row = await ask.read(board.row, ask.by, draft.decision_id, ask.now)
    market_id = _market_id(ask)
    purse: Purse = await ask.read(trading.purse, ask.by, market_id, ask.now)
    form = _Form(draft, row, market_id, purse)
    text = amount_typed(dict(ask.typed["amount"]))
    if not text or _is_incomplete(ask, form):
        return form
    try:
        amount = units.positive(units.parse(text))
        order = _order(ask, draft.key, amount)
        quote: Quote = await ask.read(trading.quote, ask.by, order, ask.now)
    except Refusal as refusal:
        field = "estimate" if refusals.field(refusal) == "estimate" else "amount"
        return replace(form, hint=refusals.sentence(refusal), field=field)
    return replace(form, quote=quote, draft=draft.quote((market_id, _aim(ask), amount), quote.shares))


def _is_incomplete(ask: Ask, form: _Form) -> bool:
    """Whether the inputs are still those of another kind of market, or the estimate is not typed yet."""
    if not _has_bins(form.place[1]):
        return "side" not in ask.typed
    return not amount_typed(dict(ask.typed.get("estimate", {})))


def _market_id(ask: Ask) -> int:
    return int(ask.typed["option"]["selected_option"]["value"])


def _aim(ask: Ask) -> int:
    """What the credits are for: an outcome, or in bins the estimate. Raises Invalid for one that is no number."""
    if "side" in ask.typed:
        return int(ask.typed["side"]["selected_option"]["value"])
    return units.parse(amount_typed(dict(ask.typed["estimate"])), "estimate")


def _order(ask: Ask, key: str, amount: int) -> Order:
    if "side" in ask.typed:
        return Order(key, ask.by, _market_id(ask), (_aim(ask),), Act.SPEND, amount)
    return Order(key, ask.by, _market_id(ask), (), Act.MOVE, amount, estimate=_aim(ask))


def _tradable(report: Report) -> Sequence[OptionLine]:
    """What trades now, in every measure; everything where nothing does, since core then says why."""
    lines = [line for measure in report.measures for line in measure.options]
    return [line for line in lines if line.is_trading] or lines


def _place(report: Report, market_id: int) -> tuple[Measure, OptionLine]:
    """The measure and the option that a market is about."""
    return next(
        (measure, line)
        for measure in report.measures
        for line in measure.options
        if line.market_id == market_id
    )


def _has_bins(line: OptionLine) -> bool:
    return len(line.outcomes) > 2


def _priced(measure: Measure, line: OptionLine) -> str:
    return words.value(line.expected, measure.unit, measure.low, measure.high)


def _view(form: _Form, note: str | None = None) -> ModalView:
    report, (measure, line) = form.row.report, form.place
    heading = f"*{words.escape(report.question)}*\nWhat will *{words.escape(line.metric)}* be, if your option is taken?"
    aim = _estimate_input(measure, line) if _has_bins(line) else _side_input(line.metric)
    blocks: list[Block] = [
        section(heading, "question"),
        _option_input(form),
        aim,
        _amount_input(has_bins=_has_bins(line)),
        quote_block(form.quote, form.hint or _hint(measure, line), _stops_short(form)),
        purse_block(form.purse, line.name),
    ]
    if note:
        blocks.insert(0, section(f":information_source: {note}", "note"))
    return modal(
        f"Trade {words.decision(report.decision_id)}", blocks, "Place trade", VIEW, form.draft.write()
    )


def _stops_short(form: _Form) -> str:
    """Why credits are left over before the estimate is reached."""
    if form.quote is None or form.quote.act != Act.MOVE or form.draft.quoted is None:
        return ""
    _, estimate, amount = form.draft.quoted
    gap = abs(form.quote.expected_after - estimate)
    if form.quote.cost > amount * 99 // 100 or gap < (form.quote.high - form.quote.low) / 1000:
        return ""
    return "\nIt stops short of your estimate: that is as far as one person can take it."


def _hint(measure: Measure, line: OptionLine) -> str:
    priced = words.escape(_priced(measure, line))
    return (
        f"*{words.escape(line.metric)} if {words.escape(line.name)}* is priced at *{priced}* now.\n"
        f"{_TO_TYPE[_has_bins(line)]}"
    )


_TO_TYPE = {
    False: "Type how many credits you put on it, and see here what that buys.",
    True: "Type your estimate and the most you would spend, and see here what that buys.",
}


def _option_input(form: _Form) -> InputBlock:
    report = form.row.report
    choices = [_choice(form.row, line) for line in _tradable(report)]
    menu = StaticSelectMenu(OPTION, choices, initial_option=choices[0])
    return InputBlock(PlainText("If this option is taken"), menu, dispatch_action=True, block_id="option")


def _choice(row: Row, line: OptionLine) -> Option:
    """An option of the decision, with its metric where there are several."""
    named = f"{line.name}: {line.metric}" if len(row.metrics) > 1 else line.name
    priced = f"priced at {_priced(*_place(row.report, line.market_id))}"
    return Option(
        PlainText(fit(named, CHOICE_MOST)), str(line.market_id), PlainText(fit(priced, CHOICE_MOST))
    )


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


def _estimate_input(measure: Measure, line: OptionLine) -> InputBlock:
    ends = [words.with_unit(each, measure.unit) for each in (line.outcomes[0], line.outcomes[-1])]
    return InputBlock(
        PlainText(f"My estimate, {measure.unit}"),
        _number(ESTIMATE),
        dispatch_action=True,
        block_id="estimate",
        hint=PlainText(f"Between {ends[0]} and {ends[1]}. The price moves toward it, and never beyond."),
    )


def _amount_input(*, has_bins: bool) -> InputBlock:
    label = PlainText("Credits at most" if has_bins else "Credits")
    element = _number(AMOUNT, placeholder="25", has_focus=not has_bins)
    return InputBlock(label, element, dispatch_action=True, block_id="amount")


def _number(action_id: str, placeholder: str | None = None, *, has_focus: bool = True) -> NumberInput:
    return NumberInput(
        is_decimal_allowed=True,
        action_id=action_id,
        dispatch_action_config=DispatchActionConfiguration(["on_character_entered"]),
        focus_on_load=has_focus,
        placeholder=PlainText(placeholder) if placeholder else None,
    )
