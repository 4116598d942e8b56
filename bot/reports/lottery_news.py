"""What is told of a lottery: what binds it before anybody trades, its draw with all that proves it, and what follows."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, section, sections
from bot.reports import lottery, proof
from bot.reports.message import Message

Facts = Mapping[str, Any]
SURE = 1_000_000  # Chances are kept in millionths.


def opened(facts: Facts) -> Message:
    """What binds it, before anybody trades."""
    odds = [
        f"• {words.escape(option)}: {words.chance(round(_chance(facts, index)))}"
        for index, option in enumerate(facts["options"])
    ]
    people = SURE - facts["probability"]
    if people:
        odds.append(f"• People decide: {words.chance(people)}")
    decided = f"may be decided by a lottery, with a chance of {words.chance(facts['probability'])}"
    if not people:
        decided = "is decided by a lottery, whatever people would choose"
    text = f"{_named(facts)} {decided}. Nobody can stop what it draws."
    blocks: list[Block] = [
        section(text, "news"),
        section("\n".join(odds), "odds"),
        *sections([_bound(facts), _how(facts)], "how"),
    ]
    return Message(text, tuple(blocks))


def _chance(facts: Facts, index: int) -> float:
    weights = facts["weights"]
    return float(facts["probability"] * weights[index] / sum(weights))


def _bound(facts: Facts) -> str:
    url = f" ({words.escape(facts['url'])})" if facts["url"] else ""
    return (
        f"*Beacon:* {words.escape(facts['beacon'])}{url}, {words.escape(facts['round'])}, whose value nobody knows before "
        f"trading closes {words.moment(facts['closes_at'])}.\n*Commitment:* `{facts['commitment']}`, the SHA-256 of a "
        "seed that is told with the draw."
    )


def _how(facts: Facts) -> str:
    """The arithmetic, so that nobody has to trust us."""
    total = sum(facts["weights"])
    otherwise = "; without any, people decide" if facts["probability"] < SURE else ""
    return (
        "*How it is drawn:* U is the SHA-256 of the seed, a zero byte, the beacon's value as text, a zero byte, and "
        f"`{facts['decision']}`, read as a number. The first option is drawn whose running sum of weights s has "
        f"U * 1,000,000 * {total} &lt; {facts['probability']} * s * 2^256{otherwise}. "
        f"Weights: {', '.join(map(str, facts['weights']))}. `futarchy verify-draw` checks it."
    )


def made(facts: Facts) -> Message:
    """A draw with all that it takes to check it."""
    said = facts["statement"]
    drew = f"drew *{words.escape(facts['option'])}*" if facts["option"] else "drew nothing, so people decide"
    text = f"{_named(facts)}: its lottery {drew}. It takes effect {words.moment(facts['final_at'])}."
    by = "fetched from the beacon"
    if facts["by"]:
        by = f"read by {words.person(facts['by'])}, and the same by {words.person(facts['confirmed_by'])}"
    lines = [f"The value of {words.escape(said['beacon'])}, {words.escape(said['round'])}, was {by}."]
    if not facts["option"]:
        moved = facts["decide_by"] != facts["decide_by_before"]
        instead = (
            f" instead of {words.moment(facts['decide_by_before'])}, since it was drawn so late"
            if moved
            else ""
        )
        lines.append(
            f"Its deciders decide by {words.moment(facts['decide_by'])}{instead}, once this is final."
        )
    blocks: list[Block] = [
        section(text, "news"),
        *sections(lines, "why"),
        section(f"```{proof.written(said)}```", "proof"),
        section(f"{proof.in_words(said)} {_CHECK}", "check"),
    ]
    blocks += actions("actions", [button("The beacon said something else", "misread", facts["decision_id"])])
    return Message(text.replace("*", ""), tuple(blocks))


_CHECK = (
    "Save this message as a file and run `futarchy verify-draw FILE`. "
    "Compare the commitment and the chances with the post at opening, and the value with the beacon itself."
)


def took_effect(facts: Facts) -> Message:
    if facts["option"] is None:
        text = (
            f"{_named(facts)} was not drawn by its lottery. What stood only on a draw goes back now, and its deciders "
            f"decide by {words.moment(facts['decide_by'])}."
        )
        return _plain(text, [button("Record the decision", "record", facts["decision_id"], primary=True)])
    option = words.escape(facts["option"])
    return _plain(
        f"{_named(facts)} is final: its lottery drew *{option}*. What was put on all else goes back now, and {option} "
        f"trades on until {words.moment(facts['freezes_at'])}."
    )


def breach(facts: Facts) -> Message:
    text = (
        f"{_named(facts)}: *{words.escape(facts['option'])}* was drawn and not carried out, says "
        f"{words.person(facts['by'])}. It is settled by what was drawn all the same."
    )
    quoted = words.quoted(facts["reason"])
    return Message(text.replace("*", ""), (section(f"{text}\n{quoted}", "news"),))


def misread(facts: Facts) -> Message:
    drawn = (
        f"*{words.escape(facts['option'])}*, which it drew," if facts["option"] else "that it drew nothing"
    )
    text = (
        f"{_named(facts)} was drawn by `{lottery.code(facts['before'])}`, and the beacon said `{lottery.code(facts['after'])}`, "
        f"says {words.person(facts['by'])}. The seed is known, so {drawn} stands all the same."
    )
    quoted = words.quoted(facts["reason"])
    return Message(text.replace("*", ""), (section(f"{text}\n{quoted}", "news"),))


def beacon_read(facts: Facts) -> Message:
    """The seed is as secret as before, so the value tells nobody what will be drawn."""
    text = (
        f"{_named(facts)}: {words.person(facts['by'])} read the value of {words.escape(facts['beacon'])}, "
        f"{words.escape(facts['round'])}, as `{lottery.code(facts['beacon_value'])}`. Nothing is drawn before another decider or an "
        f"admin, who has not traded here, has typed the same, by {words.moment(facts['decide_by'])}."
    )
    at = f" It should stand at {words.escape(facts['url'])}." if facts["url"] else ""
    return _plain(text + at, [button("Paste the beacon's value", "draw", facts["decision_id"])])


def beacon_disputed(facts: Facts) -> Message:
    read = ", ".join(
        f"{words.person(person)} as `{lottery.code(value)}`"
        for person, value in zip(facts["people"], facts["values"], strict=True)
    )
    text = (
        f"{_named(facts)}: its beacon was read in two ways, {read}. Neither counts and nothing is drawn: two people have to "
        f"read the same by {words.moment(facts['decide_by'])}, and whoever types it next is the first."
    )
    return _plain(text, [button("Paste the beacon's value", "draw", facts["decision_id"])])


def beacon_due(facts: Facts) -> Message:
    at = f" It should stand at {words.escape(facts['url'])}." if facts["url"] else ""
    text = (
        f"{_named(facts)} needs you: paste the value of {words.escape(facts['beacon'])}, "
        f"{words.escape(facts['round'])}, by {words.moment(facts['decide_by'])}.{at}"
    )
    if facts["read_by"]:
        text += (
            f" {words.person(facts['read_by'])} has typed what they read; it is drawn if you read the same."
        )
    return _plain(text, [button("Paste the beacon's value", "draw", facts["decision_id"], primary=True)])


def _named(facts: Facts) -> str:
    return f"{words.about(facts)} “{words.escape(facts['question'])}”"


def _plain(text: str, shown: list[Button] | None = None) -> Message:
    return Message(text.replace("*", ""), (section(text, "news"), *actions("actions", shown or [])))


RENDERERS = {
    "lottery_opened": opened,
    "draw": made,
    "draw_took_effect": took_effect,
    "breach": breach,
    "misread": misread,
    "beacon_read": beacon_read,
    "beacon_disputed": beacon_disputed,
    "beacon_due": beacon_due,
}
