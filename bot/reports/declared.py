"""What deciders declared before the close, once it may be seen: how likely they found each option, and what they expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot import words
from bot.reports import priced

Facts = Mapping[str, Any]
SHOWN_MOST = 5  # By name in a message; more of them are in the averages, and in the report that is opened.


def lines(facts: Facts, most: int | None = SHOWN_MOST) -> list[str]:
    """Nothing before the close, nor of reports that were kept before deciders were asked."""
    declared = facts.get("deciders_said")
    if declared is None:
        return []
    heading = "*What the deciders said before the close*"
    if not declared["said"]:
        return [f"{heading}: nobody declared anything."]
    return [
        f"{heading}, sealed until then, so that no price knows of it:",
        *(f"• {_of_one(facts, each)}" for each in declared["said"][:most]),
        *([f"• On average: {_on_average(facts, declared)}"] if len(declared["said"]) > 1 else []),
        *_left_out(declared, most),
    ]


def _of_one(facts: Facts, said: Facts) -> str:
    chances = [chance / 100 for chance in said["chances"]]
    expects = dict(said["forecasts"])
    return f"{words.person(said['by'])}: {_chances(facts, chances)}. {_expected(facts, expects)}"


def _on_average(facts: Facts, declared: Facts) -> str:
    expects = {each["market_id"]: each["mean"] for each in declared["forecasts"]}
    return f"{_chances(facts, declared['chances'])}. {_expected(facts, expects)}"


def _chances(facts: Facts, chances: Sequence[float]) -> str:
    """Those of the options, and of none where there is any."""
    named = [
        f"{words.escape(line['name'])} {words.part(chance)}"
        for line, chance in zip(facts["measures"][0]["options"], chances, strict=False)
    ]
    none = 1 - sum(chances)
    return ", ".join([*named, *([f"none of them {words.part(none)}"] if none > 0.0005 else [])])


def _expected(facts: Facts, expects: Mapping[int, float]) -> str:
    return " ".join(f"{said}." for measure in facts["measures"] if (said := _of_measure(measure, expects)))


def _of_measure(measure: Facts, expects: Mapping[int, float]) -> str:
    named = ", ".join(_values(measure, expects))
    return f"Expected {words.escape(measure['metric'])}: {named}" if named else ""


def _values(measure: Facts, expects: Mapping[int, float]) -> Iterator[str]:
    for line in measure["options"]:
        if line["market_id"] in expects:
            value = priced.value(measure, expects[line["market_id"]])
            yield f"{words.escape(value)} if {words.escape(line['name'])}"


def _left_out(declared: Facts, most: int | None) -> list[str]:
    left = 0 if most is None else max(0, len(declared["said"]) - most)
    missing = [words.person(each) for each in declared["missing"]]
    return [
        *([f"• {words.count(left, 'more decider')} declared; they count in the averages."] if left else []),
        *([f"• Nothing from {words.enumerated(missing)}."] if missing else []),
    ]
