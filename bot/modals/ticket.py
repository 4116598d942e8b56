"""What stands in the trading modal: which market, which way, how much, and at what price; and the order it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot import words
from bot.modals import paying, twins
from core import units
from core.errors import Invalid
from core.exchange import trading
from core.exchange.offers import Offer
from core.exchange.trading import Act, Mirror, Order, Wallet

Typed = Mapping[str, Mapping[str, Any]]


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
    of the metric too: as long as it is priced there or better, the order buys. In a ``twin`` the same is asked too.
    A ``wallet`` is to pay, or whichever can.
    """

    market_id: int
    way: str
    amount: int
    values: tuple[int, ...] = ()
    outcome: int | None = None
    price: int | None = None
    until: int | None = None
    twin: int | None = None
    wallet: str | None = None

    @classmethod
    def of(cls, kept: list[Any] | None) -> "Ticket | None":
        """The ticket that was kept as JSON."""
        return cls(kept[0], kept[1], kept[2], tuple(kept[3]), *kept[4:]) if kept else None

    def better(self, unit: str) -> str:
        """Where it has to be priced for a limit order to buy, in words; nothing for another order."""
        if self.price is None:
            return ""
        return f"{words.exact_value(self.price, unit)} or {'less' if self.way == Way.FIRST else 'more'}"


def ways(offer: Offer) -> tuple[Way, ...]:
    return OF_MANY if len(offer.outcomes) > 2 else OF_TWO


def way_typed(typed: Typed, among: Sequence[Way]) -> Way:
    """The way that is chosen, or the first one while the form still shows those of another kind of market."""
    return next((each for each in among if each == _chosen(typed)), among[0])


def _chosen(typed: Typed) -> str | None:
    chosen = typed.get("way", {}).get("selected_option")
    return chosen["value"] if chosen else None


def markets_typed(typed: Typed, only: int) -> tuple[int, int | None]:
    """The market of the option that is chosen, and its twin if both are meant; a question has but the one market."""
    if "option" not in typed:
        return only, None
    return twins.markets_typed(typed["option"]["selected_option"]["value"], twins.side_typed(typed))


def is_limited(typed: Typed) -> bool:
    return bool(typed.get("limited", {}).get("selected_options"))


def read(typed: Typed, markets: tuple[int, int | None], among: Sequence[Way]) -> Ticket | None:
    """The ticket, or nothing while the form still lacks something that it needs; ``among`` are the ways of its markets.

    Raises Invalid for what cannot be, naming the field.
    """
    market_id, twin = markets
    way, said = way_typed(typed, among), {block: _said(typed, block) for block in _needed(typed, among)}
    if not all(said.values()) or way != _chosen(typed):
        return None
    chosen = _outcome(typed, market_id) if way == Way.OUTCOME else None
    if way == Way.OUTCOME and chosen is None:
        return None
    is_priced = "price" in said
    return Ticket(
        market_id=market_id,
        way=way,
        amount=units.positive(units.parse(said["amount"])),
        values=tuple(units.parse(said[block], block) for block in _VALUES.get(way, ())),
        outcome=chosen,
        price=units.parse(said["price"], "price") if is_priced else None,
        until=typed.get("expires_at", {}).get("selected_date_time") if is_priced else None,
        twin=twin,
        wallet=paying.typed(typed),
    )


def still_says(typed: Typed, ticket: Ticket) -> bool:
    """Whether the form still says what was quoted; that needs no look at the market."""
    try:
        among = OF_TWO if ticket.way in OF_TWO else OF_MANY
        return read(typed, markets_typed(typed, ticket.market_id), among) == ticket
    except Invalid:
        return False


def require(typed: Typed, among: Sequence[Way]) -> None:
    """Raises Invalid for an input that stands in the form and was left empty."""
    for block in _needed(typed, among):
        if block in typed and not _said(typed, block):
            raise Invalid(block, "empty")


def _needed(typed: Typed, among: Sequence[Way]) -> tuple[str, ...]:
    """The inputs that have to be typed for the way that is chosen."""
    way = way_typed(typed, among)
    may_wait = way in (Way.FIRST, Way.SECOND) and is_limited(typed) and not _is_mirrored(typed)
    price = ("price",) if may_wait else ()
    return (*_VALUES.get(way, ()), *price, "amount")


def _is_mirrored(typed: Typed) -> bool:
    return markets_typed(typed, 0)[1] is not None


def _said(typed: Typed, block: str) -> str:
    return str(typed.get(block, {}).get("value") or "")


def _outcome(typed: Typed, market_id: int) -> int | None:
    """The outcome that is chosen, if it is one of this market: the form may still show those of another."""
    chosen = typed.get("outcome", {}).get("selected_option")
    of, _, number = chosen["value"].partition(":") if chosen else ("", "", "")
    return int(number) if of == str(market_id) else None


class Meaning(NamedTuple):
    """What a ticket is to its market: the outcomes to buy, a limit in millionths, and the wallet that pays.

    That is the one of the quote, so that no other one pays what was quoted for it.
    """

    outcomes: tuple[int, ...]
    price: int | None
    wallet: str | None = None

    @classmethod
    def of(cls, kept: list[Any] | None) -> "Meaning":
        """The meaning that was kept as JSON beside its ticket."""
        outcomes, *rest = kept or ((), None)
        return cls(tuple(outcomes), *rest)


def meaning(connection: Any, ticket: Ticket) -> Meaning:
    """Raises Invalid where the values fit no price or no outcome."""
    if ticket.way == Way.ESTIMATE:
        return Meaning((), None, ticket.wallet)
    if ticket.way == Way.RANGE:
        return Meaning(trading.between(connection, ticket.market_id, *ticket.values), None, ticket.wallet)
    outcome = int(ticket.way) if ticket.outcome is None else ticket.outcome
    if ticket.price is None:
        return Meaning((outcome,), None, ticket.wallet)
    price = trading.price_at(connection, ticket.market_id, outcome, ticket.price)
    return Meaning((outcome,), price, ticket.wallet)


def mirrored(asked: Order, ticket: Ticket, legs: Sequence[Sequence[int | None]] | None = None) -> Order:
    """The order in the twin of its market too; or in the legs that were quoted, each with the least that it takes."""
    if ticket.twin is None:
        return asked
    if legs is None:
        return replace(asked, mirror=Mirror(ticket.twin))
    (market_id, limit), *others = legs
    mirror = Mirror(int(others[0][0] or 0), others[0][1]) if others else None
    return replace(asked, market_id=int(market_id or 0), limit=limit, mirror=mirror)


def order(by: str, ticket: Ticket, meant: Meaning, key: str, limit: int | None = None) -> Order:
    """The order that the ticket makes. What a price leaves out waits, so there no number of shares is too few."""
    wallet = Wallet(meant.wallet) if meant.wallet else None
    if ticket.way == Way.ESTIMATE:
        (estimate,) = ticket.values
        move = Order(key, by, ticket.market_id, (), Act.MOVE, ticket.amount, limit, estimate=estimate)
        return replace(move, wallet=wallet)
    spend = Order(key, by, ticket.market_id, meant.outcomes, Act.SPEND, ticket.amount, wallet=wallet)
    if meant.price is None:
        return replace(spend, limit=limit)
    until = datetime.fromtimestamp(ticket.until, tz=UTC) if ticket.until else None
    return replace(spend, price=meant.price, expires_at=until)
