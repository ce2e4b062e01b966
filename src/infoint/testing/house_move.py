"""Whether a workspace can move into a storage and out again with nothing lost. What each method means is `StorageContract`'s affair."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from attrs import evolve

from infoint import codec
from infoint.model.identity import Entity, derive_id
from infoint.plain import JSON
from infoint.storage.contract import Capability, IndexField, Progress, Session, Storage, Write
from infoint.storage.house_move import Copied, copy_workspaces
from infoint.storage.ledger import Ledger
from infoint.storage.memory import MemoryStorage
from infoint.testing.samples import MONDAY, sample_campaign

WORKSPACES: Final = ("default", "ana@oak.example", "../x 'y' %")
_ODD: Final = "É é \u202e 李 𝄞 \u2028 line\r\nend\ttab 'quote' \"two\" % _ \\ ; -- <b>"


class Interrupted(Exception):
    """What a test ends a copy with."""


def furnished_storage() -> MemoryStorage:
    """Three workspaces with what a house may hold: campaigns, keys nobody knows, records of a newer minor version and of kinds that do not
    exist yet, tombstones, things brought back, many versions, odd letters, whole and broken numbers.
    """
    storage = MemoryStorage()
    storage.open()
    for number, key in enumerate(WORKSPACES):
        campaign = sample_campaign(talks=2 + number)
        entities: list[Entity] = [
            evolve(campaign.profile, id=derive_id("profile")),
            *campaign.contacts,
            *campaign.explorations,
            *campaign.interviews,
            *campaign.follow_ups,
        ]
        for entity in entities:
            _put(storage, key, _write(entity))
        _furnish(storage, key)
    return storage


def _furnish(storage: Storage, key: str) -> None:
    contact = sample_campaign(talks=1).contacts[0]
    newer = _write(contact, expect=1)
    unknown: dict[str, JSON] = {"unheard-of": {"b": [1, 2.5, None, True], "a": _ODD, "whole": 3.0, "": {}}, "zeta": [[], {}]}
    _put(storage, key, evolve(newer, data={**newer.data, **unknown}, schema=(codec.SCHEMA[0], codec.SCHEMA[1] + 7), text=_ODD))
    strange = evolve(newer, kind="kind-of-tomorrow", id=derive_id("strange"), expect=0, schema=(99, 1), data=unknown)
    values = ("z", "a", _ODD, 7, -(2**53), "7")
    _put(storage, key, evolve(strange, index={IndexField.TAG: values, IndexField.NAME: ()}, text="words, to be found"))
    for version in range(6):
        note = evolve(strange, id=derive_id("edited"), expect=version, data={"version": version}, index={}, text="")
        _put(storage, key, note)
    gone = [evolve(note, id=derive_id("gone", number), expect=0) for number in range(3)]
    _put(storage, key, *gone)
    _put(storage, key, *(evolve(one, expect=1, data={}, index={}, text="", deleted=True) for one in gone))
    _put(storage, key, evolve(gone[1], expect=2, data={"back": "again"}))
    with storage.session(
        key, write=True
    ) as session:  # history that nothing points at any more: a kind that ends with its workspace
        session.put_many([evolve(gone[2], kind="follow-up", expect=0)])
        session.commit()


def _write(entity: Entity, *, expect: int = 0) -> Write:
    return Write(
        kind=_KINDS[type(entity).__name__],
        id=entity.id,
        expect=expect,
        updated_at=MONDAY + timedelta(microseconds=1),
        schema=codec.SCHEMA,
        data=codec.dump(entity),
        index={IndexField(name): values for name, values in codec.index(entity).items()},
        text=codec.text(entity),
    )


_KINDS: Final = {
    "Profile": "profile",
    "Contact": "contact",
    "Exploration": "exploration",
    "Interview": "interview",
    "FollowUp": "follow-up",
}


def _put(storage: Storage, key: str, *writes: Write) -> None:
    with storage.session(key, write=True) as session:
        session.put_many(writes)
        session.commit()


def contents(storage: Storage) -> dict[str, Ledger]:
    """What each workspace of it holds."""
    return {key: _ledger(storage, key) for key in storage.workspaces()}


def _ledger(storage: Storage, key: str) -> Ledger:
    ledger, cursor, more = Ledger(), "", True
    with storage.session(key) as session:
        while more:
            page = session.changes(cursor, limit=7)
            for record in page.items:
                ledger.note(record)
            cursor, more = page.cursor, page.more
    return ledger


class Failing(Storage):
    """Another storage whose work is ended at a moment of one's choice, as by a kill: after so many records were read of it, or before
    the next commit.
    """

    def __init__(self, inner: Storage, *, reads: int) -> None:
        """`reads`: how many records it gives out before it ends the work."""
        self._inner, self.left = inner, reads

    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        """See Storage."""
        with self._inner.session(workspace, write=write) as session:
            changes = session.changes

            def some(since: str, *, limit: int = 500) -> object:
                if self.left <= 0:
                    raise Interrupted
                page = changes(since, limit=min(limit, self.left, 5))
                self.left -= len(page.items)
                return page

            session.changes = some  # type: ignore[method-assign, assignment]
            yield session

    def workspaces(self) -> list[str]:
        """See Storage."""
        return list(self._inner.workspaces())

    def drop_workspace(self, workspace: str) -> None:
        """See Storage."""
        self._inner.drop_workspace(workspace)


def demand_house_move(make_storage: Callable[[], Storage], *, interruptions: int = 5, seed: int = 7) -> None:
    """Move three furnished workspaces from memory into new storages and back: whole, and cut short at so many points and gone on with.
    `make_storage` gives an empty storage, opened; it is closed here. Raises AssertionError, which says what was lost.
    """
    source = furnished_storage()
    before = contents(source)
    whole = make_storage()
    try:
        told: list[tuple[str, Progress]] = []
        copied = copy_workspaces(source, whole, progress=lambda key, progress: told.append((key, progress)))
        _demand_all(before, whole, copied, counts=Capability.BULK_LOAD in whole.capabilities)
        assert {key for key, _ in told} == set(before), "nobody was told how far it had come"
        back = MemoryStorage()
        back.open()
        keeps = Capability.BULK_LOAD in whole.capabilities
        _demand_all(before, back, copy_workspaces(whole, back), counts=keeps)
        again = copy_workspaces(source, whole)
        assert [one.written for one in again] == [0] * len(before), "what was there already was written again"
    finally:
        whole.close()
    chance = random.Random(seed)  # noqa: S311  # points to interrupt at, no secrets
    records = sum(map(len, before.values()))
    for _ in range(interruptions):
        _demand_going_on(source, before, make_storage(), chance, records)


def _demand_going_on(source: Storage, before: dict[str, Ledger], target: Storage, chance: random.Random, records: int) -> None:
    try:
        points = sorted(chance.randrange(1, records) for _ in range(3))
        for point in points:
            try:
                copy_workspaces(Failing(source, reads=point), target)
            except Interrupted:
                continue
        _demand_all(before, target, copy_workspaces(source, target), counts=Capability.BULK_LOAD in target.capabilities)
    except BaseException as error:
        error.add_note(f"interrupted after {points} records of {records}")
        raise
    finally:
        target.close()


def _demand_all(before: dict[str, Ledger], place: Storage, copied: tuple[Copied, ...], *, counts: bool) -> None:
    after = contents(place)
    for key, ledger in before.items():
        wrong = ledger.differing(after.get(key, Ledger()), counts=counts)
        assert not wrong, f"of workspace {key!r}, {len(wrong)} records are not what they were, as {wrong[0].kind} {wrong[0].id}"
    assert {one.workspace: (one.records, one.digest) for one in copied} == {
        key: (len(ledger), ledger.digest()) for key, ledger in before.items()
    }, "what was said of the copy is not so"
    assert {one.counts_kept for one in copied} == {Capability.BULK_LOAD in place.capabilities}
