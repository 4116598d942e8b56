"""The hash chain that makes an edited past visible.

Each process that writes chains its own entries, so two of them never wait for each other: an entry's hash covers the
entry, its postings, its id and the hash of the entry that the same writer made before it. The head is one hash over
the last links of all writers: whoever noted it down once can tell whether what lay before it was changed since.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, func, select

from core import rows, writes
from core.database import milliseconds, writer_of
from core.ledger import journal, tables
from core.ledger.entries import Entry, Posting
from core.rows import Prepared
from core.writes import Write

START = "0" * 64  # What the first entry of a writer is chained to.

_writer = tables.writer.c
_OWN = Prepared(
    select(_writer.id, _writer.entries, _writer.hash)
    .where(_writer.name == bindparam("name"))
    .with_for_update()
)
_NEXT = Prepared(
    select(func.nextval("entry_id_seq")).select_from(func.generate_series(1, bindparam("count")))
)
_LAST = Prepared(select(func.max(tables.entry.c.id)))


class Links(NamedTuple):
    """The new end of a writer's chain: id and hash of each new entry, and how many entries there are with them."""

    writer: int
    entries: int
    new: list[tuple[int, str]]


def link(previous: str, entry_id: int, entry: Entry) -> str:
    """SHA-256 over one JSON list, without blanks: the link before it, the entry, and each of its postings as a list."""
    said = (previous, entry_id, entry.key, entry.kind, milliseconds(entry.at), entry.by, entry.reason)
    return hashlib.sha256(orjson.dumps((*said, *map(tuple, entry.postings)))).hexdigest()


def extend(connection: Connection, entries: Sequence[Entry]) -> Links:
    """Links the entries to those that the same writer made before; to be called with their accounts locked."""
    (writer_id, made, last), ids = _own_end(connection, len(entries))
    links = []
    for entry_id, entry in zip(ids, entries, strict=True):
        last = link(last, entry_id, entry)
        links.append((entry_id, last))
    return Links(writer_id, made + len(links), links)


def end(links: Links) -> Write:
    """What is to be written of where the writer's chain ends now."""
    last = (links.writer, links.entries, links.new[-1][1])
    return writes.update(tables.writer, ("id", "entries", "hash"), [last])


def head(connection: Connection) -> str:
    """One hash over all writers' last links."""
    last = connection.execute(select(_writer.id, _writer.entries, _writer.hash).order_by(_writer.id))
    return hashlib.sha256(orjson.dumps([list(row) for row in last])).hexdigest()


def breaks(connection: Connection, wrong: Collection[tuple[int, int]] = ()) -> Iterator[str]:
    """A sentence for every entry that is not as it was written, and for every writer whose last entries are gone.

    ``wrong`` are accounts and units whose balance is not what the journal makes: it tells which posting was edited.
    """
    ends = {row.id: (row.entries, row.hash) for row in connection.execute(select(tables.writer))}
    reached = dict.fromkeys(ends, (0, START))
    for each in journal.by_writer(connection):
        count, previous = reached.get(each.writer, (0, START))
        if link(previous, each.id, each.entry) != each.hash:
            said = f"entry {each.id} ({each.entry.key}) is not as written, or one before it is gone"
            yield f"{said}: {_suspects(each.entry.postings, wrong)}"
        reached[each.writer] = (count + 1, each.hash)
    for writer_id, end in reached.items():
        if ends.get(writer_id) != end:
            made, _ = ends.get(writer_id, ("no", ""))
            is_other = " and the last is another" if made == end[0] else ""
            yield f"writer {writer_id} made {made} entries, {end[0]} are in the journal{is_other}"


def _suspects(made: Sequence[Posting], wrong: Collection[tuple[int, int]]) -> str:
    """The postings at whose ends a balance is wrong; all of them where that tells nothing."""
    touching = [
        n for n, p in enumerate(made, 1) if {(p.source, p.unit), (p.destination, p.unit)} & set(wrong)
    ]
    return ", ".join(f"posting {n}" for n in touching or range(1, len(made) + 1)) or "it has no postings"


def _own_end(connection: Connection, count: int) -> tuple[tuple[Any, ...], Sequence[int]]:
    """Id, count and last hash of the writer that this connection belongs to, and so many new ids of entries, ascending.

    A writer's row is made at its first entry.
    """
    name = writer_of(connection)
    is_numbered = connection.dialect.name != "postgresql"
    ids = (_LAST, {}) if is_numbered else (_NEXT, {"count": count})
    own, drawn = rows.gather(connection, (_OWN, {"name": name}), ids)
    if not own:
        writes.run(connection, writes.insert(tables.writer, ("name", "entries", "hash"), [(name, 0, START)]))
        own = _OWN.rows(connection, name=name)
    if is_numbered:
        last = drawn[0][0] or 0
        return own[0], range(last + 1, last + 1 + count)
    return own[0], [row[0] for row in drawn]
