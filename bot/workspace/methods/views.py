"""Methods with which the app opens, changes and publishes views."""

from typing import Any

from bot.workspace.composing import compose_view
from bot.workspace.errors import ApiError
from bot.workspace.state import Workspace
from bot.workspace.viewbook import refuse_stale
from bot.workspace.webapi import method

Json = dict[str, Any]


@method("views.open", required=("trigger_id", "view"))
def open_view(workspace: Workspace, arguments: Json) -> Json:
    user_id = workspace.triggers.holder(arguments["trigger_id"])
    view = compose_view(workspace, arguments["view"], "modal")
    workspace.views.open(user_id, view)
    workspace.triggers.use_up(arguments["trigger_id"])
    return {"view": view}


@method("views.push", required=("trigger_id", "view"))
def push_view(workspace: Workspace, arguments: Json) -> Json:
    user_id = workspace.triggers.holder(arguments["trigger_id"])
    view = compose_view(workspace, arguments["view"], "modal")
    workspace.views.push(user_id, view)
    workspace.triggers.use_up(arguments["trigger_id"])
    return {"view": view}


@method("views.update", required=("view",), optional=("view_id", "external_id", "hash"))
def update_view(workspace: Workspace, arguments: Json) -> Json:
    _, old = workspace.views.find(arguments.get("view_id"), arguments.get("external_id"))
    refuse_stale(old, arguments.get("hash"))
    workspace.views.replace(old, compose_view(workspace, arguments["view"], old["type"]))
    return {"view": old}


@method("views.publish", required=("user_id", "view"), optional=("hash",))
def publish_home(workspace: Workspace, arguments: Json) -> Json:
    user_id = arguments["user_id"]
    if not workspace.manifest.has_home:
        raise ApiError("not_enabled")
    if workspace.seed.find_member(user_id) is None:
        raise ApiError("user_not_found")
    if user_id in workspace.views.homes:
        refuse_stale(workspace.views.homes[user_id], arguments.get("hash"))
    return {"view": workspace.views.publish(user_id, compose_view(workspace, arguments["view"], "home"))}
