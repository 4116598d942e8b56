"""What deciders are asked, and what they and others say about a decision beside its record."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Button

from bot import words
from bot.blocks import actions, button, section
from bot.reports.message import Message

Facts = Mapping[str, Any]


def declare(facts: Facts) -> Message:
    """To each decider: what they find likely and expect, before the close."""
    closes, vote = words.moment(facts["closes_at"]), facts["is_weighed"]
    voted = ", and vote what its metrics are worth" if vote else ""
    likely = "" if facts.get("is_drawn") else "how likely each option is and "
    asked = f"say {likely}what you expect of each metric{voted}"
    if facts["has_declared"]:
        said = f"closes {closes}. You have declared already; change it if you see it otherwise now."
    else:
        said = f"is yours to decide. Before it closes {closes}, please {asked}."
    sealed = "What you declare is sealed until the close; then it is in the report, with your name."
    sealed += " Votes are told without names." if vote else ""
    about, number = words.about(facts), facts["decision_id"]
    buttons = [button("Declare", "declare", number, f"Declare on {about}", primary=True)]
    buttons += [button("Vote on values", "values", number, f"Vote on values of {about}")] if vote else []
    return _message(facts, f"{said} {sealed}", "", (), buttons)


def ballots_reopened(facts: Facts) -> Message:
    said = (
        f"has its ballots open again, by {words.person(facts['by'])}. Its deciders can vote anew what its metrics are worth; "
        "until the ballots are closed, those cast before count."
    )
    return _message(
        facts, said, facts["reason"], (), [button("Vote on values", "values", facts["decision_id"])]
    )


def ballots_closed(facts: Facts) -> Message:
    said = f"has its ballots closed again, by {words.person(facts['by'])}. What was cast until now counts."
    return _message(facts, said, "", (), [button("Report", "report", facts["decision_id"])])


def noted(facts: Facts) -> Message:
    """What was added to its record, or arrived too late to be priced."""
    by = words.person(facts["by"])
    said = {
        "addendum": f"has an addition to its record, by {by}.",
        "late": f"has something that arrived after trading was closed, says {by}; no price knows of it.",
    }
    return _message(facts, said[facts["note"]], facts["text"], facts["links"])


def _message(
    facts: Facts, said: str, quoted: str, links: Sequence[str], buttons: Sequence[Button] = ()
) -> Message:
    text = f"{words.about(facts)} “{words.escape(facts['question'])}” {said}"
    lines = [text, *([words.quoted(quoted)] if quoted else []), *([words.links(links)] if links else [])]
    return Message(text, (section("\n".join(lines), "news"), *actions("actions", buttons)))
