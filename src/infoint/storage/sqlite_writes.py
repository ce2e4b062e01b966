"""Records into the tables, as part of a transaction that somebody else began."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from infoint.storage.records import Key, Record
from infoint.storage.sqlite_rows import ADD_ENTRY, FORGET_ENTRIES, SAVE, entry_rows, row_of
from infoint.storage.sqlite_search import Placed, forget

EMPTY: Final[Mapping[Key, int]] = {}


def save(
    connection: sqlite3.Connection,
    workspace: int,
    records: Mapping[Key, Record],
    before: Mapping[Key, Record],
    *,
    places: Mapping[Key, int] = EMPTY,
) -> None:
    """Each of `records` once; `before` is what stands there. `places`: of those that get one at once. Native errors come out."""
    known = {key: before[key] for key in records if key in before}
    forget(connection, _placed(connection, workspace, known.values()))
    connection.executemany(SAVE, [row_of(record, workspace, places.get(key)) for key, record in records.items()])
    moved = {key: record for key, record in records.items() if key not in known or record.index != known[key].index}
    left = ((workspace, key.kind, key.id.bytes) for key in moved if key in known)
    connection.executemany(FORGET_ENTRIES, left)
    connection.executemany(ADD_ENTRY, (entry for record in moved.values() for entry in entry_rows(record, workspace)))


def _placed(connection: sqlite3.Connection, workspace: int, records: Iterable[Record]) -> list[Placed]:
    placed: list[Placed] = []
    for record in records:
        if record.text:
            sql = "SELECT place FROM record WHERE workspace = ? AND kind = ? AND id = ?"
            (number,) = connection.execute(sql, (workspace, record.kind, record.id.bytes)).fetchone()
            if number is not None:
                placed.append((number, record.kind, record.text))
    return placed
