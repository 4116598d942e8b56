"""Deciding: closing, recording what people chose, and what follows once it is final: branches die, stakes come back."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from core import texts
from core.decisions import branches, schedules
from core.decisions import registry as decisions
from core.decisions.decision import Decision, Record, State
from core.errors import Invalid, NotOpen
from core.exchange import notifying, sending, telling
from core.exchange.sending import Occasion
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry
from core.ledger.holders import SLICE, holders
from core.markets import registry, resting
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.people import persons


def close(connection: Connection, decision_id: int, now: datetime) -> None:
    """Stops trading in all branches once the time has come, and tells the committee what was priced."""
    decision = decisions.lock(connection, decision_id)
    if decision.state != State.OPEN or now < decision.terms.closes_at:
        return
    _stop_trading(connection, decision, now)
    closed = decisions.get(connection, decision_id)
    sending.send(connection, closed, Occasion.CLOSE, "close", now)


def record(
    connection: Connection, by: str, decision_id: int, option_number: int, reason: str, now: datetime
) -> Record:
    """A decider names the option taken; final after the challenge window. Raises NotAllowed, NotOpen, Invalid."""
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    decision.require_decider(person.id, "record")
    chosen = [option.id for option in decision.options if option.number == option_number]
    if not chosen:
        raise Invalid("option", "unknown", str(option_number))
    if decision.state == State.OPEN and now < decision.terms.closes_at:
        raise NotOpen("decision", decision.name, "still_open", decision.terms.closes_at)
    close(connection, decision_id, now)  # Whether or not the scheduler has noticed.
    decision = decisions.get(connection, decision_id)
    decision.require(State.CLOSED)
    if now >= decision.terms.decide_by:
        raise NotOpen("decision", decision.name, "overdue", decision.terms.decide_by)
    return _record(connection, decision, chosen[0], reason, person.id, now)


def withdraw(connection: Connection, by: str, decision_id: int, reason: str, now: datetime) -> Record:
    """A decider takes the question back; trading stops at once. Raises NotAllowed, NotOpen, Invalid."""
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    decision.require_decider(person.id, "withdraw")
    decision.require(State.OPEN, State.CLOSED)
    if decision.state == State.OPEN:
        _stop_trading(connection, decision, now)
    return _record(connection, decision, None, reason, person.id, now)


def lapse(connection: Connection, decision_id: int, now: datetime) -> None:
    """Nobody decided in time: none of the options is taken."""
    decision = decisions.lock(connection, decision_id)
    if decision.state == State.CLOSED and decision.record is None and now >= decision.terms.decide_by:
        _record(connection, decision, None, "Not decided in time.", None, now)


def take_effect(connection: Connection, decision_id: int, now: datetime) -> None:
    """Once the record is final, the other branches die and the live market trades on until its freeze."""
    decision = decisions.lock(connection, decision_id)
    made = decision.record
    if decision.state != State.CLOSED or made is None or now < made.final_at:
        return
    markets = _lock_markets(connection, decision)
    if any(market.resting for market in markets):  # Their limit orders are ended first, a slice at a time.
        return
    branches.keep_only(connection, decision_id, made.option_id)
    decisions.set_state(connection, decision_id, State.WITHDRAWN if made.option_id is None else State.CHOSEN)
    decisions.set_swept(connection, decision_id, 0)
    after = decisions.get(connection, decision_id)
    live = {branch.id for branch in after.live}
    registry.change(connection, [m.id for m in markets if m.branch_id not in live], state=MarketState.DEAD)
    reopened = {"state": MarketState.OPEN, "closes_at": decision.terms.freezes_at}
    registry.change(connection, [m.id for m in markets if m.branch_id in live], **reopened)
    _announce(connection, after, "took_effect", now)


def sweep(connection: Connection, decision_id: int, now: datetime) -> None:
    """Gives the next slice of holders back what dead branches held: one entry a holder, trades in between."""
    decision = decisions.lock(connection, decision_id)
    if decision.swept_to is None:
        return
    markets = _lock_markets(connection, decision)
    dead_markets = [market for market in markets if market.state == MarketState.DEAD]
    units = [b.unit for b in decision.branches] + [unit for market in dead_markets for unit in market.units]
    # What the limit orders of a market that trades on have reserved stays with them.
    reserved = [
        order.account for order in resting.in_markets(connection, [m.id for m in markets if m.resting])
    ]
    found = holders(connection, units, decision.swept_to, but=[decision.escrow, *reserved])
    credit = accounts.CREDIT
    book = Book.load(
        connection, [*found, decision.escrow, *(m.maker for m in dead_markets)], [credit, *units]
    )
    makers = {market.maker for market in markets}
    collateral = decision.collateral(credit)
    dead = [branch.unit for branch in decision.branches if not branch.is_live]
    returned = {}
    for holder in found:
        before = book.balance(holder, credit)
        moves = collateral.return_dead(book, holder, dead)
        if holder not in makers:
            moves += [each for market in dead_markets for each in market.return_shares(book, holder)]
            moves = collateral.normal_form(book, holder, moves)
        if moves:
            book.post(Entry("death", f"death:{decision.name}:{holder}", now, tuple(moves)))
        if holder not in makers:
            collateral.prove(book, holder)
            returned[holder] = book.balance(holder, credit) - before
    book.save(connection)
    decisions.set_swept(connection, decision_id, found[-1] if len(found) == SLICE else None)
    _tell_returned(connection, decision, returned, now)


def _stop_trading(connection: Connection, decision: Decision, now: datetime) -> None:
    markets = _lock_markets(connection, decision)
    decisions.set_state(connection, decision.id, State.CLOSED)
    schedules.end(connection, decision.id)
    # The markets' own closing time moves too, since averages over "the day before close" end there.
    ended = min(now, decision.terms.closes_at)
    registry.change(connection, [m.id for m in markets], state=MarketState.CLOSED, closes_at=ended)
    telling.renew_cards(connection, decision, now)


def _record(
    connection: Connection,
    decision: Decision,
    option_id: int | None,
    reason: str,
    by: int | None,
    now: datetime,
) -> Record:
    texts.check("reason", reason, 3000)
    final_at = now + timedelta(seconds=decision.terms.record_challenge_seconds)
    made = Record(option_id, reason.strip(), by, now, final_at)
    decisions.write_record(connection, decision.id, made)
    _announce(connection, decisions.get(connection, decision.id), "recorded", now)
    return made


def _announce(connection: Connection, decision: Decision, kind: str, now: datetime) -> None:
    made = decision.record
    if made is None:
        raise AssertionError("nothing was recorded")
    person = persons.by_ids(connection, [made.recorded_by]) if made.recorded_by else {}
    facts = {
        "option": decision.option(made.option_id).name if made.option_id else None,
        "reason": made.reason,
        "recorded_by": person[made.recorded_by].identity if made.recorded_by else None,
        "final_at": int(made.final_at.timestamp()),
        "freezes_at": int(decision.terms.freezes_at.timestamp()),
    }
    telling.everywhere(connection, decision, kind, facts, now)


def _tell_returned(
    connection: Connection, decision: Decision, returned: dict[int, int], now: datetime
) -> None:
    made = decision.record
    option = decision.option(made.option_id).name if made and made.option_id else None
    for wallet, person in persons.by_wallets(connection, returned).items():
        facts = {
            "decision_id": decision.id,
            "question": decision.terms.question,
            "option": option,
            "credits": returned[wallet],
        }
        key = f"returned:{decision.name}:{person.id}"
        notifying.tell(connection, key, "returned", decision.name, person.identity, facts, now)


def _lock_markets(connection: Connection, decision: Decision) -> list[Market]:
    found = registry.in_branches(connection, [branch.id for branch in decision.branches])
    return list(registry.lock_all(connection, found).values())
