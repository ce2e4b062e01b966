"""Who said what in the talks that took place, and how far several voices go together. What they are about, a topic or a belief, is
said by `evidence` and `belief_ledger`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import cached_property
from uuid import UUID

from attrs import frozen

from infoint.closed_name import ClosedName
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Insight, Valence
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.practice.sides import Sides, weigh


class Verdict(ClosedName):
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
class Testimony(ABC):
    """What was heard on one matter, and from how many who do not depend on one another."""

    voices: tuple[Voice, ...]
    """Who said what, in the order of the talks."""

    @abstractmethod
    def stands(self, voice: Voice) -> tuple[Valence, ...]:
        """Which side the voice takes in this matter; an insight may take both."""

    @cached_property
    def sides(self) -> Sides:
        """Who stands where, by referral root."""
        return weigh((voice.root, side) for voice in self.voices for side in self.stands(voice))

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
        return len({organization_key(voice.person) for voice in self.voices} - {""})

    @property
    def seniorities(self) -> int:
        """How many of the three levels they stand on, as far as that is known."""
        return len({voice.person.seniority for voice in self.voices} - {None})

    @property
    def referral_roots(self) -> int:
        """How many independent sources they are: the n of the verdict."""
        return len(self.sides.sources)

    def on(self, valence: Valence) -> tuple[Voice, ...]:
        """The voices of one side, in the order of the talks."""
        return tuple(voice for voice in self.voices if valence in self.stands(voice))


def verdict_of(sides: Sides) -> Verdict:
    """What people who stand so come to together."""
    if sides.contested:
        return Verdict.CONTESTED
    return Verdict.CORROBORATED if sides.agreeing > 1 else Verdict.SINGLE_SOURCE


# ── the talks, and who was heard in them ─────────────────────────────────────────────────────────
def talks_that_took_place(exploration: Exploration, campaign: Campaign) -> tuple[Interview, ...]:
    """Those of the exploration, the earliest first; those without a time last. Raises MissingId."""
    return tuple(sorted((talk for talk in campaign.interviews_in(exploration) if talk.status in MET), key=in_time))


def in_time(talk: Interview) -> tuple[object, ...]:
    """A sort key: the earliest talk first, those without a time last, always in one order."""
    meeting = talk.meeting
    return meeting is None, meeting and meeting.start.astimezone(UTC), talk.id


def heard_in(talk: Interview) -> tuple[UUID, ...]:
    """Contact ids of whoever was met in a talk that took place, and whoever something is noted of."""
    said = talk.debrief.said if talk.debrief else ()
    return tuple(dict.fromkeys((*talk.met, *(told.said_by for told in said if told.said_by is not None))))


def people_heard(talks: Iterable[Interview], campaign: Campaign) -> tuple[Contact, ...]:
    """Whoever was heard in talks that took place, in their order. Raises NotFound for one the campaign does not hold."""
    return tuple(campaign.contact(id) for id in dict.fromkeys(id for talk in talks for id in heard_in(talk)))


def voices_in(talks: Iterable[Interview], people: Sequence[Contact], roots: Mapping[UUID, UUID]) -> Iterator[Voice]:
    """All that was noted in talks that took place. `people`: those heard in them; `roots`: by id of each (`referral_roots`)."""
    known = {person.id: (person, roots[person.id]) for person in people}
    for talk in talks:
        first = known[talk.met[0]]
        for insight in talk.insights:
            person, root = known[insight.said_by] if insight.said_by else first
            yield Voice(insight=insight, person=person, root=root, interview_id=talk.id)


def organization_key(person: Contact) -> str:
    """Where they work, as organisations are compared: neither case nor spacing makes another. "" where it is not known."""
    return " ".join(person.organization.casefold().split())
