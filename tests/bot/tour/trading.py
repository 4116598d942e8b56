"""Each way to trade, limit orders, and selling."""

from collections.abc import Iterator

from acts import choose, place, start_trade, trade, type_amount
from live import MARKETS

from tour.people import Sight, Tour, ticked


def trades(t: Tour) -> Iterator[Sight]:
    """Each way to trade, as it stands before it is placed, and after."""
    emil = t.emil
    emil.act("shortcut", callback_id="trade")
    yield t.modal("what can be traded", emil)
    emil.press_modal("trade:D-1")
    yield t.modal("trade, nothing typed", emil)
    choose(emil, way="Higher")
    type_amount(emil, "100")
    yield t.modal("trade, quoted", emil)
    emil.submit()
    yield t.modal("trade, a second look", emil)
    emil.submit()
    yield t.modal("traded", emil)
    emil.close()
    start_trade(emil)
    choose(emil, option="Hold", way="At my estimate", estimate="61")
    emil.press_modal("trade_pick")
    yield t.modal("trade by estimate", emil)
    choose(emil, way="Higher")
    type_amount(emil, "900")
    yield t.modal("trade beyond what can be spent", emil)
    emil.close()
    yield from trades_in_ranges(t)
    start_trade(t.erin)
    choose(t.erin, way="Lower")
    type_amount(t.erin, "40")
    t.erin.submit()
    t.erin.close()


def trades_in_ranges(t: Tour) -> Iterator[Sight]:
    emil = t.emil
    for name, inputs in (
        ("trade in ranges by estimate", {"estimate": "26"}),
        ("trade on a range", {"way": "Between two values", "low": "25", "range": "40"}),
        ("trade on one outcome", {"way": "One outcome", "outcome": f"around 20 {t.voice.unit}"}),
    ):
        start_trade(emil, "D-2")
        options = [option["text"]["text"] for option in emil.element("option")["options"]]
        choose(emil, option=next(each for each in options if "Incidents" in each))
        for block, value in inputs.items():
            choose(emil, **{block: value})
        type_amount(emil, "10")
        yield t.modal(name, emil)
        emil.submit()
        yield t.modal(f"{name}, traded", emil)
        emil.close()


def waits(t: Tour) -> Iterator[Sight]:
    """Limit orders: one is filled, one is cancelled, and all the others at once; something is sold."""
    emil, erin = t.emil, t.erin
    for price, until in (("61.5", True), ("44", False), ("43", False), ("42", False)):
        start_trade(emil)
        emil.fill("limited", ticked(emil, "limited"))
        choose(emil, price=price)
        if until:
            emil.fill("expires_at", {"selected_date_time": int(t.live.workspace.clock().timestamp()) + 86400})
        type_amount(emil, "10")
        if until:
            yield t.modal("limit order", emil)
        emil.submit()
        if until:
            yield t.modal("limit order placed", emil)
        emil.close()
    start_trade(erin)
    choose(erin, way="Lower")
    type_amount(erin, "200")
    place(erin)
    erin.close()
    start_trade(erin)
    erin.fill("limited", ticked(erin, "limited"))
    choose(erin, price="41")
    type_amount(erin, "10")
    place(erin)
    erin.close()
    t.live.advance(hours=1, seconds=10)
    yield t.messaged("direct message: order filled", emil, "Your limit order")
    yield t.home("home of a trader", emil)
    yield from sells(t)


def sells(t: Tour) -> Iterator[Sight]:
    """A part of it is sold, orders are cancelled, and the market moves against the rest."""
    emil = t.emil
    emil.press_home("sell")
    yield t.modal("sell", emil)
    emil.fill("amount", {"value": "20"})
    emil.submit()
    yield t.modal("sold", emil)
    emil.close()
    yield t.asked("portfolio", emil, "/market portfolio")
    yield t.asked("orders", emil, "/market orders")
    emil.press(emil.answer, "cancel")
    yield Sight("order cancelled", emil.user, MARKETS)
    emil.home()
    emil.press_home("cancel_all")
    emil.press_home("home_refresh")
    emil.press_home("report")
    yield t.modal("report in a modal", emil)
    emil.press_modal("report_more")
    yield t.modal("more on a report", emil)
    emil.close()
    trade(t.esra, "200", way="Lower")
    yield t.messaged("direct message: a big move", emil, "moved against what you hold")
    yield t.told("card with trades", emil, "5 trades by 3 people")
