"""In whose numerals things are told: asked of Slack once for each person, never waited for long, remembered for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from acts import card, identity, shown, start_trade, type_amount
from live import Live, read
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import numerals
from bot.readers import Readers
from bot.running import bind, listening
from core.exchange import granting, staffing

DEFAULT = numerals.of("en-GB")


@dataclass
class Slack:
    """Knows everybody's locale; counts who it was asked for, and can be slow or refuse."""

    asked: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""
    knows_nobody: bool = False

    async def info(self, request: Request) -> JSONResponse:
        said = request.query_params
        self.asked.append(said["user"])
        await asyncio.sleep(self.seconds)
        if self.error:
            return JSONResponse({"ok": False, "error": self.error})
        if self.knows_nobody:
            return JSONResponse({"ok": True})
        return JSONResponse(
            {"ok": True, "user": {"locale": "de-DE"} if said["include_locale"] == "1" else {}}
        )


@dataclass
class Scene:
    slack: Slack
    readers: Readers
    now: list[datetime]

    async def decimal(self, slack_id: str = "U1") -> str:
        return (await self.readers.of(slack_id)).decimal


def play(scene: Callable[[Scene], Awaitable[None]]) -> None:
    async def played() -> None:
        slack, now, socket = Slack(), [datetime(2026, 1, 1, tzinfo=UTC)], bind(0)
        client = AsyncWebClient("xoxb-local-1", base_url=f"http://127.0.0.1:{socket.getsockname()[1]}/api/")
        app = Starlette(routes=[Route("/api/users.info", slack.info, methods=["GET"])])
        async with listening(app, socket):
            readers = Readers(client, lambda: now[0], DEFAULT)
            await scene(Scene(slack, readers, now))
            await readers.stop()

    asyncio.run(played())


def test_an_answer_that_names_nobody_is_not_asked_for_again_at_once():
    """Otherwise every delivery would ask Slack anew."""

    async def scene(made: Scene) -> None:
        made.slack.knows_nobody = True
        assert [await made.decimal() for _ in range(3)] == ["."] * 3
        assert made.slack.asked == ["U1"]

    play(scene)


def test_slack_is_asked_once_for_a_person_whoever_waits_and_again_after_half_a_day():
    async def scene(made: Scene) -> None:
        made.slack.seconds = 0.05
        assert await asyncio.gather(*(made.decimal() for _ in range(20))) == [","] * 20
        made.now[0] += timedelta(hours=11)
        assert await made.decimal() == ","
        assert made.slack.asked == ["U1"]
        made.now[0] += timedelta(hours=2)
        assert await made.decimal() == ","
        assert made.slack.asked == ["U1", "U1"]

    play(scene)


def test_a_slow_slack_is_not_waited_for_and_its_answer_serves_the_next_time():
    async def scene(made: Scene) -> None:
        made.slack.seconds = 1.0
        start = perf_counter()
        assert await made.decimal() == "."
        assert perf_counter() - start < 0.9
        await asyncio.sleep(0.8)
        assert await made.decimal() == ","
        assert made.slack.asked == ["U1"]

    play(scene)


@pytest.mark.parametrize("error", ["missing_scope", "user_not_found"])
def test_where_slack_does_not_say_numbers_are_written_as_for_a_channel_for_a_while(error: str):
    async def scene(made: Scene) -> None:
        made.slack.error = error
        assert [await made.decimal(), await made.decimal(), await made.decimal("C1")] == [".", ".", "."]
        assert made.slack.asked == ["U1"]
        made.slack.error = ""
        made.now[0] += timedelta(minutes=6)
        assert await made.decimal() == ","
        made.slack.error = error
        made.now[0] += timedelta(hours=13)
        assert await made.decimal() == ","  # What was known is better than nothing.

    play(scene)


def test_so_many_people_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.readers.REMEMBERED_MOST", 2)

    async def scene(made: Scene) -> None:
        for user in ("U1", "U2", "U3", "U1"):
            await made.decimal(user)
        assert made.slack.asked == ["U1", "U2", "U3", "U1"]

    play(scene)


def test_what_a_person_reads_is_in_their_numerals_and_what_a_channel_reads_is_not(live: Live):
    """Esra's Slack is German: her modal, answers and messages are, and the same card in the channel is not."""
    esra, ada = live.person("U0ESRA"), identity("U0ADA")
    live.write(granting.grant, ada, identity("U0ESRA"), 1_234_500_000, "more", "for the test")
    # If the digest of the first grant is out already, the next one comes an hour after it.
    live.advance(hours=1)
    esra.wait_for("1.234,50 credits", "D0ESRA")
    assert "Release: *62.0 points*" in read(card(esra))
    assert "Release: *62,0 points*" in read(shown(esra))
    assert "*Balance*\n1.734,50 credits" in read(esra.home())
    start_trade(esra)
    assert "You can spend 1.734,50 credits here." in read(esra.modal)
    quoted = type_amount(esra, "12.5")
    assert "*12,50 credits* for *" in quoted
    assert "0,5" in quoted.partition(" each on average")[0]
    esra.submit()
    assert "for *12,50 credits*" in read(esra.modal)


def test_an_amount_that_an_admin_types_as_they_write_at_home_is_refused_with_what_is_right(live: Live):
    live.write(staffing.appoint, identity("U0ADA"), identity("U0ELIAS"), "To see how it is.")
    elias = live.person("U0ELIAS")

    assert elias.type("/futarchy grant <@U0ERIN|erin> 1,5 welcome") == (
        "“1,5” is not a number here. With a point before the decimals it is 1.5."
    )
    assert "Type 1500 or 1.5." in elias.type("/futarchy grant <@U0ERIN|erin> 1,500 welcome")
    assert "got 1,50 credits and has 501,50 credits free now." in elias.type(
        "/futarchy grant <@U0ERIN|erin> 1.5 welcome"
    )
