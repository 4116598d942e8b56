"""Refusals about dates, decisions, readings and objections."""

from datetime import timedelta

from acts import choose, file_reading, identity, later, record, rule, start_trade, type_amount
from live import COMMITTEE, option_of

from core.exchange import staffing
from refused.naming import refuses, told_instead
from refused.people import REASON, People


def moves_dates(p: People) -> None:
    """Before the close, and with forms that are still open after it."""
    ada = p.ada
    schedules(p)
    ada.type("/decision postpone D-1")
    refuses(ada, "closes_at", reason=REASON)
    refuses(ada, "decide_by", reason=REASON, decide_by=later(ada, "decide_by", timedelta(hours=-1)))
    assert "still open for trading" in record(p.carol, "Hold")
    assert "Only the people named as deciders" in p.emil.type("/decision record D-1")
    assert "is not decided yet" in p.mona.type("/decision metric D-1")
    for who, name in ((p.emil, "D-1"), (p.elias, "D-2")):
        start_trade(who, name)
        choose(who, option="Hold" if name == "D-1" else "Hold: Helpfulness score")
        type_amount(who, "5")
    kept = {"reason": REASON, "decide_by": later(ada, "decide_by", timedelta(days=1))}
    moved = later(ada, "closes_at", timedelta(hours=12))
    p.live.advance(days=7, hours=1)
    p.carol.wait_for("Spread report D-2", COMMITTEE)
    assert "is closed" in refuses(p.emil, "option", amount={"value": "5"})
    p.emil.close()
    refuses(ada, "closes_at", **kept, closes_at=moved)
    ada.close()


def schedules(p: People) -> None:
    """When reports come: what is no time, or too many, and a zone that is nowhere."""
    ada = p.ada
    assert "Only the people named as deciders, and admins" in p.emil.type("/decision reports D-1")
    ada.type("/decision reports D-1")
    for cron, said in (("every morning", "names no time"), ("*/5 9 * * *", "more than once an hour")):
        assert said in refuses(ada, "cron", cron={"value": cron})
    assert "I know no time zone" in refuses(ada, "zone", cron={"value": "0 9 * * *"}, zone={"value": "Mars"})
    refuses(ada, "step", zone={"value": "UTC"}, step={"value": "101"})
    ada.close()


def decides(p: People) -> None:
    """D-2 is decided by two at once; D-1 is not decided in time."""
    for who in (p.chen, p.carol):
        who.type("/decision record D-2", COMMITTEE)
        who.submit(option=option_of(who.element("option"), "Release"), reason=REASON, unpriced=REASON)
    p.chen.submit()
    p.chen.close()
    p.carol.submit()
    assert "has been recorded already" in told_instead(p.carol)
    assert "is recorded, but not final yet" in p.mona.type("/decision metric D-2")
    assert "Only the owner of the metric" in p.emil.type("/decision metric D-2")
    p.live.advance(days=3)
    p.emil.wait_for("D-2 “Do we share the weights?” is final")
    p.emil.wait_for("counts as withdrawn")
    p.live.advance(days=1, hours=1)
    p.emil.wait_for("D-1 “Do we release the longer context window this quarter?” is withdrawn for good")
    assert "can no longer be taken" in refuses(p.elias, "option", amount={"value": "5"})
    p.elias.close()
    assert "was withdrawn" in p.ada.type("/decision postpone D-1")
    assert "is not read any more" in p.esra.type("/decision metric D-2")


def reads(p: People) -> None:
    """Forms to trade that are still open when trading ends, and when everybody is paid."""
    for who in (p.emil, p.erin):
        start_trade(who, "D-2")
        choose(who, option="Release: Incidents")
        choose(who, way="My estimate", estimate="20")
        type_amount(who, "5")
    file_reading(p.mona, "23", "D-2", "Incidents")
    filed = p.mona.wait_for("Incidents came to")
    assert "ended for good" in refuses(p.emil, "option", amount={"value": "5"})
    p.emil.close()
    p.mona.press(filed, "object")
    assert "You filed this reading" in told_instead(p.mona)
    p.elias.press(p.elias.wait_for("Incidents came to"), "object")
    p.emil.press(p.emil.wait_for("Incidents came to"), "object")
    p.emil.submit(reason=REASON)
    p.emil.close()
    assert "Somebody objected" in refuses(p.elias, "reason", reason=REASON)
    p.elias.close()


def doubts(p: People) -> None:
    """Ada rules on what another one objected to, and not on what she did."""
    p.emil.press(p.emil.wait_for("is held up:"), "rule")
    assert "Only admins can do that" in told_instead(p.emil)
    held_up = p.ada.wait_for("is held up:")
    rule(p.ada, "Uphold")
    p.ada.press(held_up, "rule")
    assert "No objection to the reading of Incidents waits" in told_instead(p.ada)
    p.emil.press(p.emil.wait_for("Incidents came to"), "object")
    assert "does not count any more" in told_instead(p.emil)
    file_reading(p.mona, "71", "D-2", "Helpfulness score")
    p.ada.press(p.ada.wait_for("Helpfulness score came to"), "object")
    p.ada.submit(reason=REASON)
    p.ada.close()
    p.ada.press(p.ada.wait_for("objects to the reading of Helpfulness score"), "rule")
    ruling = option_of(p.ada.element("ruling"), "Dismiss the objection")
    refuses(p.ada, "ruling", ruling=ruling, reason=REASON)
    p.ada.close()
    p.live.advance(days=30)
    assert "is decided already" in p.ada.type("/decision postpone D-2")


def ends(p: People) -> None:
    """All is read, ruled on by a second admin, and paid."""
    p.live.write(staffing.appoint, identity("U0ADA"), identity("U0CHEN"), "To rule.")
    p.chen.press(p.chen.wait_for("objects to the reading of Helpfulness score"), "rule")
    ruling = option_of(p.chen.element("ruling"), "Dismiss the objection")
    p.chen.submit(ruling=ruling, reason=REASON)
    p.chen.close()
    for metric, value in (("Incidents", "23"), ("Trust in us", "64")):
        file_reading(p.mona, value, "D-2", metric)
    filed = p.emil.wait_for("Trust in us came to")
    p.mona.type("/decision metric D-2")
    metric = {"selected_option": p.mona.element("metric")["options"][0]}
    p.live.advance(days=1, hours=1)
    p.emil.wait_for("Outcome D-2")
    p.emil.press(filed, "object")
    assert "is final" in told_instead(p.emil)
    assert metric
    p.mona.close()
    assert "is settled" in refuses(p.erin, "option", amount={"value": "5"})
    p.erin.close()
    assert "is settled" in p.mona.type("/decision metric D-2")
