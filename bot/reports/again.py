"""Reports that were sent before: which there are, and each as it was then."""

from collections.abc import Sequence
from dataclasses import replace

from slackblocks import ActionsBlock, Block, Button

from bot import words
from bot.blocks import actions, button, context, section
from bot.reports import spread
from bot.reports.message import Message
from core.exchange.sending import PAGE, Form, Kept

SHOW, FILE, PAGED = "kept_report", "report_file", "report_history"
HEAD_SHOWN = 12
_BECAUSE = {"schedule": "by its schedule", "move": "since the spread had moved", "close": "at the close"}
FORMS = {Form.CSV: "CSV", Form.PDF: "PDF", Form.PNG: "Picture"}


def listing(decision_id: int, found: Sequence[Kept]) -> Message:
    """The newest first; ``found`` holds one more than a page where there are older ones."""
    name = words.decision(decision_id)
    if not found:
        none = f"No report of {name} was sent yet. `/decision report {name}` shows how it stands now."
        return Message(none, (section(none, "none"),))
    blocks: list[Block] = []
    for kept in found[:PAGE]:
        blocks += [section(_line(kept), f"kept_{kept.number}"), *actions(f"of_{kept.number}", _buttons(kept))]
    older = (
        button("Older reports", PAGED, f"{decision_id}:{found[PAGE - 1].number}") if found[PAGE:] else None
    )
    return Message(
        f"Reports of {name} that were sent, the newest first.",
        (*blocks, *actions("older", [older] if older else [])),
    )


def report(kept: Kept) -> Message:
    """As it was, but for buttons: they would act on how things stand now."""
    made = spread.render(kept.facts)
    blocks = [block for block in made.blocks if not isinstance(block, ActionsBlock)]
    when = f"*As it was on {words.moment(kept.at)}*, sent {_BECAUSE[kept.occasion]}: report {kept.number}"
    said = context(f"{when}. The journal's head was `{kept.head}`.", "as_it_was")
    return replace(made, blocks=(said, *blocks, *actions("taken_away", _files(kept))))


def _line(kept: Kept) -> str:
    said = (
        spread.render(kept.facts).text.partition(": ")[2].removeprefix(words.escape(kept.facts["question"]))
    )
    when = f"*{kept.number}*, {words.moment(kept.at)}, {_BECAUSE[kept.occasion]}"
    return f"{when}: {said.strip()} Journal `{kept.head[:HEAD_SHOWN]}`"


def _buttons(kept: Kept) -> list[Button]:
    which = f"report {kept.number}"
    return [button("Show", SHOW, _value(kept), f"Show {which}"), *_files(kept)]


def _files(kept: Kept) -> list[Button]:
    return [
        button(said, f"{FILE}:{form}", f"{_value(kept)}:{form}", f"{said} of report {kept.number}")
        for form, said in FORMS.items()
    ]


def _value(kept: Kept) -> str:
    return f"{kept.decision_id}:{kept.number}"
