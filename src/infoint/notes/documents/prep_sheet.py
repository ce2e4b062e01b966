"""The sheet one takes to a talk: whom, when, what to ask with room for notes, and how to end (practice §9)."""

from collections.abc import Iterator
from datetime import timedelta

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.identity import identified
from infoint.model.interview import Interview
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
from infoint.notes.documents.phrases import described, moment, names, place, stem
from infoint.practice.labels import label

_ARRIVE: dict[MeetingFormat, tuple[str, timedelta]] = {
    MeetingFormat.IN_PERSON: ("Be there at", timedelta(minutes=15)),
    MeetingFormat.VIDEO: ("Join at", timedelta(minutes=5)),
    MeetingFormat.PHONE: ("Be ready at", timedelta(minutes=5)),
}
"""Practice §7, ARRIVE."""
_LINES = 4
"""Ruled lines under each question."""


def prep_sheet(interview: Interview, campaign: Campaign) -> Document:
    """Everything for one talk on a page or two. Raises MissingId, NotFound for people the campaign does not hold."""
    people = campaign.people(identified(interview))
    meeting = interview.meeting
    # The id keeps two sheets of one day apart, and is the same in every run.
    when = f"{meeting.start.astimezone(campaign.profile.zone):%Y-%m-%d}" if meeting else "no-date"
    return Document(
        name="prep-sheet",
        title=f"Talk with {names(people)}",
        language="en",
        filename=stem("prep-sheet", *(person.name for person in people), when, interview.id.hex[-8:]),
        sections=tuple(_sections(interview, people, meeting, campaign)),
    )


def _sections(
    interview: Interview, people: tuple[Contact, ...], meeting: Meeting | None, campaign: Campaign
) -> Iterator[Section]:
    yield Section(key="meeting", title="Meeting", blocks=tuple(_meeting(interview, people, meeting, campaign)))
    goal = _goal(interview, campaign)
    if goal:
        yield Section(key="goal", title="What I want to know", blocks=tuple(goal))
    notes = tuple(_notes(interview, people))
    if notes:
        yield Section(key="notes", title="My notes", blocks=notes)
    yield Section(key="research", title="Before the talk", blocks=(Checklist(_RESEARCH),))
    if campaign.profile.introduction:
        yield Section(
            key="introduction", title="Who I am, in half a minute", blocks=(Paragraph(campaign.profile.introduction),)
        )
    yield Section(key="agenda", title="Questions", blocks=tuple(_agenda(interview)))
    yield Section(key="bring", title="Bring", blocks=(Checklist(_bring(meeting)),))
    yield Section(key="closing", title="To close", blocks=(Bullets(_CLOSING),))


_RESEARCH = (
    (False, "The field: what it does, for whom, and what is changing in it"),
    (False, "The organization: what it makes, how large it is, what it was last in the news for"),
    (False, "The person: their path and their position, from what they publish themselves"),
    (False, "Nothing on the list below that a search would answer"),
)

_CLOSING = (
    "Keep to the time you asked for; say so when it is nearly over.",
    "Ask whom else you should talk to, and whether you may use their name.",
    "Ask whether you may come back with one more question.",
    "Thank them, and say what was most useful to you.",
)


def _meeting(interview: Interview, people: tuple[Contact, ...], meeting: Meeting | None, campaign: Campaign) -> Iterator[Block]:
    zone = campaign.profile.zone
    pairs: list[tuple[str, Inline]] = [("With", described(person)) for person in people]
    if meeting is None:
        pairs.append(("When", f"not agreed yet; ask for {_minutes(interview.duration)}"))
    else:
        pairs.append(("When", f"{moment(meeting.start, zone)}, {_minutes(meeting.duration)}"))
        zones = {person.zone: person for person in people if person.zone and person.zone != zone}
        pairs += [(f"For {person.name}", moment(meeting.start, theirs)) for theirs, person in zones.items()]
        arrive, before = _ARRIVE[meeting.format]
        pairs.append((arrive, f"{(meeting.start - before).astimezone(zone):%H:%M}"))
        pairs.append(("How", label(meeting.format, campaign.profile.language).lower()))
        if meeting.place:
            pairs.append(("Where", place(meeting.place)))
    for person in people:
        reach = ", ".join((*person.emails[:1], *person.phones[:1]))
        if reach:
            pairs.append((f"Reach {person.name}", reach))
    lines: tuple[tuple[str, Text], ...] = tuple((name, (value,)) for name, value in pairs)
    yield Fields(lines)
    if not interview.story.stands and meeting is not None:
        yield Paragraph("This meeting was called off.")


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} minutes"


def _goal(interview: Interview, campaign: Campaign) -> list[Block]:
    if interview.exploration_id is None:
        return []
    exploration = campaign.exploration(interview.exploration_id)
    blocks: list[Block] = [Paragraph(exploration.subject)]
    if exploration.beliefs:
        blocks += [Paragraph("I believe so far:"), Bullets(tuple(belief.text for belief in exploration.beliefs))]
    return blocks


def _notes(interview: Interview, people: tuple[Contact, ...]) -> Iterator[Block]:
    """What the explorer has written down about the talk and the people, in their own words."""
    if interview.notes.strip():
        yield Markdown(interview.notes)
    for number, person in enumerate(people, 1):
        if person.notes.strip():
            yield Section(key=f"notes-{number}", title=f"On {person.name}", blocks=(Markdown(person.notes),))


def _agenda(interview: Interview) -> Iterator[Block]:
    if not interview.agenda:
        yield Paragraph("No questions chosen yet.")
        yield WritingSpace(_LINES * 3)
    for number, item in enumerate(interview.agenda, 1):
        question = item.question
        blocks: list[Block] = []
        if item.why:
            blocks.append(Paragraph(f"Why: {item.why}"))
        if question.probes:
            blocks.append(Bullets(question.probes))
        # Named by its place: a plugin may add behind it, and two items may hold one question.
        yield Section(key=f"agenda-{number}", title=f"{number}. {question.text}", blocks=(*blocks, WritingSpace(_LINES)))


_REMOTE = (False, "A quiet place, a charged battery, a second way to reach them")


def _bring(meeting: Meeting | None) -> tuple[tuple[bool, str], ...]:
    always = (
        (False, "This sheet, and something to write with"),
        (False, "Your résumé, in case they ask; it is not why you came"),
        (False, "A portfolio or a piece of your work, in case the talk turns to it"),
    )
    dress = (False, "Clothes as they are worn there on a good day")
    match meeting.format if meeting else MeetingFormat.IN_PERSON:
        case MeetingFormat.IN_PERSON:
            return (*always, (False, "Business cards"), dress)
        case MeetingFormat.VIDEO:
            return (*always, _REMOTE, dress)
        case MeetingFormat.PHONE:
            return (*always, _REMOTE)
