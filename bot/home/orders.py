"""Limit orders that wait: what each asks for, what it has got, and buttons to end them."""

from collections.abc import Sequence

from slackblocks import Block, ConfirmationDialogue, Markdown, SectionBlock

from bot import words
from bot.blocks import actions, button, danger, fit, section
from bot.reports import priced
from core.exchange.limit_orders import LimitOrder
from core.units import MICRO

CANCEL, CANCEL_ALL = "cancel", "cancel_all"
NONE_WAIT = "No limit order of yours waits. You can name a price when you trade."


def entries(orders: Sequence[LimitOrder]) -> list[list[Block]]:
    """One entry an order, and one to end all of them where there are several."""
    found: list[list[Block]] = [[_order(order)] for order in orders]
    if len(orders) > 1:
        everything = button("Cancel all", CANCEL_ALL, "all", is_danger=True, confirm=_sure(orders))
        found.append(actions("cancel_all", [everything]))
    return found


def nothing() -> list[Block]:
    return [section(NONE_WAIT, "no_orders")]


def described(order: LimitOrder) -> str:
    """What it asks for, where, and what it has got."""
    name = words.market(order.market_id)
    on = priced.on(order.option, order.is_drawn)
    about = f"{words.decision(order.decision_id)}, {on}: " if order.decision_id else f"{name}: "
    side = words.shares_of(order.outcome_name, order.unit)
    bound = words.bound(order.outcome, is_sale=order.is_sale)
    at = f"{words.exact_value(order.value, order.unit)} {bound}"
    what = f"sell {side}" if order.is_sale else f"buy {side}"
    got = f" Filled so far: {words.number(order.shares)} shares." if order.shares else ""
    metric = order.metric if order.decision_id else f"“{order.metric}”"
    return f"{words.escape(about)}{what} while {words.escape(metric)} is priced at {words.escape(at)}.{got}"


def _order(order: LimitOrder) -> SectionBlock:
    until = f" It waits until {words.moment(order.expires_at)}." if order.expires_at else ""
    text = f"*O-{order.order_id}* · {described(order)} {_held(order)} kept for it.{until}"
    cancel = button(
        "Cancel", f"{CANCEL}:{order.order_id}", order.order_id, f"Cancel order O-{order.order_id}"
    )
    return SectionBlock(Markdown(fit(text)), block_id=f"order_{order.order_id}", accessory=cancel)


def _held(order: LimitOrder) -> str:
    if order.is_sale:
        return f"{words.number(order.left)} shares are"
    return f"{words.credits(order.left)} {'is' if order.left == MICRO else 'are'}"


def _sure(orders: Sequence[LimitOrder]) -> ConfirmationDialogue:
    credit = sum(order.left for order in orders if not order.is_sale)
    shares = sum(order.left for order in orders if order.is_sale)
    back = [f"{words.credits(credit)}"] if credit else []
    back += [f"{words.number(shares)} shares"] if shares else []
    text = f"{len(orders)} limit orders end, and {' and '.join(back)} can be used again."
    return danger("Cancel all limit orders?", text, "Cancel all")
