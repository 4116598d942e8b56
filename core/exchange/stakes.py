"""Who holds what in a decision's markets, person by person: all that is theirs counts together, in whatever account."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.markets import holdings
from core.markets.market import Market
from core.people import persons
from core.pricing import fragility


@dataclass(frozen=True)
class Stakes:
    """Micro-shares by market, then by person (each known by their wallet's account), then by outcome.

    ``restricted`` are those who may not trade there.
    """

    held: Mapping[int, Mapping[int, Mapping[int, int]]]
    restricted: frozenset[int]

    def people(self, market_ids: Iterable[int]) -> list[int]:
        """Everybody who holds anything of these markets."""
        return sorted({wallet for market_id in market_ids for wallet in self.held.get(market_id, {})})

    def matrix(self, of: Market, people: Sequence[int]) -> NDArray[np.float64]:
        """Shares, a row a person and a column an outcome."""
        held = self.held.get(of.id, {})
        numbers = [outcome.number for outcome in of.outcomes]
        rows = [[held[each].get(n, 0) if each in held else 0 for n in numbers] for each in people]
        return np.array(rows, dtype=float).reshape(len(people), len(numbers))

    def weights(self, markets: Mapping[int, Market]) -> dict[int, float]:
        """How much each person bets over these markets: in each of them, the most less the fewest of their shares."""
        people = self.people(markets)
        bets = [fragility.widths(self.matrix(of, people)) for of in markets.values()] if people else []
        return dict(zip(people, map(float, np.sum(bets, axis=0)), strict=True)) if people else {}

    def restricted_share(self, weights: Mapping[int, float]) -> float:
        """The share of these weights that those who may not trade have."""
        theirs = sum(weight for wallet, weight in weights.items() if wallet in self.restricted)
        return theirs / sum(weights.values()) if theirs else 0.0


def stakes(connection: Connection, market_ids: Iterable[int], restricted: Collection[int]) -> Stakes:
    """``restricted`` are ids of persons."""
    found = holdings.of_markets(connection, market_ids)
    owners = {each.person for each in found if each.person is not None}
    known = persons.by_ids(connection, owners | set(restricted))
    held: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for each in found:
        wallet = each.account if each.person is None else known[each.person].wallet
        held[each.market][wallet][each.outcome] += each.shares
    return Stakes(held, frozenset(known[each].wallet for each in restricted))
