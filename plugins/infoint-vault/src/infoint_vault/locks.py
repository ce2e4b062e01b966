"""Whose turn it is to change the folder: one thread of one process at a time. Editors ask nobody, so this keeps infoint from infoint;
from editors `journal` keeps it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import Final

from infoint.errors import Busy, StorageError

PATIENCE: Final = 5.0
"""Seconds a writer waits for another before it says Busy."""
_STEP: Final = 0.01


class Turn:
    """One per open vault."""

    def __init__(self, path: Path, *, place: str, shared: bool) -> None:
        """`path` of the lock file; `place` is for messages; `shared`: only to keep writers out, on a file that may be unwritable."""
        self._path, self._place, self._shared = path, place, shared
        self._lock = Lock()
        self._owner: int | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this very thread has it."""
        return self._owner == get_ident()

    @contextmanager
    def taken(self, *, patience: float = PATIENCE) -> Iterator[None]:
        """Waits so many seconds. Raises Busy, or StorageError where this very thread has it: it would wait for itself."""
        if self.is_ours:
            raise StorageError(
                "this thread is writing already: finish that session before beginning another", place=self._place
            )
        until = time.monotonic() + patience
        if not self._lock.acquire(timeout=patience):
            raise Busy(place=self._place)
        try:
            self._owner = get_ident()
            descriptor = self._file()
            try:
                self._wait(descriptor, until)
                yield
            finally:
                os.close(descriptor)  # which lets go of the lock
        finally:
            self._owner = None
            self._lock.release()

    def now(self) -> int:
        """The file system's own time, in nanoseconds: what it would give a file that is written now."""
        os.utime(self._path)
        return self._path.stat().st_mtime_ns

    def _file(self) -> int:
        if self._shared:
            return os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        self._path.parent.mkdir(exist_ok=True)  # it may be deleted at any time
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)

    def _wait(self, descriptor: int, until: float) -> None:
        # Not on Windows, where no vault is opened; there the plugin may be installed all the same.
        import fcntl

        while True:
            try:
                fcntl.flock(descriptor, (fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy(place=self._place) from None
                time.sleep(_STEP)
            else:
                return
