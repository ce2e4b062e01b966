"""Records into the tables, as part of a transaction that somebody else began."""

import sqlite3
from collections.abc import Mapping, Sequence

from infoint.storage.records import Key, Record
from infoint.storage.sqlite_rows import ADD_ENTRY, FORGET_ENTRIES, SAVE, entry_rows, row_of
from infoint.storage.sqlite_search import Placed, forget


def save(connection: sqlite3.Connection, workspace: int, records: Sequence[Record], before: Mapping[Key, Record]) -> None:
    """Each of `records` once; `before` is what stands there. They have no place in the search index then. Native errors come out."""
    known = [before[record.key] for record in records if record.key in before]
    forget(connection, _placed(connection, workspace, known))
    connection.executemany(SAVE, [row_of(record, workspace) for record in records])
    moved = [record for record in records if record.key not in before or record.index != before[record.key].index]
    left = [record for record in moved if record.key in before]
    connection.executemany(FORGET_ENTRIES, ((workspace, record.kind, record.id.bytes) for record in left))
    connection.executemany(ADD_ENTRY, (entry for record in moved for entry in entry_rows(record, workspace)))


def _placed(connection: sqlite3.Connection, workspace: int, records: Sequence[Record]) -> list[Placed]:
    placed: list[Placed] = []
    for record in records:
        if record.text:
            sql = "SELECT place FROM record WHERE workspace = ? AND kind = ? AND id = ?"
            (number,) = connection.execute(sql, (workspace, record.kind, record.id.bytes)).fetchone()
            if number is not None:
                placed.append((number, record.kind, record.text))
    return placed
