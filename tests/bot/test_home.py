"""App Home through a life: figures and words that are true at each stage, and buttons for what the reader may do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import varied
from acts import card, close_market, decide, file_reading, identity, offer, record, settle, trade
from live import Live, Person, read

from bot import home
from bot.blocks import rendered
from bot.workspace import check_view
from core.exchange import board, portfolio
from core.exchange.opening import MeasurePlan, MetricPlan
from core.units import MICRO


def buttons(view: Mapping[str, Any]) -> list[str]:
    elements = [element for block in view["blocks"] for element in block.get("elements", [])]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def test_home_tells_the_truth_at_every_stage(
    live: Live, emil: Person, carol: Person, mona: Person, ada: Person
):
    """Nothing yet, in a decision, in both branches, closed, decided, and settled."""
    nobody_has_traded(emil, carol, mona, ada)
    trade(emil, "100", option="Release")
    one_option_is_backed(emil)
    trade(emil, "60", option="Hold", side="Lower")
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

    assert [person.user for person in (emil, carol, mona, ada) if person.state["warnings"]] == []


def nobody_has_traded(emil: Person, carol: Person, mona: Person, ada: Person) -> None:
    said = read(emil.home())
    assert "*Balance*\n500 credits" in said
    assert "*In decisions* (not yet made)\n0 credits" in said
    assert "You hold nothing" in said
    assert buttons(emil.state["home"]) == ["Trade", "Report"]
    assert buttons(carol.home()) == ["Report"]
    assert buttons(mona.home()) == ["Report"]
    assert buttons(ada.home()) == ["Trade", "Report", "New decision"]


def one_option_is_backed(emil: Person) -> None:
    said = read(emil.home())
    assert "*Balance*\n400 credits" in said
    assert "*In decisions* (not yet made)\n100 credits" in said
    assert "Put in: 100 credits. The most of it that can be lost: 100 credits." in said
    assert "• *If Release:* 171.39 Higher shares, which sell for 100.00 credits now" in said
    assert "in all between 0 and 171.39 credits." in said
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
    assert buttons(carol.state["home"]) == ["Record the decision", "Withdraw", "Report", "Report"]


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
    assert "D-1" not in said


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

    assert len(set(sold)) == 4 * len(options) > home.ROW_MOST
    assert emil.state["warnings"] == []


def test_nobody_reads_of_splits_and_merges(live: Live, emil: Person, carol: Person, mona: Person):
    """The ledger's words stay in the ledger: in messages, reports, forms and Home."""
    trade(emil, "100", option="Release")
    trade(emil, "30", option="Release", side="Lower")
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


def test_home_never_grows_beyond_what_slack_shows(live: Live, emil: Person):
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

    for shown_rows, shown_stakes in ((rows, stakes), (rows[:40], []), ([], stakes), (rows[:20], stakes[:20])):
        drawn = home.view_of(
            identity("U0EMIL"),
            replace(held, stakes=tuple(shown_stakes)),
            shown_rows,
            int(now.timestamp()),
            10**12,
        )
        assert check_view(rendered(drawn)) == []
        assert len(drawn.blocks) <= 100
