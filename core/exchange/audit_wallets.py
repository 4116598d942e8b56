"""What the audit proves of wallets: earmarked credit stays where it was meant for, and wallets give each other nothing."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select, union, union_all

from core.decisions.tables import branch
from core.ledger import accounts
from core.ledger.tables import balance, posting
from core.markets.tables import limit_order, market, outcome
from core.people.tables import earmark, person


def earmarks_hold(connection: Connection) -> Iterator[str]:
    """No earmarked wallet, and no limit order that reserved from one, ever held anything of a market that is not long.

    Whatever an account ever held has a balance, be it of zero.
    """
    owned = _owned().subquery()
    wanted = (
        select(balance.c.account_id, balance.c.unit_id)
        .join(owned, owned.c.account_id == balance.c.account_id)
        .join(earmark, earmark.c.account_id == owned.c.wallet_id)
        .where(balance.c.unit_id != accounts.CREDIT, balance.c.unit_id.not_in(_of_long_markets()))
    )
    for account, unit in connection.execute(wanted):
        yield f"account {account} is earmarked for long horizons, and held of unit {unit}"


def nothing_between_wallets(connection: Connection) -> Iterator[str]:
    """Postings from one wallet, or an order that reserved from it, to another one."""
    source, destination = _owned().subquery(), _owned().subquery()
    wanted = (
        select(posting.c.entry_id, source.c.wallet_id, destination.c.wallet_id)
        .join(source, source.c.account_id == posting.c.source_id)
        .join(destination, destination.c.account_id == posting.c.destination_id)
        .where(source.c.wallet_id != destination.c.wallet_id)
    )
    for entry, one, other in connection.execute(wanted):
        yield f"entry {entry} moved something from wallet {one} to wallet {other}"


def one_wallet_a_market(connection: Connection) -> Iterator[str]:
    """Whoever holds something in a market by two wallets could trade with themselves from one to the other."""
    owned = _owned().subquery()
    wallets = func.count(owned.c.wallet_id.distinct())
    wanted = (
        select(owned.c.person_id, outcome.c.market_id)
        .join(balance, balance.c.account_id == owned.c.account_id)
        .join(outcome, outcome.c.unit_id == balance.c.unit_id)
        .where(balance.c.amount > 0)
        .group_by(owned.c.person_id, outcome.c.market_id)
        .having(wallets > 1)
    )
    for person_id, market_id in connection.execute(wanted):
        yield f"person {person_id} holds something in M-{market_id} by two wallets"


def _owned() -> Any:
    """Accounts of persons, each with the wallet that it is, or from which an order reserved."""
    return union_all(
        select(person.c.wallet_id.label("account_id"), person.c.wallet_id, person.c.id.label("person_id")),
        select(earmark.c.account_id, earmark.c.account_id, earmark.c.person_id),
        select(limit_order.c.account_id, limit_order.c.wallet_id, limit_order.c.person_id),
    )


def _of_long_markets() -> Any:
    """Units of long markets: their shares, and credit of every branch of the decisions that they hang on."""
    shares = select(outcome.c.unit_id).join(market, market.c.id == outcome.c.market_id)
    own = branch.alias()
    credit = (
        select(branch.c.unit_id)
        .join(own, own.c.decision_id == branch.c.decision_id)
        .join(market, market.c.branch_id == own.c.id)
    )
    return union(shares.where(market.c.is_long), credit.where(market.c.is_long))
