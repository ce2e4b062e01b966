"""Where the bytes of an address book come from: a path, a stream, a file within a ZIP. What they say is a reader's affair."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

from infoint.errors import ImportRejected, InvalidValue, NotFound

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

LIMIT: Final = 64 * 2**20
"""Bytes of an address book, unpacked: ten times what a network of 30,000 people takes."""
_ZIP: Final = b"PK\x03\x04"


@contextmanager
def opened(source: str | os.PathLike[str] | BinaryIO, format: str) -> Iterator[BinaryIO]:
    """The stream itself, which stays open; or the file of this path, open for as long as the block runs.

    `format` is what it is going to be read as. Raises NotFound for a path where nothing is, ImportRejected for a folder or what
    may not be read, InvalidValue for what is neither path nor stream.
    """
    if callable(getattr(source, "read", None)):
        yield cast("BinaryIO", source)
        return
    if not isinstance(source, str | os.PathLike):
        raise InvalidValue("Contacts", "source", f"needs a path or a binary stream, got {type(source).__name__}", value=source)
    with _file(os.fspath(source), format) as file:
        yield file


def _file(path: str, format: str) -> BinaryIO:
    try:
        return open(path, "rb")  # noqa: PTH123  # closed by whoever asked; a Path would lose a folder's closing slash
    except FileNotFoundError:
        raise NotFound(
            "file", path, remedy="look at the path; it is read as seen from the folder the program runs in"
        ) from None
    except OSError as error:
        raise ImportRejected(format, f"{path}: {error.strerror}") from error
    except (ValueError, TypeError) as error:  # a NUL within, or bytes
        raise InvalidValue("Contacts", "source", "is no path", value=path) from error


class _Source(RawIOBase):
    """Any object with a `read` as a stream of at most LIMIT bytes. Closing it leaves the object open."""

    def __init__(self, source: IO[bytes], format: str, head: bytes = b"") -> None:
        """`head` was read already."""
        self._source, self._format, self._head = source, format, head
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data, self._head = self._head + read_some(self._source, len(buffer) - len(self._head), self._format), b""
        self._count += len(data)
        if self._count > LIMIT:
            raise _too_large(self._format)
        buffer[: len(data)] = data
        return len(data)


def read_some(source: IO[bytes], size: int, format: str) -> bytes:
    """At most `size` bytes. Raises InvalidValue for a stream of text, ImportRejected where reading fails, whatever it raises."""
    try:
        data = source.read(size)
    except Exception as error:  # streams come from anywhere, and archives fail in many ways: none of theirs may escape
        raise ImportRejected(format, f"reading it failed: {type(error).__name__}") from error
    if not isinstance(data, bytes | bytearray | memoryview):
        raise InvalidValue("ContactReader", "source", 'needs a stream of bytes; open the file with mode "rb"', value=source)
    if len(data) > size:
        raise InvalidValue("ContactReader", "source", "gave more bytes than it was asked for", value=source)
    return bytes(data)


@contextmanager
def unpacked(source: BinaryIO, format: str, wanted: str) -> Iterator[BufferedReader]:
    """The bytes of `source`; where it is a ZIP, those of the file named `wanted` in it, in whatever folder and case.

    At most LIMIT bytes are ever given, so that no archive fills the memory. Raises ImportRejected for one without that file or
    with several, or one that is damaged or encrypted.
    """
    seekable = _is_seekable(source)
    head = b""
    while len(head) < len(_ZIP) and (more := read_some(source, len(_ZIP) - len(head), format)):
        head += more
    if head != _ZIP:
        yield BufferedReader(_Source(source, format, head))
        return
    with _archive(source, head, format, seekable=seekable) as archive, _member(archive, format, wanted) as member:
        yield BufferedReader(_Source(member, format))


def _is_seekable(source: BinaryIO) -> bool:
    try:
        return source.seekable()
    except (AttributeError, OSError, ValueError):
        return False


@contextmanager
def _archive(source: BinaryIO, head: bytes, format: str, *, seekable: bool) -> Iterator["ZipFile"]:
    from zipfile import ZipFile

    if not seekable:  # the list of a ZIP's files stands at its end
        source = BytesIO(BufferedReader(_Source(source, format, head)).read())
    try:
        archive = ZipFile(source)
    except Exception as error:  # zipfile raises whatever a damaged archive makes it meet
        raise _damaged(format, error) from error
    with archive:
        yield archive


@contextmanager
def _member(archive: "ZipFile", format: str, wanted: str) -> Iterator[IO[bytes]]:
    name = _only(archive, format, wanted)
    try:
        member = archive.open(name)
    except Exception as error:  # as above
        raise _damaged(format, error) from error
    with member:
        yield member


def _only(archive: "ZipFile", format: str, wanted: str) -> "ZipInfo":
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    found = [one for one in archive.infolist() if one.filename.rpartition("/")[2].casefold() == wanted.casefold()]
    if len(found) != 1:
        count = len(archive.infolist())
        raise ImportRejected(
            format, f"a ZIP with one {wanted} in it was expected; this one has {len(found)} among {count} files"
        )
    if found[0].flag_bits & 1 or found[0].compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        # The other ways to pack give no bound to what a few bytes may become.
        raise ImportRejected(format, f"the {wanted} in this ZIP is encrypted, or packed in an unusual way; unpack it yourself")
    if found[0].file_size > LIMIT:
        raise _too_large(format)
    return found[0]


def _too_large(format: str) -> ImportRejected:
    return ImportRejected(format, f"it is larger than {LIMIT // 2**20} MiB, which no address book is")


def _damaged(format: str, error: Exception) -> ImportRejected:
    return ImportRejected(format, f"the ZIP is damaged or incomplete ({type(error).__name__}); download it again")
