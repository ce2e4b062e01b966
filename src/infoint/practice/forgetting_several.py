"""Forgetting several people at one time: what of all of them is to be saved together. What forgetting one means is `forgetting`'s."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from attrs import evolve, frozen

from infoint.model.campaign import Campaign
from infoint.model.identity import E, Entity
from infoint.practice.forgetting import Forgetting, Words, forget_by


@frozen(kw_only=True)
class SeveralForgotten:
    """What is to be saved together. Plan the follow-ups after it."""

    new: tuple[Entity, ...]
    """Those without a name who take somebody's place: insert."""
    changed: tuple[Entity, ...]
    """What stays without them: update."""
    removed: tuple[Entity, ...]
    """As they were before: remove."""
    may_mention: tuple[Entity, ...]
    """As in Forgetting."""


def forget_several(people: Iterable[UUID], campaign: Campaign, *, new_id: Callable[[], UUID], at: datetime) -> SeveralForgotten:
    """One after the other, as `forget` does each; ids of nobody are passed over. `new_id` gives ids for who stands in. Raises as `forget`."""
    before = {one.id: one for one in _entities(campaign)}
    may_mention: set[UUID] = set()
    words = Words()
    for id in people:
        # As they are by now: a note on the second may have named the first.
        person = next((one for one in campaign.contacts if one.id == id), None)
        if person is not None:
            plan = forget_by(words, person, campaign, stand_in_id=new_id(), at=at)
            may_mention |= {one.id for one in plan.may_mention}
            campaign = _after(plan, campaign)
    after = {one.id: one for one in _entities(campaign)}
    return SeveralForgotten(
        new=tuple(one for id, one in after.items() if id not in before),
        changed=tuple(one for id, one in after.items() if id in before and one is not before[id]),
        removed=tuple(one for id, one in before.items() if id not in after),
        may_mention=tuple(one for id, one in after.items() if id in may_mention),
    )


def _entities(campaign: Campaign) -> Iterator[Entity]:
    yield campaign.profile
    yield from campaign.contacts
    yield from campaign.explorations
    yield from campaign.interviews
    yield from campaign.follow_ups
    yield from campaign.touches


def _after(plan: Forgetting, campaign: Campaign) -> Campaign:
    gone = {one.id for one in plan.removed}
    changed = {one.id: one for one in plan.changed}

    def left(entities: tuple[E, ...]) -> tuple[E, ...]:
        return tuple(changed.get(one.id, one) for one in entities if one.id not in gone)  # type: ignore[misc]  # of one id, of one kind

    (profile,) = left((campaign.profile,))
    contacts = left(campaign.contacts)
    return evolve(
        campaign,
        profile=profile,
        contacts=(*contacts, plan.stand_in) if plan.stand_in else contacts,
        explorations=left(campaign.explorations),
        interviews=left(campaign.interviews),
        follow_ups=left(campaign.follow_ups),
        touches=left(campaign.touches),
    )
