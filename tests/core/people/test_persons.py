"""Persons are known from the first thing they do, each with a wallet of their own."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from core.database import writing
from core.errors import Invalid, NotAllowed
from core.people import persons

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_who_is_enrolled_twice_is_one_person(engine: Engine):
    with writing(engine) as connection:
        first = persons.enrol(connection, "ann", NOW)
        both = persons.enrol_all(connection, ["bob", "ann", "bob"], NOW)

        assert both["ann"] == first == persons.find(connection, "ann")
        assert len({person.wallet for person in both.values()}) == 2


def test_nobody_is_found_before_they_did_something(engine: Engine):
    with writing(engine) as connection:
        assert persons.find(connection, "ann") is None


def test_persons_are_found_by_id_and_by_wallet(engine: Engine):
    with writing(engine) as connection:
        ann = persons.enrol(connection, "ann", NOW)

        assert persons.by_ids(connection, [ann.id, 999]) == {ann.id: ann}
        assert persons.by_wallets(connection, [ann.wallet, 1]) == {ann.wallet: ann}


def test_only_who_was_appointed_is_an_admin(engine: Engine):
    with writing(engine) as connection:
        persons.enrol(connection, "ann", NOW)
        for name in ("ann", "stranger"):
            with pytest.raises(NotAllowed):
                persons.require_admin(connection, name, "grant")
        persons.appoint(connection, "ann", NOW)

        assert persons.require_admin(connection, "ann", "grant").is_admin


@pytest.mark.parametrize("identity", ["", "x" * 201])
def test_an_identity_is_something_and_not_too_long(engine: Engine, identity: str):
    with writing(engine) as connection, pytest.raises(Invalid):
        persons.enrol(connection, identity, NOW)
