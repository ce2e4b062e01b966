"""What several talks say together (practice §8). What one talk said is its debrief."""

from collections.abc import Iterable
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
        key=lambda talk: (talk.meeting is None, talk.meeting and talk.meeting.start, talk.id),
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
    roots = {referral_root(person, campaign) for _, person in said}
    for_it = {referral_root(person, campaign) for insight, person in said if insight.valence is Valence.POSITIVE}
    against = {referral_root(person, campaign) for insight, person in said if insight.valence is Valence.NEGATIVE}
    return TopicEvidence(
        topic=topic,
        insights=tuple(insight for insight, _ in said),
        people=len({person.id for _, person in said}),
        organizations=len({person.organization for _, person in said if person.organization}),
        referral_roots=len(roots),
        verdict=_verdict(len(roots), bool(for_it), bool(against), bool(for_it) and bool(against) and len(for_it | against) > 1),
    )


def _verdict(roots: int, for_it: bool, against: bool, two_sided: bool) -> Verdict:
    if two_sided:
        return Verdict.CONTESTED
    if roots < 2 or (for_it and against):
        return Verdict.SINGLE_SOURCE
    return Verdict.CORROBORATED


def _warnings(people: tuple[Contact, ...], talks: list[Interview]) -> Iterable[str]:
    if len(people) < 3:
        yield f"Only {len(people)} of at least three people heard so far."
    if people and len({person.organization for person in people if person.organization}) == 1:
        yield "Everyone heard works for one organisation."
    asked = [item.question.tone for talk in talks for item in talk.agenda]
    if (
        talks
        and Tone.CHALLENGE not in asked
        and not any(i.valence is Valence.NEGATIVE for talk in talks for i in talk.insights)
    ):
        yield "Nobody was asked what is bad about it."
