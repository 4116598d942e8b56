"""Refusals about portfolios: to those who may not spend them, and of what they cannot do."""

from refused.naming import refuses
from refused.people import REASON, People


def spends(p: People) -> None:
    """Erin alone may spend Safety."""
    assert "Only admins, and the people named to spend a portfolio" in p.emil.type("/subsidy")
    p.ada.type("/subsidy new Safety reserve=900 spend=none days=30 @erin because it needs its own.")
    p.ada.type("/subsidy new")
    money = {"reserve_budget": {"value": "5"}, "spenders": {"selected_users": ["U0ERIN"]}, "reason": REASON}
    assert "called safety already" in refuses(p.ada, "name", name={"value": "safety"}, **money)
    refuses(p.ada, "period_days", name={"value": "Other"}, **money, period_days={"value": "900"})
    refuses(p.ada, "spend_budget", name={"value": "Other"}, **money, spend_budget={"value": "0"})
    p.ada.close()
    assert "Only the people named to spend this portfolio" in p.ada.type("/subsidy pause Safety because so.")
    p.erin.type("/subsidy resume")
    assert "is not paused" in refuses(p.erin, "portfolio", reason=REASON)
    p.erin.close()
    p.ada.type("/subsidy change Main")
    assert "so it cannot be 1." in refuses(
        p.ada, "reserve_budget", reserve_budget={"value": "1"}, reason=REASON
    )
    p.ada.close()
    moves_while_it_is_looked_at(p)
    p.ada.type("/subsidy withdraw D-1")
    assert "can come free here" in refuses(p.ada, "amount", amount={"value": "9999"}, reason=REASON)
    refuses(p.ada, "amount", amount={"value": "0"}, reason=REASON)
    p.ada.close()


def moves_while_it_is_looked_at(p: People) -> None:
    """A plan is applied as it was looked at, or not at all; and a stake is something."""
    p.ada.type("/futarchy grant <@U0ESRA|esra> 50000 so that it can be deep")
    p.ada.type("/subsidy set D-1 stake=50000 gap_sd=0.4 because it is worth it")
    p.ada.type("/subsidy apply Main")
    p.ada.type("/futarchy grant pool 9 more")
    assert "Since you looked, a budget or what is free changed" in refuses(p.ada, "reason", reason=REASON)
    p.ada.close()
    p.ada.type("/subsidy set D-1")
    refuses(p.ada, "stake", stake={"value": "0"}, reason=REASON)
    refuses(p.ada, "gap_sd", stake={"value": "5"}, gap_sd={"value": "500"}, reason=REASON)
    p.ada.close()
