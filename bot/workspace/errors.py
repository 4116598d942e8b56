"""The two ways of saying no: to the app in Slack's error codes, to a person in a sentence."""

from typing import Any


class ApiError(Exception):
    """An expected failure of a Web API method, sent as HTTP 200 with `ok: false`."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """Something a person asked for that Slack's own client would not let them do."""
