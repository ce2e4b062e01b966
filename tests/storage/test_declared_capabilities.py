"""The kit beyond what is required: it passes a small sound storage that declares nearly everything, and convicts what is broken."""

import fcntl
import logging
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, ClassVar
from uuid import uuid4

import attrs
import pytest

from infoint.errors import (
    Busy,
    Conflict,
    InfointError,
    InvalidCursor,
    MigrationRequired,
    NotFound,
    ReadOnly,
    StorageFull,
    Unsupported,
)
from infoint.storage.contract import (
    Capability,
    ChangePage,
    CommitInfo,
    Erasure,
    Key,
    Op,
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
from infoint.storage.memory import MemorySession, MemoryStorage, _Shelf
from infoint.storage.moving import in_feed_order, is_newer, tombstone_of
from infoint.storage.words import words_of
from infoint.testing.storage_capabilities import CapabilityContract
from infoint.testing.storage_contract import StorageContract
from infoint.testing.storage_erasure import CHANGED, ErasureContract


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
        self.held = ExitStack()

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        self.read_only = read_only
        if not self.file.exists():
            if read_only or not create:
                raise NotFound("cabinet", self.file)
            self.save()
        with ExitStack() as held:
            self.hold(held.enter_context(self.file.open("rb")))
            version, self.shelves = pickle.loads(self.file.read_bytes())
            if version < 2:
                raise MigrationRequired
            self.held = held.pop_all()

    def close(self) -> None:
        self.held.close()

    def hold(self, file: BinaryIO) -> None:
        """Until it is closed, by this process or by its end."""
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if self.read_only else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(place=str(self.file)) from None

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


class Chronicle(Cabinet):
    """Keeps all that ever was in a second file, which nobody may shorten, and says so when it erases."""

    capabilities = Cabinet.capabilities & ~Capability.SECURE_ERASE | Capability.PARTIAL_ERASE

    def save(self) -> None:
        super().save()
        with self.file.with_name("chronicle").open("ab") as chronicle:
            chronicle.write(self.content())

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        erasure = super().erase(workspace, keys, updated_at=updated_at)
        return attrs.evolve(erasure, remains=(f"{self.file.with_name('chronicle')}: every state since it was begun",))


class TestChronicle(ErasureContract, CapabilityContract):
    """A storage that cannot erase all, and names what it cannot, passes; nobody takes its word for more."""

    def make_storage(self, folder: Path) -> Storage:
        return Chronicle(folder / "cabinet")


# ── planted faults: searching ────────────────────────────────────────────────────────────────────
class FindsWholeWordsOnly(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        whole = [record for record in self.seen.values() if set(words_of(text)) <= set(words_of(record.text))]
        return run_search(whole, text, **asked)


class FindsAnyOfTheWords(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        page = super().search(text, **asked)
        more = [record for word in words_of(text) for record in run_search(self.seen.values(), word).items]
        return page if page.cursor else Page(tuple({record.key: record for record in (*page.items, *more)}.values()), "")


class FoldsNoAccents(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        spelt = [
            record for record in self.seen.values() if all(word in record.text.casefold() for word in text.casefold().split())
        ]
        return run_search(spelt, text, **asked)


class DropsCommonWords(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        return super().search(" ".join(word for word in text.split() if word not in {"the", "of", "or"}), **asked)


class FindsEverythingForNothing(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        live = tuple(record for record in self.seen.values() if not record.deleted)
        return super().search(text, **asked) if words_of(text) else Page(live, "")


class RanksByCount(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        page = super().search(text, **asked)
        return Page(tuple(sorted(page.items, key=lambda record: -record.text.count(text))), page.cursor)


class SearchesTheDataToo(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        wide = [attrs.evolve(record, text=f"{record.text} {record.data} {record.index}") for record in self.seen.values()]
        page = run_search(wide, text, **asked)
        return Page(tuple(self.seen[record.key] for record in page.items), page.cursor)


class SearchesWhatIsCommitted(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        return run_search(self.shelf.records.values(), text, **asked)


class FindsTheDeleted(CabinetSession):
    """Its search index is not told of deletions."""

    texts: ClassVar[dict[Key, str]] = {}

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        self.texts.update({write.key: write.text for write in writes if write.text})
        return super().put_many(writes)

    def search(self, text: str, **asked: Any) -> Page[Record]:
        old = [attrs.evolve(record, text=self.texts.get(record.key, ""), deleted=False) for record in self.seen.values()]
        return run_search(old, text, **asked)


class IgnoresKinds(CabinetSession):
    def search(self, text: str, *, kinds: Collection[str] = (), **asked: Any) -> Page[Record]:
        return super().search(text, **asked)


class TakesSyntax(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        return super().search(text.replace(" OR ", " ").replace("NOT ", ""), **asked)


class TakesNativeErrors(CabinetSession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        text.encode()
        return super().search(text, **asked)


class CountsFoundPages(CabinetSession):
    """Its cursor is a number of rows."""

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        whole = run_search(self.seen.values(), text, kinds=kinds, limit=10_000).items
        done = int(cursor or 0)
        return Page(whole[done : done + limit], str(done + limit) if len(whole) > done + limit else "")


class TakesAnySearchCursor(CabinetSession):
    def search(self, text: str, *, cursor: str = "", **asked: Any) -> Page[Record]:
        try:
            return super().search(text, cursor=cursor, **asked)
        except InfointError:
            return super().search(text, **asked)


class KeepsNoText(CabinetSession):
    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        return {key: attrs.evolve(record, text="") for key, record in super().get_many(keys).items()}


# ── planted faults: moving house ─────────────────────────────────────────────────────────────────
class CountsLoadedAnew(Cabinet):
    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        return super().load(workspace, [attrs.evolve(record, version=1) for record in records], **told)


class LeavesTombstonesBehind(Cabinet):
    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        return super().load(workspace, [record for record in records if not record.deleted], **told)


class CountsItsLoadsAsCommits(Cabinet):
    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        seq = self.shelves[workspace].seq if workspace in self.shelves else 0
        done = super().load(workspace, records, **told)
        if done:
            self.shelves[workspace].seq = seq + 1
        return done


class TakesAnyOrder(Cabinet):
    def in_order(self, records: Iterable[Record]) -> Iterable[Record]:
        return records


class OverwritesWhileLoading(Cabinet):
    def takes(self, record: Record, have: Record | None) -> bool:
        return True


class KeepsTheFirstLoaded(Cabinet):
    def takes(self, record: Record, have: Record | None) -> bool:
        return have is None


class GoesOnFromTheCount(Cabinet):
    """A load that was cut in the middle of a commit goes on behind it."""

    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        done, have = 0, (self.shelves.get(workspace) or Shelf()).seq
        for record in self.in_order(records):
            if record.seq > have:
                done += super().load(workspace, [record], **told)
        return done


class LoadsInSilence(Cabinet):
    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        return super().load(workspace, records)


class ForgetsWhatItLoaded(Cabinet):
    def save(self) -> None:
        """It saves at commits; a load is none."""

    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        self.save_all()
        return super().load(workspace, records, **told)

    def save_all(self) -> None:
        super().save()

    def open(self, **how: bool) -> None:
        if not self.file.exists():
            self.save_all()
        super().open(**how)


# ── planted faults: erasing, backups, ids, migration ─────────────────────────────────────────────
class ErasesInTwoParts(Cabinet):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        one = super().erase(workspace, list(keys)[::2], updated_at=updated_at)
        other = super().erase(workspace, list(keys)[1::2], updated_at=updated_at)
        return attrs.evolve(other, erased=(*one.erased, *other.erased))


class ErasesWithoutAWord(Cabinet):
    """Takes records away instead of leaving tombstones."""

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        erasure = super().erase(workspace, keys, updated_at=updated_at)
        for key in erasure.erased:
            del self.shelves[workspace].records[key]
        return erasure


class ErasesTombstonesAnew(Cabinet):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        with self.session(workspace, write=True) as session:
            there = session.get_many(keys)
            session.put_many([tombstone_of(record, updated_at) for record in there.values()])
            return Erasure(tuple(there), session.commit(), ())


class KeepsALog(Cabinet):
    """What was put is also in a second file, which erasing forgets."""

    def save(self) -> None:
        super().save()
        with self.file.with_name("log").open("ab") as log:
            log.write(self.content())


class KeepsItsOldTexts(Cabinet):
    """Its index is cleaned of records that are erased now, not of those that were deleted before."""

    def save(self) -> None:
        super().save()
        deleted = any(record.deleted for shelf in self.shelves.values() for record in shelf.records.values())
        if not deleted:
            self.file.with_name("index").write_bytes(self.content())

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        erasure = super().erase(workspace, keys, updated_at=updated_at)
        if erasure.erased:
            self.file.with_name("index").unlink(missing_ok=True)
        return erasure


class NamesNothing(Chronicle):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        return attrs.evolve(super().erase(workspace, keys, updated_at=updated_at), remains=())


class NamesNoFile(Chronicle):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        return attrs.evolve(super().erase(workspace, keys, updated_at=updated_at), remains=("older states may be somewhere",))


class NamesTheErasedOnly(Chronicle):
    """Of records that were changed it keeps older states in a file that it does not name."""

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        chronicle = self.file.with_name("chronicle")
        older = chronicle.with_name("older")
        older.write_bytes(b"".join(line for line in chronicle.read_bytes().splitlines() if CHANGED.encode() in line))
        return super().erase(workspace, keys, updated_at=updated_at)


class RefusesToErase(Chronicle):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        raise Unsupported("not today")


class ReportsInOneText(Chronicle):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        return attrs.evolve(super().erase(workspace, keys, updated_at=updated_at), remains="the chronicle")


class ReportsNothing(Chronicle):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        return super().erase(workspace, keys, updated_at=updated_at) and None  # type: ignore[return-value]  # the fault


class KeepsWhatItNames(Chronicle):
    """It names the place and does not even do what it can."""

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        with self.session(workspace) as session:
            return Erasure(tuple(session.get_many(keys)), session.last_commit(), (str(self.file), "chronicle"))


class ErasesWithItsOwnClock(Cabinet):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        return super().erase(workspace, keys, updated_at=updated_at.replace(year=2020))


class RepeatsItsIds(CabinetSession):
    """The id of a commit is its number."""

    def commit(self) -> CommitInfo:
        info = super().commit()
        return attrs.evolve(info, id=str(info.seq))


class RemembersOneCommit(Cabinet):
    def was_committed(self, workspace: str, commit_id: str) -> bool:
        return commit_id in (self.shelves.get(workspace) or Shelf()).commits[-1:]


class SaysYes(Cabinet):
    def was_committed(self, workspace: str, commit_id: str) -> bool:
        return True


class BacksUpOneWorkspace(Cabinet):
    def backup(self, destination: BinaryIO, **told: Any) -> None:
        destination.write(pickle.dumps((2, dict(sorted(self.shelves.items())[:1]))))


class BacksUpWhatIsPut(Cabinet):
    def content(self) -> bytes:
        return pickle.dumps((2, {key: attrs.evolve(shelf, seq=shelf.seq + 1) for key, shelf in self.shelves.items()}))


class SwallowsWriteErrors(Cabinet):
    def backup(self, destination: BinaryIO, **told: Any) -> None:
        try:
            super().backup(destination, **told)
        except OSError:
            return


class MigratesOnOpening(Cabinet):
    def open(self, **how: bool) -> None:
        if self.file.exists():
            self.migrate()
        super().open(**how)


class MigratesInADryRun(Cabinet):
    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        return super().migrate()


class MigratesTheMissing(Cabinet):
    def migrate(self, **how: Any) -> Sequence[str]:
        return super().migrate(**how) if self.file.exists() else ()


class MigratesAgain(Cabinet):
    def migrate(self, **how: Any) -> Sequence[str]:
        return super().migrate(**how) or ("its number",)


# ── planted faults: somebody else has it open ────────────────────────────────────────────────────
class HoldsNothing(Cabinet):
    """Each opener goes on from what it has read when it opened the place."""

    def hold(self, file: BinaryIO) -> None:
        pass


class HoldsWithinTheProcess(Cabinet):
    """By a list of its own, which no other process knows."""

    places: ClassVar[set[Path]] = set()

    def hold(self, file: BinaryIO) -> None:
        if self.file in self.places:
            raise Busy(place=str(self.file))
        self.places.add(self.file)
        self.held_by_us = True

    def close(self) -> None:
        super().close()
        if vars(self).pop("held_by_us", False):
            self.places.discard(self.file)


class HoldsAgainstProcesses(Cabinet):
    """By a lock of the process, which it is given a second time (POSIX record locks)."""

    def hold(self, file: BinaryIO) -> None:
        self.beside = self.file.with_suffix(".lock").open("w")
        try:
            fcntl.lockf(self.beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(place=str(self.file)) from None

    def close(self) -> None:
        super().close()
        if beside := vars(self).pop("beside", None):
            beside.close()


class ReadsAnewUnlocked(HoldsNothing):
    """Each session begins with what is there, and another may write before it has ended."""

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        with self.lock:
            _, self.shelves = pickle.loads(self.file.read_bytes())
            with super().session(workspace, write=write) as session:
                yield session


class SaysItIsFull(Cabinet):
    """Whoever is refused is told something else."""

    def hold(self, file: BinaryIO) -> None:
        try:
            super().hold(file)
        except Busy:
            raise StorageFull from None


class SaysThatManyMay(Cabinet):
    """And lets one."""

    capabilities: ClassVar[Capability] = Cabinet.capabilities | Capability.MULTIPROCESS


class KeepsHoldAfterClosing(Cabinet):
    """Once opened, it is nobody's any more."""

    forever: ClassVar[list[ExitStack]] = []

    def close(self) -> None:
        self.forever.append(self.held.pop_all())


OPENERS: dict[type[Cabinet], set[str]] = {
    HoldsNothing: {"this process", "another process"},
    HoldsWithinTheProcess: {"another process"},
    HoldsAgainstProcesses: {"this process"},
    ReadsAnewUnlocked: {"this process", "another process"},
    SaysItIsFull: {"this process", "another process"},
    SaysThatManyMay: {"this process", "another process"},
    KeepsHoldAfterClosing: {"this process", "another process"},
}


@pytest.mark.parametrize("where", ["this process", "another process"])
@pytest.mark.parametrize("faulty", OPENERS, ids=lambda faulty: faulty.__name__)
def test_fault_of_a_second_opener_is_convicted(faulty: type[Cabinet], where: str, tmp_path: Path) -> None:
    """The kit passes a storage that loses what it acknowledged, or convicts one of what it does not do."""
    test = contract_for(faulty).test_second_opener_costs_nobody_a_commit
    if where not in OPENERS[faulty]:
        test(tmp_path, where)
        return
    with pytest.raises((AssertionError, InfointError, pytest.fail.Exception)):
        test(tmp_path, where)


def test_second_opener_is_named(tmp_path: Path) -> None:
    """An author reads that a record is not there, and looks for it where there is one storage."""
    with pytest.raises(AssertionError, match="gone since this process opened the place a second time, where it is owed Busy"):
        contract_for(HoldsNothing).test_second_opener_costs_nobody_a_commit(tmp_path, "this process")


# ── planted faults: what comes from outside ──────────────────────────────────────────────────────
class LogsWhatItPuts(CabinetSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        logging.getLogger("cabinet").debug("putting %s", [write.data for write in writes])
        return super().put_many(writes)


class TellsWhatItFound(CabinetSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        try:
            return super().put_many(writes)
        except Conflict as error:
            raise error from ValueError(f"Key (text)=({writes[0].text}) already exists")


class ShowsItself(CabinetSession):
    def __repr__(self) -> str:
        return f"CabinetSession({[dict(record.data) for record in self.seen.values()]})"


class RepeatsCursors(CabinetSession):
    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        try:
            return super().changes(since, limit=limit)
        except InvalidCursor:
            raise InvalidCursor(f"{since} is no cursor") from None


class CutsTexts(CabinetSession):
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        return super().put_many([attrs.evolve(write, text=write.text[:1_000_000]) for write in writes])


class TakesPercentForAll(CabinetSession):
    def query(self, query: Query) -> Page[Record]:
        where = tuple(
            attrs.evolve(condition, value="") if condition.op is Op.PREFIX and condition.value == "%" else condition
            for condition in query.where
        )  # fmt: skip
        return super().query(attrs.evolve(query, where=where))


FAULTS: dict[type[Any], str] = {
    LogsWhatItPuts: "test_errors_repeat_nothing_of_what_is_kept",
    TellsWhatItFound: "test_errors_repeat_nothing_of_what_is_kept",
    ShowsItself: "test_errors_repeat_nothing_of_what_is_kept",
    RepeatsCursors: "test_errors_repeat_nothing_of_what_is_kept",
    CutsTexts: "test_ten_megabytes_survive",
    TakesPercentForAll: "test_syntax_in_every_string_is_text",
    FindsWholeWordsOnly: "test_search_finds_words_and_their_beginnings",
    FindsAnyOfTheWords: "test_search_finds_words_and_their_beginnings",
    FoldsNoAccents: "test_search_folds_case_accents_and_width",
    DropsCommonWords: "test_search_takes_common_words_for_words",
    FindsEverythingForNothing: "test_search_takes_no_word_for_nothing",
    RanksByCount: "test_search_tells_the_latest_first",
    SearchesTheDataToo: "test_search_looks_at_the_text_alone",
    SearchesWhatIsCommitted: "test_search_counts_what_the_session_has_put",
    FindsTheDeleted: "test_search_knows_what_is_there_now",
    IgnoresKinds: "test_search_is_narrowed_by_kinds",
    TakesSyntax: "test_search_takes_no_syntax",
    TakesNativeErrors: "test_search_takes_no_syntax",
    CountsFoundPages: "test_search_cursor_holds_while_others_write",
    TakesAnySearchCursor: "test_cursor_of_another_search_is_refused",
    KeepsNoText: "test_text_is_given_back_wherever_records_are",
    CountsLoadedAnew: "test_loaded_records_are_as_they_were",
    LeavesTombstonesBehind: "test_loaded_records_are_as_they_were",
    CountsItsLoadsAsCommits: "test_loaded_workspace_goes_on",
    TakesAnyOrder: "test_load_of_another_order_is_refused",
    OverwritesWhileLoading: "test_loading_again_changes_nothing",
    KeepsTheFirstLoaded: "test_load_takes_later_versions_only",
    GoesOnFromTheCount: "test_load_takes_the_rest",
    LoadsInSilence: "test_many_are_loaded",
    ForgetsWhatItLoaded: "test_loaded_is_there_when_opened_again",
    ErasesInTwoParts: "test_erasing_is_one_commit",
    ErasesWithoutAWord: "test_erased_records_are_tombstones",
    ErasesTombstonesAnew: "test_erasing_passes_over_what_is_not_there",
    KeepsALog: "test_erased_content_leaves_no_trace",
    KeepsItsOldTexts: "test_erasing_goes_on_from_a_deletion",
    NamesNothing: "test_what_erasing_left_is_named",
    NamesNoFile: "test_what_erasing_left_is_named",
    NamesTheErasedOnly: "test_what_erasing_left_is_named",
    RefusesToErase: "test_erasing_ends_in_a_report",
    ReportsInOneText: "test_erasing_ends_in_a_report",
    ReportsNothing: "test_erasing_ends_in_a_report",
    KeepsWhatItNames: "test_erased_records_are_tombstones",
    ErasesWithItsOwnClock: "test_erased_records_are_tombstones",
    RepeatsItsIds: "test_restored_place_gives_no_id_again",
    RemembersOneCommit: "test_latest_commits_are_remembered",
    SaysYes: "test_commit_that_never_was_is_not_remembered",
    BacksUpOneWorkspace: "test_backup_is_the_whole_place",
    BacksUpWhatIsPut: "test_backup_is_the_whole_place",
    SwallowsWriteErrors: "test_backup_that_cannot_be_written_says_so",
    MigratesOnOpening: "test_older_place_is_changed_over_when_told",
    MigratesInADryRun: "test_older_place_is_changed_over_when_told",
    MigratesTheMissing: "test_nothing_is_there_to_migrate",
    MigratesAgain: "test_place_of_today_needs_no_migration",
}


def contract_for(faulty: type[Any]) -> TestCabinet:
    is_session = issubclass(faulty, CabinetSession)
    contract = TestCabinet()
    contract.cabinet = type(faulty.__name__, (Cabinet,), {"session_type": faulty}) if is_session else faulty  # type: ignore[misc]  # this one only
    return contract


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda faulty: faulty.__name__)
def test_fault_is_convicted(faulty: type[Any], tmp_path: Path) -> None:
    """The kit passes a storage that has this fault. (`TestCabinet` shows that it passes a sound one.)"""
    with pytest.raises((AssertionError, InfointError, UnicodeError, pytest.fail.Exception)):
        getattr(contract_for(faulty), FAULTS[faulty])(tmp_path)


# ── strict ───────────────────────────────────────────────────────────────────────────────────────
class CarriesCursorsOver(MemorySession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        return run_search(self._records.values(), text, **asked)


class SearchesAfterTheEnd(MemorySession):
    def search(self, text: str, **asked: Any) -> Page[Record]:
        return run_search(self._records.values(), text, workspace=self._workspace, **asked)


class MakesEmptyWorkspaces(MemoryStorage):
    def load(self, workspace: str, records: Iterable[Record], **told: Any) -> int:
        self._shelves.setdefault(workspace, _Shelf())
        return super().load(workspace, records, **told)


class ErasesIntoTheVoid(MemoryStorage):
    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        self._shelves.setdefault(workspace, _Shelf())
        return super().erase(workspace, keys, updated_at=updated_at)


STRICT_FAULTS: dict[type[Any], str] = {
    CarriesCursorsOver: "test_search_cursor_of_another_workspace_is_refused",
    SearchesAfterTheEnd: "test_ended_session_is_refused",
    MakesEmptyWorkspaces: "test_loading_nothing_makes_no_workspace",
    ErasesIntoTheVoid: "test_erasing_in_no_workspace_makes_none",
}


@pytest.mark.parametrize("faulty", STRICT_FAULTS, ids=lambda faulty: faulty.__name__)
def test_fault_is_convicted_where_strict(faulty: type[Any], tmp_path: Path) -> None:
    """The kit, asked to be strict, passes a storage that has this fault. (The memory storage itself passes all of it.)"""

    class Strict(StorageContract):
        strict = True

        def make_storage(self, folder: Path) -> Storage:
            return faulty() if issubclass(faulty, Storage) else WithSession()  # type: ignore[no-any-return]  # one of the two

    class WithSession(MemoryStorage):
        @contextmanager
        def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
            session = faulty(self, workspace, write=write)
            yield session
            session._end()

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(Strict(), STRICT_FAULTS[faulty])(tmp_path)
