"""When the committee gets the spread report of a decision: a cron expression, its zone, and the step that brings one."""

from datetime import datetime

from slackblocks import Block, DispatchActionConfiguration, ModalView, PlainTextInput

from bot import refusals, words
from bot.blocks import modal, rendered, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.modals.inputs import Typed
from bot.reports import schedule as said
from core import units
from core.errors import Refusal
from core.exchange import scheduling
from core.exchange.board import Row
from core.exchange.scheduling import PREVIEWED, Schedule

VIEW, OPEN, CHANGED = "schedule", "schedule", "schedule_changed"
CRON_MOST, ZONE_MOST = 100, 64
PARTS = 100  # Millionths of the range in a millionth of a percent.


async def open_modal(ask: Ask) -> Answer:
    await _open(ask, int(ask.action["value"]))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    await _open(ask, row.decision_id)


async def redraw(ask: Ask) -> Answer:
    """The next times, as soon as something else is typed."""
    view = _view(int(ask.view["private_metadata"]), Schedule(), _preview(ask.typed, ask.now))
    await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], rendered(view))
    return ACK


async def submit(ask: Ask) -> Answer:
    decision_id = int(ask.view["private_metadata"])
    wanted = _clock(ask.typed, _step(ask.typed))
    await ask.write(scheduling.schedule_reports, ask.by, decision_id, wanted)
    text = f":white_check_mark: The reports of {words.decision(decision_id)} come so from now on:"
    return update(done("Saved", "\n".join([text, *_lines(wanted, ask.now)])))


async def _open(ask: Ask, decision_id: int) -> None:
    standing: Schedule = await ask.read(scheduling.standing, ask.by, decision_id, ask.now)
    await ask.open(_view(decision_id, standing, "\n".join(_lines(standing, ask.now))))


def _clock(typed: Typed, step: int | None) -> Schedule:
    return Schedule(inputs.text(typed, "cron") or None, inputs.text(typed, "zone"), step)


def _step(typed: Typed) -> int | None:
    text = inputs.text(typed, "step")
    return units.parse(text, "step") // PARTS if text else None


def _preview(typed: Typed, now: datetime) -> str:
    """What was typed so far need not be whole yet."""
    wanted = _clock(typed, None)
    try:
        wanted.check(now)
    except Refusal as no:
        return refusals.sentence(no)
    return _times(wanted, now)


def _lines(schedule: Schedule, now: datetime) -> list[str]:
    return [_times(schedule, now), said.moves(schedule.step), said.ALWAYS]


def _times(schedule: Schedule, now: datetime) -> str:
    return said.times([int(at.timestamp()) for at in schedule.times(now, PREVIEWED)], schedule.zone)


def _view(decision_id: int, shown: Schedule, preview: str) -> ModalView:
    step = words.plain(shown.step * PARTS) if shown.step is not None else None
    blocks: list[Block] = [
        inputs.live(
            "Times, as a cron expression",
            "cron",
            _text("cron", shown.cron, CRON_MOST),
            "Minute, hour, day, month, weekday: 0 9 * * MON-FRI is nine on weekdays. Empty: at no set time.",
            is_optional=True,
        ),
        inputs.live(
            "Time zone", "zone", _text("zone", shown.zone, ZONE_MOST), "The committee's, like Europe/Berlin."
        ),
        section(preview, "preview"),
        inputs.labelled(
            "step",
            "Step of the spread, % of the metric's range",
            inputs.number("step", step),
            "A move by so much since the newest report brings one at once. Empty: no move does.",
            is_optional=True,
        ),
    ]
    title = f"Reports of {words.decision(decision_id)}"
    return modal(title, blocks, "Save", VIEW, str(decision_id))


def _text(name: str, initial: str | None, most: int) -> PlainTextInput:
    every_letter = DispatchActionConfiguration(["on_character_entered"])
    return PlainTextInput(f"{CHANGED}:{name}", initial, max_length=most, dispatch_action_config=every_letter)
