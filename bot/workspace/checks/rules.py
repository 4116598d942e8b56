"""The grammar of checks: small functions that take a value and its JSON pointer and yield complaints."""

from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
Table = dict[str, Check]


def complaint(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield complaint("must be a string", pointer)
        elif len(value) > most:
            yield complaint(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield complaint(f"must be more than {least - 1} characters", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield complaint("must be a boolean", pointer)


def whole(least: int, most: int) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield complaint(f"must be an integer from {least} to {most}", pointer)

    return check


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    yield from ()


def choice(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield complaint(f"must be one of {', '.join(allowed)}", pointer)

    return check


def sequence(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield complaint("must be an array", pointer)
            return
        if len(value) > most:
            yield complaint(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield complaint(f"no fewer than {least} items allowed", pointer)
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return check


def record(required: Table, optional: Table | None = None, *also: Check) -> Check:
    """An object with exactly these fields; `also` looks at the whole once its fields are sound."""
    fields = required | (optional or {})

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
            return
        found = list(check_fields(value, pointer))
        yield from found
        if not found:
            for rule in also:
                yield from rule(value, pointer)

    def check_fields(value: dict[str, Any], pointer: str) -> Iterator[str]:
        for name in required.keys() - value.keys():
            yield complaint(f"missing required field: {name}", pointer)
        for name, each in value.items():
            if name in fields:
                yield from fields[name](each, f"{pointer}/{name}")
            else:
                yield complaint(f"invalid additional property: {name}", f"{pointer}/{name}")

    return check


def tagged(table: Table, noun: str) -> Check:
    """An object whose `type` names the rule that holds for it."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
            return
        kind = str(value.get("type"))
        if kind in table:
            yield from table[kind](value, pointer)
        else:
            yield complaint(f"unsupported {noun}: {kind}", f"{pointer}/type")

    return check
