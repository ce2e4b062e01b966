"""Looks a SQLite file over. Changes nothing and repairs nothing."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from infoint.errors import Corrupt, InvalidValue
from infoint.storage.contract import check_workspace
from infoint.storage.records import SLUG
from infoint.storage.sqlite.commits import Head
from infoint.storage.sqlite.rows import COLUMNS, entries_of, record_of, valued_of
from infoint.storage.sqlite.schema import FIELD_BITS, INDEXES, NEWER_BITS, TABLES, is_newer
from infoint.storage.sqlite.search import MOST_PLACES, has_index, problems_of_index

_KNOWN: Final = frozenset(field.value for field in FIELD_BITS)


def check_file(connection: sqlite3.Connection, *, deep: bool) -> Sequence[str]:
    """Problems found; `deep` looks at every record. Native errors come out."""
    connection.execute("BEGIN")
    pragma = "integrity_check" if deep else "quick_check"
    problems = [text for (text,) in connection.execute(f"PRAGMA {pragma}") if text != "ok"]
    if deep and not problems:
        problems = [*_tables(connection)]
    if deep and not problems:
        problems = [*_statements(connection), *_workspaces(connection), *_records(connection), *_strays(connection)]
        problems += problems_of_index(connection) if has_index(connection) else ()
    return problems


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    """By their columns: those of a file that was migrated are told in other words."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for table, sql in TABLES.items():
            empty.execute(sql)
            if not _columns(empty, table) <= _columns(connection, table):
                yield f"the table {table} lacks a column"


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}


def _statements(connection: sqlite3.Connection) -> Iterator[str]:
    """What a newer minor adds is its own business."""
    there = list(connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    indexes = {_plain(sql) for type, _, sql in there if type == "index"}
    for sql in INDEXES:
        if _plain(sql) not in indexes:
            yield f"the index {sql.partition(' INDEX ')[2].partition(' ')[0]} is missing, or is another"
    if not is_newer(connection):
        for type, name, _ in there:
            if type == "trigger":
                yield f"the trigger {name} is somebody else's, and may change what is written"


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _workspaces(connection: sqlite3.Connection) -> Iterator[str]:
    for key, *row in connection.execute("SELECT key, id, count, commits, places FROM workspace").fetchall():
        try:
            check_workspace(key)
        except InvalidValue:
            yield f"workspace {key!r}: its key cannot be one"
        head = Head(*row)
        if not head.is_sound():
            yield f"workspace {key!r}: its row cannot be read"
            continue
        if not head.is_told_rightly():
            yield f"workspace {key!r}: the ids of its commits are none, or not those of its count"
        first = head.row * MOST_PLACES
        sql = "SELECT 1 FROM record WHERE place > ? AND place < ? LIMIT 1"
        if connection.execute(sql, (first + head.places, first + MOST_PLACES - 1)).fetchone():
            yield f"workspace {key!r}: it would give places in the search index that are taken"
    yield from _counts(connection)


def _counts(connection: sqlite3.Connection) -> Iterator[str]:
    wrong = connection.execute(
        "SELECT key FROM workspace AS w WHERE count <> (SELECT coalesce(max(seq), 0) FROM record WHERE workspace = w.id)"
    )
    for (key,) in wrong:
        yield f"workspace {key!r}: its count of commits is not that of its records"


def _records(connection: sqlite3.Connection) -> Iterator[str]:
    # How a newer minor finds by its own fields is its own business.
    only = f" AND field IN ({', '.join(map(repr, sorted(_KNOWN)))})" if is_newer(connection) else ""
    # By its index, unless that is what is missing: SQLite's own choice is the key, and so all entries of the kind for each record.
    has_entry_record = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'entry_record'"
    ).fetchone()
    entries = "entry INDEXED BY entry_record" if has_entry_record else "entry"
    for workspace, valued, place, *row in connection.execute(
        f"SELECT r.workspace, r.valued, r.place, {COLUMNS} FROM record AS r"  # noqa: S608  # constants
    ):
        try:
            record = record_of(tuple(row), "")
        except Corrupt as error:
            yield str(error)
            continue
        if not SLUG.fullmatch(record.kind):
            yield f"{record.kind!r} {record.id}: its kind cannot be one"
        if type(workspace) is not int or type(valued) is not int or not isinstance(place, int | None):
            yield f"{record.kind} {record.id}: its row cannot be read"
            continue
        if valued & ~NEWER_BITS != valued_of(record):
            yield f"{record.kind} {record.id}: the fields it is found by are not those that have a value"
        kept = connection.execute(
            f"SELECT field, value, first FROM {entries} WHERE workspace = ? AND kind = ? AND id = ?{only}",  # noqa: S608  # constants
            (workspace, record.kind, record.id.bytes),
        )
        if set(kept) != {entry for entry in entries_of(record) if not only or entry[0] in _KNOWN}:
            yield f"{record.kind} {record.id}: its index values are not those it is found by"


def _strays(connection: sqlite3.Connection) -> Iterator[str]:
    of_workspace = connection.execute("SELECT DISTINCT workspace FROM record WHERE workspace NOT IN (SELECT id FROM workspace)")
    for (row,) in of_workspace:
        yield f"records of a workspace that is gone (row {row})"
    of_record = connection.execute(
        "SELECT DISTINCT kind, id FROM entry AS e WHERE NOT EXISTS"
        " (SELECT 1 FROM record AS r WHERE r.workspace = e.workspace AND r.kind = e.kind AND r.id = e.id)"
    )
    for kind, id in of_record:
        yield f"index values of a {kind} that is gone ({id.hex() if isinstance(id, bytes) else 'of unknown id'})"
