"""What the options of a decision are compared on: a metric for all of them or one for each, how it is traded, base rates."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from slackblocks import Block, CheckboxGroup, InputBlock, Option, PlainText, PlainTextInput, UserSelectMenu

from bot import numerals
from bot.modals import detailing, inputs
from bot.modals.inputs import Typed
from bot.subsidies import ranges
from core import units
from core.errors import Invalid
from core.exchange import opening
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan
from core.exchange.plans import YES_OR_NO

WORDING_MOST = 1000
SHAPE = "metric_shape"
OWN, RANGES, DETAILS = "own", "ranges", "details"
SHAPES = {
    OWN: ("Each option has a metric of its own", "Such as ours if we release, the best rival's if we do not"),
    RANGES: ("It is traded in ranges", "Prices then also say how uncertain it is"),
    DETAILS: (
        "Say more about how it is read",
        "Source, span, decimals, and when it counts as never measured",
    ),
}

Measure = dict[str, Any]  # As typed, so that one step can pass it to the next.


@dataclass(frozen=True)
class Form:
    """What the form of the so manyth measure asks for, and the texts that were typed so far, by their inputs."""

    options: Sequence[str]
    number: int = 1
    shape: Collection[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None

    def about(self) -> list[str]:
        """What tells the inputs of each metric apart: nothing where all options have one."""
        return [f"_{n}" for n, _ in enumerate(self.options, 1)] if OWN in self.shape else [""]


def blocks(form: Form) -> list[Block]:
    """The inputs; their ids tell a measure from those before, so that nothing stays typed."""
    made = [
        _shape(form),
        *_metric(form),
        *_of_options(form),
        *_ranges(form),
        *_off(form),
        *_details(form),
        *_end(form),
    ]
    for block in made if form.number > 1 else ():
        block.block_id = f"{block.block_id}:{form.number}"
    return made


def _shape(form: Form) -> InputBlock:
    choices = {name: Option(PlainText(text), name, PlainText(how)) for name, (text, how) in SHAPES.items()}
    chosen = [choices[name] for name in choices if name in form.shape]
    box = CheckboxGroup(SHAPE, list(choices.values()), initial_options=chosen or None)
    return inputs.live("How they are compared", "shape", box, is_optional=True)


def _metric(form: Form) -> list[Block]:
    """What all options share."""
    own = OWN in form.shape
    units_hint = f"For example points, %, days. “{YES_OR_NO}” is traded as Yes and No, from 0 to 100."
    return [
        *(
            []
            if own
            else [
                _name(form, "", "Metric", "What the options are compared on, for example Helpfulness score.")
            ]
        ),
        _text(form, "metric_unit", "Unit", units_hint, 20),
        _value(form, "low", "Lowest value", "A lower value counts as this one."),
        _value(form, "high", "Highest value", "A higher value counts as this one."),
        *([] if own else [_wording(form, "", "Exact wording")]),
    ]


def _of_options(form: Form) -> list[Block]:
    """A base rate for each, and with it the metric where each has its own."""
    hint = "The value you would expect if it is chosen; prices open there."
    found = []
    for n, name in enumerate(form.options, 1):
        if OWN in form.shape:
            found.append(_name(form, f"_{n}", f"Metric if {name}", "What is measured if it is chosen."))
            found.append(_wording(form, f"_{n}", f"Exact wording if {name}"))
        found.append(_value(form, f"base_rate_{n}", f"Base rate: {name}", hint))
    return found


def _ranges(form: Form) -> list[Block]:
    """A market in ranges opens as a curve, and so needs its width."""
    if RANGES not in form.shape:
        return []
    several = "Values from the lowest to the highest, such as 0 10 20 40."
    sure = "Two times in three the value is no further from the base rate than this."
    return [
        _text(form, "centres", "Ranges around", several, 200),
        _value(form, "sd", "How uncertain the base rates are", sure),
    ]


def _off(form: Form) -> list[Block]:
    """Whether its range is set too wide, where it is traded as higher or lower."""
    if RANGES in form.shape:
        return []
    return ranges.inputs_of(f"{SHAPE}:{ranges.OFF}", form.texts.get(ranges.OFF), _advice(form))


def _advice(form: Form) -> list[str]:
    texts, rates = form.texts, [form.texts.get(f"base_rate_{n}", "") for n, _ in enumerate(form.options, 1)]
    unit, low, high, off = (texts.get(name, "") for name in ("metric_unit", "low", "high", ranges.OFF))
    return ranges.advice(unit, low, high, rates, off)


def advice(measure: Measure) -> list[str]:
    """The same of a measure that was typed already."""
    said = (measure["unit"], measure["low"], measure["high"], measure["base_rates"])
    return ranges.advice(*said, measure.get(ranges.OFF, ""))


def _details(form: Form) -> list[Block]:
    """The same of each metric where each option has its own."""
    return detailing.inputs_of(form.texts) if DETAILS in form.shape else []


def _end(form: Form) -> list[Block]:
    owner = UserSelectMenu("metric_owner", placeholder=PlainText("Person"), initial_user=form.owner)
    more = CheckboxGroup("more", [Option(PlainText("Compare the options on another metric too"), "more")])
    return [
        inputs.labelled("metric_owner", "Metric owner", owner, "Files the reading, and may not trade it."),
        inputs.labelled("more", "More metrics", more, "Five at most.", is_optional=True),
    ]


def _name(form: Form, about: str, label: str, hint: str) -> Block:
    return _text(form, f"metric_name{about}", label, hint, 75)


def _wording(form: Form, about: str, label: str) -> Block:
    hint = "What is measured, by whom, from which source, on which day."
    return _text(form, f"metric_wording{about}", label, hint, WORDING_MOST, is_multiline=True)


def _text(form: Form, name: str, label: str, hint: str, most: int, *, is_multiline: bool = False) -> Block:
    initial = form.texts.get(name)
    element = PlainTextInput(name, initial or None, multiline=is_multiline, max_length=most)
    return inputs.labelled(name, label, element, hint)


def _value(form: Form, name: str, label: str, hint: str) -> Block:
    return inputs.labelled(name, label, inputs.number(name, form.texts.get(name)), hint)


def redrawn(form: Form, values: Typed) -> Form:
    """The form for what is chosen now, with all that was typed, also where it is not shown any more."""
    chosen = {option["value"] for option in values["shape"]["selected_options"]}
    texts = {block: text for block in values if (text := _typed_text(values, block))}
    kept = {**form.texts, **texts}
    for name in ("metric_name", "metric_wording"):  # The first option's metric stands for that of all.
        here, there = (f"{name}_1", name) if OWN in chosen else (name, f"{name}_1")
        if there in kept:
            kept.setdefault(here, kept[there])
    return replace(form, shape=chosen, texts=kept)


def _typed_text(values: Typed, block: str) -> str:
    said = values[block].get("value")
    return said if isinstance(said, str) else ""


def typed(form: Form, values: Typed) -> Measure:
    said = {block: _typed_text(values, block).strip() for block in values}
    return {
        "names": [said[f"metric_name{each}"] for each in form.about()],
        "wordings": [said[f"metric_wording{each}"] for each in form.about()],
        "unit": said["metric_unit"],
        "low": said["low"],
        "high": said["high"],
        "base_rates": [said[f"base_rate_{n}"] for n, _ in enumerate(form.options, 1)],
        "centres": said.get("centres", ""),
        "sd": said.get("sd", ""),
        "owner": values["metric_owner"]["selected_user"],
        **({ranges.OFF: said[ranges.OFF]} if said.get(ranges.OFF) else {}),
        **{name: text for name, text in detailing.texts(values).items() if text},
    }


def is_of(form: Form, values: Typed) -> bool:
    """Whether the form that was sent is the one for what is chosen in it: pressing can be quicker than redrawing."""
    return all(f"metric_name{each}" in values for each in form.about()) and (
        (("centres" in values), ("decimals" in values)) == (RANGES in form.shape, DETAILS in form.shape)
    )


def check(measure: Measure, address: Callable[[str], str]) -> None:
    """Raises Invalid, naming the input, for what no decision can be compared on."""
    try:
        opening.check_measures([plan(measure, address)], len(measure["base_rates"]))
    except Invalid as wrong:
        place = {"outcomes": "centres"}.get(wrong.field, "sd" if wrong.field.endswith("_sd") else wrong.field)
        raise replace(wrong, field=place) from wrong


def plan(measure: Measure, address: Callable[[str], str]) -> MeasurePlan:
    """One metric for all options or one for each, and a base rate for each. Raises Invalid for what is no number."""
    low, high = units.parse(measure["low"], "low"), units.parse(measure["high"], "high")
    definitions = [_definition(measure, n, low, high) for n, _ in enumerate(measure["names"])]
    centres = numerals.parse_all(measure["centres"], "centres")
    sd = units.parse(measure["sd"], "sd") if measure["sd"] else 0
    rates = [units.parse(text, f"base_rate_{n}") for n, text in enumerate(measure["base_rates"], 1)]
    owner = address(measure["owner"])
    plans = tuple(MetricPlan(definition, owner, centres) for definition in definitions)
    off = units.parse(measure[ranges.OFF], ranges.OFF) if measure.get(ranges.OFF) else None
    return MeasurePlan(plans, tuple(BaseRate(rate, sd) for rate in rates), off)


def _definition(measure: Measure, index: int, low: int, high: int) -> Definition:
    """Of a metric that one option alone has, a refusal names its own input."""
    try:
        unit = YES_OR_NO if measure["unit"].casefold() == YES_OR_NO else measure["unit"]
        said = detailing.typed(measure)
        return Definition(measure["names"][index], unit, low, high, measure["wordings"][index], **said)
    except Invalid as wrong:
        is_own = len(measure["names"]) > 1 and wrong.field in {"metric_name", "metric_wording"}
        raise replace(wrong, field=f"{wrong.field}_{index + 1}" if is_own else wrong.field) from wrong
