"""iCalendar files (RFC 5545) from entries. Zones are described in `zones`, entries in `ics_components`."""

from collections.abc import Collection, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from infoint.calendar.content_lines import Values, clean, folded
from infoint.calendar.contract import CalendarEntry, CalendarHead, Component, Method, Timed
from infoint.calendar.drafts import Drafts
from infoint.calendar.entry_cache import EntryCache, Piece
from infoint.calendar.ics_components import component_lines, told
from infoint.calendar.itip_rules import demand_fit
from infoint.calendar.versions import software_revision
from infoint.calendar.zones import FIRST_YEAR, LAST_YEAR, vtimezone
from infoint.errors import InvalidValue


class IcsWriter:
    """One file for calendar programs and subscriptions.

    VTIMEZONEs first, then the entries by uid; every byte follows from entries and head. Without a method nobody is asked anything. Times
    stand in their IANA zone; in UTC where the zone has no common name, where clocks show a time twice, and before
    `zones_since` or after 2045. Microseconds are cut off. Characters that RFC 5545 forbids are left out, every kind of line end
    is one of its own, marks that would turn the direction of what programs show around a text go, and commas in a category become
    strokes, since some readers take even an escaped one for two categories.

    An export without entries is a calendar without components: RFC 5545 §3.6 wants one, but an invented entry would be shown
    to people, and readers take the calendar as the empty one it is.
    """

    media_type: str = "text/calendar"
    suffix: str = ".ics"

    def __init__(self, *, product: str = "-//infoint//EN", zones_since: int = 2020, cache: EntryCache | None = None) -> None:
        """`product` is PRODID: who made the file. `zones_since` is the first year that zones are described for, 2000 at the
        earliest: the later, the fewer bygone rules are told, and Outlook reads a zone of one rule best. `cache`: what was written
        before is not made and written again, for the price of keeping it in memory. Raises InvalidValue.
        """
        if not isinstance(product, str) or not clean(product).strip():
            raise InvalidValue("IcsWriter", "product", "needs a name for what makes the file", value=product)
        if not isinstance(cache, EntryCache | None):
            raise InvalidValue("IcsWriter", "cache", f"needs an EntryCache, not {type(cache).__name__}", value=cache)
        if not isinstance(zones_since, int) or not FIRST_YEAR <= zones_since <= LAST_YEAR:
            raise InvalidValue("IcsWriter", "zones_since", f"needs a year from {FIRST_YEAR} to {LAST_YEAR}", value=zones_since)
        self._product, self._since, self._cache = product, zones_since, cache

    @property
    def revision(self) -> str:
        """What the bytes depend on besides entries, head and versions of software, so that a feed can name its tag before it is made.
        A subclass may write otherwise, and says so itself.
        """
        return f"{self._product}, zones since {self._since}" if type(self) is IcsWriter else ""

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        """The file in pieces, an entry at a time. `entries` are gone through twice, and held only if they are not in order.

        Raises InvalidValue, before the first piece, for what is no entry, where two have the same uid and component, or where they do
        not fit the head's method.
        """
        if not isinstance(head, CalendarHead):
            raise InvalidValue("IcsWriter", "head", f"needs a CalendarHead, not {type(head).__name__}", value=head)
        values = Values()
        if self._cache is not None and isinstance(entries, Drafts) and head.method is None:
            components, zones = self._remembered(entries, self._cache, values)
        else:
            components, zones = self._streamed(entries, head, values)
        yield from map(folded, self._head(head, values))
        for zone in sorted(zones):
            yield b"".join(folded(line.encode()) for line in vtimezone(ZoneInfo(zone), since=self._since))
        yield from components
        yield b"END:VCALENDAR\r\n"

    def _streamed(
        self, entries: Collection[CalendarEntry], head: CalendarHead, values: Values
    ) -> tuple[Iterator[bytes], set[str]]:
        """Components, written as they are asked for, and the zones they are told in."""
        ordered, zones = self._surveyed(entries)
        if head.method is not None:
            demand_fit(ordered, head.method)
        return (self._component(entry, values, head.stamp) for entry in ordered), zones

    def _remembered(self, entries: Drafts, cache: EntryCache, values: Values) -> tuple[Iterator[bytes], set[str]]:
        """The same out of the cache, as far as it has them."""
        kind = cache.kind((self._product, self._since, software_revision(), entries.follow_from))
        state = entries.state()
        pieces = cache.find_all(kind, state)
        if pieces is None:
            pieces = list(self._pieces(entries, cache, kind, values))
            cache.keep_all(kind, state, pieces)
        shown = [piece for piece in pieces if piece.when is not None and entries.window.shows(piece.when)]
        return (piece.lines for piece in shown), {piece.zone for piece in shown} - {""}

    def _pieces(self, entries: Drafts, cache: EntryCache, kind: int, values: Values) -> Iterator[Piece]:
        previous = ""
        for uid, component, follows_from, make in entries.drafts():
            if uid == previous:
                raise _twice(uid, component)
            previous = uid
            piece = cache.find(kind, uid, follows_from)
            if piece is None:
                piece = self._piece(make(), values)
                cache.keep(kind, uid, follows_from, piece)
            yield piece

    def _piece(self, entry: CalendarEntry | None, values: Values) -> Piece:
        return Piece(entry.when, self._zone(entry), self._component(entry, values, None)) if entry else Piece(None, "", b"")

    def _component(self, entry: CalendarEntry, values: Values, stamp: datetime | None) -> bytes:
        return b"".join(map(folded, component_lines(entry, values, since=self._since, stamp=stamp)))

    def _zone(self, entry: CalendarEntry) -> str:
        repeats = entry.recurrence is not None
        zone = told(entry.when, self._since, repeats=repeats).zone if isinstance(entry.when, Timed) else None
        return zone.key if zone else ""

    def _surveyed(self, entries: Collection[CalendarEntry]) -> tuple[Collection[CalendarEntry], set[str]]:
        """The entries by uid, and the zones they are told in."""
        if not isinstance(entries, Collection):
            problem = f"needs a collection, not {type(entries).__name__}: it is gone through twice, and an iterator only once"
            raise InvalidValue("IcsWriter", "entries", problem, value=entries)
        zones: set[str] = set()
        previous = ("", "")
        for entry in entries:
            place = _place(entry)
            if place < previous:
                return self._surveyed(sorted(entries, key=_place))
            if place == previous:
                raise _twice(entry.uid, entry.component)
            previous = place
            zones.add(self._zone(entry))
        return entries, zones - {""}

    def _head(self, head: CalendarHead, values: Values) -> Iterator[bytes]:
        yield b"BEGIN:VCALENDAR"
        yield b"VERSION:2.0"
        yield b"PRODID:" + values.text(self._product)
        yield b"CALSCALE:GREGORIAN"
        if head.method is not None:
            yield b"METHOD:" + head.method.encode()
        if head.method in {Method.REQUEST, Method.CANCEL}:
            return  # a message about one event names no calendar: programs would offer to make one of that name
        # Twice each, as RFC 7986 names it and as everybody did before it.
        yield b"NAME:" + values.text(head.name)
        yield b"X-WR-CALNAME:" + values.text(head.name)
        yield b"REFRESH-INTERVAL;VALUE=DURATION:" + values.length(head.refresh)
        yield b"X-PUBLISHED-TTL:" + values.length(head.refresh)
        if head.description:
            yield b"DESCRIPTION:" + values.text(head.description)
            yield b"X-WR-CALDESC:" + values.text(head.description)


def _place(entry: CalendarEntry) -> tuple[str, str]:
    if not isinstance(entry, CalendarEntry):
        raise InvalidValue("IcsWriter", "entries", f"needs CalendarEntry items, got {type(entry).__name__}", value=entry)
    return entry.uid, entry.component


def _twice(uid: str, component: Component) -> InvalidValue:
    return InvalidValue("CalendarEntry", "uid", f"{uid!r} stands for two {component}s in one export", value=uid)


def to_ics(
    entries: Collection[CalendarEntry],
    head: CalendarHead = CalendarHead(),  # noqa: B008 - a frozen value, shared without harm
) -> bytes:
    """The whole file at once. Raises InvalidValue where two entries have the same uid and component."""
    return b"".join(IcsWriter().chunks(entries, head))
