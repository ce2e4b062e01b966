"""What several talks say together (practice §8). What one talk said is its debrief; who was asked what is `evidence_matrix`'s; whom
to ask next is `next_steps`'.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.question import Topic
from infoint.practice.arguments import demand
from infoint.practice.belief_ledger import BeliefEvidence, belief_ledger
from infoint.practice.evidence_matrix import EvidenceMatrix, lay_out, topic_order
from infoint.practice.evidence_warnings import EvidenceWarning, warnings_about
from infoint.practice.peaks_gap import PeaksNeed, peaks_gap
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.preview_balance import PreviewBalance, preview_balance
from infoint.practice.referrals import referral_roots
from infoint.practice.voices import Testimony, Verdict, Voice, people_heard, talks_that_took_place, verdict_of, voices_in


@frozen(kw_only=True)
class TopicEvidence(Testimony):
    """What was heard about one topic, and from how many who do not depend on one another."""

    topic: Topic

    def stands(self, voice: Voice) -> tuple[Valence, ...]:
        """For the work, against it, or neither."""
        return (voice.insight.valence,)

    @property
    def verdict(self) -> Verdict:
        """What they come to together."""
        return verdict_of(self.sides)


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
    beliefs: tuple[BeliefEvidence, ...]
    """What was believed beforehand, tested or not."""
    preview: PreviewBalance
    """Rewards against challenges."""
    peaks: tuple[PeaksNeed, ...]
    """The five letters: what the work asks for, against the explorer's strengths."""
    matrix: EvidenceMatrix
    warnings: tuple[EvidenceWarning, ...]
    open_topics: tuple[Topic, ...]
    """Of the four every exploration should hear about, those of which neither an insight nor an answer was noted."""


FOUR_TOPICS: Final = (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
"""The least an exploration should hear about."""


def compare(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Comparison:
    """The talks of an exploration that took place, compared. The policy's bank says what an answer is about whose question was on
    no agenda, and its tags who is known to be biased.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    demand("compare", "exploration", exploration, Exploration)
    demand("compare", "campaign", campaign, Campaign)
    policy = policy_or_default(policy)
    talks = talks_that_took_place(exploration, campaign)
    people = people_heard(talks, campaign)
    roots = referral_roots(people, campaign)
    voices = tuple(voices_in(talks, people, roots))
    matrix = lay_out(talks, people, policy.bank)
    topics = by_topic(voices)
    preview = preview_balance(voices, matrix)
    spoken_of = {one.topic for one in topics} | {row.topic for row in matrix.rows if not row.open}
    in_order = tuple(roots[person.id] for person in people)
    return Comparison(
        exploration=exploration,
        talks=talks,
        people=people,
        roots=in_order,
        topics=topics,
        beliefs=belief_ledger(exploration, voices),
        preview=preview,
        peaks=peaks_gap(voices, matrix, campaign.profile, roots),
        matrix=matrix,
        warnings=tuple(warnings_about(people, in_order, preview, policy)),
        open_topics=tuple(topic for topic in FOUR_TOPICS if topic not in spoken_of),
    )


def by_topic(voices: Iterable[Voice]) -> tuple[TopicEvidence, ...]:
    """What was said, topic by topic, in the bank's order."""
    told: defaultdict[Topic, list[Voice]] = defaultdict(list)
    for voice in voices:
        told[voice.insight.topic].append(voice)
    return tuple(TopicEvidence(topic=topic, voices=tuple(told[topic])) for topic in sorted(told, key=topic_order))
