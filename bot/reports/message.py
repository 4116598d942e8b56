"""A message: its blocks, and the sentence (escaped, as mrkdwn) that stands for it in notifications."""

from dataclasses import dataclass
from typing import Any

from slackblocks import Block

from bot.blocks import fit, rendered


@dataclass(frozen=True)
class Message:
    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """The arguments of a post or an update."""
        return {
            "text": fit(self.text),
            "blocks": [rendered(block) for block in self.blocks],
        }
