"""What Slack checks about a modal or an App Home before it shows it."""

import json
from collections.abc import Iterator
from typing import Any

from bot.workspace.checks.blocks import blocks_of, focused_once, ids_once
from bot.workspace.checks.objects import IDENTIFIER, plain
from bot.workspace.checks.rules import Table, anything, boolean, complaint, record, string, tagged

MOST_BYTES = 250 * 1024

SHARED: Table = {
    "callback_id": IDENTIFIER,
    "external_id": IDENTIFIER,
    "private_metadata": string(3000, 0),
}
MODAL: Table = SHARED | {
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
}
VIEWS = tagged(
    {
        "modal": record({"type": anything, "title": plain(24), "blocks": blocks_of("modal")}, MODAL),
        "home": record({"type": anything, "blocks": blocks_of("home")}, SHARED),
    },
    "view",
)


def check_view(view: dict[str, Any]) -> list[str]:
    problems = [*VIEWS(view, ""), *size_problems(view)]
    if isinstance(view, dict):
        problems += [*ids_once(view.get("blocks")), *submit_problems(view)]
    return problems or list(focused_once(view["blocks"]))


def size_problems(view: dict[str, Any]) -> Iterator[str]:
    size = len(json.dumps(view).encode())
    if size > MOST_BYTES:
        yield complaint(f"view_too_large: {size} bytes, at most {MOST_BYTES}", "")


def submit_problems(view: dict[str, Any]) -> Iterator[str]:
    """A modal that asks for something needs a button to send it."""
    blocks = view.get("blocks")
    if view.get("type") != "modal" or "submit" in view or not isinstance(blocks, list):
        return
    if any(isinstance(each, dict) and each.get("type") == "input" for each in blocks):
        yield complaint("missing required field: submit, as the view has an input block", "/submit")
