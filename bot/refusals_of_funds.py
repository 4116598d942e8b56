"""What the refusals about portfolios say, beside all others."""

from collections.abc import Callable
from typing import Any

from bot import words
from core.errors import OverBudget, Refusal

RULES: dict[str, str] = {
    "taken": "Another portfolio is called “{value}”. Choose another name.",
    "many_spenders": "At most {value} people can spend a portfolio.",
    "below_reserved": "{value} credits are reserved for its markets already, so the budget cannot be {limit}. "
    "Take liquidity out first, or make it at least that.",
    "most_back": "At most {value} credits can come free there now: the rest backs outstanding shares, or is the least "
    "that a market needs.",
}
OF_NUMBERS = {"below_reserved", "most_back"}

NOT_ALLOWED: dict[str, str] = {
    "spenders_only": "Only those who are named to spend this portfolio can do that.",
    "spenders_and_admins": "Only admins, and those who are named to spend a portfolio, can see that.",
}

NOT_OPEN: dict[str, str] = {
    "paused": "The portfolio {name} is paused: it pays for nothing new until it is resumed.",
    "not_paused": "The portfolio {name} is not paused.",
}


def _over_budget(no: Any) -> str:
    left = max(0, no.budget - no.reserved)
    return (
        f"The portfolio {words.escape(no.portfolio)} may reserve {words.credits(no.budget)} at once, and "
        f"{words.number(no.reserved)} are reserved already: {words.limit(left)} are left, and this takes "
        f"{words.credits(no.needed)}."
    )


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {OverBudget: _over_budget}
FIELDS: dict[type[Refusal], str] = {OverBudget: "subsidy"}
