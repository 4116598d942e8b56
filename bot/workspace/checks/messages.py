"""What Slack checks about a message before it posts it."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.checks.blocks import blocks_of, focused_once, ids_once
from bot.workspace.checks.rules import complaint, string

MOST_TEXT = 40_000
# Slack refused 11,341 characters of block text; its limit is about 12,000 less an overhead it keeps to itself.
MOST_BLOCK_TEXT = 10_000
MOST_MARKDOWN = 12_000
MOST_CHARTS = 2

BLOCKS = blocks_of("message")


def check_message(message: dict[str, Any]) -> list[str]:
    """Looks at `text` and `blocks`; the other arguments of chat.postMessage are the method's own."""
    text, blocks = message.get("text"), message.get("blocks") or []
    problems = list(text_problems(text))
    if not text and not blocks:
        problems.append(complaint("no_text: a message needs text or blocks", "/text"))
    problems += [*BLOCKS(blocks, "/blocks"), *ids_once(blocks)]
    return problems or [*focused_once(blocks), *size_problems(blocks)]


def text_problems(text: Any) -> Iterator[str]:
    if text is not None:
        code = "msg_too_long: " if isinstance(text, str) else ""
        yield from (f"{code}{each}" for each in string(MOST_TEXT, 0)(text, "/text"))


def size_problems(blocks: list[dict[str, Any]]) -> Iterator[str]:
    markdown = sum(len(each["text"]) for each in blocks if each["type"] == "markdown")
    if markdown > MOST_MARKDOWN:
        yield complaint(
            f"msg_blocks_too_long: {markdown} characters of markdown, at most {MOST_MARKDOWN}", "/blocks"
        )
    size = sum(text_size(each) for each in blocks if each["type"] != "markdown")
    if size > MOST_BLOCK_TEXT:
        yield complaint(
            f"msg_blocks_too_long: {size} characters of block text, at most {MOST_BLOCK_TEXT}", "/blocks"
        )
    if sum(each["type"] == "table" for each in blocks) > 1:
        yield complaint("only one table is allowed in a message", "/blocks")
    if sum(each["type"] == "data_visualization" for each in blocks) > MOST_CHARTS:
        yield complaint(f"no more than {MOST_CHARTS} charts are allowed in a message", "/blocks")


def text_size(part: Any) -> int:
    """All characters that stand under a key `text`, however deep."""
    if isinstance(part, list):
        return sum(text_size(each) for each in part)
    if isinstance(part, dict):
        return sum(
            len(each) if name == "text" and isinstance(each, str) else text_size(each)
            for name, each in part.items()
        )
    return 0
