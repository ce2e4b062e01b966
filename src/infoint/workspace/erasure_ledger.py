"""A file beside the database that says who was erased, by ids alone: what an older state of the database, once it is restored, cannot know. What
is done about it is in `erasing_again`.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from uuid import UUID

from attrs import frozen

from infoint.errors import CannotWrite, FormatTooNew, InfointError, NotFound, NotOurs, StorageError
from infoint.files import as_path, write_new
from infoint.storage.contract import check_workspace

FORM: Final = (1, 0)
"""Major, minor of the file's form."""
_NAME: Final = "erasures"
_HEAD: Final = 200
"""More bytes than any head of ours has."""
_BINARY: Final = getattr(os, "O_BINARY", 0)


class Forgotten(NamedTuple):
    """Somebody who was erased."""

    workspace: str
    contact: UUID
    on: date
    """In UTC."""


@frozen
class Noted:
    """What stands in the ledger."""

    forgotten: tuple[Forgotten, ...]
    """Each once, in the order of their first erasure; nobody who was added again since."""
    unreadable: tuple[int, ...]
    """Numbers of lines that cannot be read: an append that was cut short, or damage."""


class ErasureLedger:
    """Lines of JSON that are only ever added, by any number of processes. Holds keys of workspaces, ids of contacts and days."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Nothing is opened, and nothing made before somebody is erased. Raises InvalidValue for what is no path."""
        # Where the process goes later must not begin another ledger.
        self.path = os.path.abspath(as_path(path))  # noqa: PTH100 - text, and no links followed

    def demand_ours(self) -> None:
        """Raises NotOurs for a file that something else made, FormatTooNew, CannotWrite for what is no file; nothing where nothing is."""
        with suppress(NotFound):
            self._head()

    def note_erased(self, workspace: str, contacts: Iterable[UUID], on: date) -> None:
        """On the disk when this returns. Raises CannotWrite, NotOurs, FormatTooNew; then half a line may stand there, which says nothing."""
        self._append("erased", workspace, contacts, on)

    def note_added_again(self, workspace: str, contacts: Iterable[UUID], on: date) -> None:
        """That they are here by somebody's will, and no restored state: those the ledger names. Raises as `note_erased`, StorageError."""
        try:
            named = {(one.workspace, one.contact) for one in self.read().forgotten}
        except NotFound:
            return
        self._append("added_again", workspace, [id for id in contacts if (workspace, id) in named], on)

    def read(self) -> Noted:
        """Raises NotFound where there is no such file, NotOurs, FormatTooNew, StorageError where it cannot be read."""
        self._head()
        try:
            lines = Path(self.path).read_bytes().split(b"\n")
        except OSError as error:
            raise _unreadable(self.path, error) from error
        forgotten: dict[tuple[str, UUID], Forgotten] = {}
        unreadable = []
        for number, line in enumerate(lines[1:], 2):
            if not line.strip():
                continue
            told = _told(line)
            if told is None:
                unreadable.append(number)
                continue
            erased, one = told
            if erased:
                forgotten.setdefault((one.workspace, one.contact), one)
            else:
                forgotten.pop((one.workspace, one.contact), None)
        return Noted(tuple(forgotten.values()), tuple(unreadable))

    # ── the file ─────────────────────────────────────────────────────────────────────────────────
    def _append(self, what: str, workspace: str, contacts: Iterable[UUID], on: date) -> None:
        lines = b"".join(_line({"workspace": workspace, "contact": str(id), what: on.isoformat()}) for id in contacts)
        if not lines:
            return
        try:
            self._head()
        except NotFound:
            self._make()
            self._head()
        except StorageError as error:
            if isinstance(error, NotOurs | FormatTooNew):
                raise
            raise CannotWrite(self.path, error.problem) from error
        try:
            _append_durably(self.path, lines)
        except OSError as error:
            raise CannotWrite(self.path, error.strerror or type(error).__name__) from error

    def _make(self) -> None:
        try:
            # Whole with its head or not at all: whoever finds it finds it ours.
            write_new(self.path, _begin)
        except CannotWrite:
            if not Path(self.path).is_file():  # another process was first
                raise

    def _head(self) -> None:
        """Raises NotFound where nothing is; see `demand_ours`."""
        try:
            if not stat.S_ISREG(Path(self.path).stat().st_mode):  # a pipe would wait for somebody to write
                raise CannotWrite(self.path, "not a plain file")
            with Path(self.path).open("rb") as file:
                head = _parsed(file.readline(_HEAD))
        except FileNotFoundError as error:
            raise NotFound(
                "ledger of erasures", self.path, remedy="nobody was ever erased with it, or it is elsewhere"
            ) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except ValueError as error:  # a NUL in the path
            raise CannotWrite(self.path, "the path holds a character no file name can have") from error
        match head:
            case {"infoint": name, "schema": [int(major), int()]} if name == _NAME:
                if major > FORM[0]:
                    raise FormatTooNew(place=self.path)
            case _:
                raise NotOurs("is no ledger of erasures", place=self.path)


def _begin(file: BinaryIO) -> None:
    file.write(_line({"infoint": _NAME, "schema": list(FORM)}))


def _append_durably(path: str, lines: bytes) -> None:
    """One write at the end, wherever that is by then, and on the disk. Native errors come out."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | _BINARY)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        os.lseek(handle, max(size - 1, 0), os.SEEK_SET)
        # After half a line of an append that was cut short, ours begins on one of its own.
        piece = lines if os.read(handle, 1) == b"\n" else b"\n" + lines
        if os.write(handle, piece) != len(piece):
            raise OSError(None, "only a part could be written")
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True).encode() + b"\n"


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _told(line: bytes) -> tuple[bool, Forgotten] | None:
    """Whether it says that somebody was erased, or that they were added again; None for what says neither."""
    match _parsed(line):
        case {"workspace": str(workspace), "contact": str(contact), "erased": str(day)}:
            erased = True
        case {"workspace": str(workspace), "contact": str(contact), "added_again": str(day)}:
            erased = False
        case _:
            return None
    try:
        return erased, Forgotten(check_workspace(workspace), UUID(contact), date.fromisoformat(day))
    except (ValueError, InfointError):
        return None


def _unreadable(path: str, error: OSError) -> StorageError:
    return StorageError(f"cannot be read ({error.strerror or type(error).__name__})", place=path)


def by_workspace(forgotten: Iterable[Forgotten]) -> Iterator[tuple[str, tuple[Forgotten, ...]]]:
    """Those of each workspace together, in the order of keys."""
    groups: dict[str, list[Forgotten]] = {}
    for one in forgotten:
        groups.setdefault(one.workspace, []).append(one)
    for key in sorted(groups):
        yield key, tuple(groups[key])
