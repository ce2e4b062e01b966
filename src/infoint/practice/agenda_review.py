"""What a careful adviser would remark on in an agenda as a whole (practice §5): its mix, its length, what it leaves out and what it
repeats. What makes a good one is `agenda`'s, the wording of each question `wording_review`'s.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.interview import MET, Interview
from infoint.model.question import Domain, Question, Tone, Topic
from infoint.practice.agenda import asked_elsewhere, most_questions, shrunk, suitable_questions, talk_length
from infoint.practice.counted import counted
from infoint.practice.finding import Finding, FindingCode, hint, warning
from infoint.practice.policy import Mix, Policy


def agenda_findings(interview: Interview, campaign: Campaign, policy: Policy) -> Iterator[Finding]:
    """The agenda as a whole; an empty one is not yet wrong."""
    questions = [item.question for item in interview.agenda]
    if not questions:
        return
    if not any(question.tone is Tone.CHALLENGE for question in questions):
        yield _no_challenge(interview, campaign, policy)
    yield from _mix_off(questions, policy.mix)
    yield from _too_long(interview, questions, policy)
    yield from _asked_before(interview, campaign)


def _no_challenge(interview: Interview, campaign: Campaign, policy: Policy) -> Finding:
    there_is = (one for one in suitable_questions(interview, campaign, policy.bank) if one.tone is Tone.CHALLENGE)
    example = next((f", as “{question.text}”" for question in there_is), "")
    return warning(
        FindingCode.NO_CHALLENGE_ASKED,
        f"{counted(len(interview.agenda), 'question')}, none about the hard side",
        f"Ask for the hard side as well{example}{'' if example else '.'}",
    )


_ABOUT: Final = {Domain.PERSON: "about the person", Domain.FIELD: "about the field", Domain.ADVICE: "for advice"}


def _mix_off(questions: list[Question], mix: Mix) -> Iterator[Finding]:
    there = {domain: sum(question.domain is domain for question in questions) for domain in Domain}
    nearest = shrunk(mix, len(questions))
    wanted = {Domain.PERSON: nearest.person, Domain.FIELD: nearest.field, Domain.ADVICE: nearest.advice}
    if there == wanted:
        return
    changes = [
        f"{'leave out' if there[domain] > wanted[domain] else 'add'} {abs(there[domain] - wanted[domain])} {_ABOUT[domain]}"
        for domain in Domain
        if there[domain] != wanted[domain]
    ]
    yield hint(
        FindingCode.MIX_OFF,
        ", ".join(f"{count} {_ABOUT[domain]}" for domain, count in there.items()),
        f"The mix is {mix.person}–{mix.field}–{mix.advice}: {', '.join(changes)}.",
    )


def _too_long(interview: Interview, questions: list[Question], policy: Policy) -> Iterator[Finding]:
    length = talk_length(interview)
    minutes = sum(question.minutes for question in questions)
    talk, reserved = length.total_seconds() / 60, policy.opening_and_close.total_seconds() / 60
    if minutes <= talk - reserved and len(questions) <= most_questions(length):
        return
    needed = max(int(minutes + reserved + 4) // 5 * 5, 5 * len(questions))
    spare = [
        question for question in questions[:-1] if question.tone is not Tone.CHALLENGE and question.topic != Topic.WHO_ELSE
    ]
    longest = max(spare, key=lambda question: question.minutes, default=None)
    yield warning(
        FindingCode.TOO_LONG_FOR_TIME,
        f"{counted(len(questions), 'question')}, about {counted(minutes, 'minute')}",
        f"A talk of {counted(talk, 'minute')} has {max(talk - reserved, 0):g} for answers: "
        f"{f'leave out “{longest.text}”, or ' if longest else ''}ask for {needed} minutes.",
    )


def _asked_before(interview: Interview, campaign: Campaign) -> Iterator[Finding]:
    asked = asked_elsewhere(interview, campaign)
    people = campaign.people(interview)
    for item in interview.agenda:
        before = [talk for talk in asked.get(item.question.id, ()) if not _came_first(interview, talk)]
        again = [person.name for person in people if any(person.id in (*talk.contact_ids, *talk.met) for talk in before)]
        if again:
            yield warning(
                FindingCode.ASKED_BEFORE,
                item.question.text,
                f"Another talk with {' and '.join(again)} has it already: ask what is new since, or take another question.",
            )


def _came_first(interview: Interview, other: Interview) -> bool:
    """Then it is the other talk that repeats the question."""
    if (interview.status in MET) is not (other.status in MET):
        return interview.status in MET
    if interview.meeting is None or other.meeting is None:
        return False
    # As instants: by the clock face, the hour that comes twice in an autumn night would be one.
    return interview.meeting.start.astimezone(UTC) < other.meeting.start.astimezone(UTC)
