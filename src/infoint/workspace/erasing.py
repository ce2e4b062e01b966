"""Erasing a person: one commit without them, then the traces in the storage. What goes and what stays is the practice's to say."""

from collections.abc import Callable, Iterable
from typing import Final

from attrs import frozen

from infoint.errors import NotFound, StorageError
from infoint.model.contact import Contact
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.practice.forgetting import Forgetting, forget
from infoint.storage.contract import Capability, Key
from infoint.workspace.sessions import Sessions
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
    """What stays and holds a word of their name, which may mean somebody else: look at it, and `update` it."""
    remains: tuple[str, ...]
    """Where copies may be that infoint cannot reach, in words."""


def erase(sessions: Sessions, contact: Contact, tell: Callable[[UnitOfWork, Interview, Interview], None]) -> Erased:
    """See `Contacts.erase`. `tell`: notes a changed talk for the observers."""
    if sessions.shared is not None:
        raise StorageError(
            "erasing ends with a sweep of the whole place, so it cannot be a part of a transaction: call it outside"
        )
    with sessions.writing() as unit:
        forgetting = _forgetting(unit, sessions, contact)
        if forgetting is not None:
            _save(unit, forgetting, tell)
    plan = forgetting or Forgetting(stand_in=None, changed=(), removed=(contact,), may_mention=())
    return Erased(
        removed=_keys(plan.removed),
        changed=_keys(plan.changed),
        may_mention=_keys(plan.may_mention),
        remains=(*_sweep(sessions, _keys(plan.removed)), *ELSEWHERE),
    )


def _forgetting(unit: UnitOfWork, sessions: Sessions, contact: Contact) -> Forgetting | None:
    """None for one who is gone already: then only traces are left."""
    id = identified(contact).id
    if unit.find_one(Contact, id) is None and unit.was_removed(Contact, id):
        return None
    if unit.find_one(Contact, id) is None:
        raise NotFound("contact", id, remedy="it is not in this workspace, and never was")
    stored = unit.get(Contact, id, version=contact.version)
    return forget(stored, unit.facts(), stand_in_id=sessions.new_id(), at=unit.now())


def _save(unit: UnitOfWork, plan: Forgetting, tell: Callable[[UnitOfWork, Interview, Interview], None]) -> None:
    talks = {talk.id: talk for talk in unit.facts().interviews}
    if plan.stand_in is not None:
        unit.save(plan.stand_in)
    for saved in unit.save(*plan.changed):
        if isinstance(saved, Interview):
            tell(unit, talks[saved.id], saved)
    unit.remove(*plan.removed)
    unit.plan_follow_ups()


def _sweep(sessions: Sessions, keys: tuple[Key, ...]) -> tuple[str, ...]:
    storage = sessions.storage()
    if Capability.SECURE_ERASE not in storage.capabilities:
        return (
            f"{type(storage).__name__} does not say that it leaves no traces of what was: older states may be in its place",
        )
    return storage.erase(sessions.key, keys, updated_at=sessions.now()).remains


def _keys(entities: Iterable[Entity]) -> tuple[Key, ...]:
    return tuple(Key(KINDS[type(one)], one.id) for one in entities)
