"""The few commands of Slack's own that matter to an app: whether it is in a channel, and whether the channel lives."""

from collections.abc import Callable

from bot.workspace.conversations import Conversation
from bot.workspace.errors import Refused
from bot.workspace.state import Workspace


def invite(workspace: Workspace, conversation: Conversation, text: str) -> None:
    conversation.add(app_named(workspace, text))


def remove(workspace: Workspace, conversation: Conversation, text: str) -> None:
    conversation.remove(app_named(workspace, text))


def archive(_workspace: Workspace, conversation: Conversation, _text: str) -> None:
    conversation.is_archived = True


def app_named(workspace: Workspace, text: str) -> str:
    """People are where the workspace began with them; only the app comes and goes."""
    seed = workspace.seed
    if text.strip().lower() != f"@{seed.bot_name.lower()}":
        raise Refused(f"Here only the app is invited and removed: @{seed.bot_name}.")
    return seed.bot_user_id


BUILTIN: dict[str, Callable[[Workspace, Conversation, str], None]] = {
    "/invite": invite,
    "/remove": remove,
    "/archive": archive,
}
