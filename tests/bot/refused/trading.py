"""Refusals to trade, at a price or not, and while it is halted."""

import varied
from acts import choose, open_question, place, shown, start_trade, trade, type_amount
from live import option_of, read

from core.exchange.opening import BaseRate, MeasurePlan
from core.units import MICRO
from refused.naming import refuses, told_instead
from refused.people import HOUR, REASON, People


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
    listed = emil.answer
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
    listed = emil.answer
    trade(p.esra, "200", way="Lower")
    emil.press(listed, "cancel")
    assert "was filled already" in told_instead(emil)


def voids_too_early(p: People) -> None:
    """Of a question that still trades nobody can say that it was never measured."""
    name, _ = open_question(p.live)
    p.mona.press(shown(p.mona, name), "file")
    p.mona.fill("measured", option_of(p.mona.element("measured"), "It was never measured"))
    refuses(p.mona, "measured", source={"value": "It cannot be known."})
    p.mona.close()


def halts(p: People) -> None:
    assert "is not halted" in p.ada.type("/decision resume D-1")
    start_trade(p.emil)
    type_amount(p.emil, "5")
    p.ada.type("/decision halt D-1")
    p.ada.submit(reason=REASON)
    p.ada.close()
    refuses(p.emil, "option", amount={"value": "5"})
    p.emil.close()
    voids_too_early(p)
    assert "is halted" in p.ada.type("/decision halt D-1")
    p.ada.type("/decision resume D-1")
    p.ada.submit(reason=REASON)
    p.ada.close()
