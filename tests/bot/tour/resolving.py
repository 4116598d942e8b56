"""A metric is defined anew; its reading is taken from a source, which fails, is doubted, and is waited for."""

from collections.abc import Iterator

import short
from elsewhere import Site, serving
from live import Person, option_of

from tour.people import Sight, Tour, dm

NEW = "definition_change"


def defines(t: Tour) -> Iterator[Sight]:
    """Mona proposes twice: Carol turns one change down and approves the other."""
    mona, carol = t.mona, t.carol
    t.short = short.open_short(t.live, t.voice.metric, t.voice.question)
    _propose(t, mona)
    yield t.modal("proposed", mona)
    mona.close()
    carol.press(carol.wait_for("wants to change", dm(carol)), NEW, dm(carol))
    yield t.modal("approve a change", carol)
    carol.submit(choice=option_of(carol.element("choice"), "Turn it down"), reason={"value": t.voice.reason})
    yield t.modal("turned down", carol)
    carol.close()
    yield t.told("direct message: turned down", mona, "turned your change down", dm(mona))
    _propose(t, mona)
    mona.close()
    yield t.told("direct message: approve", carol, "wants to change", dm(carol))
    t.chen.type(f"/decision definition {t.short.name}")
    t.chen.press_modal(NEW)
    t.chen.submit(choice=option_of(t.chen.element("choice"), "Approve it"))
    yield t.modal("approved", t.chen)
    t.chen.close()
    yield t.told("definition changed, told", t.emil, "has a changed definition")
    t.pressed(t.emil, "has a changed definition", "definition")
    yield t.modal("definition", t.emil)
    t.emil.close()
    yield t.asked("card of a changed metric", t.emil, f"/market {t.short.name}")
    yield t.asked("report of a changed metric", t.emil, f"/decision report {t.short.name}")


def _propose(t: Tour, mona: Person) -> None:
    mona.type(f"/decision definition {t.short.name}")
    mona.press_modal("define")
    mona.submit(
        metric_wording={"value": t.voice.wording},
        metric_source={"value": t.voice.reason[:200]},
        decimals={"value": "1"},
        reason={"value": t.voice.reason},
    )


def waits_for_it(t: Tour) -> Iterator[Sight]:
    """The source gives nothing for hours, then something unlikely; after a week admins are told too."""
    with serving() as site:
        yield from _waits(t, site)


def _waits(t: Tour, site: Site) -> Iterator[Sight]:
    mona, name, metric = t.mona, t.short.name, t.short.metric_ids[0]
    url = site.say("/latency", '{"p50": 130}')
    mona.type(f"/decision source {name}")
    yield t.modal("source, by hand", mona)
    mona.fill("kind", option_of(mona.element("kind"), "JSON from an address"))
    yield t.modal("source", mona)
    place = {"view_id": mona.modal["id"], "block_id": "trying", "action_id": "source_try"}
    typed = {"url": {"url": {"value": url}}, "value": {"value": {"value": "p50"}}}
    mona.act("action", **place, value={}, values=typed)
    yield t.modal("source, tried", mona)
    mona.submit(url={"value": url}, value={"value": "nothing.there"})
    yield t.modal("source, saved", mona)
    mona.close()
    t.live.advance(hours=2, minutes=1)
    yield t.told("direct message: decision overdue", t.carol, "it is to be decided by", dm(t.carol))
    short.choose(t.live, t.short.decision_id)
    t.live.advance(hours=3)
    short.fail_all(t.live, metric)
    yield t.told("direct message: source failed", mona, "its source could not be read", dm(mona))
    t.pressed(mona, "its source could not be read", "source", dm(mona))
    yield t.modal("source that failed", mona)
    mona.submit(value={"value": "p50"})
    mona.close()
    yield t.told("direct message: source doubted", mona, "its source says", dm(mona))
    t.live.advance(days=7, minutes=1)
    yield t.told("direct message: reading overdue", mona, "still needs you", dm(mona))
    yield t.told("direct message: reading overdue, to admins", t.ada, "is overdue", dm(t.ada))
    t.pressed(mona, "its source says", "source_again", dm(mona))
    yield t.modal("source, read again", mona)
    mona.close()
    t.live.wait_until(lambda: len([m for m in mona.messages(dm(mona)) if "its source says" in str(m)]) == 2)
    t.pressed(mona, "its source says", "source_right", dm(mona))
    yield t.modal("filed on her word", mona)
    mona.close()
    yield t.told("reading on her word, told", t.emil, "its reading, filed by")
