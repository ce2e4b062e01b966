"""What may stand where a SQLite storage is to be opened: nothing, something else, something damaged, something protected."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from infoint.errors import (
    CannotWrite,
    Corrupt,
    FormatTooNew,
    InfointError,
    InvalidValue,
    MigrationRequired,
    NotFound,
    NotOurs,
    ReadOnly,
    StorageError,
)
from infoint.files import write_atomically
from infoint.storage import StorageUrl
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite.schema import APPLICATION_ID, use_wal
from infoint.testing.storage_case import WORKSPACE, got, put, write

NOBODY = 65534


def made(path: Path) -> Path:
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, *(write(number, data={"notes": "x" * 2_000}) for number in range(1, 20)))
    storage.close()
    return path


def opening(path: Path | str, *, create: bool = False, read_only: bool = False) -> InfointError:
    storage = SqliteStorage(path)
    with pytest.raises(InfointError) as caught:
        storage.open(create=create, read_only=read_only)
    return caught.value


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


ALL_WAYS = pytest.mark.parametrize(
    "how",
    [{}, {"create": True}, {"read_only": True}, {"create": True, "read_only": True}],
    ids=["open", "create", "read", "both"],
)
NEVER_CREATING = pytest.mark.parametrize(
    "how", [{}, {"read_only": True}, {"create": True, "read_only": True}], ids=["open", "read", "both"]
)


# ── names ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "name", ["a b.db", "日本 🌳.db", "50%20 %.db", "a?b.db", "a#b&c=d.db", "file:a.db", "-x.db", "'q\".db", "a;b.db"]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    """A name is taken for a pattern, an escape or SQLite's own URI, and another file is made."""
    made(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    storage = SqliteStorage(StorageUrl.parse(f"sqlite:{tmp_path / name}?"))
    storage.open(read_only=True)
    assert got(storage, 1) is not None
    storage.close()


def test_relative_path_means_the_folder_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that changes its folder later finds another storage, or none."""
    monkeypatch.chdir(tmp_path)
    storage = SqliteStorage("a.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    storage.open(create=True)
    storage.close()
    assert (tmp_path / "a.db").exists()


@pytest.mark.parametrize("text", ["sqlite:", "sqlite:?timeout=1", "sqlite::memory:", "sqlite:a\x00b.db"])
def test_path_that_is_none_is_refused(text: str) -> None:
    """A missing path made a file somewhere, or a storage that keeps nothing."""
    with pytest.raises(InvalidValue):
        SqliteStorage(StorageUrl.parse(text))


@pytest.mark.parametrize(
    "options", ["timeout=", "timeout=soon", "timeout=-1", "timeout=nan", "timeout=inf", "timeout=1e9", "wait=1"]
)
def test_option_that_is_none_is_refused(options: str) -> None:
    """A misspelt option is ignored, or a wrong one ends in a native error."""
    with pytest.raises(InvalidValue):
        SqliteStorage(StorageUrl.parse(f"sqlite:a.db?{options}"))


# ── nothing there ────────────────────────────────────────────────────────────────────────────────
@NEVER_CREATING
def test_missing_file_is_not_made(tmp_path: Path, how: dict[str, bool]) -> None:
    """A mistyped path in a nightly job makes an empty storage, and an empty calendar."""
    error = opening(tmp_path / "a.db", **how)
    assert isinstance(error, NotFound)
    assert str(tmp_path / "a.db") in str(error)
    assert "create=True" in str(error)
    assert list(tmp_path.iterdir()) == []


@ALL_WAYS
def test_missing_folder_is_named(tmp_path: Path, how: dict[str, bool]) -> None:
    """It is not said that the folder is missing, or it is made."""
    error = opening(tmp_path / "no" / "a.db", **how)
    assert isinstance(error, NotFound)
    assert str(tmp_path / "no") in str(error)
    assert list(tmp_path.iterdir()) == []


@ALL_WAYS
def test_file_where_a_folder_should_be_is_named(tmp_path: Path, how: dict[str, bool]) -> None:
    """A file in the middle of the path ends in a native error."""
    (tmp_path / "file").write_text("words")
    assert isinstance(opening(tmp_path / "file" / "a.db", **how), NotFound)


@NEVER_CREATING
def test_empty_file_is_not_found(tmp_path: Path, how: dict[str, bool]) -> None:
    """A file that a crash left empty looks like a storage without records."""
    (tmp_path / "a.db").touch()
    before = state(tmp_path)
    assert isinstance(opening(tmp_path / "a.db", **how), NotFound)
    assert state(tmp_path) == before


def test_empty_file_becomes_a_storage(tmp_path: Path) -> None:
    """A file that a crash left empty has to be removed by hand before it can be made."""
    (tmp_path / "a.db").touch()
    made(tmp_path / "a.db")


def test_database_without_tables_becomes_a_storage(tmp_path: Path) -> None:
    """A creation that was cut short before its first table has to be removed by hand."""
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert (tmp_path / "a.db").stat().st_size
    assert isinstance(opening(tmp_path / "a.db"), NotFound)
    made(tmp_path / "a.db")


@pytest.mark.parametrize("statement", range(1, 17))
def test_creation_cut_short_can_be_done_again(tmp_path: Path, statement: int) -> None:
    """A kill in the middle of a creation leaves half a storage, which can neither be opened nor made."""
    program = """
import os, sys
from infoint.storage.sqlite import schema
from infoint.storage.sqlite import SqliteStorage
class Killed:
    def __init__(self, connection): self.connection, self.count = connection, 0
    def execute(self, sql):
        self.count += 1
        if self.count == int(sys.argv[2]): os._exit(9)
        return self.connection.execute(sql)
make_tables = schema.make_tables
from infoint.storage.sqlite import opening
opening.make_tables = lambda connection, path: make_tables(Killed(connection), path)
SqliteStorage(sys.argv[1]).open(create=True)
"""
    path = tmp_path / "a.db"
    done = subprocess.run([sys.executable, "-c", program, str(path), str(statement)], check=False)
    assert done.returncode == 9
    assert isinstance(opening(path), NotFound)
    made(path)


def test_creation_killed_while_it_commits_can_be_done_again(tmp_path: Path) -> None:
    """A hot journal beside a half-written first page is taken for a foreign or damaged file."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # With a cache of one page SQLite writes into the file before it commits.
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 2000")
        for number in range(50):
            connection.execute(f"CREATE TABLE t{number} (x)")
        shutil.copy(tmp_path / "a.db-journal", tmp_path / "copy.db-journal")
        half = path.read_bytes()
        connection.execute("COMMIT")
    # A commit writes the first page first.
    (tmp_path / "copy.db").write_bytes(path.read_bytes()[:4_096] + half[4_096:])
    error = opening(tmp_path / "copy.db")
    assert isinstance(error, NotFound), repr(error)
    made(tmp_path / "copy.db")


# ── something else there ─────────────────────────────────────────────────────────────────────────
def foreign(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@ALL_WAYS
@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE invoices (x)",),
        ("PRAGMA application_id = 252006675",),
        ("PRAGMA journal_mode = WAL", "CREATE TABLE record (x)"),
        ("CREATE TABLE workspace (x)", "CREATE TABLE record (x)", "CREATE TABLE entry (x)"),
    ],
    ids=["tables", "application", "log", "same names"],
)
def test_database_of_another_program_is_left_alone(tmp_path: Path, statements: tuple[str, ...], how: dict[str, bool]) -> None:
    """Tables are added to somebody else's database, or files appear beside it."""
    foreign(tmp_path / "a.db", *statements)
    before = state(tmp_path)
    error = opening(tmp_path / "a.db", **how)
    assert type(error) is NotOurs
    assert str(tmp_path / "a.db") in str(error)
    assert state(tmp_path) == before


@ALL_WAYS
def test_database_in_use_by_another_program_is_left_alone(tmp_path: Path, how: dict[str, bool]) -> None:
    """A database whose tables stand only in its log yet looks empty, and is taken over."""
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE invoices (x)")
        before = state(tmp_path)
        assert type(opening(tmp_path / "a.db", **how)) is NotOurs
        assert state(tmp_path) == before


@ALL_WAYS
@pytest.mark.parametrize(
    "content",
    [b"\n", b"BEGIN:VCALENDAR\r\n" * 50, bytes(4096), b"PK\x03\x04" + bytes(200), b"SQLite format 3\x00" + bytes(4080)],
)
def test_file_of_another_program_is_left_alone(tmp_path: Path, content: bytes, how: dict[str, bool]) -> None:
    """A calendar or a document is overwritten."""
    (tmp_path / "a.db").write_bytes(content)
    before = state(tmp_path)
    assert type(opening(tmp_path / "a.db", **how)) is NotOurs
    assert state(tmp_path) == before


@ALL_WAYS
def test_folder_is_no_file(tmp_path: Path, how: dict[str, bool]) -> None:
    """A folder given for a file ends in a native error."""
    error = opening(tmp_path, **how)
    assert type(error) is NotOurs
    assert "is a folder" in str(error)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
@ALL_WAYS
def test_pipe_is_no_file(tmp_path: Path, how: dict[str, bool]) -> None:
    """Opening waits for ever for somebody to write into a pipe."""
    os.mkfifo(tmp_path / "a.db")
    assert type(opening(tmp_path / "a.db", **how)) is NotOurs


@ALL_WAYS
@pytest.mark.parametrize("name", ["x" * 300, "\ud800"], ids=["too long", "not a name"])
def test_impossible_path_is_refused(tmp_path: Path, name: str, how: dict[str, bool]) -> None:
    """A path that the system refuses ends in a native error."""
    assert isinstance(opening(tmp_path / name, **how), StorageError | NotFound)


# ── other versions, damage ───────────────────────────────────────────────────────────────────────
@ALL_WAYS
@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (3_000, FormatTooNew),
        (900_123, FormatTooNew),
        (1_000, MigrationRequired),
        (999, MigrationRequired),
        (0, MigrationRequired),
    ],
)
def test_other_major_is_left_alone(tmp_path: Path, version: int, expected: type[InfointError], how: dict[str, bool]) -> None:
    """A file of another major is misread, or changed without being asked."""
    foreign(made(tmp_path / "a.db"), f"PRAGMA user_version = {version}")
    before = state(tmp_path)
    assert type(opening(tmp_path / "a.db", **how)) is expected
    assert state(tmp_path) == before


def test_newer_minor_can_be_read_and_written(tmp_path: Path) -> None:
    """A colleague with the next minor makes the file unreadable for everybody else."""
    foreign(made(tmp_path / "a.db"), "PRAGMA user_version = 2009", "ALTER TABLE record ADD COLUMN mood TEXT DEFAULT 'calm'")
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open()
    put(storage, write(1, 1, name="Ana"), write(100))
    storage.close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2009,)
        assert connection.execute("SELECT DISTINCT mood FROM record").fetchall() == [("calm",)]


@ALL_WAYS
@pytest.mark.parametrize("keep", [10, 50, 99, 100, 600, 4_096, 5_000, -4_096])
def test_truncated_file_is_corrupt(tmp_path: Path, keep: int, how: dict[str, bool]) -> None:
    """A file that lost its end looks like one of another program, or like an empty storage; or is changed."""
    path = made(tmp_path / "a.db")
    path.write_bytes(path.read_bytes()[:keep])
    content = path.read_bytes()
    error = opening(path, **how)
    assert type(error) is Corrupt
    assert str(path) in str(error)
    assert path.read_bytes() == content


@ALL_WAYS
def test_garbled_schema_is_corrupt(tmp_path: Path, how: dict[str, bool]) -> None:
    """Damage in the first page ends in a native error."""
    path = made(tmp_path / "a.db")
    content = bytearray(path.read_bytes())
    content[100:4_096] = bytes(range(256)) * 15 + bytes(156)
    path.write_bytes(content)
    assert type(opening(path, **how)) is Corrupt


def test_lost_table_is_corrupt(tmp_path: Path) -> None:
    """A storage without one of its tables opens, and fails at the first question."""
    foreign(made(tmp_path / "a.db"), "DROP TABLE entry")
    assert type(opening(tmp_path / "a.db")) is Corrupt


def test_garbled_pages_are_found(tmp_path: Path) -> None:
    """Damage in the middle of the file ends in a native error, or the check does not see it."""
    path = made(tmp_path / "a.db")
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4_096):
        content[page * 4_096 : page * 4_096 + 100] = b"\xa5" * 100
    path.write_bytes(content)
    storage = SqliteStorage(path)
    storage.open(read_only=True)
    assert storage.check()
    with pytest.raises(Corrupt):
        [got(storage, number) for number in range(1, 20)]
    storage.close()


def test_application_id_in_the_log_only_is_believed(tmp_path: Path) -> None:
    """A file whose log makes it another program's is written to."""
    path = made(tmp_path / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA application_id = 7")
        for name in ("a.db", "a.db-wal"):
            shutil.copy(tmp_path / name, tmp_path / f"copy{name[1:]}")
    assert type(opening(tmp_path / "copy.db")) is NotOurs


@NEVER_CREATING
def test_storage_emptied_by_its_log_is_not_found(tmp_path: Path, how: dict[str, bool]) -> None:
    """A file whose log took everything away is read as a storage, and every question ends in a native error."""
    path = made(tmp_path / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in ("workspace", "record", "entry", "stale", "words"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA application_id = 0")
        for name in ("a.db", "a.db-wal"):
            shutil.copy(tmp_path / name, tmp_path / f"copy{name[1:]}")
    assert type(opening(tmp_path / "copy.db", **how)) is NotFound


class NoLog:
    """A connection on a file system that cannot share memory."""

    def execute(self, sql: str) -> "NoLog":
        return self

    def fetchone(self) -> tuple[str]:
        return ("delete",)


def test_file_system_without_a_log_is_refused(tmp_path: Path) -> None:
    """On a network share the storage quietly does without its log, and with it without snapshots."""
    with pytest.raises(StorageError, match="local disk"):
        use_wal(NoLog(), tmp_path / "a.db")  # type: ignore[arg-type]  # the fault


# ── reading only, protected places ───────────────────────────────────────────────────────────────
def test_reading_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """A reader changes the file or leaves others beside it."""
    path = made(tmp_path / "a.db")
    before = state(tmp_path)
    storage = SqliteStorage(path)
    storage.open(read_only=True)
    assert got(storage, 19) is not None
    assert storage.check(deep=True) == []
    with pytest.raises(ReadOnly, match=r"a\.db"), storage.session(WORKSPACE, write=True):
        pass
    storage.close()
    assert state(tmp_path) == before


def test_reader_sees_what_is_written_meanwhile(tmp_path: Path) -> None:
    """A reader that stays open goes on seeing the state of its opening, or takes the writer's log away when it closes."""
    path = made(tmp_path / "a.db")
    reader, writer = SqliteStorage(path), SqliteStorage(path)
    reader.open(read_only=True)
    writer.open()
    put(writer, write(50))
    assert got(reader, 50) is not None
    reader.close()
    put(writer, write(51))
    writer.close()
    reader.open(read_only=True)
    assert got(reader, 51) is not None
    reader.close()
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


def test_reader_sees_the_log_of_a_killed_writer(tmp_path: Path) -> None:
    """What a killed process had committed is missing for readers."""
    path = made(tmp_path / "a.db")
    program = (
        "import os, sys; from infoint.storage.sqlite import SqliteStorage; from infoint.testing.storage_case import put, write\n"
        "storage = SqliteStorage(sys.argv[1]); storage.open(); put(storage, write(50)); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    assert (tmp_path / "a.db-wal").stat().st_size
    content = path.read_bytes()
    storage = SqliteStorage(path)
    storage.open(read_only=True)
    assert got(storage, 50) is not None
    storage.close()
    assert path.read_bytes() == content, "a reader moved the log into the file"


@contextmanager
def protected(folder: Path, mode: int = 0o555) -> Iterator[None]:
    """Takes the right to write away, from this process too: root, whom no mode stops, becomes nobody for a while."""
    files = list(folder.iterdir())
    for file in files:
        file.chmod(mode & 0o666)
    folder.chmod(mode)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(NOBODY)
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        for file in files:
            file.chmod(0o644)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that nobody can reach too (pytest's own are closed to others)."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs POSIX permissions")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("left", [[], ["a.db-wal"], ["a.db-journal"]], ids=str)
def test_protected_folder_can_be_read(place: Path, left: list[str]) -> None:
    """A storage on a read-only medium cannot be opened at all, or not with an empty file that a program left beside it."""
    path = made(place / "a.db")
    for name in left:
        (place / name).touch()
    with protected(place):
        storage = SqliteStorage(path)
        storage.open(read_only=True)
        assert got(storage, 19) is not None
        storage.close()
    assert sorted(file.name for file in place.iterdir()) == ["a.db", *left]


@pytest.mark.parametrize("how", [{}, {"create": True}])
def test_protected_file_says_so_when_it_is_opened(place: Path, how: dict[str, bool]) -> None:
    """A protected file opens, and fails at the first commit."""
    path = made(place / "a.db")
    with protected(place):
        assert type(opening(path, **how)) is ReadOnly
        assert type(opening(place / "new.db", create=True)) is ReadOnly
    assert [file.name for file in place.iterdir()] == ["a.db"]


def test_unreadable_file_is_named(place: Path) -> None:
    """A file that may not be read ends in a native error."""
    path = made(place / "a.db")
    with protected(place, 0o111):
        for how in ({}, {"read_only": True}, {"create": True}):
            error = opening(path, **how)
            assert isinstance(error, StorageError)
            assert str(path) in str(error)


@pytest.mark.parametrize("linked", [False, True])
def test_log_that_cannot_be_read_is_not_ignored(place: Path, *, linked: bool) -> None:
    """A reader on a protected copy misses the newest commits without a word: they stand in the log beside it."""
    path = made(place / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE workspace SET count = count + 1")
        shutil.copy(place / "a.db-wal", place / "kept")
    shutil.copy(place / "kept", place / "a.db-wal")
    (links := Path(tempfile.mkdtemp())).chmod(0o755)
    (links / "link.db").symlink_to(path)
    with protected(place):
        error = opening(links / "link.db" if linked else path, read_only=True)
    shutil.rmtree(links)
    assert type(error) is ReadOnly
    assert "beside it" in str(error)


def test_link_into_a_protected_folder_says_so_when_it_is_opened(place: Path) -> None:
    """The folder that counts is taken for the link's own, and the first commit fails."""
    (place / "real").mkdir()
    (place / "link.db").symlink_to(made(place / "real" / "a.db"))
    with protected(place / "real"):
        assert type(opening(place / "link.db")) is ReadOnly


def test_reader_through_a_link_tidies_up(tmp_path: Path) -> None:
    """An empty log stays behind for ever, and makes the file look like one in use."""
    path, link = made(tmp_path / "a.db"), tmp_path / "links" / "a.db"
    link.parent.mkdir()
    link.symlink_to(path)
    storage = SqliteStorage(link)
    storage.open(read_only=True)
    assert got(storage, 1) is not None
    storage.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db", "links"]


@pytest.mark.parametrize("letters", [247, 248, 251, 255])
def test_name_too_long_for_a_log_beside_it_ends_in_no_native_error(tmp_path: Path, letters: int) -> None:
    """A name that leaves no room for the names of what SQLite keeps beside it ends in a native error, at some of its lengths."""
    path = made(tmp_path / "a.db").rename(tmp_path / ("x" * (letters - 3) + ".db"))
    if letters > 251:  # up to there SQLite can keep a log, which is all it needs
        assert isinstance(opening(path), StorageError)
        assert isinstance(opening(path, create=True), StorageError)
    storage = SqliteStorage(path)
    storage.open(read_only=True)  # there can be no log, so what it reads is all
    assert got(storage, 19) is not None
    storage.close()
    for content in (b"\0" * 4_096, b"x"):
        path.write_bytes(content)
        assert isinstance(opening(path), StorageError)
    foreign(path.with_name("f"), "CREATE TABLE invoices (x)")
    path.with_name("f").rename(path)
    assert isinstance(opening(path), InfointError)


# ── a file that is taken away ────────────────────────────────────────────────────────────────────
def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    made(path.with_name("other.db")).replace(path)


def restored(path: Path) -> None:
    """As a careful person does: without the log of the file before."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink()
    made(path)


def deleted(path: Path) -> None:
    path.unlink()


TAKEN_AWAY = pytest.mark.parametrize("take_away", [moved, replaced, restored, deleted])


@TAKEN_AWAY
def test_file_taken_away_takes_no_more_writes(tmp_path: Path, take_away: Callable[[Path], None]) -> None:
    """Whatever is saved after somebody restored a backup under an open program is acknowledged, and gone when it ends."""
    path = made(tmp_path / "a.db")
    storage = SqliteStorage(path)
    storage.open()
    put(storage, write(100))
    take_away(path)
    for ask in (
        lambda: put(storage, write(101)),
        lambda: storage.drop_workspace(WORKSPACE),
        lambda: storage.load(WORKSPACE, []),
    ):
        with pytest.raises(
            StorageError, match=r"was moved, replaced or deleted while it was open; open it again|cannot be opened"
        ):
            ask()
    with pytest.raises(StorageError):
        got(storage, 1)  # the connections to the old file are gone, and none is made to the new one
    storage.close()
    if take_away is not deleted:
        storage = SqliteStorage(path if take_away is not moved else tmp_path / "elsewhere.db")
        storage.open()
        put(storage, write(101))
        assert got(storage, 101) is not None
        storage.close()


@TAKEN_AWAY
def test_file_taken_away_during_a_session_is_told_before_the_commit(tmp_path: Path, take_away: Callable[[Path], None]) -> None:
    """A commit into a file that has no name any more is acknowledged."""
    storage = SqliteStorage(path := made(tmp_path / "a.db"))
    storage.open()
    put(storage, write(100))
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([write(101)])
        take_away(path)
        with pytest.raises(StorageError, match="was moved, replaced or deleted"):
            session.commit()
    storage.close()


def test_file_that_was_given_a_second_name_is_still_it(tmp_path: Path) -> None:
    """What is opened by a link, or has two names, is taken for one that was replaced."""
    path, link = made(tmp_path / "a.db"), tmp_path / "link.db"
    link.symlink_to(path)
    storage = SqliteStorage(link)
    storage.open()
    (tmp_path / "second.db").hardlink_to(path)
    put(storage, write(100))
    storage.close()


@pytest.mark.parametrize("target", ["elsewhere.db", "other.db"])
def test_link_that_leads_elsewhere_takes_no_more_writes(tmp_path: Path, target: str) -> None:
    """The log stays where the link led to, and is no longer the log of what it leads to."""
    path, link = made(tmp_path / "a.db"), tmp_path / "link.db"
    made(tmp_path / "other.db")
    link.symlink_to(path)
    storage = SqliteStorage(link)
    storage.open()
    put(storage, write(100))
    moved(path)
    if target == "other.db":
        shutil.copy(tmp_path / "elsewhere.db", path)
    link.unlink()
    link.symlink_to(tmp_path / target)
    with pytest.raises(StorageError, match="was moved"):
        put(storage, write(101))
    storage.close()


# ── more than one in a process ───────────────────────────────────────────────────────────────────
def opened_elsewhere(path: Path) -> None:
    program = "import sys; from infoint.storage.sqlite import SqliteStorage as S; s = S(sys.argv[1]); s.open(); s.workspaces(); s.close()"
    subprocess.run([sys.executable, "-c", program, path], check=True)


def open_again(path: Path) -> None:
    again = SqliteStorage(path)
    again.open()
    assert got(again, 1) is not None
    again.close()


def read_again(path: Path) -> None:
    again = SqliteStorage(path)
    again.open(read_only=True)
    again.close()


def export_over(path: Path) -> None:
    for place in (path, path.with_name("a.db-shm"), path.with_name("a.db-wal")):
        with pytest.raises(CannotWrite):
            write_atomically(place, b"x")


@pytest.mark.parametrize("again", [open_again, read_again, export_over])
def test_second_look_gives_up_no_locks(tmp_path: Path, again: Callable[[Path], None]) -> None:
    """A process that opens a database twice loses its locks (POSIX: at the first close), another that ends takes the log away with it,
    and what is written from then on is acknowledged and gone.
    """
    path = made(tmp_path / "a.db")
    storage = SqliteStorage(path)
    storage.open()
    put(storage, write(100))
    again(path)
    opened_elsewhere(path)
    assert (tmp_path / "a.db-wal").exists()
    put(storage, write(101))
    shutil.copytree(tmp_path, tmp_path / "killed")
    storage.close()
    after = SqliteStorage(tmp_path / "killed" / "a.db")
    after.open()
    assert got(after, 101) is not None
    after.close()
