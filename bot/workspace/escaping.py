"""What Slack makes of typed text: entities, and with `should_escape` the people and channels it names."""

import re

from bot.workspace.state import Workspace

NAMED = re.compile(r"(?<![\w<])([@#])([\w.-]*\w)")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def known_names(workspace: Workspace) -> dict[str, str]:
    """The ids of people and of the app, by handle."""
    people = {each.name.lower(): each.id for each in workspace.seed.members}
    return people | {workspace.seed.bot_name.lower(): workspace.seed.bot_user_id}


def link_names(workspace: Workspace, text: str) -> str:
    """`@ada` becomes `<@U…|ada>` and `#markets` becomes `<#C…|markets>`; unknown names stay as typed."""
    people = known_names(workspace)
    channels = {each.name: each.id for each in workspace.seed.channels}

    def linked(match: re.Match[str]) -> str:
        sigil, name = match.groups()
        found = people.get(name.lower()) if sigil == "@" else channels.get(name)
        return f"<{sigil}{found}|{name}>" if found else match.group()

    return NAMED.sub(linked, text)
