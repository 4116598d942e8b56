"""Everything the workspace knows while it runs, in one object that all other modules are given."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.workspace.changes import Changes
from bot.workspace.clock import SteerableClock
from bot.workspace.conversations import Conversation, Ephemeral, open_conversations
from bot.workspace.delivery import AppLink
from bot.workspace.errors import Refused
from bot.workspace.manifest import AppManifest
from bot.workspace.seed import Seed
from bot.workspace.tickets import Hooks, Triggers
from bot.workspace.viewbook import ViewBook

Json = dict[str, Any]


@dataclass
class Workspace:
    seed: Seed
    manifest: AppManifest
    clock: SteerableClock
    link: AppLink
    base_url: str
    bot_token: str
    conversations: dict[str, Conversation] = field(init=False)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    views: ViewBook = field(default_factory=ViewBook)
    triggers: Triggers = field(default_factory=Triggers)
    hooks: Hooks = field(default_factory=Hooks)
    changes: Changes = field(default_factory=Changes)
    warnings: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    failures: dict[str, str] = field(default_factory=dict)
    last_moment: int = 0
    id_counter: int = 0

    def __post_init__(self) -> None:
        self.conversations = open_conversations(self.seed)

    def next_ts(self) -> str:
        """A message's time is also its name, so no two are alike."""
        since = self.clock() - datetime(1970, 1, 1, tzinfo=UTC)
        self.last_moment = max(since // timedelta(microseconds=1), self.last_moment + 1)
        return f"{self.last_moment // 1_000_000}.{self.last_moment % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        self.id_counter += 1
        return f"{prefix}{self.id_counter:09d}"

    def warn(self, sentence: str) -> None:
        """Shown to everybody in the page: what the app did that Slack would not have liked."""
        self.warnings.append(sentence)

    def find_ephemeral(self, channel_id: str, user_id: str, ts: str) -> Ephemeral | None:
        return next(
            (
                each
                for each in self.ephemerals
                if (each.channel_id, each.user_id, each.message["ts"]) == (channel_id, user_id, ts)
            ),
            None,
        )

    def conversation_of(self, user_id: str, channel_id: str) -> Conversation:
        """The conversation, if this person is in it."""
        found = self.conversations.get(channel_id)
        if found is None or user_id not in found.members:
            raise Refused("You are not in that channel.")
        return found
