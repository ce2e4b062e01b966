"""Records into the tables, as part of a transaction that somebody else began."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from infoint.errors import FormatTooNew
from infoint.storage.records import Key, Record
from infoint.storage.sqlite.rows import ADD_ENTRY, FORGET_ENTRIES, SAVE, entry_rows, row_of
from infoint.storage.sqlite.schema import is_newer
from infoint.storage.sqlite.search import Placed, forget

NONE: Final[Mapping[Key, Placed]] = {}
_NOWHERE: Final = (None,)


def save(
    connection: sqlite3.Connection,
    workspace: int,
    records: Mapping[Key, Record],
    before: Mapping[Key, Record],
    *,
    places: Mapping[Key, Placed] = NONE,
) -> None:
    """Each of `records` once; `before` is what stands there. `places`: of those that get one at once. Native errors come out."""
    known = {key: before[key] for key in records if key in before} if before else before
    _demand_kept(connection, records, known)
    forget(connection, _placed(connection, workspace, known.values()))
    connection.executemany(SAVE, [row_of(record, workspace, places.get(key, _NOWHERE)[0]) for key, record in records.items()])
    # Ids are hashed by Python: what is new throughout need not be looked for.
    moved = (
        {key: one for key, one in records.items() if key not in known or _fields(one) != _fields(known[key])}
        if known
        else records
    )
    left = ((workspace, key.kind, key.id.bytes) for key in known if key in moved)
    connection.executemany(FORGET_ENTRIES, left)
    connection.executemany(ADD_ENTRY, (entry for record in moved.values() for entry in entry_rows(record, workspace)))


def _fields(record: Record) -> tuple[object, object]:
    return record.index, record.newer_index


def _demand_kept(connection: sqlite3.Connection, records: Mapping[Key, Record], known: Mapping[Key, Record]) -> None:
    """Raises FormatTooNew where a newer minor's index values come from elsewhere into a file of one: which bits are theirs is not known."""
    brought = (record for record in records.values() if record.newer_index)
    if any(one.key not in known or known[one.key].newer_index != one.newer_index for one in brought) and is_newer(connection):
        raise FormatTooNew("index values of a newer infoint can only be brought into this file by that one")


def _placed(connection: sqlite3.Connection, workspace: int, records: Iterable[Record]) -> list[Placed]:
    placed: list[Placed] = []
    for record in records:
        if record.text:
            sql = "SELECT place FROM record WHERE workspace = ? AND kind = ? AND id = ?"
            (number,) = connection.execute(sql, (workspace, record.kind, record.id.bytes)).fetchone()
            if number is not None:
                placed.append((number, record.kind, record.text))
    return placed
