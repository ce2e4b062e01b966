"""When and where a talk takes place. Whether it stands is read off the interview's history."""

from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.identity import Value

LONGEST: Final = timedelta(hours=24)


class MeetingFormat(ClosedName):
    """Closed: arrival times, routes and links depend on it."""

    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"


@frozen(kw_only=True)
class Meeting(Value):
    """A start with a zone, a length, a format and a place (an address, a link, a number to ring). A naive start is NaiveTime."""

    start: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    duration: timedelta = field(default=timedelta(minutes=30), validator=fields.length(longest=LONGEST))
    format: MeetingFormat = field(validator=fields.a(MeetingFormat))
    place: str = field(default="", converter=fields.as_line, validator=fields.line())

    @property
    def end(self) -> datetime:
        """Start + duration as elapsed time, in start's zone (plain addition counts wall time across a clock change)."""
        return (self.start.astimezone(UTC) + self.duration).astimezone(self.start.tzinfo)
