"""Channels and direct messages with their history, and the ephemeral messages shown beside it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace.seed import Channel, Seed

Json = dict[str, Any]


@dataclass
class Conversation:
    id: str
    name: str
    kind: Literal["channel", "dm"]
    members: tuple[str, ...]
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    messages: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Anybody may join."""
        return self.kind == "channel" and not self.is_private and not self.is_archived

    def add(self, user_id: str) -> None:
        if user_id not in self.members:
            self.members = (*self.members, user_id)

    def remove(self, user_id: str) -> None:
        self.members = tuple(each for each in self.members if each != user_id)

    def find_message(self, ts: str) -> Json | None:
        return next((each for each in self.messages if each["ts"] == ts), None)

    def threads(self) -> dict[str, list[Json]]:
        """All replies, by the message they are to."""
        found: dict[str, list[Json]] = {}
        for each in self.messages:
            if each.get("thread_ts", each["ts"]) != each["ts"]:
                found.setdefault(each["thread_ts"], []).append(each)
        return found

    def replies_to(self, ts: str) -> list[Json]:
        return [each for each in self.messages if each.get("thread_ts") == ts and each["ts"] != ts]


@dataclass
class Ephemeral:
    """A message that one person sees, in no history and gone with the process."""

    channel_id: str
    user_id: str
    message: Json


def direct_message_id(user_id: str) -> str:
    return f"D{user_id[1:]}"


def members_of(seed: Seed, channel: Channel) -> tuple[str, ...]:
    return (*channel.members, *((seed.bot_user_id,) if channel.has_app else ()))


def open_conversations(seed: Seed) -> dict[str, Conversation]:
    channels = [
        Conversation(each.id, each.name, "channel", members_of(seed, each), each.topic, each.is_private)
        for each in seed.channels
    ]
    direct = [
        Conversation(direct_message_id(each.id), seed.bot_name, "dm", (each.id, seed.bot_user_id))
        for each in seed.members
    ]
    return {each.id: each for each in [*channels, *direct]}
