"""A lottery decision: opened, traded in both twins and in one, drawn, drawn anew, and not carried out."""

from collections.abc import Iterator

from acts import choose, place, start_trade, trade, type_amount
from live import COMMITTEE
from lotteries import at_terms, question, terms, value_for

from tour.people import OTHER, Sight, Tour


def raffles(t: Tour) -> Iterator[Sight]:
    """D-4 is opened with a lottery, and traded."""
    ada, emil, erin = t.ada, t.emil, t.erin
    at_terms(ada, **question(t.voice.question, f"{t.voice.option}\n{OTHER}"))
    yield t.modal("new decision, with a lottery", ada)
    assert ada.submit(**terms(beacon=t.voice.metric, beacon_round=t.voice.unit))["ok"]
    ada.close()
    yield t.told("lottery, told", emil, "may be decided by a lottery")
    start_trade(emil, "D-4")
    choose(emil, way="Higher")
    type_amount(emil, "10")
    yield t.modal("trade in both twins", emil)
    place(emil)
    yield t.modal("traded in both twins", emil)
    emil.close()
    trade(erin, "20", name="D-4", side="Only if the lottery draws it", way="Higher")
    start_trade(erin, "D-4")
    choose(erin, side="Only if people choose it", way="Lower")
    type_amount(erin, "10")
    yield t.modal("trade in one twin", erin)
    place(erin)
    erin.close()
    yield t.home("home with twins", erin)
    yield t.asked("report of a lottery", emil, "/decision report D-4")


def draws(t: Tour) -> Iterator[Sight]:
    """A decider mistypes the beacon's value, another one reads another; read alike it is drawn, doubted, and not carried out."""
    carol, chen, emil = t.carol, t.chen, t.emil
    t.live.advance(days=7, hours=1)
    carol.wait_for("Spread report D-4", COMMITTEE)
    yield t.messaged("direct message: beacon due", carol, "needs you: paste the value")
    yield t.home("home of a decider who draws", carol)
    carol.press_home("draw")
    yield t.modal("draw", carol)
    value, other = ({"value": value_for(t.live, wanted, 4)} for wanted in (0, None))
    carol.submit(beacon_value=other)
    yield t.modal("pasted", carol)
    carol.close()
    yield t.told("beacon read, told", emil, "Nothing is drawn before")
    yield t.messaged("direct message: beacon due, read by one", chen, "has typed what they read")
    yield t.asked("card while a second reader is waited for", emil, "/market D-4")
    chen.home()
    chen.press_home("draw")
    yield t.modal("draw, as the second", chen)
    chen.submit(beacon_value=value)
    yield t.modal("pasted, and disputed", chen)
    chen.close()
    yield t.told("beacon disputed, told", emil, "was read in two ways")
    carol.type("/decision draw D-4")
    carol.submit(beacon_value=value)
    carol.close()
    chen.type("/decision draw D-4")
    chen.submit(beacon_value=value)
    yield t.modal("drawn", chen)
    chen.close()
    yield t.told("drawn, told", emil, "its lottery drew")
    t.pressed(chen, "its lottery drew", "misread")
    yield t.modal("misread", chen)
    chen.submit(beacon_value=other, reason={"value": t.voice.reason})
    chen.close()
    yield t.told("misread, told", emil, "and the beacon said")
    yield t.asked("card while a draw is not final", emil, "/market D-4")
    t.live.advance(days=1, hours=1)
    yield t.told("draw final, told", emil, "is final: its lottery drew")
    yield t.asked("card of what was drawn", emil, "/market D-4")
    carol.home()
    carol.press_home("manage")
    yield t.modal("manage what was drawn", carol)
    carol.press_modal("breach")
    yield t.modal("breach", carol)
    carol.submit(reason={"value": t.voice.reason})
    carol.close()
    yield t.told("breach, told", emil, "was drawn and not carried out")
    yield t.asked("report after a breach", emil, "/decision report D-4")
