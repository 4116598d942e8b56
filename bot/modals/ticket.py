"""What stands in the trading modal: which market, which way, how much, and at what price; and the order it makes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot import words
from bot.door import Ask
from core import units
from core.errors import Invalid
from core.exchange import trading
from core.exchange.reporting import OptionLine
from core.exchange.trading import Act, Order


class Way(StrEnum):
    """How the credits are to be put: on one of two outcomes, toward an estimate, on a range, or on one outcome of many."""

    FIRST = "0"
    SECOND = "1"
    ESTIMATE = "estimate"
    RANGE = "range"
    OUTCOME = "outcome"


_VALUES = {Way.ESTIMATE: ("estimate",), Way.RANGE: ("low", "range")}  # The inputs of a way's values.
OF_TWO, OF_MANY = (Way.FIRST, Way.SECOND, Way.ESTIMATE), (Way.ESTIMATE, Way.RANGE, Way.OUTCOME)


class Ticket(NamedTuple):
    """All inputs of an order, as numbers: amounts in micro-units, ``until`` in seconds since 1970.

    ``values`` are those of the metric that the way needs: an estimate, or both ends of a range. A ``price`` names a value
    of the metric too: as long as it is priced there or better, the order buys.
    """

    market_id: int
    way: str
    amount: int
    values: tuple[int, ...] = ()
    outcome: int | None = None
    price: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, kept: list[Any] | None) -> "Ticket | None":
        """The ticket that was kept as JSON."""
        return cls(kept[0], kept[1], kept[2], tuple(kept[3]), *kept[4:]) if kept else None

    def better(self, unit: str) -> str:
        """Where it has to be priced for a limit order to buy, in words; nothing for another order."""
        if self.price is None:
            return ""
        return f"{words.exact_value(self.price, unit)} or {'less' if self.way == Way.FIRST else 'more'}"


def ways(line: OptionLine) -> tuple[Way, ...]:
    return OF_MANY if len(line.outcomes) > 2 else OF_TWO


def way_typed(typed: Mapping[str, Any], line: OptionLine) -> Way:
    """The way that is chosen, or the first one while the form still shows those of another kind of market."""
    return next((each for each in ways(line) if each == _chosen(typed)), ways(line)[0])


def _chosen(typed: Mapping[str, Any]) -> str | None:
    chosen = typed.get("way", {}).get("selected_option")
    return chosen["value"] if chosen else None


def is_limited(typed: Mapping[str, Any]) -> bool:
    return bool(typed.get("limited", {}).get("selected_options"))


def read(typed: Mapping[str, Any], line: OptionLine) -> Ticket | None:
    """The ticket, or nothing while the form still lacks something that it needs.

    Raises Invalid for what cannot be, naming the field.
    """
    way, said = way_typed(typed, line), {block: _said(typed, block) for block in _needed(typed, line)}
    if not all(said.values()) or way != _chosen(typed):
        return None
    chosen = _outcome(typed, line) if way == Way.OUTCOME else None
    if way == Way.OUTCOME and chosen is None:
        return None
    is_priced = "price" in said
    return Ticket(
        market_id=line.market_id,
        way=way,
        amount=units.positive(units.parse(said["amount"])),
        values=tuple(units.parse(said[block], block) for block in _VALUES.get(way, ())),
        outcome=chosen,
        price=units.parse(said["price"], "price") if is_priced else None,
        until=typed.get("expires_at", {}).get("selected_date_time") if is_priced else None,
    )


def require(typed: Mapping[str, Any], line: OptionLine) -> None:
    """Raises Invalid for an input that stands in the form and was left empty."""
    for block in _needed(typed, line):
        if block in typed and not _said(typed, block):
            raise Invalid(block, "empty")


def _needed(typed: Mapping[str, Any], line: OptionLine) -> tuple[str, ...]:
    """The inputs that have to be typed for the way that is chosen."""
    way = way_typed(typed, line)
    price = ("price",) if is_limited(typed) and way in (Way.FIRST, Way.SECOND) else ()
    return (*_VALUES.get(way, ()), *price, "amount")


def _said(typed: Mapping[str, Any], block: str) -> str:
    return str(typed.get(block, {}).get("value") or "")


def _outcome(typed: Mapping[str, Any], line: OptionLine) -> int | None:
    """The outcome that is chosen, if it is one of this market: the form may still show those of another."""
    chosen = typed.get("outcome", {}).get("selected_option")
    market_id, _, number = chosen["value"].partition(":") if chosen else ("", "", "")
    return int(number) if market_id == str(line.market_id) else None


async def order(ask: Ask, ticket: Ticket, key: str, limit: int | None = None) -> Order:
    """The order that the ticket makes. Raises Invalid where its values fit no price or no outcome."""
    if ticket.way == Way.ESTIMATE:
        (estimate,) = ticket.values
        return Order(key, ask.by, ticket.market_id, (), Act.MOVE, ticket.amount, limit, estimate=estimate)
    outcomes = await _outcomes(ask, ticket)
    if ticket.price is None:
        return Order(key, ask.by, ticket.market_id, outcomes, Act.SPEND, ticket.amount, limit)
    price = await ask.read(trading.price_at, ticket.market_id, outcomes[0], ticket.price)
    until = datetime.fromtimestamp(ticket.until, tz=UTC) if ticket.until else None
    # What a price leaves out waits, so no number of shares is too few.
    return Order(
        key, ask.by, ticket.market_id, outcomes, Act.SPEND, ticket.amount, price=price, expires_at=until
    )


async def _outcomes(ask: Ask, ticket: Ticket) -> tuple[int, ...]:
    if ticket.way == Way.RANGE:
        found: tuple[int, ...] = await ask.read(trading.between, ticket.market_id, *ticket.values)
        return found
    return (int(ticket.way) if ticket.outcome is None else ticket.outcome,)
