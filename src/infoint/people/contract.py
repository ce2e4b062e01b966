"""What a reader of address books is. Which contacts are new is decided by whoever imports them."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, TypeAlias

from attrs import frozen

from infoint.model.contact import Contact
from infoint.plugin import Registrar


@frozen
class Rejected:
    """A row or card that could not be read."""

    line: int
    """From 1, as an editor counts; 0 where the reader does not say where its rows stand."""
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


Row: TypeAlias = Contact | Rejected


class ContactReader(Protocol):
    """One format of address books."""

    def read(self, source: BinaryIO) -> Iterator[Row]:
        """Contacts without ids (`external_ids` say who is who), and what could not be read. Raises ImportRejected for a source
        that is another format altogether.

        An iterator that has a `line_num`, as `csv.reader` has, lets a plan say where a contact stood: the line on which the row
        it gave last begins.
        """
        ...


ReaderFactory: TypeAlias = Callable[[], ContactReader]
ReaderRegistrar: TypeAlias = Registrar[ReaderFactory]
