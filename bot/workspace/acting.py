"""A person uses a button, a select or another element in a message, a modal or the App Home."""

from typing import Any

from bot.workspace.conversations import Conversation
from bot.workspace.errors import ApiError, Refused
from bot.workspace.inputs import VALUE_KEYS, fill, find_element, find_option, initial_value, read_value
from bot.workspace.payloads import block_actions_in_message, block_actions_in_view
from bot.workspace.requests import send_interaction
from bot.workspace.state import Workspace

Json = dict[str, Any]


async def act(workspace: Workspace, user_id: str, body: Json) -> Json:
    payload = payload_of(workspace, user_id, body)
    reply = await send_interaction(workspace, payload)
    if not reply.is_ok:
        raise Refused(f"{workspace.seed.bot_name} did not respond ({reply.outcome}). Try again?")
    if reply.body.strip():
        workspace.warn("The app answered a block action with a body, which Slack ignores.")
    return {}


def payload_of(workspace: Workspace, user_id: str, body: Json) -> Json:
    if "message_ts" in body:
        return from_message(workspace, user_id, body)
    view = (
        workspace.views.homes.get(user_id)
        if body.get("home")
        else own_view(workspace, user_id, body.get("view_id", ""))
    )
    if view is None:
        raise Refused("The App Home is empty.")
    block, element = find_element(view["blocks"], body["block_id"], body["action_id"])
    action = action_of(workspace, block, element, body.get("value") or {})
    take_values(view, body.get("values") or {}, action)
    return block_actions_in_view(workspace, user_id, view, action)


def from_message(workspace: Workspace, user_id: str, body: Json) -> Json:
    conversation = workspace.conversation_of(user_id, body.get("channel", ""))
    message = message_for(workspace, user_id, conversation, body["message_ts"])
    block, element = find_element(message["blocks"], body["block_id"], body["action_id"])
    action = action_of(workspace, block, element, body.get("value") or {})
    values = fill(message["blocks"], body.get("values") or {}, chosen(action))
    return block_actions_in_message(workspace, user_id, conversation, message, action=action, state=values)


def message_for(workspace: Workspace, user_id: str, conversation: Conversation, ts: str) -> Json:
    ephemeral = workspace.find_ephemeral(conversation.id, user_id, ts)
    message = ephemeral.message if ephemeral else conversation.find_message(ts)
    if message is None:
        raise Refused("That message is no longer there.")
    return message


def own_view(workspace: Workspace, user_id: str, view_id: str) -> Json:
    try:
        owner, view = workspace.views.find(view_id)
    except ApiError:
        owner, view = "", {}
    if owner != user_id:
        raise Refused("That view is no longer open.")
    return view


def take_values(view: Json, values: Json, action: Json) -> None:
    """What the person typed so far travels with each action and stays with the view."""
    merged = fill(view["blocks"], view["state"]["values"], values, chosen(action))
    view["state"] = {"values": merged}


def chosen(action: Json) -> Json:
    """The acted value as a source for `fill`; buttons and overflow menus hold none."""
    if action["type"] not in VALUE_KEYS:
        return {}
    key = VALUE_KEYS[action["type"]][0]
    return {action["block_id"]: {action["action_id"]: {"type": action["type"], key: action[key]}}}


def action_of(workspace: Workspace, block: Json, element: Json, value: Json) -> Json:
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Refused("This input is only sent with the whole form.")
    action = {name: element[name] for name in ("type", "action_id")} | {"block_id": block["block_id"]}
    return action | value_of(element, value) | {"action_ts": workspace.next_ts()}


def value_of(element: Json, value: Json) -> Json:
    if element["type"] == "button":
        return {name: element[name] for name in ("text", "value", "style") if name in element}
    if element["type"] == "overflow":
        option = find_option(element, value.get("selected_option") or {"value": None})
        if option is None:
            raise Refused("That choice is not on the menu.")
        return {"selected_option": option}
    key = VALUE_KEYS[element["type"]][0]
    if key not in value:
        return initial_value(element)
    read = read_value(element, value)
    if value[key] and not read[key]:
        raise Refused("That choice is not offered.")
    return read
