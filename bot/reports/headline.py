"""What a report says first, in one sentence a measure: which option is priced highest, or that nobody can say.

Rank and level are said apart. Where the spread is not ranked, no word tells which option is ahead.
"""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.reports import priced

Facts = Mapping[str, Any]
DAY_SECONDS = 86_400


def headlines(facts: Facts) -> list[str]:
    """One sentence a measure, not escaped; one for all while nobody has traded anything."""
    if facts["traders"] == 0:
        said = "Nobody traded" if is_over(facts) else "Nobody has traded yet"
        return [f"{said}: these are the base rates that were stated at opening."]
    return [_headline(facts, measure) for measure in facts["measures"]]


def is_over(facts: Facts) -> bool:
    """Whether the options do not trade together any more."""
    return bool(facts["state"] != "open")


def is_traded(measure: Facts) -> bool:
    return any(line["trades"] for line in measure["options"])


def average(facts: Facts) -> str:
    """What the averages are over: the last day, or all there was if that is less."""
    whole = facts["window_end"] - facts["window_start"] >= DAY_SECONDS
    return "24 h average" if whole else "Average so far"


def ranking(facts: Facts, measure: Facts) -> str:
    """For a card, as mrkdwn: who is priced highest, or why nobody can say."""
    spread, on = measure["spread"], average(facts).lower()
    gap = words.escape(priced.gap(measure, measure["spread"]["gap"]))
    if spread["ranked"] is None:
        return f"Spread, on {on}: *{gap}*"
    if not spread["ranked"]:
        return (
            f"Not ranked: *{gap}* lie between {_highest(measure)} on {on}, but {words.escape(_why(measure))}"
        )
    leader, follower = (words.escape(spread[name]) for name in ("leader", "follower"))
    return f"{leader} is priced highest: *{gap}* above {follower}, on {on}"


def _headline(facts: Facts, measure: Facts) -> str:
    metric, spread, on = measure["metric"], measure["spread"], average(facts).lower()
    if not is_traded(measure):
        said = "Nobody traded" if is_over(facts) else "Nobody has traded"
        return f"{said} {metric}{'' if is_over(facts) else ' yet'}: these numbers are base rates."
    if spread["ranked"] is None:
        return priced.sentence(measure, "average", f", on {on}")
    gap = priced.gap(measure, spread["gap"])
    if not spread["ranked"]:
        between = f"{gap} lie between {_highest(measure)} on {on}"
        return f"On {metric} the options are not ranked: {between}, but {_why(measure)}."
    return _ranked(measure, gap, on)


def _ranked(measure: Facts, gap: str, on: str) -> str:
    leader, follower = (_line(measure, measure["spread"][name]) for name in ("leader", "follower"))
    level = priced.value(measure, leader["average"])
    if priced.is_mixed(measure):
        return (
            f"{leader['metric']} if {leader['name']} is {priced.how(measure)} is priced highest: {level}, {gap} above "
            f"{follower['metric']} if {follower['name']} is, on {on}."
        )
    return (
        f"{leader['name']} is priced highest on {measure['metric']}: {level} if {priced.how(measure)}, {gap} above "
        f"{follower['name']}, on {on}."
    )


def _highest(measure: Facts) -> str:
    return "them" if len(measure["options"]) == 2 else "the two highest"


def _why(measure: Facts) -> str:
    """What keeps the ranking back, without a word on who would lead; not escaped."""
    spread = measure["spread"]
    if spread["people"] < 2:
        return f"{'one person alone holds' if spread['people'] else 'nobody holds'} shares behind that"
    if spread["gap"] < spread["resolvable"]:
        return f"this market cannot show less than {priced.gap(measure, spread['resolvable'])}"
    return f"it hangs on single people: without one it could differ by about {priced.gap(measure, spread['error'])}"


def _line(measure: Facts, name: str) -> Facts:
    found: Facts = next(line for line in measure["options"] if line["name"] == name)
    return found
