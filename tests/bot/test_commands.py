"""Slash commands: each does what its help says, and what is not understood is answered with what would be."""

from collections.abc import Iterator

import pytest
import varied
from acts import TEAM, balance, bid, card, counts, deliver, identity, send_command, trade
from live import COMMITTEE, MARKETS, Live, Person, find_button, read

from bot.door import ARRIVAL_PAUSE
from bot.modals import trade_form
from core.exchange import allowing, granting
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
    [
        "/market D-1",
        "/market d-1",
        "/market 1",
        "/market D1",
        "/decision show D-1",
        "/decision D-1",
        "/market D-1 please",
    ],
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
    assert untouched.answer["ephemeral"]
    assert all(not message.get("ephemeral") for message in quiet.person("U0ESRA").messages())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/market help", ["*/market*", "*/market D-1* or"]),
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
    ("typed", "said", "offered"),
    [
        ("/market soon", "No decision and no question speaks of “soon”.", "*/market D-1* or"),
        ("/market D-", "No decision and no question speaks of “D-”.", "*/market D-1* or"),
        ("/market 12345678901234567890", "No decision and no question speaks of", "*/market D-1* or"),
        (
            "/decision frobnicate D-1",
            "`/decision frobnicate` is not something I know",
            "*/decision report D-1*",
        ),
        ("/futarchy mint 100", "`/futarchy mint` is not something I know", "grant @person"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be(
    untouched: Person, typed: str, said: str, offered: str
):
    answer = untouched.type(typed)

    assert said in answer
    assert offered in answer


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/market portfolo", "/market portfolio"),
        ("/market ordres", "/market orders"),
        ("/decision raport D-1", "/decision report D-1"),
        ("/decision rcord D-1 now", "/decision record D-1 now"),
        ("/decision report", "/decision report D-1"),
        ("/decision withdraw soon", "/decision withdraw D-1"),
        ("/futarchy setings", "/futarchy settings"),
        ("/futarchy grnat @erin 5", "/futarchy grant <@U0ERIN|erin> 5"),
        ("/decision Should we open the API?", "/decision new Should we open the API?"),
    ],
)
def test_what_was_probably_meant_is_offered(untouched: Person, typed: str, meant: str):
    assert "Did you mean" in untouched.type(typed)
    _, offered = find_button(untouched.answer["blocks"], "run")
    assert offered["value"] == meant


def test_a_guess_that_is_pressed_is_the_command_and_its_answer_replaces_the_question(untouched: Person):
    untouched.type("/market portfolo")
    asked = untouched.answer
    untouched.press(asked, "run")

    assert "*Balance*" in read(untouched.answer)
    assert untouched.answer["ts"] == asked["ts"]


def test_a_guess_opens_its_modal_with_what_was_typed(untouched: Person, admin: Person):
    admin.type("/decision Should we open the <API> & tell?")
    admin.press(admin.answer, "run")
    question = admin.element("question")["initial_value"]
    admin.close()
    admin.type("/futarchy grnat @erin 5")
    admin.press(admin.answer, "run")
    granted = (admin.element("person")["initial_user"], admin.element("amount")["initial_value"])
    admin.close()

    assert question == "Should we open the <API> & tell?"
    assert granted == ("U0ERIN", "5")
    assert admin.state["warnings"] == []


def test_decisions_are_found_by_words_anywhere_in_them(untouched: Person):
    for words in ("longer window", "RELEASE hold", "helpfulness"):
        assert "D-1: Do we release" in untouched.type(f"/market {words}"), words
    assert "No decision and no question speaks of “longer weights”." in untouched.type(
        "/market longer weights"
    )


def test_what_i_hold_and_what_waits_is_shown(live: Live, emil: Person):
    assert "No limit order of yours waits" in emil.type("/market orders")
    trade(emil, "20", option="Release")
    bid(live, "U0EMIL", 1, 400_000, 10 * MICRO)
    held, waiting = emil.type("/market portfolio"), emil.type("/market orders")

    assert "Higher shares" in held
    assert "In decisions" in held
    assert "O-1" in waiting
    emil.press(emil.answer, "cancel")
    assert "is cancelled. 10 credits can be used again." in read(emil.answer)
    assert emil.state["warnings"] == []


def test_leaders_can_be_asked_for_and_joined(live: Live, emil: Person):
    assert "No market is settled yet" in emil.type("/market leaders")
    emil.type("/futarchy settings")
    emil.press(emil.answer, "named")

    assert "You are named among the leaders now." in read(emil.answer)
    assert "others see your name" in emil.type("/futarchy settings")
    assert emil.state["warnings"] == []


def test_admins_change_the_allowance_where_everybody_reads_it(live: Live, ada: Person, emil: Person):
    assert "There is none: credits come from admins." in emil.type("/futarchy settings")
    ada.type("/futarchy settings")
    ada.press(ada.answer, "allowance")
    asked = {
        "opening": "200",
        "amount": "50",
        "cap": "400",
        "floor": "500",
        "period_days": "7",
        "reason": "A start.",
    }
    typed = {name: {"value": value} for name, value in asked.items()}
    refused = ada.submit(**typed)
    ada.submit(**typed | {"floor": {"value": "20"}})
    said = read(ada.modal)

    assert refused["errors"] == {"floor": "Nobody can be lifted above the cap. Make it at most the cap."}
    assert "Every 7 days everybody gets 50 credits, up to 400 credits." in said
    assert said.rpartition(":white_check_mark: ")[2] in emil.type("/futarchy settings")
    assert ada.state["warnings"] == []


def test_a_grant_is_made_in_its_form_and_can_be_taken_back(live: Live, ada: Person, emil: Person):
    ada.type("/futarchy grant @emil")
    missing = ada.submit(amount={"value": "25"}, reason={"value": "x"}, person={"selected_user": None})
    ada.submit(amount={"value": "25"}, reason={"value": "For the pilot."}, person={"selected_user": "U0EMIL"})

    assert missing["errors"] == {"person": "This cannot be empty."}
    assert "<@U0EMIL> got 25 credits and has 525 credits free now." in read(ada.modal)
    assert balance(live, "U0EMIL") == 525 * MICRO
    ada.press_modal("take_back")
    assert "Another admin has to confirm" in read(ada.modal)
    assert ada.state["warnings"] == []


def test_the_books_are_proved_for_an_admin_who_is_sent_what_came_of_it(live: Live, ada: Person, emil: Person):
    assert "Only admins can do that" in emil.type("/futarchy audit")
    assert "I am proving the books" in ada.type("/futarchy audit")
    said = read(ada.wait_for("The books balance: all", "D0ADA"))

    assert "FAILS" not in said
    assert "the journal's head is" in said
    assert ada.state["warnings"] == []


def test_the_trade_shortcut_opens_the_one_form_or_a_choice(live: Live, emil: Person, carol: Person):
    emil.act("shortcut", callback_id="trade")
    assert emil.modal["callback_id"] == trade_form.VIEW
    emil.close()
    carol.act("shortcut", callback_id="trade")
    assert "Nothing can be traded now that you may trade." in read(carol.modal)
    varied.open_varied(live)
    emil.act("shortcut", callback_id="trade")
    assert "D-1: Do we release" in read(emil.modal)
    emil.press_modal("trade:D-2")

    assert "D-2" in emil.modal["title"]["text"]
    assert emil.state["warnings"] == []


def test_a_decision_is_opened_from_a_message(live: Live, ada: Person, emil: Person):
    emil.act("send", channel=MARKETS, text="Do we *move*   to <the new tower> & stay?")
    where = {"channel": MARKETS, "message_ts": emil.messages()[-1]["ts"], "callback_id": "decide"}
    emil.act("shortcut", **where)
    refused = read(emil.modal)
    ada.act("shortcut", **where)

    assert "Only admins can do that" in refused
    assert ada.element("question")["initial_value"] == "Do we *move* to <the new tower> & stay?"
    assert ada.state["warnings"] == []


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
        ("grant @nobody 100", "I do not know @nobody."),
        ("grant everybody 100", "I do not know everybody."),
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
    send_command(live, **form | {"text": "grant <@U0EMIL|emil> 10 more", "trigger_id": "4.5.6"})

    assert answers == ["<@U0EMIL> got 10 credits and has 510 credits free now."] * 3
    assert balance(live, "U0EMIL") == 520 * MICRO


def test_a_grant_that_is_typed_again_at_once_is_asked_about_and_granted_again_once(live: Live, ada: Person):
    """As it is typed again by somebody whose answer was lost; the button grants once, whoever delivers it twice."""
    ada.type("/futarchy grant @emil 10 welcome")
    for _ in range(2):
        said = ada.type("/futarchy grant @emil 10 welcome")
        assert "You granted 10 credits to <@U0EMIL> already" in said
        assert "Nothing was granted now." in said
    assert balance(live, "U0EMIL") == 510 * MICRO
    asked = [m for m in ada.messages() if m.get("ephemeral")][-1]
    _, again = find_button(asked["blocks"], "grant_again")
    ada.press(asked, "grant_again")

    assert "<@U0EMIL> got 10 credits and has 520 credits free now." in read(ada.wait_for("520 credits"))
    assert find_button([m for m in ada.messages() if m.get("ephemeral")][-1]["blocks"], "take_back")
    pressed = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U0ADA", "team_id": TEAM},
        "trigger_id": "7.8.9",
        "response_url": f"{live.workspace.base_url}/none",
        "actions": [again],
    }
    deliver(live, pressed)
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


def test_whoever_does_anything_for_the_first_time_is_welcomed_once(live: Live, ada: Person):
    """With the opening grant of the rule in force; without a rule a look leaves nothing behind."""
    form = {"command": "/market", "text": "", "team_id": TEAM, "user_id": "U0NILS"}
    before = counts(live)
    send_command(live, **form)
    assert counts(live) == before
    rule = allowing.Allowance(200 * MICRO, 0, None, 0, 7)
    live.write(allowing.set_rule, identity("U0ADA"), rule, "A start.")
    live.advance(
        seconds=ARRIVAL_PAUSE.total_seconds()
    )  # For so long it is not looked whether there is a rule.
    for _ in range(2):
        send_command(live, **form)

    assert balance(live, "U0NILS") == 200 * MICRO
