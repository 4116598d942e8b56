"""One decision is withdrawn, another one is decided, read, doubted and settled."""

from collections.abc import Iterator

from acts import shown
from live import COMMITTEE, option_of

from tour.people import Sight, Tour, dm
from tour.saying import adds, reconsiders


def decides(t: Tour) -> Iterator[Sight]:
    """D-1 is withdrawn, D-2 is decided."""
    carol = t.carol
    t.live.advance(days=5)
    yield t.messaged("direct message: closes soon", t.emil, "closes")
    yield t.messaged("direct message: allowance", t.chen, "your allowance")
    yield t.home("home while something closes soon", t.emil)
    carol.type("/decision withdraw D-1", COMMITTEE)
    yield t.modal("withdraw", carol)
    carol.submit(reason={"value": t.voice.reason})
    yield t.modal("withdraw, a second look", carol)
    carol.submit()
    yield t.modal("withdrawn", carol)
    carol.close()
    yield t.told("withdrawn, told", t.emil, "is withdrawn by")
    t.live.advance(days=1)
    yield t.told("report at the close", carol, "Withdraw", COMMITTEE)
    yield from looks_back(t)
    yield t.told("withdrawn for good", t.emil, "is withdrawn for good")
    yield t.messaged("direct message: stake returned", t.emil, "Back in your balance")
    yield t.messaged("direct message: order ended", t.erin, "has ended")
    yield t.home("home of a decider", carol)
    carol.press_home("withdraw")
    carol.close()
    yield from reconsiders(t)
    carol.press_home("record")
    yield t.modal("record", carol)
    chosen = option_of(carol.element("option"), t.voice.option)
    links = {"value": "https://notes.example/1\nhttps://notes.example/2?a=1&b=2"}
    carol.submit(
        option=chosen, reason={"value": t.voice.reason}, unpriced={"value": t.voice.reason}, links=links
    )
    yield t.modal("record, a second look", carol)
    carol.submit()
    yield t.modal("recorded", carol)
    carol.close()
    yield t.told("decided, told", t.emil, "is decided by")
    yield from adds(t)
    yield t.asked("card once it is decided", t.emil, "/market D-2")
    t.live.advance(days=1, hours=1)
    yield t.told("final, told", t.emil, "is final:")
    yield t.asked("card of the chosen option", t.emil, "/market D-2")


def looks_back(t: Tour) -> Iterator[Sight]:
    """The reports of D-2 that were sent: a list, one as it was, and each kind of file."""
    carol = t.carol
    yield t.asked("reports that were sent", carol, "/decision history D-2", COMMITTEE)
    listed = carol.answers(COMMITTEE)[-1]
    carol.press(listed, "kept_report", COMMITTEE)
    yield t.told("a report as it was", carol, "As it was on", COMMITTEE)
    for form in ("csv", "pdf", "png"):
        carol.press(listed, f"report_file:{form}", COMMITTEE)
        yield t.told(f"a report on its way as {form}", carol, "is on its way", COMMITTEE)
    t.live.wait_until(lambda: len([m for m in carol.messages(dm(carol)) if m.get("files")]) == 3)
    yield t.messaged("direct message: a report as a file", carol, "as it was on")
    yield t.asked("no report was sent yet", carol, "/decision history D-1", COMMITTEE)


def reads(t: Tour) -> Iterator[Sight]:
    """One metric is filed, doubted, ruled on, and filed anew; another one was never measured."""
    mona, emil, ada = t.mona, t.emil, t.ada
    t.live.advance(days=29)
    yield t.messaged("direct message: reading due", mona, "needs you")
    yield t.home("home of a metric owner", mona)
    mona.press_home("file")
    yield t.modal("file the reading", mona)
    mona.submit(value={"value": "23"}, source={"value": t.voice.reason[:100]})
    yield t.modal("filed", mona)
    mona.close()
    yield t.told("reading, told", emil, "its reading")
    t.pressed(emil, "its reading", "object")
    yield t.modal("object", emil)
    emil.submit(reason={"value": t.voice.reason})
    yield t.modal("objected", emil)
    emil.close()
    yield t.told("objected, told", ada, "is held up:")
    yield t.messaged("direct message: to rule", ada, "needs you")
    yield t.home("home of an admin who rules", ada)
    ada.press_home("rule")
    yield t.modal("rule", ada)
    upheld = option_of(ada.element("ruling"), "Uphold the objection")
    ada.submit(ruling=upheld, reason={"value": t.voice.reason})
    yield t.modal("ruled", ada)
    ada.close()
    yield t.told("ruled, told", emil, "upheld the objection")
    t.pressed(mona, "upheld the objection", "file")
    yield t.modal("file anew", mona)
    mona.submit(value={"value": "24"}, source={"value": t.voice.reason[:100]})
    mona.close()
    yield t.told("new reading, told", emil, "a new reading")
    mona.type("/decision metric D-2")
    mona.fill("metric", {"selected_option": mona.element("metric")["options"][-1]})
    mona.fill("measured", option_of(mona.element("measured"), "It was never measured"))
    yield t.modal("never measured", mona)
    mona.submit(source={"value": t.voice.reason[:100]})
    yield t.modal("never measured, a second look", mona)
    mona.submit()
    mona.close()
    yield t.told("never measured, told", emil, "never measured")


def answers(t: Tour) -> Iterator[Sight]:
    """The question that hangs on no decision is read too."""
    mona = t.mona
    mona.press(shown(mona, "M-7"), "file")
    yield t.modal("file an answer", mona)
    mona.submit(value=option_of(mona.element("value"), "Yes"), source={"value": t.voice.reason[:100]})
    mona.close()
    yield t.told("answer, told", t.emil, "It came to")


def ends(t: Tour) -> Iterator[Sight]:
    """Everybody is paid."""
    t.live.advance(days=1, hours=1)
    yield t.told("outcome", t.emil, "Outcome D-2")
    yield t.told("outcome of a question", t.emil, "Outcome M-7")
    t.emil.wait_for("What was priced, and what it came to, in one picture.")  # In the outcome's thread.
    yield t.messaged("direct message: paid", t.emil, "is settled. Your shares paid")
    yield t.home("home at the end", t.emil)
    t.emil.press_home("leaders")
    yield t.modal("leaders", t.emil)
    t.emil.press_modal("named")
    t.emil.close()
    yield t.asked("overview at the end", t.emil, "/market")
    yield t.asked("settled card", t.emil, "/market D-2")
