"""How a file of an older format becomes one of today, step by step. Each step is a transaction that finds out by itself what there is
to do, so whatever was cut short goes on.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from infoint.storage.contract import Progress, Report
from infoint.storage.sqlite.commits import new_id
from infoint.storage.sqlite.schema import FORMAT, SEARCH_INDEXES, TABLES, mark
from infoint.storage.sqlite.search import BATCH, TABLE, has_fts5, has_index, place

_ON_THE_WAY: Final = (0, 2)
"""What stands for the format meanwhile: whoever opens the file, be it an older infoint, is told to migrate it."""
_TO_2: Final = (
    # The column's new name stops programs that had the file open: they would go on writing in the old way.
    "ALTER TABLE workspace RENAME COLUMN seq TO count",
    "ALTER TABLE workspace ADD COLUMN commits TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE workspace ADD COLUMN places INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE record ADD COLUMN place INTEGER",
    TABLES["stale"],
    *SEARCH_INDEXES,
)


def migrate(connection: sqlite3.Connection, *, dry_run: bool, progress: Report | None) -> Sequence[str]:
    """See Storage. Native errors come out."""
    steps = _steps(connection)
    if not dry_run:
        _change_tables(connection)
        _place(connection, progress)
        connection.execute("BEGIN IMMEDIATE")
        mark(connection, *FORMAT)
        connection.execute("COMMIT")
    return steps


def _steps(connection: sqlite3.Connection) -> list[str]:
    number = f"{FORMAT[0]}.{FORMAT[1]}"
    steps = [] if _has_places(connection) else [f"tables and columns of format {number}, for searching and for ids of commits"]
    if has_fts5() and (records := _unplaced(connection)):
        steps.append(f"{records} records into the search index")
    return [*steps, f"format {number}"]


def _has_places(connection: sqlite3.Connection) -> bool:
    return any(name == "place" for _, name, *_ in connection.execute("PRAGMA table_info(record)"))


def _unplaced(connection: sqlite3.Connection) -> int:
    condition = " AND place IS NULL" if _has_places(connection) else ""
    (count,) = connection.execute(f"SELECT count(*) FROM record WHERE text <> ''{condition}").fetchone()  # noqa: S608  # constants
    return int(count)


def _change_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if not _has_places(connection):
        for statement in _TO_2:
            connection.execute(statement)
        ids = [(new_id(count), row) for row, count in connection.execute("SELECT id, count FROM workspace")]
        connection.executemany("UPDATE workspace SET commits = ? WHERE id = ?", ids)
    if has_fts5() and not has_index(connection):
        connection.execute(TABLE)
    mark(connection, *_ON_THE_WAY)
    connection.execute("COMMIT")


def _place(connection: sqlite3.Connection, progress: Report | None) -> None:
    if not has_index(connection):
        return
    done, total = 0, _unplaced(connection)
    for (workspace,) in connection.execute("SELECT id FROM workspace").fetchall():
        more = True
        while more:
            connection.execute("BEGIN IMMEDIATE")
            (before,) = connection.execute("SELECT places FROM workspace WHERE id = ?", (workspace,)).fetchone()
            places = place(connection, workspace, before, most=BATCH)
            connection.execute("UPDATE workspace SET places = ? WHERE id = ?", (places, workspace))
            connection.execute("COMMIT")
            done, more = done + places - before, places == before + BATCH
            if progress:
                progress(Progress(done, total, "records"))
