"""What is published of a lottery, and whether it holds: enough to check a draw with nothing else at hand."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from core.decisions import lotteries
from core.decisions.decision import Decision
from core.decisions.lotteries import Draw
from core.pricing import lottery
from core.pricing.lottery import Lottery

FORM = 1
TEXT_MOST = 3000


@dataclass(frozen=True)
class Statement:
    """Everything that a draw follows from, and what was drawn: the number of the option, or None where people decide."""

    decision: str
    options: tuple[str, ...]
    weights: tuple[int, ...]
    probability: int
    beacon: str
    url: str
    round: str
    beacon_value: str
    commitment: str
    seed: str
    digest: str
    drawn: int | None
    form: int = FORM


@dataclass(frozen=True)
class Finding:
    """One thing that must hold of a statement; ``claim`` is commitment, digest or drawn, and ``found`` what it comes to."""

    claim: str
    holds: bool
    said: str
    found: str


class Unreadable(Exception):  # noqa: N818 - a state of the text, not of the code
    """It is no statement of a draw."""


def draw_by(of: Lottery, seed: bytes, value: str, decision: str) -> tuple[str, int | None]:
    """The digest that a beacon's value makes, and the index of the option that it draws."""
    number = lottery.digest(seed, value.encode(), decision)
    return number, lottery.drawn(of, number)


def public(connection: Connection, decision: Decision) -> dict[str, Any]:
    """What is known of a lottery before its draw."""
    kept, of = lotteries.get(connection, decision.id), decision.lottery
    if of is None:
        raise AssertionError(f"{decision.name} has no lottery")
    return {
        "decision": decision.name,
        "options": [option.name for option in decision.options],
        "weights": list(of.weights),
        "probability": of.probability,
        "beacon": kept.beacon.name,
        "url": kept.beacon.url,
        "round": kept.beacon.round,
        "commitment": kept.commitment,
    }


def statement(connection: Connection, decision: Decision, made: Draw) -> dict[str, Any]:
    """The statement of a draw, as JSON knows it. It holds the seed: whoever has it knows all that there is."""
    number = None if made.option_id is None else decision.option(made.option_id).number
    said = {
        **public(connection, decision),
        "beacon_value": made.beacon_value,
        "seed": lotteries.seed(connection, decision.id).hex(),
        "digest": made.digest,
        "drawn": number,
    }
    return asdict(read(said))


def read(said: Any) -> Statement:
    """The statement that this is. Raises Unreadable."""
    fields = Statement.__dataclass_fields__
    if not isinstance(said, dict) or set(said) - {"form"} != set(fields) - {"form"}:
        raise Unreadable
    made: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    found = Statement(**made)
    if not _is_sound(found):
        raise Unreadable
    return found


def check(of: Statement) -> list[Finding]:
    """Whether the seed is the one that was committed to, makes the digest, and that draws what is said.

    The beacon's value is taken as it stands: whether the beacon said it is to be looked up there.
    """
    seed, chances = bytes.fromhex(of.seed), Lottery(of.probability, of.weights)
    committed = lottery.commitment(seed)
    number, index = draw_by(chances, seed, of.beacon_value, of.decision)
    found = None if index is None else index + 1
    return [
        Finding("commitment", of.commitment == committed, of.commitment, committed),
        Finding("digest", of.digest == number, of.digest, number),
        Finding("drawn", of.drawn == found, str(of.drawn), str(found)),
    ]


def _is_sound(of: Statement) -> bool:
    texts = (of.decision, of.beacon, of.url, of.round, of.beacon_value, *of.options)
    numbers = (of.probability, *of.weights)
    return (
        of.form == FORM
        and all(isinstance(each, str) and len(each) <= TEXT_MOST for each in texts)
        and all(isinstance(each, int) and 0 < each <= lottery.SURE for each in numbers)
        and len(of.options) == len(of.weights) > 1
        and all(_is_hash(each) for each in (of.commitment, of.seed, of.digest))
        and (of.drawn is None or of.drawn in range(1, len(of.options) + 1))
    )


def _is_hash(value: Any) -> bool:
    size = 2 * hashlib.sha256().digest_size
    return isinstance(value, str) and len(value) == size and set(value) <= set("0123456789abcdef")
