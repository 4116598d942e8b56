"""Two lottery decisions side by side: one is drawn, which anybody can check from its post; the other is left to people."""

from pathlib import Path

import lotteries
import pytest
from acts import file_reading, trade
from live import Live
from playwright.sync_api import expect
from tab import WAIT, Tab
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.locally import Mode
from core.exchange import audit, portfolio

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live", [Mode.SOCKET], indirect=True)]

PEOPLE = ("ada", "emil", "carol")
DESKS, CHAIRS = "Which office gets the new desks?", "Which office gets the new chairs?"


def test_one_lottery_draws_and_another_leaves_it_to_people(
    live: Live, tabs: dict[str, Tab], tmp_path: Path
) -> None:
    """What nobody could sway and everybody can check; then both are measured, and all is paid."""
    ada, emil, carol = tabs.values()

    opens(live, ada)
    reads_what_binds_it(emil)
    trades_in_both(emil)
    others_trade(live)
    reads_the_effect(carol)
    ada.pass_time("+1 week", "+1 hour")
    pastes_from_home(carol, lotteries.value_for(live, 0, 2))
    pastes_from_report(carol, lotteries.value_for(live, None, 3))
    reads_them_too(live)
    carol.message("its lottery drew nothing, so people decide")
    carol.picture("not_drawn")
    checks(emil, tmp_path / "copied.txt")
    ada.pass_time("+1 day", "+1 hour")
    sees_it_drawn(emil)
    records_the_other(carol)
    live.advance(days=30)
    settles(live)
    sees_both_outcomes(emil)

    assert [proof for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.read(portfolio.portfolio, "T0FUTARCHY/U0EMIL").in_decisions == 0
    assert live.person("U0ADA").state["warnings"] == []


def opens(live: Live, ada: Tab) -> None:
    """She sits down to the last step of the first's form; the second is opened besides."""
    person = live.person("U0ADA")
    person.type("/decision new")
    assert person.submit(**lotteries.question(DESKS))["ok"]
    assert person.submit(**lotteries.METRIC)["ok"]
    form = ada.modal("New decision: 3 of 3")
    form.get_by_label(lotteries.LOTTERY).check()
    for label, text in (
        ("Subsidy, credits", "400"),
        ("Chance that the lottery draws, %", "60"),
        ("Beacon", "The city's lottery"),
        ("Its round", "the draw of next week"),
    ):
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_label("Committee channel").select_option(label="# release-committee")
    ada.picture("lottery_terms")
    form.get_by_role("button", name="Open decision").click()
    expect(ada.modal("Opened")).to_contain_text("D-2 is open")
    ada.close()
    lotteries.open_lottery(person, CHAIRS)


def reads_what_binds_it(emil: Tab) -> None:
    """Before anybody trades it is said how it will be drawn, and committed to."""
    emil.go("# markets")
    said = emil.message(f"D-2 “{DESKS}” may be decided by a lottery")
    expect(said).to_contain_text("North: 30%")
    expect(said).to_contain_text("Commitment")
    emil.picture("what_binds_it")


def trades_in_both(emil: Tab) -> None:
    """One order, mirrored: both legs are quoted and both are filled, by the same credits."""
    dialog = emil.start_trade("D-2", "North")
    expect(dialog.get_by_label("Whoever takes it")).to_be_checked()
    dialog.get_by_role("textbox", name="Credits").press_sequentially("40", delay=30)
    expect(dialog).to_contain_text("If North is drawn:", timeout=WAIT)
    expect(dialog).to_contain_text(
        "The most you can lose: 40 credits, since only one of the two can come true."
    )
    emil.picture("mirrored")
    dialog.get_by_role("button", name="Put 40 on Higher").click()
    traded = emil.modal("Traded")
    expect(traded).to_contain_text("If North is drawn:")
    expect(traded).to_contain_text("The same credits back both")
    emil.picture("mirrored_fill")
    emil.close()
    sells = emil.home.get_by_role("button", name="Sell Higher shares on North, if drawn in D-2")
    expect(sells).to_be_visible(timeout=WAIT)
    emil.picture("home_of_twins")


def others_trade(live: Live) -> None:
    """One twin alone, and the other decision."""
    erin, emil = live.person("U0ERIN"), live.person("U0EMIL")
    trade(erin, "30", name="D-2", option="South", side="Only if the lottery draws it", way="Lower")
    trade(emil, "20", name="D-3", option="South", way="Higher")


def reads_the_effect(carol: Tab) -> None:
    carol.say("release-committee", "/decision report D-2")
    report = carol.message("Spread report D-2")
    expect(report).to_contain_text("Effect of assigning")
    expect(report).to_contain_text("1 person traded the twins apart")
    expect(report).to_contain_text("It is not the effect of choosing it")
    report.scroll_into_view_if_needed()
    carol.picture("report")
    report.get_by_role("button", name="More").click()
    expect(carol.modal("More on D-2")).to_contain_text("How it is decided")
    carol.picture("more")
    carol.close()


def pastes_from_home(carol: Tab, value: str) -> None:
    """Nobody may decide it first; she only says what the beacon said."""
    carol.go("# release-committee")
    asked = carol.message("Spread report D-2").get_by_role("button", name="Paste the beacon's value for D-2")
    expect(asked).to_be_visible(timeout=WAIT)
    home = carol.home
    expect(home).to_contain_text("its lottery is drawn once", timeout=WAIT)
    carol.picture("home_asks_for_the_beacon")
    home.get_by_role("button", name="Paste the beacon's value for D-2").click()
    pastes(carol, "Draw D-2", value)


def pastes_from_report(carol: Tab, value: str) -> None:
    carol.go("# release-committee")
    carol.message("Spread report D-3").get_by_role("button", name="Paste the beacon's value").click()
    pastes(carol, "Draw D-3", value)
    carol.message("Nothing is drawn before another decider or an admin")
    carol.picture("read_by_one")


def reads_them_too(live: Live) -> None:
    """The other decider types what she typed, which draws."""
    chen = live.person("U0CHEN")
    for number, wanted in ((2, 0), (3, None)):
        chen.type(f"/decision draw D-{number}")
        chen.submit(beacon_value={"value": lotteries.value_for(live, wanted, number)})
        chen.close()


def pastes(carol: Tab, title: str, value: str) -> None:
    form = carol.modal(title)
    form.get_by_label("Value").fill(value)
    carol.picture("pasting")
    form.get_by_role("button", name="Paste").click()
    expect(carol.modal("Pasted")).to_contain_text("before somebody else has typed the same")
    carol.close()


def checks(emil: Tab, file: Path) -> None:
    """With nothing but what stands on the page."""
    emil.go("# markets")
    posted = emil.message("its lottery drew North")
    posted.scroll_into_view_if_needed()
    emil.picture("drawn")
    file.write_text(posted.inner_text())
    found = CliRunner().invoke(cli, ["verify-draw", str(file)])
    assert found.exit_code == 0, found.output
    assert found.output.count("holds") == 3


def sees_it_drawn(emil: Tab) -> None:
    emil.message("is final: its lottery drew North")
    emil.message("was not drawn by its lottery").scroll_into_view_if_needed()
    emil.picture("in_effect")


def records_the_other(carol: Tab) -> None:
    """Only now it is hers."""
    carol.go("# release-committee")
    carol.message("was not drawn by its lottery").get_by_role("button", name="Record the decision").click()
    form = carol.modal("Record D-3")
    form.get_by_label("South").check()
    form.get_by_label("Reason").fill("It has more people.")
    form.get_by_label("What did the committee know").fill("Nothing.")
    form.get_by_role("button", name="Review").click()
    sure = carol.modal("Are you sure?")
    carol.picture("consequences")
    sure.get_by_role("button", name="Record it").click()
    expect(carol.modal("Recorded")).to_contain_text("takes effect")
    carol.close()


def settles(live: Live) -> None:
    mona = live.person("U0MONA")
    for name, value in (("D-2", "71"), ("D-3", "64")):
        mona.wait_for(f"{name} “", "D0MONA")
        assert "Filed" in file_reading(mona, value, name)
    live.advance(days=1, hours=1)


def sees_both_outcomes(emil: Tab) -> None:
    drawn, chosen = emil.message("Outcome D-2"), emil.message("Outcome D-3")
    expect(drawn).to_contain_text("North was drawn by lottery.")
    expect(chosen).to_contain_text("South was chosen: It has more people.")
    drawn.scroll_into_view_if_needed()
    emil.picture("outcomes")
    emil.go("Futarchy")
    emil.message("is settled. Your shares paid")
    emil.picture("paid")
