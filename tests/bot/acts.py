"""What people do again and again in the tests of the bot: trade, open a decision, record it, file its reading."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from live import COMMITTEE, MARKETS, Live, Person, option_of, read
from sqlalchemy import Connection, func, select

from bot.modals import trade_form
from core.database import metadata
from core.exchange import board, opening, portfolio, trading
from core.exchange.opening import BaseRate, Definition, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.trading import Act, Order
from core.markets.tables import trade as trade_table
from core.units import MICRO

TEAM = "T0FUTARCHY"
RETOLD = {"announcement", "lane", "portfolio_day"}  # The heartbeat writes these by itself.


def identity(user: str) -> str:
    return f"{TEAM}/{user}"


def deliver(live: Live, payload: Mapping[str, Any]) -> httpx.Response:
    """An interaction, as Slack delivers it."""
    return live.post(urlencode({"payload": json.dumps(payload)}).encode())


def send_command(live: Live, **form: str) -> httpx.Response:
    """A slash command, as Slack delivers it."""
    return live.post(urlencode(form).encode())


def submission(user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """The delivery that submitting this view makes."""
    who = {"id": user, "team_id": TEAM}
    return {"type": "view_submission", "team": {"id": TEAM}, "user": who, "view": view}


def counts(live: Live) -> dict[str, int]:
    """How many rows each table of the exchange has."""
    found: dict[str, int] = live.read(_counts)
    return found


def _counts(connection: Connection) -> dict[str, int]:
    tables = [table for table in metadata.sorted_tables if table.name not in RETOLD]
    counted = select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
    return dict(zip((table.name for table in tables), connection.execute(counted).one(), strict=True))


def trades(live: Live) -> int:
    return counts(live)[trade_table.name]


def balance(live: Live, user: str) -> int:
    """Free credit, micro-credits."""
    found: int = live.read(portfolio.portfolio, identity(user)).balance
    return found


def card(person: Person, name: str = "D-1", channel: str = MARKETS) -> dict[str, Any]:
    """The decision's card, once it stands in the channel."""
    person.wait_for(f"{name}:", channel)
    found = [m for m in person.messages(channel) if f"{name}:" in read(m) and not m.get("ephemeral")]
    return found[-1]


def shown(person: Person, name: str = "D-1") -> dict[str, Any]:
    """The decision's card as a command shows it, at once and to this person alone."""
    person.type(f"/market {name}")
    return [message for message in person.messages() if message.get("ephemeral")][-1]


def start_trade(person: Person, name: str = "D-1") -> None:
    person.press(shown(person, name), "trade")


def choose(person: Person, **inputs: str) -> None:
    """Changes inputs of the trading modal: ``option="Hold", way="Lower"``, or in bins ``estimate="25"``."""
    for block_id, text in inputs.items():
        element = person.element(block_id)
        person.fill(block_id, option_of(element, text) if "options" in element else {"value": text})


def type_amount(person: Person, amount: str) -> str:
    """Types an amount and gives back what the modal then says."""
    person.fill("amount", {"value": amount})
    return read(person.modal)


def trade(person: Person, amount: str, *, name: str = "D-1", **choices: str) -> str:
    """A whole trade from the card's button, and what the modal says at the end."""
    start_trade(person, name)
    choose(person, **choices)
    type_amount(person, amount)
    place(person)
    said = read(person.modal)
    person.close()
    return said


def place(person: Person) -> None:
    """Submits the trading modal, and the second look that a large order gets."""
    person.submit()
    if person.modal["callback_id"] == trade_form.CONFIRM_VIEW:
        person.submit()


def close_market(live: Live, decider: Person, name: str = "D-1") -> None:
    """Lets the time of trading pass, until the committee has its report."""
    live.advance(days=7, hours=1)
    decider.wait_for(f"Spread report {name}", COMMITTEE)


def record(person: Person, option: str, reason: str = "More is gained than lost.", name: str = "D-1") -> str:
    """Records the decision through both steps, and what is said at the end; or why no form came."""
    answer = person.type(f"/decision record {name}", COMMITTEE)
    if not person.state["views"]:
        return answer
    chosen = option_of(person.element("option"), option)
    person.submit(option=chosen, reason={"value": reason}, unpriced={"value": "Nothing."})
    person.submit()
    said = read(person.modal)
    person.close()
    return said


def decide(live: Live, decider: Person, option: str, name: str = "D-1") -> None:
    """Lets the market close, records the option, and lets the challenge window pass."""
    close_market(live, decider, name)
    record(decider, option, name=name)
    live.advance(days=1, hours=1)
    decider.wait_for("is final")


def file_reading(person: Person, value: str | None, name: str = "D-1", metric: str | None = None) -> str:
    """Files the reading of the one metric, or of a named one, or without a value that it was never measured."""
    answer = person.type(f"/decision metric {name}")
    if not person.state["views"]:
        return answer
    if metric:
        person.fill("metric", option_of(person.element("metric"), metric))
    if value is None:
        person.fill("measured", option_of(person.element("measured"), "It was never measured"))
        person.submit(source={"value": "The dashboard was down"})
        person.submit()
    else:
        person.submit(value={"value": value}, source={"value": "The dashboard"})
    said = read(person.modal)
    person.close()
    return said


def object_to(person: Person, reason: str = "It counts one twice.") -> str:
    """Presses Object under the newest reading, and says why; what is said at the end."""
    person.press(person.wait_for(", filed by"), "object")
    if person.modal.get("submit"):
        person.submit(reason={"value": reason})
    said = read(person.modal)
    person.close()
    return said


def rule(person: Person, ruling: str, reason: str = "It was looked into.") -> str:
    """Presses Rule under the newest objection: ``Uphold`` or ``Dismiss``."""
    person.press(person.wait_for("is held up:"), "rule")
    chosen = option_of(person.element("ruling"), f"{ruling} the objection")
    person.submit(ruling=chosen, reason={"value": reason})
    said = read(person.modal)
    person.close()
    return said


def halt(person: Person, word: str = "halt", reason: str = "The numbers leaked.") -> str:
    """Halts trading, or with ``resume`` lets it go on; what is said at the end; or why no form came."""
    answer = person.type(f"/decision {word} D-1")
    if not person.state["views"]:
        return answer
    person.submit(reason={"value": reason})
    said = read(person.modal)
    person.close()
    return said


def postpone(person: Person, reason: str = "The evaluation takes longer.", **by: timedelta) -> str:
    """Moves dates later by so much: ``decide_by=timedelta(days=1)``; what is said at the end."""
    person.type("/decision postpone D-1")
    person.submit(reason={"value": reason}, **{name: later(person, name, span) for name, span in by.items()})
    said = read(person.modal)
    person.close()
    return said


def later(person: Person, block_id: str, span: timedelta) -> dict[str, int]:
    """So much later than what stands in the picker."""
    at = int(person.element(block_id)["initial_date_time"])
    return {"selected_date_time": at + int(span.total_seconds())}


def admin_acts(live: Live) -> list[str]:
    """What admins did besides granting, the newest first."""
    found = live.read(board.acts, identity("U0ADA"))
    return [act.kind for act in found if act.kind != "granted"]


def settle(live: Live, owner: Person, value: str, name: str = "D-1") -> None:
    """Files the reading and lets it become final."""
    file_reading(owner, value, name)
    live.advance(days=1, hours=1)
    owner.wait_for(f"Outcome {name}")


def rest(live: Live, user: str, market_id: int, price: int, credits_reserved: int) -> None:
    """A limit order for Higher shares at a price in millionths; there is no form for it yet."""
    key = f"rest:{user}:{market_id}:{price}"
    order = Order(key, identity(user), market_id, (0,), Act.SPEND, credits_reserved * MICRO, price=price)
    live.write(trading.execute, order)


def push(live: Live, user: str, market_id: int, value: int) -> None:
    """Trades until the metric is priced at so many of its units, as far as all of the person's credits go."""
    order = Order(
        f"push:{user}:{market_id}:{value}", identity(user), market_id, (), Act.MOVE, balance(live, user)
    )
    live.write(trading.execute, replace(order, estimate=value * MICRO))


def bid(live: Live, user: str, market_id: int, price: int, credits_spent: int) -> None:
    """A limit order that buys Higher for so many micro-credits at a price in millionths."""
    key = f"bid:{user}:{market_id}:{price}:{credits_spent}"
    order = Order(key, identity(user), market_id, (0,), Act.SPEND, credits_spent, price=price)
    live.write(trading.execute, order)


def offer(live: Live, user: str, market_id: int, price: int, shares: int) -> None:
    """A limit order that sells so many micro-shares of Higher at a price in millionths."""
    key = f"offer:{user}:{market_id}:{price}:{shares}"
    order = Order(key, identity(user), market_id, (0,), Act.SELL, shares, price=price)
    live.write(trading.execute, order)


def marked_texts(node: Any) -> list[str]:
    """All text that Slack reads as mrkdwn; plain, raw and rich text show everything as it is."""
    if isinstance(node, list):
        return [text for each in node for text in marked_texts(each)]
    if not isinstance(node, dict) or node.get("type") in {"plain_text", "raw_text", "text"}:
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    parts = [each for key, each in node.items() if key not in {"state", "private_metadata"}]
    return own + [text for each in parts for text in marked_texts(each)]


def open_question(live: Live, subsidy: int = 50) -> tuple[str, int]:
    """A yes or no that hangs on no decision and is told nowhere, with Mona as its owner: its name and its market."""
    said = {
        "asked": MetricPlan(
            Definition("Do we ship?", YES_OR_NO, 0, HUNDRED, "In the store."), identity("U0MONA")
        ),
        "rate": BaseRate(60 * MICRO),
        "subsidy": subsidy * MICRO,
        "closes_at": live.workspace.clock() + timedelta(days=7),
        "reading_challenge_seconds": 86_400,
        "public_address": None,
    }
    opened = live.write(opening.open_question, identity("U0ADA"), opening.question(**said))
    return opened.name, opened.market_ids[0]
