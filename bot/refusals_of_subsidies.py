"""What refusals say about portfolios and what they pay for: kept apart, since the rest fills a file."""

from typing import Any

from bot import words

RULES: dict[str, str] = {
    "taken": "There is a portfolio called {value} already. Choose another name.",
    "below_reserved": "{value} credits are held ready for markets already. Make it at least that, or take some back first.",
    "most_back": "At most {value} credits can come free here: the rest backs shares that people hold.",
    "many_spenders": "At most {value} people can spend a portfolio.",
}
OF_NUMBERS = {"below_reserved", "most_back"}

NOT_ALLOWED: dict[str, str] = {
    "spenders_only": "Only the people named to spend this portfolio can do that.",
    "spenders_and_admins": "Only admins, and the people named to spend a portfolio, can see that.",
}

NOT_OPEN: dict[str, str] = {
    "paused": "{name} is paused: it pays for nothing new. Whoever may spend it can resume it.",
    "not_paused": "{name} is not paused.",
}


def over_budget(no: Any) -> str:
    return (
        f"{words.escape(no.portfolio)} may hold {words.credits(no.budget)} ready for markets. It holds "
        f"{words.credits(no.reserved)}, and this takes {words.credits(no.needed)} more."
    )
