"""Every number, date and sentence that stands by itself: amounts, values, times, and what each refusal says."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.errors import (
    Busy,
    InsufficientFunds,
    Invalid,
    KeyReused,
    NotAllowed,
    NotOpen,
    PriceBound,
    PriceMoved,
    Refusal,
    Unknown,
    WidthCap,
)
from core.units import MICRO

SIDES = {"LONG": "Higher", "SHORT": "Lower", "YES": "Yes", "NO": "No"}


def escape(text: str) -> str:
    """User text in mrkdwn: it can be bold, but it mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """User text as a quotation, line by line."""
    return "\n".join(f"> {escape(line)}" for line in text.splitlines())


def number(micro: float) -> str:
    """Micro-units as a person reads them: ``60``, ``1,234.50``, ``less than 0.01``."""
    amount = micro / MICRO
    if 0 < abs(amount) < 0.01:
        return "less than 0.01"
    return f"{amount:,.0f}" if micro % MICRO == 0 else f"{amount:,.2f}"


def credits(micro: float) -> str:  # noqa: A001 - the unit's own name
    return "1 credit" if micro == MICRO else f"{number(micro)} credits"


def limit(micro: int) -> str:
    """Credits of which no more than this is there: cut, never rounded up."""
    return credits(micro // 10_000 * 10_000 if micro >= 10_000 else micro)


def without_markup(sentence: str) -> str:
    """For places that show plain text: dates in UTC, and nobody mentioned."""
    dated = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", sentence)
    return re.sub(r" Ask [^.]*<@[^.]*\.", "", dated)


def plain(micro: int) -> str:
    """Micro-units as they go into a number input: no separators, no trailing zeros."""
    text = f"{micro // MICRO}.{micro % MICRO:06d}".rstrip("0").rstrip(".")
    return text or "0"


def value(micro: float, unit: str, low: int, high: int) -> str:
    """A metric's value with its unit, in digits that suit its range: ``62.0 points``, ``3.21%``."""
    digits = max(0, 3 - math.ceil(math.log10((high - low) / MICRO)))
    return _with_unit(f"{micro / MICRO:,.{digits}f}", unit)


def exact_value(micro: int, unit: str) -> str:
    """A metric's value as it was filed, to the last digit."""
    return _with_unit(f"{micro / MICRO:,.6f}".rstrip("0").rstrip("."), unit)


def count(number_of: int, thing: str) -> str:
    return f"1 {thing}" if number_of == 1 else f"{number_of} {thing}s"


def people(number_of: int) -> str:
    return "1 person" if number_of == 1 else f"{number_of} people"


def moment(at: int | datetime) -> str:
    """A time in the reader's own zone, with UTC for whatever cannot show it."""
    seconds = int(at.timestamp()) if isinstance(at, datetime) else at
    fallback = datetime.fromtimestamp(seconds, tz=UTC).strftime("%d %b %Y %H:%M UTC")
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{fallback}>"


def after_window(seconds: int) -> str:
    """When something takes effect that can be challenged for so long."""
    return f"After a challenge window of {span(seconds)}" if seconds else "At once"


def span(seconds: int) -> str:
    """``24 h``, ``90 min``."""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min"


def person(identity: str) -> str:
    """A mention of the person that core knows by this identity."""
    return f"<@{identity.rpartition('/')[2]}>"


def decision(decision_id: int) -> str:
    return f"D-{decision_id}"


def side(outcome: str) -> str:
    return SIDES.get(outcome, outcome)


def refusal(no: Refusal) -> tuple[str | None, str]:
    """The field that caused it, where there is one, and what to say there."""
    field = no.field if isinstance(no, Invalid) else _FIELDS.get(type(no))
    return field, _SENTENCES[type(no)](no)


def _with_unit(amount: str, unit: str) -> str:
    return f"{amount}%" if unit == "%" else f"{amount} {unit}"


_FIELDS: dict[type[Refusal], str] = {
    InsufficientFunds: "amount",
    PriceBound: "amount",
    WidthCap: "amount",
    PriceMoved: "amount",
}

_RULES: dict[str, str] = {
    "number": "“{value}” is not a number. Write it like 25 or 12.50.",
    "digits": "“{value}” has more than six digits after the point.",
    "too_large": "The most that can be written here is {value}.",
    "positive": "This must be more than 0.",
    "least_order": "The smallest order is {credits}. Raise the amount.",
    "least_subsidy": "That is too little to open a market with: at least {credits} here.",
    "too_long": "“{value}…” is longer than {limit} characters.",
    "between": "This must be between {value} and {limit}.",
    "length": "Write something here, at most {value} characters.",
    "empty": "This cannot be empty.",
    "too_many": "At most {value} people can decide.",
    "count": "Name 2 to {value} options, one a line.",
    "distinct": "Two options have the same name. Give each its own.",
    "future": "This time is already past. Choose a later one.",
    "after_close": "The decision cannot be due before trading closes. Choose a time after the close.",
    "after_decide_by": "The freeze cannot come before the decision is due and its challenge window is over. Choose a later time.",
    "above_low": "The highest value must be above the lowest.",
    "sum": "The opening prices must sum to 1, not to {value}.",
    "opening_price": "{value} must lie inside the range, at least a thousandth of it away from both ends.",
    "challenge": "A challenge window is between 0 hours and 30 days.",
    "unknown": "There is no such choice here.",
    "range": "“{value}” is not between 0 and 1.",
    "identity": "“{value}” is not somebody I know how to reach.",
}

_NOT_ALLOWED: dict[str, str] = {
    "admins_only": "Only admins can do that.",
    "deciders_only": "Only the people named as deciders when it was opened can do that.",
    "metric_owner_only": "Only the owner of the metric can file its reading.",
    "decider": "You are one of the people who decide this, so you may not trade it. "
    "Your choice would move what you hold.",
    "metric_owner": "You file the reading for this metric, so you may not trade it.",
}

_NOT_OPEN: dict[str, str] = {
    "still_open": "{name} is still open for trading. You can record the decision once it closes{since}.",
    "overdue": "{name} was to be decided{since}. It counts as not decided now.",
    "undecided": "{name} is not decided yet. The reading comes after a decision was recorded and its challenge "
    "window is over.",
    "not_final": "{name} is recorded, but not final yet. File the reading once it is{since}.",
    "recorded": "{name} has been recorded already. What is recorded cannot be changed.",
    "read": "The reading of {name} has been filed already.",
    "open": "{name} is still open: that comes after a decision was recorded and its challenge window is over.",
    "closed": "Trading in {name} is closed.",
    "chosen": "{name} is decided already.",
    "withdrawn": "{name} was withdrawn. Everybody's stakes are back.",
    "settled": "{name} is settled.",
    "of_decision": "{name} belongs to a decision. File the reading with `/decision metric`.",
}

_MARKET_NOT_OPEN: dict[str, str] = {
    "closed": "Trading on this option is closed.",
    "frozen": "Trading on this option has ended for good: its reading is filed or due.",
    "dead": "This option can no longer be taken, so it does not trade. What you had put on it is back.",
    "settled": "This option is settled, and everybody has been paid.",
}


def _invalid(no: Any) -> str:
    least = credits(int(no.value)) if no.rule in {"least_order", "least_subsidy"} else ""
    return _RULES[no.rule].format(value=no.value, limit=no.limit, credits=least)


def _not_open(no: Any) -> str:
    if no.kind == "market" and no.state in _MARKET_NOT_OPEN:
        return _MARKET_NOT_OPEN[no.state]
    since = f" ({moment(no.since)})" if no.since else ""
    return _NOT_OPEN[no.state].format(name=no.name, since=since)


def _unknown(no: Any) -> str:
    return f"There is no {no.kind} {escape(no.name)}. `/market` lists what is open."


def _insufficient(no: Any) -> str:
    there = max(0, no.available)
    if no.of == "shares":
        return f"You hold {number(there)} of these shares. Lower the number."
    return f"That takes {credits(no.needed)}, and {limit(there)} can be spent here. Lower the amount."


def _not_allowed(no: Any) -> str:
    if not no.who:
        return _NOT_ALLOWED[no.because]
    return f"{_NOT_ALLOWED[no.because]} Ask {' or '.join(person(each) for each in no.who)}."


def _bound(no: Any) -> str:
    what = limit(no.most) if no.act == "spend" else f"{number(no.most)} shares"
    return f"That would push the price past 99.99%. The most that fits here is {what}."


def _width(no: Any) -> str:
    most = limit(no.most) if no.act == "spend" else f"{number(no.most)} shares"
    cap = f"one person can hold at most {number(no.cap)} shares more of one side than of the other"
    return f"The most that fits here for you is {most}: {cap}."


_SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    Invalid: _invalid,
    Unknown: _unknown,
    NotAllowed: _not_allowed,
    NotOpen: _not_open,
    InsufficientFunds: _insufficient,
    PriceMoved: lambda _: "The price moved while you were typing. Look at the new quote and press again.",
    PriceBound: _bound,
    WidthCap: _width,
    KeyReused: lambda _: "This form was already used for another order. Open a new one.",
    Busy: lambda _: "The exchange is busy right now and nothing was done. Try again in a moment.",
}
