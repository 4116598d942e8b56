"""Every message, modal and Home that the app hands to Slack, as the workspace's edge hears it, and what is wrong with it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from verbs import causal

from bot.workspace.checks import check_message, check_view

Json = Mapping[str, Any]

MESSAGES = {"chat.postMessage", "chat.postEphemeral", "chat.update", "response_url"}
VIEWS = {"views.open", "views.push", "views.update", "views.publish"}
KINDS = {"block_actions": "action", "view_submission": "view"}  # What our routes call them.
PLAIN = {"plain_text", "raw_text", "text"}  # Text objects that show everything as it is.
MARKS = re.compile(
    r"<(?!https?://[^<>|\s]+>|@[UW]\w+(\|[^<>]*)?>|#C\w+(\|[^<>]*)?>|!date\^\d+\^[^<>|]+\|[^<>]+>)"
)
ENTITIES = re.compile(r"&(?!(amp|lt|gt);)")
RUINS = re.compile(r"<!date|<@|&(amp|lt|gt);")


class Emitted(NamedTuple):
    """One payload: the surface it was for (message, modal or home), by which call, and what stood in it."""

    surface: str
    call: str
    content: Json


@dataclass
class Payloads:
    """What one workspace heard, which of our routes it called, what was refused under which field, and what people typed."""

    emitted: list[Emitted] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)
    called: set[tuple[str, str]] = field(default_factory=set)
    refused: list[dict[str, str]] = field(default_factory=list)

    def hear(self, direction: str, kind: str, name: str, request: Any, answer: Any) -> None:
        if direction == "to_app":
            self.called.add((KINDS.get(kind, kind), name.partition(":")[0]))
            self.typed |= set(_typed(request))
            self.emitted += _answered(kind, answer)
            if isinstance(answer, dict) and "errors" in answer:
                self.refused.append(answer["errors"])
        elif kind in MESSAGES:
            self.emitted.append(Emitted("message", kind, request))
        elif kind in VIEWS and "view" in request:
            self.emitted.append(Emitted(request["view"]["type"], kind, request["view"]))

    def faults(self) -> list[str]:
        """What the linter says of any of it; each fault once."""
        return list(dict.fromkeys(fault for each in self.emitted for fault in faults(each, self.typed)))

    def told(self) -> set[str]:
        """Of everything that was told, the announcements' keys."""
        return {
            key
            for each in self.emitted
            for key in (each.content.get("metadata") or {}).get("event_payload", {}).get("keys", [])
        }


def _answered(kind: str, answer: Any) -> Iterator[Emitted]:
    """A command is answered with a message, a submission with a view."""
    if isinstance(answer, dict) and kind == "command" and ("text" in answer or "blocks" in answer):
        yield Emitted("message", "answer", answer)
    if isinstance(answer, dict) and "view" in answer:
        yield Emitted("modal", "answer", answer["view"])


def _typed(request: Any) -> Iterator[str]:
    """What somebody typed: behind a command, or into the inputs of a form."""
    if isinstance(request, Mapping):
        state = (request.get("view") or {}).get("state") or {}
        values = [request.get("text"), *(node.get("value") for node in _nodes(state))]
        yield from (value for value in values if isinstance(value, str))


def faults(each: Emitted, typed: Collection[str] = ()) -> Iterator[str]:
    """What Slack would refuse, and what a reader would stumble over."""
    content, where = each.content, f"{each.surface} by {each.call}"
    refused = check_message(dict(content)) if each.surface == "message" else check_view(dict(content))
    found = [*refused, *_no_sentence(each), *_unmarked(content), *_blind(content), *_alike(content)]
    found += [
        f"a price allows no {said!r}: {text!r}"
        for text, _ in _texts(content)
        if (said := causal(text, typed))
    ]
    yield from (f"{where}: {fault}" for fault in found)


def _no_sentence(each: Emitted) -> Iterator[str]:
    """What a notification or a screen reader says of a message is a whole sentence."""
    text = str(each.content.get("text", ""))
    if each.surface == "message" and not re.search(r"[.!?]$", text.strip("*_` \n")):
        yield f"no whole sentence: {text!r}"


def _unmarked(content: Any) -> Iterator[str]:
    """Marks that mrkdwn would read and nobody meant, and ruins of it where text is plain."""
    for text, is_plain in _texts(content):
        if is_plain and RUINS.search(text):
            yield f"markup in plain text: {text!r}"
        if not is_plain and (MARKS.search(text) or ENTITIES.search(text)):
            yield f"unescaped: {text!r}"


def _texts(node: Any) -> Iterator[tuple[str, bool]]:
    """Every text that is shown, and whether it is shown as it is."""
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    if isinstance(node, Mapping):
        for name, each in node.items():
            if name == "text" and isinstance(each, str):
                yield each, node.get("type") in PLAIN
            elif name not in {"state", "private_metadata", "metadata"}:
                yield from _texts(each)


def _blind(content: Any) -> Iterator[str]:
    """Pictures without words."""
    for node in _nodes(content):
        if node.get("type") == "image" and len(str(node.get("alt_text", ""))) < 10:
            yield f"a picture without words: {node}"


def _alike(content: Json) -> Iterator[str]:
    """Buttons that cannot be told apart by what is read out."""
    said = [_read_out(node) for node in _nodes(content.get("blocks") or []) if node.get("type") == "button"]
    yield from (
        f"{times} buttons are read out as {label!r}" for label, times in Counter(said).items() if times > 1
    )


def _read_out(button: Json) -> str:
    return str(button.get("accessibility_label") or button["text"]["text"])


def _nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, list):
        for each in node:
            yield from _nodes(each)
    if isinstance(node, Mapping):
        yield node
        for each in node.values():
            yield from _nodes(each)
