"""An exchange with nothing in it but its first admin: she sets it up, and somebody new has their first day."""

import pytest
from acts import balance, identity
from live import Live
from playwright.sync_api import expect
from tab import Tab

from core.exchange import audit, board
from core.units import MICRO

pytestmark = pytest.mark.browser

EMPTY = True
PEOPLE = ("ada", "elias", "chen", "emil")
QUESTION = "Do we open the evaluation API?"


def test_an_empty_exchange_is_set_up_and_somebody_new_trades_in_it(live: Live, tabs: dict[str, Tab]):
    ada, elias, chen, emil = tabs.values()

    looks_around(elias)
    allows(ada)
    fills_the_pool(ada)
    ada.pass_time("+1 hour")
    practises(elias)
    makes_an_admin(ada, chen)
    grants(chen, emil)
    ada.open_decision(QUESTION)
    expect(ada.modal("Opened")).to_contain_text("D-1 is open")
    ada.close()
    first_trade(elias, "Open it", "Higher")
    first_trade(emil, "Keep it gated", "Lower")
    is_told_less(elias)
    looks_at_positions(elias)

    assert balance(live, "U0ELIAS") == 95 * MICRO
    assert set(live.read(board.admins)) == {identity("U0ADA"), identity("U0CHEN")}
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.person("U0ADA").state["warnings"] == []


def looks_around(elias: Tab) -> None:
    """Nothing is open, and what is to come is explained in three steps."""
    home = elias.home
    for step in ("1. Read a decision.", "2. Trade where you know better.", "3. See what comes of it."):
        expect(home).to_contain_text(step)
    expect(home).to_contain_text("No decision is open.")
    expect(home.get_by_role("button", name="New decision")).to_have_count(0)
    elias.picture("home_of_a_newcomer")


def allows(ada: Tab) -> None:
    ada.say("markets", "/futarchy settings")
    settings = ada.message("There is none: credits come from admins.")
    settings.get_by_role("button", name="Change the allowance").click()
    form = ada.modal("Allowance")
    form.get_by_label("Opening grant, credits").fill("100")
    form.get_by_label("Allowance, credits").fill("10")
    form.get_by_label("Why").fill("So that everybody can trade.")
    form.get_by_role("button", name="Change").click()
    expect(ada.modal("Changed")).to_contain_text("Newcomers get 100 credits.")
    ada.close()


def fills_the_pool(ada: Tab) -> None:
    """A decision needs a portfolio that pays for it, and Home says what it has."""
    ada.say("markets", "/futarchy grant pool 2000 first budget")
    ada.message("The pool got 2,000 credits")
    expect(ada.home).to_contain_text("Main: 2,000 credits free")


def practises(elias: Tab) -> None:
    """A question that pays nothing; meanwhile the opening grant has arrived."""
    elias.home.get_by_role("button", name="Try a practice question").click()
    practice = elias.modal("Practice")
    practice.get_by_label("Lower").check()
    practice.get_by_role("button", name="See how it ends").click()
    expect(elias.modal("How it could end")).to_contain_text("Nobody wins or loses.")
    elias.picture("practice")
    elias.close()
    elias.go("Futarchy")
    elias.message("You got 100 credits to begin with.")
    elias.picture("first_message")


def makes_an_admin(ada: Tab, chen: Tab) -> None:
    ada.home.get_by_role("button", name="People").click()
    people = ada.modal("People")
    people.get_by_label("Person").select_option(label="Chen Wei")
    people.get_by_label("Make them an admin").check()
    people.get_by_label("Reason").fill("Two of us.")
    people.get_by_role("button", name="Change it").click()
    expect(ada.modal("Changed")).to_contain_text("Chen Wei is an admin now.")
    ada.close()
    chen.go("Futarchy")
    chen.message("made you an admin of the exchange")


def grants(chen: Tab, emil: Tab) -> None:
    """The new admin can do what admins do."""
    chen.home.get_by_role("button", name="Grant credits").click()
    form = chen.modal("Grant credits")
    form.get_by_role("combobox").select_option(label="Emil Novak")
    form.get_by_label("Credits").fill("50")
    form.get_by_label("Why").fill("For the pilot.")
    form.get_by_role("button", name="Grant").click()
    expect(chen.modal("Granted")).to_contain_text("@Emil Novak got 50 credits")
    chen.close()
    emil.go("Futarchy")
    emil.message("@Chen Wei granted you 50 credits")


def first_trade(who: Tab, option: str, side: str) -> None:
    dialog = who.start_trade("D-1", option)
    dialog.get_by_label(side).check()
    dialog.get_by_role("textbox", name="Credits").press_sequentially("5", delay=30)
    dialog.get_by_role("button", name=f"Put 5 on {side}").click()
    expect(who.modal("Traded")).to_contain_text(f"{side} shares on {option} for 5 credits")
    who.close()


def is_told_less(elias: Tab) -> None:
    elias.home.get_by_role("button", name="Notifications").click()
    form = elias.modal("Notifications")
    form.get_by_label("Returned stakes").uncheck()
    form.get_by_role("button", name="Save").click()
    expect(elias.modal("Saved")).not_to_contain_text("returned stakes")
    elias.close()


def looks_at_positions(elias: Tab) -> None:
    """Whoever has traded is no newcomer any more."""
    home = elias.home
    expect(home).to_contain_text("Put in: 5 credits. The most of it that can be lost: 5 credits.")
    expect(home).not_to_contain_text("1. Read a decision.")
    elias.picture("home_after_the_first_trade")
