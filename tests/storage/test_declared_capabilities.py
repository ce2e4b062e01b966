"""The kit beyond what is required: it passes a small sound storage that declares nearly everything, and convicts what is broken."""

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import BinaryIO, ClassVar
from uuid import uuid4

import attrs

from infoint.errors import MigrationRequired, NotFound, ReadOnly
from infoint.storage.contract import (
    Capability,
    ChangePage,
    CommitInfo,
    Erasure,
    Key,
    Page,
    Progress,
    Query,
    Record,
    Report,
    Session,
    Storage,
    Write,
    run_changes,
    run_query,
    run_search,
)
from infoint.storage.moving import in_feed_order, is_newer, tombstone_of
from infoint.testing.storage_contract import StorageContract


@attrs.define
class Shelf:
    """One workspace."""

    records: dict[Key, Record] = attrs.field(factory=dict)
    seq: int = 0
    commits: list[str] = attrs.field(factory=list)

    def keep(self, records: Mapping[Key, Record], seq: int) -> None:
        self.records |= records
        self.seq = seq
        self.commits.append(uuid4().hex)


class CabinetSession(Session):
    def __init__(self, cabinet: "Cabinet", workspace: str, *, write: bool) -> None:
        self.cabinet, self.workspace, self.write = cabinet, workspace, write
        self.pending: dict[Key, Record] = {}

    @property
    def shelf(self) -> Shelf:
        return self.cabinet.shelves.get(self.workspace) or Shelf()

    @property
    def seen(self) -> dict[Key, Record]:
        return self.shelf.records | self.pending

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        return {key: self.seen[key] for key in keys if key in self.seen}

    def query(self, query: Query) -> Page[Record]:
        return run_query(self.seen.values(), query)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        return run_search(self.seen.values(), text, kinds=kinds, limit=limit, cursor=cursor)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        if not self.write:
            raise ReadOnly
        put: dict[Key, Record] = {}
        for write in writes:
            put[write.key] = Record.kept(write, after=(self.seen | put).get(write.key), seq=self.shelf.seq + 1)
        self.pending |= put
        return list(put.values())

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        return run_changes(self.shelf.records.values(), since, limit)

    def commit(self) -> CommitInfo:
        if self.pending:
            shelf = self.cabinet.shelves.setdefault(self.workspace, Shelf())
            shelf.keep(self.pending, shelf.seq + 1)
            self.pending = {}
            self.cabinet.save()
        return CommitInfo(self.shelf.commits[-1] if self.shelf.commits else "", self.shelf.seq)


class Cabinet(Storage):
    """All in one pickle, written anew at each commit."""

    capabilities: ClassVar[Capability] = (
        Capability.DURABLE
        | Capability.CONCURRENT_WRITERS
        | Capability.SNAPSHOT_READS
        | Capability.SEARCH
        | Capability.BACKUP
        | Capability.SECURE_ERASE
        | Capability.MIGRATE
        | Capability.BULK_LOAD
    )
    session_type: ClassVar[Callable[..., CabinetSession]] = CabinetSession

    def __init__(self, file: Path) -> None:
        self.file = file
        self.shelves: dict[str, Shelf] = {}
        self.lock = RLock()
        self.read_only = False

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        self.read_only = read_only
        if not self.file.exists():
            if read_only or not create:
                raise NotFound("cabinet", self.file)
            self.save()
        version, self.shelves = pickle.loads(self.file.read_bytes())
        if version < 2:
            raise MigrationRequired

    def save(self) -> None:
        self.file.write_bytes(self.content())

    def content(self) -> bytes:
        return pickle.dumps((2, self.shelves))

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        self.check_writable(write=write)
        with self.lock:
            yield type(self).session_type(self, workspace, write=write)

    def check_writable(self, *, write: bool = True) -> None:
        if write and self.read_only:
            raise ReadOnly

    def workspaces(self) -> Iterable[str]:
        return sorted(self.shelves)

    def drop_workspace(self, workspace: str) -> None:
        self.check_writable()
        self.shelves.pop(workspace, None)
        self.save()

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        return commit_id in (self.shelves.get(workspace) or Shelf()).commits

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        self.check_writable()
        have = (self.shelves.get(workspace) or Shelf()).records
        taken = {record.key: record for record in self.in_order(records) if self.takes(record, have.get(record.key))}
        if progress:
            progress(Progress(len(taken), None, "records"))
        if taken:
            shelf = self.shelves.setdefault(workspace, Shelf())
            shelf.keep(taken, max(shelf.seq, *(record.seq for record in taken.values())))
            self.save()
        return len(taken)

    def in_order(self, records: Iterable[Record]) -> Iterable[Record]:
        return in_feed_order(records)

    def takes(self, record: Record, have: Record | None) -> bool:
        return is_newer(record, have)

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        with self.session(workspace, write=True) as session:
            live = [record for record in session.get_many(keys).values() if not record.deleted]
            session.put_many([tombstone_of(record, updated_at) for record in live])
            commit = session.commit()
        return Erasure(tuple(record.key for record in live), commit, ("backups",))

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        if not self.file.exists():
            raise NotFound("cabinet", self.file)
        version, shelves = pickle.loads(self.file.read_bytes())
        if version == 2:
            return ()
        if not dry_run:
            self.shelves = shelves
            self.save()
        return ("its number",)

    def backup(self, destination: BinaryIO, *, progress: Report | None = None) -> None:
        with self.lock:
            content = self.content()
        if progress:
            progress(Progress(len(content), len(content), "bytes"))
        destination.write(content)


class TestCabinet(StorageContract):
    """A sound storage passes all of it."""

    cabinet: ClassVar[type[Cabinet]] = Cabinet

    def make_storage(self, folder: Path) -> Storage:
        return self.cabinet(folder / "cabinet")

    def older(self, folder: Path) -> Storage | None:
        (folder / "cabinet").write_bytes(pickle.dumps((1, {})))
        return self.make_storage(folder)
