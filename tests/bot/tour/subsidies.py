"""Portfolios: seen, opened, funded, changed, paused, and what is taken back; by Ada, and by Erin who may spend one."""

from collections.abc import Iterator

from live import COMMITTEE, MARKETS

from tour.people import Sight, Tour


def spends(t: Tour) -> Iterator[Sight]:
    """A second portfolio, by a form; what is typed in part stands in the forms."""
    ada, erin, voice = t.ada, t.erin, t.voice
    yield t.asked("nobody's portfolio", t.emil, "/subsidy")
    yield t.asked("help with subsidies", ada, "/subsidy help")
    ada.type(f"/subsidy new reserve=2000 spend=500 because {voice.reason[:40]}")
    yield t.modal("new portfolio", ada)
    name, people = {"value": voice.option}, {"selected_users": ["U0ADA", "U0ERIN"]}
    channel = {"selected_channel": COMMITTEE}
    assert ada.submit(name=name, spenders=people, address=channel, reason={"value": voice.reason})["ok"]
    yield t.modal("portfolio opened", ada)
    ada.close()
    yield t.told("portfolio opened, told", t.carol, "Portfolio", COMMITTEE)
    yield t.asked("portfolios", ada, "/subsidy")
    ada.press(ada.answer, "subsidy:fund_P-2")
    yield t.modal("fund a portfolio", ada)
    assert ada.submit(amount={"value": "700"}, reason={"value": voice.reason})["ok"]
    ada.close()
    erin.type("/subsidy auto on P-2 100")
    yield t.modal("apply by itself", erin)
    assert erin.submit(reason={"value": voice.reason})["ok"]
    yield t.modal("applied by itself", erin)
    erin.close()
    yield t.asked("portfolios of somebody named", erin, "/subsidy")
    yield t.asked("paused", erin, "/subsidy pause P-2 because so.")
    yield t.asked("which portfolio", ada, "/subsidy pause Mian")
    ada.type("/subsidy change P-2")
    yield t.modal("change a portfolio", ada)
    assert ada.submit(spend_budget={"value": ""}, reason={"value": voice.reason})["ok"]
    ada.close()
    erin.type("/subsidy resume P-2 because so.")
    ada.type("/subsidy withdraw D-1 50")
    yield t.modal("take liquidity out", ada)
    ada.submit(reason={"value": voice.reason})
    yield t.modal("take liquidity out, a second look", ada)
    ada.submit()
    yield t.modal("liquidity taken out", ada)
    ada.close()
    yield from plans(t)
    yield t.home("home with portfolios", ada)
    ada.press_home("subsidy:show")
    yield t.modal("portfolios from home", ada)
    ada.close()


def plans(t: Tour) -> Iterator[Sight]:
    """A stake is stated, and what the policy would do is looked at and done; then the report, and its file."""
    ada, voice = t.ada, t.voice
    ada.type("/futarchy grant <@U0EMIL|emil> 50000 so that it can be deep")
    yield t.asked("which decision's stake", ada, "/subsidy set")
    ada.type("/subsidy set D-1 stake=50000 gap_sd=0.4")
    yield t.modal("stake", ada)
    assert ada.submit(reason={"value": voice.reason})["ok"]
    yield t.modal("stake set", ada)
    ada.close()
    yield t.asked("plan", ada, "/subsidy plan P-1")
    ada.press(ada.answer, "subsidy:plan_P-1")
    yield t.modal("plan, row by row", ada)
    ada.press_modal("subsidy:apply_P-1")
    yield t.modal("apply a plan", ada)
    assert ada.submit(reason={"value": voice.reason})["ok"]
    yield t.modal("plan applied", ada)
    ada.close()
    yield t.asked("plan that adds nothing", ada, "/subsidy apply P-2")
    yield t.asked("subsidy report", ada, "/subsidy report P-1")
    ada.press(ada.answer, "subsidy_file")
    yield Sight("file of subsidies asked for", ada.user, MARKETS)
