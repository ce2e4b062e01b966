"""Erasing those with whom nothing has happened for long. Who that is, the practice says; what goes and what stays as well."""

from datetime import date
from uuid import UUID

from attrs import frozen

from infoint.errors import InvalidValue
from infoint.practice.arguments import demand, demand_day
from infoint.practice.retention import Dormant, dormant
from infoint.storage.contract import Key
from infoint.workspace.erasing import Erased, demand_no_transaction, keys_of
from infoint.workspace.erasing_several import erase_several, planned
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import KINDS, UnitOfWork


@frozen(kw_only=True)
class PurgedPerson:
    """Somebody who is no longer held, or would not be."""

    id: UUID
    last: date
    """The day of the last thing that happened, in the explorer's zone."""
    name: str = ""
    """Of a dry run only: a report of what was done must not be the place where they are still named."""


@frozen(kw_only=True)
class Purged(Erased):
    """What became of all of them together, or with `dry_run` would."""

    dry_run: bool
    people: tuple[PurgedPerson, ...]
    """Longest ago first."""


def purge(sessions: Sessions, before: date, *, dry_run: bool) -> Purged:
    """See `Contacts.purge`."""
    demand_day("Contacts.purge", "before", before)
    demand("Contacts.purge", "dry_run", dry_run, bool)  # an app's setting that is not there would erase
    if not dry_run:
        demand_no_transaction(sessions)
    with sessions.reading() as unit:
        found = _dormant(unit, before)
        plan = planned(unit, sessions, [one.contact.id for one in found]) if dry_run else None
    if plan is not None or not found:
        return Purged(
            removed=keys_of(plan.removed) if plan else (),
            changed=keys_of(plan.changed) if plan else (),
            may_mention=keys_of(plan.may_mention) if plan else (),
            remains=(),
            dry_run=dry_run,
            people=tuple(PurgedPerson(id=one.contact.id, last=one.last, name=one.contact.name) for one in found),
        )
    chosen: list[Dormant] = []

    def choose(unit: UnitOfWork) -> list[UUID]:
        chosen[:] = _dormant(unit, before)  # somebody may have written to one of them meanwhile
        return [one.contact.id for one in chosen]

    erased = erase_several(sessions, choose)
    return Purged(
        removed=erased.removed,
        changed=erased.changed,
        may_mention=erased.may_mention,
        remains=erased.remains,
        dry_run=False,
        people=tuple(PurgedPerson(id=one.contact.id, last=one.last) for one in chosen),
    )


def _dormant(unit: UnitOfWork, before: date) -> tuple[Dormant, ...]:
    campaign = unit.facts()
    today = unit.now().astimezone(campaign.profile.zone).date()
    if before > today:
        raise InvalidValue("Contacts.purge", "before", f"is still to come; today is {today}", value=before)
    entities = (*campaign.contacts, *campaign.interviews, *campaign.touches, *campaign.follow_ups)
    records = unit.records([Key(KINDS[type(one)], one.id) for one in entities])
    return dormant(campaign, before=before, saved_at={record.id: record.updated_at for record in records})
