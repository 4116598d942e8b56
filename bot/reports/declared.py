"""What deciders declared before the close, once it may be seen: how likely they found each option, and what they expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot import words
from bot.reports import priced

Facts = Mapping[str, Any]
SHOWN_MOST = 5  # By name in a message; more of them are in the averages, and in the report that is opened.


def lines(facts: Facts, *, is_whole: bool = False) -> list[str]:
    """Chances by name and mean forecasts; if it is to be whole, of everybody, and each one's forecasts too.

    Nothing before the close, nor of reports that were kept before deciders were asked.
    """
    declared = facts.get("deciders_said")
    if declared is None:
        return []
    heading = "*What the deciders said before the close*"
    if not declared["said"]:
        return [f"{heading}: nobody declared anything."]
    shown = declared["said"] if is_whole else declared["said"][:SHOWN_MOST]
    return [
        f"{heading}, sealed until then, so that no price knows of it:",
        *(f"• {_of_one(facts, each, is_whole=is_whole)}" for each in shown),
        *_left_out(declared, len(shown)),
        *_on_average(facts, declared),
    ]


def _of_one(facts: Facts, said: Facts, *, is_whole: bool) -> str:
    chances = [f"{_chances(facts, [chance / 100 for chance in said['chances']])}."] if said["chances"] else []
    is_shown = is_whole or not chances
    expects = _expected(facts, dict(said["forecasts"])) if is_shown else ()
    return " ".join([f"{words.person(said['by'])}:", *chances, *(f"Expects {each}." for each in expects)])


def _on_average(facts: Facts, declared: Facts) -> list[str]:
    many = len(declared["said"]) > 1
    chances = declared["chances"]
    average = [f"• On average: {_chances(facts, chances)}."] if many and chances else []
    expects = _expected(facts, {each["market_id"]: each["mean"] for each in declared["forecasts"]})
    return average + [f"• Expected{' on average' if many else ''}: {each}." for each in expects]


def _chances(facts: Facts, chances: Sequence[float]) -> str:
    """Those of the options, and of none where there is any."""
    named = [
        f"{words.escape(line['name'])} {words.part(chance)}"
        for line, chance in zip(facts["measures"][0]["options"], chances, strict=False)
    ]
    none = 1 - sum(chances)
    return ", ".join([*named, *([f"none of them {words.part(none)}"] if none > 0.0005 else [])])


def _expected(facts: Facts, expects: Mapping[int, float]) -> list[str]:
    """A part of a sentence a measure."""
    said = ((measure, ", ".join(_values(measure, expects))) for measure in facts["measures"])
    return [f"{words.escape(measure['metric'])} {values}" for measure, values in said if values]


def _values(measure: Facts, expects: Mapping[int, float]) -> Iterator[str]:
    for line in measure["options"]:
        if line["market_id"] in expects:
            value = priced.value(measure, expects[line["market_id"]])
            yield f"{words.escape(value)} if {words.escape(line['name'])}"


def _left_out(declared: Facts, shown: int) -> list[str]:
    left = len(declared["said"]) - shown
    missing = [words.person(each) for each in declared["missing"]]
    return [
        *([f"• {words.count(left, 'more decider')} declared; they count in the averages."] if left else []),
        *([f"• Nothing from {words.enumerated(missing)}."] if missing else []),
    ]
