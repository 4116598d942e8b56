"""What somebody wants to be told in direct messages: switched where a message stands, or all at once in a modal."""

from slackblocks import CheckboxGroup, Option, PlainText

from bot import words
from bot.blocks import actions, button, modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.reports.digest import MUTE, UNMUTE
from bot.reports.message import Message
from core.exchange import notifying

OPEN, VIEW = "notifications", "notifications"


async def open_modal(ask: Ask) -> Answer:
    wishes: dict[str, bool] = await ask.read(notifying.wishes, ask.by)
    options = {topic: Option(PlainText(_capital(about)), topic) for topic, about in words.TOPICS.items()}
    chosen = [options[topic] for topic, is_on in wishes.items() if is_on]
    ticks = CheckboxGroup("topics", list(options.values()), initial_options=chosen or None)
    hint = "At most one message an hour. What asks you to decide, to read a metric or to confirm is always told at once."
    wanted = inputs.labelled("topics", "Tell me about", ticks, hint, is_optional=True)
    await ask.open(modal("Notifications", [wanted], "Save", VIEW, ""))
    return ACK


async def submit(ask: Ask) -> Answer:
    chosen = {option["value"] for option in ask.typed["topics"]["selected_options"]}
    wanted = {topic: topic in chosen for topic in notifying.TOPICS}
    await ask.write(notifying.wish, ask.by, wanted)
    return update(done("Saved", f":white_check_mark: {_said(wanted)}"))


async def switch(ask: Ask) -> Answer:
    """The button under a message, and the one that takes it back."""
    topic, is_on = str(ask.action["value"]), ask.name == UNMUTE
    await ask.write(notifying.wish, ask.by, {topic: is_on})
    about = words.TOPICS[topic]
    if is_on:
        said, back = f"You are told about {about} again.", button("Stop messages like this", MUTE, topic)
    else:
        said, back = f"You get no more messages about {about}.", button("Tell me again", UNMUTE, topic)
    answer = Message(said, (section(said, "said"), *actions("muting", [back])))
    await ask.respond({**answer.answer(), "replace_original": ask.payload["container"]["is_ephemeral"]})
    return ACK


def _said(wanted: dict[str, bool]) -> str:
    told = [words.TOPICS[topic] for topic, is_on in wanted.items() if is_on]
    return f"You are told about {words.enumerated(told)}." if told else "You are told only what needs you."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
