"""Channels and direct messages with their history, and the ephemeral messages shown beside it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace.seed import Seed

Json = dict[str, Any]


@dataclass
class Conversation:
    id: str
    name: str
    kind: Literal["channel", "dm"]
    members: tuple[str, ...]
    topic: str = ""
    messages: list[Json] = field(default_factory=list)

    def find_message(self, ts: str) -> Json | None:
        return next((each for each in self.messages if each["ts"] == ts), None)

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


def open_conversations(seed: Seed) -> dict[str, Conversation]:
    channels = [
        Conversation(each.id, each.name, "channel", (*each.members, seed.bot_user_id), each.topic)
        for each in seed.channels
    ]
    direct = [
        Conversation(direct_message_id(each.id), seed.bot_name, "dm", (each.id, seed.bot_user_id))
        for each in seed.members
    ]
    return {each.id: each for each in [*channels, *direct]}
