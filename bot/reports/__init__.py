"""Facts in, blocks out: pure functions from what core says happened to what people see."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.reports import audited, card, digest, lottery, news, outcome, question, spread
from bot.reports.message import Message

Facts = Mapping[str, Any]

RENDERERS: Mapping[str, Callable[[Facts], Message]] = {
    "card": card.render,
    "report": spread.render,
    "outcome": outcome.render,
    "question": question.render,
    "answer": outcome.answer,
    "recorded": news.recorded,
    "took_effect": news.took_effect,
    "option_added": news.option_added,
    "halted": news.halted,
    "resumed": news.resumed,
    "postponed": news.postponed,
    "reading": news.reading,
    "objected": news.objected,
    "ruled": news.ruled,
    "appointed": news.appointed,
    "dismissed": news.dismissed,
    "reversal_asked": news.reversal_asked,
    "reversed": news.reversed_,
    "audit": audited.render,
    "reading_due": news.reading_due,
    "unreachable": news.unreachable,
    **lottery.RENDERERS,
    **digest.RENDERERS,
}
