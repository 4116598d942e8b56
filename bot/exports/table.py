"""CSV: one row a posting with all that its entry says, so that a filter and a sum check any balance."""

import csv
from typing import TextIO

from core.exchange.journal import Journal
from core.units import to_credits

HEADING = (
    "entry",
    "key",
    "kind",
    "at",
    "by",
    "reason",
    "writer",
    "hash",
    "source",
    "destination",
    "amount",
    "unit",
    "issuer",
)


def write(journal: Journal, file: TextIO) -> None:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEADING)
    for each in journal.entries:
        at = each.at.isoformat(timespec="milliseconds")
        said = (each.id, each.key, each.kind, at, each.by, each.reason, each.writer, each.hash)
        for move in each.postings:
            amount = f"{to_credits(move.amount):.6f}"
            rows.writerow((*said, move.source, move.destination, amount, move.unit.name, move.unit.issuer))
