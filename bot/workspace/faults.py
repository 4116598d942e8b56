"""Faults that can be switched on, for one direction and kind of traffic: once, some times, always, or by chance."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.workspace.errors import Refused

Json = dict[str, Any]


class Direction(StrEnum):
    TO_APP = "to_app"
    TO_SLACK = "to_slack"


BOTH = (Direction.TO_APP, Direction.TO_SLACK)
# Which way each fault can befall: only Slack delivers twice, and only Slack hands out triggers.
FAULTS: Mapping[str, tuple[Direction, ...]] = {
    "drop": BOTH,  # It never arrives, and nothing comes back.
    "delay": BOTH,  # It arrives so many seconds later.
    "error": BOTH,  # It is answered with HTTP 500 and not carried out.
    "limited": BOTH,  # It is answered with HTTP 429 and not carried out; `seconds` is the Retry-After.
    "lost_ack": BOTH,  # It is carried out, but the answer never comes back.
    "duplicate": (Direction.TO_APP,),  # It arrives a second time, so many seconds later.
    "expired_trigger": (Direction.TO_APP,),  # The trigger in it is three seconds old when it arrives.
}
APP_KINDS = (
    "command",
    "block_actions",
    "view_submission",
    "view_closed",
    "shortcut",
    "message_action",
    "event",
)
SECONDS_MOST = 60.0


@dataclass
class Fault:
    """`kind` is empty for every kind; `left` is None for always."""

    name: str
    direction: Direction
    kind: str = ""
    left: int | None = 1
    chance: float = 1.0
    seconds: float = 1.0
    number: int = 0
    struck: int = 0

    def meets(self, direction: Direction, kind: str) -> bool:
        return self.direction == direction and self.kind in ("", kind) and self.left != 0


@dataclass
class Faults:
    """What is switched on. `draw` gives a number from 0 to 1, which a fault's chance must exceed."""

    draw: Callable[[], float] = random.random
    switched: list[Fault] = field(default_factory=list)
    counter: int = 0

    def switch_on(self, fault: Fault) -> Fault:
        self.counter += 1
        fault.number = self.counter
        self.switched.append(fault)
        return fault

    def switch_off(self, number: int | None = None) -> None:
        """One of them, or all."""
        self.switched = [each for each in self.switched if number not in (None, each.number)]

    def strike(self, direction: Direction, kind: str) -> dict[str, Fault]:
        """By name, the faults that befall one request now; one that has struck often enough is off."""
        found = {}
        for fault in self.switched:
            if fault.name not in found and fault.meets(direction, kind) and self.draw() < fault.chance:
                fault.struck += 1
                fault.left = None if fault.left is None else fault.left - 1
                found[fault.name] = fault
        self.switched = [each for each in self.switched if each.left != 0]
        return found

    def shown(self) -> list[Json]:
        return [asdict(each) for each in self.switched]


def read_fault(wanted: Json, kinds: Mapping[Direction, Iterable[str]]) -> Fault:
    """A fault as the page or a script asks for it; one that could never strike is refused.

    `times` is 1 unless said otherwise, and null means always.
    """
    name, direction = str(wanted.get("name")), wanted.get("direction")
    if name not in FAULTS or direction not in FAULTS[name]:
        raise Refused(f"There is no fault {name} in the direction {direction}.")
    kind = wanted.get("kind") or ""
    if kind and kind not in kinds[direction]:
        raise Refused(f"Nothing of the kind {kind} passes in the direction {direction}.")
    times = wanted.get("times", 1)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise Refused("A fault strikes a whole number of times, or always.")
    chance = number_within(wanted.get("chance", 1.0), 1.0, "A chance is a number above 0, at most 1.")
    seconds = number_within(
        wanted.get("seconds", 1.0), SECONDS_MOST, "A fault's seconds are more than 0 and at most 60."
    )
    return Fault(name, Direction(direction), kind, times, chance, seconds)


def number_within(value: Any, most: float, refusal: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= most:
        raise Refused(refusal)
    return float(value)
