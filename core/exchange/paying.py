"""Paying: from which of a trader's wallets an order is paid, in which all stays that it buys.

In a market a person holds something by one wallet at a time. By two of them anybody could move credit that was given for
long horizons to where it was not meant to go: one wallet buys, the other one buys after it, then the first one sells.
"""

from collections.abc import Sequence

from core.errors import Invalid
from core.ledger.accounts import Wallet
from core.ledger.book import Book
from core.markets.market import Market
from core.markets.resting import Resting
from core.people.persons import Person


def accounts(person: Person, market: Market) -> dict[Wallet, int]:
    """The accounts of the wallets that may pay in a market."""
    return person.wallets if market.is_long else {Wallet.PLAIN: person.wallet}


def held(book: Book, person: Person, market: Market, waiting: Sequence[Resting]) -> Wallet | None:
    """The wallet that has shares, or a limit order that waits, in a market where more than one may pay."""
    if not (person.earmarked and market.is_long):
        return None
    reserved = {order.wallet for order in waiting}
    for wallet, account in person.wallets.items():
        if account in reserved or any(book.balances(account, market.units)):
            return wallet
    return None


def account(wallet: Wallet, book: Book, person: Person, market: Market, waiting: Sequence[Resting]) -> int:
    """The account that pays. Raises Invalid for a wallet that cannot pay there."""
    if wallet == Wallet.EARMARKED and not market.is_long:
        raise Invalid("wallet", "not_long")
    if wallet not in person.wallets:
        raise Invalid("wallet", "no_earmark")
    other = held(book, person, market, waiting)
    if other and other != wallet:
        raise Invalid("wallet", "other_wallet", other.value)
    return person.wallets[wallet]
