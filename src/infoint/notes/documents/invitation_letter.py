"""The words that go with an invitation to a talk, or with its cancellation. The calendar file itself is the calendar's."""

from collections.abc import Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.notes.contract import Block, Document, Fields, Inline, Paragraph, Section
from infoint.notes.documents.phrases import clock, names, place, stem, weekday
from infoint.practice.invitees import meeting_ahead, meeting_called_off, some_invitees

_HOW: Final[Mapping[MeetingFormat, str]] = {
    MeetingFormat.IN_PERSON: "in person",
    MeetingFormat.VIDEO: "by video",
    MeetingFormat.PHONE: "by phone",
}


def invitation_letter(interview: Interview, campaign: Campaign) -> Document:
    """What to write around the calendar file: that it invites, where a meeting is agreed; that the talk is off, where one was called
    off. To everybody whom the file goes to. Raises InvalidValue where there is neither, and where nobody can be written to;
    MissingId; NotFound.
    """
    people = some_invitees(identified(interview), campaign)
    is_on = interview.story.stands
    meeting = meeting_ahead(interview) if is_on else meeting_called_off(interview)
    zones = (*(person.zone for person in people if person.zone), campaign.profile.zone)
    on = weekday(meeting.start.astimezone(zones[0]).date())
    parts = _invited(meeting, zones) if is_on else _called_off(on)
    return Document(
        name="invitation-letter",
        title=f"{'Invitation' if is_on else 'Cancellation'} to {names(people)}",
        subject=f"Our talk on {on}" if is_on else f"Called off: our talk on {on}",
        to=", ".join(person.emails[0] for person in people),
        filename=stem("invitation" if is_on else "cancellation", *(person.name for person in people), interview.id.hex[-8:]),
        sections=tuple(_sections(people, campaign, tuple(parts))),
    )


def _sections(people: tuple[Contact, ...], campaign: Campaign, body: tuple[Block, ...]) -> Iterator[Section]:
    greeting = Paragraph(f"Dear {names(people)},")
    closing = Paragraph(f"Kind regards,\n{campaign.profile.name or '[…your name…]'}")
    for key, blocks in (("greeting", (greeting,)), ("body", body), ("closing", (closing,))):
        yield Section(key=key, title="", blocks=blocks)


def _invited(meeting: Meeting, zones: tuple[ZoneInfo, ...]) -> Iterator[Block]:
    where: list[tuple[str, Inline]] = [("Where", place(meeting.place))] if meeting.place else []
    yield Paragraph("Here is our talk as an invitation for your calendar:")
    yield Fields((("When", clock(meeting.start, *zones)), ("How", _HOW[meeting.format]), *where))
    yield Paragraph("If the time no longer suits you, a word is enough, and we will find another.")


def _called_off(on: str) -> Iterator[Block]:
    yield Paragraph(f"Our talk on {on} will not take place. The file attached takes it out of your calendar.")
    yield Paragraph("[…why, and whether you would like to find another time…]")
