"""Which of all refusals were said somewhere, found by their sentences; and what no person can come to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from live import Person, read
from payloads import Payloads

from bot import refusals, words

PLACES = r"\\\{[a-z]+\\\}"  # Where a sentence's own words go, in an escaped template.
OTHERS = {  # Those that are made, not written down.
    "Unknown": "There is no decision D-",
    "InsufficientFunds credits": "can be spent here. Lower the amount.",
    "InsufficientFunds shares": "of these shares now. Lower the number.",
    "PlanMoved": "Since you looked, ",
    "OverBudget": "reserved for markets. ",
    "OverSpent": "Until then it pays for nothing new",
    "PriceBound": "That would push a price below",
    "WidthCap": "one person can hold at most",
    "PriceMoved": "The price moved while you were typing.",
}
TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "rule": refusals._RULES,
    "not allowed": refusals._NOT_ALLOWED,
    "not open": refusals._NOT_OPEN,
    "market": refusals._MARKET_NOT_OPEN,
    "order": refusals._ORDER_NOT_OPEN,
}
UNREACHED = {
    "rule nothing_to_add": "the form is not opened then",
    "rule many_spenders": "Slack lets nobody choose so many people",
    "rule too_many": "Slack lets nobody choose so many people",
    "rule unknown": "menus offer only what there is",
    "rule sum": "opening prices come from base rates",
    "rule opening_price": "base rates are held further inside",
    "rule range": "forecasts are not typed",
    "rule identity": "people come from Slack's menus",
    "rule two_outcomes": "the form has no price where there are many outcomes",
    "rule bytes": "the program draws the seed",
    "rule mirrored": "the form has no price where an order is for both twins",
    "rule no_twin": "the form knows the twins",
    "rule not_long": "the form offers a second wallet only where it pays",
    "rule no_earmark": "the same, and only to whoever has one",
    "rule other_wallet": "the same, and only while neither holds anything there",
    "rule pool_wallet": "neither form nor command gives the pool any",
    "rule second_reader": "another decider of this life could always type it",
    "rule archived": "Slack's menu of channels leaves those out",
    "rule per_option": "the form asks for one of each",
    "rule no_number": "only a source says what is none; its owner is told by message",
    "rule no_time": "the same of times",
    "rule whole": "Slack takes nothing else there",
    "not allowed deciders_and_admins": "nobody else has the button",
    "rule one_unit": "the form asks for one unit",
    "rule other_host": "the environment of this life has no secrets",
    "rule fixed": "the form does not offer what stays",
    "not allowed second_approver": "who may not approve is not sent the form",
    "not open not_frozen": "the button comes with what is due",
    "not allowed sole_stake": "another admin of this life has not traded",
    "not allowed own_request": "who asks is not sent the form that confirms",
    "not allowed own_orders_only": "others' orders have no button",
    "not open late_to_draw": "its metrics freeze long after it is to be decided",
    "not open overdue": "the heartbeat withdraws it first",
    "not open closed": "forms say what it waits for",
    "not open open": "forms say what it waits for",
    "not open not_asked": "there is a form to confirm only once somebody asked",
    "not open unread": "there is nothing to object to before it is read",
    "order cancelled": "ended twice, it is ended all the same",
}


def all_of_them() -> set[str]:
    return {*OTHERS, *(f"{kind} {name}" for kind, said in TEMPLATES.items() for name in said)}


def said(payloads: Payloads) -> set[str]:
    """Every refusal whose sentence stood under a field, in a modal or in a message."""
    texts = "\n".join(_texts(payloads))
    made = {name for name, part in OTHERS.items() if part in texts}
    written = {
        f"{kind} {name}"
        for kind, templates in TEMPLATES.items()
        for name, template in templates.items()
        if re.search(re.sub(PLACES, ".*?", re.escape(template)), texts)
    }
    return made | written


def _texts(payloads: Payloads) -> Iterator[str]:
    for errors in payloads.refused:
        yield from errors.values()
    for each in payloads.emitted:
        yield words.without_markup(read(each.content))
        yield read(each.content)


def refuses(who: Person, field: str, **typed: Mapping[str, Any]) -> str:
    """Submits what cannot be: the sentence stands under this field, and everything that was typed is still there."""
    answer = who.submit(**typed)
    errors = answer.get("errors", {})
    assert [block.partition(":")[0] for block in errors] == [field], (field, answer, who.state["views"][-1:])
    values = {block.partition(":")[0]: next(iter(each.values())) for block, each in state_of(who).items()}
    lost = {block: value for block, value in typed.items() if not is_kept(value, values[block])}
    assert lost == {}
    return str(next(iter(errors.values())))


def is_kept(value: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    """Slack keeps what was left empty as nothing."""
    return all((each or None) == (state.get(name) or None) for name, each in value.items())


def state_of(who: Person) -> Mapping[str, Any]:
    found: Mapping[str, Any] = who.modal["state"]["values"]
    return found


def told_instead(who: Person) -> str:
    """A modal that only says why not takes the form's place."""
    assert who.modal["title"]["text"] == "Not possible", who.modal
    text = read(who.modal)
    who.close()
    return text
