"""Earmarked credit pays in long markets only, and neither it nor what it brings gets into its owner's other wallet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from lots import mirrored, open_lottery
from sqlalchemy import insert, select, update

from core.database import writing
from core.errors import InsufficientFunds, Invalid, KeyReused, NotAllowed, Repeated, WidthCap
from core.exchange import (
    adding,
    allowing,
    cancelling,
    deciding,
    earmarking,
    granting,
    leaders,
    portfolio,
    reporting,
    resolving,
    staffing,
    trading,
)
from core.exchange.allowing import Allowance
from core.exchange.opening import BaseRate
from core.exchange.trading import Act, Fill, Order, Wallet
from core.ledger import guards
from core.ledger.tables import balance, posting
from core.markets.tables import market
from core.units import MICRO

YES, NO = 0, 1
PLAIN, EARMARKED = Wallet.PLAIN, Wallet.EARMARKED
YEAR = 365 * DAY


def give(exchange: Exchange, to: str, credits_given: int, **more: Any) -> int:
    """Whole credits into the wallet for long horizons."""
    key = more.pop("key", None) or exchange.new_key()
    amount = credits_given * MICRO
    return exchange.do(granting.grant, ADMIN, to, amount, key, "for the long run", wallet=EARMARKED, **more)


def credit(exchange: Exchange, person: str) -> tuple[int, int]:
    """What somebody has free in either wallet, the plain one first."""
    return exchange.held(f"person:{person}", "credit"), exchange.held(f"long:{person}", "credit")


def spend(exchange: Exchange, by: str, market_id: int, outcome: int, whole: float, **more: Any) -> Fill:
    return exchange.trade(by, market_id, outcome, Act.SPEND, round(whole * MICRO), **more)


def sell_all(exchange: Exchange, by: str, market_id: int, outcome: int, **more: Any) -> Fill:
    return exchange.trade(by, market_id, outcome, Act.SELL_ALL, 0, **more)


def is_long(exchange: Exchange) -> list[bool]:
    return [row.is_long for row in exchange.fetch(select(market.c.is_long).order_by(market.c.id))]


@pytest.fixture
def rich(exchange: Exchange) -> Exchange:
    """Ann has 100 credits in either wallet, bob 200 plain ones, and the pool enough for some markets."""
    exchange.grant("pool", 5_000)
    exchange.grant("ann", 100)
    exchange.grant("bob", 200)
    give(exchange, "ann", 100)
    return exchange


@pytest.fixture
def asked(rich: Exchange) -> Exchange:
    """A question for a year from now is market 1, one for a week from now is market 2."""
    rich.ask(closes_at=START + YEAR)
    rich.ask()
    return rich


@pytest.fixture
def decided(rich: Exchange) -> Exchange:
    """Decision 1 is read in a year, in markets 1 and 2; decision 2 in a month, in markets 3 and 4."""
    rich.open(freezes_at=START + YEAR)
    rich.open()
    return rich


# The horizon.


def test_a_market_is_long_from_the_horizon_on_which_stands_when_it_opens(rich: Exchange):
    """Neither time nor another horizon nor another date makes it anything else."""
    rich.ask(closes_at=START + 90 * DAY)
    rich.ask(closes_at=START + 90 * DAY - timedelta(milliseconds=1))
    rich.do(earmarking.set_horizon, ADMIN, 7, "A short pilot.")
    rich.ask()
    rich.open(freezes_at=START + 7 * DAY + DAY * 3)
    rich.do(earmarking.set_horizon, ADMIN, 400, "All of it.")
    rich.open(freezes_at=START + YEAR)
    rich.advance(DAY)

    assert is_long(rich) == [True, False, True, True, True, False, False]
    assert rich.read(earmarking.horizon) == 400


def test_the_horizon_is_the_admins_and_every_change_has_a_reason(rich: Exchange):
    assert rich.read(earmarking.horizon) == 90
    with pytest.raises(NotAllowed):
        rich.do(earmarking.set_horizon, "ann", 30, "I would like to.")
    for days in (0, -1, 3651, 10**12):
        with pytest.raises(Invalid) as refused:
            rich.do(earmarking.set_horizon, ADMIN, days, "A slip.")
        assert refused.value.field == "days"
    with pytest.raises(Invalid):
        rich.do(earmarking.set_horizon, ADMIN, 30, " ")

    assert rich.read(earmarking.horizon) == 90


def test_an_option_that_comes_later_is_as_long_as_its_rivals(rich: Exchange):
    """Its holders' earmarked credit counts in it too, so it can be used there, though less than the horizon is left."""
    rich.open(closes_at=START + 20 * DAY, decide_by=START + 22 * DAY, freezes_at=START + 95 * DAY)
    spend(rich, "ann", 1, YES, 30)
    rich.advance(10 * DAY)
    rich.do(adding.add_option, ADMIN, 1, adding.AddedOption("Wait", (BaseRate(50 * MICRO),)))
    fill = spend(rich, "ann", 3, YES, 20)

    assert is_long(rich) == [True, True, True]
    assert (fill.wallet, fill.already_conditional) == (EARMARKED, 20 * MICRO)
    assert rich.audit() == []


# Grants.


def test_a_grant_makes_the_second_wallet_and_goes_there_alone(exchange: Exchange):
    assert give(exchange, "ann", 40) == 40 * MICRO
    assert give(exchange, "ann", 2) == 42 * MICRO

    assert credit(exchange, "ann") == (0, 42 * MICRO)
    found = exchange.read(portfolio.portfolio, "ann")
    assert (found.balance, found.earmarked, found.worth) == (0, 42 * MICRO, 0)


def test_nobody_has_a_second_wallet_who_was_given_nothing_for_it(rich: Exchange):
    assert rich.read(portfolio.portfolio, "bob").earmarked is None
    rich.ask(closes_at=START + YEAR)
    with pytest.raises(Invalid) as refused:
        spend(rich, "bob", 1, YES, 5, wallet=EARMARKED)
    assert (refused.value.field, refused.value.rule) == ("wallet", "no_earmark")


def test_the_pool_has_no_second_wallet(rich: Exchange):
    with pytest.raises(Invalid):
        give(rich, granting.POOL, 5)


def test_one_key_grants_once_and_into_one_wallet(exchange: Exchange):
    give(exchange, "ann", 5, key="k")
    assert give(exchange, "ann", 5, key="k") == 5 * MICRO
    with pytest.raises(KeyReused):
        exchange.do(granting.grant, ADMIN, "ann", 5 * MICRO, "k", "for the long run")


def test_the_same_into_the_other_wallet_is_no_repeat(exchange: Exchange):
    wanted = (ADMIN, "ann", 5 * MICRO)
    exchange.do(granting.grant, *wanted, "one", "for the long run", unless_repeated=True)
    give(exchange, "ann", 5, unless_repeated=True)
    with pytest.raises(Repeated):
        give(exchange, "ann", 5, unless_repeated=True)

    assert credit(exchange, "ann") == (5 * MICRO, 5 * MICRO)


def test_a_reversal_takes_from_the_wallet_that_got_it_or_from_nowhere(rich: Exchange):
    """What was spent meanwhile is not taken from the other one."""
    rich.do(granting.appoint_first_admins, ["zoe"])
    give(rich, "bob", 30, key="k")
    rich.ask(closes_at=START + YEAR)
    spend(rich, "bob", 1, YES, 20, wallet=EARMARKED)
    rich.do(granting.ask_reversal, ADMIN, "k", "A slip.")
    with pytest.raises(InsufficientFunds):
        rich.do(granting.reverse, "zoe", "k")
    sell_all(rich, "bob", 1, YES)
    give(rich, "bob", 1)  # Of a round trip a millionth is rounded away.

    assert rich.read(granting.get, ADMIN, "k").wallet == EARMARKED
    assert rich.do(granting.reverse, "zoe", "k") == credit(rich, "bob")[1] < MICRO
    assert credit(rich, "bob")[0] == 200 * MICRO
    assert rich.audit() == []


def test_an_allowance_is_as_if_there_were_no_earmarked_credit(rich: Exchange):
    """It can be used in few markets, so it neither lowers what somebody gets for all of them, nor raises it."""
    rich.do(allowing.set_rule, ADMIN, Allowance(0, 0, None, 150 * MICRO, 7), "So that all can trade.")
    rich.ask(closes_at=START + YEAR)
    spend(rich, "ann", 1, YES, 50)
    rich.advance(7 * DAY)
    rich.run_due()

    plain, earmarked = credit(rich, "ann")
    assert (plain, earmarked) == (150 * MICRO, 50 * MICRO)


# Which wallet pays.


def test_the_earmarked_wallet_pays_where_it_can_pay_the_whole(asked: Exchange):
    fill = spend(asked, "ann", 1, YES, 60)
    assert (fill.wallet, fill.free) == (EARMARKED, 100 * MICRO)
    sell_all(asked, "ann", 1, YES)
    fill = spend(asked, "ann", 1, YES, 100)  # A millionth was rounded away.

    assert fill.wallet == PLAIN
    assert asked.audit() == []


def test_the_trader_may_say_which_pays(asked: Exchange):
    fill = spend(asked, "ann", 1, YES, 60, wallet=PLAIN)
    assert (fill.wallet, credit(asked, "ann")) == (PLAIN, (40 * MICRO, 100 * MICRO))
    with pytest.raises(InsufficientFunds) as short:
        spend(asked, "ann", 1, YES, 60)

    assert short.value.available == 40 * MICRO


def test_what_is_named_is_part_of_the_order(asked: Exchange):
    """The same key with another wallet is another order; the first one is told as it was."""
    order = Order("k", "ann", 1, (YES,), Act.SPEND, 5 * MICRO, wallet=EARMARKED)
    fill = asked.do(trading.execute, order)
    assert asked.do(trading.execute, order) == fill
    with pytest.raises(KeyReused):
        asked.do(trading.execute, Order("k", "ann", 1, (YES,), Act.SPEND, 5 * MICRO))

    assert fill.wallet == EARMARKED


@pytest.mark.parametrize("act", [Act.SPEND, Act.BUY, Act.SELL, Act.SELL_ALL])
def test_earmarked_credit_is_refused_in_any_other_market(asked: Exchange, act: Act):
    before = asked.digest()
    with pytest.raises(Invalid) as refused:
        asked.trade("ann", 2, YES, act, 5 * MICRO, wallet=EARMARKED)

    assert (refused.value.field, refused.value.rule) == ("wallet", "not_long")
    assert asked.digest() == before
    assert spend(asked, "ann", 2, YES, 5).wallet == PLAIN


def test_it_is_refused_in_a_short_decision_too(decided: Exchange):
    with pytest.raises(Invalid):
        spend(decided, "ann", 3, YES, 5, wallet=EARMARKED)
    with pytest.raises(InsufficientFunds):
        spend(decided, "ann", 3, YES, 101)  # Both wallets together would have it.


def test_a_quote_says_what_pays_and_what_is_there(decided: Exchange):
    """Conditional credit of the wallet that pays counts, and none of the other one."""
    spend(decided, "ann", 1, YES, 30)
    spend(decided, "ann", 2, YES, 20, wallet=PLAIN)
    seen = decided.read(trading.purse, "ann", 1, decided.now)

    assert (seen.free, seen.conditional, seen.held) == (80 * MICRO, 20 * MICRO, EARMARKED)
    assert seen.of(EARMARKED)[:2] == (70 * MICRO, 0)
    assert decided.read(trading.purse, "ann", 3, decided.now) == trading.Purse(80 * MICRO, 0)


# The exploits: credit that was given for the long run is to stay in it.


def test_a_complete_set_merges_back_into_the_wallet_that_bought_it(asked: Exchange):
    """Buying both sides earns nothing, and frees nothing for other markets."""
    spend(asked, "ann", 1, YES, 40)
    spend(asked, "ann", 1, NO, 40)
    sell_all(asked, "ann", 1, NO)  # That is what fewer were had of for the first purchase.

    plain, earmarked = credit(asked, "ann")
    assert plain == 100 * MICRO
    assert 100 * MICRO - 10 <= earmarked <= 100 * MICRO
    assert asked.audit() == []


def test_a_split_merges_back_into_the_wallet_that_was_split(decided: Exchange):
    """Bets in all branches of a decision leave nothing loose, and undone they are what they were made of."""
    for market_id in (1, 2):
        spend(decided, "ann", market_id, YES, 40)
    assert credit(decided, "ann") == (100 * MICRO, 60 * MICRO)
    for market_id in (1, 2):
        sell_all(decided, "ann", market_id, YES)

    plain, earmarked = credit(decided, "ann")
    assert plain == 100 * MICRO
    assert 100 * MICRO - 10 <= earmarked <= 100 * MICRO
    assert decided.audit() == []


def test_what_one_wallet_bought_the_other_cannot_sell(asked: Exchange):
    spend(asked, "ann", 1, YES, 40, wallet=EARMARKED)
    for act in (Act.SELL, Act.SELL_ALL):
        with pytest.raises(Invalid) as refused:
            asked.trade("ann", 1, YES, act, 1 * MICRO, wallet=PLAIN)
        assert (refused.value.rule, refused.value.value) == ("other_wallet", EARMARKED)
    fill = sell_all(asked, "ann", 1, YES)

    assert fill.wallet == EARMARKED
    assert credit(asked, "ann")[0] == 100 * MICRO


@pytest.mark.parametrize(("first", "second"), [(PLAIN, EARMARKED), (EARMARKED, PLAIN)])
@pytest.mark.parametrize("side", [YES, NO])
def test_nobody_trades_from_one_wallet_to_the_other(
    asked: Exchange, first: Wallet, second: Wallet, side: int
):
    """One wallet buys, the other drives the price on, the first sells dear: what it gains the second one would lose.

    On the other side of the market the same would be had by waiting for the reading.
    """
    spend(asked, "ann", 1, YES, 20, wallet=first)
    before = asked.digest()
    with pytest.raises(Invalid) as refused:
        spend(asked, "ann", 1, side, 20, wallet=second)

    assert (refused.value.field, refused.value.rule) == ("wallet", "other_wallet")
    assert asked.digest() == before


def test_the_wallets_take_turns_and_neither_gains_by_it(asked: Exchange):
    for wallet in (PLAIN, EARMARKED, PLAIN, EARMARKED):
        spend(asked, "ann", 1, YES, 30, wallet=wallet)
        sell_all(asked, "ann", 1, YES)

    assert all(100 * MICRO - 10 <= each <= 100 * MICRO for each in credit(asked, "ann"))


def test_an_order_that_waits_binds_its_wallet_too(asked: Exchange):
    """Otherwise the other wallet would drive the price into it."""
    spend(asked, "ann", 1, YES, 20, wallet=EARMARKED, price=400_000)
    with pytest.raises(Invalid) as refused:
        spend(asked, "ann", 1, NO, 60, wallet=PLAIN)
    assert refused.value.rule == "other_wallet"
    assert spend(asked, "ann", 1, NO, 60).ends == 1  # Its own it passes, and never meets.

    assert all(order.shares == 0 for order in asked.orders())
    assert credit(asked, "ann") == (100 * MICRO, 40 * MICRO)


def test_batches_see_what_was_just_bought(asked: Exchange):
    """Two orders of one commit are no way around it."""
    orders = [
        Order(f"{n}", "ann", 1, (YES,), Act.SPEND, 10 * MICRO, wallet=wallet)
        for n, wallet in enumerate((EARMARKED, PLAIN, EARMARKED))
    ]
    answers = asked.do(lambda connection, now: trading.execute(connection, orders, now))

    assert [isinstance(each, Invalid) for each in answers] == [False, True, False]


@pytest.mark.parametrize("ends", ["cancelled", "expired", "left", "closed"])
def test_what_an_order_reserved_goes_back_where_it_came_from(asked: Exchange, ends: str):
    until = START + DAY if ends == "expired" else None
    spend(asked, "ann", 1, YES, 20, wallet=EARMARKED, price=400_000, expires_at=until)
    spend(asked, "ann", 2, YES, 10, price=400_000)
    assert credit(asked, "ann") == (90 * MICRO, 80 * MICRO)
    if ends == "cancelled":
        asked.do(cancelling.cancel_all, "ann")
    elif ends == "left":
        asked.do(staffing.leave, ADMIN, "ann", "She left.")
    asked.now = START + YEAR if ends == "closed" else START + 2 * DAY
    asked.run_due()

    assert credit(asked, "ann")[1] == 100 * MICRO


def test_what_meets_an_order_pays_into_its_wallet(asked: Exchange):
    """And the full sets that it leaves there merge there."""
    spend(asked, "ann", 1, NO, 20, wallet=EARMARKED)
    spend(asked, "ann", 1, YES, 20, price=430_000)
    spend(asked, "bob", 1, NO, 60)
    (order,) = asked.orders()

    assert order.shares > 0
    assert asked.shares("ann", 1) == [0, 0]
    assert credit(asked, "ann")[0] == 100 * MICRO
    assert asked.audit() == []


def test_earmarked_credit_backs_one_decision_at_a_time(rich: Exchange):
    """Neither two decisions nor two questions nor an order that waits are backed by the same credit."""
    rich.open(freezes_at=START + YEAR)
    rich.ask(closes_at=START + YEAR)
    spend(rich, "ann", 1, YES, 60, wallet=EARMARKED)
    with pytest.raises(InsufficientFunds):
        spend(rich, "ann", 3, YES, 60, wallet=EARMARKED)
    spend(rich, "ann", 3, YES, 40, wallet=EARMARKED, price=300_000)
    with pytest.raises(InsufficientFunds):
        spend(rich, "ann", 1, YES, 1, wallet=EARMARKED)

    assert credit(rich, "ann") == (100 * MICRO, 0)


def test_a_second_wallet_makes_nobody_wider(rich: Exchange):
    """More credit raises no limit, and what the first wallet holds or waits for leaves no room for the second one."""
    give(rich, "ann", 10_000)
    rich.grant("ann", 10_000)
    rich.ask(closes_at=START + YEAR, width_cap=50 * MICRO)
    with pytest.raises(WidthCap):
        rich.trade("ann", 1, YES, Act.BUY, 51 * MICRO)
    rich.trade("ann", 1, YES, Act.BUY, 30 * MICRO)
    for wallet, refusal in ((None, WidthCap), (EARMARKED, WidthCap), (PLAIN, Invalid)):
        with pytest.raises(refusal):
            rich.trade("ann", 1, YES, Act.BUY, 21 * MICRO, wallet=wallet)

    assert rich.trade("ann", 1, YES, Act.BUY, 20 * MICRO).wallet == EARMARKED


def test_a_pair_farms_nothing_by_holding_both_sides_for_a_year(rich: Exchange):
    """Nothing grows by lying there: what the two have at the end is what they had, but for what is rounded down."""
    give(rich, "bob", 100)
    rich.do(allowing.set_rule, ADMIN, Allowance(0, 0, None, 50 * MICRO, 30), "A floor.")
    rich.ask(closes_at=START + YEAR)
    bought = spend(rich, "ann", 1, YES, 50)
    rich.trade("bob", 1, NO, Act.BUY, bought.shares)
    rich.now = START + YEAR
    rich.run_due()
    rich.do(resolving.file, OWNER, 1, MICRO, "the dashboard")
    rich.advance(2 * DAY)
    rich.run_due()

    total = sum(credit(rich, "ann")) + sum(credit(rich, "bob"))
    assert 500 * MICRO - 10 <= total <= 500 * MICRO
    assert [credit(rich, each)[0] for each in ("ann", "bob")] == [100 * MICRO, 200 * MICRO]


def test_a_friend_may_win_what_somebody_loses_and_the_books_of_both_say_so(asked: Exchange):
    """That nothing can prevent: it is a trade between two people. It shows in what markets brought either of them."""
    spend(asked, "bob", 1, YES, 20)
    spend(asked, "ann", 1, YES, 50)
    sell_all(asked, "bob", 1, YES)
    sell_all(asked, "ann", 1, YES)
    won = credit(asked, "bob")[0] - 200 * MICRO

    assert won == pytest.approx(100 * MICRO - credit(asked, "ann")[1], abs=5)
    assert 0 < won < 20 * MICRO
    asked.now = START + YEAR
    asked.run_due()
    asked.do(resolving.file, OWNER, 1, MICRO, "the dashboard")
    asked.advance(2 * DAY)
    asked.run_due()
    seen = asked.read(leaders.leaders, "bob")
    assert (seen.top[0].rank, seen.top[0].realised) == (1, won)


# Decisions.


@pytest.mark.parametrize("taken", [1, 2, None])
def test_each_wallet_has_back_what_it_put_on_what_is_not_taken(decided: Exchange, taken: int | None):
    """Ann backs one option by either wallet; profits and losses stay where they were made."""
    spend(decided, "ann", 1, YES, 30, wallet=EARMARKED)
    spend(decided, "ann", 2, YES, 40, wallet=PLAIN)
    decided.now = START + 7 * DAY
    if taken is None:
        decided.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    else:
        decided.do(deciding.record, DECIDER, 1, taken, "So it is.")
    decided.advance(2 * DAY)
    decided.run_due()
    left = {1: (100 * MICRO, 70 * MICRO), 2: (60 * MICRO, 100 * MICRO), None: (100 * MICRO,) * 2}
    assert credit(decided, "ann") == left[taken]
    if taken is None:
        return
    decided.now = START + YEAR
    decided.run_due()
    decided.do(resolving.file, OWNER, 1, 100 * MICRO, "the dashboard")
    decided.advance(2 * DAY)
    decided.run_due()

    plain, earmarked = credit(decided, "ann")
    assert (earmarked if taken == 1 else plain) > 100 * MICRO
    assert (plain if taken == 1 else earmarked) == 100 * MICRO
    won = plain + earmarked - 200 * MICRO
    assert [each.realised for each in decided.read(leaders.leaders, "ann").top] == [won]


def test_a_mirrored_order_is_paid_by_one_wallet(rich: Exchange):
    """Both legs are backed by one split of it; where the other wallet holds a twin, that leg is refused."""
    open_lottery(rich, freezes_at=START + YEAR)
    fill = mirrored(rich, "ann", 1, 3, 30)
    assert (fill.wallet, fill.twin.wallet) == (EARMARKED, EARMARKED)
    assert credit(rich, "ann") == (100 * MICRO, 70 * MICRO)
    spend(rich, "ann", 4, YES, 10, wallet=PLAIN)
    fill = mirrored(rich, "ann", 2, 4, 30, wallet=EARMARKED)

    assert isinstance(fill.twin, Invalid)
    assert (fill.twin.field, fill.twin.rule) == ("wallet", "other_wallet")
    assert mirrored(rich, "ann", 2, 4, 5).wallet == EARMARKED  # That of the first leg.
    assert rich.audit() == []


# A person is one, by whatever wallet.


def test_who_trades_by_both_wallets_is_one_trader(decided: Exchange):
    spend(decided, "ann", 1, YES, 30, wallet=EARMARKED)
    spend(decided, "ann", 2, YES, 40, wallet=PLAIN)
    measure = decided.read(reporting.report, "ann", 1, decided.now, in_full=True).measures[0]

    assert (measure.spread.people, measure.spread.ranked) == (1, False)
    assert measure.trust is not None
    assert (measure.trust.traders, measure.trust.effective) == (1, 1)


def test_who_may_not_trade_may_not_by_either_wallet(decided: Exchange):
    for who in (DECIDER, OWNER):
        give(decided, who, 10)
        with pytest.raises(NotAllowed):
            spend(decided, who, 1, YES, 5)


def test_home_shows_the_wallets_apart_and_the_most_that_can_be_lost(decided: Exchange):
    """Only one branch comes true, so that losses by two wallets in two branches do not add up."""
    spend(decided, "ann", 1, YES, 30, wallet=EARMARKED)
    spend(decided, "ann", 2, YES, 40, wallet=PLAIN)
    found = decided.read(portfolio.portfolio, "ann")
    (stake,) = found.stakes

    assert (found.balance, found.earmarked) == (60 * MICRO, 70 * MICRO)
    assert (stake.put, stake.earmarked, stake.at_risk) == (70 * MICRO, 30 * MICRO, 40 * MICRO)
    held = {each.market_id: each for branch in stake.branches for each in branch.positions}
    assert {number: each.is_earmarked for number, each in held.items()} == {1: True, 2: False}
    assert found.worth == 100 * MICRO


# The audit.


def _given_to_another_order(exchange: Exchange) -> Any:
    order = exchange.account("order:key-6")
    return (
        update(posting)
        .where(posting.c.destination_id == order)
        .values(source_id=exchange.account("person:bob"))
    )


def _into_a_short_market(exchange: Exchange) -> Any:
    places = {"account_id": exchange.account("long:ann"), "unit_id": exchange.unit("share:M-2:YES")}
    return insert(balance).values(places | {"amount": 0})


def _of_a_short_market(_: Exchange) -> Any:
    return update(market).where(market.c.id == 1).values(is_long=False)


def _held_by_both(exchange: Exchange) -> Any:
    places = {"account_id": exchange.account("person:ann"), "unit_id": exchange.unit("share:M-1:NO")}
    return insert(balance).values(places | {"amount": 1})


@pytest.mark.parametrize(
    ("meddling", "claim"),
    [
        (_into_a_short_market, "Earmarked credit was in no market but long ones"),
        (_of_a_short_market, "Earmarked credit was in no market but long ones"),
        (_given_to_another_order, "No wallet gave another one anything but through a maker"),
        (_held_by_both, "Nobody holds anything in a market by two wallets"),
    ],
)
def test_the_audit_finds_what_went_where_it_should_not(
    asked: Exchange, meddling: Callable[[Exchange], Any], claim: str
):
    spend(asked, "ann", 1, YES, 20)
    spend(asked, "ann", 1, YES, 20, price=100_000)
    assert asked.audit() == []
    statement = meddling(asked)
    with writing(asked.engine) as connection:
        guards.remove(connection)
        connection.execute(statement)
        guards.install(connection)

    assert claim in {proof.claim for proof in asked.audit()}
