"""Random lives of the whole ledger (lives.py)."""

from collections import Counter

import pytest
from campaigns.campaign import conduct
from campaigns.lives import lives

MORE = 3  # So many times half as many lives more, where what is rare did not happen yet.
RARE = (
    "adding.add_option",
    "applying.apply",
    "applying.automatic",
    "assuming.assume",
    "cancelling.cancel",
    "cancelling.clear",
    "cancelling.expire",
    "deciding.lapse",
    "deciding.record",
    "deciding.withdraw",
    "granting.fund",
    "granting.reverse",
    "portfolios.change",
    "portfolios.open_portfolio",
    "portfolios.pause",
    "portfolios.resume",
    "drawing.breach",
    "drawing.draw",
    "drawing.misread",
    "drawing.take_effect",
    "pasting.paste",
    "mirrored, both legs",
    "mirrored, one leg",
    "move",
    "resolving.rule",
    "resolving.void",
    "sell_all",
    "subsidising.drip",
    "subsidising.withdraw",
    "taking_back.take_back",
    "over budget",
    "limit orders met",
    "orders paid by earmarked credit",
    "orders during a sweep of their decision",
)


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize(("engine", "times"), [("sqlite", 100), ("postgresql", 3)])
def test_the_books_are_right_after_every_act_and_everybody_has_their_due_at_the_end(
    engine: str, times: int, seed: int
):
    figures = Counter(conduct(lives, engine, times, seed))
    wanted = ("spend", "sell", *(RARE if engine == "sqlite" else ()))
    for more in range(MORE):
        if not all(figures[each] for each in wanted):
            figures.update(conduct(lives, engine, max(1, times // 2), seed + (more + 1) * times))

    assert [each for each in wanted if not figures[each]] == []
    assert engine != "sqlite" or figures["spend"] > times
