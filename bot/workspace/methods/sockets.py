"""Where an app that has no address of its own connects to: Socket Mode."""

from typing import Any

from bot.workspace.errors import ApiError
from bot.workspace.sockets import SocketLink
from bot.workspace.state import Workspace
from bot.workspace.webapi import method

Json = dict[str, Any]


@method("apps.connections.open", is_app_level=True)
def open_connection(workspace: Workspace, _arguments: Json) -> Json:
    if not isinstance(workspace.link, SocketLink):
        raise ApiError("socket_mode_not_enabled")
    url = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{url}/link/?ticket={workspace.link.issue_ticket()}"}
