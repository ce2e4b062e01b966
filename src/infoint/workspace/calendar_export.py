"""A calendar ready to be written: entries of one snapshot, and the ways to put them somewhere."""

from collections.abc import Collection, Iterator
from os import PathLike

from infoint.calendar.contract import CalendarEntry, CalendarHead, CalendarWriter
from infoint.files import write_atomically
from infoint.hooks.host import PluginHost


class CalendarExport:
    """Entries of one snapshot. Iterating makes them; nothing is held that need not be."""

    def __init__(self, entries: Collection[CalendarEntry], plugins: PluginHost) -> None:
        """Made by `ws.calendar()`."""
        self._entries, self._plugins = entries, plugins

    def __iter__(self) -> Iterator[CalendarEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def chunks(self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None) -> Iterator[bytes]:
        """The file, piece by piece. `format`: a name, or a writer of your own. Raises NoProvider."""
        return self._plugins.calendar_chunks(self._entries, format, head or CalendarHead())

    def to_bytes(self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None) -> bytes:
        """The whole file."""
        return b"".join(self.chunks(format, head=head))

    def write(
        self, path: str | PathLike[str], format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None
    ) -> bool:
        """Whole or not at all, missing folders made; where the bytes are equal nothing is touched (False). Raises CannotWrite."""
        return write_atomically(path, self.chunks(format, head=head))
