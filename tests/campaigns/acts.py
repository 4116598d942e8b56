"""All that people do in a random life: one function an act, named at the end of the file with how often it comes.

An act draws what it needs from the life, and asks the exchange. Some of what it asks makes no sense, and is refused.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaigns import funders
from campaigns.campaign import insist
from campaigns.life import TRADERS, Life
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, plan, question

from core.errors import InsufficientFunds, KeyReused, Refusal
from core.exchange import (
    adding,
    agenda,
    allowing,
    board,
    cancelling,
    deciding,
    drawing,
    earmarking,
    forecasting,
    granting,
    halting,
    opening,
    pasting,
    portfolio,
    postponing,
    reporting,
    resolving,
    staffing,
    subsidising,
    trading,
)
from core.exchange.adding import AddedOption
from core.exchange.allowing import Allowance
from core.exchange.lottery_plan import Beacon
from core.exchange.opening import BaseRate, Definition, LotteryPlan, MeasurePlan, MetricPlan, Slot
from core.exchange.postponing import Dates
from core.exchange.trading import Act, Fill, Mirror, Order, Wallet
from core.markets import resting
from core.people import persons
from core.units import MICRO

CHALLENGES = (0, 1, 3600, 86_400)  # Seconds.
RANGES = ((0, 100 * MICRO), (0, MICRO), (-50 * MICRO, 50 * MICRO), (7, 1007))


def grant(life: Life) -> None:
    """Sometimes under a key that was used before, for the same or for something else."""
    given = (
        life.chance.choice((*TRADERS, "pool", "newcomer")),
        life.amount(),
        life.chance.choice((Wallet.PLAIN, Wallet.EARMARKED)),
    )
    key = life.exchange.new_key()
    if life.grants and life.chance.random() < 0.2:
        key = life.chance.choice([*life.grants])
        given = life.chance.choice([life.grants[key], given])
    to, amount, wallet = given
    if life.ask(granting.grant, life.admin(), to, amount, key, "to trade with", wallet=wallet) is not None:
        life.grants.setdefault(key, given)


def reverse(life: Life) -> None:
    key = life.chance.choice([*life.grants, *life.funds, "no such key"])
    life.ask(granting.ask_reversal, life.admin(), key, "a mistake")
    if life.ask(granting.reverse, life.admin(), key) is not None:
        life.reversed.add(key)


def open_decision(life: Life) -> None:
    options, challenge = life.chance.choice([2, 2, 2, 2, 3, 3, 8]), life.chance.choice(CHALLENGES)
    closes_at = life.exchange.now + life.chance.uniform(0.1, 2) * DAY
    decide_by = closes_at + life.chance.uniform(0.5, 4) * DAY
    wanted = plan(
        options=tuple(f"Option {number}" for number in range(options)),
        measures=tuple(_measure(life, options) for _ in range(life.chance.choice([1, 1, 1, 1, 2, 3]))),
        closes_at=closes_at,
        decide_by=decide_by,
        freezes_at=decide_by + timedelta(seconds=challenge) + life.chance.uniform(0.2, 3) * DAY,
        record_challenge_seconds=challenge,
        reading_challenge_seconds=life.chance.choice(CHALLENGES),
        subsidy=life.amount(),
        lottery=_lottery(life, options) if life.chance.random() < 0.4 else None,
        portfolio=funders.portfolio(life),
    )
    key = life.exchange.new_key()
    if opened := life.ask(opening.open_decision, life.admin(), wanted, key=key):
        life.plans[opened.decision_id] = wanted
        life.note(opened)
        insist(life.ask(opening.open_decision, ADMIN, wanted, key=key) == opened, "it was opened once more")


def _lottery(life: Life, options: int) -> LotteryPlan:
    """For most numbers of options one that can be: each is drawn by a quarter at least."""
    weights = [life.chance.choice([1, 1, 2]) for _ in range(options)]
    probability = life.chance.choice([MICRO, MICRO, 750_000, 500_000])
    beacon = Beacon("The city's lottery", "the next draw")
    return LotteryPlan(probability, tuple(weights), beacon, life.chance.randbytes(32))


def _measure(life: Life, options: int) -> MeasurePlan:
    """One metric for all options, or one for each."""
    metrics = tuple(_metric(life) for _ in range(life.chance.choice([1, 1, options])))
    return MeasurePlan(metrics, tuple(_rate(life, metrics[n % len(metrics)]) for n in range(options)))


def _metric(life: Life) -> MetricPlan:
    """Traded in two outcomes, or in bins."""
    low, high = life.chance.choice(RANGES)
    cells = life.chance.choice([0, 0, 1, 2, 4, 10])
    centres = tuple(low + (high - low) * n // cells for n in range(cells + 1)) if cells else ()
    return MetricPlan(Definition("Score", "points", low, high, "The score a month later."), OWNER, centres)


def _rate(life: Life, of: MetricPlan) -> BaseRate:
    low, width = of.definition.low, of.definition.high - of.definition.low
    return BaseRate(
        low + round(width * life.chance.uniform(0.2, 0.8)), round(width * life.chance.uniform(0.15, 0.4))
    )


def open_question(life: Life) -> None:
    low, high = life.chance.choice(RANGES)
    count = life.chance.choice([2, 2, 3, 6, 12])
    parts = [life.chance.uniform(0.2, 1) for _ in range(count)]
    centres = [low + (high - low) * number // (count - 1) for number in range(count)]
    slots = (Slot(f"{c}", c, part / sum(parts)) for c, part in zip(centres, parts, strict=True))
    wanted = question(
        metric=Definition("Count", "pieces", low, high, "How many there are."),
        outcomes=tuple(slots),
        liquidity=life.amount(),
        closes_at=life.exchange.now + life.chance.uniform(0.1, 6) * DAY,
        reading_challenge_seconds=life.chance.choice(CHALLENGES),
        width_cap=life.chance.choice([None, life.amount()]),
        portfolio=funders.portfolio(life),
    )
    life.note(life.ask(opening.open_question, life.admin(), wanted))


def add_option(life: Life) -> None:
    """With a base rate in each measure, and a metric of its own in those in which each option has one."""
    decision = life.decision("open")
    measures = life.plans[decision].measures if decision in life.plans else ()
    metrics = [_metric(life) if len(of.metrics) > 1 else None for of in measures]
    rates = [_rate(life, own or of.metrics[0]) for own, of in zip(metrics, measures, strict=True)]
    added = AddedOption(f"Option {life.exchange.new_key()}", tuple(rates), tuple(metrics))
    life.note(life.ask(adding.add_option, life.admin(), decision, added))


def halt(life: Life) -> None:
    """Or, more often, let it go on: most decisions should trade most of the time."""
    act = life.chance.choice([halting.halt, halting.resume, halting.resume])
    life.ask(act, life.admin(), life.decision("open", "chosen", "drawn"), "It leaked, or did not.")


def postpone(life: Life) -> None:
    """Some of the dates, by a little, and sometimes the wrong way."""
    decision = life.decision("open", "closed", "chosen", "drawn")
    if decision not in life.plans:
        return
    now = life.exchange.read(reporting.report, ADMIN, decision, life.exchange.now)
    dates = [datetime.fromtimestamp(at, tz=UTC) for at in (now.closes_at, now.decide_by, now.freezes_at)]
    moved = [at + life.chance.choice([0, 0.2, 0.2, 0.5, -0.1]) * DAY for at in dates]
    life.ask(postponing.postpone, life.admin(), decision, Dates(*moved), "It takes longer.")


def staff(life: Life) -> None:
    """Somebody leaves, or, more often, comes back; or is made an admin for a while."""
    act = life.chance.choice(
        [staffing.leave, staffing.come_back, staffing.come_back, staffing.appoint, staffing.dismiss]
    )
    life.ask(act, life.admin(), life.chance.choice(TRADERS), "So it is.")


def allow(life: Life) -> None:
    """The standing rule, or another one, by which people get credit without asking; newcomers get theirs."""
    opening, amount, floor = (life.chance.choice([0, life.amount()]) for _ in range(3))
    cap = life.chance.choice([None, life.amount() + floor])
    rule = Allowance(opening, amount, cap, floor, life.chance.choice([1, 3, 7]))
    life.ask(allowing.set_rule, life.admin(), rule, "So that everybody can trade.")
    life.ask(allowing.welcome, life.chance.randint(1, 12))


def set_horizon(life: Life) -> None:
    """Short enough that some of what opens next is long."""
    days = life.chance.choice([0, 1, 2, 2, 4, 90])
    life.ask(earmarking.set_horizon, life.admin(), days, "So long is long.")


def deepen(life: Life) -> None:
    place = life.place()
    amount, chance = life.amount(place), life.chance.random
    life.ask(subsidising.deepen, life.admin(), place.market, amount, chance=chance)


def take_liquidity(life: Life) -> None:
    """Up to a little more than all of it."""
    place = life.place()
    market = life.books.markets.get(place.market)
    taken = round(market.liquidity * life.chance.uniform(0, 1.02)) if market else life.amount()
    life.ask(subsidising.withdraw, life.admin(), place.market, taken)


def spend(life: Life) -> None:
    life.order(_purchase(life, Act.SPEND))


def buy(life: Life) -> None:
    life.order(_purchase(life, Act.BUY))


def sell(life: Life) -> None:
    life.order(_sale(life, Act.SELL))


def sell_all(life: Life) -> None:
    life.order(_sale(life, Act.SELL_ALL))


def move(life: Life) -> None:
    """Toward an estimate that may lie outside of the range."""
    place = life.place()
    low, high = min(place.centres), max(place.centres)
    estimate = low + round((high - low) * life.chance.uniform(-0.05, 1.05))
    key, by, amount = life.exchange.new_key(), life.somebody(), life.amount(place)
    life.order(Order(key, by, place.market, (), Act.MOVE, amount, estimate=estimate))


def bid(life: Life) -> None:
    """A limit order to buy."""
    life.order(_limited(life, _purchase(life, Act.SPEND, of_two=True)))


def offer(life: Life) -> None:
    """A limit order to sell."""
    life.order(_limited(life, _sale(life, Act.SELL)))


def cross(life: Life) -> None:
    """Several people on both sides of a market in one batch: what one of them leaves to wait, the next one meets."""
    place, orders = life.place(of_two=True), []
    for number in range(life.chance.randint(2, 5)):
        key, by, amount = life.exchange.new_key(), life.chance.choice(TRADERS), life.amount(place)
        order = Order(key, by, place.market, (number % 2,), Act.SPEND, amount)
        orders.append(_limited(life, order) if life.chance.random() < 0.7 else order)
    life.order(*orders)


# Limits of one leg that no market meets: so many shares for a spend, so little for a purchase.
HOPELESS = {Act.SPEND: 10**6 * MICRO, Act.BUY: 1}


def mirror(life: Life) -> None:
    """Any order in a market and its twin, most often in the newest pair that trades; seldom in what is no twin."""
    pairs = [each for each in life.places if each.market in life.twins]
    trading = [each for each in pairs if life.books.markets[each.market].state == "open"]
    if not trading:
        return
    place, by = life.chance.choice(trading[-4:]), life.somebody()
    twin = life.place().market if life.is_hostile() else life.twins[place.market]
    first, low, high = life.chance.randrange(len(place.centres)), min(place.centres), max(place.centres)
    act = life.chance.choice([Act.SPEND, Act.SPEND, Act.BUY, Act.SELL, Act.SELL_ALL, Act.MOVE])
    amount, worst = life.amount(place), [None, None, life.amount(place)]
    asked = (by, place.market, (first,), act, amount, life.chance.choice(worst))
    order = Order(life.exchange.new_key(), *asked, wallet=life.wallet())
    if act == Act.MOVE:
        estimate = life.chance.randint(low, high)
        order = replace(order, outcomes=(), estimate=estimate, limit=None)
    limit = life.chance.choice([*worst, order.limit])
    if act in HOPELESS and life.chance.random() < 0.4:
        order, limit = replace(order, limit=None), HOPELESS[act]
    (answer,) = life.order(replace(order, mirror=Mirror(twin, limit)))
    if not isinstance(answer, Refusal):
        life.counted[f"mirrored, {'one leg' if isinstance(answer.twin, Refusal) else 'both legs'}"] += 1


def draw(life: Life) -> None:
    """By a beacon, or by people, of whom one may be mistaken; some draws are doubted afterwards."""
    waiting = [d for d in _of_lottery(life, "closed") if life.chance.random() < 0.9]
    if not waiting and not life.is_hostile():
        return
    value = f"{life.chance.random()}"
    decision = life.chance.choice(waiting) if waiting else life.decision("open", "closed")
    if life.chance.random() < 0.25:
        life.ask(drawing.draw, decision, value)
    else:
        life.ask(pasting.paste, life.chance.choice([DECIDER, DECIDER, "ann"]), decision, value)
        life.ask(pasting.paste, life.admin(), decision, life.chance.choice([value, value, f"{value}1"]))
    if life.chance.random() < 0.5 or life.is_hostile():
        life.ask(drawing.misread, life.admin(), decision, f"{value}1", "A typo.")


def breach(life: Life) -> None:
    by, drawn = life.chance.choice([DECIDER, DECIDER, ADMIN, "ann"]), _of_lottery(life, "drawn", "settled")
    if drawn or life.is_hostile():
        decision = life.chance.choice(drawn) if drawn else life.decision("open", "chosen")
        life.ask(drawing.breach, by, decision, "It was not carried out.")


def _of_lottery(life: Life, *states: str) -> list[int]:
    """Decisions in these states that a lottery may decide, or might have."""
    found = (each for each in life.books.decisions.values() if each.state in states)
    return [each.id for each in found if each.id in life.plans and life.plans[each.id].lottery]


def batch(life: Life) -> None:
    """Anybody's orders in any markets, some of them twice."""
    orders = [_purchase(life, life.chance.choice([Act.SPEND, Act.BUY])) for _ in range(3)]
    orders += [_sale(life, Act.SELL) for _ in range(2)]
    life.chance.shuffle(orders)
    life.order(*orders, *life.chance.choices(orders, k=life.chance.randint(0, 2)))


def quote(life: Life) -> None:
    """What a quote says is what happens, if it is ordered at once."""
    asked = life.chance.choice([_purchase, _sale])(life, life.chance.choice([Act.BUY, Act.SELL]))
    try:
        quoted = life.exchange.read(trading.quote, asked.by, asked, life.exchange.now)
    except Refusal as refusal:
        (answer,) = life.order(asked)
        insist(type(answer) is type(refusal), f"the quote was {refusal!r}, then {answer!r}")
        return
    (answer,) = life.order(asked)
    if not isinstance(answer, Refusal):
        insist(answer._replace(trade=0) == quoted, f"the quote was {quoted}, the fill {answer}")
    elif isinstance(answer, InsufficientFunds):
        insist(not quoted.is_affordable, f"the quote was {quoted}, and yet {answer!r}")


def repeat(life: Life) -> None:
    """An order that was filled is told its fill again; another one under its key is refused."""
    if life.fills:
        order, fill = life.chance.choice([*life.fills.values()])
        before = life.books.entries
        same, other = life.order(order, replace(order, amount=order.amount + 1))
        insist(_plain(same) == _plain(fill), f"the fill was {fill}, now it is {same}")
        insist(isinstance(other, KeyReused), f"a key was used for two orders: {other}")
        insist(life.books.entries == before, "an order was executed again")


def _plain(fill: Fill) -> object:
    """What can be compared: one refusal is not another, but what it says is."""
    twin = fill.twin
    return fill._replace(twin=None), vars(twin) if isinstance(twin, Refusal) else twin


def cancel(life: Life) -> None:
    """Most often one's own order that waits."""
    orders = life.exchange.read(resting.all_orders)
    waiting = [order for order in orders if order.state == resting.State.RESTING]
    order = life.chance.choice(waiting if waiting and life.chance.random() < 0.9 else [*orders, None])
    people = life.exchange.read(persons.by_ids, [order.person] if order else [])
    by = people[order.person].identity if order and life.chance.random() < 0.9 else life.somebody()
    life.ask(cancelling.cancel, by, order.id if order else 0)


def cancel_all(life: Life) -> None:
    life.ask(cancelling.cancel_all, life.somebody())


def pass_time(life: Life) -> None:
    """A moment, or some hours, after which all that is due is done, or a part of it."""
    span = life.chance.choice([10 ** life.chance.uniform(0, 4), life.chance.uniform(3_600, 90_000)])
    life.advance(timedelta(seconds=span))
    life.run_due(life.chance.choice([0, 1, 2, 400]))


def skip_time(life: Life) -> None:
    """To when something is due, of which only the beginning is done."""
    for hours in (0, 1, 6, 24, 72):
        span = timedelta(hours=hours)
        if life.exchange.read(agenda.due, life.exchange.now + span):
            life.advance(span)
            life.run_due(life.chance.randint(1, 3))
            return


def record(life: Life) -> None:
    by, option = life.chance.choice([DECIDER] * 10 + ["ann"]), life.chance.choice([0, 1, 1, 1, 2, 2, 3, 9])
    if life.is_any("closed") or life.is_hostile():
        life.ask(deciding.record, by, life.decision("closed"), option, "So it is.")


def withdraw_decision(life: Life) -> None:
    by = life.chance.choice([DECIDER] * 5 + ["ann"])
    life.ask(deciding.withdraw, by, life.decision("open", "closed"), "It is moot.")


def file(life: Life) -> None:
    """For the first time, or anew."""
    by = life.chance.choice([OWNER] * 10 + ["ann"])
    low, high = life.chance.choice(RANGES)
    value = low + round((high - low) * life.chance.uniform(-0.2, 1.2))
    life.ask(resolving.file, by, life.metric(), value, "the dashboard")


def void(life: Life) -> None:
    life.ask(resolving.void, life.chance.choice([OWNER, ADMIN, "ann"]), life.metric(), "It cannot be known.")


def challenge(life: Life) -> None:
    by = life.chance.choice([*TRADERS, OWNER, ADMIN])
    if life.doubtful() or life.is_hostile():
        life.ask(resolving.challenge, by, life.metric(of_read=True), "That is not what I see.")


def rule(life: Life) -> None:
    is_upheld = life.chance.random() < 0.5
    if life.doubtful() or life.is_hostile():
        life.ask(
            resolving.rule, life.admin(), life.metric(of_read=True), is_upheld=is_upheld, ruling="So be it."
        )


def forecast(life: Life) -> None:
    price = life.chance.uniform(-0.1, 1.1)
    life.ask(forecasting.forecast, life.somebody(), life.place().market, price)


def look(life: Life) -> None:
    """Whatever anybody can see can be seen at any time, and a portfolio is what its owner holds."""
    by = life.somebody()
    found = life.exchange.read(portfolio.portfolio, by)
    insist(found.balance == life.books.held(f"person:{by}"), f"{by} is shown {found.balance}")
    insist((found.earmarked or 0) == life.books.held(f"long:{by}"), f"{by} is shown {found.earmarked}")
    insist(all(0 <= stake.at_risk <= stake.put for stake in found.stakes), f"{by} is shown {found.stakes}")
    for show in (board.decisions_for, board.ended_for):
        life.exchange.read(show, by, life.exchange.now)
    for decision in life.books.decisions:
        life.exchange.read(reporting.report, by, decision, life.exchange.now)


def _purchase(life: Life, act: Act, *, of_two: bool = False) -> Order:
    """Of an outcome, or of several neighbours; seldom of none, of all, or of what is not there."""
    place = life.place(of_two=of_two)
    first = life.chance.randrange(len(place.centres))
    count = life.chance.randint(1, max(1, len(place.centres) // 2))
    outcomes = (*range(len(place.centres)),)[first : first + count]
    if life.is_hostile():
        outcomes = life.chance.choice([(), (-1,), (99,), (first, first), (*range(len(place.centres)),)])
    amount = life.amount(place)
    limit = round(amount * life.chance.uniform(0.2, 4)) if life.chance.random() < 0.2 else None
    asked = (life.somebody(), place.market, outcomes, act, amount, limit)
    return Order(life.exchange.new_key(), *asked, wallet=life.wallet())


def _sale(life: Life, act: Act) -> Order:
    """Of what somebody holds, in part, in whole, or a little more than that."""
    places = [place for place in life.places if life.books.markets[place.market].state in ("open", "frozen")]
    owned = [(by, place, held) for by in TRADERS for place in places if any(held := life.held(by, place))]
    if not owned or life.is_hostile():
        return replace(_purchase(life, Act.SELL), act=act)
    by, place, held = life.chance.choice(owned)
    number = life.chance.choice([number for number, shares in enumerate(held) if shares])
    amount = round(held[number] * life.chance.choice([life.chance.uniform(0, 1.05), 1]))
    limit = round(amount * life.chance.uniform(0, 1)) if life.chance.random() < 0.2 else None
    asked = (by, place.market, (number,), act, amount, limit)
    return Order(life.exchange.new_key(), *asked, wallet=life.wallet())


def _limited(life: Life, order: Order) -> Order:
    """At a price that is somewhere near the one in force, and sometimes until some time."""
    now, ahead = life.exchange.now, life.chance.choice([None, None, life.chance.uniform(-0.1, 2) * DAY])
    near = life.price(order) + round(life.chance.gauss(-20_000 if order.act == Act.SPEND else 20_000, 60_000))
    until: datetime | None = now + ahead if ahead else None
    return replace(order, limit=None, price=near, expires_at=until)


ACTS: dict[Callable[[Life], None], int] = {
    grant: 3,
    reverse: 1,
    open_decision: 2,
    open_question: 1,
    add_option: 1,
    halt: 2,
    postpone: 1,
    staff: 2,
    allow: 1,
    set_horizon: 1,
    deepen: 2,
    take_liquidity: 1,
    spend: 8,
    buy: 5,
    sell: 6,
    sell_all: 2,
    move: 3,
    bid: 7,
    offer: 3,
    cross: 4,
    batch: 3,
    quote: 3,
    repeat: 2,
    cancel: 2,
    cancel_all: 1,
    pass_time: 6,
    skip_time: 6,
    record: 10,
    withdraw_decision: 1,
    file: 2,
    void: 1,
    challenge: 3,
    rule: 3,
    forecast: 1,
    look: 2,
    mirror: 12,
    draw: 12,
    breach: 6,
    funders.open_portfolio: 1,
    funders.fund: 2,
    funders.change_portfolio: 1,
    funders.pause_portfolio: 2,
    funders.take_back: 3,
    funders.assume: 2,
    funders.apply_plan: 3,
    funders.automate: 2,
}
