"""What people do to messages by themselves: read them, react to them, dismiss what only they see."""

from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.state import Workspace

Json = dict[str, Any]


async def mark_read(workspace: Workspace, person: str, body: Json) -> Json:
    """Up to `ts` in a channel, or in one of its threads; a mark never goes back."""
    conversation = workspace.conversation_of(person, body["channel"])
    place = "/".join([conversation.id, *([str(body["thread_ts"])] if body.get("thread_ts") else [])])
    marks = workspace.read_marks.setdefault(person, {})
    try:
        marks[place] = max(marks.get(place, "0"), str(body["ts"]), key=float)
    except ValueError as error:
        raise Refused("A mark is the time of a message.") from error
    return {}


async def forget(workspace: Workspace, person: str, body: Json) -> Json:
    """Takes an ephemeral message away from the person who sees it."""
    seen = workspace.find_ephemeral(body["channel"], person, body["message_ts"])
    workspace.ephemerals = [each for each in workspace.ephemerals if each is not seen]
    return {}


async def react(workspace: Workspace, person: str, body: Json) -> Json:
    """Adds the person's reaction, or takes it back."""
    message = workspace.conversation_of(person, body["channel"]).find_message(body["message_ts"])
    if message is None:
        raise Refused("That message is no longer there.")
    toggle(message, str(body["name"]), person)
    return {}


def toggle(message: Json, name: str, person: str) -> None:
    reactions = message.setdefault("reactions", [])
    found = next((each for each in reactions if each["name"] == name), None)
    if found is None:
        found = {"name": name, "users": [], "count": 0}
        reactions.append(found)
    (found["users"].remove if person in found["users"] else found["users"].append)(person)
    found["count"] = len(found["users"])
    message["reactions"] = [each for each in reactions if each["users"]]
