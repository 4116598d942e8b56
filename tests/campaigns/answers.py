"""Answers as one line of text, so that they can be sent, kept and compared without keeping all they say."""

import hashlib
import json
from concurrent.futures import Future
from dataclasses import asdict, is_dataclass
from typing import Any

from core.errors import Busy, Refusal
from core.exchange.quotes import told
from core.exchange.trading import Fill

FAULT = "fault "


def said(answer: Any) -> str:
    """The answer's kind, and a digest that differs if anything in the answer does."""
    if isinstance(answer, Fill):
        return said_of_fill(told(answer))
    is_expected = isinstance(answer, Refusal) or not isinstance(answer, BaseException)
    name = type(answer).__name__ if is_expected else f"{FAULT}{type(answer).__name__}"
    content = asdict(answer) if is_dataclass(answer) and not isinstance(answer, type) else repr(answer)
    return f"{name}:{_digest(content)}"


def said_of_fill(kept: list[Any]) -> str:
    """The same of a fill of which only that is known which the books keep."""
    return f"Fill:{_digest(kept)}"


def _digest(content: Any) -> str:
    said_whole = json.dumps(content, sort_keys=True, default=str).encode()
    return hashlib.blake2b(said_whole, digest_size=12).hexdigest()


def kind(text: str) -> str:
    return text.partition(":")[0]


def is_fill(text: str) -> bool:
    return kind(text) == "Fill"


def is_fault(text: str) -> bool:
    """Whether it was an exception that is no refusal."""
    return text.startswith(FAULT)


def is_definite(answer: object) -> bool:
    """Whether the order was decided on; after anything else the caller asks again with the same key."""
    return not isinstance(answer, BaseException) or (
        isinstance(answer, Refusal) and not isinstance(answer, Busy)
    )


def wait(future: Future[Any], seconds: float = 60) -> Any:
    """The result, or the exception that came instead; a future that is never resolved is a broken promise."""
    problem = future.exception(seconds)
    return future.result() if problem is None else problem
