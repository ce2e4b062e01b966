"""The sheet one takes to a talk: whom, when, what to ask with room for notes, and how to end (practice §9)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.identity import identified
from infoint.model.interview import Interview, Purpose
from infoint.model.interview_status import FALLEN_THROUGH
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.notes.contract import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Inline,
    Markdown,
    Paragraph,
    Section,
    Text,
    WritingSpace,
)
from infoint.notes.phrases import Phrases, described, place, stem
from infoint.notes.wordings import Wordings

_ARRIVE: Final[Mapping[MeetingFormat, timedelta]] = {
    MeetingFormat.IN_PERSON: timedelta(minutes=15),
    MeetingFormat.VIDEO: timedelta(minutes=5),
    MeetingFormat.PHONE: timedelta(minutes=5),
}
"""So long before (practice §7, ARRIVE)."""
_LINES: Final = 4
"""Ruled lines under each question."""


def prep_sheet(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """Everything for one talk on a page or two. `wordings`: others than those shipped for the explorer's language. Raises MissingId,
    NotFound for people the campaign does not hold.
    """
    sheet = _Sheet(identified(interview), campaign, Phrases.of("prep-sheet", campaign, wordings))
    meeting = interview.meeting
    # The id keeps two sheets of one day apart, and is the same in every run.
    when = f"{meeting.start.astimezone(campaign.profile.zone):%Y-%m-%d}" if meeting else "no-date"
    return Document(
        name="prep-sheet",
        title=sheet.words.say("title", names=sheet.words.names(sheet.people)),
        language=sheet.words.language,
        filename=stem("prep-sheet", *(person.name for person in sheet.people), when, interview.id.hex[-8:]),
        sections=tuple(sheet.sections()),
    )


@frozen
class _Sheet:
    """One talk, section by section."""

    interview: Interview
    campaign: Campaign
    words: Phrases

    @property
    def people(self) -> tuple[Contact, ...]:
        return self.campaign.people(self.interview)

    def sections(self) -> Iterator[Section]:
        parts: tuple[tuple[str, Iterable[Block]], ...] = (
            ("meeting", self._meeting()),
            ("goal", self._goal()),
            ("notes", self._notes()),
            ("research", [self._checklist("research", "field", "organization", "person", "questions")]),
            ("introduction", map(Paragraph, filter(None, [self.campaign.profile.introduction]))),
            ("agenda", self._agenda()),
            ("bring", [self._bring()]),
            ("closing", [Bullets(tuple(self.words.say(f"closing.{one}") for one in ("time", "referral", "again", "thanks")))]),
        )
        for key, made in parts:
            if blocks := tuple(made):
                yield Section(key=key, title=self.words.say(key), blocks=blocks)

    def _checklist(self, part: str, *lines: str) -> Checklist:
        return Checklist(tuple((False, self.words.say(f"{part}.{line}")) for line in lines))

    def _meeting(self) -> Iterator[Block]:
        say, meeting = self.words.say, self.interview.meeting
        pairs: list[tuple[str, Inline]] = [(self.words.circumstance("with"), described(person)) for person in self.people]
        if meeting is None:
            status = self.interview.status
            fallen = say("meeting.fallen", status=self.words.label(status).lower()) if status in FALLEN_THROUGH else ""
            to_ask = say("meeting.none", length=self.words.minutes(self.interview.duration))
            pairs.append((self.words.circumstance("when"), fallen or to_ask))
        else:
            pairs += self._agreed(meeting)
        for person in self.people:
            reach = ", ".join((*person.emails[:1], *person.phones[:1]))
            if reach:
                pairs.append((say("meeting.reach", name=person.name), reach))
        lines: tuple[tuple[str, Text], ...] = tuple((name, (value,)) for name, value in pairs)
        yield Fields(lines)
        if not self.interview.story.stands and meeting is not None:
            yield Paragraph(say("meeting.off"))

    def _agreed(self, meeting: Meeting) -> Iterator[tuple[str, Inline]]:
        words, zone = self.words, self.campaign.profile.zone
        when = words.moment(meeting.start, zone)
        yield words.circumstance("when"), words.say("meeting.at", moment=when, length=words.minutes(meeting.duration))
        for theirs in dict.fromkeys(person.zone for person in self.people if person.zone and person.zone != zone):
            there = words.names(person for person in self.people if person.zone == theirs)
            yield words.say("meeting.for", name=there), words.moment(meeting.start, theirs)
        ready = (meeting.start - _ARRIVE[meeting.format]).astimezone(zone)
        yield words.say(f"meeting.arrive.{meeting.format}"), f"{ready:%H:%M}"
        yield words.circumstance("how"), words.label(meeting.format).lower()
        if meeting.place:
            yield words.circumstance("where"), place(meeting.place)

    def _goal(self) -> Iterator[Block]:
        if self.interview.exploration_id is None:
            return
        exploration = self.campaign.exploration(self.interview.exploration_id)
        goal = self.words.label(exploration.goal).lower() if exploration.goal else ""
        about = self.words.say("goal.subject", subject=exploration.subject, goal=goal) if goal else exploration.subject
        yield Paragraph(about)
        if exploration.beliefs:
            yield Paragraph(self.words.say("goal.beliefs"))
            yield Bullets(tuple(belief.text for belief in exploration.beliefs))

    def _notes(self) -> Iterator[Block]:
        """What the explorer has written down about the talk and the people, in their own words."""
        if self.interview.notes.strip():
            yield Markdown(self.interview.notes)
        for number, person in enumerate(self.people, 1):
            if person.notes.strip():
                title = self.words.say("notes.on", name=person.name)
                yield Section(key=f"notes-{number}", title=title, blocks=(Markdown(person.notes),))

    def _agenda(self) -> Iterator[Block]:
        if not self.interview.agenda:
            yield Paragraph(self.words.say("agenda.none"))
            yield WritingSpace(_LINES * 3)
        for number, item in enumerate(self.interview.agenda, 1):
            question = item.question
            blocks: list[Block] = []
            if item.why:
                blocks.append(Paragraph(self.words.say("agenda.why", why=item.why)))
            if question.probes:
                blocks.append(Bullets(question.probes))
            # Named by its place: a plugin may add behind it, and two items may hold one question.
            yield Section(key=f"agenda-{number}", title=f"{number}. {question.text}", blocks=(*blocks, WritingSpace(_LINES)))

    def _bring(self) -> Checklist:
        meeting = self.interview.meeting
        resume = "resume.employment" if self.interview.purpose is Purpose.EMPLOYMENT else "resume"
        always = ("sheet", resume, "portfolio")
        match meeting.format if meeting else MeetingFormat.IN_PERSON:
            case MeetingFormat.IN_PERSON:
                return self._checklist("bring", *always, "cards", "clothes")
            case MeetingFormat.VIDEO:
                return self._checklist("bring", *always, "quiet", "clothes")
            case MeetingFormat.PHONE:
                return self._checklist("bring", *always, "quiet")
