"""Connections, clients and servers that end without a word: what was acknowledged is there, and nothing is there by half."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.storage import PostgresStorage

from infoint.errors import Busy, CommitUnknown, Conflict, Retryable, StorageError
from infoint.storage.contract import Query, Storage
from infoint.testing.storage_case import KIND, WORKSPACE, Background, got, put, write

Opened = Callable[..., PostgresStorage]
WORKERS = Path(__file__).with_name("workers.py")
POINTS = int(os.environ.get("INFOINT_CRASH_POINTS", "200"))
SERVER_KILLS = int(os.environ.get("INFOINT_SERVER_KILLS", "200"))
"""Of the slow suite."""


# ── the connection ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def behind(proxy: Any, schema: str) -> Any:
    """A storage that reaches the server through the proxy."""
    storage = PostgresStorage(proxy.url(schema, timeout=1))
    storage.open()
    yield storage
    storage.close()


@pytest.mark.parametrize(("cut", "happened"), [("before", False), ("after", True)])
@pytest.mark.parametrize("first", [True, False])
def test_commit_of_unknown_end_is_found_out(proxy: Any, behind: PostgresStorage, cut: str, happened: bool, first: bool) -> None:
    """A connection that is lost during COMMIT is taken for a failure or a success, or nobody can find out which it was."""
    if not first:
        put(behind, write(9))
    with pytest.raises(CommitUnknown) as caught, behind.session(WORKSPACE, write=True) as session:
        session.put_many([write(1)])
        proxy.cut = cut
        session.commit()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert behind.was_committed(WORKSPACE, caught.value.commit_id) is happened
    assert (got(behind, 1) is not None) is happened
    with pytest.raises(StorageError):
        session.get_many([])
    put(behind, write(2))
    assert behind.was_committed(WORKSPACE, caught.value.commit_id) is happened


@pytest.mark.parametrize("first", [True, False])
def test_commit_that_may_still_happen_is_waited_for(proxy: Any, behind: PostgresStorage, opened: Opened, first: bool) -> None:
    """The server has not noticed yet that the client is gone: the commit is said not to have happened while it still can."""
    if not first:
        put(behind, write(9))
    with pytest.raises(CommitUnknown) as caught, behind.session(WORKSPACE, write=True) as session:
        session.put_many([write(1)])
        proxy.cut = "stuck"
        session.commit()
    direct = opened(timeout=0.3)
    with pytest.raises(Busy):
        direct.was_committed(WORKSPACE, caught.value.commit_id)
    proxy.over.set()
    for _ in range(50):
        try:
            assert direct.was_committed(WORKSPACE, caught.value.commit_id) is False
            break
        except Busy:
            continue
    put(direct, write(1))


def test_forgotten_commit_is_unknown_still(opened: Opened) -> None:
    """A commit too old to be remembered is said not to have happened."""
    storage = opened()
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([write(1)])
        id = session.commit().id
    for _ in range(15):
        put(storage, write(1, None))
    assert storage.was_committed(WORKSPACE, id) is True
    put(storage, write(1, None))
    with pytest.raises(CommitUnknown):
        storage.was_committed(WORKSPACE, id)


def killed(server: Any, pattern: str = "%") -> int:
    """Ends all connections of apps, as an administrator does."""
    with server.admin() as admin:
        asked = "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity WHERE usename = 'app_of_the_tests' AND query LIKE %s"
        return int(admin.execute(asked, [pattern]).fetchone()[0])


def test_dead_connections_are_replaced_unnoticed(server: Any, opened: Opened) -> None:
    """After the server was restarted each connection of the pool fails once, in somebody's face."""
    storage = opened(pool=4)
    put(storage, write(1))
    with storage.session("a"), storage.session("b"), storage.session("c"):
        pass
    assert killed(server) >= 1
    for _ in range(6):
        assert got(storage, 1) is not None
    assert killed(server) >= 1
    put(storage, write(2))


@pytest.mark.parametrize("step", ["query", "put", "commit"])
def test_connection_lost_on_the_way_is_retryable(server: Any, opened: Opened, step: str) -> None:
    """A session whose connection was ended is taken for a conflict or for success, or goes on in another transaction."""
    storage = opened()
    put(storage, write(1))
    with storage.session(WORKSPACE, write=True) as session:
        if step != "put":
            session.put_many([write(2)])
        killed(server)
        with pytest.raises(Retryable):
            {
                "query": lambda: session.query(Query(kind=KIND)),
                "put": lambda: session.put_many([write(3)]),
                "commit": session.commit,
            }[step]()
        with pytest.raises(StorageError):
            session.commit()
    assert got(storage, 2) is None
    assert put(storage, write(2))[0].seq == 2


def test_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A server that is down ends in a native error, or is said not to exist."""
    with pytest.raises(Retryable):
        PostgresStorage(f"postgresql://app@/postgres?host={tmp_path}").open()


def test_statement_that_is_cancelled_is_busy(server: Any, opened: Opened) -> None:
    """An administrator's cancellation, or the server's patience, ended in a native error, or left the session half usable."""
    storage = opened()
    with storage.session(WORKSPACE) as session, server.admin() as admin:
        session._wire.script("SET LOCAL statement_timeout = 50")
        with admin.transaction():
            admin.execute(f"LOCK TABLE {storage._address.schema}.record".encode())
            with pytest.raises(Busy):
                session.query(Query(kind=KIND))
        with pytest.raises(StorageError, match="begin another"):
            session.query(Query(kind=KIND))
    assert got(storage, 1) is None


def work_through(storage: Storage, number: int) -> None:
    """One increment of a count with a record of its own: again where it was lost, asked for where it is unknown."""
    while True:
        try:
            with storage.session(WORKSPACE, write=True) as session:
                record = got(storage, 1)
                assert record is not None
                count = record.data["count"]
                assert isinstance(count, int)
                session.put_many([write(1, record.version, data={"count": count + 1}), write(number)])
                session.commit()
        except (Retryable, Busy, Conflict):
            time.sleep(0.01)
            continue
        except CommitUnknown as unknown:
            if not settled(storage, unknown.commit_id):
                continue
        return


def settled(storage: Storage, id: str) -> bool:
    while True:
        try:
            return storage.was_committed(WORKSPACE, id)
        except (Retryable, Busy):
            time.sleep(0.01)


def storm(server: Any, storage: PostgresStorage, times: int, pause: float) -> None:
    """Two threads count while all connections are ended again and again."""
    put(storage, write(1, data={"count": 0}))
    over = Event()

    def rage() -> None:
        rng = random.Random(3)
        while not over.wait(rng.random() * pause):
            killed(server)

    def count(start: int) -> None:
        for number in range(times):
            work_through(storage, start + number)

    raging, counting = Thread(target=rage), [Thread(target=count, args=(start,)) for start in (10_000, 20_000)]
    raging.start()
    for thread in counting:
        thread.start()
    for thread in counting:
        thread.join()
    over.set()
    raging.join()
    record = got(storage, 1)
    assert record is not None
    assert (record.data["count"], record.seq) == (2 * times, 2 * times + 1)
    assert storage.check(deep=True) == []


@pytest.mark.fault
def test_nothing_is_lost_or_done_twice_in_a_storm(server: Any, opened: Opened) -> None:
    """Where connections end at random, an increment is lost or counted twice."""
    storm(server, opened(timeout=10), 40, 0.1)


@pytest.mark.slow
@pytest.mark.fault
def test_nothing_is_lost_in_a_long_storm(server: Any, opened: Opened) -> None:
    """As above, longer."""
    storm(server, opened(timeout=10), 600, 0.05)


@pytest.mark.fault
def test_server_that_comes_back_is_found_at_once(durable_server: Any) -> None:
    """After a while without a server, clients are told that it is away although it is back: the pool's next attempt is long off."""
    schema = durable_server.new_schema()
    PostgresStorage(durable_server.owner(schema)).set_up()
    storage = PostgresStorage(durable_server.url(schema, timeout=5))
    storage.open()
    put(storage, write(1))
    durable_server.kill()
    for _ in range(2):
        with pytest.raises(Retryable):
            got(storage, 1)
    waiting = Background(lambda: got(storage, 1))
    durable_server.restart()
    assert got(storage, 1) is not None
    with suppress(Retryable):  # it may have waited for as long as a restart takes
        waiting.result()
    storage.close()


# ── the client ───────────────────────────────────────────────────────────────────────────────────
def crash(server: Any, storage: PostgresStorage, schema: str, points: int) -> None:
    process = subprocess.run(
        [sys.executable, WORKERS, "crash", server.url(schema), str(points), "5"],
        check=True,
        stdout=subprocess.PIPE,
        timeout=3_000,
    )
    told = json.loads(process.stdout)
    assert len(told) >= points
    follow_up(storage, told)


def follow_up(storage: PostgresStorage, told: list[int]) -> None:
    """Nothing that was acknowledged is lost, and no commit is there by half."""
    found: dict[int, list[int]] = {}
    cursor, more = "", True
    while more:
        with storage.session(WORKSPACE) as session:
            page = session.changes(cursor, limit=9_999)
        for record in page.items:
            found.setdefault(record.seq, []).append(record.id.int)
        cursor, more = page.cursor, page.more
    assert list(found) == list(range(1, len(found) + 1)), "a commit was counted that is not there"
    assert all(ids == [ids[0], ids[0] + 1, ids[0] + 2] for ids in found.values()), "half a commit"
    lost = set(told) - {ids[0] for ids in found.values()}
    assert lost == set(), "acknowledged, and not there"
    assert storage.check(deep=True) == []


@pytest.mark.fault
def test_client_killed_at_random(server: Any, schema: str, opened: Opened) -> None:
    """A client that is killed takes an acknowledged commit with it, leaves half of one, or keeps its workspace locked."""
    crash(server, opened(), schema, 20)


@pytest.mark.slow
@pytest.mark.fault
def test_client_killed_at_many_points(server: Any, schema: str, opened: Opened) -> None:
    """As above, at 200 points, or as many as INFOINT_CRASH_POINTS says."""
    crash(server, opened(), schema, POINTS)


# ── the server ───────────────────────────────────────────────────────────────────────────────────
def kill_servers(server: Any, points: int) -> None:
    """A writer tells of its commits; all processes of the server are killed under it; it goes on when it is up again."""
    schema = server.new_schema()
    PostgresStorage(server.owner(schema)).set_up()
    storage = PostgresStorage(server.url(schema, timeout=2))
    storage.open()
    told: list[int] = []
    over = Event()

    def work() -> None:
        number = 0
        while not over.is_set():
            number += 3
            try:
                put(storage, *(write(number + part, data={"x": "y" * 2_000}) for part in range(3)))
            except (Retryable, Busy, CommitUnknown):
                time.sleep(0.02)
                continue
            told.append(number)

    thread = Thread(target=work)
    thread.start()
    rng = random.Random(11)
    try:
        for _ in range(points):
            before, deadline = len(told), time.monotonic() + 20
            while len(told) < before + 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(rng.random() * 0.1)
            server.kill()
            server.restart()
    finally:
        over.set()
        thread.join()
    assert len(told) > points
    follow_up(storage, told)
    storage.close()


@pytest.mark.fault
def test_server_killed_at_random(durable_server: Any) -> None:
    """A server that is killed takes an acknowledged commit with it, or leaves half of one; or clients do not come back to it."""
    kill_servers(durable_server, 3)


@pytest.mark.slow
@pytest.mark.fault
def test_server_killed_at_many_points(durable_server: Any) -> None:
    """As above, at 200 points, or as many as INFOINT_SERVER_KILLS says."""
    kill_servers(durable_server, SERVER_KILLS)
