"""What settles a follow-up, and what puts it off. Which ones there should be is `follow_up_planner`'s."""

from datetime import UTC, date, datetime

from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpStatus
from infoint.practice.arguments import demand, demand_moment


def complete(follow_up: FollowUp, *, at: datetime) -> FollowUp:
    """Done at `at` (zoned). Done already: unchanged. Raises InvalidValue for a waived one: nothing settled is undone."""
    return _settled("complete", follow_up, FollowUpStatus.DONE, at)


def waive(follow_up: FollowUp, *, reason: str, at: datetime) -> FollowUp:
    """Let be on purpose, and why. Waived already: unchanged. Raises InvalidValue without a reason, or for one that is done."""
    return _settled("waive", follow_up, FollowUpStatus.WAIVED, at, reason=reason)


def _settled(verb: str, follow_up: FollowUp, status: FollowUpStatus, at: datetime, *, reason: str = "") -> FollowUp:
    demand(verb, "follow_up", follow_up, FollowUp)
    demand_moment(verb, "at", at)
    if follow_up.status is status:
        return follow_up
    if follow_up.status in SETTLED:
        raise InvalidValue("FollowUp", "status", f"is {follow_up.status} already; nothing settled is undone")
    return revised(evolve(follow_up, status=status, settled_at=at, reason=reason), follow_up.revision + 1, at)


def postpone(follow_up: FollowUp, until: date, *, at: datetime) -> FollowUp:
    """Due on `until` (a day in the explorer's zone) instead. Planning keeps to it, though not past the talk for what is to be
    done before it. Raises InvalidValue for one that is not open, and for a day before it is due by its rule.
    """
    demand("postpone", "follow_up", follow_up, FollowUp)
    demand_moment("postpone", "at", at)
    if follow_up.status is not FollowUpStatus.OPEN:
        raise InvalidValue("FollowUp", "status", f"is {follow_up.status}; only an open one can be put off")
    moved = evolve(follow_up, due=until, due_at=None, postponed_until=until)
    if follow_up.due == until == follow_up.postponed_until:
        return follow_up
    if until < follow_up.due and follow_up.postponed_until is None:
        raise InvalidValue("FollowUp", "postponed_until", f"is before it is due, on {follow_up.due:%Y-%m-%d}", value=until)
    return revised(moved, follow_up.revision + 1, at)


def revised(follow_up: FollowUp, revision: int, at: datetime | None) -> FollowUp:
    """The follow-up with a new revision, stamped no earlier than it was."""
    # In UTC: within one zone Python compares the walls' clocks.
    moments = [moment.astimezone(UTC) for moment in (follow_up.revised_at, at) if moment]
    return evolve(follow_up, revision=revision, revised_at=max(moments, default=None))
