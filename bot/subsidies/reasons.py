"""Why a plan gives a decision what it gives: short plain sentences, with the numbers."""

from collections.abc import Callable, Iterator, Mapping

from bot import words
from core.exchange.allocating import Help, Prior, Remedy, Row, Why

CLOSE, FOREGONE = 0.5, 2.0  # How many of its standard deviations the gap is wide.


def reason(row: Row) -> str:
    """``a close call worth 500 credits: 30 credits more``; behind it what stands in the way. Not escaped."""
    return "; ".join([_WHY[row.why](row), *(_REMEDIES[each.kind](row, each) for each in row.remedies)])


def call(prior: Prior | None) -> str:
    """How open it is, and what hangs on it; nobody said so where it is assumed."""
    if prior is None:
        return "an open decision"
    widths = abs(prior.gap) / prior.gap_sd
    kind = "a close call" if widths < CLOSE else "an open call" if widths < FOREGONE else "a clear call"
    worth = words.credits(prior.stake)
    return f"{kind} worth {worth}" + ("" if prior.is_stated else " (assumed)")


def _more(row: Row) -> str:
    return f"{call(row.prior)}: {words.credits(row.adds)} more"


def _below(row: Row) -> str:
    if row.needed is None:
        return "too small to matter: no reserve would be enough"
    return f"too small to matter: needs at least {_about(max(0, row.needed - row.reserved))} more"


def _nothing(row: Row) -> str:
    prior = row.prior
    if prior is None or abs(prior.gap) >= FOREGONE * prior.gap_sd:
        return "foregone conclusion: nothing to learn"
    return f"{call(prior)}: what traders could still learn would hardly turn it"


_WHY: Mapping[Why, Callable[[Row], str]] = {
    Why.FUNDED: _more,
    Why.LEAST: lambda row: f"{_more(row)}, just enough to matter",
    Why.CAPPED: lambda row: f"{_more(row)}; beyond that the opening price would rule",
    Why.BELOW: _below,
    Why.NOTHING: _nothing,
    Why.HELD: lambda row: f"{call(row.prior)}: has as much already as it would get",
    Why.WINDOW: lambda row: f"{call(row.prior)}, but it cannot be made useful now",
    Why.CLOSED: lambda _: "trading is closed: nothing that is learned now can change it",
    Why.HALTED: lambda _: "trading is halted: nothing is added meanwhile",
    Why.QUESTION: lambda _: "hangs on no decision: nothing is decided by it",
}


def _wide(row: Row, _: Remedy) -> str:
    less = words.times(row.prior.pays_less) if row.prior else "many times"
    return f"its range is too wide: it pays {less} less than a yes or no"


_REMEDIES: Mapping[Help, Callable[[Row, Remedy], str]] = {
    Help.BUDGET: lambda _, each: f"it would need {_about(each.amount)} of reserve",
    Help.CAPITAL: lambda _, each: f"it would need traders who hold {_about(each.amount)}",
    Help.RANGE: _wide,
}


def _about(micro: int) -> str:
    """An estimate, of which no more than whole credits are meant."""
    return f"{words.whole(micro)} credits"


def details(row: Row) -> Iterator[str]:
    """What the plan takes for known of a decision, and what it would come to."""
    prior = row.prior
    if prior is None:
        yield f"Reserved: {words.credits(row.reserved)}."
        return
    stated = "" if prior.is_stated else " (assumed: nobody has said so)"
    yield (
        f"Reserved: {words.credits(row.reserved)}, {words.credits(row.reserved + row.adds)} with the plan. Traders learn "
        f"{words.part(prior.learned)} of what is uncertain, {words.part(prior.learns)} with the plan: worth "
        f"{words.credits(row.worth)}."
    )
    yield (
        f"Stake {words.credits(prior.stake)}{stated}; the leader is {words.part(prior.gap, 1)} of the range ahead, give or "
        f"take {words.part(prior.gap_sd, 1)}; {_settles(prior)}; {words.count(prior.options, 'option')} on "
        f"{words.count(prior.measures, 'metric')}."
    )
    yield from (_market(row, number) for number, _ in enumerate(row.markets))
    if row.band is not None:
        low, high = (words.escape(words.exact_value(round(end), row.unit)) for end in row.band)
        yield f"Credits are locked for long here: between {low} and {high} nobody gains by trading the leader."


def _settles(prior: Prior) -> str:
    return f"over in {words.count(round(prior.days), 'day')} with a chance of {words.part(prior.chance)}"


def _market(row: Row, number: int) -> str:
    """Its liquidity, and between which it is of use."""
    of = row.markets[number]
    measure = f", metric {of.measure + 1}" if row.prior and row.prior.measures > 1 else ""
    named = words.escape(words.taken(of.option, of.is_drawn or None)) + measure
    adds = f" + {words.whole(of.adds)}" if of.adds else ""
    usable = (
        f"of use from {words.whole(of.least)} to {words.whole(of.most)}"
        if of.least <= of.most
        else f"of use from {words.whole(of.least)} on, but from {words.whole(of.most)} on the opening price rules"
    )
    return f"• {named}: liquidity {words.whole(of.liquidity)}{adds}, {usable}"
