"""Announcements: told in order within a lane, by one at a time, and a card's newest version only."""

from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import START, Exchange
from sqlalchemy import select

from core.announcements import lanes
from core.announcements.lanes import CARD_PAUSE, LEASE, Announcement
from core.announcements.tables import announcement
from core.exchange import telling
from core.exchange.trading import Act
from core.units import MICRO

SECOND = timedelta(seconds=1)
RECEIPT = {"channel": "C1", "ts": "1.0"}


def announce(exchange: Exchange, key: str, address: str = "here") -> bool:
    return exchange.do(
        lambda connection, now: lanes.announce(connection, key, "news", "D-1", address, {"n": key}, now)
    )


def renew(exchange: Exchange) -> None:
    exchange.do(lambda connection, now: lanes.renew(connection, "card", "card", "D-1", "here", now))


def claim(exchange: Exchange, *but: str) -> list[Announcement]:
    return exchange.do(telling.claim, list(but))


def tell_all(exchange: Exchange) -> list[str]:
    """Tells whatever is due; returns the keys in the order in which they were told."""
    keys = []
    while claimed := claim(exchange):
        for each in claimed:
            exchange.do(telling.told, each, RECEIPT)
            keys.append(each.key)
        exchange.do(telling.release, claimed[0].address)
    return keys


def row(exchange: Exchange, key: str) -> Any:
    return exchange.fetch(select(announcement).where(announcement.c.key == key))[0]


def test_a_key_is_announced_once(exchange: Exchange):
    assert announce(exchange, "a")
    assert not announce(exchange, "a", "elsewhere")
    assert tell_all(exchange) == ["a"]
    assert tell_all(exchange) == []


def test_a_lane_is_told_in_the_order_in_which_things_happened(exchange: Exchange):
    for number in range(5):
        announce(exchange, f"k{number}")
        exchange.advance(SECOND)

    assert tell_all(exchange) == [f"k{number}" for number in range(5)]


def test_a_claimed_lane_is_its_claimer_s_until_the_lease_ends(exchange: Exchange):
    """Another lane is free meanwhile; whoever dies while telling loses the lane to the next."""
    announce(exchange, "a")
    announce(exchange, "b", "there")

    assert [each.key for each in claim(exchange)] == ["a"]
    assert [each.key for each in claim(exchange)] == ["b"]
    assert claim(exchange) == []
    exchange.advance(LEASE)
    assert [each.key for each in claim(exchange)] == ["a"]


def test_who_still_tells_a_lane_does_not_claim_it_again(exchange: Exchange):
    """Even when the clock has jumped past the lease."""
    announce(exchange, "a")
    claim(exchange)
    exchange.advance(LEASE * 10)

    assert claim(exchange, "here") == []


def test_headway_keeps_the_lane(exchange: Exchange):
    announce(exchange, "a")
    announce(exchange, "b")
    first, _ = claim(exchange)
    exchange.advance(LEASE - SECOND)
    exchange.do(telling.told, first, RECEIPT)
    exchange.advance(2 * SECOND)

    assert claim(exchange) == []


def test_what_could_not_be_told_is_not_overtaken(exchange: Exchange):
    announce(exchange, "a")
    announce(exchange, "b")
    first = claim(exchange)[0]
    exchange.do(telling.postpone, first, exchange.now + 60 * SECOND)
    exchange.advance(59 * SECOND)

    assert claim(exchange) == []
    exchange.advance(SECOND)
    assert [each.attempts for each in claim(exchange)] == [1, 0]


def test_what_can_never_be_told_holds_up_nothing(exchange: Exchange):
    announce(exchange, "a")
    announce(exchange, "b")
    exchange.do(telling.give_up, claim(exchange)[0])
    exchange.do(telling.release, "here")

    assert tell_all(exchange) == ["b"]
    assert row(exchange, "a").state == "failed"


def test_a_card_that_was_told_waits_ten_seconds_before_it_is_told_anew(exchange: Exchange):
    """However often it changes meanwhile, so a busy market is told every ten seconds and not put off for ever."""
    renew(exchange)
    assert tell_all(exchange) == ["card"]
    for _ in range(9):
        renew(exchange)
        exchange.advance(SECOND)
        assert tell_all(exchange) == []
    renew(exchange)
    exchange.advance(CARD_PAUSE - 9 * SECOND)

    assert tell_all(exchange) == ["card"]
    assert row(exchange, "card").version == 11


def test_a_newer_version_that_came_while_the_card_was_told_is_told_later(exchange: Exchange):
    """The told version does not count as the new one; the new one knows where the old one stands."""
    renew(exchange)
    claimed = claim(exchange)[0]
    renew(exchange)
    exchange.do(telling.told, claimed, RECEIPT)
    exchange.do(telling.release, "here")

    assert (row(exchange, "card").state, row(exchange, "card").receipt) == ("waiting", RECEIPT)
    assert claim(exchange) == []
    exchange.advance(CARD_PAUSE)
    again = claim(exchange)[0]
    assert (again.version, again.receipt) == (2, RECEIPT)


def test_giving_up_an_old_version_does_not_drop_the_new_one(exchange: Exchange):
    renew(exchange)
    claimed = claim(exchange)[0]
    renew(exchange)
    exchange.do(telling.give_up, claimed)

    assert row(exchange, "card").state == "waiting"


def test_a_decision_has_one_card_an_address_and_a_hundred_trades_make_no_more(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.open()
    for _ in range(10):
        exchange.trade("ann", 1, 0, Act.SPEND, MICRO)
    cards = exchange.fetch(select(announcement).where(announcement.c.kind == "card"))

    assert [(card.address, card.version) for card in cards] == [("committee", 11), ("public", 11)]
    assert {card.due_at for card in cards} == {START}


def test_one_address_for_both_channels_gets_one_card(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open(public_address="same", committee_address="same")

    cards = select(announcement).where(announcement.c.kind == "card")
    assert len(exchange.fetch(cards)) == 1


@pytest.mark.parametrize("count", [lanes.CLAIM_MOST, lanes.CLAIM_MOST + 1])
def test_a_claim_is_never_longer_than_its_lease_can_bear(exchange: Exchange, count: int):
    for number in range(count):
        announce(exchange, f"k{number:02}")

    assert len(claim(exchange)) == lanes.CLAIM_MOST
