"""What an agreed talk says in a calendar. Reminders of what is to be done are `follow_up_entries`'s."""

from datetime import datetime, timedelta
from typing import Final

from attrs import evolve

from infoint.calendar.contract import Alarm, CalendarEntry, EntryStatus, Timed
from infoint.calendar.entry_fields import LONGEST_TEXT
from infoint.calendar.invited_entry import attendee, invited_entry, organizer_of
from infoint.calendar.meeting_place import placed
from infoint.calendar.options import AttendeesAs, CalendarOptions, ContentLevel
from infoint.calendar.participants import ScheduleAgent
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUp
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.practice.invitees import invitees


def revised_at(subject: Interview | FollowUp, *people: Contact) -> datetime:
    """When anything that an entry says of the subject and these people was last told or edited."""
    moments = [subject.revised_at, subject.edited_at, *(person.edited_at for person in people)]
    return max(moment for moment in moments if moment is not None)


_ALARM_BEFORE: Final = {
    MeetingFormat.IN_PERSON: timedelta(minutes=15),
    MeetingFormat.VIDEO: timedelta(minutes=5),
    MeetingFormat.PHONE: timedelta(minutes=5),
}


def meeting_entry(talk: Interview, campaign: Campaign, options: CalendarOptions) -> CalendarEntry | None:
    """The talk in a calendar: None before there is a meeting, and for one called off where tombstones are not wanted. Raises NotFound
    for people the campaign does not hold.
    """
    meeting, stands = talk.story.announced, talk.story.stands
    if meeting is None or not (stands or options.include_cancelled):
        return None
    people = campaign.people(talk)
    shown = options.content is ContentLevel.FULL
    invited = invitees(talk, campaign) if shown and options.attendees is not AttendeesAs.OFF else ()
    if invited and options.attendees is AttendeesAs.SERVER:
        # The server mails what stands there, so nothing may stand there that is not meant for them.
        entry = invited_entry(talk, meeting, invited, campaign, last_modified=revised_at(talk, *people))
        return evolve(entry, classification=options.classification)
    entry = CalendarEntry(
        uid=str(talk.id),
        when=Timed(meeting.start, meeting.end),
        summary=_meeting_summary(people, options),
        last_modified=revised_at(talk, *people),
        sequence=talk.sequence,
        status=EntryStatus.CONFIRMED if stands else EntryStatus.CANCELLED,
        created=talk.history[0].told_at if shown else None,
        alarms=_alarms(meeting, people, options) if options.alarms and stands else (),
        classification=options.classification,
    )
    if not shown:
        return entry
    return evolve(
        placed(entry, meeting),
        contact="; ".join(_contact_line(person) for person in people),
        description=_description(talk, people, options),
        organizer=organizer_of(campaign.profile) if invited else None,
        attendees=tuple(attendee(person, ScheduleAgent.NONE) for person in invited),
    )


def _meeting_summary(people: tuple[Contact, ...], options: CalendarOptions) -> str:
    match options.content:
        case ContentLevel.BUSY:
            return "Busy"
        case ContentLevel.FIRST_NAME:
            return f"Talk with {first_names(people)}"
        case ContentLevel.FULL:
            organizations = dict.fromkeys(person.organization for person in people if person.organization)
            names = " and ".join(person.name for person in people)
            return f"Informational interview: {names}" + (f" ({', '.join(organizations)})" if organizations else "")


_TITLES: Final = frozenset(
    {"dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sir", "rev", "sr", "sra", "srta", "herr", "frau", "ing", "mag"}
)
_CREDENTIALS: Final = frozenset({"jr", "sr", "esq", "phd", "md", "bsc", "msc", "mba", "jd", "cpa", "cfa", "rn"})


def first_names(people: tuple[Contact, ...]) -> str:
    """As in: Ana and Chidi."""
    return " and ".join(_first_name(person.name) for person in people)


def _first_name(name: str) -> str:
    """Never a family name or an address, however somebody is listed: "Ruiz, Ana" and "Ana Ruiz, PhD" are both Ana."""
    if "@" in name:
        return "somebody"
    before, _, after = name.partition(",")
    words = before.split() if all(_is_credential(word, name) for word in after.split()) else after.replace(",", " ").split()
    return next((word for word in words if _plain(word) not in _TITLES), words[0] if words else "somebody")


def _is_credential(word: str, name: str) -> bool:
    return _plain(word) in _CREDENTIALS or "." in word or (word.isupper() and not name.isupper())


def _plain(word: str) -> str:
    return word.replace(".", "").strip(",").casefold()


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
