"""What there is to be seen: an answer for the asker alone, or a modal laid over what is open."""

from dataclasses import dataclass
from typing import Any

from slackblocks import Block, ModalView, PlainText

from bot.reports.message import Message


@dataclass(frozen=True)
class Screen:
    """``in_modal`` is what a modal shows instead, since no table may stand there."""

    title: str
    message: Message
    in_modal: tuple[Block, ...] | None = None

    def answer(self) -> dict[str, Any]:
        return self.message.answer()

    def modal(self) -> ModalView:
        blocks = self.message.blocks if self.in_modal is None else self.in_modal
        return ModalView(PlainText(self.title), [*blocks], close=PlainText("Close"))
