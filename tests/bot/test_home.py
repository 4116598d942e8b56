"""App Home through a life: figures and words that are true at each stage, and buttons for what the reader may do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import varied
from acts import (
    balance,
    bid,
    card,
    close_market,
    counts,
    decide,
    file_reading,
    identity,
    offer,
    record,
    settle,
    trade,
)
from live import Live, Person, elements_of, find_button, read

from bot import words
from bot.blocks import rendered
from bot.home import holdings, page
from bot.home.page import Facts
from bot.workspace import check_view
from core.exchange import board, portfolio, portfolios
from core.exchange.opening import MeasurePlan, MetricPlan
from core.units import MICRO

ALWAYS = {"Refresh", "Leaders", "Notifications", "How it works", "Try a practice question"}


def buttons(view: Mapping[str, Any]) -> list[str]:
    """Those that depend on what there is."""
    elements = [element for block in view["blocks"] for element in block.get("elements", [])]
    named = [element["text"]["text"] for element in elements if element["type"] == "button"]
    return [name for name in named if name not in ALWAYS]


def test_home_tells_the_truth_at_every_stage(
    live: Live, emil: Person, carol: Person, mona: Person, ada: Person
):
    """Nothing yet, in a decision, in both branches, closed, decided, and settled."""
    nobody_has_traded(emil, carol, mona, ada)
    trade(emil, "100", option="Release")
    one_option_is_backed(emil)
    trade(emil, "60", option="Hold", way="Lower")
    both_options_are_backed(emil)
    close_market(live, carol)
    the_committee_is_to_decide(emil, carol)
    record(carol, "Hold")
    assert "Needs you" not in read(carol.home())
    live.advance(days=1, hours=1)
    emil.wait_for("is final")
    emil.wait_for("Back in your balance", "D0EMIL")
    the_chosen_option_trades_on(emil, mona)
    settle(live, mona, "40")
    all_is_over(emil)

    assert [said for person in (emil, carol, mona, ada) for said in person.state["warnings"]] == []


def nobody_has_traded(emil: Person, carol: Person, mona: Person, ada: Person) -> None:
    said = read(emil.home())
    assert "*Balance*\n500 credits" in said
    assert "*In decisions* (not yet made)\n0 credits" in said
    assert "You hold nothing" in said
    assert buttons(emil.state["home"]) == ["Trade", "Report"]
    assert buttons(carol.home()) == ["Declare", "Report", "Manage"]
    assert buttons(mona.home()) == ["Report", "Manage"]
    for_admins = [
        "Subsidies",
        "New decision",
        "New question",
        "Grant credits",
        "Allowance",
        "People",
        "Audit",
    ]
    assert buttons(ada.home()) == ["Trade", "Report", "Manage", *for_admins]


def one_option_is_backed(emil: Person) -> None:
    said = read(emil.home())
    assert "*Balance*\n400 credits" in said
    assert "*In decisions* (not yet made)\n100 credits" in said
    assert "Put in: 100 credits. The most of it that can be lost: 100 credits." in said
    assert "• *If Release:* 171.39 Higher shares, which sell for 100.00 credits now" in said
    assert "in all between 0 and 171.39 credits; gain if sold now: 0 credits." in said
    assert "• *If Hold:* 100 credits back." in said
    assert "• *If none is taken:* 100 credits back." in said
    assert buttons(emil.state["home"]) == ["Sell Higher on Release", "Trade", "Report"]


def both_options_are_backed(emil: Person) -> None:
    """By the same hundred credits."""
    said = read(emil.home())
    assert "*Balance*\n400 credits" in said
    assert "*In decisions* (not yet made)\n100 credits" in said
    assert "• *If Hold:* 40 credits back; " in said
    assert "Lower shares, which sell for 60.00 credits now; in all between 40 and " in said


def the_committee_is_to_decide(emil: Person, carol: Person) -> None:
    said = read(emil.home())
    assert "which sell for" not in said
    assert "Trading is closed" in said
    assert buttons(emil.state["home"]) == ["Report"]
    assert "Needs you" in read(carol.home())
    assert buttons(carol.state["home"]) == ["Record the decision", "Withdraw", "Report", "Report", "Manage"]


def the_chosen_option_trades_on(emil: Person, mona: Person) -> None:
    """What was put on it is no longer in a decision: it can only win or lose by the metric."""
    said = read(emil.home())
    assert "*Balance*\n440 credits" in said
    assert "*In decisions* (not yet made)\n0 credits" in said
    assert "*If Hold:*" in said
    assert "If Release" not in said
    assert buttons(emil.state["home"]) == ["Sell Lower on Hold", "Trade", "Report"]
    assert "Needs you" in read(mona.home())
    assert "File the reading" in buttons(mona.state["home"])


def all_is_over(emil: Person) -> None:
    said = read(emil.home())
    assert "You hold nothing" in said
    assert "No decision is open." in said
    assert "Settled lately\n• D-1, Helpfulness score: *+" in said


def test_several_metrics_are_told_apart(live: Live, emil: Person, carol: Person, mona: Person):
    """In prices, positions and buttons; and each metric's owner sees what is still to be filed, until it is."""
    varied.open_varied(live)
    trade(emil, "10", name="D-2", option="Hold: Trust in them")
    trade(emil, "10", name="D-2", option="Release: Helpfulness score")
    said = read(emil.home())
    moved = [
        varied.line(live, *each).expected / MICRO
        for each in (("Release", "Helpfulness score"), ("Hold", "Trust in them"))
    ]
    assert f"Helpfulness score if chosen: Release *{moved[0]:.1f} points*, Hold *58.0 points*" in said
    assert f"If chosen: Release Trust in us *60.0%*, Hold Trust in them *{moved[1]:.1f}%*" in said
    assert moved[0] > 62
    assert moved[1] > 50
    assert "Higher shares of Trust in them, which sell for 10.00 credits now" in said
    assert "Higher shares of Helpfulness score, which sell for" in said
    assert "Sell Higher on Release: Helpfulness score" in buttons(emil.state["home"])
    assert "of Helpfulness score" not in read(emil.home()).partition("D-2")[0]

    decide(live, carol, "Release", "D-2")
    said = read(mona.home())
    for metric in ("Helpfulness score", "Trust in us", "Incidents"):
        assert f"File what {metric} came to, once it is known." in said
    file_reading(mona, "70", "D-2", "Trust in us")
    said = read(mona.home())
    assert "File what Trust in us" not in said
    assert "File what Incidents" in said
    assert "Needs you" not in read(live.person("U0ESRA").home())
    assert [person.user for person in (emil, carol, mona) if person.state["warnings"]] == []


def test_shares_that_wait_in_orders_are_told_apart_and_have_no_sell_button(live: Live, emil: Person):
    """Some of them, then all of them."""
    trade(emil, "100", option="Release")
    (position,) = live.read(portfolio.portfolio, identity("U0EMIL")).stakes[0].branches[0].positions
    offer(live, "U0EMIL", 1, 900_000, position.shares - 50 * MICRO)

    said = read(emil.home())
    assert "171.39 Higher shares, of which 50 sell for " in said
    assert " credits now and 121.39 are held by limit orders that wait; in all between" in said
    assert "Sell Higher on Release" in buttons(emil.state["home"])
    offer(live, "U0EMIL", 1, 900_000, 50 * MICRO)
    assert "171.39 Higher shares, all of them held by limit orders that wait; in all" in read(emil.home())
    assert "Sell Higher on Release" not in buttons(emil.state["home"])
    assert emil.state["warnings"] == []


def test_no_position_is_without_its_button(live: Live, emil: Person):
    """However many there are: what is held in bins comes in several rows."""
    options = tuple(f"Option {n}" for n in range(1, 8))
    rates = varied.rates(*(15 for _ in options), sd=8)
    measure = MeasurePlan((MetricPlan(varied.INCIDENTS, varied.MONA, varied.CENTRES),), rates)
    varied.open_varied(live, options=options, measures=(measure,))
    for option in options:
        trade(emil, "8", name="D-2", option=option, estimate="30")
    sold = [label for label in buttons(emil.home()) if label.startswith("Sell ")]

    assert len(set(sold)) == 4 * len(options) > holdings.ROW_MOST
    assert emil.state["warnings"] == []


def test_nobody_reads_of_splits_and_merges(live: Live, emil: Person, carol: Person, mona: Person):
    """The ledger's words stay in the ledger: in messages, reports, forms and Home."""
    trade(emil, "100", option="Release")
    trade(emil, "30", option="Release", way="Lower")
    emil.home()
    emil.type("/decision report D-1")
    emil.type("/futarchy help")
    decide(live, carol, "Release")
    settle(live, mona, "71")
    everything = [*emil.messages(), *emil.messages("D0EMIL"), *carol.messages("C0RELEASE"), emil.home()]
    words_read = " ".join(read(each) for each in everything).casefold()

    assert "split" not in words_read
    assert "merge" not in words_read
    assert "escrow" not in words_read


def test_the_report_is_read_from_home(emil: Person):
    """Where no message can be sent, a modal says it."""
    emil.home()
    emil.press_home("report")
    said = read(emil.modal)

    assert emil.modal["title"]["text"] == "Report D-1"
    assert "Release: 62.0 points now" in said
    assert "It is not the effect of choosing it." in said
    assert emil.state["warnings"] == []


def test_home_comes_in_pages_that_slack_shows_and_leaves_nothing_out(live: Live, emil: Person):
    """With more decisions, positions and text than anybody will ever have."""
    card(emil)
    trade(emil, "100", option="Release")
    trade(emil, "100", option="Hold")
    now = live.workspace.clock()
    row = live.read(board.row, identity("U0EMIL"), 1, now)
    held = live.read(portfolio.portfolio, identity("U0EMIL"))
    huge = "&" * 300
    (measure,) = row.report.measures
    options = tuple(replace(line, name="&" * 75, metric="&" * 150) for line in measure.options) * 4
    measure = replace(measure, metric="&" * 150, options=options, unit="&" * 32)
    report = replace(row.report, question=huge, measures=(measure,) * 5)
    rows = [
        replace(row, decision_id=n, question=huge, report=replace(report, decision_id=n))
        for n in range(1, 99)
    ]
    branches = tuple(replace(branch, option="&" * 75) for branch in held.stakes[0].branches)
    stakes = [replace(held.stakes[0], decision_id=n, question=huge, branches=branches) for n in range(1, 99)]

    funds = [replace(live.read(portfolios.one, identity("U0ADA"), 1, now), name="&" * 75)] * 20
    facts = Facts(identity("U0EMIL"), held, rows, (), (), (), funds, True, now)
    for shown_rows, shown_stakes in ((rows, stakes), (rows[:40], []), ([], stakes), (rows[:20], stakes[:20])):
        everything = replace(facts, held=replace(held, stakes=tuple(shown_stakes)), rows=shown_rows)
        found: list[str] = []
        for number in range(1, 20):
            drawn = page.view_of(everything, number)
            assert check_view(rendered(drawn)) == []
            assert len(drawn.blocks) <= 100
            found += [block.block_id for block in drawn.blocks]
        assert {f"decision_{row.decision_id}" for row in shown_rows} <= set(found)
        assert {f"stake_{stake.decision_id}" for stake in shown_stakes} <= set(found)


def test_a_newcomer_is_shown_how_it_works_and_can_try_it_for_nothing(live: Live, emil: Person):
    """In three steps and a practice question; whoever holds something finds it behind a button."""
    said = read(emil.home())
    assert "*1. Read a decision.*" in said
    assert "*3. See what comes of it.*" in said
    before = counts(live)
    emil.press_home("practise")
    emil.submit(amount={"value": "25"})
    said = read(emil.modal)
    assert "You put *25 credits* on Higher and got *" in said
    assert "The market expected 60 people before, and 66 now." in said
    assert "*The menu stays as it is:* your 25 credits come back." in said
    assert "*The menu changes, and 80 of 100 like it:* your shares pay " in said
    assert counts(live) == before
    emil.close()

    emil.press_home("practise")
    assert "between 1 and 100" in emil.submit(amount={"value": "101"})["errors"]["amount"]
    emil.close()
    trade(emil, "25")
    assert "*1. Read a decision.*" not in read(emil.home())
    assert emil.state["warnings"] == []


def test_limit_orders_are_listed_and_end_by_a_button(live: Live, emil: Person):
    """One by one or all at once, after a second question that says what comes back."""
    for price in (400_000, 450_000, 480_000):
        bid(live, "U0EMIL", 1, price, 20 * MICRO)
    said = read(emil.home())
    assert (
        "*O-1* · D-1, Release: buy Higher shares while Helpfulness score is priced at 56 points or less."
        in said
    )
    assert "20 credits are kept for it." in said
    emil.press_home("cancel")
    assert "*O-1*" not in read(emil.state["home"])
    assert "*O-2*" in read(emil.state["home"])

    (sure,) = [
        element["confirm"]
        for block in emil.state["home"]["blocks"]
        for element in elements_of(block)
        if element.get("action_id") == "cancel_all"
    ]
    assert sure["text"]["text"] == "2 limit orders end, and 40 credits can be used again."
    assert sure["style"] == "danger"
    emil.press_home("cancel_all")
    assert "Your limit orders" not in read(emil.state["home"])
    assert balance(live, "U0EMIL") == 500 * MICRO
    assert emil.state["warnings"] == []


def test_an_order_that_is_cancelled_twice_is_cancelled_once(live: Live, emil: Person):
    """The second press finds it ended; one that was filled meanwhile says so."""
    bid(live, "U0EMIL", 1, 450_000, 20 * MICRO)
    bid(live, "U0EMIL", 1, 540_000, 5 * MICRO)
    emil.home()
    block = next(each for each in emil.state["home"]["blocks"] if each["block_id"] == "order_1")
    pressed = {"home": True, "block_id": "order_1", "action_id": block["accessory"]["action_id"]}
    for _ in range(2):
        emil.act("action", **pressed, value={}, values={})
    assert emil.state["views"] == []
    assert balance(live, "U0EMIL") == 495 * MICRO

    trade(live.person("U0ERIN"), "100", way="Lower")
    block = next(each for each in emil.state["home"]["blocks"] if each["block_id"] == "order_2")
    pressed = {"home": True, "block_id": "order_2", "action_id": block["accessory"]["action_id"]}
    emil.act("action", **pressed, value={}, values={})
    assert "O-2 was filled already." in read(emil.modal)
    assert "*Filled within the last day*\n• D-1, Release: buy Higher shares" in read(emil.home())


def test_what_closes_within_a_day_needs_whoever_has_something_in_it(live: Live, emil: Person, erin: Person):
    trade(emil, "25")
    assert "Needs you" not in read(emil.home())
    live.advance(days=6, hours=1)

    assert "and you have something in it." in read(emil.home())
    assert "and you have something in it." not in read(erin.home())


def test_what_was_settled_is_told_with_what_it_brought(
    live: Live, emil: Person, erin: Person, carol: Person, mona: Person
):
    """On Home and among the leaders, who are named only if they agreed."""
    trade(emil, "30", option="Release")
    trade(erin, "30", option="Release", way="Lower")
    decide(live, carol, "Release")
    settle(live, mona, "80")
    brought = balance(live, "U0EMIL") - 500 * MICRO
    assert f"• D-1, Helpfulness score: *{words.signed(brought)}*" in read(emil.home())
    assert brought > 0

    emil.press_home("leaders")
    assert f"1. <@U0EMIL> (you): *{words.signed(brought)}* in 1 market" in read(emil.modal)
    assert "2. somebody who is not named: *-30 credits* in 1 market" in read(emil.modal)
    erin.home()
    erin.press_home("leaders")
    erin.press_modal("named")
    assert "Others see your name here." in read(erin.modal)
    emil.close()
    emil.press_home("leaders")
    assert "2. <@U0ERIN>: *-30 credits* in 1 market" in read(emil.modal)
    assert [person.user for person in (emil, erin) if person.state["warnings"]] == []


def test_many_decisions_come_in_pages(live: Live, emil: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page, "PAGE_BLOCKS", 5)
    varied.open_varied(live)
    trade(emil, "25")
    first = read(emil.home())
    assert "Page 1 of 2" in first
    assert "D-2: Do we share the weights?" not in first
    emil.press_home("home_page")

    assert "Page 2 of 2" in read(emil.state["home"])
    assert "D-2: Do we share the weights?" in read(emil.state["home"])
    _, again = find_button(emil.state["home"]["blocks"], "home_refresh")
    assert again["value"] == "2"
    assert emil.state["warnings"] == []
