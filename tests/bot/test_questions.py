"""Questions that hang on no decision, from being asked to being paid: every surface says what is so, and offers what can be done."""

import re
from typing import Any

import pytest
import varied
from acts import balance, choose, identity, place, shown, trades, type_amount
from live import Live, Person, find_button, option_of, read

from bot.story import cast
from core.exchange import granting, opening, questions
from core.units import MICRO

ASKED = {
    "question": {"value": "Do we ship the editor in June?"},
    "wording": {"value": "Yes if it is in the store on 30 June."},
    "base_rate": {"value": "60"},
    "owner": {"selected_user": "U0MONA"},
}
COUNTED = {
    "question": {"value": "How many incidents will June have?"},
    "wording": {"value": "As counted on the board on 1 July."},
    "unit": {"value": "incidents"},
    "low": {"value": "0"},
    "high": {"value": "40"},
    "base_rate": {"value": "15"},
    "owner": {"selected_user": "U0MONA"},
}
RANGES = {"centres": {"value": "0 10 20 30 40"}, "base_rate_sd": {"value": "8"}}
NUMBER, IN_RANGES = "A number", "A number, in ranges"


def kind(person: Person, text: str) -> None:
    person.fill("kind", option_of(person.element("kind"), text))


def ask(ada: Person, emil: Person) -> dict[str, Any]:
    """Ada asks it, and what Emil then sees in the channel: its card."""
    ada.type("/market new")
    assert ada.submit(**ASKED)["ok"]
    ada.close()
    return emil.wait_for("M-3:")


def start(person: Person, name: str = "M-3") -> None:
    person.press(shown(person, name), "trade")


def buy(person: Person, amount: str, name: str = "M-3", **choices: str) -> str:
    """A whole trade, and what is said at the end."""
    start(person, name)
    choose(person, **choices)
    type_amount(person, amount)
    place(person)
    said = read(person.modal)
    person.close()
    return said


def close(live: Live, mona: Person) -> None:
    """Until its card says so too, which is told ten seconds later."""
    live.advance(days=14, hours=1)
    mona.wait_for("trading has ended", "D0MONA")
    live.advance(seconds=11)


def file(mona: Person, answer: str) -> str:
    mona.press(shown(mona, "M-3"), "file")
    mona.submit(value=option_of(mona.element("value"), answer), source={"value": "The store"})
    said = read(mona.modal)
    mona.close()
    return said


def actions(content: dict[str, Any]) -> list[str]:
    return [
        e["action_id"] for block in content["blocks"] for e in block.get("elements", []) if "action_id" in e
    ]


def test_a_question_is_asked_traded_read_doubted_and_paid(
    live: Live, ada: Person, emil: Person, erin: Person, mona: Person
):
    """In the channel, by commands, on Home and in direct messages; nothing of it speaks of an option."""
    posted = ask(ada, emil)
    assert "A yes is priced at *60.0%*, its base rate" in read(posted)
    assert actions(posted) == ["trade"]
    a_trader_buys_and_sells(emil)
    erin_lays_an_order(live, erin)
    the_lists_have_it(emil, mona)
    it_closes_soon(live, emil)
    close(live, mona)
    mona.wait_for("M-3 “Do we ship the editor in June?” needs you", "D0MONA")
    emil.wait_for("Trading has ended · <@U0MONA> files what it came to")
    assert "Needs you" in read(mona.home())
    assert "It is told in public now" in file(mona, "Yes")
    live.advance(seconds=11)
    emil.wait_for("It came to *Yes* · final")
    the_reading_is_doubted(emil, ada)
    file(mona, "No")
    live.advance(days=1, hours=1)
    emil.wait_for("Outcome M-3")
    emil.wait_for("is settled. Your shares paid", "D0EMIL")
    live.advance(seconds=11)
    emil.wait_for("It came to *No* · everybody has been paid")

    said = read(emil.wait_for("Outcome M-3"))
    assert "It came to No. Before the close it was priced at" in said
    card = next(m for m in emil.messages() if m["ts"] == posted["ts"])
    assert "It came to *No* · everybody has been paid" in read(card)
    assert actions(card) == []
    assert "M-3: Do we ship the editor in June?*\nIt came to *No*" in emil.type("/market")
    assert "Questions" not in read(emil.home())
    seen = [*emil.messages(), *emil.messages("D0EMIL"), emil.home(), *erin.messages()]
    assert [each for each in seen if re.search(r"None|if  |option is taken\.\s*$", read(each))] == []
    assert [person.user for person in (ada, emil, erin, mona) if person.state["warnings"]] == []


def a_trader_buys_and_sells(emil: Person) -> None:
    start(emil)
    assert "*Do we ship the editor in June?*\nIt hangs on no decision" in read(emil.modal)
    assert [o["text"]["text"] for o in emil.element("way")["options"]] == [
        "Yes",
        "No",
        "Yes, with a chance that I name",
    ]
    said = type_amount(emil, "20")
    assert "*A yes* is priced at 60.0% now, 6" in said
    assert "if the answer is Yes; otherwise nothing." in said
    assert "*The most you can lose:* 20 credits." in said
    assert "taken" not in said
    assert "```No ├" in said
    assert "┤ Yes" in said
    assert emil.modal["submit"]["text"] == "Put 20 on Yes"
    emil.submit()
    assert "Yes shares* for *20 credits*" in read(emil.modal)
    assert "A yes is now priced at 6" in read(emil.modal)
    emil.close()
    home = read(emil.home())
    assert "*M-3: Do we ship the editor in June?*\n• " in home
    assert "Yes shares, which sell for 20.00 credits now." in home
    emil.press_home("sell")
    emil.fill("amount", {"value": "10"})
    assert "It is in your balance at once: " in read(emil.modal)
    emil.submit()
    assert "You sold *10 Yes shares* for " in read(emil.modal)
    emil.close()


def erin_lays_an_order(live: Live, erin: Person) -> None:
    start(erin)
    choose(erin, way="No")
    erin.fill("limited", {"selected_options": erin.element("limited")["options"]})
    choose(erin, price="70")
    assert "*Waits:* 30 credits, until it is priced at 70% or more." in type_amount(erin, "30")
    erin.submit()
    erin.close()
    assert "M-3: buy No shares while “Do we ship the editor in June?” is priced at 70% or more." in read(
        erin.home()
    )


def the_lists_have_it(emil: Person, mona: Person) -> None:
    assert "M-3: Do we ship the editor in June?" in emil.type("/market")
    assert "1 question with “editor”" in emil.type("/market editor")
    assert "1 decision and 1 question with “the”" in emil.type("/market the")
    assert "There is no question M-9" in emil.type("/market M-9")
    assert "There is no question M-1" in emil.type("/market m-1")
    home = read(mona.home())
    assert "You file its reading, so you may not trade it." in home
    assert find_button(mona.state["home"]["blocks"], "file")
    start(mona)
    assert "You file the reading for this metric, so you may not trade it." in read(mona.modal)
    mona.close()


def it_closes_soon(live: Live, emil: Person) -> None:
    live.advance(days=13, hours=12)
    warned = emil.wait_for("after that you wait for what it comes to.", "D0EMIL")
    assert "M-3 “Do we ship the editor in June?” closes " in read(warned)
    assert "Needs you\n*M-3: Do we ship the editor in June?*\nTrading closes " in read(emil.home())
    emil.press(warned, "trade", "D0EMIL")
    assert emil.modal["title"]["text"] == "Trade M-3"
    emil.close()


def the_reading_is_doubted(emil: Person, ada: Person) -> None:
    emil.press(emil.wait_for("has its reading, filed by"), "object")
    assert "Filed by <@U0MONA>: it came to *Yes*." in read(emil.modal)
    emil.submit(reason={"value": "It was the beta."})
    emil.close()
    held_up = ada.wait_for("is held up: <@U0EMIL> objects to its reading.")
    assert "Needs you" in read(ada.home())
    ada.press(held_up, "rule")
    ada.submit(ruling=option_of(ada.element("ruling"), "Uphold the objection"), reason={"value": "It was."})
    ada.close()
    emil.wait_for("upheld the objection to its reading.")


@pytest.mark.parametrize(("chosen", "more"), [(NUMBER, {}), (IN_RANGES, RANGES)])
def test_a_number_is_asked_between_two_values(
    live: Live, ada: Person, emil: Person, chosen: str, more: dict[str, Any]
):
    """As one that comes out higher or lower, or in ranges; traded by an estimate, and never measured at last."""
    ada.type("/market new How many incidents will June have?")
    kind(ada, chosen)
    assert ada.submit(**COUNTED | more)["ok"], ada.state
    posted = emil.wait_for("M-3:")
    assert "incidents*, its base rate" in read(posted)
    name = "My estimate" if more else "At my estimate"
    start(emil)
    choose(emil, way=name, estimate="18")
    said = type_amount(emil, "20")
    assert "incidents now" in said
    assert "evenly less down to 0 at 0 incidents." in said
    place(emil)
    assert "You bought" in read(emil.modal)
    emil.close()
    assert ("eight times in ten between" in emil.type("/market M-3")) == bool(more)

    ada.close()
    close(live, live.person("U0MONA"))
    ada.press(shown(ada, "M-3"), "file")
    assert (
        "shares are paid by the average prices of the 24 h before the close, in which the market expected"
        in read(ada.modal)
    )
    ada.submit(source={"value": "The board was closed."})
    assert "1 person" in read(ada.modal)
    ada.submit()
    assert "everybody is paid" in read(ada.modal)
    live.advance(days=1, hours=1)
    emil.wait_for("Outcome M-3")
    assert abs(balance(live, "U0EMIL") - 500 * MICRO) < 3 * MICRO
    assert ada.state["warnings"] == emil.state["warnings"] == []


def test_another_kind_loses_nothing_that_was_typed(ada: Person):
    """What has no input for a while comes back with it."""
    ada.type("/market new")
    kind(ada, IN_RANGES)
    for block, value in (COUNTED | RANGES).items():
        if "value" in value:
            element = ada.element(block)
            ada.act(
                "action",
                view_id=ada.modal["id"],
                block_id="kind",
                action_id="ask_kind",
                value=option_of(ada.element("kind"), IN_RANGES),
                values={block: {element["action_id"]: value}},
            )
    for text in ("Yes or no", NUMBER, IN_RANGES):
        kind(ada, text)
    values = ada.modal["state"]["values"]
    stands = {block: next(iter(each.values())).get("value") for block, each in values.items()}
    assert {block: stands[block] for block in (*COUNTED, *RANGES) if block != "owner"} == {
        block: value["value"] for block, value in (COUNTED | RANGES).items() if block != "owner"
    }


def test_what_cannot_be_asked_is_refused_where_it_was_typed(live: Live, ada: Person):
    ada.type("/market new")
    now = int(live.workspace.clock().timestamp())
    for block, value, said in (
        ("question", "  ", "cannot be empty"),
        ("wording", "  ", "cannot be empty"),
        ("base_rate", "0", "must be between 0.1"),
        ("base_rate", "0.00000001", "more than six digits"),
        ("challenge", "-1", "between 0 hours and 30 days"),
        ("subsidy", "0.1", "too little to open a market with"),
        ("subsidy", "9999999", "Main has 4,500 credits free"),
        ("subsidy", "99999999", "between 1 and 100,000,000"),
    ):
        answer = ada.submit(**ASKED | {block: {"value": value}})
        assert said in answer["errors"].get(block, ""), (block, value, answer)
        ada.submit(**{block: {"value": None}})
        ada.submit(challenge={"value": "24"}, subsidy={"value": "100"}, base_rate={"value": None})
    late = ada.submit(**ASKED | {"closes_at": {"selected_date_time": now - 60}})
    assert "already past" in late["errors"]["closes_at"]
    kind(ada, IN_RANGES)
    for block, value, said in (
        ("low", "40", "must be above"),
        ("centres", "0 10 30", "must be the ends of the range"),
        ("base_rate_sd", "0", "more than 0"),
    ):
        changes = {block: {"value": value}, "closes_at": {"selected_date_time": now + 86_400}}
        answer = ada.submit(**COUNTED | RANGES | changes)
        assert said in next(iter(answer["errors"].values())), (block, value, answer)
    assert live.read(questions.open_for, identity("U0EMIL"), live.workspace.clock()) == []


def test_only_admins_ask_and_one_who_asks_again_asks_once(live: Live, ada: Person, emil: Person):
    assert "Only admins can do that." in emil.type("/market new")
    assert emil.state["views"] == []
    ada.home()
    ada.press_home("ask")
    assert ada.modal["title"]["text"] == "New question"
    ada.close()
    ask(ada, emil)
    ask_again = ada.type("/market M-3")
    assert "60.0%" in ask_again
    assert trades(live) == 0


def test_its_owner_can_answer_before_trading_closes(live: Live, ada: Person, emil: Person, mona: Person):
    """Filing ends trading at once; nobody else can file, and the card says so."""
    ask(ada, emil)
    buy(emil, "20")
    file(mona, "Yes")
    live.advance(seconds=11)
    emil.wait_for("It came to *Yes* · final")
    assert "trade" not in actions(shown(emil, "M-3"))
    assert "file" not in actions(shown(emil, "M-3"))


def test_a_long_list_fits_in_what_slack_takes(live: Live, emil: Person):
    """Both kinds side by side; what is left over is said, and stands on Home."""
    more = ("pool", 9_000 * MICRO, "more", "to back them all")
    live.write(granting.grant, identity("U0ADA"), *more)
    for number in range(11):
        if number < 9:
            varied.ask(live, f"Question {number}?")
        live.write(opening.open_decision, identity("U0ADA"), cast.plan(live.workspace.clock()))
    said = emil.type("/market")
    assert said.startswith("12 decisions and 9 questions to look at.")
    assert "4 more stand on my Home tab" in said
    assert "1 more stands on my Home tab" in said
    assert "9 questions with “Question”. Not shown: 1." in emil.type("/market Question")
    emil.home()
    emil.act("shortcut", callback_id="trade")
    assert emil.state["warnings"] == []


def test_more_can_be_said_of_how_its_answer_is_read(live: Live, ada: Person, emil: Person):
    ada.type("/market new")
    ada.fill("details", {"selected_options": ada.element("details")["options"]})
    assert ada.submit(**ASKED, metric_source={"value": "The store"}, decimals={"value": ""})["ok"]
    ada.close()
    emil.press(shown(emil, "M-3"), "definition")
    assert "*Source:* The store" in read(emil.modal)
