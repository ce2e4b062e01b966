"""VTIMEZONE components for IANA zones (RFC 5545 §3.6.5), and how a moment is told in a zone. Knows no entry and no file.

Everything comes from probing `zoneinfo`, so it follows the time zone data Python itself uses. icalendar's own VTIMEZONEs are
not used: their spring onsets are told in the wrong offset, and they end in 2038.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infoint.errors import InvalidValue

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2045
"""A VTIMEZONE is right for every moment of the years between, these two included. Moments outside are written in UTC."""

_ANCHOR_YEAR: Final = 1970
"""Where rules begin that held already when the window opens: all readers can count from there."""
_SHORTEST_RUN: Final = 4
"""Years a pattern must hold to be called a rule; shorter ones are listed, which is shorter."""
_STEP: Final = timedelta(days=5)
"""Between two looks at a zone. Since 2000 no zone has changed and changed back within less than a week."""
_NOTHING: Final = timedelta(0)
_SECOND: Final = timedelta(seconds=1)
_UTC_NAMES: Final = frozenset({"UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich"})
_PUBLIC_KEY: Final = re.compile(r"(?!posix/|right/|localtime$|posixrules$|Factory$)[A-Za-z0-9_+/-]+")
"""Not what means something else, or nothing, on the reader's machine; and no character that needs quoting."""
_LOCAL: Final = "%Y%m%dT%H%M%S"
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


# ── moments ──────────────────────────────────────────────────────────────────────────────────────
def zone_of(at: datetime) -> ZoneInfo | None:
    """The zone whose name may stand beside `at` as TZID; None: write it in UTC.

    Only IANA zones have a name that every reader knows. Fixed offsets, `tzlocal()`, zones read from a file and the like have
    none, and UTC by any of its names is written with Z.
    """
    key = getattr(at.tzinfo, "key", None)
    return _named_zone(key) if isinstance(at.tzinfo, ZoneInfo) and key else None


@lru_cache(maxsize=1024)
def _named_zone(key: str) -> ZoneInfo | None:
    if key.removeprefix("Etc/") in _UTC_NAMES or not _PUBLIC_KEY.fullmatch(key):
        return None
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # a zone from a file, named by whoever read it: perhaps like a folder or a path


def wall_time(at: datetime, zone: ZoneInfo, *, since: int = FIRST_YEAR) -> datetime | None:
    """`at` as the clocks of `zone` show it, naive; None where a local time cannot say it.

    That is so outside the years `since` to LAST_YEAR, and for both of two equal times when clocks go back: a DATE-TIME always means
    the first (RFC 5545 §3.3.5), but libical and ical.js read the second.
    """
    shown = at.astimezone(UTC).astimezone(zone)
    if not since <= shown.year <= LAST_YEAR or shown.replace(fold=not shown.fold).utcoffset() != shown.utcoffset():
        return None
    return shown.replace(tzinfo=None)


# ── what a zone does ─────────────────────────────────────────────────────────────────────────────
class _Observance(NamedTuple):
    offset: timedelta
    saving: timedelta
    name: str


class _Onset(NamedTuple):
    at: datetime
    """In UTC."""
    before: timedelta
    after: timedelta
    name: str
    daylight: bool

    @property
    def wall(self) -> datetime:
        """What clocks show at the onset before they are changed: so DTSTART, RDATE and RRULE tell it."""
        return self.at.replace(tzinfo=None) + self.before


def _observed(zone: ZoneInfo, wall: datetime) -> _Observance:
    return _Observance(zone.utcoffset(wall) or _NOTHING, zone.dst(wall) or _NOTHING, zone.tzname(wall) or "")


def _changes(zone: ZoneInfo, start: datetime, stop: datetime) -> Iterator[tuple[datetime, _Observance]]:
    """First what is observed at `start`, then each change until `stop`, in UTC, with what is observed from there.

    The search walks along the clocks of the zone, naive: that is several times faster than converting from UTC.
    """
    wall, known = start, _observed(zone, start)
    yield (start - known.offset).replace(tzinfo=UTC), known
    while wall < stop:
        ahead = wall + _STEP
        if _observed(zone, ahead) != known:
            ahead = _first_second(zone, known, wall, ahead)
            before, known = known, _observed(zone, ahead)
            # Without fold, times in a gap and the first of two equal times are told in the offset before (PEP 495): the clocks
            # show the new observance when the gap is over, or when they show the equal times for the second time.
            yield (ahead - max(before.offset, known.offset)).replace(tzinfo=UTC), known
        wall = ahead


def _first_second(zone: ZoneInfo, known: _Observance, early: datetime, late: datetime) -> datetime:
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // (2 * _SECOND))
        if _observed(zone, middle) == known:
            early = middle
        else:
            late = middle
    return late


def _onsets(zone: ZoneInfo, since: int) -> list[_Onset]:
    """The observance the window opens with, as if it began there, then every change in the window."""
    start = datetime(since, 1, 1)  # noqa: DTZ001 - what the zone's clocks show
    # Two years more than asked for, to know whether the last observance is a summer time that will end.
    changes = list(_changes(zone, start, start.replace(year=LAST_YEAR + 3)))
    onsets = []
    for number, (at, observed) in enumerate(changes):
        before = changes[number - 1][1].offset if number else observed.offset - observed.saving
        following = changes[number + 1][1].saving if number + 1 < len(changes) else _NOTHING
        onsets.append(_Onset(at, before, observed.offset, observed.name, _is_daylight(observed.saving, following)))
    return [onset for onset in onsets if onset.wall.year <= LAST_YEAR]


def _is_daylight(saving: timedelta, following: timedelta) -> bool:
    # Ireland, Morocco and once Namibia call summer their standard time and put winter back (a negative saving): to readers
    # that want DAYLIGHT ahead of STANDARD, the observance before such a winter is the daylight one.
    return saving > _NOTHING or (saving == _NOTHING and following < _NOTHING)


# ── rules ────────────────────────────────────────────────────────────────────────────────────────
class _Rule(NamedTuple):
    """A day of each year: in `month`, the first `weekday` on or after the day `earliest` (0: the last one in the month);
    without weekday, the day `earliest` itself.
    """

    month: int
    weekday: int | None
    earliest: int

    def day_in(self, year: int) -> date:
        first = date(year, self.month, self.earliest or monthrange(year, self.month)[1] - 6)
        return first if self.weekday is None else first + timedelta(days=(self.weekday - first.weekday()) % 7)

    def __str__(self) -> str:
        if self.weekday is None:
            return f"BYMONTH={self.month};BYMONTHDAY={self.earliest}"
        weekday = _WEEKDAYS[self.weekday]
        if not self.earliest:
            return f"BYMONTH={self.month};BYDAY=-1{weekday}"
        if self.earliest % 7 == 1:
            return f"BYMONTH={self.month};BYDAY={self.earliest // 7 + 1}{weekday}"
        days = ",".join(str(day) for day in range(self.earliest, self.earliest + 7))
        return f"BYMONTH={self.month};BYMONTHDAY={days};BYDAY={weekday}"


def _rules_of(day: date) -> Iterator[_Rule]:
    """Rules that `day` follows, those first that the most readers know (MS-OXCICAL §2.1.3.1.1.19.2.2 takes the first three)."""
    length = monthrange(day.year, day.month)[1] if day.month != 2 else 28
    whole_weeks = day.day - (day.day - 1) % 7
    if whole_weeks <= 22:
        yield _Rule(day.month, day.weekday(), whole_weeks)
    if day.day > length - 7:
        yield _Rule(day.month, day.weekday(), 0)
    if day.day <= length:
        yield _Rule(day.month, None, day.day)
    for earliest in range(max(1, day.day - 6), min(day.day, length - 6) + 1):
        if earliest % 7 != 1:
            yield _Rule(day.month, day.weekday(), earliest)


def _longest_run(onsets: Mapping[datetime, _Onset]) -> tuple[_Rule, Sequence[_Onset]]:
    """The rule that explains most of `onsets` (keyed by wall time) year by year without a hole, and those it explains."""
    found = [
        (rule, list(_run(rule, wall, onsets)))
        for wall in onsets
        for rule in _rules_of(wall.date())
        if _instance(rule, wall.year - 1, wall.time()) not in onsets  # else it is part of a run that began earlier
    ]
    return max(found, key=lambda rule_and_run: len(rule_and_run[1]))


def _run(rule: _Rule, wall: datetime, onsets: Mapping[datetime, _Onset]) -> Iterator[_Onset]:
    while wall in onsets:
        yield onsets[wall]
        wall = _instance(rule, wall.year + 1, wall.time())


def _instance(rule: _Rule, year: int, at: time) -> datetime:
    return datetime.combine(rule.day_in(year), at)


# ── components ───────────────────────────────────────────────────────────────────────────────────
class _Part(NamedTuple):
    """One STANDARD or DAYLIGHT: onsets that follow `rule`, or a list of them."""

    onsets: Sequence[_Onset]
    rule: _Rule | None = None
    anchored: bool = False

    @property
    def first(self) -> _Onset:
        return self.onsets[0]

    @property
    def begin(self) -> datetime:
        return self.turn_in(_ANCHOR_YEAR) if self.anchored else self.first.wall

    def turn_in(self, year: int) -> datetime:
        """Wall time at which the rule has its turn; a list has no other than its own."""
        return _instance(self.rule, year, self.first.wall.time()) if self.rule else self.first.wall

    def turn_before(self) -> datetime:
        """In UTC, the year before the first."""
        return (self.turn_in(self.first.wall.year - 1) - self.first.before).replace(tzinfo=UTC)

    def until(self) -> str:
        last = self.onsets[-1].wall
        if last.year == LAST_YEAR:
            return ""
        # A day later than the last onset: dateutil, and all that builds on it, compares this UTC with wall time, and would lose
        # that onset in the east. Any moment before the next one ends the rule as well.
        return f"UNTIL={last + timedelta(days=1):{_LOCAL}}Z;"

    def lines(self) -> Iterator[str]:
        kind = "DAYLIGHT" if self.first.daylight else "STANDARD"
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{self.begin:{_LOCAL}}"
        yield f"TZOFFSETFROM:{_offset(self.first.before)}"
        yield f"TZOFFSETTO:{_offset(self.first.after)}"
        yield f"TZNAME:{self.first.name}"
        if self.rule:
            yield f"RRULE:FREQ=YEARLY;{self.until()}{self.rule}"
        elif len(self.onsets) > 1:
            # A line for each, and one for DTSTART too: ical.js takes the first of each line, and no DTSTART beside an RDATE. One that
            # is named twice counts once (§3.8.5.2).
            yield from (f"RDATE:{onset.wall:{_LOCAL}}" for onset in self.onsets)
        yield f"END:{kind}"


def _offset(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"


def _parts(onsets: Sequence[_Onset]) -> Iterator[_Part]:
    alike: defaultdict[tuple[object, ...], dict[datetime, _Onset]] = defaultdict(dict)
    for onset in onsets:
        alike[onset[1:]][onset.wall] = onset
    for group in alike.values():
        while group:
            rule, run = _longest_run(group)
            if len(run) < _SHORTEST_RUN:
                yield _Part(list(group.values()))
                break
            yield _Part(run, rule)
            for onset in run:
                del group[onset.wall]


def _anchored(opening: _Onset, parts: Sequence[_Part]) -> list[_Part]:
    """`parts`, with something to say for the time before the first of them.

    Rules that can have held before the window opens are told from 1970 on, if that leads to the observance it opens with;
    else that observance is a component of its own.
    """
    held = [part for part in parts if part.rule and part.turn_before() < opening.at]
    last = max((part for part in held), key=_Part.turn_before, default=None)
    if last and last.first[2:] == opening[2:]:
        return [part._replace(anchored=part in held) for part in parts]
    from_the_anchor = datetime(_ANCHOR_YEAR, 1, 1, tzinfo=UTC) - opening.before
    return [_Part([opening._replace(at=from_the_anchor)]), *parts]


def vtimezone(zone: ZoneInfo, *, since: int = FIRST_YEAR) -> tuple[str, ...]:
    """The VTIMEZONE of `zone` as content lines, unfolded and without line ends. The same for a zone whatever it is used for.

    Right from the year `since` through LAST_YEAR. A later `since` leaves out rules long gone: of several STANDARD components
    Outlook reads one (MS-OXCICAL §2.1.3.1.1.19.2). Raises InvalidValue for a zone that is not an IANA zone.
    """
    named = _named_zone(zone.key) if zone.key else None
    if named is None:
        raise InvalidValue("ZoneInfo", "key", "needs the name of an IANA zone other than UTC", value=zone)
    if not FIRST_YEAR <= since <= LAST_YEAR:
        raise InvalidValue("vtimezone", "since", f"needs a year from {FIRST_YEAR} to {LAST_YEAR}", value=since)
    return _vtimezone(named.key, since)


@lru_cache(maxsize=1024)
def _vtimezone(key: str, since: int) -> tuple[str, ...]:
    opening, *changes = _onsets(ZoneInfo(key), since)
    parts = _anchored(opening, list(_parts(changes)))
    ordered = sorted(parts, key=lambda part: (part.begin, part.first.at))
    return ("BEGIN:VTIMEZONE", f"TZID:{key}", *(line for part in ordered for line in part.lines()), "END:VTIMEZONE")
