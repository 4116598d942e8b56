"""Blocks and their limits, the blocks that each surface takes, and what must be unique among them."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.checks.charts import CHART
from bot.workspace.checks.elements import IN_ACTIONS, IN_INPUT, IN_SECTION
from bot.workspace.checks.objects import IDENTIFIER, URL, plain, text
from bot.workspace.checks.rich import CELL, COLUMN, RICH_PARTS
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
)

SLACK_FILE = record({}, {"id": IDENTIFIER, "url": URL})
PICTURE: Table = {"image_url": URL, "slack_file": SLACK_FILE}


def pictured(value: dict[str, Any], pointer: str) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield complaint("must have either image_url or slack_file", pointer)


def worded(value: dict[str, Any], pointer: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield complaint("must have text or fields", pointer)


IMAGE_ELEMENT = record({"type": anything, "alt_text": string(2000)}, PICTURE, pictured)


def block(required: Table, optional: Table | None = None, *also: Check) -> Check:
    return record({"type": anything} | required, {"block_id": IDENTIFIER} | (optional or {}), *also)


BLOCKS: Table = {
    "section": block(
        {},
        {
            "text": text(3000),
            "fields": sequence(text(2000), 10),
            "accessory": tagged(IN_SECTION | {"image": IMAGE_ELEMENT}, "element"),
            "expand": boolean,
        },
        worded,
    ),
    "header": block({"text": plain(150)}),
    "divider": block({}),
    "context": block(
        {
            "elements": sequence(
                tagged(
                    {"image": IMAGE_ELEMENT, "plain_text": text(3000), "mrkdwn": text(3000)},
                    "context element",
                ),
                10,
            )
        }
    ),
    "actions": block({"elements": sequence(tagged(IN_ACTIONS, "element"), 25)}),
    "input": block(
        {"label": plain(2000), "element": tagged(IN_INPUT, "element")},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": block({"alt_text": string(2000)}, PICTURE | {"title": plain(2000)}, pictured),
    "rich_text": block({"elements": sequence(RICH_PARTS, 1000)}),
    "table": block({"rows": sequence(sequence(CELL, 20), 100)}, {"column_settings": sequence(COLUMN, 20)}),
    "data_visualization": block({"title": string(50), "chart": CHART}),
    "markdown": block({"text": string(12_000)}),
    "alert": block({"text": text(200)}, {"level": choice("default", "info", "warning", "error", "success")}),
}

EVERYWHERE = ("section", "header", "divider", "context", "actions", "input", "image", "rich_text")
SURFACES: dict[str, tuple[str, ...]] = {
    "message": (*EVERYWHERE, "table", "markdown", "data_visualization"),
    "modal": (*EVERYWHERE, "alert"),
    "home": (*EVERYWHERE, "table"),
}


def blocks_of(surface: str) -> Check:
    allowed = {name: BLOCKS[name] for name in SURFACES[surface]}
    return sequence(tagged(allowed, f"block on a {surface}"), 50 if surface == "message" else 100, 0)


def ids_once(blocks: Any) -> Iterator[str]:
    """Slack tells blocks apart by block_id, and the elements of one block by action_id."""
    seen: set[str] = set()
    for index, each in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(each, dict):
            continue
        pointer, name = f"/blocks/{index}", str(each.get("block_id", ""))
        if name and name in seen:
            yield complaint(f"duplicate block_id: {name}", f"{pointer}/block_id")
        seen.add(name)
        yield from action_ids_once(each, pointer)


def action_ids_once(each: dict[str, Any], pointer: str) -> Iterator[str]:
    elements = each.get("elements")
    if each.get("type") != "actions" or not isinstance(elements, list):
        return
    names = [element.get("action_id") for element in elements if isinstance(element, dict)]
    for name in sorted({str(each) for each in names if each and names.count(each) > 1}):
        yield complaint(f"duplicate action_id: {name}", f"{pointer}/elements")


def focused_once(blocks: list[dict[str, Any]]) -> Iterator[str]:
    focused = [index for index, each in enumerate(blocks) if wants_focus(each)]
    for index in focused[1:]:
        yield complaint("only one element may have focus_on_load", f"/blocks/{index}")


def wants_focus(each: dict[str, Any]) -> bool:
    elements = [each.get("element"), each.get("accessory"), *each.get("elements", [])]
    return any(isinstance(part, dict) and part.get("focus_on_load") is True for part in elements)
