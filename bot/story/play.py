"""The story of one decision, lived by the workspace's people through the page's own requests, and told as it goes."""

from contextlib import AsyncExitStack

import httpx

from bot.story.cast import ADMIN, CAROL, CAST, COMMITTEE, EMIL, ERIN, ESRA, MARKETS, MONA
from bot.story.stage import HOUR, Print, Stage

DAY = 24 * HOUR
WATCHED_PAUSE_SECONDS = 2.5


async def play(base_url: str, key: str, say: Print, *, watched: bool) -> None:
    """Opens, trades, reports, decides, reads and settles. Raises Stuck, naming what did not happen."""
    async with AsyncExitStack() as stack:
        pages = {role: await stack.enter_async_context(_page(base_url)) for role in CAST}
        for role, page in pages.items():
            await page.get("/", params={"key": key})
            await page.post("/ui/switch", json={"user": role.id})
        stage = Stage(pages, say, WATCHED_PAUSE_SECONDS if watched else 0.0)
        await _open(stage)
        await _trade(stage)
        await _decide(stage)
        await _settle(stage)
        stage.narrate("That was one decision, from the question to the outcome.")


def _page(base_url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10)


async def _open(stage: Stage) -> None:
    stage.narrate("Ada, who runs the exchange, opens a decision.")
    await stage.type(ADMIN, MARKETS, "/futarchy grant @esra 250 for the pilot")
    await stage.type(ADMIN, MARKETS, "/decision new")
    await stage.submit(
        ADMIN,
        question={"value": "Do we open the evaluation API to outside researchers?"},
        options={"value": "Open it\nKeep it gated"},
        deciders={"selected_users": [CAROL.id]},
    )
    await stage.submit(
        ADMIN,
        metric_name={"value": "Serious findings"},
        metric_unit={"value": "reports"},
        low={"value": "0"},
        high={"value": "40"},
        metric_wording={"value": "Reports rated serious by the safety team within 30 days of the decision."},
        base_rate_1={"value": "18"},
        base_rate_2={"value": "12"},
        metric_owner={"selected_user": MONA.id},
    )
    await stage.submit(ADMIN, subsidy={"value": "400"}, committee={"selected_channel": COMMITTEE})
    await stage.close(ADMIN)
    await stage.wait_for(EMIL, MARKETS, "D-2: Do we open the evaluation API")


async def _trade(stage: Stage) -> None:
    stage.narrate("Employees trade. Emil backs both options with the same 100 credits.")
    await stage.trade(EMIL, "Open it", "Higher", "100")
    await stage.trade(EMIL, "Keep it gated", "Lower", "100")
    await stage.trade(ERIN, "Open it", "Lower", "40")
    await stage.trade(ESRA, "Open it", "Higher", "60")
    await stage.home(EMIL)
    stage.narrate("Emil has second thoughts and sells some of it from Home.")
    await stage.sell(EMIL, "Sell Higher on Open it", "50")
    stage.narrate("Carol, who decides, may not trade, and is told why.")
    await stage.press(CAROL, MARKETS, "trade", "D-2")
    await stage.close(CAROL)
    await stage.pass_time(15)
    await stage.wait_for(CAROL, COMMITTEE, "5 trades by 3 people")
    await stage.type(CAROL, COMMITTEE, "/decision report D-2")


async def _decide(stage: Stage) -> None:
    stage.narrate("A week passes; trading closes, and the committee has its report.")
    await stage.pass_time(7 * DAY + HOUR)
    await stage.wait_for(CAROL, COMMITTEE, "[Record the decision]")
    stage.narrate("Carol records the decision.")
    await stage.type(CAROL, COMMITTEE, "/decision record D-2")
    await stage.submit(
        CAROL,
        option={"selected_option": {"value": "1"}},
        reason={"value": "More findings are worth the work of answering them."},
        unpriced={"value": "Two labs have asked for it already."},
    )
    await stage.submit(CAROL)
    await stage.close(CAROL)
    await stage.wait_for(EMIL, MARKETS, "is decided by")
    stage.narrate("A day later it is final: what was put on the other option comes back.")
    await stage.pass_time(25 * HOUR)
    await stage.wait_for(EMIL, MARKETS, "is final")
    await stage.home(EMIL)
    await stage.pass_time(15)
    await stage.trade(ERIN, "Open it", "Higher", "30")


async def _settle(stage: Stage) -> None:
    stage.narrate("A month later Mona files what the metric came to.")
    await stage.pass_time(28 * DAY)
    await stage.type(MONA, MARKETS, "/decision metric D-2")
    await stage.submit(MONA, value={"value": "23"}, source={"value": "Safety team's tracker, label serious"})
    await stage.close(MONA)
    await stage.wait_for(EMIL, MARKETS, "has its reading")
    stage.narrate("Nobody objects within a day, so it settles.")
    await stage.pass_time(25 * HOUR)
    await stage.wait_for(EMIL, MARKETS, "Outcome D-2")
    await stage.wait_for(EMIL, f"D{EMIL.id[1:]}", "is settled")
    await stage.home(EMIL)
