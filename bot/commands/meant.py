"""What was not understood: what was probably meant, with a button that does it, and all that would be understood."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from bot import words
from bot.blocks import actions, button, section
from bot.commands.typed import after_first, words_of
from bot.door import Answer, Ask
from bot.reports.message import Message

RUN = "run"
SHOWN_MOST = 60
TYPED_MOST = 1900  # Slack keeps two thousand characters in a button.


class Guess(NamedTuple):
    """What was probably meant: a button's text, and the whole command that it stands for."""

    text: str
    command: str


def close_to(ask: Ask, known: Iterable[str]) -> list[Guess]:
    """The known word that is most like the first one typed, with all that was typed behind it."""
    found = get_close_matches(words_of(ask)[0], list(known), 1)
    rest = after_first(ask)
    return [command(f"{ask.name} {word} {rest}".strip()) for word in found]


def command(typed: str) -> Guess:
    """A guess that shows the command itself, people in it by their names."""
    shown = re.sub(r"<@\w+\|([^>]*)>", r"@\1", typed)
    return Guess(shown if len(shown) <= SHOWN_MOST else f"{shown[:SHOWN_MOST]}…", typed)


def answer(said: str, guesses: Sequence[Guess], help_text: str) -> Answer:
    """Says what was not understood, and asks whether a guess was meant; without one it lists what there is."""
    offered = [
        button(guess.text, f"{RUN}:{number}", guess.command, primary=not number)
        for number, guess in enumerate(guesses)
        if len(guess.command) <= TYPED_MOST
    ]
    if offered:
        asked = f"{said} Did you mean {'this' if len(offered) == 1 else 'one of these'}?"
        return Message(asked, (section(asked, "said"), *actions("meant", offered))).answer()
    return listed(f"{said} These are the words that I know.", help_text)


def listed(said: str, help_text: str) -> Answer:
    """All that would be understood, under a sentence that stands for it in notifications."""
    return Message(said, (section(said, "said"), section(help_text, "help"))).answer()


def unknown(ask: Ask, guesses: Sequence[Guess], help_text: str) -> Answer:
    typed = words.escape(f"{ask.name} {words_of(ask)[0]}")
    return answer(f"`{typed}` is not something I know.", guesses, help_text)
