"""The SQLite storage: the contract, its walks along indexes, threads, forks and checks. Odd files are in test_sqlite_files."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from infoint.errors import (
    Busy,
    CommitUnknown,
    Corrupt,
    InvalidCursor,
    InvalidRecord,
    ReadOnly,
    Retryable,
    StorageError,
    StorageFull,
)
from infoint.storage import Condition, IndexField, Op, Query, Storage, StorageUrl
from infoint.storage.cursors import Position
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite.connections import Connections
from infoint.storage.sqlite.errors import storage_error
from infoint.storage.sqlite.queries import FEW, parts
from infoint.storage.sqlite.schema import APPLICATION_ID, INDEXES, TABLES, make_tables
from infoint.storage.sqlite.session import SqliteSession
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, asked, got, id_of, key_of, put, tombstone, write
from infoint.testing.storage_contract import StorageContract


class TestSqliteStorage(StorageContract):
    """The embedded default is held to everything."""

    strict = True

    def make_storage(self, folder: Path) -> Storage:
        return SqliteStorage(StorageUrl("sqlite", str(folder / "interviews.db")))

    def older(self, folder: Path) -> Storage:
        shutil.copy(Path(__file__).parents[1] / "golden" / "storage" / "format-1.0.sqlite", folder / "interviews.db")
        return self.make_storage(folder)


@contextmanager
def opened(path: Path, options: str = "") -> Iterator[SqliteStorage]:
    storage = SqliteStorage(StorageUrl.parse(f"sqlite:{path}?{options}"))
    storage.open(create=True)
    try:
        yield storage
    finally:
        storage.close()


# ── how it asks ──────────────────────────────────────────────────────────────────────────────────
DUE, NAME, STATUS = IndexField.DUE, IndexField.NAME, IndexField.STATUS
LATE = Condition(DUE, Op.LT, "2026-04-20")


def plan(path: Path, query: Query, after: Position | None = None) -> str:
    with closing(sqlite3.connect(path)) as connection:
        lines = [
            row[3]
            for part in parts(query, after, 1, one_value=True)
            for row in connection.execute(f"EXPLAIN QUERY PLAN {part.sql} LIMIT 51", part.parameters)
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "after", [None, Position("2026-04-02", id_of(3)), Position(None, id_of(3))], ids=["first", "valued", "null"]
)
@pytest.mark.parametrize(
    ("where", "sort"),
    [
        ((), None),
        ((), DUE),
        ((LATE,), DUE),
        ((LATE, Condition(STATUS, Op.EQ, "open")), DUE),
        ((Condition(NAME, Op.PREFIX, "A"),), NAME),
        ((Condition(NAME, Op.PREFIX, "A"),), DUE),
        ((Condition(IndexField.EXTERNAL_ID, Op.EQ, "x"),), None),
        ((Condition(DUE, Op.IS_NULL),), DUE),
    ],
)
def test_queries_walk_an_index(
    tmp_path: Path, where: tuple[Condition, ...], sort: IndexField | None, after: Position | None, *, descending: bool
) -> None:
    """A query reads the whole table or sorts what it found: a large workspace gets slow."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, name="Ana", due="2026-04-01"))
        if after and after.value and sort is None:
            after = Position(None, after.id)
        steps = plan(tmp_path / "a.db", Query(kind=KIND, where=where, sort=sort, descending=descending), after)
    assert "SCAN" not in steps, steps
    assert "TEMP B-TREE" not in steps, steps
    assert "AUTOMATIC" not in steps, steps


def test_due_before_a_day_is_one_range_of_one_index(tmp_path: Path) -> None:
    """The most frequent question reads more than the rows that it gives."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, due="2026-04-02") for number in range(1, 4)), write(4, due="2026-05-01"), write(5))
        query = Query(kind=KIND, where=(LATE,), sort=DUE, limit=2)
        with storage.session(WORKSPACE) as session:
            assert isinstance(session, SqliteSession)
            first = session.explain(query)
            later = session.explain(evolve(query, cursor=session.query(query).cursor))
    walk, fetch = first
    assert "USING PRIMARY KEY (workspace=? AND kind=? AND field=? AND value<?)" in walk
    assert "USING INDEX record_key (workspace=? AND kind=? AND id=?)" in fetch
    assert "value>? AND value<?" in later[0] or "(value,id)>(?,?)" in later[0], later


def test_what_is_not_left_to_sqlite_is_told(tmp_path: Path) -> None:
    """explain() shows a walk that is not taken: of few records, which are sorted here, or past a cursor that the query refuses."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, name="Ana", due="2026-04-02") for number in range(1, FEW + 1)))
        query = Query(kind=KIND, where=(LATE, Condition(NAME, Op.EQ, "Ana")), sort=DUE, limit=2)
        for more, told in ((0, ["name =: leaves at most 200 records; compared and sorted here"]), (1, [])):
            put(storage, *(write(FEW + number, name="Ana") for number in range(1, more + 1)))
            with storage.session(WORKSPACE) as session:
                assert isinstance(session, SqliteSession)
                lines = session.explain(query)
                assert [line for line in lines if "here" in line] == told
                assert any("USING" in line for line in lines)
                assert not any("SCAN" in line or "TEMP B-TREE" in line for line in lines)
                with pytest.raises(InvalidCursor):
                    session.explain(Query(kind=KIND, cursor="x"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(kind=KIND, where=(Condition(DUE, Op.GE, "2026-04-20"),), sort=DUE, limit=10), 10),
        (Query(kind=KIND, sort=DUE, descending=True, limit=10), 10),
        (Query(kind=KIND, where=(Condition(STATUS, Op.EQ, "open"),), sort=DUE, descending=True, limit=10), 10),
        (Query(kind=KIND, where=(Condition(NAME, Op.EQ, "n77"),)), 1),
        (Query(kind=KIND, where=(Condition(NAME, Op.EQ, "n77"),), sort=DUE), 1),
        (Query(kind=KIND, where=(Condition(STATUS, Op.EQ, "open"), Condition(NAME, Op.EQ, "n77")), sort=DUE), 1),
    ],
)
def test_work_does_not_grow_with_the_workspace(tmp_path: Path, query: Query, found: int) -> None:
    """A question that gives a few records looks at all of them (5,000 instructions of SQLite are a few hundred rows)."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(n, name=f"n{n}", due=f"2026-04-{n % 28 + 1:02}", status="open") for n in range(1, 3_001)))
        with storage.session(WORKSPACE) as session:
            hundreds: list[None] = []
            session._connection.set_progress_handler(lambda: hundreds.append(None), 100)  # type: ignore[attr-defined]  # counts work
            assert len(session.query(query).items) == found
            session._connection.set_progress_handler(None, 0)  # type: ignore[attr-defined]  # as above
    assert len(hundreds) < 50


def test_condition_on_a_field_with_several_values_is_still_exact(tmp_path: Path) -> None:
    """The bound that is right for one value was also used where records have several."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, due=("2026-04-01", "2026-04-09")), write(2, due="2026-04-05"))
        late = Query(kind=KIND, where=(Condition(DUE, Op.GE, "2026-04-05"),), sort=DUE)
        assert asked(storage, late) == [1, 2]
        put(storage, write(1, 1, due="2026-04-01"))
        assert asked(storage, late) == [2]


# ── threads, processes, waiting ──────────────────────────────────────────────────────────────────
def test_connections_are_used_again_and_all_closed(tmp_path: Path) -> None:
    """Each thread leaves a connection behind, until the process has no file handles left; or close() forgets some."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("counts open files in /proc")

    def handles() -> int:
        return sum(str(tmp_path) in str(handle.readlink()) for handle in folder.iterdir() if handle.is_symlink())

    storage = SqliteStorage(tmp_path / "a.db")
    storage.open(create=True)
    put(storage, write(1))
    before = handles()
    for _ in range(20):
        reader = threading.Thread(target=got, args=(storage, 1))
        reader.start()
        reader.join()
    assert handles() == before
    with storage.session(WORKSPACE), storage.session(WORKSPACE):
        assert handles() > before
    storage.close()
    assert handles() == 0


def test_readers_may_be_nested_in_one_thread(tmp_path: Path) -> None:
    """A step that reads while it writes is refused, or reads half of what is being written."""
    with opened(tmp_path / "a.db") as storage:
        with storage.session(WORKSPACE, write=True) as writer:
            writer.put_many([write(1)])
            assert got(storage, 1) is None
            writer.commit()
        assert got(storage, 1) is not None


def test_writer_within_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    """A thread waits for a turn that it holds itself."""
    with (
        opened(tmp_path / "a.db") as storage,
        storage.session("a", write=True),
        pytest.raises(StorageError, match="this thread"),
        storage.session("b", write=True),
    ):
        pass


def test_writer_that_waits_too_long_is_busy(tmp_path: Path) -> None:
    """Another process holds the file, and the writer waits for ever or gets a native error; or its time is not that of the URL."""
    with opened(tmp_path / "a.db", "timeout=0.05") as storage:
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Busy, match=r"a\.db"), storage.session(WORKSPACE, write=True):
                pass
            with pytest.raises(Busy):
                storage.drop_workspace(WORKSPACE)
            assert got(storage, 1) is None, "readers need not wait for a writer"
        put(storage, write(1))


def test_opening_waits_no_longer_than_told(tmp_path: Path) -> None:
    """Another process is just making the file, and open() hangs or ends in a native error."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            SqliteStorage(StorageUrl.parse(f"sqlite:{path}?timeout=0.05")).open(create=True)
        other.execute("COMMIT")
    with opened(path) as storage:
        put(storage, write(1))


def test_reader_in_the_way_of_the_log_is_waited_for(tmp_path: Path) -> None:
    """Somebody reads the file while it is switched to its log, and open() gives up at once or never."""
    path = tmp_path / "a.db"
    with opened(path):
        pass
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN")
        other.execute("SELECT * FROM workspace").fetchall()
        with pytest.raises(Busy):
            SqliteStorage(StorageUrl.parse(f"sqlite:{path}?timeout=0.05")).open()
        release = threading.Timer(0.1, other.execute, ["COMMIT"])
        release.start()
        with opened(path) as storage:
            put(storage, write(1))
        release.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_has_connections_of_its_own(tmp_path: Path) -> None:
    """A server that forks its workers after opening shares SQLite's handles and locks between them."""
    program = """
import os, sys
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import got, put, write
storage = SqliteStorage(sys.argv[1])
storage.open(create=True)
put(storage, write(1))
child = os.fork()
put(storage, write(3 if child else 2))
if not child:
    assert got(storage, 1) is not None
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert got(storage, 2) is not None
assert storage.check(deep=True) == []
storage.close()
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.db")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_connections_of_the_parent_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child closes its parent's connections, or waits for a lock that a thread of the parent held."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        before = storage._connections
        assert before is not None
        with before.turn.taken():
            monkeypatch.setattr(os, "getpid", lambda: -1)
            put(storage, write(2))
            assert storage._connections is not before
            monkeypatch.undo()
        for connection in before._idle:
            assert connection.execute("SELECT count(*) FROM record").fetchone() == (2,)
            connection.close()


def test_closed_connections_give_none() -> None:
    """A thread that was just about to begin opens the file again behind close()."""
    connections = Connections("file:unused?mode=ro", timeout=0, place="place")
    connections.close()
    with pytest.raises(StorageError, match="place: is closed"), connections.borrowed():
        pass


def test_broken_connection_is_not_used_again(tmp_path: Path) -> None:
    """After a fault every further session ends in the same error."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        with storage.session(WORKSPACE) as session:
            session._connection.close()  # type: ignore[attr-defined]  # the fault
            with pytest.raises(StorageError, match="ProgrammingError"):
                session.changes("")
        assert got(storage, 1) is not None


def test_creation_waits_for_another(tmp_path: Path) -> None:
    """Of two programs that start together one gives up: both looked, both want to make the tables, each waits for the other."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        for statement in (*TABLES.values(), *INDEXES):
            other.execute(statement)
        other.execute("PRAGMA user_version = 2000")
        other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        release = threading.Timer(0.1, other.execute, ["COMMIT"])
        release.start()
        with opened(path, "timeout=2") as storage:
            put(storage, write(1))
        release.join()


def test_dropped_workspace_leaves_no_rows(tmp_path: Path) -> None:
    """What a dropped workspace held is found no more, but stays in the tables."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, name="Ana", text="words"), tombstone(2))
        storage.drop_workspace(WORKSPACE)
        with storage._borrowed() as (connection, _):
            for table in ("workspace", "record", "entry"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608  # constants


def test_tables_are_made_once(tmp_path: Path) -> None:
    """Of two programs that start together the second fails."""
    with opened(tmp_path / "a.db") as storage, storage._borrowed() as (connection, _):
        make_tables(connection, tmp_path / "a.db")
        assert not connection.in_transaction


def test_session_of_a_closed_storage_takes_nothing(tmp_path: Path) -> None:
    """A commit after close() was acknowledged, or ended in a native error."""
    with opened(tmp_path / "a.db") as storage:
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([write(1)])
            storage.close()
            with pytest.raises(StorageError, match="was closed"):
                session.commit()
        storage.open()
        assert got(storage, 1) is None


def test_session_after_its_commit_is_refused(tmp_path: Path) -> None:
    """A session goes on after its commit, outside of any transaction."""
    with opened(tmp_path / "a.db") as storage, storage.session(WORKSPACE, write=True) as session:
        session.put_many([write(1)])
        session.commit()
        with pytest.raises(StorageError, match="was committed"):
            session.put_many([write(2)])


def test_unopened_storage_says_so(tmp_path: Path) -> None:
    """A storage that nobody opened makes a file by itself, or ends in a native error."""
    with pytest.raises(StorageError, match=r"call open\(\) first"):
        got(SqliteStorage(tmp_path / "a.db"), 1)
    assert list(tmp_path.iterdir()) == []


def test_opened_twice_is_open_once(tmp_path: Path) -> None:
    """A second open() leaves the connections of the first behind."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        storage.open()
        assert got(storage, 1) is not None


# ── settings ─────────────────────────────────────────────────────────────────────────────────────
def test_commits_are_synchronous_in_a_log(tmp_path: Path) -> None:
    """An acknowledged commit is lost in a power cut (measured for synchronous=NORMAL)."""
    with opened(tmp_path / "a.db") as storage, storage._borrowed() as (connection, _):
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_importing_the_room_leaves_sqlite_alone() -> None:
    """Everybody who imports infoint pays for SQLite, also who stores nothing."""
    program = "import sys, infoint.storage; sys.exit('sqlite3' in sys.modules or 'pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# ── errors ───────────────────────────────────────────────────────────────────────────────────────
def native(code: int, name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("near 'a secret': words")
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, Busy),
        (sqlite3.SQLITE_BUSY_RECOVERY, Busy),
        (sqlite3.SQLITE_LOCKED, Busy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Retryable),
        (sqlite3.SQLITE_READONLY_DBMOVED, ReadOnly),
        (sqlite3.SQLITE_FULL, StorageFull),
        (sqlite3.SQLITE_CORRUPT_VTAB, Corrupt),
        (sqlite3.SQLITE_NOTADB, Corrupt),
        (sqlite3.SQLITE_TOOBIG, InvalidRecord),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, StorageError),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageError),
    ],
)
def test_native_errors_become_ours(code: int, expected: type[StorageError]) -> None:
    """An app has to know SQLite's codes; or SQLite's words, which may quote a record, come out."""
    error = storage_error(native(code, "SQLITE_X"), "/some/place.db")
    assert type(error) is expected
    assert "/some/place.db" in str(error)
    assert "secret" not in str(error)


def test_error_of_the_module_itself_becomes_ours() -> None:
    """An error without a code ends in another error."""
    assert "ProgrammingError" in str(storage_error(sqlite3.ProgrammingError("a secret"), "p"))


def test_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """A full disk ends in a native error, in half a commit, or takes earlier commits with it."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1))
        with storage.session(WORKSPACE, write=True) as session:
            session._connection.execute("PRAGMA max_page_count = 20")  # type: ignore[attr-defined]  # the same error as a full disk
            with pytest.raises(StorageFull):
                session.put_many([write(2), write(3, data={"notes": "x" * 1_000_000})])
            with pytest.raises(StorageError, match="this session failed"):
                session.commit()
        with storage._borrowed() as (connection, _):
            connection.execute("PRAGMA max_page_count = 1000000")
        assert asked(storage, Query(kind=KIND)) == [1]
        assert put(storage, write(2))[0].seq == 2
        assert storage.check(deep=True) == []


class FailingCommit:
    """A connection whose COMMIT fails."""

    def __init__(self, connection: sqlite3.Connection, code: int) -> None:
        self.connection, self.code = connection, code

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        if sql == "COMMIT":
            raise native(self.code, "SQLITE_X")
        return self.connection.execute(sql, *parameters)  # type: ignore[arg-type]  # passed on

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        return self.connection.executemany(sql, rows)


@pytest.mark.parametrize(
    ("code", "expected"), [(sqlite3.SQLITE_IOERR_FSYNC, CommitUnknown), (sqlite3.SQLITE_FULL, StorageFull)]
)
def test_failed_commit_says_what_is_known(tmp_path: Path, code: int, expected: type[StorageError]) -> None:
    """A commit whose fate nobody knows is called failed, so that the step is done twice."""
    with opened(tmp_path / "a.db") as storage:
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([write(1)])
            session._connection = FailingCommit(session._connection, code)  # type: ignore[attr-defined]  # the fault
            with pytest.raises(expected):
                session.commit()
        assert got(storage, 1) is None


def test_odd_key_is_not_there(tmp_path: Path) -> None:
    """A kind that cannot be asked for ends in a native error."""
    with opened(tmp_path / "a.db") as storage, storage.session(WORKSPACE) as session:
        assert session.get_many([key_of(1, "\ud800"), key_of(1, "a\x00"), key_of(1, "")]) == {}


# ── check ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE record SET data = '{' WHERE id = x'00000000000000000000000000000001'", "cannot be read"),
        ("UPDATE record SET updated_at = 7", "cannot be read"),
        ("UPDATE workspace SET count = 9", "count of commits"),
        ("DELETE FROM workspace", "workspace that is gone"),
        ("DELETE FROM record WHERE id = x'00000000000000000000000000000001'", "of a note that is gone"),
        ("DELETE FROM entry WHERE field = 'name'", "index values"),
        ("UPDATE entry SET first = 0", "index values"),
        ('UPDATE record SET indexed = \'{"name":["else"]}\'', "index values"),
    ],
)
def test_deep_check_names_what_is_wrong(tmp_path: Path, damage: str, problem: str) -> None:
    """Damage that SQLite itself cannot see goes unnoticed; or the report tells a person's words."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, name="A Secret", data={"notes": "A Secret"}), tombstone(2))
        assert storage.check(deep=True) == []
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
            connection.execute(damage)
        problems = storage.check(deep=True)
        assert any(problem in line for line in problems), problems
        assert "A Secret" not in "".join(problems)
        assert storage.check() == []


def test_unreadable_record_is_corrupt(tmp_path: Path) -> None:
    """A damaged row ends in a native error, or its content in the message."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, data={"notes": "A Secret"}))
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
            connection.execute("UPDATE record SET id = 'A Secret'")
        with storage.session(WORKSPACE) as session, pytest.raises(Corrupt, match="of unknown id cannot be read"):
            session.query(Query(kind=KIND))


def test_index_field_of_a_newer_minor_is_left_out(tmp_path: Path) -> None:
    """A file that a newer infoint with one more index field wrote cannot be read."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, name="Ana"))
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
            connection.execute('UPDATE record SET indexed = \'{"name":["Ana"],"mood":[1]}\'')
            connection.execute("PRAGMA user_version = 2007")
        storage.open()
        record = got(storage, 1)
        assert record is not None
        assert record.index == {NAME: ("Ana",)}
        assert record.updated_at == MOMENT
