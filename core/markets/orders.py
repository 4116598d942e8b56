"""What a trader asks of a market, and whether it can be asked at all."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core import texts
from core.database import milliseconds
from core.errors import Invalid
from core.ledger.accounts import Wallet
from core.markets.market import Market
from core.units import MICRO, MOST, positive, within

KEY_MOST = 200
SHARES_MOST = 10_000 * MOST  # So many are bought for the most credits at the lowest price.
PRICE_LEAST, PRICE_MOST = 1_000, 999_000  # Of a limit order, millionths: micro-credits a share.


class Act(StrEnum):
    """What an order asks for."""

    SPEND = "spend"  # So many credits on outcomes.
    BUY = "buy"  # So many shares of each of the outcomes.
    SELL = "sell"
    SELL_ALL = "sell_all"  # Whatever is held of the outcomes.
    MOVE = "move"  # Toward an estimate of the metric, for at most so many credits.


SALES = frozenset({Act.SELL, Act.SELL_ALL})


@dataclass(frozen=True)
class Mirror:
    """The twin market in which an order asks for the same, and the worst that is still welcome there."""

    market_id: int
    limit: int | None = None


@dataclass(frozen=True)
class Order:
    """An order, executed once per key.

    ``amount`` is micro-credits for SPEND and MOVE, micro-shares for BUY and SELL. ``limit`` is the worst that is still
    welcome: the fewest shares of a SPEND, the dearest cost of a BUY, the least proceeds of a sale. A ``price``
    (millionths, of the one outcome) makes a SPEND or SELL a limit order: what cannot be had at it waits, until
    ``expires_at`` if that is given. ``estimate`` is in micro-units of the metric. With a ``mirror`` the same is asked in
    the twin of its market too, where a lottery takes the option instead of people: one order, whose two legs are each
    filled or refused for themselves. It is paid from one ``wallet``; where none is named, from the one that holds
    something there, or else from the earmarked one if that can pay the whole.
    """

    key: str
    by: str
    market_id: int
    outcomes: tuple[int, ...]
    act: Act
    amount: int
    limit: int | None = None
    price: int | None = None
    expires_at: datetime | None = None
    estimate: int | None = None
    mirror: Mirror | None = None
    wallet: Wallet | None = None

    @property
    def market_ids(self) -> tuple[int, ...]:
        """Its market, and the twin's."""
        return (self.market_id, self.mirror.market_id) if self.mirror else (self.market_id,)

    @property
    def legs(self) -> "tuple[Order, ...]":
        """The order in each of its markets, for itself."""
        if self.mirror is None:
            return (self,)
        twin = replace(self, market_id=self.mirror.market_id, limit=self.mirror.limit, mirror=None)
        return replace(self, mirror=None), twin

    @property
    def asked(self) -> list[object]:
        """All of the order but its key, as it is kept with what became of it."""
        until = milliseconds(self.expires_at) if self.expires_at else None
        worst: list[object] = [self.limit, self.price, until, self.estimate]
        if self.mirror:
            worst += [self.mirror.market_id, self.mirror.limit]
        if self.wallet:
            worst.append(self.wallet.value)
        return [self.by, self.market_id, list(self.outcomes), self.act.value, self.amount, *worst]

    @property
    def is_sale(self) -> bool:
        return self.act in SALES

    def check(self, market: Market, now: datetime) -> None:
        """Raises Invalid for what this market cannot do."""
        texts.check("key", self.key, KEY_MOST)
        self._check_sizes()
        if self.act == Act.MOVE:
            self._check_estimate(market)
        else:
            self._check_outcomes(market)
        if self.act != Act.SELL_ALL:
            positive(self.amount)
        if self.price is not None:
            self._check_price(self.price, market, now)

    def _check_sizes(self) -> None:
        """Every number is kept with the order, also one that it makes no use of."""
        for field in ("amount", "limit", "estimate"):
            if abs(getattr(self, field) or 0) > SHARES_MOST:
                raise Invalid(field, "too_large", f"{SHARES_MOST // MICRO:,}")

    def _check_outcomes(self, market: Market) -> None:
        """Some of the market's outcomes, each named once, and not all of them, which would be no bet."""
        named = set(self.outcomes)
        if not named or len(named) < len(self.outcomes) or not named < set(range(len(market.outcomes))):
            raise Invalid("outcome", "unknown", str(self.outcomes))

    def _check_estimate(self, market: Market) -> None:
        if self.outcomes:
            raise Invalid("outcome", "unknown", str(self.outcomes))
        if self.estimate is None:
            raise Invalid("estimate", "empty")
        within(self.estimate, min(market.centres), max(market.centres), "estimate")

    def _check_price(self, price: int, market: Market, now: datetime) -> None:
        if len(market.outcomes) != 2 or self.act not in (Act.SPEND, Act.SELL):
            raise Invalid("price", "two_outcomes")
        within(price, PRICE_LEAST, PRICE_MOST, "price")
        if self.expires_at is not None and self.expires_at <= now:
            raise Invalid("expires_at", "future")
