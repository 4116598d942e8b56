"""The modals each person has open, at most three on each other, and each person's App Home."""

import secrets
from collections.abc import Iterator
from typing import Any

from bot.workspace.errors import ApiError
from bot.workspace.inputs import fill

Json = dict[str, Any]
DEEPEST = 3


class ViewBook:
    def __init__(self) -> None:
        self.stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}

    def stack(self, user_id: str) -> list[Json]:
        return self.stacks.setdefault(user_id, [])

    def top(self, user_id: str) -> Json | None:
        return self.stack(user_id)[-1] if self.stack(user_id) else None

    def everything(self) -> Iterator[tuple[str, Json]]:
        for user_id, stack in self.stacks.items():
            yield from ((user_id, view) for view in stack)
        yield from self.homes.items()

    def find(self, view_id: str | None = None, external_id: str | None = None) -> tuple[str, Json]:
        for user_id, view in self.everything():
            if view_id == view["id"] or (external_id and external_id == view["external_id"]):
                return user_id, view
        raise ApiError("not_found")

    def open(self, user_id: str, view: Json) -> None:
        """A new root: whatever was open before is gone, as one person looks at one stack."""
        self.refuse_taken_name(view)
        self.stacks[user_id] = [view]

    def push(self, user_id: str, view: Json) -> None:
        stack = self.stack(user_id)
        if len(stack) >= DEEPEST:
            raise ApiError("push_limit_reached")
        self.refuse_taken_name(view)
        if stack:
            view |= {"previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]}
        stack.append(view)

    def replace(self, old: Json, new: Json) -> None:
        """The view keeps its identity and place; typed input stays where both ids stay."""
        values = fill(new["blocks"], old["state"]["values"])
        kept = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
        old |= new | kept | {"state": {"values": values}}

    def publish(self, user_id: str, view: Json) -> Json:
        if user_id in self.homes:
            self.replace(self.homes[user_id], view)
        else:
            self.homes[user_id] = view
        return self.homes[user_id]

    def drop(self, user_id: str, view: Json) -> None:
        """Takes the view away, and with `clear_on_close` all that lay under it."""
        stack = self.stack(user_id)
        self.stacks[user_id] = [] if view["clear_on_close"] else [each for each in stack if each is not view]

    def refuse_taken_name(self, view: Json) -> None:
        name = view["external_id"]
        if name and any(each["external_id"] == name for _, each in self.everything()):
            raise ApiError("duplicate_external_id")


def new_hash(ts: str) -> str:
    return f"{ts}.{secrets.token_hex(4)}"


def refuse_stale(view: Json, given_hash: str | None) -> None:
    if given_hash is not None and given_hash != view["hash"]:
        raise ApiError("hash_conflict")
