"""Connections to one file, and whose turn it is to write. Knows no table."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from infoint.errors import StorageError
from infoint.storage.guards import WriteTurn
from infoint.storage.sqlite.errors import MOVED, translated

_ABANDONED: Final[list[sqlite3.Connection]] = []


def connect(uri: str, *, timeout: float) -> sqlite3.Connection:
    """A connection that commits where we say so and waits `timeout` seconds for others. Native errors come out."""
    # Used by one thread at a time, though not always by the one that made it.
    connection = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


class Connections:
    """A session has a connection to itself; idle ones wait for the next session, in whatever thread. So there are never more than there
    were sessions at once, and none is lost with its thread.
    """

    def __init__(self, uri: str, *, timeout: float, place: str) -> None:
        """`timeout` in seconds; `place` is the path of what was just opened."""
        self._uri, self._timeout, self._place = uri, timeout, place
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._paths = {place, os.path.realpath(place)}
        """Also what a link led to: there SQLite keeps the log."""
        self._file = _file_at(place)
        self._moved = False
        self.closed = False
        self.indexed = False
        """Whether a search index was found: its users' note."""
        self.turn = WriteTurn(timeout=timeout, place=place)

    def of_this_process(self) -> "Connections":
        """Itself, or in a forked child new ones: SQLite's may not be carried over, nor may a lock that the parent held."""
        if self._process == os.getpid():
            return self
        # Closing them here would reach into the parent's files, and so would collecting them.
        _ABANDONED.extend(self._idle)
        connections = Connections(self._uri, timeout=self._timeout, place=self._place)
        connections._paths, connections._file = self._paths, self._file
        return connections

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection without a transaction."""
        with self._lock:
            self._check_open()
            kept = self._idle.pop() if self._idle else None
        with translated(self._place):
            connection = kept or connect(self._uri, timeout=self._timeout)
        try:
            if not kept:
                # The path may lead elsewhere by now.
                self.check_place()
            yield connection
        finally:
            self._give_back(connection)

    def check_place(self) -> None:
        """Raises StorageError where the path leads no longer to the file that was opened: with a write-ahead log SQLite goes on writing
        to that one, and says that it is done. One system call, two through a link.
        """
        if all(_file_at(path) == self._file for path in self._paths):
            return
        with self._lock:
            self._moved = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        raise StorageError(MOVED, place=self._place)

    def close(self) -> None:
        """Those that are borrowed are closed when they come back."""
        with self._lock:
            self.closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _check_open(self) -> None:
        if self.closed:
            raise StorageError("is closed: call open() first", place=self._place)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        reusable = _is_clean(connection)
        with self._lock:
            if reusable and not self.closed and not self._moved:
                self._idle.append(connection)
                return
        connection.close()


def _file_at(path: str) -> tuple[int, int] | None:
    """Which file it is, whatever it is called; None where none is."""
    try:
        found = os.stat(path)  # noqa: PTH116  # asked twice a commit
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_clean(connection: sqlite3.Connection) -> bool:
    """Undoes what was not committed. Where even that fails the connection is closed, which undoes it too."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        return False
    return True
