"""Endpoints of the page's tools, and the same and more for scripts under /_test, where the workspace was told to.

All need the session cookie of /?key=KEY, and answer as the endpoints of the page do.

GET    /ui/traffic?after=N     the passages behind number N, oldest first -> {passages}
GET    /ui/faults              -> {switched, rate_limits, names, kinds}
POST   /ui/faults {name, direction, kind?, times?, chance?, seconds?}     switch one on
POST   /ui/faults {off: number | "all"} | {rate_limits: true | false}     switch one off, or all; play Slack's tiers
GET    /ui/clock, POST /ui/clock {seconds} | {to: moment | "next"}        -> {now, offset_seconds, next}

GET    /_test/log?after=N      as /ui/traffic
GET    /_test/outbox           every message of the app's that stands somewhere, oldest first -> {messages}
GET, POST /_test/faults, /_test/clock      as above
POST   /_test/seed {members?, channels?, messages?}    people, channels and what people wrote, beside what there is
POST   /_test/reset {}         forgets messages, views, traffic and faults; the clock stays where it is
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.workspace.errors import Refused
from bot.workspace.faults import APP_KINDS, FAULTS, Direction, read_fault
from bot.workspace.seed import Channel, Member
from bot.workspace.state import Workspace
from bot.workspace.timing import move_clock, shown_clock
from bot.workspace.ui import NO_SESSION, endpoint
from bot.workspace.webapi import METHODS

Json = dict[str, Any]


def shown(path: str, look: Callable[[Workspace, Request], Json]) -> Route:
    async def handle(request: Request) -> Response:
        if request.app.state.sessions.person(request) is None:
            return NO_SESSION
        return JSONResponse({"ok": True} | look(request.app.state.workspace, request))

    return Route(path, handle)


def traffic_of(workspace: Workspace, request: Request) -> Json:
    after = request.query_params.get("after", "0")
    return {"passages": workspace.traffic.after(int(after) if after.isdigit() else 0)}


def faults_of(workspace: Workspace, _request: Request | None = None) -> Json:
    return {
        "switched": workspace.faults.shown(),
        "rate_limits": workspace.limits.is_on,
        "names": FAULTS,
        "kinds": kinds(),
    }


def kinds() -> dict[Direction, list[str]]:
    return {Direction.TO_APP: list(APP_KINDS), Direction.TO_SLACK: [*METHODS, "response_url"]}


async def switch_faults(workspace: Workspace, _person: str, body: Json) -> Json:
    if "rate_limits" in body:
        workspace.limits.switch(on=bool(body["rate_limits"]))
    elif "off" in body:
        workspace.faults.switch_off(None if body["off"] == "all" else body["off"])
    else:
        workspace.faults.switch_on(read_fault(body, kinds()))
    return faults_of(workspace)


def clock_of(workspace: Workspace, _request: Request) -> Json:
    return shown_clock(workspace)


def outbox_of(workspace: Workspace, _request: Request) -> Json:
    everywhere = [
        {"channel": each.id} | message
        for each in workspace.conversations.values()
        for message in each.messages
        if message["user"] == workspace.seed.bot_user_id
    ]
    private = [
        {"channel": each.channel_id, "to": each.user_id} | each.message for each in workspace.ephemerals
    ]
    return {"messages": sorted([*everywhere, *private], key=lambda each: float(each["ts"]))}


async def seed(workspace: Workspace, person: str, body: Json) -> Json:
    try:
        members = tuple(Member(**each) for each in body.get("members", []))
        given = [each | {"members": tuple(each["members"])} for each in body.get("channels", [])]
        channels = tuple(Channel(**each) for each in given)
        messages = [
            (each["channel"], each.get("user", person), each["text"]) for each in body.get("messages", [])
        ]
    except (TypeError, KeyError) as error:
        raise Refused(f"That is no member, channel or message: {error}") from error
    workspace.settle(members, channels)
    for channel, user, text in messages:
        workspace.say(workspace.conversation_of(user, channel), user, text)
    return {}


async def reset(workspace: Workspace, _person: str, _body: Json) -> Json:
    workspace.reset()
    return {}


ROUTES = [
    shown("/ui/traffic", traffic_of),
    shown("/ui/faults", faults_of),
    endpoint("/ui/faults", switch_faults),
    shown("/ui/clock", clock_of),
    endpoint("/ui/clock", move_clock),
]
TEST_ROUTES = [
    shown("/_test/log", traffic_of),
    shown("/_test/outbox", outbox_of),
    shown("/_test/faults", faults_of),
    endpoint("/_test/faults", switch_faults),
    shown("/_test/clock", clock_of),
    endpoint("/_test/clock", move_clock),
    endpoint("/_test/seed", seed),
    endpoint("/_test/reset", reset),
]
