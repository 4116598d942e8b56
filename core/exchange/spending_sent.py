"""Spending, told: a portfolio's report each week and at the end of each period, kept for good, and as a file for who asks."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.errors import Unknown
from core.exchange import portfolio_facts, portfolio_log, reserving, spending
from core.funding import days, portfolios, reports
from core.funding.reports import Kept

__all__ = ["Kept", "ask_file", "keep_day", "send", "sent"]

KEY_MOST = 200


def keep_day(connection: Connection, portfolio_id: int, now: datetime) -> None:
    """What it has today, once a day: the chart of its budget is made of these."""
    reserving.lock(connection, portfolio_id)
    if days.is_kept(connection, portfolio_id, now):
        return
    of = portfolio_facts.of(connection, portfolio_id, now)
    days.keep(connection, portfolio_id, of.free, of.reserved, of.lost, now)


def send(connection: Connection, portfolio_id: int, now: datetime) -> None:
    """The report that is due, once for each date, where the portfolio's changes are told."""
    portfolio = reserving.lock(connection, portfolio_id)
    due_for = reports.due_for(connection, portfolio_id, now)
    if due_for is None:
        return
    facts = asdict(spending.report_of(connection, portfolio_id, now))
    number = reports.keep(connection, portfolio_id, due_for, facts, facts["head"], now)
    said = facts | {"number": number}
    for address in portfolio_log.addresses(connection, portfolio, None):
        key = f"subsidy:{portfolio_id}:{number}:{address}"
        about = portfolios.name_of(portfolio_id)
        lanes.announce(connection, key, "subsidy_report", about, address, said, now)


def sent(connection: Connection, by: str, portfolio_id: int, number: int, now: datetime) -> Kept:
    """A report as it was. Raises Unknown, NotAllowed."""
    portfolio_facts.one(connection, by, portfolio_id, now)
    kept = reports.find(connection, portfolio_id, number) if 0 < number < 2**31 else None
    if kept is None:
        raise Unknown("report", f"{portfolios.name_of(portfolio_id)} no. {number}")
    return kept


def ask_file(connection: Connection, by: str, portfolio_id: int, key: str, now: datetime) -> None:
    """The asker is sent what stands now as a file, once for a key. Raises Unknown, NotAllowed, Invalid."""
    portfolio_facts.one(connection, by, portfolio_id, now)
    texts.check("key", key, KEY_MOST)
    facts = {"portfolio_id": portfolio_id}
    about = portfolios.name_of(portfolio_id)
    lanes.announce(connection, f"subsidy_file:{by}:{key}", "subsidy_file", about, by, facts, now)
