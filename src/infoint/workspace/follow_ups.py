"""What is owed in a workspace: found, settled, put off."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.practice.settlement import touch_of
from infoint.practice.settling import complete, postpone, waive
from infoint.storage.contract import Condition, IndexField, Op, Page
from infoint.workspace.collection import Collection, demand_conditions
from infoint.workspace.unit_of_work import UnitOfWork


class FollowUpWhere(TypedDict, total=False):
    """All hold."""

    kind: FollowUpKind
    status: FollowUpStatus
    interview: Interview
    contact: Contact
    due_before: date
    """Earlier than this day."""
    due_after: date
    """On this day or later."""


def _conditions(where: FollowUpWhere) -> list[Condition]:
    demand_conditions("FollowUps", where, FollowUpWhere)
    conditions = []
    if "kind" in where:
        conditions.append(Condition(IndexField.KIND, Op.EQ, str(where["kind"])))
    if "status" in where:
        conditions.append(Condition(IndexField.STATUS, Op.EQ, str(where["status"])))
    if "interview" in where:
        conditions.append(Condition(IndexField.INTERVIEW, Op.EQ, str(identified(where["interview"]).id)))
    if "contact" in where:
        conditions.append(Condition(IndexField.CONTACT, Op.EQ, str(identified(where["contact"]).id)))
    if "due_before" in where:
        conditions.append(Condition(IndexField.DUE, Op.LT, where["due_before"].isoformat()))
    if "due_after" in where:
        conditions.append(Condition(IndexField.DUE, Op.GE, where["due_after"].isoformat()))
    return conditions


class FollowUps(Collection[FollowUp]):
    """`ws.follow_ups`. Most are planned; a settled one stays to be seen."""

    _kind = FollowUp
    _order = IndexField.DUE

    def add(self, follow_up: FollowUp, *, external_id: str = "") -> FollowUp:
        """One that no rule makes: an article to share, advice to ask. `external_id`: see `Contacts.add`.

        Raises AlreadyExists, and NotFound for a contact or interview that is not here.
        """

        def stamped(unit: UnitOfWork, value: FollowUp) -> FollowUp:
            if value.contact_id is not None:
                unit.get(Contact, value.contact_id)
            if value.interview_id is not None:
                unit.get(Interview, value.interview_id)
            return evolve(value, revised_at=value.revised_at or unit.now())

        return self._add(follow_up, external_id, stamped, plans=False)

    def find(self, **where: Unpack[FollowUpWhere]) -> Iterator[FollowUp]:
        """In the order of their days."""
        return self._all(_conditions(where))

    def one(self, **where: Unpack[FollowUpWhere]) -> FollowUp:
        """The only one, as the thank-you of a talk with one person. Raises NotFound, SeveralMatch."""
        return self._one(_conditions(where), where)

    def page(self, *, limit: int = 50, cursor: str = "", **where: Unpack[FollowUpWhere]) -> Page[FollowUp]:
        """A page of at most `limit` in the order of their days. Raises InvalidCursor."""
        return self._page(_conditions(where), limit=limit, cursor=cursor)

    def complete(self, follow_up: FollowUp, *, at: datetime | None = None) -> FollowUp:
        """Done, at a time (default now). Where it was a message to the person, the touch is logged in the same commit."""
        return self._change(follow_up, lambda value, moment: complete(value, at=moment), at)

    def waive(self, follow_up: FollowUp, reason: str, *, at: datetime | None = None) -> FollowUp:
        """Let be on purpose, and why; at a time (default now)."""
        return self._change(follow_up, lambda value, moment: waive(value, reason=reason, at=moment), at)

    def postpone(self, follow_up: FollowUp, until: date, *, at: datetime | None = None) -> FollowUp:
        """Due on another day instead; planning keeps to it."""
        return self._change(follow_up, lambda value, moment: postpone(value, until, at=moment), at)

    def _change(
        self,
        follow_up: FollowUp,
        change: Callable[[FollowUp, datetime], FollowUp],
        at: datetime | None,
    ) -> FollowUp:
        with self._sessions.writing() as unit:
            stored = unit.get(FollowUp, identified(follow_up).id)
            moment = self._moment(unit, at)
            if change(stored, moment) is stored:  # told twice: the second click comes with the first one's version
                return stored
            unit.get(FollowUp, follow_up.id, version=follow_up.version)
            saved = unit.save(change(follow_up, moment))[0]
            if touch := touch_of(saved, self._sessions.policy()):
                unit.save(unit.revive(touch))
            unit.plan_follow_ups()
            return saved

    def _save_edited(self, unit: UnitOfWork, stored: FollowUp, value: FollowUp) -> FollowUp:
        if (stored.status, stored.settled_at) != (value.status, value.settled_at):
            raise InvalidValue("FollowUp", "status", "changes by complete, waive and planning only: nothing settled is undone")
        if (stored.due, stored.due_at) != (value.due, value.due_at):
            value = evolve(value, revision=max(value.revision, stored.revision + 1), revised_at=unit.now())
        return super()._save_edited(unit, stored, value)

    def _removed_along(self, unit: UnitOfWork, value: FollowUp) -> Sequence[Entity]:
        # A rule wants nothing for a talk that is not here.
        if value.anchor and (value.interview_id is None or unit.find_one(Interview, value.interview_id)):
            raise InvalidValue(
                "FollowUp", "anchor", "is planned by a rule and would come again: waive it with a reason instead"
            )
        return super()._removed_along(unit, value)
