"""What nobody may say of a price: that choosing an option brings something about (THEORY 16, item 13).

"Is priced" and "traders expect if chosen" are all that a price allows. An effect may be spoken of where it is denied, or
of an option that was drawn by lot.
"""

import html
import re
from collections.abc import Iterable

CAUSAL = re.compile(
    r"\b("
    r"caus(e|es|ed|ing)|will (raise|lower|increase|decrease|reduce|improve|cut)|improv(e|es|ed)|leads? to|led to|"
    r"results? in|boosts?|drives?|mak(e|es|ing)\b[^.]{0,60}\b(higher|lower|better|worse)|"
    r"because of (it|the (choice|decision))|thanks to|(?<!not the )effect of (the decision|choosing)"
    r")\b",
    re.IGNORECASE,
)


def causal(text: str, typed: Iterable[str] = ()) -> str:
    """The words that say so; empty if there are none. What people typed may say what it likes."""
    if not CAUSAL.search(text):
        return ""
    for theirs in sorted(filter(None, typed), key=len, reverse=True):
        text = text.replace(html.escape(theirs, quote=False), "").replace(theirs, "")
    found = CAUSAL.search(text)
    return found.group() if found else ""
