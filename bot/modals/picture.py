"""A small picture in letters: what is priced, and what a trade would make of it. All of it is said in words beside."""

from collections.abc import Sequence

WIDTH = 25  # So much fits on a phone beside the numbers at both ends.
BARS = "▁▂▃▄▅▆▇█"


def scale(ends: tuple[str, str], now: float, then: float, mine: float | None = None) -> str:
    """A line from one end to the other (all values as shares of it): priced now, after the trade, and what I believe.

    >>> scale(("0", "40"), 0.25, 0.5, 0.9)
    '0 ├──────●━━━━━▶─────────◆──┤ 40'
    """
    line = ["─"] * WIDTH
    start, end = _place(now), _place(then)
    for place in range(min(start, end), max(start, end)):
        line[place] = "━"
    if mine is not None:
        line[_place(mine)] = "◆"
    line[end] = "▶" if end > start else "◀"
    line[start] = "●"
    return f"{ends[0]} ├{''.join(line)}┤ {ends[1]}"


def bars(ends: tuple[str, str], prices: Sequence[float], bought: Sequence[int] = ()) -> str:
    """A bar for the price of each outcome, and below it a mark under those that the trade buys.

    >>> print(bars(("0", "40"), [0.1, 0.4, 0.4, 0.1], [0, 5, 5, 0]))
    0 ▃██▃ 40
       ▲▲
    """
    most = max(prices)
    drawn = "".join(BARS[round(price / most * (len(BARS) - 1))] for price in prices)
    marks = "".join("▲" if shares > 0 else " " for shares in bought).rstrip()
    below = f"\n{' ' * (len(ends[0]) + 1)}{marks}" if marks else ""
    return f"{ends[0]} {drawn} {ends[1]}{below}"


def _place(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * (WIDTH - 1))
