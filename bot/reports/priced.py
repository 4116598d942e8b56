"""What options are priced at, in the words that card, report, lists and modals share."""

from collections.abc import Mapping
from typing import Any

from bot import words

Facts = Mapping[str, Any]


def value(measure: Facts, micro: float) -> str:
    """A value of the measure's metric, not escaped."""
    return words.value(micro, measure["unit"], measure["low"], measure["high"])


def bare(measure: Facts, micro: float) -> str:
    """The same without the unit."""
    return words.bare_value(micro, measure["low"], measure["high"])


def gap(measure: Facts, micro: float) -> str:
    """How far two values lie apart, not escaped: of percentages in percentage points."""
    return words.difference(micro, measure["unit"], measure["low"], measure["high"])


def change(measure: Facts, micro: float) -> str:
    """By how much a value changed, with its sign."""
    return words.change(micro, measure["unit"], measure["low"], measure["high"])


def bare_change(measure: Facts, micro: float) -> str:
    """The same without the unit."""
    return words.bare_change(micro, measure["low"], measure["high"])


def counted(measure: Facts) -> str:
    """What its values count, for a heading."""
    return words.unit_name(measure["unit"])


def is_mixed(measure: Facts) -> bool:
    """Whether its options have metrics of their own, so that each number has to say what it counts."""
    return len({line["metric_id"] for line in measure["options"]}) > 1


def on(option: str, is_drawn: bool | None) -> str:
    """Where shares are: ``North``, or of its twins ``North, if chosen`` or ``North, if drawn``. Not escaped."""
    return option if is_drawn is None else f"{option}, if {'drawn' if is_drawn else 'chosen'}"


def how(measure: Facts) -> str:
    """How an option comes to be taken that is priced here: ``chosen``, or ``drawn`` where a lottery always decides."""
    return "drawn" if measure.get("is_drawn") else "chosen"


def inline(measure: Facts) -> str:
    """All options of a measure in one line, as mrkdwn."""
    mixed = is_mixed(measure)
    heading = f"If {how(measure)}" if mixed else f"{words.escape(measure['metric'])} if {how(measure)}"
    return f"{heading}: {', '.join(_named(measure, line, is_mixed=mixed) for line in measure['options'])}"


def listed(measure: Facts) -> str:
    """All options of a measure, one a line, as mrkdwn; one that was added later says since when."""
    mixed = is_mixed(measure)
    heading = "As" if mixed else f"{words.escape(measure['metric'])}, as"
    lines = [f"• {_named(measure, line, ':', is_mixed=mixed)}{_since(line)}" for line in measure["options"]]
    return "\n".join([f"{heading} priced if that option is {how(measure)}:", *lines])


def sentence(measure: Facts, kind: str = "expected", on: str = "") -> str:
    """All options of a measure in one sentence, not escaped: as priced now, or by another of their values."""
    if is_mixed(measure):
        each = [
            f"{line['metric']} at {value(measure, line[kind])} if {line['name']}"
            for line in measure["options"]
        ]
        return f"The market prices {', '.join(each)}{on}."
    priced = [f"{value(measure, line[kind])} if {line['name']}" for line in measure["options"]]
    return f"{measure['metric']} is priced at {', '.join(priced)}{on}."


def _named(measure: Facts, line: Facts, after_name: str = "", *, is_mixed: bool) -> str:
    metric = f" {words.escape(line['metric'])}" if is_mixed else ""
    priced = words.escape(value(measure, line["expected"]))
    return f"{words.escape(line['name'])}{after_name}{metric} *{priced}*"


def _since(line: Facts) -> str:
    return f" (added {words.moment(line['added_at'])})" if line["added_at"] else ""
