"""What the options of a decision are compared on: one metric, how it is traded, and a base rate for each option."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from slackblocks import Block, CheckboxGroup, Option, PlainText, PlainTextInput, UserSelectMenu

from bot import numerals
from bot.modals import inputs
from bot.modals.inputs import Typed
from core import units
from core.errors import Invalid
from core.exchange import opening
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan

WORDING_MOST = 1000

Measure = dict[str, Any]  # As typed, so that one step can pass it to the next.


def blocks(options: Sequence[str], number: int) -> list[Block]:
    """The inputs of the so manyth measure; their ids tell it from those before, so that nothing stays typed."""
    made = [*_metric(), *_base_rates(options), *_ranges(), *_end()]
    for block in made if number > 1 else ():
        block.block_id = f"{block.block_id}:{number}"
    return made


def _metric() -> list[Block]:
    wording = PlainTextInput("metric_wording", multiline=True, max_length=WORDING_MOST)
    what = "What is measured, by whom, from which source, on which day."
    return [
        _text("metric_name", "Metric", "What should be better or worse.", 75),
        _text("metric_unit", "Unit", "For example points, %, days.", 20),
        _value("low", "Lowest value", "A lower value counts as this one. Of a yes or no, 0."),
        _value("high", "Highest value", "A higher value counts as this one. Of a yes or no, 1."),
        inputs.labelled("metric_wording", "Exact wording", wording, what),
    ]


def _base_rates(options: Sequence[str]) -> list[Block]:
    hint = "The value you would expect if it is chosen; prices open there."
    return [_value(f"base_rate_{n}", f"Base rate: {name}", hint) for n, name in enumerate(options, 1)]


def _ranges() -> list[Block]:
    """A market in ranges opens as a curve, and so needs its width."""
    centres = PlainTextInput("centres", max_length=200)
    several = "Values from the lowest to the highest, such as 0 10 20 40. Empty: traded as higher or lower."
    sure = "With ranges: two times in three the value is no further from the base rate than this."
    return [
        inputs.labelled("centres", "Ranges around", centres, several, is_optional=True),
        _value("sd", "How uncertain the base rates are", sure, is_optional=True),
    ]


def _end() -> list[Block]:
    owner = UserSelectMenu("metric_owner", placeholder=PlainText("Person"))
    more = CheckboxGroup("more", [Option(PlainText("Compare the options on another metric too"), "more")])
    return [
        inputs.labelled("metric_owner", "Metric owner", owner, "Files the reading, and may not trade it."),
        inputs.labelled("more", "Then", more, "Five at most.", is_optional=True),
    ]


def _text(name: str, label: str, hint: str, most: int) -> Block:
    return inputs.labelled(name, label, PlainTextInput(name, max_length=most), hint)


def _value(name: str, label: str, hint: str, *, is_optional: bool = False) -> Block:
    return inputs.labelled(name, label, inputs.number(name), hint, is_optional=is_optional)


def typed(values: Typed, options: int) -> Measure:
    return {
        "name": inputs.text(values, "metric_name"),
        "unit": inputs.text(values, "metric_unit"),
        "low": inputs.text(values, "low"),
        "high": inputs.text(values, "high"),
        "wording": inputs.text(values, "metric_wording"),
        "base_rates": [inputs.text(values, f"base_rate_{n}") for n in range(1, options + 1)],
        "centres": inputs.text(values, "centres"),
        "sd": inputs.text(values, "sd"),
        "owner": values["metric_owner"]["selected_user"],
    }


def check(measure: Measure, address: Callable[[str], str], options: int) -> None:
    """Raises Invalid, naming the input, for what no decision can be compared on."""
    if measure["centres"] and not measure["sd"]:
        raise Invalid("sd", "needed_for_ranges")
    try:
        opening.check_measures([plan(measure, address)], options)
    except Invalid as wrong:
        place = {"outcomes": "centres"}.get(wrong.field, "sd" if wrong.field.endswith("_sd") else wrong.field)
        raise replace(wrong, field=place) from wrong


def plan(measure: Measure, address: Callable[[str], str]) -> MeasurePlan:
    """One metric for all options, and a base rate for each. Raises Invalid for what is no number."""
    low, high = units.parse(measure["low"], "low"), units.parse(measure["high"], "high")
    metric = Definition(measure["name"], measure["unit"], low, high, measure["wording"])
    centres = tuple(numerals.parse(each, "centres") for each in numerals.parted(measure["centres"]))
    sd = units.parse(measure["sd"], "sd") if measure["sd"] else 0
    rates = [units.parse(text, f"base_rate_{n}") for n, text in enumerate(measure["base_rates"], 1)]
    owner = address(measure["owner"])
    return MeasurePlan((MetricPlan(metric, owner, centres),), tuple(BaseRate(rate, sd) for rate in rates))
