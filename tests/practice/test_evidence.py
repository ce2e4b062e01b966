"""What several talks say together."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from attrs import evolve

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Insight, Valence
from infoint.model.events import Debriefed, Event, Held, HistoryEntry, Requested, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, Tone, Topic
from infoint.practice import Comparison, TopicEvidence, Verdict, compare

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research")
TOPIC = Topic.CHALLENGES
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", organization="Elm", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind", organization="Fir")
DEE = Contact(id=derive_id("dee"), name="Dee Ito", organization="  OAK ")


def said(valence: str, by: Contact | None = None, topic: Topic = TOPIC) -> Insight:
    return Insight("Something", topic, Valence(valence), said_by=by.id if by else None)


def talk(day: int, *people: Contact, insights: tuple[Insight, ...] = (), tone: Tone = Tone.CHALLENGE) -> Interview:
    meeting = Meeting(start=T0 + timedelta(days=day), format=MeetingFormat.PHONE)
    events: tuple[Event, ...] = (Scheduled(meeting), Held(), Debriefed(Debrief(insights=insights)))
    question = Question(
        id="acme:hard", text="What is hard?", topic=TOPIC, category=QuestionCategory.PATH, domain=Domain.PERSON, tone=tone
    )
    return Interview(
        id=derive_id("talk", day),
        contact_ids=tuple(one.id for one in people),
        exploration_id=UX.id,
        agenda=(AgendaItem(question),),
        history=tuple(HistoryEntry(T0 + timedelta(days=day, hours=hour), event) for hour, event in enumerate(events)),
    )


def campaign(*talks: Interview) -> Campaign:
    return Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, BEN, CY, DEE, UX, *talks)


def compared(*talks: Interview) -> Comparison:
    return compare(UX, campaign(*talks))


def weighed(*voices: tuple[Contact, str]) -> TopicEvidence:
    (topic,) = compared(*(talk(day, person, insights=(said(valence),)) for day, (person, valence) in enumerate(voices))).topics
    return topic


@pytest.mark.parametrize(
    ("voices", "roots", "verdict"),
    [
        ([(ANA, "+")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "+")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (BEN, "+")], 1, Verdict.SINGLE_SOURCE),  # Ana brought Ben in
        ([(ANA, "+"), (CY, "+")], 2, Verdict.CORROBORATED),
        ([(ANA, "-"), (CY, "-"), (BEN, "-")], 2, Verdict.CORROBORATED),
        ([(ANA, "0"), (CY, "0")], 2, Verdict.CORROBORATED),
        ([(ANA, "+"), (CY, "0")], 2, Verdict.SINGLE_SOURCE),  # nobody else took that side
        ([(ANA, "+"), (CY, "-")], 2, Verdict.CONTESTED),
        ([(ANA, "+"), (CY, "+"), (DEE, "-")], 3, Verdict.CONTESTED),
        ([(ANA, "+"), (BEN, "-")], 1, Verdict.SINGLE_SOURCE),  # one circle that says both
        ([(ANA, "+"), (ANA, "-")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "-"), (CY, "0")], 2, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "-"), (CY, "+")], 2, Verdict.CONTESTED),
    ],
)
def test_a_verdict_counts_who_is_independent(voices: list[tuple[Contact, str]], roots: int, verdict: Verdict) -> None:
    """Friends who repeat one another passed for proof, or a contradiction was smoothed over."""
    topic = weighed(*voices)
    assert (topic.referral_roots, topic.verdict) == (roots, verdict)


def test_people_and_organisations_are_counted_once() -> None:
    """One person heard twice was two, or one firm spelt in two ways."""
    topic = weighed((ANA, "+"), (DEE, "+"), (ANA, "+"))
    assert (topic.people, topic.organizations, topic.referral_roots) == (2, 1, 2)


def test_somebody_without_organisation_counts_for_none() -> None:
    """No organisation was one."""
    free = evolve(CY, organization="")
    (topic,) = compare(UX, campaign(talk(1, CY, insights=(said("+"),))).including(free)).topics
    assert (topic.people, topic.organizations) == (1, 0)


def test_an_insight_is_whose_it_was() -> None:
    """What a colleague had said counted for the one in front."""
    (topic,) = compared(talk(1, ANA, CY, insights=(said("+"), said("-", by=CY)))).topics
    assert (topic.people, topic.verdict) == (2, Verdict.CONTESTED)


def test_only_what_took_place_in_this_exploration_is_heard() -> None:
    """A talk still to come, or about another field, was evidence."""
    coming = evolve(talk(1, ANA, insights=(said("+"),)), history=(HistoryEntry(T0, Requested()),))
    other = evolve(talk(2, CY, insights=(said("+"),)), exploration_id=derive_id("other"))
    nothing = compared(coming, other)
    assert (nothing.people, nothing.topics) == ((), ())


def test_people_come_in_the_order_of_their_talks_and_topics_in_the_banks() -> None:
    """A comparison was laid out anew at every run."""
    mine = Topic("my:commute")
    first = talk(1, CY, insights=(said("+", topic=mine), said("+", topic=Topic.CHALLENGES)))
    second = talk(2, ANA, insights=(said("+", topic=Topic.TYPICAL_DAY),))
    result = compared(second, first)
    assert result.people == (CY, ANA)
    ours = [topic for topic in Topic.known if topic in {Topic.CHALLENGES, Topic.TYPICAL_DAY}]
    assert [one.topic for one in result.topics] == [*ours, mine]


def test_a_talk_without_a_date_comes_last() -> None:
    """A history from elsewhere, without the meeting, broke comparing."""
    undated = [evolve(talk(day, person), history=(HistoryEntry(T0, Held()),)) for day, person in ((1, ANA), (2, DEE))]
    assert compared(*undated, talk(3, CY)).people[0] == CY


def test_what_nobody_has_spoken_of_is_open() -> None:
    """One of the four topics every exploration should hear of was forgotten."""
    assert compared().open_topics == (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
    assert Topic.CHALLENGES not in compared(talk(1, ANA, insights=(said("0"),))).open_topics


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────
FEW, ONE_HOUSE, NO_BAD = "at least three people", "one organisation", "what is bad"


def warned(result: Comparison, words: str) -> bool:
    return any(words in warning for warning in result.warnings)


def test_fewer_than_three_people_are_few() -> None:
    """Two voices passed for a field."""
    assert compared().warnings == ("Only 0 of at least three people heard so far.",)
    assert warned(compared(talk(1, ANA), talk(2, CY)), FEW)
    assert warned(compared(talk(1, ANA), talk(2, ANA), talk(3, ANA)), FEW)
    assert not warned(compared(talk(1, ANA), talk(2, CY), talk(3, DEE)), FEW)


def test_one_house_is_not_a_field() -> None:
    """One employer passed for a field; or was said of people one knows nothing of, or of a single one."""
    assert warned(compared(talk(1, ANA), talk(2, DEE)), ONE_HOUSE)
    assert not warned(compared(talk(1, ANA), talk(2, CY)), ONE_HOUSE)
    assert not warned(compared(talk(1, ANA)), ONE_HOUSE)
    unknown = campaign(talk(1, ANA), talk(2, CY)).including(evolve(CY, organization=""))
    assert not warned(compare(UX, unknown), ONE_HOUSE)
    assert not warned(compare(UX, unknown.including(evolve(ANA, organization=""))), ONE_HOUSE)


def test_somebody_has_to_be_asked_what_is_bad() -> None:
    """A preview without its dark side was called realistic."""
    assert warned(compared(talk(1, ANA, tone=Tone.REWARD)), NO_BAD)
    assert not warned(compared(talk(1, ANA, tone=Tone.CHALLENGE)), NO_BAD)
    assert not warned(compared(talk(1, ANA, tone=Tone.REWARD, insights=(said("-"),))), NO_BAD)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_order_of_rows_does_not_matter() -> None:
    """Two exports of one database gave two comparisons."""
    talks = [
        talk(day, person, insights=(said(valence), said("0", topic=Topic.EDUCATION)))
        for day, (person, valence) in enumerate([(ANA, "+"), (BEN, "-"), (CY, "0"), (DEE, "+"), (ANA, "-")])
    ]
    whole = compared(*talks)
    for seed in range(20):
        Random(seed).shuffle(talks)
        assert compared(*talks) == whole


def test_people_the_campaign_does_not_hold_are_named() -> None:
    """A missing contact escaped as a KeyError."""
    with pytest.raises(NotFound, match="contact"):
        compared(talk(1, Contact(id=derive_id("stranger"), name="Stranger")))
