"""Every refusal that people can come to, once: under its field with all that was typed, or in the place of the form."""

import pytest
from live import Live
from refused import SCENES, UNREACHED, People, all_of_them, said

from bot.locally import Mode
from core.exchange import audit


@pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)
def test_every_refusal_is_said_where_it_belongs(live: Live):
    people = People(live)
    for scene in SCENES:
        scene(people)

    assert sorted(all_of_them() - said(live.payloads) - set(UNREACHED)) == []
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert people.ada.state["warnings"] == []
