"""Credit by a standing rule: once a person and period, by what they are worth, wherever they keep it."""

from dataclasses import replace
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed
from core.exchange import allowing, board, deciding, portfolio, staffing
from core.exchange.allowing import Allowance
from core.exchange.trading import Act
from core.ledger import holders
from core.ledger.tables import entry
from core.units import MICRO, MOST

RULE = Allowance(opening=100 * MICRO, amount=20 * MICRO, cap=150 * MICRO, floor=50 * MICRO, period_days=7)


@pytest.fixture
def ruled(exchange: Exchange) -> Exchange:
    """Ann was here before there was a rule, with 200."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 200)
    set_rule(exchange)
    return exchange


def set_rule(exchange: Exchange, by: str = ADMIN, **changes: Any) -> None:
    exchange.do(allowing.set_rule, by, replace(RULE, **changes), "So that everybody can trade.")


def credit(exchange: Exchange, person: str) -> int:
    return exchange.held(f"person:{person}", "credit")


def weeks(exchange: Exchange, count: int = 1) -> list[str]:
    exchange.advance(count * 7 * DAY)
    return exchange.run_due()


def given(exchange: Exchange) -> int:
    return len(exchange.fetch(select(entry.c.id).where(entry.c.kind == "allowance")))


def test_newcomers_are_welcomed_once_and_those_who_were_there_are_not(ruled: Exchange):
    exchange = ruled
    assert exchange.run_due() == []
    exchange.grant("bob", 5)
    assert exchange.run_due() == ["welcome"]
    assert (credit(exchange, "ann"), credit(exchange, "bob")) == (200 * MICRO, 105 * MICRO)
    for _ in range(2):
        exchange.do(allowing.welcome, 2)
        exchange.do(allowing.welcome, 3)
    assert exchange.run_due() == []
    assert given(exchange) == 1


def test_everybody_gets_the_amount_each_period_up_to_the_cap_and_at_least_the_floor(ruled: Exchange):
    """Ann has more than the cap; Bob gets all of it, Cy what the cap leaves, Dan is lifted to the floor."""
    for person, whole in (("bob", 100), ("cy", 140), ("dan", 10)):
        ruled.grant(person, whole)
    set_rule(ruled)  # They count as welcomed.
    assert weeks(ruled) == ["pay"]
    assert [credit(ruled, each) for each in ("ann", "bob", "cy", "dan")] == [
        each * MICRO for each in (200, 120, 150, 50)
    ]
    assert ruled.audit() == []


def test_a_period_is_paid_once_and_those_that_were_missed_are_gone(ruled: Exchange):
    ruled.grant("bob", 30)
    ruled.run_due()
    weeks(ruled, 3)
    assert credit(ruled, "bob") == 150 * MICRO
    before = ruled.digest()
    ruled.advance(6 * DAY)
    ruled.do(allowing.pay, 1)
    assert ruled.run_due() == []
    assert ruled.digest() == before


def test_people_come_in_slices(ruled: Exchange, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(allowing, "SLICE", 2)
    for number in range(5):
        ruled.grant(f"p{number}", 1)
    set_rule(ruled)
    assert weeks(ruled) == ["pay"] * 4  # Six people and the admin.
    assert {credit(ruled, f"p{number}") for number in range(5)} == {50 * MICRO}
    assert given(ruled) == 6  # The admin had nothing either, and Ann too much.
    assert holders.SLICE == 200


@pytest.mark.parametrize("place", ["a decision", "a limit order", "a question", "shares in an order"])
def test_whoever_put_credit_somewhere_is_not_poorer_for_it(ruled: Exchange, place: str):
    """Else the floor would pay whoever hides what they have."""
    ruled.open(subsidy=400 * MICRO)
    ruled.ask()
    ruled.advance(DAY)
    if place == "a decision":
        ruled.trade("ann", 1, 0, Act.SPEND, 190 * MICRO)
    elif place == "a limit order":
        ruled.trade("ann", 3, 0, Act.SPEND, 190 * MICRO, price=100_000)
    else:
        bought = ruled.trade("ann", 3, 0, Act.SPEND, 190 * MICRO)
    if place == "shares in an order":
        ruled.trade("ann", 3, 0, Act.SELL, bought.shares, price=999_000)
    found = ruled.read(portfolio.portfolio, "ann")

    assert found.balance == 10 * MICRO
    assert 199 * MICRO < found.worth <= 200 * MICRO
    before = credit(ruled, "ann")
    ruled.now = START + 7 * DAY - DAY / 24
    ruled.run_due()
    ruled.do(allowing.pay, 1)
    assert credit(ruled, "ann") == before


def test_what_was_chosen_counts_at_what_it_would_sell_for_and_what_is_open_at_what_was_put(ruled: Exchange):
    ruled.open()
    ruled.trade("ann", 1, 0, Act.SPEND, 100 * MICRO)
    ruled.trade("ann", 2, 1, Act.SPEND, 100 * MICRO)
    assert ruled.read(portfolio.portfolio, "ann").worth == 200 * MICRO
    ruled.now = START + 6 * DAY
    ruled.run_due()
    ruled.advance(DAY)
    ruled.do(deciding.record, DECIDER, 1, 1, "It is better.")
    ruled.advance(DAY)
    ruled.run_due()
    found = ruled.read(portfolio.portfolio, "ann")
    (position,) = found.stakes[0].branches[0].positions
    assert found.worth == found.balance + (position.brings or 0)


def test_whoever_left_gets_nothing(ruled: Exchange):
    ruled.grant("bob", 10)
    ruled.run_due()
    ruled.do(staffing.leave, ADMIN, "bob", "Left in June.")
    weeks(ruled)
    assert credit(ruled, "bob") == 110 * MICRO


def test_another_rule_goes_on_with_the_periods_unless_they_are_of_another_length(ruled: Exchange):
    ruled.grant("bob", 1)
    ruled.run_due()
    weeks(ruled)
    assert credit(ruled, "bob") == 121 * MICRO
    set_rule(ruled, amount=5 * MICRO)
    assert ruled.run_due() == []
    weeks(ruled)
    assert credit(ruled, "bob") == 126 * MICRO
    set_rule(ruled, amount=5 * MICRO, period_days=1)
    assert ruled.run_due() == []
    ruled.advance(DAY)
    assert ruled.run_due() == ["pay"]
    assert credit(ruled, "bob") == 131 * MICRO


def test_it_is_told_and_kept(ruled: Exchange):
    ruled.grant("bob", 1)
    ruled.run_due()
    weeks(ruled)
    told = ruled.fetch(select(announcement).where(announcement.c.kind == "allowance"))

    assert [(row.address, row.facts) for row in told if row.address == "bob"] == [
        ("bob", {"credits": 100 * MICRO, "is_opening": True}),
        ("bob", {"credits": 20 * MICRO, "is_opening": False}),
    ]
    act = next(each for each in ruled.read(board.acts, ADMIN) if each.kind == "allowance")
    assert (act.facts["before"], act.facts["after"]["cap"]) == (None, 150 * MICRO)
    assert ruled.read(allowing.get) == RULE


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"opening": -1}, "opening", "between"),
        ({"amount": MOST + 1}, "amount", "between"),
        ({"floor": 10**18}, "floor", "between"),
        ({"cap": -1}, "cap", "between"),
        ({"cap": 49 * MICRO}, "floor", "above_cap"),
        ({"period_days": 0}, "period_days", "period"),
        ({"period_days": 367}, "period_days", "period"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    exchange: Exchange, changes: dict[str, Any], field: str, rule: str
):
    with pytest.raises(Invalid) as refused:
        set_rule(exchange, **changes)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert exchange.read(allowing.get) is None


def test_only_admins_set_the_rule(ruled: Exchange):
    for by in ("ann", DECIDER, OWNER, "stranger"):
        with pytest.raises(NotAllowed):
            set_rule(ruled, by)
