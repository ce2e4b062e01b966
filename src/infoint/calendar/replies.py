"""What came back to an invitation, or changed in the explorer's calendar, as events to record (iTIP, RFC 5546). Suggestions only:
nothing is recorded here, and whoever records one has looked at it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from attrs import evolve

from infoint.calendar.answers import Answer, is_explorer, person_at
from infoint.calendar.reading.components import CalendarFile, Kind, Problem, Problems, ReadAttendee, ReadComponent
from infoint.calendar.reading.ics_reader import read_ics
from infoint.calendar.suggestions import Finding, Remark, Replies, Suggestion
from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.interview import Interview

_FOLLOWED: Final[Mapping[str, Callable[[Answer], Iterator[Finding]]]] = {
    "REPLY": Answer.replied,
    "COUNTER": Answer.countered,
    "CANCEL": Answer.called_off,
    "": Answer.stands_in_calendar,
    "PUBLISH": Answer.stands_in_calendar,
    "REQUEST": Answer.stands_in_calendar,
}
_CALENDARS: Final = frozenset({"", "PUBLISH", "REQUEST"})


def read_replies(content: bytes, campaign: Campaign) -> Replies:
    """A REPLY, COUNTER or CANCEL as it comes with a mail, or a calendar of the explorer's in which talks may have been moved.

    An acceptance suggests Confirmed, a refusal and a CANCEL Cancelled, another time Rescheduled (in the zone it was agreed in); a
    tentative answer and a delegation are remarks. Of two answers of one person the later counts, and an answer to an earlier
    invitation is a remark (RFC 5546 §2.1.5). Problems are: a talk that is not there, somebody who is not invited, a series of
    meetings, and what the lifecycle does not allow (practice §6). Of a calendar, what is no talk of the campaign is passed over.
    Clock times without a zone are read in the explorer's.

    All that stands in such a file can be forged: do not record suggestions unseen. Raises ImportRejected for what is no calendar file,
    NotFound for people of a talk that the campaign does not hold.
    """
    file = read_ics(content, zone=campaign.profile.zone)
    problems = Problems()
    problems.extend(file.problems)
    answers = list(_answers(file, campaign, problems))
    found = [one for answer in answers for one in _followed(answer, answers, file.method)]
    problems.extend(one for one in found if isinstance(one, Problem))
    return Replies(
        suggestions=tuple(one for one in found if isinstance(one, Suggestion)),
        remarks=tuple(one for one in found if isinstance(one, Remark)),
        problems=tuple(problems),
    )


def _followed(answer: Answer, answers: list[Answer], method: str) -> Iterator[Finding]:
    if answer is _latest(answer, answers):
        return _FOLLOWED[method](answer)
    return iter([answer.remark("It was answered again later; that answer counts")])


def _latest(answer: Answer, answers: list[Answer]) -> Answer:
    """Of this person, about this talk (§2.1.5)."""
    same = [one for one in answers if one.talk is answer.talk and one.who is answer.who]
    return max(same, key=lambda one: (one.component.sequence, one.component.stamp or datetime.min.replace(tzinfo=UTC)))


def _answers(file: CalendarFile, campaign: Campaign, problems: Problems) -> Iterator[Answer]:
    if file.method not in _FOLLOWED:
        problems.add(0, "", "is neither an answer (REPLY, COUNTER, CANCEL) nor a calendar: its METHOD asks for something else")
        return
    for component in file.components:
        talk = _talk(component, campaign)
        if talk is None:
            if file.method not in _CALENDARS:
                problems.add(component.line, component.uid, "speaks of no talk of this campaign")
        elif odd := _oddity(component):
            problems.add(component.line, component.uid, odd)
        elif file.method in _CALENDARS:
            yield Answer(component=component, talk=talk, campaign=campaign)
        else:
            yield from _of_people(Answer(component=component, talk=talk, campaign=campaign), file.method, problems)


def _talk(component: ReadComponent, campaign: Campaign) -> Interview | None:
    try:
        return campaign.interview(UUID(component.uid))
    except (ValueError, NotFound):
        return None


def _oddity(component: ReadComponent) -> str:
    if component.kind is not Kind.EVENT:
        return f"is a {component.kind}, and talks are events"
    if component.recurrence_id is not None or component.is_recurring:
        return "speaks of a series of meetings, and a talk is one"
    return ""


def _of_people(answer: Answer, method: str, problems: Problems) -> Iterator[Answer]:
    """The answer, once for each person who gives it."""
    component = answer.component
    if method == "CANCEL" and is_explorer(component.organizer, answer.campaign):
        yield answer
        return
    says = (component.organizer,) if method == "CANCEL" and component.organizer else component.attendees
    given = {one.who.id: one for user in says if (one := _given_by(user, answer)).who}
    if not given:
        problems.add(component.line, component.uid, "comes from nobody who was asked to this talk, as far as addresses tell")
    elif method == "REPLY":
        yield from given.values()
    else:  # a proposal or a cancellation is one, whoever else stands in it
        (first, *others) = given.values()
        yield answer if others else first


def _given_by(user: ReadAttendee, answer: Answer) -> Answer:
    who = person_at(user, answer.talk, answer.campaign)
    if who:
        return evolve(answer, who=who, attendee=user)
    givers = (person_at(ReadAttendee(mail), answer.talk, answer.campaign) for mail in user.delegated_from)
    who = next(filter(None, givers), None)
    # Whoever comes instead cannot speak for them: that they are not coming themselves is what it says.
    return evolve(answer, who=who, attendee=evolve(user, partstat="DELEGATED"))
