"""The end of a random life: everything is decided, read and settled, and everybody has what is theirs.

What that is follows from the trades, the limit orders and the readings, in fractions and without the ledger.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import history
from campaigns.campaign import insist
from campaigns.life import ADMINS, Life
from campaigns.second_books import CREDIT, WALLETS
from exchange_driver import ADMIN, DAY, DECIDER, OWNER
from sqlalchemy import select

from core.database import milliseconds
from core.exchange import deciding, drawing, pasting, resolving
from core.funding.portfolios import MAIN
from core.funding.tables import spent
from core.ledger.tables import account, entry, posting
from core.markets import readings, registry, resting, ticks
from core.markets.market import Market
from core.markets.resting import Resting
from core.markets.tables import objection, trade
from core.people.tables import person
from core.units import MICRO

ROUNDS = 40
MILLIONTHS = 1_000_000
OVER = {"dead", "settled"}


def end(life: Life) -> None:
    """Goes on a day at a time until everything is over, and insists on where all credit has gone."""
    for _ in range(ROUNDS):
        life.run_due()
        if life.is_over():
            break
        _decide(life)
        _break(life)
        _read(life)
        life.advance(DAY)
    insist(life.is_over(), f"not everything comes to its end: {life.books.markets}")
    life.prove()
    _insist_on_credit(life)
    _insist_on_fortunes(life)
    _insist_on_portfolios(life)


def _decide(life: Life) -> None:
    """About every second decision, and what a lottery leaves to people; the others lapse. Some draws are doubted."""
    for each in life.books.decisions.values():
        if each.state == "closed" and life.chance.random() < 0.5:
            _draw(life, each.id, f"{life.chance.random()}")
            if life.chance.random() < 0.5:
                life.ask(drawing.misread, ADMIN, each.id, f"{life.chance.random()}", "A typo.")
            life.ask(deciding.record, DECIDER, each.id, life.chance.randint(1, 2), "So it is.")


def _draw(life: Life, decision: int, value: str) -> None:
    """By the beacon, or by two people who have read it; one who has traded there cannot, and it is fetched after all."""
    if life.chance.random() < 0.5:
        for reader in (DECIDER, ADMIN):
            life.ask(pasting.paste, reader, decision, value)
    life.ask(drawing.draw, decision, value)


def _break(life: Life) -> None:
    for each in life.books.decisions.values():
        if each.state == "drawn" and life.chance.random() < 0.3:
            life.ask(drawing.breach, DECIDER, each.id, "It was not carried out.")


def _read(life: Life) -> None:
    """Rules on what was objected to, and reads what can be read."""
    disputed = {
        row.metric_id for row in life.exchange.fetch(select(objection).where(objection.c.is_upheld.is_(None)))
    }
    for metric in life.readable():
        for admin in ADMINS if metric in disputed else ():
            life.ask(resolving.rule, admin, metric, is_upheld=life.chance.random() < 0.3, ruling="So be it.")
        if life.chance.random() < 0.6:
            life.ask(resolving.file, OWNER, metric, life.chance.randint(-20, 120) * MICRO, "the dashboard")
        else:
            life.ask(resolving.void, OWNER, metric, "It cannot be known.")


def _insist_on_credit(life: Life) -> None:
    """All that was granted is in wallets and pools, and no unit but credit is held by anybody."""
    books, granted = life.books, sum(_granted(life).values()) + sum(_funded(life).values())
    kept = {name: books.held(name) for name in books.accounts if name.startswith((*WALLETS, "pool:"))}
    insist(sum(kept.values()) == granted, f"{granted} was granted, {kept} is kept")
    insist(books.held("treasury") == -granted, "the treasury issued something else")
    left = {
        name: held for name, unit in books.units.items() if unit != CREDIT and (held := books.holders(unit))
    }
    insist(not left, f"not every unit is gone: {left}")
    owners = {name for name in books.accounts if books.held(name)}
    strangers = {name for name in owners if not name.startswith((*WALLETS, "pool:"))} - {"treasury"}
    insist(not strangers, f"credit was left with {strangers}")


def _funded(life: Life) -> Counter[int]:
    """What portfolios got beside what was granted to the pool, and could keep."""
    funded = Counter[int]()
    for key, (to, amount) in life.funds.items():
        funded[to] += 0 if key in life.reversed else amount
    return funded


def _insist_on_portfolios(life: Life) -> None:
    """Each has what it got, less what its markets cost it, which is what is kept of them."""
    got = _funded(life)
    got[MAIN] += _granted(life)["pool"]
    for each in life.books.portfolios.values():
        lost = sum(
            row.amount for row in life.exchange.fetch(select(spent).where(spent.c.portfolio_id == each.id))
        )
        has = life.books.pool(each.id)
        insist(
            has == got[each.id] - lost, f"portfolio {each.id} got {got[each.id]}, lost {lost} and has {has}"
        )


def _granted(life: Life) -> Mapping[str, int]:
    """What everybody and the pool were granted and could keep, and what the allowance brought them."""
    granted = Counter[str]()
    for key, (to, amount, _) in life.grants.items():
        granted[to] += 0 if key in life.reversed else amount
    allowed = (
        select(account.c.name, posting.c.amount)
        .join(posting, posting.c.destination_id == account.c.id)
        .join(entry, entry.c.id == posting.c.entry_id)
        .where(entry.c.kind == "allowance")
    )
    for name, amount in life.exchange.fetch(allowed):
        granted[name.removeprefix("person:")] += amount
    return granted


def _insist_on_fortunes(life: Life) -> None:
    """Nobody has less than their trades make but for what is rounded down, and no maker lost more than its reserve.

    What the exchange says that settled markets brought somebody is all that they have beyond what was granted.
    """
    fortunes: dict[int, Fraction] = defaultdict(Fraction)
    rounded = 0
    for market in _that_count(life):
        gains = _gains(life, market)
        lost = sum(gains.values())
        insist(lost <= market.reserve, f"the maker of {market.name} lost {float(lost)} of {market.reserve}")
        rounded += len(market.outcomes)
        for each, gain in gains.items():
            fortunes[each] += gain
    granted = _granted(life)
    for row in life.exchange.fetch(select(person.c.id, person.c.identity, person.c.realised)):
        due = fortunes[row.id] + granted[row.identity]
        has = sum(life.books.held(f"{wallet}{row.identity}") for wallet in WALLETS)
        insist(
            has == granted[row.identity] + row.realised, f"{row.identity} has {has}, {row.realised} realised"
        )
        insist(
            due - rounded < has <= due or has == due,
            f"{row.identity} has {has}, the trades make {float(due)}",
        )


def _that_count(life: Life) -> list[Market]:
    """Markets of questions, and of the branches that came true."""
    live = {branch.id for held in life.books.branches.values() for branch in held if branch.is_live}
    wanted = [each.id for each in life.books.markets.values() if each.branch is None or each.branch in live]
    return list(life.exchange.read(registry.get_all, wanted).values())


def _gains(life: Life, market: Market) -> Mapping[int, Fraction]:
    """What each person's trades in a market, and those of their limit orders, came to."""
    rows = life.exchange.fetch(select(trade).where(trade.c.market_id == market.id).order_by(trade.c.number))
    orders = {order.id: order for order in life.exchange.read(resting.all_orders, market.id)}
    pays = _payouts(life, market, rows)
    gains: dict[int, Fraction] = defaultdict(Fraction)
    for row in rows:
        life.counted["limit orders met"] += len(row.matched)
        gains[row.person_id] += sum(map(Fraction.__mul__, pays, map(Fraction, row.bought))) - row.cost
        for number, shares in row.matched:
            gains[orders[number].person] += _filled(orders[number], shares, pays)
    return gains


def _filled(order: Resting, shares: int, pays: Sequence[Fraction]) -> Fraction:
    """What a limit order gained by a fill at its price, which is rounded against it."""
    price = Fraction(order.price if order.outcome == 0 else MILLIONTHS - order.price, MILLIONTHS)
    worth = pays[order.outcome] * shares
    return math.floor(price * shares) - worth if order.is_sale else worth - math.ceil(price * shares)


def _payouts(life: Life, market: Market, rows: Sequence[Any]) -> list[Fraction]:
    """What a share of each outcome pays by the market's reading."""
    filed = life.exchange.read(readings.find, market.metric_id)
    if filed is None:
        raise AssertionError(f"{market.name} is settled without a reading")
    if filed.value is not None:
        return _hats(filed.value, market.centres)
    opening = life.exchange.read(ticks.opening, market).tick
    path = [(opening.at, opening.prices), *((milliseconds(row.at), row.prices) for row in rows)]
    return history.average(path, milliseconds(market.void_from), milliseconds(market.void_until))


def _hats(value: int, centres: Sequence[int]) -> list[Fraction]:
    """Split between the centres around the value, in proportion to how near it is to them."""
    clipped = min(max(value, min(centres)), max(centres))
    parts = dict.fromkeys(centres, Fraction(0))
    low, high = next((a, b) for a, b in pairwise(sorted(centres)) if a <= clipped <= b)
    parts |= {low: Fraction(high - clipped, high - low), high: Fraction(clipped - low, high - low)}
    return [parts[centre] for centre in centres]
