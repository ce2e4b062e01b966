"""Files of older formats: nobody changes them unasked, and whatever cuts a migration short, it goes on."""

import multiprocessing
import random
import shutil
import sqlite3
import time
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from infoint.errors import Busy, FormatTooNew, MigrationRequired, NotFound, NotOurs, ReadOnly, StorageError
from infoint.storage import StorageUrl
from infoint.storage.contract import Progress
from infoint.storage.sqlite import SqliteStorage, migrations, search
from infoint.storage.sqlite.schema import TABLES
from infoint.testing.storage_case import KIND, WORKSPACE, followed, put, searched, write

GOLDEN = Path(__file__).parents[1] / "golden" / "storage" / "format-1.0.sqlite"


def old(path: Path, *statements: str) -> Path:
    """A file of format 1.0."""
    shutil.copy(GOLDEN, path)
    run(path, *statements)
    return path


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def grown(path: Path, records: int) -> Path:
    """With so many records more, of many commits; format 1.0 too."""
    return old(
        path,
        f"""INSERT INTO record (workspace, kind, id, version, seq, deleted, valued, schema_major, schema_minor, updated_at, indexed, data, text)
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {records})
        SELECT 1, 'note', CAST(printf('%016d', n) AS BLOB), 1, 4 + n / 7, 0, 0, 1, 0, '2026-03-02T08:15:30.123456+00:00', '{{}}', '{{}}',
        'Oak ' || n FROM n""",  # noqa: S608  # a number
        f"UPDATE workspace SET seq = 4 + {records} / 7 WHERE id = 1",  # noqa: S608  # as above
    )


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def columns(path: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"PRAGMA table_info({table})"), key=lambda row: row[1]) for table in TABLES
        } | {"indexes": sorted(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'"))}


def test_older_file_is_not_changed_unasked(tmp_path: Path) -> None:
    """Opening an older file changes it, so that whoever has it open with an older infoint can go on no more."""
    path = old(tmp_path / "a.db")
    before = state(tmp_path)
    for read_only in (False, True):
        with pytest.raises(MigrationRequired, match=r"migrate\(\)"):
            SqliteStorage(path).open(read_only=read_only)
        with pytest.raises(MigrationRequired):
            SqliteStorage(path).open(create=True, read_only=read_only)
    assert state(tmp_path) == before


def test_dry_run_tells_and_changes_nothing(tmp_path: Path) -> None:
    """Whoever asks what a migration would do has it done; or is told other steps than are taken."""
    path = grown(tmp_path / "a.db", 50)
    before = state(tmp_path)
    steps = SqliteStorage(path).migrate(dry_run=True)
    assert state(tmp_path) == before
    assert [("tables" in step, "55 records" in step, "2.0" in step) for step in steps] == [
        (True, False, True),
        (False, True, False),
        (False, False, True),
    ]
    assert SqliteStorage(path).migrate() == steps
    assert SqliteStorage(path).migrate(dry_run=True) == SqliteStorage(path).migrate() == ()


def test_migrated_file_is_like_a_new_one(tmp_path: Path) -> None:
    """Files that were migrated and files that were made differ, so that one day only one of the two works."""
    path = old(tmp_path / "a.db")
    SqliteStorage(path).migrate()
    storage = SqliteStorage(tmp_path / "b.db")
    storage.open(create=True)
    storage.close()
    found, made = columns(path), columns(tmp_path / "b.db")
    assert (
        {name: [row[1:] for row in rows] for name, rows in found.items()}
        == {  # type: ignore[index]  # rows are tuples
            name: [row[1:] for row in rows]
            for name, rows in made.items()  # type: ignore[index]  # as above
        }
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db", "b.db"]


def test_progress_counts_up_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told nothing, or numbers that never come to an end."""
    monkeypatch.setattr(migrations, "BATCH", 20)
    told: list[Progress] = []
    SqliteStorage(grown(tmp_path / "a.db", 95)).migrate(progress=told.append)
    assert [one.done for one in told][-1] == told[-1].total == 100
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert len(told) >= 5


@pytest.mark.parametrize("cut", range(6))
def test_interrupted_migration_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    """What stops a migration between two batches leaves a file that opens half done, is refused for ever, or finds records twice."""
    monkeypatch.setattr(migrations, "BATCH", 20)
    path = grown(tmp_path / "a.db", 95)

    class Stopped(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.done >= cut * 20:
            raise Stopped

    with pytest.raises(Stopped):
        SqliteStorage(path).migrate(progress=stop)
    for read_only in (False, True):
        with pytest.raises(MigrationRequired):
            SqliteStorage(path).open(read_only=read_only)
    with closing(sqlite3.connect(path)) as connection:
        # An infoint that knows formats up to 1 would open a file marked with 1.
        assert connection.execute("PRAGMA user_version").fetchone()[0] < 1_000
    steps = SqliteStorage(path).migrate(dry_run=True)
    assert not any("tables" in step for step in steps)
    assert SqliteStorage(path).migrate() == steps
    storage = SqliteStorage(path)
    storage.open()
    assert storage.check(deep=True) == []
    assert len(searched(storage, "oak")) == 96
    storage.close()


def test_newer_minor_of_an_older_major_keeps_its_columns(tmp_path: Path) -> None:
    """What a newer minor of the old format kept in columns of its own is gone after the migration."""
    path = old(
        tmp_path / "a.db",
        "PRAGMA user_version = 1009",
        "ALTER TABLE record ADD COLUMN mood TEXT DEFAULT 'calm'",
        "ALTER TABLE workspace ADD COLUMN colour TEXT DEFAULT 'red'",
    )
    SqliteStorage(path).migrate()
    storage = SqliteStorage(path)
    storage.open()
    put(storage, write(1, 2))
    assert storage.check(deep=True) == []
    storage.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT DISTINCT mood, colour FROM record, workspace").fetchall() == [("calm", "red")]


def test_program_that_has_the_file_open_writes_no_more(tmp_path: Path) -> None:
    """A program of the old format goes on writing in its way into the migrated file, and its records are found by old words."""
    path = old(tmp_path / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        asking = "SELECT id, seq FROM workspace WHERE key = ?"  # what format 1.0 asked at the beginning of each session
        assert other.execute(asking, (WORKSPACE,)).fetchone() == (1, 3)
        SqliteStorage(path).migrate()
        with pytest.raises(sqlite3.OperationalError):
            other.execute(asking, (WORKSPACE,))


def test_without_fts5_a_file_is_migrated_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python's SQLite cannot search, older files cannot be used at all, or not be searched later by others."""
    path = old(tmp_path / "a.db")
    with monkeypatch.context() as patch:
        patch.setattr(search, "has_fts5", lambda: False)
        patch.setattr(migrations, "has_fts5", lambda: False)
        assert len(SqliteStorage(path).migrate()) == 2
    storage = SqliteStorage(path)
    storage.open()
    assert searched(storage, "ash") == [(KIND, 4), ("talk", 5)]
    assert storage.check(deep=True) == []
    storage.close()


def test_what_cannot_be_migrated_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped path, a foreign or newer file, or one in use ends in a native error, or is changed."""
    with pytest.raises(NotFound):
        SqliteStorage(tmp_path / "none.db").migrate()
    run(tmp_path / "foreign.db", "CREATE TABLE invoices (x)")
    with pytest.raises(NotOurs):
        SqliteStorage(tmp_path / "foreign.db").migrate()
    with pytest.raises(FormatTooNew):
        SqliteStorage(old(tmp_path / "newer.db", "PRAGMA user_version = 3000")).migrate()
    with pytest.raises(StorageError, match="has lost its table entry"):
        SqliteStorage(old(tmp_path / "damaged.db", "DROP TABLE entry")).migrate()
    path = old(tmp_path / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            SqliteStorage(StorageUrl.parse(f"sqlite:{path}?timeout=0.05")).migrate()
    monkeypatch.setattr("infoint.storage.sqlite.schema.os.access", lambda *_arguments, **_named: False)
    with pytest.raises(ReadOnly):
        SqliteStorage(path).migrate()
    monkeypatch.undo()
    SqliteStorage(path).migrate()


# ── killed ───────────────────────────────────────────────────────────────────────────────────────
def migrate_in_small_steps(path: Path, begins: Event) -> None:
    """In a process of its own."""
    migrations.BATCH = 25
    begins.set()
    SqliteStorage(path).migrate()


def killed_often(folder: Path, kills: int, seed: int) -> int:
    """Kills migrations of one file after another until there were so many kills; gives how many files that took."""
    rng = random.Random(seed)
    # With a start of Python for each, the kills would be a tenth of the time.
    forked = multiprocessing.get_context("fork")
    original = grown(folder / "original", 600)
    done = files = 0
    while done < kills:
        path = folder / f"{files}.db"
        shutil.copy(original, path)
        files += 1
        finished = False
        while not finished:
            begins = forked.Event()
            migrator = forked.Process(target=migrate_in_small_steps, args=(path, begins))
            migrator.start()
            begins.wait()
            time.sleep(rng.uniform(0, 0.12))
            migrator.kill()
            migrator.join()
            finished = migrator.exitcode == 0
            done += not finished
            if not finished:
                steps = SqliteStorage(path).migrate(dry_run=True)
                finished = not steps or done >= kills
        SqliteStorage(path).migrate()
        storage = SqliteStorage(path)
        storage.open()
        assert storage.check(deep=True) == []
        assert len(followed(storage, 500)[0]) == 605
        with storage.session(WORKSPACE) as session:
            assert len(session.search("oak", limit=10_000).items) == 601
        storage.close()
        path.unlink()
    return files


@pytest.mark.fault
def test_killed_migration_goes_on(tmp_path: Path) -> None:
    """A kill in the middle of a migration lost records, left them unfound, or a file that cannot be migrated again."""
    assert killed_often(tmp_path, 12, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_migration_killed_at_five_hundred_points_goes_on(tmp_path: Path, seed: int) -> None:
    """As above, at points that are rarely met."""
    assert killed_often(tmp_path, 250, seed)
