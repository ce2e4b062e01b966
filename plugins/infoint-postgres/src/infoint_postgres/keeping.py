"""Beginning a transaction on a workspace, reading records by their keys, and keeping what a commit brings. Knows the statements that write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import uuid4

from attrs import frozen

from infoint.errors import Retryable
from infoint.storage.contract import Key, Record
from infoint.storage.records import SLUG
from infoint_postgres.queries import Place
from infoint_postgres.rows import (
    COLUMNS,
    ENTERED,
    NO_WORKSPACE,
    SAVED,
    Entry,
    WorkspaceRow,
    entries_of,
    record_of,
    row_of,
)
from infoint_postgres.wire import Row, Wire

_SETTING: Final = "SET LOCAL infoint.workspace = {workspace}"
_ROW: Final = "SELECT seq, commits, traits FROM $.workspace WHERE workspace_id = {workspace}"
_SAVED_COLUMNS: Final = SAVED.split(", ")
_INSERT: Final = f"INSERT INTO $.record ({SAVED}) VALUES ({', '.join(['%s'] * len(_SAVED_COLUMNS))})"  # noqa: S608  # constants
_UPDATE: Final = (
    f"UPDATE $.record SET {', '.join(f'{column} = %s' for column in _SAVED_COLUMNS[3:])}"  # noqa: S608  # constants
    " WHERE workspace_id = %s AND kind = %s AND id = %s AND version = %s"
)
_FORGET: Final = "DELETE FROM $.entry WHERE workspace_id = %s AND kind = %s AND id = %s AND field = %s AND value = %s AND first = %s"
_ENTER: Final = f"INSERT INTO $.entry ({ENTERED}) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608  # constants
_COUNT: Final = "UPDATE $.workspace SET seq = %s, commits = %s, traits = %s WHERE workspace_id = %s"


def reading(schema: str) -> tuple[str, ...]:
    """Begins a transaction that sees one state from here to its end."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    return (begin, _SETTING, _in(schema, _ROW))


def writing(schema: str, timeout: float) -> tuple[str, ...]:
    """Begins a transaction that has the workspace to itself: others wait for its row, `timeout` seconds. So commits are counted without
    gaps, in the order in which they happen.
    """
    begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
    return (begin, _SETTING, f"SET LOCAL lock_timeout = {max(1, round(timeout * 1_000))}", _in(schema, f"{_ROW} FOR UPDATE"))


def claimed(wire: Wire, rows: list[Row], place: Place) -> WorkspaceRow:
    """The workspace's row, after `writing`; made where there is none, which the transaction undoes unless it is committed."""
    while True:
        if row := WorkspaceRow.of(rows):
            return row
        # Waits for whoever is making the same one, and then finds theirs, unless they gave it up.
        wire.do(
            _in(place.schema, "INSERT INTO $.workspace VALUES (%s, 0, '{}', '{}') ON CONFLICT DO NOTHING"), place.workspace
        )
        rows = wire.rows(
            _in(place.schema, "SELECT seq, commits, traits FROM $.workspace WHERE workspace_id = %s FOR UPDATE"), place.workspace
        )


def seen(rows: list[Row]) -> WorkspaceRow:
    """The workspace's row, after `reading`."""
    return WorkspaceRow.of(rows) or NO_WORKSPACE


def get(wire: Wire, keys: Collection[Key], place: Place) -> dict[Key, Record]:
    """Those there are."""
    # What is no slug is in no row; a lone surrogate in it could not even be asked for.
    known = [key for key in keys if SLUG.fullmatch(key.kind)]
    if not known:
        return {}
    select = f"SELECT {COLUMNS} FROM {place.schema}.record AS r"  # noqa: S608  # constants
    if len(known) == 1:
        (key,) = known
        rows = wire.rows(f"{select} WHERE r.workspace_id = %s AND r.kind = %s AND r.id = %s", place.workspace, key.kind, key.id)
    else:
        rows = wire.rows(
            f"{select} JOIN unnest(%s::text[], %s::uuid[]) AS k (kind, id) ON r.kind = k.kind AND r.id = k.id"
            " WHERE r.workspace_id = %s",
            [key.kind for key in known],
            [key.id for key in known],
            place.workspace,
        )
    records = (record_of(row, place.server) for row in rows)
    return {record.key: record for record in records}


@frozen
class Kept:
    """What is to be written: records, and what stood in their places."""

    records: Sequence[Record]
    before: Mapping[Key, Record]

    def statements(self, place: Place, row: WorkspaceRow) -> list[tuple[str, list[Row]]]:
        """With the workspace's new row."""
        made, changed = [], []
        for record in self.records:
            columns = row_of(record, place.workspace)
            if before := self.before.get(record.key):
                changed.append((*columns[3:], *columns[:3], before.version))
            else:
                made.append(columns)
        had = self._entries(self.before[record.key] for record in self.records if record.key in self.before)
        have = self._entries(self.records)
        work = [
            (_INSERT, made),
            (_UPDATE, changed),
            (_FORGET, [(place.workspace, *entry) for entry in had - have]),
            (_ENTER, [(place.workspace, *entry) for entry in have - had]),
            (_COUNT, [(*row.parameters(), place.workspace)]),
        ]
        return [(_in(place.schema, sql), rows) for sql, rows in work if rows]

    @staticmethod
    def _entries(records: Iterable[Record]) -> set[Entry]:
        return set().union(*map(entries_of, records))


def keep(wire: Wire, kept: Kept, place: Place, row: WorkspaceRow) -> None:
    """Writes, and does not commit. Raises Retryable where a version is not the one that was read: somebody wrote without waiting."""
    work = kept.statements(place, row)
    touched = wire.all_of(work)
    if touched != [len(rows) for _, rows in work]:
        raise Retryable("somebody else wrote the same row", place=place.server)


def count(wire: Wire, row: WorkspaceRow, place: Place) -> None:
    """Writes the workspace's row alone."""
    wire.do(_in(place.schema, _COUNT), *row.parameters(), place.workspace)


def new_commit(seq: int) -> str:
    """An id that no other commit has, and that tells where it would stand."""
    return f"{seq}.{uuid4().hex}"


def _in(schema: str, sql: str) -> str:
    return sql.replace("$", schema)
