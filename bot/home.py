"""App Home: balance, what is in decisions and what each way of deciding would leave, and what can be done."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import asdict

from slackblocks import (
    Block,
    Button,
    DividerBlock,
    HeaderBlock,
    HomeTabView,
    Markdown,
    SectionBlock,
)

from bot import words
from bot.blocks import actions, button, context, rendered, section, sections
from bot.door import ACK, Answer, Ask
from bot.modals import filing
from bot.reports import card, priced, readings
from core.exchange import board, portfolio
from core.exchange.board import MetricRow, Row
from core.exchange.portfolio import IfTaken, Portfolio, Position, Question, Stake

_log = logging.getLogger(__name__)

Places = Mapping[int, tuple[str, str]]

BLOCKS_MOST, ROW_MOST = 95, 25
DUST = 10_000
REFRESH_SECONDS = 1.0  # The ack waits for it, and has three seconds in all.


async def publish(ask: Ask) -> Answer:
    """Draws the asker's Home anew."""
    if ask.kind == "event" and ask.payload["event"].get("tab", "home") != "home":
        return ACK
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    held: Portfolio = await ask.read(portfolio.portfolio, ask.by)
    is_admin = await ask.read(board.is_admin, ask.by)
    pool = await ask.read(board.pool_balance, ask.by) if is_admin else None
    view = rendered(view_of(ask.by, held, rows, int(ask.now.timestamp()), pool))
    await ask.client.views_publish(user_id=ask.user_id, view=view)
    return ACK


async def refresh(ask: Ask) -> None:
    """Draws Home after something was done there; what was done stays done if it cannot be drawn."""
    try:
        async with asyncio.timeout(REFRESH_SECONDS):
            await publish(ask)
    except Exception:  # noqa: BLE001 - the next opening of Home draws it
        _log.exception("Home of %s was not drawn", ask.by)


def view_of(by: str, held: Portfolio, rows: list[Row], at: int, pool: int | None) -> HomeTabView:
    """``pool`` is what the pool has free, for admins."""
    blocks: list[Block] = [HeaderBlock("Your credits", block_id="credits"), _figures(held)]
    if needed := [block for row in rows for block in _needs_you(row, by)]:
        blocks += [HeaderBlock("Needs you", block_id="needs"), *needed]
    blocks += [HeaderBlock("Your positions", block_id="stakes"), *_stakes(held, _places(rows))]
    blocks += [
        DividerBlock(block_id="line"),
        HeaderBlock("Decisions", block_id="decisions"),
        *_decisions(rows),
    ]
    if pool is not None:
        blocks += [section(f"*Pool*\n{words.credits(pool)} free to back new decisions", "pool")]
        blocks += actions("admin", [button("New decision", "new", "new")])
    footer = context(f"Updated {words.moment(at)}", "updated")
    return HomeTabView([*blocks[:BLOCKS_MOST], footer])


def _figures(held: Portfolio) -> SectionBlock:
    """What is on chosen options can be added up, since each of them has come true; undecided branches cannot."""
    on_chosen = [
        position.brings
        for stake in held.stakes
        if stake.state == "chosen"
        for branch in stake.branches
        for position in branch.positions
        if position.brings
    ]
    fields = [
        Markdown(f"*Balance*\n{words.credits(held.balance)}"),
        Markdown(f"*In decisions* (not yet made)\n{words.credits(held.in_decisions)}"),
    ]
    if on_chosen:
        fields.append(Markdown(f"*On chosen options*\n{words.credits(sum(on_chosen))} if sold now"))
    return SectionBlock(fields=[*fields], block_id="figures")


def _needs_you(row: Row, by: str) -> list[Block]:
    name, question = words.decision(row.decision_id), words.escape(row.question)
    if row.standing.is_decider and row.state == "closed" and not row.report.recorded:
        due = words.moment(row.report.decide_by)
        text_block = section(f"*{name}: {question}*\nDecide by {due}.", f"decide_{row.decision_id}")
        buttons = [
            button("Record the decision", "record", row.decision_id, primary=True),
            button("Withdraw", "withdraw", row.decision_id),
            button("Report", "report", row.decision_id),
        ]
        return [text_block, *actions(f"decide_actions_{row.decision_id}", buttons)]
    found: list[Block] = []
    if needed := _to_file(row, by):
        found.append(section("\n".join([f"*{name}: {question}*", *needed]), f"file_{row.decision_id}"))
        file = button("File the reading", "file", row.decision_id, primary=True)
        found += actions(f"file_actions_{row.decision_id}", [file])
    if waiting := {each: metric for each, metric in row.metrics.items() if metric.may_rule}:
        needed = [_to_rule(metric) for metric in waiting.values()]
        found.append(section("\n".join([f"*{name}: {question}*", *needed]), f"rule_{row.decision_id}"))
        rules = [_rule(row.decision_id, each, metric) for each, metric in waiting.items()]
        found += actions(f"rule_actions_{row.decision_id}", rules)
    return found


def _to_file(row: Row, by: str) -> list[str]:
    """What the reader has to file for the option that was chosen: what has no reading, or none that counts."""
    found = []
    for metric in (row.metrics[metric_id] for metric_id in filing.on_chosen(row)):
        named = words.escape(metric.definition.name)
        if metric.owner == by and not metric.reading:
            found.append(f"File what {named} came to, once it is known.")
        elif metric.owner == by and metric.reading and metric.reading.is_set_aside:
            found.append(f"An objection to the reading of {named} was upheld. File it anew.")
    return found


def _to_rule(metric: MetricRow) -> str:
    objected = words.person(metric.objected_by or "")
    return f"{objected} objected to the reading of {words.escape(metric.definition.name)}. Rule on that."


def _rule(decision_id: int, metric_id: int, metric: MetricRow) -> Button:
    value = f"{decision_id}:{metric_id}"
    return button(f"Rule on {metric.definition.name}", f"rule:{value}", value, primary=True)


def _places(rows: list[Row]) -> Places:
    """What a market's shares count, where its decision has several metrics, and the metric's unit."""
    return {
        line.market_id: (line.metric if len(row.metrics) > 1 else "", measure.unit)
        for row in rows
        for measure in row.report.measures
        for line in measure.options
    }


def _stakes(held: Portfolio, places: Places) -> list[Block]:
    if not held.stakes and not held.questions:
        return [section("You hold nothing now. What can be traded stands below.", "nothing")]
    blocks: list[Block] = []
    for stake in filter(_is_worth_showing, held.stakes):
        blocks += _stake(stake, places)
    for number, question in enumerate(held.questions, 1):
        blocks += _question(number, question)
    return blocks


def _is_worth_showing(stake: Stake) -> bool:
    """Rounding leaves millionths behind where all was sold; they come back by themselves."""
    held = [position.shares for branch in stake.branches for position in branch.positions]
    return max([stake.put, *held]) >= DUST


def _question(number: int, question: Question) -> list[Block]:
    held = "; ".join(_position(position, {}) for position in question.positions)
    asked = section(f"*{words.escape(question.metric)}*\n{held}.", f"question_{number}")
    sell = [_sell(question.metric, position, {}) for position in question.positions if _sells(position)]
    return [asked, *_rows_of(sell, f"sell_question_{number}")]


def _stake(stake: Stake, places: Places) -> list[Block]:
    name = words.decision(stake.decision_id)
    lines = [f"*{name}: {words.escape(stake.question)}*"]
    if stake.put:
        lines.append(
            f"Put in: {words.credits(stake.put)}. The most of it that can be lost: {words.credits(stake.at_risk)}."
        )
    lines += [_branch(branch, places) for branch in stake.branches]
    sell = [
        _sell(branch.option or "", position, places, f" in {name}")
        for branch in stake.branches
        for position in branch.positions
        if _sells(position)
    ]
    return [
        *sections(lines, f"stake_{stake.decision_id}"),
        *_rows_of(sell, f"sell_{stake.decision_id}"),
    ]


def _rows_of(buttons: list[Button], block_id: str) -> list[Block]:
    """As many rows as Slack needs for them."""
    rows = [buttons[n : n + ROW_MOST] for n in range(0, len(buttons), ROW_MOST)]
    return [block for n, row in enumerate(rows) for block in actions(f"{block_id}_{n}", row)]


def _branch(branch: IfTaken, places: Places) -> str:
    if branch.option is None:
        return f"• *If none is taken:* {words.credits(branch.cash_back)} back."
    parts = [_position(position, places) for position in branch.positions]
    if not branch.cash_back and not branch.positions:
        parts = ["nothing comes back"]
    if branch.cash_back:
        parts.insert(0, f"{words.credits(branch.cash_back)} back")
    if branch.positions:
        parts.append(f"in all between {words.number(branch.least)} and {words.credits(branch.most)}")
    return f"• *If {words.escape(branch.option)}:* {'; '.join(parts)}."


def _sells(position: Position) -> bool:
    return position.brings is not None and position.free > 0


def _position(position: Position, places: Places) -> str:
    metric, unit = places.get(position.market_id, ("", ""))
    of = f" of {words.escape(metric)}" if metric else ""
    held = words.escape(words.shares(position.shares, position.outcome_name, unit)) + of
    return f"{held}{_sale(position)}"


def _sale(position: Position) -> str:
    """What selling brings, and what cannot be sold since it waits in orders already."""
    if position.brings is None:
        return ""
    sells = f"sell for {words.credits(position.brings)} now"
    if not position.reserved:
        return f", which {sells}"
    if not position.free:
        return ", all of them held by limit orders that wait"
    free, reserved = words.number(position.free), words.number(position.reserved)
    return f", of which {free} {sells} and {reserved} are held by limit orders that wait"


def _sell(about: str, position: Position, places: Places, where: str = "") -> Button:
    metric, unit = places.get(position.market_id, ("", ""))
    name, value = position.outcome_name, f"{position.market_id}:{position.outcome}"
    on = f"on {about}: {metric}" if metric else f"on {about}"
    label = f"Sell {words.shares_of(name, unit)} {on}{where}"
    return button(f"Sell {words.side(name, unit)} {on}", f"sell:{value}", value, label)


def _decisions(rows: list[Row]) -> list[Block]:
    if not rows:
        return [section("No decision is open. An admin opens one with `/decision new`.", "none")]
    return [block for row in rows for block in decision_blocks(row)]


def decision_blocks(row: Row) -> list[Block]:
    """One decision in a list: the question, the prices, when it closes, and what the reader may do."""
    facts = asdict(row.report)
    heading = f"*{words.decision(row.decision_id)}: {words.escape(row.question)}*"
    lines = [heading, *(priced.inline(measure) for measure in facts["measures"]), card.state(facts)]
    lines += _readings(row)
    buttons = [button("Report", "report", row.decision_id, f"Report on {words.decision(row.decision_id)}")]
    if row.standing.may_trade and row.report.is_trading:
        trade = button(
            "Trade", "trade", row.decision_id, f"Trade {words.decision(row.decision_id)}", primary=True
        )
        buttons.insert(0, trade)
    if row.report.is_trading and not row.standing.may_trade:
        lines.append("You decide it or file its reading, so you may not trade it.")
    return [*sections(lines, f"decision_{row.decision_id}"), *actions(f"do_{row.decision_id}", buttons)]


def _readings(row: Row) -> list[str]:
    """What was filed for the option that was chosen, and whether it counts."""
    metrics = [row.metrics[metric_id] for metric_id in filing.on_chosen(row)]
    return [
        f"{readings.came_to(each, each.reading)} · {readings.standing(each.reading, row.report.at)}"
        for each in metrics
        if each.reading
    ]
