"""What the reader has: balance, what is in decisions and what each way of deciding would leave, and what was settled."""

from collections.abc import Mapping, Sequence

from slackblocks import Block, Button, Markdown, SectionBlock

from bot import wallets, words
from bot.blocks import actions, button, section, sections
from bot.reports import priced
from core.exchange.board import Row
from core.exchange.portfolio import IfTaken, Portfolio, Position, Question, Settled, Stake

Places = Mapping[int, tuple[str, str]]

ROW_MOST = 25
DUST = 10_000
NOTHING_HELD = "You hold nothing now."


def figures(held: Portfolio) -> SectionBlock:
    """What is on chosen options can be added up, since each of them has come true; undecided branches cannot."""
    on_chosen = [
        position.brings
        for stake in held.stakes
        if stake.state in {"chosen", "drawn"}
        for branch in stake.branches
        for position in branch.positions
        if position.brings
    ]
    fields = [
        Markdown(f"*Balance*\n{words.credits(held.balance)}"),
        Markdown(f"*In decisions* (not yet made)\n{words.credits(held.in_decisions)}"),
    ]
    if held.earmarked is not None:
        fields.insert(1, Markdown(f"*{wallets.LABELS['earmarked']}*\n{words.credits(held.earmarked)}"))
    on_questions = [each.brings for asked in held.questions for each in asked.positions if each.brings]
    if on_questions:
        fields.append(Markdown(f"*On questions*\n{words.credits(sum(on_questions))} if sold now"))
    if on_chosen:
        fields.append(Markdown(f"*On chosen options*\n{words.credits(sum(on_chosen))} if sold now"))
    return SectionBlock(fields=[*fields], block_id="figures")


def places(rows: Sequence[Row]) -> Places:
    """What a market's shares count, where its decision has several metrics, and the metric's unit."""
    return {
        line.market_id: (line.metric if len(row.metrics) > 1 else "", measure.unit)
        for row in rows
        for measure in row.report.measures
        for line in (*measure.options, *measure.drawn)
    }


def entries(held: Portfolio, named: Places) -> list[list[Block]]:
    """One entry for each decision and each question that the reader has something in."""
    found = [_stake(stake, named) for stake in held.stakes if _is_worth_showing(stake)]
    return found + [_question(question) for question in held.questions]


def settled(found: Sequence[Settled]) -> list[Block]:
    """What markets brought that were settled lately."""
    lines = []
    for each in found:
        name = f"{words.decision(each.decision_id)}, {words.escape(each.metric)}" if each.decision_id else ""
        about = name or words.escape(each.question)
        lines.append(f"• {about}: *{words.signed(each.credits)}* · {words.moment(each.at)}")
    return [section("\n".join(lines), "settled")] if lines else []


def _is_worth_showing(stake: Stake) -> bool:
    """Rounding leaves millionths behind where all was sold; they come back by themselves."""
    held = [position.shares for branch in stake.branches for position in branch.positions]
    return max([stake.put, *held]) >= DUST


def _question(question: Question) -> list[Block]:
    name = words.market(question.market_id)
    named = {question.market_id: ("", question.unit)}
    lines = [f"• {_position(position, named)}." for position in question.positions]
    asked = sections([f"*{name}: {words.escape(question.metric)}*", *lines], f"question_{name}")
    sell = [
        _sell_shares(name, position, question.unit) for position in question.positions if _sells(position)
    ]
    return [*asked, *_rows_of(sell, f"sell_question_{name}")]


def _sell_shares(name: str, position: Position, unit: str) -> Button:
    """Of a question, whose Yes and No read as such only beside the word."""
    text, value = (
        f"Sell {words.shares_of(position.outcome_name, unit)}",
        f"{position.market_id}:{position.outcome}",
    )
    return button(text, f"sell:{value}", value, f"{text} in {name}")


def _stake(stake: Stake, places: Places) -> list[Block]:
    name = words.decision(stake.decision_id)
    lines = [f"*{name}: {words.escape(stake.question)}*"]
    if stake.put:
        lines.append(
            f"Put in: {words.credits(stake.put)}{_earmarked(stake)}. The most of it that can be lost: {words.credits(stake.at_risk)}."
        )
    is_none_last = sorted(stake.branches, key=lambda branch: branch.option is None)
    lines += [_branch(branch, places, stake.put) for branch in is_none_last]
    sell = [
        _sell(priced.on(branch.option or "", branch.is_drawn), position, places, f" in {name}")
        for branch in stake.branches
        for position in branch.positions
        if _sells(position)
    ]
    return [
        *sections(lines, f"stake_{stake.decision_id}"),
        *_rows_of(sell, f"sell_{stake.decision_id}"),
    ]


def _earmarked(stake: Stake) -> str:
    """What of it goes back to the other wallet."""
    of_it = "all" if stake.earmarked == stake.put else words.number(stake.earmarked)
    return f", {of_it} of it for long horizons" if stake.earmarked else ""


def _rows_of(buttons: list[Button], block_id: str) -> list[Block]:
    """As many rows as Slack needs for them."""
    rows = [buttons[n : n + ROW_MOST] for n in range(0, len(buttons), ROW_MOST)]
    return [block for n, row in enumerate(rows) for block in actions(f"{block_id}_{n}", row)]


def _branch(branch: IfTaken, places: Places, put: int) -> str:
    if branch.option is None:
        return f"• *If none is taken:* {words.credits(branch.cash_back)} back."
    parts = [_position(position, places) for position in branch.positions]
    if not branch.cash_back and not branch.positions:
        parts = ["nothing comes back"]
    if branch.cash_back:
        parts.insert(0, f"{words.credits(branch.cash_back)} back")
    if branch.positions:
        parts.append(f"in all between {words.number(branch.least)} and {words.credits(branch.most)}")
        parts += _profit(branch, put)
    heading = f"• *If {words.escape(words.taken(branch.option, branch.is_drawn))}:*"
    if len(branch.positions) == 1:
        return f"{heading} {'; '.join(parts)}."
    return (
        "\n".join([heading, *(f"    ◦ {part}" for part in parts)])
        if branch.positions
        else f"{heading} {parts[0]}."
    )


def _profit(branch: IfTaken, put: int) -> list[str]:
    """What selling everything here now would leave beyond what was put in, if this is what is decided."""
    if not put or any(position.worth is None for position in branch.positions):
        return []
    left = branch.cash_back + sum(position.worth or 0 for position in branch.positions) - put
    return [
        f"if sold now, {words.credits(-left)} lost"
        if left < -DUST
        else f"gain if sold now: {words.signed(left)}"
    ]


def _sells(position: Position) -> bool:
    return position.brings is not None and position.free > 0


def _position(position: Position, places: Places) -> str:
    metric, unit = places.get(position.market_id, ("", ""))
    of = f" of {words.escape(metric)}" if metric else ""
    held = words.escape(words.shares(position.shares, position.outcome_name, unit)) + of
    if position.is_earmarked:
        held += ", bought for long horizons"
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
