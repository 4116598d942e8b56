"""Markets in the database: opened by their terms, found, locked and changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from core.database import moment, row_ids
from core.errors import Invalid, Unknown
from core.ledger import accounts
from core.markets import outcomes, watches
from core.markets.market import Market, Newest, Outcome, State, level_of, name_of
from core.markets.outcomes import Slot
from core.markets.tables import market, outcome, tranche
from core.pricing import lmsr
from core.pricing.lag import Observation
from core.pricing.median import Dwell
from core.pricing.twap import Tick, millionths
from core.rows import Among, Later, Prepared, Row, ask, parsed, together


@dataclass(frozen=True)
class Terms:
    """What is fixed when a market opens.

    ``measure`` numbers what is compared within one decision. ``width_cap`` is the most by which a trader's shares of
    one outcome may exceed those of another; none means no cap. Prices averaged over the void window settle the market
    if its metric is never measured. In one that ``is_long`` earmarked credit pays.
    """

    outcomes: tuple[Slot, ...]
    liquidity: int
    closes_at: datetime
    void_from: datetime
    void_until: datetime
    least_order: int
    width_cap: int | None
    measure: int = 1
    is_long: bool = False

    @property
    def weights(self) -> tuple[int, ...]:
        return lmsr.weights(self.liquidity, [slot.price for slot in self.outcomes])


def create(
    connection: Connection, metric_id: int, branch_id: int | None, unit: int, terms: Terms, now: datetime
) -> Market:
    """A new open market with its maker and a unit per outcome; who funds it is not decided here."""
    _check(terms)
    weights = terms.weights
    # From the integers that are kept, so that the books alone give every price there ever was.
    opening = millionths(lmsr.State(terms.liquidity, (0,) * len(weights), weights).prices)
    values = {
        "metric_id": metric_id,
        "branch_id": branch_id,
        "unit_id": unit,
        "state": State.OPEN,
        "opened_at": now,
        "trades": 0,
        "resting": 0,
        "tick_at": now,
        "prices": opening,
        "integrals": [0] * len(weights),
        "observation": level_of(opening, [slot.centre for slot in terms.outcomes]),
        "observation_integral": 0,
        "dwell": [],
    } | {name: getattr(terms, name) for name in _KEPT_TERMS}
    made = connection.execute(insert(market).values(values).returning(market.c.id)).scalar_one()
    maker = accounts.open_account(connection, f"maker:{name_of(made)}")
    change(connection, [made], maker_id=maker)
    for number, (slot, weight) in enumerate(zip(terms.outcomes, weights, strict=True)):
        share = accounts.open_unit(connection, f"share:{name_of(made)}:{slot.name}", maker)
        row = {"number": number, "name": slot.name, "centre": slot.centre, "weight": weight}
        connection.execute(insert(outcome).values(row | {"market_id": made, "unit_id": share}))
    first = {"number": 0, "at": now, "after_trade": 0, "liquidity": terms.liquidity, "weights": weights}
    connection.execute(insert(tranche).values(first | {"market_id": made}))
    watches.begin(connection, made, opening)
    return get(connection, made)


def get(connection: Connection, market_id: int) -> Market:
    """Raises Unknown if there is no such market."""
    found = get_all(connection, [market_id])
    if not found:
        raise Unknown("market", name_of(market_id))
    return found[market_id]


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Market]:
    return _read(connection, _BY_ID, _SLOTS_BY_ID, ids)


def lock_all(connection: Connection, ids: Iterable[int]) -> dict[int, Market]:
    """The markets, changed by nobody else until the transaction ends; always locked in the order of their ids."""
    with together(connection):
        found = ask_locked(connection, ids)
    return found()


def ask_locked(connection: Connection, ids: Iterable[int]) -> Later[dict[int, Market]]:
    """The same, by a round trip that is shared with others."""
    return _ask(connection, _LOCKED, _SLOTS_BY_ID, ids)


def in_branches(connection: Connection, branch_ids: Iterable[int]) -> dict[int, Market]:
    return _read(connection, _BY_BRANCH, _SLOTS_BY_BRANCH, branch_ids)


def on_metric(connection: Connection, metric_id: int) -> dict[int, Market]:
    return _read(connection, _BY_METRIC, _SLOTS_BY_METRIC, [metric_id])


def change(connection: Connection, ids: Iterable[int], **values: object) -> None:
    connection.execute(update(market).where(market.c.id.in_(sorted(set(ids)))).values(**values))


def _read(
    connection: Connection, of_markets: Prepared, of_slots: Prepared, ids: Iterable[int]
) -> dict[int, Market]:
    with together(connection):
        found = _ask(connection, of_markets, of_slots, ids)
    return found()


def _ask(
    connection: Connection, of_markets: Prepared, of_slots: Prepared, ids: Iterable[int]
) -> Later[dict[int, Market]]:
    wanted = {"ids": row_ids(ids)}
    found = ask(connection, (of_markets, wanted), (of_slots, wanted))
    return lambda: _markets_of(*found())


def _markets_of(rows: Iterable[Row], slots: Iterable[Row]) -> dict[int, Market]:
    held: dict[int, list[Outcome]] = {}
    for market_id, *slot in slots:
        held.setdefault(market_id, []).append(Outcome(*slot))
    return {row[0]: _market_of(dict(zip(_COLUMNS, row, strict=True)), tuple(held[row[0]])) for row in rows}


_KEPT_TERMS = (
    "liquidity",
    "closes_at",
    "void_from",
    "void_until",
    "least_order",
    "width_cap",
    "measure",
    "is_long",
)
_AS_KEPT = ("id", "metric_id", "branch_id", "settled_to", "trades", "resting", "measure", "liquidity")
_COLUMNS = tuple(column.name for column in market.c)
_slot = outcome.c
_SLOTS = select(_slot.market_id, _slot.number, _slot.name, _slot.centre, _slot.unit_id, _slot.weight)
_SLOTS = _SLOTS.join(market, market.c.id == _slot.market_id).order_by(_slot.market_id, _slot.number)


def _queries(column: ColumnElement[Any]) -> tuple[Prepared, Prepared]:
    """Of markets by a column, and of their outcomes by the same one."""
    among = Among(column, "ids")
    return Prepared(select(market).where(among).order_by(market.c.id)), Prepared(_SLOTS.where(among))


_BY_ID, _SLOTS_BY_ID = _queries(market.c.id)
_BY_BRANCH, _SLOTS_BY_BRANCH = _queries(market.c.branch_id)
_BY_METRIC, _SLOTS_BY_METRIC = _queries(market.c.metric_id)
_LOCKED = Prepared(
    select(market).where(Among(market.c.id, "ids")).order_by(market.c.id).with_for_update(of=market)
)


def _market_of(row: dict[str, Any], of: tuple[Outcome, ...]) -> Market:
    tick = Tick(row["tick_at"], tuple(parsed(row["prices"])), tuple(parsed(row["integrals"])))
    level = level_of(tick.prices, [each.centre for each in of])
    seen = Observation(row["opened_at"], tick.at, level, row["observation"], row["observation_integral"])
    return Market(
        unit=row["unit_id"],
        maker=row["maker_id"],
        state=State(row["state"]),
        least_order=row["least_order"],
        width_cap=row["width_cap"],
        newest=Newest(tick, seen, Dwell.from_list(parsed(row["dwell"]))),
        outcomes=of,
        opened_at=moment(row["opened_at"]),
        closes_at=moment(row["closes_at"]),
        halted_at=moment(row["halted_at"]) if row["halted_at"] is not None else None,
        void_from=moment(row["void_from"]),
        void_until=moment(row["void_until"]),
        is_long=bool(row["is_long"]),
        **{name: row[name] for name in _AS_KEPT},
    )


def _check(terms: Terms) -> None:
    outcomes.check(terms.outcomes)
    if terms.liquidity <= 0:
        raise Invalid("subsidy", "positive")
