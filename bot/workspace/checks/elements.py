"""Interactive elements and their limits, one line for each field that Slack documents."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.workspace.checks.objects import (
    CONFIRM,
    GROUP,
    IDENTIFIER,
    URL,
    option,
    options_once,
    options_or_groups,
    plain,
    text,
)
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
    whole,
)

BASE: Table = {"action_id": IDENTIFIER}
FOCUS: Table = BASE | {"focus_on_load": boolean}
CHOOSER: Table = FOCUS | {"confirm": CONFIRM, "placeholder": plain(150)}
MANY: Table = {"max_selected_items": whole(1, 1000)}
DISPATCH: Table = {
    "dispatch_action_config": record(
        {"trigger_actions_on": sequence(choice("on_enter_pressed", "on_character_entered"), 2)}
    )
}
TYPED: Table = FOCUS | DISPATCH | {"placeholder": plain(150)}


def element(required: Table, optional: Table, *also: Check) -> Check:
    return record({"type": anything} | required, optional, *also)


def pattern(shape: str, sentence: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            yield complaint(sentence, pointer)

    return check


def decimal_string(value: Any, pointer: str) -> Iterator[str]:
    try:
        finite = isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        yield complaint("must be a number written as a string", pointer)


def bounds_in_order(value: dict[str, Any], pointer: str) -> Iterator[str]:
    if (
        "min_value" in value
        and "max_value" in value
        and Decimal(value["min_value"]) > Decimal(value["max_value"])
    ):
        yield complaint("must not be less than min_value", f"{pointer}/max_value")


def lengths_in_order(value: dict[str, Any], pointer: str) -> Iterator[str]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield complaint("must not be less than min_length", f"{pointer}/max_length")


OPTIONS = sequence(option(plain(75)), 100)
RICH_OPTIONS = sequence(option(text(75)), 10)
MENU: Table = {"options": OPTIONS, "option_groups": sequence(GROUP, 100)}
DATE = pattern(r"\d{4}-\d{2}-\d{2}", "must be a date written YYYY-MM-DD")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must be a time written HH:mm")
SOME = sequence(IDENTIFIER, 100, 0)

ELEMENTS: Table = {
    "button": element(
        {"text": plain(75)},
        BASE
        | {
            "value": string(2000),
            "url": URL,
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": element(
        {}, CHOOSER | MENU | {"initial_option": anything}, options_or_groups, options_once
    ),
    "multi_static_select": element(
        {}, CHOOSER | MENU | MANY | {"initial_options": anything}, options_or_groups, options_once
    ),
    "users_select": element({}, CHOOSER | {"initial_user": IDENTIFIER}),
    "multi_users_select": element({}, CHOOSER | MANY | {"initial_users": SOME}),
    "channels_select": element(
        {}, CHOOSER | {"initial_channel": IDENTIFIER, "response_url_enabled": boolean}
    ),
    "multi_channels_select": element({}, CHOOSER | MANY | {"initial_channels": SOME}),
    "conversations_select": element(
        {},
        CHOOSER | {"initial_conversation": IDENTIFIER, "response_url_enabled": boolean},
    ),
    "multi_conversations_select": element(
        {},
        CHOOSER | MANY | {"initial_conversations": SOME},
    ),
    "overflow": element(
        {"options": sequence(option(plain(75), with_url=True), 5)}, BASE | {"confirm": CONFIRM}, options_once
    ),
    "radio_buttons": element(
        {"options": RICH_OPTIONS}, FOCUS | {"confirm": CONFIRM, "initial_option": anything}, options_once
    ),
    "checkboxes": element(
        {"options": RICH_OPTIONS}, FOCUS | {"confirm": CONFIRM, "initial_options": anything}, options_once
    ),
    "datepicker": element({}, CHOOSER | {"initial_date": DATE}),
    "timepicker": element({}, CHOOSER | {"initial_time": TIME}),
    "datetimepicker": element(
        {}, FOCUS | {"confirm": CONFIRM, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": element(
        {},
        TYPED
        | {
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        lengths_in_order,
    ),
    "number_input": element(
        {"is_decimal_allowed": boolean},
        TYPED | {"initial_value": decimal_string, "min_value": decimal_string, "max_value": decimal_string},
        bounds_in_order,
    ),
    "email_text_input": element({}, TYPED | {"initial_value": string(3000, 0)}),
    "url_text_input": element({}, TYPED | {"initial_value": string(3000, 0)}),
}


def only(*names: str) -> Table:
    return {name: ELEMENTS[name] for name in names}


MULTI = tuple(name for name in ELEMENTS if name.startswith("multi_"))
SELECTS = ("static_select", "users_select", "channels_select", "conversations_select")
CHOICES = (*SELECTS, "radio_buttons", "checkboxes", "datepicker", "timepicker")
TYPED_NAMES = ("plain_text_input", "number_input", "email_text_input", "url_text_input")

IN_SECTION = only("button", "overflow", *CHOICES, *MULTI)
IN_ACTIONS = only("button", "overflow", "datetimepicker", *CHOICES)
IN_INPUT = only("datetimepicker", *CHOICES, *MULTI, *TYPED_NAMES)
