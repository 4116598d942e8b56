"""Campaign: random lives of the whole ledger: seventy acts of every kind there is, and then everything comes to its end.

Claimed: a second set of books, kept from the journal alone, agrees after every act; a refusal changes nothing; and at
the end everybody has, to the micro, what their trades and the readings make, and nothing is left anywhere else.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from campaigns import acts, funders
from campaigns.campaign import Figures, Trial
from campaigns.databases import database, sqlite
from campaigns.ending import end
from campaigns.life import TRADERS, Life
from campaigns.replay import quick
from exchange_driver import ADMIN
from sqlalchemy import URL, Engine, create_engine, make_url, text

from core.database import open_engine
from core.exchange import cancelling, deciding, earmarking, granting, portfolios, settling
from core.exchange.trading import Wallet
from core.ledger import holders
from core.units import MICRO

ACTS, PROVED_EVERY, SLICE = 70, 20, 3
POOL, WALLET = 3000 * MICRO, 300 * MICRO


def lives(trial: Trial) -> Figures:
    """Seventy acts of every kind, and then everything comes to its end; the seed of a life is the trial's and its number."""
    counted = Counter[str]()
    with _copies(trial) as copy, pytest.MonkeyPatch.context() as patch:
        for module in (holders, cancelling, deciding, settling):
            # What touches everybody takes several steps, with trades in between.
            patch.setattr(module, "SLICE", SLICE)
        for number in range(trial.times):
            with copy() as engine:
                counted += _live(engine, trial.seed + number)
            trial.step(1)
    return dict(sorted(counted.items()))


def _live(engine: Engine, seed: int) -> Counter[str]:
    """How often each thing was done, and how often it was refused."""
    life = Life(engine, seed)
    try:
        _begin(life)
        for number in range(1, ACTS + 1):
            act = life.chance.choices([*acts.ACTS], [*acts.ACTS.values()])[0]
            life.told.append(f"{number}. {act.__name__}")
            act(life)
            if number % PROVED_EVERY == 0:
                life.prove()
        end(life)
    except BaseException as problem:
        again = f"python tests/campaigns lives --engine {engine.dialect.name} --times 1 --seed {seed}"
        problem.add_note("\n".join([*life.told, f"This life alone: {again}"]))
        raise
    finally:
        life.exchange.close()
    return life.counted


def _begin(life: Life) -> None:
    """Two portfolios and the traders have credit, and there is something to trade; in half of all lives long markets too."""
    given = [("pool", POOL, Wallet.PLAIN), *((trader, WALLET, Wallet.PLAIN) for trader in TRADERS)]
    if life.chance.random() < 0.5:
        given += [(trader, WALLET, Wallet.EARMARKED) for trader in TRADERS]
        life.ask(earmarking.set_horizon, ADMIN, 2, "So that much is long.")
    for to, amount, wallet in given:
        key = f"{to}, {wallet}"
        life.grants[key] = (to, amount, wallet)
        life.ask(granting.grant, ADMIN, to, amount, key, "to begin with", wallet=wallet)
    while funders.FIRST not in life.books.portfolios:
        funders.open_portfolio(life)
    life.funds["first"] = (funders.FIRST, POOL)
    life.ask(portfolios.fund, ADMIN, funders.FIRST, POOL, "to begin with", key="first")
    acts.open_decision(life)
    acts.open_question(life)


@contextmanager
def _copies(trial: Trial) -> Iterator[Callable[[], AbstractContextManager[Engine]]]:
    """Opens a copy of a migrated database for each life; none of them need outlive a power cut."""
    if trial.engine == "sqlite":
        template = trial.folder / "template.db"
        sqlite(template)
        yield lambda: _sqlite(template)
        return
    with database(trial.engine, trial.folder) as url:
        yield lambda: _postgresql(make_url(url))


@contextmanager
def _sqlite(template: Path) -> Iterator[Engine]:
    file = template.with_name("life.db")
    shutil.copyfile(template, file)
    engine = quick(f"sqlite:///{file}")
    yield engine
    engine.dispose()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


@contextmanager
def _postgresql(template: URL) -> Iterator[Engine]:
    server = create_engine(template.set(drivername="postgresql+psycopg", database="template1"))
    with server.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS life WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE life TEMPLATE {template.database}"))
    server.dispose()
    copy = template.set(database="life").update_query_dict({"options": "-csynchronous_commit=off"})
    engine = open_engine(copy.render_as_string())
    yield engine
    engine.dispose()
