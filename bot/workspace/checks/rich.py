"""The rules of rich_text and table blocks, whose parts nest."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.checks.objects import IDENTIFIER, URL
from bot.workspace.checks.rules import (
    Check,
    Table,
    anything,
    boolean,
    choice,
    complaint,
    record,
    sequence,
    string,
    tagged,
    whole,
)

STYLE: Table = {
    "style": record(
        {}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean)
    )
}


def inline(required: Table, optional: Table | None = None) -> Check:
    return record({"type": anything} | required, STYLE | (optional or {}))


INLINE = tagged(
    {
        "text": inline({"text": string(3000)}),
        "link": inline({"url": URL}, {"text": string(3000), "unsafe": boolean}),
        "emoji": inline({"name": string(255)}, {"unicode": string(100)}),
        "user": inline({"user_id": IDENTIFIER}),
        "usergroup": inline({"usergroup_id": IDENTIFIER}),
        "channel": inline({"channel_id": IDENTIFIER}),
        "broadcast": inline({"range": choice("here", "channel", "everyone")}),
        "date": inline(
            {"timestamp": whole(0, 9_999_999_999), "format": string(255)},
            {"url": URL, "fallback": string(255)},
        ),
        "color": inline({"value": string(255)}),
    },
    "rich text element",
)
INLINES = sequence(INLINE, 1000, 0)
SECTION = record({"type": anything, "elements": INLINES})
BORDER: Table = {"border": whole(0, 1)}

RICH_PARTS = tagged(
    {
        "rich_text_section": SECTION,
        "rich_text_preformatted": record({"type": anything, "elements": INLINES}, BORDER),
        "rich_text_quote": record({"type": anything, "elements": INLINES}, BORDER),
        "rich_text_list": record(
            {
                "type": anything,
                "style": choice("bullet", "ordered"),
                "elements": sequence(tagged({"rich_text_section": SECTION}, "list item"), 1000),
            },
            BORDER | {"indent": whole(0, 8), "offset": whole(0, 100_000)},
        ),
    },
    "rich text part",
)


def number(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield complaint("must be a number", pointer)


CELL = tagged(
    {
        "raw_text": record({"type": anything, "text": string(3000, 0)}),
        "raw_number": record({"type": anything, "value": number}, {"text": string(3000)}),
        "rich_text": record(
            {"type": anything, "elements": sequence(RICH_PARTS, 100)}, {"block_id": IDENTIFIER}
        ),
    },
    "table cell",
)
COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
