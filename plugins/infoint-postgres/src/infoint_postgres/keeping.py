"""Beginning a transaction on a workspace, reading records by their keys, and keeping what a commit brings. Knows the statements that write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from uuid import uuid4

from attrs import frozen

from infoint.errors import Retryable
from infoint.storage.contract import Key, Record
from infoint.storage.records import SLUG
from infoint_postgres.queries import Place
from infoint_postgres.rows import (
    COLUMNS,
    ENTERED,
    KNOWN,
    NO_WORKSPACE,
    NONE,
    SAVED,
    Entry,
    WorkspaceRow,
    entries_of,
    newer_of,
    record_of,
    row_of,
)
from infoint_postgres.schema import FIELDS
from infoint_postgres.wire import Row, Wire

Newer: TypeAlias = dict[Key, Mapping[str, Any]]
_SETTING: Final = "SET LOCAL infoint.workspace = {workspace}"
_ROW: Final = "SELECT seq, commits, traits FROM $.workspace WHERE workspace_id = {workspace}"
_SAVED_COLUMNS: Final = SAVED.split(", ")
_INSERT: Final = f"INSERT INTO $.record ({SAVED}) VALUES ({', '.join(['%s'] * len(_SAVED_COLUMNS))})"  # noqa: S608  # constants
_VALUED: Final = _SAVED_COLUMNS.index("valued")
_SET: Final = {"valued": f"valued = %s | (valued & %s & {~KNOWN})"}
"""What a newer minor says of its own fields stays, or goes, by the second parameter."""
_STAYS, _GOES = -1, 0
_UPDATE: Final = (
    f"UPDATE $.record SET {', '.join(_SET.get(column, f'{column} = %s') for column in _SAVED_COLUMNS[3:])}"  # noqa: S608  # constants
    " WHERE workspace_id = %s AND kind = %s AND id = %s AND version = %s"
)
_THESE: Final = "unnest(%s::text[], %s::uuid[], %s::smallint[], %s::text[], %s::boolean[]) AS e (kind, id, field, value, first)"
_FORGET: Final = (
    f"DELETE FROM $.entry AS d USING {_THESE} WHERE d.workspace_id = %s"  # noqa: S608  # constants
    " AND d.kind = e.kind AND d.id = e.id AND d.field = e.field AND d.value = e.value"
)
_FORGET_NEWER: Final = f"DELETE FROM $.entry WHERE workspace_id = %s AND kind = %s AND id = %s AND NOT field = ANY('{{{', '.join(map(str, FIELDS.values()))}}}')"  # noqa: S608  # constants
"""Of a record that is deleted."""
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


def get(wire: Wire, keys: Collection[Key], place: Place, *, newer: Newer | None = None) -> dict[Key, Record]:
    """Those there are. `newer` is filled with what of their index values only a newer minor knows."""
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
    found = {}
    for row in rows:
        record = record_of(row, place.server)
        found[record.key] = record
        if newer is not None and (values := newer_of(row)):
            newer[record.key] = values
    return found


@frozen
class Kept:
    """What is to be written: records, what stood in their places, and index values there that only a newer minor knows."""

    records: Sequence[Record]
    before: Mapping[Key, Record]
    newer: Newer

    def statements(self, place: Place, row: WorkspaceRow) -> list[tuple[str, list[Row], int | None]]:
        """With the workspace's new row; and how many rows each has to touch, where that is known."""
        made, changed, deleted = [], [], []
        for record in self.records:
            before = self.before.get(record.key)
            if before is None:
                made.append(row_of(record, place.workspace))
                continue
            columns = row_of(record, place.workspace, NONE if record.deleted else self.newer.get(record.key, NONE))
            kept = _GOES if record.deleted else _STAYS
            changed.append((*columns[3 : _VALUED + 1], kept, *columns[_VALUED + 1 :], *columns[:3], before.version))
            if record.deleted and not before.deleted:
                deleted.append(columns[:3])
        had = self._entries(self.before[record.key] for record in self.records if record.key in self.before)
        have = self._entries(self.records)
        gone, new = had - have, have - had
        work: list[tuple[str, list[Row], int | None]] = [
            (_INSERT, made, len(made)),
            (_UPDATE, changed, len(changed)),
            (_FORGET, [(*_columns(gone), place.workspace)] if gone else [], len(gone)),
            (_FORGET_NEWER, deleted, None),
            (_ENTER, [(place.workspace, *_columns(new))] if new else [], len(new)),
            (_COUNT, [(*row.parameters(), place.workspace)], 1),
        ]
        return [(_in(place.schema, sql), rows, touched) for sql, rows, touched in work if rows]

    @staticmethod
    def _entries(records: Iterable[Record]) -> set[Entry]:
        return set().union(*map(entries_of, records))


def _columns(entries: Collection[Entry]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*entries, strict=True)))


def keep(wire: Wire, kept: Kept, place: Place, row: WorkspaceRow) -> None:
    """Writes, and does not commit. Raises Retryable where a version is not the one that was read: somebody wrote without waiting."""
    work = kept.statements(place, row)
    touched = wire.all_of([(sql, rows) for sql, rows, _ in work])
    if any(expected not in {None, number} for (_, _, expected), number in zip(work, touched, strict=True)):
        raise Retryable("somebody else wrote the same row", place=place.server)


def count(wire: Wire, row: WorkspaceRow, place: Place) -> None:
    """Writes the workspace's row alone."""
    wire.do(_in(place.schema, _COUNT), *row.parameters(), place.workspace)


def new_commit(seq: int) -> str:
    """An id that no other commit has, and that tells where it would stand."""
    return f"{seq}.{uuid4().hex}"


def _in(schema: str, sql: str) -> str:
    return sql.replace("$", schema)
