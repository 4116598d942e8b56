"""A committee's week: a report each day, one question taken back, one decided, and what came of it."""

import pytest
import varied
from acts import trade
from live import COMMITTEE, Live
from playwright.sync_api import expect
from tab import WAIT, Tab

from bot.locally import Mode
from core.exchange import audit

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)]


def test_a_committee_reads_decides_and_sees_what_came_of_it(live: Live, tabs: dict[str, Tab]):
    ada, emil, carol, mona = tabs.values()
    varied.open_varied(live)

    reads_that_nobody_traded(live, carol)
    trade(live.person("U0EMIL"), "60", option="Release")
    trade(live.person("U0EMIL"), "20", name="D-2", option="Release: Incidents", estimate="25")
    reads_what_was_traded(live, carol)
    declares(carol)
    withdraws(carol)
    sees_it_withdrawn(live, emil)
    ada.pass_time("+1 day", "+1 day", "+1 day", "+1 day", "+1 hour")
    records_from_home(carol)
    ada.pass_time("+1 day", "+1 hour")
    ada.go("# markets")
    expect(ada.message("is final:")).to_contain_text("Release trades on until")
    live.advance(days=29)
    files_from_home(mona)
    live.advance(days=1, hours=1)
    sees_what_it_came_to(carol)
    is_paid(emil)

    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.person("U0ADA").state["warnings"] == []


def reads_that_nobody_traded(live: Live, carol: Tab) -> None:
    live.advance(days=1)
    carol.go("# release-committee")
    expect(carol.message("Spread report D-1")).to_contain_text("Nobody has traded yet")


def declares(carol: Tab) -> None:
    """From Home, in one form; what does not sum is said under its field."""
    carol.home.get_by_role("button", name="Declare on D-1").click()
    form = carol.modal("Declare D-1")
    for label, value in {
        "Release, %": "70",
        "Hold, %": "20",
        "If Release, points": "64",
        "If Hold, points": "57",
    }.items():
        form.get_by_label(label).fill(value)
    form.get_by_role("button", name="Seal it").click()
    expect(form).to_contain_text("The chances sum to 90, not to 100.")
    carol.picture("declare")
    form.get_by_label("None of them, %").fill("10")
    form.get_by_role("button", name="Seal it").click()
    expect(carol.modal("Declared")).to_contain_text("Nobody sees it before trading closes")
    carol.close()


def reads_what_was_traded(live: Live, carol: Tab) -> None:
    """The next day's report has a headline; its chart, and the picture of every price in its thread."""
    live.advance(days=1)
    live.wait_until(lambda: len(reports(live)) >= 2)
    report = carol.message("On Helpfulness score the options are not ranked")
    expect(report).to_contain_text("one person alone holds shares behind that.")
    expect(report).to_contain_text("It is not the effect of choosing it.")
    expect(report.get_by_role("button", name="Record the decision")).to_have_count(0)
    report.scroll_into_view_if_needed()
    carol.picture("report_of_the_day")


def reports(live: Live) -> list[str]:
    """What was posted for the committee by now of D-1, a report each day; D-2 has none at weekends."""
    found = live.workspace.page.state.workspace.conversations[COMMITTEE].messages
    return [each["ts"] for each in found if "Spread report D-1" in str(each["blocks"])]


def withdraws(carol: Tab) -> None:
    """The other question, after a look at what follows."""
    carol.say("release-committee", "/decision withdraw D-2")
    form = carol.modal("Withdraw D-2")
    form.get_by_label("Reason").fill("We ask it anew next month.")
    form.get_by_role("button", name="Review").click()
    sure = carol.modal("Are you sure?")
    expect(sure).to_contain_text("everybody who traded (1 person) has back exactly what they put in")
    sure.get_by_role("button", name="Withdraw it").click()
    expect(carol.modal("Withdrawn")).to_contain_text("All stakes go back")
    carol.close()


def sees_it_withdrawn(live: Live, emil: Tab) -> None:
    emil.go("# markets")
    expect(emil.message("is withdrawn by")).to_contain_text("We ask it anew next month.")
    live.advance(days=1, hours=1)
    emil.message("is withdrawn for good")
    emil.go("Futarchy")
    emil.message("is withdrawn. Back in your balance: 20 credits.")


def records_from_home(carol: Tab) -> None:
    carol.go("# release-committee")
    report = carol.message("Record the decision")
    expect(report).to_contain_text("Trading is closed")
    expect(report).to_contain_text("Carol Lindqvist: Release 70%, Hold 20%, none of them 10%.")
    home = carol.home
    expect(home).to_contain_text("Needs you")
    carol.picture("home_of_a_decider")
    home.get_by_role("button", name="Record the decision").first.click()
    form = carol.modal("Record D-1")
    form.get_by_label("Release").check()
    form.get_by_label("Reason").fill("It helps more than it costs.")
    form.get_by_label("What did the committee know").fill("Nothing.")
    form.get_by_role("button", name="Review").click()
    sure = carol.modal("Are you sure?")
    expect(sure).to_contain_text("Nobody has anything on the other options, so nothing goes back.")
    sure.get_by_role("button", name="Record it").click()
    expect(carol.modal("Recorded")).to_contain_text("It takes effect")
    carol.close()


def files_from_home(mona: Tab) -> None:
    mona.go("Futarchy")
    mona.message("needs you")
    mona.home.get_by_role("button", name="File the reading").first.click()
    form = mona.modal("File the reading")
    form.get_by_label("Value, points").fill("66")
    form.get_by_label("Source").fill("The evaluation dashboard")
    form.get_by_role("button", name="File it").click()
    expect(mona.modal("Filed")).to_contain_text("everybody is paid")
    mona.close()


def sees_what_it_came_to(carol: Tab) -> None:
    carol.go("# release-committee")
    outcome = carol.message("Outcome D-1")
    expect(outcome).to_contain_text("Helpfulness score came to 66 points. Before the close it was priced at")
    outcome.scroll_into_view_if_needed()
    carol.picture("outcome")


def is_paid(emil: Tab) -> None:
    emil.go("Futarchy")
    emil.message("is settled. Your shares paid")
    home = emil.home
    expect(home).to_contain_text("Settled lately", timeout=WAIT)
    expect(home).to_contain_text("You hold nothing now.")
