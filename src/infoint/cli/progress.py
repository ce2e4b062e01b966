"""How far something long has come, on a terminal; nothing where standard error is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from infoint.storage.contract import Progress

_EVERY: Final = 0.2
"""Seconds between two lines; more often nobody reads them."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[str, Progress], None]]:
    """A function that shows how far something of a name has come. The line is taken away at the end."""
    stream = sys.stderr
    if quiet or stream is None or not stream.isatty():
        yield lambda _name, _progress: None
        return
    last = 0.0

    def show(name: str, progress: Progress) -> None:
        nonlocal last
        if (now := monotonic()) - last >= _EVERY:
            last = now
            of = "" if progress.total is None else f" of {progress.total}"
            plain = "".join(letter if letter.isprintable() else " " for letter in name)[:40]
            stream.write(f"\r\x1b[K{plain}: {progress.done}{of} {progress.unit}")
            stream.flush()

    try:
        yield show
    finally:
        if last:
            stream.write("\r\x1b[K")
            stream.flush()
