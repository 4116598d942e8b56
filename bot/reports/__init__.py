"""Facts in, blocks out: pure functions from what core says happened to what people see."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.reports import (
    audited,
    card,
    deciders,
    defined,
    digest,
    lottery_news,
    news,
    outcome,
    overdue,
    portfolio,
    question,
    schedule,
    sourced,
    spread,
    subsidy,
)
from bot.reports.message import Message

Facts = Mapping[str, Any]

RENDERERS: Mapping[str, Callable[[Facts], Message]] = {
    "card": card.render,
    "report": spread.render,
    "subsidy_report": subsidy.render,
    "outcome": outcome.render,
    "question": question.render,
    "answer": outcome.answer,
    "declare": deciders.declare,
    "ballots_reopened": deciders.ballots_reopened,
    "ballots_closed": deciders.ballots_closed,
    "noted": deciders.noted,
    "recorded": news.recorded,
    "took_effect": news.took_effect,
    "option_added": news.option_added,
    "halted": news.halted,
    "resumed": news.resumed,
    "postponed": news.postponed,
    "scheduled": schedule.changed,
    "reading": news.reading,
    "objected": news.objected,
    "ruled": news.ruled,
    "ruling_due": news.ruling_due,
    "appointed": news.appointed,
    "dismissed": news.dismissed,
    "reversal_asked": news.reversal_asked,
    "reversed": news.reversed_,
    "audit": audited.render,
    "reading_due": news.reading_due,
    "definition_proposed": defined.proposed,
    "definition_changed": defined.changed,
    "definition_kept": defined.kept,
    "source_failed": sourced.failed,
    "source_doubted": sourced.doubted,
    "decision_overdue": overdue.decision,
    "reading_overdue": overdue.reading,
    "unreachable": news.unreachable,
    "portfolio_changed": portfolio.changed,
    **lottery_news.RENDERERS,
    **digest.RENDERERS,
}
