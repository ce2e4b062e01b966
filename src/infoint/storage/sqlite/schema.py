"""The file's format: its tables, how a file is recognised as ours, and how a new one is made. Tests keep a golden file of each. How
older ones become of today is in `migrations`.

An index field that a newer minor adds is kept as it is found (`Record.newer_index`): its values in `indexed` and `entry`, its bit in `valued`.
In a file that is not of that minor it may stand without its bit, brought by a copy: whoever makes the file one of that minor sets the bit.

`entry` is a side table of index values; its key is led by workspace, kind, field, value, id, so that "due before X in order of due" is
one range of one index. It holds entries of live records only. `place` and `stale` belong to the search, see `search`; `commits`
to `commits`.
"""

import errno
import os
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing, suppress
from enum import Enum, auto
from pathlib import Path
from typing import Final

from infoint.errors import Corrupt, FormatTooNew, NotFound, NotOurs, ReadOnly, StorageError
from infoint.storage.records import IndexField
from infoint.storage.sqlite.errors import primary_code, storage_error

FORMAT: Final = (2, 0)
"""Major, minor. A newer minor is readable here and keeps what this one writes; a newer major is not."""
APPLICATION_ID: Final = int.from_bytes(b"info", "big")
_MAJOR: Final = 1_000
"""`user_version` is major * 1,000 + minor."""
_MAGIC: Final = b"SQLite format 3\x00"
_SMALLEST: Final = 512
"""Bytes of the smallest database."""
_NO_DATABASE: Final = "is not a SQLite database, or its beginning is damaged"
_JOURNAL_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")

FIELD_BITS: Final[Mapping[IndexField, int]] = {
    # Part of the format: a new field takes the next bit, and no bit ever changes.
    IndexField.STATUS: 1 << 0,
    IndexField.KIND: 1 << 1,
    IndexField.START: 1 << 2,
    IndexField.DUE: 1 << 3,
    IndexField.NAME: 1 << 4,
    IndexField.EMAIL: 1 << 5,
    IndexField.ORGANIZATION: 1 << 6,
    IndexField.CONTACT: 1 << 7,
    IndexField.INTERVIEW: 1 << 8,
    IndexField.EXPLORATION: 1 << 9,
    IndexField.EXTERNAL_ID: 1 << 10,
    IndexField.UPDATED_AT: 1 << 11,
    IndexField.TAG: 1 << 12,
}
NEWER_BITS: Final = ~sum(FIELD_BITS.values())
"""Those of fields that a newer minor has."""

TABLES: Final = {
    "workspace": """CREATE TABLE workspace (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        count INTEGER NOT NULL,
        commits TEXT NOT NULL DEFAULT '',
        places INTEGER NOT NULL DEFAULT 0
    )""",
    "record": """CREATE TABLE record (
        row INTEGER PRIMARY KEY,
        workspace INTEGER NOT NULL,
        kind TEXT NOT NULL,
        id BLOB NOT NULL,
        version INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        valued INTEGER NOT NULL,
        schema_major INTEGER NOT NULL,
        schema_minor INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        indexed TEXT NOT NULL,
        data TEXT NOT NULL,
        text TEXT NOT NULL,
        place INTEGER
    )""",
    # `value` has no type, and so no affinity: integers stay integers and stand before text.
    "entry": """CREATE TABLE entry (
        workspace INTEGER NOT NULL,
        kind TEXT NOT NULL,
        field TEXT NOT NULL,
        value NOT NULL,
        id BLOB NOT NULL,
        first INTEGER NOT NULL,
        PRIMARY KEY (workspace, kind, field, value, id)
    ) WITHOUT ROWID""",
    "stale": "CREATE TABLE stale (place INTEGER PRIMARY KEY)",
}
OLDEST: Final = frozenset({"workspace", "record", "entry"})
"""Tables that every format has."""
SEARCH_INDEXES: Final = (
    "CREATE UNIQUE INDEX record_place ON record (place) WHERE place IS NOT NULL",
    "CREATE INDEX record_unplaced ON record (workspace, seq, kind DESC, id DESC) WHERE place IS NULL AND text <> ''",
)
INDEXES: Final = (
    "CREATE UNIQUE INDEX record_key ON record (workspace, kind, id)",
    "CREATE UNIQUE INDEX record_feed ON record (workspace, seq, kind, id)",
    "CREATE INDEX record_live ON record (workspace, kind, id, valued) WHERE deleted = 0",
    "CREATE INDEX entry_record ON entry (workspace, kind, id, field, value)",
    "CREATE INDEX entry_further ON entry (workspace, kind, field) WHERE first = 0",
    *SEARCH_INDEXES,
)


class Found(Enum):
    """What stands at a path."""

    NOTHING = auto()
    EMPTY = auto()
    """A file without content, or a database without tables: a creation that was cut short leaves one."""
    OURS = auto()
    OLDER = auto()
    """Ours, of an older format; or on the way from one."""


def look(path: Path) -> Found:
    """Asks for the first bytes, no more: whatever it is, it stays untouched, and so does what SQLite would keep beside it.

    Raises NotFound (no such folder), NotOurs, FormatTooNew, Corrupt, and StorageError where the system refuses.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NotOurs("is a folder" if stat.S_ISDIR(status.st_mode) else "is not a file", place=str(path))
        if status.st_size < _SMALLEST:
            return _recognise_part(path)
    except (FileNotFoundError, NotADirectoryError):
        if not path.parent.is_dir():
            raise NotFound("folder", path.parent, remedy="make it first, or check the spelling") from None
        return Found.NOTHING
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot be read ({getattr(error, 'strerror', None) or 'no such path'})", place=str(path)) from None
    return _recognise(path)


def _recognise_part(path: Path) -> Found:
    """What is too small for a database."""
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if not head or (not any(head) and _is_undone(path)):
        return Found.EMPTY
    if not _MAGIC.startswith(head):
        raise NotOurs(_NO_DATABASE, place=str(path))
    raise Corrupt("ends in the middle of its head", place=str(path))


def _recognise(path: Path) -> Found:
    try:
        # By SQLite, and never by a file of Python's: POSIX gives up all that a process has locked in a file, SQLite's locks too, when
        # it closes any handle on it. Somebody else would then take away the log of connections that this process has open.
        # Immutable: neither locks nor files beside it.
        with closing(sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)) as connection:
            (application,), (version,) = (
                connection.execute("PRAGMA application_id").fetchone(),
                connection.execute("PRAGMA user_version").fetchone(),
            )
    except sqlite3.Error as error:
        if primary_code(error) == sqlite3.SQLITE_CORRUPT and has_content(beside(path, "-wal")):
            # The power went while the log was written back: with the log it is whole, and whoever opens it sees whose it is.
            return Found.OURS
        if not _is_undone(path):
            raise _no_database(error, path) from error
        # Of this process nobody has it open: nothing is ours before it has been made.
        with path.open("rb") as file:
            head = file.read(100)
        if not any(head):
            return Found.EMPTY
        application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    if application == APPLICATION_ID:
        return _of_version(version, str(path))
    if application == 0 and _is_blank(path):
        return Found.EMPTY
    raise NotOurs("is a database of another program", place=str(path))


def _no_database(error: sqlite3.Error, path: Path) -> StorageError:
    if primary_code(error) == sqlite3.SQLITE_NOTADB:
        return NotOurs(_NO_DATABASE, place=str(path))
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return StorageError(f"cannot be read ({os.strerror(errno.EACCES)})", place=str(path))
    return storage_error(error, str(path))


def _is_undone(path: Path) -> bool:
    """Whether the power went while the file was made: some pages are there, the first is not. The journal will take them away."""
    return _starts_with(beside(path, "-journal"), _JOURNAL_MAGIC)


def beside(path: Path, ending: str) -> Path:
    """A file that SQLite keeps beside `path`: "-wal", "-shm" or "-journal". Where that is a link, it is beside what it leads to."""
    return Path(os.path.realpath(path) + ending)


def has_content(path: Path) -> bool:
    """Whether there is a file that is not empty. One that cannot be looked at may well be."""
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG


def _starts_with(path: Path, magic: bytes) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(magic)) == magic
    return False


def _is_blank(path: Path) -> bool:
    if has_content(beside(path, "-wal")) or has_content(beside(path, "-journal")):
        return False
    try:
        # Immutable: neither locks nor files beside it.
        with closing(sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)) as connection:
            return not _tables(connection)
    except sqlite3.Error:
        return False


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}


def mark(connection: sqlite3.Connection, major: int, minor: int) -> None:
    """Writes the number of the format, as part of a transaction. Native errors come out."""
    connection.execute(f"PRAGMA user_version = {major * _MAJOR + minor}")


def _of_version(version: int, place: str) -> Found:
    major = version // _MAJOR
    if major > FORMAT[0]:
        raise FormatTooNew(place=place)
    return Found.OLDER if major < FORMAT[0] else Found.OURS


def check_writable(path: Path) -> None:
    """Raises ReadOnly. SQLite would quietly open a protected file for reading."""
    path = Path(os.path.realpath(path))
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise ReadOnly(place=str(place))


def verify(connection: sqlite3.Connection, path: Path) -> Found:
    """As `look`, through SQLite: after a crash the file alone does not say all. Native errors come out."""
    (application,), (version,) = (
        connection.execute("PRAGMA application_id").fetchone(),
        connection.execute("PRAGMA user_version").fetchone(),
    )
    tables = _tables(connection)
    if application == 0 and not tables:
        return Found.EMPTY
    if application != APPLICATION_ID:
        raise NotOurs("is a database of another program", place=str(path))
    found = _of_version(version, str(path))
    needed = TABLES.keys() if found is Found.OURS else OLDEST
    if missing := sorted(needed - tables):
        raise Corrupt(f"has lost its table {missing[0]}", place=str(path))
    return found


def is_newer(connection: sqlite3.Connection) -> bool:
    """Whether the file is of a newer minor. Native errors come out."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version > FORMAT[0] * _MAJOR + FORMAT[1])


def make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables in one transaction: cut short, it leaves none. Whoever comes second finds them made. Native errors come out."""
    connection.execute("BEGIN IMMEDIATE")
    if verify(connection, path) is Found.EMPTY:
        for statement in (*TABLES.values(), *INDEXES):
            connection.execute(statement)
        mark(connection, *FORMAT)
        # Last, and in the same transaction as all the rest: with it the file is ours.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("COMMIT")


def use_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Switches the file to a write-ahead log, once and for all: readers and the writer no longer wait for one another. Native errors
    come out.
    """
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StorageError("its file system cannot keep a write-ahead log; put the file on a local disk", place=str(path))
