"""The words that go with an invitation to a talk, or with its cancellation. The calendar file itself is the calendar's."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from infoint.model.campaign import Campaign
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting
from infoint.notes.contract import Block, Document, Fields, Inline, Paragraph
from infoint.notes.documents.letter import frame
from infoint.notes.phrases import Phrases, place, stem
from infoint.notes.wordings import Wordings
from infoint.practice.invitees import meeting_ahead, meeting_called_off, some_invitees


def invitation_letter(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """What to write around the calendar file: that it invites, where a meeting is agreed; that the talk is off, where one was called
    off. To everybody whom the file goes to. `wordings`: others than those shipped for the explorer's language. Raises InvalidValue
    where there is neither, and where nobody can be written to; MissingId; NotFound.
    """
    people = some_invitees(identified(interview), campaign)
    is_on = interview.story.stands
    meeting = meeting_ahead(interview) if is_on else meeting_called_off(interview)
    zones = (*(person.zone for person in people if person.zone), campaign.profile.zone)
    words = Phrases.of("invitation", campaign, wordings)
    on = words.weekday(meeting.start.astimezone(zones[0]).date())
    state = "on" if is_on else "off"
    return Document(
        name="invitation-letter",
        title=words.say(f"title.{state}", names=words.names(people)),
        language=words.language,
        subject=words.say(f"subject.{state}", day=on),
        to=", ".join(person.emails[0] for person in people),
        filename=stem("invitation" if is_on else "cancellation", *(person.name for person in people), interview.id.hex[-8:]),
        sections=frame(
            Phrases.of("letter", campaign, words.wordings),
            words.names(people),
            campaign.profile.name,
            _invited(words, meeting, zones) if is_on else _called_off(words, on),
        ),
    )


def _invited(words: Phrases, meeting: Meeting, zones: tuple[ZoneInfo, ...]) -> Iterator[Block]:
    where: list[tuple[str, Inline]] = [(words.say("where"), place(meeting.place))] if meeting.place else []
    how = words.wordings.say(f"letter.format.{meeting.format}")
    yield Paragraph(words.say("text"))
    yield Fields(((words.say("when"), words.clock(meeting.start, *zones)), (words.say("how"), how), *where))
    yield Paragraph(words.say("change"))


def _called_off(words: Phrases, on: str) -> Iterator[Block]:
    yield Paragraph(words.say("off", day=on))
    yield Paragraph(words.fill_in("off.why"))
