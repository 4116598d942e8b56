"""Channels: whether the app can post where somebody wants it to."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.door import Ask
from bot.previews import error_of
from core.errors import Invalid


async def require_member(ask: Ask, channel: str, field: str) -> None:
    """Raises Invalid where the app cannot post, while the form is still open: later the posts would wait unseen.

    Where Slack does not say, the first post finds out, and admins are told.
    """
    try:
        found = (await ask.client.conversations_info(channel=channel))["channel"]
    except SlackApiError as problem:
        if (
            error_of(problem) == "channel_not_found"
        ):  # So Slack calls private channels that the app is not in.
            raise Invalid(field, "not_member") from problem
        return
    except (ClientError, TimeoutError):
        return
    if found.get("is_archived"):
        raise Invalid(field, "archived")
    if not found.get("is_member", True):
        raise Invalid(field, "not_member")
