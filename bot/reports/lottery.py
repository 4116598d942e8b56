"""A lottery in words, as cards and reports have it: what binds it, where it stands, and what its drawn branches say."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, Button

from bot import words
from bot.blocks import button, section
from bot.reports import priced

Facts = Mapping[str, Any]

_STATES = {
    "waits": "Trading is closed · its lottery is drawn once the beacon's value is there, by {decide}",
    "read": "Trading is closed · its lottery is drawn once somebody besides {read_by} has typed the beacon's value, by {decide}",
    "drawn": "Its lottery drew *{option}* · takes effect {final}",
    "undrawn": "Its lottery drew nothing, so people decide · final {final}",
    "trades": "*{chosen}* was drawn by lottery · trading on it ends {freezes}",
    "halted": "*{chosen}* was drawn by lottery · trading on it is halted since {halted}",
    "frozen": "*{chosen}* was drawn by lottery · trading has ended, to be settled",
    "settled": "*{chosen}* was drawn by lottery · settled",
}
_NEVER = "*People never choose here:* its lottery always decides, so each price is of what it draws."
_BREACHES = {
    "misread": "the beacon said something else than what was drawn by",
    "no_beacon": "no value of the beacon came in time, so nothing was drawn",
    "not_carried_out": "what was drawn was not carried out",
}
_SOME_BREACH = (
    "what was promised was not kept"  # In reports that were kept while there were kinds that are no more.
)


def state(facts: Facts) -> str | None:
    """Where a decision stands that its lottery decides, in a few words; None where that is as in any other."""
    stage = _stage(facts)
    if stage is None:
        return None
    drawn = facts["lottery"]["drawn"] or {}
    return _STATES[stage].format(
        option=words.escape(drawn.get("option") or ""),
        final=words.moment(drawn["final_at"]) if drawn else "",
        decide=words.moment(facts["decide_by"]),
        chosen=words.escape(facts["chosen"] or ""),
        freezes=words.moment(facts["freezes_at"]),
        halted=words.moment(facts["halted_at"]) if facts["halted_at"] else "",
        read_by=words.person(facts["lottery"].get("read_by") or ""),
    )


def _stage(facts: Facts) -> str | None:
    of = facts.get("lottery")
    if not of:
        return None
    if facts["state"] == "closed" and of["awaits"] and not facts["recorded"]:
        if of["drawn"] is None:
            return "read" if of.get("read_by") else "waits"
        return "drawn" if of["drawn"]["option"] else "undrawn"
    if facts["state"] == "drawn":
        if facts["halted_at"]:
            return "halted"
        return "trades" if facts["is_trading"] else "frozen"
    return "settled" if facts["state"] == "settled" and not facts["recorded"] else None


def awaits(facts: Facts) -> bool:
    """Whether nobody may decide it, since its lottery still may."""
    of = facts.get("lottery")
    return bool(of and of["awaits"])


def buttons(facts: Facts) -> list[Button]:
    """To paste the beacon's value, where that is still to be done."""
    waits = facts["state"] == "closed" and awaits(facts) and not facts["recorded"]
    if not waits or facts["lottery"]["drawn"]:
        return []
    number = facts["decision_id"]
    label = f"Paste the beacon's value for {words.decision(number)}"
    return [button("Paste the beacon's value", "draw", number, label)]


def is_decided(facts: Facts) -> bool:
    """Whether it drew an option for good, so that what people might have chosen is paid by nothing any more."""
    return _stage(facts) in {"trades", "halted", "frozen", "settled"}


def on_card(facts: Facts) -> list[Block]:
    """The same options as they are priced if drawn, and what binds the lottery."""
    of = facts.get("lottery")
    if not of:
        return []
    said = [_priced(measure) for measure in facts["measures"]]
    return [section("\n".join([*filter(None, said), terms(facts, of)]), "lottery")]


def _priced(measure: Facts) -> str:
    """Empty where they stand alone above."""
    if not measure["drawn"]:
        return ""
    each = ", ".join(
        f"{words.escape(line['name'])} *{words.escape(priced.value(measure, line['expected']))}*"
        for line in measure["drawn"]
    )
    return f"{words.escape(measure['metric'])} if drawn: {each}"


def lines(facts: Facts) -> list[str]:
    """What a report says beyond what people may choose: the effect of assigning, and what the lottery is."""
    of = facts.get("lottery")
    if not of:
        return []
    apart = [measure for measure in facts["measures"] if measure["drawn"]]
    found = [each for measure in apart for each in _of_measure(measure)] or [_NEVER]
    return [*found, terms(facts, of), *_events(of), *breaches(facts)]


def _events(of: Facts) -> list[str]:
    """Every value that somebody typed and every draw, in their order; reports of before they were listed tell the last."""
    read = [(each["at"], _read(each)) for each in of.get("readings", ())]
    draws = of.get("draws") or [each for each in [of["drawn"]] if each]
    events = [*read, *((each["at"], _drew(each)) for each in draws)]
    return [said for _, said in sorted(events, key=lambda each: each[0])]


_WORDS = {
    "proposed": "first",
    "confirmed": "as the second, who read the same",
    "disputed": "as the second, who read another one: neither counts",
}


def _read(each: Facts) -> str:
    by, at = words.person(each["by"]), words.moment(each["at"])
    return f"*Beacon read:* `{code(each['value'])}` by {by} {at}, {_WORDS[each['word']]}."


def _drew(each: Facts) -> str:
    drew = f"*{words.escape(each['option'])}*" if each["option"] else "nothing, so people decide"
    by = f"read by {words.person(each['by'])}" if each["by"] else "fetched from the beacon"
    value = f"`{code(each['beacon_value'])}`, {by}"
    return f"*Drawn:* {drew}, by {value}, {words.moment(each['at'])}; final {words.moment(each['final_at'])}."


def _of_measure(measure: Facts) -> list[str]:
    if not any(line["trades"] for line in measure["drawn"]):
        return [f"*If drawn ({words.escape(measure['metric'])}):* nobody has traded it yet."]
    spread = measure["drawn_spread"]
    each = ", ".join(
        words.escape(f"{priced.value(measure, line['average'])} if {line['name']} is drawn")
        for line in measure["drawn"]
    )
    heading = f"*Effect of assigning ({words.escape(measure['metric'])}):*"
    effect = " ".join(filter(None, [f"{heading} {each}.", _effect(measure, spread)]))
    return [effect, *_apart(measure)]


def _effect(measure: Facts, spread: Facts) -> str:
    """Of assigning one rather than the other, where that may be ranked; once it is decided levels stand alone."""
    gap = words.escape(priced.gap(measure, spread["gap"]))
    leader, follower = words.escape(spread["leader"]), words.escape(spread["follower"])
    if spread["ranked"] is None:
        return ""
    if not spread["ranked"]:
        return f"The gap between them is {gap}, and that is not enough to rank them."
    return (
        "A draw looks at nothing, so traders price the effect of assigning "
        f"{leader} rather than {follower} at *{gap}*, on average."
    )


def _apart(measure: Facts) -> list[str]:
    """Chosen minus drawn, and by how many people that was made."""
    people = measure["traded_apart"]
    if not people:
        return ["*Chosen minus drawn:* nobody has traded the twins apart, so their difference says nothing."]
    chosen = {line["name"]: line["average"] for line in measure["options"]}
    each = ", ".join(
        words.escape(f"{line['name']} {_signed(measure, chosen[line['name']] - line['average'])}")
        for line in measure["drawn"]
    )
    said = f"*Chosen minus drawn:* {each}. That is what traders expect of how people choose; "
    return [f"{said}{words.people(people)} traded the twins apart."]


def _signed(measure: Facts, micro: float) -> str:
    return f"{'+' if micro >= 0 else '-'}{priced.value(measure, abs(micro))}"


def terms(facts: Facts, of: Facts) -> str:
    """By which chances and which beacon it decides."""
    first = facts["measures"][0]
    names = [line["name"] for line in first["drawn"] or first["options"]]
    each = ", ".join(
        f"{words.escape(name)} {words.chance(chance)}"
        for name, chance in zip(names, of["chances"], strict=True)
    )
    beacon = f"{words.escape(of['beacon'])}, {words.escape(of['round'])}"
    decides = f"it decides with a chance of {words.chance(of['probability'])}: {each}"
    return f"*Lottery:* {decides}. Beacon: {beacon}. Commitment: `{of['commitment']}`."


def breaches(facts: Facts) -> list[str]:
    """What was promised of it and not kept."""
    of = facts.get("lottery")
    return [_breach(each) for each in of["breaches"]] if of else []


def _breach(each: Facts) -> str:
    by = f", recorded by {words.person(each['by'])}" if each["by"] else ""
    why = f": {words.escape(each['reason'])}" if each["reason"] else ""
    values = f" (`{code(each['before'])}`, not `{code(each['after'])}`)" if each.get("before") else ""
    return (
        f"*Breach:* {_BREACHES.get(each['kind'], _SOME_BREACH)}{values}{by} {words.moment(each['at'])}{why}"
    )


def code(text: str) -> str:
    """User text within back ticks."""
    return words.escape(text.replace("`", "'"))
