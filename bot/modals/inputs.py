"""Inputs that several modals have, and what was typed into them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slackblocks import DateTimePicker, DispatchActionConfiguration, InputBlock, NumberInput, PlainText
from slackblocks.elements import Element

Typed = Mapping[str, Mapping[str, Any]]


def labelled(block: str, label: str, element: Any, hint: str, *, is_optional: bool = False) -> InputBlock:
    return InputBlock(PlainText(label), element, block_id=block, hint=PlainText(hint), optional=is_optional)


def live(
    label: str, block: str, element: Element, hint: str | None = None, *, is_optional: bool = False
) -> InputBlock:
    """An input whose every change is heard at once."""
    return InputBlock(
        PlainText(label),
        element,
        dispatch_action=True,
        block_id=block,
        hint=PlainText(hint) if hint else None,
        optional=is_optional,
    )


def live_number(
    label: str,
    block: str,
    action: str,
    hint: str | None = None,
    *,
    has_focus: bool = False,
    placeholder: str | None = None,
    initial: str | None = None,
) -> InputBlock:
    """A number of which every digit is heard at once."""
    element = NumberInput(
        is_decimal_allowed=True,
        action_id=action,
        initial_value=initial,
        dispatch_action_config=DispatchActionConfiguration(["on_character_entered"]),
        focus_on_load=has_focus,
        placeholder=PlainText(placeholder) if placeholder else None,
    )
    return live(label, block, element, hint)


def number(action: str, initial: str | None = None) -> NumberInput:
    return NumberInput(is_decimal_allowed=True, action_id=action, initial_value=initial)


def moment(action: str, initial: datetime) -> DateTimePicker:
    return DateTimePicker(action, initial_datetime=int(initial.timestamp()))


def text(typed: Typed, block: str) -> str:
    """What was typed, without blanks around it; empty if nothing was."""
    return str(typed[block].get("value") or "").strip()


def time(typed: Typed, block: str) -> datetime:
    return datetime.fromtimestamp(typed[block]["selected_date_time"], tz=UTC)
