"""A wrong grant is taken back by two admins: one asks and says why, the other one confirms."""

from datetime import timedelta

from acts import balance, identity, rest
from live import Live, Person, read

from core.exchange import opening, staffing
from core.exchange.opening import Definition, QuestionPlan
from core.units import MICRO


def granted(live: Live, admin: Person) -> None:
    """Carol is an admin too; Emil gets 100 by mistake, and the button to take that back is pressed."""
    live.write(staffing.appoint, identity("U0ADA"), identity("U0CAROL"), "To help.")
    assert "has 600 credits free now" in admin.type("/futarchy grant <@U0EMIL|emil> 100 welcome")
    admin.press([m for m in admin.messages() if m.get("ephemeral")][-1], "take_back")


def question(live: Live) -> QuestionPlan:
    """One in which anybody can put any amount."""
    return QuestionPlan(
        metric=Definition("Shipped", "yes", 0, MICRO, "1 if it was shipped in time."),
        metric_owner=identity("U0MONA"),
        outcomes=opening.yes_no(0.5),
        liquidity=100 * MICRO,
        closes_at=live.workspace.clock() + timedelta(days=1),
        reading_challenge_seconds=0,
    )


def test_one_admin_asks_and_another_one_confirms(live: Live, ada: Person, emil: Person, carol: Person):
    granted(live, ada)
    assert "*100 credits* to <@U0EMIL>" in read(ada.modal)
    ada.submit(reason={"value": "Meant for Erin."})
    assert "The other admins are asked." in read(ada.modal)
    ada.close()

    asked = carol.wait_for("asks to take a grant", "D0CAROL")
    carol.press(asked, "reversal", "D0CAROL")
    assert "> Meant for Erin." in read(carol.modal)
    carol.submit()
    assert "100 credits are taken back. <@U0EMIL> has 500 credits free now." in read(carol.modal)
    carol.close()
    said = read(emil.wait_for("was taken back", "D0EMIL"))
    assert "by <@U0ADA> and <@U0CAROL>" in said
    assert balance(live, "U0EMIL") == 500 * MICRO
    carol.press(asked, "reversal", "D0CAROL")
    assert "It is taken back already." in read(carol.modal)
    assert carol.state["warnings"] == []


def test_what_was_spent_cannot_be_taken_back(live: Live, ada: Person, carol: Person):
    granted(live, ada)
    ada.submit(reason={"value": "Meant for Erin."})
    ada.close()
    (market,) = live.write(opening.open_question, identity("U0ADA"), question(live)).market_ids
    rest(live, "U0EMIL", market, 100_000, 550)
    carol.press(carol.wait_for("asks to take a grant", "D0CAROL"), "reversal", "D0CAROL")
    carol.submit()
    assert "has only 50 credits free, so the grant cannot be taken back now" in read(carol.modal)
    assert balance(live, "U0EMIL") == 50 * MICRO


def test_whoever_asked_cannot_confirm_and_sees_that_it_waits(live: Live, ada: Person):
    granted(live, ada)
    ada.submit(reason={"value": "Meant for Erin."})
    ada.close()
    ada.press([m for m in ada.messages() if m.get("ephemeral")][-1], "take_back")
    assert "Another admin has to confirm it." in read(ada.modal)


def test_an_only_admin_is_told_that_it_takes_two(live: Live, ada: Person):
    ada.type("/futarchy grant <@U0EMIL|emil> 100 welcome")
    ada.press([m for m in ada.messages() if m.get("ephemeral")][-1], "take_back")
    assert "Another admin has to confirm that" in str(ada.submit(reason={"value": "Wrong."})["errors"])


def test_a_grant_is_found_again_in_how_somebody_stands(live: Live, ada: Person):
    ada.type("/futarchy people <@U0EMIL|emil>")
    assert "Granted 500 credits by <@U0ADA>" in read(ada.modal)
