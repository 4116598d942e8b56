"""Inputs that several modals have, and what was typed into them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slackblocks import DateTimePicker, InputBlock, NumberInput, PlainText

Typed = Mapping[str, Mapping[str, Any]]


def labelled(block: str, label: str, element: Any, hint: str) -> InputBlock:
    return InputBlock(PlainText(label), element, block_id=block, hint=PlainText(hint))


def number(action: str, initial: str | None = None) -> NumberInput:
    return NumberInput(is_decimal_allowed=True, action_id=action, initial_value=initial)


def moment(action: str, initial: datetime) -> DateTimePicker:
    return DateTimePicker(action, initial_datetime=int(initial.timestamp()))


def text(typed: Typed, block: str) -> str:
    """What was typed, without blanks around it; empty if nothing was."""
    return str(typed[block].get("value") or "").strip()


def time(typed: Typed, block: str) -> datetime:
    return datetime.fromtimestamp(typed[block]["selected_date_time"], tz=UTC)
