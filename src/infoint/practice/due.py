"""What is due by a day, the most overdue first. Why it is due is `follow_up_planner`'s."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import field, frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUp, FollowUpStatus
from infoint.model.interview import Interview
from infoint.practice.arguments import demand, demand_day


@frozen
class DueItem:
    """Something due, with what it is about. `print(item)` gives one readable line."""

    follow_up: FollowUp
    contact: Contact | None
    interview: Interview | None
    overdue_by: int = field()
    """Days; 0 = today, negative = still to come."""

    def __str__(self) -> str:
        return f"{_when(self.overdue_by, self.follow_up.due):<15} {self.follow_up.summary or self.follow_up.kind.label}"


_NEAR: Final = {0: "today", -1: "tomorrow", 1: "1 day overdue"}


def _when(overdue_by: int, due: date) -> str:
    return _NEAR.get(overdue_by) or (f"{overdue_by} days overdue" if overdue_by > 0 else f"on {due:%Y-%m-%d}")


def due(campaign: Campaign, *, on: date, within: timedelta = timedelta(0)) -> tuple[DueItem, ...]:
    """Open follow-ups due by `on + within` (days in the explorer's zone), the most overdue first; within a day those with a
    moment first, by the moment. Raises InvalidValue for a datetime given as day.
    """
    demand_day("due", "on", on)
    demand("due", "within", within, timedelta)
    demand("due", "campaign", campaign, Campaign)
    # No day is reckoned: `within` may lead past the end of the calendar.
    open_ones = (one for one in campaign.follow_ups if one.status is FollowUpStatus.OPEN and (one.due - on).days <= within.days)
    contacts = {contact.id: contact for contact in campaign.contacts}
    talks = {interview.id: interview for interview in campaign.interviews}
    return tuple(
        DueItem(
            one,
            contacts.get(one.contact_id) if one.contact_id else None,
            talks.get(one.interview_id) if one.interview_id else None,
            (on - one.due).days,
        )
        for one in sorted(open_ones, key=_by_urgency)
    )


def _by_urgency(follow_up: FollowUp) -> tuple[date, bool, datetime, str, UUID]:
    moment = follow_up.due_at
    at = moment.astimezone(UTC) if moment else datetime.min.replace(tzinfo=UTC)
    return follow_up.due, moment is None, at, follow_up.summary, follow_up.id
