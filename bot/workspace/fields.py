"""What Slack's own client checks about typed input before a modal may be submitted."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.workspace.inputs import VALUE_KEYS, Json


def field_errors(view: Json) -> dict[str, str]:
    values = view["state"]["values"]
    errors: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            value = values[block["block_id"]][element["action_id"]][VALUE_KEYS[element["type"]][0]]
            error = field_error(block, element, value)
            errors |= {block["block_id"]: error} if error else {}
    return errors


def field_error(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    rule = RULES.get(element["type"], choice_error)
    return rule(element, value)


def number_error(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def length_error(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def email_error(_element: Json, value: str) -> str | None:
    return None if "@" in value else "Please enter a valid email address."


def url_error(_element: Json, value: str) -> str | None:
    return None if value.startswith(("http://", "https://")) else "Please enter a valid URL."


def choice_error(element: Json, value: Any) -> str | None:
    most = element.get("max_selected_items", 1000)
    return f"Please select no more than {most}." if isinstance(value, list) and len(value) > most else None


RULES: dict[str, Callable[[Json, Any], str | None]] = {
    "number_input": number_error,
    "plain_text_input": length_error,
    "email_text_input": email_error,
    "url_text_input": url_error,
}
