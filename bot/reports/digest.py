"""News for one person: what happened since the last that they were told, in one message, and how to be told less."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, context, section
from bot.reports import closing, moved, news, orders
from bot.reports.message import Message
from core.exchange import notifying

SHOWN_MOST = 12
MUTE, UNMUTE = "mute", "unmute"


def render(happened: Sequence[tuple[str, Mapping[str, Any]]]) -> Message:
    """Of each kind and its facts a paragraph with its buttons; the last say how to switch these messages off."""
    told = [RENDERERS[kind](facts) for kind, facts in happened[:SHOWN_MOST]]
    topics = list(dict.fromkeys(topic for kind, _ in happened if (topic := notifying.topic_of(kind))))
    stopping = actions("muting", [_stop(topic, is_only=len(topics) == 1) for topic in topics])
    if len(happened) == 1:
        return Message(told[0].text, (*told[0].blocks, *stopping))
    left = len(happened) - len(told)
    blocks: list[Block] = [section(f"*{len(happened)} updates for you*", "heading")]
    blocks += [_numbered(block, n) for n, each in enumerate(told) for block in each.blocks]
    if left:
        blocks.append(context(f"And {left} more: my Home tab shows where you stand.", "more"))
    return Message(f"{len(happened)} updates for you. {told[0].text}", (*blocks, *stopping))


def _stop(topic: str, *, is_only: bool) -> Button:
    about = words.TOPICS[topic]
    return button(
        "Stop messages like this" if is_only else f"Stop: {about}",
        f"{MUTE}:{topic}",
        topic,
        f"No more messages about {about}",
    )


def _numbered(block: Block, number: int) -> Block:
    """Blocks of several messages stand in one, which takes each id once."""
    block.block_id = f"{block.block_id}_{number}"
    return block


RENDERERS = {
    "paid": news.paid,
    "filled": orders.filled,
    "order_ended": orders.ended,
    "returned": news.returned,
    "granted": news.granted,
    "allowance": news.allowance,
    "closing": closing.render,
    "moved": moved.render,
}
