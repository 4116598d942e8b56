"""A message: its blocks, and the sentence that stands for it in notifications and screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slackblocks import ActionsBlock, Block, Button, PlainText


@dataclass(frozen=True)
class Message:
    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """The arguments of a post or an update."""
        return {
            "text": self.text,
            "blocks": [block._resolve() for block in self.blocks],  # noqa: SLF001 - see door.rendered
        }


def button(
    text: str, action: str, value: object, label: str | None = None, *, primary: bool = False
) -> Button:
    return Button(
        PlainText(text),
        action_id=action,
        value=str(value),
        style="primary" if primary else None,
        accessibility_label=label,
    )


def actions(block_id: str, buttons: Sequence[Button]) -> list[Block]:
    """A row of buttons, or nothing where there are none."""
    return [ActionsBlock(list(buttons), block_id=block_id)] if buttons else []
