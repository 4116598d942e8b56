"""Legs: an order priced in one market; a mirrored order has two of them, in the twins of an option's branches."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from core import errors
from core.database import milliseconds, moment
from core.errors import InsufficientFunds, Invalid, PriceMoved, Refusal
from core.exchange.quotes import Fill, Place, Purse, Quote, fill_of, quote_of, told
from core.ledger.entries import Posting
from core.markets.deals import Deal
from core.markets.market import Market
from core.markets.orders import Order


class Leg(NamedTuple):
    """``moves`` leave nobody with full sets, and are not in normal form yet; ``holders`` are whom they touch.

    The first of them is the wallet that pays. ``account`` is that of a limit order, for what it leaves to wait.
    """

    order: Order
    place: Place
    deal: Deal
    purse: Purse
    moves: Sequence[Posting]
    holders: Sequence[int]
    account: int

    @property
    def market(self) -> Market:
        return self.place.market

    @property
    def wallet(self) -> int:
        return self.holders[0]

    def quote(self, locked: int) -> Quote:
        """What it comes to, where so much of the trader's free credit goes into the decision."""
        return quote_of(self.order, self.place, self.deal, locked, self.purse)

    def require_firm(self) -> None:
        """Raises PriceMoved or InsufficientFunds for a leg that cannot be executed as it is priced."""
        quote = self.quote(0)
        if not self.deal.is_within(self.order):
            raise PriceMoved(quote)
        if not quote.is_affordable:
            raise self.short(0, self.market.unit)

    def short(self, account: int, unit: int) -> InsufficientFunds:
        """The trader knows a cost and what can be spent here, not the split that lies between them."""
        needed = self.deal.cost - self.deal.sets + self.deal.rests  # Full sets pay for a part of it.
        return InsufficientFunds(account, unit, needed, self.purse.free + self.purse.conditional)


class Priced(NamedTuple):
    """An order with the legs that can be had, and the postings of the one entry that makes them; ``quotes`` are theirs.

    ``refused`` is why a mirrored order's other leg cannot.
    """

    legs: Sequence[Leg]
    quotes: Sequence[Quote]
    postings: tuple[Posting, ...]
    refused: Refusal | None

    @property
    def quote(self) -> Quote:
        return joined(self.quotes, self.refused)

    @property
    def is_mirrored(self) -> bool:
        return len(self.legs) > 1


def joined(quotes: Sequence[Quote], refused: Refusal | None) -> Quote:
    """One quote: that of the first leg, with what became of the other one."""
    if len(quotes) == 1 and refused is None:
        return quotes[0]
    return quotes[0]._replace(twin=refused or quotes[1])


def require_twins(order: Order, markets: Mapping[int, Market], place: Place) -> None:
    """Raises Invalid unless an order is mirrored in the twin of its market. One that waits is for one branch alone."""
    mirror = order.mirror
    if mirror is None:
        return
    if order.price is not None:
        raise Invalid("price", "mirrored")
    twin, own = markets.get(mirror.market_id), place.market
    if twin is None or place.decision is None or not _are_twins(place, own, twin):
        raise Invalid("mirror", "no_twin", str(mirror.market_id))


def _are_twins(place: Place, own: Market, twin: Market) -> bool:
    """Whether both are on the same option by the same measure, one for people choosing it, one for a lottery."""
    branches = {branch.id: branch for branch in place.decision.branches} if place.decision else {}
    one, other = branches.get(own.branch_id or 0), branches.get(twin.branch_id or 0)
    if one is None or other is None or one.kind == other.kind or own.measure != twin.measure:
        return False
    return one.option_id == other.option_id


def kept(fill: Fill) -> list[Any]:
    """What is kept of a fill, both legs of it, for the same key asked again."""
    if fill.twin is None:
        return told(fill)
    if isinstance(fill.twin, Refusal):
        return [*told(fill), {"market_id": fill.market_id, "refused": _written(fill.twin)}]
    return [*told(fill), {"market_id": fill.market_id, "told": told(fill.twin)}]


def retold(order: Order, places: Mapping[int, Place], said: Sequence[Any]) -> Fill:
    """The fill of an order as it was told before."""
    if order.mirror is None:
        return fill_of(order, places[order.market_id], said)
    *own, twin = said
    first = next(each for each in order.legs if each.market_id == twin["market_id"])
    second = next(each for each in order.legs if each.market_id != twin["market_id"])
    fill = fill_of(first, places[first.market_id], own)
    if "refused" in twin:
        return fill._replace(twin=_read(second, places[second.market_id], *twin["refused"]))
    return fill._replace(twin=fill_of(second, places[second.market_id], twin["told"]))


def _written(refusal: Refusal) -> list[Any]:
    """A refusal as JSON holds it."""
    values = {each.name: getattr(refusal, each.name) for each in fields(refusal)}  # type: ignore[arg-type]
    return [type(refusal).__name__, {name: _plain(value) for name, value in values.items()}]


def _plain(value: Any) -> Any:
    if isinstance(value, Quote):
        return told(value)
    return milliseconds(value) if isinstance(value, datetime) else value


def _read(order: Order, place: Place, name: str, values: Mapping[str, Any]) -> Refusal:
    read: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    if name == PriceMoved.__name__:
        return PriceMoved(fill_of(order, place, read["quote"]))
    if read.get("since") is not None:
        read["since"] = moment(read["since"])
    made: Refusal = getattr(errors, name)(**read)
    return made
