"""A busy hour: five traders place two hundred trades at once while somebody looks on; every fill is right."""

import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from acts import balance, card, identity, trades
from live import MARKETS, Live, Person, option_of
from playwright.sync_api import expect
from tab import WAIT, Tab

from bot.locally import Mode
from core.exchange import audit, board, granting, portfolio
from core.exchange.portfolio import Portfolio
from core.units import MICRO

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live", [Mode.SOCKET], indirect=True)]

PEOPLE = ("mona",)
TRADERS = ("U0ADA", "U0EMIL", "U0ERIN", "U0ESRA", "U0ELIAS")
EACH = 40
STEP = timedelta(seconds=10)  # A card is told at most once in so long.
BOUGHT = re.compile(r"You bought \*([\d.,]+) (\w+) shares\* on \*(\w+)\* for \*([\d.]+) credits?\*")

Sides = tuple[tuple[str, str], tuple[str, str]]
Told = dict[tuple[str, str], float]


class Cards:
    """When each card was posted or updated, by the workspace's clock, and what then stood there."""

    def __init__(self, live: Live) -> None:
        self._live, self._lint = live, live.payloads.hear
        self.told: dict[str, list[datetime]] = defaultdict(list)
        live.workspace.page.state.workspace.traffic.on_passage = self.hear

    def hear(self, direction: str, kind: str, name: str, request: Any, answer: Any) -> None:
        self._lint(direction, kind, name, request, answer)
        if kind == "chat.update":
            self.told[f"{request['channel']} {request['ts']}"].append(self._live.workspace.clock())

    def pauses(self) -> Iterator[timedelta]:
        for moments in self.told.values():
            yield from (after - before for before, after in pairwise(moments))


def test_two_hundred_trades_at_once_are_all_filled_rightly(live: Live, tabs: dict[str, Tab]):
    """Each person keeps to one side of each option, so that what they were told adds up to what they hold."""
    live.write(granting.grant, identity("U0ADA"), identity("U0ADA"), 500 * MICRO, "busy", "to trade")
    people = [live.person(user) for user in TRADERS]
    for person in people:
        card(person)
    cards = Cards(live)

    with ThreadPoolExecutor(len(people)) as pool:
        under_way = [pool.submit(trades_on, person, sides_of(n)) for n, person in enumerate(people)]
        browses(live, tabs["mona"])
        while wait(under_way, timeout=0.5).not_done:
            live.advance(seconds=2)  # A few times quicker than real, so that a card has to wait for its turn.
        browses(live, tabs["mona"])
    for person, told in zip(people, [each.result() for each in under_way], strict=True):
        assert_holds(live, person, told)

    assert trades(live) == len(people) * EACH
    assert_card_is_newest(live, tabs["mona"], cards)
    statuses = {each["status"] for each in people[0].page.get("/_test/log").json()["passages"]}
    assert 429 not in statuses
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []
    assert people[0].state["warnings"] == []


def sides_of(number: int) -> Sides:
    """Some lean this way and some that way, so that prices stay in the middle."""
    up, down = ("Higher", "Lower") if number % 2 else ("Lower", "Higher")
    return ("Release", up), ("Hold", down)


def trades_on(person: Person, sides: Sides) -> Told:
    """Trade after trade from the card's button, in turns on one option and on the other; what was told as bought."""
    shown = person.messages(MARKETS)
    message = next(each for each in shown if "D-1:" in str(each["blocks"]))
    told: Told = defaultdict(float)
    for number in range(EACH):
        option, side = sides[number % 2]
        shares, credits_spent = place(person, message, option, side, str(1 + number % 3))
        told[option, side] += shares
        told["spent", option] += credits_spent
    return told


def place(
    person: Person, message: dict[str, Any], option: str, side: str, amount: str
) -> tuple[float, float]:
    """As the page's script does it: open, choose, type, submit; pressed again where the price moved meanwhile."""
    person.press(message, "trade")
    view = person.modal
    action = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    typed = {
        "option": option_of(action["option"], option),
        "way": option_of(action["way"], side),
        "amount": {"value": amount},
    }
    values = {block: {action[block]["action_id"]: value} for block, value in typed.items()}
    where = {"view_id": view["id"], "block_id": "amount", "action_id": action["amount"]["action_id"]}
    person.act("action", **where, value=typed["amount"], values=values)
    for _ in range(10):
        person.act("submit", view_id=view["id"], values=values)
        bought = BOUGHT.search(str(person.modal["blocks"]))
        if bought:
            break
    assert bought, person.state
    shares, *about, spent = bought.groups()
    assert about == [side, option]
    person.act("close", view_id=view["id"], all=True)
    return float(shares.replace(",", ".")), float(spent)  # One of them reads commas before decimals.


def browses(live: Live, who: Tab) -> None:
    """Somebody who may not trade looks at the report and at Home, and goes away: an open page draws each trade anew."""
    who.page.goto(live.workspace.base_url)
    who.say("markets", "/decision report D-1")
    who.message("Spread report D-1")
    expect(who.home).to_contain_text("Decisions", timeout=WAIT)
    who.page.goto("about:blank")


def assert_holds(live: Live, person: Person, told: Told) -> None:
    """What they hold and what they spent, to the two digits that each of their trades was told with."""
    held: Portfolio = live.read(portfolio.portfolio, identity(person.user))
    of_each = {"LONG": "Higher", "SHORT": "Lower"}
    shares = {
        (branch.option, of_each[position.outcome_name]): position.shares / MICRO
        for stake in held.stakes
        for branch in stake.branches
        for position in branch.positions
    }
    expected = {key: bought for key, bought in told.items() if key[0] != "spent"}
    assert shares == pytest.approx(expected, abs=0.005 * EACH)
    put = max(told["spent", option] for option in ("Release", "Hold"))  # The same credits back both.
    assert 500 - balance(live, person.user) / MICRO == pytest.approx(put, abs=0.005 * EACH)


def assert_card_is_newest(live: Live, mona: Tab, cards: Cards) -> None:
    """Told with pauses, and in the end with the newest state."""
    live.advance(seconds=STEP.total_seconds())
    count = f"{len(TRADERS) * EACH} trades by {len(TRADERS)} people"
    mona.page.goto(live.workspace.base_url)
    mona.go("# markets")
    newest = mona.message(count)
    report = live.read(board.row, identity("U0ERIN"), 1, live.workspace.clock()).report
    for line in report.measures[0].options:
        expect(newest).to_contain_text(f"{line.name}: {line.expected / MICRO:.1f} points")
    assert cards.told
    assert [pause for pause in cards.pauses() if pause < STEP] == []
