"""Messages that invite to a talk or call it off (iTIP, RFC 5546), as bytes. Nothing is sent: an e-mail draft around them belongs to
the notes, and what comes back to `replies`.
"""

from datetime import datetime

from attrs import evolve, frozen

from infoint.calendar.contract import CalendarEntry, CalendarHead, Method
from infoint.calendar.entry_fields import moment
from infoint.calendar.ics_writer import to_ics
from infoint.calendar.invited_entry import invited_entry
from infoint.model.campaign import Campaign
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting
from infoint.practice.invitees import meeting_ahead, meeting_called_off, some_invitees


@frozen(kw_only=True)
class ItipMessage:
    """One message: a calendar file with a method, and to whom it goes."""

    method: Method
    content: bytes
    """The `.ics`, with one UID in it."""
    uid: str
    sequence: int
    """RFC 5546 §2.1.4: of two messages about one UID, the one with the higher counts."""
    organizer: str
    """Who invites: the address answers go to."""
    recipients: tuple[str, ...]
    """Addresses of those invited."""
    summary: str


def invitation(talk: Interview, campaign: Campaign, *, at: datetime, send_questions: bool = False) -> ItipMessage:
    """METHOD:REQUEST to everybody of the talk who has an address. After a reschedule it is asked for again: the UID stays, SEQUENCE is
    higher, and calendars move the meeting.

    `at`: when the message is made (DTSTAMP); the same facts and the same `at` give the same bytes. They see the explorer's name and
    address, what the talk is about, when and where. `send_questions` puts the agenda in, without why each was picked. Off: an
    invitation goes out as soon as a time is agreed, when the agenda is seldom settled, and stands in a calendar that colleagues may
    see; the questions come with the confirmation the day before (practice §9).

    Raises InvalidValue where no meeting is agreed or it is over, where nobody can be written to, and where the profile has no
    address; MissingId, NaiveTime, NotFound.
    """
    return _message(Method.REQUEST, talk, meeting_ahead(identified(talk)), campaign, at=at, send_questions=send_questions)


def cancellation(talk: Interview, campaign: Campaign, *, at: datetime) -> ItipMessage:
    """METHOD:CANCEL for a meeting that was agreed and then called off, or taken back by a correction; its SEQUENCE is higher than the
    invitation's. For those who were never invited it does no harm: calendars that do not know the UID pass it over.

    Raises as `invitation` does, and InvalidValue where nothing was called off.
    """
    return _message(Method.CANCEL, talk, meeting_called_off(identified(talk)), campaign, at=at)


def _message(
    method: Method, talk: Interview, meeting: Meeting, campaign: Campaign, *, at: datetime, send_questions: bool = False
) -> ItipMessage:
    stamp = moment(str(method), "at", at)
    people = some_invitees(talk, campaign)
    revised = talk.revised_at or stamp
    entry = invited_entry(talk, meeting, people, campaign, last_modified=revised, send_questions=send_questions)
    if method is Method.CANCEL:
        entry = _without_answers(entry)
    return ItipMessage(
        method=method,
        content=to_ics((entry,), CalendarHead(method=method, stamp=stamp)),
        uid=entry.uid,
        sequence=entry.sequence,
        organizer=campaign.profile.email,
        recipients=tuple(one.email for one in entry.attendees),
        summary=entry.summary,
    )


def _without_answers(entry: CalendarEntry) -> CalendarEntry:
    """Nobody is asked to answer a cancellation."""
    return evolve(entry, attendees=tuple(evolve(one, rsvp=False) for one in entry.attendees))
