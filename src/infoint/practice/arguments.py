"""What a function of the practice was given, looked at before it is used: a slip is refused by name, where it would fail deep inside
with a word about an attribute. What the fields of a value may hold is judged by the value itself.
"""

from datetime import date, datetime

from infoint.errors import InvalidValue, NaiveTime


def demand(function: str, name: str, value: object, kind: type) -> None:
    """Raises InvalidValue for what is no `kind`."""
    if not isinstance(value, kind):
        raise InvalidValue(function, name, f"needs {kind.__name__}, got {type(value).__name__}", value=value)


def demand_day(function: str, name: str, value: date) -> None:
    """Raises InvalidValue for what is no day: a datetime is a subclass of date in Python, and compares and sorts as neither."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue(function, name, f"needs a date without time, got {type(value).__name__}", value=value)


def demand_moment(function: str, name: str, value: datetime) -> None:
    """Raises InvalidValue for what is no time, and NaiveTime for one without zone."""
    if not isinstance(value, datetime):
        raise InvalidValue(function, name, f"needs a datetime with a zone, got {type(value).__name__}", value=value)
    if value.utcoffset() is None:
        raise NaiveTime(function, name, value=value)
