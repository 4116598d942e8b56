"""Posting: one message to Slack, drawn of what was announced, in the place of an older one or looked for before it is sent."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import rendering
from bot.door import Exchange
from bot.exports import handouts
from bot.exports.handouts import Handout
from bot.reports import plot
from core.exchange import hindsight, history, sending, spending, telling
from core.exchange.history import History
from core.exchange.telling import Announcement

_log = logging.getLogger(__name__)

EVENT_TYPE = "announcement"  # What the metadata of our messages is called.
LOOKED_THROUGH = 100
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}

Parcel = Sequence[Announcement]  # Told in one message, never empty.
Receipt = Mapping[str, Any]  # Where a message stands.


class Poster:
    def __init__(self, exchange: Exchange, client: AsyncWebClient) -> None:
        self._exchange = exchange
        self._client = client

    async def post(self, parcel: Parcel) -> dict[str, Receipt]:
        """Where each stands, by its key."""
        standing = await self._standing(parcel) if parcel[0].is_doubtful else {}
        rest = [each for each in parcel if each.key not in standing or each.kind in rendering.CARDS]
        if not rest:
            return standing
        uploads = {
            "history": self._picture,
            "file": self._report_file,
            "subsidy_file": self._subsidy_file,
        }
        if upload := uploads.get(rest[0].kind):
            return {rest[0].key: await upload(rest[0])}
        receipt = rest[0].receipt or standing.get(rest[0].key)
        message = await rendering.message(self._exchange, rest)
        try:
            receipt = await self._send(rest, receipt, message.payload())
        except SlackApiError as problem:
            if trouble_of(problem) != "invalid_blocks" or not message.has_charts:
                raise
            _log.warning("%s is told without its charts, which Slack refused: %s", rest[0].key, problem)
            receipt = await self._send(rest, receipt, message.without_charts().payload())
        return standing | {each.key: receipt for each in rest}

    async def _picture(self, announcement: Announcement) -> Receipt:
        """Uploads the picture to the thread of its report; the thread says whether it stands there already."""
        report = await self._exchange.read(telling.receipt, announcement.facts["report"])
        shown, about, comment = _pictured(announcement.facts)
        found = await self._exchange.read(shown, announcement.address, about, self._exchange.clock())
        if report is None or not found.trades:  # Nothing to hang it on, or nothing to show.
            return {}
        drawn = await asyncio.to_thread(plot.render, found)
        place = {"channel": report["channel"], "thread_ts": report["ts"]}
        if not (announcement.is_doubtful and await self._has_files(report)):
            await self._client.files_upload_v2(
                content=drawn.png,
                filename=drawn.name,
                title=drawn.title,
                alt_txt=drawn.alt_text,
                initial_comment=comment,
                **place,
            )
        return place

    async def _report_file(self, announcement: Announcement) -> Receipt:
        """Sends somebody a spread report that was sent, as a file."""
        asked, now = announcement.facts, self._exchange.clock()
        which = (announcement.address, asked["decision_id"], asked["number"], now)
        kept = await self._exchange.read(sending.sent, *which)
        return await self._hand_out(announcement, await asyncio.to_thread(handouts.made, kept, asked["form"]))

    async def _subsidy_file(self, announcement: Announcement) -> Receipt:
        """The same of a portfolio's subsidies, as they stood when they were asked for or a little later."""
        which = (announcement.address, announcement.facts["portfolio_id"], self._exchange.clock())
        of = await self._exchange.read(spending.report, *which)
        return await self._hand_out(announcement, handouts.subsidies(of))

    async def _hand_out(self, announcement: Announcement, made: Handout) -> Receipt:
        """Unless the file stands among the newest there already."""
        opened = await self._client.conversations_open(users=channel_of(announcement))
        channel = opened["channel"]["id"]
        if not (announcement.is_doubtful and await self._has_file(channel, made.name)):
            await self._client.files_upload_v2(
                content=made.content,
                filename=made.name,
                title=made.title,
                alt_txt=made.alt_text,
                initial_comment=f"{made.title}.",
                channel=channel,
            )
        return {"channel": channel}

    async def _has_file(self, channel: str, name: str) -> bool:
        found = await self._client.conversations_history(channel=channel, limit=LOOKED_THROUGH)
        files = [file for message in found["messages"] for file in message.get("files", [])]
        return any(file.get("name") == name for file in files)

    async def _has_files(self, report: Receipt) -> bool:
        thread = await self._client.conversations_replies(channel=report["channel"], ts=report["ts"])
        return any(message.get("files") for message in thread["messages"])

    async def _send(self, parcel: Parcel, receipt: Receipt | None, payload: dict[str, Any]) -> Receipt:
        if receipt and await self._replace(receipt, payload):
            return receipt
        posted = await self._client.chat_postMessage(
            channel=channel_of(parcel[0]),
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"keys": [each.key for each in parcel]}},
            **payload,
        )
        return {"channel": posted["channel"], "ts": posted["ts"]}

    async def _standing(self, parcel: Parcel) -> dict[str, Receipt]:
        """What of it stands there already, posted by somebody who did not live to say so."""
        wanted = {each.key for each in parcel if not each.receipt}
        if not wanted:
            return {}
        channel = channel_of(parcel[0])
        try:
            if channel.startswith(("U", "W")):  # A person's direct message is read by its own id.
                channel = (await self._client.conversations_open(users=channel))["channel"]["id"]
            found = await self._client.conversations_history(
                channel=channel, limit=LOOKED_THROUGH, include_all_metadata=True
            )
        except SlackApiError as problem:
            if trouble_of(problem) != "missing_scope":
                raise
            _log.warning("%s is posted without a look whether it stands: a scope is missing", parcel[0].key)
            return {}
        return {
            key: {"channel": channel, "ts": message["ts"]}
            for message in found["messages"]
            for key in message.get("metadata", {}).get("event_payload", {}).get("keys", [])
            if key in wanted
        }

    async def _replace(self, old: Receipt, payload: Mapping[str, Any]) -> bool:
        """Whether the old message could be updated; one that somebody deleted is posted anew."""
        try:
            await self._client.chat_update(channel=old["channel"], ts=old["ts"], **payload)
        except SlackApiError as problem:
            if trouble_of(problem) not in _GONE:
                raise
            return False
        return True


def _pictured(facts: Mapping[str, Any]) -> tuple[Callable[..., History], int, str]:
    """What is read for a picture, of which decision or question, and what is said beside it."""
    in_hindsight = "What was priced, and what it came to, in one picture."
    if facts["decision_id"] is None:
        return hindsight.answer, facts["market_id"], in_hindsight
    if facts.get("is_outcome"):
        return hindsight.outcome, facts["decision_id"], in_hindsight
    return history.history, facts["decision_id"], "Every trade so far, in one picture."


def channel_of(announcement: Announcement) -> str:
    return announcement.address.rpartition("/")[2]


def trouble_of(problem: SlackApiError) -> str:
    """Slack's word for it; an answer that is no JSON, Slack's or a proxy's, counts as an outage."""
    response = problem.response
    said = response.data if isinstance(response, AsyncSlackResponse) else None
    return str(said.get("error")) if isinstance(said, dict) else "service_unavailable"
