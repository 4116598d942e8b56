"""The outbox against a server that answers as Slack does: patient, in order, and once."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import numerals
from bot.door import Exchange
from bot.numerals import ENGLISH
from bot.outbox import Outbox
from bot.posting import Poster
from bot.readers import Readers
from bot.running import bind, listening
from bot.story import cast
from core.announcements import lanes
from core.announcements.tables import announcement
from core.database import migrate, open_engine
from core.exchange import telling, trading
from core.exchange.trading import Act, Order
from core.units import MICRO
from core.writer import Writer

START = datetime(2026, 11, 23, 14, tzinfo=UTC)
HERE, THERE = (f"{cast.TEAM_ID}/{channel}" for channel in (cast.MARKETS, cast.COMMITTEE))


@dataclass
class Slack:
    """Posts and updates as they came, and the answers that stand ready before it takes them."""

    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusals: dict[str, list[Response]] = field(default_factory=dict)
    refused: int = 0

    async def method(self, request: Request) -> Response:
        body = (await request.body()).decode()
        sent = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
        said = dict(request.query_params) | sent
        name = request.path_params["method"]
        if name == "users.info":
            return JSONResponse({"ok": True, "user": {"locale": "de-DE"}})
        if name == "conversations.open":
            return JSONResponse({"ok": True, "channel": {"id": said["users"]}})
        if name == "conversations.history":
            return JSONResponse({"ok": True, "messages": self.history(said["channel"])})
        waiting = self.refusals.get(str(said["channel"]))
        if waiting:
            self.refused += 1
            return waiting.pop(0)
        if isinstance(said.get("metadata"), str):
            said["metadata"] = json.loads(said["metadata"])
        said.setdefault("ts", f"1.{len(self.taken)}")
        self.taken.append((name, said))
        return JSONResponse({"ok": True, "channel": said["channel"], "ts": said["ts"]})

    def history(self, channel: str) -> list[dict[str, Any]]:
        """Newest first, with the metadata that the posts brought."""
        posts = [
            said for name, said in self.taken if name == "chat.postMessage" and said["channel"] == channel
        ]
        return [{"ts": said["ts"], "metadata": said["metadata"]} for said in reversed(posts)]

    def texts(self, address: str) -> list[str]:
        channel = address.rpartition("/")[2]
        return [said["text"] for _, said in self.taken if said["channel"] == channel]


@dataclass
class Post:
    """An exchange with decision D-1, and an outbox between it and Slack; the clock stands until it is moved."""

    exchange: Exchange
    client: AsyncWebClient
    slack: Slack
    now: list[datetime]
    readers: Readers

    def outbox(self) -> Outbox:
        return Outbox(self.exchange, self.client, self.readers, pace_seconds=0)

    async def deliver(self, *outboxes: Outbox) -> None:
        """One beat of each outbox, to its end."""
        used = outboxes or (self.outbox(),)
        await asyncio.gather(*(each.deliver() for each in used))
        await asyncio.gather(*(each.finish() for each in used))

    async def announce(
        self, number: int, address: str = HERE, kind: str = "reading_due", **facts: Any
    ) -> None:
        known = {"decision_id": 1, "question": f"Question {number}", "metric": "Score", "credits": MICRO}
        await self.exchange.write(announce, f"{kind}:{number}:{address}", kind, address, known | facts)

    async def state(self, number: int, address: str = HERE) -> str:
        wanted = select(announcement.c.state).where(announcement.c.key == f"reading_due:{number}:{address}")
        return str(await self.exchange.read(lambda connection: connection.scalar(wanted)))


def announce(
    connection: Connection, key: str, kind: str, address: str, facts: dict[str, Any], now: datetime
) -> None:
    lanes.announce(connection, key, kind, "D-1", address, facts, now)


def posted(directory: Path, scene: Callable[[Post], Awaitable[None]]) -> None:
    """Plays a scene in front of a fresh exchange whose cards have been told already."""

    async def play() -> None:
        async with post_office(directory) as post:
            await post.deliver()
            post.now[0] += timedelta(seconds=3)
            await post.deliver()
            taken = post.slack.taken  # Two cards; who was granted credits at the start was told beside them.
            taken[:] = [(method, said) for method, said in taken if said["channel"].startswith("C")]
            assert [method for method, _ in taken] == ["chat.postMessage"] * 2
            await scene(post)

    asyncio.run(play())


@asynccontextmanager
async def post_office(directory: Path) -> AsyncIterator[Post]:
    slack, now = Slack(), [START]
    app = Starlette(routes=[Route("/api/{method}", slack.method, methods=["GET", "POST"])])
    engine = open_engine(f"sqlite:///{directory / 'post.db'}")
    migrate(engine)
    writer = Writer(engine, lambda: now[0], batched={trading.execute})
    exchange = Exchange(engine, writer, lambda: now[0], cast.MARKETS)
    socket = bind(0)
    client = AsyncWebClient("xoxb-local-1", base_url=f"http://127.0.0.1:{socket.getsockname()[1]}/api/")
    async with listening(app, socket):
        await cast.seed(exchange)
        yield Post(exchange, client, slack, now, Readers(client, exchange.clock, ENGLISH))
    writer.close()
    engine.dispose()


def test_what_is_due_is_told_in_order_and_once(tmp_path: Path):
    async def scene(post: Post) -> None:
        for number in range(5):
            await post.announce(number)
            await post.announce(number, THERE)
        for _ in range(3):
            await post.deliver()
        for address in (HERE, THERE):
            told = [text for text in post.slack.texts(address) if "Question" in text]
            assert [text.partition("”")[0][-1] for text in told] == ["0", "1", "2", "3", "4"]

    posted(tmp_path, scene)


def test_two_outboxes_on_one_database_tell_everything_once(tmp_path: Path):
    """As two replicas would, again and again."""

    async def scene(post: Post) -> None:
        numbers = range(12)
        for number in numbers:
            await post.announce(number, f"T/C{number % 4}")
        replicas = [post.outbox(), post.outbox()]
        for _ in range(6):
            await post.deliver(*replicas)
        told = sorted(text for lane in range(4) for text in post.slack.texts(f"T/C{lane}"))
        assert told == sorted(set(told))
        assert len(told) == len(numbers)

    posted(tmp_path, scene)


def test_too_many_requests_are_waited_for_as_long_as_slack_says(tmp_path: Path):
    async def scene(post: Post) -> None:
        post.slack.refusals[cast.MARKETS] = [
            JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})
        ]
        await post.announce(1)
        await post.announce(2)
        for seconds in (0, 29):
            post.now[0] += timedelta(seconds=seconds)
            await post.deliver()
            assert len(post.slack.texts(HERE)) == 1
        post.now[0] += timedelta(seconds=2)
        await post.deliver()
        assert [("Question 1" in t, "Question 2" in t) for t in post.slack.texts(HERE)[1:]] == [
            (True, False),
            (False, True),
        ]
        assert post.slack.refused == 1

    posted(tmp_path, scene)


@pytest.mark.parametrize(
    "answer",
    [
        Response("down", 503),
        Response("<html>down</html>", 502, media_type="text/html"),
        Response("Internal Server Error", 500, media_type="text/plain"),
        Response("oops", 500, media_type="application/json"),
        Response("", 500),
        JSONResponse({"ok": False, "error": "internal_error"}, 500),
        JSONResponse({"ok": False, "error": "fatal_error"}),
        Response("not json", 200, media_type="text/plain"),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.body[:12]}",
)
def test_a_server_in_trouble_is_asked_again(tmp_path: Path, answer: Response):
    """With pauses; the order stays, other lanes do not wait, and nothing is lost or told twice."""

    async def scene(post: Post) -> None:
        post.slack.refusals[cast.MARKETS] = [answer, answer]
        await post.announce(1)
        await post.announce(2)
        await post.announce(1, THERE)
        await post.deliver()
        assert len(post.slack.texts(THERE)) == 2
        assert len(post.slack.texts(HERE)) == 1
        for _ in range(3):
            post.now[0] += timedelta(seconds=3)
            await post.deliver()
        assert [text[5:15] for text in post.slack.texts(HERE)[1:]] == ["Question 1", "Question 2"]

    posted(tmp_path, scene)


def test_a_lost_connection_is_tried_again(tmp_path: Path):
    async def scene(post: Post) -> None:
        nobody = bind(0)
        port = nobody.getsockname()[1]
        nobody.close()
        client = AsyncWebClient("xoxb-local-1", base_url=f"http://127.0.0.1:{port}/api/")
        lost = Outbox(post.exchange, client, post.readers, 0)
        await post.announce(1)
        await post.deliver(lost)
        assert await post.state(1) == "waiting"
        post.now[0] += timedelta(seconds=10)
        await post.deliver()
        assert await post.state(1) == "told"
        assert len(post.slack.texts(HERE)) == 2

    posted(tmp_path, scene)


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "invalid_blocks"])
def test_what_can_never_be_told_is_given_up_and_the_lane_goes_on(
    tmp_path: Path, error: str, caplog: pytest.LogCaptureFixture
):
    async def scene(post: Post) -> None:
        post.slack.refusals[cast.MARKETS] = [JSONResponse({"ok": False, "error": error})]
        await post.announce(1)
        await post.announce(2)
        await post.deliver()
        assert [await post.state(number) for number in (1, 2)] == ["failed", "told"]

    with caplog.at_level(logging.ERROR):
        posted(tmp_path, scene)

    assert f"cannot be told: {error}" in caplog.text


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived"])
def test_every_admin_is_told_once_of_a_channel_where_nothing_can_be_posted(tmp_path: Path, error: str):
    async def scene(post: Post) -> None:
        post.slack.refusals[cast.MARKETS] = [JSONResponse({"ok": False, "error": error}) for _ in range(2)]
        for number in (1, 2):
            await post.announce(number)
            await post.deliver()
            post.now[0] += timedelta(seconds=5)
        await post.deliver()
        (said,) = [each for each in post.slack.texts(cast.identity(cast.ADMIN)) if "cannot post" in each]
        assert said.startswith(f"I cannot post in <#{cast.MARKETS}>: ")

    posted(tmp_path, scene)


def test_a_message_that_cannot_be_drawn_stops_nobody_else(tmp_path: Path):
    """It is tried again a number of times, given up in the end, and then the lane goes on."""

    async def scene(post: Post) -> None:
        await post.announce(1, question=None)
        await post.announce(2)
        for _ in range(20):
            await post.deliver()
            post.now[0] += timedelta(hours=2)
        assert [await post.state(number) for number in (1, 2)] == ["failed", "told"]

    posted(tmp_path, scene)


def test_a_card_is_updated_in_its_place_with_the_newest_state(tmp_path: Path):
    """Many trades are one update; it shows what is so when it is told."""

    async def scene(post: Post) -> None:
        emil = f"{cast.TEAM_ID}/U0EMIL"
        for number in range(3):
            order = Order(f"k{number}", emil, 1, (0,), Act.SPEND, 10 * MICRO)
            await post.exchange.write(trading.execute, order)
        await post.deliver()
        cards = [said["ts"] for _, said in post.slack.taken]
        assert len(cards) == 2
        post.now[0] += timedelta(seconds=11)
        await post.deliver()
        updates = post.slack.taken[2:]
        assert {(method, said["ts"]) for method, said in updates} == {("chat.update", ts) for ts in cards}
        assert all("3 trades by 1 person" in str(said["blocks"]) for _, said in updates)

    posted(tmp_path, scene)


def test_a_chart_that_slack_refuses_is_left_out_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async def scene(post: Post) -> None:
        order = Order("k", f"{cast.TEAM_ID}/U0EMIL", 1, (0,), Act.SPEND, 10 * MICRO)
        await post.exchange.write(trading.execute, order)
        post.now[0] += timedelta(hours=3)
        post.slack.refusals[cast.MARKETS] = [JSONResponse({"ok": False, "error": "invalid_blocks"})]
        await post.deliver()
        kinds = {
            said["channel"]: [block["type"] for block in said["blocks"]]
            for method, said in post.slack.taken
            if method == "chat.update"
        }
        assert "data_visualization" in kinds[cast.COMMITTEE]
        assert "data_visualization" not in kinds[cast.MARKETS]
        assert "section" in kinds[cast.MARKETS]

    with caplog.at_level(logging.WARNING):
        posted(tmp_path, scene)
    assert "is told without its charts, which Slack refused" in caplog.text


def test_a_card_that_somebody_deleted_is_posted_anew(tmp_path: Path):
    async def scene(post: Post) -> None:
        gone = JSONResponse({"ok": False, "error": "message_not_found"})
        post.slack.refusals = {cast.MARKETS: [gone], cast.COMMITTEE: [gone]}
        order = Order("k", f"{cast.TEAM_ID}/U0EMIL", 1, (0,), Act.SPEND, 10 * MICRO)
        await post.exchange.write(trading.execute, order)
        post.now[0] += timedelta(seconds=11)
        await post.deliver()
        assert [method for method, _ in post.slack.taken] == ["chat.postMessage"] * 4

    posted(tmp_path, scene)


@pytest.mark.parametrize("address", [HERE, f"{cast.TEAM_ID}/U0EMIL"])
def test_what_was_posted_by_one_that_died_before_it_said_so_is_found_again(tmp_path: Path, address: str):
    """It is not posted twice, and what comes after it in the lane is told."""

    async def scene(post: Post) -> None:
        for number in range(2):
            await post.announce(number, address)
        claimed = (await post.exchange.write(lambda c, now: telling.claim(c, [], now)))[0]
        await Poster(post.exchange, post.client).post([claimed])  # And then it dies.
        await post.deliver()
        assert await post.state(0, address) == "waiting"
        post.now[0] += lanes.LEASE
        await post.deliver()
        assert [await post.state(number, address) for number in range(2)] == ["told", "told"]
        told = [text for text in post.slack.texts(address) if "Question" in text]
        assert [text.partition("”")[0][-1] for text in told] == ["0", "1"]

    posted(tmp_path, scene)


def test_a_card_that_was_posted_by_one_that_died_is_brought_up_to_date(tmp_path: Path):
    async def play() -> None:
        async with post_office(tmp_path) as post:
            claimed, lanes_held = [], []
            while batch := await post.exchange.write(lambda c, now: telling.claim(c, lanes_held, now)):
                claimed += batch
                lanes_held.append(batch[0].address)
            card = next(each for each in claimed if each.kind == "card")
            await Poster(post.exchange, post.client).post([card])  # And then it dies.
            post.now[0] += lanes.LEASE
            await post.deliver()
            channel = card.address.rpartition("/")[2]
            told = [name for name, said in post.slack.taken if said["channel"] == channel]
            assert told == ["chat.postMessage", "chat.update"]

    asyncio.run(play())


def test_a_process_that_stood_still_for_too_long_posts_nothing_more(tmp_path: Path):
    """Its lanes are somebody else's by now, or will be before Slack has answered."""

    async def scene(post: Post) -> None:
        await post.announce(1)
        claimed = await post.exchange.write(lambda c, now: telling.claim(c, [], now))
        post.now[0] += lanes.LEASE
        outbox = post.outbox()
        outbox._lanes[HERE] = asyncio.ensure_future(asyncio.sleep(0))
        await outbox._tell_lane(HERE, claimed)
        assert await post.state(1) == "waiting"
        await post.deliver()
        assert await post.state(1) == "told"

    posted(tmp_path, scene)


def test_a_person_is_told_in_their_numerals_and_a_channel_in_those_of_the_setting(tmp_path: Path):
    """Slack knows this person as a German; the setting is that of French Switzerland."""

    async def scene(post: Post) -> None:
        readers = Readers(post.client, post.exchange.clock, numerals.of("fr-CH"))
        person = f"{cast.TEAM_ID}/U0ANN"
        for address in (person, HERE):
            await post.announce(1, address, "returned", option=None, credits=1_234_500_000)
        await post.deliver(Outbox(post.exchange, post.client, readers, 0))
        assert "Back in your balance: 1.234,50 credits." in post.slack.texts(person)[0]
        assert "1\u2019234,50 credits." in post.slack.texts(HERE)[-1]

    posted(tmp_path, scene)
