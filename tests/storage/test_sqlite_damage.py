"""A SQLite file whose pages are whole and whose rows are not what infoint wrote: a slip in another tool, or a bad copy of one cell."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from infoint.errors import Corrupt, InfointError
from infoint.storage import MemoryStorage, Query, copy_workspaces
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite.check import check_file
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, key_of, put, searched, write

CELLS = [
    "abc",
    b"abc",
    -5,
    2**62,
    1.5,
    "[" * 100_000,
    "{}",
    '{"due":5}',
    '{"due":[[5]]}',
    '{"a":1e999}',
    '{"a":NaN}',
    b"\xff\xfe",
]
COLUMNS = {
    "workspace": ("key", "id", "count", "commits", "places"),
    "record": (
        "kind",
        "id",
        "version",
        "seq",
        "deleted",
        "valued",
        "schema_major",
        "updated_at",
        "indexed",
        "data",
        "text",
        "place",
    ),
    "entry": ("kind", "field", "value", "id"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("damage") / "a.db"
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, *(write(number, text="oak", name=f"n{number}") for number in (1, 2)))
    put(storage, write(3, text="elm", due="2026-12-01"))
    storage.close()
    return path.read_bytes()


def damaged(sound: bytes, path: Path, sql: str, *values: object) -> Path:
    path.write_bytes(sound)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql, values)
    return path


def problems(path: Path) -> list[str]:
    storage = SqliteStorage(path)
    try:
        storage.open(read_only=True)
        return list(storage.check(deep=True))
    finally:
        storage.close()


def steps(storage: SqliteStorage) -> Iterator[Callable[[], object]]:
    def asked() -> None:
        with storage.session(WORKSPACE) as session:
            session.get_many([key_of(1)])
            session.query(Query(kind=KIND))
            session.last_commit()
            session.changes("")

    yield asked
    yield lambda: searched(storage, "oak")
    yield lambda: storage.was_committed(WORKSPACE, "1-0011223344556677")
    yield lambda: copy_workspaces(storage, opened_memory())
    yield lambda: put(storage, write(9, text="fir"))
    yield lambda: put(storage, write(1, None, text="fir"))
    yield lambda: storage.erase(WORKSPACE, [key_of(2)], updated_at=MOMENT)
    yield lambda: storage.drop_workspace(WORKSPACE)
    yield lambda: storage.check(deep=True)


def opened_memory() -> MemoryStorage:
    storage = MemoryStorage()
    storage.open()
    return storage


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column"), [(table, column) for table, columns in COLUMNS.items() for column in columns])
def test_no_cell_ends_in_a_native_error(sound: bytes, tmp_path: Path, table: str, column: str) -> None:
    """One wrong cell ends in an AttributeError of Python's, in whatever is done next."""
    for value in CELLS:
        where = f"rowid = (SELECT min(rowid) FROM {table})" if table != "entry" else "value = 'n1'"  # noqa: S608  # constants
        try:
            path = damaged(sound, tmp_path / "a.db", f"UPDATE {table} SET {column} = ? WHERE {where}", value)  # noqa: S608
        except sqlite3.IntegrityError:
            continue
        assert isinstance(problems(path), list)
        storage = SqliteStorage(path)
        storage.open()
        for step in steps(storage):
            with suppress(InfointError):
                step()
        storage.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record SET kind = x'6162' WHERE seq = 2",
        "UPDATE record SET text = x'6162' WHERE seq = 2",
        "UPDATE record SET data = '[1]' WHERE seq = 2",
        """UPDATE record SET data = '{"a":NaN}' WHERE seq = 2""",
        """UPDATE record SET data = '{"a":-Infinity}' WHERE seq = 2""",
        """UPDATE record SET data = '{"a":1e999}' WHERE seq = 2""",
        "UPDATE record SET version = 0 WHERE seq = 2",
        "UPDATE record SET schema_major = 'one' WHERE seq = 2",
        "UPDATE record SET updated_at = '2026-12-01T10:00:00' WHERE seq = 2",
        "UPDATE workspace SET count = 'abc'",
        "UPDATE workspace SET commits = x'6162'",
        "UPDATE workspace SET places = 'abc'",
        "UPDATE workspace SET id = 1 << 62",
    ],
)
def test_what_cannot_be_read_is_corrupt(sound: bytes, tmp_path: Path, sql: str) -> None:
    """What infoint would never have written is given out as if it were somebody's record."""
    path = damaged(sound, tmp_path / "a.db", sql)
    assert problems(path)
    storage = SqliteStorage(path)
    storage.open(read_only=True)
    with pytest.raises(Corrupt), storage.session(WORKSPACE) as session:
        session.changes("")
    storage.close()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE record SET valued = 0 WHERE seq = 2", "fields it is found by"),
        ("UPDATE record SET version = -3 WHERE seq = 2", "cannot be read"),
        ("UPDATE workspace SET key = x'6162'", "key cannot be one"),
        ("UPDATE workspace SET key = char(7)", "key cannot be one"),
        ("UPDATE workspace SET places = 0", "places in the search index that are taken"),
        ("UPDATE workspace SET commits = 'abc'", "ids of its commits"),
        ("UPDATE workspace SET commits = '9-0011223344556677'", "ids of its commits"),
        ("DROP INDEX record_feed", "index record_feed is missing"),
        ("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END", "trigger t is somebody else's"),
        ("ALTER TABLE entry RENAME COLUMN first TO last", "table entry lacks a column"),
    ],
)
def test_a_deep_check_finds_what_reading_does_not(sound: bytes, tmp_path: Path, sql: str, told: str) -> None:
    """A database is said to be well in which records are not found, are deleted, or will get the place of another."""
    assert any(told in problem for problem in problems(damaged(sound, tmp_path / "a.db", sql)))


def test_a_sound_file_has_no_problems(sound: bytes, tmp_path: Path) -> None:
    """A good database is called damaged, and its owner restores an old backup."""
    assert problems(damaged(sound, tmp_path / "a.db", "SELECT 1")) == []


def effort(path: Path, records: int) -> int:
    """How many thousand steps of SQLite's machine a deep check takes of so many records that are all due on one day."""
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, *(write(number, due="2026-12-01", status="open") for number in range(records)))
    storage.close()
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_progress_handler(count, 1_000)
        assert check_file(connection, deep=True) == []
    return steps


def test_effort_of_a_deep_check_grows_with_the_records(tmp_path: Path) -> None:
    """All entries of a kind would be read again for each record: minutes for what one student has in a year."""
    assert effort(tmp_path / "large.db", 2_000) < 6 * effort(tmp_path / "small.db", 500)
