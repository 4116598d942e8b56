"""Refusals where a lottery may decide: its form, and whoever would forestall or change its draw."""

import re
from datetime import timedelta

from acts import identity, later, trade
from live import COMMITTEE, read
from lotteries import METRIC, at_terms, question, terms, value_for

from core.exchange import staffing
from refused.naming import refuses
from refused.people import DAY, REASON, People


def raffles(p: People) -> None:
    """Five options; then what is typed wrong about two."""
    p.ada.type("/decision new")
    p.ada.submit(**question(options="\n".join("ABCDE")))
    p.ada.submit(**METRIC, **{f"base_rate_{n}": {"value": "50"} for n in (3, 4, 5)})
    p.ada.fill("lottery", {"selected_option": p.ada.element("lottery")["options"][1]})
    refuses(p.ada, "lottery", **terms())
    p.ada.close()
    at_terms(p.ada)
    blank = dict.fromkeys(("weights", "beacon_url", "beacon_value_at"), "")
    for block, value, others in (
        ("weights", "1", {}),
        ("probability", "49", {}),
        ("beacon_url", "ftp://a", {}),
        ("beacon_value_at", "a[", {"beacon_url": "https://a.example"}),
    ):
        refuses(p.ada, block, **terms(**blank | others | {block: value}))
    early = {"selected_date_time": p.now + 7 * DAY + 3600}
    refuses(p.ada, "decide_by", **terms(**blank), decide_by=early)
    assert p.ada.submit(**terms(**blank), decide_by={"selected_date_time": p.now + 9 * DAY})["ok"]
    p.raffled = re.findall(r"D-\d+", read(p.ada.modal))[0]
    p.ada.close()
    assert "credits back both" in trade(p.emil, "5", name=p.raffled, way="Higher")


def awaits_its_draw(p: People) -> None:
    """Nobody adds to it, moves its close, or decides it first."""
    ada, carol, emil = p.ada, p.carol, p.emil
    name = p.raffled
    assert "its options were fixed" in ada.type(f"/decision option {name}")
    ada.type(f"/decision postpone {name}")
    refuses(ada, "closes_at", reason=REASON, closes_at=later(ada, "closes_at", timedelta(hours=1)))
    ada.close()
    assert "No lottery may decide" in carol.type("/decision draw D-2")
    assert "No lottery has decided" in carol.type(f"/decision breach {name}")
    assert "Only its deciders and admins" in emil.type(f"/decision breach {name}")
    p.live.advance(days=7, hours=1)
    carol.wait_for(f"Spread report {name}", COMMITTEE)
    assert "waits for its lottery" in carol.type(f"/decision record {name}", COMMITTEE)
    assert "only before trading closed" in carol.type(f"/decision withdraw {name}", COMMITTEE)


def draws(p: People) -> None:
    """Its value is typed by two people without a stake, and then nobody can change it."""
    carol, chen, emil, name = p.carol, p.chen, p.emil, p.raffled
    carol.type(f"/decision draw {name}")
    refuses(carol, "beacon_value", beacon_value={"value": "seven é"})
    value = {"value": value_for(p.live, 0, int(name[2:]))}
    carol.submit(beacon_value=value)
    carol.close()
    assert "You typed its value already" in carol.type(f"/decision draw {name}")
    p.live.write(staffing.appoint, identity("U0ADA"), identity("U0EMIL"), "For a day.")
    emil.type(f"/decision draw {name}")
    refuses(emil, "beacon_value", beacon_value=value)
    emil.close()
    p.live.write(staffing.dismiss, identity("U0ADA"), identity("U0EMIL"), "Thank you.")
    chen.type(f"/decision draw {name}")
    chen.submit(beacon_value=value)
    chen.close()
    assert "was drawn already" in carol.type(f"/decision draw {name}")
    carol.press(carol.wait_for("its lottery drew"), "misread")
    refuses(carol, "beacon_value", beacon_value=value, reason=REASON)
    carol.close()
    p.live.advance(days=1, hours=1)
    carol.wait_for("is final: its lottery drew")
    assert "was decided by its lottery" in carol.type(f"/decision record {name}", COMMITTEE)
