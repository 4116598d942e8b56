"""The few commands of Slack's own that matter here: who is in a channel, what it is about, and whether it lives."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.workspace.conversations import Conversation
from bot.workspace.errors import Refused
from bot.workspace.escaping import known_names
from bot.workspace.state import Workspace


def invite(workspace: Workspace, conversation: Conversation, person: str, text: str) -> None:
    for each in named(workspace, text):
        if each in conversation.members:
            raise Refused(f"{called(workspace, each)} is already in this channel.")
        conversation.add(each)
        workspace.note(
            conversation, each, "channel_join", f"was added to #{conversation.name} by <@{person}>."
        )


def remove(workspace: Workspace, conversation: Conversation, person: str, text: str) -> None:
    for each in named(workspace, text):
        if each not in conversation.members:
            raise Refused(f"{called(workspace, each)} is not in this channel.")
        conversation.remove(each)
        words = f"was removed from #{conversation.name} by <@{person}>."
        workspace.note(conversation, each, "channel_leave", words)


def join(workspace: Workspace, _conversation: Conversation, person: str, text: str) -> None:
    wanted = text.strip().removeprefix("#")
    found = [each for each in workspace.conversations.values() if each.is_open and each.name == wanted]
    if not found:
        raise Refused(f"There is no public channel #{wanted}.")
    if person not in found[0].members:
        found[0].add(person)
        workspace.note(found[0], person, "channel_join", f"joined #{wanted}.")


def leave(workspace: Workspace, conversation: Conversation, person: str, _text: str) -> None:
    conversation.remove(person)
    workspace.note(conversation, person, "channel_leave", f"left #{conversation.name}.")


def topic(workspace: Workspace, conversation: Conversation, person: str, text: str) -> None:
    conversation.topic = text.strip()
    workspace.note(conversation, person, "channel_topic", f"set the channel topic: {conversation.topic}")


def archive(workspace: Workspace, conversation: Conversation, person: str, _text: str) -> None:
    conversation.is_archived = True
    workspace.note(conversation, person, "channel_archive", f"archived #{conversation.name}.")


def named(workspace: Workspace, text: str) -> list[str]:
    """Whom these words name: people by @handle, and the app."""
    known = known_names(workspace)
    strangers = [word for word in text.split() if word.removeprefix("@").lower() not in known]
    if strangers or not text.strip():
        raise Refused(f"Name people by their handle, such as @{workspace.seed.members[0].name}.")
    return [known[word.removeprefix("@").lower()] for word in text.split()]


def called(workspace: Workspace, user_id: str) -> str:
    member = workspace.seed.find_member(user_id)
    return member.real_name if member else workspace.seed.bot_name


@dataclass(frozen=True)
class Builtin:
    run: Callable[[Workspace, Conversation, str, str], None]
    usage_hint: str
    description: str


BUILTIN = {
    "/invite": Builtin(invite, "@person", "Add people or the app to this channel"),
    "/remove": Builtin(remove, "@person", "Remove people or the app from this channel"),
    "/join": Builtin(join, "#channel", "Join a public channel"),
    "/leave": Builtin(leave, "", "Leave this channel"),
    "/topic": Builtin(topic, "words", "Say what this channel is about"),
    "/archive": Builtin(archive, "", "Archive this channel"),
}
