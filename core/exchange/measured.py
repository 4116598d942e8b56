"""Metrics as people see them: how each is worded, who reads it, what was filed and objected, and who may rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.exchange import disinterest
from core.markets import metrics, readings, registry
from core.markets.metrics import Definition, Metric
from core.markets.readings import Reading
from core.people import persons
from core.people.persons import Person


@dataclass(frozen=True)
class MetricRow:
    """A metric: how it is worded, who reads it, and its newest reading, if there is one.

    With it come who filed it, who objected to it, and whether the asker may rule on that.
    """

    definition: Definition
    owner: str
    reading: Reading | None
    filed_by: str | None
    objected_by: str | None
    may_rule: bool


@dataclass(frozen=True)
class Subject:
    """A metric with the question that is to be answered by it: a decision's, or its own where it hangs on none."""

    metric_id: int
    question: str
    metric: MetricRow


def subject(connection: Connection, by: str, metric_id: int) -> Subject:
    """Raises Unknown if there is no such metric."""
    metric = metrics.get(connection, metric_id)
    market = next(iter(registry.on_metric(connection, metric_id).values()))
    decision = decisions.of_branch(connection, market.branch_id)
    found = rows(connection, persons.find(connection, by), {metric_id: metric})[metric_id]
    question = decision.terms.question if decision else metric.definition.name
    return Subject(metric_id, question, found)


def rows(connection: Connection, asker: Person | None, found: Mapping[int, Metric]) -> dict[int, MetricRow]:
    filed = readings.find_all(connection, found)
    made_by = {each.filed_by for each in filed.values()}
    made_by |= {each.objection.made_by for each in filed.values() if each.objection}
    people = persons.by_ids(connection, [*(metric.owner for metric in found.values()), *made_by])
    identities = {person.id: person.identity for person in people.values()}
    return {
        metric.id: _row(connection, metric, filed.get(metric.id), identities, asker)
        for metric in found.values()
    }


def _row(
    connection: Connection,
    of: Metric,
    filed: Reading | None,
    identities: Mapping[int, str],
    asker: Person | None,
) -> MetricRow:
    owner = identities[of.owner]
    if filed is None:
        return MetricRow(of.definition, owner, None, None, None, may_rule=False)
    objected_by = identities[filed.objection.made_by] if filed.objection else None
    may_rule = (
        asker is not None
        and filed.is_objected
        and asker.is_admin
        and not filed.is_party(asker.id)
        and not disinterest.has_traded(connection, asker.id, of)
    )
    return MetricRow(of.definition, owner, filed, identities[filed.filed_by], objected_by, may_rule=may_rule)
