"""What became of what one believed beforehand."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Insight, Valence
from infoint.model.events import Debriefed, Held, HistoryEntry, Scheduled
from infoint.model.exploration import Belief, Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.practice import BeliefEvidence, BeliefStanding, Verdict, compare

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
TALKING = Belief("Most of the work is talking", "a podcast", "talking")
PAY = Belief("It pays badly", key="pay")
UX = Exploration(id=derive_id("ux"), subject="UX research", beliefs=(TALKING, PAY))
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind")


def on(supports: str = "", rebuts: str = "", topic: Topic = Topic.DUTIES) -> Insight:
    return Insight("Something", topic, Valence.NEUTRAL, supports=supports, rebuts=rebuts)


def ledger(*told: tuple[Contact, Insight], exploration: Exploration = UX) -> dict[str, BeliefEvidence]:
    talks = [
        Interview(
            id=derive_id("talk", day),
            contact_ids=(person.id,),
            exploration_id=UX.id,
            history=tuple(
                HistoryEntry(T0 + timedelta(days=day, hours=hour), event)
                for hour, event in enumerate(
                    (
                        Scheduled(Meeting(start=T0 + timedelta(days=day), format=MeetingFormat.PHONE)),
                        Held(),
                        Debriefed(Debrief(insights=(insight,))),
                    )
                )
            ),
        )
        for day, (person, insight) in enumerate(told)
    ]
    campaign = Campaign(profile=Profile(zone="UTC")).including(ANA, BEN, CY, exploration, *talks)
    return {one.key: one for one in compare(exploration, campaign).beliefs}


FOR, AGAINST = on(supports="talking"), on(rebuts="talking")


@pytest.mark.parametrize(
    ("told", "standing", "verdict"),
    [
        ([], BeliefStanding.UNTESTED, None),
        ([(ANA, on())], BeliefStanding.UNTESTED, None),
        ([(ANA, FOR)], BeliefStanding.SUPPORTED, Verdict.SINGLE_SOURCE),
        ([(ANA, AGAINST), (BEN, AGAINST)], BeliefStanding.REBUTTED, Verdict.SINGLE_SOURCE),  # Ana brought Ben in
        ([(ANA, AGAINST), (CY, AGAINST)], BeliefStanding.REBUTTED, Verdict.CORROBORATED),
        ([(ANA, FOR), (CY, FOR)], BeliefStanding.SUPPORTED, Verdict.CORROBORATED),
        ([(ANA, FOR), (CY, AGAINST)], BeliefStanding.DISPUTED, Verdict.CONTESTED),
        ([(ANA, FOR), (BEN, AGAINST)], BeliefStanding.DISPUTED, Verdict.SINGLE_SOURCE),  # one circle says both
        ([(ANA, on(supports="talking", rebuts="talking"))], BeliefStanding.DISPUTED, Verdict.SINGLE_SOURCE),
    ],
)
def test_a_belief_stands_as_independent_people_say(
    told: list[tuple[Contact, Insight]], standing: BeliefStanding, verdict: Verdict | None
) -> None:
    """One would go on believing what two have rebutted, or give up what one circle of friends denies."""
    one = ledger(*told)["talking"]
    assert (one.standing, one.verdict) == (standing, verdict)


def test_the_ledger_names_who_said_so() -> None:
    """One could not see who supports a belief and who rebuts it, nor that one insight may do both to two."""
    both = on(supports="pay", rebuts="talking")
    found = ledger((ANA, both), (BEN, FOR), (CY, AGAINST))
    assert [voice.person for voice in found["talking"].supports] == [BEN]
    assert [voice.person for voice in found["talking"].rebuts] == [ANA, CY]
    assert [voice.insight for voice in found["pay"].supports] == [both]
    assert (found["talking"].people, found["talking"].referral_roots) == (3, 2)
    assert found["talking"].belief == TALKING


def test_an_insight_that_does_both_is_one_voice() -> None:
    """One insight would be counted as two."""
    assert len(ledger((ANA, on(supports="talking", rebuts="talking")))["talking"].voices) == 1


def test_beliefs_stand_in_their_order_and_forgotten_ones_behind() -> None:
    """What speaks for a belief that was taken away since would be lost, or the ledger laid out anew at every run."""
    found = ledger((ANA, on(rebuts="gone")), (CY, on(supports="older")))
    assert list(found) == ["talking", "pay", "gone", "older"]
    assert [one.belief for one in found.values()] == [TALKING, PAY, None, None]


def test_a_belief_reworded_keeps_its_evidence() -> None:
    """Putting a belief in better words would make it untested."""
    reworded = evolve(UX, beliefs=(evolve(TALKING, text="It is mostly talking"),))
    assert ledger((ANA, FOR), exploration=reworded)["talking"].standing is BeliefStanding.SUPPORTED


TOLD = st.lists(st.tuples(st.sampled_from([ANA, BEN, CY]), st.sampled_from([FOR, AGAINST, on()])), max_size=6)


@given(told=TOLD, data=st.data())
def test_a_belief_does_not_depend_on_who_came_first(told: list[tuple[Contact, Insight]], data: st.DataObject) -> None:
    """The same words would weigh otherwise for having been heard in another order."""
    first, second = ledger(*told)["talking"], ledger(*data.draw(st.permutations(told)))["talking"]
    assert (first.standing, first.verdict, first.sides) == (second.standing, second.verdict, second.sides)
