"""A folder and the files in it, by paths relative to it: no link is followed below it, and nothing outside is reached. What is
written where, and in which order, is `journal`'s.
"""

import os
import stat as modes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EFBIG, ELOOP, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Final, NamedTuple

from infoint.errors import ReadOnly, StorageError, StorageFull

_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
MAX_BYTES: Final = 128 * 1024 * 1024
"""Of a file that is read: more than a record of the largest data and text takes, escaped."""
SUPPORTED: Final = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether this system can hold a path to one folder."""


class Stat(NamedTuple):
    """By which a file is taken for unchanged without being read."""

    size: int
    mtime: int
    ctime: int
    inode: int


class Entry(NamedTuple):
    """Something in a folder."""

    path: str
    stat: Stat
    kind: str
    """"file", "folder", or "other": a link, a pipe."""


class TooLarge(OSError):
    """A file that is not read: it has more than MAX_BYTES."""

    def __init__(self) -> None:
        """Says how many that is."""
        super().__init__(EFBIG, self.problem)

    problem: Final = f"is larger than {MAX_BYTES // 1024 // 1024} MiB"


class Disk:
    """The real one."""

    def __init__(self, root: Path) -> None:
        """`root` is there. Native errors come out."""
        self._root = os.open(root, _FOLDER & ~_FILE | os.O_CLOEXEC | os.O_DIRECTORY)

    def close(self) -> None:
        """Lets go of the folder."""
        with suppress(OSError):
            os.close(self._root)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────
    def entries(self, folder: str) -> list[Entry]:
        """What is in it, by name; nothing where there is no such folder."""
        found = []
        try:
            with self._folder(folder) as handle, os.scandir(handle) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # gone since
                        status = entry.stat(follow_symlinks=False)
                        kind = (
                            "folder" if modes.S_ISDIR(status.st_mode) else "file" if modes.S_ISREG(status.st_mode) else "other"
                        )
                        found.append(Entry(f"{folder}/{entry.name}" if folder else entry.name, _stat(status), kind))
        except FileNotFoundError:
            return []
        return sorted(found, key=lambda entry: entry.path)

    def stat(self, path: str) -> Stat | None:
        """Of a file; None where there is none."""
        try:
            with self._parent(path) as (handle, name):
                return _stat(os.stat(name, dir_fd=handle, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def read(self, path: str) -> bytes | None:
        """Of a file; None where there is none. Raises TooLarge before it takes memory for one."""
        try:
            with self._parent(path) as (handle, name):
                # Non-blocking: a pipe put there would hold us for ever.
                descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | _FILE, dir_fd=handle)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor
            status = os.fstat(descriptor)
            if not modes.S_ISREG(status.st_mode):
                raise OSError(ELOOP, "is no file")
            if status.st_size > MAX_BYTES:
                raise TooLarge
            return file.read()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────
    def write_new(self, path: str, content: bytes) -> None:
        """A file that is not there yet, down to the disk. Raises FileExistsError."""
        with self._parent(path) as (handle, name):
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE, 0o666, dir_fd=handle)
            try:
                with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor
                    file.write(content)
                    file.flush()
                    os.fsync(descriptor)
            except BaseException:
                with suppress(OSError):
                    os.unlink(name, dir_fd=handle)
                raise

    def link(self, source: str, target: str) -> None:
        """A second name, never over another. Raises FileExistsError."""
        with self._parent(source) as (one, name), self._parent(target) as (other, new):
            try:
                os.link(name, new, src_dir_fd=one, dst_dir_fd=other, follow_symlinks=False)
            except PermissionError:
                # A file system without second names: what is there may still be seen first.
                with suppress(FileNotFoundError):
                    os.stat(new, dir_fd=other, follow_symlinks=False)
                    raise FileExistsError from None
                os.rename(name, new, src_dir_fd=one, dst_dir_fd=other)

    def replace(self, source: str, target: str) -> None:
        """`source` in the place of `target`, at once."""
        with self._parent(source) as (one, name), self._parent(target) as (other, new):
            os.replace(name, new, src_dir_fd=one, dst_dir_fd=other)

    def remove(self, path: str) -> None:
        """A file; where there is none, nothing happens."""
        with suppress(FileNotFoundError), self._parent(path) as (handle, name):
            os.unlink(name, dir_fd=handle)

    def make_folder(self, path: str) -> None:
        """With those above it, down to the disk; where there is one, nothing happens."""
        above = ""
        for name in path.split("/"):
            here = f"{above}/{name}" if above else name
            with suppress(FileExistsError), self._parent(here) as (handle, last):
                os.mkdir(last, dir_fd=handle)
                self.sync_folder(above)
            above = here

    def remove_folder(self, path: str) -> None:
        """Where it is empty."""
        with suppress(OSError), self._parent(path) as (handle, name):
            os.rmdir(name, dir_fd=handle)

    def sync_folder(self, path: str) -> None:
        """Names of a folder, down to the disk; where there is no such folder, nothing happens."""
        with suppress(FileNotFoundError), self._folder(path) as handle:
            os.fsync(handle)

    # ── folders ──────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def _folder(self, path: str) -> Iterator[int]:
        """Its handle, gone down to name by name: nobody can put a link in the way meanwhile."""
        names = path.split("/") if path else []
        for name in names:
            _check_name(name)
        handle = os.open(".", _FOLDER, dir_fd=self._root)
        try:
            for name in names:
                inner = os.open(name, _FOLDER, dir_fd=handle)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        above, _, name = path.rpartition("/")
        _check_name(name)
        with self._folder(above) as handle:
            yield handle, name


def sync_folder(path: Path) -> None:
    """Names of a folder outside of any vault, down to the disk. Native errors come out."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_name(name: str) -> None:
    if name in {"", ".", ".."} or "/" in name or "\x00" in name:
        raise StorageError("a path that leads out of the vault")


def _stat(status: os.stat_result) -> Stat:
    return Stat(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


_KINDS: Final = {ENOSPC: StorageFull, EDQUOT: StorageFull, EROFS: ReadOnly, EACCES: ReadOnly, EPERM: ReadOnly}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Lets no native error out."""
    try:
        yield
    except OSError as error:
        if error.errno in {ELOOP, ENOTDIR}:
            raise StorageError(
                "has a link, or something else that is neither file nor folder, where one is needed", place=place
            ) from error
        kind = _KINDS.get(error.errno or 0)
        raise (
            kind(place=place) if kind else StorageError(f"reading or writing failed ({error.strerror})", place=place)
        ) from error
