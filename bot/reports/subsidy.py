"""The subsidy report: what a portfolio has reserved, what it has lost and will have by the period's end, and what that bought."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    DataPoint,
    DataSeries,
    DataVisualizationBlock,
    HeaderBlock,
    LineChart,
    RawText,
    TableBlock,
)

from bot import words
from bot.blocks import actions, button, context, fit, section
from bot.reports.message import Message

Facts = Mapping[str, Any]
FILE = "subsidy_file"
ROWS_MOST, NAME_MOST = 20, 40
STEPS_MOST, BARS_MOST = 20, 12  # Of Slack's charts.
NOTHING = "-"
_SERIES = {"free": "Free", "reserved": "Reserved", "lost": "Lost"}


def render(facts: Facts) -> Message:
    of = facts["portfolio"]
    lines = [_standing(of), _period(of), _bought(facts)]
    blocks: list[Block] = [
        HeaderBlock(fit(f"Subsidy report: {of['name']}", 150), block_id="header"),
        section("\n".join(lines), "standing"),
        *([_table(facts["markets"])] if facts["markets"] else []),
        *_charts(facts),
        *actions("actions", [button("CSV", FILE, of["id"], f"{of['name']} as CSV")]),
        context(_footer(facts), "footer"),
    ]
    said = f"Subsidy report of {words.escape(of['name'])}: {words.without_markup(lines[0])}"
    return Message(said, tuple(blocks))


def _standing(of: Facts) -> str:
    limit = f" of at most {words.number(of['reserve_budget'])}" if of["reserve_budget"] is not None else ""
    waiting = of.get("promised", 0)  # Reports that were kept before it was told do not say.
    promised = f" ({words.number(waiting)} of them promised to markets)" if waiting else ""
    return (
        f"*{words.credits(of['reserved'])}*{limit} are reserved for markets, {words.number(of['free'])} are free{promised} "
        f"and {_lost(of['lost'])} traders since it was opened."
    )


def _lost(micro: int) -> str:
    """A portfolio whose markets won more than they lost says so."""
    return (
        f"*{words.number(micro)}* were lost to" if micro >= 0 else f"*{words.number(-micro)}* were won from"
    )


def _period(of: Facts) -> str:
    """A forecast that is above the budget is said to be."""
    said = (
        f"In the period that ends {words.moment(of['period_to'])}: {words.credits(of['spent'])} lost so far, "
        f"about {words.number(of['expected'])} by its end as prices stand"
    )
    if of["spend_budget"] is None:
        return f"{said}."
    over = ", *more than it may*" if of["expected"] > of["spend_budget"] else ""
    return f"{said}, of {words.number(of['spend_budget'])} that it may lose{over}."


def _bought(facts: Facts) -> str:
    trades = (
        f"{words.count(facts['trades'], 'trade')} by {words.people(facts['traders'])} in the markets below"
    )
    backed = facts["portfolio"]["reserved"] + facts["portfolio"]["lost"]
    if facts["trades"] and backed > 0:
        each, person = (words.credits(round(backed / facts[of])) for of in ("trades", "traders"))
        trades += f", {each} reserved or lost for each trade, and {person} for each person"
    if facts["credits_per_bit"] is not None:
        paid = f"{words.bits(facts['bits'])} bought for {words.credits(facts['bits_cost'])}"
        return f"{trades}. What is settled: {paid}, {words.credits(facts['credits_per_bit'] * 1e6)} a bit; {_back(facts)}."
    settled = [line for line in facts["markets"] if line["cost"] is not None]
    if not settled:
        return f"{trades}. Nothing is settled yet, so no bit was bought."
    return f"{trades}. What is settled moved prices by {words.bits(facts['bits'])}, and cost {words.credits(facts['bits_cost'])}; {_back(facts)}."


def _back(facts: Facts) -> str:
    return f"{words.number(facts['returned'])} of its reserves came back"


def _table(lines: Sequence[Facts]) -> TableBlock:
    """A phone shows the first columns, so what is held and lost stands there."""
    heading = ["Market", "Reserved", "Lost", "Bits", "Credits a bit", "Trades"]
    rows = [heading, *(_cells(line) for line in lines[:ROWS_MOST])]
    return TableBlock([[RawText(cell) for cell in row] for row in rows], block_id="table")


def _cells(line: Facts) -> list[str]:
    is_settled = line["cost"] is not None
    lost = words.number(line["cost"]) if is_settled else f"{words.number(line['losing'])} now"
    bits = NOTHING if line["bits"] is None else words.ratio(line["bits"])
    rate = NOTHING if line["credits_per_bit"] is None else words.number(line["credits_per_bit"] * 1e6)
    held = NOTHING if is_settled else words.number(line["reserve"])
    return [_named(line), held, lost, bits, rate, f"{line['trades']} by {words.people(line['traders'])}"]


def _named(line: Facts) -> str:
    """Not escaped: cells are plain text."""
    if line["decision_id"] is None:
        return fit(f"{line['name']} {line['metric']}", NAME_MOST)
    taken = words.taken(line["option"], line["is_drawn"] or None)
    return fit(f"{words.decision(line['decision_id'])} {taken}, {line['metric']}", NAME_MOST)


def _charts(facts: Facts) -> list[Block]:
    return [chart for chart in (_budget(facts["days"]), _bits(facts["markets"])) if chart is not None]


def _budget(days: Sequence[Facts]) -> DataVisualizationBlock | None:
    """Over time; nothing while there are less than two days to show."""
    shown = _thinned(list({words.utc_date(day["at"]): day for day in days}.items()))
    if len(shown) < 2:
        return None
    series = [
        DataSeries(name, [DataPoint(label, _credits(day[kind])) for label, day in shown])
        for kind, name in _SERIES.items()
    ]
    axes = AxisConfig([label for label, _ in shown], x_label="Day, UTC", y_label="Credits")
    return DataVisualizationBlock("Budget over time", LineChart(series, axes), "budget")


def _thinned(found: list[tuple[str, Facts]]) -> list[tuple[str, Facts]]:
    """As many as a chart takes, evenly, the last one among them."""
    if len(found) <= STEPS_MOST:
        return found
    last = len(found) - 1
    return [found[round(step * last / (STEPS_MOST - 1))] for step in range(STEPS_MOST)]


def _bits(lines: Sequence[Facts]) -> DataVisualizationBlock | None:
    """What was paid and what a bit cost, in the order of settling."""
    measured = [line for line in lines if line["bits"] is not None][:BARS_MOST][::-1]
    if not measured:
        return None
    labels = [f"{line['name']}: {words.bits(line['bits'])}" for line in measured]
    points = [DataPoint(label, _credits(line["cost"])) for label, line in zip(labels, measured, strict=True)]
    axes = AxisConfig(labels, x_label="Market: bits that its prices gained", y_label="Credits lost")
    chart = BarChart([DataSeries("Credits lost", points)], axes)
    return DataVisualizationBlock("Bits against credits", chart, "bits")


def _credits(micro: int) -> float:
    return round(micro / 1e6, 2)


def _footer(facts: Facts) -> str:
    more = len(facts["markets"]) - ROWS_MOST
    left = f" {words.count(more, 'more market')} in the CSV." if more > 0 else ""
    number = f"Report {facts['number']}. " if facts.get("number") else ""
    return (
        f"{number}Each option\u2019s own reserve is shown; of a decision only the dearest option\u2019s is reserved, since one of "
        f"them comes true.{left} Journal `{facts['head'][:12]}`"
    )
