"""The SQLite storage among processes that compete. Those that are killed are in test_kills."""

import subprocess
import sys
from pathlib import Path

import pytest

from infoint.storage import Query
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import KIND, WORKSPACE, got, put, write

INCREMENTER = """
import sys
from infoint.storage import StorageUrl
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_sessions import increment
storage = SqliteStorage(StorageUrl.parse(f"sqlite:{sys.argv[1]}?timeout=60"))  # SQLite gives turns by chance, not in order
storage.open()
increment(storage, int(sys.argv[2]))
storage.close()
"""
CREATOR = """
import sys
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import put, write
storage = SqliteStorage(sys.argv[1])
storage.open(create=True)
put(storage, write(int(sys.argv[2])))
storage.close()
"""


def child(program: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


@pytest.mark.fault
def test_storage_made_by_several_at_once_is_whole(tmp_path: Path) -> None:
    """Two programs that start together make the file twice, and one of them fails or loses its records."""
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        creators = [child(CREATOR, path, number) for number in range(1, 5)]
        assert [creator.wait() for creator in creators] == [0] * 4
        for creator in creators:
            assert creator.stdout is not None
            creator.stdout.close()
        storage = SqliteStorage(path)
        storage.open()
        with storage.session(WORKSPACE) as session:
            assert [record.id.int for record in session.query(Query(kind=KIND)).items] == [1, 2, 3, 4]
            assert [record.seq for record in session.changes("").items] == [1, 2, 3, 4]
        assert storage.check(deep=True) == []
        storage.close()


def ended(children: "list[subprocess.Popen[str]]") -> list[int]:
    """How they ended, each waited for."""
    for one in children:
        one.communicate()
    return [one.returncode for one in children]


# Commits of three new records each; told how many there were.
FEEDER = """
import sys
from infoint.storage import StorageUrl
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import put, write
storage = SqliteStorage(StorageUrl.parse(f"sqlite:{sys.argv[1]}?timeout=60"))
storage.open()
first = int(sys.argv[2]) * 1_000_000
for number in range(first, first + int(sys.argv[3])):
    put(storage, *(write(number, kind=kind, text="oak", name="n") for kind in "abc"))
storage.close()
"""


def everybody_is_told(path: Path, processes: int, commits: int) -> None:
    """Writers in processes of their own; a follower reads small pages meanwhile and goes on from its cursor."""
    storage = SqliteStorage(path)
    storage.open(create=True)
    writers = [child(FEEDER, path, number, commits) for number in range(processes)]
    told: list[tuple[int, str, int]] = []
    cursor, meanwhile = "", 0
    while True:
        over = all(writer.poll() is not None for writer in writers)
        with storage.session(WORKSPACE) as session:
            page = session.changes(cursor, limit=4)
        told += [(record.seq, record.kind, record.id.int) for record in page.items]
        cursor = page.cursor
        if over and not page.more:
            break
        meanwhile = len(told) if not over else meanwhile
    assert ended(writers) == [0] * processes
    assert [seq for seq, _, _ in told] == [seq for seq in range(1, processes * commits + 1) for _ in "abc"], (
        "a gap, or one told twice"
    )
    assert [kind for _, kind, _ in told] == list("abc") * processes * commits
    assert {number for _, _, number in told} == {first * 1_000_000 + n for first in range(processes) for n in range(commits)}
    assert meanwhile, "nothing was read while they wrote: the test shows nothing"
    assert storage.check(deep=True) == []
    storage.close()


def test_follower_is_told_everything_once(tmp_path: Path) -> None:
    """A follower misses what another process committed while it read, or is told it twice."""
    everybody_is_told(tmp_path / "a.db", 3, 40)


@pytest.mark.slow
def test_follower_of_many_is_told_everything_once(tmp_path: Path) -> None:
    """As above, with more processes and for longer."""
    everybody_is_told(tmp_path / "a.db", 8, 400)


def everybody_counts(path: Path, processes: int, increments: int) -> None:
    """Processes that read a number and save it, one more, at the version they read."""
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, write(1, data={"count": 0}))
    workers = [child(INCREMENTER, path, increments) for _ in range(processes)]
    seen, cursor = [], ""
    while any(worker.poll() is None for worker in workers):
        with storage.session(WORKSPACE) as session:
            page = session.changes(cursor)
        seen += [record.seq for record in page.items]
        cursor = page.cursor
    assert ended(workers) == [0] * processes
    record = got(storage, 1)
    assert record is not None
    assert (record.data, record.seq) == ({"count": processes * increments}, processes * increments + 1)
    assert seen == sorted(set(seen)), "a follower was told a commit twice, or out of order"
    storage.close()


def test_increments_of_processes_are_all_counted(tmp_path: Path) -> None:
    """Processes overwrite each other's work, or wait for one another for ever."""
    everybody_counts(tmp_path / "a.db", 3, 40)


@pytest.mark.slow
def test_increments_of_eight_processes_are_all_counted(tmp_path: Path) -> None:
    """As above, eight times a thousand."""
    everybody_counts(tmp_path / "a.db", 8, 1_000)
