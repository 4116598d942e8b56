"""Adding: an option that nobody had thought of, while an advisory decision is open (DESIGN 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core import texts
from core.decisions import registry as decisions
from core.decisions.decision import Decision, State
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import opening, reserving, telling
from core.exchange.opening import Opened
from core.exchange.plans import OPTIONS_MOST, AddedOption, BaseRate, MetricPlan
from core.funding import backings
from core.ledger import accounts, holders
from core.ledger.book import Book
from core.ledger.entries import Entry, Posting
from core.markets import metrics, registry
from core.markets.market import Market
from core.markets.metrics import Metric
from core.people import persons

__all__ = ["AddedOption", "BaseRate", "MetricPlan", "Widening", "add_option", "widening"]


@dataclass(frozen=True)
class Widening:
    """Whom one more option would touch: so many people put so many micro-credits in, which would back it too."""

    people: int
    put: int


def widening(connection: Connection, by: str, decision_id: int) -> Widening:
    """Raises NotAllowed, Unknown, NotOpen."""
    persons.require_admin(connection, by, "add_option")
    decision = decisions.get(connection, decision_id)
    _require_advisory(decision)
    decision.require(State.OPEN)
    none = decision.none.unit
    found = holders.all_holders(connection, none, but=[decision.escrow])
    wallets = persons.by_wallets(connection, found)
    book = Book.load(connection, wallets, [none], lock=False)
    people = {person.id for person in wallets.values()}
    return Widening(len(people), sum(book.balance(wallet, none) for wallet in wallets))


def add_option(
    connection: Connection, by: str, decision_id: int, added: AddedOption, now: datetime
) -> Opened:
    """Opens one more option beside those that trade, at its own base rates and with the same liquidity.

    Whoever put credit into the decision gets as much of it in the new branch: everybody's view can be had of it too.
    Raises NotAllowed, Unknown, NotOpen, Invalid, OverBudget, OverSpent, InsufficientFunds.
    """
    admin = persons.require_admin(connection, by, "add_option")
    decision = decisions.lock(connection, decision_id)
    reserving.require_spender(connection, by, backings.of_decision(connection, decision.id), "add_option")
    found = registry.in_branches(connection, [branch.id for branch in decision.branches])
    markets = registry.lock_all(connection, found)
    _check(decision, added, now)
    for market in markets.values():
        market.require_open(now)  # Also one that is halted takes no option.
    rivals = {market.measure: market for market in markets.values()}
    plans = _metrics(connection, added, rivals, shared=_shared(markets))
    widened = decisions.add_option(connection, decision, added.name.strip(), now)
    _give_everybody(connection, widened, admin.id, now)
    option = widened.options[-1]
    branch, made = widened.branch_of(option.id), []
    for number, rate in zip(sorted(rivals), added.base_rates, strict=True):
        plan, metric = plans[number]
        slots = plan.slots(rate, f"base_rate_{number}")
        if metric is None:
            owner = persons.enrol(connection, plan.owner, now).id
            seconds = decision.terms.reading_challenge_seconds
            metric = metrics.create(connection, plan.definition, owner, seconds, admin.id, now)
        rival = rivals[number]
        terms = opening.market_terms(widened, slots, rival.liquidity, number, is_long=rival.is_long)
        made.append(registry.create(connection, metric.id, branch.id, branch.unit, terms, now))
    opening.fund(connection, widened, made, f"fund:{decision.name}:{option.number}", admin.id, now)
    facts = {"option": option.name, "by": admin.identity}
    telling.everywhere(connection, widened, "option_added", facts, now, str(option.number))
    return opening.opened_with(widened, made)


def _require_advisory(decision: Decision) -> None:
    """What a lottery may draw was fixed with its chances, before anybody traded. Raises NotAllowed."""
    if decision.lottery:
        raise NotAllowed("add_option", "lottery")


def _check(decision: Decision, added: AddedOption, now: datetime) -> None:
    _require_advisory(decision)
    decision.require(State.OPEN)
    if now >= decision.terms.closes_at:
        raise NotOpen("decision", decision.name, State.CLOSED, decision.terms.closes_at)
    if len(decision.options) >= OPTIONS_MOST:
        raise Invalid("options", "count", str(OPTIONS_MOST))
    texts.check("options", added.name, 75)
    if added.name.strip().casefold() in {option.name.casefold() for option in decision.options}:
        raise Invalid("options", "distinct")


def _shared(markets: Mapping[int, Market]) -> set[int]:
    """Measures in which all options have the same metric."""
    of_measure: dict[int, set[int]] = {}
    for market in markets.values():
        of_measure.setdefault(market.measure, set()).add(market.metric_id)
    return {measure for measure, found in of_measure.items() if len(found) == 1}


def _metrics(
    connection: Connection, added: AddedOption, rivals: Mapping[int, Market], shared: set[int]
) -> dict[int, tuple[MetricPlan, Metric | None]]:
    """The metric of the new option in each measure: the one that all have, or one of its own that is still to be made."""
    if len(added.base_rates) != len(rivals) or len(added.metrics) not in (0, len(rivals)):
        raise Invalid("measures", "per_option", str(len(rivals)))
    known = metrics.get_all(connection, [market.metric_id for market in rivals.values()])
    found: dict[int, tuple[MetricPlan, Metric | None]] = {}
    for index, number in enumerate(sorted(rivals)):
        rival = rivals[number]
        metric, own = known[rival.metric_id], added.metrics[index] if added.metrics else None
        if number in shared:
            centres = tuple(rival.centres) if len(rival.outcomes) > 2 else ()
            found[number] = (MetricPlan(metric.definition, "", centres), metric)
        elif own is None or own.definition.unit != metric.definition.unit:
            raise Invalid("measures", "one_unit" if own else "per_option", str(number))
        else:
            found[number] = (own, None)
    return found


def _give_everybody(connection: Connection, widened: Decision, by: int, now: datetime) -> None:
    """One entry: escrow gives each holder as much of the new branch's credit as they hold of the branch none."""
    none = widened.none.unit
    new = widened.branch_of(widened.options[-1].id).unit
    found = holders.all_holders(connection, none, but=[widened.escrow])
    book = Book.load(connection, [widened.escrow, *found], [accounts.CREDIT, none, new])
    moves: Sequence[Posting] = [
        Posting(widened.escrow, holder, book.balance(holder, none), new) for holder in found
    ]
    if moves:
        book.post(Entry("option", f"option:{widened.name}:{len(widened.options)}", now, tuple(moves), by))
    book.save(connection)
