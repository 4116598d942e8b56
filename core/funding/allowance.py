"""The allowance: what newcomers get, what everybody gets each period, and up to where nobody is let down."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from core.errors import Invalid
from core.funding.tables import allowance
from core.units import MOST, within

PERIOD_MOST_DAYS = 366
THE_RULE = 1


@dataclass(frozen=True)
class Allowance:
    """Micro-credits: ``opening`` for newcomers; ``amount`` each period, never lifting anybody above ``cap``;
    and whoever is worth less than ``floor`` when a period begins is lifted to it.
    """

    opening: int
    amount: int
    cap: int | None
    floor: int
    period_days: int

    def check(self) -> None:
        """Raises Invalid, naming the field."""
        for field in ("opening", "amount", "floor"):
            within(getattr(self, field), 0, MOST, field)
        if self.cap is not None:
            within(self.cap, 0, MOST, "cap")
            if self.floor > self.cap:
                raise Invalid("floor", "above_cap")
        if not 1 <= self.period_days <= PERIOD_MOST_DAYS:
            raise Invalid("period_days", "period", str(PERIOD_MOST_DAYS))

    def due(self, worth: int) -> int:
        """What somebody who is worth so much gets when a period begins."""
        usual = self.amount if self.cap is None else min(self.amount, self.cap - worth)
        return max(0, usual, self.floor - worth)


class Standing(NamedTuple):
    """The rule in force, since when its periods are counted, and how far they are paid."""

    rule: Allowance
    since: datetime
    paid_period: int
    paid_to: int | None

    def period(self, now: datetime) -> int:
        """The number of the period that a moment lies in; the first one is 0, and is not paid."""
        return (now - self.since) // timedelta(days=self.rule.period_days)


def find(connection: Connection) -> Standing | None:
    return _find(connection, is_locked=False)


def lock(connection: Connection) -> Standing | None:
    """The same, changed by nobody else until the transaction ends."""
    return _find(connection, is_locked=True)


def keep(connection: Connection, rule: Allowance, now: datetime) -> None:
    """Puts the rule in force. Periods go on as they were, unless their length is another one."""
    before, values = lock(connection), asdict(rule)
    if before is None:
        fixed = {"id": THE_RULE, "since": now, "paid_period": 0}
        connection.execute(insert(allowance).values(values | fixed))
        return
    if before.rule.period_days != rule.period_days:
        values |= {"since": now, "paid_period": 0, "paid_to": None}
    connection.execute(update(allowance).values(values))


def paid(connection: Connection, period: int, to: int | None) -> None:
    """A period is paid up to a person; whole, if none is named."""
    values = {"paid_to": to} if to is not None else {"paid_to": None, "paid_period": period}
    connection.execute(update(allowance).values(values))


def _find(connection: Connection, *, is_locked: bool) -> Standing | None:
    wanted = select(allowance).where(allowance.c.id == THE_RULE)
    row = connection.execute(wanted.with_for_update() if is_locked else wanted).one_or_none()
    if row is None:
        return None
    rule = Allowance(**{name: getattr(row, name) for name in Allowance.__dataclass_fields__})
    return Standing(rule, row.since, row.paid_period, row.paid_to)
