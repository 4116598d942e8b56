"""Credit comes into being here: an admin grants it to a person or to the pool."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.errors import Invalid, KeyReused, NotAllowed, NotOpen, Repeated
from core.exchange import notifying, portfolio_log
from core.funding import portfolios
from core.ledger import accounts, entries
from core.ledger.accounts import Wallet
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.people import acts, persons
from core.people.acts import Act
from core.people.persons import Person
from core.units import positive

POOL = "pool"
REASON_MOST = acts.REASON_MOST
ASKED = "reversal_asked"
GRANTED = "granted"
SOON = timedelta(minutes=2)  # As long as somebody tries again who saw no answer.
LOOKED_THROUGH = 50


@dataclass(frozen=True)
class Granted:
    """A grant, for admins: who asked for its reversal and why, and whether it is done.

    ``to`` is None for a portfolio, which is named unless it is the first; a person got it into a ``wallet`` of theirs.
    """

    key: str
    to: str | None
    portfolio: str
    credits: int
    reason: str
    asked_by: str | None
    asked_reason: str
    is_reversed: bool
    wallet: Wallet = Wallet.PLAIN


def appoint_first_admins(connection: Connection, identities: list[str], now: datetime) -> None:
    """Whoever runs the exchange names its first admins; nobody inside it could."""
    for identity in identities:
        persons.appoint(connection, identity, now)


def grant(
    connection: Connection,
    by: str,
    to: str,
    amount: int,
    key: str,
    reason: str,
    now: datetime,
    *,
    unless_repeated: bool = False,
    wallet: Wallet = Wallet.PLAIN,
) -> int:
    """Gives micro-credits to a person, into one of their wallets, or to the first portfolio; what they then hold free there.

    The same key grants once. With ``unless_repeated`` so does whoever grants the same under another key at once: that
    is how somebody tries again who saw no answer. Raises NotAllowed, Invalid, KeyReused, Repeated.
    """
    if to == POOL:
        if wallet != Wallet.PLAIN:
            raise Invalid("wallet", "pool_wallet")
        more = {"unless_repeated": unless_repeated}
        return fund(connection, by, portfolios.MAIN, amount, reason, now, key, **more)
    admin = persons.require_admin(connection, by, "grant")
    _check(amount, reason, key)
    gift = _Gift(admin, to, _account(connection, to, wallet, now), amount, key, reason, wallet)
    held, is_new = _give(connection, gift, now, unless_repeated=unless_repeated)
    if is_new:
        facts = {"credits": amount, **wallet.facts, "by": admin.identity, "reason": reason}
        notifying.tell(connection, f"granted:{key}", "granted", "credit", to, facts, now)
    return held


def fund(
    connection: Connection,
    by: str,
    portfolio_id: int,
    amount: int,
    reason: str,
    now: datetime,
    key: str,
    *,
    unless_repeated: bool = False,
) -> int:
    """The same for a portfolio, which is told of it. Raises NotAllowed, Unknown, Invalid, KeyReused, Repeated."""
    admin = persons.require_admin(connection, by, "grant")
    portfolio = portfolios.get(connection, portfolio_id)
    _check(amount, reason, key)
    about = POOL if portfolio.id == portfolios.MAIN else portfolios.name_of(portfolio.id)
    gift = _Gift(admin, about, portfolio.pool, amount, key, reason)
    held, is_new = _give(connection, gift, now, unless_repeated=unless_repeated)
    if is_new:
        facts = {"credits": amount, "free": held}
        portfolio_log.write(connection, portfolio, admin, "funded", facts, reason, now)
    return held


@dataclass(frozen=True)
class _Gift:
    """Credit that comes into being in an account; ``to`` is how it is called in what admins did."""

    admin: Person
    to: str
    account: int
    amount: int
    key: str
    reason: str
    wallet: Wallet = Wallet.PLAIN


def _check(amount: int, reason: str, key: str) -> None:
    positive(amount)
    texts.check("reason", reason, REASON_MOST)
    texts.check("key", key, 200)


def _give(connection: Connection, gift: _Gift, now: datetime, *, unless_repeated: bool) -> tuple[int, bool]:
    """What the account then holds, and whether it is given now: the same key gives once. Raises KeyReused, Repeated."""
    treasury, credit = accounts.TREASURY, accounts.CREDIT
    book = Book.load(connection, [treasury, gift.account], [credit])
    moves, key = posting(treasury, gift.account, gift.amount, credit), _key(gift.key)
    before = entries.find(connection, key)
    if before and before.postings != tuple(moves):
        raise KeyReused(gift.key)
    if not before:
        if unless_repeated:
            _require_new(connection, gift, now)
        book.post(Entry("grant", key, now, tuple(moves), gift.admin.id, gift.reason))
        facts = {"key": gift.key, "credits": gift.amount, **gift.wallet.facts}
        acts.write(connection, gift.admin, GRANTED, gift.to, gift.reason, now, facts)
    book.save(connection)
    return book.balance(gift.account, credit), before is None


def ask_reversal(connection: Connection, by: str, key: str, reason: str, now: datetime) -> None:
    """Asks the other admins to take the grant of this key back; it is done once one of them confirms it.

    Asking again changes nothing. Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    admin = persons.require_admin(connection, by, "reverse")
    granted = entries.get(connection, _key(key))
    if entries.find(connection, entries.reversal_key(granted)):
        raise NotOpen("grant", key, "reversed")
    texts.check("reason", reason, REASON_MOST)
    asked = _asked(connection, granted)
    if asked is not None:
        return
    others = [each for each in persons.admins(connection) if each != admin.identity]
    if not others:
        raise Invalid("person", "second_admin")
    acts.write(connection, admin, ASKED, granted.key, reason, now)
    facts = {**_about(connection, granted), "key": key, "by": admin.identity, "reason": reason.strip()}
    for other in others:
        lanes.announce(connection, f"reversal:{key}:{other}", "reversal_asked", "credit", other, facts, now)


def reverse(connection: Connection, by: str, key: str, now: datetime) -> int:
    """Takes the grant of this key back, as another admin asked; returns what its receiver then holds free.

    The grant stays in the journal, and the reversal is an entry of its own. It is reversed once; confirming again
    changes nothing. Raises NotAllowed, Unknown, NotOpen, and InsufficientFunds if its receiver no longer has it.
    """
    admin = persons.require_admin(connection, by, "reverse")
    granted = entries.get(connection, _key(key))
    asked = _asked(connection, granted)
    if asked is None:
        raise NotOpen("grant", key, "not_asked")
    if asked.by == admin.identity:
        raise NotAllowed("reverse", "own_request")
    moved = granted.postings[0]
    book = Book.load(connection, [moved.source, moved.destination], [moved.unit])
    undone = entries.reversal(granted, admin.id, asked.reason, now)
    if not entries.find(connection, undone.key):
        book.post(undone)
        acts.write(connection, admin, "reversed", granted.key, asked.reason, now)
        _tell_reversed(connection, granted, asked, admin, book.balance(moved.destination, moved.unit), now)
    book.save(connection)
    return book.balance(moved.destination, moved.unit)


def get(connection: Connection, by: str, key: str) -> Granted:
    """The grant of this key. Raises NotAllowed, Unknown."""
    persons.require_admin(connection, by, "reverse")
    granted = entries.get(connection, _key(key))
    asked, about = _asked(connection, granted), _about(connection, granted)
    return Granted(
        key,
        about["to"],
        about["portfolio"],
        about["credits"],
        granted.reason or "",
        asked.by if asked else None,
        asked.reason if asked else "",
        entries.find(connection, entries.reversal_key(granted)) is not None,
        Wallet(about.get("wallet", Wallet.PLAIN)),
    )


def _account(connection: Connection, to: str, wallet: Wallet, now: datetime) -> int:
    """The wallet that is granted to, opened if need be."""
    person = persons.enrol(connection, to, now)
    return persons.earmark(connection, person) if wallet == Wallet.EARMARKED else person.wallet


def _require_new(connection: Connection, gift: _Gift, now: datetime) -> None:
    wanted = (gift.admin.identity, gift.amount, gift.wallet, gift.reason.strip())
    for act in acts.on(connection, gift.to, LOOKED_THROUGH, GRANTED):
        was_into = act.facts.get("wallet", Wallet.PLAIN)  # Those of before there were two do not say.
        is_same = (act.by, act.facts["credits"], was_into, act.reason) == wanted
        if is_same and now - act.at <= SOON:
            raise Repeated(str(act.facts["key"]), act.at)


def _key(key: str) -> str:
    return f"grant:{key}"


def _asked(connection: Connection, granted: Entry) -> Act | None:
    return next(iter(acts.on(connection, granted.key, 1, ASKED)), None)


def _about(connection: Connection, granted: Entry) -> dict[str, Any]:
    """To whom a grant went, into which wallet, and how much; None stands for a portfolio, named unless it is the first."""
    moved = granted.postings[0]
    receiver = persons.by_wallets(connection, [moved.destination]).get(moved.destination)
    if receiver:
        wallet = receiver.wallet_of(moved.destination)
        return {"to": receiver.identity, "portfolio": "", "credits": moved.amount, **wallet.facts}
    of = portfolios.of_pool(connection, moved.destination)
    name = "" if of.id == portfolios.MAIN else of.name
    return {"to": None, "portfolio": name, "credits": moved.amount}


def _tell_reversed(
    connection: Connection, granted: Entry, asked: Act, by: Person, left: int, now: datetime
) -> None:
    about = _about(connection, granted)
    if about["to"] is None:
        of, said = portfolios.of_pool(connection, granted.postings[0].destination), asked.reason
        facts = {"credits": about["credits"], "free": left, "asked_by": asked.by}
        portfolio_log.write(connection, of, by, "reversed", facts, said, now)
    else:
        facts = {**about, "by": by.identity, "asked_by": asked.by, "reason": asked.reason}
        lanes.announce(connection, f"reversed:{granted.key}", "reversed", "credit", about["to"], facts, now)
