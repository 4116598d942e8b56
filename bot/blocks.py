"""Blocks as we use them: with ids of our own, and never longer than Slack takes."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ConfirmationDialogue,
    ContextBlock,
    HomeTabView,
    Markdown,
    ModalView,
    PlainText,
    SectionBlock,
)

SECTION_MOST, BUTTON_MOST, CHOICE_MOST, TITLE_MOST, CONFIRM_MOST = 3000, 75, 75, 24, 300


class Drawn(Block):
    """A block as Slack takes it, drawn once: a view looks at each of its blocks again and again."""

    def __init__(self, block: Block) -> None:
        self.block_id = block.block_id
        self._drawn = rendered(block)

    def _resolve(self) -> dict[str, Any]:
        return self._drawn


def section(text: str, block_id: str) -> SectionBlock:
    return SectionBlock(Markdown(fit(text)), block_id=block_id)


def sections(lines: Sequence[str], block_id: str) -> list[Block]:
    """The lines in as few sections as hold them; each line is cut alone if it must be."""
    packed: list[str] = []
    for line in (fit(each) for each in lines):
        if packed and len(packed[-1]) + 1 + len(line) <= SECTION_MOST:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(text, f"{block_id}_{n}" if n else block_id) for n, text in enumerate(packed)]


def context(text: str, block_id: str) -> ContextBlock:
    return ContextBlock([Markdown(fit(text))], block_id=block_id)


def button(
    text: str,
    action: str,
    value: object,
    label: str | None = None,
    *,
    primary: bool = False,
    is_danger: bool = False,
    confirm: ConfirmationDialogue | None = None,
) -> Button:
    """``label`` is what screen readers say where several buttons have the same text."""
    style: Literal["danger", "primary"] | None = "danger" if is_danger else "primary" if primary else None
    return Button(
        PlainText(fit(text, BUTTON_MOST)),
        action_id=action,
        value=str(value),
        style=style,
        confirm=confirm,
        accessibility_label=fit(label, BUTTON_MOST) if label else None,
    )


def danger(title: str, consequence: str, confirm: str) -> ConfirmationDialogue:
    """A second question before what cannot be undone; the consequence is said in numbers."""
    text = Markdown(fit(consequence, CONFIRM_MOST))
    return ConfirmationDialogue(PlainText(title), text, PlainText(confirm), PlainText("Keep"), style="danger")


def actions(block_id: str, buttons: Sequence[Button]) -> list[Block]:
    """A row of buttons, or nothing where there are none."""
    return [ActionsBlock(list(buttons), block_id=block_id)] if buttons else []


def modal(
    title: str,
    blocks: Sequence[Block],
    submit: str,
    callback_id: str,
    metadata: str,
    *,
    close: str = "Cancel",
) -> ModalView:
    """A modal that is filled and submitted; ``metadata`` comes back with it, at most 3,000 characters."""
    return ModalView(
        PlainText(title),
        [Drawn(block) for block in blocks],
        submit=PlainText(submit),
        close=PlainText(close),
        callback_id=callback_id,
        private_metadata=metadata,
    )


def fit(text: str, most: int = SECTION_MOST) -> str:
    """The text, cut where Slack would refuse it; escaping can make five characters of one."""
    if len(text) <= most:
        return text
    # An entity or a mention that was cut through would be shown as its own ruins.
    return re.sub(r"(&[a-z]{0,3}|<[^>]*)$", "", text[: most - 1]) + "…"


def rendered(made: ModalView | HomeTabView | Block) -> dict[str, Any]:
    """A view or a block as Slack takes it."""
    found: dict[str, Any] = made._resolve()  # noqa: SLF001 - the library's only way to a dict
    return found
