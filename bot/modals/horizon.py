"""The horizon from which on markets are long, so that credit that was given for those pays in them."""

import re

from bot import words
from bot.door import Answer, Ask, say
from core import units
from core.exchange import earmarking


async def typed(ask: Ask) -> Answer:
    """``horizon 90 why`` changes it; ``horizon`` alone shows it."""
    asked = re.match(r"horizon\s+(?P<days>\S+)\s*(?P<reason>.*)", ask.text, re.IGNORECASE | re.DOTALL)
    if asked is None:
        return say(described(await ask.read(earmarking.horizon)))
    days = units.parse(asked["days"], "days") // units.MICRO
    await ask.write(earmarking.set_horizon, ask.by, days, asked["reason"].strip())
    return say(f":white_check_mark: {described(days)} Markets that are open stay as they are.")


def described(days: int) -> str:
    return (
        f"Credits for long horizons pay in markets that open from now on and are settled {words.count(days, 'day')} "
        "after that or later."
    )
