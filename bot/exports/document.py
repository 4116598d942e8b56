"""JSON: one document with an entry a line, so that a program loads it whole and a person searches it by line.

It holds all that the chain of hashes is made of, so that a program of somebody else's can make it anew.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from core.exchange.journal import Balance, Entry, Journal
from core.units import to_credits


def write(journal: Journal, file: TextIO) -> None:
    numbers = json.dumps(vars(journal.numbers), ensure_ascii=False)
    file.write(f'{{\n"head": {json.dumps(journal.head)},\n"numbers": {numbers},\n')
    _list(file, "units", ({"name": each.name, "issuer": each.issuer} for each in journal.units))
    file.write(",\n")
    _list(file, "entries", map(_entry, journal.entries))
    file.write(",\n")
    _list(file, "balances", map(_balance, journal.balances))
    file.write("\n}\n")


def _list(file: TextIO, name: str, members: Iterable[Mapping[str, Any]]) -> None:
    file.write(f"{json.dumps(name)}: [")
    file.writelines(
        f"{',' if number else ''}\n{json.dumps(member, ensure_ascii=False)}"
        for number, member in enumerate(members)
    )
    file.write("\n]")


def _entry(entry: Entry) -> dict[str, Any]:
    postings = [
        {
            "source": each.source,
            "destination": each.destination,
            "amount": f"{to_credits(each.amount):.6f}",
            "unit": each.unit.name,
        }
        for each in entry.postings
    ]
    return vars(entry) | {"at": entry.at.isoformat(timespec="milliseconds"), "postings": postings}


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "account": balance.account,
        "unit": balance.unit.name,
        "amount": f"{to_credits(balance.amount):.6f}",
    }
