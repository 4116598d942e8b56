"""What a report says of a decision's lottery: chances, beacon, what was drawn, and what was promised and not kept."""

from sqlalchemy import Connection

from core.decisions import lotteries
from core.decisions.decision import Decision
from core.decisions.lotteries import Draw
from core.exchange.facts import Breach, Drawn, Lottery, Read
from core.people import persons
from core.pricing.lottery import SURE


def lottery(connection: Connection, decision: Decision) -> Lottery | None:
    """The lottery that may decide it, or has."""
    of = decision.lottery
    if of is None:
        return None
    kept, made = lotteries.get(connection, decision.id), lotteries.draws(connection, decision.id)
    broken = lotteries.breaches(connection, decision.id)
    typed = lotteries.typed(connection, decision.id)
    is_waiting = bool(not made and typed and typed[-1].word == lotteries.Word.PROPOSED)
    acted = {each.pasted_by for each in made} | {each.recorded_by for each in broken}
    acted |= {each.by for each in typed}
    people = persons.by_ids(connection, acted - {None})  # type: ignore[arg-type]
    identity = {person.id: person.identity for person in people.values()}
    draws = tuple(_drawn(decision, each, identity.get(each.pasted_by or 0)) for each in made)
    return Lottery(
        probability=of.probability,
        chances=tuple(round(chance * SURE) for chance in of.chances),
        beacon=kept.beacon.name,
        url=kept.beacon.url,
        round=kept.beacon.round,
        commitment=kept.commitment,
        awaits=decision.awaits_draw,
        drawn=draws[-1] if draws else None,
        breaches=tuple(_breach(each, identity.get(each.recorded_by or 0)) for each in broken),
        read_by=identity[typed[-1].by] if is_waiting else None,
        draws=draws,
        readings=tuple(
            Read(each.word, each.value, identity[each.by], int(each.at.timestamp())) for each in typed
        ),
    )


def _breach(of: lotteries.Breach, by: str | None) -> Breach:
    return Breach(
        kind=of.kind,
        reason=str(of.what.get("reason", "")),
        by=by,
        at=int(of.recorded_at.timestamp()),
        before=of.what.get("before"),
        after=of.what.get("after"),
    )


def _drawn(decision: Decision, made: Draw, by: str | None) -> Drawn:
    return Drawn(
        option=decision.option(made.option_id).name if made.option_id else None,
        beacon_value=made.beacon_value,
        digest=made.digest,
        by=by,
        at=int(made.drawn_at.timestamp()),
        final_at=int(made.final_at.timestamp()),
    )
