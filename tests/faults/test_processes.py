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
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_sessions import increment
storage = SqliteStorage(sys.argv[1] )
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


@pytest.mark.slow
def test_increments_of_several_processes_are_all_counted(tmp_path: Path) -> None:
    """Processes overwrite each other's work, or wait for one another for ever."""
    path = tmp_path / "a.db"
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, write(1, data={"count": 0}))
    workers = [child(INCREMENTER, path, 250) for _ in range(4)]
    seen, cursor = [], ""
    while any(worker.poll() is None for worker in workers):
        with storage.session(WORKSPACE) as session:
            page = session.changes(cursor)
        seen += [record.seq for record in page.items]
        cursor = page.cursor
    for worker in workers:
        assert worker.wait() == 0
        assert worker.stdout is not None
        worker.stdout.close()
    record = got(storage, 1)
    assert record is not None
    assert (record.data, record.seq) == ({"count": 1_000}, 1_001)
    assert seen == sorted(set(seen)), "a follower was told a commit twice, or out of order"
    storage.close()
