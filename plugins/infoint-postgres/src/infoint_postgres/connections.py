"""Connections to one database, and transactions begun on them. Knows no table."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Final

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from infoint.errors import InfointError, Retryable, StorageError
from infoint_postgres.address import Address
from infoint_postgres.errors import refusal, storage_error
from infoint_postgres.wire import Connection, Row, Wire

_ABANDONED: Final[list["ConnectionPool[Connection]"]] = []
_ATTEMPTS: Final = 3
_PAUSE: Final = 0.5
"""Seconds after which it is tried again to make a connection."""
_SETTINGS: Final = (
    # A client that is gone without a word holds its workspace until the server notices: by default after two hours.
    "SET tcp_keepalives_idle = 20",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 4",
)
CITUS: Final = "SET citus.propagate_set_commands = 'local'"
"""Without it the workers do not hear whose workspace it is, and show nothing."""


def connect(address: Address) -> Wire:
    """A connection of its own. Raises NotFound, Retryable, StorageError …: what the server says, which a pool would keep to itself."""
    try:
        return Wire(psycopg.connect(address.conninfo, autocommit=True), address.place)
    except psycopg.Error as error:
        refused = refusal(error, address.place)
    raise refused


class Connections:
    """A session has a connection to itself; the pool keeps idle ones for the next."""

    def __init__(self, address: Address, *, settings: Sequence[str] = ()) -> None:
        """`settings`: statements that each new connection begins with."""
        self.address, self._settings = address, settings
        self._process = os.getpid()
        self.closed = False
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            address.conninfo,
            kwargs={"autocommit": True},
            min_size=0,
            max_size=address.pool,
            # Left to itself the pool waits longer each time before it tries again, and longer than the server may be away.
            reconnect_timeout=_PAUSE / 2,
            open=True,
            configure=self._configure,
            name="infoint",
        )

    def _configure(self, connection: Connection) -> None:
        connection.execute("; ".join((*_SETTINGS, *self._settings)).encode(), prepare=False)

    def of_this_process(self) -> "Connections":
        """Itself, or in a forked child new ones: two processes on one connection would take each other's answers."""
        if self._process == os.getpid():
            return self
        # Kept, so that nobody closes them: that would say goodbye in the parent's name.
        _ABANDONED.append(self._pool)
        return Connections(self.address, settings=self._settings)

    @contextmanager
    def borrowed(self) -> Iterator[Wire]:
        """A connection without a transaction, which answers. Raises Busy where there is none to be had in time."""
        wire, _ = self._begin(("SELECT 1",), "")
        try:
            yield wire
        finally:
            self._give_back(wire)

    @contextmanager
    def begun(self, *statements: str, workspace: str) -> Iterator[tuple[Wire, list[Row]]]:
        """A connection on which these were said, in one message, and the rows of the last. `{workspace}` in them becomes the key as a
        literal. Where the connection turns out to be dead another is taken, as nothing has been done yet.
        """
        wire, rows = self._begin(statements, workspace)
        try:
            yield wire, rows
        finally:
            wire.undo()
            self._give_back(wire)

    def _begin(self, statements: Sequence[str], workspace: str) -> tuple[Wire, list[Row]]:
        for attempt in range(1, _ATTEMPTS + 1):
            wire = self._taken()
            try:
                quoted = wire.quoted(workspace)
                return wire, wire.script(*(statement.replace("{workspace}", quoted) for statement in statements))
            except BaseException as error:
                wire.undo()
                lost = wire.is_lost
                self._give_back(wire)
                if not (lost and isinstance(error, Retryable)) or attempt == _ATTEMPTS:
                    raise
            # The others are of the same age, and as dead.
            with suppress(psycopg.Error):
                self._pool.check()
        raise AssertionError  # pragma: no cover  # the last attempt returns or raises

    def close(self) -> None:
        """Those that are borrowed are closed when they come back."""
        self.closed = True
        if self._process == os.getpid():
            self._pool.close()

    def _taken(self) -> Wire:
        deadline = monotonic() + self.address.timeout
        while True:
            try:
                return Wire(self._pool.getconn(min(_PAUSE, max(deadline - monotonic(), 0.001))), self.address.place)
            except (PoolClosed, PoolTimeout, psycopg.Error) as error:
                if not isinstance(error, PoolTimeout) or monotonic() >= deadline:
                    failed = self._failure(error)
                    break
        raise failed

    def _failure(self, error: Exception) -> InfointError:
        place = self.address.place
        if isinstance(error, PoolClosed):
            return StorageError("is closed: call open() first", place=place)
        if isinstance(error, PoolTimeout) and self._pool.get_stats().get("pool_size", 0) < self.address.pool:
            return Retryable("cannot be reached", place=place)
        return storage_error(error, place)

    def _give_back(self, wire: Wire) -> None:
        self._pool.putconn(wire.connection)
