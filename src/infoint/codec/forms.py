"""How single values look as JSON: times, days, lengths, letters, names. Whole entities are the converter's."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from infoint.errors import InvalidValue, NaiveTime
from infoint.model.peaks import Peaks

T = TypeVar("T")


def _zoned_text(moment: datetime) -> str:
    if moment.tzinfo is UTC:
        return moment.isoformat().replace("+00:00", "Z")
    return f"{moment.isoformat()}[{moment.tzinfo}]"


# A further suffix with "!" is one that must be understood, and we know none (RFC 9557 §3.2).
_ZONED = re.compile(r"([^\[\]]+)(?:\[!?([^\[\]=]+)\])?(?:\[[^!\[\]][^\[\]=]*=[^\[\]=]*\])*\Z")
_NO_ZONED = "is no time in RFC 9557 form, as 2026-12-01T10:00:00-06:00[America/Chicago]"


def _zoned(data: Any) -> datetime:
    found = _ZONED.match(data) if isinstance(data, str) else None
    if found is None:
        raise ValueError(_NO_ZONED)
    clock = found[1].upper()  # "t" and "z" are as good (RFC 3339 §5.6)
    told = _read_iso(datetime.fromisoformat, clock, _NO_ZONED)
    if told.tzinfo is None:
        raise NaiveTime("time", "zone")
    if found[2] is None or found[2] in {"UTC", "Z"}:
        return told.astimezone(UTC)
    try:
        zone = ZoneInfo(found[2])
    except (OSError, ValueError, KeyError):
        raise ValueError("names a time zone unknown here; update tzdata") from None
    if clock.endswith(("Z", "-00:00")):
        return told.astimezone(zone)  # no clock on a wall: this form says the instant only (RFC 9557 §2.2)
    # The clock on the wall is what people agreed on. Where a country has changed its rules since, the offset no longer fits and
    # the wall time stands; where the hour comes twice, the offset tells which (RFC 9557 §3.4 leaves both to us).
    both = [told.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return next((one for one in both if one.utcoffset() == told.utcoffset()), both[0])


def _read_iso(read: Callable[[str], T], data: Any, problem: str) -> T:
    # Python's own message would quote what it could not read.
    try:
        return read(plain(data, str))
    except ValueError:
        raise ValueError(problem) from None


def _day(data: Any) -> date:
    return _read_iso(date.fromisoformat, data, "is no day in the form 2026-12-01")


def _clock_time(data: Any) -> time:
    return _read_iso(time.fromisoformat, data, "is no time of day in the form 09:00:00")


def _length_text(length: timedelta) -> str:
    minutes, seconds = divmod(length.days * 86_400 + length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0S")


_LENGTH = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?\Z")


def _length(data: Any) -> timedelta:
    found = _LENGTH.match(data) if isinstance(data, str) else None
    if found is None or not any(found.groups()):
        raise ValueError("is no length in ISO 8601 form, as PT30M")
    days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _letters(peaks: Peaks) -> list[str]:
    return [str(letter.name).lower() for letter in peaks]


def _peaks(data: Any) -> Peaks:
    if not isinstance(data, list | tuple):
        raise ValueError(f"needs a list of letters, as {_letters(Peaks.SKILLS)}")  # noqa: TRY004  # becomes InvalidValue
    known = {str(letter.name).lower(): letter for letter in Peaks}
    peaks = Peaks(0)
    for letter in data:
        if not isinstance(letter, str) or letter not in known:
            raise ValueError(f"knows the letters {', '.join(known)}")
        peaks |= known[letter]
    return peaks


def plain(data: Any, kind: type) -> Any:
    """`data`, which must be exactly of `kind`. Raises ValueError."""
    if type(data) is not kind:
        raise ValueError(f"needs {kind.__name__}, got {type(data).__name__}")
    return data


def _id(data: Any) -> UUID:
    return _read_iso(UUID, data, "is no UUID")


def member(data: Any, kind: Any) -> Any:
    """The member of an enumeration. Raises ValueError, which lists the names there are."""
    if data not in list(kind):
        raise ValueError(f"needs one of {', '.join(kind)}")
    return kind(data)


def open_name(data: Any, kind: Any) -> Any:
    """The name as stored, known here or not. Raises ValueError."""
    try:
        return kind.stored(plain(data, str))
    except InvalidValue as error:
        raise ValueError(error.problem) from None


FORMS: Final[Mapping[type, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    datetime: (_zoned_text, _zoned),
    date: (date.isoformat, _day),
    time: (time.isoformat, _clock_time),
    timedelta: (_length_text, _length),
    UUID: (str, _id),
    ZoneInfo: (str, lambda data: plain(data, str)),
    Peaks: (_letters, _peaks),
}
"""Each type with its way to JSON and back."""
