"""What deciding something right is worth, as its portfolio's spenders say: by a whole command, or in a form."""

from collections.abc import Mapping

from slackblocks import Block

from bot import numerals, refusals, words
from bot.blocks import modal, section
from bot.commands.pieces import Pieces
from bot.door import ACK, Answer, Ask, done, say, update
from bot.modals import inputs
from bot.subsidies import acts
from core import units
from core.errors import Invalid
from core.exchange import allocating
from core.exchange.allocating import Assumed, Assumption

VIEW = "stakes"
KEYS = ("stake", "gap_sd", "chance")
_PARTS = 100  # Millionths of a whole in a millionth of a percent.
_LABELS = {
    "stake": (
        "Stake, credits",
        "What the metric's whole range is worth: of a yes or no, the way from 0 to 100%.",
    ),
    "gap_sd": (
        "How far apart the best two may lie, % of the range",
        "Two times in three the gap is no further than this from what is thought today.",
    ),
    "chance": ("Chance that it is ever settled, %", "Below 100 where it may be withdrawn or never measured."),
}


async def run(ask: Ask, decision_id: int, pieces: Pieces) -> Answer:
    """``set D-7 stake=500 gap_sd=0.15 chance=80% because …``; what is not typed stays, and is asked without a reason."""
    try:
        return await _run(ask, decision_id, pieces)
    except Invalid as no:
        if no.field not in pieces.keyed:
            raise
        typed = words.escape(
            f"{no.field}={pieces.keyed[no.field]}"
        )  # Of three numbers, the one that cannot be.
        return say(f"`{typed}` cannot be: {refusals.sentence(no)}")


async def _run(ask: Ask, decision_id: int, pieces: Pieces) -> Answer:
    standing: Assumed = await ask.read(allocating.assumed, ask.by, decision_id)
    texts = _texts(standing.of) | {key: _as_percent(key, text) for key, text in pieces.keyed.items()}
    if ask.kind == "command" and pieces.keyed and pieces.reason:
        return say(await _do(ask, decision_id, texts, pieces.reason))
    title = f"Stake of {words.decision(decision_id)}"
    blocks = [section(_about(standing), "about"), *_blocks(texts, pieces.reason)]
    await ask.open(modal(title, blocks, "Set it", VIEW, str(decision_id)))
    return ACK


async def submit(ask: Ask) -> Answer:
    texts = {key: inputs.text(ask.typed, key) for key in KEYS}
    said = await _do(ask, int(ask.view["private_metadata"]), texts, inputs.text(ask.typed, "reason"))
    return update(done("Set", f":white_check_mark: {said}"))


async def _do(ask: Ask, decision_id: int, texts: Mapping[str, str], reason: str) -> str:
    of = Assumption(
        units.parse(texts["stake"], "stake"),
        units.parse(texts["gap_sd"], "gap_sd") // _PARTS,
        units.parse(texts["chance"], "chance") // _PARTS,
    )
    await ask.write(allocating.assume, ask.by, decision_id, of, reason)
    return f"*{words.decision(decision_id)}:* {said(of)} The next plan goes by it."


def _about(standing: Assumed) -> str:
    now = "This is what was said last." if standing.is_stated else "Nobody has said so yet: this is assumed."
    return f"*{words.escape(standing.question)}*\n{now}"


def said(of: Assumption) -> str:
    """In a sentence."""
    return (
        f"a whole range is worth {words.credits(of.worth)}, the gap may lie {words.chance(of.gap_sd)} of the range "
        f"from what is thought today, and it is settled with a chance of {words.chance(of.chance)}."
    )


def _texts(standing: Assumption) -> dict[str, str]:
    """As they would be typed into the form."""
    return {
        "stake": words.plain(standing.worth),
        "gap_sd": words.plain(standing.gap_sd * _PARTS),
        "chance": words.plain(standing.chance * _PARTS),
    }


def _as_percent(key: str, text: str) -> str:
    """What was typed as a part of one, ``0.15``, or in percent, ``15%``, as the form has it."""
    if key == "stake":
        return words.plain(numerals.parse(text, key))
    is_percent = text.endswith("%")
    parsed = numerals.parse(text.rstrip("%").strip(), key)
    return words.plain(parsed if is_percent else parsed * 100)


def _blocks(texts: Mapping[str, str], reason: str) -> list[Block]:
    return [
        *(
            inputs.labelled(key, label, inputs.number(key, texts[key]), hint)
            for key, (label, hint) in _LABELS.items()
        ),
        acts.why(reason),
    ]
