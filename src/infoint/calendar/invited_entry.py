"""A talk as the people invited to it see it: who invites, who is invited, what about, when and where. Nothing of the explorer's own:
no notes, no alarms, nobody's phone numbers. Messages that carry it are `invitations`'s.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from infoint.calendar.contract import CalendarEntry, EntryStatus, Timed
from infoint.calendar.entry_fields import LONGEST_TEXT
from infoint.calendar.meeting_place import placed
from infoint.calendar.participants import Attendee, Organizer, ScheduleAgent
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile


def organizer_of(profile: Profile) -> Organizer:
    """The explorer. Raises InvalidValue where the profile has no address."""
    if not profile.email:
        raise InvalidValue("Profile", "email", "is needed to invite somebody: answers go there", value=profile)
    return Organizer(profile.email, profile.name)


def attendee(person: Contact, agent: ScheduleAgent | None = None) -> Attendee:
    """Somebody who is asked for an answer, at their first address."""
    return Attendee(person.emails[0], person.name, rsvp=True, schedule_agent=agent)


def invited_entry(
    talk: Interview,
    meeting: Meeting,
    people: Iterable[Contact],
    campaign: Campaign,
    *,
    last_modified: datetime,
    send_questions: bool = False,
) -> CalendarEntry:
    """What `people` are shown of the talk. Raises InvalidValue where the explorer has no address."""
    organizer = organizer_of(campaign.profile)
    return placed(
        CalendarEntry(
            uid=str(talk.id),
            when=Timed(meeting.start, meeting.end),
            summary=_summary(organizer, _about(talk, campaign)),
            last_modified=last_modified,
            sequence=talk.sequence,
            status=EntryStatus.CONFIRMED if talk.story.stands else EntryStatus.CANCELLED,
            created=talk.history[0].told_at,
            description=_description(talk, meeting, organizer, send_questions=send_questions),
            organizer=organizer,
            attendees=tuple(attendee(person) for person in people),
        ),
        meeting,
    )


def _about(talk: Interview, campaign: Campaign) -> str:
    return campaign.exploration(talk.exploration_id).subject if talk.exploration_id else ""


def _summary(organizer: Organizer, about: str) -> str:
    return f"Talk with {organizer.name or organizer.email}" + (f": {about}" if about else "")


_HOW: Final = {MeetingFormat.IN_PERSON: "In person", MeetingFormat.VIDEO: "By video", MeetingFormat.PHONE: "By phone"}


def _description(talk: Interview, meeting: Meeting, organizer: Organizer, *, send_questions: bool) -> str:
    """The place once more: programs differ in what else they show."""
    parts = [_HOW[meeting.format] + (f": {meeting.place}" if meeting.place else "")]
    parts.append(", ".join(filter(None, (organizer.name, organizer.email))))
    if send_questions and talk.agenda:
        questions = (f"{number}. {item.question.text}" for number, item in enumerate(talk.agenda, 1))
        parts.append("\n".join(("What I would like to ask:", *questions)))
    return "\n\n".join(parts)[:LONGEST_TEXT]
