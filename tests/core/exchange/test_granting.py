"""Credit comes into being once a key, by an admin's hand, with a reason."""

from datetime import timedelta

import pytest
from exchange_driver import ADMIN, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import InsufficientFunds, Invalid, KeyReused, NotAllowed, NotOpen, Repeated, Unknown
from core.exchange import board, cancelling, granting
from core.exchange.trading import Act
from core.ledger.tables import entry
from core.units import MICRO, MOST


def test_an_admin_grants_to_a_person_and_to_the_pool(exchange: Exchange):
    assert exchange.grant("ann", 100) == 100 * MICRO
    assert exchange.grant("ann", 20) == 120 * MICRO
    assert exchange.grant("pool", 7) == 7 * MICRO
    assert exchange.held("treasury", "credit") == -127 * MICRO
    assert exchange.audit() == []


@pytest.mark.parametrize("by", ["ann", "stranger", "", "pool"])
def test_nobody_but_an_admin_grants(exchange: Exchange, by: str):
    exchange.grant("ann", 1)
    before = exchange.digest()
    with pytest.raises(NotAllowed):
        exchange.do(granting.grant, by, "ann", MICRO, "k", "please")

    assert exchange.digest() == before


def test_the_same_key_grants_once(exchange: Exchange):
    for _ in range(3):
        assert exchange.do(granting.grant, ADMIN, "ann", 5 * MICRO, "k", "welcome") == 5 * MICRO

    assert exchange.held("person:ann", "credit") == 5 * MICRO
    for to, amount in (("ann", 6), ("bob", 5), ("pool", 5)):
        with pytest.raises(KeyReused):
            exchange.do(granting.grant, ADMIN, to, amount * MICRO, "k", "welcome")


def test_the_same_grant_at_once_under_another_key_can_be_refused(exchange: Exchange):
    """With what it was, so that whoever means it can say so; another amount, reason, person or admin is no repeat."""
    exchange.do(granting.appoint_first_admins, ["ruth"])
    wanted = (ADMIN, "ann", 5 * MICRO, "first", "welcome")
    exchange.do(granting.grant, *wanted, unless_repeated=True)
    assert exchange.do(granting.grant, *wanted, unless_repeated=True) == 5 * MICRO
    exchange.advance(granting.SOON)
    with pytest.raises(Repeated) as refused:
        exchange.do(granting.grant, ADMIN, "ann", 5 * MICRO, "again", " welcome ", unless_repeated=True)
    assert (refused.value.key, refused.value.at) == ("first", START)
    assert exchange.held("person:ann", "credit") == 5 * MICRO

    others = [
        (ADMIN, "ann", 6 * MICRO, "k1", "welcome"),
        (ADMIN, "ann", 5 * MICRO, "k2", "for more"),
        (ADMIN, "bob", 5 * MICRO, "k3", "welcome"),
        ("ruth", "ann", 5 * MICRO, "k4", "welcome"),
    ]
    for other in others:
        exchange.do(granting.grant, *other, unless_repeated=True)
    exchange.do(granting.grant, ADMIN, "ann", 5 * MICRO, "meant", "welcome")
    exchange.advance(granting.SOON + timedelta(seconds=1))
    exchange.do(granting.grant, ADMIN, "ann", 5 * MICRO, "later", "welcome", unless_repeated=True)
    assert exchange.held("person:ann", "credit") == 31 * MICRO


@pytest.mark.parametrize(
    ("amount", "reason", "field", "rule"),
    [
        (0, "x", "amount", "positive"),
        (-1, "x", "amount", "positive"),
        (MOST + 1, "x", "amount", "too_large"),
        (10**18, "x", "amount", "too_large"),
        (1, "  ", "reason", "empty"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_with_its_field(
    exchange: Exchange, amount: int, reason: str, field: str, rule: str
):
    with pytest.raises(Invalid) as refused:
        exchange.do(granting.grant, ADMIN, "ann", amount, "k", reason)

    assert (refused.value.field, refused.value.rule) == (field, rule)


def test_an_appointed_admin_may_grant_at_once(exchange: Exchange):
    exchange.do(granting.appoint_first_admins, ["ann", "ann"])

    assert exchange.do(granting.grant, "ann", "bob", MICRO, "k", "welcome") == MICRO


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_between_1_and_200_characters(exchange: Exchange, key: str):
    with pytest.raises(Invalid) as refused:
        exchange.do(granting.grant, ADMIN, "ann", MICRO, key, "welcome")

    assert refused.value.field == "key"


@pytest.mark.parametrize("identity", ["", "x" * 201])
def test_an_identity_has_between_1_and_200_characters(exchange: Exchange, identity: str):
    with pytest.raises(Invalid):
        exchange.do(granting.grant, ADMIN, identity, MICRO, "k", "welcome")


@pytest.fixture
def granted(exchange: Exchange) -> Exchange:
    """Ann has 30 by a grant "k", and 20 by another."""
    exchange.do(granting.grant, ADMIN, "ann", 30 * MICRO, "k", "welcome")
    exchange.grant("ann", 20)
    return exchange


def reverse(exchange: Exchange, key: str = "k", by: str = ADMIN, reason: str = "A slip of the pen.") -> int:
    """One admin asks, and another one, made for it, confirms."""
    exchange.do(granting.appoint_first_admins, ["zoe"])
    exchange.do(granting.ask_reversal, by, key, reason)
    return exchange.do(granting.reverse, "zoe", key)


def test_a_reversal_is_an_entry_of_its_own_with_a_reason_and_the_grant_stays(granted: Exchange):
    assert reverse(granted) == 20 * MICRO

    made = granted.fetch(select(entry).order_by(entry.c.id))
    assert [(row.kind, row.key) for row in made] == [
        ("grant", "grant:k"),
        ("grant", "grant:key-1"),
        ("reversal", "reverse:grant:k"),
    ]
    assert (made[0].reason, made[2].reason) == ("welcome", "A slip of the pen.")
    assert made[2].by not in {made[0].by, None}
    assert (granted.held("person:ann", "credit"), granted.held("treasury", "credit")) == (
        20 * MICRO,
        -20 * MICRO,
    )
    assert granted.audit() == []


def test_a_grant_is_reversed_once(granted: Exchange):
    """Confirmed again, nothing changes; nor does granting it again. Asking again comes too late."""
    reverse(granted)
    before = granted.digest()

    assert granted.do(granting.reverse, "zoe", "k") == 20 * MICRO
    with pytest.raises(NotOpen) as refused:
        granted.do(granting.ask_reversal, ADMIN, "k", "Again.")
    assert refused.value.state == "reversed"
    assert granted.do(granting.grant, ADMIN, "ann", 30 * MICRO, "k", "welcome") == 20 * MICRO
    assert granted.digest() == before


@pytest.mark.parametrize("is_waiting", [False, True])
def test_a_grant_that_was_spent_is_not_reversed(granted: Exchange, is_waiting: bool):
    """Nor is one that stands behind a limit order: nobody is ever below zero."""
    granted.grant("pool", 1_000)
    granted.ask()
    price = 100_000 if is_waiting else None
    granted.trade("ann", 1, 0, Act.SPEND, 20 * MICRO + 1, price=price)
    before = granted.digest()
    with pytest.raises(InsufficientFunds) as refused:
        reverse(granted)

    assert (refused.value.needed, granted.digest()) == (30 * MICRO, before)
    assert refused.value.available < 30 * MICRO
    if is_waiting:
        granted.do(cancelling.cancel_all, "ann")
        assert reverse(granted) == 20 * MICRO
    assert granted.audit() == []


def test_what_is_left_besides_a_spent_grant_can_be_reversed(granted: Exchange):
    """Credit has no marks: 20 of 50 spent leave enough to take 30 back."""
    granted.grant("pool", 1_000)
    granted.ask()
    granted.trade("ann", 1, 0, Act.SPEND, 20 * MICRO)

    assert reverse(granted) in {0, 1}
    assert granted.audit() == []


@pytest.mark.parametrize("by", ["ann", "stranger", "", "pool"])
def test_nobody_but_an_admin_asks_for_a_reversal_or_confirms_it(granted: Exchange, by: str):
    before = granted.digest()
    with pytest.raises(NotAllowed):
        reverse(granted, by=by)
    granted.do(granting.ask_reversal, ADMIN, "k", "A slip of the pen.")
    with pytest.raises(NotAllowed):
        granted.do(granting.reverse, by, "k")

    assert granted.digest() == before


def test_a_reversal_takes_two_admins(granted: Exchange):
    """Whoever asked cannot confirm, however often; and nobody confirms what nobody asked for."""
    before = granted.digest()
    with pytest.raises(Invalid) as refused:
        granted.do(granting.ask_reversal, ADMIN, "k", "A slip of the pen.")
    assert refused.value.rule == "second_admin"
    granted.do(granting.appoint_first_admins, ["zoe"])
    with pytest.raises(NotOpen) as early:
        granted.do(granting.reverse, "zoe", "k")
    assert early.value.state == "not_asked"
    for _ in range(2):
        granted.do(granting.ask_reversal, ADMIN, "k", "A slip of the pen.")
    with pytest.raises(NotAllowed):
        granted.do(granting.reverse, ADMIN, "k")

    assert granted.digest() == before
    assert granted.do(granting.reverse, "zoe", "k") == 20 * MICRO


def test_the_other_admins_and_whoever_got_it_are_told(granted: Exchange):
    granted.do(granting.appoint_first_admins, ["yan"])
    reverse(granted)
    kinds = announcement.c.kind.in_(["reversal_asked", "reversed"])
    told = granted.fetch(select(announcement).where(kinds).order_by(announcement.c.id))
    about = {"to": "ann", "portfolio": "", "credits": 30 * MICRO, "reason": "A slip of the pen."}

    assert [(row.kind, row.address, row.facts) for row in told] == [
        ("reversal_asked", "yan", about | {"key": "k", "by": ADMIN}),
        ("reversal_asked", "zoe", about | {"key": "k", "by": ADMIN}),
        ("reversed", "ann", about | {"by": "zoe", "asked_by": ADMIN}),
    ]
    found = granted.read(granting.get, "zoe", "k")
    assert (found.to, found.credits, found.asked_by, found.is_reversed) == ("ann", 30 * MICRO, ADMIN, True)
    assert [act.kind for act in granted.read(board.acts, ADMIN)] == [
        "reversed",
        "reversal_asked",
        "granted",
        "granted",
    ]


def test_a_reversal_names_a_grant_and_a_reason(granted: Exchange):
    for key in ("other", "grant:k", ""):
        with pytest.raises(Unknown):
            reverse(granted, key)
    for reason in ("", "  "):
        with pytest.raises(Invalid) as refused:
            reverse(granted, reason=reason)
        assert (refused.value.field, refused.value.rule) == ("reason", "empty")


def test_a_grant_to_the_pool_is_reversed_while_the_pool_has_it(exchange: Exchange):
    exchange.do(granting.grant, ADMIN, "pool", 100 * MICRO, "k", "subsidy")
    opened = exchange.ask()
    with pytest.raises(InsufficientFunds):
        reverse(exchange)
    exchange.grant("pool", 70)

    assert reverse(exchange) == 70 * MICRO - opened.reserve
    assert exchange.audit() == []
