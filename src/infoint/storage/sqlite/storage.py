"""Records in one SQLite file, by the standard library: the embedded default. What it does with the file as a whole is put together
here; how it is opened is in `opening`, reads and writes are in `session`, the format is in `schema`.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from infoint.errors import Corrupt, InvalidValue, ReadOnly, StorageError, Unsupported
from infoint.storage.contract import (
    Capability,
    Erasure,
    Key,
    Record,
    Report,
    Session,
    Storage,
    StorageUrl,
    check_workspace,
)
from infoint.storage.guards import PATIENCE
from infoint.storage.moving import tombstone_of
from infoint.storage.sqlite import loading
from infoint.storage.sqlite.backup import back_up
from infoint.storage.sqlite.check import check_file
from infoint.storage.sqlite.commits import Head
from infoint.storage.sqlite.connections import Connections, connect
from infoint.storage.sqlite.erasing import sweep
from infoint.storage.sqlite.errors import translated
from infoint.storage.sqlite.migrations import migrate
from infoint.storage.sqlite.opening import Opening
from infoint.storage.sqlite.schema import Found, check_writable, verify
from infoint.storage.sqlite.search import displace, has_fts5
from infoint.storage.sqlite.session import SqliteSession

_LONGEST_WAIT: Final = 3_600.0


class SqliteStorage(Storage):
    """`sqlite:path` or `sqlite:path?timeout=seconds` (how long to wait for another writer, 5 unless told), or simply a path.

    Write-ahead log, synchronous=FULL: what commit() acknowledged survives a power cut, as far as the disk keeps its word. Any number of
    threads and processes of one machine may share the file (not over a network file system); one writes at a time. A process that
    forks may go on using the storage on both sides, though not a session that was open then.

    Opened with `read_only`, nothing is created or altered; while it is open SQLite may keep two small files beside it, which go again.
    Where even those cannot be (a read-only medium or folder), the file is read as one that nobody changes: do not let somebody with
    more rights write to it meanwhile.

    Sessions have one method more: `session.explain(query)` tells how a query is walked for.

    Where Python's SQLite was built without FTS5, SEARCH and SECURE_ERASE are not declared; all else works, also on files that have a
    search index.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    capabilities: ClassVar[Capability] = (
        Capability.DURABLE
        | Capability.CONCURRENT_WRITERS
        | Capability.MULTIPROCESS
        | Capability.SNAPSHOT_READS
        | Capability.SEARCH
        | Capability.BACKUP
        | Capability.SECURE_ERASE
        | Capability.MIGRATE
        | Capability.BULK_LOAD
    )

    def __init__(self, place: StorageUrl | str | os.PathLike[str]) -> None:
        """`place` is a URL, or a path (never a URL as text: `StorageUrl.parse` reads those). No I/O. Raises InvalidValue."""
        url = place if isinstance(place, StorageUrl) else StorageUrl("sqlite", os.fspath(place))
        if unknown := sorted(url.options.keys() - {"timeout"}):
            raise InvalidValue("SqliteStorage", "options", f"there is no option {unknown[0]!r}, only 'timeout'")
        if not url.rest or "\x00" in url.rest:
            raise InvalidValue("SqliteStorage", "path", "is missing, as in 'sqlite:interviews.db'", value=url.rest)
        if url.rest == ":memory:":
            raise InvalidValue("SqliteStorage", "path", "keeps nothing in memory; 'memory:' is the storage that does")
        self._path = Path(os.path.abspath(url.rest))  # noqa: PTH100  # Path.absolute leaves ".." in; resolve() would do I/O
        self._timeout = _seconds(url.options.get("timeout"))
        self._opening = Opening(self._path, self._timeout)
        self._connections: Connections | None = None
        self._read_only = False
        if not has_fts5():
            self.capabilities = type(self).capabilities & ~(Capability.SEARCH | Capability.SECURE_ERASE)  # type: ignore[misc]  # what this very Python can

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage. Raises also StorageError, naming the path, where the system refuses."""
        self.close()
        self._read_only = read_only
        uri = self._opening.readable() if read_only else self._opening.writable(create=create)
        self._connections = Connections(uri, timeout=self._timeout, place=str(self._path))

    def close(self) -> None:
        """See Storage. A session that is still open is undone, and says so."""
        if self._connections is None:
            return
        self._connections.close()
        self._connections = None
        if self._read_only:
            self._opening.tidy()

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        """See Storage."""
        check_workspace(workspace)
        with self._borrowed(write=write) as (connection, connections):
            with translated(str(self._path)):
                session = SqliteSession(connection, connections, workspace, write=write, place=str(self._path))
            try:
                yield session
            finally:
                session._end()  # noqa: SLF001  # the two are one implementation

    def workspaces(self) -> Sequence[str]:
        """See Storage."""
        with self._borrowed() as (connection, _), translated(str(self._path)):
            return [key for (key,) in connection.execute("SELECT key FROM workspace ORDER BY key")]

    def drop_workspace(self, workspace: str) -> None:
        """See Storage. What it held is no longer found; until the file is compacted its bytes may remain in it."""
        check_workspace(workspace)
        with self._writing() as connection:
            row = Head.read(connection, workspace, path=str(self._path)).row
            displace(connection, row)
            for table, column in (("entry", "workspace"), ("record", "workspace"), ("workspace", "id")):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (row,))  # noqa: S608  # constants

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        """See Storage."""
        check_workspace(workspace)
        with self._borrowed() as (connection, _), translated(str(self._path)):
            return Head.read(connection, workspace, path=str(self._path)).has(commit_id)

    # ── the whole place ──────────────────────────────────────────────────────────────────────────
    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        """See Storage. A thousand records a commit; others may write meanwhile, though not to this workspace."""
        check_workspace(workspace)
        return loading.load(self._writing, workspace, records, progress=progress, path=str(self._path))

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        """See Storage. Writes the whole file anew. Raises Busy where another writer is in the way; if it has come to the tombstones by
        then, the same call goes on from there.
        """
        if Capability.SECURE_ERASE not in self.capabilities:
            raise Unsupported("this Python's SQLite has no FTS5, so the search index would keep words", place=str(self._path))
        with self.session(workspace, write=True) as session:
            live = [record for record in session.get_many(keys).values() if not record.deleted]
            session.put_many([tombstone_of(record, updated_at) for record in live])
            commit = session.commit()
        with self._borrowed(write=True) as (connection, connections), translated(str(self._path)):
            connections.check_place()
            remains = sweep(connection)
        return Erasure(tuple(record.key for record in live), commit, remains)

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        """See Storage. Let no other program have the file open."""
        if self._opening.found() is Found.OURS:
            return ()
        uri = self._opening.readable(older=True) if dry_run else self._opening.uri()
        if not dry_run:
            check_writable(self._path)
        with translated(str(self._path)), closing(connect(uri, timeout=self._timeout)) as connection:
            verify(connection, self._path)
            steps = migrate(connection, dry_run=dry_run, progress=progress)
        self._opening.tidy()
        return steps

    def backup(self, destination: BinaryIO, *, progress: Report | None = None) -> None:
        """See Storage. Takes as much room in the system's folder for temporary files (TMPDIR) meanwhile."""
        with self._borrowed() as (connection, _), translated(str(self._path)):
            back_up(connection, destination, path=self._path, progress=progress)

    def check(self, *, deep: bool = False) -> Sequence[str]:
        """Problems of the file; `deep` also compares every record with its index values and every workspace with its count."""
        try:
            with self._borrowed() as (connection, _), translated(str(self._path)):
                return check_file(connection, deep=deep)
        except Corrupt as error:
            return [str(error)]

    # ── connections ──────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, committed at the end."""
        with self._borrowed(write=True) as (connection, connections), translated(str(self._path)):
            connection.execute("BEGIN IMMEDIATE")
            connections.check_place()
            yield connection
            connections.check_place()
            connection.execute("COMMIT")

    @contextmanager
    def _borrowed(self, *, write: bool = False) -> Iterator[tuple[sqlite3.Connection, Connections]]:
        if self._connections is None:
            raise StorageError("is not open: call open() first", place=str(self._path))
        if write and self._read_only:
            raise ReadOnly(place=str(self._path))
        self._connections = connections = self._connections.of_this_process()
        turn: AbstractContextManager[None] = connections.turn.taken() if write else nullcontext()
        with turn, connections.borrowed() as connection:
            yield connection, connections


def _seconds(text: str | None) -> float:
    if text is None:
        return PATIENCE
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not isfinite(seconds) or not 0 <= seconds <= _LONGEST_WAIT:
        raise InvalidValue("SqliteStorage", "timeout", "must be seconds, 0 to 3600", value=text)
    return seconds
