"""What time it is here, and how it is moved: by a span, to a moment, or to the next date that the app has named."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.state import Workspace

Json = dict[str, Any]
NAMED_DATE = re.compile(r"<!date\^(\d+)\^")


def shown_clock(workspace: Workspace) -> Json:
    named = next_date(workspace)
    return {
        "now": workspace.clock().isoformat(),
        "offset_seconds": workspace.clock.offset.total_seconds(),
        "next": named.isoformat() if named else None,
    }


def next_date(workspace: Workspace) -> datetime | None:
    """The workspace knows what is due from what people are told: the dates in messages and on Homes."""
    messages = [each.messages for each in workspace.conversations.values()]
    ephemeral = [each.message for each in workspace.ephemerals]
    written = json.dumps([messages, ephemeral, workspace.views.homes])
    now = workspace.clock()
    dates = (datetime.fromtimestamp(int(each), UTC) for each in set(NAMED_DATE.findall(written)))
    return min((each for each in dates if each > now), default=None)


async def move_clock(workspace: Workspace, _person: str, body: Json) -> Json:
    """By `seconds`, or `to` a moment or to "next"."""
    span = span_of(workspace, body)
    if span < timedelta(0):
        raise Refused("The clock only goes forward.")
    workspace.clock.advance(span)
    workspace.changes.announce()
    return shown_clock(workspace)


def span_of(workspace: Workspace, body: Json) -> timedelta:
    seconds = body.get("seconds")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        return timedelta(seconds=seconds)
    moment = next_date(workspace) if body.get("to") == "next" else read_moment(body.get("to"))
    if moment is None:
        raise Refused("The app has named no date that is still to come.")
    return moment - workspace.clock()


def read_moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused("Say by how many seconds, or to which moment with its zone, or to the next date.")
    return moment
