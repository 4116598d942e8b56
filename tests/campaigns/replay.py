"""Holding what happened at once against one serial order of it."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from campaigns.answers import is_fill, said
from campaigns.campaign import insist
from campaigns.orders import Orders
from campaigns.scene import Scene
from campaigns.witness import Turn, do
from sqlalchemy import Engine, event

from core.database import moment, open_engine, writing
from core.exchange import trading

TOGETHER_MOST = 60


def quick(url: str) -> Engine:
    """An engine on a SQLite file that need not outlive a power cut."""
    engine = open_engine(url)

    @event.listens_for(engine, "connect")
    def change(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine


def replay(engine: Engine, turns: Iterable[Turn], orders: Orders, chance: random.Random) -> None:
    """Does all again, one turn after the other, and insists on the same answers.

    Some neighbouring orders share a transaction, in which the exchange decides on one after the other; which ones has
    nothing to do with those that shared one before.
    """
    for group in _groups(turns, chance):
        now = moment(group[0].at)
        with writing(engine) as connection:
            if _is_deed(group[0]):
                answers = [do(connection, group[0].asked, now)]
            else:
                answers = trading.execute(connection, [orders(turn.asked) for turn in group], now=now)
        for turn, answer in zip(group, answers, strict=True):
            insist(said(answer) == turn.answer, f"{turn} would have been answered {answer!r} in its turn")


def insist_on_journal_order(
    turns: Sequence[Turn], entry_ids: Mapping[str, int], orders: Orders, scene: Scene
) -> None:
    """Trades that touch the same market, decision or person stand in the journal in the order of their turns.

    So the ids of entries are a serial order too: they are drawn when all locks are held.
    """
    filled = {turn.asked: turn for turn in turns if is_fill(turn.answer)}
    last: dict[object, Turn] = defaultdict(lambda: Turn(0, 0, 0, "", ""))
    for key in sorted(filled, key=entry_ids.__getitem__):
        order, turn = orders(key), filled[key]
        for touched in (order.by, order.market_id, scene.decision_of(order.market_id)):
            if touched is not None:
                insist(
                    last[touched] < turn,
                    f"{turn} has a later entry than {last[touched]}, which came after it",
                )
                last[touched] = turn


def _groups(turns: Iterable[Turn], chance: random.Random) -> Iterator[list[Turn]]:
    """Deeds alone, orders of the same time in groups of some size."""
    group: list[Turn] = []
    most = 1
    for turn in turns:
        if group and (len(group) == most or turn.at != group[0].at or _is_deed(turn) or _is_deed(group[0])):
            yield group
            group, most = [], chance.randint(1, TOGETHER_MOST)
        group.append(turn)
    if group:
        yield group


def _is_deed(turn: Turn) -> bool:
    return turn.asked.startswith("[")
