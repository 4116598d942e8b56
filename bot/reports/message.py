"""A message: its blocks, and the sentence (escaped, as mrkdwn) that stands for it in notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slackblocks import Block, DataVisualizationBlock

from bot.blocks import fit, rendered

TEXT_MOST = 9_800  # In all blocks together: Slack refuses a message somewhat above ten thousand characters.
SECTION_LEAST = 500


@dataclass(frozen=True)
class Message:
    text: str
    blocks: tuple[Block, ...]

    def answer(self) -> dict[str, Any]:
        """What answers a command or a button, for the asker alone; a block that Slack refused would leave no answer."""
        return {"response_type": "ephemeral", **self.without_charts().payload()}

    @property
    def has_charts(self) -> bool:
        return any(isinstance(block, DataVisualizationBlock) for block in self.blocks)

    def without_charts(self) -> "Message":
        """The same; the table or the sentences in it say what the charts show."""
        kept = tuple(block for block in self.blocks if not isinstance(block, DataVisualizationBlock))
        return Message(self.text, kept)

    def payload(self) -> dict[str, Any]:
        """The arguments of a post or an update."""
        return {"text": fit(self.text), "blocks": _within([rendered(block) for block in self.blocks])}


def _within(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, with the longest sections cut where all of them together would be refused."""
    over = _size(blocks) - TEXT_MOST
    sections = [block["text"] for block in blocks if block["type"] == "section" and "text" in block]
    for section in sorted(sections, key=lambda each: -len(each["text"])):
        if over > 0:
            before = len(section["text"])
            section["text"] = fit(section["text"], max(SECTION_LEAST, before - over))
            over -= before - len(section["text"])
    return blocks


def _size(node: Any) -> int:
    """All characters that are text, however deep."""
    if isinstance(node, Sequence) and not isinstance(node, str):
        return sum(_size(each) for each in node)
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_size(each) for each in node.values())
    return 0
