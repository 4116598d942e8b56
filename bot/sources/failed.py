"""Why a source could not be read: a word for it, and what goes with that; the sentences are in bot/reports/sourced.py."""


class Failed(Exception):  # noqa: N818 - an answer that is expected, like a refusal
    """``detail`` holds no secrets, and may hold anything else that a stranger's server said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail
