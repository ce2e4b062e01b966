"""Why a time is offered, and why there is none, in words for the explorer."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final

from infoint.model import fields
from infoint.practice.counted import counted
from infoint.practice.intervals import Interval, midnight
from infoint.practice.open_times import Drawback, OpenTimes, Side, everybody

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR: Final = timedelta(hours=2)
"""Appointments no farther from the talk are told of."""
SHOWN: Final = 80
"""Characters of an appointment's name."""
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


def _listed(items: Sequence[str]) -> str:
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def _spelt(length: timedelta) -> str:
    """As in: 2 days; 24 hours; 1 hour 30 minutes. Seconds are left out."""
    if length >= 2 * _DAY and not length % _DAY:
        return f"{length.days} days"
    hours, minutes = divmod(length // _MINUTE, 60)
    parts = [counted(number, unit) for number, unit in ((hours, "hour"), (minutes, "minute")) if number]
    return " ".join(parts) or "less than a minute"


# ── why this one ─────────────────────────────────────────────────────────────────────────────────
class Reasons:
    """Gives the reasons of each start; the appointments are put in order once for all."""

    def __init__(self, found: OpenTimes) -> None:
        """`found` is what was looked at."""
        self._found = found
        # Of several that end at one moment, always the same is named, however they were given.
        self._by_end = sorted(found.taken, key=attrgetter("end", "name"))

    def of(self, start: datetime) -> tuple[str, ...]:
        """What speaks for a possible start, and what to know about it."""
        reasons = chain(self._clocks(start), self._appointments(start), self._way(), self._drawbacks(start), self._assumed())
        return tuple(reason[: fields.LINE_LIMIT] for reason in reasons)

    def _clocks(self, start: datetime) -> Iterator[str]:
        mine, *theirs = (start.astimezone(side.zone) for side in self._found.sides)
        others = {
            _place(side): local
            for side, local in zip(self._found.sides[1:], theirs, strict=True)
            if local.replace(tzinfo=None) != mine.replace(tzinfo=None)
        }
        if not others:
            yield f"{mine:%H:%M} for {'you both' if len(self._found.people) == 1 else 'all of you'}"
            return
        told = [
            f"{local:%H:%M} {'' if local.date() == mine.date() else f'on {WEEKDAYS[local.weekday()]} '}in {place}"
            for place, local in others.items()
        ]
        yield ", ".join([f"{mine:%H:%M} for you", *told])

    def _appointments(self, start: datetime) -> Iterator[str]:
        end = start + self._found.duration
        day = start.astimezone(self._found.zone).date()
        place = bisect_right(self._by_end, start, key=attrgetter("end"))
        before = self._by_end[place - 1] if place else None
        place = bisect_left(self._found.taken, end, key=attrgetter("start"))
        after = self._found.taken[place] if place < len(self._found.taken) else None
        if before and start - before.end <= NEAR:
            yield _gap(start - before.end, "after", before.name)
        if after and after.start - end <= NEAR:
            yield _gap(after.start - end, "before", after.name)
        alone_since = before is None or before.end <= midnight(day, self._found.zone)
        alone_until = after is None or after.start >= midnight(day + _DAY, self._found.zone)
        if self._found.taken and alone_since and alone_until:
            yield "nothing else that day"

    def _way(self) -> Iterator[str]:
        if self._found.way:
            yield f"keeps {_spelt(self._found.way)} for the way there, and for the way back"

    def _drawbacks(self, start: datetime) -> Iterator[str]:
        end = start + self._found.duration
        by_side = {side: set(side.drawbacks(start, end)) for side in self._found.sides}
        for drawback in Drawback:
            there = [self._for(side) for side, drawbacks in by_side.items() if drawback in drawbacks]
            if there:
                yield f"{drawback} {_listed(there)}"

    def _for(self, side: Side) -> str:
        if side.is_explorer:
            return "for you"
        return "for them" if side.zone == self._found.zone else f"in {_place(side)}"

    def _assumed(self) -> Iterator[str]:
        strangers = [person.name for person in self._found.people if person.zone is None]
        if strangers:
            yield f"no zone is known for {_listed(strangers)}, so yours is taken"


def _place(side: Side) -> str:
    """As in: Madrid."""
    return side.zone.key.rpartition("/")[2].replace("_", " ")


def _gap(length: timedelta, word: str, name: str) -> str:
    name = "another appointment" if not name else name if len(name) <= SHOWN else f"{name[: SHOWN - 1].rstrip()}…"
    return f"leaves {_spelt(length)} {word} {name}" if length >= _MINUTE else f"right {word} {name}"


# ── why none ─────────────────────────────────────────────────────────────────────────────────────
def obstacles(found: OpenTimes) -> Iterator[str]:
    """What leaves no room for the talk, first what lies deepest: hours, working days, notice, appointments, the step."""
    return chain(_hours(found), _working_days(found), _what_is_left(found))


def _hours(found: OpenTimes) -> Iterator[str]:
    # Longer than what was asked for: whether hours meet at all does not hang on the day.
    span = found.days[0] - _DAY, found.days[1] + _DAY
    mine, *theirs = found.sides
    for sides in ((mine,), *((mine, side) for side in theirs), found.sides):
        longest = _longest(everybody(sides, span, any_day=True))
        if longest >= found.duration:
            continue
        takes = f"{_spelt(longest)}, and the talk takes {_spelt(found.duration)}"
        if len(sides) == 1:
            yield f"Your hours for talks, {_hours_of(mine)}, leave at most {takes}" if longest else _no_hours_of_mine(found)
        elif longest:
            yield f"Common working hours {_between(sides)} last at most {takes}"
        else:
            yield f"No common working hours {_between(sides)}: {_listed([f'{_hours_of(one)} in {_place(one)}' for one in sides])}"


def _no_hours_of_mine(found: OpenTimes) -> str:
    profile, policy = found.campaign.profile, found.policy
    return (
        f"Your working hours, {profile.work_from:%H:%M}–{profile.work_until:%H:%M}, lie outside of "
        f"{policy.earliest:%H:%M}–{policy.latest:%H:%M}, when talks may be held"
    )


def _hours_of(side: Side) -> str:
    return f"{side.opens:%H:%M}–{side.closes:%H:%M}"


def _between(sides: Sequence[Side]) -> str:
    return f"between {_listed([_place(side) for side in sides])}"


def _working_days(found: OpenTimes) -> Iterator[str]:
    if _longest(found.sides[0].hours(found.days)) < found.duration:
        yield f"No working day of yours up to {found.until}: weekends and holidays"
    if _longest(found.working_time) < found.duration:
        yield f"No working day in common up to {found.until}: weekends and holidays on either side"


def _what_is_left(found: OpenTimes) -> Iterator[str]:
    if _longest(found.in_time) < found.duration:
        yield f"With {_spelt(found.rules.notice)} of notice, no common working hours are left up to {found.until}"
    longest = _longest(found.free)
    takes = f"the talk takes {_spelt(found.duration)}"
    if longest < found.duration:
        room = f"the longest time free is {_spelt(longest)}" if longest else "nothing is free"
        kept = found.rules.before + found.rules.after + 2 * found.way
        beside = f", beside {_spelt(kept)} kept free around it" if kept else ""
        yield f"All common working hours up to {found.until} are taken: {room}, and {takes}{beside}"
    yield f"There is room, but none that begins on a multiple of {_spelt(found.rules.step)}: {takes}"


def _longest(intervals: Sequence[Interval]) -> timedelta:
    return max((end - start for start, end in intervals), default=timedelta(0))
