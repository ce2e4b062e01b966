"""The contract's sentences about a second opener of one place: whoever else has it open, what was acknowledged stays."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from infoint.errors import Busy
from infoint.storage.contract import Capability, Storage
from infoint.testing.storage_case import A_MOMENT, PATIENCE, WORKSPACE, StorageCase, got, put, write

_END: Final = 0
"""What is sent instead of a record's number, when all is done."""
_READY: Final = "ready"
_KEPT: Final = "kept"
_BUSY: Final = "busy"


class SecondOpenerContract(StorageCase):
    """Mixed into StorageContract."""

    @pytest.mark.parametrize("where", ["this process", "another process"])
    def test_second_opener_costs_nobody_a_commit(self, tmp_path: Path, where: str) -> None:
        """Two have the place open, and one wrote over what the other was told is kept. Without MULTIPROCESS the second is owed Busy:
        when it opens the place, or at the latest when it writes.
        """
        self.needs(tmp_path, Capability.DURABLE)
        if where == "another process" and not hasattr(os, "fork"):
            pytest.skip("needs fork")
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
        shared = Capability.MULTIPROCESS in self.make_storage(tmp_path).capabilities
        kept = [1, 2, 5]
        # It is there before the place is opened here: what a driver holds is not to be found in a forked process.
        with beside(lambda: self.make_storage(tmp_path), apart=where == "another process") as other:
            with self.opened(tmp_path, create=False) as storage:
                put(storage, write(2))
                if other.put(3):
                    kept.append(3)
                elif shared:
                    pytest.fail(f"MULTIPROCESS is declared, and a second opener, in {where}, was told Busy while nobody wrote")
                # Refused or not, it costs whoever had the place before neither a commit nor the place.
                put(storage, write(4))
                kept.append(4)
                with storage.session(WORKSPACE, write=True) as session:
                    session.put_many([write(5)])
                    other.begin(6)
                    other.wait(A_MOMENT)  # it may be refused now, write now, or wait until this writer has ended
                    session.commit()
                if other.was_kept():
                    kept.append(6)
            other.end()
        with self.opened(tmp_path, create=False) as storage:
            lost = [number for number in kept if got(storage, number) is None]
            owed = "" if shared else ", where it is owed Busy, on opening or when it writes"
            assert not lost, (
                f"{len(lost)} commits were acknowledged, and are gone since {where} opened the place a second time{owed}"
            )
            put(storage, write(7))


class Beside:
    """Somebody else who opens the place when first told to write."""

    def __init__(self, line: Connection) -> None:
        """`line` leads to `serve`."""
        self._line = line

    def put(self, number: int) -> bool:
        """Whether its commit of a new record was acknowledged; else it was told Busy."""
        self.begin(number)
        return self.was_kept()

    def begin(self, number: int) -> None:
        """Without waiting for the answer."""
        self._line.send(number)

    def wait(self, seconds: float) -> None:
        """For the answer, so long and no longer."""
        self._line.poll(seconds)

    def was_kept(self) -> bool:
        """The answer. Raises AssertionError where it ended in an error that is not Busy."""
        assert self._line.poll(PATIENCE), f"a second opener was still stuck after {PATIENCE} seconds"
        try:
            told = self._line.recv()
        except EOFError:
            pytest.fail("the process of a second opener ended in the middle of its work")
        assert told in {_KEPT, _BUSY}, f"a second opener was not refused with Busy: {told}"
        return bool(told == _KEPT)

    def end(self) -> None:
        """It closes the place."""
        self.begin(_END)
        assert self._line.poll(PATIENCE), f"a second opener could not close the place within {PATIENCE} seconds"
        told = self._line.recv()
        assert told == _READY, f"a second opener could not close the place: {told}"


@contextmanager
def beside(make: Callable[[], Storage], *, apart: bool) -> Iterator[Beside]:
    """Somebody who can open what `make` gives: in a process of its own, or in a thread."""
    here, there = Pipe()
    child = 0
    if apart:
        with warnings.catch_warnings():
            # Of other threads of ours, which a fork leaves behind: the child uses nothing they could hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            try:
                here.close()
                serve(there, make)
            finally:
                os._exit(0)
        there.close()
    else:
        Thread(target=serve, args=(there, make), daemon=True).start()
    try:
        yield Beside(here)
    finally:
        here.close()
        if child:
            os.kill(child, signal.SIGKILL)  # it has said all it had to say, or nobody listens any more
            os.waitpid(child, 0)


def serve(line: Connection, make: Callable[[], Storage]) -> None:
    """Writes the records whose numbers come along the line, and says of each what became of it."""
    storage: Storage | None = None
    with line, suppress(EOFError, OSError):  # whoever asked has gone
        while number := line.recv():
            told = _KEPT
            try:
                storage = storage or _opened(make)
                put(storage, write(number))
            except Busy:
                told = _BUSY
            except Exception as error:  # noqa: BLE001  # told to whoever asked
                told = f"{type(error).__name__}: {error}"
            line.send(told)
        line.send(_closed(storage))
        storage = None
    _closed(storage)


def _opened(make: Callable[[], Storage]) -> Storage:
    storage = make()
    storage.open()
    return storage


def _closed(storage: Storage | None) -> str:
    """What it ended in."""
    try:
        if storage:
            storage.close()
    except Exception as error:  # noqa: BLE001  # told to whoever asked
        return f"{type(error).__name__}: {error}"
    return _READY
