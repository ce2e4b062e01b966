"""What to ask next, and whom."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from attrs import evolve

from infoint.errors import MissingId
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, Seniority
from infoint.model.debrief import Debrief, Insight, Valence
from infoint.model.events import Debriefed, Declined, Event, Held, HistoryEntry, Requested, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Topic
from infoint.practice import Gain, NextStep, QuestionBank, choose_agenda, default_policy, next_steps
from infoint.practice.evidence import FOUR_TOPICS

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research")
OTHER = Exploration(id=derive_id("other"), subject="Teaching")
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind")
DEE = Contact(id=derive_id("dee"), name="Dee Ito")
EVA = Contact(id=derive_id("eva"), name="Eva Novák")
TOPIC = Topic.OVERTIME


def talk(
    day: int,
    person: Contact,
    valences: str = "",
    *,
    topic: Topic = TOPIC,
    told: tuple[Event, ...] | None = None,
    asked: tuple[Question, ...] = (),
    exploration: Exploration = UX,
) -> Interview:
    at = T0 + timedelta(days=day)
    learned = Debrief(insights=tuple(Insight("So", topic, Valence(valence)) for valence in valences))
    meeting = Meeting(start=at, format=MeetingFormat.PHONE)
    events = (Scheduled(meeting), Held(), Debriefed(learned)) if told is None else told
    return Interview(
        id=derive_id("talk", day, exploration.subject),
        contact_ids=(person.id,),
        exploration_id=exploration.id,
        agenda=tuple(map(AgendaItem, asked)),
        history=tuple(HistoryEntry(at + timedelta(hours=hour), event) for hour, event in enumerate(events)),
    )


def campaign(*facts: Contact | Interview) -> Campaign:
    return Campaign(profile=Profile(zone="UTC")).including(UX, OTHER, *facts)


def steps(*facts: Contact | Interview) -> dict[Topic, NextStep]:
    return {step.topic: step for step in next_steps(UX, campaign(*facts))}


# ── what ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_four_topics_come_first() -> None:
    """One would not be led to what every exploration should hear about."""
    found = next_steps(UX, campaign())
    assert {step.topic for step in found} == set(FOUR_TOPICS)
    assert {step.gain for step in found} == {Gain.UNHEARD}
    assert str(found[0]) == "Find somebody to ask about a typical day: nobody has been asked yet."


def test_what_one_source_said_and_what_is_disputed_follow() -> None:
    """One would ask again what is settled, and never what people disagree about."""
    told = [talk(1, ANA, "+"), talk(2, BEN, "+"), talk(3, ANA, "+", topic=Topic.DEMAND), talk(4, CY, "-", topic=Topic.DEMAND)]
    found = next_steps(UX, campaign(ANA, BEN, CY, *told))
    assert [(step.topic, step.gain) for step in found[4:]] == [(TOPIC, Gain.ONE_SOURCE), (Topic.DEMAND, Gain.CONTESTED)]


def test_what_people_agree_on_is_not_asked_again() -> None:
    """One more voice would be sought where it adds nothing; nor is a referral something to be corroborated."""
    agreed = [talk(day, one, "+") for day, one in enumerate((ANA, CY, DEE))]
    assert TOPIC not in steps(ANA, CY, DEE, *agreed)
    assert TOPIC not in steps(ANA, CY, *agreed[:2])
    assert Topic.WHO_ELSE not in steps(ANA, talk(1, ANA, "+", topic=Topic.WHO_ELSE))


def test_what_was_asked_and_not_noted_is_still_to_be_learned() -> None:
    """A question nobody's answer to was written down would be forgotten, or said never to have been asked."""
    question = next(one for one in default_policy().bank if one.topic == TOPIC)
    found = steps(ANA, talk(1, ANA, asked=(question,)))[TOPIC]
    assert found.gain is Gain.UNHEARD
    assert str(found) == "Find somebody to ask about overtime: nothing has been noted yet."


# ── whom ─────────────────────────────────────────────────────────────────────────────────────────
def test_it_takes_somebody_independent() -> None:
    """One would be sent to a friend of whoever said it, who adds no source."""
    found = steps(ANA, BEN, CY, talk(1, ANA, "+"))[TOPIC]
    assert found.people == (CY,)
    assert str(found).startswith("Ask Cy Lind (independent of Ana Ruiz) about ")
    assert str(found).endswith(": only one source so far.")
    alone = steps(ANA, BEN, talk(1, ANA, "+"))[TOPIC]
    assert alone.people == ()
    assert str(alone).startswith("Find somebody independent of Ana Ruiz to ask about ")


def test_a_dispute_takes_a_third_party() -> None:
    """One would ask those who disagree once more, or somebody from their circles."""
    found = steps(ANA, BEN, CY, DEE, talk(1, ANA, "+"), talk(2, CY, "-"))[TOPIC]
    assert (found.gain, found.people) == (Gain.CONTESTED, (DEE,))
    assert str(found).startswith("Ask Dee Ito (independent of Ana Ruiz and Cy Lind) about ")
    assert str(found).endswith(": they disagree.")


def test_what_nobody_said_may_be_asked_of_anybody_new_circles_first() -> None:
    """Somebody introduced would never be asked anything, or before those who are independent."""
    assert steps(ANA, BEN, CY, talk(1, ANA, "+"))[Topic.EDUCATION].people == (CY, BEN)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"role": ContactRole.PRACTITIONER}, {}),
        ({"role": ContactRole.SUPERVISOR}, {"role": ContactRole.OTHER}),
        ({}, {"role": ContactRole.RECRUITER}),
        ({"seniority": Seniority.ENTRY}, {"seniority": Seniority.SENIOR}),  # a senior was heard
        ({"seniority": Seniority.ENTRY}, {}),
        ({"organization": "Elm"}, {"organization": " OAK"}),  # Oak was heard
        ({"organization": "Elm"}, {}),
        ({"name": "Abe"}, {"name": "Zoe"}),
    ],
)
def test_those_who_add_the_most_come_first(better: dict[str, object], worse: dict[str, object]) -> None:
    """One would be sent to a recruiter, or to one more of the kind that was heard."""
    heard = evolve(ANA, seniority=Seniority.SENIOR, organization="Oak")
    for ids in ((DEE.id, EVA.id), (EVA.id, DEE.id)):  # whoever has the lower one
        first, second = (
            Contact(id=id, **{"name": "Same", **traits})  # type: ignore[arg-type]  # whichever fields the case names
            for id, traits in zip(ids, (better, worse), strict=True)
        )
        assert steps(heard, second, first, talk(1, heard, "+"))[Topic.EDUCATION].people == (first, second)


def test_a_talk_under_way_goes_before() -> None:
    """One would look for somebody new while somebody is about to be met."""
    coming = talk(5, EVA, told=(Requested(),))
    assert steps(DEE, EVA, coming)[Topic.EDUCATION].people == (EVA, DEE)


def test_some_are_not_to_be_asked() -> None:
    """One would be sent to whoever was heard, said no, belongs to other talks or is to be left in peace."""
    declined = talk(2, CY, told=(Requested(), Declined()))
    elsewhere = talk(3, DEE, "+", exploration=OTHER)
    silent = evolve(EVA, do_not_contact=True)
    assert steps(ANA, CY, DEE, silent, talk(1, ANA, "+"), declined, elsewhere)[Topic.EDUCATION].people == ()
    again = talk(4, CY, told=(Requested(),))
    assert steps(CY, declined, again)[Topic.EDUCATION].people == (CY,)


def test_a_question_has_to_suit_them() -> None:
    """Somebody at the beginning would be asked what only those at the top know."""
    question = Question(
        id="acme:school",
        text="Which school?",
        topic=Topic.EDUCATION,
        category=QuestionCategory.PATH,
        domain=Domain.PERSON,
        seniorities=(Seniority.SENIOR,),
    )
    policy = evolve(default_policy(), bank=QuestionBank((QuestionSet(name="acme:set", title="Acme", questions=(question,)),)))
    senior = evolve(EVA, seniority=Seniority.SENIOR)
    found = {one.topic: one.people for one in next_steps(UX, campaign(senior, DEE), policy=policy)}
    assert found[Topic.EDUCATION] == (senior,)
    assert set(found[Topic.TYPICAL_DAY]) == {senior, DEE}  # no question on it, so nothing speaks against anybody


def test_at_most_three_are_proposed() -> None:
    """A long address book would be listed for every topic."""
    crowd = [Contact(id=derive_id("one", number), name=f"One {number}") for number in range(9)]
    assert [one.name for one in steps(*crowd)[Topic.EDUCATION].people] == ["One 0", "One 1", "One 2"]


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_order_of_rows_does_not_matter() -> None:
    """Two exports of one database would give two plans."""
    facts = [ANA, BEN, CY, DEE, EVA, talk(1, ANA, "+"), talk(2, CY, "-"), talk(3, BEN, "0", topic=Topic.DEMAND)]
    whole = next_steps(UX, campaign(*facts))
    for seed in range(10):
        Random(seed).shuffle(facts)
        assert next_steps(UX, campaign(*facts)) == whole


def test_agendas_go_by_the_same_gain() -> None:
    """The plan would name what the agenda of the next talk does not ask about."""
    told = [talk(number, ANA, "+", topic=topic) for number, topic in enumerate(FOUR_TOPICS[:3])]
    there = campaign(ANA, CY, *told)
    coming = Interview(id=derive_id("next"), contact_ids=(CY.id,), exploration_id=UX.id)
    agenda = choose_agenda(coming, there)
    unheard = [step.topic for step in next_steps(UX, there) if step.gain is Gain.UNHEARD]
    assert unheard == [Topic.CHALLENGES]
    assert not {item.question.topic for item in agenda} & set(FOUR_TOPICS[:3])


def test_needs_an_identity() -> None:
    """An exploration that was never saved would get the steps of none."""
    with pytest.raises(MissingId):
        next_steps(Exploration(subject="UX"), campaign())
