"""What admins and deciders can do about a decision is reached by buttons from Home, too; nobody else is offered any of it."""

from live import Live, Person, elements_of, read

from core.exchange import board


def offered(person: Person) -> list[str]:
    return [each["action_id"] for block in person.modal["blocks"] for each in elements_of(block)]


def test_an_admin_halts_a_decision_from_home(live: Live, ada: Person):
    ada.home()
    ada.press_home("manage")
    assert offered(ada) == ["add_option", "halt", "postpone", "schedule", "definition"]
    ada.press_modal("halt")
    ada.submit(reason={"value": "The numbers leaked."})

    assert "Trading is halted: D-1" in read(ada.modal)
    assert live.read(board.row, "", 1, live.workspace.clock()).report.halted_at


def test_a_decider_withdraws_a_decision_from_home(carol: Person):
    carol.home()
    carol.press_home("manage")
    assert offered(carol) == ["schedule", "declare", "withdraw", "definition"]
    carol.press_modal("withdraw")
    carol.submit(reason={"value": "It is moot."})
    carol.submit()

    assert "Withdrawn." in read(carol.modal)


def test_nobody_else_is_offered_to_manage_anything(emil: Person):
    assert not [
        each
        for block in emil.home()["blocks"]
        for each in elements_of(block)
        if each.get("action_id") == "manage"
    ]


def test_an_admin_asks_for_the_audit_from_home(ada: Person):
    ada.home()
    ada.press_home("audit")
    assert "I am proving the books" in read(ada.modal)
    ada.wait_for("The books balance", "D0ADA")
