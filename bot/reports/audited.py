"""What the audit found: each claim that holds, and each that does not with where it fails."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import context, sections
from bot.reports.message import Message

FAULTS_SHOWN = 3


def render(facts: Mapping[str, Any]) -> Message:
    failing = [proof for proof in facts["proofs"] if proof["faults"]]
    count = len(facts["proofs"])
    said = (
        f"The books do not balance: {len(failing)} of {words.count(count, 'proof')} fail."
        if failing
        else f"The books balance: all {words.count(count, 'proof')} hold."
    )
    lines = [f"*{said}*", *(line for proof in failing for line in _failing(proof))]
    lines += [f"holds · {words.escape(proof['claim'])}" for proof in facts["proofs"] if not proof["faults"]]
    foot = f"As of {words.moment(facts['at'])} · the journal's head is `{facts['head']}`"
    return Message(said, (*sections(lines, "audit"), context(foot, "head")))


def _failing(proof: Mapping[str, Any]) -> list[str]:
    shown = [f"    {words.escape(fault)}" for fault in proof["faults"][:FAULTS_SHOWN]]
    rest = len(proof["faults"]) - len(shown)
    more = [f"    and {rest} more; `futarchy audit` lists all"] if rest else []
    return [f"*FAILS* · {words.escape(proof['claim'])}", *shown, *more]
