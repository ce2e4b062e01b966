"""The kit itself: it passes the smallest sound storage, and convicts those that are broken."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

import attrs
import pytest

from infoint import testing
from infoint.errors import InfointError, NotFound, ReadOnly
from infoint.storage.contract import (
    Capability,
    ChangePage,
    CommitInfo,
    IndexField,
    Key,
    Op,
    Page,
    Query,
    Record,
    Session,
    Storage,
    StorageUrl,
    Write,
    run_changes,
    run_query,
)
from infoint.testing.storage_contract import StorageContract


class Drawer:
    """One workspace of the smallest storage there can be."""

    def __init__(self) -> None:
        self.records: dict[Key, Record] = {}
        self.seq = 0


class DrawerSession(Session):
    def __init__(self, drawer: Drawer, *, write: bool) -> None:
        self.drawer, self.write = drawer, write
        self.pending: dict[Key, Record] = {}

    @property
    def seen(self) -> dict[Key, Record]:
        return self.drawer.records | self.pending

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        return {key: self.seen[key] for key in keys if key in self.seen}

    def query(self, query: Query) -> Page[Record]:
        return run_query(self.seen.values(), query)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        if not self.write:
            raise ReadOnly
        put: dict[Key, Record] = {}
        for write in writes:
            put[write.key] = Record.kept(write, after=(self.seen | put).get(write.key), seq=self.drawer.seq + 1)
        self.pending |= put
        return list(put.values())

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        return run_changes(self.drawer.records.values(), since, limit)

    def commit(self) -> CommitInfo:
        if self.pending:
            self.drawer.records |= self.pending
            self.drawer.seq += 1
            self.pending = {}
        return CommitInfo(str(self.drawer.seq), self.drawer.seq)


class DrawerStorage(Storage):
    """As a plugin author would write a first one: no guards, no snapshots but by locking everybody out."""

    capabilities: ClassVar[Capability] = Capability.CONCURRENT_WRITERS | Capability.SNAPSHOT_READS
    session_type: ClassVar[Callable[..., DrawerSession]] = DrawerSession

    def __init__(self, url: StorageUrl) -> None:
        self.drawers: dict[str, Drawer] = {}
        self.lock = RLock()

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with self.lock:
            yield type(self).session_type(self.drawers.setdefault(workspace, Drawer()), write=write)

    def workspaces(self) -> Iterable[str]:
        return sorted(self.drawers)

    def drop_workspace(self, workspace: str) -> None:
        self.drawers.pop(workspace, None)


class TestDrawerStorage(StorageContract):
    """The smallest storage that a plugin may be passes as it is."""

    def make_storage(self, folder: Path) -> Storage:
        return DrawerStorage(StorageUrl("drawer", str(folder)))


# ── planted faults ───────────────────────────────────────────────────────────────────────────────
class ForgetsTheVersion(DrawerSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        return super().put_many([attrs.evolve(write, expect=None) for write in writes])


class KeepsTheFirstHalf(DrawerSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        return [record for write in writes for record in super(KeepsTheFirstHalf, self).put_many([write])]


class ForgetsTombstones(DrawerSession):
    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        return {key: record for key, record in super().get_many(keys).items() if not record.deleted}


class FindsTombstones(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        return run_query([attrs.evolve(record, deleted=False) for record in self.seen.values()], query)


class CommitsAtOnce(DrawerSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        put = super().put_many(writes)
        self.commit()
        return put


class IgnoresItsOwnWrites(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        return run_query(self.drawer.records.values(), query)


class CountsEmptyCommits(DrawerSession):
    def commit(self) -> CommitInfo:
        if not self.pending:
            self.drawer.seq += 1
        return super().commit()


class TellsOfItsOwnCommit(DrawerSession):
    def last_commit(self) -> CommitInfo:
        before = super().last_commit()
        return attrs.evolve(before, seq=before.seq + 1) if self.pending else before


class TellsTheTimeOfTheFirstRecord(DrawerSession):
    def last_commit(self) -> CommitInfo:
        of_last = [record for record in self.drawer.records.values() if record.seq == self.drawer.seq]
        first = min(of_last, key=lambda record: record.key, default=None)
        return CommitInfo("", self.drawer.seq, first.updated_at if first else None)


class WritesWhileReading(DrawerSession):
    def __init__(self, drawer: Drawer, *, write: bool) -> None:
        super().__init__(drawer, write=True)


class SortsByLanguage(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        page = super().query(query)
        if query.sort is None:
            return page
        items = sorted(page.items, key=lambda record: str(record.index.get(query.sort or IndexField.NAME, ("",))).casefold())
        return Page(tuple(items), page.cursor)


class PutsNullsLast(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        page = super().query(query)
        items = sorted(page.items, key=lambda record: not record.index.get(query.sort or IndexField.NAME))
        return Page(tuple(items), page.cursor)


class LooksAtTheFirstValueOnly(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        first = [attrs.evolve(record, index={k: v[:1] for k, v in record.index.items()}) for record in self.seen.values()]
        page = run_query(first, query)
        return Page(tuple(self.seen[record.key] for record in page.items), page.cursor)


class TakesAnyCursor(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        try:
            return super().query(query)
        except InfointError:
            return super().query(attrs.evolve(query, cursor=""))


class CountsPages(DrawerSession):
    """Its cursor is a number of rows."""

    def query(self, query: Query) -> Page[Record]:
        done = int(query.cursor or 0)
        whole = run_query(self.seen.values(), attrs.evolve(query, cursor="", limit=10_000)).items
        more = len(whole) > done + query.limit
        return Page(whole[done : done + query.limit], str(done + query.limit) if more else "")


class PromisesOnePageTooMany(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        page = super().query(query)
        full = len(page.items) == query.limit
        return Page(page.items, page.cursor or ("more" if full else ""))


class IgnoresTheSecondCondition(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        return super().query(attrs.evolve(query, where=query.where[:1]))


class TakesPrefixForPattern(DrawerSession):
    def query(self, query: Query) -> Page[Record]:
        where = tuple(
            attrs.evolve(condition, value=str(condition.value).replace("_", ""))
            if condition.op is Op.PREFIX else condition
            for condition in query.where
        )  # fmt: skip
        return super().query(attrs.evolve(query, where=where))


class CutsCommitsInTwo(DrawerSession):
    """Its change cursor is the seq alone."""

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        rows = sorted(
            (r for r in self.drawer.records.values() if r.seq > int(since or 0)), key=lambda r: (r.seq, r.kind, r.id.int)
        )
        page = tuple(rows[:limit])
        return ChangePage(page, str(page[-1].seq) if page else since, len(rows) > limit)


class TellsWhatIsNotCommitted(DrawerSession):
    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        return run_changes(self.seen.values(), since, limit)


class ForgetsTheKind(DrawerSession):
    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        by_id = {record.id: record for record in self.seen.values()}
        return {key: by_id[key.id] for key in keys if key.id in by_id}


class RoundsTheTime(DrawerSession):
    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        found = super().get_many(keys)
        return {key: attrs.evolve(record, updated_at=record.updated_at.replace(microsecond=0)) for key, record in found.items()}


class SearchesForNothing(DrawerSession):
    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50) -> tuple[Key, ...]:
        return ()


class FoldsKeys(DrawerStorage):
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session(workspace.casefold(), write=write) as session:
            yield session


class OneForAll(DrawerStorage):
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session("all", write=write) as session:
            yield session


class ForgetsToDrop(DrawerStorage):
    def drop_workspace(self, workspace: str) -> None:
        drawer = self.drawers.get(workspace)
        if drawer:
            drawer.records.clear()


class SwallowsErrors(DrawerStorage):
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with super().session(workspace, write=write) as session:
            try:
                yield session
            except ZeroDivisionError:
                return


class LocksNobody(DrawerStorage):
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        yield self.session_type(self.drawers.setdefault(workspace, Drawer()), write=write)


def with_session(faulty: type[DrawerSession]) -> type[DrawerStorage]:
    return type(faulty.__name__, (DrawerStorage,), {"session_type": faulty})


FAULTS: dict[type[Any], str] = {
    ForgetsTheVersion: "test_stale_version_is_a_conflict",
    KeepsTheFirstHalf: "test_put_many_is_all_or_nothing",
    ForgetsTombstones: "test_tombstone_is_got_but_empty",
    FindsTombstones: "test_tombstone_is_not_found_by_a_query",
    CommitsAtOnce: "test_left_without_commit_nothing_happened",
    IgnoresItsOwnWrites: "test_session_sees_its_own_writes",
    TellsOfItsOwnCommit: "test_last_commit_is_that_of_others",
    TellsTheTimeOfTheFirstRecord: "test_last_commit_is_told",
    CountsEmptyCommits: "test_commits_are_counted_without_gaps",
    WritesWhileReading: "test_reading_session_refuses_to_write",
    SortsByLanguage: "test_order_is_nulls_then_integers_then_text_by_code_point",
    PutsNullsLast: "test_order_is_nulls_then_integers_then_text_by_code_point",
    LooksAtTheFirstValueOnly: "test_several_values_are_sorted_by_the_smallest",
    TakesAnyCursor: "test_cursor_of_another_query_is_refused",
    CountsPages: "test_cursor_holds_while_others_write",
    PromisesOnePageTooMany: "test_last_page_says_so",
    IgnoresTheSecondCondition: "test_all_conditions_must_hold",
    TakesPrefixForPattern: "test_prefix_is_no_pattern",
    TellsWhatIsNotCommitted: "test_uncommitted_is_not_told",
    ForgetsTheKind: "test_get_many_gives_those_there_are",
    RoundsTheTime: "test_time_comes_back_to_the_microsecond",
    FoldsKeys: "test_odd_keys_are_keys",
    OneForAll: "test_workspaces_are_apart",
    ForgetsToDrop: "test_dropped_workspace_is_gone",
    SwallowsErrors: "test_exception_undoes",
    LocksNobody: "test_reader_keeps_to_one_state",
}


def contract_for(storage: Storage) -> StorageContract:
    class Contract(StorageContract):
        def make_storage(self, folder: Path) -> Storage:
            return storage

    return Contract()


def storage_of(faulty: type[Any]) -> DrawerStorage:
    made = faulty if issubclass(faulty, DrawerStorage) else with_session(faulty)
    storage: DrawerStorage = made(StorageUrl("drawer", ""))
    return storage


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda faulty: faulty.__name__)
def test_fault_is_convicted(faulty: type[Any], tmp_path: Path) -> None:
    """The kit passes a storage that has this fault, or its test fails for sound ones too."""
    name = FAULTS[faulty]
    getattr(contract_for(DrawerStorage(StorageUrl("drawer", ""))), name)(tmp_path)
    with pytest.raises((AssertionError, InfointError, pytest.fail.Exception)):
        getattr(contract_for(storage_of(faulty)), name)(tmp_path)


def test_change_cursor_of_seq_alone_is_convicted(tmp_path: Path) -> None:
    """The kit passes a feed that loses the second half of a commit."""
    contract_for(DrawerStorage(StorageUrl("drawer", ""))).test_commit_cut_at_any_place_loses_nothing(tmp_path, 3)
    with pytest.raises(AssertionError):
        contract_for(storage_of(CutsCommitsInTwo)).test_commit_cut_at_any_place_loses_nothing(tmp_path, 3)


def test_undeclared_search_is_convicted(tmp_path: Path) -> None:
    """The kit passes a storage that answers a search it does not declare."""
    with pytest.raises(pytest.fail.Exception):
        contract_for(storage_of(SearchesForNothing)).test_undeclared_capability_is_unsupported(tmp_path, Capability.SEARCH)


def test_declared_but_missing_capability_is_convicted(tmp_path: Path) -> None:
    """The kit believes a storage that it is durable."""

    class ForgetsAll(StorageContract):
        def make_storage(self, folder: Path) -> Storage:
            storage = DrawerStorage(StorageUrl("drawer", ""))
            storage.capabilities = Capability.DURABLE  # type: ignore[misc]  # this one only
            return storage

    with pytest.raises((AssertionError, InfointError)):
        ForgetsAll().test_committed_is_there_when_opened_again(tmp_path)


def test_skip_names_the_capability(tmp_path: Path) -> None:
    """A skipped test does not say what would have to be declared."""
    with pytest.raises(pytest.skip.Exception, match="DURABLE"):
        contract_for(DrawerStorage(StorageUrl("drawer", ""))).test_committed_is_there_when_opened_again(tmp_path)


def test_undeclared_methods_name_the_storage() -> None:
    """Unsupported does not say which storage, and which capability it lacks."""
    with pytest.raises(InfointError, match="DrawerStorage does not declare BACKUP"):
        DrawerStorage(StorageUrl("drawer", "")).backup(None)  # type: ignore[arg-type]  # never looked at


# ── reasons ──────────────────────────────────────────────────────────────────────────────────────
class AnswersAll(DrawerStorage):
    """Lasts within the process, and heeds no `read_only`."""

    capabilities: ClassVar[Capability] = Capability.DURABLE


class DropsWhatItMayNot(AnswersAll):
    """Half heeds it."""

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        self.read_only = read_only

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        if write and self.read_only:
            raise ReadOnly
        with super().session(workspace, write=write) as session:
            yield session


class RefusesWithAnother(DropsWhatItMayNot):
    """Says what is another matter."""

    def drop_workspace(self, workspace: str) -> None:
        if self.read_only:
            raise NotFound("workspace", workspace)


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (AnswersAll, "put_many in a place opened with read_only raised nothing, and owes ReadOnly"),
        (DropsWhatItMayNot, "drop_workspace in a place opened with read_only raised nothing, and owes ReadOnly"),
        (
            RefusesWithAnother,
            "drop_workspace in a place opened with read_only raised NotFound, and owes ReadOnly: no workspace",
        ),
    ],
)
def test_reason_names_the_call(faulty: type[DrawerStorage], reason: str, tmp_path: Path) -> None:
    """An author reads "DID NOT RAISE", and not which of several calls it was."""
    with pytest.raises((AssertionError, pytest.fail.Exception)) as caught:
        contract_for(storage_of(faulty)).test_opened_for_reading_refuses_to_write(tmp_path)
    assert reason in str(caught.value)


def test_no_refusal_is_asked_for_without_a_word() -> None:
    """A test of the kit fails with "DID NOT RAISE" alone; `refuses` says of which call."""
    kit = Path(testing.__file__).parent.glob("storage_*.py")
    assert [file.name for file in kit if "pytest.raises(" in file.read_text(encoding="utf-8")] == []
