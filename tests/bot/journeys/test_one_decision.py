"""One decision from `/decision new` to the outcome summary, by four people in four browsers, over signed HTTP."""

import re

import pytest
import varied
from acts import decide
from live import Live
from playwright.sync_api import expect
from tab import WAIT, Tab

from bot.locally import Mode
from core.exchange import audit, portfolio

pytestmark = pytest.mark.browser

QUESTION = "Do we open the evaluation API?"


@pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)
def test_four_people_live_one_decision(live: Live, tabs: dict[str, Tab]) -> None:
    """Everything a decision is for, seen by those who take part; the books balance and nobody was warned."""
    ada, emil, carol, mona = tabs.values()

    grant_and_open(ada)
    emil.message(f"D-2: {QUESTION}")
    trade(emil, "Keep it gated", "Lower", "100")
    trade(emil, "Open it", "Higher", "100")
    sees_both_backed(emil)
    sells(emil)
    cannot_trade(carol)
    reads_report(carol)

    ada.pass_time("+1 week", "+1 hour")
    records(carol)
    emil.go("# markets")
    emil.message("is decided by")
    ada.pass_time("+1 day", "+1 hour")
    emil.message("is final")

    ada.pass_time("+1 week", "+1 week", "+1 week", "+1 week")
    files_reading(mona)
    ada.pass_time("+1 day", "+1 hour")
    sees_outcome(emil)

    assert [proof for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.read(portfolio.portfolio, "T0FUTARCHY/U0EMIL").in_decisions == 0
    assert live.person("U0ADA").state["warnings"] == []


def grant_and_open(ada: Tab) -> None:
    ada.say("markets", "/futarchy grant @emil 100 for the pilot")
    expect(ada.message("has 600 credits free now")).to_contain_text("Only visible to you")
    ada.open_decision(QUESTION)
    expect(ada.modal("Opened")).to_contain_text("D-2 is open")
    ada.picture("opened")
    ada.close()


def trade(who: Tab, option: str, side: str, credits_spent: str) -> None:
    who.go("# markets")
    who.message(f"D-2: {QUESTION}").get_by_role("button", name="Trade").click()
    dialog = who.modal("Trade D-2")
    dialog.get_by_label("If this option is taken").select_option(label=option)
    dialog.get_by_label(side).check()
    dialog.get_by_role("textbox", name="Credits").press_sequentially(credits_spent, delay=30)
    expect(dialog).to_contain_text(f"{credits_spent} credits for", timeout=WAIT)
    expect(dialog).to_contain_text(f"The most you can lose: {credits_spent} credits.")
    who.picture("quote")
    dialog.get_by_role("button", name=f"Put {credits_spent} on {side}").click()
    who.modal("Are you sure?").get_by_role("button", name=f"Use {credits_spent} credits").click()
    expect(who.modal("Traded")).to_contain_text(f"{side} shares on {option}")
    who.picture("traded")
    who.close()


def sees_both_backed(emil: Tab) -> None:
    """The same 100 credits back both options, and Home says so in one currency."""
    emil.go("Home")
    home = emil.page.get_by_role("region", name="Home")
    expect(home).to_contain_text("500 credits", timeout=WAIT)
    expect(home).to_contain_text("Put in: 100 credits. The most of it that can be lost: 100 credits.")
    expect(home).to_contain_text("If none is taken: 100 credits back.")
    expect(home).not_to_contain_text(re.compile("split", re.IGNORECASE))
    emil.picture("home")


def sells(emil: Tab) -> None:
    emil.page.get_by_role("button", name="Sell Higher shares on Open it in D-2").click()
    dialog = emil.modal("Sell Higher shares")
    dialog.get_by_label("Shares to sell").fill("20")
    expect(dialog).to_contain_text("20 Higher shares bring", timeout=WAIT)
    emil.picture("selling")
    dialog.get_by_role("button", name="Sell").click()
    expect(emil.modal("Sold")).to_contain_text("You sold 20 Higher shares on Open it")
    emil.close()


def cannot_trade(carol: Tab) -> None:
    carol.go("# markets")
    carol.message(f"D-2: {QUESTION}").get_by_role("button", name="Trade").click()
    expect(carol.modal("Not possible")).to_contain_text("You are one of the people who decide this")
    carol.picture("refused")
    carol.close()


def reads_report(carol: Tab) -> None:
    carol.say("release-committee", "/decision report D-2")
    report = carol.message("Spread report D-2")
    expect(report).to_contain_text("Only visible to you")
    expect(report).to_contain_text("It is not the effect of choosing it.")
    expect(report).to_contain_text("Cost to flip")
    carol.picture("report")
    report.get_by_role("button", name="More").click()
    more = carol.modal("More on D-2")
    expect(more).to_contain_text("There is no lottery, so no option is drawn")
    expect(more).to_contain_text("Leave-one-out standard error of the gap")
    carol.picture("more")
    carol.close()


def records(carol: Tab) -> None:
    carol.go("# release-committee")
    report = carol.message("Spread report D-2")
    expect(report.get_by_role("button", name="Record the decision")).to_be_visible(timeout=WAIT)
    carol.picture("closing_report")
    report.get_by_role("button", name="Record the decision").click()
    dialog = carol.modal("Record D-2")
    dialog.get_by_label("Open it").check()
    dialog.get_by_label("Reason").fill("More findings are worth the work of answering them.")
    dialog.get_by_label("What did the committee know").fill("Nothing.")
    carol.picture("record")
    dialog.get_by_role("button", name="Review").click()
    sure = carol.modal("Are you sure?")
    expect(sure).to_contain_text("It cannot be changed once it is recorded.")
    carol.picture("confirm")
    sure.get_by_role("button", name="Record it").click()
    expect(carol.modal("Recorded")).to_contain_text("takes effect")
    carol.close()


def files_reading(mona: Tab) -> None:
    mona.say("markets", "/decision metric D-2")
    dialog = mona.modal("File the reading")
    dialog.get_by_label("Value, reports").fill("23")
    dialog.get_by_label("Source").fill("The safety team's tracker")
    mona.picture("reading")
    dialog.get_by_role("button", name="File it").click()
    expect(mona.modal("Filed")).to_contain_text("Trading has ended")
    mona.close()
    mona.message("has its reading")


def sees_outcome(emil: Tab) -> None:
    outcome = emil.message("Outcome D-2")
    expect(outcome).to_contain_text("Serious findings came to 23 reports.")
    emil.picture("outcome")
    emil.go("Futarchy")
    emil.message("is settled. Your shares paid")
    emil.picture("direct_message")
    emil.go("Home")
    expect(emil.page.get_by_role("region", name="Home")).to_contain_text("You hold nothing now", timeout=WAIT)
    emil.picture("home_at_the_end")


@pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)
def test_several_measures_are_traded_and_a_void_reading_is_doubted(live: Live, tabs: dict[str, Tab]) -> None:
    """An estimate in bins, a report with a table for each measure, and a metric that was never measured, or was it."""
    ada, emil, carol, mona = tabs.values()
    varied.open_varied(live)

    estimates(emil)
    reads_several(carol)
    decide(live, live.person("U0CAROL"), "Release", "D-2")
    mona.go("# markets")
    mona.message("is final")
    files_void(mona)
    objects(emil)
    rules(ada)
    files_anew(mona)
    live.advance(days=1, hours=1)
    expect(emil.message("Outcome D-2")).to_contain_text("Incidents came to 23 reports.")
    emil.picture("outcome_of_several")
    emil.go("Futarchy")
    expect(emil.message("is settled. Your shares paid")).to_contain_text("for Incidents.")

    assert [proof for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.person("U0ADA").state["warnings"] == []


def estimates(emil: Tab) -> None:
    emil.go("# markets")
    card = emil.message("D-2: Do we share the weights?")
    emil.picture("card_of_several")
    card.get_by_role("button", name="Trade").click()
    dialog = emil.modal("Trade D-2")
    dialog.get_by_label("If this option is taken").select_option(label="Release: Incidents")
    dialog.get_by_label("My estimate, reports").fill("25")
    dialog.get_by_label("Credits at most").press_sequentially("20", delay=30)
    expect(dialog).to_contain_text("20 credits for shares around 10 reports", timeout=WAIT)
    expect(dialog).not_to_contain_text("Higher")
    emil.picture("estimate")
    dialog.get_by_role("button", name="Spend up to 20").click()
    expect(emil.modal("Traded")).to_contain_text("You bought shares around 10 reports")
    emil.picture("estimated")
    emil.close()
    emil.go("Home")
    expect(emil.page.get_by_role("region", name="Home")).to_contain_text("of Incidents, which sell for")
    emil.picture("home_of_several")


def reads_several(carol: Tab) -> None:
    carol.say("release-committee", "/decision report D-2")
    report = carol.message("Spread report D-2")
    expect(report).to_contain_text("Incidents if chosen")
    report.scroll_into_view_if_needed()
    carol.picture("report_of_several")


def files_void(mona: Tab) -> None:
    mona.say("markets", "/decision metric D-2")
    dialog = mona.modal("File the reading")
    mona.picture("choosing_metric")
    dialog.get_by_label("Metric", exact=True).select_option(label="Incidents")
    dialog.get_by_label("It was never measured").check()
    expect(dialog).to_contain_text("shares are paid by the average prices", timeout=WAIT)
    expect(dialog.get_by_label("Value, reports")).to_have_count(0)
    dialog.get_by_label("Reason").fill("The tracker lost a month")
    mona.picture("void")
    dialog.get_by_role("button", name="File it").click()
    look = mona.modal("Are you sure?")
    expect(look).to_contain_text("are paid")
    mona.picture("void_look")
    look.get_by_role("button", name="File it").click()
    expect(mona.modal("Filed")).to_contain_text("Until then it can be filed anew.")
    mona.close()


def objects(emil: Tab) -> None:
    emil.go("# markets")
    filed = emil.message("was never measured")
    emil.picture("void_reading")
    filed.get_by_role("button", name="Object").click()
    dialog = emil.modal("Object to a reading")
    dialog.get_by_label("What is wrong with it").fill("There is a copy: it says 23.")
    emil.picture("objecting")
    dialog.get_by_role("button", name="Object").click()
    expect(emil.modal("Objected")).to_contain_text("Your objection stands.")
    emil.close()


def rules(ada: Tab) -> None:
    """The channel tells her, and her Home keeps asking; from there she rules."""
    ada.go("# markets")
    expect(
        ada.message("objects to the reading of Incidents").get_by_role("button", name="Rule")
    ).to_be_visible()
    ada.picture("objected")
    ada.go("Home")
    expect(ada.page.get_by_role("region", name="Home")).to_contain_text("Needs you")
    ada.picture("home_asks_her_to_rule")
    ada.page.get_by_role("button", name="Rule").click()
    dialog = ada.modal("Rule on an objection")
    dialog.get_by_label("Uphold the objection").check()
    dialog.get_by_label("Reason").fill("The copy is good.")
    ada.picture("ruling")
    dialog.get_by_role("button", name="Rule").click()
    expect(ada.modal("Ruled")).to_contain_text("files it anew")
    ada.close()


def files_anew(mona: Tab) -> None:
    """All three metrics, the one that was sent back last."""
    mona.go("Home")
    expect(mona.page.get_by_role("region", name="Home")).to_contain_text("filed anew")
    mona.picture("home_asks_her_to_file_anew")
    mona.go("# markets")
    mona.message("upheld the objection").get_by_role("button", name="File the reading").click()
    for metric, label, value in (
        ("Helpfulness score", "Value, points", "71"),
        ("Trust in us", "Value, %", "64.5"),
        ("Incidents", "Value, reports", "23"),
    ):
        dialog = mona.modal("File the reading")
        dialog.get_by_label("Metric", exact=True).select_option(label=metric)
        dialog.get_by_label(label).fill(value)
        dialog.get_by_label("Source").fill("The copy")
        mona.picture(f"reading_of_{value}")
        dialog.get_by_role("button", name="File it").click()
        expect(mona.modal("Filed")).to_contain_text("Filed.")
        mona.close()
        mona.say("markets", "/decision metric D-2")
    mona.page.get_by_role("button", name="Cancel", exact=True).click()
