"""A lottery in words: what binds it, what it drew and how to check that, and what its drawn branches say."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, section, sections
from bot.reports import priced, proof
from bot.reports.message import Message

Facts = Mapping[str, Any]

_STATES = {
    "waits": "Trading is closed · its lottery is drawn once the beacon's value is there, by {decide}",
    "drawn": "Its lottery drew *{option}* · takes effect {final}",
    "undrawn": "Its lottery drew nothing, so people decide · final {final}",
    "trades": "*{chosen}* was drawn by lottery · trading on it ends {freezes}",
    "halted": "*{chosen}* was drawn by lottery · trading on it is halted since {halted}",
    "frozen": "*{chosen}* was drawn by lottery · trading has ended, to be settled",
    "settled": "*{chosen}* was drawn by lottery · settled",
}
SMALLEST_GAP = 0.001  # Of the metric's range, as in the report of what is chosen.
_BREACHES = {
    "corrected": "a beacon's value was pasted anew after the seed was known",
    "no_beacon": "no value of the beacon came in time, so nothing was drawn",
    "not_carried_out": "what was drawn was not carried out",
}


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
    )


def _stage(facts: Facts) -> str | None:
    of = facts.get("lottery")
    if not of:
        return None
    if facts["state"] == "closed" and of["awaits"] and not facts["recorded"]:
        return ("drawn" if of["drawn"]["option"] else "undrawn") if of["drawn"] else "waits"
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


def on_card(facts: Facts) -> list[Block]:
    """The same options as they are priced if drawn, and what binds the lottery."""
    of = facts.get("lottery")
    if not of:
        return []
    said = [_priced(measure) for measure in facts["measures"]]
    return [section("\n".join([*said, terms(facts, of)]), "lottery")]


def _priced(measure: Facts) -> str:
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
    found = [each for measure in facts["measures"] for each in _of_measure(facts, measure)]
    return [*found, terms(facts, of), *breaches(facts)]


def _of_measure(facts: Facts, measure: Facts) -> list[str]:
    if not any(line["trades"] for line in measure["drawn"]):
        return [f"*If drawn ({words.escape(measure['metric'])}):* nobody has traded it yet."]
    spread = measure["drawn_spread"]
    each = ", ".join(
        words.escape(f"{priced.value(measure, line['average'])} if {line['name']} is drawn")
        for line in measure["drawn"]
    )
    effect = f"*Effect of assigning ({words.escape(measure['metric'])}):* {each}. {_effect(measure, spread)}"
    return [effect, *_apart(facts, measure)]


def _effect(measure: Facts, spread: Facts) -> str:
    gap = words.escape(priced.gap(measure, spread["gap"]))
    leader, follower = words.escape(spread["leader"]), words.escape(spread["follower"])
    if spread.get("ranked") is False:
        return f"The gap between them is {gap}, and that is not enough to rank them."
    if spread["gap"] < SMALLEST_GAP * (measure["high"] - measure["low"]):
        return f"A draw looks at nothing, so traders price assigning {leader} and assigning {follower} alike."
    return (
        "A draw looks at nothing, so traders price the effect of assigning "
        f"{leader} rather than {follower} at *{gap}*, on average."
    )


def _apart(facts: Facts, measure: Facts) -> list[str]:
    """Chosen minus drawn, and by how many people that was made."""
    if facts["lottery"]["probability"] == 1_000_000:
        return ["*If chosen:* people never choose here, so nothing is ever paid by those prices."]
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
    names = [line["name"] for line in facts["measures"][0]["drawn"]]
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
    return f"*Breach:* {_BREACHES[each['kind']]}{by} {words.moment(each['at'])}{why}"


def opened(facts: Facts) -> Message:
    """What binds it, before anybody trades."""
    odds = [
        f"• {words.escape(option)}: {words.chance(round(_chance(facts, index)))}"
        for index, option in enumerate(facts["options"])
    ]
    people = 1_000_000 - facts["probability"]
    if people:
        odds.append(f"• People decide: {words.chance(people)}")
    text = (
        f"{_named(facts)} may be decided by a lottery, with a chance of {words.chance(facts['probability'])}. "
        "Nobody can stop what it draws."
    )
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
    return (
        "*How it is drawn:* U is the SHA-256 of the seed, a zero byte, the beacon's value as text, a zero byte, and "
        f"`{facts['decision']}`, read as a number. The first option is drawn whose running sum of weights s has "
        f"U * 1,000,000 * {total} &lt; {facts['probability']} * s * 2^256; without any, people decide. "
        f"Weights: {', '.join(map(str, facts['weights']))}. `futarchy verify-draw` checks it."
    )


def made(facts: Facts) -> Message:
    """A draw with all that it takes to check it."""
    said = facts["statement"]
    drew = f"drew *{words.escape(facts['option'])}*" if facts["option"] else "drew nothing, so people decide"
    text = f"{_named(facts)}: its lottery {drew}. It takes effect {words.moment(facts['final_at'])}."
    by = f"pasted by {words.person(facts['by'])}" if facts["by"] else "fetched from the beacon"
    lines = [f"The value of {words.escape(said['beacon'])}, {words.escape(said['round'])}, was {by}."]
    if facts["value_before"] is not None:
        lines.append(
            f"*It replaces another value, after the seed was known:* before `{_code(facts['value_before'])}`, "
            f"now `{_code(said['beacon_value'])}`. Why: {words.escape(facts['reason'])}"
        )
    if not facts["option"]:
        lines.append(f"Its deciders decide by {words.moment(facts['decide_by'])}, once this is final.")
    blocks: list[Block] = [
        section(text, "news"),
        *sections(lines, "why"),
        section(f"```{proof.written(said)}```", "proof"),
        section(f"{proof.in_words(said)} {_CHECK}", "check"),
    ]
    if facts["by"]:
        correct = button("Correct the value", "correct_draw", facts["decision_id"])
        blocks += actions("actions", [correct])
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


def beacon_due(facts: Facts) -> Message:
    at = f" It should stand at {words.escape(facts['url'])}." if facts["url"] else ""
    text = (
        f"{_named(facts)} needs you: paste the value of {words.escape(facts['beacon'])}, "
        f"{words.escape(facts['round'])}, by {words.moment(facts['decide_by'])}.{at}"
    )
    return _plain(text, [button("Paste the beacon's value", "draw", facts["decision_id"], primary=True)])


def _named(facts: Facts) -> str:
    return f"{words.about(facts)} “{words.escape(facts['question'])}”"


def _code(text: str) -> str:
    return words.escape(text.replace("`", "'"))


def _plain(text: str, shown: list[Button] | None = None) -> Message:
    return Message(text.replace("*", ""), (section(text, "news"), *actions("actions", shown or [])))


RENDERERS = {
    "lottery_opened": opened,
    "draw": made,
    "draw_took_effect": took_effect,
    "breach": breach,
    "beacon_due": beacon_due,
}
