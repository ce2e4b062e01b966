"""The career questions of a workspace, and how they are decided."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import evolve

from infoint.errors import InUse
from infoint.model.exploration import Decision, Exploration, Goal, Stance
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.storage.contract import Condition, IndexField, Op, Page
from infoint.workspace.collection import Collection
from infoint.workspace.unit_of_work import UnitOfWork


class Explorations(Collection[Exploration]):
    """`ws.explorations`."""

    _kind = Exploration
    _order = IndexField.NAME

    def add(self, exploration: Exploration, *, external_id: str = "") -> Exploration:
        """The exploration as stored, with its id. `external_id`: see `Contacts.add`. Raises AlreadyExists."""
        return self._add(exploration, external_id, lambda _, value: value, plans=False)

    def find(self, *, goal: Goal | None = None, decided: bool | None = None) -> Iterator[Exploration]:
        """In the order of subjects; `decided`: only those with a decision, or without."""
        where = [Condition(IndexField.KIND, Op.EQ, str(goal))] if goal is not None else []
        return (one for one in self._all(where) if decided is None or decided == (one.decision is not None))

    def page(self, *, limit: int = 50, cursor: str = "") -> Page[Exploration]:
        """A page of at most `limit` in the order of subjects. Raises InvalidCursor."""
        return self._page((), limit=limit, cursor=cursor)

    def decide(self, exploration: Exploration, decision: Decision) -> Exploration:
        """Record how it ended. Raises NotFound for evidence that is no interview of this workspace."""
        with self._sessions.reading() as unit:
            for id in decision.evidence:
                unit.get(Interview, id)
        return self.update(evolve(exploration, decision=decision))

    def lean(self, exploration: Exploration, leaning: int, *, note: str = "", at: datetime | None = None) -> Exploration:
        """Record how the explorer leans, −2 (against) … +2 (for), at a time (default now)."""
        with self._sessions.reading() as unit:
            stance = Stance(self._moment(unit, at), leaning, note)
        stances = exploration.stances
        return self.update(exploration if stance in stances else evolve(exploration, stances=(*stances, stance)))

    def _removed_along(self, unit: UnitOfWork, value: Exploration) -> Sequence[Entity]:
        talks = unit.campaign().interviews_in(identified(value))
        if talks:
            raise InUse("exploration", value.id, [f"interview {talk.id}" for talk in talks])
        return ()
