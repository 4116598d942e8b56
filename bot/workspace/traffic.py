"""Every request and answer between the app and the workspace, the newest few hundred, without their secrets."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

PASSAGES_MOST = 400
PAYLOAD_MOST = 20_000
MASK = "•••"
SECRET_FIELDS = {"token", "access_token", "client_secret", "signing_secret"}
# Tokens, and the part of a response URL that lets its holder post.
SECRETS = re.compile(r"(xox[a-z]-|xapp-|/hooks/|/link/\?ticket=|/upload/v1/)[\w%-]+")


@dataclass(frozen=True)
class Passage:
    """One request with its answer; a warning of the workspace's own stands between them as a passage, too."""

    number: int
    at: str
    direction: str
    kind: str
    name: str
    status: int = 0
    seconds: float = 0.0
    faults: tuple[str, ...] = ()
    is_warning: bool = False
    request: Any = None
    answer: Any = None


class Traffic:
    def __init__(self) -> None:
        self._passages: deque[Passage] = deque(maxlen=PASSAGES_MOST)
        self._counter = 0
        # Hears everything whole, as it passes: direction, kind, name, request and answer.
        self.on_passage: Callable[[str, str, str, Any, Any], None] | None = None

    def note(
        self,
        direction: str,
        kind: str,
        name: str,
        *,
        status: int,
        seconds: float,
        request: Any,
        answer: str,
        faults: Iterable[str] = (),
    ) -> None:
        said = parsed(answer)
        if self.on_passage:
            self.on_passage(direction, kind, name, request, said)
        is_warning = not 200 <= status < 300 or (
            isinstance(said, dict) and (said.get("ok") is False or "warning" in said)
        )
        self._passages.append(
            Passage(
                *self._next(),
                direction,
                kind,
                name,
                status,
                round(seconds, 4),
                tuple(faults),
                is_warning,
                shown(request),
                shown(said),
            )
        )

    def warn(self, sentence: str) -> None:
        self._passages.append(Passage(*self._next(), "workspace", "warning", sentence, is_warning=True))

    def after(self, number: int) -> list[Json]:
        return [asdict(each) for each in self._passages if each.number > number]

    def clear(self) -> None:
        """Numbers go on, so that whoever follows misses nothing."""
        self._passages.clear()

    def _next(self) -> tuple[int, str]:
        """The next passage's number and moment; in real time, as durations are."""
        self._counter += 1
        return self._counter, datetime.now(UTC).isoformat(timespec="milliseconds")


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def shown(value: Any) -> Any:
    """Without secrets, and cut where it is very long."""
    masked = mask(value)
    written = json.dumps(masked, ensure_ascii=False)
    if len(written) <= PAYLOAD_MOST:
        return masked
    return f"{written[:PAYLOAD_MOST]}… and {len(written) - PAYLOAD_MOST} more characters"


def mask(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: MASK if name in SECRET_FIELDS and isinstance(each, str) and each else mask(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [mask(each) for each in value]
    return SECRETS.sub(rf"\1{MASK}", value) if isinstance(value, str) else value
