"""The second wallet, as people see it: granted by command, chosen in the ticket, and never added to the balance."""

from datetime import timedelta
from typing import Any

import pytest
from acts import balance, choose, identity, place, shown, start_trade, type_amount
from live import Live, Person, option_of, read

from core.exchange import opening, portfolio, trading
from core.exchange.opening import BaseRate, Definition, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.trading import Act, Order, Wallet
from core.units import MICRO

FAR = "Will it be in the store in a year?"


def open_far(live: Live) -> str:
    """A question for a year from now; its name."""
    closes_at = live.workspace.clock() + timedelta(days=365)
    asked = MetricPlan(Definition(FAR, YES_OR_NO, 0, HUNDRED, "Yes if it is."), identity("U0MONA"))
    plan = opening.question(
        asked, BaseRate(60 * MICRO), 100 * MICRO, closes_at, 86_400, "T0FUTARCHY/C0MARKETS"
    )
    name: str = live.write(opening.open_question, identity("U0ADA"), plan).name
    return name


def earmarked(live: Live, user: str) -> int | None:
    found: int | None = live.read(portfolio.portfolio, identity(user)).earmarked
    return found


@pytest.fixture
def far(live: Live, ada: Person) -> str:
    ada.type("/futarchy grant long <@U0EMIL|emil> 80 for the years to come")
    return open_far(live)


def test_it_is_granted_by_command_and_shown_apart(live: Live, ada: Person, emil: Person):
    before = balance(live, "U0EMIL")
    said = ada.type("/futarchy grant long <@U0EMIL|emil> 80 for the years to come")
    assert "got 80 credits for long horizons and has 80 credits free there now" in said
    ada.type("/futarchy grant long <@U0EMIL|emil> 20")
    ada.type("/futarchy grant pool 5 long in the planning")
    home = read(emil.home())

    assert balance(live, "U0EMIL") == before
    assert earmarked(live, "U0EMIL") == 100 * MICRO
    assert "*For long horizons*\n100 credits" in home
    assert "For long horizons: 100 credits." in _people(ada)
    # If the digest of the first grant is out already, the next one comes an hour after it.
    live.advance(hours=1)
    emil.wait_for("granted you *80 credits* for long horizons, which pay only in markets", "D0EMIL")
    assert "For long horizons" not in read(ada.home())


def _people(ada: Person) -> str:
    ada.type("/futarchy people <@U0EMIL|emil>")
    said = read(ada.modal)
    ada.close()
    return said


def test_the_horizon_is_shown_and_set_by_command(ada: Person, emil: Person):
    assert "settled 90 days after that or later" in emil.type("/futarchy horizon")
    assert "Only admins" in emil.type("/futarchy horizon 30 I would like to")
    assert "1 to 3650 days" in ada.type("/futarchy horizon 9999 too long")
    assert "settled 30 days after that or later. Markets that are open stay" in ada.type(
        "/futarchy horizon 30 A pilot"
    )
    assert "This cannot be empty" in ada.type("/futarchy horizon 20")


def test_a_reason_that_begins_with_long_is_no_earmark_unless_the_form_says_so(live: Live, ada: Person):
    """The word once said either behind the amount, so whoever writes it there is asked; nothing is guessed."""
    before = balance(live, "U0ERIN")
    assert ada.type("/futarchy grant <@U0ERIN|erin> 7 long ago promised to the pool") == ""
    assert (balance(live, "U0ERIN"), earmarked(live, "U0ERIN")) == (before, None)
    assert ada.element("to")["initial_option"]["value"] == "long"
    assert ada.element("reason")["initial_value"] == "long ago promised to the pool"
    ada.submit(to=option_of(ada.element("to"), "A person"))
    assert "got 7 credits and has" in read(ada.modal)
    ada.close()

    assert (balance(live, "U0ERIN"), earmarked(live, "U0ERIN")) == (before + 7 * MICRO, None)
    said = ada.type("/futarchy grant LONG <@U0ERIN|erin> 5 long ago promised")
    assert "got 5 credits for long horizons and has 5 credits free there now" in said


def test_only_people_are_granted_credits_for_long_horizons(ada: Person):
    assert "are given to people" in ada.type("/futarchy grant long pool 5 to plan")
    assert "I do not know @somebody" in ada.type("/futarchy grant long @somebody 5")


def test_admins_change_the_horizon_in_a_form(ada: Person, emil: Person):
    emil.type("/futarchy horizon")
    assert "changing" not in str(emil.answer)
    ada.type("/futarchy horizon")
    ada.press(ada.answer, "horizon")
    why = {"value": "A pilot."}
    assert ada.submit(days={"value": "9999"}, reason=why)["errors"] == {
        "days": "A horizon is 1 to 3650 days."
    }
    assert ada.submit(days={"value": "45"}, reason={"value": " "})["errors"] == {
        "reason": "This cannot be empty."
    }
    assert ada.submit(days={"value": "45"}, reason=why)["ok"]
    assert "settled 45 days after that or later. Markets that are open stay" in read(ada.modal)
    ada.close()

    assert "settled 45 days after" in emil.type("/futarchy horizon")
    assert ada.state["warnings"] == []


def test_the_ticket_says_what_pays_and_keeps_to_what_was_quoted(live: Live, emil: Person, far: str):
    """The earmarked wallet pays where that is enough, unless the balance is chosen; then that alone may."""
    start_trade(emil, far)
    said = type_amount(emil, "30")
    assert "You can spend 80 credits here from your credits for long horizons." in said
    assert "*Paid from:* your credits for long horizons." in said
    assert "your balance" in type_amount(emil, "82")
    assert "Paid from" not in read(emil.modal)
    choose(emil, wallet=_option(emil, "For long horizons"))
    assert "You can spend 80 credits here. Lower the amount." in read(emil.modal)
    type_amount(emil, "30")
    place(emil)
    assert "*Paid from:* your credits for long horizons." in read(emil.modal)
    emil.close()

    assert earmarked(live, "U0EMIL") == 50 * MICRO
    start_trade(emil, far)
    said = type_amount(emil, "10")
    assert "You hold something here by that" in said
    assert "wallet" not in [block["block_id"] for block in emil.modal["blocks"]]
    emil.close()


def _option(person: Person, text: str) -> str:
    options: list[dict[str, Any]] = person.element("wallet")["options"]
    return next(str(each["text"]["text"]) for each in options if text in each["text"]["text"])


def test_a_form_that_stood_open_while_the_other_wallet_bought_is_refused(live: Live, emil: Person, far: str):
    start_trade(emil, far)
    choose(emil, wallet=_option(emil, "For long horizons"))
    type_amount(emil, "10")
    order = Order(
        "k", identity("U0EMIL"), int(far.removeprefix("M-")), (0,), Act.SPEND, MICRO, wallet=Wallet.PLAIN
    )
    live.write(trading.execute, order)
    answer = emil.submit()

    assert "You hold something here" in str(answer) + read(emil.modal)
    assert earmarked(live, "U0EMIL") == 80 * MICRO


def test_home_sells_it_back_where_it_came_from(live: Live, emil: Person, far: str):
    before = balance(live, "U0EMIL")
    start_trade(emil, far)
    type_amount(emil, "30")
    place(emil)
    emil.close()
    assert "bought for long horizons, which sell for" in read(emil.home())
    emil.press_home(f"sell:{far.removeprefix('M-')}:0")
    assert "*Goes to:* your credits for long horizons." in read(emil.modal)
    emil.submit()
    emil.close()

    assert balance(live, "U0EMIL") == before
    assert 80 * MICRO - 10 <= (earmarked(live, "U0EMIL") or 0) <= 80 * MICRO


def test_the_card_of_a_long_market_names_the_band_and_others_do_not(emil: Person, far: str):
    card = read(shown(emil, far))
    assert "prices may lie off within a band of 18% of the range" in card
    assert "Credits for long horizons pay here and have no such cost" in card

    assert "band" not in read(shown(emil, "D-1"))
