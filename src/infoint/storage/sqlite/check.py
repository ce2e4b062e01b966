"""Looks a SQLite file over. Changes nothing and repairs nothing."""

import sqlite3
from collections.abc import Iterator, Sequence

from infoint.errors import Corrupt
from infoint.storage.sqlite.rows import COLUMNS, entries_of, record_of
from infoint.storage.sqlite.search import has_index, problems_of_index


def check_file(connection: sqlite3.Connection, *, deep: bool) -> Sequence[str]:
    """Problems found; `deep` looks at every record. Native errors come out."""
    connection.execute("BEGIN")
    pragma = "integrity_check" if deep else "quick_check"
    problems = [text for (text,) in connection.execute(f"PRAGMA {pragma}") if text != "ok"]
    if deep and not problems:
        problems = [*_counts(connection), *_records(connection), *_strays(connection)]
        problems += problems_of_index(connection) if has_index(connection) else ()
    return problems


def _counts(connection: sqlite3.Connection) -> Iterator[str]:
    wrong = connection.execute(
        "SELECT key FROM workspace AS w WHERE count <> (SELECT coalesce(max(seq), 0) FROM record WHERE workspace = w.id)"
    )
    for (key,) in wrong:
        yield f"workspace {key!r}: its count of commits is not that of its records"


def _records(connection: sqlite3.Connection) -> Iterator[str]:
    for workspace, *row in connection.execute(f"SELECT r.workspace, {COLUMNS} FROM record AS r"):  # noqa: S608  # constants
        try:
            record = record_of(tuple(row), "")
        except Corrupt as error:
            yield str(error)
            continue
        kept = connection.execute(
            "SELECT field, value, first FROM entry WHERE workspace = ? AND kind = ? AND id = ?",
            (workspace, record.kind, record.id.bytes),
        )
        if set(kept) != set(entries_of(record)):
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
        yield f"index values of a {kind} that is gone ({id.hex()})"
