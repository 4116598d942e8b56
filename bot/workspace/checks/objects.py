"""Text, option and confirm objects: the small parts that elements and blocks are made of."""

from collections.abc import Iterator
from typing import Any

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

IDENTIFIER = string(255)
URL = string(3000)


def plain(most: int) -> Check:
    return tagged(
        {"plain_text": record({"type": anything, "text": string(most)}, {"emoji": boolean})}, "text"
    )


def text(most: int) -> Check:
    kinds: Table = {
        "plain_text": record({"type": anything, "text": string(most)}, {"emoji": boolean}),
        "mrkdwn": record({"type": anything, "text": string(most)}, {"verbatim": boolean}),
    }
    return tagged(kinds, "text")


def option(wording: Check, *, with_url: bool = False) -> Check:
    required: Table = {"text": wording, "value": string(150)}
    return record(required, {"description": wording} | ({"url": URL} if with_url else {}))


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)

GROUP = record({"label": plain(75), "options": sequence(option(plain(75)), 100)})


def all_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [*element.get("options", []), *grouped]


def options_once(element: dict[str, Any], pointer: str) -> Iterator[str]:
    """Options are told apart by value, and what is chosen at first must be among them."""
    options = all_options(element)
    values = [each["value"] for each in options]
    for value in {each for each in values if values.count(each) > 1}:
        yield complaint(f"duplicate option value: {value}", f"{pointer}/options")
    for name in ("initial_option", "initial_options"):
        chosen = element.get(name, [])
        for each in chosen if isinstance(chosen, list) else [chosen]:
            if each not in options:
                yield complaint("must be one of the options", f"{pointer}/{name}")


def options_or_groups(element: dict[str, Any], pointer: str) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield complaint("must have either options or option_groups", pointer)
