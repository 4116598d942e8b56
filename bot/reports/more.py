"""All that makes a spread report honest about selection, in the order of THEORY 16: thirteen short items, as mrkdwn."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot import words
from bot.reports import caveats, defined, horizon, kept, lottery, priced, residuals
from bot.reports.strength import behind, solid
from core.exchange.trust import LOCKED_RATE

Facts = Mapping[str, Any]


def items(facts: Facts) -> list[str]:
    facts = kept.complete(facts)
    return [f"*{number}. {title}* {say(facts)}" for number, (title, say) in enumerate(_ITEMS, 1)]


def each_measure(facts: Facts, say: Callable[[Facts], str]) -> str:
    """What is said of each measure that a spread can be trusted in, by its name where there are several."""
    found = [measure for measure in facts["measures"] if measure["trust"]]
    if not found:
        return "The reports up to the choice say this: once it is final, the other options' shares are gone."
    if len(facts["measures"]) == 1:
        return say(found[0])
    return "".join(f"\n• {words.escape(measure['metric'])}: {say(measure)}" for measure in found)


_NOTHING_SELECTED = "A draw looks at nothing, so nothing of a gap comes from who chooses what."


def _meaning(facts: Facts) -> str:
    if caveats.is_drawn(facts):
        return (
            f"What traders expect of {caveats.metric_names(facts)} given that the lottery draws the option. A gap is the "
            "effect of assigning one option rather than another, on average."
        )
    return (
        f"What traders expect of {caveats.metric_names(facts)} given that the option is chosen by this process. That "
        "is not the effect of choosing it."
    )


def _mode(facts: Facts) -> str:
    if of := facts.get("lottery"):
        otherwise = "nobody chooses" if caveats.is_drawn(facts) else "else people choose"
        return f"{lottery.terms(facts, of)} What it draws is settled by what was drawn; {otherwise}."
    return (
        "People choose. There is no lottery, so no option is drawn, no share of any price is randomised, and there is "
        "no seed and no beacon. The market of the option that is chosen settles by its reading; what was put on the "
        "others comes back."
    )


def _deciders(facts: Facts) -> str:
    who = words.enumerated([words.person(each) for each in facts["deciders"]]) if facts["deciders"] else ""
    dates = f"Trading closes {words.moment(facts['closes_at'])}, to be decided by {words.moment(facts['decide_by'])}."
    return " ".join([*([f"{who} decide."] if who else []), _chances(facts), dates, _late(facts)])


def _logged_late(facts: Facts) -> int:
    notes = (facts.get("on_record") or {"notes": ()})["notes"]
    return sum(note["kind"] == "late" for note in notes)


def _late(facts: Facts) -> str:
    logged = _logged_late(facts)
    if not logged:
        return "What comes out in between is in no price; nothing is logged so far."
    return f"What comes out in between is in no price; the report lists {words.count(logged, 'item')} of it."


def _chances(facts: Facts) -> str:
    if caveats.is_drawn(facts):
        return "Its lottery always decides, so that nobody chooses."
    options = facts["measures"][0]["options"]
    if facts["declared"] is None:
        even = words.part(1 / len(options))
        return f"No chances of being chosen are declared (before the close they are sealed), so that {even} each is assumed."
    declared = [
        f"{words.escape(line['name'])} {words.part(facts['declared'][line['number'] - 1])}"
        for line in options
    ]
    return f"They declared the chances of being chosen: {words.enumerated(declared)}."


def _interval(facts: Facts, measure: Facts) -> str:
    first, last = caveats.in_order(measure)
    low, high = measure["trust"]["effect"]
    if first != words.escape(measure["spread"]["leader"]):
        low, high = -high, -low
    ends = [words.escape(priced.change(measure, end)) for end in (low, high)]
    holds = ", which includes no difference at all" if low <= 0 <= high else ""
    said = (
        f"{first} rather than {last} could make a difference of anything from {ends[0]} to {ends[1]}{holds}"
    )
    return f"{said}{caveats.even(facts)}."


def _selection(facts: Facts, measure: Facts) -> str:
    trust, gap = measure["trust"], measure["spread"]["gap"]
    if trust["rho"] is None:
        explained = "No correlation between unseen quality and choice could explain all of the gap."
    else:
        explained = (
            f"A correlation of {words.ratio(trust['rho'])} between unseen quality and choice could explain all of the "
            f"gap of {words.escape(priced.gap(measure, gap))}{caveats.even(facts)}."
        )
    moved = [
        f"one of {words.ratio(each['rho'], 1)} moves it by about {words.escape(priced.gap(measure, each['gaussian']))} "
        f"(at most {words.escape(priced.gap(measure, each['most']))})"
        for each in trust["sensitivity"]
    ]
    return f"{explained} For comparison, {words.enumerated(moved)}, either way. {_likelier(measure)} {_sd(measure)}"


def _intervals(facts: Facts) -> str:
    return _NOTHING_SELECTED if caveats.is_drawn(facts) else each_measure(facts, partial(_interval, facts))


def _selections(facts: Facts) -> str:
    return _NOTHING_SELECTED if caveats.is_drawn(facts) else each_measure(facts, partial(_selection, facts))


def _likelier(measure: Facts) -> str:
    """Which way choice by merit distorts; where nothing is ranked, without a word on who leads."""
    trust = measure["trust"]
    if not measure["spread"]["ranked"] or trust["is_leader_likelier"] is None:
        return "Options that are unlikely to be chosen look too good."
    if trust["is_leader_likelier"]:
        return "The market favours the option that is likelier to be chosen, so choice by merit understates its lead."
    by_merit = trust["rho_by_merit"]
    alone = f", and choice by merit alone explains all of it at {words.ratio(by_merit)}" if by_merit else ""
    return (
        f"The market favours the option that is less likely to be chosen: such options look too good{alone}."
    )


def _sd(measure: Facts) -> str:
    options = measure["trust"]["options"]
    sd = max(option["sd"] for option in options)
    whence = (
        "as prices say" if all(each["is_sd_priced"] for each in options) else "the most that prices allow"
    )
    return f"(Standard deviation of the metric: {words.escape(priced.gap(measure, sd))}, {whence}.)"


def _record(facts: Facts) -> str:
    found = facts.get("residuals")
    return (
        residuals.sentence(found)
        if found
        else "No evidence yet: no outcome has been compared with its price."
    )


def _optimism(measure: Facts) -> str:
    if not measure["trust"]["effective"]:
        return "Nobody holds anything, so that nothing tells how noisy the prices are."
    allowance = words.escape(priced.gap(measure, measure["trust"]["optimism"]))
    number = words.count(len(measure["options"]), "option")
    return f"The highest of {number} looks too good by about {allowance} even if all are equally good."


def _unscored(facts: Facts) -> str:
    how = priced.how(facts["measures"][0])
    return f"Options that are not {how} are never scored: any figure of calibration covers {how} ones only."


def _proxy(facts: Facts) -> str:
    days = words.count(max(0, (facts["freezes_at"] - facts["window_end"]) // 86_400), "day")
    said = (
        "The metric stands for what matters and is not it. A choice that people stand behind may be carried out with "
        f"more effort than one that was drawn. Credits are locked for {days}, which at {words.part(LOCKED_RATE)} a year "
        "leaves prices alone within a band."
    )
    return f"{said}{horizon.no_cost(facts)} {each_measure(facts, _range)}"


def _range(measure: Facts) -> str:
    low, high = measure["trust"]["options"][0]["stable"]
    band = words.escape(priced.gap(measure, high - low))
    ends = " to ".join(words.escape(priced.value(measure, measure[end])) for end in ("low", "high"))
    beyond = [each["beyond"] for each in measure["trust"]["options"] if each["beyond"] is not None]
    clipped = (
        f"prices let at most {words.part(max(beyond))} lie there" if beyond else "prices do not say how often"
    )
    return f"The band is {band} wide. Readings outside {ends} count as its ends: {clipped}.{_width(measure)}"


def _width(measure: Facts) -> str:
    """Where markets in bins see eight chances in ten, which an expected value alone does not say."""
    ranges = [
        f"between {words.escape(priced.bare(measure, low))} and {words.escape(priced.value(measure, high))} "
        f"if {words.escape(line['name'])}"
        for line in measure["options"]
        if line["implied"]
        for low, _, high in [line["implied"]["quantiles"]]
    ]
    return f" Eight chances in ten: {', '.join(ranges)}." if ranges else ""


def _breaches(facts: Facts) -> str:
    known = (*caveats.added(facts), *defined.marks(facts), *lottery.breaches(facts))
    found = [each.replace("*", "") for each in known]
    if late := _logged_late(facts):
        found.append(f"{words.count(late, 'item')} arrived after the close, before or after it was decided.")
    if facts.get("halted_at"):
        found.append(f"Trading is halted since {words.moment(facts['halted_at'])}.")
    return " ".join(found) or "None is on record here."


def _verbs(facts: Facts) -> str:
    how = priced.how(facts["measures"][0])
    return f"“Is priced” and “traders expect if {how}” are all that these numbers allow anybody to say."


_ITEMS: tuple[tuple[str, Callable[[Facts], str]], ...] = (
    ("What the numbers are.", _meaning),
    ("How it is decided.", _mode),
    ("Who decides, and when.", _deciders),
    ("Without any assumption.", _intervals),
    ("Selection.", _selections),
    ("The record so far.", _record),
    ("How solid the prices are.", lambda facts: each_measure(facts, solid)),
    ("Who is behind them.", lambda facts: each_measure(facts, behind)),
    ("The best of several.", lambda facts: each_measure(facts, _optimism)),
    ("Never scored.", _unscored),
    ("What the metric leaves out.", _proxy),
    ("Breaches.", _breaches),
    ("Words.", _verbs),
)
