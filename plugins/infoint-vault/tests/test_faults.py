"""A vault whose disk fails at every single call, and whose writers are killed."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from errno import EIO, ENOSPC
from pathlib import Path
from typing import Any

import infoint_vault
import pytest
from infoint_vault.disk import Disk
from infoint_vault.storage import VaultStorage

from infoint.errors import CommitUnknown, Conflict, StorageError, StorageFull
from infoint.storage.contract import Query
from infoint.testing.faults.io_errors import fail_each_call
from infoint.testing.faults.kills import kill_writers
from infoint.testing.faults.power_cuts import cut_power, recorded
from infoint.testing.faults.trap import library, trapped, why_not
from infoint.testing.storage_case import KIND, WORKSPACE, got, put, tombstone, write
from infoint.testing.storage_places import Places

CALLS = ("entries", "stat", "read", "write_new", "link", "replace", "remove", "make_folder", "remove_folder", "sync_folder")


class FailingDisk(Disk):
    """The real one, until a certain call."""

    calls = 0
    fail_at = -1
    errno = EIO

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in CALLS:
            return found

        def counted(*arguments: Any) -> Any:
            FailingDisk.calls += 1
            if FailingDisk.calls == FailingDisk.fail_at:
                raise OSError(FailingDisk.errno, "planted")
            return found(*arguments)

        return counted


STEPS: dict[str, Callable[[VaultStorage], object]] = {
    "one": lambda storage: put(storage, write(1, 1, data={"step": 2})),
    "several": lambda storage: put(storage, write(1, 1, data={"step": 2}), write(2, 1, data={"step": 2}), write(3)),
    "deletion": lambda storage: put(storage, tombstone(1, 1), write(2, 1, data={"step": 2})),
    "new": lambda storage: put(storage, write(5), write(6), workspace="new"),
    "drop": lambda storage: storage.drop_workspace(WORKSPACE),
}


def state(storage: VaultStorage) -> list[Any]:
    found: list[Any] = []
    for workspace in (WORKSPACE, "new"):
        with storage.session(workspace) as session:
            found.append(
                [(record.key, record.version, record.deleted, dict(record.data)) for record in session.changes("").items]
            )
            found[-1].sort()
    return found


def prepared(folder: Path) -> Path:
    storage = VaultStorage(folder)
    storage.open(create=True)
    put(storage, write(1, data={"step": 1}), write(2, data={"step": 1}))
    storage.close()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("errno", [EIO, ENOSPC])
@pytest.mark.parametrize("step", STEPS)
def test_failing_call_leaves_all_or_nothing(tmp_path: Path, step: str, errno: int) -> None:
    """A disk that fails or is full at some call left half a commit, lost one, or let a native error out."""
    call = STEPS[step]
    reference = VaultStorage(prepared(tmp_path / "reference"))
    reference.open()
    before = state(reference)
    call(reference)
    after = state(reference)
    reference.close()
    FailingDisk.errno, FailingDisk.fail_at, number, failed = errno, -1, 0, 0
    while True:
        number += 1
        storage = VaultStorage(prepared(tmp_path / str(number)), disk=FailingDisk)
        storage.open()
        state(storage)
        FailingDisk.calls, FailingDisk.fail_at = 0, number
        error: StorageError | None = None
        try:
            call(storage)
        except StorageError as caught:
            error = caught
        reached, FailingDisk.fail_at = FailingDisk.calls >= number, -1
        if error is None:
            assert state(storage) == after
        elif isinstance(error, CommitUnknown):
            happened = storage.was_committed("new" if step == "new" else WORKSPACE, error.commit_id)
            assert state(storage) == (after if happened else before)
        else:
            assert not isinstance(error, Conflict)
            assert state(storage) in (before, after) if step == "drop" else state(storage) == before, f"call {number}: {error}"
            assert errno != ENOSPC or isinstance(error, StorageFull)
        last = state(storage)
        storage.close()
        again = VaultStorage(tmp_path / str(number))
        again.open()
        assert state(again) == last
        assert list(again.check(deep=True)) == []
        assert not list((tmp_path / str(number)).rglob("*.tmp"))
        again.close()
        failed += error is not None
        if not reached:
            break
    assert failed > 5, "the failing calls were never reached"


# Commits of three records that belong together, each by a fork of a process that has loaded all it takes. What was acknowledged is told in
# the file that is named.
COMMITTER = """
import os, sys
from infoint_vault.storage import VaultStorage
from infoint.testing.storage_case import put, write
for line in sys.stdin:
    number, told = line.rstrip().split(" ", 1)
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)
        continue
    number, told = int(number), os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    storage = VaultStorage(sys.argv[1])
    storage.open(create=True)
    os.write(told, b"open\\n")
    while True:
        number += 1
        put(storage, *(write(number % 20 + 1, None, kind=kind, name=f"n{number}", data={"number": number, "notes": "x" * (number * 997 % 9000)}) for kind in "abc"))
        os.write(told, b"%d\\n" % number)
"""


def told_until_killed(committer: "subprocess.Popen[str]", acknowledged: int, told: Path, seconds: float) -> list[str]:
    """What a writer told that goes on from `acknowledged`, and is killed so long after it began."""
    assert committer.stdin
    assert committer.stdout
    committer.stdin.write(f"{acknowledged} {told}\n")
    committer.stdin.flush()
    writer = int(committer.stdout.readline())
    until = time.monotonic() + 60
    while not (told.exists() and told.read_text().startswith("open\n")):
        assert time.monotonic() < until, "it was never opened"
        time.sleep(0.002)
    time.sleep(seconds)
    os.kill(writer, signal.SIGKILL)
    assert committer.stdout.readline() == "ended\n"
    lines = told.read_text().split("\n")[1:-1]  # a last line without its end was not told
    told.unlink()
    return lines


def killed(tmp_path: Path, kills: int, seed: int) -> None:
    path = tmp_path / "vault"
    command = [sys.executable, "-c", COMMITTER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as committer:
        try:
            kill_each(committer, path, kills, random.Random(seed))
        finally:
            committer.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def kill_each(committer: "subprocess.Popen[str]", path: Path, kills: int, rng: random.Random) -> None:
    acknowledged = 0
    for _ in range(kills):
        told = told_until_killed(committer, acknowledged, path.with_name("told"), rng.uniform(0.001, 0.25))
        acknowledged = int(told[-1]) if told else acknowledged
        storage = VaultStorage(path)
        storage.open()
        assert list(storage.check(deep=True)) == []
        newest = []
        with storage.session(WORKSPACE) as session:
            for kind in "abc":
                numbers = [record.data["number"] for record in session.query(Query(kind=kind)).items]
                newest.append(max(numbers, default=0))
                assert len(numbers) == min(newest[-1], 20)
            seqs = [record.seq for record in session.changes("", limit=1_000).items]
        assert newest[0] == newest[1] == newest[2], "half a commit"
        assert newest[0] in {acknowledged, acknowledged + 1}, "an acknowledged commit is missing, or one nobody made is there"
        assert max(seqs, default=0) == newest[0], "commits were counted twice, or not at all"
        assert not list(path.rglob("*.tmp"))
        acknowledged = newest[0]
        storage.close()
    assert acknowledged > kills, "the writer never came to write"


@pytest.mark.fault
def test_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """A kill in the middle of a commit took an acknowledged one with it, left half of one, or damaged a file."""
    killed(tmp_path, 30, 5)


@pytest.mark.fault
@pytest.mark.slow
def test_killed_writer_at_length(tmp_path: Path) -> None:
    """As above, two hundred times."""
    killed(tmp_path, 200, 6)


INCREMENTER = """
import sys
from infoint.errors import Busy, Conflict
from infoint_vault.storage import VaultStorage
from infoint.testing.storage_case import got, put, write
storage = VaultStorage(sys.argv[1])
storage.open()
done = 0
while done < 40:
    record = got(storage, 1)
    try:
        put(storage, write(1, record.version, data={"count": record.data["count"] + 1}))
    except (Conflict, Busy):
        continue
    done += 1
"""


@pytest.mark.fault
def test_increments_of_several_processes_are_all_counted(tmp_path: Path) -> None:
    """Processes overwrite each other's work, or wait for one another for ever."""
    path = tmp_path / "vault"
    storage = VaultStorage(path)
    storage.open(create=True)
    put(storage, write(1, data={"count": 0}))
    workers = [subprocess.Popen([sys.executable, "-c", INCREMENTER, str(path)]) for _ in range(4)]
    assert [worker.wait() for worker in workers] == [0] * 4
    record = got(storage, 1)
    assert record is not None
    assert (record.data, record.version, record.seq) == ({"count": 160}, 161, 161)
    assert list(storage.check(deep=True)) == []
    storage.close()


def test_reader_meets_no_waiting_writer(tmp_path: Path) -> None:
    """A reader waits for a writer, or sees what is not committed."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, write(1))
    other = VaultStorage(tmp_path / "vault")
    other.open()
    assert got(other, 1) is not None
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([write(2)])
        with other.session(WORKSPACE) as reading:
            assert [record.id.int for record in reading.query(Query(kind=KIND)).items] == [1]
        session.commit()
    assert got(other, 2) is not None
    storage.close()
    other.close()


URL = "vault:{folder}/a"


@pytest.mark.fault
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
def test_power_cut_of_the_real_calls_loses_nothing() -> None:
    """What was acknowledged is gone after a power cut, as the calls of the real vault to the system leave it, SQLite's among them."""
    toll = cut_power(recorded(URL, plugins=["infoint_vault"]), URL, plugins=["infoint_vault"], cuts=400)
    assert toll.nothing, str(toll)
    assert toll.commits == 24


LEAST = {"create": 400, "open": 150, "commit": 700, "close": 150}
"""Calls of each operation that can fail, in all ways together."""
STEPS_OF_MANY = {"read": 3, "load": 3, "drop": 3, "erase": 9}
"""Of a thousand calls and more every third fails, or every ninth: others in each way of failing."""


@pytest.fixture
def in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of the kit are made where those of our tests are."""
    library()  # is made once, and must outlive the folder of this test
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.fault
@pytest.mark.usefixtures("in_memory")
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
@pytest.mark.parametrize("operation", LEAST)
def test_every_call_may_fail(operation: str) -> None:
    """A disk that fails once, or from some call on, ends in a native error, a loss, a commit that is there though it was refused, or in
    commits that are counted from the beginning.
    """
    cost = fail_each_call(URL, plugins=["infoint_vault"], operations=[operation])
    assert not cost.wrong, str(cost)
    assert cost.calls > LEAST[operation]


@pytest.mark.fault
@pytest.mark.usefixtures("in_memory")
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
@pytest.mark.parametrize("operation", STEPS_OF_MANY)
def test_any_call_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    """As above, where to let each call fail takes minutes: `INFOINT_FAULTS=1` does."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    step = os.environ.get("INFOINT_FAULTS", str(STEPS_OF_MANY[operation]))
    report = json.loads(trapped("sampled_faults", [str(tmp_path), URL, operation, step], root=tmp_path).splitlines()[-1])
    assert report["wrong"] == {}
    assert report["calls"] * int(step) > 500


@pytest.mark.fault
def test_writers_of_the_kit_are_killed() -> None:
    """As with every storage: a kill took what was acknowledged, or left half of it."""
    toll = kill_writers(Places(URL, (infoint_vault,), strict=False).storage, kills=100)
    assert toll.nothing, str(toll)
