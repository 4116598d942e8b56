"""Taking back: liquidity out of all markets of a decision, or of a question, so that credit comes free for something else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.errors import Invalid, NotOpen, Unknown
from core.exchange import portfolio_log, reserving, subsidising
from core.exchange.plans import LEAST_LIQUIDITY
from core.funding import backings
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.markets import liquidity, registry
from core.markets.market import LIVE, Market
from core.pricing import lmsr
from core.units import positive, to_credits

WHOLE = 10**9  # Parts of a market's liquidity are counted in so many: finer than what they free.


@dataclass(frozen=True)
class TakenBack:
    """Micro-credits: what came free in the portfolio, what it has free now, and what stays reserved."""

    portfolio: str
    freed: int
    free: int
    reserved: int


@dataclass(frozen=True)
class _Backed:
    """A decision with the markets of its live branches, or a question, and the makers' states."""

    name: str
    source: Portfolio
    markets: Sequence[Market]
    states: Mapping[int, lmsr.State]

    def taken(self, market: Market, part: int) -> int:
        """So much liquidity is taken out of a market: the part of it, but for the least that it needs."""
        return min(market.liquidity * part // WHOLE, market.liquidity - LEAST_LIQUIDITY)

    def reserved(self, part: int = 0) -> int:
        """What stays reserved once this part of all liquidity is taken out: for the dearest of the branches."""
        sums = Counter[int | None]()
        for market in self.markets:
            after = liquidity.deepened(market, self.states[market.id], -self.taken(market, part))
            sums[market.branch_id] += after.reserve
        return max(sums.values())

    def part_for(self, freed: int) -> int:
        """The largest part that frees at most so much."""
        low, high, held = 0, WHOLE, self.reserved()
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if held - self.reserved(middle) <= freed else (low, middle - 1)
        return low


def most_back(connection: Connection, by: str, decision_id: int | None, market_id: int | None) -> int:
    """The most micro-credits that could come free now: what backs outstanding shares stays.

    Raises NotAllowed, Unknown, NotOpen.
    """
    backed = _find(connection, decision_id, market_id, lock=False)
    reserving.require_spender(connection, by, backed.source, "subsidise")
    return backed.reserved() - backed.reserved(WHOLE)


def take_back(
    connection: Connection,
    by: str,
    decision_id: int | None,
    market_id: int | None,
    wanted: int,
    reason: str,
    now: datetime,
) -> TakenBack:
    """Frees at most so many micro-credits, by the same part of the liquidity of all markets, at the prices in force.

    What backs outstanding shares stays, and what was still to drip in there no longer does. A decision is named, or a
    question that hangs on none. Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    backed = _find(connection, decision_id, market_id, lock=True)
    spender = reserving.require_spender(connection, by, backed.source, "subsidise")
    positive(wanted, "amount")
    for market in backed.markets:
        market.require_open(now)
    most, free = backed.reserved() - backed.reserved(WHOLE), _free(connection, backed.source)
    if wanted > most:
        raise Invalid("amount", "most_back", f"{to_credits(most):f}")
    part = backed.part_for(wanted)
    for market in backed.markets:
        if taken := backed.taken(market, part):
            subsidising.withdraw(connection, by, market.id, taken, now)
    liquidity.drop_drips(connection, [market.id for market in backed.markets])
    after = _free(connection, backed.source)
    done = TakenBack(backed.source.name, after - free, after, backed.reserved(part))
    facts = {"of": backed.name, "freed": done.freed, "free": done.free, "reserved": done.reserved}
    portfolio_log.write(connection, backed.source, spender, "taken_back", facts, reason, now)
    return done


def _find(connection: Connection, decision_id: int | None, market_id: int | None, *, lock: bool) -> _Backed:
    """A decision is locked before its markets, like everywhere. Raises Unknown, NotOpen where nothing is held any more."""
    if decision_id is not None:
        decision = (decisions.lock if lock else decisions.get)(connection, decision_id)
        ids = [*registry.in_branches(connection, [branch.id for branch in decision.live])]
        source, name = backings.of_decision(connection, decision.id), decision.name
    else:
        market = registry.get(connection, market_id or 0)
        if market.branch_id is not None:
            raise Unknown("question", market.name)
        ids, source, name = [market.id], backings.of_question(connection, market.id), market.name
    found = (registry.lock_all if lock else registry.get_all)(connection, ids).values()
    markets = [each for each in found if each.state in LIVE]
    if not markets:
        raise NotOpen("decision", name, decision.state) if decision_id else NotOpen("market", name, "settled")
    return _Backed(name, source, markets, {each.id: _state(connection, each) for each in markets})


def _state(connection: Connection, market: Market) -> lmsr.State:
    return market.maker_state(Book.load(connection, [market.maker], market.units, lock=False))


def _free(connection: Connection, source: Portfolio) -> int:
    credit = accounts.CREDIT
    return Book.load(connection, [source.pool], [credit], lock=False).balance(source.pool, credit)
