"""What was typed behind a command, taken apart."""

import re

from bot.door import Ask


def words_of(ask: Ask) -> list[str]:
    return [word.casefold() for word in ask.text.split()]


def after_first(ask: Ask) -> str:
    """All but the first word, as it was typed."""
    return " ".join(ask.text.split(maxsplit=1)[1:])


def decision_id(word: str) -> int | None:
    """The id in ``D-7`` or ``7``."""
    found = re.fullmatch(r"(?:d-?)?(\d{1,9})", word.casefold())
    return int(found[1]) if found else None


def market_id(word: str) -> int | None:
    """The id in ``M-7``."""
    found = re.fullmatch(r"m-?(\d{1,9})", word.casefold())
    return int(found[1]) if found else None
