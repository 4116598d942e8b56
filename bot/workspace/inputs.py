"""Elements that hold a value: where they stand in blocks, what they hold, and how given values are read."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.errors import Refused

Json = dict[str, Any]

# For each stateful element: the key of its value, and the field that holds the value at first.
VALUE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def elements_in(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, interactive element), in reading order."""
    for block in blocks:
        candidates = [block.get("element"), block.get("accessory")]
        candidates += block["elements"] if block["type"] == "actions" else []
        for element in candidates:
            if element and "action_id" in element:
                yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    for block, element in elements_in(blocks):
        if (block["block_id"], element["action_id"]) == (block_id, action_id):
            return block, element
    raise Refused(f"There is no element {action_id} in a block {block_id} here.")


def initial_value(element: Json) -> Json:
    key, initial = VALUE_KEYS[element["type"]]
    nothing: Any = [] if key.endswith("s") else None
    return {"type": element["type"], key: element.get(initial, nothing) or nothing}


def fill(blocks: list[Json], *sources: Json) -> Json:
    """`state.values` of these blocks: each value from the last source that has a fitting one, else the initial."""
    values: Json = {}
    for block, element in elements_in(blocks):
        if element["type"] not in VALUE_KEYS:
            continue
        value = initial_value(element)
        for source in sources:
            given = source.get(block["block_id"], {}).get(element["action_id"])
            if given is not None and fits(element, given):
                value = read_value(element, given)
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def fits(element: Json, given: Json) -> bool:
    return given.get("type", element["type"]) == element["type"] and VALUE_KEYS[element["type"]][0] in given


def read_value(element: Json, given: Json) -> Json:
    """Options are looked up by their value, so that a client need not repeat their texts."""
    key = VALUE_KEYS[element["type"]][0]
    value = given[key]
    if key == "selected_option":
        value = value and find_option(element, value)
    elif key == "selected_options":
        value = [option for each in value or [] if (option := find_option(element, each))]
    elif value == "":
        value = None
    return {"type": element["type"], key: value}


def find_option(element: Json, wanted: Json) -> Json | None:
    grouped: list[Json] = [each for group in element.get("option_groups", []) for each in group["options"]]
    options: list[Json] = [*element.get("options", []), *grouped]
    return next((each for each in options if each["value"] == wanted["value"]), None)
