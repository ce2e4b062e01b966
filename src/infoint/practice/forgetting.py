"""Forgetting a person who asks for it: what goes, what stays without them, and where to look by hand. What a storage still holds of it is
not looked at here.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from attrs import evolve, frozen

from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Party
from infoint.model.events import Cancelled, Corrected, Debriefed, Declined, Dropped, HistoryEntry, Rescheduled, Scheduled
from infoint.model.follow_up import FollowUp, FollowUpStatus
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.model.interview_status import MET, UPCOMING
from infoint.practice.arguments import demand, demand_moment
from infoint.practice.concerned import Concerned
from infoint.practice.lifecycle import advance
from infoint.practice.naming import ERASED
from infoint.practice.rewriting import leaves_of, rewritten


@frozen(kw_only=True)
class Forgetting:
    """What is to be saved together. Plan the follow-ups after it."""

    stand_in: Contact | None
    """Somebody without a name, whom talks that stay speak of: insert. None where nothing does."""
    changed: tuple[Entity, ...]
    """What stays without them: update."""
    removed: tuple[Entity, ...]
    """The contact, their touches, and talks that came to nothing: remove."""
    may_mention: tuple[Entity, ...]
    """What stays and holds a word of a name or the end of a number, which may mean them or somebody else: for a person to look at."""


def forget(person: Contact, campaign: Campaign, *, stand_in_id: UUID, at: datetime) -> Forgetting:
    """What the explorer no longer keeps of this person, and what they learned from them.

    *Goes*: the contact, every touch, and talks with nobody else that were neither held, nor announced in a calendar, nor are evidence of a
    decision.

    *Stays without them*: a talk that was held keeps its dates, agenda and insights, since these are the explorer's; somebody without a name
    (`stand_in_id`), of the same role and seniority, takes the person's place, also where they introduced others. What they answered goes,
    and of talks with nobody else also notes, promises, surprises, reasons and the place. A meeting to come is cancelled, or goes on with
    the others. Follow-ups lose their words, and what was open is obsolete: so calendars are told, by the same uid and a higher SEQUENCE.

    Referrals to them go from every debrief. In all other texts, in unknown keys and custom fields too, their full name, addresses, numbers
    and links, however they are written, and those that `remember_former` has kept, of who was merged into them too, give way to "[erased]",
    unless another contact bears them as well, or what stands there could not be what it is without (a link, the name of a custom field).
    A former name of one word is only pointed at. Raises InvalidValue, NaiveTime.
    """
    return forget_by(Words(), person, campaign, stand_in_id=stand_in_id, at=at)


class Words:
    """All that entities say, one after the other, so that most need not be gone through for each person."""

    def __init__(self) -> None:
        """Nothing has been looked at yet."""
        self._known: dict[int, tuple[Entity, str]] = {}

    def of(self, entity: Entity) -> str:
        """Texts and ids, a line each: what is in one of them is in this."""
        known = self._known.get(id(entity))
        if known is None:
            leaves = (str(leaf) for leaf in leaves_of(entity) if type(leaf) is str or isinstance(leaf, UUID))
            # With the entity itself, or another may get its number.
            known = self._known[id(entity)] = (entity, "\n".join(leaves))
        return known[1]


def forget_by(words: Words, person: Contact, campaign: Campaign, *, stand_in_id: UUID, at: datetime) -> Forgetting:
    """As `forget`; `words` remembers what was looked at for somebody else."""
    demand("forget", "person", person, Contact)
    demand("forget", "campaign", campaign, Campaign)
    return _Forgotten(words, identified(person), campaign, stand_in_id, demand_moment("forget", "at", at)).plan()


class _Forgotten:
    def __init__(self, said: Words, person: Contact, campaign: Campaign, stand_in_id: UUID, at: datetime) -> None:
        self._said = said
        self._person, self._campaign, self._stand_in_id, self._at = person, campaign, stand_in_id, at
        self._concerned = Concerned(person, campaign)
        evidence = {id for one in campaign.explorations if one.decision for id in one.decision.evidence}
        self._gone = {
            talk.id: talk
            for talk in campaign.interviews
            if self._concerned.alone(talk) and talk.id not in evidence and not talk.story.announced and not talk.story.held
        }

    def plan(self) -> Forgetting:
        touches = (one for one in self._campaign.touches if one.contact_id == self._person.id)
        pairs = [(before, self._without_person(before)) for before in self._rest()]
        changed = tuple(after for before, after in pairs if after != before)
        return Forgetting(
            stand_in=self._stand_in() if any(self._stand_in_id in set(leaves_of(one)) for one in changed) else None,
            changed=changed,
            removed=(self._person, *touches, *self._gone.values()),
            may_mention=tuple(after for _, after in pairs if self._may_mention(after)),
        )

    def _rest(self) -> Iterator[Entity]:
        campaign, id = self._campaign, self._person.id
        yield campaign.profile
        yield from (one for one in campaign.contacts if one.id != id)
        yield from campaign.explorations
        yield from (one for one in campaign.interviews if one.id not in self._gone)
        yield from campaign.follow_ups
        yield from (one for one in campaign.touches if one.contact_id != id)

    def _stand_in(self) -> Contact:
        # Role and seniority say how much what they said weighs (practice §8), and hardly who they were.
        person = self._person
        return Contact(id=self._stand_in_id, name=ERASED, role=person.role, seniority=person.seniority, do_not_contact=True)

    def _may_mention(self, value: Entity) -> bool:
        if not self._concerned.naming.may_mean(self._said.of(value)):
            return False
        return any(type(leaf) is str and self._concerned.naming.may_mean(leaf) for leaf in leaves_of(value))

    def _speaks_of_person(self, value: Entity) -> bool:
        said = self._said.of(value)
        return (
            value.id in self._concerned.named_in
            or str(self._person.id) in said
            or bool(self._concerned.naming.whole.search(said))
        )

    def _words(self, text: str) -> str:
        # Anchors of follow-ups, and fields of apps, hold ids as text.
        return self._concerned.naming.without(text.replace(str(self._person.id), str(self._stand_in_id)))

    def _without_person(self, value: Entity) -> Entity:
        emptied = self._follow_up(value) if isinstance(value, FollowUp) else value
        if emptied is value and not self._speaks_of_person(value):
            return value
        if isinstance(value, Interview):
            emptied = self._talk(value)
        after = rewritten(emptied, ids={self._person.id: self._stand_in_id}, words=self._words, keys=True)
        return value if after == value else evolve(after, edited_at=self._at)

    # ── talks ────────────────────────────────────────────────────────────────────────────────────
    def _talk(self, talk: Interview) -> Interview:
        alone = self._concerned.alone(talk)
        history = tuple(self._entry(entry, talk, alone=alone) for entry in talk.history)
        left = evolve(talk, history=history, notes="" if alone else talk.notes)
        if alone and left.status in UPCOMING and not left.unknown_event:
            at = max([self._at, *(entry.at for entry in left.history)], key=fields.instant)
            return advance(left, Cancelled(Party.ME), at=at, recorded_at=self._at)
        if not alone and left.status not in MET:
            others = tuple(id for id in left.contact_ids if id != self._person.id)
            return evolve(left, contact_ids=others) if others else left
        return left

    def _entry(self, entry: HistoryEntry, talk: Interview, *, alone: bool) -> HistoryEntry:
        match entry.event:
            case Debriefed(debrief):
                return evolve(entry, event=evolve(entry.event, debrief=self._debrief(debrief, talk, alone=alone)))
            case Scheduled(meeting) | Rescheduled(meeting) if alone and meeting.place:
                return evolve(entry, event=evolve(entry.event, meeting=evolve(meeting, place="")))
            case Declined() | Cancelled() | Dropped() | Corrected() as told if alone and told.reason:
                return evolve(entry, event=evolve(told, reason=""))
            case _:
                return entry

    def _debrief(self, debrief: Debrief, talk: Interview, *, alone: bool) -> Debrief:
        return evolve(
            debrief,
            answers=tuple(one for one in debrief.answers if not alone and not self._concerned.said(one, talk)),
            referrals=tuple(one for one in debrief.referrals if not self._concerned.is_meant(one, talk)),
            promises=() if alone else debrief.promises,
            surprises="" if alone else debrief.surprises,
        )

    # ── follow-ups ───────────────────────────────────────────────────────────────────────────────
    def _follow_up(self, follow_up: FollowUp) -> FollowUp:
        of_gone, says = follow_up.interview_id in self._gone, self._concerned.says_so(follow_up)
        if not (of_gone or says or follow_up.contact_id == self._person.id):
            return follow_up
        of_kept = follow_up.interview_id is not None and not of_gone
        is_open = follow_up.status is FollowUpStatus.OPEN
        return evolve(
            follow_up,
            contact_id=follow_up.contact_id if of_kept else None,
            interview_id=follow_up.interview_id if of_kept else None,
            anchor=_without_words(follow_up.anchor) if says else follow_up.anchor,
            summary="",
            draft="",
            reason=ERASED if follow_up.reason else "",
            custom={},
            extra={},
            status=FollowUpStatus.OBSOLETE if is_open else follow_up.status,
            revision=follow_up.revision + 1,
            revised_at=self._at,
        )


def _first(talk: Interview) -> UUID:
    """Whose words they are where nobody is named."""
    return (talk.met or talk.contact_ids)[0]


def _without_words(anchor: str) -> str:
    kind, id, _ = anchor.split(":", 2)
    return f"{kind}:{id}:{ERASED}"
