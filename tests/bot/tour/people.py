"""Who takes part in the tour, what they type, and the ways to something that can be looked at."""

from typing import Any, NamedTuple

from live import MARKETS, Live, Person

from core.exchange.opening import Opened

HOSTILE = "<!channel> & *bold* `code` <https://x.example|here> \u202e\u05e2\u05d1\u05e8\u202c 🙂"


class Voice(NamedTuple):
    """What people type: as they would, or as badly as they can."""

    question: str
    option: str
    metric: str
    wording: str
    reason: str
    unit: str


PLAIN = Voice(
    "Do we open the evaluation API to outside researchers?",
    "Open it",
    "Incidents",
    "Reports rated serious by the safety team within thirty days of the decision.",
    "More findings are worth the work of answering them.",
    "reports",
)
ROUGH = Voice(
    f"<@U0EMIL> {HOSTILE} {'long ' * 60}"[:299] + "?",
    HOSTILE[:74],
    f"Incidents {HOSTILE}"[:75],
    f"{HOSTILE} {'w' * 800}",
    f"{HOSTILE}\n" * 4,
    "<&>",
)
OTHER = "Keep it gated"


class Sight(NamedTuple):
    """Something to look at: who sees it, where (a channel's id, ``home`` or ``modal``), and a text to find it by."""

    name: str
    user: str
    place: str
    text: str = ""


class Tour:
    """Who takes part, and what they say."""

    def __init__(self, live: Live, voice: Voice = PLAIN) -> None:
        self.live, self.voice = live, voice
        self.short: Opened | None = None  # A decision of a few hours, once there is one.
        names = ("ADA", "EMIL", "ERIN", "ESRA", "ELIAS", "CAROL", "CHEN", "MONA")
        self.people = [live.person(f"U0{name}") for name in names]
        self.ada, self.emil, self.erin, self.esra, self.elias, self.carol, self.chen, self.mona = self.people

    def modal(self, name: str, who: Person) -> Sight:
        """The modal on top, which has to be there."""
        assert who.state["views"], f"no modal for {name}: {who.state['failure']}"
        return Sight(name, who.user, "modal")

    def home(self, name: str, who: Person) -> Sight:
        who.home()
        return Sight(name, who.user, "home")

    def asked(self, name: str, who: Person, typed: str, channel: str = MARKETS) -> Sight:
        """What a command answers."""
        said = who.type(typed, channel)
        assert said, f"no answer for {name}"
        return Sight(name, who.user, channel)

    def told(self, name: str, who: Person, text: str, channel: str = MARKETS) -> Sight:
        who.wait_for(text, channel)
        return Sight(name, who.user, channel, text)

    def messaged(self, name: str, who: Person, text: str) -> Sight:
        """A direct message; news come at most once an hour."""
        self.live.advance(hours=1)
        return self.told(name, who, text, dm(who))

    def pressed(self, who: Person, text: str, action: str, channel: str = MARKETS) -> None:
        who.press(who.wait_for(text, channel), action, channel)


def dm(who: Person) -> str:
    return f"D{who.user[1:]}"


def ticked(who: Person, block: str) -> dict[str, Any]:
    return {"selected_options": who.element(block)["options"]}
