"""Three caveats in plain words: those that matter most in the state that a decision is in, for somebody with two minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words
from bot.reports import priced
from bot.reports.headline import is_over, is_traded

Facts = Mapping[str, Any]


def three(facts: Facts) -> list[str]:
    """As mrkdwn: what the numbers mean, who is behind them, and what else could mislead most."""
    if facts["traders"] == 0:
        third = [*added(facts), *_resolvable(facts), _unscored(facts)]
    else:
        third = [*added(facts), *_flip(facts), _unscored(facts)]
    return [_meaning(facts), _behind(facts), third[0]]


def added(facts: Facts) -> list[str]:
    """Options that came later, in one caveat; the same options stand in every measure, so one of them tells."""
    late = [
        f"{words.escape(line['name'])} trades only since {words.moment(line['added_at'])}"
        for line in facts["measures"][0]["options"]
        if line["added_at"]
    ]
    if not late:
        return []
    return [f"*Added later:* {words.enumerated(late)}; no average of it reaches further back."]


def metric_names(facts: Facts) -> str:
    """The metric, if there is but one, escaped."""
    metrics = {line["metric_id"] for measure in facts["measures"] for line in measure["options"]}
    return words.escape(facts["measures"][0]["metric"]) if len(metrics) == 1 else "its metric"


def in_order(measure: Facts) -> tuple[str, str]:
    """The two options of the spread, escaped, in the order of the decision: that says nothing of who is ahead."""
    compared = {measure["spread"]["leader"], measure["spread"]["follower"]}
    first, *_, last = [words.escape(line["name"]) for line in measure["options"] if line["name"] in compared]
    return first, last


def without(measure: Facts) -> str:
    """What would be left of the gap without any one person, in a sentence; empty if that is not known.

    Where nothing is ranked, without a word on who leads.
    """
    trust, spread = measure["trust"], measure["spread"]
    if trust is None or trust["without"] is None:
        return ""
    (least, most), is_alone = trust["without"], spread["people"] == 1
    one = "that person" if is_alone else "any one of them"
    leader, follower = (words.escape(spread[name]) for name in ("leader", "follower"))
    if least < 0 < most:
        turned = f"Without one of them {follower} would be priced above {leader}."
        return turned if spread["ranked"] else "Which of the two is priced higher hangs on single people."
    ends = _from_to(measure, *sorted(map(abs, trust["without"])))
    if not spread["ranked"]:
        return f"Without {one} the gap would be {ends}."
    higher, lower = (leader, follower) if least >= 0 else (follower, leader)
    return f"Without {one} {higher} would be {ends} above {lower}."


def at_opening(measure: Facts) -> str:
    """How much of the gap nobody but the opener put there, in a sentence; empty of reports that were kept before."""
    opened = {line["name"]: line["opened"] for line in measure["options"]}
    spread = measure["spread"]
    first, second = opened[spread["leader"]], opened[spread["follower"]]
    if first is None or second is None:
        return ""
    turned = ", the other way round" if spread["ranked"] and first < second else ""
    return f"The base rates at opening lay {words.escape(priced.gap(measure, abs(first - second)))} apart{turned}."


def _from_to(measure: Facts, least: float, most: float) -> str:
    """``4.5 to 6.6 points``, or one of them if they read alike; escaped."""
    low, high = priced.bare(measure, least), priced.gap(measure, most)
    return words.escape(high if low == priced.bare(measure, most) else f"{low} to {high}")


def _meaning(facts: Facts) -> str:
    said = "what traders expect of" if facts["traders"] > 0 else "the base rate of"
    if is_drawn(facts):
        return (
            f"*If drawn:* each number is {said} {metric_names(facts)} given that the lottery draws the option. A draw looks "
            "at nothing, so a gap is the effect of assigning one rather than another, on average."
        )
    return (
        f"*If chosen:* each number is {said} {metric_names(facts)} given that the option is chosen by its deciders, "
        f"the way they choose. It is not the effect of choosing it.{_selection(facts)}"
    )


def is_drawn(facts: Facts) -> bool:
    """Whether its lottery always decides, so that nobody chooses and nothing is selected."""
    return bool(facts["measures"][0].get("is_drawn"))


def _selection(facts: Facts) -> str:
    """The least correlation that could explain a gap which is ranked."""
    found = [
        (measure["trust"]["rho"], measure)
        for measure in facts["measures"]
        if measure["spread"]["ranked"] and measure["trust"] and measure["trust"]["rho"] is not None
    ]
    if not found:
        return ""
    rho, measure = min(found, key=lambda each: float(each[0]))
    on = f" on {words.escape(measure['metric'])}" if len(facts["measures"]) > 1 else ""
    said = f" A correlation of {words.ratio(rho)} between unseen quality and choice could explain all of the gap{on}"
    return f"{said}{even(facts)}."


def even(facts: Facts) -> str:
    """What stands in for chances of being chosen that nobody declared, behind a sentence that rests on them."""
    return (
        ""
        if facts["declared"]
        else ", if both are equally likely to be chosen, since nobody's chances are declared"
    )


def _behind(facts: Facts) -> str:
    if facts["traders"] == 0:
        if is_over(facts):
            return "*Behind it:* nobody traded, so there is no evidence in these numbers."
        return "*Behind it:* nobody has traded, so there is no evidence in these numbers yet."
    owners = "the metric owner" if metric_names(facts) != "its metric" else "metric owners"
    people = f"{words.people(facts['traders'])} traded"
    return f"*Behind it:* {people}{_weight(facts)} Deciders and {owners} may not."


def _weight(facts: Facts) -> str:
    """How evenly, and what hangs on one of them; of several measures, More tells it of each."""
    trusted = [measure for measure in facts["measures"] if measure["trust"] and is_traded(measure)]
    if len(facts["measures"]) > 1 or not trusted or facts["traders"] < 2:
        return "."
    (measure,) = trusted
    count = f"; by what they hold they count as {words.ratio(measure['trust']['effective'], 1)}."
    return " ".join(filter(None, [count, without(measure), at_opening(measure)]))


def _resolvable(facts: Facts) -> list[str]:
    """How coarse the market is, of the first measure."""
    measure = facts["measures"][0]
    coarse = measure["spread"]["resolvable"]
    if coarse is None or is_over(facts):
        return []
    first, last = in_order(measure)
    least = words.escape(priced.gap(measure, coarse))
    said = f"*Too fine to see:* between {first} and {last} this market cannot show less than {least}"
    return [f"{said}: correcting less would not pay for the attention."]


def _flip(facts: Facts) -> list[str]:
    """What erasing the gap takes, where that is still a matter: of the measure in which it loses least."""
    traded: Sequence[Facts] = [measure for measure in facts["measures"] if is_traded(measure)]
    if facts["state"] not in {"open", "closed"}:
        return []
    measure = min(traded, key=lambda each: float(each["spread"]["expected_loss_credits"]))
    spread, (first, last) = measure["spread"], in_order(measure)
    outlay, loss = (
        words.credits(spread["outlay_credits"] * 1e6),
        words.credits(spread["expected_loss_credits"] * 1e6),
    )
    of = f" ({words.escape(measure['metric'])})" if len(facts["measures"]) > 1 else ""
    said = f"*Cost to flip{of}:* somebody could make {first} and {last} level by putting {outlay} at stake"
    return [f"{said}; if the prices are right that loses {loss} on average."]


def _unscored(facts: Facts) -> str:
    if facts["state"] == "withdrawn":
        return "*Never checked:* nothing was chosen, so that none of these numbers is ever scored."
    return f"*Never checked:* only the option that is {priced.how(facts['measures'][0])} is measured; what the others are priced at is never scored."
