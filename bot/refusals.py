"""What each refusal says: the field that caused it, where there is one, and a sentence to act on."""

from collections.abc import Callable
from typing import Any

from bot import refusals_of_subsidies as subsidies
from bot import wallets, words
from core.errors import (
    Busy,
    InsufficientFunds,
    Invalid,
    KeyReused,
    NotAllowed,
    NotOpen,
    PriceBound,
    PriceMoved,
    Refusal,
    Repeated,
    Unknown,
    WidthCap,
)


def field(no: Refusal) -> str | None:
    """The field that caused it, where there is one."""
    return no.field if isinstance(no, Invalid) else _FIELDS.get(type(no))


def sentence(no: Refusal) -> str:
    """What to say there."""
    return _SENTENCES[type(no)](no)


_FIELDS: dict[type[Refusal], str] = {
    InsufficientFunds: "amount",
    PriceBound: "amount",
    WidthCap: "amount",
    PriceMoved: "amount",
} | subsidies.FIELDS

_RULES: dict[str, str] = subsidies.RULES | {
    "number": "“{value}” is not a number. Write it like 25 or 12.50.",
    "point": "“{value}” is not a number here. With a point before the decimals it is {limit}.",
    "ambiguous": "“{value}” can be read in two ways. Type {limit}.",
    "digits": "“{value}” has more than six digits after the point.",
    "too_large": "The most that can be written here is {value}.",
    "positive": "This must be more than 0.",
    "least_order": "The smallest order is {credits}. Raise the amount.",
    "least_subsidy": "That is too little to open a market with: at least {credits} here.",
    "too_long": "“{value}…” is longer than {limit} characters.",
    "between": "This must be between {value} and {limit}.",
    "characters": "This holds characters that cannot be kept. Type it anew.",
    "empty": "This cannot be empty.",
    "too_many": "At most {value} people can decide.",
    "count": "Name 2 to {value} options, one a line.",
    "outcomes count": "A market has 2 to {limit} outcomes, not {value}.",
    "distinct": "Two options have the same name. Give each its own.",
    "outcomes distinct": "Two outcomes stand at the same value. Give each its own.",
    "second_admin": "Another admin has to confirm that, and there is none. Make somebody an admin with `/futarchy people`.",
    "is_admin": "{person} is an admin already.",
    "no_admin": "{person} is no admin.",
    "last_admin": "{person} is the only admin. Make somebody else one first.",
    "left": "{person} is marked as having left, and takes part in nothing any more. An admin can undo that.",
    "not_left": "{person} is not marked as having left.",
    "above_cap": "Nobody can be lifted above the cap. Make it at most the cap.",
    "period": "A period is 1 to {value} days long.",
    "earlier": "Dates move later, never earlier. Choose a later time than it is now.",
    "over": "This date is over, so it stays.",
    "no_change": "These are the dates as they are. Choose a later time for at least one.",
    "future": "This time is already past. Choose a later one.",
    "after_close": "The decision cannot be due before trading closes. Choose a time after the close.",
    "after_decide_by": "The freeze cannot come before the decision is due and its challenge window is over. Choose a later time.",
    "above_low": "The highest value must be above the lowest.",
    "opening_price": "That would open a price at {value}. Choose a base rate further inside the range.",
    "sum": "The opening prices must sum to 1, not to {value}.",
    "cron": "“{value}” names no time. Write minute, hour, day, month and weekday, like 0 9 * * MON-FRI.",
    "hourly": "“{value}” comes more than once an hour. Name one minute, like 0 9 * * MON-FRI.",
    "zone": "I know no time zone “{value}”. Name one like Europe/Berlin or UTC.",
    "challenge": "A challenge window is between 0 hours and 30 days.",
    "unknown": "There is no such choice here.",
    "range": "“{value}” is not between 0 and 1.",
    "nobody": "I do not know {value}. Choose somebody from the list that opens with @, or write pool.",
    "identity": "“{value}” is not somebody I know how to reach.",
    "priced": "The market is there already. Type another estimate.",
    "two_outcomes": "A price can only be named where there are two outcomes, Higher and Lower.",
    "no_centre": "There is no outcome in that range. Choose a wider one.",
    "all_centres": "Every outcome is in that range, which is no bet. Choose a narrower one.",
    "span": "The outer values must be the ends of the range, {value} and {limit}.",
    "measures": "Options are compared on 1 to {value} metrics.",
    "per_option": "Measure {value} needs one metric, or one for each option, and a base rate for each option.",
    "yes_or_no": "A metric of that unit is traded as Yes and No: its lowest value is 0, its highest 100, without ranges.",
    "not_member": "I am no member of this channel. Write `/invite @Futarchy` there, then press again.",
    "archived": "This channel is archived. Choose another one.",
    "hundred": "The chances sum to {value}, not to 100. None of them being taken is one of the ways to decide.",
    "outdated": "An option was added since this form was opened. Close it and open it again.",
    "whole": "“{value}” is not a whole number.",
    "many_links": "At most {value} links.",
    "link": "“{value}” is not a link. Write each on a line of its own, beginning with https:// or http://.",
    "decimals": "This is a whole number from 0 to {value}, or empty.",
    "fixed": "Unit and range stay as they were at opening: shares are paid by them.",
    "same_definition": "Nothing is changed here. Change something, or close this.",
    "second_approver": "Somebody else has to approve that, an admin or a decider, and there is nobody. "
    "Make somebody an admin with `/futarchy people`.",
    "has_traded": "{person} has traded here, or has an order waiting, and so may not file what it comes to. Choose somebody else.",
    "address": "This is no address. It begins with https:// or http://.",
    "no_secrets": "An address with a name and a password in it would be kept and shown. Name a header and a secret instead.",
    "variable": "This is a name in capital letters, such as SCORES, never a secret or an address itself.",
    "header": "This is the name of a header, such as Authorization or X-Api-Key.",
    "expression": "“{value}” is no JMESPath expression.",
    "no_number": "“{value}” is no number.",
    "no_time": "“{value}” is no time.",
    "not_set": "{value} is not set where I run. Whoever runs me can set it.",
    "no_secret": "{value} is not set where I run, as a host, a blank, and what that host takes.",
    "other_host": "This secret is for {value} alone, and no other host gets it.",
    "after_draw": "A draw can be doubted for its challenge window, and what it leaves to people must still be decided. "
    "Choose a later time.",
    "lottery": "The round of the beacon was named to come after this close, so the close stays. Leave it as it is.",
    "lottery_count": "A lottery can be over at most {value} options.",
    "weights per_option": "Type one whole number above 0 for each of the {value} options.",
    "chance_least": "Each option must be drawn with a chance of at least a quarter. Raise the probability, or make the "
    "weights more even.",
    "bytes": "A seed has {value} bytes.",
    "url": "Type an address that begins with https:// and has no blanks.",
    "jmespath": "“{value}” is no JMESPath. Type it like randomness or data.value.",
    "beacon_value no_change": "That is the value that was drawn by. Type the one that it should have been.",
    "second_reader": "Somebody else has to type it too, an admin or a decider who has not traded here, and there is nobody. "
    "Make somebody an admin with `/futarchy people`.",
    "ascii": "Type it in plain letters, digits and signs, exactly as the beacon published it.",
    "mirrored": "An order that waits at a price is for one branch alone. Choose which.",
    "no_twin": "There is no such twin of this market.",
    "one_unit": "The metrics of measure {value} must have the same unit.",
}

_NUMBERS = {"too_large", "between", "opening_price", "sum", "span"}  # Their values are numbers of ours.
_OF_NUMBERS = subsidies.OF_NUMBERS | _NUMBERS
_ABOUT = {"centres": "outcomes"}  # Fields that are called otherwise where they are typed.

_NOT_ALLOWED: dict[str, str] = subsidies.NOT_ALLOWED | {
    "admins_only": "Only admins can do that.",
    "deciders_only": "Only the people named as deciders when it was opened can do that.",
    "deciders_and_admins": "Only the people named as deciders, and admins, can do that.",
    "metric_owner_only": "Only the owner of the metric can file its reading.",
    "owner_or_admin": "Only the owner of the metric and admins can do that.",
    "second_approver": "Another admin or a decider has to approve it: neither who proposed it nor the metric's owner, nor who has traded here.",
    "own_request": "You asked for this yourself. Another admin has to confirm it.",
    "left": "You are marked as having left, so you cannot trade. An admin can undo that.",
    "decider": "You are one of the people who decide this, so you may not trade it. "
    "Your choice would move what you hold.",
    "metric_owner": "You file the reading for this metric, so you may not trade it.",
    "own_reading": "You filed this reading, so you cannot object to it. You can file it anew until it is final.",
    "own_objection": "Somebody who neither filed the reading nor objected to it has to rule.",
    "lottery": "A lottery may decide it, so its options were fixed with their chances before anybody traded.",
    "deciders_or_admins": "Only its deciders and admins can do that.",
    "own_value": "You typed its value already. Another decider or an admin has to type it now.",
    "has_stake": "You have traded here, or have an order waiting, so somebody without a stake has to do that.",
    "sole_stake": "You have traded here, or have an order waiting, so somebody without a stake has to do that, and there is "
    "nobody. Make somebody else an admin with `/futarchy people`.",
    "own_orders_only": "Only the person who placed an order can end it.",
}

_NOT_OPEN: dict[str, str] = subsidies.NOT_OPEN | {
    "still_open": "{name} is still open for trading. You can record the decision once it closes{since}.",
    "not_closed": "{name} is still open{since}: what is known now can be traded. What arrives after the close is late.",
    "unrecorded": "{name} has no record yet. What arrived after the close can be logged all the same.",
    "one_measure": "{name} is compared on one metric, so there is nothing to weigh.",
    "ballots_closed": "The ballots of {name} are closed. A decider or an admin can reopen them with a reason, until the "
    "decision is recorded.",
    "ballots_reopened": "The ballots of {name} are open already.",
    "ballots_not_reopened": "The ballots of {name} are not open.",
    "overdue": "{name} was to be decided{since}. It counts as not decided now.",
    "undecided": "{name} is not decided yet. The reading comes after a decision was recorded and its challenge "
    "window is over.",
    "not_final": "{name} is recorded, but not final yet. File the reading once it is{since}.",
    "reversed": "This grant is taken back already.",
    "not_asked": "Nobody has asked to take this grant back.",
    "halted": "Trading in {name} is halted{since}. An admin lets it go on.",
    "not_halted": "Trading in {name} is not halted.",
    "recorded": "{name} has been recorded already. What is recorded cannot be changed.",
    "read": "The reading of {name} is final. It cannot be changed any more.",
    "unread": "{name} has no reading yet.",
    "objected": "Somebody objected to the reading of {name}. An admin rules on that first.",
    "set_aside": "The reading of {name} does not count any more: an objection to it was upheld. Its owner files it anew.",
    "no_objection": "No objection to the reading of {name} waits for a ruling.",
    "change_waits": "A change of how {name} is defined waits already. Somebody approves it or turns it down first.",
    "no_change_waits": "No change of how {name} is defined waits any more.",
    "defined_for_good": "How {name} is defined cannot change any more: its reading is filed, or is not needed.",
    "filed": "The reading of {name} is filed already.",
    "not_frozen": "{name} is read when trading has ended, not before.",
    "no_source": "{name} has no source to be read from.",
    "no_doubt": "What the source of {name} gave is answered for already, or was read anew.",
    "dead": "{name} is not read any more: the option that it was for was not taken.",
    "open": "{name} is still open: that comes after a decision was recorded and its challenge window is over.",
    "closed": "Trading in {name} is closed.",
    "chosen": "{name} is decided already.",
    "withdrawn": "{name} was withdrawn. Everybody's stakes are back.",
    "drawn": "{name} was decided by its lottery.",
    "undrawn": "{name} waits for its lottery. Until the draw is made and final, nobody can decide it.",
    "drawn_already": "{name} was drawn already.",
    "late_to_draw": "It is too late to draw {name}: people could not decide any more before its metrics freeze what such a "
    "draw leaves to them. It counts as not decided{since}, and that no value came in time as a breach.",
    "no_lottery": "No lottery may decide {name}.",
    "not_drawn": "No lottery has decided {name}, so there is no draw that was not carried out.",
    "lottery_closed": "A lottery may decide {name}, so it could be withdrawn only before trading closed{since}.",
    "void_window": "It can be said that this was never measured once trading has closed{since}: "
    "the prices until then are what would be paid.",
    "settled": "{name} is settled.",
}

_MARKET_NOT_OPEN: dict[str, str] = {
    "closed": "Trading here is closed.",
    "halted": "An admin halted trading here{since}. Nothing trades until an admin lets it go on.",
    "frozen": "Trading here has ended for good: its reading is filed or due.",
    "dead": "This option can no longer be taken, so it does not trade. What you had put on it is back.",
    "settled": "This is settled, and everybody has been paid.",
}

_ORDER_NOT_OPEN: dict[str, str] = {
    "filled": "{name} was filled already.",
    "cancelled": "{name} was cancelled already.",
    "expired": "The time of {name} was over already.",
}

_NOT_OPEN_BY_KIND = {"market": _MARKET_NOT_OPEN, "order": _ORDER_NOT_OPEN}


def _invalid(no: Any) -> str:
    least = words.credits(int(no.value)) if no.rule in {"least_order", "least_subsidy"} else ""
    said = _RULES.get(f"{_ABOUT.get(no.field, no.field)} {no.rule}") or _RULES[no.rule]
    value, limit = words.escape(no.value), no.limit
    if no.rule in _OF_NUMBERS:
        value, limit = (words.typed(each) if each else "" for each in (no.value, no.limit))
    return said.format(
        value=value,
        limit=limit,
        credits=least,
        person=words.person(no.value),
        wallet=wallets.NAMES.get(no.value),
    )


def _not_open(no: Any) -> str:
    since = f" ({words.moment(no.since)})" if no.since else ""
    said = _NOT_OPEN_BY_KIND.get(no.kind, {}).get(no.state) or _NOT_OPEN[no.state]
    return said.format(name=words.escape(no.name), since=since)


def _unknown(no: Any) -> str:
    lists = "`/subsidy` lists them" if no.kind == "portfolio" else "`/market` lists what is open"
    return f"There is no {no.kind} {words.escape(no.name)}. {lists}."


def _insufficient(no: Any) -> str:
    there = max(0, no.available)
    if no.of == "shares":
        return f"You can sell {words.number(there)} of these shares now. Lower the number."
    return f"That takes {words.credits(no.needed)}, and {words.limit(there)} can be spent here. Lower the amount."


def _not_allowed(no: Any) -> str:
    if not no.who:
        return _NOT_ALLOWED[no.because]
    return f"{_NOT_ALLOWED[no.because]} Ask {' or '.join(words.person(each) for each in no.who)}."


def _bound(no: Any) -> str:
    ends = f"below {words.part(0.0001, 2)} or above {words.part(0.9999, 2)}"
    return f"That would push a price {ends}, where prices end. {_most(no)}."


def _width(no: Any) -> str:
    cap = f"one person can hold at most {words.number(no.cap)} shares more of one kind than of another"
    return f"{_most(no)}: {cap}."


def _most(no: Any) -> str:
    """How much of an order there is room for: credits where the order names credits, else shares."""
    if not no.most:
        return "Nothing more fits here now"
    what = words.limit(no.most) if no.act in {"spend", "move"} else f"{words.number(no.most)} shares"
    return f"The most that fits here is {what}"


_SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    Invalid: _invalid,
    Unknown: _unknown,
    NotAllowed: _not_allowed,
    NotOpen: _not_open,
    InsufficientFunds: _insufficient,
    PriceMoved: lambda _: "The price moved while you were typing. Look at the new quote and press again.",
    PriceBound: _bound,
    WidthCap: _width,
    Repeated: lambda no: f"You did the same a moment ago ({words.moment(no.at)}). Nothing was done now.",
    KeyReused: lambda _: "This form was used already, with other inputs. Open a new one.",
    Busy: lambda _: "The exchange is busy right now and nothing was done. Try again in a moment.",
} | subsidies.SENTENCES
