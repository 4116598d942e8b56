"""Several metrics weighed into one by the deciders' ballots: beside the single spreads, never instead of them."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.reports import priced

Facts = Mapping[str, Any]


def lines(facts: Facts) -> list[str]:
    """Nothing before the close, where there is one metric, nor of reports that were kept before there were ballots."""
    ballots = facts.get("ballots")
    if ballots is None:
        return []
    made = ballots["welfare"]
    if made is None:
        unweighed = "*Metrics weighed together:* no ballot was cast, so each metric stands for itself."
        return [unweighed, *_reopened(ballots)]
    return [
        f"*Metrics weighed together, by the medians of {words.count(len(made['spreads']), 'ballot')}:* {_spread(facts, made)}",
        *([f"• {_range(facts, made)}"] if len(made["spreads"]) > 1 else []),
        f"• {_weights(made)}",
        *([f"• {words.count(made['missing'], 'decider')} cast no ballot."] if made["missing"] else []),
        *_reopened(ballots),
    ]


def _spread(facts: Facts, made: Facts) -> str:
    leader, follower = words.escape(made["leader"]), words.escape(made["follower"])
    # Reports that were kept before that was said are ranked by the gap alone.
    if not made.get("ranked", made["gap"] >= made["level"]):
        return _unranked(facts, made)
    return f"{leader} is priced {_value(facts, made['gap'])} of {_stated(made)} better than {follower}."


def _unranked(facts: Facts, made: Facts) -> str:
    """In the options' own order, so that nothing says which of them is ahead."""
    pair = {made["leader"], made["follower"]}
    names = [words.escape(each["name"]) for each in made["options"] if each["name"] in pair]
    lie = f"{_value(facts, made['gap'])} of {_stated(made)} lie between {' and '.join(names)}"
    if made.get("ranked", False) is None:
        return f"{lie}."
    if made["gap"] < made["level"]:
        why = f"these prices cannot show less than {_value(facts, made['level'])}"
    else:
        why = "fewer than two people hold shares behind that"
    return f"{lie}, and {why}, so they are not ranked."


def _range(facts: Facts, made: Facts) -> str:
    """What each ballot alone would make of the same prices, without names."""
    least, most = (_value(facts, made["spreads"][end]) for end in (0, -1))
    others = f"{made['others']} of {len(made['spreads'])}" if made["others"] else "none"
    return f"By each ballot alone that is from {least} to {most}; {others} would have another option first."


def _weights(made: Facts) -> str:
    """Of what each metric is worth, in units of the first; whether more of the first is better stands before it."""
    first, *others = made["weights"]
    better = {1: "more of it is better", -1: "less of it is better"}
    direction = better.get(first["worth"], "ballots differ on whether more of it is better")
    stated = _stated(made)
    said = [
        f"{words.escape(words.one(each['unit']))} of {words.escape(each['metric'])} is worth "
        f"{words.escape(words.worth(each['worth'], made['unit']))}"
        for each in others
    ]
    return f"In {words.escape(words.apart(made['unit']))} of {stated}, {direction}: {', '.join(said)}."


def _reopened(ballots: Facts) -> list[str]:
    if ballots["reopened_at"] is None:
        return []
    at, reason = words.moment(ballots["reopened_at"]), words.quoted(ballots["reason"])
    if ballots["is_open"]:
        return [f"• Ballots are open again since {at}; these are those cast before. Why:\n{reason}"]
    return [f"• Ballots were reopened {at}. Why:\n{reason}"]


def _stated(made: Facts) -> str:
    return words.escape(made["weights"][0]["metric"])


def _value(facts: Facts, micro: float) -> str:
    return words.escape(priced.gap(facts["measures"][0], micro))
