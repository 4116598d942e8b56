"""How solid prices are, and who is behind them, in words: of one measure, for whoever reads more than the report."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.reports import caveats, priced
from bot.reports.headline import is_traded
from core.exchange.trust import ATTENTION_CREDITS

Facts = Mapping[str, Any]


def solid(measure: Facts) -> str:
    """Each option's price, averages and median; the smallest gap that can be seen; what a flip costs."""
    lines = [_line(measure, line) for line in measure["options"]]
    return " ".join([*lines, _resolution(measure), *_flips(measure)])


def behind(measure: Facts) -> str:
    """How many people, how evenly, what hangs on one of them, and what those who may not trade hold."""
    trust = measure["trust"]
    if not is_traded(measure):
        return "Nobody traded it."
    error = measure["spread"]["error"]
    fragile = (
        f"Leave-one-out standard error of the gap: {words.escape(priced.gap(measure, error))}."
        if error
        else ""
    )
    barred = f"Deciders and metric owners may not trade: {words.part(trust['restricted'])} is theirs."
    said = [
        f"{words.people(trust['traders'])} traded.",
        _weight(trust),
        caveats.without(measure),
        caveats.at_opening(measure),
        fragile,
        barred,
    ]
    return " ".join(filter(None, said))


def _weight(trust: Facts) -> str:
    if not trust["effective"]:
        return "Nobody holds anything of it now."
    if trust["traders"] == 1:
        return ""
    alike = words.ratio(trust["effective"], 1)
    return f"By what they hold they count as {alike}; the largest has {words.part(trust['top_share'])}."


def _line(measure: Facts, line: Facts) -> str:
    kinds = {"average": "average", "median": "median", "lagged average": "lagged"}
    said = [f"{name} {priced.bare(measure, line[of])}" for name, of in kinds.items() if line[of] is not None]
    now = f"{priced.value(measure, line['expected'])} now"
    gap = priced.change(measure, line["expected"] - line["average"])
    return words.escape(f"{line['name']}: {', '.join([now, *said])}; now less average {gap}.")


def _resolution(measure: Facts) -> str:
    each = [
        f"{words.escape(option['name'])} {words.escape(priced.gap(measure, option['resolvable']))}"
        for option in measure["trust"]["options"]
    ]
    both = words.escape(priced.gap(measure, measure["spread"]["resolvable"]))
    looking = words.credits(ATTENTION_CREDITS * 1e6)
    return f"Smallest difference that can show, if looking costs {looking}: {', '.join(each)}; between two {both}."


def _flips(measure: Facts) -> list[str]:
    """In the order of the options."""
    order = [line["name"] for line in measure["options"]]
    legs = sorted(measure["trust"]["flips"], key=lambda leg: order.index(leg["name"]))
    said = [
        f"{words.escape(leg['name'])} {words.credits(leg['outlay'] * 1e6)} at stake, "
        f"{words.credits(leg['expected_loss'] * 1e6)} lost on average "
        f"({words.credits(leg['settled_loss'] * 1e6)} counting that it may not settle)"
        for leg in legs
    ]
    return [f"Cost to flip: {'; '.join(said)}."]
