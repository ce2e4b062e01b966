"""What is done to a SQLite file as a whole while others use it: backups, erasing, loading. Raw bytes are looked at."""

import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from infoint.errors import Busy, CommitUnknown, InvalidValue, StorageError, StorageFull
from infoint.storage import MemoryStorage, Query, Record
from infoint.storage.contract import Progress
from infoint.storage.sqlite import SqliteStorage, backup, erasing, loading, search
from infoint.storage.sqlite.commits import REMEMBERED
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, followed, got, key_of, put, searched, tombstone, write

CANARY = "zyxwvutcanary"


@contextmanager
def opened(path: Path, options: str = "") -> Iterator[SqliteStorage]:
    from infoint.storage import StorageUrl

    storage = SqliteStorage(StorageUrl.parse(f"sqlite:{path}?{options}"))
    storage.open(create=True)
    try:
        yield storage
    finally:
        storage.close()


def child(program: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


# ── backup ───────────────────────────────────────────────────────────────────────────────────────
WRITER = """
import sys
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import put, write
storage = SqliteStorage(sys.argv[1])
storage.open()
number = int(sys.argv[2]) * 1_000_000
print("open", flush=True)
while True:
    number += 1
    put(storage, *(write(number, kind=kind, text=f"oak {number}", data={"notes": "x" * (number * 997 % 3000)}) for kind in "abc"))
"""


def test_backups_while_processes_write_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup taken while several processes write never comes to its end, or holds half a commit or a damaged index."""
    monkeypatch.setattr(backup, "_PAGES", 7)
    steps: list[Progress] = []

    def told(progress: Progress) -> None:
        steps.append(progress)
        assert len(steps) < 5_000, "it begins anew at each commit"
        time.sleep(0.001)

    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, data={"notes": "x" * 1_000}, text="ash") for number in range(1, 500)))
        writers = [child(WRITER, tmp_path / "a.db", number) for number in (1, 2)]
        try:
            for writer in writers:
                assert writer.stdout is not None
                assert writer.stdout.readline() == "open\n"
            for number in range(3):
                with (tmp_path / f"b{number}.db").open("wb") as file:
                    storage.backup(file, progress=told)
        finally:
            for writer in writers:
                writer.kill()
                writer.communicate()
    counts = []
    for number in range(3):
        with opened(tmp_path / f"b{number}.db") as restored:
            assert restored.check(deep=True) == []
            with restored.session(WORKSPACE) as session:
                found = [[record.id for record in session.query(Query(kind=kind, limit=10_000)).items] for kind in "abc"]
                counts.append(session.last_commit().seq)
            assert found[0] == found[1] == found[2], "half a commit"
            assert len(searched(restored, "ash")) == 499
    assert counts == sorted(counts)
    assert counts[0] < counts[-1], "nobody wrote meanwhile: the test shows nothing"


def test_backup_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each backup leaves a copy of everything in the folder for temporary files; or a broken one its transaction."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def stop(_progress: Progress) -> None:
        assert list((tmp_path / "temporary").iterdir())
        raise KeyboardInterrupt

    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        with pytest.raises(KeyboardInterrupt):
            storage.backup(io.BytesIO(), progress=stop)
        assert list((tmp_path / "temporary").iterdir()) == []
        storage.backup(io.BytesIO())
        put(storage, write(2))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_backup_without_a_folder_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing folder for temporary files ends in a native error."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with opened(tmp_path / "a.db") as storage, pytest.raises(StorageError, match="folder for the copy"):
        storage.backup(io.BytesIO())


def test_full_folder_for_the_copy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder for temporary files is full, the database's own disk is blamed, or it ends in a native error."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, data={"notes": "x" * 2_000}) for number in range(1, 60)))
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        try:
            with pytest.raises(StorageFull, match=r"temporary.*TMPDIR"):
                storage.backup(io.BytesIO())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)
        storage.backup(io.BytesIO())
    assert list((tmp_path / "temporary").iterdir()) == []


def test_reader_can_back_up(tmp_path: Path) -> None:
    """A storage opened for reading only cannot be saved."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, text="oak"))
    reader = SqliteStorage(tmp_path / "a.db")
    reader.open(read_only=True)
    with (tmp_path / "b.db").open("wb") as file:
        reader.backup(file)
    reader.close()
    with opened(tmp_path / "b.db") as restored:
        assert searched(restored, "oak") == [(KIND, 1)]


# ── erase ────────────────────────────────────────────────────────────────────────────────────────
def traces(folder: Path, word: str = CANARY) -> dict[str, int]:
    content = {file.name: file.read_bytes().count(word.encode()) for file in folder.iterdir()}
    return {name: count for name, count in content.items() if count}


def test_no_byte_is_left_between_cells(tmp_path: Path) -> None:
    """SQLite's secure_delete does not reach what a page keeps of cells that moved to another when it was split."""
    rng = random.Random(5)  # of few seeds it is known that SQLite 3.40 leaves something
    numbers = rng.sample(range(1, 1_000_000), 600)
    others = [number for number in numbers if number % 10]
    with opened(tmp_path / "a.db") as storage:
        lengths = [(number, 0 if number % 10 else rng.randint(1, 20), rng.randrange(600)) for number in numbers]
        put(storage, *(write(n, data={"a": f"{CANARY}{n} " * times or "x", "b": "y" * rest}) for n, times, rest in lengths))
        for _ in range(30):
            put(storage, *(write(number, None, data={"b": "z" * rng.randrange(3_000)}) for number in rng.sample(others, 40)))
        storage.erase(WORKSPACE, [key_of(number) for number in numbers if number % 10 == 0], updated_at=MOMENT)
        assert traces(tmp_path) == {}


def untidy(storage: SqliteStorage) -> None:
    """Records that were changed, moved and deleted so often that pages were split and freed; ten hold the canary, and did in all kinds
    of versions.
    """
    rng = random.Random(3)
    put(storage, *(write(number, text=f"oak {number}", name=f"n{number}") for number in range(1, 400)))
    for turn in range(1, 9):
        for number in range(1, 400, 40):
            size = rng.randrange(1, 3_000)
            put(
                storage,
                write(
                    number, turn, data={"a": CANARY * (size // 13)}, text=f"{CANARY}{turn} oak", name=(f"{CANARY}{turn}", "b")
                ),
            )
        others = rng.sample([number for number in range(1, 400) if number % 40 != 1], 40)
        put(storage, *(write(number, None, data={"a": "y" * rng.randrange(2_000)}, text=f"ash {turn}") for number in others))
    put(storage, tombstone(1), write(41, None, text="ash"))


def test_no_byte_is_left_of_what_was_erased(tmp_path: Path) -> None:
    """Words of an erased record stand in the file, its log, its free pages, between cells or in the search index."""
    with opened(tmp_path / "a.db") as storage, opened(tmp_path / "a.db") as other:
        untidy(storage)
        put(other, write(900))
        assert traces(tmp_path), "the test shows nothing"
        erasure = storage.erase(WORKSPACE, [key_of(number) for number in range(1, 400, 40)], updated_at=MOMENT)
        assert len(erasure.erased) == 9
        assert erasure.remains == erasing.BEYOND
        assert traces(tmp_path) == {}
        assert storage.check(deep=True) == other.check(deep=True) == []
        assert searched(storage, "zyx") == []
        put(other, write(901, text="oak"))
        assert traces(tmp_path) == {}
    assert traces(tmp_path) == {}


def test_readers_in_the_way_are_told(tmp_path: Path) -> None:
    """Somebody who still reads keeps the old pages, and the report says that nothing is left."""
    with opened(tmp_path / "a.db", "timeout=0.1") as storage, opened(tmp_path / "a.db") as other:
        untidy(storage)
        with other.session(WORKSPACE) as reader:
            assert reader.get_many([key_of(81)])
            first = storage.erase(WORKSPACE, [key_of(number) for number in range(1, 400, 40)], updated_at=MOMENT)
            assert erasing.HELD in first.remains
            assert traces(tmp_path), "nothing is left after all: then the report is wrong"
            (record,) = reader.get_many([key_of(81)]).values()
            assert CANARY in record.text, "what a session saw was taken from it"
        second = storage.erase(WORKSPACE, [key_of(81)], updated_at=MOMENT)
        assert (second.erased, second.commit.id) == ((), first.commit.id)
        assert second.remains == erasing.BEYOND
        assert traces(tmp_path) == {}


def test_writer_in_the_way_is_busy(tmp_path: Path) -> None:
    """Somebody writes, and the erasure says it is done, or can never be done again."""
    with opened(tmp_path / "a.db", "timeout=0.1") as storage, opened(tmp_path / "a.db") as other:
        untidy(storage)
        with other.session(WORKSPACE, write=True), pytest.raises(Busy):
            storage.erase(WORKSPACE, [key_of(81)], updated_at=MOMENT)
        storage.erase(WORKSPACE, [key_of(number) for number in range(1, 400, 40)], updated_at=MOMENT)
        assert traces(tmp_path) == {}


def test_erasing_in_a_file_written_without_fts5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that a Python without FTS5 could not take out of the search index are in it still."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, text=CANARY), write(2, text="oak"))
        with monkeypatch.context() as patch:
            patch.setattr(search, "TABLE", "CREATE VIRTUAL TABLE words USING fts55(tokens)")
            search.has_fts5.cache_clear()
            with opened(tmp_path / "a.db") as other:
                put(other, tombstone(1))
        search.has_fts5.cache_clear()
        storage.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)
        assert traces(tmp_path) == {}
        assert searched(storage, "o") == [(KIND, 2)]


# ── load ─────────────────────────────────────────────────────────────────────────────────────────
def source() -> tuple[list[Record], MemoryStorage]:
    """A workspace of some commits, one of them large."""
    memory = MemoryStorage()
    memory.open()
    put(memory, *(write(number, text=f"oak {number}", name=f"n{number}") for number in range(1, 90)))
    put(memory, *(write(number, 1, text=f"ash {number}", name=f"m{number}") for number in range(1, 90, 9)), tombstone(5))
    put(memory, *(write(number, kind=kind, text="oak ash") for number in range(100, 160) for kind in ("b", "a")))
    put(memory, write(7, 1, text="elm"))
    return followed(memory, 500)[0], memory


def answers(storage: SqliteStorage | MemoryStorage) -> list[object]:
    return [followed(storage, 500)[0], *(searched(storage, text) for text in ("oak", "ash", "elm", "a"))]


@pytest.mark.parametrize("batch", [1, 3, 50, 64, 1_000])
def test_loaded_in_batches_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """A commit that is cut in two by batches is found in another order, or twice."""
    monkeypatch.setattr(loading, "BATCH", batch)
    records, memory = source()
    with opened(tmp_path / "a.db") as storage:
        assert storage.load(WORKSPACE, records) == len(records)
        assert answers(storage) == answers(memory)
        assert storage.check(deep=True) == []
        put(storage, write(3, None, text="oak"))
        put(memory, write(3, None, text="oak"))
        assert answers(storage) == answers(memory)


@pytest.mark.parametrize("after", [0, 1, 10, 60, 130, 200])
def test_interrupted_load_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """What was loaded before an interruption is not searchable, in the wrong order, or loaded again."""
    monkeypatch.setattr(loading, "BATCH", 20)
    records, memory = source()

    def torn() -> Iterator[Record]:
        yield from records[:after]
        raise ZeroDivisionError

    with opened(tmp_path / "a.db") as storage:
        with pytest.raises(ZeroDivisionError):
            storage.load(WORKSPACE, torn())
        assert storage.check(deep=True) == []
        whole = after // 20 * 20
        assert followed(storage, 500)[0] == records[:whole]
        assert len(searched(storage, "elm")) == 0
        if whole >= 60:
            with storage.session(WORKSPACE, write=True) as session:  # somebody else gives what is there its places
                search.place(session._connection, 1, 0, most=30)  # type: ignore[attr-defined]  # as a commit would
                session._connection.execute("UPDATE workspace SET places = 30")  # type: ignore[attr-defined]  # as above
                session._connection.execute("COMMIT")  # type: ignore[attr-defined]  # as above
            assert storage.check(deep=True) == []
        assert storage.load(WORKSPACE, records) == len(records) - whole
        assert answers(storage) == answers(memory)
        assert storage.check(deep=True) == []


LOADER = """
import sys
from infoint.storage.sqlite import loading
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import MOMENT, id_of
from infoint.storage import Record
loading.BATCH = 50
records = [Record(kind="note", id=id_of(n), version=1, seq=n // 90 + 1, updated_at=MOMENT, schema=(1, 0), data={}, index={}, text=f"oak {n}") for n in range(3_000)]
storage = SqliteStorage(sys.argv[1])
storage.open(create=True)
print("open", flush=True)
storage.load("ana@oak.example", records)
"""


@pytest.mark.fault
def test_killed_load_goes_on(tmp_path: Path) -> None:
    """A kill in the middle of a load lost or doubled records, or left what cannot be searched."""
    rng = random.Random(4)
    kills = 0
    for number in range(30):
        loader = child(LOADER, tmp_path / "a.db")
        assert loader.stdout is not None
        assert loader.stdout.readline() == "open\n"
        time.sleep(rng.uniform(0, 0.1 + number * 0.03))
        loader.kill()
        done = loader.wait() == 0
        loader.stdout.close()
        kills += not done
        with opened(tmp_path / "a.db") as storage:
            assert storage.check(deep=True) == []
        if done:
            break
        assert number < 29, "it never comes to its end"
    assert kills
    with opened(tmp_path / "a.db") as storage:
        assert len(followed(storage, 500)[0]) == 3_000
        assert len(searched(storage, "oak")) == 3_000


def test_load_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a load is told nothing."""
    monkeypatch.setattr(loading, "BATCH", 100)
    told: list[Progress] = []
    records, _ = source()
    with opened(tmp_path / "a.db") as storage:
        storage.load(WORKSPACE, iter(records), progress=told.append)
    assert [one.done for one in told] == [100, 200, len(records), len(records)]
    assert told[-1].total == len(records)


def test_load_in_another_order_is_refused(tmp_path: Path) -> None:
    """Records in another order than the feed's are taken, and found in the wrong order."""
    records, _ = source()
    with opened(tmp_path / "a.db") as storage, pytest.raises(InvalidValue):
        storage.load(WORKSPACE, reversed(records))


# ── what became of a commit ──────────────────────────────────────────────────────────────────────
class LostAnswer:
    """A connection whose COMMIT happens, or does not, and then fails."""

    def __init__(self, connection: "object", *, happens: bool) -> None:
        self.connection, self.happens = connection, happens

    def execute(self, sql: str, *parameters: object) -> object:
        import sqlite3

        if sql == "COMMIT":
            if self.happens:
                self.connection.execute(sql)  # type: ignore[attr-defined]  # a connection
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"
            raise error
        return self.connection.execute(sql, *parameters)  # type: ignore[attr-defined]  # as above

    def executemany(self, *parameters: object) -> object:
        return self.connection.executemany(*parameters)  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize("happens", [False, True])
def test_unknown_commit_can_be_asked_for(tmp_path: Path, *, happens: bool) -> None:
    """Whoever does not know whether a commit happened does the step twice, or never."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([write(2)])
            session._connection = LostAnswer(session._connection, happens=happens)  # type: ignore[attr-defined]  # the fault
            with pytest.raises(CommitUnknown) as caught:
                session.commit()
        assert storage.was_committed(WORKSPACE, caught.value.commit_id) is happens
        assert (got(storage, 2) is not None) is happens
        put(storage, write(3))
        assert storage.was_committed(WORKSPACE, caught.value.commit_id) is happens


def test_commit_of_long_ago_is_unknown(tmp_path: Path) -> None:
    """A commit that is no longer remembered is said never to have been."""
    with opened(tmp_path / "a.db") as storage:
        ids = []
        for _ in range(REMEMBERED + 3):
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1, None)])
                ids.append(session.commit().id)
        assert len(set(ids)) == len(ids)
        assert all(storage.was_committed(WORKSPACE, id) for id in ids[3:])
        for id in ids[:3]:
            with pytest.raises(CommitUnknown):
                storage.was_committed(WORKSPACE, id)
        with storage.session(WORKSPACE) as session:
            assert session.last_commit().id == ids[-1]


def test_full_disk_while_erasing_keeps_the_rest(tmp_path: Path) -> None:
    """Where there is no room to write the file anew, the erasure says it is done, or the file is damaged."""
    with opened(tmp_path / "a.db") as storage:
        untidy(storage)
        with storage._borrowed() as (connection, _), closing(connection.execute("PRAGMA page_count")) as pages:
            connection.execute(f"PRAGMA max_page_count = {pages.fetchone()[0]}")
        with suppress(StorageFull):
            storage.erase(WORKSPACE, [key_of(81)], updated_at=MOMENT)
        assert storage.check(deep=True) == []
