"""What all collections do: get, go through, change and remove values. What adding one takes is each collection's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, get_type_hints
from uuid import UUID

from attrs import evolve

from infoint.errors import AlreadyExists, Conflict, InvalidValue, NotFound, SeveralMatch
from infoint.model import fields
from infoint.model.identity import NIL, Entity, derive_id, identified
from infoint.model.interview import Interview
from infoint.storage.contract import Condition, IndexField, Page
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import KINDS, UnitOfWork

E = TypeVar("E", bound=Entity)


class Collection(Generic[E]):
    """Values in, values out. `update` and `remove` refuse a value older than the stored one (Conflict)."""

    _kind: ClassVar[type[Entity]]
    _order: ClassVar[IndexField | None] = None

    def __init__(self, sessions: Sessions) -> None:
        """Made by the workspace."""
        self._sessions = sessions

    @property
    def _type(self) -> type[E]:
        return self._kind  # type: ignore[return-value]  # a ClassVar cannot depend on E; each subclass sets both to the same

    def get(self, id: UUID, *, version: int | None = None) -> E:
        """Raises NotFound, and Conflict where `version` (a browser's If-Match) is no longer the stored one."""
        with self._sessions.reading() as unit:
            return unit.get(self._type, id, version=version)

    def __iter__(self) -> Iterator[E]:
        return self._all(())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def update(self, value: E) -> E:
        """The value as stored: next version, `edited_at` now; unchanged content is not saved again. Raises Conflict, NotFound."""
        with self._sessions.writing() as unit:
            stored = unit.get(self._type, identified(value).id)
            if stored == value:
                return stored
            _demand_current(stored, value)
            # What a talk asked for, and what follow-ups say of people and explorations, can be told from before only.
            before = stored if isinstance(stored, Interview) else unit.campaign_if_any()
            saved = self._save_edited(unit, stored, evolve(value, edited_at=unit.now()))
            unit.plan_follow_ups(before=before)
            return saved

    def _save_edited(self, unit: UnitOfWork, stored: E, value: E) -> E:
        """Save an edited value; a collection with a say in what may be edited has it here."""
        del stored
        return unit.save(value)[0]

    def remove(self, value: E) -> None:
        """A tombstone: the id is never used for anything else. Raises InUse, Conflict, NotFound."""
        with self._sessions.writing() as unit:
            stored = unit.get(self._type, identified(value).id)
            _demand_current(stored, value)
            unit.remove(stored, *self._removed_along(unit, stored))
            unit.plan_follow_ups()

    def _removed_along(self, unit: UnitOfWork, value: E) -> Sequence[Entity]:
        """What goes with it. Raises InUse where something would be left pointing at nothing."""
        del unit, value
        return ()

    def _all(self, where: Sequence[Condition]) -> Iterator[E]:
        # Each page is read in a session of its own, so that a caller may write while going through them.
        cursor = ""
        while True:
            page = self._page(where, limit=500, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if not cursor:
                return

    def _page(self, where: Sequence[Condition], *, limit: int, cursor: str) -> Page[E]:
        with self._sessions.reading() as unit:
            return unit.page(self._type, where, sort=self._order, limit=limit, cursor=cursor)

    def _one(self, where: Sequence[Condition], names: Mapping[str, object]) -> E:
        """The only one; `names`: what was asked by."""
        found = self._page(where, limit=2, cursor="").items
        kind = KINDS[self._kind]
        if not found:
            raise NotFound(kind, f"with this {' and '.join(names) or 'kind'}", remedy="add it first, or look with find()")
        if len(found) > 1:
            raise SeveralMatch(kind, tuple(names))
        return found[0]

    def _add(self, value: E, external_id: str, complete: Callable[[UnitOfWork, E], E], *, plans: bool) -> E:
        """Save something new. With an external id known already: what is stored, unchanged. `complete` makes the value whole
        before it is saved; `plans`: follow-ups may hang on it.
        """
        if not isinstance(value, self._kind):
            raise InvalidValue(
                type(self).__name__, "add", f"takes {self._kind.__name__}, got {type(value).__name__}", value=value
            )
        with self._sessions.writing() as unit:
            if external_id:
                value = evolve(value, id=self._derived(external_id))
                stored = unit.find_one(self._type, value.id) or self._in_place_of(unit, value.id)
                if stored is not None:
                    return stored
            elif value.id == NIL:
                value = evolve(value, id=self._sessions.new_id())
            else:
                stored = unit.find_one(self._type, value.id)
                if stored is not None:
                    raise AlreadyExists(KINDS[self._kind], value.id, expected=0, actual=stored.version)
            saved = unit.save(unit.revive(complete(unit, evolve(value, version=0))))[0]
            if plans:
                unit.plan_follow_ups()
            self._added(unit, saved)
            return saved

    def _derived(self, external_id: str) -> UUID:
        try:
            return derive_id(self._sessions.key, KINDS[self._kind], external_id)
        except InvalidValue as error:
            raise InvalidValue(self._kind.__name__, "external_id", error.problem, value=external_id) from None

    def _in_place_of(self, unit: UnitOfWork, id: UUID) -> E | None:
        """What stands for the one of an id that is here no longer, if something does."""
        del unit, id
        return None

    def _added(self, unit: UnitOfWork, value: E) -> None:
        """After something new was saved."""

    def _moment(self, unit: UnitOfWork, at: datetime | None, name: str = "at") -> datetime:
        """`at` as a zoned time: now where it is left out; naive times are in the explorer's zone."""
        if at is None:
            return unit.now()
        if not isinstance(at, datetime):
            raise InvalidValue(type(self).__name__, name, f"needs a datetime, got {type(at).__name__}", value=at)
        return at.replace(tzinfo=unit.profile().zone) if at.tzinfo is None else at


def demand_conditions(collection: str, where: Mapping[str, Any], known: type) -> None:
    """Raises InvalidValue for a condition nobody knows, or a value it cannot be compared with: a slip must not find everything."""
    kinds = get_type_hints(known)
    for name, value in where.items():
        if name not in kinds:
            raise InvalidValue(collection, name, f"is no condition; there are {', '.join(kinds)}")
        if not isinstance(value, kinds[name]):
            raise InvalidValue(
                collection, name, f"needs {fields.type_name(kinds[name])}, got {type(value).__name__}", value=value
            )


def _demand_current(stored: Entity, value: Entity) -> None:
    if stored.version != value.version:
        raise Conflict(KINDS[type(stored)], stored.id, expected=value.version, actual=stored.version)
