"""Three options on two metrics: declared and voted on, a definition changed under way, one reading doubted, the other never taken."""

import pytest
from acts import file_reading, identity, object_to, trade
from live import Live
from playwright.sync_api import Locator, expect
from tab import WAIT, Tab

from bot.locally import Mode
from core.exchange import audit, declaring
from core.exchange.declaring import Declaration
from core.units import MICRO

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live", [Mode.HTTP], indirect=True)]

QUESTION = "How do we ship the new agent?"
OPTIONS = ("Everybody", "Partners", "Nobody")
WORDING = "The share of the suite's tasks that the agent solves, run by the metrics team."
PLAINER = "The share of the public suite's tasks that the agent solves, run by the metrics team in June."


def test_a_committee_weighs_three_options_by_two_metrics(live: Live, tabs: dict[str, Tab]) -> None:
    """One metric is defined anew and its reading doubted; the other is never measured, and still everybody is paid."""
    ada, emil, carol, mona = tabs.values()

    opens(ada)
    declares(carol)
    votes(carol)
    live.write(declaring.declare, identity("U0CHEN"), 2, of_chen())
    trades(live, emil)
    proposes(mona)
    approves(carol)
    sees_the_mark(emil)
    reads(carol)
    ada.pass_time("+1 week", "+1 hour")
    records(carol)
    live.advance(days=30)
    files_both(live)
    object_to(live.person("U0EMIL"), "Two tasks were run twice.")
    dismisses(ada)
    live.advance(days=1, hours=1)
    sees_what_it_came_to(carol)

    assert [proof for proof in live.read(audit.audit) if not proof.holds] == []
    assert live.person("U0ADA").state["warnings"] == []


def opens(ada: Tab) -> None:
    """The metrics' step comes twice."""
    ada.say("markets", f"/decision new {QUESTION}")
    first = ada.modal("New decision: 1 of 3")
    first.get_by_label("Options, one a line").fill("\n".join(OPTIONS))
    deciders = first.get_by_role("group", name="Who decides")
    for name in ("Carol Lindqvist", "Chen Wei"):
        deciders.get_by_label(name).check()
    first.get_by_role("button", name="Next").click()
    measures(ada, "Tasks solved", "%", WORDING, ("64", "60", "52")).get_by_label(
        "Compare the options on another metric too"
    ).check()
    ada.page.get_by_role("button", name="Next").click()
    expect(ada.modal("New decision: 2 of 3").get_by_label("Metric", exact=True)).to_have_value("")
    measures(ada, "Incidents", "reports", "As the safety team counts them.", ("18", "9", "4"))
    ada.picture("second_metric")
    ada.page.get_by_role("button", name="Next").click()
    third = ada.modal("New decision: 3 of 3")
    third.get_by_label("Subsidy, credits").fill("600")
    third.get_by_label("Committee channel").select_option(label="# release-committee")
    third.get_by_role("button", name="Open decision").click()
    expect(ada.modal("Opened")).to_contain_text("D-2 is open")
    ada.close()


def measures(ada: Tab, metric: str, unit: str, wording: str, rates: tuple[str, ...]) -> Locator:
    step = ada.modal("New decision: 2 of 3")
    fields = {
        "Metric": metric,
        "Unit": unit,
        "Lowest value": "0",
        "Highest value": "100" if unit == "%" else "40",
        "Exact wording": wording,
        **{f"Base rate: {option}": rate for option, rate in zip(OPTIONS, rates, strict=True)},
    }
    for label, text in fields.items():
        step.get_by_label(label, exact=True).fill(text)
    step.get_by_label("Metric owner").select_option(label="Mona Haddad")
    return step


def declares(carol: Tab) -> None:
    """From the message that asks her: three chances and six forecasts."""
    carol.go("Futarchy")
    asked = carol.message(QUESTION)
    carol.picture("asked_to_declare")
    asked.get_by_role("button", name="Declare").click()
    form = carol.modal("Declare D-2")
    for option, chance, solved, incidents in (
        ("Everybody", "30", "66", "20"),
        ("Partners", "50", "61", "8"),
        ("Nobody", "10", "50", "3"),
    ):
        form.get_by_label(f"{option}, %", exact=True).fill(chance)
        form.get_by_label(f"If {option}, %", exact=True).fill(solved)
        form.get_by_label(f"If {option}, reports", exact=True).fill(incidents)
    form.get_by_label("None of them, %").fill("10")
    carol.picture("declaring")
    form.get_by_role("button", name="Seal it").click()
    expect(carol.modal("Declared")).to_contain_text("Nobody sees it before trading closes")
    carol.close()


def votes(carol: Tab) -> None:
    carol.message(QUESTION).get_by_role("button", name="Vote on values").click()
    form = carol.modal("Vote on values D-2")
    form.get_by_label("Better", exact=True).check()
    form.get_by_label("Incidents: one unit (reports) more is worth").fill("-2")
    carol.picture("voting")
    form.get_by_role("button", name="Cast it").click()
    expect(carol.modal("Ballot cast")).to_contain_text("it is never told by name")
    carol.close()


def of_chen() -> Declaration:
    """The other decider's."""
    solved, incidents = (tuple(each * MICRO for each in means) for means in ((62, 64, 50), (22, 9, 4)))
    return Declaration((20, 70, 10), 0, (solved, incidents))


def trades(live: Live, emil: Tab) -> None:
    """Emil where he looks, and Erin besides."""
    erin = live.person("U0ERIN")
    dialog = emil.start_trade("D-2", "Partners: Tasks solved")
    dialog.get_by_label("Higher").check()
    dialog.get_by_role("textbox", name="Credits").press_sequentially("40", delay=30)
    expect(dialog).to_contain_text("40 credits for", timeout=WAIT)
    emil.picture("trading")
    dialog.get_by_role("button", name="Put 40 on Higher").click()
    expect(emil.modal("Traded")).to_contain_text("Higher shares on Partners")
    emil.close()
    trade(erin, "30", name="D-2", option="Everybody: Incidents", way="Higher")
    trade(erin, "20", name="D-2", option="Nobody: Tasks solved", way="Lower")


def proposes(mona: Tab) -> None:
    """Its owner, from what the command shows her."""
    mona.say("markets", "/decision definition D-2")
    shown = mona.modal("Definition D-2")
    expect(shown).to_contain_text(WORDING)
    mona.picture("definition")
    shown.get_by_role("button", name="Change how Tasks solved is defined").click()
    form = mona.modal("Change a definition")
    form.get_by_label("Exact wording").fill(PLAINER)
    form.get_by_label("Decimals").fill("1")
    form.get_by_label("Why").fill("The suite has a second part by now.")
    mona.picture("changing")
    form.get_by_role("button", name="Propose it").click()
    expect(mona.modal("Proposed")).to_contain_text("Nothing has changed yet")
    mona.close()


def approves(carol: Tab) -> None:
    """A second person, who sees what was and what is to be."""
    carol.go("Futarchy")
    carol.message("wants to change how Tasks solved is defined").get_by_role(
        "button", name="Look at it"
    ).click()
    form = carol.modal("Proposed change")
    expect(form).to_contain_text("proposes to change how Tasks solved is defined")
    expect(form).to_contain_text(PLAINER)
    expect(form).to_contain_text(WORDING)
    form.get_by_label("Approve it").check()
    carol.picture("approving")
    form.get_by_role("button", name="Say so").click()
    expect(carol.modal("Approved")).to_contain_text("told in public")
    carol.close()


def sees_the_mark(emil: Tab) -> None:
    emil.go("# markets")
    expect(emil.message("has a changed definition")).to_contain_text(
        "Prices of before were about the old words."
    )
    emil.picture("changed")


def reads(carol: Tab) -> None:
    """The report says that a metric changed, and keeps to itself what deciders declared; More has the rest."""
    carol.say("release-committee", "/decision report D-2")
    report = carol.message("Spread report D-2")
    expect(report).to_contain_text("how Tasks solved is read was changed")
    expect(report).not_to_contain_text("50%")
    report.scroll_into_view_if_needed()
    carol.picture("report")
    report.get_by_role("button", name="More").click()
    expect(carol.modal("More on D-2")).to_contain_text("Leave-one-out standard error of the gap")
    carol.picture("more")
    carol.close()


def records(carol: Tab) -> None:
    """With all that the committee went by; what was sealed is in the report now."""
    carol.go("# release-committee")
    report = carol.message("Spread report D-2")
    expect(report.get_by_role("button", name="Record the decision")).to_be_visible(timeout=WAIT)
    expect(report).to_contain_text("In percentage points of Tasks solved, more of it is better")
    expect(report).to_contain_text("Carol Lindqvist: Everybody 30%, Partners 50%, Nobody 10%")
    carol.picture("closing_report")
    report.get_by_role("table").scroll_into_view_if_needed()
    carol.picture("closing_chart")
    report.get_by_role("button", name="Record the decision").click()
    form = carol.modal("Record D-2")
    form.get_by_label("Partners").check()
    form.get_by_label("Reason").fill("Most of the gain for half of the risk.")
    form.get_by_label("What did the committee know").fill("A partner asked us to wait.")
    form.get_by_label("Links").fill("https://audit.example/7")
    form.get_by_role("button", name="Review").click()
    sure = carol.modal("Are you sure?")
    expect(sure).to_contain_text("A partner asked us to wait.")
    carol.picture("consequences")
    sure.get_by_role("button", name="Record it").click()
    expect(carol.modal("Recorded")).to_contain_text("takes effect")
    carol.close()
    carol.message("is decided by")
    carol.picture("recorded")


def files_both(live: Live) -> None:
    mona = live.person("U0MONA")
    mona.wait_for("needs you", "D0MONA")
    assert "Filed" in file_reading(mona, None, "D-2", "Incidents")
    assert "Filed" in file_reading(mona, "63", "D-2", "Tasks solved")
    mona.wait_for("Tasks solved came to")


def dismisses(ada: Tab) -> None:
    ada.go("# markets")
    ada.message("objects to the reading of Tasks solved").get_by_role("button", name="Rule").click()
    form = ada.modal("Rule on an objection")
    expect(form).to_contain_text("Two tasks were run twice.")
    form.get_by_label("Dismiss the objection").check()
    form.get_by_label("Reason").fill("They count once in the share.")
    form.get_by_role("button", name="Rule").click()
    expect(ada.modal("Ruled")).to_contain_text("The reading is final")
    ada.close()
    ada.message("They count once in the share.")
    ada.picture("ruled")


def sees_what_it_came_to(carol: Tab) -> None:
    carol.go("# release-committee")
    outcome = carol.message("Outcome D-2")
    expect(outcome).to_contain_text("Tasks solved came to 63")
    expect(outcome).to_contain_text("Incidents was never measured")
    expect(outcome).to_contain_text(
        "the committee's mean forecast 0.5 percentage points: the committee's was the closer one"
    )
    outcome.scroll_into_view_if_needed()
    carol.picture("outcome")
