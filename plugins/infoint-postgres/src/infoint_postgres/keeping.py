"""Beginning a transaction on a workspace, reading records by their keys, and keeping what a commit brings. Knows the statements that write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
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
_THESE: Final = "unnest(%s::text[], %s::uuid[], %s::smallint[], %s::text[], %s::boolean[]) AS e (kind, id, field, value, first)"
_FORGET: Final = (
    f"DELETE FROM $.entry AS d USING {_THESE} WHERE d.workspace_id = %s"  # noqa: S608  # constants
    " AND d.kind = e.kind AND d.id = e.id AND d.field = e.field AND d.value = e.value"
)
_ENTER: Final = f"INSERT INTO $.entry ({ENTERED}) SELECT %s::text, e.* FROM {_THESE}"  # noqa: S608  # constants
_COUNT: Final = "UPDATE $.workspace SET seq = %s, commits = %s, traits = %s WHERE workspace_id = %s"


def reading() -> tuple[str, ...]:
    """Begins a transaction that sees one state from here to its end: the first SELECT fixes it, BEGIN alone does not."""
    return ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", _SETTING, "SELECT 1")


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
        wire.do(_in(place.schema, "INSERT INTO $.workspace VALUES (%s, 0, '{}', '{}') ON CONFLICT DO NOTHING"), place.workspace)
        rows = wire.rows(
            _in(place.schema, "SELECT seq, commits, traits FROM $.workspace WHERE workspace_id = %s FOR UPDATE"),
            place.workspace,
        )


def seen(wire: Wire, place: Place) -> WorkspaceRow:
    """The workspace's row, after `reading`."""
    rows = wire.rows(_in(place.schema, "SELECT seq, commits, traits FROM $.workspace WHERE workspace_id = %s"), place.workspace)
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

    def statements(self, place: Place, row: WorkspaceRow) -> list[tuple[str, list[Row], int]]:
        """With the workspace's new row; and how many rows each has to touch."""
        made, changed = [], []
        for record in self.records:
            columns = row_of(record, place.workspace)
            if before := self.before.get(record.key):
                changed.append((*columns[3:], *columns[:3], before.version))
            else:
                made.append(columns)
        had = self._entries(self.before[record.key] for record in self.records if record.key in self.before)
        have = self._entries(self.records)
        gone, new = had - have, have - had
        work = [
            (_INSERT, made, len(made)),
            (_UPDATE, changed, len(changed)),
            (_FORGET, [(*_columns(gone), place.workspace)], len(gone)),
            (_ENTER, [(place.workspace, *_columns(new))], len(new)),
            (_COUNT, [(*row.parameters(), place.workspace)], 1),
        ]
        return [(_in(place.schema, sql), rows, touched) for sql, rows, touched in work if touched]

    @staticmethod
    def _entries(records: Iterable[Record]) -> set[Entry]:
        return set().union(*map(entries_of, records))


def _columns(entries: Collection[Entry]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*entries, strict=True)))


def keep(wire: Wire, kept: Kept, place: Place, row: WorkspaceRow) -> None:
    """Writes, and does not commit. Raises Retryable where a version is not the one that was read: somebody wrote without waiting."""
    work = kept.statements(place, row)
    touched = wire.all_of([(sql, rows) for sql, rows, _ in work])
    if touched != [expected for _, _, expected in work]:
        raise Retryable("somebody else wrote the same row", place=place.server)


def count(wire: Wire, row: WorkspaceRow, place: Place) -> None:
    """Writes the workspace's row alone."""
    wire.do(_in(place.schema, _COUNT), *row.parameters(), place.workspace)


def new_commit(seq: int) -> str:
    """An id that no other commit has, and that tells where it would stand."""
    return f"{seq}.{uuid4().hex}"


def _in(schema: str, sql: str) -> str:
    return sql.replace("$", schema)
