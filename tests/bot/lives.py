"""Three lives, and what core wrote down to be told in them: a simple one, one about several measures, and a lottery's."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import lotteries
import short
import varied
from acts import (
    TEAM,
    close_market,
    file_reading,
    halt,
    identity,
    object_to,
    postpone,
    push,
    record,
    rest,
    rule,
    trade,
)
from elsewhere import serving
from live import COMMITTEE, Live
from sqlalchemy import Connection, select

from bot.reports import RENDERERS, lottery_news
from bot.reports.message import Message
from core.announcements.tables import announcement
from core.exchange import (
    allowing,
    audit,
    declaring,
    defining,
    drawing,
    granting,
    noting,
    pasting,
    portfolios,
    questions,
    reporting,
    resolving,
    scheduling,
    sourcing,
    spending,
    staffing,
    telling,
    valuing,
)
from core.exchange.allowing import Allowance
from core.exchange.declaring import Declaration
from core.exchange.noting import Kind
from core.exchange.portfolios import PortfolioPlan
from core.exchange.scheduling import Schedule
from core.units import MICRO

Facts = dict[str, Any]
ONLY_VARIED = ("option_added", "moved", "ballots_reopened", "ballots_closed", "question", "answer")
LINKS = ("https://audit.example/7", "https://b.example/x?a=1&b=2")


def facts_of_both(new_folder: Callable[[str], Path]) -> dict[str, Facts]:
    """The facts of one announcement of each kind; those of the varied life are called ``several card`` and the like,
    those of a decision that a lottery draws ``lottery card``.
    """
    varied_life = _varied(new_folder("several"))
    several = {f"several {kind}": said for kind, said in varied_life.items()}
    only_there = {kind: varied_life[kind] for kind in ONLY_VARIED}
    drawn = _drawn(new_folder("drawn"))
    of_lottery = {f"lottery {kind}": drawn[kind] for kind in ("card", "report", "outcome")}
    told_there = {kind: drawn[kind] for kind in drawn.keys() & lottery_news.RENDERERS.keys()}
    simple, resolved = _simple(new_folder("simple")), _resolved(new_folder("resolved"))
    return simple | resolved | only_there | several | told_there | of_lottery


def message(kind: str, facts: Facts) -> dict[str, Any]:
    """What is posted of facts of this kind."""
    made: Message = RENDERERS[
        kind.removeprefix("several ").removeprefix("recorded ").removeprefix("lottery ")
    ](facts)
    return made.payload()


def pressed(made: dict[str, Any]) -> list[str]:
    """The actions of its buttons."""
    return [
        e["action_id"] for block in made["blocks"] if block["type"] == "actions" for e in block["elements"]
    ]


def _simple(folder: Path) -> dict[str, Facts]:
    live = Live(folder)
    ada, emil, carol, mona = (live.person(f"U0{name}") for name in ("ADA", "EMIL", "CAROL", "MONA"))
    try:
        trade(emil, "100", option="Release")
        rest(live, "U0ERIN", varied.line(live, "Release", "Helpfulness score", 1).market_id, 600_000, 50)
        trade(emil, "30", option="Release", way="Lower")
        trade(emil, "40", option="Hold", way="Lower")
        report = live.read(reporting.report, "", 1, live.workspace.clock())
        said = Declaration((60, 30), 10, ((64 * MICRO, 55 * MICRO),))
        live.write(declaring.declare, identity("U0CAROL"), 1, said)
        live.write(declaring.declare, identity("U0CHEN"), 1, replace(said, chances=(20, 70)))
        halt(ada)
        halt(ada, "resume")
        admin, other = identity("U0ADA"), identity("U0EMIL")
        weekly = Allowance(opening=0, amount=7 * MICRO, cap=None, floor=0, period_days=7)
        live.write(allowing.set_rule, admin, weekly, "So that everybody can trade.")
        live.write(staffing.appoint, admin, other, "To see how it is.")
        live.write(granting.grant, admin, identity("U0ERIN"), 7 * MICRO, "wrong", "a mistake")
        live.write(granting.ask_reversal, admin, "wrong", "It was a mistake.")
        live.write(granting.reverse, other, "wrong")
        live.write(staffing.dismiss, admin, other, "To see how it is.")
        live.write(telling.unreachable, f"{TEAM}/{COMMITTEE}", "not_in_channel")
        thin = PortfolioPlan("Thin markets", 500 * MICRO, None, 30, (admin, other), f"{TEAM}/{COMMITTEE}")
        live.write(portfolios.open_portfolio, admin, thin, "For questions that few trade.")
        fridays = Schedule("0 17 * * FRI", "Europe/Berlin", 20_000)
        live.write(scheduling.schedule_reports, admin, 1, fridays)
        postpone(ada, decide_by=timedelta(hours=12))
        live.advance(days=6, hours=12)
        emil.wait_for("You hold shares", "D0EMIL")
        live.advance(hours=13)
        carol.wait_for("Spread report D-1", COMMITTEE)
        live.write(noting.note, identity("U0ERIN"), 1, Kind.LATE, "The audit is out.", LINKS)
        record(carol, "Hold")
        live.write(noting.note, identity("U0CAROL"), 1, Kind.ADDENDUM, "One more reason.", ())
        recorded = asdict(live.read(reporting.report, "", 1, live.workspace.clock()))
        live.advance(days=30)
        mona.wait_for("needs you", "D0MONA")
        file_reading(mona, "71")
        object_to(emil)
        rule(ada, "Dismiss")
        mona.wait_for("Outcome D-1")
        proved = {"proofs": [asdict(each) for each in live.read(audit.audit)], "head": live.read(audit.head)}
        spent = asdict(live.read(spending.report, admin, portfolios.MAIN, live.workspace.clock()))
        made = {"card": asdict(report), "recorded report": recorded, "audit": proved | {"at": report.at}}
        made["subsidies"] = spent
        return {kind: dict(said) for kind, said in live.read(_told)} | made
    finally:
        live.close()


RESOLVED = (
    "definition_proposed",
    "definition_changed",
    "definition_kept",
    "source_failed",
    "source_doubted",
    "decision_overdue",
    "reading_overdue",
)


def _resolved(folder: Path) -> dict[str, Facts]:
    """A definition is changed, and a reading is taken from a source that fails and is doubted; core alone does it all."""
    with serving() as site:
        return _resolved_by(Live(folder), site.say("/latency", '{"p50": 130}'))


def _resolved_by(live: Live, url: str) -> dict[str, Facts]:
    mona, carol = identity("U0MONA"), identity("U0CAROL")
    try:
        opened = short.open_short(live)
        (metric,) = opened.metric_ids
        said = live.read(defining.versions, mona, metric).in_force.definition
        for number, word in ((2, "No"), (3, "")):
            other = replace(said, wording="As the log says.", source="The log", decimals=1)
            live.write(defining.propose, mona, metric, other, identity("U0ERIN"), "The dashboard goes.")
            if word:
                live.write(defining.turn_down, carol, metric, number, "It stays.")
            else:
                live.write(defining.approve, carol, metric, number)
        address = {"url": url, "value": "nothing.there"}
        live.write(sourcing.configure, identity("U0ERIN"), metric, "http", address, None)
        live.advance(hours=2, minutes=1)
        live.wait_until(lambda: "decision_overdue" in dict(live.read(_told)))
        short.choose(live, opened.decision_id)
        live.advance(hours=3)
        short.fail_all(live, metric)
        live.write(sourcing.configure, identity("U0ERIN"), metric, "http", address | {"value": "p50"}, None)
        live.wait_until(lambda: "source_doubted" in dict(live.read(_told)))
        live.advance(days=7, minutes=1)
        live.wait_until(lambda: "reading_overdue" in dict(live.read(_told)))
        return {kind: dict(said) for kind, said in live.read(_told) if kind in RESOLVED}
    finally:
        live.close()


def _varied(folder: Path) -> dict[str, Facts]:
    """Three measures, one of them in bins and one with a metric for each option; one metric is never measured.

    Before that, the market of another decision moves against what somebody holds. And there is a question that hangs on
    no decision, of which what is told of any reading is told in its own words.
    """
    live = Live(folder)
    emil, carol, mona = (live.person(f"U0{name}") for name in ("EMIL", "CAROL", "MONA"))
    try:
        trade(emil, "50", option="Release", way="Higher")
        push(live, "U0ESRA", varied.line(live, "Release", "Helpfulness score", 1).market_id, 56)
        live.wait_until(lambda: "moved" in dict(live.read(_told)))
        moved = dict(dict(live.read(_told))["moved"])
        varied.open_varied(live)
        trade(emil, "20", name="D-2", option="Hold: Trust in them", way="Higher")
        trade(emil, "20", name="D-2", option="Release: Incidents", estimate="25")
        asked = varied.ask(live)
        live.advance(hours=30)
        varied.add_third(live)
        report = live.read(reporting.report, "", 2, live.workspace.clock())
        for who, worth in (("U0CAROL", -2), ("U0CHEN", 3)):
            live.write(valuing.cast, identity(who), 2, (MICRO, MICRO // 2, worth * MICRO))
        close_market(live, carol, "D-2")
        live.wait_until(lambda: varied.row(live).state == "closed")
        live.write(valuing.reopen, identity("U0CAROL"), 2, "We learned more.")
        live.write(valuing.close, identity("U0CHEN"), 2)
        record(carol, "Release", name="D-2")
        live.advance(days=1, hours=1)
        carol.wait_for("is final")
        question = live.read(
            lambda c: questions.report(c, "", asked, live.workspace.clock(), with_course=True)
        )
        live.write(resolving.file, varied.MONA, question.metric_id, 100 * MICRO, "The store")
        for metric, value in (("Helpfulness score", "71"), ("Trust in us", "64.5"), ("Incidents", None)):
            file_reading(mona, value, "D-2", metric)
        live.advance(days=1, hours=1)
        mona.wait_for("Outcome D-2")
        found = {kind: dict(said) for kind, said in live.read(_told) if said.get("decision_id") == 2}
        found |= {"card": asdict(report), "moved": moved}
        of_question = {kind: dict(said) for kind, said in live.read(_told) if said.get("market_id") == asked}
        of_question["question"] = asdict(question)
        return {kind: found[kind] for kind in ("card", "report", "outcome", *ONLY_VARIED[:4])} | of_question
    finally:
        live.close()


def _drawn(folder: Path) -> dict[str, Facts]:
    """A lottery draws once two people read its beacon alike; what was drawn is doubted, and was not carried out."""
    live = Live(folder)
    ada, emil, erin, carol, chen = (
        live.person(f"U0{name}") for name in ("ADA", "EMIL", "ERIN", "CAROL", "CHEN")
    )
    try:
        lotteries.open_lottery(ada)
        trade(emil, "20", name="D-2", way="Higher")
        trade(erin, "10", name="D-2", side="Only if the lottery draws it", way="Lower")
        live.advance(days=7, hours=1)
        carol.wait_for("Spread report D-2", COMMITTEE)
        report = live.read(reporting.report, "", 2, live.workspace.clock())
        first, second = identity(carol.user), identity(chen.user)
        for by, wanted in ((first, 1), (second, 0), (first, 0), (second, 0)):
            live.write(pasting.paste, by, 2, lotteries.value_for(live, wanted, 2))
        live.write(drawing.misread, second, 2, lotteries.value_for(live, 1, 2), "A typo.")
        live.advance(days=1, hours=1)
        emil.wait_for("is final: its lottery drew")
        live.write(drawing.breach, identity(carol.user), 2, "It was held back.")
        live.write(
            resolving.file,
            identity("U0MONA"),
            varied.row(live).report.measures[0].drawn[0].metric_id,
            71 * MICRO,
            "It",
        )
        live.advance(days=1, hours=1)
        emil.wait_for("Outcome D-2")
        found = {kind: dict(said) for kind, said in live.read(_told) if said.get("decision_id") == 2}
        return found | {"card": asdict(report)}
    finally:
        live.close()


def _told(connection: Connection) -> list[tuple[str, Facts]]:
    """As they were told first: a report that asked for what is done by now asks for nothing."""
    found = connection.execute(select(announcement.c.kind, announcement.c.facts))
    return [
        (kind, {name: said for name, said in facts.items() if name != "is_answered"}) for kind, facts in found
    ]
