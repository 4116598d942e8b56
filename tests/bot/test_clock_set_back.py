"""A machine whose clock is set back goes on: nobody waits an hour until it has caught up."""

from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest
from live import Live, Person

BACK = timedelta(hours=1)


class SetBack(datetime):
    """What the machine's clock says from now on."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) - BACK


def test_the_heart_goes_on_beating(live: Live, ada: Person, emil: Person, monkeypatch: pytest.MonkeyPatch):
    before = live.workspace.clock()
    for module in ("apscheduler.schedulers.base", "apscheduler.triggers.interval", "bot.workspace.clock"):
        monkeypatch.setattr(f"{module}.datetime", SetBack)

    ada.type("/futarchy grant <@U0EMIL|emil> 17 for the test")
    # If the digest of the first grant is out already, the next one comes an hour after it.
    live.advance(hours=1)
    emil.wait_for("granted you *17 credits*", "D0EMIL")
    assert live.workspace.clock() > before
