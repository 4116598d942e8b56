"""What a person has: balance, stakes and risk, never added across branches."""

import contextlib
import random

import pytest
from exchange_driver import DAY, DECIDER, START, Exchange, lottery
from lots import open_lottery

from core.errors import Refusal
from core.exchange import cancelling, deciding, portfolio, trading
from core.exchange.portfolio import Portfolio
from core.exchange.trading import Act
from core.units import MICRO


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 150)
    exchange.open()
    return exchange


def of(exchange: Exchange, person: str) -> Portfolio:
    return exchange.read(portfolio.portfolio, person)


def test_a_stranger_has_nothing(exchange: Exchange):
    assert of(exchange, "stranger") == Portfolio(0, 0, (), ())


def test_a_hundred_credits_back_both_options(opened: Exchange):
    """Spent once in each branch, put once, at risk once."""
    release = opened.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    hold = opened.trade("ann", 2, 1, Act.SPEND, 100 * MICRO)
    found = of(opened, "ann")
    stake = found.stakes[0]
    by_option = {each.option: each for each in stake.branches}

    assert (found.balance, found.in_decisions) == (50 * MICRO, 100 * MICRO)
    assert (stake.put, stake.at_risk) == (100 * MICRO, 100 * MICRO)
    assert (by_option["Release"].cash_back, by_option["Release"].most) == (0, release.shares)
    assert (by_option["Hold"].least, by_option["Hold"].most) == (0, hold.shares)
    assert (by_option[None].cash_back, by_option[None].positions) == (100 * MICRO, ())


def test_a_position_is_worth_what_selling_it_would_really_bring(opened: Exchange):
    fill = opened.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    position = of(opened, "ann").stakes[0].branches[0].positions[0]
    sold = opened.trade("ann", 1, 0, Act.SELL, fill.shares)

    assert (position.shares, position.brings) == (fill.shares, -sold.cost)


def test_a_gain_in_one_branch_is_not_balance(opened: Exchange):
    """It is cash that comes back in that branch only."""
    opened.grant("bob", 150)
    fill = opened.trade("ann", 1, 0, Act.SPEND, 50 * MICRO)
    opened.trade("bob", 1, 0, Act.SPEND, 100 * MICRO)
    opened.trade("ann", 1, 0, Act.SELL, fill.shares)
    found = of(opened, "ann")

    assert (found.balance, found.in_decisions) == (150 * MICRO, 0)
    assert found.stakes[0].at_risk == 0
    assert [(each.option, each.cash_back > 0) for each in found.stakes[0].branches] == [("Release", True)]


def test_nothing_can_be_sold_while_trading_is_stopped(opened: Exchange):
    opened.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    opened.now = START + 7 * DAY
    opened.run_due()

    assert of(opened, "ann").stakes[0].branches[0].positions[0].brings is None


def test_after_a_withdrawal_all_is_balance_again(opened: Exchange):
    opened.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    opened.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    opened.advance(DAY)
    opened.run_due()

    assert of(opened, "ann") == Portfolio(150 * MICRO, 0, (), (), worth=150 * MICRO)


def test_nobody_chooses_where_a_lottery_always_decides(exchange: Exchange):
    """Home shows what it may draw, and that nothing may be taken; what is held where people choose is shown to be sold."""
    open_lottery(exchange, lottery(1, 1, 1))
    exchange.grant("ann", 150)
    exchange.trade("ann", 3, 0, Act.SPEND, 30 * MICRO)
    (stake,) = of(exchange, "ann").stakes
    shown = {(branch.option, branch.is_drawn) for branch in stake.branches}
    exchange.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    (after,) = of(exchange, "ann").stakes

    assert shown == {("Release", True), ("Hold", True), (None, False)}
    assert (stake.put, stake.at_risk) == (30 * MICRO, 30 * MICRO)
    assert {(branch.option, branch.is_drawn) for branch in after.branches} == shown | {("Release", False)}


def test_a_question_s_shares_stand_apart_from_decisions(opened: Exchange):
    market_id = opened.ask().market_ids[0]
    opened.trade("ann", market_id, 1, Act.SPEND, 20 * MICRO)
    found = of(opened, "ann")

    held = [position for question in found.questions for position in question.positions]
    assert [(each.outcome_name, each.market_id) for each in held] == [("NO", market_id)]
    assert (found.balance, found.stakes) == (130 * MICRO, ())


def test_conditional_credit_is_in_the_purse_of_its_branch_only(opened: Exchange):
    opened.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)

    assert opened.read(trading.purse, "ann", 1, opened.now) == trading.Purse(50 * MICRO, 0)
    assert opened.read(trading.purse, "ann", 2, opened.now) == trading.Purse(50 * MICRO, 100 * MICRO)


def test_what_a_waiting_purchase_reserves_counts_as_what_it_is(opened: Exchange):
    """Put into the decision, it comes back as cash in its branch, and nothing of it is at risk before it is filled."""
    opened.trade("ann", 1, 0, Act.SPEND, 40 * MICRO, price=400_000)
    found = of(opened, "ann")
    by_option = {each.option: each for each in found.stakes[0].branches}

    assert (found.balance, found.in_decisions) == (110 * MICRO, 40 * MICRO)
    assert (found.stakes[0].put, found.stakes[0].at_risk) == (40 * MICRO, 0)
    assert {option: each.cash_back for option, each in by_option.items()} == dict.fromkeys(
        by_option, 40 * MICRO
    )
    assert [(o.market_id, o.is_sale, o.price, o.left, o.shares) for o in found.orders] == [
        (1, False, 400_000, 40 * MICRO, 0)
    ]


def test_shares_that_wait_to_be_sold_are_still_a_position(opened: Exchange):
    """It leaves as much as before; what it brings is what selling the others would bring."""
    shares = opened.trade("ann", 1, 0, Act.SPEND, 40 * MICRO).shares
    before = of(opened, "ann")
    opened.trade("ann", 1, 0, Act.SELL, shares // 2, price=900_000)
    found = of(opened, "ann")
    release, was = found.stakes[0].branches[0], before.stakes[0].branches[0]
    position, left = release.positions[0], shares - shares // 2

    assert (found.stakes[0].put, found.stakes[0].at_risk) == (before.stakes[0].put, before.stakes[0].at_risk)
    assert (release.cash_back, release.least, release.most) == (was.cash_back, was.least, was.most)
    assert (was.positions[0].reserved, was.positions[0].free) == (0, shares)
    assert (position.shares, position.reserved, position.free) == (shares, shares // 2, left)
    assert position.brings == -opened.trade("ann", 1, 0, Act.SELL, left).cost
    (position,) = of(opened, "ann").stakes[0].branches[0].positions
    assert (position.shares, position.free, position.brings) == (shares // 2, 0, 0)
    assert [(o.is_sale, o.price, o.left) for o in found.orders] == [(True, 900_000, shares // 2)]


def test_a_purchase_that_was_filled_in_part_is_part_position_part_cash(opened: Exchange):
    opened.grant("bob", 150)
    opened.trade("ann", 1, 1, Act.SPEND, 40 * MICRO, price=450_000)
    opened.trade("bob", 1, 0, Act.SPEND, 30 * MICRO)
    found = of(opened, "ann")
    (order,), release = found.orders, found.stakes[0].branches[0]

    assert 0 < order.left < 40 * MICRO
    assert [(each.outcome_name, each.shares) for each in release.positions] == [("SHORT", order.shares)]
    assert release.cash_back == order.left
    assert (found.in_decisions, found.stakes[0].at_risk) == (40 * MICRO, 40 * MICRO - order.left)


@pytest.mark.parametrize("seed", range(3))
def test_at_risk_is_never_below_zero_or_above_what_was_put_in(opened: Exchange, seed: int):
    """Whatever waits, and cancelling what was just placed brings exactly the same portfolio back."""
    chance = random.Random(seed)
    opened.grant("bob", 150)
    for _ in range(25):
        by, market_id, outcome = chance.choice(["ann", "bob"]), chance.choice([1, 2]), chance.randrange(2)
        amount, price = (
            chance.randint(MICRO, 15 * MICRO),
            chance.choice([None, chance.randrange(200_000, 800_000)]),
        )
        held = opened.held(f"person:{by}", f"share:M-{market_id}:{('LONG', 'SHORT')[outcome]}")
        act, size = (Act.SELL, held // 2) if held > MICRO and chance.random() < 0.5 else (Act.SPEND, amount)
        before = of(opened, by)
        with contextlib.suppress(Refusal):
            fill = opened.trade(by, market_id, outcome, act, size, price=price)
            if fill.waits and not fill.shares:
                opened.do(cancelling.cancel, by, of(opened, by).orders[-1].order_id)
                assert of(opened, by) == before
        for person in ("ann", "bob"):
            found = of(opened, person)
            assert found.balance == opened.held(f"person:{person}", "credit")
            assert all(0 <= stake.at_risk <= stake.put for stake in found.stakes)
            assert all(
                each.cash_back >= 0 and each.least <= each.most for s in found.stakes for each in s.branches
            )
