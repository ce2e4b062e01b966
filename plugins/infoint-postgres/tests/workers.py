"""Other processes of the tests, in a file of their own so that they begin without pytest: `python workers.py VERB URL NUMBERS…`. Each forks
its workers after everything is imported, so that many of them begin at once.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from uuid import UUID

from infoint_postgres.storage import PostgresStorage

from infoint.errors import Conflict, Retryable
from infoint.storage.contract import Key
from infoint.testing.storage_case import KIND, WORKSPACE, got, put, write


def forked(work: Callable[[], object]) -> int:
    """The id of a child that does it, and ends without saying goodbye to what it inherited."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    return child


def increment(url: str, workers: int, times: int) -> None:
    """Each adds to one count by reading it in a session and writing it in another, and makes a record of its own in the same commit."""

    def work(worker: int) -> None:
        storage = PostgresStorage(url)
        storage.open()
        done = 0
        while done < times:
            record = got(storage, 1)
            assert record is not None
            count = record.data["count"]
            assert isinstance(count, int)
            own = write(1_000_000 * (worker + 1) + done, kind="step")
            try:
                put(storage, write(1, record.version, data={"count": count + 1}), own)
            except (Conflict, Retryable):
                continue
            done += 1
        storage.close()

    children = [forked(lambda worker=worker: work(worker)) for worker in range(workers)]  # type: ignore[misc]  # bound now
    failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
    sys.exit(bool(failed))


def crash(url: str, points: int, seed: int) -> None:
    """At each point a child commits three records at a time and tells of each commit, until it is killed. Prints what it told, and what
    is there after it.
    """
    rng = random.Random(seed)
    told: list[int] = []
    for point in range(points):
        read, written = os.pipe()

        def work(point: int = point, written: int = written) -> None:
            storage = PostgresStorage(url)
            storage.open()
            for number in range(1, 100_000):
                base = point * 1_000_000 + number * 3
                put(
                    storage,
                    *(write(base + part, data={"x": "y" * 2_000}, name=f"n{base}", text="oak elm") for part in range(3)),
                )
                os.write(written, f"{base}\n".encode())

        child = forked(work)
        os.close(written)
        with os.fdopen(read) as acknowledged:
            first = acknowledged.readline()
            time.sleep(rng.random() * 0.03)
            os.kill(child, signal.SIGKILL)
            told += [int(line) for line in (first + acknowledged.read()).splitlines()]
        os.waitpid(child, 0)
    sys.stdout.write(json.dumps(told))


def fork(url: str) -> None:
    """A storage that is open on both sides of a fork."""
    storage = PostgresStorage(url)
    storage.open()
    put(storage, write(1, data={"count": 0}))
    for turn in range(5):
        child = forked(lambda turn=turn: [put(storage, write(100 + turn * 10 + number)) for number in range(5)])  # type: ignore[misc]  # bound now
        for number in range(5):
            put(storage, write(200 + turn * 10 + number))
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(1)
    with storage.session(WORKSPACE) as session:
        keys = [
            Key(KIND, UUID(int=base + turn * 10 + number)) for base in (100, 200) for turn in range(5) for number in range(5)
        ]
        assert len(session.get_many(keys)) == 50
        assert session.last_commit().seq == 51
    storage.close()


if __name__ == "__main__":
    verb, url, *numbers = sys.argv[1:]
    {"increment": increment, "crash": crash, "fork": fork}[verb](url, *map(int, numbers))
