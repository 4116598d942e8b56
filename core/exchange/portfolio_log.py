"""The log of portfolios, and telling people what was written into it: where the portfolio's changes are told, or its spenders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.funding import changes, portfolios
from core.funding.portfolios import Portfolio
from core.people import persons
from core.people.persons import Person


def write(
    connection: Connection,
    portfolio: Portfolio,
    by: Person | None,
    what: str,
    facts: Mapping[str, Any],
    reason: str,
    now: datetime,
    was_told_at: str | None = None,
    key: str | None = None,
) -> None:
    """One line, and one announcement of it at the portfolio's address, and at the one that it had before.

    Where it has none, its spenders are told, all but the one who did it; without a person the policy did it. Raises
    Invalid for a reason that says nothing.
    """
    number = changes.write(connection, portfolio.id, by.id if by else None, what, facts, reason, now, key)
    said = {
        "portfolio_id": portfolio.id,
        "portfolio": portfolio.name,
        "what": what,
        "by": by.identity if by else None,
        "reason": reason.strip(),
        **facts,
    }
    name = portfolios.name_of(portfolio.id)
    for address in sorted({*addresses(connection, portfolio, by), *filter(None, [was_told_at])}):
        key = f"portfolio:{number}:{address}"
        lanes.announce(connection, key, "portfolio_changed", name, address, said, now)


def addresses(connection: Connection, portfolio: Portfolio, by: Person | None) -> set[str]:
    """Where what is done to it is told, and its reports: its address, else all who may spend it, but for the one who did it."""
    if portfolio.address is not None:
        return {portfolio.address}
    named = persons.identities(connection, portfolio.spenders) or persons.admins(connection)
    return set(named) - ({by.identity} if by else set())
