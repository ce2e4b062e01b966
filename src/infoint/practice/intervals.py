"""Stretches of time as pairs of UTC instants, and how the clock of a zone runs through them. Whose time it is, and what it is
good for, is `open_times`'s.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

Interval: TypeAlias = tuple[datetime, datetime]
"""Start and end in UTC; the end is no longer part of it."""

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


# ── arithmetic; what comes out of `merged` is what the others take ───────────────────────────────
def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """In order of time; those that overlap or touch are one."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((start, end))
    return result


def common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What lies in both; goes through each once."""
    result: list[Interval] = []
    left = right = 0
    while left < len(one) and right < len(other):
        start = max(one[left][0], other[right][0])
        end = min(one[left][1], other[right][1])
        if start < end:
            result.append((start, end))
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1
    return result


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """What is left when `taken` is taken away."""
    edges = [_BEGINNING, *(edge for interval in taken for edge in interval), _END]
    return common(intervals, list(zip(edges[::2], edges[1::2], strict=True)))


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins: where the clocks skip midnight, at the skip; where they show it twice, the first time. In UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def since_midnight(clock: time) -> timedelta:
    """By the clock, whatever elapses."""
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def daily(zone: ZoneInfo, opens: time, closes: time, counts: Callable[[date], bool], span: Interval) -> list[Interval]:
    """The time in `span` when the clock of the zone shows `opens` or later but not yet `closes`, on days that count.
    Read off the clock from moment to moment: where it is put back, an hour may count twice, or close and open again.
    """
    windows: list[Interval] = []
    for stretch in _stretches(zone, span):
        day = (stretch.start + stretch.offset).date()
        while (begins := datetime.combine(day, time(), UTC) - stretch.offset) < stretch.end:
            start = max(begins + since_midnight(opens), stretch.start)
            end = min(begins + since_midnight(closes), stretch.end)
            if start < end and counts(day):
                windows.append((start, end))
            day += _DAY
    return merged(windows)


def ticks(zone: ZoneInfo, step: timedelta, span: Interval) -> Iterator[datetime]:
    """The moments, both ends of `span` included, when the clock of the zone shows a whole multiple of `step` since midnight."""
    first, last = span
    for stretch in _stretches(zone, (first, last + _SECOND)):
        shown = max(first, stretch.start) + stretch.offset
        tick = shown + (_BEGINNING - shown) % step - stretch.offset
        while tick < stretch.end and tick <= last:
            yield tick
            tick += step


class _Stretch(NamedTuple):
    """While the zone keeps one offset from UTC."""

    start: datetime
    end: datetime
    offset: timedelta


def _stretches(zone: ZoneInfo, span: Interval) -> Iterator[_Stretch]:
    start, end = span
    while start < end:
        change = _next_change(zone, start, end)
        yield _Stretch(start, change, _offset(zone, start))
        start = change


def _next_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """When the offset changes next, or the end. Looks once a day: no zone changes and changes back within one."""
    offset = _offset(zone, start)
    before = start
    while before < end:
        after = min(before + _DAY, end)
        if _offset(zone, after) != offset:
            return _changed_by(zone, offset, before, after)
        before = after
    return end


def _changed_by(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    # Changes fall on whole seconds.
    before, after = (
        before.replace(microsecond=0),
        after.replace(microsecond=0) + (_SECOND if after.microsecond else timedelta(0)),
    )
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
