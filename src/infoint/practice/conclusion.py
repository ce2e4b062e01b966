"""How an exploration ended, and what that rests on: stance before and after each talk, the decision with its evidence, and what one
keeps of a path that was ruled out (practice §8). Deciding is the explorer's; the follow-ups it causes are `follow_up_planner`'s.
"""

from bisect import bisect_right
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.exploration import Decision, Exploration, Outcome, Stance
from infoint.model.fields import instant
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.practice.arguments import demand
from infoint.practice.belief_ledger import BeliefEvidence
from infoint.practice.evidence import TopicEvidence, by_topic, compare
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.policy import Policy
from infoint.practice.referrals import referral_roots
from infoint.practice.voices import Voice, in_time, people_heard, talks_that_took_place, voices_in


# ── stance over time ─────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class StanceChange:
    """How the explorer leaned before and after one talk."""

    interview: Interview
    before: Stance | None
    """The last one taken by the time the talk began; None where there is none, or the talk has no time."""
    after: Stance | None
    """The last one taken since, and by the time the next talk began; None where none was noted."""

    @property
    def change(self) -> int | None:
        """By how much the talk has moved them, −4 … +4; None where one of the two is not known."""
        return self.after.leaning - self.before.leaning if self.before and self.after else None


def stance_over_time(exploration: Exploration, campaign: Campaign) -> tuple[StanceChange, ...]:
    """One for each talk that took place, the earliest first. Raises MissingId."""
    demand("stance_over_time", "exploration", exploration, Exploration)
    demand("stance_over_time", "campaign", campaign, Campaign)
    stances = sorted(exploration.stances, key=lambda stance: instant(stance.at))
    moments = [instant(stance.at) for stance in stances]
    talks = talks_that_took_place(exploration, campaign)
    # How many stances had been taken when each talk began; those without a time stand last and began nowhere.
    begun = [bisect_right(moments, instant(talk.meeting.start)) for talk in talks if talk.meeting]
    ended = [*begun[1:], len(stances)]
    changes = [
        StanceChange(
            interview=talk,
            before=stances[first - 1] if first else None,
            after=stances[last - 1] if last > first else None,
        )
        for talk, first, last in zip(talks, begun, ended, strict=False)
    ]
    return (*changes, *(StanceChange(interview=talk, before=None, after=None) for talk in talks[len(begun) :]))


# ── the decision ─────────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class Conclusion:
    """A decision, and what it rests on."""

    decision: Decision
    talks: tuple[Interview, ...]
    """Those of its evidence that took place, the earliest first."""
    not_held: tuple[Interview, ...]
    """Talks it names that have not taken place."""
    missing: tuple[UUID, ...]
    """Ids it names that are no talks of the campaign."""
    topics: tuple[TopicEvidence, ...]
    """What was said in `talks`, topic by topic."""
    people: tuple[Contact, ...]
    """Who was heard in `talks`."""
    roots: frozenset[UUID]
    """The independent sources among them."""
    stances: tuple[StanceChange, ...]
    """Before and after each talk of the exploration."""

    @property
    def well_founded(self) -> bool:
        """Whether every talk it names is there and took place. How much they say together is the comparison's to tell."""
        return not self.not_held and not self.missing

    def on(self, valence: Valence) -> tuple[Voice, ...]:
        """What it rests on that speaks for the work, against it, or neither."""
        return tuple(voice for topic in self.topics for voice in topic.on(valence))


def conclusion(exploration: Exploration, campaign: Campaign) -> Conclusion | None:
    """The exploration's decision with its evidence looked up; None before there is one. Talks of another exploration count, where
    the decision names them.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    demand("conclusion", "exploration", exploration, Exploration)
    demand("conclusion", "campaign", campaign, Campaign)
    decision = exploration.decision
    if decision is None:
        return None
    there = {talk.id: talk for talk in campaign.interviews}
    found = sorted((there[id] for id in decision.evidence if id in there), key=in_time)
    talks = tuple(talk for talk in found if talk.status in MET)
    people = people_heard(talks, campaign)
    roots = referral_roots(people, campaign)
    return Conclusion(
        decision=decision,
        talks=talks,
        not_held=tuple(talk for talk in found if talk.status not in MET),
        missing=tuple(id for id in decision.evidence if id not in there),
        topics=by_topic(voices_in(talks, people, roots)),
        people=people,
        roots=frozenset(roots[person.id] for person in people),
        stances=stance_over_time(exploration, campaign),
    )


# ── ruled out ────────────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class RuledOut:
    """A path one will not take: an outcome as good as any, and what stays of it."""

    conclusion: Conclusion
    against: tuple[Voice, ...]
    """Why: what speaks against it in the talks the decision rests on, topic by topic."""
    corrected: tuple[BeliefEvidence, ...]
    """What one believed beforehand, and somebody has spoken against."""
    liked: tuple[Voice, ...]
    """What spoke for it, in whichever talk: worth looking for elsewhere."""
    strengths: tuple[PeaksNeed, ...]
    """What was asked for there and the explorer brings: it goes along."""
    people: tuple[Contact, ...]
    """Whom one has come to know by it and may write to."""

    @property
    def because(self) -> str:
        """Why, in the explorer's words."""
        return self.conclusion.decision.because


def ruled_out(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> RuledOut | None:
    """Why it was ruled out, from which evidence, and what one keeps; None where it was not.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = conclusion(exploration, campaign)
    if found is None or found.decision.outcome is not Outcome.RULE_OUT:
        return None
    whole = compare(exploration, campaign, policy=policy)
    return RuledOut(
        conclusion=found,
        against=found.on(Valence.NEGATIVE),
        corrected=tuple(belief for belief in whole.beliefs if belief.rebuts),
        liked=whole.preview.rewards.heard,
        strengths=tuple(need for need in whole.peaks if need.roots and need.strengths),
        people=tuple(person for person in whole.people if not person.do_not_contact),
    )
