"""What is owed to people, and to oneself, around a talk. Which ones there should be is `infoint.practice`'s."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.identity import Entity
from infoint.model.open_name import OpenName


class FollowUpKind(OpenName):
    """What is to be done (practice §7)."""

    __slots__ = ()
    NUDGE: ClassVar["FollowUpKind"]
    ALTERNATE: ClassVar["FollowUpKind"]
    GIVE_UP: ClassVar["FollowUpKind"]
    PICK_TIME: ClassVar["FollowUpKind"]
    PREPARE: ClassVar["FollowUpKind"]
    CONFIRM: ClassVar["FollowUpKind"]
    ARRIVE: ClassVar["FollowUpKind"]
    DEBRIEF: ClassVar["FollowUpKind"]
    THANK_YOU: ClassVar["FollowUpKind"]
    CONTACT_REFERRAL: ClassVar["FollowUpKind"]
    REPORT_BACK: ClassVar["FollowUpKind"]
    PROGRESS: ClassVar["FollowUpKind"]
    UPDATE: ClassVar["FollowUpKind"]
    KEEP_IN_TOUCH: ClassVar["FollowUpKind"]
    SHARE_ARTICLE: ClassVar["FollowUpKind"]
    DECISION_NEWS: ClassVar["FollowUpKind"]
    ASK_ADVICE: ClassVar["FollowUpKind"]
    GIVE_BACK: ClassVar["FollowUpKind"]
    KEEP_PROMISE: ClassVar["FollowUpKind"]
    """Something the explorer said they would do."""
    AWAIT_PROMISE: ClassVar["FollowUpKind"]
    """Something that was promised to the explorer."""
    THANK_LEAD: ClassVar["FollowUpKind"]
    """They passed on an opportunity."""


class FollowUpStatus(ClosedName):
    """Closed: planning and calendars act on each."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"
    OBSOLETE = "obsolete"
    """What it waited for no longer holds."""


SETTLED = frozenset({FollowUpStatus.DONE, FollowUpStatus.WAIVED})
"""Nothing settled is ever undone (practice §7)."""


def _settled_consistently(follow_up: "FollowUp", attribute: Any, value: datetime | None) -> None:
    if (follow_up.status in SETTLED) != (value is not None):
        problem = "is needed when it is done or waived" if value is None else f"has no meaning while it is {follow_up.status}"
        raise InvalidValue("FollowUp", attribute.name, problem)


def _reason_when_waived(follow_up: "FollowUp", attribute: Any, value: str) -> None:
    if follow_up.status is FollowUpStatus.WAIVED and not value:
        raise InvalidValue("FollowUp", attribute.name, "is needed to waive something")


@frozen(kw_only=True)
class FollowUp(Entity):
    """One thing due. A planned one's id derives from kind, person, anchor and occurrence, so planning twice makes nothing twice."""

    kind: FollowUpKind = field(validator=fields.a(FollowUpKind))
    due: date = field(validator=fields.day())
    """The day, in the explorer's zone."""
    due_at: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True), eq=fields.instant_and_zone
    )
    """The moment, where the rule gives one (end + 24 h); its day in the explorer's zone is `due`."""
    postponed_until: date | None = field(default=None, validator=fields.day(optional=True))
    """Not before this day, by the explorer's own wish; planning keeps to it."""
    contact_id: UUID | None = field(default=None, validator=fields.identity(optional=True))
    interview_id: UUID | None = field(default=None, validator=fields.identity(optional=True))
    anchor: str = field(default="", converter=fields.as_line, validator=fields.line())
    """What caused it: "interview:<id>:start", "referral:<id>:<name>", "contact:<id>:last-touch", "touch:<id>"; "" = made by hand. The start as
    such, not the event that set it: so a reschedule moves the same follow-up."""
    occurrence: int = field(default=0, validator=fields.whole(0, 2**31))
    """How many of it were settled before: so a confirmation voided by a reschedule comes anew beside the done one."""
    summary: str = field(default="", converter=fields.as_line, validator=fields.line())
    """What to do, in a line; it stays readable after the plugin that wanted it has gone."""
    status: FollowUpStatus = field(default=FollowUpStatus.OPEN, validator=fields.a(FollowUpStatus))
    settled_at: datetime | None = field(
        default=None,
        converter=fields.as_zoned_or_none,
        validator=[fields.zoned(optional=True), _settled_consistently],
        eq=fields.instant_and_zone,
    )
    """When it was done or waived."""
    reason: str = field(default="", converter=fields.as_line, validator=[fields.line(), _reason_when_waived])
    """Why it was waived."""
    obligatory: bool = field(default=False, validator=fields.truth())
    """An interview cannot be closed while it is open."""
    draft: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)
    revision: int = field(default=0, validator=fields.whole(0, 2**31 - 1))
    """SEQUENCE (RFC 5545 §3.8.7.4): grows whenever due or status changes."""
    revised_at: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True), eq=fields.instant_and_zone
    )
    """DTSTAMP: time of the latest fact it was planned or settled by."""
