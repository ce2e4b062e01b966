"""From the model to calendar entries: what a talk or a follow-up says in a calendar. How that becomes bytes is a writer's."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any, Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.calendar.contract import LONGEST_TEXT, Alarm, AllDay, CalendarEntry, Component, EntryStatus, Timed, When
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.closed_name import ClosedName
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id, identified
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat


class FollowUpsAs(ClosedName):
    """Events are seen everywhere; Google, iOS and Fastmail do not show to-dos."""

    EVENT = "event"
    TODO = "todo"
    BOTH = "both"
    NONE = "none"


class ContentLevel(ClosedName):
    """How much a calendar tells whoever may see it."""

    BUSY = "busy"
    """That the time is taken."""
    FIRST_NAME = "first-name"
    FULL = "full"


def _after_since(options: "CalendarOptions", attribute: Any, value: datetime | None) -> None:
    if value is not None and options.since is not None and value <= options.since:
        raise InvalidValue("CalendarOptions", attribute.name, "must be later than since", value=value)


@frozen(kw_only=True)
class CalendarOptions:
    """What an export holds and how much it tells."""

    follow_ups: FollowUpsAs = field(default=FollowUpsAs.EVENT, validator=fields.a(FollowUpsAs))
    kinds: frozenset[FollowUpKind] | None = field(default=None, validator=fields.a(frozenset, optional=True))
    """Follow-ups of these kinds only; None = of all but ARRIVE, which the meeting's own alarm says."""
    since: datetime | None = field(default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True))
    """Only what ends after this moment."""
    until: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=[fields.zoned(optional=True), _after_since]
    )
    """Only what begins before this moment."""
    content: ContentLevel = field(default=ContentLevel.FULL, validator=fields.a(ContentLevel))
    alarms: bool = field(default=True, validator=fields.truth())
    """One before each meeting: 15 minutes in person, 5 otherwise (practice §7)."""
    include_cancelled: bool = field(default=True, validator=fields.truth())
    """Tombstones for what was called off, settled or is obsolete, so that calendars which have it take it away."""
    include_notes: bool = field(default=False, validator=fields.truth())
    """The explorer's own notes in the description."""


def build_entries(campaign: Campaign, options: CalendarOptions | None = None) -> Collection[CalendarEntry]:
    """Meetings and follow-ups, sorted by uid; made anew each time they are gone through. Without plugins:
    `PluginHost.calendar_entries` adds theirs. Raises MissingId, NotFound for people the campaign does not hold.
    """
    chosen = CalendarOptions() if options is None else options
    if not isinstance(chosen, CalendarOptions):
        raise InvalidValue("build_entries", "options", f"needs CalendarOptions, got {type(chosen).__name__}", value=chosen)
    return _Entries(campaign, chosen)


def entry_about(subject: Interview | FollowUp, key: str, when: When, summary: str) -> CalendarEntry:
    """An entry that belongs to a talk or follow-up; `evolve` it for the rest.

    Its uid derives from the subject's id and `key` ("travel:there"); RELATED-TO, SEQUENCE, LAST-MODIFIED and cancellation are
    the subject's: it moves and ends with it. Raises MissingId, and InvalidValue for a subject nothing was told about yet.
    """
    if identified(subject).revised_at is None:
        raise InvalidValue(type(subject).__name__, "revised_at", "has no history yet, so nothing in a calendar can hang on it")
    return CalendarEntry(
        uid=str(derive_id(subject.id, key)),
        when=when,
        summary=summary,
        last_modified=_revised_at(subject),
        sequence=subject.sequence if isinstance(subject, Interview) else subject.revision,
        status=EntryStatus.CONFIRMED if _stands(subject) else EntryStatus.CANCELLED,
        related_to=str(subject.id),
        transparent=True,
    )


def _stands(subject: Interview | FollowUp) -> bool:
    return subject.story.stands if isinstance(subject, Interview) else subject.status is FollowUpStatus.OPEN


def _revised_at(subject: Interview | FollowUp, *people: Contact) -> datetime:
    moments = [subject.revised_at, subject.edited_at, *(person.edited_at for person in people)]
    return max(moment for moment in moments if moment is not None)


_Maker: TypeAlias = tuple[str, Callable[[], CalendarEntry]]
"""The uid an entry will have, and how to make it."""


class _Entries(Collection[CalendarEntry]):
    """Sorted by uid without making an entry: the uid of each is known from its subject."""

    def __init__(self, campaign: Campaign, options: CalendarOptions) -> None:
        self._campaign, self._options = campaign, options

    def __iter__(self) -> Iterator[CalendarEntry]:
        for _, make in sorted(self._makers(), key=_uid_of):
            entry = make()
            if _within(entry, self._options, self._campaign):
                yield entry

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, entry: object) -> bool:
        return any(one == entry for one in self)

    def _makers(self) -> Iterator[_Maker]:
        campaign, options = self._campaign, self._options
        announced = frozenset(talk.id for talk in campaign.interviews if talk.story.announced)
        for talk in campaign.interviews:
            meeting = talk.story.announced
            if meeting is not None and (options.include_cancelled or talk.story.stands):
                yield str(identified(talk).id), partial(_meeting_entry, talk, meeting, campaign, options)
        for follow_up in campaign.follow_ups:
            if follow_up.kind in options.kinds if options.kinds is not None else follow_up.kind != FollowUpKind.ARRIVE:
                yield from self._follow_up_makers(identified(follow_up), announced)

    def _follow_up_makers(self, follow_up: FollowUp, announced: frozenset[UUID]) -> Iterator[_Maker]:
        campaign, options = self._campaign, self._options
        if follow_up.status is not FollowUpStatus.OPEN and not options.include_cancelled:
            return
        talk = str(follow_up.interview_id) if follow_up.interview_id in announced else ""
        if options.follow_ups in {FollowUpsAs.EVENT, FollowUpsAs.BOTH}:
            yield str(follow_up.id), partial(_follow_up_event, follow_up, talk, campaign, options)
        if options.follow_ups in {FollowUpsAs.TODO, FollowUpsAs.BOTH}:
            yield _todo_uid(follow_up, options), partial(_follow_up_todo, follow_up, talk, campaign, options)


def _uid_of(maker: _Maker) -> str:
    return maker[0]


def _todo_uid(follow_up: FollowUp, options: CalendarOptions) -> str:
    """A to-do beside an event of the same follow-up needs a uid of its own (RFC 5545 §3.8.4.7)."""
    both = options.follow_ups is FollowUpsAs.BOTH
    return str(derive_id(identified(follow_up).id, "todo") if both else follow_up.id)


def _within(entry: CalendarEntry, options: CalendarOptions, campaign: Campaign) -> bool:
    if options.since is None and options.until is None:
        return True
    match entry.when:
        case Timed(start, end):
            begins, ends = start, end or start
        case AllDay(on, days):
            begins = datetime.combine(on, time(), campaign.profile.zone)
            ends = datetime.combine(on + timedelta(days=days), time(), campaign.profile.zone)
    return (options.until is None or begins < options.until) and (options.since is None or ends > options.since)


# ── a meeting ────────────────────────────────────────────────────────────────────────────────────
_ALARM_BEFORE: Final = {
    MeetingFormat.IN_PERSON: timedelta(minutes=15),
    MeetingFormat.VIDEO: timedelta(minutes=5),
    MeetingFormat.PHONE: timedelta(minutes=5),
}


def _meeting_entry(talk: Interview, meeting: Meeting, campaign: Campaign, options: CalendarOptions) -> CalendarEntry:
    people = campaign.people(talk)
    stands = talk.story.stands
    entry = CalendarEntry(
        uid=str(talk.id),
        when=Timed(meeting.start, meeting.end),
        summary=_meeting_summary(people, options),
        last_modified=_revised_at(talk, *people),
        sequence=talk.sequence,
        status=EntryStatus.CONFIRMED if stands else EntryStatus.CANCELLED,
        created=talk.history[0].told_at,
        alarms=_alarms(meeting, people, options) if options.alarms and stands else (),
    )
    if options.content is not ContentLevel.FULL:
        return entry
    return evolve(
        entry,
        location=meeting.place,
        url=meeting.place if _is_link(meeting.place) else "",
        contact="; ".join(_contact_line(person) for person in people),
        description=_description(talk, people, options),
    )


def _is_link(place: str) -> bool:
    return (
        place.lower().startswith(("https://", "http://"))
        and place.isprintable()
        and " " not in place
        and not place.endswith("//")
    )


def _meeting_summary(people: tuple[Contact, ...], options: CalendarOptions) -> str:
    match options.content:
        case ContentLevel.BUSY:
            return "Busy"
        case ContentLevel.FIRST_NAME:
            return f"Talk with {_first_names(people)}"
        case ContentLevel.FULL:
            organizations = dict.fromkeys(person.organization for person in people if person.organization)
            names = " and ".join(person.name for person in people)
            return f"Informational interview: {names}" + (f" ({', '.join(organizations)})" if organizations else "")


def _first_names(people: tuple[Contact, ...]) -> str:
    return " and ".join(person.name.split()[0] for person in people)


def _contact_line(person: Contact) -> str:
    return ", ".join(
        part for part in (person.name, person.title, person.organization, *person.emails[:1], *person.phones[:1]) if part
    )


def _alarms(meeting: Meeting, people: tuple[Contact, ...], options: CalendarOptions) -> tuple[Alarm, ...]:
    return (Alarm(-_ALARM_BEFORE[meeting.format], _meeting_summary(people, options)),)


def _description(talk: Interview, people: tuple[Contact, ...], options: CalendarOptions) -> str:
    parts = ["\n".join(_contact_line(person) for person in people)]
    if talk.agenda:
        parts.append("\n".join(f"{number}. {item.question.text}" for number, item in enumerate(talk.agenda, 1)))
    if options.include_notes and talk.notes:
        parts.append(talk.notes)
    return "\n\n".join(parts)[:LONGEST_TEXT]


# ── a follow-up ──────────────────────────────────────────────────────────────────────────────────
def _follow_up_event(follow_up: FollowUp, talk: str, campaign: Campaign, options: CalendarOptions) -> CalendarEntry:
    # All day and transparent: something to do on that day, not a time that is taken.
    return CalendarEntry(
        uid=str(follow_up.id),
        when=AllDay(follow_up.due),
        summary=_follow_up_summary(follow_up, campaign, options),
        last_modified=_follow_up_revised(follow_up),
        sequence=follow_up.revision,
        status=EntryStatus.CONFIRMED if follow_up.status is FollowUpStatus.OPEN else EntryStatus.CANCELLED,
        transparent=True,
        related_to=talk,
    )


_TODO_STATUS: Final = {
    FollowUpStatus.OPEN: EntryStatus.NEEDS_ACTION,
    FollowUpStatus.DONE: EntryStatus.COMPLETED,
    FollowUpStatus.WAIVED: EntryStatus.CANCELLED,
    FollowUpStatus.OBSOLETE: EntryStatus.CANCELLED,
}


def _follow_up_todo(follow_up: FollowUp, talk: str, campaign: Campaign, options: CalendarOptions) -> CalendarEntry:
    beside_event = options.follow_ups is FollowUpsAs.BOTH
    return CalendarEntry(
        uid=_todo_uid(follow_up, options),
        component=Component.TODO,
        when=Timed(follow_up.due_at) if follow_up.due_at else AllDay(follow_up.due),
        summary=_follow_up_summary(follow_up, campaign, options),
        last_modified=_follow_up_revised(follow_up),
        sequence=follow_up.revision,
        status=_TODO_STATUS[follow_up.status],
        completed=follow_up.settled_at if follow_up.status is FollowUpStatus.DONE else None,
        related_to=str(follow_up.id) if beside_event else talk,
    )


def _follow_up_revised(follow_up: FollowUp) -> datetime:
    moments = [moment for moment in (follow_up.revised_at, follow_up.edited_at, follow_up.settled_at) if moment]
    # One made by hand and never touched since has only its day; that is no clock either.
    return max(moments, default=datetime.combine(follow_up.due, time(), UTC))


def _follow_up_summary(follow_up: FollowUp, campaign: Campaign, options: CalendarOptions) -> str:
    match options.content:
        case ContentLevel.BUSY:
            return "To do"
        case ContentLevel.FIRST_NAME:
            person = campaign.contact(follow_up.contact_id) if follow_up.contact_id else None
            return follow_up.kind.label + (f": {_first_names((person,))}" if person else "")
        case ContentLevel.FULL:
            return follow_up.summary or follow_up.kind.label
