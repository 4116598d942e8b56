"""Markets beyond the horizon, and the credits that pay in nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta

from acts import choose, later, place, start_trade, type_amount
from live import read

from tour.people import Sight, Tour


def looks_far(t: Tour) -> Iterator[Sight]:
    """The horizon is changed, somebody gets credits for what lies beyond it, and they pay there."""
    ada, emil = t.ada, t.emil
    yield t.asked("horizon", ada, "/futarchy horizon")
    ada.press(ada.answer, "horizon")
    yield t.modal("change the horizon", ada)
    assert ada.submit(days={"value": "180"}, reason={"value": t.voice.reason[:100]})["ok"]
    yield t.modal("horizon changed", ada)
    ada.close()
    ada.type("/futarchy grant <@U0EMIL|emil> 80 long ago promised")
    yield t.modal("grant, which wallet is meant", ada)
    assert ada.submit()["ok"]
    yield t.modal("granted for long horizons", ada)
    ada.close()
    name = _opened(t)
    yield t.told("card of a long market", emil, f"{name}:")
    start_trade(emil, name)
    type_amount(emil, "30")
    yield t.modal("trade paid by credits for long horizons", emil)
    wallet = emil.element("wallet")["options"][0]["text"]["text"]
    choose(emil, wallet=wallet)
    yield t.modal("trade, a wallet chosen to pay from", emil)
    place(emil)
    yield t.modal("traded by a wallet that was chosen", emil)
    emil.close()
    yield t.home("home with two wallets", emil)


def _opened(t: Tour) -> str:
    """A question for a year from now; its name."""
    t.ada.type("/market new")
    typed = {"question": t.voice.question[-150:], "wording": t.voice.wording, "base_rate": "60"}
    said = {block: {"value": value} for block, value in typed.items()}
    closes_at = later(t.ada, "closes_at", timedelta(days=365))
    assert t.ada.submit(**said, owner={"selected_user": "U0MONA"}, closes_at=closes_at)["ok"]
    found = re.search(r"M-\d+", read(t.ada.modal))
    t.ada.close()
    assert found
    return found[0]
