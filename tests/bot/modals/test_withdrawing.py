"""Withdrawing: by the deciders, at any time before it is decided; everybody has back what they put in."""

from acts import balance, counts, decide, start_trade, trade, type_amount
from live import Live, Person, read

from core.units import MICRO


def withdraw(person: Person) -> str:
    """Through both steps; what the review says, and what is said at the end; or why no form came."""
    answer = person.type("/decision withdraw D-1")
    if not person.state["views"]:
        return answer
    person.submit(reason={"value": "Asked too early."})
    review = read(person.modal)
    person.submit()
    said = read(person.modal)
    person.close()
    return f"{review}\n{said}"


def test_a_withdrawal_gives_back_exactly_what_was_put_in(live: Live, emil: Person, carol: Person):
    """Gains and losses are void; trading stops at once, the credits come after the challenge window."""
    trade(emil, "100")
    trade(live.person("U0ERIN"), "150", way="Lower")
    start_trade(emil)
    type_amount(emil, "5")
    said = withdraw(carol)
    assert "(2 people) has back exactly what they put in" in said
    assert "That is *250 credits* to 2 people." in said
    assert "It cannot be undone." in said
    assert "Withdrawn. All stakes go back <!date^" in said
    assert "closed" in str(emil.submit()["errors"])

    live.advance(days=1, hours=1)
    emil.wait_for("is withdrawn for good")
    emil.wait_for("Back in your balance: *100 credits*", "D0EMIL")
    assert balance(live, "U0EMIL") == balance(live, "U0ERIN") == 500 * MICRO
    assert emil.state["warnings"] == []


def test_whoever_does_not_decide_withdraws_nothing(live: Live, emil: Person):
    assert "Only the people named as deciders" in emil.type("/decision withdraw D-1")
    assert emil.state["views"] == []


def test_going_back_from_the_review_withdraws_nothing(live: Live, carol: Person):
    carol.type("/decision withdraw D-1")
    carol.submit(reason={"value": "Asked too early."})
    carol.act("close", view_id=carol.modal["id"])

    assert carol.modal["title"]["text"] == "Withdraw D-1"
    assert counts(live)["record"] == 0


def test_what_is_decided_cannot_be_withdrawn(live: Live, carol: Person):
    decide(live, carol, "Hold")

    said = withdraw(carol)
    assert "is decided already" in said or "has been recorded already" in said
    assert counts(live)["record"] == 1
