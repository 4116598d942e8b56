"""The selling modal: opened from Home with all of a position, quoted, and sold once."""

import json
import re
from typing import Any

import pytest
import varied
from acts import balance, choose, decide, deliver, offer, start_trade, submission, trade, trades, type_amount
from live import Live, Person, read

from core.units import MICRO


@pytest.fixture
def holder(emil: Person) -> Person:
    """Emil, with 100 credits on Release, Higher, and Home's selling modal open."""
    trade(emil, "100")
    emil.press_home("sell")
    return emil


def typed(view: dict[str, Any], amount: str) -> dict[str, Any]:
    """The view with this amount in it, whatever Slack's own client would let through."""
    view["state"]["values"]["amount"]["sell_shares"] = {"type": "number_input", "value": amount}
    return view


def test_it_opens_with_all_of_it_quoted(holder: Person):
    """What it brings is said before anything is typed, and where that goes."""
    said = read(holder.modal)

    assert "You hold *171.39 Higher shares*." in said
    assert "*171.39 Higher shares* bring *" in said
    assert "*Helpfulness score if Release:* priced at 64.7 points now, 62.0 points after." in said
    assert "All of it can be spent anywhere:" in said


def test_a_part_is_sold_and_then_the_rest(live: Live, holder: Person):
    """The balance is what it was but for what rounding costs, which is less than a hundredth."""
    assert "*50 Higher shares* bring" in type_amount(holder, "50")
    holder.submit()
    assert "You sold *50 Higher shares* on *Release*" in read(holder.modal)
    holder.close()
    assert "121.39 Higher shares" in read(holder.home())

    holder.press_home("sell")
    holder.submit()
    assert "You sold *121.39 Higher shares*" in read(holder.modal)
    assert 0 <= 500 * MICRO - balance(live, "U0EMIL") < MICRO // 100
    assert "Sell Higher" not in read(holder.state["home"])
    assert holder.state["warnings"] == []


def test_what_was_not_quoted_is_quoted_and_not_sold(live: Live, holder: Person):
    holder.submit(amount={"value": "10"})
    assert "This is the quote for what you typed. Press again to sell." in read(holder.modal)
    assert trades(live) == 1

    holder.submit()
    assert "You sold *10 Higher shares*" in read(holder.modal)


def test_what_cannot_be_sold_is_refused_under_the_field(live: Live, holder: Person):
    for amount, said in (
        ("171.40", "171.39"),
        ("1000000", "171.39"),
        ("0", "must be more than 0."),
        ("-1", "must be more than 0."),
        ("all", "is not a number"),
    ):
        answer = deliver(live, submission("U0EMIL", typed(holder.modal, amount))).json()
        assert said in answer["errors"].get("amount", ""), (amount, answer)
    assert trades(live) == 1


def test_it_opens_with_what_no_order_holds(live: Live, holder: Person):
    """Which is then sold as it stands; more than that is refused with what can be sold."""
    holder.close()
    offer(live, "U0EMIL", 1, 900_000, 100 * MICRO)
    holder.press_home("sell")
    said = read(holder.modal)

    assert "You hold *171.39 Higher shares*. 100 of them are held by limit orders that wait." in said
    assert "*71.39 Higher shares* bring *" in said
    answer = deliver(live, submission("U0EMIL", typed(holder.modal, "72"))).json()
    assert answer["errors"] == {"amount": "You can sell 71.39 of these shares now. Lower the number."}
    holder.submit()
    assert "You sold *71.39 Higher shares*" in read(holder.modal)
    assert holder.state["warnings"] == []


def test_a_submission_that_is_delivered_again_sells_once(live: Live, holder: Person):
    type_amount(holder, "20")
    again = submission("U0EMIL", holder.modal)
    first = deliver(live, again).json()
    held = balance(live, "U0EMIL")

    assert deliver(live, again).json() == first
    assert (trades(live), balance(live, "U0EMIL")) == (2, held)


def test_a_price_that_moved_is_quoted_anew(live: Live, holder: Person):
    trade(live.person("U0ERIN"), "200", way="Lower")
    holder.submit()

    assert "The price moved while you were typing." in read(holder.modal)
    assert trades(live) == 2


def test_what_was_sold_elsewhere_meanwhile_is_refused(live: Live, holder: Person):
    """A second form for the same shares, with a key of its own, sells nothing that is gone."""
    second = holder.modal
    second["private_metadata"] = json.dumps(["another key", *json.loads(second["private_metadata"])[1:]])
    holder.submit()
    answer = deliver(live, submission("U0EMIL", second)).json()

    assert answer["response_action"] == "errors"
    assert trades(live) == 2


def test_conditional_credit_that_is_spent_elsewhere_stays_conditional(emil: Person):
    """Selling frees only what no other option still needs."""
    trade(emil, "100", option="Release")
    trade(emil, "100", option="Hold", way="Lower")
    emil.press_home("sell")

    assert "stay with Release: to be spent there, and gone if it is not taken." in read(emil.modal)
    emil.submit()
    assert "You sold" in read(emil.modal)


def test_the_chosen_option_is_sold_for_plain_credit(live: Live, emil: Person, carol: Person):
    start_trade(emil)
    choose(emil, option="Hold")
    type_amount(emil, "50")
    emil.submit()
    emil.close()
    decide(live, carol, "Hold")
    emil.press_home("sell")
    emil.submit()

    assert "All of it can be spent anywhere" in read(emil.modal)
    assert emil.state["warnings"] == []


def test_shares_of_a_market_in_bins_are_sold_one_value_at_a_time(live: Live, emil: Person):
    """Home names the value that each stands around and the metric; the form speaks of it likewise."""
    varied.open_varied(live)
    trade(emil, "12", name="D-2", option="Release: Incidents", estimate="30")
    said = read(emil.home())
    assert "shares around 10 reports of Incidents, which sell for " in said
    assert "Sell around 40 reports on Release: Incidents" in said
    emil.press_home("sell")
    said = read(emil.modal)
    assert emil.modal["title"]["text"] == "Sell shares around 10"
    assert re.search(r"You hold \*[0-9.]+ shares around 10 reports\*\.", said)
    assert re.search(r"\*[0-9.]+ shares around 10 reports\* bring \*", said)
    emil.submit()

    assert re.search(r"You sold \*[0-9.]+ shares around 10 reports\* on \*Release\* for", read(emil.modal))
    assert "shares around 10 reports" not in read(emil.home())
    assert emil.state["warnings"] == []
