"""The explorer's own calendars as time that is taken: what `practice.meeting_times` has to leave free. How files are read and
recurrences followed is said elsewhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from infoint.calendar.reading.components import CalendarFile, Edge, Kind, Problem, Problems, ReadComponent
from infoint.calendar.reading.ics_reader import read_ics
from infoint.calendar.reading.recurrence_walls import Steps
from infoint.calendar.reading.recurrences import Stretch, instances
from infoint.errors import ImportRejected, InvalidValue, NaiveTime
from infoint.model.fields import LINE_LIMIT, YEARS, as_line, as_zone
from infoint.practice.slot_rules import FARTHEST, Busy

T = TypeVar("T")

MOST_BUSY: Final = 10_000
"""In one file: an appointment every hour, day and night, for a year."""
_BUSY_OF_ONE: Final = 9_000
"""In one series: every hour of a year, and no more."""
_STEPS_OF_ONE: Final = 40_000
_MARGIN: Final = timedelta(days=1)
"""What lies just outside counts as well: ways and pauses reach over midnight."""
_MESSAGES: Final = frozenset({"REPLY", "REFRESH", "CANCEL", "COUNTER", "DECLINECOUNTER"})
"""iTIP methods whose components are no entries of a calendar (RFC 5546 §1.4)."""


@frozen
class BusyTimes:
    """What the explorer's calendars say."""

    busy: tuple[Busy, ...]
    """In order of time. They may overlap, as appointments do."""
    problems: tuple[Problem, ...]
    """What was left out or had to be guessed. Worth showing: what is not read counts as free."""


def read_busy(
    contents: bytes | Iterable[bytes],
    *,
    zone: ZoneInfo | str,
    after: datetime,
    until: date,
    mine: Collection[str] = (),
    except_for: Collection[str | UUID] = (),
    except_for_prefixes: Collection[str] = (),
) -> BusyTimes:
    r"""When the explorer is taken, by one `.ics` file or several, from a day before `after` to a day behind the day `until`: just what
    `propose_times` wants for the same `after` and `until`.

    - Recurring events count with all their exceptions; events of whole days are days of `zone`, the explorer's, and times without a
      zone are read in it.
    - Free are events that are TRANSPARENT, CANCELLED or marked FREE by Outlook, those that take no time, and those that the explorer
      has declined or delegated: `mine` are the explorer's mail addresses. Tentative ones count.
    - Of a VFREEBUSY all counts but what is FREE. To-dos, journals and VAVAILABILITY do not count.
    - `except_for` names entries by UID that are passed over. Exported talks have the interview's id, and `propose_times` counts the
      campaign's talks anyway: `except_for=[talk.id for talk in campaign.interviews]`. `except_for_prefixes` passes over those whose UID
      begins so, as `offer_prefix(talk)`: times that were offered for the same talk are not in its way.

    >>> from datetime import UTC, date, datetime
    >>> text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260302\nSUMMARY:Fair\nEND:VEVENT\nEND:VCALENDAR\n"
    >>> found = read_busy(text, zone="Europe/Madrid", after=datetime(2026, 3, 1, 12, tzinfo=UTC), until=date(2026, 3, 8))
    >>> [(str(busy.start), str(busy.end), busy.what) for busy in found.busy]
    [('2026-03-02', '2026-03-03', 'Fair')]

    Raises ImportRejected for what is no iCalendar file or a too large one, NaiveTime, and InvalidValue for a zone that is none and
    a last day that is past or more than a year ahead.
    """
    stretch = _stretch(zone, after, until)
    files = [contents] if isinstance(contents, bytes) else _items("contents", contents, "bytes")
    search = _Search(
        stretch,
        frozenset(_words("mine", mine)),
        frozenset(_words("except_for", except_for)),
        tuple(_words("except_for_prefixes", except_for_prefixes)),
    )
    found: dict[Busy, None] = {}
    problems: list[Problem] = []
    for number, content in enumerate(files, 1):
        told = Problems()
        for busy in search.busy_in(_read(content, stretch.zone, number if len(files) > 1 else 0), told):
            found[busy] = None
        problems += told if len(files) == 1 else [evolve(problem, file=number) for problem in told]
    ordered = sorted(found, key=lambda busy: (stretch.instant(busy.start), stretch.instant(busy.end), busy.what))
    return BusyTimes(tuple(ordered), tuple(problems))


def _items(name: str, given: Iterable[T], of: str) -> list[T]:
    # A text is a list of letters to Python: each would be a prefix, and most of a calendar count as free.
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidValue("read_busy", name, f"needs a list of {of}, not {type(given).__name__}", value=given)
    return list(given)


def _words(name: str, given: Iterable[str | UUID]) -> list[str]:
    words = _items(name, given, "texts")
    for word in words:
        if not isinstance(word, str | UUID) or word == "":
            raise InvalidValue("read_busy", name, f"needs texts that are not empty, got {type(word).__name__}", value=word)
    return [str(word).casefold() for word in words]


def _stretch(zone: ZoneInfo | str, after: datetime, until: date) -> Stretch:
    own = as_zone(zone)
    if not isinstance(own, ZoneInfo):
        raise InvalidValue("read_busy", "zone", "needs the name of an IANA zone, as Europe/Madrid", value=zone)
    if not isinstance(after, datetime) or not YEARS[0] < after.year < YEARS[1]:
        raise InvalidValue("read_busy", "after", f"needs a datetime of the years {YEARS[0]} to {YEARS[1]}", value=after)
    if after.utcoffset() is None:
        raise NaiveTime("read_busy", "after", value=after)
    if not isinstance(until, date) or isinstance(until, datetime):
        raise InvalidValue("read_busy", "until", "needs a date without time", value=until)
    if not timedelta(0) <= until - after.astimezone(own).date() <= FARTHEST:
        problem = f"must be from the explorer's day at `after` to {FARTHEST.days} days ahead"
        raise InvalidValue("read_busy", "until", problem, value=until)
    midnight = datetime.combine(until + timedelta(days=1), time(), own)
    return Stretch(after.astimezone(UTC) - _MARGIN, midnight.astimezone(UTC) + _MARGIN, own)


def _read(content: bytes, zone: ZoneInfo, number: int) -> CalendarFile:
    try:
        return read_ics(content, zone=zone)
    except ImportRejected as error:
        if not number:
            raise
        raise ImportRejected(error.format, f"file {number}: {error.problem}") from error


# ── one file ─────────────────────────────────────────────────────────────────────────────────────
@frozen
class _Search:
    stretch: Stretch
    mine: frozenset[str]
    except_for: frozenset[str]
    prefixes: tuple[str, ...]

    def busy_in(self, file: CalendarFile, problems: Problems) -> Iterator[Busy]:
        problems.extend(file.problems)
        if file.method in _MESSAGES:
            problems.add(0, "", f"the file is a {file.method} message and no calendar; it is passed over")
            return
        steps, room = Steps(), Steps(MOST_BUSY)
        for told in _series(file):
            uid = told[0].uid.casefold()
            if uid in self.except_for or uid.startswith(self.prefixes):
                continue
            try:
                found = list(self._busy_of(told, Steps(_STEPS_OF_ONE, of=steps), Steps(_BUSY_OF_ONE, of=room)))
            except InvalidValue as error:
                problems.add(told[0].line, as_line(told[0].uid), f"{error.field}: {error.problem}; it counts as free")
            else:
                yield from found

    def _busy_of(self, told: Sequence[ReadComponent], steps: Steps, room: Steps) -> Iterator[Busy]:
        first = told[0]
        if first.kind is Kind.FREE_BUSY:
            for period in first.free_busy:
                if period.free_busy != "FREE" and period.end is not None:
                    yield from self._busy(period.start, period.end, "", room)
            return
        whole, changes = (first, told[1:]) if first.recurrence_id is None else (None, told)
        if whole is None:
            for change in changes:
                yield from self._busy_of([evolve(change, recurrence_id=None, rules=(), rdates=())], steps, room)
        elif whole.status != "CANCELLED":
            for start, end, by in instances(whole, changes, self.stretch, steps):
                if not self._is_free(by):
                    yield from self._busy(start, end, by.summary, room)

    def _busy(self, start: Edge, end: Edge, what: str, room: Steps) -> Iterator[Busy]:
        if not self.stretch.is_touched(start, end):
            return
        begin, finish = self._within(start), self._within(end)
        if self.stretch.instant(begin) < self.stretch.instant(finish):
            room.take()
            yield Busy(begin, finish, as_line(what)[:LINE_LIMIT])

    def _within(self, edge: Edge) -> Edge:
        """Moved to the stretch, where it lies far outside: the model knows fewer years than calendars do."""
        least, most = self.stretch.after - _MARGIN, self.stretch.before + _MARGIN
        if isinstance(edge, datetime):
            return min(max(edge.astimezone(UTC), least), most).astimezone(self.stretch.zone)
        return min(max(edge, least.date()), most.date())

    def _is_free(self, event: ReadComponent) -> bool:
        if event.transparent or event.busy_status == "FREE" or event.status == "CANCELLED":
            return True
        return any(one.partstat in {"DECLINED", "DELEGATED"} and one.mail.casefold() in self.mine for one in event.attendees)


_Id: TypeAlias = tuple[Edge | None, bool]


def _series(file: CalendarFile) -> Iterator[Sequence[ReadComponent]]:
    """Components that belong together: the event or series, if the file has it, then its changed instances, each in its latest
    revision. In the order of the file.
    """
    grouped: defaultdict[str, dict[_Id, ReadComponent]] = defaultdict(dict)
    for component in file.components:
        if component.kind is Kind.FREE_BUSY or (component.kind is Kind.EVENT and not component.uid):
            yield [component]
        elif component.kind is Kind.EVENT:
            id = component.recurrence_id, component.this_and_future
            latest = grouped[component.uid].get(id)
            if latest is None or _revision(latest) <= _revision(component):
                grouped[component.uid][id] = component
    for told in grouped.values():
        yield sorted(told.values(), key=lambda component: component.recurrence_id is not None)


def _revision(component: ReadComponent) -> tuple[int, datetime]:
    """What tells revisions apart (RFC 5546 §2.1.5)."""
    return component.sequence, component.stamp or datetime.min.replace(tzinfo=UTC)
