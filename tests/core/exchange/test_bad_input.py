"""What makes no sense is answered with a refusal that carries data, whatever use case it is asked of, and changes nothing."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from exchange_driver import (
    ADMIN,
    DAY,
    DECIDER,
    OWNER,
    SCORE,
    START,
    Exchange,
    lottery,
    measure,
    plan,
    question,
)
from lots import beacon_for, paste
from sqlalchemy import select

import core.exchange
from core import units
from core.database import metadata
from core.errors import Invalid, NotOpen, PriceMoved, Refusal
from core.exchange import (
    adding,
    affected,
    agenda,
    allowing,
    applying,
    assuming,
    audit,
    audit_markets,
    audit_portfolios,
    audit_wallets,
    backed,
    backup,
    board,
    cancelling,
    capital,
    collecting,
    course,
    deciding,
    declaring,
    definers,
    defining,
    disinterest,
    drawing,
    earmarking,
    forecasting,
    foreseeing,
    granting,
    halting,
    hindsight,
    history,
    journal,
    leaders,
    limit_orders,
    lotteries,
    measured,
    notifying,
    noting,
    nudging,
    offers,
    opening,
    pasting,
    portfolio,
    portfolio_facts,
    portfolio_log,
    portfolios,
    postponing,
    priced,
    promised,
    proposing,
    questions,
    rebuild,
    redefining,
    refitting,
    reported,
    reporting,
    reserved,
    reserving,
    resolving,
    scheduling,
    sending,
    settling,
    sourcing,
    spending,
    spending_sent,
    staffing,
    stakes,
    statements,
    subsidising,
    taking_back,
    telling,
    trading,
    trust,
    valuing,
    watching,
)
from core.exchange.adding import AddedOption
from core.exchange.allowing import Allowance
from core.exchange.assuming import Assumption
from core.exchange.declaring import Declaration
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan, Slot
from core.exchange.portfolios import PortfolioPlan
from core.exchange.postponing import Dates
from core.exchange.scheduling import Schedule
from core.exchange.sourcing import Found
from core.exchange.trading import Act, Order, Wallet
from core.units import MICRO

UseCase = Callable[..., Any]

HUGE = (10**15, 10**18, 2**63, 10**30)
BELOW_ZERO = (-1, -(10**18), -(2**63) - 1, -(10**30))
AMOUNTS = (0, *BELOW_ZERO, *HUGE)
IDS = (999, *AMOUNTS)
NOT_PRICES = (0.0, -0.5, 1.0, 1e30, float("nan"), float("inf"), float("-inf"))
UNKEPT = ("a\0b", "half a \ud83d")  # What no database gives back as it was.
TEXTS = ("", "   ", "x" * 100_000, *UNKEPT)
NAMES = ("", "x" * 10_000, *UNKEPT)
NOBODIES = ("nobody", *NAMES)
DATES = (START - DAY, START)

GOOD_METRIC = MetricPlan(SCORE, OWNER, (0, 50 * MICRO, 100 * MICRO))
GOOD_RATE = BaseRate(50 * MICRO, 20 * MICRO)
GOOD_SLOT = Slot("one", MICRO, 0.5)
RULE = Allowance(opening=MICRO, amount=MICRO, cap=2 * MICRO, floor=MICRO, period_days=7)
LOTTERY = lottery(0.5, 1, 1)
STAKES = Assumption(20_000 * MICRO, 200_000)
PLANNED = "of the plan as it is"
LATER = Dates(START + 8 * DAY, START + 10 * DAY, START + 31 * DAY)


@dataclass(frozen=True)
class Case:
    """When a use case can be asked, inputs that it takes then, and bad ones for each of them.

    An input that is a function is called when it is needed, since making it may be what is refused.
    """

    good: Mapping[str, Any]
    bad: Mapping[str, Sequence[Any]]
    stage: str = "open"


def but(good: Any, **changes: Sequence[Any]) -> list[Any]:
    """The good thing with one field made bad, for each bad value of each field."""
    return [
        lambda name=name, value=value: replace(good, **{name: value() if callable(value) else value})
        for name, values in changes.items()
        for value in values
    ]


def order(act: Act, amount: int = MICRO, **changes: Any) -> Order:
    return replace(Order("a key", "ann", 1, (0,), act, amount), **changes)


REWORDED = replace(SCORE, wording="The score two months later.")
SETTINGS = {"url": "https://example.com/score", "value": "score"}
FOUND = Found(60)

METRICS = [
    *but(
        GOOD_METRIC,
        centres=[(0,), (0, 0), (10, 20), tuple(range(13)), (0, 100 * MICRO, 10**30)],
        owner=NAMES,
    ),
    *but(
        GOOD_METRIC,
        definition=but(
            SCORE,
            name=TEXTS,
            unit=TEXTS,
            wording=TEXTS,
            low=[SCORE.high, *HUGE],
            high=[0, *BELOW_ZERO, *HUGE],
            source=TEXTS[1:],
            measured_over=TEXTS[1:],
            void_if=TEXTS[1:],
            decimals=(7, *BELOW_ZERO, *HUGE),
        ),
    ),
]
RATES = but(GOOD_RATE, value=(0, 100 * MICRO, *BELOW_ZERO, *HUGE), sd=AMOUNTS)
MEASURES = [
    (),
    (measure(50, 40),) * 6,
    (measure(50),),
    (measure(50, 40, 30),),
    *[lambda made=made: (MeasurePlan((made(),), (GOOD_RATE, GOOD_RATE)),) for made in METRICS],
    *[lambda made=made: (MeasurePlan((GOOD_METRIC,), (GOOD_RATE, made())),) for made in RATES],
]
SCHEDULES = but(
    Schedule(),
    cron=("0 9 * *", "0,30 9 * * *", "* * * * *", "0 25 * * *", "0 9 30 2 *", "@daily", "9" * 99, *TEXTS),
    zone=("Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", *TEXTS),
    step=(999, MICRO + 1, *AMOUNTS),
)
PLANS = but(
    plan(),
    question=TEXTS,
    options=[(), ("A",), ("A", " a "), ("A", ""), ("A", "x" * 76), tuple("ABCDEFGHI")],
    deciders=[(), ("",), ("x" * 10_000,), tuple("abcdefghijklmnopqrstu")],
    measures=MEASURES,
    closes_at=DATES,
    decide_by=[*DATES, START + 7 * DAY],
    freezes_at=[*DATES, START + 9 * DAY],
    record_challenge_seconds=(*BELOW_ZERO, *HUGE),
    reading_challenge_seconds=(*BELOW_ZERO, *HUGE),
    subsidy=AMOUNTS,
    public_address=TEXTS,
    committee_address=TEXTS,
    reports=SCHEDULES,
    portfolio=IDS,
    lottery=but(
        LOTTERY,
        probability=AMOUNTS,
        weights=[(), (1,), (1, 0), (1, -1), (1, 10**30)],
        seed=[b"", b"short", b"x" * 33],
        beacon=but(LOTTERY.beacon, name=TEXTS, round=TEXTS, url=("ftp://a", "https://a b", *TEXTS[2:])),
    ),
)
SLOTS = [
    (),
    (GOOD_SLOT,),
    (GOOD_SLOT, GOOD_SLOT),
    (GOOD_SLOT, Slot("none", 5, 0.5)),
    (GOOD_SLOT, Slot("none", 0, 0.1)),
    (replace(GOOD_SLOT, price=0.9), Slot("none", 0, 0.9)),
    *[
        lambda made=made: (made(), Slot("none", 0, 0.5))
        for made in but(GOOD_SLOT, name=TEXTS, price=NOT_PRICES)
    ],
]
QUESTIONS = but(
    question(public_address="here"),
    metric_owner=NAMES,
    outcomes=SLOTS,
    liquidity=(*AMOUNTS, MICRO - 1),
    closes_at=DATES,
    reading_challenge_seconds=(*BELOW_ZERO, *HUGE),
    least_order=(*BELOW_ZERO, *HUGE),
    width_cap=AMOUNTS,
    public_address=TEXTS,
    portfolio=IDS,
)
ADDED = but(
    AddedOption("Wait", (GOOD_RATE,)),
    name=(*TEXTS, "x" * 76, " release "),
    base_rates=[
        (),
        (GOOD_RATE,) * 2,
        *[lambda made=made: (made(),) for made in but(GOOD_RATE, value=(0, 100 * MICRO, *BELOW_ZERO, *HUGE))],
    ],
    metrics=[(None, None)],
)
ORDERS = [
    *but(
        order(Act.SPEND),
        key=NAMES,
        by=NOBODIES,
        market_id=IDS,
        outcomes=[(), (0, 0), (0, 1), (2,), (-1,), (10**30,)],
        amount=AMOUNTS,
        limit=HUGE,
        price=AMOUNTS,
    ),
    *but(order(Act.SPEND, price=400_000), expires_at=DATES),
    *but(order(Act.SPEND), wallet=[Wallet.EARMARKED]),
    *but(order(Act.SPEND), limit=[-(10**30)], estimate=[10**30]),
    *but(order(Act.BUY), amount=AMOUNTS, limit=[0, *BELOW_ZERO, 10**30], price=[500_000]),
    *but(order(Act.SELL), amount=AMOUNTS, limit=HUGE),
    *but(order(Act.SELL_ALL), amount=[10**30], outcomes=[(), (2,), (0, 1)]),
    *but(
        order(Act.MOVE, outcomes=(), estimate=60 * MICRO),
        estimate=[None, -1, 100 * MICRO + 1, *BELOW_ZERO, *HUGE],
        outcomes=[(5,), (-1,)],
        amount=AMOUNTS,
    ),
]

LINKS = [
    ("https://a.example",) * 11,
    *[(link,) for link in (*TEXTS, "ftp://a.example", "https://", "a", "https://[")],
]
DECLARED = Declaration((60, 30), 10, ((62 * MICRO, 48 * MICRO),))
DECLARATIONS = but(
    DECLARED,
    chances=[(), (60,), (60, 30, 0), (60, 40), (101, -11), (60 + 2**63, 30)],
    none=(11, *BELOW_ZERO, *HUGE),
    forecasts=[(), ((0,),), ((0, 0), (0, 0)), *[((0, value),) for value in (*BELOW_ZERO, *HUGE)]],
)
PORTFOLIO = PortfolioPlan("Thin markets", 500 * MICRO, 100 * MICRO, 30, (ADMIN,), "a channel")
BAD_TERMS: dict[str, Sequence[Any]] = {
    "name": (*TEXTS, "x" * 76),
    "reserve_budget": AMOUNTS,
    "spend_budget": AMOUNTS,
    "period_days": (367, *AMOUNTS),
    "spenders": [("",), ("x" * 10_000,), tuple("abcdefghijklmnopqrstu")],
    "address": TEXTS,
}

CASES: dict[UseCase, Case] = {
    portfolios.open_portfolio: Case(
        {"by": ADMIN, "plan": PORTFOLIO, "reason": "For questions few trade.", "key": "new"},
        {
            "by": (*NOBODIES, "ann"),
            "plan": but(PORTFOLIO, **BAD_TERMS | {"name": (*BAD_TERMS["name"], " mAIN "), "spenders": [()]}),
            "reason": TEXTS,
            "key": TEXTS[1:],
        },
    ),
    portfolios.change: Case(
        {"by": ADMIN, "portfolio_id": 1, "plan": PORTFOLIO, "reason": "It is too little."},
        {
            "by": (*NOBODIES, "ann"),
            "portfolio_id": IDS,
            "plan": but(PORTFOLIO, **BAD_TERMS | {"reserve_budget": (MICRO, *AMOUNTS)}),
            "reason": TEXTS,
        },
    ),
    granting.fund: Case(
        {"by": ADMIN, "portfolio_id": 1, "amount": MICRO, "reason": "The budget.", "key": "new"},
        {
            "by": (*NOBODIES, "ann"),
            "portfolio_id": IDS,
            "amount": AMOUNTS,
            "reason": TEXTS,
            "key": (*NAMES, "key-1"),
        },
    ),
    assuming.assume: Case(
        {"by": ADMIN, "decision_id": 1, "of": STAKES, "reason": "It matters."},
        {
            "by": (*NOBODIES, "ann"),
            "decision_id": IDS,
            "of": but(STAKES, stake=AMOUNTS, gap_sd=AMOUNTS, chance=AMOUNTS),
            "reason": TEXTS,
        },
    ),
    assuming.assumed: Case({"by": ADMIN, "decision_id": 1}, {"by": (*NOBODIES, "ann"), "decision_id": IDS}),
    applying.plan: Case({"by": ADMIN, "portfolio_id": 1}, {"by": (*NOBODIES, "ann"), "portfolio_id": IDS}),
    applying.apply: Case(
        {"by": ADMIN, "portfolio_id": 1, "digest": PLANNED, "reason": "As planned.", "key": "new"},
        {
            "by": (*NOBODIES, "ann"),
            "portfolio_id": IDS,
            "digest": ("", "....", "a.b.c.d.1", "a", "\0", "x" * 10_000),
            "reason": TEXTS,
            "key": NAMES,
        },
        stage="planned",
    ),
    portfolios.automate: Case(
        {"by": ADMIN, "portfolio_id": 1, "most": MICRO, "reason": "It does well."},
        {"by": (*NOBODIES, "ann"), "portfolio_id": IDS, "most": AMOUNTS, "reason": TEXTS},
    ),
    portfolios.pause: Case(
        {"by": ADMIN, "portfolio_id": 1, "reason": "To look at it."},
        {"by": (*NOBODIES, "ann"), "portfolio_id": IDS, "reason": TEXTS},
    ),
    portfolios.resume: Case(
        {"by": ADMIN, "portfolio_id": 1, "reason": "It was looked at."},
        {"by": (*NOBODIES, "ann"), "portfolio_id": IDS, "reason": TEXTS},
        stage="paused",
    ),
    taking_back.take_back: Case(
        {"by": ADMIN, "decision_id": None, "market_id": 3, "wanted": MICRO, "reason": "For another one."},
        {
            "by": (*NOBODIES, "ann"),
            "decision_id": IDS,
            "market_id": (1, *IDS),
            "wanted": (100 * MICRO, *AMOUNTS),
            "reason": TEXTS,
        },
    ),
    taking_back.most_back: Case(
        {"by": ADMIN, "decision_id": 1, "market_id": None},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS},
    ),
    portfolio_facts.overview: Case({"by": ADMIN}, {"by": (*NOBODIES, "ann")}),
    portfolio_facts.one: Case(
        {"by": ADMIN, "portfolio_id": 1}, {"by": (*NOBODIES, "ann"), "portfolio_id": IDS}
    ),
    spending.report: Case({"by": ADMIN, "portfolio_id": 1}, {"by": (*NOBODIES, "ann"), "portfolio_id": IDS}),
    spending_sent.sent: Case(
        {"by": ADMIN, "portfolio_id": 1, "number": 1},
        {"by": (*NOBODIES, "ann"), "portfolio_id": IDS, "number": (2, *IDS)},
        stage="told of subsidies, closed",
    ),
    spending_sent.ask_file: Case(
        {"by": ADMIN, "portfolio_id": 1, "key": "file"},
        {"by": (*NOBODIES, "ann"), "portfolio_id": IDS, "key": TEXTS},
    ),
    granting.appoint_first_admins: Case({"identities": ["zoe"]}, {"identities": [[name] for name in NAMES]}),
    granting.grant: Case(
        {"by": ADMIN, "to": "bob", "amount": MICRO, "key": "new", "reason": "for trading"},
        {"by": (*NOBODIES, "ann"), "to": NAMES, "amount": AMOUNTS, "key": NAMES, "reason": TEXTS},
    ),
    earmarking.set_horizon: Case(
        {"by": ADMIN, "days": 30, "reason": "A short pilot."},
        {"by": (*NOBODIES, "ann"), "days": (3_651, *AMOUNTS), "reason": TEXTS},
    ),
    allowing.set_rule: Case(
        {"by": ADMIN, "rule": RULE, "reason": "To begin with."},
        {
            "by": (*NOBODIES, "ann"),
            "rule": but(
                RULE,
                opening=(*BELOW_ZERO, *HUGE),
                amount=(*BELOW_ZERO, *HUGE),
                cap=(*BELOW_ZERO, *HUGE, 0),
                floor=(*BELOW_ZERO, *HUGE, 3 * MICRO),
                period_days=(367, *AMOUNTS),
            ),
            "reason": TEXTS,
        },
    ),
    granting.ask_reversal: Case(
        {"by": ADMIN, "key": "key-3", "reason": "a mistake"},
        {"by": (*NOBODIES, "ann"), "key": ("unknown", *NAMES), "reason": TEXTS},
        stage="two admins",
    ),
    granting.reverse: Case(
        {"by": "zoe", "key": "key-3"},
        {"by": (*NOBODIES, "ann", ADMIN), "key": ("unknown", *NAMES)},
        stage="reversal asked",
    ),
    granting.get: Case({"by": ADMIN, "key": "key-3"}, {"by": (*NOBODIES, "ann"), "key": ("unknown", *NAMES)}),
    opening.open_decision: Case(
        {"by": ADMIN, "plan": plan(), "key": "new"},
        {"by": (*NOBODIES, "ann"), "plan": PLANS, "key": ["x" * 10_000]},
    ),
    opening.open_question: Case(
        {"by": ADMIN, "plan": question(public_address="here"), "key": "new"},
        {"by": NOBODIES, "plan": QUESTIONS, "key": ["x" * 10_000]},
    ),
    adding.add_option: Case(
        {"by": ADMIN, "decision_id": 1, "added": AddedOption("Wait", (GOOD_RATE,))},
        {"by": NOBODIES, "decision_id": IDS, "added": ADDED},
    ),
    adding.widening: Case({"by": ADMIN, "decision_id": 1}, {"by": (*NOBODIES, "ann"), "decision_id": IDS}),
    halting.halt: Case(
        {"by": ADMIN, "decision_id": 1, "reason": "It leaked."},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS, "reason": TEXTS},
    ),
    halting.resume: Case(
        {"by": ADMIN, "decision_id": 1, "reason": "It did not leak."},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS, "reason": TEXTS},
        stage="halted",
    ),
    postponing.postpone: Case(
        {"by": ADMIN, "decision_id": 1, "dates": LATER, "reason": "It takes longer."},
        {
            "by": (*NOBODIES, "ann"),
            "decision_id": IDS,
            "dates": but(
                LATER,
                closes_at=[*DATES, LATER.decide_by],
                decide_by=[*DATES, LATER.closes_at, LATER.freezes_at],
                freezes_at=[*DATES, LATER.decide_by],
            ),
            "reason": TEXTS,
        },
    ),
    scheduling.standing: Case(
        {"by": ADMIN, "decision_id": 1}, {"by": (*NOBODIES, "ann"), "decision_id": IDS}
    ),
    scheduling.schedule_reports: Case(
        {"by": DECIDER, "decision_id": 1, "schedule": Schedule("0 17 * * FRI", "Europe/Berlin", 10_000)},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS, "schedule": SCHEDULES},
    ),
    sending.history: Case({"by": "ann", "decision_id": 1}, {"decision_id": IDS}),
    sending.sent: Case(
        {"by": "ann", "decision_id": 1, "number": 1}, {"decision_id": IDS, "number": IDS}, stage="closed"
    ),
    sending.ask_file: Case(
        {"by": "ann", "decision_id": 1, "number": 1, "form": "csv", "key": "k"},
        {"decision_id": IDS, "number": IDS, "form": ("docx", *NAMES), "key": TEXTS},
        stage="closed",
    ),
    staffing.appoint: Case(
        {"by": ADMIN, "who": "ann", "reason": "She runs it now."},
        {"by": (*NOBODIES, "ann"), "who": (*NAMES, ADMIN), "reason": TEXTS},
    ),
    staffing.dismiss: Case(
        {"by": ADMIN, "who": "zoe", "reason": "He does not run it now."},
        {"by": (*NOBODIES, "ann"), "who": (*NOBODIES, "ann"), "reason": TEXTS},
        stage="two admins",
    ),
    staffing.leave: Case(
        {"by": ADMIN, "who": "ann", "reason": "She left."},
        {"by": (*NOBODIES, "ann"), "who": (*NOBODIES, ADMIN), "reason": TEXTS},
    ),
    staffing.come_back: Case(
        {"by": ADMIN, "who": "ann", "reason": "She is back."},
        {"by": (*NOBODIES, "ann"), "who": (*NOBODIES, "bob"), "reason": TEXTS},
        stage="left",
    ),
    subsidising.deepen: Case(
        {"by": ADMIN, "market_id": 1, "added": MICRO},
        {"by": NOBODIES, "market_id": IDS, "added": AMOUNTS},
    ),
    subsidising.withdraw: Case(
        {"by": ADMIN, "market_id": 1, "taken": MICRO},
        {"by": NOBODIES, "market_id": IDS, "taken": AMOUNTS},
    ),
    trading.execute: Case({"batch": order(Act.SPEND)}, {"batch": ORDERS}),
    trading.quote: Case(
        {"by": "ann", "order": order(Act.SPEND)},
        {"order": [made for made in ORDERS if made.__defaults__[0] not in {"by", "limit"}]},
    ),
    trading.purse: Case({"by": "ann", "market_id": 1}, {"market_id": IDS}),
    trading.between: Case(
        {"market_id": 4, "low": 0, "high": 50 * MICRO},
        {"market_id": IDS, "low": HUGE, "high": BELOW_ZERO},
    ),
    leaders.set_named: Case({"by": "ann", "is_named": True}, {"by": NAMES}),
    notifying.wish: Case(
        {"by": "ann", "topics": {"settled": False}}, {"by": NAMES, "topics": ({"weather": True}, {"": False})}
    ),
    trading.price_at: Case(
        {"market_id": 1, "outcome": 0, "value": 50 * MICRO},
        {"market_id": (4, *IDS), "outcome": (2, 999, *BELOW_ZERO), "value": AMOUNTS},
    ),
    cancelling.cancel: Case({"by": "ann", "order_id": 1}, {"by": (*NOBODIES, "bob"), "order_id": IDS}),
    deciding.record: Case(
        {"by": DECIDER, "decision_id": 1, "option_number": 1, "reason": "So it is."},
        {
            "by": (*NOBODIES, ADMIN),
            "decision_id": IDS,
            "option_number": (3, *AMOUNTS),
            "reason": TEXTS,
            "unpriced": TEXTS,
            "links": LINKS,
        },
        stage="closed",
    ),
    deciding.withdraw: Case(
        {"by": DECIDER, "decision_id": 1, "reason": "It is moot."},
        {"by": (*NOBODIES, ADMIN), "decision_id": IDS, "reason": TEXTS},
    ),
    declaring.declare: Case(
        {"by": DECIDER, "decision_id": 1, "declaration": DECLARED},
        {"by": (*NOBODIES, ADMIN), "decision_id": IDS, "declaration": DECLARATIONS},
    ),
    declaring.mine: Case({"by": DECIDER, "decision_id": 1}, {"by": (*NOBODIES, ADMIN), "decision_id": IDS}),
    valuing.cast: Case(
        {"by": DECIDER, "decision_id": 1, "weights": (MICRO, -2 * MICRO)},
        {
            "by": (*NOBODIES, ADMIN),
            "decision_id": IDS,
            "weights": [
                (),
                (MICRO,),
                (MICRO,) * 3,
                (0, 0),
                *[(MICRO, each) for each in (*BELOW_ZERO[1:], *HUGE)],
            ],
        },
        stage="two measures",
    ),
    valuing.mine: Case({"by": DECIDER, "decision_id": 1}, {"by": (*NOBODIES, ADMIN), "decision_id": IDS}),
    valuing.reopen: Case(
        {"by": DECIDER, "decision_id": 1, "reason": "We learned more."},
        {"by": NOBODIES, "decision_id": IDS, "reason": TEXTS},
        stage="two measures, closed",
    ),
    valuing.close: Case(
        {"by": ADMIN, "decision_id": 1},
        {"by": NOBODIES, "decision_id": IDS},
        stage="two measures, reopened",
    ),
    noting.note: Case(
        {"by": DECIDER, "decision_id": 1, "kind": noting.Kind.ADDENDUM, "text": "And this.", "links": ()},
        {"by": (*NOBODIES, ADMIN), "decision_id": IDS, "text": TEXTS, "links": LINKS},
        stage="chosen",
    ),
    drawing.draw: Case(
        {"decision_id": 1, "value": "7"},
        {"decision_id": IDS, "value": TEXTS},
        stage="lottery closed",
    ),
    pasting.paste: Case(
        {"by": DECIDER, "decision_id": 1, "value": "7"},
        {"by": (*NOBODIES, ADMIN), "decision_id": IDS, "value": TEXTS},
        stage="lottery closed",
    ),
    drawing.misread: Case(
        {"by": ADMIN, "decision_id": 1, "value": "8", "reason": "A typo."},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS, "value": ("7", *TEXTS), "reason": TEXTS},
        stage="lottery pasted",
    ),
    drawing.breach: Case(
        {"by": DECIDER, "decision_id": 1, "what": "It was held back."},
        {"by": (*NOBODIES, "ann"), "decision_id": IDS, "what": TEXTS},
        stage="lottery drawn",
    ),
    resolving.file: Case(
        {"by": OWNER, "metric_id": 1, "value": 60 * MICRO, "source": "the dashboard"},
        {"by": (*NOBODIES, ADMIN), "metric_id": IDS, "value": (*HUGE, -(10**18), -(10**30)), "source": TEXTS},
        stage="chosen",
    ),
    resolving.void: Case(
        {"by": OWNER, "metric_id": 1, "reason": "It cannot be known."},
        {"by": NOBODIES, "metric_id": IDS, "reason": TEXTS},
        stage="chosen",
    ),
    resolving.challenge: Case(
        {"by": "ann", "metric_id": 1, "reason": "It is not so."},
        {"by": (*NAMES, OWNER), "metric_id": IDS, "reason": TEXTS},
        stage="read",
    ),
    resolving.rule: Case(
        {"by": ADMIN, "metric_id": 1, "is_upheld": True, "ruling": "So be it."},
        {"by": (*NOBODIES, "ann"), "metric_id": IDS, "ruling": TEXTS},
        stage="objected",
    ),
    defining.propose: Case(
        {"by": OWNER, "metric_id": 1, "definition": REWORDED, "owner": OWNER, "reason": "It comes later."},
        {
            "by": (*NOBODIES, "ann"),
            "metric_id": IDS,
            "definition": [
                SCORE,
                *but(
                    REWORDED, wording=TEXTS, source=TEXTS[1:], decimals=(7, *BELOW_ZERO), low=[-1], unit=["%"]
                ),
            ],
            "owner": (*NAMES, "ann"),
            "reason": TEXTS,
        },
    ),
    defining.approve: Case(
        {"by": DECIDER, "metric_id": 1, "number": 2},
        {"by": (*NOBODIES, "ann", OWNER), "metric_id": IDS, "number": (1, *AMOUNTS)},
        stage="change proposed",
    ),
    defining.turn_down: Case(
        {"by": ADMIN, "metric_id": 1, "number": 2, "reason": "It would be too late."},
        {"by": (*NOBODIES, "ann", OWNER), "metric_id": IDS, "number": (1, *AMOUNTS), "reason": TEXTS},
        stage="change proposed",
    ),
    defining.versions: Case({"by": "ann", "metric_id": 1}, {"metric_id": IDS}),
    sourcing.source: Case({"by": OWNER, "metric_id": 1}, {"by": (*NOBODIES, "ann"), "metric_id": IDS}),
    sourcing.look: Case(
        {"by": OWNER, "metric_id": 1, "found": FOUND},
        {
            "by": (*NOBODIES, "ann"),
            "metric_id": IDS,
            "found": but(FOUND, raw=("n/a", "1e30", None), as_of=["soon"]),
        },
    ),
    sourcing.configure: Case(
        {"by": OWNER, "metric_id": 1, "kind": "http", "settings": SETTINGS, "found": FOUND},
        {
            "by": (*NAMES, "ann"),
            "metric_id": IDS,
            "kind": NAMES,
            "settings": [
                {},
                *({**SETTINGS, "url": text} for text in TEXTS),
                {**SETTINGS, "query": "SELECT 1"},
            ],
            "found": but(FOUND, raw=("n/a", "1e30", None)),
        },
    ),
    sourcing.drop: Case({"by": OWNER, "metric_id": 1}, {"by": (*NAMES, "ann"), "metric_id": IDS}),
    sourcing.again: Case(
        {"by": OWNER, "metric_id": 1}, {"by": (*NAMES, "ann"), "metric_id": IDS}, stage="source doubted"
    ),
    collecting.confirm: Case(
        {"by": OWNER, "metric_id": 1, "attempt": 2},
        {"by": (*NAMES, "ann", ADMIN), "metric_id": IDS, "attempt": (1, *AMOUNTS)},
        stage="source doubted",
    ),
    forecasting.forecast: Case(
        {"by": "ann", "market_id": 1, "price": 0.5},
        {"by": NAMES, "market_id": IDS, "price": [p for p in NOT_PRICES if p not in {0.0, 1.0}]},
    ),
    board.row: Case({"by": "ann", "decision_id": 1}, {"decision_id": IDS}),
    measured.subject: Case({"by": "ann", "metric_id": 1}, {"metric_id": IDS}),
    questions.row: Case({"by": "ann", "market_id": 3}, {"market_id": (1, *IDS)}),
    offers.find: Case(
        {"by": "ann", "name": "D-1"},
        {"name": ("D-", "D-0", "D-999", "D--1", f"D-{10**30}", "M-1", "M-999", f"M-{2**63}", "O-1", *TEXTS)},
    ),
    foreseeing.if_chosen: Case(
        {"by": DECIDER, "decision_id": 1, "option_number": 1},
        {"by": (*NOBODIES, ADMIN), "decision_id": IDS, "option_number": (3, *AMOUNTS)},
    ),
    foreseeing.if_withdrawn: Case(
        {"by": DECIDER, "decision_id": 1}, {"by": (*NOBODIES, ADMIN), "decision_id": IDS}
    ),
    foreseeing.if_void: Case(
        {"by": OWNER, "metric_id": 1}, {"by": NOBODIES, "metric_id": IDS}, stage="chosen"
    ),
    questions.report: Case({"by": "ann", "market_id": 3}, {"market_id": (1, *IDS)}),
    questions.search: Case({"by": "ann", "words": "shipped"}, {}),
    board.person: Case({"by": ADMIN, "who": "ann"}, {"by": (*NOBODIES, "ann")}),
    board.acts: Case({"by": ADMIN}, {"by": (*NOBODIES, "ann")}),
    board.search: Case({"by": "ann", "words": "release"}, {}),
    audit.ask: Case({"by": ADMIN, "key": "k"}, {"by": (*NOBODIES, "ann"), "key": TEXTS}),
    hindsight.outcome: Case({"by": "ann", "decision_id": 1}, {"decision_id": IDS}, "settled"),
    hindsight.answer: Case({"by": "ann", "market_id": 3}, {"market_id": IDS}, "settled"),
    history.history: Case({"by": "ann", "decision_id": 1}, {"decision_id": IDS}),
    reporting.report: Case({"by": "ann", "decision_id": 1}, {"decision_id": IDS}),
}
# They answer with nothing, or less, where there is nothing.
ANSWERED: dict[UseCase, Mapping[str, Sequence[Any]]] = {
    allowing.arrive: {"by": NOBODIES},
    allowing.get: {},
    drawing.awaited: {"by": NOBODIES},
    board.admins: {},
    earmarking.horizon: {},
    board.decisions_for: {"by": NOBODIES},
    board.ended_for: {"by": NOBODIES},
    board.is_admin: {"by": NOBODIES},
    cancelling.cancel_all: {"by": NOBODIES},
    forecasting.mean: {"market_id": IDS},
    leaders.leaders: {"by": NOBODIES},
    notifying.wishes: {"by": NOBODIES},
    limit_orders.filled: {"by": NOBODIES},
    questions.ended_for: {"by": NOBODIES},
    questions.open_for: {"by": NOBODIES},
    portfolio.portfolio: {"by": NOBODIES},
    portfolio.settled: {"by": NOBODIES},
}
# The program asks these of itself, with what it has just read or written.
INNER: set[UseCase] = {
    affected.has_stake,
    affected.lock,
    affected.tell,
    agenda.due,
    collecting.claim,
    definers.approvers,
    definers.is_open,
    definers.may_end,
    disinterest.admins,
    disinterest.has_traded,
    disinterest.require,
    disinterest.without_stake,
    collecting.due,
    collecting.fail,
    collecting.take,
    nudging.nudge_deciders,
    nudging.nudge_reading,
    redefining.redefined,
    resolving.file_for,
    sourcing.is_due,
    sourcing.require_may_set,
    allowing.pay,
    allowing.welcome,
    applying.automatic,
    capital.active,
    proposing.propose,
    refitting.refit,
    backup.dump,
    backup.restore,
    audit.audit,
    audit.head,
    audit.is_empty,
    audit.unguarded,
    audit_markets.charges,
    audit_portfolios.read,
    limit_orders.described,
    audit_markets.orders_hold,
    audit_markets.brought,
    audit_markets.payments,
    audit_markets.shares,
    audit_markets.trades_moved,
    audit_wallets.earmarks_hold,
    audit_wallets.nothing_between_wallets,
    audit_wallets.one_wallet_a_market,
    cancelling.clear,
    cancelling.expire,
    cancelling.retire,
    deciding.close,
    deciding.let_live,
    drawing.ask,
    drawing.ask_for_value,
    drawing.draw_by,
    drawing.require_due,
    drawing.missed,
    drawing.take_effect,
    lotteries.lottery,
    statements.public,
    statements.statement,
    deciding.lapse,
    deciding.sweep,
    deciding.take_effect,
    declaring.ask,
    declaring.committee,
    declaring.declared,
    declaring.is_wanted,
    journal.read,
    opening.fund,
    priced.basis,
    priced.measures,
    portfolio_log.write,
    rebuild.rebuild,
    assuming.keep_opened,
    promised.by_decision,
    promised.by_portfolio,
    promised.promised,
    reserved.held,
    reserving.promise,
    portfolio_facts.of,
    backed.by_portfolio,
    portfolio_log.addresses,
    reserving.lock,
    spending.report_of,
    spending_sent.keep_day,
    spending_sent.send,
    reserving.require_spender,
    reserving.reserve,
    measured.rows,
    hindsight.post,
    hindsight.post_answer,
    history.line,
    reported.find,
    reported.newest,
    scheduling.look_at_spread,
    scheduling.send_scheduled,
    sending.answer,
    sending.send,
    resolving.freeze,
    settling.settle,
    settling.vector_of,
    stakes.stakes,
    subsidising.drip,
    telling.claim,
    course.course,
    noting.on_record,
    notifying.tell,
    notifying.warn,
    notifying.warn_of_question,
    telling.everywhere,
    telling.question,
    telling.give_up,
    telling.postpone,
    telling.receipt,
    telling.backlog,
    telling.release,
    telling.renew_cards,
    telling.renew_questions,
    telling.told,
    telling.unreachable,
    trust.over_time,
    valuing.counted,
    valuing.is_open,
    valuing.is_wanted,
    watching.look,
}


# When the good input of a use case comes too early, or too late.
WRONG_TIMES: list[tuple[UseCase, str]] = [
    (adding.add_option, "closed"),
    (adding.add_option, "halted"),
    (adding.widening, "closed"),
    (scheduling.standing, "closed"),
    (scheduling.schedule_reports, "closed"),
    (halting.halt, "halted"),
    (halting.resume, "open"),
    (trading.execute, "halted"),
    (trading.quote, "halted"),
    (subsidising.deepen, "halted"),
    (subsidising.withdraw, "halted"),
    (subsidising.deepen, "closed"),
    (subsidising.withdraw, "closed"),
    (subsidising.deepen, "paused"),
    (opening.open_decision, "paused"),
    (opening.open_question, "paused"),
    (adding.add_option, "paused"),
    (portfolios.pause, "paused"),
    (portfolios.resume, "open"),
    (trading.execute, "closed"),
    (trading.quote, "closed"),
    (trading.purse, "closed"),
    (cancelling.cancel, "closed"),
    (deciding.record, "open"),
    (deciding.record, "chosen"),
    (deciding.withdraw, "chosen"),
    (declaring.declare, "closed"),
    (declaring.declare, "chosen"),
    (valuing.cast, "open"),
    (valuing.cast, "two measures, closed"),
    (valuing.reopen, "open"),
    (valuing.reopen, "closed"),
    (valuing.reopen, "two measures, reopened"),
    (valuing.reopen, "chosen"),
    (valuing.close, "two measures, closed"),
    (noting.note, "open"),
    (noting.note, "closed"),
    (drawing.draw, "open"),
    (drawing.draw, "lottery pasted"),
    (drawing.draw, "lottery drawn"),
    (pasting.paste, "open"),
    (pasting.paste, "lottery pasted"),
    (drawing.misread, "lottery closed"),
    (drawing.breach, "chosen"),
    (drawing.breach, "lottery pasted"),
    (deciding.record, "lottery closed"),
    (deciding.withdraw, "lottery closed"),
    (resolving.file, "open"),
    (resolving.file, "closed"),
    (resolving.file, "objected"),
    (resolving.void, "closed"),
    (resolving.challenge, "chosen"),
    (resolving.challenge, "objected"),
    (resolving.rule, "read"),
    (defining.propose, "read"),
    (defining.propose, "change proposed"),
    (defining.approve, "open"),
    (sourcing.configure, "read"),
    (sourcing.again, "open"),
    (collecting.confirm, "chosen"),
]


def everything(exchange: Exchange) -> dict[str, list[Any]]:
    """All that is in the database."""
    return {
        table.name: exchange.fetch(select(table).order_by(*table.primary_key))
        for table in metadata.sorted_tables
    }


def use_cases() -> set[UseCase]:
    """All that the exchange offers: public functions whose first parameter is a connection."""
    modules = [
        importlib.import_module(f"core.exchange.{m.name}")
        for m in pkgutil.iter_modules(core.exchange.__path__)
    ]
    return {
        each
        for module in modules
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")
        if next(iter(inspect.signature(each).parameters), "") == "connection"
    }


LASTING = {"source doubted", "told of subsidies, closed"}  # They go on for a week.
STAGED: Mapping[str, Sequence[tuple[Any, ...]]] = {
    "halted": [(halting.halt, ADMIN, 1, "It leaked.")],
    "paused": [(portfolios.pause, ADMIN, 1, "To look at it.")],
    "told of subsidies, closed": [(spending_sent.keep_day, 1)],
    "planned": [
        (assuming.assume, ADMIN, 1, STAKES, "It matters."),
        (granting.grant, ADMIN, "ann", 100_000 * MICRO, "rich", "So that she could move it."),
        (granting.grant, ADMIN, "pool", 10_000 * MICRO, "richer", "So that it can be made useful."),
    ],
    "two admins": [(staffing.appoint, ADMIN, "zoe", "To help.")],
    "reversal asked": [
        (staffing.appoint, ADMIN, "zoe", "To help."),
        (granting.ask_reversal, ADMIN, "key-3", "a mistake"),
    ],
    "left": [(staffing.leave, ADMIN, "ann", "She left.")],
    "change proposed": [(defining.propose, OWNER, 1, REWORDED, OWNER, "It comes later.")],
    "source doubted": [(sourcing.configure, OWNER, 1, "http", SETTINGS, None)],
}


def doubt(exchange: Exchange) -> None:
    """The source says what is out of range."""
    exchange.now = START + 30 * DAY
    exchange.run_due()
    claim = exchange.do(collecting.claim, 1)
    exchange.do(collecting.take, 1, claim.attempt, Found(120), "the score")


def at_stage(exchange: Exchange, stage: str) -> Exchange:
    """A decision that came so far, in which Ann trades and has a limit order; a question, and one in bins."""
    for to in ("pool", "ann", "bob"):
        exchange.grant(to, 1_000)
    exchange.open(
        measures=(measure(50, 40),) * (2 if stage.startswith("two measures") else 1),
        lottery=LOTTERY if stage.startswith("lottery") else None,
    )
    exchange.ask()
    exchange.ask(
        metric=SCORE,
        outcomes=tuple(Slot(f"{n}", 50 * n * MICRO, 1 / 3) for n in range(3)),
    )
    exchange.trade("ann", 1, 0, Act.SPEND, 30 * MICRO)
    exchange.trade("ann", 1, 0, Act.SPEND, 5 * MICRO, price=400_000)
    for use_case, *inputs in STAGED.get(stage, ()):
        exchange.do(use_case, *inputs)
    if stage in {"open", "two measures"} or (stage in STAGED and stage not in LASTING):
        return exchange
    exchange.now = START + 7 * DAY
    exchange.run_due()
    if stage == "two measures, reopened":
        exchange.do(valuing.reopen, DECIDER, 1, "We learned more.")
    if stage.endswith(("closed", "reopened")):
        return exchange
    if stage.startswith("lottery"):
        return draw(exchange, is_final=stage == "lottery drawn")
    exchange.do(deciding.record, DECIDER, 1, 1, "So it is.")
    exchange.advance(DAY)
    exchange.run_due()
    if stage == "source doubted":
        doubt(exchange)
    if stage in {"read", "objected", "settled"}:
        read(exchange, stage)
    return exchange


def read(exchange: Exchange, stage: str) -> None:
    """A reading of the option that was taken is filed, and doubted, or final."""
    exchange.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    if stage == "objected":
        exchange.do(resolving.challenge, "bob", 1, "It is not so.")
    if stage == "settled":
        exchange.advance(DAY)
        exchange.run_due()


def draw(exchange: Exchange, *, is_final: bool) -> Exchange:
    """By a value that a decider and an admin pasted, which draws the first option where the draw is final."""
    paste(exchange, beacon_for(0, LOTTERY) if is_final else "7", DECIDER, ADMIN)
    exchange.advance(DAY if is_final else DAY / 2)
    exchange.run_due()
    return exchange


def ask(exchange: Exchange, use_case: UseCase, inputs: Mapping[str, Any]) -> Any:
    """The answer, or the exception: a refusal, or a fault."""
    try:
        given = {name: value() if callable(value) else value for name, value in inputs.items()}
        if given.get("digest") == PLANNED:
            given["digest"] = exchange.read(applying.plan, ADMIN, 1, exchange.now).digest
        if use_case is trading.execute:
            return exchange.do(use_case, given["batch"])
        if "now" in inspect.signature(use_case).parameters:
            return exchange.do(use_case, **given)
        return exchange.read(use_case, **given)
    except Exception as problem:  # noqa: BLE001 - which it was is what is tested
        return problem


def name_of(use_case: UseCase) -> str:
    return f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"


def test_every_use_case_is_known_here():
    """A new one is fed bad input too, or is named among those that only the program itself asks."""
    known = [*CASES, *ANSWERED, *INNER]

    assert {name_of(each) for each in use_cases()} == {name_of(each) for each in known}
    assert len(set(known)) == len(known)


@pytest.mark.parametrize("use_case", CASES, ids=name_of)
def test_bad_input_is_refused_with_data_and_changes_nothing(exchange: Exchange, use_case: UseCase):
    """Good input is taken at the same place, so it is the bad value that is refused."""
    case = CASES[use_case]
    before = everything(at_stage(exchange, case.stage))
    faults = []
    for name, values in case.bad.items():
        answers = [ask(exchange, use_case, {**case.good, name: value}) for value in values]
        faults += [
            (name, value, answer)
            for value, answer in zip(values, answers, strict=True)
            if not (isinstance(answer, Refusal) and vars(answer))
        ]
        assert everything(exchange) == before, f"some bad {name} changed something"

    assert faults == []
    assert not isinstance(ask(exchange, use_case, case.good), Exception)


@pytest.mark.parametrize("use_case", ANSWERED, ids=name_of)
def test_what_can_always_be_read_is_answered_whoever_asks(exchange: Exchange, use_case: UseCase):
    before = everything(at_stage(exchange, "open"))
    asked = [{name: value} for name, values in ANSWERED[use_case].items() for value in values] or [{}]

    assert [
        a for a in (ask(exchange, use_case, inputs) for inputs in asked) if isinstance(a, Exception)
    ] == []
    assert everything(exchange) == before


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)  # Which state it is in is asked of no database.
@pytest.mark.parametrize(
    ("use_case", "stage"), WRONG_TIMES, ids=lambda each: each if isinstance(each, str) else name_of(each)
)
def test_what_comes_at_the_wrong_time_is_refused(exchange: Exchange, use_case: UseCase, stage: str):
    before = everything(at_stage(exchange, stage))
    answer = ask(exchange, use_case, CASES[use_case].good)

    assert isinstance(answer, NotOpen)
    assert answer.state
    assert everything(exchange) == before


def test_an_order_with_the_limit_of_a_stale_quote_is_refused_with_a_new_quote(exchange: Exchange):
    at_stage(exchange, "open")
    asked = order(Act.SPEND, 10 * MICRO)
    quoted = exchange.read(trading.quote, "ann", asked, exchange.now)
    exchange.trade("bob", 1, 0, Act.SPEND, 20 * MICRO)
    before = everything(exchange)
    answer = ask(exchange, trading.execute, {"batch": replace(asked, limit=quoted.shares)})

    assert isinstance(answer, PriceMoved)
    assert answer.quote == exchange.read(trading.quote, "ann", asked, exchange.now)
    assert everything(exchange) == before


NOT_AMOUNTS = ["NaN", "sNaN", "-Infinity", "Infinity", "1E+30", "-1E+30", "1E-7", "1E-400"]


@pytest.mark.parametrize("number", NOT_AMOUNTS)
def test_a_decimal_that_is_no_amount_is_refused(number: str):
    with pytest.raises(Invalid) as refused:
        units.to_micro(Decimal(number), "spend")

    assert refused.value.field == "spend"


@pytest.mark.parametrize(
    "text", [*NOT_AMOUNTS, "ten", "", "100 EUR", "1 000", "0x10", "1e3", "--1", "²", "9" * 10_000]
)
def test_what_was_typed_and_is_no_amount_is_refused(text: str):
    with pytest.raises(Invalid) as refused:
        units.parse(text, "spend")

    assert refused.value.field == "spend"
