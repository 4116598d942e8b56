"""A lottery decision in the workspace, for tests: opened through its form, and values of its beacon that draw what is wanted."""

from itertools import count
from typing import Any

from live import COMMITTEE, Live, Person, option_of

from core.decisions import lotteries, registry
from core.exchange import statements

LOTTERY = "A lottery may draw instead"
BEACON = {"beacon": {"value": "The city's lottery"}, "beacon_round": {"value": "the draw of next week"}}
METRIC = {
    "metric_name": {"value": "Score"},
    "metric_unit": {"value": "points"},
    "low": {"value": "0"},
    "high": {"value": "100"},
    "metric_wording": {"value": "As counted a month later."},
    "base_rate_1": {"value": "50"},
    "base_rate_2": {"value": "50"},
    "metric_owner": {"selected_user": "U0MONA"},
}


def question(text: str = "Which office gets the new desks?", options: str = "North\nSouth") -> dict[str, Any]:
    people = {"selected_users": ["U0CAROL", "U0CHEN"]}
    return {"question": {"value": text}, "options": {"value": options}, "deciders": people}


def at_terms(ada: Person, **said: Any) -> None:
    """The form's last step, with a lottery chosen."""
    ada.type("/decision new")
    assert ada.submit(**(said or question()))["ok"]
    assert ada.submit(**METRIC)["ok"]
    ada.fill("lottery", option_of(ada.element("lottery"), LOTTERY))


def terms(**changes: str) -> dict[str, Any]:
    typed = {"subsidy": "400", "probability": "50"} | changes
    made = {block: {"value": value} for block, value in typed.items()}
    return BEACON | made | {"committee": {"selected_channel": COMMITTEE}}


def open_lottery(ada: Person, text: str = "Which office gets the new desks?", **changes: str) -> None:
    at_terms(ada, **question(text))
    assert ada.submit(**terms(**changes))["ok"]
    ada.close()


def value_for(live: Live, wanted: int | None, decision_id: int) -> str:
    """The first number as a beacon's value that draws the option of this index; None for people."""
    seed = live.read(lotteries.seed, decision_id)
    decision = live.read(registry.get, decision_id)
    assert decision.lottery
    return next(
        value
        for value in map(str, count(1))
        if statements.draw_by(decision.lottery, seed, value, decision.name)[1] == wanted
    )
