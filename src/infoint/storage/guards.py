"""What our own storages guard against: two writers at once, a thread that waits for itself, a session used after its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident
from typing import Final

from infoint.errors import Busy, ReadOnly, StorageError
from infoint.storage.contract import Session

PATIENCE: Final = 5.0
"""Seconds a writer waits for another before it says Busy, unless told otherwise."""


class WriteTurn:
    """One writer of this process at a time."""

    def __init__(self, *, timeout: float = PATIENCE, place: str = "") -> None:
        """`timeout` in seconds; `place` is for the messages."""
        self._lock = Lock()
        self._owner: int | None = None
        self._timeout, self._place = timeout, place

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for the turn. Raises Busy, or StorageError where this very thread has it: it would wait for itself."""
        if self._owner == get_ident():
            raise StorageError(
                "this thread is writing already: finish that session before beginning another", place=self._place
            )
        if not self._lock.acquire(timeout=self._timeout):
            raise Busy(place=self._place)
        self._owner = get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()


class GuardedSession(Session):
    """A session that knows whether it may still be used."""

    def __init__(self, *, write: bool, place: str) -> None:
        """`place` is for the messages."""
        self._write, self._place = write, place
        self._over = ""

    def _check_usable(self) -> None:
        if self._over:
            raise StorageError(f"this session {self._over}: begin another", place=self._place)

    def _check_writable(self) -> None:
        self._check_usable()
        if not self._write:
            raise ReadOnly("this session only reads: begin one with write=True", place=self._place)

    def _end(self, reason: str = "has ended") -> None:
        self._over = self._over or reason
