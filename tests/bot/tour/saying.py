"""What deciders of D-2 say before the close, how they vote, and what is added to the record afterwards."""

from collections.abc import Iterator
from typing import Any

from live import COMMITTEE, MARKETS, Person, option_of

from tour.people import Sight, Tour, dm

LATE = "The auditors' report came in on Tuesday."


def says(t: Tour) -> Iterator[Sight]:
    """Before the close: declarations and ballots."""
    carol, chen = t.carol, t.chen
    yield t.told("direct message: asked to declare", carol, "vote what its metrics are worth", dm(carol))
    yield t.home("home of a decider before the close", carol)
    t.pressed(carol, "vote what its metrics are worth", "declare", dm(carol))
    yield t.modal("declare", carol)
    declare(carol, 50, 30, 20)
    yield t.modal("declared", carol)
    carol.close()
    chen.type("/decision declare D-2")
    declare(chen, 70, 20, 5)
    chen.close()
    for who, worth in ((carol, "-0.5"), (chen, "2")):
        who.type("/decision values D-2")
        if who is carol:
            yield t.modal("vote on values", who)
        vote(who, worth)
    yield t.modal("ballot cast", chen)
    chen.close()


def reconsiders(t: Tour) -> Iterator[Sight]:
    """Between the close and the record: ballots are reopened and closed, and something arrived late."""
    carol, emil = t.carol, t.emil
    yield t.told("report with what deciders said", carol, "What the deciders said", COMMITTEE)
    yield t.asked("report with what deciders said, asked for", emil, "/decision report D-2")
    carol.type("/decision show D-2", COMMITTEE)
    carol.press(carol.answers(COMMITTEE)[-1], "reopen_ballots", COMMITTEE)
    yield t.modal("reopen the ballots", carol)
    carol.submit(reason={"value": t.voice.reason[:900]})
    yield t.modal("ballots reopened", carol)
    carol.close()
    yield t.told("ballots reopened, told", carol, "has its ballots open again", COMMITTEE)
    t.pressed(carol, "has its ballots open again", "values", COMMITTEE)
    vote(carol, "1")
    carol.type("/decision show D-2", COMMITTEE)
    carol.press(carol.answers(COMMITTEE)[-1], "close_ballots", COMMITTEE)
    yield t.modal("ballots closed", carol)
    carol.close()
    yield t.told("ballots closed, told", carol, "has its ballots closed again", COMMITTEE)
    t.pressed(carol, "Something arrived late", "late", COMMITTEE)
    yield t.modal("something arrived late", carol)
    carol.submit(text={"value": f"{LATE} {t.voice.reason}"}, links={"value": "https://audit.example/7"})
    yield t.modal("late, logged", carol)
    carol.close()
    yield t.told("late, told", emil, "arrived after trading was closed")


def adds(t: Tour) -> Iterator[Sight]:
    """To what was recorded."""
    t.chen.type("/decision show D-2")
    t.chen.press(t.chen.answer, "add_to_record", MARKETS)
    yield t.modal("add to the record", t.chen)
    t.chen.submit(text={"value": t.voice.reason})
    yield t.modal("added to the record", t.chen)
    t.chen.close()
    yield t.told("added to the record, told", t.emil, "has an addition to its record")
    yield t.asked("decision with its record", t.emil, "/decision show D-2")


def declare(who: Person, *chances: int) -> None:
    """Chances of its three options; of the first metric up to 40, and of the second, the same of each option."""
    typed: dict[str, dict[str, Any]] = {
        f"chance_{n}": {"value": str(chance)} for n, chance in enumerate(chances, 1)
    }
    left = 100 - sum(chances)
    typed |= {"chance_none": {"value": str(left)}} if left else {}
    forecasts = {
        f"forecast_{measure}_{n}": {"value": f"{10 + 3 * n}"} for measure in (1, 2) for n in (1, 2, 3)
    }
    assert who.submit(**typed, **forecasts)["ok"]


def vote(who: Person, worth: str) -> None:
    """Less of the first metric is better; one more of the second is worth so much."""
    assert who.submit(worth_1=option_of(who.element("worth_1"), "Worse"), worth_2={"value": worth})["ok"]
