"""Erasing several people of a workspace: one commit, one sweep. What goes and what stays is the practice's to say."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from infoint.model.interview import Interview
from infoint.practice.forgetting_several import SeveralForgotten, forget_several
from infoint.storage.contract import Key
from infoint.workspace.erasing import Erased, demand_no_transaction, note_erased, swept
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import UnitOfWork


def erase_several(
    sessions: Sessions, choose: Callable[[UnitOfWork], Iterable[UUID]], *, noted: bool = False, also: Iterable[Key] = ()
) -> Erased:
    """Those whom `choose` names of what is stored. `noted`: they stand in the ledger already. `also`: leave no traces of these either."""
    demand_no_transaction(sessions)
    with sessions.writing() as unit:
        plan = planned(unit, sessions, choose(unit))
        _save(unit, sessions, plan)
        if not noted:
            note_erased(sessions, plan.removed)
    return swept(sessions, removed=plan.removed, changed=plan.changed, may_mention=plan.may_mention, also=also)


def planned(unit: UnitOfWork, sessions: Sessions, people: Iterable[UUID]) -> SeveralForgotten:
    """What would become of them; nothing is saved."""
    return forget_several(people, unit.facts(), new_id=sessions.new_id, at=unit.now())


def _save(unit: UnitOfWork, sessions: Sessions, plan: SeveralForgotten) -> None:
    if not plan.removed:
        return
    talks = {talk.id: talk for talk in unit.facts().interviews}
    unit.save(*plan.new)
    for saved in unit.save(*plan.changed):
        if isinstance(saved, Interview):
            unit.news.append(partial(sessions.plugins.interview_changed, sessions.key, talks[saved.id], saved, None))
    unit.remove(*plan.removed)
    unit.plan_follow_ups()
