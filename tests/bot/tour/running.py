"""What admins do: credits, people, halting, dates."""

from collections.abc import Iterator
from datetime import timedelta

from acts import identity, later
from live import COMMITTEE, option_of

from core.exchange import telling
from tour.people import Sight, Tour, dm


def allows(t: Tour) -> Iterator[Sight]:
    """The allowance, and another admin."""
    ada, chen = t.ada, t.chen
    yield t.home("home of an admin", ada)
    for action in ("new", "ask"):
        ada.press_home(action)
        ada.close()
    ada.press_home("manage")
    yield t.modal("what an admin can do about a decision", ada)
    ada.close()
    ada.press_home("audit")
    yield t.modal("audit asked for on Home", ada)
    ada.close()
    ada.press_home("allowance")
    yield t.modal("allowance", ada)
    amounts = {"opening": "50", "amount": "10", "cap": "600", "floor": "20", "period_days": "3"}
    ada.submit(
        **{name: {"value": value} for name, value in amounts.items()}, reason={"value": t.voice.reason[:100]}
    )
    yield t.modal("allowance changed", ada)
    ada.close()
    ada.home()
    ada.press_home("people")
    yield t.modal("people", ada)
    ada.fill("person", {"selected_user": "U0CHEN"})
    yield t.modal("people, somebody chosen", ada)
    chosen = option_of(ada.element("act_U0CHEN"), "Make them an admin")
    ada.submit(act_U0CHEN=chosen, reason={"value": t.voice.reason})
    yield t.modal("people, changed", ada)
    ada.close()
    yield t.messaged("direct message: made an admin", chen, "made you an admin")


def grants(t: Tour) -> Iterator[Sight]:
    """A grant is made, another one is taken back by two admins, and the books are proved."""
    ada, chen = t.ada, t.chen
    ada.home()
    ada.press_home("grant")
    yield t.modal("grant", ada)
    ada.submit(
        person={"selected_user": "U0ELIAS"}, amount={"value": "70"}, reason={"value": t.voice.reason[:100]}
    )
    yield t.modal("granted", ada)
    ada.close()
    yield t.asked("grant by a command", ada, "/futarchy grant <@U0ELIAS|elias> 30 for the pilot")
    ada.press(ada.answer, "take_back")
    yield t.modal("take a grant back", ada)
    ada.submit(reason={"value": t.voice.reason})
    yield t.modal("taking back is asked", ada)
    ada.close()
    yield t.messaged("direct message: asked to confirm", chen, "asks to take a grant")
    t.pressed(chen, "asks to take a grant", "reversal", dm(chen))
    yield t.modal("confirm taking back", chen)
    chen.submit()
    yield t.modal("taken back", chen)
    chen.close()
    yield t.messaged("direct message: taken back", t.elias, "was taken back")
    ada.type("/futarchy people <@U0CHEN|chen>")
    chosen = option_of(ada.element("act_U0CHEN"), "They are no admin any more")
    ada.submit(act_U0CHEN=chosen, reason={"value": t.voice.reason})
    ada.close()
    ada.type("/futarchy grant <@U0ELIAS|elias> 7 for lunch")
    yield t.asked("grant typed again", ada, "/futarchy grant <@U0ELIAS|elias> 7 for lunch")
    ada.press(ada.answer, "grant_again")
    yield t.told("granted again", ada, "has")
    yield t.messaged("direct message: no admin any more", chen, "You are no admin")
    yield t.asked("audit asked for", ada, "/futarchy audit")
    yield t.messaged("direct message: audit", ada, "The books")


def steers(t: Tour) -> Iterator[Sight]:
    """Halting, letting go on, and later dates."""
    ada = t.ada
    ada.type("/market D-1")
    ada.press(ada.answer, "halt")
    yield t.modal("halt", ada)
    ada.submit(reason={"value": t.voice.reason})
    yield t.modal("halted", ada)
    ada.close()
    yield t.told("halted, told", t.emil, "does not trade for now")
    yield t.asked("card while halted", t.emil, "/market D-1")
    ada.type("/decision resume D-1")
    yield t.modal("resume", ada)
    ada.submit(reason={"value": t.voice.reason})
    ada.close()
    yield t.told("resumed, told", t.emil, "trades again")
    ada.type("/market D-1")
    ada.press(ada.answer, "postpone")
    yield t.modal("move dates", ada)
    moved = later(ada, "decide_by", timedelta(days=1))
    ada.submit(decide_by=moved, reason={"value": t.voice.reason})
    yield t.modal("dates moved", ada)
    ada.close()
    yield t.told("dates moved, told", t.emil, "has later dates")
    yield from schedules(t)
    t.live.write(telling.unreachable, identity(COMMITTEE), "not_in_channel")
    yield t.messaged("direct message: a channel out of reach", ada, "I cannot post in")
    ada.type("/market D-2")
    ada.press(ada.answer, "add_option")
    yield t.modal("add an option", ada)
    rates = {"base_rate_1": {"value": "15"}, "base_rate_2": {"value": "14"}, "base_rate_2_sd": {"value": "8"}}
    assert ada.submit(options={"value": "Open it to few"}, **rates)["ok"]
    yield t.modal("option added", ada)
    ada.close()
    yield t.told("option added, told", t.emil, "one more option")
    t.live.advance(hours=25)
    yield t.told("report of the day", t.carol, "Spread report D-1", COMMITTEE)
    t.pressed(t.carol, "Spread report D-2", "report_more", COMMITTEE)
    yield t.modal("more on a report on two metrics", t.carol)
    t.carol.close()
    yield t.messaged("several news at once", t.elias, "updates for you")


def schedules(t: Tour) -> Iterator[Sight]:
    """When reports come: typed by an admin, and by a decider who says that no move brings one."""
    ada, carol = t.ada, t.carol
    ada.type("/decision reports D-2", COMMITTEE)
    yield t.modal("when reports come", ada)
    ada.fill("cron", {"value": "0 25 * * *"})
    yield t.modal("when reports come, half typed", ada)
    ada.fill("cron", {"value": "30 8 * * *"})
    assert ada.submit(zone={"value": "Europe/Berlin"}, step={"value": "2.5"})["ok"]
    yield t.modal("when reports come, saved", ada)
    ada.close()
    yield t.told("when reports come, told", carol, "changed when its spread report comes", COMMITTEE)
    carol.press_home("manage")
    carol.press_modal("schedule")
    yield t.modal("when reports come, for a decider", carol)
    assert carol.submit(step={"value": ""})["ok"]
    carol.close()
