"""Several processes and threads at one database."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.storage import PostgresStorage

from infoint.errors import Busy, StorageError
from infoint.storage.contract import Query
from infoint.testing.storage_case import KIND, WORKSPACE, Background, got, put, write

Opened = Callable[..., PostgresStorage]
WORKERS = Path(__file__).with_name("workers.py")


def started(verb: str, url: str, *numbers: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, WORKERS, verb, url, *map(str, numbers)])


def follow(storage: PostgresStorage, process: "subprocess.Popen[bytes]") -> list[tuple[int, str, int]]:
    """What the feed tells while others write, a few at a time."""
    told: list[tuple[int, str, int]] = []
    cursor, over = "", False
    while True:
        ended = process.poll() is not None
        with storage.session(WORKSPACE) as session:
            page = session.changes(cursor, limit=7)
        told += [(record.seq, record.kind, record.id.int) for record in page.items]
        cursor = page.cursor
        if not page.items and over:
            return told
        over = ended


def count_up(server: Any, schema: str, storage: PostgresStorage, workers: int, times: int) -> None:
    put(storage, write(1, data={"count": 0}))
    process = started("increment", server.url(schema), workers, times)
    told = follow(storage, process)
    assert process.wait() == 0
    record = got(storage, 1)
    assert record is not None
    total = workers * times
    assert (record.data, record.version, record.seq) == ({"count": total}, total + 1, total + 1)
    steps = [(seq, id) for seq, kind, id in told if kind == "step"]
    assert [seq for seq, _ in steps] == list(range(2, total + 2)), "the feed skipped a commit, told one twice, or out of order"
    assert len({id for _, id in steps}) == total
    assert storage.check(deep=True) == []


def test_eight_processes_count_exactly(server: Any, schema: str, opened: Opened) -> None:
    """Of two processes that read the same version both saved; or a follower of the feed missed a commit."""
    count_up(server, schema, opened(), 8, 15)


@pytest.mark.slow
def test_eight_processes_count_to_eight_thousand(server: Any, schema: str, opened: Opened) -> None:
    """As above, a thousand times each."""
    count_up(server, schema, opened(), 8, 1_000)


def test_both_sides_of_a_fork_may_go_on(server: Any, schema: str) -> None:
    """Parent and child take each other's answers, or the child's end closes the parent's connections."""
    process = started("fork", server.url(schema))
    assert process.wait(60) == 0


def test_writers_of_different_workspaces_do_not_wait(opened: Opened) -> None:
    """One writer holds up the whole database."""
    storage = opened(timeout=1)
    with storage.session("ana", write=True) as session:
        session.put_many([write(1)])
        assert Background(lambda: put(storage, write(1), workspace="ben")).result()[0].seq == 1
        session.commit()


def test_writer_that_waits_too_long_is_told(opened: Opened) -> None:
    """A writer waits for another for ever, or the error is a native one; or the storage is of no use after it."""
    storage = opened(timeout=0.2)
    put(storage, write(7))
    for workspace in ("new", WORKSPACE):
        with storage.session(workspace, write=True) as session:
            session.put_many([write(1)])
            with pytest.raises(Busy):
                Background(lambda workspace=workspace: put(storage, write(2), workspace=workspace)).result()
            session.commit()
        put(storage, write(2), workspace=workspace)
        storage.drop_workspace(workspace)


def test_thread_does_not_wait_for_itself(opened: Opened) -> None:
    """A write session within a write session of the same workspace hangs until a timeout that says nothing of why."""
    storage = opened()
    with (
        storage.session("ana", write=True),
        pytest.raises(StorageError, match="this thread"),
        storage.session("ana", write=True),
    ):
        pass
    with storage.session("ana", write=True), storage.session("ben", write=True) as other:
        other.put_many([write(1)])
        other.commit()


def test_more_threads_than_connections(opened: Opened) -> None:
    """A thread gets no connection although others give theirs back; or a connection is lost with each error."""
    storage = opened(pool=3, timeout=20)
    put(storage, write(1))

    def work() -> None:
        for _ in range(10):
            with pytest.raises(ZeroDivisionError), storage.session(WORKSPACE) as session:
                session.query(Query(kind=KIND))
                raise ZeroDivisionError

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got(storage, 1) is not None


def test_all_connections_in_use_is_told(opened: Opened) -> None:
    """A session that finds no free connection hangs, or ends in a native error."""
    storage = opened(pool=1, timeout=0.2)
    with storage.session("ana"), pytest.raises(Busy, match="in use"), storage.session("ben"):
        pass
    put(storage, write(1))


def test_first_commits_of_a_workspace_race(opened: Opened) -> None:
    """Two that begin the same workspace at once both count their commit as the first, or one ends in a native error."""
    storage = opened()
    for turn in range(5):
        threads = [
            Background(lambda number=number, turn=turn: put(storage, write(number), workspace=f"w{turn}"))
            for number in range(1, 6)
        ]
        assert sorted(thread.result()[0].seq for thread in threads) == [1, 2, 3, 4, 5]


def test_dropped_while_another_waits(opened: Opened) -> None:
    """Who waited for a workspace that was dropped meanwhile goes on counting from what is gone."""
    storage = opened()
    put(storage, write(1), write(2))
    with storage.session(WORKSPACE, write=True) as session:
        waiting = Background(lambda: storage.drop_workspace(WORKSPACE))
        waiting.wait(0.2)
        session.put_many([write(3)])
        session.commit()
    waiting.result()
    assert put(storage, write(1))[0].seq == 1
