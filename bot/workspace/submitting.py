"""A person sends or leaves a modal, and what the app may answer to that."""

import json
from typing import Any

from bot.workspace.acting import own_view
from bot.workspace.composing import compose_view
from bot.workspace.delivery import Reply
from bot.workspace.errors import ApiError, Refused
from bot.workspace.fields import field_errors
from bot.workspace.inputs import fill
from bot.workspace.payloads import view_closed, view_submission
from bot.workspace.requests import send_interaction
from bot.workspace.state import Workspace

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"
FIX_FIELDS = "Some fields need your attention."


async def submit(workspace: Workspace, user_id: str, body: Json) -> Json:
    view = own_view(workspace, user_id, body["view_id"])
    if view is not workspace.views.top(user_id):
        raise Refused("Another view lies on top of that one.")
    view["state"] = {"values": fill(view["blocks"], view["state"]["values"], body.get("values") or {})}
    errors = field_errors(view)
    if not errors:
        reply = await send_interaction(workspace, view_submission(workspace, user_id, view))
        errors = follow(workspace, user_id, view, reply)
    return {"ok": False, "error": FIX_FIELDS, "errors": errors} if errors else {}


def follow(workspace: Workspace, user_id: str, view: Json, reply: Reply) -> dict[str, str]:
    """Does what the app answered; field errors are handed back."""
    if not reply.is_ok:
        raise Refused(TROUBLE)
    try:
        answer = json.loads(reply.body) if reply.body.strip() else {}
        return respond(workspace, user_id, view, answer)
    except (ValueError, TypeError, KeyError, AttributeError, ApiError) as error:
        details = getattr(error, "details", "")
        workspace.warn(f"The app answered a submission wrongly: {error} {details} in {reply.body[:200]}")
        raise Refused(TROUBLE) from error


def respond(workspace: Workspace, user_id: str, view: Json, answer: Json) -> dict[str, str]:
    match answer.get("response_action"):
        case None if not answer:
            workspace.views.drop(user_id, view)
        case "clear":
            workspace.views.stacks[user_id] = []
        case "update":
            workspace.views.replace(view, compose_view(workspace, answer["view"], "modal"))
        case "push":
            workspace.views.push(user_id, compose_view(workspace, answer["view"], "modal"))
        case "errors":
            return checked_errors(view, answer["errors"])
        case unknown:
            raise ValueError(f"response_action {unknown}")
    return {}


def checked_errors(view: Json, errors: dict[str, str]) -> dict[str, str]:
    inputs = {each["block_id"] for each in view["blocks"] if each["type"] == "input"}
    strangers = errors.keys() - inputs
    if strangers or not errors:
        raise ValueError(f"errors must name input blocks, not {sorted(strangers)}")
    return errors


async def close(workspace: Workspace, user_id: str, body: Json) -> Json:
    """Close leaves the top view; with `all`, the X takes the whole stack."""
    view = own_view(workspace, user_id, body["view_id"])
    is_cleared = bool(body.get("all"))
    left = workspace.views.stack(user_id)[0] if is_cleared else view
    if is_cleared:
        workspace.views.stacks[user_id] = []
    else:
        workspace.views.drop(user_id, view)
    if left["notify_on_close"]:
        await send_interaction(workspace, view_closed(workspace, user_id, left, is_cleared=is_cleared))
    return {}
