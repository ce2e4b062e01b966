"""Storages that lose something, each in its own way: the harnesses must convict them. A plugin, for processes of their own load it."""

import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from infoint import hookimpl
from infoint.errors import InfointError, NotFound, StorageError
from infoint.storage.contract import Capability, CommitInfo, Session, Storage, StorageUrl
from infoint.storage.memory import MemoryStorage, _Shelf
from infoint.storage.moving import tombstone_of
from infoint.storage.sqlite import SqliteStorage

CONNECT = sqlite3.connect


def careless(level: str) -> Callable[[StorageUrl], Storage]:
    """SQLite, but `PRAGMA synchronous = FULL` means something less."""

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("synchronous = FULL", f"synchronous = {level}"), *parameters)

    def connect(*args: Any, **named: Any) -> sqlite3.Connection:
        return CONNECT(*args, factory=Connection, **named)

    class Careless(SqliteStorage):
        def open(self, **how: bool) -> None:
            with self.carelessly():
                super().open(**how)

        @contextmanager
        def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
            with self.carelessly(), super().session(workspace, write=write) as session:
                yield session

        @contextmanager
        def carelessly(self) -> Iterator[None]:
            sqlite3.connect = connect  # type: ignore[assignment]  # the fault
            try:
                yield
            finally:
                sqlite3.connect = CONNECT

    return lambda url: Careless(url.rest)


class Pickled(MemoryStorage):
    """All in one pickle, written anew at each commit: over the old one, which a crash leaves half."""

    capabilities: ClassVar[Capability] = Capability.DURABLE

    def __init__(self, url: StorageUrl) -> None:
        super().__init__()
        self.file = Path(url.rest)
        self.file.parent.mkdir(exist_ok=True)

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        super().open(read_only=read_only)
        if self.file.exists():
            try:
                kept = pickle.loads(self.file.read_bytes())
            except (
                EOFError,
                pickle.UnpicklingError,
                ValueError,
                IndexError,
                KeyError,
                AttributeError,
                TypeError,
                UnicodeError,
            ) as error:
                raise StorageError("is damaged", place=str(self.file)) from error
            for workspace, (records, last) in kept.items():
                shelf = self._shelves.setdefault(workspace, _Shelf())
                shelf.records, shelf.last = records, last
        elif not create:
            raise NotFound("storage", self.file)

    def _keep(self, workspace: str, records: Any) -> CommitInfo:
        info = super()._keep(workspace, records)
        self.save(pickle.dumps({key: (dict(shelf.records), shelf.last) for key, shelf in self._shelves.items()}))
        return info

    def save(self, content: bytes) -> None:
        self.file.write_bytes(content)


class Replaced(Pickled):
    """Written beside and put in its place, but nothing is ever synced."""

    def save(self, content: bytes) -> None:
        beside = self.file.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(self.file)


class NameNotSynced(Pickled):
    """The content is synced, its name in the folder is not."""

    def save(self, content: bytes) -> None:
        beside = self.file.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.file)


class Sound(NameNotSynced):
    """As it should be where one process has it open: who else may is not what these faults are about."""

    def save(self, content: bytes) -> None:
        super().save(content)
        # By a copy of the descriptor: harnesses must know it for the same folder.
        folder = os.open(self.file.parent, os.O_RDONLY)
        again = os.dup(folder)
        os.close(folder)
        try:
            os.fsync(again)
        finally:
            os.close(again)


class Late(Sound):
    """Every third commit is written; the others are acknowledged all the same."""

    def save(self, content: bytes) -> None:
        if self._shelves["ana@oak.example"].last.seq % 3 == 0:
            super().save(content)


class Deaf(SqliteStorage):
    """A commit that fails is acknowledged."""

    def __init__(self, url: StorageUrl) -> None:
        super().__init__(url.rest)

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session(workspace, write=write) as session:
            commit = session.commit

            def deaf() -> CommitInfo:
                with suppress(InfointError):
                    return commit()
                return CommitInfo("?", 0)

            session.commit = deaf  # type: ignore[method-assign]  # the fault
            yield session


class Anxious(SqliteStorage):
    """A commit that happened is called failed: an error that comes after it is told as if it had come before."""

    def __init__(self, url: StorageUrl) -> None:
        super().__init__(url.rest)

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session(workspace, write=write) as session:
            commit = session.commit

            def anxious() -> CommitInfo:
                info = commit()
                try:
                    Path(self._path).read_bytes()
                except OSError:
                    raise StorageError("could not be read after the commit") from None
                return info

            session.commit = anxious  # type: ignore[method-assign]  # the fault
            yield session


class Piecemeal(SqliteStorage):
    """Drops a workspace record by record, each in a commit of its own."""

    def __init__(self, url: StorageUrl) -> None:
        super().__init__(url.rest)

    def drop_workspace(self, workspace: str) -> None:
        with self.session(workspace) as session:
            records = session.changes("").items
        for record in records:
            with self.session(workspace, write=True) as session:
                session.put_many([tombstone_of(record, record.updated_at)])
                session.commit()
        super().drop_workspace(workspace)


class Plugin:
    """Offers them all."""

    @hookimpl
    def infoint_register_storages(self, storages: Any) -> None:
        """By scheme."""
        storages.add("sync-off", careless("OFF"))
        storages.add("sync-normal", careless("NORMAL"))
        for kind in (Pickled, Replaced, NameNotSynced, Sound, Late, Deaf, Anxious, Piecemeal):
            storages.add(kind.__name__.lower(), kind)


plugin = Plugin()
