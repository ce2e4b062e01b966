"""Which times to offer somebody for a talk, and why; why there is none. What is possible at all is `open_times`'s; putting the
times into a letter or a calendar is for others.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Any, Final, NamedTuple

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.interview import Interview
from infoint.practice.open_times import OpenTimes
from infoint.practice.policy import Policy
from infoint.practice.slot_rules import Busy, SlotRules
from infoint.practice.time_reasons import WEEKDAYS, Reasons, obstacles

__all__ = ["Busy", "Slot", "SlotRules", "open_starts", "propose_times", "why_no_times"]

_NEW_PART: Final = 3
"""Days that a time in another part of the day is worth waiting for."""
_NEW_DAY: Final = 7
"""Days that a time on another day is worth waiting for."""


def _compared(value: tuple[datetime, ...]) -> object:
    return tuple(map(fields.instant_and_zone, value))


def _as_moments(value: Iterable[datetime]) -> tuple[datetime, ...]:
    return tuple(map(fields.as_zoned, value)) if isinstance(value, Iterable) else value


def _later(slot: "Slot", attribute: Any, value: datetime) -> None:
    if fields.instant(value) <= fields.instant(slot.start):
        raise InvalidValue("Slot", attribute.name, "must be later than start", value=value)


@frozen
class Slot:
    """A time both could meet. `Meeting(start=slot.start, duration=slot.duration, format=…)` takes it; `print(slot)` gives a line."""

    start: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    """In the explorer's zone."""
    end: datetime = field(converter=fields.as_zoned, validator=[fields.zoned(), _later], eq=fields.instant_and_zone)
    theirs: tuple[datetime, ...] = field(
        default=(), converter=_as_moments, validator=fields.tuple_of(datetime, each=fields.zoned()), eq=_compared
    )
    """The start on the clocks of those asked: one for each zone, in their order. A zone nobody knows is taken to be the explorer's."""
    reasons: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    """What speaks for it, and what to know about it. For the explorer: they name appointments and people."""

    @property
    def duration(self) -> timedelta:
        """Elapsed time, whatever the clocks do meanwhile."""
        return fields.instant(self.end) - fields.instant(self.start)

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "; ".join(self.reasons)

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.start.weekday()][:3]} {self.start:%Y-%m-%d %H:%M} ({self.start.tzinfo}): {self.why}"


# ── the three questions ──────────────────────────────────────────────────────────────────────────
def propose_times(
    interview: Interview,
    campaign: Campaign,
    *,
    busy: Iterable[Busy],
    after: datetime,
    until: date,
    rules: SlotRules | None = None,
    policy: Policy | None = None,
) -> tuple[Slot, ...]:
    """Times to offer for the talk, the best first; none where nothing is open (`why_no_times` says why). Asked for at `after`
    (zoned; the notice counts from it), up to the end of the day `until` in the explorer's zone. The same facts give the same times.

    What always holds of each:

    - From start to end it is a working day and hour for the explorer (the profile's hours) and for all who are asked, on the clock
      of each, and within the policy's `earliest` and `latest`.
    - It keeps `before`, `after` and the way free of everything in `busy`, and of the campaign's other agreed talks.
    - It begins no sooner than the notice allows, when the explorer's clock shows a multiple of the step.
    - No two of them overlap.

    They are spread over days and parts of the day, on the calendar of whoever is asked: a time on another day is worth waiting
    a week for, one in another part of the day three days. Within these, first what lies off midday and off the edges of everybody's
    day, then full hours, then what is sooner. One time more never changes those before it.

    Raises NaiveTime, InvalidValue for what is no busy time, or a last day that is past or more than a year ahead, and NotFound
    for people the campaign does not hold.
    """
    found = OpenTimes(interview=interview, campaign=campaign, busy=busy, after=after, until=until, rules=rules, policy=policy)
    reasons = Reasons(found)
    return tuple(_slot(start, found, reasons) for start in _chosen(found))


def open_starts(
    interview: Interview,
    campaign: Campaign,
    *,
    busy: Iterable[Busy],
    after: datetime,
    until: date,
    rules: SlotRules | None = None,
    policy: Policy | None = None,
) -> tuple[datetime, ...]:
    """Every start `propose_times` may choose from, in the explorer's zone, in order of time: for a page to pick one on. `count` does
    not matter here. Raises as `propose_times`.
    """
    found = OpenTimes(interview=interview, campaign=campaign, busy=busy, after=after, until=until, rules=rules, policy=policy)
    return tuple(start.astimezone(found.zone) for start in found.starts)


def why_no_times(
    interview: Interview,
    campaign: Campaign,
    *,
    busy: Iterable[Busy],
    after: datetime,
    until: date,
    rules: SlotRules | None = None,
    policy: Policy | None = None,
) -> str:
    """What keeps the talk from finding a time, in a sentence for the explorer: the first of hours, working days, notice, appointments
    and step that leaves no room for it. "" where there is a time. Raises as `propose_times`.
    """
    found = OpenTimes(interview=interview, campaign=campaign, busy=busy, after=after, until=until, rules=rules, policy=policy)
    return "" if found.starts else next(obstacles(found))


def _slot(start: datetime, found: OpenTimes, reasons: Reasons) -> Slot:
    return Slot(
        start=start.astimezone(found.zone),
        end=(start + found.duration).astimezone(found.zone),
        theirs=tuple(start.astimezone(side.zone) for side in found.sides[1:]),
        reasons=reasons.of(start),
    )


# ── which to offer ───────────────────────────────────────────────────────────────────────────────
class _Part(IntEnum):
    """Of the day."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2

    @classmethod
    def of(cls, clock: time) -> "_Part":
        return cls((clock >= time(12)) + (clock >= time(18)))


class _Period(NamedTuple):
    """A part of a day on the calendar of whoever is asked."""

    day: date
    part: _Part


def _chosen(found: OpenTimes) -> Iterator[datetime]:
    """The best first, each resting on those before."""
    waiting = _by_period(found)
    if not waiting:
        return
    first_day = min(waiting).day
    offered: Counter[date | _Part | _Period] = Counter()
    gone: set[datetime] = set()

    def cost(period: _Period) -> tuple[int, int, int, _Period]:
        days = (period.day - first_day).days
        waiting_for = days + _NEW_PART * offered[period.part] + _NEW_DAY * offered[period.day]
        return waiting_for, offered[period.day], offered[period], period

    for _ in range(found.rules.count):
        for period, starts in [*waiting.items()]:
            while starts and starts[-1] in gone:
                starts.pop()
            if not starts:
                del waiting[period]
        if not waiting:
            return
        best = min(waiting, key=cost)
        start = waiting[best][-1]
        offered.update((best.day, best.part, best))
        gone.update(_overlapping(start, found))
        yield start


def _by_period(found: OpenTimes) -> dict[_Period, list[datetime]]:
    """All possible starts, in each period the best last."""
    zone = found.sides[1].zone
    periods: defaultdict[_Period, list[datetime]] = defaultdict(list)
    for start in found.starts:
        local = start.astimezone(zone)
        periods[_Period(local.date(), _Part.of(local.time()))].append(start)
    for starts in periods.values():
        starts.sort(key=lambda start: _worth(start, found), reverse=True)
    return dict(periods)


def _worth(start: datetime, found: OpenTimes) -> tuple[int, int, datetime]:
    """The lower, the better."""
    end = start + found.duration
    drawbacks = sum(1 for side in found.sides for _ in side.drawbacks(start, end))
    return drawbacks, sum(_roundness(start.astimezone(side.zone).minute) for side in found.sides), start


def _roundness(minute: int) -> int:
    """Full hours are easiest to say and to keep, then half, then quarter ones."""
    return next(place for place, step in enumerate((60, 30, 15, 1)) if minute % step == 0)


def _overlapping(start: datetime, found: OpenTimes) -> tuple[datetime, ...]:
    """Starts of talks that would overlap the one that begins here, itself included: nobody is helped by 10:00 or 10:15."""
    begin = bisect_right(found.starts, start - found.duration)
    return found.starts[begin : bisect_left(found.starts, start + found.duration)]
