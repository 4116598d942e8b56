"""Every refusal that people can come to, once: under its field with all that was typed, or in the place of the form."""

from datetime import timedelta

import varied
from acts import (
    choose,
    file_reading,
    identity,
    later,
    place,
    record,
    rule,
    start_trade,
    trade,
    type_amount,
)
from live import COMMITTEE, Live, find_button, option_of, read
from refused import UNREACHED, all_of_them, refuses, said, told_instead

from core.exchange import audit, granting, staffing
from core.exchange.opening import BaseRate, MeasurePlan
from core.units import MICRO

REASON = {"value": "So it is."}
HOUR, DAY = 3600, 86_400


class People:
    """Everybody, with the page open."""

    def __init__(self, live: Live) -> None:
        self.live = live
        names = ("ADA", "EMIL", "ERIN", "ELIAS", "ESRA", "CAROL", "CHEN", "MONA")
        found = [live.person(f"U0{name}") for name in names]
        self.ada, self.emil, self.erin, self.elias, self.esra, self.carol, self.chen, self.mona = found

    @property
    def now(self) -> int:
        return int(self.live.workspace.clock().timestamp())


def test_every_refusal_is_said_where_it_belongs(live: Live):
    people = People(live)
    for scene in (
        opens,
        opens_at_terms,
        writes_otherwise,
        grants,
        staffs,
        trades,
        trades_in_ranges,
        waits,
        halts,
    ):
        scene(people)
    for scene in (moves_dates, decides, reads, doubts, ends):
        scene(people)

    found = said(live.payloads)
    assert sorted(all_of_them() - found - set(UNREACHED)) == []
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert people.ada.state["warnings"] == []


QUESTION = {
    "question": {"value": "Do we move?"},
    "options": {"value": "Move\nStay"},
    "deciders": {"selected_users": ["U0CAROL"]},
}
METRIC = {
    "metric_name": {"value": "Findings"},
    "metric_unit": {"value": "%"},
    "low": {"value": "0"},
    "high": {"value": "40"},
    "metric_wording": {"value": "As counted by the safety team."},
    "base_rate_1": {"value": "18"},
    "base_rate_2": {"value": "12"},
    "metric_owner": {"selected_user": "U0MONA"},
}


def opens(p: People) -> None:
    """The question and the metric."""
    assert "Only admins can do that. Ask <@U0ADA>." in p.emil.type("/decision new")
    p.ada.type("/decision new")
    for block, value in (
        ("options", "Only one"),
        ("options", "Move\nmove"),
        ("options", "Move\n" + "x" * 76),
        ("question", "   "),
        ("question", "Do we\x00 move?"),
    ):
        refuses(p.ada, block, **QUESTION | {block: {"value": value}})
    p.ada.submit(**QUESTION)
    for block, value, where in (
        ("high", "-1", "high"),
        ("high", "0.0000001", "high"),
        ("low", "-100000001", "low"),
        ("base_rate_1", "41", "base_rate_1"),
        ("metric_unit", "yes or no", "metric_unit"),
    ):
        refuses(p.ada, where, **METRIC | {block: {"value": value}})
    p.ada.fill("shape", {"selected_options": p.ada.element("shape")["options"][1:]})
    many = " ".join(str(n) for n in range(41))
    for centres in ("0 ten 40", "0 10 10 40", "5 10 20 40", many):
        refuses(p.ada, "centres", **METRIC | {"centres": {"value": centres}, "sd": {"value": "8"}})


def opens_at_terms(p: People) -> None:
    """More metrics than there can be; then the dates and the subsidy."""
    more = {"more": {"selected_options": p.ada.element("more")["options"]}}
    p.ada.fill("shape", {"selected_options": []})
    for _ in range(4):
        p.ada.submit(**METRIC | more)
    refuses(p.ada, "more", **METRIC | more)
    p.ada.submit(**METRIC | {"more": {"selected_options": []}})
    terms = {"subsidy": {"value": "400"}, "committee": {"selected_channel": COMMITTEE}}
    kept = {
        name: {"selected_date_time": p.ada.element(name)["initial_date_time"]}
        for name in ("closes_at", "decide_by", "freezes_at")
    }
    for block, value in (
        ("closes_at", {"selected_date_time": p.now - 60}),
        ("decide_by", {"selected_date_time": p.now + HOUR}),
        ("freezes_at", {"selected_date_time": p.now + 8 * DAY}),
        ("record_challenge_seconds", {"value": "999"}),
        ("subsidy", {"value": "0"}),
        ("subsidy", {"value": "0.5"}),
        ("subsidy", {"value": "99999"}),
    ):
        hours = {"record_challenge_seconds": {"value": "24"}}
        refuses(p.ada, block, **terms | kept | hours | {block: value})
    p.ada.act("send", channel=COMMITTEE, text="/remove @Futarchy")
    refuses(p.ada, "committee", **terms)
    p.ada.act("send", channel=COMMITTEE, text="/invite @Futarchy")
    p.ada.close()


def writes_otherwise(p: People) -> None:
    """Where Esra comes from, a point parts thousands."""
    p.live.write(staffing.appoint, identity("U0ADA"), identity("U0ESRA"), "For a day.")
    p.esra.type("/decision new")
    p.esra.submit(**QUESTION)
    p.esra.fill("shape", {"selected_options": p.esra.element("shape")["options"][1:]})
    ranges = {"centres": {"value": "0 1.234 40"}, "sd": {"value": "8"}}
    assert "can be read in two ways" in refuses(p.esra, "centres", **METRIC | ranges)
    p.esra.close()
    p.live.write(staffing.dismiss, identity("U0ADA"), identity("U0ESRA"), "Thank you.")


def grants(p: People) -> None:
    for typed in ("grant @nobody 5", "grant <@U0EMIL|emil> ten", f"grant <@U0EMIL|emil> 5 {'x' * 999}"):
        p.ada.type(f"/futarchy {typed}")
    p.ada.type("/futarchy grant <@U0EMIL|emil> 1,23")
    p.ada.type("/futarchy grant")
    refuses(p.ada, "person", amount={"value": "5"}, reason=REASON)
    p.ada.close()
    p.ada.type("/futarchy grant <@U0EMIL|emil> 5 welcome")
    p.ada.press(p.ada.messages()[-1], "take_back")
    refuses(p.ada, "reason", reason=REASON)
    p.ada.close()
    p.ada.home()
    p.ada.press_home("allowance")
    amounts = {"opening": {"value": "5"}, "cap": {"value": "10"}, "reason": REASON}
    refuses(p.ada, "floor", **amounts, floor={"value": "20"})
    refuses(p.ada, "period_days", **amounts, floor={"value": "0"}, period_days={"value": "0"})
    p.ada.close()


def staffs(p: People) -> None:
    """Two admins at once: what one chose is done already by the other."""
    write, ada = p.live.write, identity("U0ADA")
    for user, act, done in (
        ("U0ADA", "They are no admin any more", None),
        ("U0CHEN", "Make them an admin", staffing.appoint),
        ("U0CHEN", "They are no admin any more", staffing.dismiss),
        ("U0ELIAS", "They have left", staffing.leave),
        ("U0ELIAS", "They are back", staffing.come_back),
    ):
        p.ada.type(f"/futarchy people <@{user}|somebody>")
        block = f"act_{user}"
        if done:
            write(done, ada, identity(user), "Meanwhile.")
        refuses(p.ada, "person", **{block: option_of(p.ada.element(block), act)}, reason=REASON)
        p.ada.close()
    write(staffing.leave, ada, identity("U0ELIAS"), "To see how it is.")
    start_trade(p.elias)
    assert "marked as having left" in told_instead(p.elias)
    write(staffing.come_back, ada, identity("U0ELIAS"), "Seen.")
    takes_back_twice(p)


def takes_back_twice(p: People) -> None:
    """Two other admins have done it while the form stood open."""
    others = [identity("U0CHEN"), identity("U0CAMILA")]
    for each in others:
        p.live.write(staffing.appoint, identity("U0ADA"), each, "To help.")
    p.ada.type("/futarchy grant <@U0EMIL|emil> 6 welcome")
    button = find_button(p.ada.messages()[-1]["blocks"], "take_back")[1]
    p.ada.press(p.ada.messages()[-1], "take_back")
    p.live.write(granting.ask_reversal, others[0], button["value"], "It was a mistake.")
    p.live.write(granting.reverse, others[1], button["value"])
    assert "taken back already" in refuses(p.ada, "reason", reason=REASON)
    p.ada.close()
    for each in others:
        p.live.write(staffing.dismiss, identity("U0ADA"), each, "Thank you.")


def trades(p: People) -> None:
    for who, why in ((p.carol, "who decide this"), (p.mona, "You file the reading")):
        start_trade(who)
        assert why in told_instead(who)
    assert "There is no decision D-99." in p.emil.type("/market D-99")
    start_trade(p.ada)
    p.ada.submit(amount={"value": "5"})
    assert "Press again" not in read(p.ada.modal)
    refuses(p.ada, "amount", amount={"value": "5"})
    p.ada.close()
    start_trade(p.emil)
    for amount in ("0", "0.001", "505", "99999"):
        refuses(p.emil, "amount", amount={"value": amount})
    type_amount(p.emil, "40")
    trade(p.erin, "200")
    p.emil.submit()
    p.emil.submit()
    p.emil.close()
    estimates(p)
    p.emil.home()
    p.emil.press_home("sell")
    refuses(p.emil, "amount", amount={"value": "9999"})
    p.emil.close()


def estimates(p: People) -> None:
    """What the market expects already is no estimate, nor is what the metric cannot come to."""
    start_trade(p.elias)
    choose(p.elias, option="Hold", way="At my estimate", estimate="57")
    type_amount(p.elias, "10")
    for estimate in ("58", "90"):
        refuses(p.elias, "estimate", estimate={"value": estimate})
    p.elias.close()


def trades_in_ranges(p: People) -> None:
    varied.open_varied(p.live)
    start_trade(p.emil, "D-2")
    choose(p.emil, option="Release: Incidents")
    choose(p.emil, way="Between two values")
    type_amount(p.emil, "10")
    for low, high in (("30", "20"), ("0", "40")):
        refuses(p.emil, "range", low={"value": low}, range={"value": high})
    p.emil.close()
    squeezes(p)


def squeezes(p: People) -> None:
    """D-3 opens near an end, and people push on as far as each of them can, until no price is left."""
    low = MeasurePlan((varied.MEASURES[0].metrics), (BaseRate(40_060_000), BaseRate(58 * MICRO)))
    varied.open_varied(p.live, measures=(low,))
    refused = ""
    for who in (p.emil, p.erin, p.elias, p.esra):
        start_trade(who, "D-3")
        choose(who, way="At my estimate", estimate="40")
        type_amount(who, "200")
        place(who)
        who.close()
        start_trade(who, "D-3")
        choose(who, way="Lower")
        refused += refuses(who, "amount", amount={"value": "200"})
        who.close()
    assert "push a price below" in refused
    assert "one person can hold at most" in refused


def waits(p: People) -> None:
    emil = p.emil
    start_trade(emil)
    emil.fill("limited", {"selected_options": emil.element("limited")["options"]})
    choose(emil, price="60")
    type_amount(emil, "10")
    refuses(emil, "price", price={"value": "39"})
    refuses(emil, "expires_at", price={"value": "60"}, expires_at={"selected_date_time": p.now - 60})
    soon = {"selected_date_time": p.now + HOUR}
    emil.fill("expires_at", soon)
    emil.submit(price={"value": "60"}, expires_at=soon)
    emil.submit()
    emil.close()
    emil.type("/market orders")
    listed = emil.messages()[-1]
    p.live.advance(hours=2)
    emil.wait_for("has ended", "D0EMIL")
    emil.press(listed, "cancel")
    assert "was over already" in told_instead(emil)
    is_filled_first(p)


def is_filled_first(p: People) -> None:
    """The button that ends an order is older than its fill."""
    emil = p.emil
    start_trade(emil)
    emil.fill("limited", {"selected_options": emil.element("limited")["options"]})
    choose(emil, price="64")
    type_amount(emil, "5")
    emil.submit()
    emil.close()
    emil.type("/market orders")
    listed = emil.messages()[-1]
    trade(p.esra, "200", way="Lower")
    emil.press(listed, "cancel")
    assert "was filled already" in told_instead(emil)


def halts(p: People) -> None:
    assert "is not halted" in p.ada.type("/decision resume D-1")
    start_trade(p.emil)
    type_amount(p.emil, "5")
    p.ada.type("/decision halt D-1")
    p.ada.submit(reason=REASON)
    p.ada.close()
    refuses(p.emil, "option", amount={"value": "5"})
    p.emil.close()
    assert "is halted" in p.ada.type("/decision halt D-1")
    p.ada.type("/decision resume D-1")
    p.ada.submit(reason=REASON)
    p.ada.close()


def moves_dates(p: People) -> None:
    """Before the close, and with forms that are still open after it."""
    ada = p.ada
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


def decides(p: People) -> None:
    """D-2 is decided by two at once; D-1 is not decided in time."""
    for who in (p.chen, p.carol):
        who.type("/decision record D-2", COMMITTEE)
        who.submit(option=option_of(who.element("option"), "Release"), reason=REASON)
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
