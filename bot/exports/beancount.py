"""Beancount: a transaction an entry, and at the end what the exchange itself says that every account holds.

So `bean-check` proves the balances, to the micro-unit: "~ 0" allows no difference at all. The names of accounts and units
are made fit for Beancount, no two alike; the true ones stand beside them where they are opened.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, count
from typing import TextIO

from core.exchange.journal import Entry, Journal
from core.units import to_credits

BEGINNING = date(1970, 1, 1)  # Accounts and units have no date of their own.
COMMODITY_MOST = 24  # Characters.
ACCOUNT_MOST = 300  # Beancount has no bound, and no name of ours is as long as this.
RESERVED = ("TRUE", "FALSE", "NULL")
# Beancount would take new lines as they are, but then people could write lines that look like entries.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class _Names:
    """Beancount's names of accounts and units, by ours."""

    def __init__(self, journal: Journal) -> None:
        issuers = {each.issuer for each in journal.units}
        self.accounts = _distinct(
            {each: _account(each, is_issuer=each in issuers) for each in journal.accounts}, ACCOUNT_MOST
        )
        self.units = _distinct({each.name: _commodity(each.name) for each in journal.units}, COMMODITY_MOST)


def write(journal: Journal, file: TextIO) -> None:
    names, last = _Names(journal), BEGINNING
    held: dict[tuple[str, str], int] = {}
    file.writelines(_openings(journal, names))
    for entry in journal.entries:
        file.writelines(_transaction(entry, names))
        last = max(last, entry.at.date())  # Clocks differ: what was written last need not be the latest.
        for each in entry.postings:  # Whoever has no balance is said to hold nothing.
            held[each.source, each.unit.name] = held[each.destination, each.unit.name] = 0
    held |= {(each.account, each.unit.name): each.amount for each in journal.balances}
    file.write("\n")
    file.writelines(_assertions(held, names, last + timedelta(days=1)))


def _openings(journal: Journal, names: _Names) -> Iterator[str]:
    yield 'option "title" "The journal of the exchange"\n\n'
    yield f'{BEGINNING} custom "head" "{journal.head}"\n\n'
    for account in journal.accounts:
        yield f"{BEGINNING} open {names.accounts[account]}\n  name: {_quoted(account)}\n"
    for unit in journal.units:
        yield f"{BEGINNING} commodity {names.units[unit.name]}\n"
        yield f"  name: {_quoted(unit.name)}\n  issuer: {_quoted(unit.issuer)}\n"


def _transaction(entry: Entry, names: _Names) -> Iterator[str]:
    yield f"\n{entry.at.date()} * {_quoted(entry.kind)}\n  entry: {entry.id}\n"
    at = entry.at.isoformat(timespec="milliseconds")
    said = {"key": entry.key, "at": at, "by": entry.by, "reason": entry.reason, "hash": entry.hash}
    said |= {"writer": str(entry.writer)}
    for name, value in said.items():
        if value is not None:
            yield f"  {name}: {_quoted(value)}\n"
    for each in entry.postings:
        amount, unit = f"{to_credits(each.amount):.6f}", names.units[each.unit.name]
        yield f"  {names.accounts[each.source]}  -{amount} {unit}\n"
        yield f"  {names.accounts[each.destination]}  {amount} {unit}\n"


def _assertions(held: Mapping[tuple[str, str], int], names: _Names, on: date) -> Iterator[str]:
    for (account, unit), amount in held.items():
        yield f"{on} balance {names.accounts[account]}  {to_credits(amount):.6f} ~ 0 {names.units[unit]}\n"


def _quoted(said: str) -> str:
    return f'"{said.translate(_ESCAPES)}"'


def _account(name: str, *, is_issuer: bool) -> str:
    """All of the same depth: what is asserted of an account counts those below it."""
    kind, _, rest = name.partition(":")
    root = "Equity" if is_issuer else "Assets"
    return f"{root}:{_component(kind)}:{_component(rest)}" if rest else f"{root}:Exchange:{_component(kind)}"


def _component(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "X"
    return plain[0].upper() + plain[1:]


def _commodity(name: str) -> str:
    plain = re.sub(r"[^A-Z0-9-]+", ".", name.upper()).strip(".-")
    return plain if plain[:1].isalpha() else f"U{plain}"


def _distinct(wishes: Mapping[str, str], most: int) -> dict[str, str]:
    """To each its wish, cut to a length; who wishes for what is taken gets it with a number."""
    given, taken = dict[str, str](), set(RESERVED)
    for name, wish in wishes.items():
        tails = chain([""], (f"-{number}" for number in count(2)))
        fitting = (wish[: most - len(tail)].rstrip(".-") + tail for tail in tails)
        given[name] = next(each for each in fitting if each not in taken)
        taken.add(given[name])
    return given
