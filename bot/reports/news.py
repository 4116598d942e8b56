"""What happened, in a sentence or two: to a decision, or to somebody's credits."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Block, Button

from bot import wallets, words
from bot.blocks import actions, button, section, sections
from bot.reports import record
from bot.reports.message import Message

Facts = Mapping[str, Any]


def recorded(facts: Facts) -> Message:
    final = words.moment(facts["final_at"])
    if facts["option"] is None:
        back = f"Everybody will have back exactly what they put in, {final}."
        if facts["recorded_by"] is None:
            return news(facts, f"was not decided in time and counts as withdrawn. {back}")
        return news(facts, f"is withdrawn by {words.person(facts['recorded_by'])}. {back}", facts["reason"])
    chosen = words.escape(facts["option"])
    said = f"is decided by {words.person(facts['recorded_by'])}: *{chosen}*. It takes effect {final}."
    made = news(facts, said, facts["reason"])
    return Message(made.text, (*made.blocks, *sections(record.grounds(facts), "grounds")))


def took_effect(facts: Facts) -> Message:
    if facts["option"] is None:
        return news(facts, "is withdrawn for good. Everybody gets back exactly what they put in.")
    chosen = words.escape(facts["option"])
    until = words.moment(facts["freezes_at"])
    return news(
        facts,
        f"is final: *{chosen}*. What was put on the other options goes back now, and {chosen} trades on until {until}.",
    )


def halted(facts: Facts) -> Message:
    said = (
        f"does not trade for now: {words.person(facts['by'])} halted it. Shares and limit orders stay as they are, "
        "and limit orders can be cancelled."
    )
    return news(facts, said, facts["reason"])


def resumed(facts: Facts) -> Message:
    said = f"trades again: {words.person(facts['by'])} let it go on."
    trade = button("Trade", "trade", words.decision(facts["decision_id"]), primary=True)
    return news(facts, said, facts["reason"], [trade])


def postponed(facts: Facts) -> Message:
    moved = [
        f"• {words.DATES[name][0]}: {words.moment(new)} instead of {words.moment(old)}."
        for name, (old, new) in facts["dates"].items()
    ]
    said = f"has later dates, by {words.person(facts['by'])}.\n" + "\n".join(moved)
    return news(facts, said, facts["reason"])


def option_added(facts: Facts) -> Message:
    said = (
        f"has one more option: *{words.escape(facts['option'])}*, added by {words.person(facts['by'])}. "
        "What you have put into the decision backs your view on it too."
    )
    return news(
        facts, said, buttons=[button("Trade", "trade", words.decision(facts["decision_id"]), primary=True)]
    )


def reading(facts: Facts) -> Message:
    a_reading = "a new reading" if facts["number"] > 1 else "its reading"
    metric, final = _metric(facts, "it"), words.moment(facts["final_at"])
    if facts["value"] is None:
        came_to = f"{metric} was *never measured*. Everybody is paid {final} by {words.VOID_PRICES}"
        quoted = f"Why: {facts['source']}"
    else:
        value = words.escape(words.reading(facts["value"], facts["unit"]))
        came_to = f"{metric} came to *{value}*. Everybody is paid {final}"
        quoted = f"Source: {facts['source']}"
    by = words.person(facts["filed_by"])
    how = f"read from the source that {by} set" if facts.get("by_itself") else f"filed by {by}"
    said = f"has {a_reading}, {how}: {came_to}, unless somebody objects."
    objecting = button("Object", "object", facts["metric_id"], f"Object to the reading of {facts['metric']}")
    return news(facts, said, quoted, [objecting])


def objected(facts: Facts) -> Message:
    """Everybody sees the button; core lets only an admin rule who neither filed the reading nor objected."""
    said = (
        f"is held up: {words.person(facts['by'])} objects to {_its_reading(facts)}. "
        "Nobody is paid for it before an admin has ruled."
    )
    label = f"Rule on the objection to the reading of {facts['metric']}"
    return news(facts, said, facts["reason"], [button("Rule", "rule", facts["metric_id"], label)])


def ruling_due(facts: Facts) -> Message:
    said = (
        f"needs you: {words.person(facts['by'])} objects to {_its_reading(facts)}. "
        "Nobody is paid for it before you, or another admin, have ruled."
    )
    return news(facts, said, facts["reason"], [button("Rule", "rule", facts["metric_id"], primary=True)])


def ruled(facts: Facts) -> Message:
    admin, its_reading = words.person(facts["by"]), _its_reading(facts)
    if not facts["is_upheld"]:
        said = f"goes on: {admin} dismissed the objection to {its_reading}. The reading is final."
        return news(facts, said, facts["ruling"])
    said = (
        f"goes back: {admin} upheld the objection to {its_reading}. "
        "That reading does not count; the metric's owner files it anew."
    )
    return news(facts, said, facts["ruling"], [_file(facts)])


def returned(facts: Facts) -> Message:
    ending = (
        f"is decided: *{words.escape(facts['option'])}* was chosen" if facts["option"] else "is withdrawn"
    )
    if facts.get("is_drawn"):
        ending = f"is decided: *{words.escape(facts['option'])}* was drawn by lottery"
    if facts.get("is_undrawn"):
        ending = "was not drawn by its lottery; people decide"
    if not facts["credits"]:
        return news(facts, f"{ending}. What you put on it stays there until it is settled.")
    back = f"Back in {wallets.NAMES[wallets.of(facts)]}: *{words.credits(facts['credits'])}*"
    return news(facts, f"{ending}. {back}.")


def granted(facts: Facts) -> Message:
    text = (
        f"{words.person(facts['by'])} granted you *{words.credits(facts['credits'])}*{_for(facts)}. "
        "See what is open with `/market`; your balance is on my Home tab."
    )
    return Message(text.replace("*", ""), (section(f"{text}\n{words.quoted(facts['reason'])}", "news"),))


def _for(facts: Facts) -> str:
    """What they are for, where that is not everything."""
    of = wallets.of(facts)
    where = ", which pay only in markets that are settled long after they open" if wallets.CREDITS[of] else ""
    return f"{wallets.CREDITS[of]}{where}"


def appointed(facts: Facts) -> Message:
    said = f"{words.person(facts['by'])} made you an admin of the exchange. `/futarchy help` says what you can do now."
    return Message(said, (section(f"{said}\n{words.quoted(facts['reason'])}", "news"),))


def dismissed(facts: Facts) -> Message:
    said = f"You are no admin of the exchange any more, by {words.person(facts['by'])}. You trade as before."
    return Message(said, (section(f"{said}\n{words.quoted(facts['reason'])}", "news"),))


def reversal_asked(facts: Facts) -> Message:
    whose = words.person(facts["to"]) if facts["to"] else words.escape(facts.get("portfolio") or "the pool")
    said = (
        f"{words.person(facts['by'])} asks to take a grant of *{words.credits(facts['credits'])}* to {whose} back. "
        "Another admin has to confirm it."
    )
    look = button("Look at it", "reversal", facts["key"], primary=True)
    news = section(f"{said}\n{words.quoted(facts['reason'])}", "news")
    return Message(said.replace("*", ""), (news, *actions("actions", [look])))


def reversed_(facts: Facts) -> Message:
    said = (
        f"A grant of *{words.credits(facts['credits'])}* to you was taken back, "
        f"by {words.person(facts['asked_by'])} and {words.person(facts['by'])}."
    )
    return Message(said.replace("*", ""), (section(f"{said}\n{words.quoted(facts['reason'])}", "news"),))


def allowance(facts: Facts) -> Message:
    got = f"You got *{words.credits(facts['credits'])}*"
    said = (
        f"{got} to begin with. See what is open with `/market`; your balance is on my Home tab."
        if facts["is_opening"]
        else f"{got}, your allowance for the period that has begun."
    )
    return Message(said.replace("*", ""), (section(said, "news"),))


def paid(facts: Facts) -> Message:
    metric = f" for {words.escape(facts['metric'])}" if facts["decision_id"] else ""
    into = f", into {wallets.NAMES[wallets.of(facts)]}" if "wallet" in facts else ""
    return news(facts, f"is settled. Your shares paid *{words.credits(facts['credits'])}*{metric}{into}.")


def reading_due(facts: Facts) -> Message:
    read = f"{_metric(facts, 'what it came to')} can be read now"
    said = f"needs you: trading has ended and {read}."
    return news(facts, said, buttons=[_file(facts, primary=True)] if words.about(facts) else [])


def _file(facts: Facts, *, primary: bool = False) -> Button:
    return button("File the reading", "file", words.about(facts), primary=primary)


def _metric(facts: Facts, otherwise: str) -> str:
    """The metric by its name; a question that hangs on no decision is itself what is measured."""
    return words.escape(facts["metric"]) if facts["decision_id"] else otherwise


def _its_reading(facts: Facts) -> str:
    return f"the reading of {words.escape(facts['metric'])}" if facts["decision_id"] else "its reading"


def unreachable(facts: Facts) -> Message:
    """For admins: a channel in which nothing can be posted."""
    text = f"I cannot post in {words.channel(facts['address'])}: {_WHY_UNREACHABLE[facts['why']]}"
    return Message(text, (section(text, "news"),))


_WHY_UNREACHABLE = {
    "not_in_channel": "I am no member there. Invite me with `/invite @Futarchy`; what waits is posted then.",
    "channel_not_found": (
        "I cannot see such a channel. If it is private, invite me with `/invite @Futarchy`; "
        "what comes later is posted then."
    ),
    "is_archived": "it is archived. Unarchive it, and what comes later is posted there.",
}


def news(
    facts: Facts,
    said: str,
    quoted: str | None = None,
    buttons: Sequence[Button] = (),
    more: Sequence[str] = (),
) -> Message:
    """What happened to what the facts are about; ``more`` stands below it and is no part of a notification."""
    text = f"{words.about(facts)} “{words.escape(facts['question'])}” {said}".lstrip()
    lines = [text, *more, *([words.quoted(quoted)] if quoted else [])]
    blocks: list[Block] = [*sections(lines, "news"), *actions("actions", buttons)]
    return Message(text.replace("*", ""), tuple(blocks))
