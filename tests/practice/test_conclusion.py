"""How one leaned, what was decided and on what grounds, and what stays of a path one gave up."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from infoint.errors import MissingId
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Insight, Valence
from infoint.model.events import Debriefed, Event, Held, HistoryEntry, Scheduled
from infoint.model.exploration import Belief, Decision, Exploration, Outcome, Stance
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.practice import conclusion, ruled_out, stance_over_time

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(
    id=derive_id("ux"), subject="UX research", beliefs=(Belief("One talks all day", key="talk"), Belief("It pays", key="pay"))
)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind", do_not_contact=True)
GOOD = Insight("It matters", Topic.REWARDS, Valence.POSITIVE, Peaks.SKILLS | Peaks.KNOWLEDGE, supports="pay")
BAD = Insight("Nobody reads it", Topic.CHALLENGES, Valence.NEGATIVE, rebuts="talk")
STRENGTH = Strength("Listening", Peaks.SKILLS | Peaks.PERSONAL)


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def talk(number: int, person: Contact, *insights: Insight, held: bool = True) -> Interview:
    events: list[Event] = [Scheduled(Meeting(start=day(number), format=MeetingFormat.PHONE))]
    if held:
        events += [Held(), Debriefed(Debrief(insights=insights))]
    return Interview(
        id=derive_id("talk", number),
        contact_ids=(person.id,),
        exploration_id=UX.id,
        history=tuple(HistoryEntry(day(number) + timedelta(hours=hour), event) for hour, event in enumerate(events)),
    )


FIRST, SECOND, THIRD, COMING = talk(10, ANA, GOOD, BAD), talk(20, BEN, BAD), talk(30, CY, GOOD), talk(40, CY, held=False)


def campaign(*talks: Interview) -> Campaign:
    return Campaign(profile=Profile(zone="UTC", strengths=(STRENGTH,))).including(ANA, BEN, CY, UX, *talks)


def leaning(*taken: tuple[float, int]) -> Exploration:
    return evolve(UX, stances=tuple(Stance(day(when), where) for when, where in taken))


# ── stance over time ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ((), [(None, None, None)] * 2),
        (((1, 1),), [(1, None, None), (1, None, None)]),
        (((1, 1), (11, -1)), [(1, -1, -2), (-1, None, None)]),
        (((11, -1), (12, 2), (21, 0)), [(None, 2, None), (2, 0, -2)]),  # the last one before the next talk counts
        (((10, 1), (20, 2)), [(1, 2, 1), (2, None, None)]),  # as one came to the talk
        (((21, 2), (1, -2)), [(-2, None, None), (-2, 2, 4)]),  # in whatever order they are kept
    ],
)
def test_stance_before_and_after_each_talk(
    taken: tuple[tuple[float, int], ...], told: list[tuple[int | None, int | None, int | None]]
) -> None:
    """One could not see which talk changed one's mind."""
    found = stance_over_time(leaning(*taken), campaign(SECOND, COMING, FIRST))
    assert [one.interview for one in found] == [FIRST, SECOND]
    assert [(one.before and one.before.leaning, one.after and one.after.leaning, one.change) for one in found] == told


def test_a_talk_without_a_time_changed_nothing_one_could_tell() -> None:
    """A history from elsewhere, without the meeting, would break it, or be given somebody else's change."""
    undated = evolve(SECOND, history=(HistoryEntry(day(20), Held()),))
    first, last = stance_over_time(leaning((1, 0), (25, 2)), campaign(undated, FIRST))
    assert (first.change, last.interview, last.before, last.after) == (2, undated, None, None)


def test_the_second_of_two_equal_hours_is_later() -> None:
    """In the night the clocks go back, what was felt after a talk would count as felt before it."""
    madrid = Profile(zone="Europe/Madrid").zone
    early = datetime(2026, 10, 25, 2, 30, tzinfo=madrid)
    night = evolve(
        FIRST, history=(HistoryEntry(T0, Scheduled(Meeting(start=early, format=MeetingFormat.PHONE))), HistoryEntry(T0, Held()))
    )
    exploration = evolve(UX, stances=(Stance(early.replace(minute=10, fold=1), 1),))
    (found,) = stance_over_time(exploration, campaign(night))
    assert (found.before, found.after) == (None, exploration.stances[0])


# ── the decision ─────────────────────────────────────────────────────────────────────────────────
def decided(*evidence: Interview, outcome: Outcome = Outcome.PURSUE) -> Exploration:
    decision = Decision(outcome=outcome, at=day(50), evidence=tuple(one.id for one in evidence), because="It is not for me.")
    return evolve(UX, decision=decision)


def test_no_decision_no_conclusion() -> None:
    """One would be shown an end that was not reached."""
    assert conclusion(UX, campaign(FIRST)) is None
    assert ruled_out(UX, campaign(FIRST)) is None


def test_a_decision_shows_what_it_rests_on() -> None:
    """One could not see who said what the decision goes by, nor how far they are independent."""
    found = conclusion(decided(SECOND, FIRST), campaign(THIRD, SECOND, FIRST))
    assert found is not None
    assert (found.talks, found.people, found.roots) == ((FIRST, SECOND), (ANA, BEN), frozenset({ANA.id}))
    assert [one.topic for one in found.topics] == [Topic.REWARDS, Topic.CHALLENGES]
    assert [voice.person for voice in found.on(Valence.NEGATIVE)] == [ANA, BEN]
    assert [voice.insight for voice in found.on(Valence.POSITIVE)] == [GOOD]
    assert [one.interview for one in found.stances] == [FIRST, SECOND, THIRD]
    assert found.well_founded


def test_evidence_has_to_be_there_and_to_have_taken_place() -> None:
    """A decision would seem to rest on talks nobody has had."""
    found = conclusion(decided(FIRST, COMING, SECOND), campaign(FIRST, COMING))
    assert found is not None
    assert (found.talks, found.not_held, found.missing) == ((FIRST,), (COMING,), (SECOND.id,))
    assert not found.well_founded
    for evidence in ((FIRST, COMING), (FIRST, SECOND)):
        partly = conclusion(decided(*evidence), campaign(FIRST, COMING))
        assert partly is not None
        assert not partly.well_founded


def test_a_talk_of_another_exploration_may_be_evidence() -> None:
    """What one heard on another occasion could not be gone by."""
    elsewhere = evolve(FIRST, exploration_id=None)
    found = conclusion(decided(elsewhere), campaign(elsewhere))
    assert found is not None
    assert (found.talks, found.well_founded, found.stances) == ((elsewhere,), True, ())


# ── ruled out ────────────────────────────────────────────────────────────────────────────────────
def test_to_rule_out_is_an_outcome_with_a_summary() -> None:
    """A path given up would leave nothing: not why, not by whose word, not what one keeps."""
    exploration = decided(FIRST, SECOND, outcome=Outcome.RULE_OUT)
    found = ruled_out(exploration, campaign(FIRST, SECOND, THIRD))
    assert found is not None
    assert (found.because, found.conclusion) == ("It is not for me.", conclusion(exploration, campaign(FIRST, SECOND, THIRD)))
    assert [voice.person for voice in found.against] == [ANA, BEN]
    assert [belief.key for belief in found.corrected] == ["talk"]
    assert [voice.person for voice in found.liked] == [ANA, CY]
    assert [need.letter for need in found.strengths] == [Peaks.SKILLS]
    assert found.people == (ANA, BEN)  # Cy is not to be contacted


@pytest.mark.parametrize("outcome", [Outcome.PURSUE, Outcome.KEEP_OPEN])
def test_what_was_not_ruled_out_has_no_such_summary(outcome: Outcome) -> None:
    """A path one pursues would be mourned."""
    assert ruled_out(decided(FIRST, outcome=outcome), campaign(FIRST)) is None


def test_needs_an_identity() -> None:
    """An exploration that was never saved would get the talks of none."""
    with pytest.raises(MissingId):
        stance_over_time(Exploration(subject="UX"), campaign())
