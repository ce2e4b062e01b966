"""SQLite's errors in our words. The one place that reads its error codes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from infoint.errors import Busy, Corrupt, InvalidRecord, ReadOnly, Retryable, StorageError, StorageFull

_KINDS: Final[dict[int, type[StorageError]]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_BUSY_SNAPSHOT: Retryable,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
    sqlite3.SQLITE_TOOBIG: InvalidRecord,
}
MOVED: Final = "was moved, replaced or deleted while it was open; open it again"
_SENTENCES: Final[dict[int, str]] = {
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder is there and may be written, for SQLite keeps files beside it",
    sqlite3.SQLITE_READONLY_DBMOVED: MOVED,
}


def primary_code(error: sqlite3.Error) -> int:
    """The family of an error: the low byte of its code; 0 where the module itself raised it."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def storage_error(error: sqlite3.Error, path: str) -> StorageError:
    """What `error` means to whoever has opened `path`."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    family = primary_code(error)
    kind = _KINDS.get(code) or _KINDS.get(family) or StorageError
    sentence = _SENTENCES.get(code) or _SENTENCES.get(family) or ""
    if kind is StorageError and not sentence:
        # SQLite's own words may quote what was bound; the name of the code does not.
        sentence = f"reading or writing failed ({getattr(error, 'sqlite_errorname', None) or type(error).__name__})"
    return kind(sentence, place=path)


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Lets no native error out."""
    try:
        yield
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
