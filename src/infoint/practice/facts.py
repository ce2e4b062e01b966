"""A campaign under a policy, and what planning asks of it again and again, looked up once. What is owed for it is `wanted`'s."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief
from infoint.model.events import (
    Accepted,
    Corrected,
    Debriefed,
    Held,
    HistoryEntry,
    Requested,
    Rescheduled,
    Scheduled,
    UnknownEvent,
)
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus
from infoint.model.question import Question
from infoint.model.touch import Touch
from infoint.practice.follow_up_rule import FollowUpRule, Said
from infoint.practice.formerly import former_names
from infoint.practice.policy import Policy
from infoint.practice.question_bank import QuestionBank
from infoint.practice.referrals import Introduction, introductions, name_key, people_named

_CAUSES: Final = (Requested, Accepted, Scheduled, Rescheduled, Debriefed)
"""Events that a due is counted from."""


def utc(moment: datetime) -> datetime:
    """In UTC: Python compares two times of one zone by the clock face."""
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _by_id(interview: Interview) -> int:
    return interview.id.int


class Telling(NamedTuple):
    """What a talk's history says of what hangs on it."""

    interview: Interview
    scope: str
    """How the anchors of what belongs to the talk begin."""
    latest: Mapping[type, HistoryEntry]
    """By event: the last entry of its kind that counts, in the order of happening."""
    agreed: HistoryEntry | None
    """The entry that set the meeting."""
    debriefs: tuple[tuple[HistoryEntry, Debrief], ...]
    """The first first."""
    revised_at: datetime | None
    """As the talk's, in UTC."""
    sequence: int
    """The talk's own, and how often the telling may have moved a cause without moving the meeting: corrections, and an event of a
    kind (for a meeting: of a time) that had been told before."""


def telling_of(interview: Interview) -> Telling:
    """The history, read for planning."""
    told, revised_at = interview.story.told, interview.revised_at
    agreed = [entry for entry in told if isinstance(entry.event, Scheduled | Rescheduled)]
    corrections = sum(isinstance(entry.event, Corrected) for entry in interview.history)
    causes = [_told_as(entry) for entry in interview.history if isinstance(entry.event, _CAUSES)]
    return Telling(
        interview=interview,
        scope=f"interview:{interview.id}:",
        latest={type(entry.event): entry for entry in told},
        agreed=agreed[-1] if agreed else None,
        debriefs=tuple((entry, entry.event.debrief) for entry in told if isinstance(entry.event, Debriefed)),
        revised_at=utc(revised_at) if revised_at else None,
        sequence=interview.sequence + corrections + len(causes) - len(set(causes)),
    )


def states_of(interview: Interview) -> frozenset[InterviewStatus]:
    """Those the talk was ever said to be in, corrected since or not."""
    events = (entry.event for entry in interview.history)
    led = {event.leads_to for event in events if not isinstance(event, Corrected | UnknownEvent)}
    return frozenset({InterviewStatus.IDENTIFIED, *led})


def _told_as(entry: HistoryEntry) -> object:
    match entry.event:
        case Scheduled(meeting=meeting) | Rescheduled(meeting=meeting):
            return utc(meeting.start), meeting.duration
        case event:
            return type(event)


class Encounter(NamedTuple):
    """A talk in which somebody was met; times in UTC."""

    over_at: datetime
    held_at: datetime
    """When it was said to have been held."""
    exploration_id: UUID | None


class Acquaintance(NamedTuple):
    """What the talks with somebody come to."""

    met: list[Encounter]
    revised_at: datetime | None
    """When they were last told of, met or not; in UTC."""
    told: int
    """How often they were told of."""


@frozen
class Facts:
    """What planning looks at."""

    campaign: Campaign
    policy: Policy
    _tellings: dict[UUID, Telling] = field(factory=dict, init=False)
    _acquaintances: "dict[UUID, Acquaintance]" = field(factory=dict, init=False)
    _introductions: dict[UUID, tuple[Introduction, ...]] = field(factory=dict, init=False)
    _tagged: dict[tuple[FollowUpKind, int], FollowUpRule] = field(factory=dict, init=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The explorer's."""
        return self.campaign.profile.zone

    # ── rules ────────────────────────────────────────────────────────────────────────────────────
    @property
    def language(self) -> str:
        """What the explorer reads."""
        return self.campaign.profile.language

    def rule_for(self, rule: FollowUpRule, person: Contact | None) -> FollowUpRule:
        """The rule as it is for somebody: of the tag rules that fit, the first decides."""
        if person is not None and person.tags:
            for place, one in enumerate(self.policy.tag_rules):
                if one.kind == rule.kind and one.fits(person):
                    key = rule.kind, place
                    return self._tagged.get(key) or self._tagged.setdefault(key, one.applied_to(rule))
        return rule

    # ── talks ────────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def talks(self) -> Mapping[UUID, Interview]:
        """Those that are planned, in a fixed order. Where an event nobody here knows has led is not ours to say."""
        known = [interview for interview in self.campaign.interviews if not interview.unknown_event]
        return {interview.id: interview for interview in sorted(known, key=_by_id)}

    def telling(self, talk: Interview) -> Telling:
        """Made once for each talk."""
        return self._tellings.get(talk.id) or self._tellings.setdefault(talk.id, telling_of(talk))

    @cached_property
    def talks_with(self) -> Mapping[UUID, tuple[Interview, ...]]:
        """By person: the talks they were asked for, or were ever said to have been at, corrected since or not."""
        found: defaultdict[UUID, list[Interview]] = defaultdict(list)
        for interview in sorted(self.campaign.interviews, key=_by_id):
            there = [id for entry in interview.history if isinstance(entry.event, Held) for id in entry.event.met]
            for id in dict.fromkeys((*interview.contact_ids, *there)):
                found[id].append(interview)
        return {id: tuple(interviews) for id, interviews in found.items()}

    @cached_property
    def explorations(self) -> Mapping[UUID, Exploration]:
        """By id."""
        return {exploration.id: exploration for exploration in self.campaign.explorations}

    def introductions(self, talk: Interview) -> tuple[Introduction, ...]:
        """The names given in a talk. Raises NotFound for people the campaign does not hold."""
        if not talk.referrals:
            return ()
        found = self._introductions.get(talk.id)
        if found is None:
            found = self._introductions[talk.id] = tuple(introductions(talk, self.campaign, self.named))
        return found

    def exploration_of(self, talk: Interview) -> Exploration | None:
        """Raises NotFound for one the campaign does not hold."""
        return self.campaign.exploration(talk.exploration_id) if talk.exploration_id else None

    # ── people ───────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def contacts(self) -> Mapping[UUID, Contact]:
        """By id."""
        return {contact.id: contact for contact in self.campaign.contacts}

    @cached_property
    def named(self) -> Mapping[tuple[UUID, str], Contact]:
        """Whom each referrer brought in."""
        return people_named(self.campaign)

    @cached_property
    def bearers(self) -> Mapping[str, tuple[Contact, ...]]:
        """By name: who bears it, or bore it. With whom a name given in a talk is linked can change; the talks of all of them count as told."""
        found: defaultdict[str, list[Contact]] = defaultdict(list)
        for contact in self.campaign.contacts:
            for key in {name_key(name) for name in (contact.name, *former_names(contact))}:
                found[key].append(contact)
        return {key: tuple(contacts) for key, contacts in found.items()}

    @cached_property
    def messages(self) -> Mapping[UUID, tuple[datetime, ...]]:
        """By person: when a follow-up that is a message to them was done. Hosts need not log it as a touch as well."""
        sent: defaultdict[UUID, list[datetime]] = defaultdict(list)
        for one in self.campaign.follow_ups:
            if one.contact_id and one.status is FollowUpStatus.DONE and one.settled_at and self.policy.reaches_out(one.kind):
                sent[one.contact_id].append(utc(one.settled_at))
        return {id: tuple(moments) for id, moments in sent.items()}

    def acquaintance(self, person: Contact) -> "Acquaintance":
        """Made once for each person."""
        found = self._acquaintances.get(person.id)
        if found is None:
            found = self._acquaintances[person.id] = self._acquaintance(person)
        return found

    def _acquaintance(self, person: Contact) -> "Acquaintance":
        tellings = [self.telling(talk) for talk in self.talks_with.get(person.id, ())]
        met = [
            Encounter(utc(talk.meeting.end if talk.meeting else held.at), utc(held.at), talk.exploration_id)
            for telling in tellings
            for talk in (telling.interview,)
            if person.id in talk.met and (held := telling.latest.get(Held))
        ]
        told = [telling.revised_at for telling in tellings if telling.revised_at]
        return Acquaintance(met, max(told, default=None), sum(len(telling.interview.history) for telling in tellings))

    def touches_of(self, person: Contact) -> tuple[Touch, ...]:
        """The earliest first."""
        return self.campaign.touches_of(person)

    @cached_property
    def logged_along(self) -> frozenset[UUID]:
        """Ids of touches that were logged because a follow-up was done, and so are nobody else's doing."""
        done = (one for one in self.campaign.follow_ups if one.status is FollowUpStatus.DONE)
        return frozenset(derive_id(one.id, "touch") for one in done)

    def known_of(self, id: UUID) -> Iterator[datetime]:
        """When what is known of a person was last told."""
        yield from self.messages.get(id, ())
        person = self.contacts.get(id)
        if person is None:  # a follow-up may outlive the contact in what a host puts in
            yield from (told for talk in self.talks_with.get(id, ()) if (told := self.telling(talk).revised_at))
            return
        if told := self.acquaintance(person).revised_at:
            yield told
        yield from (touch.at for touch in self.touches_of(person)[-1:])
        if person.edited_at:
            yield person.edited_at

    # ── what was said ────────────────────────────────────────────────────────────────────────────
    def first_said(self, said: Said, interview: Interview, person: Contact) -> HistoryEntry | None:
        """The first debrief in which the person says such a thing, if they do in the latest too."""
        debriefs = self.telling(interview).debriefs
        if not debriefs or not self._says(debriefs[-1][1], said, interview, person):
            return None
        return next(entry for entry, debrief in debriefs if self._says(debrief, said, interview, person))

    def _says(self, debrief: Debrief, said: Said, interview: Interview, person: Contact) -> bool:
        first = (interview.met or interview.contact_ids)[0]
        if any(said.about(one.topic) and (one.said_by or first) == person.id for one in debrief.insights):
            return True
        bank = self.policy.bank
        theirs = (question_of(one, interview, bank) for one in debrief.answers if (one.said_by or first) == person.id)
        return any(question is not None and said.by(question) for question in theirs)


def question_of(answer: Answer, interview: Interview, bank: QuestionBank) -> Question | None:
    """As it was asked; else as the bank has it."""
    asked = next((item.question for item in interview.agenda if item.question.id == answer.question_id), None)
    if asked is not None:
        return asked
    try:
        return bank.question(answer.question_id)
    except NotFound:  # of a plugin that is not here
        return None
