"""People, for admins: how somebody stands, and what can be changed about that."""

from slackblocks import (
    Block,
    InputBlock,
    Markdown,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    UserSelectMenu,
)

from bot import wallets, words
from bot.blocks import button, fit, modal, rendered, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from core.exchange import board, staffing
from core.exchange.board import PersonRow

VIEW, PERSON = "people", "people_person"
REASON_MOST = 1000

_ACTS = {
    "appoint": (
        staffing.appoint,
        "Make them an admin",
        "Admins open decisions, grant credits, and rule on objections",
        "{who} is an admin now.",
    ),
    "dismiss": (
        staffing.dismiss,
        "They are no admin any more",
        "They trade as before",
        "{who} is no admin any more.",
    ),
    "leave": (
        staffing.leave,
        "They have left",
        "Their limit orders end; shares and credits stay, and shares are paid",
        "{who} is marked as having left. Their limit orders end now.",
    ),
    "come_back": (
        staffing.come_back,
        "They are back",
        "They take part again, with what they kept",
        "{who} takes part again.",
    ),
}


async def open_modal(ask: Ask) -> Answer:
    return await show(ask, None)


async def show(ask: Ask, who: str | None) -> Answer:
    """Whoever is no admin is told so before they type; core checks it all the same."""
    row = await _row(ask, who or ask.by)
    await ask.open(_view(row if who else None, await ask.read(board.admins)))
    return ACK


async def redraw(ask: Ask) -> Answer:
    """Another person: the same modal with how they stand."""
    view = _view(await _row(ask, _who(ask)), await ask.read(board.admins))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(view))
    return ACK


async def submit(ask: Ask) -> Answer:
    who = _who(ask)
    row = await _row(ask, who)
    chosen = ask.typed.get(_act_block(row))
    if chosen is None or chosen.get("selected_option") is None:  # Quicker than the form for this person.
        return update(_view(row, await ask.read(board.admins)))
    use_case, _, _, said = _ACTS[chosen["selected_option"]["value"]]
    await ask.write(use_case, ask.by, who, inputs.text(ask.typed, "reason"))
    return update(done("Changed", f":white_check_mark: {said.format(who=words.person(who))}"))


async def _row(ask: Ask, who: str) -> PersonRow:
    found: PersonRow = await ask.read(board.person, ask.by, who)
    return found


def _who(ask: Ask) -> str:
    return ask.address(ask.typed["person"]["selected_user"])


def _view(row: PersonRow | None, admins: list[str]) -> ModalView:
    named = ", ".join(words.person(each) for each in admins)
    menu = UserSelectMenu(
        PERSON,
        placeholder=PlainText("Choose somebody"),
        initial_user=row.identity.rpartition("/")[2] if row else None,
    )
    blocks: list[Block] = [
        section(f"*Admins:* {named}", "admins"),
        InputBlock(PlainText("Person"), menu, dispatch_action=True, block_id="person"),
    ]
    if row is not None:
        reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
        blocks += [
            section(_standing(row), "standing"),
            *_grants(row),
            InputBlock(PlainText("What changes"), _acts(row), block_id=_act_block(row)),
            inputs.labelled("reason", "Reason", reason, "Kept for good, for all admins to read."),
        ]
    return modal("People", blocks, "Change it" if row else "Next", VIEW, "")


def _act_block(row: PersonRow) -> str:
    """Another person's choices are another field: what was chosen for one never counts for another."""
    return f"act_{row.identity.rpartition('/')[2]}"


def _standing(row: PersonRow) -> str:
    who = words.person(row.identity)
    if not row.is_known:
        return f"{who} has not done anything here yet."
    role = "an admin" if row.is_admin else "a trader"
    if row.left_at is not None:
        role = f"marked as having left {words.moment(row.left_at)}"
    return (
        f"{who} is {role}.\n"
        f"Balance: {words.credits(row.balance)}.{_earmarked(row)} In decisions that are not made: {words.credits(row.in_decisions)}."
    )


def _earmarked(row: PersonRow) -> str:
    return "" if row.earmarked is None else f" For long horizons: {words.credits(row.earmarked)}."


def _grants(row: PersonRow) -> list[Block]:
    """The last grants, each with a way to take it back."""
    given = [act for act in row.acts if act.kind == "granted"]
    return [
        SectionBlock(
            Markdown(
                fit(
                    f"Granted {words.credits(act.facts['credits'])}{wallets.CREDITS[wallets.of(act.facts)]} by {words.person(act.by)}\n{words.quoted(act.reason)}",
                    500,
                )
            ),
            block_id=f"grant_{number}",
            accessory=button(
                "Take it back",
                f"take_back:{number}",
                act.facts["key"],
                f"Take grant {number + 1} back, {words.credits(act.facts['credits'])}",
            ),
        )
        for number, act in enumerate(given)
    ]


def _acts(row: PersonRow) -> RadioButtonGroup:
    if row.left_at is not None:
        names = ["come_back"]
    else:
        names = ["dismiss" if row.is_admin else "appoint", *(["leave"] if row.is_known else [])]
    options = [
        Option(PlainText(label), name, PlainText(follows))
        for name, (_, label, follows, _) in _ACTS.items()
        if name in names
    ]
    return RadioButtonGroup("act", options)
