"""Portfolios: who may spend them, what they may reserve, what comes back to which, and that all of it is logged and told."""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, OWNER, START, Exchange, lottery, measure, plan, question
from sqlalchemy import func, select

from core.announcements.tables import announcement
from core.errors import InsufficientFunds, Invalid, KeyReused, NotAllowed, NotOpen, OverBudget, OverSpent
from core.exchange import adding, backed, granting, opening, portfolios, resolving, staffing, subsidising
from core.exchange.opening import BaseRate
from core.exchange.plans import LEAST_LIQUIDITY, AddedOption
from core.exchange.portfolios import MAIN, PortfolioFacts, PortfolioPlan
from core.exchange.trading import Act
from core.funding.tables import portfolio_change
from core.ledger.tables import entry
from core.markets import registry
from core.markets.tables import drip
from core.pricing import lmsr
from core.units import MICRO

SECOND = 2
POOL = "pool:P-2"
RESERVE, SPEND = 500 * MICRO, 100 * MICRO
THIN = PortfolioPlan("Thin markets", RESERVE, SPEND, 30, (ADMIN, "sue"), "budget-channel")


def open_one(exchange: Exchange, **changes: Any) -> int:
    plan = replace(THIN, **changes)
    return exchange.do(portfolios.open_portfolio, ADMIN, plan, "Obscure questions.", key=exchange.new_key())


def change(
    exchange: Exchange, portfolio_id: int = SECOND, plan: PortfolioPlan = THIN, **changes: Any
) -> None:
    exchange.do(portfolios.change, ADMIN, portfolio_id, replace(plan, **changes), "It fits better.")


def give(exchange: Exchange, amount: int, portfolio_id: int = SECOND) -> int:
    key = exchange.new_key()
    return exchange.do(portfolios.fund, ADMIN, portfolio_id, amount * MICRO, "The budget.", key=key)


def facts(exchange: Exchange, by: str = ADMIN, portfolio_id: int = SECOND) -> PortfolioFacts:
    return exchange.read(portfolios.one, by, portfolio_id, exchange.now)


@pytest.fixture
def two(exchange: Exchange) -> Exchange:
    """Main with 1,000 credits, and a second portfolio with 600, of which 500 may be reserved."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    open_one(exchange)
    give(exchange, 600)
    return exchange


def test_what_a_portfolio_pays_for_comes_back_to_it_and_not_to_another(two: Exchange):
    opened = two.open(portfolio=SECOND)
    assert (facts(two).free, facts(two).reserved) == (600 * MICRO - opened.reserve, opened.reserve)
    two.trade("ann", opened.market_ids[0], 0, Act.SPEND, 20 * MICRO)
    two.settle_by_reading(80 * MICRO)
    after = facts(two)

    assert after.reserved == 0
    assert after.free + after.lost == 600 * MICRO
    assert after.lost == two.held("person:ann", "credit") - 100 * MICRO > 0
    assert two.held("pool:main", "credit") == 1_000 * MICRO


def test_a_question_s_rest_returns_to_its_portfolio_too(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    reserve = facts(two).reserved
    two.trade("ann", market_id, 0, Act.SPEND, 20 * MICRO)
    two.do(resolving.file, OWNER, 1, 0, "the dashboard")
    two.advance(2 * DAY)
    two.run_due()

    assert reserve == 69_314_719
    assert facts(two).lost == -20 * MICRO
    assert two.held(POOL, "credit") == 620 * MICRO


def refused(exchange: Exchange, of: type[Exception], act: Callable[[], Any]) -> Any:
    """The refusal; nothing was entered, opened or logged."""
    counted = [select(func.count()).select_from(each) for each in (entry, portfolio_change)]
    before = [exchange.digest(), *map(exchange.fetch, counted)]
    with pytest.raises(of) as caught:
        act()
    assert [exchange.digest(), *map(exchange.fetch, counted)] == before
    return caught.value


def told(exchange: Exchange) -> list[tuple[str, str, Any]]:
    """Where each change was told, what it was and by whom."""
    wanted = select(announcement.c.address, announcement.c.facts).order_by(announcement.c.id)
    rows = exchange.fetch(wanted.where(announcement.c.kind == "portfolio_changed"))
    return [(row.address, row.facts["what"], row.facts["by"]) for row in rows]


# Who may spend.


def test_being_an_admin_is_not_enough_to_open_from_a_portfolio_nor_is_being_named(two: Exchange):
    two.do(staffing.appoint, ADMIN, "zoe", "To help.")
    wanted = plan(portfolio=SECOND)
    no = refused(two, NotAllowed, lambda: two.do(opening.open_decision, "zoe", wanted))
    assert (no.because, set(no.who)) == ("spenders_only", {ADMIN, "sue"})
    no = refused(two, NotAllowed, lambda: two.do(opening.open_decision, "sue", wanted))
    assert no.because == "admins_only"
    change(two, spenders=(ADMIN, "sue", "zoe"))

    assert two.do(opening.open_decision, "zoe", wanted).decision_id == 1


def test_whoever_is_named_spends_and_takes_back_without_being_an_admin(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(subsidising.deepen, "sue", market_id, MICRO)
    two.do(portfolios.pause, "sue", SECOND, "To look at it.")
    two.do(portfolios.resume, "sue", SECOND, "Seen.")
    two.do(portfolios.automate, "sue", SECOND, 50 * MICRO, "It does well.")
    assert two.do(subsidising.withdraw, "sue", market_id, MICRO) > 0
    assert two.do(portfolios.take_back, "sue", None, market_id, MICRO, "For others.").freed > 0
    for act in (
        lambda: change_by(two, "sue"),
        lambda: two.do(portfolios.fund, "sue", SECOND, MICRO, "More.", key="k"),
        lambda: two.do(portfolios.open_portfolio, "sue", replace(THIN, name="Mine"), "Mine."),
    ):
        assert refused(two, NotAllowed, act).because == "admins_only"
    assert facts(two).auto_most == 50 * MICRO


def change_by(exchange: Exchange, by: str) -> None:
    exchange.do(portfolios.change, by, SECOND, replace(THIN, name="Mine"), "Mine.")


def test_the_first_portfolio_is_spent_by_every_admin_until_somebody_is_named(two: Exchange):
    two.do(staffing.appoint, ADMIN, "zoe", "To help.")
    assert two.do(opening.open_question, "zoe", question()).name == "M-1"
    change(two, MAIN, PortfolioPlan("Main", None, None, 30, (ADMIN,)))
    no = refused(two, NotAllowed, lambda: two.do(opening.open_question, "zoe", question()))

    assert (no.because, no.who) == ("spenders_only", (ADMIN,))
    change(two, MAIN, PortfolioPlan("Main", None, None, 30, ()))
    assert two.do(opening.open_question, "zoe", question()).name == "M-2"
    assert refused(two, Invalid, lambda: change(two, spenders=())).field == "spenders"


def test_whoever_has_left_spends_nothing(two: Exchange):
    two.do(staffing.leave, ADMIN, "sue", "She left.")

    refused(two, NotAllowed, lambda: two.do(portfolios.pause, "sue", SECOND, "To look at it."))


def test_a_portfolio_is_seen_by_admins_and_by_those_who_spend_it(two: Exchange):
    assert [each.name for each in two.read(portfolios.overview, ADMIN, two.now)] == ["Main", "Thin markets"]
    assert [each.name for each in two.read(portfolios.overview, "sue", two.now)] == ["Thin markets"]
    assert [each.may_spend for each in two.read(portfolios.overview, ADMIN, two.now)] == [True, True]
    for read in (
        lambda: two.read(portfolios.overview, "ann", two.now),
        lambda: facts(two, "sue", MAIN),
    ):
        assert refused(two, NotAllowed, read).because == "spenders_and_admins"


# What may be reserved.


def test_what_would_hold_more_ready_than_the_budget_is_refused_with_the_numbers(two: Exchange):
    first = two.open(portfolio=SECOND, subsidy=300 * MICRO)
    no = refused(two, OverBudget, lambda: two.open(portfolio=SECOND, subsidy=300 * MICRO))
    assert (no.portfolio, no.budget, no.reserved) == ("Thin markets", RESERVE, first.reserve)
    assert no.needed > RESERVE - first.reserve
    refused(two, OverBudget, lambda: two.ask(portfolio=SECOND, liquidity=400 * MICRO))
    change(two, reserve_budget=first.reserve + no.needed)

    assert two.open(portfolio=SECOND, subsidy=300 * MICRO).reserve == no.needed
    assert facts(two).reserved == facts(two).reserve_budget


def test_an_option_that_would_take_more_than_the_budget_is_refused(two: Exchange):
    give(two, 2_000)
    opened = two.open(portfolio=SECOND, measures=(measure(50, 50),))
    change(two, reserve_budget=opened.reserve)
    dear, like_the_others = (AddedOption("Wait", (BaseRate(value * MICRO),)) for value in (1, 50))
    no = refused(two, OverBudget, lambda: two.do(adding.add_option, ADMIN, 1, dear))

    assert (no.reserved, no.budget) == (opened.reserve, opened.reserve)
    two.do(adding.add_option, ADMIN, 1, like_the_others)
    assert facts(two).reserved == opened.reserve


def test_a_drip_waits_for_the_budget_and_for_a_portfolio_that_is_paused(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(subsidising.deepen, ADMIN, market_id, MICRO)
    change(two, reserve_budget=facts(two).reserved)

    def drips() -> int:
        two.advance(DAY / 2)
        two.do(subsidising.drip, market_id)
        return two.read(registry.get, market_id).liquidity

    assert drips() == 100 * MICRO
    change(two)
    two.do(portfolios.pause, ADMIN, SECOND, "To look at it.")
    assert drips() == 100 * MICRO
    assert refused(two, NotOpen, lambda: two.do(subsidising.deepen, ADMIN, market_id, 1)).state == "paused"
    two.do(portfolios.resume, ADMIN, SECOND, "Seen.")
    assert drips() == 101 * MICRO


def test_what_was_promised_to_a_market_is_spent_on_nothing_else(two: Exchange):
    """Neither of the budget nor of what is free; and it drips in though the rest is spent."""
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(subsidising.deepen, ADMIN, market_id, 2 * MICRO)
    held, promised = facts(two).reserved, 1_386_295
    for rest, of, budget in (
        (RESERVE - held, OverBudget, RESERVE),
        (600 * MICRO - held, InsufficientFunds, None),
    ):
        change(two, reserve_budget=budget)
        # So many shares back a question of yes or no at even prices: a little less than the rest, not all of it.
        dear = int((rest - promised + 10) / math.log(2))
        no = refused(two, of, lambda liquidity=dear: two.ask(portfolio=SECOND, liquidity=liquidity))
        assert no.promised == promised
        assert rest - promised < no.needed < rest
        assert (
            refused(two, of, lambda more=dear: two.do(subsidising.deepen, ADMIN, market_id, more)).promised
            == promised
        )
    two.ask(portfolio=SECOND, liquidity=dear - 20)
    two.advance(DAY / 2)
    two.do(subsidising.drip, market_id)

    assert two.read(registry.get, market_id).liquidity == 102 * MICRO


def test_nothing_new_is_paid_for_once_a_period_is_expected_to_cost_what_it_may(two: Exchange):
    """By today's prices; what drips goes on, and the next period is another."""
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(subsidising.deepen, ADMIN, market_id, MICRO)
    two.trade("ann", market_id, 0, Act.SPEND, 90 * MICRO)
    expected = facts(two).expected
    assert expected > 10 * MICRO
    change(two, spend_budget=expected)
    for act in (
        lambda: two.ask(portfolio=SECOND),
        lambda: two.open(portfolio=SECOND),
        lambda: two.do(subsidising.deepen, ADMIN, market_id, MICRO),
    ):
        no = refused(two, OverSpent, act)
        assert (no.portfolio, no.budget, no.expected) == ("Thin markets", expected, expected)
        assert no.ends_at == START + 30 * DAY
    two.advance(2 * DAY)
    two.do(subsidising.drip, market_id)
    assert two.read(registry.get, market_id).liquidity == 101 * MICRO
    change(two, spend_budget=expected + 10 * MICRO)

    assert two.ask(portfolio=SECOND).market_ids


def test_a_paused_portfolio_pays_for_nothing_new_and_gets_back_what_is_left(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(portfolios.pause, "sue", SECOND, "To look at it.")
    for act in (lambda: two.open(portfolio=SECOND), lambda: two.ask(portfolio=SECOND)):
        no = refused(two, NotOpen, act)
        assert (no.kind, no.name, no.state) == ("portfolio", "Thin markets", "paused")
    two.do(subsidising.withdraw, "sue", market_id, MICRO)
    two.do(resolving.file, OWNER, 1, 0, "the dashboard")
    two.advance(2 * DAY)
    two.run_due()

    assert facts(two).paused_reason == "To look at it."
    assert two.held(POOL, "credit") == 600 * MICRO


def test_what_is_spent_cannot_be_spent_again(two: Exchange):
    """Not by another decision, and not under the same key."""
    change(two, reserve_budget=None)
    wanted = plan(portfolio=SECOND, subsidy=400 * MICRO)
    first = two.do(opening.open_decision, ADMIN, wanted, key="once")
    left = 600 * MICRO - first.reserve
    assert two.do(opening.open_decision, ADMIN, wanted, key="once") == first
    no = refused(two, InsufficientFunds, lambda: two.do(opening.open_decision, ADMIN, wanted, key="twice"))

    assert (no.portfolio, no.needed, no.available) == ("Thin markets", first.reserve, left)
    assert facts(two).free == left
    no = refused(two, InsufficientFunds, lambda: two.open(subsidy=2_000 * MICRO))
    assert no.portfolio == "Main"


def test_a_budget_below_what_is_held_ready_is_refused_with_it(two: Exchange):
    held = two.open(portfolio=SECOND).reserve
    no = refused(two, Invalid, lambda: change(two, reserve_budget=held - 1))

    assert (no.field, no.rule, Decimal(no.value) * MICRO) == ("reserve_budget", "below_reserved", held)
    change(two, reserve_budget=held)


# Taking back.


def test_credit_comes_free_out_of_all_branches_at_once_and_prices_stay(two: Exchange):
    opened = two.open(portfolio=SECOND, measures=(measure(50, 30), measure(60, 20)))
    two.trade("ann", opened.market_ids[0], 0, Act.SPEND, 10 * MICRO)
    for market_id in opened.market_ids:
        two.do(subsidising.deepen, "sue", market_id, MICRO)
    before = two.read(registry.get_all, opened.market_ids)
    state, free = facts(two), two.held(POOL, "credit")
    most = two.read(portfolios.most_back, "sue", 1, None)
    no = refused(two, Invalid, lambda: take_back(two, most + 1))
    assert (no.field, no.rule, Decimal(no.value) * MICRO) == ("amount", "most_back", most)
    done = take_back(two, 50 * MICRO)
    after = two.read(registry.get_all, opened.market_ids)

    assert 50 * MICRO - 10 < done.freed <= 50 * MICRO
    assert done.freed == two.held(POOL, "credit") - free == state.reserved - facts(two).reserved
    assert (done.free, done.reserved) == (two.held(POOL, "credit"), facts(two).reserved)
    parts = [after[each].liquidity / before[each].liquidity for each in before]
    assert parts == pytest.approx([parts[0]] * 4)
    assert [each.tick.prices for each in after.values()] == [each.tick.prices for each in before.values()]
    assert two.fetch(select(drip)) == []
    assert two.audit() == []


def take_back(exchange: Exchange, wanted: int) -> portfolios.TakenBack:
    return exchange.do(portfolios.take_back, "sue", 1, None, wanted, "For others.")


def test_whatever_can_come_free_does_and_everybody_is_paid_all_the_same(two: Exchange):
    """What backs outstanding shares stays; where a lottery may decide too, whose markets differ in liquidity."""
    opened = two.open(portfolio=SECOND, lottery=lottery(1, 1, 3))
    for market_id in opened.market_ids:
        two.trade("ann", market_id, 0, Act.SPEND, 10 * MICRO)
    done = take_back(two, two.read(portfolios.most_back, "sue", 1, None))

    assert done.freed > 0
    assert {m.liquidity for m in two.read(registry.get_all, opened.market_ids).values()} == {LEAST_LIQUIDITY}
    assert two.read(portfolios.most_back, "sue", 1, None) == 0
    assert two.audit() == []
    assert refused(two, Invalid, lambda: take_back(two, 1)).value == "0"


def test_nothing_is_taken_back_where_nothing_trades(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    two.do(resolving.file, OWNER, 1, 0, "the dashboard")
    take = (portfolios.take_back, "sue", None, market_id, MICRO, "For others.")

    assert refused(two, NotOpen, lambda: two.do(*take)).state == "frozen"
    two.advance(2 * DAY)
    two.run_due()
    assert refused(two, NotOpen, lambda: two.do(*take)).state == "settled"


# What is logged and told.


def test_every_change_is_logged_with_who_and_why_and_told_in_its_channel(two: Exchange):
    two.open(portfolio=SECOND)
    take_back(two, MICRO)
    two.do(portfolios.automate, "sue", SECOND, 5 * MICRO, "It does well.")
    two.do(portfolios.automate, ADMIN, SECOND, None, "It does not.")
    two.do(portfolios.pause, "sue", SECOND, "To look at it.")
    two.do(portfolios.resume, "sue", SECOND, "Seen.")
    change(two, address="elsewhere", spenders=("sue",))
    log = facts(two).log
    done = [
        ("opened", ADMIN),
        ("funded", ADMIN),
        ("taken_back", "sue"),
        ("automated", "sue"),
        ("by_hand", ADMIN),
        ("paused", "sue"),
        ("resumed", "sue"),
        ("changed", ADMIN),
    ]

    assert [(each.what, each.by) for each in reversed(log)] == done
    assert log[0].reason == "It fits better."
    assert log[0].facts == {
        "changed": {"spenders": [[ADMIN, "sue"], ["sue"]], "address": ["budget-channel", "elsewhere"]}
    }
    here = [("budget-channel", what, by) for what, by in done]
    assert told(two) == [*here, ("elsewhere", "changed", ADMIN)]


def test_without_a_channel_its_spenders_are_told_but_the_one_who_did_it(two: Exchange):
    change(two, address=None)
    two.do(portfolios.pause, "sue", SECOND, "To look at it.")

    assert told(two)[-3:] == [
        ("budget-channel", "changed", ADMIN),
        ("sue", "changed", ADMIN),
        (ADMIN, "paused", "sue"),
    ]


def test_a_change_that_changes_nothing_is_none(two: Exchange):
    before = told(two)
    change(two, name=" Thin markets ", spenders=("sue", ADMIN))

    assert told(two) == before


def test_periods_go_on_unless_their_length_is_another_one(two: Exchange):
    two.advance(40 * DAY)
    change(two, name="Obscure")
    period = [facts(two).period_from, facts(two).period_to]
    assert period == [int((START + n * DAY).timestamp()) for n in (30, 60)]
    change(two, name="Obscure", period_days=7)

    assert facts(two).period_from == int(two.now.timestamp())
    assert facts(two).period_to == int((two.now + 7 * DAY).timestamp())


def test_names_differ_by_more_than_their_case(two: Exchange):
    assert refused(two, Invalid, lambda: open_one(two, name="THIN Markets ")).rule == "taken"
    assert refused(two, Invalid, lambda: change(two, name="mAIN")).rule == "taken"
    change(two, name="THIN MARKETS")

    assert facts(two).name == "THIN MARKETS"


def test_a_key_opens_one_portfolio_and_funds_it_once(two: Exchange):
    plan_of = replace(THIN, name="Third")
    ids = {two.do(portfolios.open_portfolio, ADMIN, plan_of, "More.", key="k") for _ in range(2)}
    assert ids == {3}
    other = (portfolios.open_portfolio, ADMIN, replace(THIN, name="Fourth"), "More.")
    refused(two, KeyReused, lambda: two.do(*other, key="k"))
    for _ in range(2):
        assert two.do(portfolios.fund, ADMIN, 3, MICRO, "The budget.", key="f") == MICRO
    refused(two, KeyReused, lambda: two.do(portfolios.fund, ADMIN, SECOND, MICRO, "The budget.", key="f"))


def test_a_grant_to_the_pool_is_one_to_the_first_portfolio_and_both_are_taken_back_alike(two: Exchange):
    two.do(staffing.appoint, ADMIN, "zoe", "To help.")
    assert facts(two, portfolio_id=MAIN).free == 1_000 * MICRO
    assert [each.what for each in facts(two, portfolio_id=MAIN).log] == ["funded"]
    two.do(portfolios.fund, ADMIN, SECOND, 5 * MICRO, "A mistake.", key="wrong")
    two.do(granting.ask_reversal, ADMIN, "wrong", "It was one.")
    assert two.read(granting.get, ADMIN, "wrong").portfolio == "Thin markets"

    assert two.do(granting.reverse, "zoe", "wrong") == 600 * MICRO
    assert (facts(two).log[0].what, facts(two).log[0].reason) == ("reversed", "It was one.")
    assert two.audit() == []


# What it comes to.


def test_what_a_period_will_have_cost_is_what_was_lost_in_it_and_what_prices_say_of_all_that_ends_in_it(
    two: Exchange,
):
    first, second, late = (
        two.ask(portfolio=SECOND, closes_at=START + days * DAY).market_ids[0] for days in (7, 8, 31)
    )
    two.trade("ann", first, 0, Act.SPEND, 20 * MICRO)
    two.do(resolving.file, OWNER, 1, MICRO, "the dashboard")
    two.advance(2 * DAY)
    two.run_due()
    lost = two.held("person:ann", "credit") - 100 * MICRO
    assert (facts(two).spent, facts(two).expected, facts(two).lost) == (lost, lost, lost)
    for market_id in (second, late):
        two.trade("ann", market_id, 0, Act.SPEND, 20 * MICRO)
    market = two.read(registry.get, second)
    prices = [each / MICRO for each in market.tick.prices]
    losing = lmsr.losing(market.liquidity, market.weights, prices)

    assert facts(two).expected - lost == pytest.approx(losing, abs=1)
    assert [each.name for each in facts(two).backs] == ["M-2", "M-3"]
    assert [each.reserved for each in facts(two).backs] == [69_314_719] * 2
    assert facts(two).granted == 600 * MICRO
    two.advance(30 * DAY)
    assert (facts(two).spent, facts(two).lost) == (0, lost)


def test_a_decision_that_is_backed_is_named_with_what_its_makers_lose_each_option_being_as_likely(
    two: Exchange,
):
    opened = two.open(portfolio=SECOND, subsidy=50 * MICRO)
    two.trade("ann", opened.market_ids[0], 0, Act.SPEND, 20 * MICRO)
    markets = [two.read(registry.get, each) for each in opened.market_ids]
    losing = [
        max(0, int(lmsr.losing(each.liquidity, each.weights, [price / MICRO for price in each.tick.prices])))
        for each in markets
    ]

    (backed,) = facts(two).backs
    assert (backed.decision_id, backed.market_id, backed.name) == (1, None, "D-1")
    assert (backed.question, backed.ends_at) == ("Release?", int((START + 30 * DAY).timestamp()))
    assert backed.losing == sum(losing) // 2 > 0
    assert backed.reserved == facts(two).reserved > 0


def test_where_a_lottery_may_decide_each_branch_loses_by_its_chance(two: Exchange):
    """Two options of which the second is drawn twice as likely: 1/8 each if people choose, else 1/4 and 1/2."""
    chances = {"lottery": lottery(0.75, 1, 2), "decide_by": START + 10 * DAY}
    opened = two.open(portfolio=SECOND, subsidy=200 * MICRO, **chances)
    for market_id in (opened.market_ids[0], opened.market_ids[3]):
        two.trade("ann", market_id, 0, Act.SPEND, 20 * MICRO)
    lost = [
        backed.losing(each.liquidity, each.weights, each.tick.prices)
        for each in (two.read(registry.get, market_id) for market_id in opened.market_ids)
    ]

    assert (lost[0] > 0, lost[1:3], lost[3] > 0) == (True, [0, 0], True)
    assert facts(two).backs[0].losing == (lost[0] + 4 * lost[3]) // 8
