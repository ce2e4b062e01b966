"""What a function of the practice was given, looked at before it is used: a slip is refused by name, where it would fail deep inside
with a word about an attribute. What the fields of a value may hold is judged by the value itself.
"""

from datetime import date, datetime
from typing import TypeVar

from infoint.errors import InvalidValue, NaiveTime
from infoint.model.campaign import Campaign
from infoint.model.fields import as_zoned
from infoint.model.interview import Interview

N = TypeVar("N", bound=str)


def demand(function: str, name: str, value: object, *kinds: type) -> None:
    """Raises InvalidValue for what is of none of these types."""
    if not isinstance(value, kinds):
        wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
        raise InvalidValue(function, name, f"needs {wanted}, got {type(value).__name__}", value=value)


def demand_talk(function: str, interview: object, campaign: object) -> None:
    """Raises InvalidValue for what is no interview or no campaign."""
    demand(function, "interview", interview, Interview)
    demand(function, "campaign", campaign, Campaign)


def demand_day(function: str, name: str, value: date) -> None:
    """Raises InvalidValue for what is no day: a datetime is a subclass of date in Python, and compares and sorts as neither."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue(function, name, f"needs a date without time, got {type(value).__name__}", value=value)


def demand_moment(function: str, name: str, value: datetime) -> datetime:
    """The time, with an IANA zone where it has one. Raises InvalidValue for what is no time, and NaiveTime for one without zone."""
    if not isinstance(value, datetime):
        raise InvalidValue(function, name, f"needs a datetime with a zone, got {type(value).__name__}", value=value)
    if value.utcoffset() is None:
        raise NaiveTime(function, name, value=value)
    return as_zoned(value)


def named(kind: type[N], value: N | None) -> N | None:
    """A name given as plain text as the name it is; None stays None. Raises InvalidValue for a slip."""
    return value if value is None or isinstance(value, kind) else kind(value)
