"""What is known of the files, so that they need not be read: which record each one is, and the records themselves, which infoint's own
SQLite storage finds, orders, pages and searches. All of it can be made again from the files, except how the commits were counted.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import EIO, ENOSPC
from pathlib import Path
from threading import RLock
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.errors import Corrupt, FormatTooNew, MigrationRequired, NotOurs, StorageError, StorageFull
from infoint.storage.contract import Capability, Key
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite.erasing import HELD
from infoint_vault.disk import Stat

MAIN, SECOND, NONE = "main", "second", ""
"""A file is its record's own; another with the same id; no record at all."""

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS workspace (key TEXT PRIMARY KEY, epoch TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS file (
        workspace TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, ctime INTEGER NOT NULL,
        inode TEXT NOT NULL, fresh INTEGER NOT NULL, sha TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, role TEXT NOT NULL,
        problem TEXT NOT NULL, named INTEGER NOT NULL, PRIMARY KEY (workspace, path)
    ) WITHOUT ROWID;
"""
_NO_INDEX: Final = (Corrupt, NotOurs, FormatTooNew, MigrationRequired)
_CHUNK: Final = 1 << 20
_COLUMNS: Final = "path, size, mtime, ctime, inode, fresh, sha, kind, id, role, problem, named"


@frozen
class Row:
    """What is known of a file."""

    path: str
    stat: Stat
    fresh: bool
    """So new that another edit may not show in its times: it is read again, until it is older."""
    sha: str
    kind: str = ""
    id: UUID | None = None
    role: str = NONE
    problem: str = ""
    named: bool = True
    """Whether the file says its id itself."""

    @property
    def key(self) -> Key | None:
        """Whose file it is."""
        return Key(self.kind, self.id) if self.id is not None else None


class Index:
    """Two databases with one name: where either is gone, or known to be broken, both are made anew. Never because a read failed: the
    next one may not, and how the commits were counted is nowhere else.
    """

    def __init__(self, folder: Path) -> None:
        """Opens what is in `folder`, or begins. Raises StorageErrors; native errors of the system come out."""
        self._lock = RLock()
        try:
            self._open(folder)
        except _NO_INDEX:
            # SQLite calls a page that could not be read damaged, too. It is if all can be read, and it says so again.
            _read_through(folder)
            try:
                self._open(folder)
            except _NO_INDEX:
                _clear(folder)
                self._open(folder)

    @contextmanager
    def _using(self) -> Iterator[None]:
        """The database of files, by one thread at a time; left with an error, nothing of it has happened."""
        with self._lock, _as_system_error():
            try:
                yield
            except sqlite3.Error:
                self._rows.clear()
                self._mains.clear()
                with suppress(sqlite3.Error):
                    if self._files.in_transaction:
                        self._files.execute("ROLLBACK")
                raise

    def _open(self, folder: Path) -> None:
        there = {path.name for path in _databases(folder)}
        found = sorted(name.removeprefix("files-") for name in there if name.startswith("files-") and name.endswith(".db"))
        name = found[-1] if found and f"records-{found[-1]}" in there else ""
        if not name:
            _clear(folder)
            name = f"{secrets.token_hex(6)}.db"
        self.name = name.removesuffix(".db")
        self._paths = (folder / f"records-{name}", folder / f"files-{name}")
        self.records = SqliteStorage(folder / f"records-{name}")
        self.records.open(create=True)
        try:
            self._files = _connected(folder / f"files-{name}")
        except BaseException:
            self.records.close()
            raise
        self._seen = -1
        self._rows: dict[str, dict[str, Row]] = {}
        self._mains: dict[str, dict[Key, str]] = {}

    def is_there(self) -> bool:
        """Whether it can still be found by who opens the vault next."""
        return all(path.exists() for path in self._paths)

    def close(self) -> None:
        """May be called once."""
        self.records.close()
        with self._lock:
            self._files.close()

    # ── workspaces ───────────────────────────────────────────────────────────────────────────────
    def epoch(self, workspace: str) -> str:
        """What its commits are counted within; another one where the count began anew."""
        with self._using():
            found = self._files.execute("SELECT epoch FROM workspace WHERE key = ?", (workspace,)).fetchone()
            return str(found[0]) if found else self.name

    def begin_anew(self, workspace: str) -> None:
        """Forgets a workspace whose folder is gone: what comes in its place is another one."""
        self.forget(workspace)
        with self._using():
            self._files.execute("INSERT OR REPLACE INTO workspace VALUES (?, ?)", (workspace, secrets.token_hex(6)))

    def forget(self, workspace: str) -> None:
        """All that is known of it."""
        self.records.drop_workspace(workspace)
        with self._using():
            self._files.execute("DELETE FROM file WHERE workspace = ?", (workspace,))
            self._rows.pop(workspace, None)
            self._mains.pop(workspace, None)

    def sweep(self, workspace: str, at: datetime) -> tuple[str, ...]:
        """Leaves nothing in either database that is in no record and no file. Gives where something may be still, in words."""
        records, files = (f"{path.parent.name}/{path.name}" for path in self._paths)
        if Capability.SECURE_ERASE not in self.records.capabilities:
            remains = [f"{records}: this Python's SQLite has no FTS5, so older states may be within; delete the folder"]
        else:
            swept = self.records.erase(workspace, (), updated_at=at).remains
            remains = [f"{records}: {words}" if words == HELD else words for words in swept]
        with self._using():
            # As a path may say a name. The rows of today are kept, and nothing else.
            self._files.execute("PRAGMA secure_delete = ON")
            self._files.execute("VACUUM")
            (held, _, _) = self._files.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return (*remains, f"{files}: {HELD}") if held else tuple(remains)

    # ── files ────────────────────────────────────────────────────────────────────────────────────
    def rows(self, workspace: str) -> Mapping[str, Row]:
        """By path."""
        with self._using():
            self._refresh()
            if workspace not in self._rows:
                found = self._files.execute(f"SELECT {_COLUMNS} FROM file WHERE workspace = ?", (workspace,))  # noqa: S608  # constants
                self._rows[workspace] = {row.path: row for row in map(_row, found)}
                self._mains[workspace] = {
                    row.key: row.path for row in self._rows[workspace].values() if row.role == MAIN and row.key
                }
            return self._rows[workspace]

    def main(self, workspace: str, key: Key) -> Row | None:
        """The file of a record."""
        with self._using():
            rows = self.rows(workspace)
            path = self._mains[workspace].get(key)
            return rows.get(path) if path is not None else None

    def save(self, workspace: str, rows: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Makes known, and forgets."""
        with self._using():
            kept, mains = dict(self.rows(workspace)), self._mains[workspace]
            rows, gone = list(rows), list(gone)
            self._files.execute("BEGIN IMMEDIATE")
            self._files.executemany("DELETE FROM file WHERE workspace = ? AND path = ?", ((workspace, path) for path in gone))
            self._files.executemany(
                f"INSERT OR REPLACE INTO file (workspace, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constants
                ((workspace, *_values(row)) for row in rows),
            )
            self._files.execute("COMMIT")
            for path in gone:
                _unmain(mains, kept.pop(path, None))
            for row in rows:
                _unmain(mains, kept.get(row.path))
                kept[row.path] = row
            mains.update({row.key: row.path for row in rows if row.role == MAIN and row.key})
            self._rows[workspace] = kept

    def _refresh(self) -> None:
        """What another process has made known counts here too."""
        (version,) = self._files.execute("PRAGMA data_version").fetchone()
        if version != self._seen:
            self._seen = version
            self._rows.clear()
            self._mains.clear()


def _connected(path: Path) -> sqlite3.Connection:
    """To the database of files. Raises StorageErrors."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES)
            connection.execute("SELECT count(*) FROM workspace").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _opening_error(error, path) from error
    return connection


def _opening_error(error: sqlite3.Error, path: Path) -> StorageError:
    family = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if family in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return Corrupt(place=str(path))
    if family == sqlite3.SQLITE_FULL:
        return StorageFull(place=str(path))
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StorageError(f"reading or writing failed ({name}); nothing was lost: try again", place=str(path))


@contextmanager
def _as_system_error() -> Iterator[None]:
    """What goes wrong below SQLite is the disk's: told as what it is for all other files."""
    try:
        yield
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(ENOSPC if full else EIO, "the index failed") from error


def copy_of(folder: Path, target: Path) -> None:
    """For who may not write: an index of its own, with what is known by now. Nobody writes meanwhile."""
    for path in _databases(folder):
        if not path.name.endswith("-shm"):
            shutil.copyfile(path, target / path.name, follow_symlinks=False)


def _read_through(folder: Path) -> None:
    for path in _databases(folder):
        with suppress(FileNotFoundError), path.open("rb") as file:
            while file.read(_CHUNK):
                pass


def _clear(folder: Path) -> None:
    # By name, so a database of files goes before its log: cut short there, nobody takes what is left for an index.
    for path in _databases(folder):
        with suppress(FileNotFoundError):
            path.unlink()


def _databases(folder: Path) -> list[Path]:
    """Both, and what SQLite keeps beside them, by name. `Path.glob` and `Path.exists` take what cannot be read for what is not there,
    from one Python on.
    """
    names = sorted(os.listdir(folder))  # noqa: PTH208  # as said
    return [folder / name for name in names if name.startswith(("files-", "records-")) and ".db" in name]


def _unmain(mains: dict[Key, str], row: Row | None) -> None:
    if row is not None and row.key is not None and mains.get(row.key) == row.path:
        del mains[row.key]


def _row(values: tuple[str, int, int, int, str, int, str, str, str, str, str, int]) -> Row:
    path, size, mtime, ctime, inode, fresh, sha, kind, id, role, problem, named = values
    stat = Stat(size, mtime, ctime, int(inode))
    return Row(path, stat, bool(fresh), sha, kind, UUID(hex=id) if id else None, role, problem, bool(named))


def _values(row: Row) -> tuple[str | int, ...]:
    stat = row.stat
    return (
        row.path, stat.size, stat.mtime, stat.ctime, str(stat.inode), int(row.fresh), row.sha, row.kind, row.id.hex if row.id else "",
        row.role, row.problem, int(row.named),
    )  # fmt: skip  # column by column would hide that it is a row
