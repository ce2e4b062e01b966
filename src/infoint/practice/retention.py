"""With whom nothing has happened for long, so that what is held about them need not be held any more. Forgetting them is `forgetting`'s."""

from collections.abc import Iterator, Mapping, Set as AbstractSet
from datetime import date, datetime
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import Entity
from infoint.model.interview import Interview
from infoint.practice.arguments import demand, demand_day

_PROMISED: Final = frozenset({FollowUpKind.KEEP_PROMISE, FollowUpKind.AWAIT_PROMISE})


@frozen
class Dormant:
    """Somebody with whom nothing has happened for long."""

    contact: Contact
    last: date
    """The day of the last thing that happened, in the explorer's zone."""


def dormant(campaign: Campaign, *, before: date, saved_at: Mapping[UUID, datetime] | None = None) -> tuple[Dormant, ...]:
    """People with whom nothing has happened on that day (in the explorer's zone) or since, and nothing is planned or owed; longest ago first.

    *Something happening* is: they were added or edited; a talk that they were asked for, were met or are named in was planned, edited, told of
    (both when it happened and when it was recorded) or had its meeting, also one that is still to come; a touch; a follow-up about them was settled,
    or made by hand. `saved_at` says by id when a record was last saved; without it only `edited_at` is known of adding and editing, and
    whoever nothing at all is known of is not dormant.

    *Owed* is, however old: a promise of either side, what is obligatory (a thank-you), what was made by hand. What else is open counts until the day
    it is due or postponed to, so that a courtesy nobody has done in years keeps nobody.

    Never dormant is who must not be contacted: without the record nobody would know, and the next import would bring them back as somebody
    to write to. Raises InvalidValue.
    """
    demand("dormant", "campaign", campaign, Campaign)
    demand_day("dormant", "before", before)
    lives = _Lives(campaign, saved_at or {})
    found = (
        Dormant(one, last)
        for one in campaign.contacts
        if (last := lives.last.get(one.id)) and last < before and not one.do_not_contact and not lives.waits(one.id, before)
    )
    return tuple(sorted(found, key=lambda one: (one.last, one.contact.id)))


class _Lives:
    """What has happened with everybody, and what waits for them."""

    def __init__(self, campaign: Campaign, saved_at: Mapping[UUID, datetime]) -> None:
        self._zone, self._saved_at = campaign.profile.zone, saved_at
        self.last: dict[UUID, date] = {}
        """By id of the person, the day of the last thing that happened."""
        self._owed: set[UUID] = set()
        self._due: dict[UUID, date] = {}
        for person in campaign.contacts:
            self._happened({person.id}, self._kept(person))
        for talk in campaign.interviews:
            self._happened({*talk.contact_ids, *talk.met, *talk.named}, self._told(talk))
        for touch in campaign.touches:
            self._happened({touch.contact_id}, iter([touch.at, *self._kept(touch)]))
        talks = {talk.id: talk for talk in campaign.interviews}
        for follow_up in campaign.follow_ups:
            self._follow(follow_up, _concerned(follow_up, talks))

    def _follow(self, follow_up: FollowUp, people: AbstractSet[UUID]) -> None:
        by_hand = not follow_up.anchor
        settled = [follow_up.settled_at] if follow_up.settled_at else []
        edited = [follow_up.edited_at] if follow_up.edited_at else []
        # When a planned one was saved says when somebody looked, and nothing of this person.
        self._happened(people, iter([*settled, *edited, *(self._kept(follow_up) if by_hand else ())]))
        if follow_up.status is not FollowUpStatus.OPEN:
            return
        if by_hand or follow_up.obligatory or follow_up.kind in _PROMISED:
            self._owed |= people
        _note(self._due, people, max(follow_up.due, follow_up.postponed_until or follow_up.due))

    def waits(self, id: UUID, day: date) -> bool:
        """Whether something is owed to the person, or due on the day or later."""
        return id in self._owed or self._due.get(id, date.min) >= day

    def _happened(self, people: AbstractSet[UUID], moments: Iterator[datetime]) -> None:
        latest = max(moments, key=fields.instant, default=None)
        if latest is not None:
            _note(self.last, people, fields.instant(latest).astimezone(self._zone).date())

    def _kept(self, entity: Entity) -> Iterator[datetime]:
        if entity.edited_at is not None:
            yield entity.edited_at
        if entity.id in self._saved_at:
            yield self._saved_at[entity.id]

    def _told(self, talk: Interview) -> Iterator[datetime]:
        yield from self._kept(talk)
        for entry in talk.history:
            yield entry.at
            yield entry.told_at
        if talk.story.announced is not None:
            yield talk.story.announced.end


def _note(days: dict[UUID, date], people: AbstractSet[UUID], day: date) -> None:
    for id in people:
        days[id] = max(days.get(id, day), day)


def _concerned(follow_up: FollowUp, talks: Mapping[UUID, Interview]) -> AbstractSet[UUID]:
    if follow_up.contact_id is not None:
        return {follow_up.contact_id}
    talk = talks.get(follow_up.interview_id) if follow_up.interview_id else None
    return {*talk.contact_ids, *talk.met} if talk else set()
