"""A calendar ready to be written: entries of one snapshot, and the ways to put them somewhere."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from attrs import frozen

from infoint.calendar.contract import CalendarEntry, CalendarHead, CalendarWriter
from infoint.calendar.drafts import Drafts
from infoint.calendar.feed import feed_head
from infoint.calendar.options import CalendarOptions
from infoint.calendar.resource_names import resource_name
from infoint.errors import InvalidValue
from infoint.files import as_path, names_in, write_atomically
from infoint.hooks.host import PluginHost


@frozen
class FolderWritten:
    """What writing into a folder has come to: file names, in order."""

    written: tuple[str, ...]
    """New, or with other bytes than before."""
    unchanged: tuple[str, ...]
    """Were there already, and were not touched."""
    others: tuple[str, ...]
    """Files of the same suffix that this export does not hold: perhaps of entries outside its window, perhaps somebody else's. They stay."""


class CalendarExport:
    """Entries of one snapshot. Iterating makes them; nothing is held that need not be."""

    def __init__(self, entries: Drafts, plugins: PluginHost, head: CalendarHead = CalendarHead()) -> None:  # noqa: B008 - a frozen value
        """Made by `ws.calendar()`. `head`: of a file for which none is given."""
        self._entries, self._plugins, self._head = entries, plugins, head

    def __iter__(self) -> Iterator[CalendarEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def chunks(self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None) -> Iterator[bytes]:
        """The file, piece by piece. `format`: a name, or a writer of your own. `head`: what the calendar is called; None: by what it
        tells, "Informational interviews" only where it tells all. Raises NoProvider.
        """
        return self._plugins.calendar_chunks(self._entries, format, head or self._head)

    def to_bytes(self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None) -> bytes:
        """The whole file."""
        return b"".join(self.chunks(format, head=head))

    def write(
        self, path: str | PathLike[str], format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None
    ) -> bool:
        """Whole or not at all, missing folders made; where the bytes are equal nothing is touched (False). Raises CannotWrite."""
        return write_atomically(path, self.chunks(format, head=head))

    def files(self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None) -> Iterator[tuple[str, bytes]]:
        """Each entry as a file of its own, for folders that are synchronized (vdir) and for servers (RFC 4791 §4.1): name and bytes,
        in the order of uids. Raises NoProvider, and InvalidValue for a head with a method.
        """
        chosen = head or self._head
        if not isinstance(chosen, CalendarHead):
            raise InvalidValue("CalendarExport", "head", f"needs a CalendarHead, got {type(chosen).__name__}", value=head)
        if chosen.method is not None:
            raise InvalidValue(
                "CalendarExport", "head", "must have no method: what is kept on a server is no message", value=head
            )
        suffix = self._suffix(format)
        for entry in self._entries:
            content = b"".join(self._plugins.calendar_chunks((entry,), format, chosen))
            yield resource_name(entry.uid, suffix), content

    def write_into(
        self, folder: str | PathLike[str], format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None
    ) -> FolderWritten:
        """One file for each entry, each whole or not at all; equal ones are not touched. Nothing is ever deleted. Raises CannotWrite."""
        written: list[str] = []
        unchanged: list[str] = []
        place = Path(as_path(folder))
        for name, content in self.files(format, head=head):
            (written if write_atomically(place / name, content) else unchanged).append(name)
        there = names_in(place, self._suffix(format)) - {*written, *unchanged}
        return FolderWritten(tuple(written), tuple(unchanged), tuple(sorted(there)))

    def _suffix(self, format: str | CalendarWriter) -> str:
        return self._plugins.calendar_writer(format).suffix


def export_of(entries: Drafts, plugins: PluginHost, options: CalendarOptions | None) -> CalendarExport:
    """Called by what it tells; by what it is, where nobody chose."""
    return CalendarExport(entries, plugins, feed_head(options.content) if options else CalendarHead())
