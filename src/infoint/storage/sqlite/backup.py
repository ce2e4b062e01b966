"""A copy of a file that others go on writing to."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from infoint.errors import StorageError, StorageFull
from infoint.storage.contract import Progress, Report

_PAGES: Final = 1_000
"""Copied between two reports."""


def back_up(connection: sqlite3.Connection, destination: BinaryIO, *, path: Path, progress: Report | None) -> None:
    """See Storage. The copy is made in a file of its own first, in the system's folder for such (TMPDIR): SQLite can only write to
    files. Native errors of SQLite come out, and what `destination` raises.
    """
    # Held to the end: SQLite would begin anew at each commit of somebody else.
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM workspace LIMIT 1").fetchone()
    try:
        folder = tempfile.TemporaryDirectory(prefix="infoint-")
    except OSError as error:
        raise StorageError(f"no folder for the copy can be made ({error.strerror})", place=str(path)) from None
    with folder as name:
        copy = Path(name, "backup.db")
        copy.touch(0o600, exist_ok=False)  # SQLite would make it as open to others as the umask has it
        with closing(sqlite3.connect(copy, isolation_level=None)) as target:
            target.execute("PRAGMA synchronous = OFF")
            try:
                connection.backup(target, pages=_PAGES, progress=_told(progress))
            except sqlite3.Error as error:
                # Nothing but the copy is written.
                if getattr(error, "sqlite_errorcode", None) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}:
                    raise StorageFull("there is no room for the copy, which is made here first (TMPDIR)", place=name) from error
                raise
        connection.execute("ROLLBACK")
        with copy.open("rb") as file:
            shutil.copyfileobj(file, destination, 1 << 20)


def _told(progress: Report | None) -> "_Told | None":
    return _Told(progress) if progress else None


class _Told:
    """SQLite counts what remains, we what is done."""

    def __init__(self, progress: Report) -> None:
        self._progress = progress

    def __call__(self, _status: int, remaining: int, total: int) -> None:
        self._progress(Progress(total - remaining, total, "pages"))
