"""What is to be done, in a calendar: as an event of its day, as a to-do, or both."""

from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

from infoint.calendar.contract import AllDay, CalendarEntry, Component, EntryStatus, Timed
from infoint.calendar.meeting_entries import first_names
from infoint.calendar.options import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.model.campaign import Campaign
from infoint.model.follow_up import FollowUp, FollowUpStatus
from infoint.model.identity import derive_id, identified


def follow_up_event(follow_up: FollowUp, talk: str, campaign: Campaign, options: CalendarOptions) -> CalendarEntry:
    """An event on the due day; `talk` is the uid of the meeting it belongs to, or ""."""
    # All day and transparent: something to do on that day, not a time that is taken.
    return CalendarEntry(
        uid=str(follow_up.id),
        when=AllDay(follow_up.due),
        summary=_follow_up_summary(follow_up, campaign, options),
        last_modified=_follow_up_revised(follow_up),
        sequence=follow_up.revision,
        status=EntryStatus.CONFIRMED if follow_up.status is FollowUpStatus.OPEN else EntryStatus.CANCELLED,
        transparent=True,
        related_to=talk,
        classification=options.classification,
    )


def todo_uid(follow_up: FollowUp, options: CalendarOptions) -> str:
    """A to-do beside an event of the same follow-up needs a uid of its own (RFC 5545 §3.8.4.7)."""
    return follow_up_uids(identified(follow_up).id, options)[-1]


def follow_up_uids(id: UUID, options: CalendarOptions) -> tuple[str, ...]:
    """Of all entries that a follow-up may have; its to-do's is the last."""
    return (str(id), str(derive_id(id, "todo"))) if options.follow_ups is FollowUpsAs.BOTH else (str(id),)


_TODO_STATUS: Final = {
    FollowUpStatus.OPEN: EntryStatus.NEEDS_ACTION,
    FollowUpStatus.DONE: EntryStatus.COMPLETED,
    FollowUpStatus.WAIVED: EntryStatus.CANCELLED,
    FollowUpStatus.OBSOLETE: EntryStatus.CANCELLED,
}


def follow_up_todo(follow_up: FollowUp, talk: str, campaign: Campaign, options: CalendarOptions) -> CalendarEntry:
    """A to-do with its due time; beside an event of the same follow-up it is a child of that."""
    beside_event = options.follow_ups is FollowUpsAs.BOTH
    return CalendarEntry(
        uid=todo_uid(follow_up, options),
        component=Component.TODO,
        when=Timed(follow_up.due_at) if follow_up.due_at else AllDay(follow_up.due),
        summary=_follow_up_summary(follow_up, campaign, options),
        last_modified=_follow_up_revised(follow_up),
        sequence=follow_up.revision,
        status=_TODO_STATUS[follow_up.status],
        completed=follow_up.settled_at if follow_up.status is FollowUpStatus.DONE else None,
        related_to=str(follow_up.id) if beside_event else talk,
        classification=options.classification,
    )


def _follow_up_revised(follow_up: FollowUp) -> datetime:
    moments = [moment for moment in (follow_up.revised_at, follow_up.edited_at, follow_up.settled_at) if moment]
    # One made by hand and never touched since has only its day; that is no clock either.
    return max(moments, default=datetime.combine(follow_up.due, time(), UTC))


def _follow_up_summary(follow_up: FollowUp, campaign: Campaign, options: CalendarOptions) -> str:
    match options.content:
        case ContentLevel.BUSY:
            return "To do"
        case ContentLevel.FIRST_NAME:
            person = campaign.contact(follow_up.contact_id) if follow_up.contact_id else None
            return follow_up.kind.label + (f": {first_names((person,))}" if person else "")
        case ContentLevel.FULL:
            return follow_up.summary or follow_up.kind.label
