"""What a search for meeting times is given: the time that is taken, and how times are looked for. Hours and working days are in
the Profile and the Policy.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from attrs import field, frozen
from attrs.validators import optional

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.meeting import LONGEST
from infoint.practice.follow_up_rule import BusinessDays

FARTHEST: Final = timedelta(days=366)
"""How far ahead times are looked for."""
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)

Edge: TypeAlias = datetime | date


def _as_edge(value: Edge) -> Edge:
    return fields.as_zoned(value) if isinstance(value, datetime) else value


def _edge(instance: "Busy", attribute: Any, value: Edge) -> None:
    check = fields.zoned() if isinstance(value, datetime) else fields.day()
    check(instance, attribute, value)


def _later(busy: "Busy", attribute: Any, value: Edge) -> None:
    if isinstance(value, datetime) is not isinstance(busy.start, datetime):
        raise InvalidValue("Busy", attribute.name, "must be what start is: both times, or both days", value=value)
    if _in_order(value) <= _in_order(busy.start):
        raise InvalidValue("Busy", attribute.name, "must be later than start; the last day is the one before it", value=value)


def _in_order(value: Edge) -> Edge:
    return fields.instant(value) if isinstance(value, datetime) else value


def _compared(value: Edge) -> object:
    return fields.instant_and_zone(value) if isinstance(value, datetime) else value


@frozen
class Busy:
    """Time that is taken: from a zoned time to a zoned time, or whole days of the explorer's calendar. The end is no longer part of
    it, as in a calendar file (RFC 5545 §3.6.1): `Busy(date(2026, 3, 2), date(2026, 3, 3))` is one day.

    Raises NaiveTime, and InvalidValue where the end is not later than the start.
    """

    start: Edge = field(converter=_as_edge, validator=_edge, eq=_compared)
    end: Edge = field(converter=_as_edge, validator=[_edge, _later], eq=_compared)
    what: str = field(default="", converter=fields.as_line, validator=fields.line())
    """For the explorer's eyes: reasons quote it."""


def _room(*, longest: timedelta) -> fields.Validator:
    def check(instance: object, attribute: Any, value: Any) -> None:
        if value != timedelta(0):
            fields.length(longest=longest)(instance, attribute, value)

    return check


def _divides_an_hour(rules: "SlotRules", attribute: Any, value: Any) -> None:
    if not isinstance(value, timedelta) or value < _MINUTE or value % _MINUTE or _HOUR % value:
        raise InvalidValue(
            type(rules).__name__, attribute.name, "must be whole minutes that divide an hour, as 15 or 30", value=value
        )


@frozen(kw_only=True)
class SlotRules:
    """How long, how soon, how close to other appointments, how many."""

    duration: timedelta | None = field(default=None, validator=optional(fields.length(longest=LONGEST)))
    """None: as long as the talk is planned."""
    notice: timedelta = field(default=timedelta(hours=24), validator=_room(longest=FARTHEST))
    """How soon at the earliest, in elapsed time. The day before is when a talk is confirmed (practice §7)."""
    before: timedelta = field(default=timedelta(minutes=15), validator=_room(longest=LONGEST))
    """Kept free of other appointments before the talk, for arriving early (practice §7)."""
    after: timedelta = field(default=timedelta(minutes=15), validator=_room(longest=LONGEST))
    """Kept free after it, for a talk that runs over and the first notes."""
    travel: timedelta = field(default=timedelta(0), validator=_room(longest=LONGEST))
    """Each way, on top of `before` and `after`, unless the talk is known to be by video or phone. Other talks in person take as long
    to get to and back from.
    """
    their_days: BusinessDays | None = field(default=None, validator=fields.a(BusinessDays, optional=True))
    """Weekend and holidays of those asked; None: the policy's, as for the explorer."""
    step: timedelta = field(default=timedelta(minutes=15), validator=_divides_an_hour)
    """Talks begin when the explorer's clock shows a whole multiple of it."""
    count: int = field(default=5, validator=fields.whole(1, 100))
    """How many times to offer at most."""
