"""What a TZID of a foreign file means: an IANA zone where its name can be understood, else what the file's own VTIMEZONE says."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from infoint.calendar.reading.components import Edge
from infoint.calendar.reading.lines import Property
from infoint.calendar.reading.recurrence_rule import RuleFrequency, parse_rule
from infoint.calendar.reading.recurrence_walls import Steps, walls
from infoint.calendar.reading.values import Values, utc_offset
from infoint.errors import InvalidValue
from infoint.model.fields import as_zone

MOST_ZONES: Final = 300
"""Different TZIDs in one file."""
FIRST, LAST = datetime(1900, 1, 1), datetime(2101, 1, 1)  # noqa: DTZ001 - what clocks show
"""The years for which the rules of a VTIMEZONE are followed; afterwards its last offset stays."""
_MOST_PARTS: Final = 400
_NAME: Final = re.compile(r"[A-Za-z0-9_+/.:-]{1,120}")
_FIXED: Final = re.compile(r"UTC([+-](?:0[0-9]|1[0-9]|2[0-3])):?([0-5][0-9])")


class Observance(NamedTuple):
    """A STANDARD or DAYLIGHT: its properties by name."""

    properties: Mapping[str, Sequence[Property]]

    def one(self, name: str) -> str:
        """The only value of a name. Raises InvalidValue."""
        found = self.properties.get(name, ())
        if len(found) != 1:
            raise InvalidValue("VTIMEZONE", name, "has to stand exactly once in each part")
        return found[0].value


class VTimezone(NamedTuple):
    """A VTIMEZONE as it stands."""

    location: str
    """X-LIC-LOCATION: the IANA name that some programs add."""
    observances: Sequence[Observance]


class _Onset(NamedTuple):
    at: datetime
    """In UTC, naive."""
    before: timedelta
    after: timedelta


class FileZone(tzinfo):
    """A zone as a VTIMEZONE describes it. Times that clocks skip or show twice are read as PEP 495 has it."""

    def __init__(self, onsets: Sequence[_Onset]) -> None:
        """`onsets` in order, at least one."""
        befores = [onsets[0].before, *(onset.after for onset in onsets[:-1])]
        self._at = [onset.at for onset in onsets]
        self._offsets = [befores[0], *(onset.after for onset in onsets)]
        pairs = list(zip(self._at, befores, self._offsets[1:], strict=True))
        # Until a gap is over, and until the clocks are put back, the offset before holds; with fold, the other one.
        self._walls = (
            [at + max(before, after) for at, before, after in pairs],
            [at + min(before, after) for at, before, after in pairs],
        )

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        """See tzinfo."""
        if at is None:
            return None
        return self._offsets[bisect_right(self._walls[at.fold], at.replace(tzinfo=None))]

    def dst(self, at: datetime | None) -> timedelta | None:  # noqa: ARG002 - tzinfo's signature
        """Not told: an offset is all that is asked for."""
        return None

    def tzname(self, at: datetime | None) -> str | None:  # noqa: ARG002 - tzinfo's signature
        """Not told: abbreviations are no names."""
        return None

    def fromutc(self, at: datetime) -> datetime:
        """See tzinfo."""
        moment = at.replace(tzinfo=None)
        index = bisect_right(self._at, moment)
        wall = moment + self._offsets[index]
        again = index > 0 and wall < self._at[index - 1] + self._offsets[index - 1]
        return wall.replace(tzinfo=self, fold=int(again))

    def __repr__(self) -> str:
        return f"<FileZone, {len(self._at)} onsets>"


class _Onsets:
    """Of all zones of a file: many zones are as slow as a long one."""

    def __init__(self) -> None:
        self._steps, self._values = Steps(), Values(lambda _: UTC)

    def of(self, zone: VTimezone) -> list[_Onset]:
        """In order of time. Raises InvalidValue."""
        if not 0 < len(zone.observances) <= _MOST_PARTS:
            raise InvalidValue("VTIMEZONE", "parts", f"has to have 1 to {_MOST_PARTS} of STANDARD and DAYLIGHT")
        found = {onset.at: onset for part in zone.observances for onset in self._of_part(part)}
        return [found[at] for at in sorted(found)]

    def _of_part(self, part: Observance) -> Iterator[_Onset]:
        before, after = utc_offset(part.one("TZOFFSETFROM")), utc_offset(part.one("TZOFFSETTO"))
        return (_Onset(wall - before, before, after) for wall in self._turns(part, before))

    def _turns(self, part: Observance, before: timedelta) -> Iterator[datetime]:
        """When the clocks are changed, as they show it before."""
        part.one("DTSTART")
        start, *_ = listed = [self._wall(told) for name in ("DTSTART", "RDATE") for told in self._told(part, name)]
        yield from listed
        for prop in part.properties.get("RRULE", ()):
            rule = parse_rule(prop.value)
            if rule.frequency > RuleFrequency.MONTHLY:
                raise InvalidValue("VTIMEZONE", "RRULE", "changes the clocks more often than once a month")
            until = rule.until
            if until is not None and until.tzinfo:
                until = until.replace(tzinfo=None) + before
            yield from walls(rule, start, after=FIRST, before=LAST, until=until, steps=self._steps)

    def _told(self, part: Observance, name: str) -> Iterator[Edge]:
        return (told for prop in part.properties.get(name, ()) for told in self._values.edges(prop))

    @staticmethod
    def _wall(told: Edge) -> datetime:
        if not isinstance(told, datetime):
            raise InvalidValue("VTIMEZONE", "DTSTART", "needs a time, not a day")
        return told.replace(tzinfo=None)


class FileZones:
    """The zones of one file, each found when it is first asked for."""

    def __init__(self, told: Mapping[str, VTimezone], default: tzinfo) -> None:
        """`told`: the file's VTIMEZONEs by TZID. `default` is for times without a zone, and for zones nobody knows."""
        self._told, self.default = told, default
        self._onsets = _Onsets()
        self._known: dict[str, tuple[tzinfo, str]] = {}

    def find(self, tzid: str) -> tuple[tzinfo, str]:
        """The zone, and what is wrong with it, if `default` or anything else than it says has to stand in for it."""
        found = self._known.get(tzid)
        if found is None:
            if len(self._known) >= MOST_ZONES:
                return self.default, f"has more than {MOST_ZONES} zones: the rest is read in {self.default}"
            found = self._known[tzid] = self._found(tzid.strip())
        return found

    def _found(self, tzid: str) -> tuple[tzinfo, str]:
        named = zone_named(tzid)
        told = self._told.get(tzid)
        if named is None and told is not None:
            named = zone_named(told.location)
            if named is None:
                try:
                    return FileZone(self._onsets.of(told)), ""
                except (InvalidValue, OverflowError):
                    return self.default, f"has a VTIMEZONE that cannot be read: its times are read in {self.default}"
        if named is None:
            return self.default, f"has a TZID that is no known zone and no VTIMEZONE of the file: it is read in {self.default}"
        return named, ""


def zone_named(tzid: str) -> tzinfo | None:
    """The zone of an IANA name, also behind a maker's prefix, of a Windows name, or of the form "UTC+02:00"."""
    if _NAME.fullmatch(tzid):
        parts = tzid.split("/")
        # As "/freeassociation.sourceforge.net/Europe/Berlin", "/softwarestudio.org/Olson_20011030_5/America/Argentina/Salta".
        candidates = [tzid] if tzid[0] != "/" else ["/".join(parts[-count:]) for count in (3, 2, 1)]
        for name in candidates:
            zone = as_zone(name)
            if isinstance(zone, ZoneInfo):
                return zone
        if tzid.casefold() in {"tzone://microsoft/utc", "z"}:
            return UTC
        if fixed := _FIXED.fullmatch(tzid):
            return timezone(utc_offset(fixed[1] + fixed[2]))
    return _windows_zone(tzid)


def _windows_zone(name: str) -> tzinfo | None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    key = WINDOWS_TO_OLSON.get(name)
    zone = as_zone(key) if key else None
    return zone if isinstance(zone, ZoneInfo) else None
