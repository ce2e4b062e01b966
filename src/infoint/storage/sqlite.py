"""Records in one SQLite file, by the standard library: the embedded default. Opening is here; reads and writes are in
`sqlite_session`, the format is in `sqlite_schema`.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from math import isfinite
from pathlib import Path
from typing import ClassVar, Final

from infoint.errors import Corrupt, InvalidValue, NotFound, ReadOnly, StorageError
from infoint.storage.contract import (
    Capability,
    Session,
    Storage,
    StorageUrl,
    check_workspace,
)
from infoint.storage.guards import PATIENCE
from infoint.storage.sqlite_check import check_file
from infoint.storage.sqlite_connections import Connections, connect
from infoint.storage.sqlite_errors import primary_code, storage_error, translated
from infoint.storage.sqlite_schema import Found, beside, check_writable, has_content, look, make_tables, use_wal, verify
from infoint.storage.sqlite_session import SqliteSession

_LONGEST_WAIT: Final = 3_600.0


class SqliteStorage(Storage):
    """`sqlite:path` or `sqlite:path?timeout=seconds` (how long to wait for another writer, 5 unless told), or simply a path.

    Write-ahead log, synchronous=FULL: what commit() acknowledged survives a power cut, as far as the disk keeps its word. Any number of
    threads and processes of one machine may share the file (not over a network file system); one writes at a time. A process that
    forks may go on using the storage on both sides, though not a session that was open then.

    Opened with `read_only`, nothing is created or altered; while it is open SQLite may keep two small files beside it, which go again.
    Where even those cannot be (a read-only medium or folder), the file is read as one that nobody changes: do not let somebody with
    more rights write to it meanwhile.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    capabilities: ClassVar[Capability] = (
        Capability.DURABLE | Capability.CONCURRENT_WRITERS | Capability.MULTIPROCESS | Capability.SNAPSHOT_READS
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
        self._connections: Connections | None = None
        self._read_only = False

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage. Raises also StorageError, naming the path, where the system refuses."""
        self.close()
        found = look(self._path)
        if found is not Found.OURS and (read_only or not create):
            raise self._not_found(found)
        self._read_only = read_only
        uri = self._readable() if read_only else self._writable(create=create)
        self._connections = Connections(uri, timeout=self._timeout, place=str(self._path))

    def close(self) -> None:
        """See Storage. A session that is still open is undone, and says so."""
        if self._connections is None:
            return
        self._connections.close()
        self._connections = None
        if self._read_only:
            self._tidy()

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
        with self._borrowed(write=True) as (connection, _), translated(str(self._path)):
            connection.execute("BEGIN IMMEDIATE")
            for table in ("entry", "record"):
                connection.execute(
                    f"DELETE FROM {table} WHERE workspace = (SELECT id FROM workspace WHERE key = ?)",  # noqa: S608  # constants
                    (workspace,),
                )
            connection.execute("DELETE FROM workspace WHERE key = ?", (workspace,))
            connection.execute("COMMIT")

    def check(self, *, deep: bool = False) -> Sequence[str]:
        """Problems of the file; `deep` also compares every record with its index values and every workspace with its count."""
        try:
            with self._borrowed() as (connection, _), translated(str(self._path)):
                return check_file(connection, deep=deep)
        except Corrupt as error:
            return [str(error)]

    # ── opening ──────────────────────────────────────────────────────────────────────────────────
    def _not_found(self, found: Found) -> NotFound:
        state = "the file is empty; " if found is Found.EMPTY else ""
        return NotFound(
            "storage",
            self._path,
            remedy=f"{state}check the spelling, or let it be made: without read_only, and with create=True",
        )

    def _writable(self, *, create: bool) -> str:
        """Makes what is missing. Gives the URI for all further connections, which never create a file."""
        check_writable(self._path)
        uri = f"{self._path.as_uri()}?mode=rw"
        first = f"{self._path.as_uri()}?mode=rwc" if create else uri
        with translated(str(self._path)), closing(connect(first, timeout=self._timeout)) as connection:
            if verify(connection, self._path) is Found.EMPTY:
                if not create:
                    # A creation that a crash cut short has just been undone.
                    raise self._not_found(Found.EMPTY)
                make_tables(connection, self._path)
            use_wal(connection, self._path)
        return uri

    def _readable(self) -> str:
        uri = f"{self._path.as_uri()}?mode=ro"
        try:
            self._verify_readable(uri)
        except sqlite3.Error as error:
            if primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise storage_error(error, str(self._path)) from error
            if has_content(beside(self._path, "-wal")) or has_content(beside(self._path, "-journal")):
                raise ReadOnly(
                    "its newest changes are in a file beside it, which cannot be read without writing there",
                    place=str(self._path),
                ) from error
            uri += "&immutable=1"
            with translated(str(self._path)):
                self._verify_readable(uri)
        return uri

    def _verify_readable(self, uri: str) -> None:
        with closing(connect(uri, timeout=self._timeout)) as connection:
            if verify(connection, self._path) is Found.EMPTY:
                raise self._not_found(Found.EMPTY)

    def _tidy(self) -> None:
        """A reader that may not write leaves an empty log behind. A connection that may takes it away, if nobody else is there; if
        that fails the file is as good as with it, so no error is raised.
        """
        log = beside(self._path, "-wal")
        with suppress(OSError, sqlite3.Error):
            if log.stat().st_size == 0:
                with closing(connect(f"{self._path.as_uri()}?mode=rw", timeout=0)) as connection:
                    connection.execute("PRAGMA user_version").fetchone()

    # ── connections ──────────────────────────────────────────────────────────────────────────────
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
