"""iCalendar files (RFC 5545) from entries. Zones are described in `zones`, entries in `ics_components`."""

from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from infoint.calendar.content_lines import Values, clean, folded
from infoint.calendar.contract import CalendarEntry, CalendarHead, Method, Timed
from infoint.calendar.ics_components import component_lines, told
from infoint.calendar.itip_rules import demand_fit
from infoint.calendar.zones import FIRST_YEAR, LAST_YEAR, vtimezone
from infoint.errors import InvalidValue


class IcsWriter:
    """One file for calendar programs and subscriptions.

    VTIMEZONEs first, then the entries by uid; every byte follows from entries and head. Without a method nobody is asked anything. Times
    stand in their IANA zone; in UTC where the zone has no common name, where clocks show a time for the second time, and before
    `zones_since` or after 2045. Microseconds are cut off. Characters that RFC 5545 forbids are left out, every kind of line end
    is one of its own, marks that would turn the direction of what programs show around a text go, and commas in a category become
    strokes, since some readers take even an escaped one for two categories.

    An export without entries is a calendar without components: RFC 5545 §3.6 wants one, but an invented entry would be shown
    to people, and readers take the calendar as the empty one it is.
    """

    media_type: str = "text/calendar"
    suffix: str = ".ics"

    def __init__(self, *, product: str = "-//infoint//EN", zones_since: int = 2020) -> None:
        """`product` is PRODID: who made the file. `zones_since` is the first year that zones are described for, 2000 at the
        earliest: the later, the fewer bygone rules are told, and Outlook reads a zone of one rule best. Raises InvalidValue.
        """
        if not clean(product).strip():
            raise InvalidValue("IcsWriter", "product", "needs a name for what makes the file", value=product)
        if not FIRST_YEAR <= zones_since <= LAST_YEAR:
            raise InvalidValue("IcsWriter", "zones_since", f"needs a year from {FIRST_YEAR} to {LAST_YEAR}", value=zones_since)
        self._product, self._since = product, zones_since

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        """The file in pieces, an entry at a time. `entries` are gone through twice, and held only if they are not in order.

        Raises InvalidValue, before the first piece, where two entries have the same uid and component, or the entries do not fit the
        head's method.
        """
        values = Values()
        ordered, zones = self._surveyed(entries)
        if head.method is not None:
            demand_fit(ordered, head.method)
        yield from map(folded, self._head(head, values))
        for key in sorted(zones):
            yield b"".join(folded(line.encode()) for line in vtimezone(zones[key], since=self._since))
        for entry in ordered:
            yield b"".join(map(folded, component_lines(entry, values, since=self._since, stamp=head.stamp)))
        yield b"END:VCALENDAR\r\n"

    def _surveyed(self, entries: Collection[CalendarEntry]) -> tuple[Collection[CalendarEntry], dict[str, ZoneInfo]]:
        """The entries by uid, and the zones they are told in."""
        if isinstance(entries, Iterator):
            raise InvalidValue(
                "IcsWriter", "entries", "needs a collection: it is gone through twice, and an iterator only once"
            )
        zones: dict[str, ZoneInfo] = {}
        previous = ("", "")
        for entry in entries:
            place = _place(entry)
            if place < previous:
                return self._surveyed(sorted(entries, key=_place))
            if place == previous:
                problem = f"{entry.uid!r} stands for two {entry.component}s in one export"
                raise InvalidValue("CalendarEntry", "uid", problem, value=entry)
            previous = place
            zone = told(entry.when, self._since).zone if isinstance(entry.when, Timed) else None
            if zone is not None:
                zones[zone.key] = zone
        return entries, zones

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
    return entry.uid, entry.component


def to_ics(
    entries: Collection[CalendarEntry],
    head: CalendarHead = CalendarHead(),  # noqa: B008 - a frozen value, shared without harm
) -> bytes:
    """The whole file at once. Raises InvalidValue where two entries have the same uid and component."""
    return b"".join(IcsWriter().chunks(entries, head))
