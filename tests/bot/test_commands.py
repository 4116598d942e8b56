"""Slash commands: each does what its help says, and what is not understood is answered with what would be."""

from collections.abc import Iterator

import pytest
import varied
from acts import TEAM, balance, card, counts, identity, send_command
from live import COMMITTEE, Live, Person, read

from core.exchange import granting
from core.units import MICRO


@pytest.fixture(scope="module")
def reader(quiet: Live) -> Person:
    return quiet.person("U0EMIL")


@pytest.fixture(scope="module")
def admin(quiet: Live) -> Person:
    return quiet.person("U0ADA")


@pytest.fixture
def untouched(quiet: Live, reader: Person) -> Iterator[Person]:
    """Somebody to whom things are said, with a look afterwards that nothing was written."""
    before = counts(quiet)
    yield reader
    assert counts(quiet) == before
    assert reader.state["warnings"] == []


@pytest.mark.parametrize("typed", ["/market", "/decision"])
def test_alone_a_command_lists_every_decision(untouched: Person, typed: str):
    said = untouched.type(typed)

    assert "D-1: Do we release the longer context window this quarter?" in said
    assert "Release *62.0 points*, Hold *58.0 points*" in said
    assert "1 decisions" not in said


@pytest.mark.parametrize(
    "typed",
    ["/market D-1", "/market d-1", "/market 1", "/market D1", "/decision show D-1", "/market D-1 please"],
)
def test_a_named_decision_is_shown_as_its_card(untouched: Person, typed: str):
    said = untouched.type(typed)

    assert "Helpfulness score, as priced if that option is chosen:" in said
    assert "Trade" in said


def test_several_measures_are_listed_and_shown_each(live: Live, emil: Person):
    varied.open_varied(live)
    listed, shown = emil.type("/market"), emil.type("/market D-2")

    assert "If chosen: Release Trust in us *60.0%*, Hold Trust in them *50.0%*" in listed
    assert "Incidents if chosen: Release *15.1 reports*, Hold *12.2 reports*" in listed
    assert "Incidents, as priced if that option is chosen:" in shown
    assert emil.state["warnings"] == []


def test_its_report_is_for_the_asker_alone(untouched: Person, quiet: Live):
    said = untouched.type("/decision report D-1")

    assert "Spread report D-1" in said
    assert untouched.messages()[-1]["ephemeral"]
    assert all(not message.get("ephemeral") for message in quiet.person("U0ESRA").messages())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/market help", ["*/market*", "*/market D-1*"]),
        ("/decision help", ["new", "report", "record", "withdraw", "metric"]),
        ("/futarchy help", ["grant @person", "Home", "/market", "/decision"]),
        ("/futarchy", ["grant @person"]),
        ("/decision HELP", ["record D-1"]),
    ],
)
def test_help_names_every_way_on(untouched: Person, typed: str, words: list[str]):
    said = untouched.type(typed)

    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    ("typed", "echoed", "offered"),
    [
        ("/market soon", "/market soon", "*/market D-1*"),
        ("/market D-", "/market d-", "*/market D-1*"),
        ("/market -1", "/market -1", "*/market D-1*"),
        ("/market 12345678901234567890", "/market 12345678901234567890", "*/market D-1*"),
        ("/decision frobnicate D-1", "/decision frobnicate", "*/decision report D-1*"),
        ("/decision D-1", "/decision d-1", "*/decision report D-1*"),
        ("/futarchy mint 100", "/futarchy mint", "grant @person"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be(
    untouched: Person, typed: str, echoed: str, offered: str
):
    said = untouched.type(typed)

    assert f"`{echoed}` is not something I know" in said
    assert offered in said


@pytest.mark.parametrize("word", ["report", "record", "withdraw", "metric", "show"])
@pytest.mark.parametrize("rest", ["", " soon", " D-", " -1"])
def test_a_command_about_a_decision_asks_which(untouched: Person, word: str, rest: str):
    assert f"`/decision {word} D-1`" in untouched.type(f"/decision {word}{rest}")


@pytest.mark.parametrize("typed", ["/market D-99", "/decision report D-99", "/decision record 0"])
def test_an_unknown_decision_is_called_so(untouched: Person, typed: str):
    assert "There is no decision D-" in untouched.type(typed)


def test_typed_marks_are_shown_as_they_were_typed(untouched: Person):
    """Slack hands them over escaped; they are not escaped a second time."""
    said = untouched.type("/market <!channel>&<b>")

    assert "<!channel>" not in said
    assert "&amp;lt;" not in said
    assert "&lt;!channel&gt;&amp;&lt;b&gt;" in said


def test_a_question_typed_with_the_command_is_in_the_form(untouched: Person, admin: Person):
    admin.type("/decision new Is A<B & C?")
    typed = admin.element("question")["initial_value"]
    admin.close()

    assert typed == "Is A<B & C?"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/decision new", "Only admins can do that"),
        ("/decision record D-1", "Only the people named as deciders"),
        ("/decision withdraw D-1", "Only the people named as deciders"),
        ("/decision metric D-1", "Only the owner of the metric"),
        ("/futarchy grant @emil 100", "Only admins can do that"),
        ("/futarchy grant pool 100", "Only admins can do that"),
    ],
)
def test_who_may_not_is_told_who_may(untouched: Person, typed: str, words: str):
    assert words in untouched.type(typed)
    assert untouched.state["views"] == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("grant", "Write it like `/futarchy grant @person 100 welcome`"),
        ("grant @erin", "Write it like"),
        ("grant @nobody 100", "I do not know @nobody."),
        ("grant everybody 100", "I do not know everybody."),
        ("grant 100 @erin", "I do not know 100."),
        ("grant @erin 0", "This must be more than 0."),
        ("grant @erin -5", "This must be more than 0."),
        ("grant @erin much", "“much” is not a number"),
        ("grant @erin 1e3", "“1e3” is not a number"),
        ("grant @erin 1,5", "“1,5” is not a number"),
        ("grant @erin 0.0000001", "more than six digits"),
        ("grant @erin 100000001", "100,000,000"),
        ("grant @erin NaN", "“NaN” is not a number"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_in_words(untouched: Person, admin: Person, typed: str, words: str):
    assert words in admin.type(f"/futarchy {typed}")


def test_an_admin_grants_to_people_and_to_the_pool(live: Live, ada: Person, emil: Person):
    """The answer names what came and what is there; the credits are there at once."""
    assert "<@U0EMIL> got 100 credits and has 600 credits free now." in ada.type(
        "/futarchy grant @emil 100 for the pilot"
    )
    assert "got 1 credit and has 601 credits free now." in ada.type("/futarchy grant @emil 1")
    assert "got 1,000.50 credits" in ada.type("/futarchy GRANT @emil 1,000.50")
    assert "The pool got 20 credits" in ada.type("/futarchy grant Pool 20 budget", COMMITTEE)
    assert "<@U0ADA> got 5 credits and has 5 credits free now." in ada.type("/futarchy grant @ada 5")
    assert balance(live, "U0EMIL") == 1601_500_000
    assert ada.state["warnings"] == []


def test_a_command_that_is_delivered_again_grants_once(live: Live):
    form = {
        "command": "/futarchy",
        "text": "grant <@U0EMIL|emil> 10 welcome",
        "team_id": TEAM,
        "user_id": "U0ADA",
        "trigger_id": "1.2.3",
    }
    answers = [send_command(live, **form).json()["text"] for _ in range(3)]
    send_command(live, **form | {"trigger_id": "4.5.6"})

    assert answers == ["<@U0EMIL> got 10 credits and has 510 credits free now."] * 3
    assert balance(live, "U0EMIL") == 520 * MICRO


def test_without_open_decisions_it_says_who_can_open_one(live: Live, emil: Person, carol: Person):
    """Also on Home; those that ended lately are still found."""
    card(emil)
    carol.type("/decision withdraw D-1")
    carol.submit(reason={"value": "Asked too early."})
    carol.submit()
    live.advance(days=1, hours=1)
    emil.wait_for("is withdrawn for good")

    answer = emil.type("/market")
    assert answer.startswith("No decision is open. An admin opens one with `/decision new`.")
    assert "Ended\n*D-1: Do we release the longer context window this quarter?*\nWithdrawn" in answer
    assert "No decision is open." in read(emil.home())
    assert emil.state["warnings"] == []


def test_a_person_new_to_the_exchange_is_enrolled_by_a_grant(live: Live, ada: Person):
    ada.type("/futarchy grant @chen 7")

    assert live.write(granting.grant, identity("U0ADA"), identity("U0CHEN"), MICRO, "k", "more") == 8 * MICRO
