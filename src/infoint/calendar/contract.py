"""What writers get and plugins give: entries named after RFC 5545 properties, each valid or not made at all.
No practice and no bytes here: `entries` makes them from the model, `ics_writer` writes them.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from attrs import field, frozen

from infoint.calendar import entry_fields
from infoint.calendar.colors import COLOR_NAMES
from infoint.calendar.conference import Conference, ConferenceFeature
from infoint.calendar.participants import Attendee, Organizer, Participation, ParticipationRole, ScheduleAgent
from infoint.calendar.recurrence_rule import Frequency, Recurrence
from infoint.calendar.when import AllDay, Timed, When
from infoint.closed_name import ClosedName
from infoint.plugin import Registrar

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = [
    "Alarm",
    "AllDay",
    "Attendee",
    "CalendarEntry",
    "CalendarHead",
    "CalendarWriter",
    "Classification",
    "Component",
    "Conference",
    "ConferenceFeature",
    "EntryStatus",
    "Frequency",
    "Method",
    "Organizer",
    "Participation",
    "ParticipationRole",
    "Recurrence",
    "ScheduleAgent",
    "Timed",
    "When",
    "WriterFactory",
    "WriterRegistrar",
]


class Component(ClosedName):
    """What an entry is (RFC 5545 §3.6)."""

    EVENT = "VEVENT"
    TODO = "VTODO"


class EntryStatus(ClosedName):
    """RFC 5545 §3.8.1.11. The first two are for events, the last two for to-dos."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    NEEDS_ACTION = "NEEDS-ACTION"
    COMPLETED = "COMPLETED"


_LEGAL_STATUS: Final = {
    Component.EVENT: (EntryStatus.TENTATIVE, EntryStatus.CONFIRMED, EntryStatus.CANCELLED),
    Component.TODO: (EntryStatus.NEEDS_ACTION, EntryStatus.COMPLETED, EntryStatus.CANCELLED),
}


class Method(ClosedName):
    """What a calendar object asks of its reader (iTIP, RFC 5546 §1.4): those that infoint writes."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Classification(ClosedName):
    """Who may read it, as far as a calendar program cares (RFC 5545 §3.8.1.3)."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"
    CONFIDENTIAL = "CONFIDENTIAL"


def _trigger(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.is_a(timedelta, datetime)(instance, attribute, value)
    if isinstance(value, datetime):
        entry_fields.aware(instance, attribute, value)


@frozen
class Alarm:
    """A reminder: at a moment, or so long from the start (`timedelta(minutes=-15)` is a quarter of an hour *before* it,
    RFC 5545 §3.8.6.3; for a VTODO, from its due time).
    """

    trigger: timedelta | datetime = field(validator=_trigger, eq=entry_fields.as_told)
    description: str = field(validator=entry_fields.text)
    """What the reminder says; where it is empty, the entry's summary."""


def _fits_component(entry: "CalendarEntry", attribute: "Attribute[Any]", when: object) -> None:
    entry_fields.is_a(Timed, AllDay)(entry, attribute, when)
    if entry.component is not Component.TODO:
        return
    if isinstance(when, Timed) and when.end is not None:
        raise entry_fields.refusal(entry, attribute, "a VTODO is due at `start` and has no `end`", when)
    if isinstance(when, AllDay) and when.days != 1:
        raise entry_fields.refusal(entry, attribute, "a VTODO is due on one day", when)


def _legal_status(entry: "CalendarEntry", attribute: "Attribute[Any]", status: object) -> None:
    entry_fields.is_a(EntryStatus, NoneType)(entry, attribute, status)
    legal = _LEGAL_STATUS.get(entry.component, ())
    if status is not None and status not in legal:
        raise entry_fields.refusal(
            entry, attribute, f"a {entry.component} is {', '.join(legal)} or None (RFC 5545 §3.8.1.11)", status
        )


def _completed(entry: "CalendarEntry", attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.aware_or_none(entry, attribute, value)
    if value is not None and entry.status is not EntryStatus.COMPLETED:
        raise entry_fields.refusal(entry, attribute, "has a meaning only where status is COMPLETED (RFC 5545 §3.8.2.1)", value)


def _categories(instance: object, attribute: "Attribute[Any]", value: tuple[object, ...]) -> None:
    entry_fields.is_a(tuple)(instance, attribute, value)
    for category in value:
        entry_fields.text(instance, attribute, category)
        if not str(category).strip():
            raise entry_fields.refusal(instance, attribute, "holds an empty category", value)


def _as_categories(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return entry_fields.as_tuple(value)


def _as_alarms(value: tuple[Alarm, ...] | list[Alarm]) -> tuple[Alarm, ...]:
    return entry_fields.as_tuple(value)


def _as_attendees(value: tuple[Attendee, ...] | list[Attendee]) -> tuple[Attendee, ...]:
    return entry_fields.as_tuple(value)


def _as_conferences(value: tuple[Conference, ...] | list[Conference]) -> tuple[Conference, ...]:
    return entry_fields.as_tuple(value)


def _percent(entry: "CalendarEntry", attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    entry_fields.whole_number(0, 101)(entry, attribute, value)
    if entry.component is not Component.TODO:
        raise entry_fields.refusal(entry, attribute, "is said of a VTODO only (RFC 5545 §3.8.1.8)", value)


def _color(entry: "CalendarEntry", attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.text(entry, attribute, value)
    if value and value not in COLOR_NAMES:
        raise entry_fields.refusal(entry, attribute, "needs a name of CSS, as 'teal' (RFC 7986 §5.9)", value)


def _recurrence(entry: "CalendarEntry", attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.is_a(Recurrence, NoneType)(entry, attribute, value)
    if not isinstance(value, Recurrence):
        return
    if entry.component is Component.TODO:
        # A VTODO repeats from its DTSTART, and one with a DUE alone has none (§3.8.2.3).
        raise entry_fields.refusal(entry, attribute, "a VTODO is due once; make one for each due date", value)
    value.rule(entry.when)


def _attendees(entry: "CalendarEntry", attribute: "Attribute[Any]", value: tuple[Attendee, ...]) -> None:
    entry_fields.tuple_of(Attendee)(entry, attribute, value)
    if value and entry.organizer is None:
        raise entry_fields.refusal(entry, attribute, "needs an organizer beside it (RFC 5545 §3.8.4.3)", value)
    addresses = [attendee.email.lower() for attendee in value]
    if len(addresses) != len(set(addresses)):
        raise entry_fields.refusal(entry, attribute, "holds one address twice", value)


@frozen(kw_only=True)
class CalendarEntry:
    """One VEVENT or VTODO. Extra ones: `calendar.entry_about` gets uid, sequence and stamps right.

    Raises InvalidValue or NaiveTime, naming the field. Texts may hold anything a person can paste; a writer sees to what its
    format cannot hold.
    """

    uid: str = field(validator=entry_fields.uid)
    """The same for as long as the thing is the same, whatever happens to it; says nothing about a person (RFC 7986 §5.3)."""
    when: When = field(validator=_fits_component)
    summary: str = field(validator=entry_fields.text)
    last_modified: datetime = field(validator=entry_fields.aware, eq=entry_fields.as_told)
    """Also DTSTAMP (RFC 5545 §3.8.7.2 without METHOD)."""
    sequence: int = field(default=0, validator=entry_fields.whole_number(0, 2**31))
    """Counts changes of the time; readers ignore a move without it."""
    component: Component = field(default=Component.EVENT, validator=entry_fields.is_a(Component))
    description: str = field(default="", validator=entry_fields.text)
    location: str = field(default="", validator=entry_fields.text)
    url: str = field(default="", validator=entry_fields.url)
    """http, https, tel or mailto."""
    status: EntryStatus | None = field(default=None, validator=_legal_status)
    transparent: bool = field(default=False, validator=entry_fields.is_a(bool))
    """The time stays free for others to book (TRANSP)."""
    classification: Classification | None = field(default=None, validator=entry_fields.is_a(Classification, NoneType))
    categories: tuple[str, ...] = field(default=(), converter=_as_categories, validator=_categories)
    contact: str = field(default="", validator=entry_fields.text)
    """Whom it is with, as text: an ATTENDEE would make servers send that person mail (RFC 6638)."""
    related_to: str = field(default="", validator=entry_fields.uid_or_nothing)
    """UID of the parent."""
    alarms: tuple[Alarm, ...] = field(default=(), converter=_as_alarms, validator=entry_fields.tuple_of(Alarm))
    completed: datetime | None = field(default=None, validator=_completed, eq=entry_fields.as_told)
    """When a VTODO that is COMPLETED was done; None: when it was last modified."""
    created: datetime | None = field(default=None, validator=entry_fields.aware_or_none, eq=entry_fields.as_told)
    recurrence: Recurrence | None = field(default=None, validator=_recurrence)
    """For events only. Follow-ups do not use it: each has a date of its own, and can be done or put off by itself."""
    conferences: tuple[Conference, ...] = field(
        default=(), converter=_as_conferences, validator=entry_fields.tuple_of(Conference)
    )
    """Many programs do not show them: say the address in `location` or `description` too."""
    organizer: Organizer | None = field(default=None, validator=entry_fields.is_a(Organizer, NoneType))
    attendees: tuple[Attendee, ...] = field(default=(), converter=_as_attendees, validator=_attendees)
    """Empty unless somebody is meant to be invited: **scheduling servers send mail to whoever stands here** (RFC 6638)."""
    priority: int = field(default=0, validator=entry_fields.whole_number(0, 10))
    """1 highest, 9 lowest, 0 none (RFC 5545 §3.8.1.9)."""
    percent_complete: int | None = field(default=None, validator=_percent)
    color: str = field(default="", validator=_color)
    """A name of CSS3 (RFC 7986 §5.9)."""


def _refresh(instance: object, attribute: "Attribute[Any]", value: timedelta) -> None:
    entry_fields.is_a(timedelta)(instance, attribute, value)
    if value < timedelta(seconds=1):
        raise entry_fields.refusal(instance, attribute, "needs at least a second", value)


def _stamp(head: "CalendarHead", attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.aware_or_none(head, attribute, value)
    if (value is None) is not (head.method is None):
        raise entry_fields.refusal(head, attribute, "goes with a method: give both or neither", value)


@frozen(kw_only=True)
class CalendarHead:
    """What a writer says once."""

    name: str = field(default="Informational interviews", validator=entry_fields.text)
    """As `description` and `refresh`, of a calendar; a REQUEST or CANCEL is none and says none of them."""
    description: str = field(default="", validator=entry_fields.text)
    refresh: timedelta = field(default=timedelta(hours=1), validator=_refresh)
    """How often a subscriber should ask again; a hint that many ignore."""
    method: Method | None = field(default=None, validator=entry_fields.is_a(Method, NoneType))
    """None: a calendar to keep. With one, the file is a message (iTIP), and RFC 5546's rules for that method hold: a writer raises
    InvalidValue where an entry breaks them.
    """
    stamp: datetime | None = field(default=None, validator=_stamp, eq=entry_fields.as_told)
    """When the message was made: DTSTAMP of a file with a method (RFC 5545 §3.8.7.2); needed with one, and only then."""


class CalendarWriter(Protocol):
    """One file format. Same entries, same bytes."""

    media_type: str
    """As in a Content-Type: "text/calendar"."""
    suffix: str
    """With its dot: ".ics"."""

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        """Entries come sorted by uid and may be gone through more than once (zones stand before events); each pass makes them
        anew. Joined chunks are the file.
        """
        ...


WriterFactory: TypeAlias = Callable[[], CalendarWriter]
"""Makes a writer with its default settings, each time it is asked."""
WriterRegistrar: TypeAlias = Registrar[WriterFactory]
"""What `infoint_register_calendar_writers` is given."""
