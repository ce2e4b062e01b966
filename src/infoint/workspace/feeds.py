"""A workspace's calendar as a feed: what its entity tag is made of. How requests are answered is `calendar.feed`'s."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath

from attrs import fields, frozen

from infoint.calendar.contract import CalendarHead, CalendarWriter
from infoint.calendar.feed import Feed, FeedBody, FeedOptions, etag_of, feed_head
from infoint.calendar.versions import software_revision
from infoint.errors import InvalidValue
from infoint.storage.contract import Capability
from infoint.workspace.calendar_export import CalendarExport
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import UnitOfWork


def feed_of(sessions: Sessions, options: FeedOptions | None, format: str | CalendarWriter, head: CalendarHead | None) -> Feed:
    """See `Workspace.feed`."""
    chosen = FeedOptions() if options is None else options
    if not isinstance(chosen, FeedOptions):
        problem = f"needs FeedOptions, which tell little unless asked for more, got {type(chosen).__name__}"
        raise InvalidValue("Workspace", "options", problem, value=chosen)
    source = _Source(sessions, chosen, format, feed_head(chosen.content) if head is None else head)
    writer = sessions.plugins.calendar_writer(format)
    with sessions.reading() as unit:
        unit.profile()  # a feed of a workspace that is not there is an error now, not an empty calendar later
        first = source.known_by(unit) or source.made(unit)
    return Feed(
        etag=first.etag,
        body=source.read if isinstance(first, _Known) else lambda: first,
        last_modified=first.last_modified,
        media_type=writer.media_type,
        filename=str(PurePath("calendar").with_suffix(writer.suffix)),
    )


@frozen
class _Known:
    """What a body will be known by, before it is made."""

    etag: str
    last_modified: datetime | None


@frozen
class _Source:
    """What to make, of which workspace."""

    sessions: Sessions
    options: FeedOptions
    format: str | CalendarWriter
    head: CalendarHead

    def known_by(self, unit: UnitOfWork) -> _Known | None:
        """None where the bytes depend on something that cannot be named."""
        plugins, software = self.sessions.plugins.export_revision(self.format), software_revision()
        commit = None if Capability.EXTERNAL_EDITS in self.sessions.storage().capabilities else unit.last_commit()
        if plugins is None or software is None or commit is None:
            return None
        writer = self.format if isinstance(self.format, str) else type(self.format).__qualname__
        # The time beside the number: after a backup was restored, numbers come again.
        state = (self.sessions.key, commit.seq, str(commit.at))
        return _Known(etag_of(plugins, software, writer, *_told(self.options), *_told(self.head), *state), commit.at)

    def made(self, unit: UnitOfWork) -> FeedBody:
        """From one snapshot. What cannot be known beforehand is known by its bytes, and has no date that could be relied on."""
        known = self.known_by(unit)
        entries = self.sessions.plugins.calendar_entries(unit.campaign(), self.options)
        content = CalendarExport(entries, self.sessions.plugins).to_bytes(self.format, head=self.head)
        return FeedBody(content, known.etag, known.last_modified) if known else FeedBody(content, etag_of(content))

    def read(self) -> FeedBody:
        """As it is by now."""
        with self.sessions.reading() as unit:
            return self.made(unit)


def _told(value: FeedOptions | CalendarHead) -> Iterator[str]:
    """Every field, the same in each process: a set has another order in each, and equal moments of two zones are told differently."""
    yield type(value).__qualname__
    for one in fields(type(value)):
        held = getattr(value, one.name)
        if isinstance(held, frozenset):
            held = sorted(held)
        elif isinstance(held, datetime):
            held = f"{held.isoformat()} {held.tzinfo}"
        yield f"{one.name}={held}"
