"""The simulation of subsidies, small: what it lives is real, and what it compares is comparable."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.simulating import figures, nature
from bot.simulating.arms import Arm, settings, subsidies
from bot.simulating.lived import ADMIN, START, Life, exchange, live, plans
from bot.simulating.nature import Assumptions, Kind
from core.errors import Invalid
from core.exchange import audit, granting, opening, portfolio
from core.units import MICRO

CROWD = ((Kind.INFORMED, 6), (Kind.INATTENTIVE, 2), (Kind.NOISY, 1), (Kind.MANIPULATING, 1))
SMALL = Assumptions(decisions=4, rounds=2, crowd=CROWD)
BUDGET = 240 * MICRO
LEAST, EQUAL, POLICY = Arm.LEAST, Arm.EQUAL, Arm.POLICY
WORLD = nature.world(SMALL, 8, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module")
def given(folder: Path) -> dict[Arm, Sequence[int]]:
    with exchange(folder, "asked") as connection:
        return subsidies(connection, WORLD, BUDGET)


@pytest.fixture(scope="module")
def lived(folder: Path, given: dict[Arm, Sequence[int]]) -> Iterator[tuple[Connection, Life]]:
    with exchange(folder, "lived") as connection:
        yield connection, live(connection, WORLD, given[EQUAL])


def test_worlds_are_lived_in_real_books_that_can_be_proved(lived: tuple[Connection, Life]):
    connection, life = lived
    proofs = audit.audit(connection)

    assert all(proof.holds for proof in proofs)
    assert life.trades > 4
    assert not np.allclose(life.priced, WORLD.options.mean)
    for name in WORLD.crowd.names:  # All of them are settled: nobody has anything but plain credit.
        held = portfolio.portfolio(connection, name)
        assert held.stakes == ()
        assert held.worth == held.balance


def test_makers_lose_no_more_than_was_set_aside_for_them(lived: tuple[Connection, Life]):
    _, life = lived

    assert life.spent <= life.reserved <= BUDGET / MICRO
    assert life.reserved == pytest.approx(BUDGET / MICRO, abs=0.01)


def test_the_same_world_subsidised_alike_is_lived_alike(
    folder: Path, lived: tuple[Connection, Life], given: dict[Arm, Sequence[int]]
):
    """So that arms differ by their subsidies and by nothing else."""
    with exchange(folder, "again") as connection:
        again = live(connection, nature.world(SMALL, 8, 4), given[EQUAL])

    paid = np.ones(len(WORLD.decisions), dtype=bool)
    assert figures.measured(WORLD, again, paid) == figures.measured(WORLD, lived[1], paid)


def test_another_seed_or_number_is_another_world():
    for other in (nature.world(SMALL, 9, 4), nature.world(SMALL, 8, 5)):
        assert not np.array_equal(other.decisions.stake, WORLD.decisions.stake)


def test_what_the_spenders_are_told_wrongly_changes_nothing_but_that():
    """Truths, signals, whims and turns are common random numbers of all variants."""
    other = nature.world(replace(SMALL, misjudged=3.0), 8, 4)

    assert not np.allclose(other.decisions.told, WORLD.decisions.told)
    for name in ("belief", "tolerance", "turns", "whims", "pushed"):
        assert np.array_equal(getattr(other.crowd, name), getattr(WORLD.crowd, name))
    assert np.array_equal(other.options.truth, WORLD.options.truth)


def test_no_arm_sets_aside_more_than_another_might(given: dict[Arm, Sequence[int]]):
    """The policy may leave some of it."""
    assert sum(given[EQUAL]) == BUDGET >= sum(given[POLICY])
    assert max(given[POLICY]) > 10 * min(given[POLICY])
    assert all(more >= least for more, least in zip(given[POLICY], given[LEAST], strict=True))


def test_no_subsidy_is_the_least_that_the_exchange_opens(folder: Path, given: dict[Arm, Sequence[int]]):
    less = [each - 10 for each in given[LEAST]]
    with exchange(folder, "least") as connection:
        granting.appoint_first_admins(connection, [ADMIN], START)
        for plan in plans(WORLD, less):
            with pytest.raises(Invalid) as refused:
                opening.open_decision(connection, ADMIN, plan, START)
            assert refused.value.rule == "least_subsidy"


def test_truths_come_as_the_prior_says_and_signals_tell_of_them():
    """Over many decisions: means within four standard errors; who looked is nearer to the truth than the prior is."""
    world = nature.world(Assumptions(decisions=600, crowd=((Kind.INFORMED, 2),)), 8, 0)
    options = world.options
    off = (options.truth - options.mean) / options.sd

    assert abs(off.mean()) < 4 / len(off) ** 0.5
    assert off.std() == pytest.approx(1, abs=0.15)
    believed = (world.crowd.belief[0] - options.truth) / options.sd
    assert np.square(believed).mean() < 0.8 * np.square(off).mean()
    hoped = np.sum(world.crowd.foreseen * world.crowd.weight, axis=-1)
    assert hoped == pytest.approx(np.tile(options.mean, (2, 1)), abs=0.005)


def test_regret_is_what_the_best_option_would_have_brought_more():
    first = np.ones(len(WORLD.decisions), dtype=int)
    options, by_hand = WORLD.options, 0.0
    for number, stake in enumerate(WORLD.decisions.stake):
        truths = options.truth[options.of == number]
        by_hand += stake * (max(truths) - truths[0]) / len(first)

    assert figures.without_markets(WORLD).regret == pytest.approx(by_hand)
    assert by_hand > 0


def test_an_interval_holds_the_mean_and_narrows_with_more_worlds():
    values = list(np.random.default_rng(1).normal(5, 2, 400))
    few, many = figures.estimate(values[:25], 1), figures.estimate(values, 1)

    assert few.low < few.mean < few.high
    assert many.high - many.low == pytest.approx(2 * 1.96 * 2 / 20, rel=0.15)
    assert few.high - few.low > 2 * (many.high - many.low)


def test_the_command_says_draws_and_writes_what_it_found(tmp_path: Path):
    picture, file = tmp_path / "found.png", tmp_path / "found.json"
    sizes = ["--worlds", "1", "--decisions", "2", "--rounds", "1", "--budget", "40"]
    asked = ["simulate", "subsidy", *sizes, "--picture", str(picture), "--json", str(file)]

    done = CliRunner(env={"COLUMNS": "300"}).invoke(cli, asked)

    assert done.exit_code == 0, done.output
    assert "policy, 40 less equal split" in done.output
    assert picture.stat().st_size > 10_000
    for each in json.loads(file.read_text())["worlds"]:
        assert [(of["arm"], of["budget"]) for of in each] == [tuple(setting) for setting in settings([40])]
