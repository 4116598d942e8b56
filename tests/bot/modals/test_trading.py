"""The trading modal: a quote that follows what is typed, and a submission that does exactly what was quoted."""

import httpx
import pytest
import varied
from acts import (
    balance,
    choose,
    decide,
    deliver,
    identity,
    open_question,
    place,
    rest,
    start_trade,
    submission,
    trade,
    trades,
    type_amount,
)
from live import MARKETS, Live, Person, option_of, read

from bot import words
from core.exchange import board, portfolio, trading
from core.exchange.trading import Act, Order, Quote
from core.units import MICRO


def market(live: Live, option: int) -> int:
    """The market of the first or the second option of D-1."""
    now = live.workspace.clock()
    (measure,) = live.read(board.row, identity("U0EMIL"), 1, now).report.measures
    return measure.options[option].market_id


def quoted(live: Live, option: int, outcome: int, credits_spent: int) -> Quote:
    """What core would quote Emil."""
    order = Order("k", identity("U0EMIL"), market(live, option), (outcome,), Act.SPEND, credits_spent * MICRO)
    return live.read(trading.quote, order.by, order, live.workspace.clock())


def test_the_quote_follows_what_is_typed_and_chosen(live: Live, emil: Person):
    """Cost, shares, average, before and after, what it pays, what comes back, and the most that can be lost."""
    start_trade(emil)
    assert "Type how many credits" in read(emil.modal)
    assert "You can spend 500 credits here." in read(emil.modal)

    for amount in (1, 10, 100):
        said, quote = type_amount(emil, str(amount)), quoted(live, 0, 0, amount)
        shares = words.number(quote.shares)
        assert f"*{words.credits(quote.cost)}* for *{shares} Higher shares*" in said
        assert f"{quote.average_price:.3f} credits each on average" in said
        after = words.value(quote.expected_after, "points", quote.low, quote.high)
        assert f"*Helpfulness score if Release:* priced at 62.0 points now, {after} after." in said
        assert f"up to {shares} credits, if Release is chosen and it comes to 80 points or more" in said
        assert "evenly less down to 0 at 40 points" in said
        assert f"*If it is not taken:* {words.credits(amount * MICRO)} back." in said
        assert f"*The most you can lose:* {words.credits(amount * MICRO)}." in said

    choose(emil, option="Hold", way="Lower")
    said, quote = read(emil.modal), quoted(live, 1, 1, 100)
    assert f"*{words.number(quote.shares)} Lower shares*" in said
    assert "*Helpfulness score if Hold:* priced at 58.0 points now" in said
    assert "if Hold is chosen and it comes to 40 points or less; evenly less down to 0 at 80 points" in said
    assert "Type how many credits" in type_amount(emil, "")

    assert trades(live) == 0
    assert balance(live, "U0EMIL") == 500 * MICRO
    assert emil.state["warnings"] == []


def test_the_same_credits_back_every_option(live: Live, emil: Person):
    """Credit that counts only here is said apart, and is spent first."""
    trade(emil, "100", option="Release", way="Higher")
    assert balance(live, "U0EMIL") == 400 * MICRO

    start_trade(emil)
    choose(emil, option="Hold", way="Lower")
    said = type_amount(emil, "60")
    assert "You can spend 500 credits here: 400 free and 100 that count only if Hold." in said
    assert (
        "*If it is not taken:* nothing changes, since these 60 credits counted only if Hold before." in said
    )
    said = type_amount(emil, "150")
    assert "*If it is not taken:* 50 credits back. The other 100 credits counted only if Hold" in said
    type_amount(emil, "100")
    place(emil)
    assert "You bought" in read(emil.modal)
    emil.close()

    held = live.read(portfolio.portfolio, identity("U0EMIL"))
    assert (held.balance, held.in_decisions) == (400 * MICRO, 100 * MICRO)
    assert emil.state["warnings"] == []


def test_what_was_not_quoted_is_quoted_and_not_executed(live: Live, emil: Person):
    """Whoever is quicker than the quote sees it first; the second press places it."""
    start_trade(emil)
    emil.submit(amount={"value": "30"})
    said = read(emil.modal)
    assert "This is the quote for what you typed. Press again to place it." in said
    assert "*30 credits* for" in said
    emil.submit(amount={"value": "50"})
    assert "*50 credits* for" in read(emil.modal)
    assert trades(live) == 0

    emil.submit()
    assert "You bought" in read(emil.modal)
    assert (trades(live), balance(live, "U0EMIL")) == (1, 450 * MICRO)
    assert emil.state["warnings"] == []


def test_a_submission_that_is_delivered_again_fills_once(live: Live, emil: Person):
    start_trade(emil)
    type_amount(emil, "25")
    again = submission("U0EMIL", emil.modal)
    emil.submit()
    first = read(emil.modal)
    later = [deliver(live, again).json() for _ in range(3)]

    assert [read(answer["view"]) for answer in later] == [first] * 3
    assert (trades(live), balance(live, "U0EMIL")) == (1, 475 * MICRO)


def test_a_form_that_was_used_takes_no_second_order(live: Live, emil: Person):
    """Another amount in a form that was filled already is refused in words."""
    start_trade(emil)
    type_amount(emil, "25")
    deliver(live, submission("U0EMIL", emil.modal))
    type_amount(emil, "26")
    answer = emil.submit()

    assert [text for text in answer["errors"].values() if "This form was used already" not in text] == []
    assert trades(live) == 1


def test_a_price_that_moved_keeps_the_form_open_with_the_new_quote(live: Live, emil: Person):
    erin = live.person("U0ERIN")
    start_trade(emil)
    type_amount(emil, "50")
    trade(erin, "200")
    emil.submit()
    said = read(emil.modal)

    assert "The price moved while you were typing." in said
    assert "priced at 66.9 points now" in said
    assert (trades(live), balance(live, "U0EMIL")) == (1, 500 * MICRO)

    emil.submit()
    assert "You bought" in read(emil.modal)
    assert trades(live) == 2
    assert emil.state["warnings"] == []


def test_a_price_that_moved_by_less_than_the_tolerance_fills(live: Live, emil: Person):
    """Also at a better price, with more shares than were quoted."""
    erin = live.person("U0ERIN")
    start_trade(emil)
    type_amount(emil, "50")
    trade(erin, "200", way="Lower")
    emil.submit()

    assert "for *50 credits*" in read(emil.modal)


def test_an_amount_that_cannot_be_is_refused_under_the_field(live: Live, emil: Person):
    """Whatever Slack's own client may let through; nothing is done."""
    start_trade(emil)
    view = emil.modal
    for typed, said in (
        ("0", "must be more than 0."),
        ("-5", "must be more than 0."),
        ("0.001", "The smallest order is 0.01 credits."),
        ("0.0000001", "more than six digits after the point"),
        ("1e3", "is not a number"),
        ("ten", "is not a number"),
        ("1234567", "The most that fits here is"),
        ("999999999999", "100,000,000"),
    ):
        view["state"]["values"]["amount"]["trade_changed"] = {"type": "number_input", "value": typed}
        answer = deliver(live, submission("U0EMIL", view)).json()
        assert said in answer["errors"].get("amount", ""), (typed, answer)
    assert trades(live) == 0


def test_more_than_can_be_spent_is_refused_under_the_field(live: Live, ada: Person):
    """The quote says it first; nobody is ever below zero."""
    ada.type("/futarchy grant @ada 5")
    start_trade(ada)
    assert "You can spend 5 credits here. Lower the amount." in type_amount(ada, "6")
    answer = ada.submit()

    assert answer["errors"] == {
        "amount": "That takes 6 credits, and 5 credits can be spent here. Lower the amount."
    }
    assert (trades(live), balance(live, "U0ADA")) == (0, 5 * MICRO)
    assert ada.state["warnings"] == []


def test_somebody_without_credits_can_look_and_is_told(live: Live, ada: Person):
    start_trade(ada)

    assert "You have no credits to spend here." in read(ada.modal)
    assert "Lower the amount." in type_amount(ada, "1")


def test_a_market_that_closes_while_the_form_is_open_takes_nothing(live: Live, emil: Person):
    """In words that name the decision or the option, not the market's number."""
    start_trade(emil)
    type_amount(emil, "25")
    live.advance(days=7, hours=1)
    answer = emil.submit()
    sentences = list(answer["errors"].values())

    assert len(sentences) == 1
    assert "closed" in sentences[0]
    assert "M-" not in sentences[0]
    assert trades(live) == 0


def test_deciders_and_the_metric_owner_may_not_trade(live: Live, carol: Person, mona: Person):
    start_trade(carol)
    assert "You are one of the people who decide this, so you may not trade it." in read(carol.modal)
    start_trade(mona)
    assert "You file the reading for this metric, so you may not trade it." in read(mona.modal)
    assert carol.state["warnings"] == []


def test_both_sides_of_one_option_cancel_out(live: Live, emil: Person):
    """Whoever turns round gets the full sets back at once, and is told before."""
    trade(emil, "50", way="Higher")
    start_trade(emil)
    choose(emil, way="Lower")
    said = type_amount(emil, "20")

    assert "for Higher and Lower shares that cancel out. That counts only if" in said
    emil.submit()
    assert "You bought" in read(emil.modal)


@pytest.mark.parametrize(("taken", "other"), [("Release", "Hold"), ("Hold", "Release")])
def test_once_it_is_decided_only_the_chosen_option_trades(
    live: Live, emil: Person, carol: Person, taken: str, other: str
):
    """The form offers what can be traded, and says that nothing comes back any more."""
    decide(live, carol, taken)
    start_trade(emil)
    options = [option["text"]["text"] for option in emil.element("option")["options"]]
    said = type_amount(emil, "10")

    assert options == [taken]
    assert other not in said
    assert "it has been taken already" in said
    emil.submit()
    assert "You bought" in read(emil.modal)
    assert emil.state["warnings"] == []


def test_several_measures_are_offered_by_name(live: Live, emil: Person):
    """Each option with what it is traded on; the form speaks of the one that is chosen."""
    varied.open_varied(live)
    start_trade(emil, "D-2")
    offered = {o["text"]["text"]: o["description"]["text"] for o in emil.element("option")["options"]}
    assert offered == {
        "Release: Helpfulness score": "priced at 62.0 points",
        "Hold: Helpfulness score": "priced at 58.0 points",
        "Release: Trust in us": "priced at 60.0%",
        "Hold: Trust in them": "priced at 50.0%",
        "Release: Incidents": "priced at 15.1 reports",
        "Hold: Incidents": "priced at 12.2 reports",
    }
    assert "Helpfulness score will come out" in read(emil.modal)

    choose(emil, option="Hold: Trust in them", way="Lower")
    assert "Trust in them will come out" in read(emil.modal)
    said = type_amount(emil, "10")
    assert "*Trust in them if Hold:* priced at 50.0% now" in said
    assert "if Hold is chosen and it comes to 20% or less; evenly less down to 0 at 80%." in said
    emil.submit()
    assert "Lower shares* on *Hold* for *10 credits*" in read(emil.modal)
    assert emil.state["warnings"] == []


def in_bins(live: Live, emil: Person) -> None:
    """Emil, in front of the form for a market in bins."""
    varied.open_varied(live)
    start_trade(emil, "D-2")
    choose(emil, option="Release: Incidents")


def test_in_bins_an_estimate_is_traded_on(live: Live, emil: Person):
    """Higher and Lower do not fit there: the credits move the price toward the estimate, as far as they go."""
    in_bins(live, emil)
    blocks = [block["block_id"] for block in emil.modal["blocks"]]
    assert "way" not in blocks
    assert "Between 0 reports and 40 reports." in read(emil.modal)
    assert "*Incidents if Release* is priced at *15.1 reports* now." in type_amount(emil, "10")
    choose(emil, estimate="30")
    said = read(emil.modal)
    assert "*10 credits* for *shares around 10 reports (" in said
    assert "), 40 reports (" in said
    assert "*Incidents if Release:* priced at 15.1 reports now, 15.8 reports after." in said
    assert (
        "if Release is chosen and it comes to 40 reports or more; evenly less down to 0 at 0 reports." in said
    )
    assert "*The most you can lose:* 10 credits." in said
    emil.submit()

    assert "You bought *shares around 10 reports (" in read(emil.modal)
    assert round(varied.line(live, "Release", "Incidents").expected / MICRO, 1) == 15.8
    assert (trades(live), balance(live, "U0EMIL")) == (1, 490 * MICRO)
    assert emil.state["warnings"] == []


def test_an_estimate_that_is_reached_costs_no_more_than_that_takes(live: Live, emil: Person):
    """Downward it pays the more the less it comes to."""
    in_bins(live, emil)
    choose(emil, estimate="14.5")
    said = type_amount(emil, "200")
    assert "now, 14.5 reports after." in said
    assert "it comes to 0 reports or less; evenly less down to 0 at 40 reports." in said
    emil.submit()

    assert 485 * MICRO < balance(live, "U0EMIL") < 500 * MICRO
    assert varied.line(live, "Release", "Incidents").expected >= 14.5 * MICRO


def test_an_estimate_that_cannot_be_is_refused_where_it_was_typed(live: Live, emil: Person):
    """Whatever Slack's own client may let through; what the market expects already is no estimate."""
    in_bins(live, emil)
    now = words.plain(round(varied.line(live, "Release", "Incidents").expected))
    view = emil.modal
    view["state"]["values"]["amount"]["trade_changed"]["value"] = "10"
    for typed, said in (
        ("40.5", "between 0 and 40"),
        ("-1", "between 0 and 40"),
        ("many", "is not a number"),
        ("", "cannot be empty"),
        (now, "The market is there already"),
    ):
        view["state"]["values"]["estimate"]["trade_changed"]["value"] = typed
        answer = deliver(live, submission("U0EMIL", view)).json()
        assert said in answer["errors"].get("estimate", ""), (typed, answer)
    assert trades(live) == 0


def test_an_estimate_out_of_one_persons_reach_is_moved_toward_as_far_as_it_goes(live: Live, emil: Person):
    """The form says that it stops there, and the rest of the credits is not spent."""
    in_bins(live, emil)
    choose(emil, estimate="35")
    short = "It stops short of your estimate: that is as far as one person can take it."
    assert short not in type_amount(emil, "20")
    assert short in type_amount(emil, "100")
    emil.submit()
    assert "You bought" in read(emil.modal)
    assert 460 * MICRO < balance(live, "U0EMIL") < 480 * MICRO
    emil.close()
    start_trade(emil, "D-2")
    choose(emil, option="Release: Incidents", estimate="35")
    assert "one person can hold at most" in type_amount(emil, "100")


def test_a_form_for_another_kind_of_market_is_redrawn_and_not_executed(live: Live, emil: Person):
    """Whoever chooses a market in bins and submits at once sees its own input first, and the other way round."""
    varied.open_varied(live)
    start_trade(emil, "D-2")
    menu = emil.element("option")
    emil.submit(option=option_of(menu, "Hold: Incidents"), amount={"value": "10"})
    assert "My estimate, reports" in read(emil.modal)
    choose(emil, way="Between two values")
    ends = {"low": {"value": "50"}, "range": {"value": "60"}}
    emil.submit(option=option_of(menu, "Hold: Helpfulness score"), **ends)
    assert "Helpfulness score will come out" in read(emil.modal)
    assert "This is the quote" not in read(emil.modal)

    assert trades(live) == 0
    assert emil.state["warnings"] == []


def test_a_quick_pick_stands_there_as_if_it_was_typed(live: Live, emil: Person):
    """Round amounts that can be spent, and all of it; what is typed afterwards counts as ever."""
    start_trade(emil)
    emil.press_modal("trade_pick:50000000")
    assert "*50 credits* for" in read(emil.modal)
    assert emil.element("amount")["initial_value"] == "50"
    assert emil.modal["submit"]["text"] == "Put 50 on Higher"
    emil.press_modal("trade_pick:all")
    assert "The most that fits here is" in read(emil.modal)
    assert "*20 credits* for" in type_amount(emil, "20")
    emil.submit()

    assert "You bought" in read(emil.modal)
    assert balance(live, "U0EMIL") == 480 * MICRO
    assert emil.state["warnings"] == []


def test_a_large_order_gets_a_second_look_and_fills_once(live: Live, emil: Person):
    """Above a tenth of what can be spent, with the consequence in numbers; both deliveries may come twice."""
    start_trade(emil)
    type_amount(emil, "60")
    first = submission("U0EMIL", emil.modal)
    emil.submit()
    said = read(emil.modal)
    assert "You are about to use *60 credits*, 12% of the 500 credits that you can spend here." in said
    assert "*The most you can lose:* 60 credits." in said
    assert emil.modal["submit"]["text"] == "Use 60 credits"
    assert trades(live) == 0
    again = submission("U0EMIL", emil.modal)
    emil.submit()
    assert "You bought" in read(emil.modal)
    filled = read(emil.modal)

    assert read(deliver(live, again).json()["view"]) == filled
    assert deliver(live, first).json()["response_action"] == "push"
    assert (trades(live), balance(live, "U0EMIL")) == (1, 440 * MICRO)
    assert emil.state["warnings"] == []


def test_a_price_that_moved_during_the_second_look_is_shown_there(live: Live, emil: Person):
    start_trade(emil)
    type_amount(emil, "60")
    emil.submit()
    trade(live.person("U0ERIN"), "200")
    emil.submit()
    assert "The price moved while you were typing." in read(emil.modal)
    assert "priced at 66.9 points now" in read(emil.modal)
    assert balance(live, "U0EMIL") == 500 * MICRO

    emil.submit()
    assert "You bought" in read(emil.modal)


def test_an_estimate_can_be_traded_on_where_it_goes_higher_or_lower(live: Live, emil: Person):
    """The picture shows it, and what it takes to get there is all that is spent."""
    start_trade(emil)
    choose(emil, way="At my estimate", estimate="63")
    said = type_amount(emil, "40")
    assert "priced at 62.0 points now, 63.0 points after." in said
    assert "Higher shares*, " in said
    assert "it comes to 80 points or more; evenly less down to 0 at 40 points." in said
    assert "```40.0 ├─────────────●▶" in said
    assert "● now 62.0   ▶ after 63.0   ◆ yours 63.0```" in said
    assert " Higher shares*, " in said
    assert "it comes to 80 points or more; evenly less down to 0 at 40 points." in said
    assert emil.modal["submit"]["text"] == "Spend up to 40"
    emil.submit()

    assert "You bought" in read(emil.modal)
    assert 460 * MICRO < balance(live, "U0EMIL") < 500 * MICRO


def test_in_bins_a_range_is_bought(live: Live, emil: Person):
    in_bins(live, emil)
    choose(emil, way="Between two values")
    choose(emil, low="25")
    assert "Type both ends" in read(emil.modal)
    choose(emil, range="40")
    said = type_amount(emil, "10")
    assert "*10 credits* for" in said
    assert "▲" in said
    assert " shares around 30 or 40 reports*" in said
    assert "it comes to 30 reports or more; less beside it, down to nothing at the next values." in said
    assert emil.modal["submit"]["text"] == "Put 10 on the range"
    emil.submit()
    assert "You bought" in read(emil.modal)
    emil.close()

    in_bins_again(emil)
    choose(emil, way="Between two values", low="30", range="20")
    assert "There is no outcome in that range." in type_amount(emil, "10")
    assert "no outcome in that range" in emil.submit()["errors"]["range"]


def in_bins_again(emil: Person) -> None:
    start_trade(emil, "D-2")
    choose(emil, option="Release: Incidents")


def test_in_bins_one_outcome_is_bought(live: Live, emil: Person):
    in_bins(live, emil)
    choose(emil, way="One outcome", outcome="around 20 reports")
    assert "*shares around 20 reports*" in type_amount(emil, "10") or "shares around 20 reports" in read(
        emil.modal
    )
    assert "it comes to 20 reports; less beside it, down to nothing at the next values." in read(emil.modal)
    assert emil.modal["submit"]["text"] == "Put 10 on 20 reports"
    emil.submit()
    assert "You bought" in read(emil.modal)
    emil.close()

    in_bins_again(emil)
    choose(emil, way="One outcome")
    assert "Choose an outcome" in type_amount(emil, "10")


def test_a_limit_order_waits_for_its_price_and_reserves_what_it_needs(live: Live, emil: Person):
    start_trade(emil)
    emil.fill("limited", {"selected_options": emil.element("limited")["options"]})
    choose(emil, price="60")
    said = type_amount(emil, "30")
    assert "*Waits:* 30 credits, until it is priced at 60 points or less." in said
    assert "*The most you can lose:* 30 credits." in said
    assert emil.modal["submit"]["text"] == "Place limit order"
    emil.submit()
    assert "Your limit order is placed." in read(emil.modal)
    held = live.read(portfolio.portfolio, identity("U0EMIL"))
    assert [(order.left, order.price) for order in held.orders] == [(30 * MICRO, 500_000)]
    assert held.balance == 470 * MICRO
    emil.close()

    trade(live.person("U0ERIN"), "200", way="Lower")
    live.advance(
        hours=1
    )  # If the digest of the first grant is out already, the next one is due an hour after it.
    emil.wait_for("filled", "D0EMIL")
    assert emil.state["warnings"] == []


def test_a_button_from_before_there_were_questions_opens_the_form_too(live: Live, emil: Person):
    """It names a decision by a bare number, and stands in a channel for ever."""
    workspace = live.workspace.page.state.workspace
    trading_button = {"type": "button", "action_id": "trade", "value": "1", "text": plain("Trade")}
    said = {
        "channel": MARKETS,
        "text": "An old card.",
        "blocks": [{"type": "actions", "elements": [trading_button]}],
    }
    headers = {"Authorization": f"Bearer {workspace.bot_token}"}
    url = f"{live.workspace.base_url}/api/chat.postMessage"
    assert httpx.post(url, json=said, headers=headers, trust_env=False).json()["ok"]
    emil.press(emil.wait_for("An old card."), "trade")

    assert emil.modal["title"]["text"] == "Trade D-1"


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def test_what_was_spent_elsewhere_meanwhile_is_said_and_not_asked_about(live: Live, emil: Person):
    """The quote was for credits that are gone: there is nothing to look at a second time."""
    _, elsewhere = open_question(live, subsidy=2000)
    start_trade(emil)
    type_amount(emil, "100")
    spent = Order("elsewhere", identity("U0EMIL"), elsewhere, (0,), Act.SPEND, 500 * MICRO)
    live.write(trading.execute, spent)
    emil.submit()

    assert emil.modal["title"]["text"] == "Trade D-1"
    assert "You can spend 0 credits here. Lower the amount." in read(emil.modal)


def test_ones_own_limit_order_that_stands_in_the_way_is_named_before_it_ends(live: Live, emil: Person):
    rest(live, "U0EMIL", varied.line(live, "Release", "Helpfulness score", 1).market_id, 500_000, 10)
    start_trade(emil)
    choose(emil, option="Release", way="Lower")
    assert "*Ends:* 1 limit order of yours, whose price this passes." in type_amount(emil, "200")
    emil.submit()
    emil.submit()

    assert "*Ends:* 1 limit order of yours" in read(emil.modal)
    assert live.read(portfolio.portfolio, identity("U0EMIL")).orders == ()


@pytest.mark.parametrize(("typed", "said"), [("39", "between 40.04 and 79.96"), ("", "cannot be empty")])
def test_a_price_that_cannot_be_is_refused_where_it_was_typed(
    live: Live, emil: Person, typed: str, said: str
):
    start_trade(emil)
    emil.fill("limited", {"selected_options": emil.element("limited")["options"]})
    view = emil.modal
    view["state"]["values"]["amount"]["trade_changed"]["value"] = "10"
    view["state"]["values"]["price"]["trade_changed"]["value"] = typed
    answer = deliver(live, submission("U0EMIL", view)).json()

    assert said in answer["errors"]["price"]


def test_a_limit_order_s_time_must_lie_ahead(live: Live, emil: Person):
    start_trade(emil)
    emil.fill("limited", {"selected_options": emil.element("limited")["options"]})
    choose(emil, price="60")
    past = int(live.workspace.clock().timestamp()) - 60
    emil.fill("expires_at", {"selected_date_time": past})
    assert "already past" in type_amount(emil, "10")
    assert "already past" in emil.submit()["errors"]["expires_at"]
