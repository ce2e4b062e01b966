"""What an export holds and how much it tells. What an entry says then is `meeting_entries`'s and `follow_up_entries`'s."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from attrs import field, frozen
from attrs.validators import optional

from infoint.calendar.contract import Classification
from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.follow_up import FollowUpKind


class FollowUpsAs(ClosedName):
    """Events are seen everywhere; Google, iOS and Fastmail do not show to-dos."""

    EVENT = "event"
    TODO = "todo"
    BOTH = "both"
    NONE = "none"


class ContentLevel(ClosedName):
    """How much a calendar tells whoever may see it."""

    BUSY = "busy"
    """That the time is taken."""
    FIRST_NAME = "first-name"
    FULL = "full"


class AttendeesAs(ClosedName):
    """Whether exported meetings name their people as ATTENDEE.

    **A scheduling server sends mail to everybody who stands there** (RFC 6638 §3.2): Google, iCloud, Fastmail and most servers for
    companies do it as soon as the event is uploaded, moved or deleted, without asking.
    """

    OFF = "off"
    """Nobody; whom it is with stands in the description."""
    SILENT = "silent"
    """With SCHEDULE-AGENT=NONE, which tells servers to send nothing (RFC 6638 §7.1). The way to take if you want attendees; some
    servers do not know it, so try yours with an address of your own first.
    """
    SERVER = "server"
    """The server invites them. Since they get what stands in the event, it has the words of an invitation: no notes, no agenda,
    no alarms. **Do not export talks to a server so that it has never seen: it would invite people to those as well.**
    """


def _as_kinds(
    value: AbstractSet[FollowUpKind] | tuple[FollowUpKind, ...] | list[FollowUpKind] | None,
) -> frozenset[FollowUpKind] | None:
    return None if value is None else fields.as_frozenset(value)


def _after_since(options: "CalendarOptions", attribute: Any, value: datetime | None) -> None:
    if value is not None and options.since is not None and value <= options.since:
        raise InvalidValue("CalendarOptions", attribute.name, "must be later than since", value=value)


@frozen(kw_only=True)
class CalendarOptions:
    """What an export holds and how much it tells."""

    follow_ups: FollowUpsAs = field(default=FollowUpsAs.EVENT, validator=fields.a(FollowUpsAs))
    kinds: frozenset[FollowUpKind] | None = field(
        default=None, converter=_as_kinds, validator=optional(fields.set_of(FollowUpKind))
    )
    """Follow-ups of these kinds only; None = of all but ARRIVE, which the meeting's own alarm says."""
    since: datetime | None = field(default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True))
    """Only what ends after this moment."""
    until: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=[fields.zoned(optional=True), _after_since]
    )
    """Only what begins before this moment."""
    content: ContentLevel = field(default=ContentLevel.FULL, validator=fields.a(ContentLevel))
    alarms: bool = field(default=True, validator=fields.truth())
    """One before each meeting: 15 minutes in person, 5 otherwise (practice §7)."""
    include_cancelled: bool = field(default=True, validator=fields.truth())
    """Tombstones for what was called off, settled or is obsolete, so that calendars which have it take it away."""
    classification: Classification | None = field(default=None, validator=fields.a(Classification, optional=True))
    """Written as CLASS on every entry of ours; None: the calendar's own rules hold. Programs treat it as a wish."""
    include_notes: bool = field(default=False, validator=fields.truth())
    """The explorer's own notes in the description."""
    attendees: AttendeesAs = field(default=AttendeesAs.OFF, validator=fields.a(AttendeesAs))
    """Whether meetings name their people as ATTENDEE, and the explorer as ORGANIZER: read the warning of `AttendeesAs` before. Only
    where `content` is FULL, and for talks with people who can be written to; the profile needs an address.
    """
