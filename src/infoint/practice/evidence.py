"""What several talks say together (practice §8). What one talk said is its debrief; who was asked what is `evidence_matrix`'s."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Insight, Valence
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.model.open_name import OpenName
from infoint.model.question import Tone, Topic
from infoint.practice.evidence_matrix import EvidenceMatrix, lay_out, topic_order
from infoint.practice.policy import Policy, default_policy
from infoint.practice.referrals import referral_root
from infoint.practice.sides import Sides, weigh


class Verdict(StrEnum):
    """How far something may be believed; never "confirmed" (practice §8)."""

    SINGLE_SOURCE = "single-source"
    """Nobody independent has said the same, or the contrary."""
    CORROBORATED = "corroborated"
    """Two or more who do not depend on one another agree, and nobody says the contrary."""
    CONTESTED = "contested"
    """People who do not depend on one another disagree."""


@frozen(kw_only=True)
class Voice:
    """An insight, whose it is, and where that person comes from."""

    insight: Insight
    person: Contact
    root: UUID
    """Whoever started the chain of introductions that led to the person; people of one root are one source."""
    interview_id: UUID


@frozen(kw_only=True)
class TopicEvidence:
    """What was heard about one topic, and from how many who do not depend on one another."""

    topic: Topic
    voices: tuple[Voice, ...]
    """Who said what, in the order of the talks."""

    @cached_property
    def sides(self) -> Sides:
        """Who stands where, by referral root."""
        return weigh((voice.root, voice.insight.valence) for voice in self.voices)

    @property
    def insights(self) -> tuple[Insight, ...]:
        """What was said, in the order of the talks."""
        return tuple(voice.insight for voice in self.voices)

    @property
    def people(self) -> int:
        """How many spoke."""
        return len({voice.person.id for voice in self.voices})

    @property
    def organizations(self) -> int:
        """How many different ones they work for, as far as that is known."""
        return len({_key(voice.person.organization) for voice in self.voices} - {""})

    @property
    def referral_roots(self) -> int:
        """How many independent sources they are: the n of the verdict."""
        return len(self.sides.sources)

    @property
    def verdict(self) -> Verdict:
        """What they come to together."""
        if self.sides.contested:
            return Verdict.CONTESTED
        return Verdict.CORROBORATED if self.sides.agreeing > 1 else Verdict.SINGLE_SOURCE

    def on(self, valence: Valence) -> tuple[Voice, ...]:
        """The voices of one side, in the order of the talks."""
        return tuple(voice for voice in self.voices if voice.insight.valence is valence)


class WarningCode(OpenName):
    """Why a comparison may mislead (practice §8)."""

    __slots__ = ()
    FEW_PEOPLE: ClassVar["WarningCode"]
    """Fewer than three were heard."""
    ONE_ORGANIZATION: ClassVar["WarningCode"]
    """Two or more were heard, and all of them work for the same."""
    NOTHING_NEGATIVE: ClassVar["WarningCode"]
    """Nobody was asked what is bad about it, and nobody has said so unasked."""


@frozen
class EvidenceWarning:
    """One reason for caution; `print(warning)` gives one readable line. Apps that translate go by the code."""

    code: WarningCode
    text: str

    def __str__(self) -> str:
        return self.text


@frozen(kw_only=True)
class Comparison:
    """An exploration's talks side by side."""

    exploration: Exploration
    talks: tuple[Interview, ...]
    """Those that took place, the earliest first; those without a time last."""
    people: tuple[Contact, ...]
    """Those heard, in the order of their talks: whoever was met, and whoever something is noted of."""
    roots: tuple[UUID, ...]
    """One per person, in their order: whoever started the chain of introductions that led to them."""
    topics: tuple[TopicEvidence, ...]
    """In the bank's order of topics; a plugin's behind."""
    matrix: EvidenceMatrix
    warnings: tuple[EvidenceWarning, ...]
    open_topics: tuple[Topic, ...]
    """Of the four every exploration should hear about, those of which neither an insight nor an answer was noted."""


FOUR_TOPICS: Final = (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
"""The least an exploration should hear about."""
LEAST: Final = 3
"""Fewer people say too little."""


def compare(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Comparison:
    """The talks of an exploration that took place, compared. The policy's bank says what an answer is about whose question was on
    no agenda.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    talks = tuple(sorted((talk for talk in campaign.interviews_in(exploration) if talk.status in MET), key=in_time))
    people = tuple(campaign.contact(id) for id in dict.fromkeys(id for talk in talks for id in heard_in(talk)))
    roots = tuple(referral_root(person, campaign) for person in people)
    matrix = lay_out(talks, people, (policy or default_policy()).bank)
    topics = _weighed(talks, people, roots)
    spoken_of = {one.topic for one in topics} | {row.topic for row in matrix.rows if not row.open}
    return Comparison(
        exploration=exploration,
        talks=talks,
        people=people,
        roots=roots,
        topics=topics,
        matrix=matrix,
        warnings=tuple(_warnings(people, topics, matrix)),
        open_topics=tuple(topic for topic in FOUR_TOPICS if topic not in spoken_of),
    )


def in_time(talk: Interview) -> tuple[object, ...]:
    """A sort key: the earliest talk first, those without a time last, always in one order."""
    return talk.meeting is None, talk.meeting and talk.meeting.start.astimezone(UTC), talk.id


def heard_in(talk: Interview) -> tuple[UUID, ...]:
    """Contact ids of whoever was met in a talk that took place, and whoever something is noted of."""
    said = talk.debrief.said if talk.debrief else ()
    return tuple(dict.fromkeys((*talk.met, *(told.said_by for told in said if told.said_by is not None))))


def _weighed(talks: Sequence[Interview], people: Sequence[Contact], roots: Sequence[UUID]) -> tuple[TopicEvidence, ...]:
    heard = {person.id: (person, root) for person, root in zip(people, roots, strict=True)}
    voices: defaultdict[Topic, list[Voice]] = defaultdict(list)
    for talk in talks:
        for insight in talk.insights:
            person, root = heard[insight.said_by or talk.met[0]]
            voices[insight.topic].append(Voice(insight=insight, person=person, root=root, interview_id=talk.id))
    return tuple(TopicEvidence(topic=topic, voices=tuple(voices[topic])) for topic in sorted(voices, key=topic_order))


def _key(organization: str) -> str:
    return " ".join(organization.casefold().split())


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────
def _warnings(people: Sequence[Contact], topics: Sequence[TopicEvidence], matrix: EvidenceMatrix) -> Iterator[EvidenceWarning]:
    if len(people) < LEAST:
        found = f"Only {len(people)} of at least three people heard so far." if people else "Nobody has been heard so far."
        yield EvidenceWarning(WarningCode.FEW_PEOPLE, found)
    organizations = {_key(person.organization) for person in people}
    # Of one person it is no news, and where somebody's is not known they may work elsewhere.
    if len(people) > 1 and len(organizations) == 1 and "" not in organizations:
        yield EvidenceWarning(
            WarningCode.ONE_ORGANIZATION, f"Everyone heard works for one organization: {people[0].organization}."
        )
    asked = any(row.question and row.question.tone is Tone.CHALLENGE for row in matrix.rows)
    if people and not asked and not any(topic.on(Valence.NEGATIVE) for topic in topics):
        yield EvidenceWarning(WarningCode.NOTHING_NEGATIVE, "Nobody was asked what is bad about it.")
