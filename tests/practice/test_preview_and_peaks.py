"""Both sides of the work, and what it asks of people against what one brings."""

from datetime import UTC, datetime, timedelta

import pytest

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight, Valence
from infoint.model.events import Debriefed, Event, Held, HistoryEntry, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, Tone, Topic
from infoint.practice import Comparison, PeaksNeed, compare

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research")
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind")
NO_LETTER = Peaks(0)


def question(name: str, tone: Tone = Tone.NEUTRAL, peaks: Peaks = NO_LETTER) -> Question:
    return Question(
        id=f"acme:{name}",
        text=f"What of {name}?",
        topic=Topic.DUTIES,
        category=QuestionCategory.PATH,
        domain=Domain.PERSON,
        tone=tone,
        peaks=peaks,
    )


GOOD, HARD = question("good", Tone.REWARD), question("hard", Tone.CHALLENGE)


def compared(*talks: tuple[Contact, tuple[Question, ...], Debrief | None], strengths: tuple[Strength, ...] = ()) -> Comparison:
    made = []
    for day, (person, asked, learned) in enumerate(talks):
        at = T0 + timedelta(days=day)
        events: list[Event] = [Scheduled(Meeting(start=at, format=MeetingFormat.PHONE)), Held()]
        if learned:
            events.append(Debriefed(learned))
        made.append(
            Interview(
                id=derive_id("talk", day),
                contact_ids=(person.id,),
                exploration_id=UX.id,
                agenda=tuple(map(AgendaItem, asked)),
                history=tuple(HistoryEntry(at + timedelta(hours=hour), event) for hour, event in enumerate(events)),
            )
        )
    me = Profile(zone="UTC", strengths=strengths)
    return compare(UX, Campaign(profile=me).including(ANA, BEN, CY, UX, *made))


def told(*valences: str, peaks: Peaks = NO_LETTER) -> Debrief:
    return Debrief(insights=tuple(Insight("So", Topic.DUTIES, Valence(one), peaks) for one in valences))


# ── both sides ───────────────────────────────────────────────────────────────────────────────────
def test_both_sides_count_who_was_asked_and_what_was_heard() -> None:
    """One would not see that only the bright side was asked about."""
    preview = compared((CY, (GOOD, HARD), told("+", "-")), (ANA, (GOOD,), told("-", "0")), (BEN, (GOOD,), None)).preview
    assert (preview.rewards.asked, preview.challenges.asked) == ((CY, ANA, BEN), (CY,))
    assert [voice.person for voice in preview.challenges.heard] == [CY, ANA]
    assert (preview.rewards.people, preview.challenges.people) == (1, 2)


def test_friends_who_complain_are_one_source() -> None:
    """A circle of friends would pass for many who find it hard."""
    preview = compared((ANA, (), told("-")), (BEN, (), told("-", "-"))).preview
    assert (preview.challenges.people, preview.challenges.referral_roots) == (2, 1)


def test_nobody_was_asked_what_is_bad() -> None:
    """A preview without its dark side would be called realistic."""
    assert compared((ANA, (GOOD,), None)).preview.nobody_asked_what_is_bad
    assert compared((ANA, (), told("-"))).preview.nobody_asked_what_is_bad
    assert not compared((ANA, (HARD,), None)).preview.nobody_asked_what_is_bad


def test_an_answer_shows_that_it_was_asked() -> None:
    """What came up without having been planned would not count as asked."""
    preview = compared((CY, (HARD,), None), (ANA, (), Debrief(answers=(Answer(HARD.id, "Much."),)))).preview
    assert preview.challenges.asked == (CY, ANA)


@pytest.mark.parametrize(("valences", "one_sided"), [("", False), ("0", False), ("+", True), ("--", True), ("+-", False)])
def test_one_sided_is_what_lacks_a_side(valences: str, one_sided: bool) -> None:
    """Praise alone would look balanced, or silence one-sided."""
    assert compared((ANA, (), told(*valences))).preview.one_sided is one_sided


# ── PEAKS ────────────────────────────────────────────────────────────────────────────────────────
def letters(
    *talks: tuple[Contact, tuple[Question, ...], Debrief | None], **more: tuple[Strength, ...]
) -> dict[Peaks, PeaksNeed]:
    found = compared(*talks, **more).peaks
    assert [one.letter for one in found] == list(Peaks)
    return {one.letter: one for one in found}


def test_a_letter_is_tallied_by_independent_people() -> None:
    """What one circle of friends asks for would look like what the field asks for."""
    both = Peaks.SKILLS | Peaks.KNOWLEDGE
    found = letters((ANA, (), told("+", "-", peaks=both)), (BEN, (), told("0", peaks=Peaks.SKILLS)), (CY, (), told("+")))
    assert (found[Peaks.SKILLS].people, found[Peaks.SKILLS].referral_roots, len(found[Peaks.SKILLS].voices)) == (2, 1, 3)
    assert (found[Peaks.KNOWLEDGE].people, found[Peaks.EXPERIENCE].people) == (1, 0)


def test_an_answer_to_a_question_on_a_letter_counts() -> None:
    """Who had answered what skills the work asks for would not have said anything on skills; or whoever gave no answer would."""
    asks = question("skills", peaks=Peaks.SKILLS)
    answer = Debrief(answers=(Answer(asks.id, "Listening."),), insights=told("+", peaks=Peaks.SKILLS).insights)
    found = letters((ANA, (asks,), None), (CY, (asks,), answer), (BEN, (), Debrief(answers=(Answer("acme:gone", "So."),))))
    skills = found[Peaks.SKILLS]
    assert (skills.answered_by, skills.people, skills.roots) == ((CY,), 1, frozenset({CY.id}))


def test_a_gap_is_what_is_asked_for_and_not_brought() -> None:
    """One would be told to work on what one has, or on what nobody asks for."""
    mine = (Strength("Patience", Peaks.PERSONAL | Peaks.SKILLS), Strength("Loose end"))
    asked_for = Peaks.SKILLS | Peaks.KNOWLEDGE
    found = letters((ANA, (), told("0", peaks=asked_for)), strengths=mine)
    assert [letter for letter, need in found.items() if need.is_gap] == [Peaks.KNOWLEDGE]
    assert found[Peaks.SKILLS].strengths == found[Peaks.PERSONAL].strengths == mine[:1]
