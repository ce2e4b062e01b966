"""What functions of the practice are given, looked at before they begin: a slip is told by name, not by where it would have hurt."""

from datetime import datetime
from typing import TypeVar

from infoint.errors import InvalidValue, NaiveTime
from infoint.model.campaign import Campaign
from infoint.model.fields import as_zoned
from infoint.model.interview import Interview

N = TypeVar("N", bound=str)


def check(function: str, name: str, value: object, *kinds: type) -> None:
    """Raises InvalidValue for what is of none of these types."""
    if not isinstance(value, kinds):
        wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
        raise InvalidValue(function, name, f"needs {wanted}, got {type(value).__name__}", value=value)


def check_talk(function: str, interview: object, campaign: object) -> None:
    """Raises InvalidValue for what is no interview or no campaign."""
    check(function, "interview", interview, Interview)
    check(function, "campaign", campaign, Campaign)


def named(kind: type[N], value: N | None) -> N | None:
    """A name given as plain text as the name it is; None stays None. Raises InvalidValue for a slip."""
    return value if value is None or isinstance(value, kind) else kind(value)


def zoned(function: str, name: str, value: datetime) -> datetime:
    """A time with its zone. Raises NaiveTime, and InvalidValue for what is no datetime."""
    if not isinstance(value, datetime):
        raise InvalidValue(function, name, f"needs a datetime with a zone, got {type(value).__name__}", value=value)
    if value.utcoffset() is None:
        raise NaiveTime(function, name, value=value)
    return as_zoned(value)
