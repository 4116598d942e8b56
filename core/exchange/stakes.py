"""Who holds what in a decision's markets, person by person: all that is theirs counts together, in whatever account."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.markets import holdings
from core.markets.market import Market
from core.people import persons
from core.pricing import fragility

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stakes:
    """Holdings as columns: market, person (known by their wallet's account), outcome, micro-shares.

    ``restricted`` are those who may not trade there.
    """

    columns: Numbers
    restricted: frozenset[int]

    def people(self, market_ids: Iterable[int]) -> Numbers:
        """Everybody who holds anything of these markets, in order."""
        markets, people, _, _ = self.columns
        found: Numbers = np.unique(people[np.isin(markets, list(market_ids))])
        return found

    def matrix(self, of: Market, people: Numbers) -> NDArray[np.float64]:
        """Shares in a market, a row a person and a column an outcome; the people include all of its holders."""
        _, holders, outcomes, shares = self.columns[:, self.columns[0] == of.id]
        found = np.zeros((len(people), len(of.outcomes)))
        np.add.at(found, (np.searchsorted(people, holders), outcomes), shares)
        return found

    def weights(self, markets: Mapping[int, Market]) -> NDArray[np.float64]:
        """How much each of ``people`` bets over these markets: in each, the most less the fewest of their shares."""
        people = self.people(markets)
        bets = (fragility.widths(self.matrix(of, people)) for of in markets.values())
        return sum(bets, np.zeros(len(people)))

    def restricted_share(self, markets: Mapping[int, Market]) -> float:
        """The share of all these bets that is theirs who may not trade."""
        weights = self.weights(markets)
        theirs = weights[np.isin(self.people(markets), list(self.restricted))].sum()
        return float(theirs / weights.sum()) if theirs else 0.0


def stakes(connection: Connection, market_ids: Iterable[int], restricted: Collection[int]) -> Stakes:
    """``restricted`` are ids of persons."""
    found = holdings.of_markets(connection, market_ids)
    owners = {each.person for each in found if each.person is not None}
    known = persons.by_ids(connection, owners | set(restricted))
    earmarked = persons.by_earmarked(connection, [each.account for each in found])
    owner = {each.account: known[each.person].wallet for each in found if each.person is not None}
    owner |= {account: person.wallet for account, person in earmarked.items()}
    rows = [(each.market, owner.get(each.account, each.account), *each[2:4]) for each in found]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Stakes(columns, frozenset(known[each].wallet for each in restricted))
