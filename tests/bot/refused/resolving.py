"""Refusals about definitions and sources."""

import short
from acts import identity, open_question, push, shown
from elsewhere import Site, serving
from live import Person, option_of

from core.exchange import sourcing
from core.exchange.opening import Opened
from refused.naming import refuses, told_instead
from refused.people import REASON, People

JSON = {"url": {"value": "https://example.com/score"}, "value": {"value": "score"}}

SAID = {
    "metric_name": {"value": "Latency"},
    "decimals": {"value": "1"},
    "metric_owner": {"selected_user": "U0MONA"},
    "reason": REASON,
}


def _definition(who: Person, name: str, action: str) -> None:
    who.type(f"/decision definition {name}")
    who.press_modal(action)


def defines(p: People) -> None:
    """A decision of a few hours; Emil traded it before, and so cannot come to read it."""
    opened = short.open_short(p.live)
    name, mona = opened.name, p.mona
    push(p.live, "U0EMIL", opened.market_ids[0], 42)
    _definition(mona, name, "define")
    refuses(mona, "metric_wording", reason=REASON)
    for field, value in (("decimals", "9"), ("metric_name", "   ")):
        refuses(mona, field, **SAID | {field: {"value": value}})
    assert "has traded here" in refuses(
        mona, "metric_owner", **SAID | {"metric_owner": {"selected_user": "U0EMIL"}}
    )
    _definition(p.ada, name, "define")
    p.ada.submit(metric_void_if={"value": "No run"}, reason=REASON)
    p.ada.close()
    assert "waits already" in refuses(mona, "metric_name", **SAID)
    mona.close()
    _definition(p.chen, name, "definition_change")
    _definition(p.carol, name, "definition_change")
    refuses(p.chen, "reason", choice=option_of(p.chen.element("choice"), "Turn it down"))
    for who in (p.chen, p.carol):
        answer = who.submit(choice=option_of(who.element("choice"), "Approve it"))
        who.close()
    assert "waits any more" in str(answer)
    assert "Only the owner of the metric and admins" in p.emil.type(f"/decision source {name}")
    _sources(p, name)
    with serving() as site:
        _ends(p, opened, site)


def _sources(p: People, name: str) -> None:
    p.mona.type(f"/decision source {name}")
    p.mona.fill("kind", option_of(p.mona.element("kind"), "JSON from an address"))
    refuses(p.mona, "value", **JSON | {"value": {"value": "runs["}})
    for field, value in (
        ("url", "example.com/score"),
        ("url", "https://me:word@example.com/"),
        ("secret", "the secret itself"),
        ("secret", "NOT_SET"),
        ("header", "X: Key"),
    ):
        both = {"header": {"value": "X-Key"}, "secret": {"value": "KEY"}}
        refuses(p.mona, field, **JSON | both | {field: {"value": value}})
    p.mona.fill("kind", option_of(p.mona.element("kind"), "A database query"))
    refuses(p.mona, "database", database={"value": "SCORES"}, query={"value": "SELECT 1"})
    p.mona.close()


def _ends(p: People, opened: Opened, site: Site) -> None:
    """Forms that are open still when the reading is filed; and buttons of messages that are answered for."""
    mona, ada, (metric_id,) = p.mona, p.ada, opened.metric_ids
    settings = {"url": site.url("/score"), "value": "score"}
    p.live.write(sourcing.configure, identity("U0MONA"), metric_id, "http", settings, None)
    _definition(ada, opened.name, "define")
    p.live.advance(hours=2, minutes=1)
    p.carol.wait_for("it is to be decided by", "D0CAROL")
    short.choose(p.live, opened.decision_id)
    p.live.advance(hours=3)
    short.fail_all(p.live, metric_id)
    failed = mona.wait_for("its source could not be read", "D0MONA")
    p.live.write(sourcing.drop, identity("U0MONA"), metric_id)
    mona.press(failed, "source_again", "D0MONA")
    assert "has no source" in told_instead(mona)
    site.say("/score", '{"score": 130}')
    p.live.write(sourcing.configure, identity("U0MONA"), metric_id, "http", settings, None)
    doubted = mona.wait_for("its source says", "D0MONA")
    mona.press(doubted, "source_right", "D0MONA")
    mona.close()
    mona.press(doubted, "source_right", "D0MONA")
    assert "is answered for already" in told_instead(mona)
    mona.press(failed, "source_again", "D0MONA")
    assert "is filed already" in told_instead(mona)
    assert "cannot change any more" in refuses(ada, "metric_name", decimals={"value": "2"}, reason=REASON)
    ada.close()


def defines_alone(p: People) -> None:
    """Of a question that hangs on no decision only admins approve, and there is only one."""
    name, _ = open_question(p.live)
    p.ada.press(shown(p.ada, name), "definition")
    p.ada.press_modal("define")
    assert "there is nobody" in refuses(p.ada, "reason", decimals={"value": "1"}, reason=REASON)
    p.ada.close()
