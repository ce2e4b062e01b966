"""Files are written whole or not at all."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infoint.errors import CannotWrite, InvalidValue
from infoint.files import write_atomically, write_new

posix = pytest.mark.skipif(sys.platform == "win32", reason="permission bits and pipes as POSIX has them")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_file_holds_the_bytes(tmp_path: Path) -> None:
    """The bytes would not arrive, or something would be left beside them."""
    assert write_atomically(tmp_path / "a.txt", b"one\r\ntwo")
    assert (tmp_path / "a.txt").read_bytes() == b"one\r\ntwo"
    assert names(tmp_path) == ["a.txt"]


def test_path_may_be_a_str(tmp_path: Path) -> None:
    """Callers with a plain str would be turned away."""
    assert write_atomically(str(tmp_path / "a.txt"), b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x"


@pytest.mark.parametrize("content", [b"", b"one", b"one and two", b"x" * 200_000])
@pytest.mark.parametrize("before", [b"", b"old", b"x" * 200_001, b"y" * 200_000])
def test_what_was_there_is_replaced(tmp_path: Path, content: bytes, before: bytes) -> None:
    """A shorter, longer or equally long old content would show through."""
    path = tmp_path / "a.txt"
    path.write_bytes(before)
    assert write_atomically(path, content) is (content != before)
    assert path.read_bytes() == content
    path.write_bytes(before)
    assert write_atomically(path, iter([content[:3], b"", content[3:]])) is (content != before)
    assert path.read_bytes() == content
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("content", [b"x" * 150_000, (b"x" * 75_000, b"x" * 75_000)])
def test_equal_bytes_leave_the_file_alone(tmp_path: Path, content: bytes | tuple[bytes, ...]) -> None:
    """Programs that watch the file would be woken for nothing."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 150_000)
    os.utime(path, (1, 1))
    before = path.stat()
    os.utime(tmp_path, (1, 1))
    assert not write_atomically(path, content)
    assert (path.stat().st_mtime, path.stat().st_ino) == (1, before.st_ino)
    if isinstance(content, bytes):
        assert tmp_path.stat().st_mtime == 1, "nothing need be written to compare bytes at hand"
    assert names(tmp_path) == ["a.txt"]


def test_a_reader_keeps_the_old_file(tmp_path: Path) -> None:
    """A program in the middle of reading would see two files mixed."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old"


def test_pieces_are_written_as_they_come(tmp_path: Path) -> None:
    """A long export would have to fit in memory, or would be seen before it is whole."""
    path = tmp_path / "a.txt"
    seen = []

    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            seen.append(path.exists())
            yield b"x" * 100_000

    assert write_atomically(path, pieces())
    assert path.stat().st_size == 300_000
    assert seen == [False] * 3


@pytest.mark.parametrize("problem", [KeyError("theirs"), OSError("theirs"), KeyboardInterrupt()])
def test_what_the_content_raises_comes_through(tmp_path: Path, problem: BaseException) -> None:
    """A fault in the caller's own code would look like a full disk, or leave half a file."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise problem

    with pytest.raises(type(problem)) as raised:
        write_atomically(path, pieces())
    assert raised.value is problem
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("content", ["text", ["text"], bytearray(b"x")])
def test_only_bytes_are_content(tmp_path: Path, content: object) -> None:
    """Text would be written in whatever encoding is about."""
    with pytest.raises(InvalidValue, match="needs bytes"):
        write_atomically(tmp_path / "a.txt", content)  # type: ignore[arg-type] # the mistake under test
    assert names(tmp_path) == []


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_permission_bits_stay(tmp_path: Path, mode: int) -> None:
    """A private file would become readable by others, or a shared one private."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    seen: list[int] = []

    def pieces() -> Iterator[bytes]:
        yield b"new"
        seen.extend(stat.S_IMODE(found.stat().st_mode) & ~mode for found in tmp_path.glob(".infoint-*"))

    write_atomically(path, pieces())
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert seen == [0], "the temporary file was open to others"


@posix
def test_new_file_obeys_the_umask(tmp_path: Path) -> None:
    """Notes would be readable by everyone, or a feed by no web server."""
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.txt", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


@posix
def test_links_stay_links(tmp_path: Path) -> None:
    """The link would be replaced and what it points to stay old."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a.txt")
    assert write_atomically(tmp_path / "link", b"first")
    assert write_atomically(tmp_path / "link", b"second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_bytes() == b"second"
    assert names(tmp_path / "real") == ["a.txt"]


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A broken link would be replaced by a file without a word."""
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(CannotWrite, match="one"):
        write_atomically(tmp_path / "one", b"x")
    assert names(tmp_path) == ["one", "two"]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    """A script's first run, into a folder that is not there yet, would fail."""
    assert write_atomically(tmp_path / "new" / "newer" / "a.txt", b"x")
    assert (tmp_path / "new" / "newer" / "a.txt").read_bytes() == b"x"
    assert names(tmp_path / "new" / "newer") == ["a.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """The system's own error would escape."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        write_atomically(tmp_path / "file" / "a.txt", b"x")


def test_folders_are_refused(tmp_path: Path) -> None:
    """A folder would be replaced, or the temporary file left in its parent."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(CannotWrite, match="not a plain file"):
        write_atomically(tmp_path / "folder", b"x")
    assert names(tmp_path) == ["folder"]


@posix
def test_devices_and_pipes_are_refused(tmp_path: Path) -> None:
    """`/dev/null` would become a file."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotWrite, match="not a plain file"):
        write_atomically(tmp_path / "pipe", b"x")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_write_protected_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file protected on purpose would be replaced, as that asks only the folder."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may write everywhere
    with pytest.raises(CannotWrite, match=os.strerror(errno.EACCES)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b"])
def test_impossible_names_are_refused(tmp_path: Path, name: str) -> None:
    """Python's ValueError would escape."""
    with pytest.raises(CannotWrite, match="no file name can have"):
        write_atomically(tmp_path / name, b"x")


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_failing_steps_leave_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A full disk would cost the file that was there."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(CannotWrite, match=os.strerror(errno.ENOSPC)):
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


@posix
def test_full_disk_is_told(tmp_path: Path) -> None:
    """A disk that fills up while writing would raise the system's own error."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        for content in (b"x" * 50_001, [b"x" * 40_000] * 3, [b"x" * 49_999, b"xx"]):
            with pytest.raises(CannotWrite):
                write_atomically(path, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


@posix
def test_folders_that_cannot_be_synced_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is in place by then: an error would say that the old one still is."""
    true_fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        true_fsync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    assert write_atomically(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x"


@posix
def test_file_and_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut the file could be empty, or the old one."""
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    write_atomically(tmp_path / "a.txt", b"x")
    assert synced == [False, True]


# ── databases ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("there", [True, False])
def test_what_belongs_to_a_database_is_left_alone(tmp_path: Path, ending: str, *, there: bool) -> None:
    """An export, or a backup, takes the place of a log, and the commits in it are gone; or makes one for a database that has none."""
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0 and so on")
    log = tmp_path / f"a.db{ending}"
    if there:
        log.write_bytes(b"commits")
    with pytest.raises(CannotWrite, match="belongs to the database"):
        write_atomically(log, b"x")
    with pytest.raises(CannotWrite, match="belongs to the database"):
        write_new(log, lambda file: None, replace=True)
    assert not there or log.read_bytes() == b"commits"
    assert write_atomically(tmp_path / f"b.db{ending}", b"a name alone says nothing")


@pytest.mark.parametrize("magic", ["377f0682", "377f0683", "d9d505f920a163d7"])
def test_a_log_is_known_by_how_it_begins(tmp_path: Path, magic: str) -> None:
    """The log of a database that was moved away, or has another name, is replaced."""
    log = tmp_path / "kept"
    log.write_bytes(bytes.fromhex(magic) + b"commits")
    with pytest.raises(CannotWrite, match="log of a database"):
        write_atomically(log, b"x")
    with pytest.raises(CannotWrite, match="log of a database"):
        write_new(log, lambda file: None, replace=True)


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may become larger."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@posix
@pytest.mark.parametrize("size", [49_999 + 2, 300_000])
def test_full_disk_is_told_of_what_is_filled(tmp_path: Path, size: int) -> None:
    """A disk that fills up while a backup is written, or only when its buffer is, ends in the system's own error."""
    path = tmp_path / "b.db"
    with room(50_000), pytest.raises(CannotWrite, match=r"b\.db"):
        write_new(path, lambda file: [file.write(b"x" * 997) for _ in range(size // 997 + 1)] and None)
    assert names(tmp_path) == []


def test_new_file_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup to a USB stick (vfat) fails; or takes the place of what came meanwhile."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "b.db"
    write_new(path, lambda file: file.write(b"whole") and None)
    assert (path.read_bytes(), path.stat().st_mode & 0o077) == (b"whole", 0)
    late = tmp_path / "late.db"
    with pytest.raises(CannotWrite):
        write_new(late, lambda file: late.write_bytes(b"came meanwhile") and None)
    assert late.read_bytes() == b"came meanwhile"
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CannotWrite):
        write_new(tmp_path / "c.db", lambda file: None)
    assert names(tmp_path) == ["b.db", "late.db"]
