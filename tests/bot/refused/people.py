"""Everybody who is refused something, and what they type."""

from live import Live

REASON = {"value": "So it is."}
HOUR, DAY = 3600, 86_400
QUESTION = {
    "question": {"value": "Do we move?"},
    "options": {"value": "Move\nStay"},
    "deciders": {"selected_users": ["U0CAROL"]},
}
METRIC = {
    "metric_name": {"value": "Findings"},
    "metric_unit": {"value": "%"},
    "low": {"value": "0"},
    "high": {"value": "40"},
    "metric_wording": {"value": "As counted by the safety team."},
    "base_rate_1": {"value": "18"},
    "base_rate_2": {"value": "12"},
    "metric_owner": {"selected_user": "U0MONA"},
}


class People:
    """Everybody, with the page open."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.raffled = ""  # The decision that a lottery may decide, once it is open.
        names = ("ADA", "EMIL", "ERIN", "ELIAS", "ESRA", "CAROL", "CHEN", "MONA")
        found = [live.person(f"U0{name}") for name in names]
        self.ada, self.emil, self.erin, self.elias, self.esra, self.carol, self.chen, self.mona = found

    @property
    def now(self) -> int:
        return int(self.live.workspace.clock().timestamp())
