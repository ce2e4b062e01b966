"""Times that were offered, held in the explorer's calendar until one is chosen. Which times are open is `practice.meeting_times`'s."""

from collections.abc import Iterable
from datetime import UTC, datetime

from infoint.calendar.contract import CalendarEntry, EntryStatus, Timed
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.identity import derive_id, identified
from infoint.model.interview import Interview
from infoint.practice.meeting_times import Slot


def tentative_entries(
    interview: Interview, slots: Iterable[Slot], campaign: Campaign, *, at: datetime, released: bool = False
) -> tuple[CalendarEntry, ...]:
    """One entry for each time, TENTATIVE and taken, in order of uid; the reasons are in the description. `at`: when they are made, zoned.

    A uid follows from talk and time: the same time held again is the same entry. `released=True` makes the tombstones that take them
    away, when one was chosen or all were withdrawn. Raises MissingId, NotFound, InvalidValue for what is no Slot, NaiveTime.
    """
    people = " and ".join(person.name for person in campaign.people(identified(interview)))
    made = (_entry(interview, slot, people, at, released=released) for slot in slots)
    return tuple(sorted(made, key=lambda entry: entry.uid))


def offer_prefix(interview: Interview) -> str:
    """What the uids of all times offered for the talk begin with: whoever looks for times once more can pass over them."""
    return f"{derive_id(identified(interview).id, 'time-offer')}-"


def _entry(interview: Interview, slot: Slot, people: str, at: datetime, *, released: bool) -> CalendarEntry:
    if not isinstance(slot, Slot):
        raise InvalidValue("tentative_entries", "slots", f"needs Slots, got {type(slot).__name__}", value=slot)
    return CalendarEntry(
        uid=f"{offer_prefix(interview)}{slot.start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        when=Timed(slot.start, slot.end),
        summary=f"Offered: talk with {people}",
        description="\n".join(slot.reasons),
        last_modified=at,
        sequence=1 if released else 0,
        status=EntryStatus.CANCELLED if released else EntryStatus.TENTATIVE,
    )
