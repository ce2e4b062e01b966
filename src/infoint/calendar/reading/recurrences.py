"""Which instances of an event, or of a series with its exceptions, touch a stretch of time (RFC 5545 §3.8.4.4, §3.8.5), in the wall
time of its zone. The times of a single rule are `recurrence_walls`'s.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from infoint.calendar.reading.components import Duration, Edge, ReadComponent, is_timed
from infoint.calendar.reading.recurrence_rule import RecurrenceRule
from infoint.calendar.reading.recurrence_walls import Steps, walls
from infoint.errors import InvalidValue

_FARTHEST_ZONES: Final = timedelta(days=2)
"""More than lies between the clocks of any two zones."""
_EARLIEST: Final = datetime(1, 1, 1)  # noqa: DTZ001 - what clocks show
_FARTHEST_SHIFT: Final = timedelta(days=366)
_SECOND: Final = timedelta(seconds=1)


@frozen
class Stretch:
    """From `after` to `before`, both zoned; days are those of `zone`."""

    after: datetime
    before: datetime
    zone: ZoneInfo

    def instant(self, edge: Edge) -> datetime:
        """In UTC; of a day, its midnight."""
        at = edge if isinstance(edge, datetime) else datetime.combine(edge, time(), self.zone)
        return at.astimezone(UTC)

    def is_touched(self, start: Edge, end: Edge) -> bool:
        """Whether any of the time between lies within."""
        return self.instant(start) < self.before and self.instant(end) > self.after


class Instance(NamedTuple):
    """One time of an event."""

    start: Edge
    end: Edge
    """No longer part of it; the same as `start` where it takes no time."""
    told_by: ReadComponent


def instances(
    series: ReadComponent, changes: Sequence[ReadComponent], stretch: Stretch, steps: Steps | None = None
) -> Iterator[Instance]:
    """Those of `series` that touch `stretch`, in no order. `changes` are its components with a RECURRENCE-ID: each stands for the
    instance it names or, with RANGE=THISANDFUTURE, for all from there on, moved by as much as that one is. A DTSTART that its own
    rule does not meet is an instance nevertheless (§3.8.5.3).

    Raises InvalidValue for a series without DTSTART, for what contradicts itself, and where `steps` are used up.
    """
    steps = steps or Steps()
    if series.start is None:
        raise InvalidValue("series", "DTSTART", "is missing")
    if not (changes or series.is_recurring or series.except_rules or series.exdates):
        yield from _touching(Instance(series.start, _end(series.start, series.length), series), stretch)
        return
    later = _Later([change for change in changes if change.this_and_future], stretch)
    single = [change for change in changes if not change.this_and_future]
    replaced = _Marks(series.start, [_told_id(change) for change in single])
    for wall, length in _walls(series, _reach(series, later, stretch), steps).items():
        told = _edge(series.start, wall)
        if told in replaced:
            continue
        yield from _touching(_instance(told, length, series, later.change_at(told)), stretch)
    for change in single:
        steps.take()
        if change.start is None:
            raise InvalidValue("series", "DTSTART", "is missing in a changed instance")
        yield from _touching(Instance(change.start, _end(change.start, change.length), change), stretch)


def _touching(instance: Instance, stretch: Stretch) -> Iterator[Instance]:
    if stretch.is_touched(instance.start, instance.end):
        yield instance


# ── times and days alike ─────────────────────────────────────────────────────────────────────────
def _wall(edge: Edge) -> datetime:
    """On the clock of its own zone; of a day, its midnight."""
    return edge.replace(tzinfo=None) if isinstance(edge, datetime) else datetime.combine(edge, time())


def _edge(like: Edge, wall: datetime) -> Edge:
    """`wall` as what `like` is: a time of the same zone, or a day."""
    return wall.replace(tzinfo=like.tzinfo) if isinstance(like, datetime) else wall.date()


def _wall_like(like: Edge, edge: Edge) -> datetime:
    """`edge` on the clock of `like`. Where one is a day and the other a time, what they lack is the other's."""
    if isinstance(like, datetime) and isinstance(edge, datetime):
        return _wall(edge if edge.tzinfo is like.tzinfo else edge.astimezone(like.tzinfo))
    if isinstance(like, datetime):
        return datetime.combine(edge, like.time())
    return datetime.combine(_wall(edge).date(), time())


def _end(start: Edge, length: Duration | None) -> Edge:
    if length is not None:
        return length.after(start)
    return start if is_timed(start) else start + timedelta(days=1)


class _Marks:
    """Instances that EXDATEs or RECURRENCE-IDs name. A day names whatever begins on it: many write one for a time."""

    def __init__(self, start: Edge, edges: Sequence[Edge]) -> None:
        self._times = {edge.astimezone(UTC) for edge in edges if isinstance(edge, datetime)}
        self._days = {_wall(edge).date() for edge in edges if not (is_timed(edge) and is_timed(start))}

    def __contains__(self, edge: object) -> bool:
        if isinstance(edge, datetime):
            return edge.astimezone(UTC) in self._times or edge.date() in self._days
        return edge in self._days


# ── which there are ──────────────────────────────────────────────────────────────────────────────
class _Reach(NamedTuple):
    """Where an instance may begin that touches the stretch, on any clock."""

    after: datetime
    before: datetime


def _reach(series: ReadComponent, later: "_Later", stretch: Stretch) -> _Reach:
    lengths = [change.length or Duration() for change in (series, *later.changes)]
    longest = max(timedelta(days=length.days) + length.exact for length in lengths)
    after, before = (at.astimezone(UTC).replace(tzinfo=None) for at in (stretch.after, stretch.before))
    room = _FARTHEST_ZONES + later.farthest
    return _Reach(after - room - min(longest, after - room - _EARLIEST), before + room)


def _walls(series: ReadComponent, reach: _Reach, steps: Steps) -> dict[datetime, Duration | None]:
    """When instances begin, on the clock of DTSTART, and how long each is."""
    start = series.start
    assert start is not None  # noqa: S101 - `instances` has seen to it
    first = _wall(start)
    found: dict[datetime, Duration | None] = {}
    if reach.after <= first < reach.before:
        found[first] = series.length
    for rule in series.rules:
        found |= dict.fromkeys(_of_rule(_counted(rule, start, steps), start, reach, steps), series.length)
    steps.take(len(series.rdates) + len(series.exdates))
    for period in series.rdates:
        wall = _wall_like(start, period.start)
        if reach.after <= wall < reach.before:
            found[wall] = Duration.between(period.start, period.end) if period.end is not None else series.length
    for rule in series.except_rules:
        for wall in _of_rule(rule, start, reach, steps):
            found.pop(wall, None)
    if series.exdates:
        without = _Marks(start, series.exdates)
        found = {wall: length for wall, length in found.items() if _edge(start, wall) not in without}
    return found


def _of_rule(rule: RecurrenceRule, start: Edge, reach: _Reach, steps: Steps) -> Iterator[datetime]:
    until = rule.until
    if until is not None and until.tzinfo:
        # An instant, also where the rule is one of days: then its day.
        until = _wall(until.astimezone(start.tzinfo)) if isinstance(start, datetime) else _wall(until)
    return walls(rule, _wall(start), after=reach.after, before=reach.before, until=until, steps=steps)


def _counted(rule: RecurrenceRule, start: Edge, steps: Steps) -> RecurrenceRule:
    """DTSTART counts as the first of COUNT, whether the rule meets it or not (§3.3.10)."""
    if rule.count is None:
        return rule
    first = _wall(start)
    meets = any(True for _ in walls(rule, first, after=first, before=first + _SECOND, until=None, steps=steps))
    return rule if meets else evolve(rule, count=rule.count - 1)


# ── this and all later ones ──────────────────────────────────────────────────────────────────────
def _told_id(change: ReadComponent) -> Edge:
    if change.recurrence_id is None:
        raise InvalidValue("series", "RECURRENCE-ID", "is missing in a changed instance")
    return change.recurrence_id


def _shift(change: ReadComponent) -> timedelta:
    told = _told_id(change)
    if change.start is None or is_timed(change.start) is not is_timed(told):
        raise InvalidValue("series", "RECURRENCE-ID", "needs a DTSTART of its kind, a day or a time, to change all later ones")
    shift = _wall(change.start) - _wall_like(change.start, told)
    if abs(shift) > _FARTHEST_SHIFT:
        raise InvalidValue("series", "RECURRENCE-ID", f"moves all later ones by more than {_FARTHEST_SHIFT.days} days")
    return shift


class _Later:
    """Changes with RANGE=THISANDFUTURE, in order."""

    def __init__(self, changes: Sequence[ReadComponent], stretch: Stretch) -> None:
        self._stretch = stretch
        self.changes = sorted(changes, key=self._since)
        self._from = [self._since(change) for change in self.changes]
        self.farthest = max((abs(_shift(change)) for change in changes), default=timedelta(0))

    def _since(self, change: ReadComponent) -> datetime:
        return self._stretch.instant(_told_id(change))

    def change_at(self, told: Edge) -> ReadComponent | None:
        """The one in force for the instance at `told`."""
        begun = bisect_right(self._from, self._stretch.instant(told))
        return self.changes[begun - 1] if begun else None


def _instance(told: Edge, length: Duration | None, series: ReadComponent, change: ReadComponent | None) -> Instance:
    if change is None or change.start is None:
        return Instance(told, _end(told, length), series)
    start = _edge(change.start, _wall_like(change.start, told) + _shift(change))
    return Instance(start, _end(start, change.length), change)
