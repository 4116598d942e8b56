"""Objecting to a reading and ruling on it: what is held up, who may do which, and what follows."""

import re

import pytest
from acts import balance, counts, decide, file_reading, object_to, rule, trade
from live import COMMITTEE, Live, Person, option_of, read

from core.units import MICRO


@pytest.fixture
def read_at_71(live: Live, emil: Person, carol: Person, mona: Person) -> Person:
    """Mona, who filed 71 for Release, on which Emil has 100 credits."""
    trade(emil, "100")
    decide(live, carol, "Release")
    file_reading(mona, "71")
    return mona


def test_an_objection_holds_the_payment_up_until_it_is_dismissed(
    live: Live, emil: Person, carol: Person, ada: Person, read_at_71: Person
):
    """Everybody reads why; a dismissal makes the reading final at once, and it is paid by."""
    emil.press(emil.wait_for(", filed by"), "object")
    said = read(emil.modal)
    assert "Filed by <@U0MONA>: Helpfulness score came to *71 points*." in said
    assert "> Source: The dashboard" in said
    assert "nobody is paid" in said
    emil.submit(reason={"value": "It counts <one> twice."})
    assert "Your objection stands." in read(emil.modal)
    emil.close()
    for channel in ("C0MARKETS", COMMITTEE):
        told = read(carol.wait_for("<@U0EMIL> objects to the reading of Helpfulness score.", channel))
        assert "> It counts &lt;one&gt; twice." in told
    live.advance(days=3)
    assert balance(live, "U0EMIL") == 400 * MICRO

    assert "The reading is final, and everybody is paid now." in rule(ada, "Dismiss", "Each counts once.")
    told = read(carol.wait_for("<@U0ADA> dismissed the objection", COMMITTEE))
    assert "> Each counts once." in told
    emil.wait_for("Outcome D-1")
    emil.wait_for("is settled. Your shares paid", "D0EMIL")
    assert balance(live, "U0EMIL") > 400 * MICRO
    assert [person.user for person in (emil, carol, ada, read_at_71) if person.state["warnings"]] == []


def test_an_objection_that_is_upheld_sends_the_metric_back_to_its_owner(
    live: Live, emil: Person, ada: Person, read_at_71: Person
):
    """She is told on Home and by a button, and what she files then can be doubted again."""
    mona = read_at_71
    object_to(emil)
    assert "Needs you" not in read(mona.home())
    assert "An admin rules on that first." in str(file_anew(mona, "65")["errors"])
    assert "The reading does not count any more; the metric's owner files it anew." in rule(ada, "Uphold")
    told = mona.wait_for("<@U0ADA> upheld the objection to the reading of Helpfulness score.")
    live.advance(days=3)
    assert balance(live, "U0EMIL") == 400 * MICRO
    assert "An objection to the reading of Helpfulness score was upheld. File it anew." in read(mona.home())
    mona.press(told, "file")
    assert "An objection to it was upheld. What you file here takes its place." in read(mona.modal)
    mona.submit(value={"value": "65"}, source={"value": "The second count"})
    mona.close()

    assert "Needs you" not in read(mona.home())
    assert "came to *65 points*" in read(emil.wait_for("has a new reading"))
    assert "Your objection stands." in object_to(emil)
    assert counts(live)["objection"] == 2


def file_anew(mona: Person, value: str) -> dict[str, dict[str, str]]:
    mona.type("/decision metric D-1")
    answer = mona.submit(value={"value": value}, source={"value": "Again"})
    mona.close()
    return answer


def test_whoever_filed_it_does_not_object(live: Live, read_at_71: Person):
    assert "You filed this reading, so you cannot object to it." in object_to(read_at_71)
    assert counts(live)["objection"] == 0


def test_what_is_final_is_not_doubted_any_more(live: Live, emil: Person, carol: Person, read_at_71: Person):
    """Neither by the button under the old message, nor by a form that was open meanwhile."""
    carol.press(carol.wait_for(", filed by"), "object")
    live.advance(days=1, hours=1)
    emil.wait_for("Outcome D-1")
    answer = carol.submit(reason={"value": "Too late."})

    assert "The reading of Helpfulness score is final." in str(answer["errors"])
    assert "The reading of Helpfulness score is final." in object_to(emil)
    assert counts(live)["objection"] == 0


def test_a_second_objection_waits_for_the_ruling_on_the_first(
    live: Live, emil: Person, carol: Person, read_at_71: Person
):
    """Also one from a form that was open before the first; a later one does not get the form."""
    carol.press(carol.wait_for(", filed by"), "object")
    object_to(emil)
    answer = carol.submit(reason={"value": "I see it too."})
    carol.close()

    assert "Somebody objected to the reading of Helpfulness score." in str(answer["errors"])
    assert "Somebody objected to the reading of Helpfulness score." in object_to(carol)
    assert counts(live)["objection"] == 1


def test_only_an_admin_who_took_no_part_rules(live: Live, emil: Person, ada: Person, read_at_71: Person):
    """Nobody else gets the form, and an admin who objected is refused in it."""
    object_to(ada)
    emil.press(emil.wait_for("is held up:"), "rule")
    assert "Only admins can do that. Ask <@U0ADA>." in read(emil.modal)
    ada.press(ada.wait_for("is held up:"), "rule")
    dismissed = option_of(ada.element("ruling"), "Dismiss the objection")
    answer = ada.submit(ruling=dismissed, reason={"value": "I was wrong."})

    assert "Somebody who neither filed the reading nor objected to it has to rule." in str(answer["errors"])
    live.advance(days=3)
    assert balance(live, "U0EMIL") == 400 * MICRO


def test_an_admin_who_may_rule_does_so_from_home(live: Live, emil: Person, ada: Person, read_at_71: Person):
    """The form says what was filed and what is said against it."""
    assert "Needs you" not in read(ada.home())
    object_to(emil, "It counts <one> twice.")
    assert "<@U0EMIL> objected to the reading of Helpfulness score. Rule on that." in read(ada.home())
    assert "Rule on that" not in read(emil.home()) + read(read_at_71.home())
    ada.press_home("rule")
    said = read(ada.modal)
    assert "Filed by <@U0MONA>: Helpfulness score came to *71 points*." in said
    assert "<@U0EMIL> objects:\n> It counts &lt;one&gt; twice." in said
    upheld = option_of(ada.element("ruling"), "Uphold the objection")
    ada.submit(ruling=upheld, reason={"value": "It does."})
    ada.close()

    assert "Needs you" not in read(ada.home())
    assert "does not count any more: an objection to it was upheld." in object_to(emil)
    assert [person.user for person in (emil, ada, read_at_71) if person.state["warnings"]] == []


def test_an_admin_who_objected_is_not_asked_to_rule(ada: Person, read_at_71: Person):
    object_to(ada)

    assert "Needs you" not in read(ada.home())


@pytest.mark.parametrize(
    ("ruling", "said"),
    [
        (None, "somebody objected, an admin rules on that"),
        ("Uphold", "does not count, an objection was upheld: to be filed anew"),
    ],
)
def test_a_reading_is_listed_with_what_became_of_the_objection(
    emil: Person, ada: Person, read_at_71: Person, ruling: str | None, said: str
):
    """On Home and in the list of decisions; before that, with the time at which it is final."""
    was = "Helpfulness score came to *71 points* · "
    assert re.search(re.escape(was) + "final <!date.*>, unless somebody objects", read(emil.home()))
    object_to(emil)
    if ruling:
        rule(ada, ruling)

    assert was + said in read(emil.home())
    assert was + said in emil.type("/market")


def test_what_was_ruled_on_is_not_ruled_on_again(live: Live, emil: Person, ada: Person, read_at_71: Person):
    """The button under the old message says so."""
    object_to(emil)
    held_up = ada.wait_for("is held up:")
    rule(ada, "Dismiss")
    ada.press(held_up, "rule")

    assert "No objection to the reading of Helpfulness score waits for a ruling." in read(ada.modal)
