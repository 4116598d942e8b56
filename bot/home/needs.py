"""What needs the reader: to decide, to file, to rule; what closes soon, and what was filled."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, section
from bot.home import asked, orders
from bot.modals import fileable
from bot.reports import lottery
from core.exchange.board import Row
from core.exchange.limit_orders import LimitOrder
from core.exchange.measured import MetricRow
from core.exchange.portfolio import Portfolio
from core.exchange.questions import AskedRow

SOON_SECONDS = 24 * 3600


def entries(
    by: str, rows: Sequence[Row], questions: Sequence[AskedRow], held: Portfolio, filled: Sequence[LimitOrder]
) -> list[list[Block]]:
    """One entry for each thing, those that only the reader can do first."""
    found = [entry for row in rows for entry in _of_decision(row, by)]
    found += [entry for row in questions for entry in _of_question(row)]
    found += [_closing(row) for row in rows if _is_closing(row, held)]
    found += [_question_closing(row) for row in questions if _is_question_closing(row, held)]
    return [*found, *([_filled(filled)] if filled else [])]


def _of_decision(row: Row, by: str) -> Iterator[list[Block]]:
    name, question = words.decision(row.decision_id), words.escape(row.question)
    if row.duties.is_to_declare or row.duties.is_to_value:
        yield _to_say(row, f"*{name}: {question}*")
    is_undecided = row.state == "closed" and not row.report.recorded
    if row.standing.is_decider and is_undecided and lottery.awaits(asdict(row.report)):
        yield from _of_lottery(row, name, question)
        return
    if row.standing.is_decider and is_undecided:
        due = words.moment(row.report.decide_by)
        text_block = section(f"*{name}: {question}*\nDecide by {due}.", f"decide_{row.decision_id}")
        buttons = [
            button(
                "Record the decision",
                "record",
                row.decision_id,
                f"Record the decision in {name}",
                primary=True,
            ),
            button("Withdraw", "withdraw", row.decision_id, f"Withdraw {name}", is_danger=True),
            button("Report", "report", row.decision_id, f"Report on {name}, to decide it"),
        ]
        yield [text_block, *actions(f"decide_actions_{row.decision_id}", buttons)]
        return
    if needed := _to_file(row, by):
        said = section("\n".join([f"*{name}: {question}*", *needed]), f"file_{row.decision_id}")
        file = button("File the reading", "file", name, _filing(name), primary=True)
        yield [said, *actions(f"file_actions_{row.decision_id}", [file])]
    if waiting := {each: metric for each, metric in row.metrics.items() if metric.may_rule}:
        needed = [_to_rule(metric) for metric in waiting.values()]
        said = section("\n".join([f"*{name}: {question}*", *needed]), f"rule_{row.decision_id}")
        rules = [_rule(each, metric) for each, metric in waiting.items()]
        yield [said, *actions(f"rule_actions_{row.decision_id}", rules)]


def _of_lottery(row: Row, name: str, question: str) -> Iterator[list[Block]]:
    """The beacon's value is all that its deciders have to give."""
    facts = asdict(row.report)
    if shown := lottery.buttons(facts):
        said = section(f"*{name}: {question}*\n{lottery.state(facts)}.", f"draw_{row.decision_id}")
        yield [said, *actions(f"draw_actions_{row.decision_id}", shown)]


def _of_question(row: AskedRow) -> Iterator[list[Block]]:
    name, question = words.market(row.market_id), words.escape(row.report.question)
    if row.is_owner and row.report.state in asked.NEEDED:
        needed = _FILE_ANEW if row.report.state == "set_aside" else "File what it came to, once it is known."
        said = section(f"*{name}: {question}*\n{needed}", f"file_{name}")
        yield [
            said,
            *actions(
                f"file_actions_{name}",
                [button("File the reading", "file", name, _filing(name), primary=True)],
            ),
        ]
    if row.metric.may_rule:
        objected = words.person(row.metric.objected_by or "")
        said = section(
            f"*{name}: {question}*\n{objected} objected to its reading. Rule on that.", f"rule_{name}"
        )
        rule = button(
            "Rule", f"rule:{row.report.metric_id}", row.report.metric_id, f"Rule on {name}", primary=True
        )
        yield [said, *actions(f"rule_actions_{name}", [rule])]


def _to_say(row: Row, heading: str) -> list[Block]:
    """What a decider has to say before it is closed, or while ballots are reopened."""
    name, duties = words.decision(row.decision_id), row.duties
    likely = "" if row.report.measures[0].is_drawn else "how likely each option is and "
    asked = f"say {likely}what you expect" if duties.is_to_declare else ""
    voted = "vote what its metrics are worth" if duties.is_to_value else ""
    until = words.moment(row.closes_at if row.state == "open" else row.report.decide_by)
    buttons = [
        *([button("Declare", "declare", row.decision_id, f"Declare on {name}")] if asked else []),
        *(
            [button("Vote on values", "values", row.decision_id, f"Vote on values of {name}")]
            if voted
            else []
        ),
    ]
    said = f"{heading}\nYou decide it: {' and '.join(filter(None, (asked, voted)))}, until {until}."
    return [
        section(said, f"declare_{row.decision_id}"),
        *actions(f"declare_actions_{row.decision_id}", buttons),
    ]


_FILE_ANEW = "An objection to its reading was upheld. File it anew."


def _to_file(row: Row, by: str) -> list[str]:
    """What the reader has to file for the option that was chosen: what has no reading, or none that counts."""
    found = []
    for metric in (row.metrics[metric_id] for metric_id in fileable.on_chosen(row)):
        named = words.escape(metric.definition.name)
        if metric.owner == by and not metric.reading:
            found.append(f"File what {named} came to, once it is known.")
        elif metric.owner == by and metric.reading and metric.reading.is_set_aside:
            found.append(f"An objection to the reading of {named} was upheld. File it anew.")
    return found


def _to_rule(metric: MetricRow) -> str:
    objected = words.person(metric.objected_by or "")
    return f"{objected} objected to the reading of {words.escape(metric.definition.name)}. Rule on that."


def _rule(metric_id: int, metric: MetricRow) -> Button:
    return button(f"Rule on {metric.definition.name}", f"rule:{metric_id}", metric_id, primary=True)


def _is_closing(row: Row, held: Portfolio) -> bool:
    """Whether trading closes within a day where the reader holds something or waits for something."""
    here = {stake.decision_id for stake in held.stakes} | {order.decision_id for order in held.orders}
    left = row.report.closes_at - row.report.at
    return row.decision_id in here and row.state == "open" and 0 < left <= SOON_SECONDS


def _closing(row: Row) -> list[Block]:
    name, closes = words.decision(row.decision_id), words.moment(row.report.closes_at)
    said = f"*{name}: {words.escape(row.question)}*\nTrading closes {closes}, and you have something in it."
    trade = button("Trade", "trade", name, f"Trade {name} before it closes")
    buttons = [trade] if row.standing.may_trade and row.report.is_trading else []
    return [
        section(said, f"closing_{row.decision_id}"),
        *actions(f"closing_actions_{row.decision_id}", buttons),
    ]


def _is_question_closing(row: AskedRow, held: Portfolio) -> bool:
    here = {each.market_id for each in held.questions} | {order.market_id for order in held.orders}
    return (
        row.market_id in here
        and row.report.is_trading
        and row.report.closes_at - row.report.at <= SOON_SECONDS
    )


def _question_closing(row: AskedRow) -> list[Block]:
    name, closes = words.market(row.market_id), words.moment(row.report.closes_at)
    question = words.escape(row.report.question)
    said = f"*{name}: {question}*\nTrading closes {closes}, and you have something in it."
    trade = button("Trade", "trade", name, f"Trade {name} before it closes")
    return [
        section(said, f"closing_{name}"),
        *actions(f"closing_actions_{name}", [trade] if row.may_trade else []),
    ]


def _filled(filled: Sequence[LimitOrder]) -> list[Block]:
    lines = [f"• {orders.described(order)}" for order in filled]
    return [section("\n".join(["*Filled within the last day*", *lines]), "filled")]


def _filing(name: str) -> str:
    """Read out of a button that stands above others for the same."""
    return f"File the reading of {name}, which waits for you"
