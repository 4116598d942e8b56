"""What the people who open, fund and spend portfolios do in a random life."""

from campaigns.life import ADMINS, TRADERS, Life
from exchange_driver import ADMIN

from core.exchange import allocating, granting, portfolios
from core.exchange.allocating import Assumption
from core.exchange.portfolios import MAIN, PortfolioPlan
from core.exchange.trading import Wallet
from core.units import MICRO

FIRST = 2  # The one that a life begins with, beside the main one.


def open_portfolio(life: Life) -> None:
    """Spent by all admins, or by some and a trader."""
    plan = _plan(life, f"Portfolio {life.exchange.new_key()}")
    life.ask(portfolios.open_portfolio, life.admin(), plan, "For more.", key=life.exchange.new_key())


def fund(life: Life) -> None:
    """Sometimes under a key that was used before, for the same or for something else."""
    to, amount, key = portfolio(life), life.amount(), life.exchange.new_key()
    if life.funds and life.chance.random() < 0.2:
        key = life.chance.choice([*life.funds])
        to, amount = life.chance.choice([life.funds[key], (to, amount)])
    if life.ask(portfolios.fund, life.admin(), to, amount, "For markets.", key=key) is not None:
        life.funds.setdefault(key, (to, amount))


def change_portfolio(life: Life) -> None:
    """Its budgets, which may be less than what is reserved already, and who spends it."""
    of, name = portfolio(life), f"Portfolio {life.exchange.new_key()}"
    life.ask(portfolios.change, life.admin(), of, _plan(life, name), "So that it fits.")


def pause_portfolio(life: Life) -> None:
    """Or let one that is paused pay again, which most should most of the time."""
    paused = [each.id for each in life.books.portfolios.values() if each.paused_reason]
    if paused and not life.is_hostile():
        life.ask(portfolios.resume, spender(life), life.chance.choice(paused), "It was looked at.")
    else:
        act = portfolios.resume if life.is_hostile() else portfolios.pause
        life.ask(act, spender(life), portfolio(life), "To look at it.")


def take_back(life: Life) -> None:
    """Up to somewhat more than can come free, out of a decision, or a question."""
    asked = life.place().market
    market = life.books.markets.get(asked)
    is_question = market is not None and market.branch is None
    decision = None if is_question or life.is_hostile() else life.decision("open", "chosen", "drawn")
    wanted = round((life.books.reserve(asked) if market else MICRO) * life.chance.uniform(0, 0.8))
    life.ask(portfolios.take_back, spender(life), decision, asked, wanted, "For others.")


def assume(life: Life) -> None:
    stakes = Assumption(life.amount() * 100, life.chance.randint(0, 400_000), life.chance.randint(1, MICRO))
    life.ask(allocating.assume, spender(life), life.decision("open"), stakes, "It matters.")


def apply_plan(life: Life) -> None:
    """The plan as it is, or as it was looked at before something else happened."""
    of, by = portfolio(life), spender(life)
    if life.chance.random() < 0.7:
        _make_worth_it(life, of)
    proposal = life.ask(allocating.plan, by, of)
    if proposal is None:
        return
    if proposal.adds:
        life.counted["plans that add something"] += 1
    digest = life.chance.choice([proposal.digest] * 4 + life.digests[-1:])
    life.digests.append(proposal.digest)
    key, chance = life.exchange.new_key(), life.chance.random
    life.ask(allocating.apply, by, of, digest, "As planned.", key=key, chance=chance)


def _make_worth_it(life: Life, of: int) -> None:
    """Much hangs on a decision, little is known of it, and traders and portfolio have enough to do something about it."""
    stakes = Assumption(1_000_000 * MICRO, 400_000, MICRO)
    life.ask(allocating.assume, spender(life), life.decision("open"), stakes, "It matters much.")
    key, amount = life.exchange.new_key(), 20_000 * MICRO
    if life.ask(portfolios.fund, ADMIN, of, amount, "So that it can.", key=key) is not None:
        life.funds[key] = (of, amount)
    key, to, amount = life.exchange.new_key(), life.chance.choice(TRADERS), 100_000 * MICRO
    if life.ask(granting.grant, ADMIN, to, amount, key, "So that they can.") is not None:
        life.grants[key] = (to, amount, Wallet.PLAIN)


def automate(life: Life) -> None:
    most = life.chance.choice([None, life.amount(), life.amount() * 100])
    life.ask(portfolios.automate, spender(life), portfolio(life), most, "It does well.")


def portfolio(life: Life) -> int:
    """The main one as often as any other; rarely one that is not there."""
    others = [each.id for each in life.books.portfolios.values() if each.id != MAIN]
    if life.is_hostile() or not others:
        return life.chance.choice([MAIN, 999])
    return life.chance.choice([MAIN, life.chance.choice(others)])


def spender(life: Life) -> str:
    return life.chance.choice([*ADMINS, *ADMINS, TRADERS[0], TRADERS[1]])


def _plan(life: Life, name: str) -> PortfolioPlan:
    budget = life.chance.choice([None, 2000 * MICRO, *[life.amount() + 100 * MICRO] * 2])
    spenders = life.chance.choice([ADMINS, ADMINS, (ADMIN, TRADERS[0])])
    return PortfolioPlan(name, budget, None, life.chance.choice([1, 30]), spenders)
