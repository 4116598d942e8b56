"""Methods about who is who: the app itself, its team and the team's members."""

from typing import Any

from bot.workspace.errors import ApiError
from bot.workspace.seed import Member
from bot.workspace.state import Workspace
from bot.workspace.webapi import method

Json = dict[str, Any]


@method("api.test", optional=("error", "foo"))
def check_api(_workspace: Workspace, arguments: Json) -> Json:
    if "error" in arguments:
        raise ApiError(arguments["error"])
    return {"args": arguments}


@method("auth.test")
def check_auth(workspace: Workspace, _arguments: Json) -> Json:
    seed = workspace.seed
    return {
        "url": f"{workspace.base_url}/",
        "team": seed.team_name,
        "user": seed.bot_name.lower(),
        "team_id": seed.team_id,
        "user_id": seed.bot_user_id,
        "bot_id": seed.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info", scope="users:read", required=("user",), optional=("include_locale",))
def user_info(workspace: Workspace, arguments: Json) -> Json:
    users = {each["id"]: each for each in all_users(workspace)}
    if arguments["user"] not in users:
        raise ApiError("user_not_found")
    return {"user": _with_locale(users[arguments["user"]], arguments)}


@method("users.list", scope="users:read", optional=("cursor", "limit", "include_locale"))
def user_list(workspace: Workspace, arguments: Json) -> Json:
    members = [_with_locale(each, arguments) for each in all_users(workspace)]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


@method("users.lookupByEmail", scope="users:read.email", required=("email",))
def find_user(workspace: Workspace, arguments: Json) -> Json:
    wanted = str(arguments["email"]).lower()
    found = next((each for each in workspace.seed.members if each.email.lower() == wanted), None)
    if found is None:
        raise ApiError("users_not_found")
    return {"user": user_of(workspace, found)}


@method("team.info", scope="team:read", optional=("team",))
def team_info(workspace: Workspace, _arguments: Json) -> Json:
    seed = workspace.seed
    return {"team": {"id": seed.team_id, "name": seed.team_name, "domain": seed.domain, "icon": {}}}


@method("bots.info", scope="users:read", optional=("bot",))
def bot_info(workspace: Workspace, arguments: Json) -> Json:
    seed = workspace.seed
    if arguments.get("bot", seed.bot_id) != seed.bot_id:
        raise ApiError("bot_not_found")
    bot = {"id": seed.bot_id, "deleted": False, "name": seed.bot_name, "app_id": seed.app_id}
    return {"bot": bot | {"user_id": seed.bot_user_id, "icons": {}}}


def _with_locale(shape: Json, arguments: Json) -> Json:
    """Slack says somebody's locale only where it is asked for."""
    wanted = str(arguments.get("include_locale", "")).lower() in {"true", "1"}
    return shape if wanted else {name: value for name, value in shape.items() if name != "locale"}


def all_users(workspace: Workspace) -> list[Json]:
    seed = workspace.seed
    bot = Member(seed.bot_user_id, seed.bot_name.lower(), seed.bot_name)
    return [*(user_of(workspace, each) for each in seed.members), user_of(workspace, bot)]


def user_of(workspace: Workspace, member: Member) -> Json:
    """With the address only where the app may read it."""
    shape = user_shape(workspace.seed.team_id, member, is_bot=member.id == workspace.seed.bot_user_id)
    if member.email and "users:read.email" in workspace.manifest.scopes:
        shape["profile"]["email"] = member.email
    return shape


def user_shape(team_id: str, member: Member, *, is_bot: bool) -> Json:
    profile = {
        "real_name": member.real_name,
        "display_name": member.name,
        "title": member.title,
        "team": team_id,
    }
    return {
        "id": member.id,
        "team_id": team_id,
        "name": member.name,
        "real_name": member.real_name,
        "deleted": False,
        "is_bot": is_bot,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "locale": member.locale,
        "profile": profile,
    }
