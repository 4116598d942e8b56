"""What refusals say about portfolios, what they pay for, and wallets for long horizons: the rest fills a file."""

from collections.abc import Callable
from typing import Any

from bot import words
from core.errors import OverBudget, OverSpent, PlanMoved, Refusal

RULES: dict[str, str] = {
    "taken": "There is a portfolio called {value} already. Choose another name.",
    "below_reserved": "{value} credits are reserved for markets already, so it cannot be {limit}. Make it at least that, or "
    "take some back first.",
    "most_back": "At most {value} credits can come free here: the rest backs shares that people hold.",
    "many_spenders": "At most {value} people can spend a portfolio.",
    "not_long": "Credits for long horizons pay only in markets that are settled long after they open. This is none: pay "
    "from your balance.",
    "no_earmark": "You have no credits for long horizons.",
    "other_wallet": "You hold something here, or an order waits, by {wallet}. Pay from that, or sell and cancel all of it first.",
    "pool_wallet": "Credits for long horizons are given to people. Choose a person.",
    "horizon": "A horizon is 1 to {value} days.",
    "nothing_to_add": "The plan of {value} adds nothing now, so there is nothing to apply.",
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


_PARTS = {
    "prices": "prices moved",
    "liquidity": "liquidity changed",
    "budgets": "a budget or what is free changed",
    "assumptions": "stakes changed",
}


def _plan_moved(no: Any) -> str:
    """What it would have added, and what it would now; nothing was done."""
    why = words.enumerated([_PARTS[each] for each in no.parts])
    return (
        f"Since you looked, {why}: the plan of {words.escape(no.portfolio)} added {words.credits(no.was)} then, and would "
        f"add {words.credits(no.is_now)} now. Nothing was done. Look at it anew, and apply it then."
    )


def _over_budget(no: Any) -> str:
    also = f", {words.credits(no.promised)} are still to drip into them" if no.promised else ""
    return (
        f"{words.escape(no.portfolio)} may have {words.credits(no.budget)} reserved for markets. "
        f"{words.credits(no.reserved)} are{also}, and this takes {words.credits(no.needed)} more."
    )


def _over_spent(no: Any) -> str:
    """Told when that ends, and what else would change it."""
    return (
        f"{words.escape(no.portfolio)} may lose {words.credits(no.budget)} in this period, and is expected to lose "
        f"{words.credits(no.expected)} by its end, {words.moment(no.ends_at)}. Until then it pays for nothing new, unless "
        "its budget is raised."
    )


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    OverBudget: _over_budget,
    OverSpent: _over_spent,
    PlanMoved: _plan_moved,
}
FIELDS: dict[type[Refusal], str] = {OverBudget: "amount", OverSpent: "amount"}
