"""Deciding: closing, recording what people chose, and what follows once it is final: branches die, stakes come back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core import texts
from core.decisions import branches, lotteries, schedules
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

TEXT_MOST = 3000
NOTHING = "Nothing."  # What the committee knew that the market did not, where nobody says otherwise.


def close(connection: Connection, decision_id: int, now: datetime) -> None:
    """Stops trading in all branches once the time has come, and tells the committee what was priced."""
    decision = decisions.lock(connection, decision_id)
    if decision.state != State.OPEN or now < decision.terms.closes_at:
        return
    _stop_trading(connection, decision, now)
    closed = decisions.get(connection, decision_id)
    sending.send(connection, closed, Occasion.CLOSE, sending.CLOSE, now)


def record(
    connection: Connection,
    by: str,
    decision_id: int,
    option_number: int,
    reason: str,
    now: datetime,
    unpriced: str = NOTHING,
    links: Sequence[str] = (),
) -> Record:
    """A decider names the option taken, and what the market did not know; final after the challenge window.

    Raises NotAllowed, NotOpen, Invalid.
    """
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
    if decision.awaits_draw and decision.record is None:  # Whoever knew the draw could forestall it.
        raise NotOpen("decision", decision.name, "undrawn")
    if now >= decision.terms.decide_by:
        raise NotOpen("decision", decision.name, "overdue", decision.terms.decide_by)
    check_grounds(reason, unpriced, links)
    return _record(connection, decision, chosen[0], reason, person.id, now, unpriced.strip(), links)


def check_grounds(reason: str, unpriced: str, links: Sequence[str]) -> None:
    """Raises Invalid for what a record cannot say."""
    texts.check("reason", reason, TEXT_MOST)
    texts.check("unpriced", unpriced, TEXT_MOST)
    texts.check_links("links", links)


def withdraw(connection: Connection, by: str, decision_id: int, reason: str, now: datetime) -> Record:
    """A decider takes the question back; trading stops at once. Where a lottery may decide, only before the close.

    Raises NotAllowed, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    decision.require_decider(person.id, "withdraw")
    decision.require(State.OPEN, State.CLOSED)
    if decision.lottery and (decision.state == State.CLOSED or now >= decision.terms.closes_at):
        raise NotOpen("decision", decision.name, "lottery_closed", decision.terms.closes_at)
    if decision.state == State.OPEN:
        _stop_trading(connection, decision, now)
    return _record(connection, decision, None, reason, person.id, now)


def lapse(connection: Connection, decision_id: int, now: datetime) -> None:
    """Nobody decided in time, or no draw could be made: none of the options is taken."""
    decision = decisions.lock(connection, decision_id)
    if decision.state != State.CLOSED or decision.record is not None or now < decision.terms.decide_by:
        return
    if decision.awaits_draw:
        if lotteries.draws(connection, decision_id):  # It has its effect first.
            return
        lotteries.keep_breach(connection, decision_id, "no_beacon", {}, None, now)
    _record(connection, decision, None, "Not decided in time.", None, now)


def take_effect(connection: Connection, decision_id: int, now: datetime) -> None:
    """Once the record is final, the other branches die and the live market trades on until its freeze."""
    decision = decisions.lock(connection, decision_id)
    made = decision.record
    if decision.state != State.CLOSED or made is None or now < made.final_at:
        return
    alive = decision.none if made.option_id is None else decision.branch_of(made.option_id)
    state = State.WITHDRAWN if made.option_id is None else State.CHOSEN
    after = let_live(connection, decision, [alive.id], state)
    if after:
        _announce(connection, after, "took_effect", now)


def let_live(
    connection: Connection, decision: Decision, branch_ids: Collection[int], state: State
) -> Decision | None:
    """Every branch dies but these; where one is left, its market trades on until its freeze. The decision after it.

    None while limit orders wait: they are ended first, a slice at a time.
    """
    markets = _lock_markets(connection, decision)
    if any(market.resting for market in markets):
        return None
    branches.keep_only(connection, decision.id, branch_ids)
    decisions.set_state(connection, decision.id, state)
    decisions.set_swept(connection, decision.id, 0)
    after = decisions.get(connection, decision.id)
    live = {branch.id for branch in after.live}
    registry.change(connection, [m.id for m in markets if m.branch_id not in live], state=MarketState.DEAD)
    if len(live) == 1:
        reopened = {"state": MarketState.OPEN, "closes_at": decision.terms.freezes_at}
        registry.change(connection, [m.id for m in markets if m.branch_id in live], **reopened)
    return after


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
            book.post(Entry("death", f"death:{_death(decision)}:{holder}", now, tuple(moves)))
        if holder not in makers:
            collateral.prove(book, holder)
            returned[holder] = book.balance(holder, credit) - before
    book.save(connection)
    decisions.set_swept(connection, decision_id, found[-1] if len(found) == SLICE else None)
    _tell_returned(connection, decision, returned, now)


def _death(decision: Decision) -> str:
    """Names what the holders are given back for: a lottery that did not draw is a death of its own."""
    return decision.name if len(decision.live) == 1 else f"{decision.name}:not_drawn"


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
    unpriced: str | None = None,
    links: Sequence[str] = (),
) -> Record:
    texts.check("reason", reason, TEXT_MOST)
    final_at = now + timedelta(seconds=decision.terms.record_challenge_seconds)
    made = Record(option_id, reason.strip(), by, now, final_at, unpriced, links)
    decisions.write_record(connection, decision.id, made)
    sending.answer(connection, decision, now)
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
        "unpriced": made.unpriced,
        "links": list(made.links),
        "recorded_by": person[made.recorded_by].identity if made.recorded_by else None,
        "final_at": int(made.final_at.timestamp()),
        "freezes_at": int(decision.terms.freezes_at.timestamp()),
    }
    telling.everywhere(connection, decision, kind, facts, now)


def _tell_returned(
    connection: Connection, decision: Decision, returned: dict[int, int], now: datetime
) -> None:
    is_undrawn = len(decision.live) > 1
    for account, person in persons.by_wallets(connection, returned).items():
        wallet = person.wallet_of(account)
        if is_undrawn and not returned[account]:  # All of it stands behind what people can still choose.
            continue
        facts = {
            "decision_id": decision.id,
            "question": decision.terms.question,
            "option": decision.taken.name if decision.taken else None,
            "is_drawn": decision.is_drawn,
            "is_undrawn": is_undrawn,
            "credits": returned[account],
            **wallet.facts,
        }
        key = f"returned:{_death(decision)}:{person.id}{wallet.suffix}"
        notifying.tell(connection, key, "returned", decision.name, person.identity, facts, now)


def _lock_markets(connection: Connection, decision: Decision) -> list[Market]:
    found = registry.in_branches(connection, [branch.id for branch in decision.branches])
    return list(registry.lock_all(connection, found).values())
