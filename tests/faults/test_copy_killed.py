"""`infoint copy` killed at random moments, again and again, by SIGKILL: the next run goes on, and in the end all has arrived."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from infoint.storage.ledger import Ledger
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.house_move import contents
from infoint.testing.storage_case import MOMENT, tombstone, write

pytestmark = [pytest.mark.fault, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system cannot kill so")]

RECORDS = 6_000
"""Enough for three pages of a copy, and for several commits of it."""
KILLS = 12
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    storage = SqliteStorage(path := tmp_path / "source.db")
    storage.open(create=True)
    for begin in range(1, RECORDS, 500):
        with storage.session("default", write=True) as session:
            session.put_many(
                [write(number, text=f"words of {number}", due="2026-12-01") for number in range(begin, begin + 500)]
            )
            session.commit()
    with storage.session("default", write=True) as session:
        session.put_many([tombstone(number, 1) for number in range(1, 200)])
        session.commit()
    storage.close()
    return path


def copying(source: Path, target: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "infoint", "copy", str(source), str(target), "--quiet"]
    return subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE)


def test_a_copy_that_is_killed_goes_on(source: Path, tmp_path: Path) -> None:
    """A move cut off by a power cut could only be begun anew, or would leave what nobody can tell from a whole copy."""
    begun = time.monotonic()
    whole = copying(source, tmp_path / "whole.db")
    assert (whole.communicate()[1], whole.returncode) == (b"", 0)
    length = time.monotonic() - begun
    target, chance, killed = tmp_path / "target.db", random.Random(11), 0
    storage = SqliteStorage(source)
    for round_ in range(KILLS):
        process = copying(source, target)
        time.sleep(chance.uniform(0.3, 1.0) * length)
        process.kill()
        _, told = process.communicate()
        assert process.returncode in {-signal.SIGKILL, 0}, told
        killed += process.returncode != 0
        storage.open()  # the source goes on meanwhile
        with storage.session("default", write=True) as session:
            numbers = (chance.randrange(200, RECORDS) for _ in range(3))
            late = [
                attrs.evolve(write(number, None), updated_at=MOMENT + timedelta(days=round_ + 1)) for number in set(numbers)
            ]
            session.put_many(late)
            session.commit()
        storage.close()
    process = copying(source, target)
    assert (process.communicate()[1], process.returncode) == (b"", 0)
    assert killed > KILLS // 4, "nothing was killed: the copy is faster than the test"
    assert _ledger(source).differing(_ledger(target), counts=True) == []
    checked = SqliteStorage(target)
    checked.open(read_only=True)
    assert list(checked.check(deep=True)) == []
    checked.close()


def _ledger(path: Path) -> Ledger:
    storage = SqliteStorage(path)
    storage.open(read_only=True)
    try:
        return contents(storage)["default"]
    finally:
        storage.close()
