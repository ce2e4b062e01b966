"""How an entry repeats (RFC 5545 §3.8.5.3), within what every calendar program understands. Reading the rules that others write is
`recurrences`'s.
"""

from calendar import monthrange
from datetime import UTC, date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from infoint.calendar import entry_fields
from infoint.calendar.when import AllDay, Timed, When
from infoint.calendar.zones import FIRST_YEAR, LAST_YEAR, wall_time, zone_of
from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue

if TYPE_CHECKING:
    from attrs import Attribute

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SHORTEST_MONTH: Final = 28


class Frequency(ClosedName):
    """RFC 5545 §3.3.10; nothing here repeats within a day."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


def _one_end(rule: "Recurrence", attribute: "Attribute[Any]", value: object) -> None:
    entry_fields.is_a(datetime, date, NoneType)(rule, attribute, value)
    if isinstance(value, datetime):
        entry_fields.aware(rule, attribute, value)
    if (value is None) is (rule.count is None):
        raise entry_fields.refusal(rule, attribute, "needs either count or until: a rule has one end", value)


def _count(rule: "Recurrence", attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        entry_fields.whole_number(1, 10_000)(rule, attribute, value)


@frozen
class Recurrence:
    """Every `interval` days, weeks, months or years from the entry's start, for `count` times or to the end of `until`.

    What repeats is what the start shows: its weekday, its day of the month, its date. Programs disagree about all that goes
    further: the 31st in months of 30 days, sets of days with positions. So a monthly start lies on day 1 to 28, or on a month's last
    day and then repeats on each month's last; a yearly one is not on 29 February. Raises InvalidValue; so does `CalendarEntry` where
    the start does not fit.

    Clocks' time repeats, so start and end need a zone that can be told: an IANA zone, where its clocks show them once and in the years
    that it can be described for; else UTC or a fixed offset, and then it is UTC's weekdays and days that repeat.
    """

    frequency: Frequency = field(validator=entry_fields.is_a(Frequency))
    interval: int = field(default=1, validator=entry_fields.whole_number(1, 1000))
    count: int | None = field(default=None, validator=_count, kw_only=True)
    """How many in all, the first included."""
    until: datetime | date | None = field(default=None, validator=_one_end, eq=entry_fields.as_told, kw_only=True)
    """The last moment at which one may begin: zoned where the entry has a time, a date where it is all day."""

    def rule(self, when: When) -> str:
        """RRULE's value for an entry that begins at `when`. Raises InvalidValue where the start does not fit."""
        start = when.on if isinstance(when, AllDay) else _told_day(self, when)
        self._demand_fitting(when)
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        elif isinstance(self.until, datetime):
            parts.append(f"UNTIL={_basic(self.until.astimezone(UTC))}Z")
        elif self.until is not None:
            parts.append(f"UNTIL={_basic(self.until)}")
        return ";".join(parts + self._days(start))

    def _demand_fitting(self, when: When) -> None:
        if self.until is None:
            return
        if isinstance(self.until, datetime) is isinstance(when, AllDay):
            raise self.misfit("until must be a zoned time where the entry has one, a date where it is all day")
        last = self.until.astimezone(UTC) if isinstance(self.until, datetime) else self.until
        first = when.on if isinstance(when, AllDay) else when.start.astimezone(UTC)
        if last < first:
            raise self.misfit("until lies before the start")

    def _days(self, start: date) -> list[str]:
        match self.frequency:
            case Frequency.DAILY:
                return []
            case Frequency.WEEKLY:
                return [f"BYDAY={_WEEKDAYS[start.weekday()]}"]
            case Frequency.MONTHLY:
                return [f"BYMONTHDAY={self._day_of_month(start)}"]
            case Frequency.YEARLY:
                if (start.month, start.day) == (2, 29):
                    raise self.misfit("does not repeat yearly from 29 February: programs differ in what follows")
                return [f"BYMONTH={start.month}", f"BYMONTHDAY={start.day}"]

    def _day_of_month(self, start: date) -> int:
        if start.day <= _SHORTEST_MONTH:
            return start.day
        if start.day == monthrange(start.year, start.month)[1]:
            return -1
        raise self.misfit(f"does not repeat monthly from day {start.day}: begin on day 1 to 28, or on a month's last day")

    def misfit(self, problem: str) -> InvalidValue:
        """The error that names the rule."""
        return InvalidValue("Recurrence", "frequency", problem, value=self)


def _told_day(rule: Recurrence, when: Timed) -> date:
    """The day of the start as a file tells it: DTSTART has to be the rule's first date (RFC 5545 §3.8.5.3)."""
    zone = zone_of(when.start)
    if zone is None:
        if when.start.tzinfo is None or when.start.tzinfo.utcoffset(None) is None:  # so say those without a fixed offset
            raise rule.misfit("needs a start in an IANA zone, in UTC or at a fixed offset: no other zone's clocks can be told")
        return when.start.astimezone(UTC).date()
    if wall_time(when.start, zone) is None or (when.end and wall_time(when.end, zone) is None):
        raise rule.misfit(
            f"needs a start and an end in the years {FIRST_YEAR} to {LAST_YEAR}, and not at a time that clocks show twice: "
            "such are told in UTC, from which clocks' time does not repeat"
        )
    return when.start.date()


def _basic(at: date) -> str:
    return (
        at.isoformat().replace("-", "").replace(":", "")[:15]
    )  # a year before 1000 too has four digits (strftime gives fewer)
