"""Writing a file so that it is there whole or not at all. What stands in the file is the business of the rooms that ask."""

import errno
import io
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from infoint.errors import CannotWrite, InvalidValue

_PIECE = 1 << 16
_SQLITE = b"SQLite format 3\0"
_LOGS = tuple(map(bytes.fromhex, ("377f0682", "377f0683", "d9d505f920a163d7")))
"""How a write-ahead log begins, of either byte order, and a rollback journal."""
_BESIDE = ("-wal", "-shm", "-journal")


def write_atomically(path: str | os.PathLike[str], content: bytes | Iterable[bytes]) -> bool:
    """Put `content` at `path`: a reader sees the old file or the new one, never a part.

    True = written; False = the same bytes were there already and the file was not touched. Pieces of an iterable go to a
    temporary file beside the target one by one, so that they need not fit in memory. A symbolic link stays a link: what it
    points to is replaced. An existing file keeps its permission bits. Missing folders are made.

    Raises CannotWrite, which names the path, where the system refuses, where the file is write-protected, for anything that is
    not a plain file (a folder, a device, a pipe), and for an SQLite database: nothing made again at will is worth one. InvalidValue
    for what is no path. Whatever `content` raises comes through; nothing is left behind.
    """
    shown = as_path(path)
    with _reported(shown):
        target = _followed(shown)
        mode = _mode_of(target)
        _demand_no_log(target, shown, there=mode is not None)
        if mode is not None and _is_database(str(target)):
            raise CannotWrite(shown, "it is a database")
    if isinstance(content, bytes):
        with _reported(shown):
            if mode is not None and _holds(target, io.BytesIO(content), len(content)):
                return False
        content = (content,)
    with _reported(shown):
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".infoint-{secrets.token_hex(8)}.tmp")
    try:
        _fill(temporary, content, mode, shown)
        with _reported(shown):
            return _take_over(temporary, target, mode)
    finally:
        # The old file stands whatever happens here, and an error of the clean-up must not hide the one that led to it.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_new(path: str | os.PathLike[str], fill: Callable[[BinaryIO], None], *, replace: bool = False) -> None:
    """Put what `fill` writes at `path`, whole or not at all, readable by its owner alone. What is there already stays, and that is
    CannotWrite, unless `replace`. Missing folders are made; whatever `fill` raises comes through; nothing is left behind.
    """
    shown = as_path(path)
    with _reported(shown):
        target = _followed(shown)
        mode = _mode_of(target)
        if mode is not None and not replace:
            raise CannotWrite(shown, "there is a file already")
        _demand_no_log(target, shown, there=mode is not None)
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".infoint-{secrets.token_hex(8)}.tmp")
    try:
        with _reported(shown):
            file = open(temporary, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - as in _fill
        _filled(file, fill, shown)
        with _reported(shown):
            if replace:
                temporary.replace(target)
            else:
                _put_new(temporary, target)
            _sync_folder(target.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _filled(file: BinaryIO, fill: Callable[[BinaryIO], None], shown: str) -> None:
    try:
        fill(file)
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:  # a disk that is full is met while `fill` writes
        raise CannotWrite(shown, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):  # all that was written has reached the disk; or the first error is the one to tell
            file.close()


def _put_new(temporary: Path, target: Path) -> None:
    """Unlike a rename alone it takes the place of nothing that came meanwhile. Native errors come out."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # there are no hard links on vfat, exFAT and some network file systems
        _put_without_links(temporary, target)


def _put_without_links(temporary: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        temporary.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def as_path(path: str | os.PathLike[str]) -> str:
    """The path as text. Raises InvalidValue for anything else, bytes too."""
    try:
        shown: str | bytes = os.fspath(path)
    except TypeError:
        shown = b""
    if not isinstance(shown, str):
        raise InvalidValue("write_atomically", "path", f"needs a path, not {type(path).__name__}", value=path)
    return shown


def names_in(folder: str | os.PathLike[str], suffix: str) -> set[str]:
    """Names in a folder that end so; none where it cannot be listed. Raises CannotWrite for what can be no folder's path."""
    shown = as_path(folder)
    with _reported(shown):
        try:
            return {name for name in os.listdir(shown) if name.endswith(suffix)}  # noqa: PTH208 - names, not paths
        except OSError:
            return set()


@contextmanager
def _reported(shown: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(shown, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL or a lone surrogate in the path
        raise CannotWrite(shown, "the path holds a character no file name can have") from error


def _followed(path: str) -> Path:
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _mode_of(target: Path) -> int | None:
    """Permission bits of what is there, None where nothing is."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a plain file")
    if not os.access(target, os.W_OK):  # replacing asks only the folder, but a write-protected file is protected on purpose
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found.st_mode)


def _demand_no_log(target: Path, shown: str, *, there: bool) -> None:
    """A log is worth the commits that are nowhere else; nor is it made for a database that has none. Raises CannotWrite."""
    for ending in _BESIDE:
        if target.name.endswith(ending) and _is_database(str(target).removesuffix(ending)):
            raise CannotWrite(shown, "it belongs to the database beside it")
    if there and not _is_in_use(str(target)) and _starts_with(str(target), *_LOGS):
        raise CannotWrite(shown, "it is the log of a database")


def _is_database(path: str) -> bool:
    return _is_in_use(path) or _starts_with(path, _SQLITE)


def _is_in_use(path: str) -> bool:
    # Such a database is not even opened: closing it again would give up what this process has locked in it.
    return _is_there(f"{path}-shm")


def _is_there(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - text, and asked for every file
    except OSError:
        return False


def _starts_with(path: str, *magics: bytes) -> bool:
    try:
        with Path(path).open("rb") as there:
            return there.read(len(_SQLITE)).startswith(magics)
    except OSError:
        return False  # one may be allowed to write what one may not read


def _fill(temporary: Path, content: Iterable[bytes], mode: int | None, shown: str) -> None:
    # Opened with the final bits, not widened or narrowed later: a private file is private from its first byte on.
    bits = 0o666 if mode is None else mode
    with _reported(shown):
        file = open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, bits))  # noqa: SIM115 - Path.open takes no opener; closed below
    try:
        for piece in content:
            _check(piece)
            with _reported(shown):
                file.write(piece)
    except BaseException:
        with suppress(OSError):  # the first error is the one to tell
            file.close()
        raise
    with _reported(shown):
        file.close()


def _check(piece: object) -> None:
    if not isinstance(piece, bytes):
        raise InvalidValue("write_atomically", "content", "needs bytes", value=piece)


def _take_over(temporary: Path, target: Path, mode: int | None) -> bool:
    with temporary.open("rb+") as file:
        if mode is not None and _holds(target, file, temporary.stat().st_size):
            return False
        os.fsync(file.fileno())
    if mode is not None:
        temporary.chmod(mode)
    temporary.replace(target)
    _sync_folder(target.parent)
    return True


def _holds(target: Path, wanted: BinaryIO, size: int) -> bool:
    """Whether `target` is, byte for byte, what `wanted` gives."""
    if target.stat().st_size != size:
        return False
    with target.open("rb") as there:
        while piece := wanted.read(_PIECE):
            if there.read(_PIECE) != piece:
                return False
    return True


def _sync_folder(folder: Path) -> None:
    # The new file is in place by now. Some systems cannot sync a folder at all, and an error would claim the old one still stands.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
