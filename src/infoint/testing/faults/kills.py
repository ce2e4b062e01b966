"""Writers killed in the middle of what they do (SIGKILL, at random points): what they acknowledged must be there. Needs fork."""

import os
import random
import select
import signal
import struct
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NoReturn

from infoint.storage.contract import Storage
from infoint.testing.faults.story import Toll, go_round, look, rounds_in

_NUMBER: Final = struct.Struct("<I")
_FAILED: Final = 0xFFFF_FFFF
_PER_PLACE: Final = 25
"""Kills of writers of one place, one after the other; then another place is begun, so that looking at it stays quick."""
_PATIENCE: Final = 60.0


def kill_writers(make: Callable[[Path], Storage], *, kills: int, seed: int = 0, longest: float = 0.006) -> Toll:
    """Kill `kills` writers, each after some commits and at most `longest` seconds (about three commits), or while it is opening the
    place. `make`: as StorageContract.make_storage; it is called in forked processes too. Raises AssertionError where a writer failed
    by itself.
    """
    rng = random.Random(seed)  # noqa: S311  # seeded on purpose
    lost, damaged = list[str](), list[str]()
    commits = done = 0
    while done < kills:
        with TemporaryDirectory(prefix="infoint-") as folder:
            place, there = Path(folder), 0
            for _ in range(min(_PER_PLACE, kills - done)):
                wait_for = rng.choice((0, 0, 1, 2, 3, 5, 8))
                told = _killed(make, place, wait_for, rng.uniform(0, longest if wait_for else longest * 8))
                done += 1
                acknowledged = max(told, default=there)
                commits += len(told)
                found = look(lambda place=place: make(place))  # type: ignore[misc]  # mypy does not see the default
                what = f"kill {done} of seed {seed}"
                if found.problem:
                    damaged.append(f"{what}: {found.problem}")
                    break
                if found.rounds < acknowledged:
                    lost.append(f"{what}: {found.rounds} rounds there, {acknowledged} acknowledged")
                elif found.rounds > acknowledged + 1:
                    damaged.append(
                        f"{what}: {found.rounds} rounds there, {acknowledged} acknowledged and at most one under way"
                    )
                there = found.rounds
    return Toll(done, commits, tuple(lost), tuple(damaged))


def _killed(make: Callable[[Path], Storage], folder: Path, wait_for: int, seconds: float) -> list[int]:
    """The rounds that a writer acknowledged before it was killed."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Of other threads of ours, which a fork leaves behind: the child uses nothing they could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _write_on(make, folder, writing)
    os.close(writing)
    told = b""
    try:
        end = time.monotonic() + _PATIENCE
        while len(told) < wait_for * _NUMBER.size:
            ready, _, _ = select.select([reading], [], [], max(0.0, end - time.monotonic()))
            more = os.read(reading, 65_536) if ready else b""
            if not more:
                break
            told += more
        time.sleep(seconds)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as rest:
            told += rest.read()
    numbers = [number for (number,) in _NUMBER.iter_unpack(told[: len(told) // _NUMBER.size * _NUMBER.size])]
    if _FAILED in numbers:
        at = numbers.index(_FAILED) + 1
        raise AssertionError(f"a writer failed by itself:\n{told[at * _NUMBER.size :].decode(errors='replace')}")
    return numbers


def _write_on(make: Callable[[Path], Storage], folder: Path, writing: int) -> NoReturn:
    try:
        storage = make(folder)
        storage.open(create=True)
        number = rounds_in(storage)
        while True:
            number += 1
            go_round(storage, number)
            os.write(writing, _NUMBER.pack(number))
    except BaseException:  # noqa: BLE001  # the parent is told, and nothing of it may be run here
        os.write(writing, _NUMBER.pack(_FAILED) + traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(1)
