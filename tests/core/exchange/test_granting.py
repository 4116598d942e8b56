"""Credit comes into being once a key, by an admin's hand, with a reason."""

import pytest
from exchange_driver import ADMIN, Exchange

from core.errors import Invalid, NotAllowed
from core.exchange import granting
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
