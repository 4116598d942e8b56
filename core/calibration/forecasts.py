"""A forecast is a person's own number, said before it is known and never changed."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from core.calibration.tables import forecast
from core.database import row_ids
from core.errors import Invalid
from core.pricing.twap import MILLIONTHS


def keep(connection: Connection, market_id: int, person_id: int, price: float, now: datetime) -> None:
    """Raises Invalid for a price outside [0, 1]."""
    if not 0 <= price <= 1:
        raise Invalid("probability", "range", str(price))
    values = {"market_id": market_id, "person_id": person_id, "price": round(price * MILLIONTHS), "at": now}
    connection.execute(insert(forecast).values(values))


def mean(connection: Connection, market_id: int) -> float | None:
    """The mean forecast of a market, or None if nobody made one."""
    wanted = select(func.avg(forecast.c.price)).where(forecast.c.market_id.in_(row_ids([market_id])))
    found = connection.execute(wanted).scalar_one()
    return None if found is None else float(found) / MILLIONTHS
