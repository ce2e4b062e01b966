"""Erasing a person: one commit without them, then the traces in the storage. What goes and what stays is the practice's to say."""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Final
from uuid import UUID

from attrs import evolve, frozen

from infoint.errors import NotFound, StorageError
from infoint.model.contact import Contact, ExternalId
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.practice.forgetting import Forgetting, forget
from infoint.practice.one_person import FORMERLY
from infoint.storage.contract import Capability, Key
from infoint.workspace.sessions import Sessions
from infoint.workspace.stand_ins import stand_in_contact
from infoint.workspace.unit_of_work import KINDS, UnitOfWork

ELSEWHERE: Final = (
    "backups and copies of the database made before",
    "calendars, documents and e-mails that were exported or sent, and the servers and people that have them",
)


@frozen
class Erased:
    """What became of a person, for whoever has to answer for it."""

    removed: tuple[Key, ...]
    """The contact, their touches, and talks that came to nothing."""
    changed: tuple[Key, ...]
    """What stays, without them."""
    may_mention: tuple[Key, ...]
    """What stays and holds a word of a name of theirs or the end of a number, which may mean somebody else: look at it, and `update` it."""
    remains: tuple[str, ...]
    """Where copies may be that infoint cannot reach, in words."""


def erase(
    sessions: Sessions,
    contact: Contact | UUID,
    tell: Callable[[UnitOfWork, Interview, Interview], None],
    in_place_of: Callable[[UnitOfWork, UUID], Contact | None],
) -> Erased:
    """See `Contacts.erase`. `tell`: notes a changed talk for the observers; `in_place_of`: who an id that was merged away is now."""
    demand_no_transaction(sessions)
    with sessions.writing() as unit:
        forgetting = _forgetting(unit, sessions, contact, in_place_of)
        if forgetting is not None:
            _save(unit, forgetting, tell)
        gone = stand_in_contact(contact) if isinstance(contact, UUID) else contact
        plan = forgetting or Forgetting(stand_in=None, changed=(), removed=(gone,), may_mention=())
        note_erased(sessions, plan.removed)
    return swept(sessions, removed=plan.removed, changed=plan.changed, may_mention=plan.may_mention)


def demand_no_transaction(sessions: Sessions) -> None:
    """Raises StorageError."""
    if sessions.shared is not None:
        raise StorageError(
            "erasing ends with a sweep of the whole place, so it cannot be a part of a transaction: call it outside"
        )


def note_erased(sessions: Sessions, removed: Iterable[Entity]) -> None:
    """In the ledger, if there is one; the last thing before the commit, so that nobody who is gone is missing there."""
    if sessions.erasures is not None:
        people = [key.id for key in _traces(removed) if key.kind == KINDS[Contact]]
        sessions.erasures.note_erased(sessions.key, people, sessions.now().astimezone(UTC).date())


def swept(
    sessions: Sessions,
    *,
    removed: Iterable[Entity],
    changed: Iterable[Entity],
    may_mention: Iterable[Entity],
    also: Iterable[Key] = (),
) -> Erased:
    """After the commit: leave no traces of what was removed, nor of what `also` names."""
    removed = tuple(removed)
    return Erased(
        removed=keys_of(removed),
        changed=keys_of(changed),
        may_mention=keys_of(may_mention),
        remains=(*_sweep(sessions, (*_traces(removed), *also)), *ELSEWHERE),
    )


def _forgetting(
    unit: UnitOfWork, sessions: Sessions, contact: Contact | UUID, in_place_of: Callable[[UnitOfWork, UUID], Contact | None]
) -> Forgetting | None:
    """None for one who is gone already: then only traces are left."""
    id = contact if isinstance(contact, UUID) else identified(contact).id
    if (found := unit.find_one(Contact, id)) is not None:
        stored = found if isinstance(contact, UUID) else unit.get(Contact, id, version=contact.version)
    elif merged_into := in_place_of(unit, id):
        stored = merged_into
    elif any(one.id == id for one in unit.facts().contacts):  # gone, and something still names them
        # Without a name there is no text to look for but the id.
        stored = evolve(contact, version=0) if isinstance(contact, Contact) else Contact(id=id, name=str(id))
    elif unit.was_removed(Contact, id):
        return None
    else:
        raise NotFound("contact", id, remedy="it is not in this workspace, and never was")
    plan = forget(stored, unit.facts(), stand_in_id=sessions.new_id(), at=unit.now())
    return evolve(plan, changed=_stored(plan.changed), may_mention=_stored(plan.may_mention))


def _stored(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Without those that stand in for what is missing: they have no version, and are in no storage."""
    return tuple(one for one in entities if one.version)


def _traces(removed: Iterable[Entity]) -> tuple[Key, ...]:
    removed = tuple(removed)
    return (*keys_of(removed), *_merged_away(removed))


def _merged_away(removed: Iterable[Entity]) -> tuple[Key, ...]:
    """Their records are tombstones, and what they held may have left traces."""
    ids = (known for one in removed if isinstance(one, Contact) for known in one.external_ids if known.system == FORMERLY)
    return tuple(Key(KINDS[Contact], id) for id in filter(None, map(_id, ids)))


def _id(known: ExternalId) -> UUID | None:
    try:
        return UUID(known.value)
    except ValueError:  # somebody else has written it
        return None


def _save(unit: UnitOfWork, plan: Forgetting, tell: Callable[[UnitOfWork, Interview, Interview], None]) -> None:
    talks = {talk.id: talk for talk in unit.facts().interviews}
    if plan.stand_in is not None:
        unit.save(plan.stand_in)
    for saved in unit.save(*plan.changed):
        if isinstance(saved, Interview):
            tell(unit, talks[saved.id], saved)
    unit.remove(*_stored(plan.removed))
    unit.plan_follow_ups()


def _sweep(sessions: Sessions, keys: tuple[Key, ...]) -> tuple[str, ...]:
    storage = sessions.storage()
    if not storage.capabilities & (Capability.SECURE_ERASE | Capability.PARTIAL_ERASE):
        return (
            f"{type(storage).__name__} does not say that it leaves no traces of what was: older states may be in its place",
        )
    return storage.erase(sessions.key, keys, updated_at=sessions.now()).remains


def keys_of(entities: Iterable[Entity]) -> tuple[Key, ...]:
    """Of their records."""
    return tuple(Key(KINDS[type(one)], one.id) for one in entities)
