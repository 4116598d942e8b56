"""What somebody can file: of a decision the metrics of what was chosen, of a question that hangs on none its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot import words
from bot.door import Ask
from bot.reports import question
from core.errors import NotAllowed, NotOpen
from core.exchange import board, questions
from core.exchange.board import Row
from core.exchange.measured import MetricRow
from core.exchange.questions import AskedRow
from core.exchange.resolving import Reading

TAKEN = {"chosen", "drawn"}  # By people, or by a lottery.


@dataclass(frozen=True)
class Place:
    """What a decision, or a question that hangs on none, lets the asker file now.

    ``is_owner`` is False for an admin, who can only say that it was never measured. ``averages`` is what the void
    window's prices come to for each metric, in words, as far as that is known by now.
    """

    name: str
    metrics: Mapping[int, MetricRow]
    choices: tuple[int, ...]
    is_owner: bool
    averages: Mapping[int, str]


def on_chosen(row: Row) -> list[int]:
    """The metrics of the option that was taken, once that is final: the only ones that are read."""
    if row.state not in TAKEN:
        return []
    lines = [line for measure in row.report.measures for line in (*measure.options, *measure.drawn)]
    return list(dict.fromkeys(line.metric_id for line in lines if line.name == row.report.chosen))


async def place(ask: Ask, name: str) -> Place:
    """``D-1`` or, from messages of before there were questions, ``1``; or ``M-1``. Raises NotAllowed, NotOpen, Unknown."""
    kind, _, number = name.rpartition("-")
    if kind == "M":
        return _of_question(await ask.read(questions.row, ask.by, int(number), ask.now), ask.now)
    row: Row = await ask.read(board.row, ask.by, int(number), ask.now)
    _require(is_owner := row.standing.is_metric_owner, row.standing.is_admin, row.metrics)
    choices = _choices(row, ask.by if is_owner else None, ask.now)
    return Place(words.decision(row.decision_id), row.metrics, choices, is_owner, _averages(row))


def _of_question(row: AskedRow, now: datetime) -> Place:
    metrics = {row.report.metric_id: row.metric}
    _require(row.is_owner, row.is_admin, metrics)
    if _is_final(row.metric.reading, now):
        raise NotOpen("metric", row.report.question, "read")
    facts = asdict(row.report)
    known = (
        {}
        if row.report.is_trading
        else {row.report.metric_id: f"*{question.value(facts, facts['average'])}*"}
    )
    return Place(words.market(row.market_id), metrics, tuple(metrics), row.is_owner, known)


def _require(is_owner: bool, is_admin: bool, metrics: Mapping[int, MetricRow]) -> None:
    if not is_owner and not is_admin:
        raise NotAllowed(
            "file", "metric_owner_only", tuple(sorted({each.owner for each in metrics.values()}))
        )


def _averages(row: Row) -> dict[int, str]:
    """What the void window's prices come to, of each metric of the option that was taken, as it was taken."""
    return {
        line.metric_id: f"*{words.escape(words.value(line.average, measure.unit, measure.low, measure.high))}* "
        f"if {words.escape(line.name)}"
        for measure in row.report.measures
        for line in ((row.state == "drawn" and measure.drawn) or measure.options)
        if line.name == row.report.chosen
    }


def _require_chosen(row: Row) -> None:
    if row.state in TAKEN:
        return
    name, final_at = words.decision(row.decision_id), row.report.final_at
    if row.state not in {"open", "closed"}:
        raise NotOpen("decision", name, row.state)
    since = datetime.fromtimestamp(final_at, tz=UTC) if final_at else None
    raise NotOpen("decision", name, "not_final" if since else "undecided", since)


def _choices(row: Row, owner: str | None, now: datetime) -> tuple[int, ...]:
    """What can be filed now, of one owner or of all. Raises NotOpen, with the reason, if that is nothing."""
    _require_chosen(row)
    own = [each for each, metric in row.metrics.items() if owner in (None, metric.owner)]
    read = [each for each in own if each in on_chosen(row)]
    if not read:
        raise NotOpen("metric", row.metrics[own[0]].definition.name, "dead")
    found = [each for each in read if not _is_final(row.metrics[each].reading, now)]
    if not found:
        raise NotOpen("metric", row.metrics[read[0]].definition.name, "read")
    return tuple(found)


def _is_final(reading: Reading | None, now: datetime) -> bool:
    return reading is not None and reading.is_final(now)
