"""What of a campaign concerns one person: which talks are with nobody else, which referrals mean them, which follow-ups say so. What becomes
of it is `forgetting`'s and `held_about`'s.
"""

from uuid import UUID

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Insight, Referral
from infoint.model.events import Debriefed
from infoint.model.follow_up import FollowUp
from infoint.model.interview import Interview
from infoint.practice.anchors import anchor_of_name
from infoint.practice.naming import naming
from infoint.practice.referrals import name_key, people_named


class Concerned:
    """One person of a campaign."""

    def __init__(self, person: Contact, campaign: Campaign) -> None:
        """The person as the campaign has them."""
        self.id = person.id
        self.naming, self._brought = naming(person, campaign), people_named(campaign)
        self._talks = {talk.id: talk for talk in campaign.interviews}
        meant = [
            (talk, referral)
            for talk in campaign.interviews
            for entry in talk.history
            if isinstance(entry.event, Debriefed)
            for referral in entry.event.debrief.referrals
            if self.is_meant(referral, talk)
        ]
        self._referrals = {anchor_of_name(talk, referral.name) for talk, referral in meant}
        self.named_in = frozenset(talk.id for talk, _ in meant)
        """Ids of the talks in which they were referred to, by whatever name."""

    def alone(self, talk: Interview) -> bool:
        """Whether it is with nobody else."""
        return {*talk.contact_ids, *talk.met} == {self.id}

    def is_meant(self, referral: Referral, talk: Interview) -> bool:
        """Whether it names this person: by id, as whom the giver brought in, or by what only they are called."""
        if referral.contact_id is not None:
            return referral.contact_id == self.id
        brought = self._brought.get((referral.given_by or _first(talk), name_key(referral.name)))
        return (brought is not None and brought.id == self.id) or bool(self.naming.whole.fullmatch(referral.name))

    def said(self, said: Answer | Insight, talk: Interview) -> bool:
        """Whether it is theirs: where nobody is named, the first one met said it."""
        return (said.said_by or _first(talk)) == self.id

    def gave(self, referral: Referral, talk: Interview) -> bool:
        """Whether they named somebody."""
        return (referral.given_by or _first(talk)) == self.id

    def says_so(self, follow_up: FollowUp) -> bool:
        """Whether its anchor ends with words of a promise to this person alone, or of a referral to them."""
        kind = follow_up.anchor.partition(":")[0]
        talk = self._talks.get(follow_up.interview_id) if follow_up.interview_id else None
        if kind == "promise":
            return talk is not None and self.alone(talk)
        return kind == "referral" and follow_up.anchor in self._referrals


def _first(talk: Interview) -> UUID:
    return (talk.met or talk.contact_ids)[0]
