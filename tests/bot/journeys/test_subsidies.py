"""A portfolio from its opening to what is taken back, in a browser; and somebody who is not named, and refused."""

import pytest
from acts import identity
from live import Live
from playwright.sync_api import expect
from tab import Tab

from bot.locally import Mode
from core.exchange import audit, portfolios
from core.units import MICRO

pytestmark = pytest.mark.browser

PEOPLE = ("ada", "emil")
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)
def test_an_admin_spends_a_portfolio_and_who_is_not_named_is_refused(live: Live, tabs: dict[str, Tab]):
    ada, emil = tabs.values()
    live.person("U0ADA").type("/futarchy grant @emil 50000 to trade with")

    opens(ada)
    states(ada)
    plans_and_applies(ada)
    takes_back(ada)
    is_refused(emil)
    looks_on_a_phone(ada)

    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    facts = live.read(portfolios.overview, identity("U0ADA"), live.workspace.clock())
    assert [(each.name, each.free) for each in facts][1:] == [("Thin markets", 700 * MICRO)]
    assert live.person("U0ADA").state["warnings"] == []


def opens(ada: Tab) -> None:
    """From Home: Main is there already, and pays for what names no other."""
    ada.home.get_by_role("button", name="Subsidies").click()
    ada.modal("Subsidies").get_by_role("button", name="New portfolio").click()
    form = ada.modal("New portfolio")
    for label, text in (
        ("Name", "Thin markets"),
        ("Reserve budget, credits", "2000"),
        ("Expected spend, credits a period", "300"),
        ("Why", "Few trade there."),
    ):
        form.get_by_label(label).fill(text)
    form.get_by_role("group", name="Who may spend it").get_by_label("Ada Okafor").check()
    ada.picture("new_portfolio")
    form.get_by_role("button", name="Open it").click()
    expect(ada.modal("Done")).to_contain_text("Thin markets is open.")
    ada.close()
    ada.say("markets", "/subsidy fund Thin markets 700 because it begins.")
    ada.message("700 credits are free in it now.")
    ada.say("markets", "/subsidy")
    ada.message("0 of 2,000 credits reserved")
    ada.picture("portfolios")


def states(ada: Tab) -> None:
    ada.say("markets", "/subsidy set D-1 stake=50000")
    form = ada.modal("Stake of D-1")
    form.get_by_label("How far apart the best two may lie, % of the range").fill("40")
    form.get_by_label("Why").fill("It decides the release.")
    ada.picture("stake")
    form.get_by_role("button", name="Set it").click()
    expect(ada.modal("Set")).to_contain_text("a whole range is worth 50,000 credits")
    ada.close()


def plans_and_applies(ada: Tab) -> None:
    ada.say("markets", "/subsidy plan Main")
    plan = ada.message("A close call worth 50,000 credits")
    ada.picture("plan")
    plan.get_by_role("button", name="Row by row").click()
    rows = ada.modal("Plan of Main")
    expect(rows).to_contain_text("Stake 50,000 credits")
    ada.picture("plan_row_by_row")
    rows.get_by_role("button", name="Apply").click()
    form = ada.modal("Apply the plan")
    form.get_by_label("Why").fill("We need to know.")
    ada.picture("apply")
    form.get_by_role("button", name="Apply it").click()
    expect(ada.modal("Applied")).to_contain_text("will be reserved, for D-1")
    ada.close()


def takes_back(ada: Tab) -> None:
    ada.say("markets", "/subsidy withdraw D-1")
    form = ada.modal("Take out of D-1")
    form.get_by_label("Credits to free").fill("9999")
    form.get_by_label("Why").fill("It is too deep.")
    form.get_by_role("button", name="Review").click()
    expect(form).to_contain_text("can come free here")
    form.get_by_label("Credits to free").fill("50")
    form.get_by_role("button", name="Review").click()
    ada.picture("take_out")
    ada.modal("Are you sure?").get_by_role("button", name="Take it out").click()
    expect(ada.modal("Taken out")).to_contain_text("came free: Main has")
    ada.close()


def is_refused(emil: Tab) -> None:
    emil.say("markets", "/subsidy plan Main")
    emil.message("Only admins, and the people named to spend a portfolio, can see that. Ask @Ada Okafor.")
    emil.picture("refused")


def looks_on_a_phone(ada: Tab) -> None:
    """In the dark."""
    ada.page.set_viewport_size(PHONE)
    ada.page.emulate_media(color_scheme="dark")
    ada.message("A close call worth 50,000 credits").scroll_into_view_if_needed()
    ada.picture("plan_on_a_phone")
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
