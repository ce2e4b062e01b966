"""Moving house: workspaces from one storage to another, record by record as they are, and proof that all of it arrived. Nothing is
read into: newer schemas and keys nobody here knows go along like the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue, NotEmpty, NotFound, StorageError
from infoint.storage.contract import Capability, Progress, Storage, check_workspace
from infoint.storage.ledger import Ledger, Line
from infoint.storage.records import Key, Record, Write

PAGE: Final = 2_000
"""Records that are read at a time."""
BATCH: Final = 500
"""Records of one commit, where the target has no `load`."""
_NAMED: Final = 3
"""How many of many an error names."""

CopyReport: TypeAlias = Callable[[str, Progress], None]
"""Called now and then with the workspace's key, and how many records have been looked at. What it raises ends the work; the same call
goes on from there another time.
"""


@frozen
class Copied:
    """What became of one workspace."""

    workspace: str
    records: int
    """In both places by now, tombstones included."""
    written: int
    """By this call; the rest was there already."""
    digest: str
    """Of the content in both places: SHA-256 of canonical JSON, the same for the same content in whatever storage."""
    counts_kept: bool
    """Whether versions and commits are those of the source; else they begin anew, since the target does not declare BULK_LOAD."""
    caught_up: int
    """How many times the source had gone on meanwhile, and was followed."""


def copy_workspaces(
    source: Storage, target: Storage, *, workspaces: Iterable[str] | None = None, progress: CopyReport | None = None
) -> tuple[Copied, ...]:
    """Copy these workspaces, or all there are, into another storage; both are open. The source may be written meanwhile: what was
    committed there when a workspace was finished is in the copy. Interrupted at any point, the same call goes on.

    Each workspace is read again from the target and compared by its digest. Raises NotEmpty, before anything is written, where the
    target's workspace holds what did not come from the source; NotFound for a workspace the source has not; StorageError where what
    arrived is not what was sent; InvalidValue for one storage given as both; and what the storages raise.

    Do not write to a copy that is to be brought up to date: a record that was edited there, and later in the source at least as often, cannot
    be told from an older state of the source's, and the source's takes its place.
    """
    if source is target:
        raise InvalidValue("copy_workspaces", "target", "is the source itself: a copy needs another place")
    keys = demand_workspaces(source, workspaces)
    if keys is None:
        return tuple(_all_of(source, target, progress))
    moves = [_Move(source, target, key, progress) for key in keys]
    for move in moves:
        move.demand_place()
    return tuple(move.carry_out() for move in moves)


def demand_workspaces(source: Storage, workspaces: Iterable[str] | None) -> tuple[str, ...] | None:
    """These keys, each once; None for all there are. Raises NotFound, InvalidValue."""
    if workspaces is None:
        return None
    if isinstance(workspaces, str):
        raise InvalidValue("copy_workspaces", "workspaces", "needs several keys: [key] for one", value=workspaces)
    keys = tuple(dict.fromkeys(check_workspace(key) for key in workspaces))
    there = set(source.workspaces())
    for key in keys:
        if key not in there:
            raise NotFound("workspace", key, remedy="the source has none of this key")
    return keys


def _all_of(source: Storage, target: Storage, progress: CopyReport | None) -> Iterator[Copied]:
    done: set[str] = set()
    while new := [key for key in source.workspaces() if key not in done]:  # some may have begun meanwhile
        moves = [_Move(source, target, key, progress) for key in new]
        for move in moves:
            move.demand_place()
        for move in moves:
            yield move.carry_out()
        done |= set(new)


@frozen
class _Move:
    """One workspace on its way."""

    source: Storage
    target: Storage
    key: str
    progress: CopyReport | None
    sent: Ledger = field(factory=Ledger, init=False)
    """What the source holds, as far as it was read."""

    @property
    def loads(self) -> bool:
        return Capability.BULK_LOAD in self.target.capabilities

    def demand_place(self) -> None:
        """Raises NotEmpty unless all that is in the target came from the source."""
        have = Ledger(_feed(self.target, self.key))
        if not len(have):
            return
        there = Ledger(_feed(self.source, self.key))
        own = [key for key in have if not self._came_from(there, key, have)]
        # In the order of the feed nothing may be missing before what is there.
        missing = [key for key in there if self.loads and have.get(key) is None and _place(key, there) <= have.end]
        if strange := [*own, *missing]:
            named = ", ".join(f"{key.kind} {key.id}" for key in strange[:_NAMED])
            more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
            raise NotEmpty(self.key, f"{named}{more}")

    def _came_from(self, there: Ledger, key: Key, have: Ledger) -> bool:
        mine, theirs = have.get(key), there.get(key)
        if mine is None or theirs is None:
            return False
        if not self.loads:
            return mine.content == theirs.content or mine.updated_at < theirs.updated_at
        if mine.version == theirs.version:
            return mine == theirs
        # An older version of it: then the newer one stands behind all that had been sent.
        return mine.version < theirs.version and mine.updated_at <= theirs.updated_at and _place(key, there) > have.end

    def carry_out(self) -> Copied:
        arrived = Ledger()
        since, written = self._send("")
        read = _read_on(self.target, self.key, "", arrived)
        rounds = 0
        while self._has_more(since):
            since, more = self._send(since)
            read = _read_on(self.target, self.key, read, arrived)
            written, rounds = written + more, rounds + 1
        self._demand_same(arrived)
        return Copied(
            workspace=self.key,
            records=len(arrived),
            written=written,
            digest=arrived.digest(),
            counts_kept=self.loads,
            caught_up=rounds,
        )

    def _send(self, since: str) -> tuple[str, int]:
        """What the source has after a cursor; the cursor to go on from, and how many records were new to the target."""
        feed = _Feed(self.source, self.key, since, self._noted)
        written = self.target.load(self.key, feed) if self.loads else self._put(feed)
        return feed.cursor, written

    def _noted(self, records: Sequence[Record]) -> None:
        for record in records:
            self.sent.note(record)
        if self.progress:
            self.progress(self.key, Progress(len(self.sent), None, "records"))

    def _put(self, feed: Iterable[Record]) -> int:
        written = 0
        rest = iter(feed)
        while batch := list(islice(rest, BATCH)):
            latest = {record.key: record for record in batch}
            with self.target.session(self.key, write=True) as session:
                have = session.get_many(latest)
                there = Ledger(have.values())
                wanted = Ledger(latest.values())
                writes = [
                    _write(record, expect=have[key].version if key in have else 0)
                    for key, record in latest.items()
                    if not _same(there.get(key), wanted.get(key))
                ]
                session.put_many(writes)
                session.commit()
            written += len(writes)
        return written

    def _has_more(self, since: str) -> bool:
        with self.source.session(self.key) as session:
            return bool(session.changes(since, limit=1).items)

    def _demand_same(self, arrived: Ledger) -> None:
        wrong = self.sent.differing(arrived, counts=self.loads)
        if wrong:
            named = ", ".join(f"{key.kind} {key.id}" for key in wrong[:_NAMED])
            problem = f"{len(wrong)} records of workspace {self.key!r} did not arrive as they were sent, as {named}"
            if self._lost_newer_index(wrong):
                raise StorageError(
                    f"{problem}: all but index values that only a newer infoint knows; copy with that one, or into a place that keeps them"
                )
            raise StorageError(f"{problem}; if somebody writes to the target, stop that, and copy into an empty place")

    def _lost_newer_index(self, wrong: Sequence[Key]) -> bool:
        """Whether that is all that is lost."""
        with self.source.session(self.key) as session, self.target.session(self.key) as other:
            sent, arrived = session.get_many(wrong), other.get_many(wrong)
        bare = Ledger(evolve(record, newer_index={}) for record in sent.values())
        return not bare.differing(Ledger(arrived.values()), counts=self.loads)


class _Feed:
    """Changes from a cursor to the end, page by page, each read in a session of its own: a source is not held up."""

    def __init__(self, storage: Storage, key: str, since: str, noted: Callable[[Sequence[Record]], None]) -> None:
        self._storage, self._key, self._noted = storage, key, noted
        self.cursor = since
        """How far it was read."""

    def __iter__(self) -> Iterator[Record]:
        more = True
        while more:
            with self._storage.session(self._key) as session:
                page = session.changes(self.cursor, limit=PAGE)
            self._noted(page.items)
            yield from page.items
            self.cursor, more = page.cursor, page.more


def _feed(storage: Storage, key: str) -> Iterator[Record]:
    return iter(_Feed(storage, key, "", lambda _: None))


def _read_on(storage: Storage, key: str, since: str, ledger: Ledger) -> str:
    feed = _Feed(storage, key, since, lambda _: None)
    for record in feed:
        ledger.note(record)
    return feed.cursor


def _place(key: Key, ledger: Ledger) -> tuple[int, str, int]:
    line = ledger.get(key)
    return (line.seq if line else 0, key.kind, key.id.int)


def _same(one: Line | None, other: Line | None) -> bool:
    return one is not None and other is not None and one.content == other.content


def _write(record: Record, *, expect: int) -> Write:
    return Write(
        kind=record.kind,
        id=record.id,
        expect=expect,
        updated_at=record.updated_at,
        schema=record.schema,
        data=record.data,
        index=record.index,
        text=record.text,
        deleted=record.deleted,
    )
