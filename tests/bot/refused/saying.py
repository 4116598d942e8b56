"""Refusals about what deciders declare, how they vote, and what is noted."""

from acts import identity
from live import COMMITTEE, option_of, read

from core.exchange import adding
from core.exchange.adding import AddedOption, BaseRate
from core.units import MICRO
from refused.naming import refuses, told_instead
from refused.people import REASON, People

FORECASTS = {"forecast_1_1": {"value": "62"}, "forecast_1_2": {"value": "55"}}


def declares(p: People) -> None:
    """Before the close: chances that do not sum, a form of before an option was added, and what comes too early."""
    assert "Only the people named as deciders" in p.emil.type("/decision declare D-1")
    p.carol.type("/decision declare D-1")
    chances = {"chance_1": {"value": "60"}, "chance_2": {"value": "30"}}
    assert "sum to 90" in refuses(p.carol, "chance_none", **chances, **FORECASTS)
    refuses(p.carol, "chance_2", **chances | {"chance_2": {"value": "101"}}, **FORECASTS)
    refuses(p.carol, "forecast_1_1", **chances, **FORECASTS | {"forecast_1_1": {"value": "81"}})
    added = AddedOption("Wait", (BaseRate(60 * MICRO),))
    p.live.write(adding.add_option, identity("U0ADA"), 1, added)
    full = chances | {"chance_2": {"value": "40"}}
    assert "An option was added" in refuses(p.carol, "chance_none", **full, **FORECASTS)
    p.carol.close()
    assert "there is nothing to weigh" in p.carol.type("/decision values D-1")
    assert "What arrives after the close is late" in p.emil.type("/decision late D-1")


def weighs(p: People) -> None:
    """After the close: ballots that are closed, open already, or closed already."""
    carol, chen = p.carol, p.chen
    assert "are closed. A decider or an admin can reopen them" in carol.type("/decision values D-2")
    for who in (carol, chen):
        who.type("/decision show D-2", COMMITTEE)
        who.press(who.answers(COMMITTEE)[-1], "reopen_ballots", COMMITTEE)
    assert "errors" not in carol.submit(reason=REASON)
    assert "are open again" in read(carol.modal)
    carol.close()
    assert "are open already" in refuses(chen, "reason", reason=REASON)
    chen.close()
    chen.type("/decision values D-2")
    better = option_of(chen.element("worth_1"), "Better")
    refuses(chen, "worth_2", worth_1=better, worth_2={"value": "1000001"}, worth_3={"value": "0"})
    chen.close()
    chen.type("/decision show D-2", COMMITTEE)
    stale = chen.answers(COMMITTEE)[-1]
    chen.press(stale, "close_ballots", COMMITTEE)
    chen.close()
    chen.press(stale, "close_ballots", COMMITTEE)
    assert "are not open" in told_instead(chen)


def notes(p: People) -> None:
    """What cannot be added to, and links that lead nowhere."""
    assert "has no record yet" in p.carol.type("/decision add D-2")
    assert "Only the people named as deciders" in p.emil.type("/decision add D-2")
    p.emil.type("/decision late D-2")
    for links, said in (
        ("ftp://a.example", "is not a link"),
        ("https://a.example\n" * 11, "At most 10 links"),
    ):
        assert said in refuses(p.emil, "links", text=REASON, links={"value": links})
    p.emil.close()
