"""The Web API at /api/{method}: token, scope and arguments are checked here, the methods do the rest."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.workspace.errors import ApiError
from bot.workspace.passing import rate_limited, serve
from bot.workspace.state import Workspace

Json = dict[str, Any]
Call = Callable[[Workspace, Json], Json]

# Forms and queries carry these as JSON text.
STRUCTURED = {"blocks", "files", "metadata", "view"}
BOOLEANS = {
    "include_all_metadata",
    "inclusive",
    "exclude_archived",
    "include_locale",
    "include_num_members",
    "reply_broadcast",
}


# Bolt adds the team to every call; Slack takes it everywhere.
ALWAYS_TAKEN = {"team_id"}


@dataclass(frozen=True)
class Method:
    call: Call
    scope: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    is_app_level: bool = False


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scope: str = "",
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    is_app_level: bool = False,
) -> Callable[[Call], Call]:
    def register(call: Call) -> Call:
        METHODS[name] = Method(call, scope, required, optional, is_app_level)
        return call

    return register


async def serve_method(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    name = request.path_params["method"]
    try:
        arguments = await read_arguments(request)
    except ApiError as error:
        problem = error
        return await serve(workspace, name, {}, lambda: refusal_of(workspace, name, problem))
    return await serve(workspace, name, arguments, lambda: answer_of(workspace, name, arguments))


def answer_of(workspace: Workspace, name: str, arguments: Json) -> Response:
    pause = workspace.limits.take(name, arguments)
    if pause:
        return rate_limited(pause)
    try:
        return JSONResponse({"ok": True} | call_method(workspace, name, dict(arguments)))
    except ApiError as error:
        return refusal_of(workspace, name, error)


def refusal_of(workspace: Workspace, name: str, error: ApiError) -> Response:
    workspace.warn(f"{name} was refused: {error.code}{details_of(error)}")
    return JSONResponse({"ok": False, "error": error.code} | error.details)


def details_of(error: ApiError) -> str:
    messages = error.details.get("response_metadata", {}).get("messages", [])
    needed = error.details.get("needed")
    return "".join(f", {each}" for each in [*messages, *([f"needs {needed}"] if needed else [])])


def call_method(workspace: Workspace, name: str, arguments: Json) -> Json:
    check_token(workspace, name, arguments.pop("token", None))
    if name not in METHODS:
        raise ApiError("unknown_method", req_method=name)
    chosen = METHODS[name]
    check_scope(workspace, chosen, arguments)
    check_arguments(chosen, arguments)
    return chosen.call(workspace, arguments)


def check_token(workspace: Workspace, name: str, token: str | None) -> None:
    if name == "api.test":
        return
    if not token:
        raise ApiError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise ApiError("invalid_auth")
    is_app_level = name in METHODS and METHODS[name].is_app_level
    if is_app_level != (token == workspace.app_token):
        raise ApiError("not_allowed_token_type")


def check_scope(workspace: Workspace, chosen: Method, arguments: Json) -> None:
    """Channels, private channels and direct messages each have scopes of their own."""
    conversation = workspace.conversations.get(str(arguments.get("channel", "")))
    needed = chosen.scope
    if conversation and conversation.kind == "dm":
        needed = needed.replace("channels:", "im:")
    elif conversation and conversation.is_private:
        needed = needed.replace("channels:", "groups:")
    if needed:
        workspace.manifest.require_scope(needed)


def check_arguments(chosen: Method, arguments: Json) -> None:
    missing = [
        f"missing required field: {each}" for each in chosen.required if arguments.get(each) in (None, "")
    ]
    known = {*chosen.required, *chosen.optional, *ALWAYS_TAKEN}
    messages = [*missing, *(f"unexpected argument: {each}" for each in arguments if each not in known)]
    if messages:
        details = {"messages": [f"[ERROR] {each}" for each in messages]}
        raise ApiError("invalid_arguments", errors=messages, response_metadata=details)


async def read_arguments(request: Request) -> Json:
    """From query, form or JSON body, with the token wherever it stands."""
    arguments: Json = dict(request.query_params)
    body = (await request.body()).decode()
    if request.headers.get("content-type", "").startswith("application/json"):
        arguments |= read_json(body or "{}")
    else:
        arguments |= dict(parse_qsl(body, keep_blank_values=True))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        arguments["token"] = token
    return {name: read_argument(name, value) for name, value in arguments.items() if value is not None}


def read_argument(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in STRUCTURED:
        return read_json_value(value)
    return value in ("1", "true") if name in BOOLEANS else value


def read_json(body: str) -> Json:
    value = read_json_value(body)
    if not isinstance(value, dict):
        raise ApiError("invalid_json")
    return value


def read_json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ApiError("invalid_json") from error
