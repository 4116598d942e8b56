"""Plans of a portfolio: what the policy would add where and why, applied once, daily by itself, and learned from what settled."""

import math
from dataclasses import replace
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, OWNER, START, Exchange, lottery, measure
from sqlalchemy import select

from core.errors import Invalid, KeyReused, NotAllowed, NotOpen, OverBudget, PlanMoved
from core.exchange import allocating, backed, granting, halting, portfolios, proposing, resolving, subsidising
from core.exchange.allocating import Assumption, Help, Proposal, Row, Why
from core.exchange.portfolios import PortfolioPlan
from core.exchange.trading import Act, Wallet
from core.funding import lessons
from core.funding.tables import learned, portfolio_change
from core.markets import registry
from core.markets.tables import drip
from core.units import MICRO

MAIN = portfolios.MAIN
CLOSE_CALL = Assumption(20_000 * MICRO, 200_000)


def planned(exchange: Exchange, portfolio_id: int = MAIN) -> Proposal:
    return exchange.read(allocating.plan, ADMIN, portfolio_id, exchange.now)


def row(exchange: Exchange, name: str = "D-1") -> Row:
    return next(each for each in planned(exchange).rows if each.name == name)


def assume(exchange: Exchange, decision_id: int, of: Assumption = CLOSE_CALL) -> None:
    exchange.do(allocating.assume, ADMIN, decision_id, of, "The board asked.")


def budget(exchange: Exchange, **changes: Any) -> None:
    plan = PortfolioPlan("Main", None, None, 30, ())
    exchange.do(portfolios.change, ADMIN, MAIN, replace(plan, **changes), "A new quarter.")


def apply(exchange: Exchange, digest: str, key: str = "k") -> allocating.Applied:
    return exchange.do(allocating.apply, ADMIN, MAIN, digest, "As planned.", key=key)


def changes(exchange: Exchange, what: str) -> list[Any]:
    return exchange.fetch(
        select(portfolio_change).where(portfolio_change.c.what == what).order_by(portfolio_change.c.id)
    )


def dripping(exchange: Exchange) -> dict[int, int]:
    return {each.market_id: each.remaining for each in exchange.fetch(select(drip))}


@pytest.fixture
def rich(exchange: Exchange) -> Exchange:
    """A pool of 20,000 credits, four traders with 10,000 each, and a decision that is a close call with much at stake."""
    exchange.grant("pool", 20_000)
    for name in ("ann", "bob", "cat", "dan"):
        exchange.grant(name, 10_000)
    exchange.open(measures=(measure(50, 48),))
    assume(exchange, 1)
    return exchange


def test_a_plan_changes_nothing_and_says_what_it_rests_on(rich: Exchange):
    before = rich.digest()
    plan = planned(rich)
    (found,) = plan.rows

    assert rich.digest() == before
    assert dripping(rich) == {}
    assert found.why in (Why.FUNDED, Why.LEAST, Why.CAPPED)
    assert 0 < found.adds <= plan.free
    assert plan.adds == found.adds
    assert found.worth > 0
    assert found.prior is not None
    assert (found.prior.is_stated, found.prior.stake, found.prior.gap_sd) == (True, 20_000 * MICRO, 0.2)
    assert found.prior.gap == pytest.approx(0.02, abs=1e-5)
    assert (found.prior.options, found.prior.measures, found.prior.kind) == (2, 1, "scalar")
    assert found.prior.learned < found.prior.learns < 1
    assert [each.adds > 0 for each in found.markets] == [True, True]
    assert all(each.least <= each.liquidity + each.adds <= each.most for each in found.markets)


def test_what_is_applied_drips_in_and_takes_no_more_than_was_planned(rich: Exchange):
    plan = planned(rich)
    done = apply(rich, plan.digest)
    asked = {each.market_id: each.adds for each in plan.rows[0].markets}

    assert done == allocating.Applied("Main", plan.adds, ("D-1",))
    assert dripping(rich) == asked
    (change,) = changes(rich, "applied")
    assert change.facts["adds"] == plan.adds
    reserved = rich.read(portfolios.one, ADMIN, MAIN, rich.now).reserved
    for _ in range(60):
        rich.advance(DAY / 2)
        if rich.now >= START + 7 * DAY:
            break
        rich.run_due()
    grown = rich.read(portfolios.one, ADMIN, MAIN, rich.now).reserved - reserved
    assert 0 < grown <= plan.adds


def test_what_drips_already_is_not_planned_again(rich: Exchange):
    apply(rich, planned(rich).digest)
    after = planned(rich)

    assert after.adds == 0
    assert after.rows[0].why in (Why.HELD, Why.CAPPED)
    with pytest.raises(Invalid) as refused:
        apply(rich, after.digest, "k2")
    assert (refused.value.field, refused.value.rule) == ("portfolio", "nothing_to_add")


def test_a_plan_is_applied_once_however_often_it_is_delivered(rich: Exchange):
    digest = planned(rich).digest
    first = apply(rich, digest)

    assert apply(rich, digest) == first
    assert len(changes(rich, "applied")) == 1
    with pytest.raises(PlanMoved):
        apply(rich, digest, "another key")


def test_a_key_of_another_portfolio_s_plan_is_not_taken_for_this_one(rich: Exchange):
    apply(rich, planned(rich).digest)
    second = PortfolioPlan("Second", None, None, 30, (ADMIN,))
    rich.do(portfolios.open_portfolio, ADMIN, second, "More.", key="new")

    with pytest.raises(KeyReused):
        rich.do(allocating.apply, ADMIN, 2, planned(rich, 2).digest, "Again.", key="k")


def moved_prices(exchange: Exchange) -> None:
    exchange.trade("ann", 1, 0, Act.SPEND, 60 * MICRO)


def moved_liquidity(exchange: Exchange) -> None:
    exchange.do(subsidising.deepen, ADMIN, 1, 5 * MICRO)


def moved_budget(exchange: Exchange) -> None:
    budget(exchange, reserve_budget=300 * MICRO)


def moved_stakes(exchange: Exchange) -> None:
    assume(exchange, 1, replace(CLOSE_CALL, stake=40_000 * MICRO))


@pytest.mark.parametrize(
    ("move", "part"),
    [
        (moved_prices, "prices"),
        (moved_liquidity, "liquidity"),
        (moved_budget, "budgets"),
        (moved_stakes, "assumptions"),
    ],
)
def test_a_plan_whose_basis_moved_is_refused_with_the_numbers_and_changes_nothing(
    rich: Exchange, move: Any, part: str
):
    plan = planned(rich)
    move(rich)
    before = dripping(rich)

    with pytest.raises(PlanMoved) as refused:
        apply(rich, plan.digest)
    assert part in refused.value.parts
    assert (refused.value.was, refused.value.is_now) == (plan.adds, planned(rich).adds)
    assert dripping(rich) == before
    assert changes(rich, "applied") == []


def test_a_plan_of_one_period_is_not_applied_in_the_next(rich: Exchange):
    """There may be other money to spend in it."""
    budget(rich, spend_budget=1_000 * MICRO, period_days=7)
    rich.advance(6 * DAY)
    proposal = planned(rich)
    assert proposal.adds
    rich.advance(DAY)
    with pytest.raises(PlanMoved) as no:
        apply(rich, proposal.digest)

    assert "budgets" in no.value.parts


def test_only_who_may_spend_plans_and_applies_and_nobody_while_it_is_paused(rich: Exchange):
    digest = planned(rich).digest
    with pytest.raises(NotAllowed):
        rich.read(allocating.plan, "ann", MAIN, rich.now)
    with pytest.raises(NotAllowed):
        rich.do(allocating.apply, "ann", MAIN, digest, "Mine.", key="a")
    with pytest.raises(NotAllowed):
        rich.do(allocating.assume, "ann", 1, CLOSE_CALL, "Mine.")
    rich.do(portfolios.pause, ADMIN, MAIN, "An audit.")
    with pytest.raises(NotOpen):
        apply(rich, digest)


def test_close_calls_with_much_at_stake_get_the_money(rich: Exchange):
    rich.open(measures=(measure(50, 48),))
    rich.open(measures=(measure(90, 10),))
    assume(rich, 2, replace(CLOSE_CALL, stake=2_000 * MICRO))
    assume(rich, 3, replace(CLOSE_CALL, gap_sd=100_000))
    budget(rich, reserve_budget=1_500 * MICRO)
    much, little, sure = planned(rich).rows

    assert much.adds > little.adds
    assert sure.adds == 0
    assert sure.why == Why.NOTHING
    assert planned(rich).adds <= 900 * MICRO
    assert planned(rich).adds == pytest.approx(900 * MICRO, abs=1000)


def test_what_is_assumed_is_said_to_be_and_what_is_stated_is_kept_and_told(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    before = exchange.read(allocating.assumed, ADMIN, 1)
    assume(exchange, 1)
    assume(exchange, 1, replace(CLOSE_CALL, chance=500_000))
    after = exchange.read(allocating.assumed, ADMIN, 1)

    assert not before.is_stated
    assert before.of.stake == 1_000 * MICRO
    assert after.is_stated
    assert after.of == replace(CLOSE_CALL, chance=500_000)
    first, second = changes(exchange, "stakes")
    assert (first.facts["was"], second.facts["was"]["stake"]) == (None, 20_000 * MICRO)


def test_how_far_off_a_base_rate_could_be_is_said_at_opening_and_plans_go_by_it(exchange: Exchange):
    exchange.grant("pool", 2_000)
    first = replace(measure(50, 40), off=5 * MICRO)
    exchange.open(measures=(first,))

    (row,) = exchange.read(allocating.plan, ADMIN, MAIN, exchange.now).rows
    assert row.prior is not None
    assert row.prior.gap_sd == pytest.approx(5 / 100 * math.sqrt(2), abs=1e-6)
    assert not row.prior.is_stated, "nobody has said what it is worth"
    said = exchange.read(allocating.assumed, ADMIN, 1)
    assert (said.of.stake, said.is_stated) == (1_000 * MICRO, False)
    (told,) = changes(exchange, "off")
    assert told.facts == {"of": "D-1", "gap_sd": 70_711}
    assert (
        exchange.read(portfolios.one, ADMIN, MAIN, exchange.now).log[0].reason == "Said when it was opened."
    )
    with pytest.raises(Invalid) as no:
        exchange.open(measures=(replace(first, off=0),))
    assert no.value.field == "off"


def test_what_cannot_be_made_useful_says_what_would(exchange: Exchange):
    exchange.grant("pool", 300)
    exchange.grant("ann", 100_000)
    exchange.open(measures=(measure(50, 48),), subsidy=20 * MICRO)
    assume(exchange, 1, replace(CLOSE_CALL, gap_sd=50_000))
    found = row(exchange)

    assert found.why == Why.BELOW
    assert found.needed is not None
    assert found.needed > 300 * MICRO
    assert {each.kind for each in found.remedies} == {Help.BUDGET, Help.RANGE}
    assert found.remedies[0].amount == found.needed
    exchange.grant("pool", found.needed // MICRO)
    assert row(exchange).adds > 0


def test_where_traders_could_not_move_what_it_needs_more_credit_for_them_is_advised(exchange: Exchange):
    exchange.grant("pool", 20_000)
    exchange.grant("ann", 300)
    exchange.open(measures=(measure(50, 48),))
    assume(exchange, 1)
    found = row(exchange)
    capital = next(each.amount for each in found.remedies if each.kind == Help.CAPITAL)

    assert found.why == Why.WINDOW
    assert capital > 300 * MICRO
    exchange.grant("ann", 2 * (capital // MICRO))
    assert row(exchange).why != Why.WINDOW


def test_only_the_credit_of_those_who_traded_lately_moves_prices(exchange: Exchange):
    exchange.grant("pool", 1_000)
    for person, credits_given in (("ann", 300), ("bob", 500)):
        exchange.grant(person, credits_given)

    def moves() -> int:
        return exchange.read(allocating.plan, ADMIN, MAIN, exchange.now).capital

    exchange.open(closes_at=START + 200 * DAY, decide_by=START + 201 * DAY, freezes_at=START + 300 * DAY)
    assert moves() == 800 * MICRO, "nobody has traded yet"
    exchange.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    assert moves() == 290 * MICRO
    exchange.now += 60 * DAY
    exchange.trade("bob", 1, 0, Act.SPEND, 10 * MICRO)
    assert moves() == 780 * MICRO
    exchange.now += 60 * DAY
    assert moves() == 490 * MICRO


def test_credit_for_long_horizons_moves_prices_of_long_markets_only(exchange: Exchange):
    """So granting it is what the advice asks for there, and there alone."""
    exchange.grant("pool", 2_000)
    exchange.grant("ann", 300)
    for days in (30, 200):
        exchange.open(measures=(measure(50, 48),), freezes_at=START + days * DAY)
    before = [row(exchange, name).markets[0].most for name in ("D-1", "D-2")]
    exchange.do(granting.grant, ADMIN, "ann", 600 * MICRO, "long", "For next year.", wallet=Wallet.EARMARKED)
    short, long = (row(exchange, name).markets[0].most for name in ("D-1", "D-2"))

    assert before == [short, short]
    assert long == pytest.approx(3 * short)


def test_a_question_of_yes_or_no_needs_less_than_a_scalar_to_be_of_use(exchange: Exchange):
    exchange.grant("pool", 20_000)
    exchange.grant("ann", 100_000)
    yes_no = replace(measure(50, 48).metrics[0].definition, unit="yes or no")
    for metric in (measure(50, 48).metrics[0].definition, yes_no):
        exchange.open(measures=(measure(55, 35, metric=metric),), subsidy=2 * MICRO)
    for number in (1, 2):
        assume(exchange, number)
    scalar, chance = planned(exchange).rows

    assert scalar.prior is not None
    assert chance.prior is not None
    assert chance.prior.kind == "yes_no"
    assert chance.prior.pays_less == pytest.approx(1, rel=0.02)
    assert scalar.prior.pays_less > 5
    assert scalar.needed is not None
    assert chance.needed is not None
    assert chance.needed < scalar.needed


def test_what_does_not_trade_gets_nothing_and_says_why(rich: Exchange):
    rich.ask()
    rich.do(halting.halt, ADMIN, 1, "A leak.")
    assert {each.name: each.why for each in planned(rich).rows} == {"D-1": Why.HALTED, "M-3": Why.QUESTION}
    rich.now = START + 7 * DAY

    assert row(rich).why == Why.CLOSED
    assert planned(rich).adds == 0


def test_twins_of_a_lottery_stay_in_proportion(exchange: Exchange):
    exchange.grant("pool", 50_000)
    exchange.grant("ann", 1_000_000)
    exchange.open(measures=(measure(50, 48),), lottery=lottery(0.75, 2, 1), decide_by=START + 10 * DAY)
    assume(exchange, 1, Assumption(500_000 * MICRO, 300_000))
    found = row(exchange)
    parts = [each.adds / each.liquidity for each in found.markets]

    assert len(parts) == 4
    assert found.adds > 0
    assert parts == pytest.approx([parts[0]] * 4, rel=1e-6)


def test_the_policy_applies_by_itself_once_a_day_and_no_more_than_it_may(rich: Exchange):
    assert "automatic" not in rich.run_due()
    rich.do(portfolios.automate, ADMIN, MAIN, 50 * MICRO, "It may.")
    assert rich.run_due().count("automatic") == 1
    assert rich.run_due().count("automatic") == 0
    rich.do(allocating.automatic, MAIN)
    (change,) = changes(rich, "applied")

    assert change.by is None
    assert 0 < change.facts["adds"] <= 50 * MICRO
    rich.advance(DAY)
    assert rich.run_due().count("automatic") == 1
    assert len(changes(rich, "applied")) == 2


def test_a_paused_portfolio_is_not_looked_at(rich: Exchange):
    rich.do(portfolios.automate, ADMIN, MAIN, 50 * MICRO, "It may.")
    rich.do(portfolios.pause, ADMIN, MAIN, "An audit.")

    assert "automatic" not in rich.run_due()
    assert dripping(rich) == {}


def test_expected_loss_is_a_budget_of_its_own(rich: Exchange):
    freely = planned(rich)
    budget(rich, spend_budget=freely.expects // 2)
    tight = planned(rich)

    assert tight.adds < freely.adds
    assert tight.expects <= max(freely.expects // 2, rich_spend(rich)) + 1


def test_what_drips_into_what_is_not_planned_for_is_promised_to_it(rich: Exchange):
    """Neither questions nor decisions that are halted lose it to a plan."""
    question = rich.ask().market_ids[0]
    held = planned(rich).reserved
    rich.do(subsidising.deepen, ADMIN, question, 150 * MICRO)
    budget(rich, reserve_budget=held + 200 * MICRO)
    found, facts = planned(rich), rich.read(portfolios.one, ADMIN, MAIN, rich.now)

    assert facts.promised == pytest.approx(150 * math.log(2) * MICRO, abs=1)
    assert found.adds == pytest.approx(200 * MICRO - facts.promised, abs=100)
    assert (facts.reserved, found.reserved) == (held, held + facts.promised)
    assert found.free == facts.free - facts.promised
    assert sum(each.reserved for each in found.rows) == found.reserved
    with pytest.raises(OverBudget) as caught:
        rich.ask(liquidity=150 * MICRO)
    assert caught.value.promised == facts.promised


def test_nothing_is_planned_once_the_period_is_expected_to_cost_what_it_may(rich: Exchange):
    """By today's prices, also by those of what it would add to; what is learned beyond them comes on top."""
    rich.open(measures=(measure(50, 48),))
    assume(rich, 2)
    rich.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    budget(rich, period_days=366)
    found, free = rich.read(portfolios.one, ADMIN, MAIN, rich.now), planned(rich)
    assert free.losing == found.expected == found.backs[0].losing > 0
    assert free.adds > 0
    for spend, left in ((free.losing, 0), (free.losing + MICRO, MICRO), (free.losing // 2, 0)):
        budget(rich, period_days=366, spend_budget=spend)
        tight = planned(rich)
        assert (tight.spend_left, tight.losing) == (left, free.losing)
        assert tight.adds == 0 or left > 0


def test_a_trade_that_hardly_moves_prices_makes_no_other_plan(rich: Exchange):
    """Though what drips takes a little more at the new ones, and the period is expected to cost a little more."""
    rich.trade("ann", 2, 1, Act.SPEND, MICRO)
    rich.do(subsidising.deepen, ADMIN, 2, 10 * MICRO)
    budget(rich, spend_budget=500 * MICRO, period_days=366)
    before = planned(rich)
    rich.trade("ann", 2, 1, Act.SPEND, MICRO // 10)
    after = planned(rich)

    assert after.reserved != before.reserved
    assert after.spend_left != before.spend_left
    assert proposing.differences(before.digest, after.digest) == ()


def test_where_a_lottery_always_decides_only_what_is_drawn_is_planned_for(exchange: Exchange):
    """People choose nothing there: their twins are never traded, say nothing of the gap, and learn nothing."""
    exchange.grant("pool", 50_000)
    exchange.grant("ann", 1_000_000)
    opened = exchange.open(measures=(measure(50, 48),), lottery=lottery(1, 1, 1), decide_by=START + 10 * DAY)
    assume(exchange, 1, Assumption(500_000 * MICRO, 300_000))
    before = row(exchange)
    exchange.trade("ann", opened.market_ids[2], 0, Act.BUY, 20 * MICRO)
    after = row(exchange)

    assert [each.market_id for each in before.markets] == [*opened.market_ids[2:]]
    assert before.adds > 0
    assert before.prior is not None
    assert after.prior is not None
    assert after.prior.gap > before.prior.gap
    losing = [each.losing for each in exchange.read(portfolios.one, ADMIN, MAIN, exchange.now).backs]
    market = exchange.read(registry.get, opened.market_ids[2])
    assert losing == [backed.losing(market.liquidity, market.weights, market.tick.prices) // 2]


def rich_spend(exchange: Exchange) -> int:
    """What is expected to be lost if nothing is added."""
    budget(exchange, reserve_budget=201 * MICRO)
    return planned(exchange).expects


def test_after_thirty_settled_markets_the_policy_learns_and_says_so(exchange: Exchange, monkeypatch: Any):
    monkeypatch.setattr(lessons, "EACH", 2)
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 500)
    for number in (1, 2):
        exchange.ask()
        exchange.trade("ann", number, 0, Act.SPEND, 30 * MICRO)
        exchange.do(resolving.file, OWNER, number, MICRO, "the dashboard")
    exchange.advance(2 * DAY)
    exchange.run_due()
    exchange.do(allocating.refit, 2)
    (lesson,) = exchange.fetch(select(learned))

    assert lesson.settled == 2
    assert (lesson.was_beta, lesson.was_attention) == (30 * MICRO, 5 * MICRO)
    assert 7.5 * MICRO <= lesson.beta <= 120 * MICRO
    assert lesson.beta != lesson.was_beta
    (change,) = changes(exchange, "learned")
    assert change.facts["beta"] == lesson.beta
    assert planned(exchange).beta == lesson.beta
