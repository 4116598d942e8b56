"""When reports come: typed by deciders and admins, with the next times on the committee's wall as they type."""

from acts import identity
from live import COMMITTEE, Live, Person, read

from core.exchange import scheduling
from core.exchange.scheduling import Schedule


def preview(person: Person) -> str:
    return next(block["text"]["text"] for block in person.modal["blocks"] if block["block_id"] == "preview")


def test_the_next_three_times_follow_what_is_typed(ada: Person):
    """In the zone that is typed, whatever the reader's is; what is not whole yet is said, and is no error."""
    ada.type("/decision reports D-1")
    assert preview(ada).count(" 09:00") == 3
    ada.fill("cron", {"value": "30 17 * * FRI"})
    assert preview(ada).count("Fri ") == 3
    assert preview(ada).count(" 17:30") == 3
    ada.fill("cron", {"value": "30 17 * *"})
    assert "names no time. Write minute, hour, day, month and weekday" in preview(ada)
    ada.fill("cron", {"value": "15 * * * *"})
    ada.fill("zone", {"value": "Asia/Kathmandu"})

    assert "By the clock of Asia/Kathmandu, next: " in preview(ada)
    assert ada.state["warnings"] == []


def test_what_is_saved_is_what_stands_there_next_time_and_the_committee_is_told(
    live: Live, carol: Person, ada: Person
):
    carol.type("/decision reports D-1")
    typed = {"cron": "30 8 * * MON", "zone": "Europe/Berlin", "step": "2.5"}
    assert carol.submit(**{name: {"value": value} for name, value in typed.items()})["ok"]
    said = read(carol.modal)
    told = read(ada.wait_for("changed when its spread report comes", COMMITTEE))
    now = live.workspace.clock()

    for each in (said, told):
        assert "Mon " in each
        assert " 08:30" in each
        assert "moved by 2.5% of the metric's range" in each
    assert live.read(scheduling.standing, identity("U0ADA"), 1, now) == Schedule(
        "30 8 * * MON", "Europe/Berlin", 25_000
    )
    ada.type("/decision reports D-1")
    values = [next(iter(each.values()))["value"] for each in ada.modal["state"]["values"].values()]
    assert values == ["30 8 * * MON", "Europe/Berlin", "2.5"]
    assert ada.submit(cron={"value": ""}, step={"value": ""})["ok"]
    assert "At no set time." in read(ada.modal)
    assert "that alone brings none" in read(ada.modal)
