"""Portfolios: admins open and fund them, and say who may spend; those who may, pause them, and take back what can go.

Every change is logged with who and why, and told.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.errors import Invalid, KeyReused, NotOpen
from core.exchange import portfolio_log, reserved, reserving
from core.exchange.backed import Backed
from core.exchange.granting import fund
from core.exchange.portfolio_facts import Line, PortfolioFacts, one, overview
from core.exchange.taking_back import TakenBack, most_back, take_back
from core.funding import portfolios
from core.funding.portfolios import MAIN, Portfolio
from core.people import persons
from core.people.persons import Person
from core.units import positive, to_credits

__all__ = [
    "MAIN",
    "Backed",
    "Line",
    "PortfolioFacts",
    "PortfolioPlan",
    "TakenBack",
    "automate",
    "change",
    "fund",
    "most_back",
    "one",
    "open_portfolio",
    "overview",
    "pause",
    "resume",
    "take_back",
]

NAME_MOST, ADDRESS_MOST, KEY_MOST = 75, 200, 200
SPENDERS_MOST, PERIOD_MOST_DAYS = 20, 366


@dataclass(frozen=True)
class PortfolioPlan:
    """How a portfolio is to be. Budgets are micro-credits, None for no limit; spenders are identities.

    ``reserve_budget`` is the most that is reserved for makers at once, ``spend_budget`` what it may be expected to
    lose in a period. Its changes and reports are told at the address, or else to its spenders.
    """

    name: str
    reserve_budget: int | None
    spend_budget: int | None
    period_days: int
    spenders: tuple[str, ...]
    address: str | None = None

    def check(self, portfolio_id: int | None = None) -> None:
        """Raises Invalid, naming the field. Only the first portfolio may name nobody: then every admin spends it."""
        texts.check("name", self.name, NAME_MOST)
        for field in ("reserve_budget", "spend_budget"):
            if (budget := getattr(self, field)) is not None:
                positive(budget, field)
        if not 1 <= self.period_days <= PERIOD_MOST_DAYS:
            raise Invalid("period_days", "period", str(PERIOD_MOST_DAYS))
        if not self.spenders and portfolio_id != MAIN:
            raise Invalid("spenders", "empty")
        if len(self.spenders) > SPENDERS_MOST:
            raise Invalid("spenders", "many_spenders", str(SPENDERS_MOST))
        if self.address is not None:
            texts.check("address", self.address, ADDRESS_MOST)

    @property
    def terms(self) -> dict[str, Any]:
        """What of it is kept as it is."""
        names = ("reserve_budget", "spend_budget", "period_days", "address")
        return {name: getattr(self, name) for name in names}


def open_portfolio(
    connection: Connection, by: str, plan: PortfolioPlan, reason: str, now: datetime, key: str | None = None
) -> int:
    """The id of a new portfolio, with nothing in it yet. A key that was used before gives what it opened.

    Raises NotAllowed, Invalid, KeyReused.
    """
    admin = persons.require_admin(connection, by, "portfolio")
    if key:
        texts.check("key", key, KEY_MOST)
    if key and (before := portfolios.find(connection, key)):
        if before.name != plan.name.strip():
            raise KeyReused(key)
        return before.id
    plan.check()
    people = persons.enrol_all(connection, plan.spenders, now)
    named = [people[each].id for each in plan.spenders]
    made = portfolios.create(connection, plan.name.strip(), named, key, since=now, **plan.terms)
    portfolio_log.write(connection, made, admin, "opened", asdict(plan), reason, now)
    return made.id


def change(
    connection: Connection, by: str, portfolio_id: int, plan: PortfolioPlan, reason: str, now: datetime
) -> None:
    """From now on it is as the plan says; periods of another length begin now. Without a difference nothing happens.

    Raises NotAllowed, Unknown, Invalid.
    """
    admin = persons.require_admin(connection, by, "portfolio")
    before = reserving.lock(connection, portfolio_id)
    plan.check(portfolio_id)
    _require_room(connection, before, plan.reserve_budget)
    people = persons.enrol_all(connection, plan.spenders, now)
    differs = _differences(_plan_of(connection, before), plan)
    if not differs:
        return
    if "name" in differs:
        portfolios.rename(connection, before.id, plan.name.strip())
    anew = {"since": now} if plan.period_days != before.period_days else {}
    portfolios.change(connection, before.id, **plan.terms, **anew)
    portfolios.name_spenders(connection, before.id, [people[each].id for each in plan.spenders])
    after = portfolios.get(connection, before.id)
    facts = {"changed": differs}
    portfolio_log.write(connection, after, admin, "changed", facts, reason, now, before.address)


def automate(
    connection: Connection, by: str, portfolio_id: int, most: int | None, reason: str, now: datetime
) -> None:
    """Lets the policy apply its plans by itself, each adding at most so much reserve; None: no more of that.

    Raises NotAllowed, Unknown, Invalid.
    """
    portfolio, spender = _spend(connection, by, portfolio_id, "automate")
    if most is not None:
        positive(most, "most")
    portfolios.change(connection, portfolio.id, auto_most=most)
    facts = {"most": most}
    portfolio_log.write(
        connection, portfolio, spender, "automated" if most else "by_hand", facts, reason, now
    )


def pause(connection: Connection, by: str, portfolio_id: int, reason: str, now: datetime) -> None:
    """From now on it pays for nothing new, until it is resumed; what is left over still comes back to it.

    Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    portfolio, spender = _spend(connection, by, portfolio_id, "pause")
    reserving.require_running(portfolio)
    portfolio_log.write(connection, portfolio, spender, "paused", {}, reason, now)
    portfolios.change(connection, portfolio.id, paused_reason=reason.strip())


def resume(connection: Connection, by: str, portfolio_id: int, reason: str, now: datetime) -> None:
    """It pays again. Raises NotAllowed, Unknown, NotOpen, Invalid."""
    portfolio, spender = _spend(connection, by, portfolio_id, "resume")
    if not portfolio.is_paused:
        raise NotOpen("portfolio", portfolio.name, "not_paused")
    portfolio_log.write(connection, portfolio, spender, "resumed", {}, reason, now)
    portfolios.change(connection, portfolio.id, paused_reason=None)


def _spend(connection: Connection, by: str, portfolio_id: int, act: str) -> tuple[Portfolio, Person]:
    portfolio = reserving.lock(connection, portfolio_id)
    return portfolio, reserving.require_spender(connection, by, portfolio, act)


def _require_room(connection: Connection, portfolio: Portfolio, budget: int | None) -> None:
    held = reserved.total(reserved.held(connection, [portfolio.id]))
    if budget is not None and budget < held:
        raise Invalid("reserve_budget", "below_reserved", f"{to_credits(held):f}", f"{to_credits(budget):f}")


def _plan_of(connection: Connection, portfolio: Portfolio) -> PortfolioPlan:
    """As it is."""
    spenders = persons.identities(connection, portfolio.spenders)
    terms = {name: getattr(portfolio, name) for name in PortfolioPlan.__dataclass_fields__}
    return PortfolioPlan(**terms | {"spenders": spenders})


def _differences(before: PortfolioPlan, after: PortfolioPlan) -> Mapping[str, list[Any]]:
    """What was and what is, by field."""
    was, is_now = ({**asdict(each), "spenders": sorted(each.spenders)} for each in (before, after))
    is_now["name"] = after.name.strip()
    return {name: [was[name], is_now[name]] for name in was if was[name] != is_now[name]}
