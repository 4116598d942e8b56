"""The browser's endpoints; a script with the session cookie may use them just as well.

GET /?key=KEY sets the session cookie and redirects to the page. Bodies and answers are JSON. An answer is
{"ok": true, ...} or {"ok": false, "error": "sentence"}; without a session it is 403. A session acts as one person.

GET  /ui/state                     what that person sees: me, team, app, people, channels, views, home, commands, ...
GET  /ui/stream                    server-sent events, one whenever that changed
POST /ui/switch {user}             act as somebody else
POST /ui/send   {channel, text, thread_ts?, reply_broadcast?}
                                   post a message -> {ts}, or a reply; a leading "/" gives a command
POST /ui/action {message_ts, channel | view_id | home: true, block_id, action_id, value, values}
                                   use an element; `value` is {} for buttons, else the element's stateful value
                                   ({"selected_option": {"value": "a"}}, {"value": "70"}, ...); `values` is the
                                   state of all elements, {block_id: {action_id: {key: value}}}, and may be partial
POST /ui/shortcut {callback_id}    use a global shortcut; with {channel, message_ts} one of that message
POST /ui/submit {view_id, values}  send a modal -> with field errors also {errors: {block_id: sentence}}
POST /ui/close  {view_id, all?}    leave the top modal, or with `all` the whole stack
POST /ui/home   {}                 open the App Home; the answer comes when the app has seen the event
POST /ui/read   {channel, ts, thread_ts?}        this far the channel, or a thread of it, was read
POST /ui/react  {channel, message_ts, name}      react to a message, or take that back
POST /ui/forget {channel, message_ts}            dismiss an ephemeral message
POST /ui/dismiss {}                forget the shown warnings and the failure
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.workspace.acting import act
from bot.workspace.errors import ApiError, Refused
from bot.workspace.marking import forget, mark_read, react
from bot.workspace.payloads import app_home_opened
from bot.workspace.requests import send_event
from bot.workspace.screen import screen_of
from bot.workspace.sending import say_failure, send
from bot.workspace.shortcuts import use_shortcut
from bot.workspace.state import Workspace
from bot.workspace.stream import stream
from bot.workspace.submitting import close, submit

Json = dict[str, Any]
Act = Callable[[Workspace, str, Json], Awaitable[Json]]

NO_SESSION = JSONResponse({"ok": False, "error": "Open the address that was printed at the start."}, 403)


async def show_state(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    session = request.app.state.sessions.find(request)
    if session is None:
        return NO_SESSION
    screen = screen_of(workspace, session.person, session.loaded_at)
    return JSONResponse({"ok": True, "now": workspace.clock().isoformat()} | screen)


async def show_stream(request: Request) -> Response:
    session = request.app.state.sessions.find(request)
    if session is None:
        return NO_SESSION
    return stream(request.app.state.workspace, session, request.headers.get("last-event-id", ""))


async def switch(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    session = request.app.state.sessions.find(request)
    if session is None:
        return NO_SESSION
    user_id = (await read_body(request)).get("user", "")
    if workspace.seed.find_member(user_id) is None:
        return JSONResponse({"ok": False, "error": "There is no such person."})
    session.person = user_id
    return JSONResponse({"ok": True, "me": user_id})


def endpoint(path: str, perform: Act, *required: str, is_silent: bool = False) -> Route:
    """What is silent, nobody did on purpose: it leaves the shown failure as it is."""

    async def handle(request: Request) -> Response:
        workspace: Workspace = request.app.state.workspace
        person = request.app.state.sessions.person(request)
        if person is None:
            return NO_SESSION
        body = await read_body(request)
        missing = [each for each in required if each not in body]
        if missing:
            return JSONResponse({"ok": False, "error": f"The request lacks {', '.join(missing)}."})
        return JSONResponse(await answer(workspace, person, perform, body, is_silent=is_silent))

    return Route(path, handle, methods=["POST"])


async def read_body(request: Request) -> Json:
    """A body that is no JSON object lacks everything."""
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def answer(
    workspace: Workspace, person: str, perform: Act, body: Json, *, is_silent: bool = False
) -> Json:
    """Runs one act; a refusal becomes the failure that the page shows this person."""
    if not is_silent:
        workspace.failures.pop(person, None)
    try:
        return {"ok": True} | await perform(workspace, person, body)
    except (Refused, ApiError) as refusal:
        if not is_silent:
            workspace.failures[person] = str(refusal)
        return {"ok": False, "error": str(refusal)}


async def send_or_explain(workspace: Workspace, person: str, body: Json) -> Json:
    try:
        return await send(workspace, person, body)
    except Refused as refusal:
        if not body["text"].startswith("/"):
            raise
        say_failure(workspace, person, body, str(refusal))
        return {"ok": False, "error": str(refusal)}


async def open_home(workspace: Workspace, person: str, _body: Json) -> Json:
    if not workspace.manifest.has_home:
        raise Refused(f"{workspace.seed.bot_name} has no Home tab.")
    if "app_home_opened" in workspace.manifest.events:
        reply = await send_event(workspace, app_home_opened(workspace, person))
        if not reply.is_ok:
            raise Refused(f"{workspace.seed.bot_name} did not fill its Home ({reply.outcome}).")
    return {}


async def dismiss(workspace: Workspace, _person: str, _body: Json) -> Json:
    workspace.warnings.clear()
    return {}


ROUTES = [
    Route("/ui/state", show_state),
    Route("/ui/stream", show_stream),
    Route("/ui/switch", switch, methods=["POST"]),
    endpoint("/ui/send", send_or_explain, "channel", "text"),
    endpoint("/ui/action", act, "block_id", "action_id"),
    endpoint("/ui/shortcut", use_shortcut, "callback_id"),
    endpoint("/ui/submit", submit, "view_id"),
    endpoint("/ui/close", close, "view_id"),
    endpoint("/ui/home", open_home),
    endpoint("/ui/read", mark_read, "channel", "ts", is_silent=True),
    endpoint("/ui/react", react, "channel", "message_ts", "name"),
    endpoint("/ui/forget", forget, "channel", "message_ts"),
    endpoint("/ui/dismiss", dismiss),
]
