"""What the fields of calendar values may hold: checks that name the value's type and the field. What the values are, and what goes
with what, stands beside them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from infoint.errors import InvalidValue, NaiveTime

if TYPE_CHECKING:
    from attrs import Attribute

T = TypeVar("T")

Check: TypeAlias = Callable[[object, "Attribute[Any]", object], None]
"""An attrs validator."""

LONGEST_TEXT: Final = 100_000
"""Characters in one text. Calendar programs keep events in memory; a longer text is a mistake."""
LONGEST_UID: Final = 255
"""Octets. RFC 5545 §3.8.4.7 obliges readers to keep no more."""
LONGEST_ADDRESS: Final = 254
"""Characters of a mail address (RFC 5321 §4.5.3.1.3, without the angle brackets)."""
URL_SCHEMES: Final = ("http", "https", "tel", "mailto")
"""What a calendar program may be asked to open. Others, as `javascript:` and `file:`, are attacks or dead links."""


def refusal(instance: object, attribute: "Attribute[Any]", problem: str, value: object) -> InvalidValue:
    """The error that names the value's type and the field."""
    return InvalidValue(type(instance).__name__, attribute.name, problem, value=value)


def is_a(*types: type) -> Check:
    """One of these types."""
    names = " or ".join("None" if kind is NoneType else kind.__name__ for kind in types)

    def check(instance: object, attribute: "Attribute[Any]", value: object) -> None:
        if not isinstance(value, types):
            raise refusal(instance, attribute, f"needs {names}, not {type(value).__name__}", value)

    return check


def text(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """Any text, of a length that calendar programs can hold."""
    if not isinstance(value, str):
        raise refusal(instance, attribute, f"needs text, not {type(value).__name__}", value)
    if len(value) > LONGEST_TEXT:
        raise refusal(instance, attribute, f"is longer than {LONGEST_TEXT} characters", value)


def whole_number(least: int, below: int) -> Check:
    """From `least` to one below `below`."""

    def check(instance: object, attribute: "Attribute[Any]", value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise refusal(instance, attribute, f"needs a whole number, not {type(value).__name__}", value)
        if not least <= value < below:
            raise refusal(instance, attribute, f"needs a number from {least} to {below - 1}", value)

    return check


def uid(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """One word that readers are obliged to keep whole."""
    text(instance, attribute, value)
    uid = str(value)
    if not uid or not _is_one_word(uid):
        raise refusal(instance, attribute, "needs characters, without spaces, line ends or control characters", value)
    if len(uid.encode()) > LONGEST_UID:
        raise refusal(instance, attribute, f"is longer than {LONGEST_UID} octets (RFC 5545 §3.8.4.7)", value)


def uid_or_nothing(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """A uid, or no text."""
    if value != "":
        uid(instance, attribute, value)


def url(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """An address that a calendar program may be asked to open, or no text."""
    text(instance, attribute, value)
    url = str(value)
    scheme, _, rest = url.partition(":")
    if url and (scheme.lower() not in URL_SCHEMES or not rest.strip("/")):
        raise refusal(instance, attribute, f"needs an address that begins with {', '.join(URL_SCHEMES)} and a colon", value)
    if not _is_one_word(url):
        raise refusal(instance, attribute, "needs an address without spaces, line ends or control characters", value)


def _is_one_word(text: str) -> bool:
    # `isprintable` is false for control characters, line and paragraph separators, lone surrogates, every space but U+0020.
    return text.isprintable() and " " not in text


def moment(entity: str, name: str, value: object) -> datetime:
    """`value`, if it is a time with a zone that UTC can tell too. Raises InvalidValue, NaiveTime."""
    if not isinstance(value, datetime):
        raise InvalidValue(entity, name, f"needs a datetime, not {type(value).__name__}", value=value)
    try:
        is_naive = value.utcoffset() is None
        value.astimezone(UTC)
    except Exception as error:
        raise untold(entity, name, value, error) from error
    if is_naive:
        raise NaiveTime(entity, name, value=value)
    return value


def untold(entity: str, name: str, value: object, error: Exception) -> InvalidValue:
    """The error for a time that cannot be told in another zone; a zone of another library may raise whatever it likes."""
    outside = isinstance(error, OverflowError)
    problem = "lies outside the years 1 to 9999" if outside else f"has a zone that raises {type(error).__name__}"
    # What raises is not shown either.
    return InvalidValue(entity, name, problem, value=value if outside else None)


def aware(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """A time with a zone."""
    moment(type(instance).__name__, attribute.name, value)


def aware_or_none(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """A time with a zone, or None."""
    if value is not None:
        aware(instance, attribute, value)


def as_told(value: object) -> object:
    """What makes two times equal. Datetimes of one zone compare without `fold` (PEP 495), so 02:30 before and after the
    clocks go back would be the same; and the same instant told in two zones is two different lines in a file.
    """
    return (value.astimezone(UTC), str(value.tzinfo)) if isinstance(value, datetime) else value


def plain_date(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """A date, and no time."""
    # A datetime is a date to `isinstance`, and would be written without its time.
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refusal(instance, attribute, f"needs a date without time, not {type(value).__name__}", value)


def mail_address(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """No grammar: only what would break a line or a `mailto:` link, or is plainly no address, is refused."""
    text(instance, attribute, value)
    address = str(value)
    name, at, host = address.rpartition("@")
    # A colon before the host is most often a `mailto:` in front, which would be written twice.
    broken = any(mark in address for mark in ',;<>"()\\') or any(mark in name for mark in ":@")
    if not (name and at and host) or not _is_one_word(address) or broken:
        raise refusal(instance, attribute, "needs a plain address, as ana@oak.example", value)
    if len(address) > LONGEST_ADDRESS:
        raise refusal(instance, attribute, f"is longer than {LONGEST_ADDRESS} characters (RFC 5321)", value)


def tuple_of(kind: type) -> Check:
    """A tuple of these, perhaps empty."""
    check_one = is_a(kind)

    def check(instance: object, attribute: "Attribute[Any]", value: object) -> None:
        is_a(tuple)(instance, attribute, value)
        for item in value if isinstance(value, tuple) else ():
            check_one(instance, attribute, item)

    return check


def as_tuple(value: tuple[T, ...] | list[T]) -> tuple[T, ...]:
    """Lists are taken too; what is neither stays as it is, for the check to name."""
    return tuple(value) if isinstance(value, list) else value
