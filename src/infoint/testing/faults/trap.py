"""A preloaded library between a process and its files. What it does, `io_trap.c` tells; it is compiled when it is first needed."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ERRORS: Final = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
READS, WRITES, OTHERS = 1, 2, 4
"""Calls that may fail: reading; writing and making; syncing, opening what is there, removing."""


def why_not() -> str:
    """What keeps the library from being made here; "" = nothing."""
    if not sys.platform.startswith("linux"):
        return "the library is for Linux"
    return "" if shutil.which("cc") else "there is no C compiler (cc)"


@cache
def _folder() -> "TemporaryDirectory[str]":
    """Goes with the process."""
    return TemporaryDirectory(prefix="infoint-trap-")


@cache
def library() -> Path:
    """The compiled library. Raises CalledProcessError."""
    made = Path(_folder().name, "io_trap.so")
    source = Path(__file__).with_name("io_trap.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", made, source, "-ldl"], check=True)  # noqa: S603, S607  # the system's
    return made


def trapped(module: str, arguments: Sequence[str], *, root: Path, log: Path | None = None) -> str:
    """Run `python -m module arguments` with the library between it and what is below `root`. Gives what it printed; raises
    CalledProcessError.
    """
    environment = os.environ | {
        "LD_PRELOAD": str(library()),
        "IO_TRAP_ROOT": str(root),
        "IO_TRAP_LOG": str(log) if log else "",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  # our own


class Trap:
    """The library, in a process that it was loaded into before anything else."""

    def __init__(self) -> None:
        """Raises AttributeError where it is not there."""
        here = ctypes.CDLL(None)
        self._arm, self._calls = here.io_trap_arm, here.io_trap_calls
        self._arm.argtypes = [ctypes.c_long, *[ctypes.c_int] * 4]
        self._calls.restype = ctypes.c_long

    def arm(self, index: int, error: int, *, kinds: int, on: bool = False, short: bool = False) -> None:
        """The call with this index, counted from now, fails; `on`: and all after it. `short`: it writes half instead."""
        self._arm(index, error, kinds, int(on), int(short))

    def disarm(self) -> int:
        """Nothing fails any more. Gives how many calls there were."""
        calls: int = self._calls()
        self._arm(-1, 0, 0, 0, 0)
        return calls
