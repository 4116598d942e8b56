"""Refusals to open, to grant, and about people."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from acts import identity, start_trade
from live import COMMITTEE, find_button, option_of

from core.exchange import granting, portfolios, staffing, trading
from core.exchange.portfolios import PortfolioPlan
from core.exchange.trading import Act, Order
from core.units import MICRO
from refused.naming import refuses, told_instead
from refused.people import DAY, HOUR, METRIC, QUESTION, REASON, People


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
    pays_for_nothing(p, terms)


def pays_for_nothing(p: People, terms: Mapping[str, Any]) -> None:
    """The portfolio may have no more reserved, is expected to lose what it may, or is paused."""
    admin, write = identity("U0ADA"), p.live.write
    (main,) = p.live.read(portfolios.overview, admin, p.live.workspace.clock())
    as_it_is = PortfolioPlan(main.name, None, None, main.period_days, ())
    write(portfolios.change, admin, main.id, replace(as_it_is, reserve_budget=main.reserved + 1), "Enough.")
    assert "Main may have" in refuses(p.ada, "subsidy", **terms)
    write(trading.execute, Order("moved", identity("U0ESRA"), 1, (0,), Act.SPEND, 50 * MICRO))
    all_year = replace(as_it_is, spend_budget=1, period_days=366)
    write(portfolios.change, admin, main.id, all_year, "Enough.")
    assert "is expected to lose" in refuses(p.ada, "subsidy", **terms)
    write(portfolios.change, admin, main.id, as_it_is, "It is not enough.")
    write(portfolios.pause, admin, main.id, "To look at it.")
    assert "Main is paused" in refuses(p.ada, "subsidy", **terms)
    p.ada.close()
    write(portfolios.resume, admin, main.id, "Seen.")


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
    p.ada.type("/futarchy horizon 0 no time at all")
    p.ada.type("/futarchy grant <@U0EMIL|emil> 1,23")
    p.ada.type("/futarchy grant")
    refuses(p.ada, "person", amount={"value": "5"}, reason=REASON)
    p.ada.close()
    p.ada.type("/futarchy grant <@U0EMIL|emil> 5 welcome")
    p.ada.press(p.ada.answer, "take_back")
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
    button = find_button(p.ada.answer["blocks"], "take_back")[1]
    p.ada.press(p.ada.answer, "take_back")
    p.live.write(granting.ask_reversal, others[0], button["value"], "It was a mistake.")
    p.live.write(granting.reverse, others[1], button["value"])
    assert "taken back already" in refuses(p.ada, "reason", reason=REASON)
    p.ada.close()
    for each in others:
        p.live.write(staffing.dismiss, identity("U0ADA"), each, "Thank you.")
