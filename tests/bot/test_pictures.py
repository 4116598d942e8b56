"""The picture of all prices in the thread of each report."""

import io
from typing import Any

import httpx
from acts import trade
from live import COMMITTEE, Live, Person
from PIL import Image
from sqlalchemy import select

from core.announcements.tables import announcement


def pictures(person: Person) -> list[dict[str, Any]]:
    return [message for message in person.messages(COMMITTEE) if message.get("files")]


def test_each_report_has_its_picture_in_its_thread(live: Live, emil: Person, carol: Person):
    trade(emil, "40", option="Release")
    for day in (1, 2):
        live.advance(days=1)
        live.wait_until(lambda day=day: len(pictures(carol)) == day)
    reports = [m["ts"] for m in carol.messages(COMMITTEE) if "Spread report" in str(m["blocks"])]
    (file,) = pictures(carol)[0]["files"]
    shown = Image.open(io.BytesIO(carol.page.get(httpx.URL(file["url_private"]).path).content))

    assert [message["thread_ts"] for message in pictures(carol)] == reports
    assert file["title"].startswith("D-1: every price up to ")
    assert "Helpfulness score if Release: from 62.0 points to 63." in file["alt_txt"]
    assert shown.size[0] > 900


def test_what_nobody_traded_has_no_picture(live: Live, carol: Person):
    live.advance(days=1)
    carol.wait_for("Spread report D-1", COMMITTEE)
    live.wait_until(lambda: not live.run(live.workspace.exchange.read(_waiting)))

    assert pictures(carol) == []


def _waiting(connection: Any) -> int:
    wanted = select(announcement.c.id).where(announcement.c.kind == "history", announcement.c.state != "told")
    return len(connection.execute(wanted).all())
