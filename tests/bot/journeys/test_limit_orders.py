"""Each way to trade, by four people at once: an estimate, a range, at a price, and selling again."""

import pytest
import varied
from acts import balance, identity
from live import Live
from playwright.sync_api import expect
from tab import WAIT, Tab

from bot.locally import Mode
from core.exchange import audit, portfolio
from core.units import MICRO

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live", [Mode.SOCKET], indirect=True)]

PEOPLE = ("ada", "emil", "erin", "elias")


def test_four_people_trade_in_every_way(live: Live, tabs: dict[str, Tab]):
    ada, emil, erin, elias = tabs.values()
    varied.open_varied(live)

    estimates(emil)
    takes_a_range(elias)
    is_refused(erin)
    for price in ("60", "45", "44", "43"):
        waits_for(erin, price)
    pushes_the_price(emil)
    ada.pass_time("+1 hour")
    is_filled(erin)
    cancels_one(erin)
    cancels_all(erin)
    sells(erin)
    sees_what_was_traded(ada)

    assert balance(live, "U0ERIN") > 490 * MICRO
    assert live.read(portfolio.portfolio, identity("U0ERIN")).orders == ()
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.person("U0ADA").state["warnings"] == []


def estimates(emil: Tab) -> None:
    """Toward an estimate below the price: Lower shares, which win when it comes out low."""
    dialog = emil.start_trade("D-1", "Release")
    dialog.get_by_label("At my estimate").check()
    dialog.get_by_label("My estimate, points").fill("61.5")
    dialog.get_by_label("Credits at most").press_sequentially("40", delay=30)
    expect(dialog).to_contain_text("Lower shares", timeout=WAIT)
    expect(dialog).to_contain_text("it comes to 40 points or less; evenly less down to 0 at 80 points.")
    dialog.get_by_role("button", name="Spend up to 40").click()
    expect(emil.modal("Traded")).to_contain_text("is now priced at 61.5 points.")
    emil.picture("estimated")
    emil.close()


def takes_a_range(elias: Tab) -> None:
    dialog = elias.start_trade("D-2", "Release: Incidents")
    dialog.get_by_label("Between two values").check()
    dialog.get_by_label("From, reports").fill("25")
    dialog.get_by_label("To, reports").fill("40")
    dialog.get_by_role("textbox", name="Credits").press_sequentially("10", delay=30)
    expect(dialog).to_contain_text("shares around 30 or 40 reports", timeout=WAIT)
    expect(dialog).to_contain_text("30 reports or more; less beside it, down to nothing at the next values.")
    elias.picture("range")
    dialog.get_by_role("button", name="Put 10 on the range").click()
    expect(elias.modal("Traded")).to_contain_text("shares around 30 or 40 reports on Release for 10 credits")
    elias.close()


def is_refused(erin: Tab) -> None:
    """Under the field that it is about; everything that was typed is still there."""
    dialog = erin.start_trade("D-1", "Hold")
    dialog.get_by_label("Only at a price that I name").check()
    price = dialog.get_by_label("Only while it is priced at this or less, points")
    price.fill("39")
    dialog.get_by_role("textbox", name="Credits").press_sequentially("10", delay=30)
    dialog.get_by_role("button", name="Place trade").click()
    expect(dialog.get_by_role("alert")).to_have_text("This must be between 40.04 and 79.96.")
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(price).to_have_value("39")
    expect(dialog.get_by_role("textbox", name="Credits")).to_have_value("10")
    expect(dialog.get_by_label("If this option is taken")).to_have_value("2")
    erin.picture("refused_under_its_field")
    dialog.get_by_role("button", name="Cancel").click()


def waits_for(erin: Tab, price: str) -> None:
    dialog = erin.start_trade("D-1", "Release")
    dialog.get_by_label("Only at a price that I name").check()
    dialog.get_by_label("Only while it is priced at this or less, points").fill(price)
    dialog.get_by_role("textbox", name="Credits").press_sequentially("10", delay=30)
    expect(dialog).to_contain_text(f"10 credits, until it is priced at {price} points or less.", timeout=WAIT)
    dialog.get_by_role("button", name="Place limit order").click()
    expect(erin.modal("Placed")).to_contain_text("Your limit order is placed.")
    erin.close()


def pushes_the_price(emil: Tab) -> None:
    """Past what Erin waits for: his order meets hers on its way."""
    dialog = emil.start_trade("D-1", "Release")
    dialog.get_by_label("Lower").check()
    dialog.get_by_role("textbox", name="Credits").press_sequentially("150", delay=30)
    dialog.get_by_role("button", name="Put 150 on Lower").click()
    emil.modal("Are you sure?").get_by_role("button", name="Use 150 credits").click()
    expect(emil.modal("Traded")).to_contain_text("Lower shares on Release for 150 credits")
    emil.close()


def is_filled(erin: Tab) -> None:
    erin.go("Futarchy")
    expect(erin.message("Your limit order O-1")).to_contain_text("for 10 credits. It is filled.")
    erin.picture("filled")


def cancels_one(erin: Tab) -> None:
    home = erin.home
    expect(home).to_contain_text("O-2 · D-1, Release: buy Higher shares", timeout=WAIT)
    home.get_by_role("button", name="Cancel order O-2").click()
    expect(home).not_to_contain_text("O-2", timeout=WAIT)
    expect(home).to_contain_text("O-3")


def cancels_all(erin: Tab) -> None:
    """Only after a second question, which can be answered with no."""
    home = erin.page.get_by_role("region", name="Home")
    home.get_by_role("button", name="Cancel all").click()
    sure = erin.modal("Cancel all limit orders?")
    expect(sure).to_contain_text("2 limit orders end, and 20 credits can be used again.")
    erin.picture("cancel_all")
    sure.get_by_role("button", name="Keep").click()
    expect(home).to_contain_text("O-3")
    home.get_by_role("button", name="Cancel all").click()
    erin.modal("Cancel all limit orders?").get_by_role("button", name="Cancel all").click()
    expect(home).not_to_contain_text("Your limit orders", timeout=WAIT)


def sells(erin: Tab) -> None:
    erin.home.get_by_role("button", name="Sell Higher shares on Release in D-1").click()
    dialog = erin.modal("Sell Higher shares")
    expect(dialog).to_contain_text("Higher shares bring")
    dialog.get_by_role("button", name="Sell").click()
    expect(erin.modal("Sold")).to_contain_text("Higher shares on Release for")
    erin.close()


def sees_what_was_traded(ada: Tab) -> None:
    ada.say("markets", "/market D-1")
    expect(ada.message("3 trades by 2 people")).to_contain_text("Only visible to you")
