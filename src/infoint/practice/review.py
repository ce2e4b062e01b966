"""What a careful adviser would remark on (practice §5). Nothing is refused, and every remark says what to do instead. How a
language gives itself away is `word_rules`', what makes a good agenda `agenda`'s.
"""

import re
from collections.abc import Iterator, Sized
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Final

from attrs import field, frozen

from infoint.errors import NaiveTime
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.interview import MET, UPCOMING, Interview, Purpose
from infoint.model.meeting import MeetingFormat
from infoint.model.open_name import OpenName
from infoint.model.question import Domain, Question, Tone, Topic
from infoint.practice.agenda import asked_elsewhere, most_questions, shrunk, suitable_questions, talk_length
from infoint.practice.policy import Mix, Policy, default_policy
from infoint.practice.word_rules import Remark, word_rules


class FindingCode(OpenName):
    """What was found (practice §5)."""

    CLOSED_QUESTION: ClassVar["FindingCode"]
    """Yes or no would be an answer."""
    LEADING: ClassVar["FindingCode"]
    """The question holds its answer."""
    DOUBLE_BARRELLED: ClassVar["FindingCode"]
    """Two questions in one."""
    JOB_ASK: ClassVar["FindingCode"]
    """It asks for a job, an internship, or a hand in getting one."""
    SEARCHABLE_FACT: ClassVar["FindingCode"]
    """One could look it up."""
    NO_CHALLENGE_ASKED: ClassVar["FindingCode"]
    MIX_OFF: ClassVar["FindingCode"]
    TOO_LONG_FOR_TIME: ClassVar["FindingCode"]
    ASKED_BEFORE: ClassVar["FindingCode"]
    HR_ONLY: ClassVar["FindingCode"]
    """Only personnel staff are being asked."""
    SINGLE_FORMAT_OFFERED: ClassVar["FindingCode"]
    NO_RESUME_DECISION: ClassVar["FindingCode"]
    OUTREACH_TOO_LONG: ClassVar["FindingCode"]
    OUTREACH_WITHOUT_QUESTION: ClassVar["FindingCode"]
    OUTREACH_WITHOUT_CONNECTION: ClassVar["FindingCode"]
    THANK_YOU_WITHOUT_TAKEAWAY: ClassVar["FindingCode"]
    START_OUTSIDE_WORKING_HOURS: ClassVar["FindingCode"]
    WEEKEND_OR_HOLIDAY: ClassVar["FindingCode"]
    START_IN_THE_PAST: ClassVar["FindingCode"]
    MEETING_OVERLAP: ClassVar["FindingCode"]


class Severity(StrEnum):
    """How much it matters."""

    HINT = "hint"
    """Better otherwise."""
    WARNING = "warning"
    """It will cost the explorer something."""


SHOWN: Final = 80
"""Characters of the offending text that a finding carries."""
OUTREACH_WORDS: Final = 100
"""Most words of an outreach letter (practice §5)."""


def _shortened(text: str) -> str:
    line = fields.as_line(text)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1].rstrip()}…"


@frozen(kw_only=True)
class Finding:
    """One remark; `print(finding)` gives one readable line."""

    code: FindingCode = field(validator=fields.a(FindingCode))
    severity: Severity = field(validator=fields.a(Severity))
    text: str = field(converter=_shortened, validator=fields.line())
    """What it is about: the offending words, shortened, or the figures."""
    suggestion: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """What to do instead."""

    def __str__(self) -> str:
        return f"{self.code.label}: “{self.text}” {self.suggestion}"


# ── the three reviews ────────────────────────────────────────────────────────────────────────────
def review(interview: Interview, campaign: Campaign, *, at: datetime, policy: Policy | None = None) -> tuple[Finding, ...]:
    """Everything worth a remark about a planned talk at a time (zoned): the wording of its agenda and notes, then the agenda as a
    whole, then the arrangements.

    Each question is judged by the rules of its own language, the notes by those of the explorer's. Raises NaiveTime, and NotFound
    for people the campaign does not hold.
    """
    if at.utcoffset() is None:
        raise NaiveTime("review", "at", value=at)
    policy = policy or default_policy()
    return (
        *_wording(interview, campaign),
        *_agenda(interview, campaign, policy),
        *_arrangements(interview, at),
    )


def review_question(text: str, *, language: str = "en", purpose: Purpose = Purpose.INFORMATIONAL) -> tuple[Finding, ...]:
    """What is wrong with the wording of a question: closed, leading, double-barrelled, a job-ask (only where the purpose is
    informational). A language (BCP 47 tag) without rules of its own gives no findings.
    """
    rules = word_rules(language)
    if rules is None:
        return ()
    return (*map(_finding, rules.on_question(text)), *_job_asks(text, language, purpose))


def review_letter(text: str, *, language: str = "en", purpose: Purpose = Purpose.INFORMATIONAL) -> tuple[Finding, ...]:
    """What is wrong with a letter that asks for a talk: a job-ask (only where the purpose is informational), too many words, no
    question in it. A language (BCP 47 tag) without rules of its own gives no finding on the wording.
    """
    words = len(text.split())
    findings = [*_job_asks(text, language, purpose)]
    if words > OUTREACH_WORDS:
        findings.append(
            _hint(
                FindingCode.OUTREACH_TOO_LONG,
                f"{words} words",
                f"Cut it to {OUTREACH_WORDS} words at most: who you are to them, what you would like to learn, how long it takes.",
            )
        )
    if not re.search("[?？؟\u037e]", text):
        findings.append(
            _warning(
                FindingCode.OUTREACH_WITHOUT_QUESTION,
                text,
                "End on one question, as “Could we talk for twenty minutes next week?”",
            )
        )
    return tuple(findings)


def _job_asks(text: str, language: str, purpose: Purpose) -> Iterator[Finding]:
    rules = word_rules(language)
    if rules is not None and purpose is Purpose.INFORMATIONAL:
        yield from map(_finding, rules.on_job_asks(text))


_MILD: Final = {FindingCode.LEADING, FindingCode.DOUBLE_BARRELLED}


def _finding(remark: Remark) -> Finding:
    code = FindingCode(remark.rule)
    severity = Severity.HINT if code in _MILD else Severity.WARNING
    return Finding(code=code, severity=severity, text=remark.text, suggestion=remark.suggestion)


def _hint(code: FindingCode, text: str, suggestion: str) -> Finding:
    return Finding(code=code, severity=Severity.HINT, text=text, suggestion=suggestion)


def _warning(code: FindingCode, text: str, suggestion: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, text=text, suggestion=suggestion)


# ── a planned talk ───────────────────────────────────────────────────────────────────────────────
def _wording(interview: Interview, campaign: Campaign) -> Iterator[Finding]:
    for item in interview.agenda:
        question = item.question
        findings = review_question(question.text, language=question.language, purpose=interview.purpose)
        yield from findings
        if not question.open_ended and not any(finding.code == FindingCode.CLOSED_QUESTION for finding in findings):
            yield _warning(FindingCode.CLOSED_QUESTION, question.text, "Word it so that yes or no is no answer.")
    yield from _job_asks(interview.notes, campaign.profile.language, interview.purpose)


def _agenda(interview: Interview, campaign: Campaign, policy: Policy) -> Iterator[Finding]:
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
    return _warning(
        FindingCode.NO_CHALLENGE_ASKED,
        f"{_questions(interview.agenda)}, none about the hard side",
        f"Ask for the hard side as well{example}{'' if example else '.'}",
    )


def _questions(asked: Sized) -> str:
    return f"{len(asked)} question{'' if len(asked) == 1 else 's'}"


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
    yield _hint(
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
    yield _warning(
        FindingCode.TOO_LONG_FOR_TIME,
        f"{_questions(questions)}, about {minutes} minutes",
        f"A talk of {talk:g} minutes has {max(talk - reserved, 0):g} for answers: "
        f"{f'leave out “{longest.text}”, or ' if longest else ''}ask for {needed} minutes.",
    )


def _asked_before(interview: Interview, campaign: Campaign) -> Iterator[Finding]:
    asked = asked_elsewhere(interview, campaign)
    people = campaign.people(interview)
    for item in interview.agenda:
        before = [talk for talk in asked.get(item.question.id, ()) if not _came_first(interview, talk)]
        again = [person.name for person in people if any(person.id in (*talk.contact_ids, *talk.met) for talk in before)]
        if again:
            yield _warning(
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


def _arrangements(interview: Interview, at: datetime) -> Iterator[Finding]:
    meeting = interview.meeting
    if len(interview.formats_offered) == 1 and not interview.story.stands:
        (offered,) = interview.formats_offered
        others = " or ".join(format.replace("-", " ") for format in MeetingFormat if format is not offered)
        yield _hint(
            FindingCode.SINGLE_FORMAT_OFFERED,
            offered.replace("-", " "),
            f"Offer {others} too: a choice is easier to say yes to.",
        )
    if meeting is not None and interview.status in UPCOMING and meeting.start.astimezone(UTC) < at.astimezone(UTC):
        yield _warning(
            FindingCode.START_IN_THE_PAST,
            f"{meeting.start:%Y-%m-%d %H:%M} {meeting.start.tzinfo}",
            "Record what became of it: held, missed, moved or cancelled.",
        )
