"""Running the command: from its arguments to its exit code. What the commands do is in the modules named after them."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Final

DONE: Final = 0
FAILED: Final = 1
SOMETHING_IS_DUE: Final = 3
FOUND: Final = 4
"""What was looked for is there: damage, something to migrate, somebody to erase again, a plugin that could not be loaded."""
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""
NOBODY_READS: Final = 141
"""128 + SIGPIPE."""
ENDED: Final = 143
"""128 + SIGTERM."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out what `arguments` (None: those of the process) say, and give the exit code. Raises SystemExit, as argparse does, with 2
    where they are wrong and with 0 after help; and with 143 where the process is told to end (SIGTERM).
    """
    from infoint.cli.arguments import parsed

    asked = parsed(arguments)
    try:
        with _orderly_end():
            return _run(asked)
    except BrokenPipeError:
        return NOBODY_READS
    except KeyboardInterrupt:
        return INTERRUPTED


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Told to end, the process takes away its temporary files first, which hold the words of people. A handler of an app stays."""

    def end(*_: object) -> None:
        raise SystemExit(ENDED)

    try:
        ours = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        if ours:
            signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread
        ours = False
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _run(asked: Namespace) -> int:
    from infoint.errors import InfointError, MigrationRequired

    try:
        match asked.command:
            case "export":
                from infoint.cli.export import export

                return export(asked)
            case "due":
                from infoint.cli.due import list_due

                return list_due(asked)
            case "copy":
                from infoint.cli.copy import copy

                return copy(asked)
            case "erase-again":
                from infoint.cli.erase_again import erase_again

                return erase_again(asked)
            case "plugins":
                from infoint.cli.plugins import list_plugins

                return list_plugins(asked)
            case command:
                from infoint.cli import upkeep

                return {"check": upkeep.check, "backup": upkeep.backup, "migrate": upkeep.migrate}[command](asked)
    except MigrationRequired as error:
        # What an app is told to call, in the words of who types.
        place = f"{error.place}: " if error.place else ""
        plugins = " --plugins" if asked.plugins else ""
        say(
            f"{place}{error.problem}; make a backup and run `infoint migrate {getattr(asked, 'database', 'DATABASE')}{plugins}`"
        )
        return FAILED
    except InfointError as error:
        say(str(error))
        return FAILED


def say(sentence: str) -> None:
    """One line on standard error, whatever is in it, and no password of a URL."""
    from infoint.cli.discreet import masked

    line = "".join(letter if letter.isprintable() else " " for letter in f"infoint: {masked(sentence)}")
    if sys.stderr is not None:  # closed by whoever started it; the exit code says it too
        sys.stderr.write(" ".join(line.split()) + "\n")


def put_json(told: object) -> None:
    """A document of its own on standard output. Raises as `put_out`."""
    import json

    put_out([json.dumps(told, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n"])


def put_out(pieces: Iterable[bytes]) -> None:
    """To standard output as it stands: no line end is translated, and the encoding is UTF-8 wherever it runs. Raises CannotWrite, and
    BrokenPipeError where nobody reads any more.
    """
    from infoint.errors import CannotWrite

    if getattr(sys.stdout, "buffer", None) is None:  # closed by whoever started it, or a text stream of an app
        raise CannotWrite("standard output", "there is none that takes bytes")
    for piece in chain(pieces, [b""]):
        try:
            _write(piece)
        except OSError as error:
            _drop_output()
            if isinstance(error, BrokenPipeError):
                raise
            raise CannotWrite("standard output", error.strerror or type(error).__name__) from error


def _write(piece: bytes) -> None:
    """All of it; nothing at all is what is in the buffer."""
    rest = memoryview(piece)
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]  # with PYTHONUNBUFFERED set, less may be taken at a time
    if not piece:
        sys.stdout.buffer.flush()


def _drop_output() -> None:
    """What is still in the buffer would fail once more when the interpreter ends, with a traceback of its own."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
