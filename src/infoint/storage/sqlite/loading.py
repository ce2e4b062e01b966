"""Records of another storage into a workspace, batch by batch: each is a commit of the file, so that what was interrupted goes on."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Protocol

from infoint.storage.contract import Progress, Report
from infoint.storage.moving import in_feed_order, is_newer
from infoint.storage.records import Key, Record
from infoint.storage.sqlite.commits import Head
from infoint.storage.sqlite.rows import COLUMNS, record_of
from infoint.storage.sqlite.search import BATCH, displace, has_index, place
from infoint.storage.sqlite.writes import save


class Writing(Protocol):
    """Gives a connection in a transaction, and commits it at the end."""

    def __call__(self) -> AbstractContextManager[sqlite3.Connection]:
        """For one batch."""


def load(writing: Writing, workspace: str, records: Iterable[Record], *, progress: Report | None, path: str) -> int:
    """See Storage."""
    written, seen = 0, 0
    for batch in _batches(in_feed_order(records)):
        with writing() as connection:
            written += _take(connection, workspace, batch, path)
        seen += len(batch)
        if progress:
            progress(Progress(seen, None, "records"))
    # Only now: places rise with the commits, and a commit may have been cut in two by the batches.
    while True:
        with writing() as connection:
            if not _place(connection, workspace, path):
                break
    if progress:
        progress(Progress(seen, seen, "records"))
    return written


def _batches(records: Iterator[Record]) -> Iterator[Sequence[Record]]:
    # Gathered before the transaction begins: where they come from may be slow, or the file itself.
    while batch := list(islice(records, BATCH)):
        yield batch


def _take(connection: sqlite3.Connection, workspace: str, batch: Sequence[Record], path: str) -> int:
    head = Head.read(connection, workspace, path=path)
    before = {record.key: have for record in batch if (have := _found(connection, head.row, record.key, path))}
    newer = [record for record in batch if is_newer(record, before.get(record.key))]
    if not newer:
        return 0
    head = head.made(connection, workspace)
    sql = "SELECT 1 FROM record WHERE workspace = ? AND seq >= ? AND place IS NOT NULL LIMIT 1"
    if connection.execute(sql, (head.row, newer[0].seq)).fetchone():
        displace(connection, head.row)
    save(connection, head.row, {record.key: record for record in newer}, before)
    head.committing(max(head.count, newer[-1].seq), places=head.places).write(connection)
    return len(newer)


def _found(connection: sqlite3.Connection, row: int, key: Key, path: str) -> Record | None:
    sql = f"SELECT {COLUMNS} FROM record AS r WHERE r.workspace = ? AND r.kind = ? AND r.id = ?"  # noqa: S608  # constants
    found = connection.execute(sql, (row, key.kind, key.id.bytes)).fetchone()
    return record_of(found, path) if found else None


def _place(connection: sqlite3.Connection, workspace: str, path: str) -> bool:
    """Whether there is more to do."""
    head = Head.read(connection, workspace, path=path)
    if not head.exists or not has_index(connection):
        return False
    places = place(connection, head.row, head.places, most=BATCH)
    connection.execute("UPDATE workspace SET places = ? WHERE id = ?", (places, head.row))
    return places == head.places + BATCH
