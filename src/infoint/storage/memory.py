"""Records in a dict: the normative storage, and the one for tests. Nothing outlives the object."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import count
from threading import Lock
from typing import ClassVar

from infoint.errors import InvalidValue, ReadOnly, StorageError
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
    StorageUrl,
    Write,
    check_workspace,
    run_changes,
    run_query,
    run_search,
)
from infoint.storage.guards import GuardedSession, WriteTurn
from infoint.storage.moving import in_feed_order, is_newer, tombstone_of


class _Shelf:
    """One workspace: its records, and its last commit."""

    def __init__(self) -> None:
        self.records: Mapping[Key, Record] = {}
        self.last = CommitInfo("0", 0)
        self.ids: set[str] = set()
        """Of all its commits."""

    def keep(self, records: Mapping[Key, Record], *, seq: int, id: str) -> CommitInfo:
        # A new mapping each time: whoever still reads the old one has a snapshot.
        self.records = {**self.records, **records}
        last = max((record.seq, record.kind, record.id, record.updated_at) for record in self.records.values())
        self.last = CommitInfo(id, seq, last[-1])
        self.ids.add(id)
        return self.last


class MemorySession(GuardedSession):
    """A transaction on one shelf."""

    def __init__(self, storage: "MemoryStorage", workspace: str, *, write: bool) -> None:
        """`workspace` is the key."""
        super().__init__(write=write, place="memory:")
        self._storage, self._workspace = storage, workspace
        self._records, self._last = storage._snapshot(workspace)  # noqa: SLF001  # the two are one implementation
        self._pending: dict[Key, Record] = {}

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        """See Session."""
        self._check_usable()
        found = {key: self._find(key) for key in keys}
        return {key: record for key, record in found.items() if record}

    def query(self, query: Query) -> Page[Record]:
        """See Session."""
        self._check_usable()
        seen = {**self._records, **self._pending} if self._pending else self._records
        return run_query(seen.values(), query, workspace=self._workspace)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        """See Session. Reads every text: fit for tests and small campaigns."""
        self._check_usable()
        seen = {**self._records, **self._pending} if self._pending else self._records
        return run_search(seen.values(), text, kinds=kinds, limit=limit, cursor=cursor, workspace=self._workspace)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        """See Session."""
        self._check_writable()
        put: list[Record] = []
        latest: dict[Key, Record] = {}
        for write in writes:
            record = Record.kept(write, after=latest.get(write.key) or self._find(write.key), seq=self._last.seq + 1)
            latest[write.key] = record
            put.append(record)
        self._pending.update(latest)
        return put

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        """See Session."""
        self._check_usable()
        return run_changes(self._records.values(), since, limit, workspace=self._workspace)

    def last_commit(self) -> CommitInfo:
        """See Session."""
        self._check_usable()
        return self._last

    def commit(self) -> CommitInfo:
        """See Session."""
        self._check_usable()
        if self._pending:
            self._last = self._storage._keep(self._workspace, self._pending)  # noqa: SLF001  # the two are one implementation
        self._end("was committed")
        return CommitInfo(self._last.id, self._last.seq)

    def _find(self, key: Key) -> Record | None:
        return self._pending.get(key) or self._records.get(key)


class MemoryStorage(Storage):
    """`memory:`, a place of its own each time it is made. Threads may share it: one writes at a time, readers see the state at which
    they began. Sessions may be nested in one thread, but not a write session in a write session.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    capabilities: ClassVar[Capability] = (
        Capability.CONCURRENT_WRITERS
        | Capability.SNAPSHOT_READS
        | Capability.SEARCH
        | Capability.SECURE_ERASE
        | Capability.BULK_LOAD
    )

    def __init__(self, url: StorageUrl | None = None) -> None:
        """Takes no name and no options. Raises InvalidValue where `url` has some."""
        if url is not None and (url.rest or url.options):
            raise InvalidValue("MemoryStorage", "url", "takes neither a name nor options: it is 'memory:', a new one each time")
        self._shelves: dict[str, _Shelf] = {}
        self._commits = count(1 + secrets.randbits(60))  # no other place has these ids
        self._lock = Lock()
        self._turn = WriteTurn(place="memory:")
        self._read_only = self._closed = False

    def open(self, *, create: bool = False, read_only: bool = False) -> None:  # noqa: ARG002  # see the docstring
        """The place is there always, so `create` says nothing here. What a closed one held is there again."""
        self._closed, self._read_only = False, read_only

    def close(self) -> None:
        """See Storage."""
        self._closed = True

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        """See Storage. A writer waits 5 seconds for another before it raises Busy."""
        check_workspace(workspace)
        with ExitStack() as held:
            if write:
                held.enter_context(self._writing())
            self._check_open()
            session = MemorySession(self, workspace, write=write)
            try:
                yield session
            finally:
                session._end()  # noqa: SLF001  # the two are one implementation

    def workspaces(self) -> Sequence[str]:
        """See Storage."""
        self._check_open()
        with self._lock:
            return sorted(self._shelves)

    def drop_workspace(self, workspace: str) -> None:
        """See Storage."""
        check_workspace(workspace)
        with self._writing(), self._lock:
            self._shelves.pop(workspace, None)

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        """See Storage. All commits are remembered."""
        check_workspace(workspace)
        self._check_open()
        with self._lock:
            shelf = self._shelves.get(workspace)
            return shelf is not None and commit_id in shelf.ids

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        """See Storage. One commit for all of them."""
        check_workspace(workspace)
        with self._writing():
            have = self._snapshot(workspace)[0]
            newer = {record.key: record for record in in_feed_order(records) if is_newer(record, have.get(record.key))}
            if newer:
                with self._lock:
                    shelf = self._shelves.setdefault(workspace, _Shelf())
                    seq = max(shelf.last.seq, *(record.seq for record in newer.values()))
                    shelf.keep(newer, seq=seq, id=str(next(self._commits)))
        if progress:
            progress(Progress(len(newer), len(newer), "records"))
        return len(newer)

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        """See Storage. Sessions that are open keep what they see."""
        with self.session(workspace, write=True) as session:
            live = [record for record in session.get_many(keys).values() if not record.deleted]
            session.put_many([tombstone_of(record, updated_at) for record in live])
            commit = session.commit()
        return Erasure(tuple(record.key for record in live), commit, ("the memory of this process, until it is used again",))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._check_open()
        if self._read_only:
            raise ReadOnly(place="memory:")
        with self._turn.taken():
            yield

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError("is closed: open() it again, or make a new one", place="memory:")

    def _snapshot(self, workspace: str) -> tuple[Mapping[Key, Record], CommitInfo]:
        with self._lock:
            shelf = self._shelves.get(workspace) or _Shelf()
            return shelf.records, shelf.last

    def _keep(self, workspace: str, records: Mapping[Key, Record]) -> CommitInfo:
        self._check_open()
        with self._lock:
            shelf = self._shelves.setdefault(workspace, _Shelf())
            return shelf.keep(records, seq=shelf.last.seq + 1, id=str(next(self._commits)))
