"""What several talks say together (practice §8). What one talk said is its debrief."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from datetime import UTC
from enum import StrEnum
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Insight, Valence
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.model.question import Tone, Topic
from infoint.practice.referrals import referral_root


class Verdict(StrEnum):
    """How far something may be believed; never "confirmed" (practice §8)."""

    SINGLE_SOURCE = "single-source"
    CORROBORATED = "corroborated"
    CONTESTED = "contested"


@frozen(kw_only=True)
class TopicEvidence:
    """What was heard about one topic, and from how many who do not depend on one another."""

    topic: Topic
    insights: tuple[Insight, ...]
    people: int
    organizations: int
    referral_roots: int
    verdict: Verdict


@frozen(kw_only=True)
class Comparison:
    """An exploration's talks side by side."""

    exploration: Exploration
    people: tuple[Contact, ...]
    """Those heard, in the order of their talks."""
    topics: tuple[TopicEvidence, ...]
    """In the bank's order of topics; a plugin's behind."""
    warnings: tuple[str, ...]
    open_topics: tuple[Topic, ...]
    """Of the four every exploration should hear about, those nobody has spoken of."""


FOUR_TOPICS = (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
"""The least an exploration should hear about."""


def compare(exploration: Exploration, campaign: Campaign) -> Comparison:
    """The talks of an exploration that took place, compared. Raises NotFound for people the campaign does not hold."""
    talks = sorted(
        (talk for talk in campaign.interviews_in(exploration) if talk.status in MET),
        key=lambda talk: (talk.meeting is None, talk.meeting and talk.meeting.start.astimezone(UTC), talk.id),
    )
    people = tuple(campaign.contact(id) for id in dict.fromkeys(id for talk in talks for id in talk.met))
    heard = [(insight, insight.said_by or talk.met[0]) for talk in talks for insight in talk.insights]
    topics = tuple(_weigh(topic, heard, campaign) for topic in _in_order({insight.topic for insight, _ in heard}))
    return Comparison(
        exploration=exploration,
        people=people,
        topics=topics,
        warnings=tuple(_warnings(people, talks)),
        open_topics=tuple(topic for topic in FOUR_TOPICS if topic not in {one.topic for one in topics}),
    )


def _in_order(topics: set[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: (Topic.known.index(topic) if topic in Topic.known else len(Topic.known), topic))


def _weigh(topic: Topic, heard: list[tuple[Insight, UUID]], campaign: Campaign) -> TopicEvidence:
    said = [(insight, campaign.contact(id)) for insight, id in heard if insight.topic == topic]
    roots = {person.id: referral_root(person, campaign) for _, person in said}
    sides = {valence: {roots[person.id] for insight, person in said if insight.valence is valence} for valence in Valence}
    return TopicEvidence(
        topic=topic,
        insights=tuple(insight for insight, _ in said),
        people=len(roots),
        organizations=len({_key(person.organization) for _, person in said if person.organization}),
        referral_roots=len(set(roots.values())),
        verdict=_verdict(sides),
    )


def _key(organization: str) -> str:
    return " ".join(organization.casefold().split())


def _verdict(sides: Mapping[Valence, AbstractSet[UUID]]) -> Verdict:
    """`sides`: who is on which, by referral root."""
    for_it, against = sides[Valence.POSITIVE], sides[Valence.NEGATIVE]
    if for_it and against:
        # One circle of people that says both is no second source.
        return Verdict.CONTESTED if len(for_it | against) > 1 else Verdict.SINGLE_SOURCE
    return Verdict.CORROBORATED if max(map(len, sides.values())) > 1 else Verdict.SINGLE_SOURCE


def _warnings(people: tuple[Contact, ...], talks: list[Interview]) -> Iterable[str]:
    if len(people) < 3:
        yield f"Only {len(people)} of at least three people heard so far."
    if (
        len(people) > 1
        and len(organizations := {_key(person.organization) for person in people}) == 1
        and "" not in organizations
    ):
        yield "Everyone heard works for one organisation."
    asked = [item.question.tone for talk in talks for item in talk.agenda]
    if (
        talks
        and Tone.CHALLENGE not in asked
        and not any(i.valence is Valence.NEGATIVE for talk in talks for i in talk.insights)
    ):
        yield "Nobody was asked what is bad about it."
