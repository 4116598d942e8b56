"""A lottery decision in Slack: what its form asks, what both twins are told, and a post from which anybody checks the draw."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acts import choose, place, settle, start_trade, type_amount
from elsewhere import Site, serving
from live import COMMITTEE, Live, Person, option_of, read
from lotteries import at_terms, open_lottery, terms, value_for
from sqlalchemy import Connection, select
from typer.testing import CliRunner

from bot import beacons
from bot.__main__ import cli
from bot.reports import proof
from bot.sources.failed import Failed
from core.announcements.tables import announcement
from core.decisions import lotteries
from core.exchange import portfolio
from core.exchange.drawing import Awaited
from core.exchange.lottery_plan import Beacon
from core.exchange.statements import Unreadable
from core.units import MICRO

SEED, BEACON = "11" * 32, "7"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    running = Live(tmp_path_factory.mktemp("lottery"))
    ada = running.person("U0ADA")
    open_lottery(ada)
    with serving() as site:
        url = site.say("/rounds/latest", '{"randomness": "ok"}')
        name, at = "Which office is painted?", "randomness"
        open_lottery(ada, name, beacon_url=url, beacon_value_at=at, subsidy="200")
        yield running
    running.close()


@pytest.fixture
def certain(folder: Path) -> Iterator[Live]:
    """A workspace of its own, in which a lottery always decides."""
    running = Live(folder)
    open_lottery(running.person("U0ADA"), "Which wall is painted?", probability="100", subsidy="200")
    yield running
    running.close()


@pytest.fixture
def emil(live: Live) -> Person:
    return live.person("U0EMIL")


def test_the_form_asks_for_what_a_lottery_needs_and_refuses_under_its_fields(live: Live):
    ada = live.person("U0ADA")
    at_terms(ada)
    for block, typed, field in (
        ("probability", "49", "probability"),
        ("probability", "101", "probability"),
        ("weights", "1", "weights"),
        ("weights", "1 x", "weights"),
        ("weights", "1 3", "probability"),
        ("beacon_url", "ftp://a", "beacon_url"),
    ):
        answer = ada.submit(**terms(**{"weights": "", "beacon_url": "", block: typed}))
        assert list(answer["errors"]) == [field], (block, typed)
    ada.fill("lottery", option_of(ada.element("lottery"), "People choose"))
    assert "probability" not in {block["block_id"] for block in ada.modal["blocks"]}
    ada.close()


def test_a_lottery_is_lived_from_the_first_mirrored_trade_to_a_draw_that_its_post_proves(
    live: Live, emil: Person, tmp_path: Path
):
    trades_in_both(live, emil)
    trades_in_one(live, emil)
    posted = draws(live, emil)
    assert "was fetched from the beacon" in read(
        emil.wait_for("D-3 “Which office is painted?”: its lottery drew")
    )
    verifies(live, read(posted), tmp_path / "copied.txt")
    is_settled(live)


def trades_in_both(live: Live, emil: Person) -> None:
    """Both results are said, and the credits are taken once."""
    before = live.read(portfolio.portfolio, "T0FUTARCHY/U0EMIL").balance
    start_trade(emil, "D-2")
    choose(emil, way="Higher")
    quoted = type_amount(emil, "20")
    assert "If North is chosen:" in quoted
    assert "If North is drawn:" in quoted
    assert "since only one of the two can come true" in quoted
    assert [block for block in emil.modal["blocks"] if block["block_id"] == "limited"] == []
    place(emil)
    said = read(emil.modal)
    emil.close()

    assert "If North is drawn:" in said
    assert before - live.read(portfolio.portfolio, "T0FUTARCHY/U0EMIL").balance == 20 * MICRO
    held = read(emil.home())
    assert "If North is chosen:" in held
    assert "If North is drawn:" in held


def trades_in_one(live: Live, emil: Person) -> None:
    """Only then a difference is reported."""
    assert "nobody has traded the twins apart" in emil.type("/decision report D-2")
    erin = live.person("U0ERIN")
    start_trade(erin, "D-2")
    choose(erin, side="Only if the lottery draws it", way="Lower")
    quoted = type_amount(erin, "10")
    assert "North is drawn" in quoted
    assert "North is chosen" not in quoted
    place(erin)
    erin.close()
    said = emil.type("/decision report D-2")

    assert "1 person traded the twins apart" in said
    assert "Effect of assigning" in said
    assert "It is not the effect of choosing it" in said


def test_where_it_always_decides_deciders_say_what_they_expect_of_what_is_drawn(certain: Live):
    """And no chances, since nobody chooses; their form finds what they said again, and so does the report."""
    carol, name = certain.person("U0CAROL"), "Which wall is painted?"
    told = carol.wait_for(name, "D0CAROL")
    assert "please say what you expect of each metric" in read(told)
    assert f"{name}*" in read(carol.home())
    assert "You decide it: say what you expect, until" in read(carol.home())
    for value in ("", "64"):
        carol.press(told, "declare", "D0CAROL")
        assert "How likely" not in read(carol.modal)
        assert "Your mean if it is drawn" in read(carol.modal)
        assert (carol.element("forecast_1_1").get("initial_value") or "") == value
        carol.submit(forecast_1_1={"value": "64"}, forecast_1_2={"value": "52"})
        assert "Sealed." in read(carol.modal)
        carol.close()
    certain.advance(days=8)
    said = read(carol.wait_for("Spread report D-2", COMMITTEE))

    told = read(carol.wait_for("is decided by a lottery, whatever people would choose", COMMITTEE))
    assert "people decide" not in told.lower()
    assert "<@U0CAROL>: Expects Score 64.0 points if North, 52.0 points if South." in said
    assert "none of them" not in said


def draws(live: Live, emil: Person) -> dict[str, Any]:
    """Nobody can decide it first."""
    carol = live.person("U0CAROL")
    live.advance(days=7, hours=1)
    carol.wait_for("Spread report D-2", COMMITTEE)
    assert "waits for its lottery" in carol.type("/decision record D-2", COMMITTEE)
    assert "only before trading closed" in carol.type("/decision withdraw D-2", COMMITTEE)
    for person in (carol, live.person("U0CHEN")):
        person.type("/decision draw D-2")
        person.submit(beacon_value={"value": value_for(live, 0, 2)})
        person.close()
    return emil.wait_for("desks?”: its lottery drew")


def verifies(live: Live, posted: str, file: Path) -> None:
    file.write_text(posted)
    found = CliRunner().invoke(cli, ["verify-draw", str(file)])

    assert found.exit_code == 0, found.output
    assert found.output.count("holds") == 3
    assert "Not checked" in found.output
    seed = live.read(lotteries.seed, 2).hex()
    assert seed in posted
    file.write_text(posted.replace(seed, "0" * 64))
    forged = CliRunner().invoke(cli, ["verify-draw", str(file)])
    assert forged.exit_code == 1
    assert "FAILS" in forged.output


def is_settled(live: Live) -> None:
    """By the reading that the metric's owner files, as where people chose."""
    live.advance(days=1, hours=1)
    mona = live.person("U0MONA")
    mona.wait_for("desks?” is final: its lottery drew")
    settle(live, mona, "71", "D-2")


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[" * 100_000, "no draw here", "{}" * 1000])
def test_what_holds_no_draw_is_refused_with_a_sentence(tmp_path: Path, content: str):
    file = tmp_path / "any.txt"
    file.write_text(content)
    found = CliRunner().invoke(cli, ["verify-draw", str(file)])

    assert found.exit_code == 2
    assert "holds no draw" in found.output


def test_a_statement_survives_slack_and_what_people_call_options():
    """Nothing in it is markup, so that it is copied as it was posted."""
    said = {
        "decision": "D-1",
        "options": ["<!channel> & `x`", "ü ```"],
        "weights": [1, 1],
        "probability": 1_000_000,
        "beacon": "B<>",
        "url": "",
        "round": "7",
        "beacon_value": BEACON,
        "commitment": "0" * 64,
        "seed": SEED,
        "digest": "0" * 64,
        "drawn": 1,
        "form": 1,
    }
    text = proof.written(said)

    assert not set("<>&`") & set(text)
    assert text.isascii()
    assert proof.read(f"copied:\n{text}\nand more }}").options == tuple(said["options"])
    with pytest.raises(Unreadable):
        proof.read(text.replace(SEED, "zz"))


def test_an_effect_is_said_of_what_was_drawn_only(live: Live):
    """THEORY 16, item 13, over every text of a lottery: nothing 'causes' or 'improves'."""
    texts = json.dumps(live.read(_told))
    assert not re.search(r"\b(causes|improves|will raise)\b", texts)


def _told(connection: Connection) -> list[Any]:
    return list(connection.execute(select(announcement.c.facts)).scalars())


@pytest.mark.parametrize(
    ("said", "value_at", "value"),
    [('{"randomness": "ab12"}', "randomness", "ab12"), ('{"data": [{"value": 7}]}', "data[0].value", "7")],
)
def test_a_value_is_read_from_where_it_was_said_to_stand(
    live: Live, site: Site, said: str, value_at: str, value: str
):
    awaited = Awaited(1, Beacon("B", "7", site.say("/round", said), value_at))

    assert live.run(beacons.fetched(live.workspace.exchange, awaited)) == value


@pytest.mark.parametrize(
    "said", ["", "no json", "{}", '{"v": true}', '{"v": {}}', '{"v": " "}', '{"v": 1.5}']
)
def test_what_is_no_value_is_none(live: Live, site: Site, said: str):
    awaited = Awaited(1, Beacon("B", "7", site.say("/round", said), "v"))

    with pytest.raises(Failed):
        live.run(beacons.fetched(live.workspace.exchange, awaited))
