"""What was found in a foreign `.ics`: plain values, named after RFC 5545 properties, the same for whoever asks. How they are found is
`ics_reader`'s; what follows from them (busy times, replies) is for others.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from attrs import frozen

from infoint.calendar.reading.recurrence_rule import RecurrenceRule
from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue

EARLIEST_YEAR: Final = 2
LATEST_YEAR: Final = 9998
"""Years a time may lie in. Those at the very ends of Python's calendar have no UTC in half of all zones."""

MOST_PROBLEMS: Final = 1_000
"""Listed one by one."""

Edge: TypeAlias = datetime | date
"""A time, always with its zone; or a day, which has none (VALUE=DATE)."""


def is_timed(edge: Edge) -> bool:
    """False for a day: a datetime is also a date to `isinstance`."""
    return isinstance(edge, datetime)


def in_bounds(edge: Edge) -> Edge:
    """`edge`, if every zone can tell it. Raises InvalidValue."""
    if not EARLIEST_YEAR <= edge.year <= LATEST_YEAR:
        raise InvalidValue("time", "year", f"lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}")
    return edge


class Kind(ClosedName):
    """What a component is (RFC 5545 §3.6)."""

    EVENT = "VEVENT"
    TODO = "VTODO"
    JOURNAL = "VJOURNAL"
    FREE_BUSY = "VFREEBUSY"


@frozen
class Problem:
    """Something that was left out, or is read otherwise than it stands. It quotes nothing: files are private."""

    line: int
    """Where its component begins, from 1, as an editor counts; 0: the file as a whole."""
    uid: str
    """Of its component; "" where it has none, or the file as a whole is meant."""
    problem: str
    file: int = 0
    """Which of several files, from 1; 0 where only one was read."""

    def __str__(self) -> str:
        where = [f"{name} {number}" for name, number in (("file", self.file), ("line", self.line)) if number]
        return f"{', '.join(where)}: {self.problem}" if where else self.problem


class Problems:
    """Problems in the order they are met, the first thousand of them: a list nobody reads to its end helps nobody."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._more = 0

    def add(self, line: int, uid: str, problem: str) -> None:
        """See Problem."""
        if len(self._found) < MOST_PROBLEMS:
            self._found.append(Problem(line, uid, problem))
        else:
            self._more += 1

    def extend(self, problems: Iterable[Problem]) -> None:
        """Those of somebody else."""
        for problem in problems:
            self.add(problem.line, problem.uid, problem.problem)

    def __iter__(self) -> Iterator[Problem]:
        yield from self._found
        if self._more:
            yield Problem(0, "", f"{self._more:,} more problems are not listed")


@frozen
class ReadAttendee:
    """A calendar user: an ATTENDEE, or the ORGANIZER (who has no `partstat`)."""

    mail: str
    """Without "mailto:"; the address as it stands where it is no mail address."""
    name: str = ""
    """CN."""
    partstat: str = ""
    """NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE, DELEGATED, COMPLETED, IN-PROCESS, or what the file invents; in capitals."""
    role: str = ""
    """In capitals; "" stands for REQ-PARTICIPANT."""
    rsvp: bool = False
    sent_by: str = ""
    """Who acts for them: an address as in `mail`."""
    delegated_to: tuple[str, ...] = ()
    delegated_from: tuple[str, ...] = ()

    def is_at(self, mail: str) -> bool:
        """Whether it is this address; case does not count."""
        return self.mail.casefold() == mail.strip().casefold()


@frozen
class Duration:
    """DURATION (RFC 5545 §3.3.6): days are days of the calendar, whatever the clocks do; hours are elapsed time."""

    days: int = 0
    exact: timedelta = timedelta(0)

    @classmethod
    def between(cls, start: Edge, end: Edge) -> "Duration":
        """What DTEND says: whole days between days, elapsed time between times (§3.8.5.3)."""
        if isinstance(start, datetime) and isinstance(end, datetime):
            return cls(exact=end.astimezone(UTC) - start.astimezone(UTC))
        return cls(days=end.toordinal() - start.toordinal())

    @property
    def is_negative(self) -> bool:
        """Whether it leads back."""
        return self.days < 0 or self.exact < timedelta(0)

    def after(self, start: Edge) -> Edge:
        """When something ends that begins at `start`. Raises InvalidValue outside the years 2 to 9998."""
        try:
            moved = start + timedelta(days=self.days)
            in_bounds(moved)
            if not isinstance(moved, datetime):
                return in_bounds(moved + self.exact)
            return in_bounds((moved.astimezone(UTC) + self.exact).astimezone(moved.tzinfo))
        except OverflowError as error:
            raise InvalidValue("DURATION", "end", f"lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}") from error


@frozen
class Period:
    """From `start` to `end`, which is no longer part of it; of an RDATE that names no end, None."""

    start: Edge
    end: Edge | None = None
    free_busy: str = ""
    """Of a FREEBUSY, its FBTYPE in capitals: FREE, BUSY, BUSY-UNAVAILABLE, BUSY-TENTATIVE, or what the file invents."""


@frozen(kw_only=True)
class ReadComponent:
    """One VEVENT, VTODO, VJOURNAL or VFREEBUSY. Every time has a zone: its own, or the one the file was read with.

    Texts are unescaped and else as they stand in the file; whoever shows or stores them cleans them, as the model does. What stands
    within it (VALARM …) is not kept.
    """

    kind: Kind
    line: int
    """Where it begins in the file, from 1."""
    uid: str = ""
    sequence: int = 0
    stamp: datetime | None = None
    """DTSTAMP."""
    recurrence_id: Edge | None = None
    """Which instance of a series it replaces."""
    this_and_future: bool = False
    """RECURRENCE-ID;RANGE=THISANDFUTURE: that instance and all later ones."""
    start: Edge | None = None
    """DTSTART. None only where the file has none."""
    end: Edge | None = None
    """DTEND, DUE, or DTSTART and DURATION. None where the file says none of it: a time without length, or one day."""
    length: Duration | None = None
    """From `start` to `end`, as instances of a series have it; None where either is missing."""
    status: str = ""
    """In capitals."""
    transparent: bool = False
    """TRANSP:TRANSPARENT."""
    busy_status: str = ""
    """X-MICROSOFT-CDO-BUSYSTATUS, in capitals: FREE, TENTATIVE, BUSY, OOF, WORKINGELSEWHERE."""
    organizer: ReadAttendee | None = None
    attendees: tuple[ReadAttendee, ...] = ()
    summary: str = ""
    location: str = ""
    comments: tuple[str, ...] = ()
    request_status: tuple[str, ...] = ()
    """REQUEST-STATUS as it stands, as "2.0;Success"."""
    rules: tuple[RecurrenceRule, ...] = ()
    """RRULE; hardly ever more than one."""
    except_rules: tuple[RecurrenceRule, ...] = ()
    """EXRULE, which RFC 5545 has no more."""
    rdates: tuple[Period, ...] = ()
    exdates: tuple[Edge, ...] = ()
    free_busy: tuple[Period, ...] = ()

    @property
    def is_recurring(self) -> bool:
        """Whether it stands for more than one instance."""
        return bool(self.rules or self.rdates)


@frozen
class CalendarFile:
    """What a file holds: `components` in the order of the file, and `problems` in the order they were met."""

    method: str
    """METHOD of the iTIP message (RFC 5546 §1.4), in capitals; "" for a plain calendar."""
    components: tuple[ReadComponent, ...]
    problems: tuple[Problem, ...]
