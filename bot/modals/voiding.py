"""Filing that a metric was never measured: one look at what follows before it is done."""

import json

from slackblocks import ModalView

from bot import words
from bot.blocks import modal, section
from core.exchange.foreseeing import IfVoid

VIEW = "filing_void"


def view(metric_id: int, name: str, follows: IfVoid, reason: str) -> ModalView:
    """It comes back with the metric and the reason."""
    has = "has" if follows.holders == 1 else "have"
    text = (
        f"You are about to file that *{words.escape(name)}* was never measured.\n\n"
        "• Trading on it ends at once, and for good.\n"
        f"• {words.people(follows.holders)} {has} shares, which are paid *{words.credits(follows.credits)}* in all, "
        f"by {words.VOID_PRICES}, {words.moment(follows.paid_at)}, unless somebody objects.\n"
        "• Nobody wins or loses by what it came to.\n\n"
        f"Your reason, for everybody to read:\n{words.quoted(reason)}"
    )
    return modal(
        "Are you sure?",
        [section(text, "consequence")],
        "File it",
        VIEW,
        json.dumps([metric_id, reason], ensure_ascii=False),
        close="Back",
    )
