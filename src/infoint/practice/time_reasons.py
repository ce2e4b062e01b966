"""Why a time is offered, and why there is none, in words for the explorer and in their language."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from infoint.model import fields
from infoint.practice.intervals import Interval, midnight
from infoint.practice.open_times import Drawback, OpenTimes, Side, everybody
from infoint.practice.places import clock_of, place_of
from infoint.practice.sentences import listed, sentence

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR: Final = timedelta(hours=2)
"""Appointments no farther from the talk are told of."""
SHOWN: Final = 80
"""Characters of an appointment's name."""
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


class Saying:
    """The words for it, in one language."""

    def __init__(self, language: str) -> None:
        """A BCP 47 tag."""
        self._language = language

    def say(self, key: str, **fields: str) -> str:
        """A sentence of ours, or a part of one."""
        return sentence(f"times.{key}", self._language, **fields)

    def listed(self, items: Iterable[str]) -> str:
        """As in: Madrid and Chicago."""
        return listed(items, self._language)

    def place(self, zone: ZoneInfo) -> str:
        """As in: Madrid."""
        return place_of(zone, self._language) or clock_of(zone)

    def spelt(self, length: timedelta) -> str:
        """As in: 2 days; 24 hours; 1 hour 30 minutes. Seconds are left out."""
        if length >= 2 * _DAY and not length % _DAY:
            return self.say("days", count=str(length.days))
        hours, minutes = divmod(length // _MINUTE, 60)
        parts = [
            self.say(unit if number == 1 else f"{unit}s", count=str(number))
            for number, unit in ((hours, "hour"), (minutes, "minute"))
            if number
        ]
        return " ".join(parts) or self.say("no-minute")

    def weekday(self, on: date) -> str:
        """As in: Monday."""
        return self.say(f"weekday-{on.isoweekday()}")


# ── why this one ─────────────────────────────────────────────────────────────────────────────────
class Reasons:
    """Gives the reasons of each start; the appointments are put in order once for all."""

    def __init__(self, found: OpenTimes) -> None:
        """`found` is what was looked at."""
        self._found = found
        self._words = Saying(found.campaign.profile.language)
        # Of several that end at one moment, always the same is named, however they were given.
        self._by_end = sorted(found.taken, key=attrgetter("end", "name"))

    def of(self, start: datetime) -> tuple[str, ...]:
        """What speaks for a possible start, and what to know about it."""
        reasons = chain(self._clocks(start), self._appointments(start), self._way(), self._drawbacks(start), self._assumed())
        return tuple(reason[: fields.LINE_LIMIT] for reason in reasons)

    def _clocks(self, start: datetime) -> Iterator[str]:
        mine, *theirs = (start.astimezone(side.zone) for side in self._found.sides)
        others = {
            self._words.place(side.zone): local
            for side, local in zip(self._found.sides[1:], theirs, strict=True)
            if local.replace(tzinfo=None) != mine.replace(tzinfo=None)
        }
        if not others:
            yield self._words.say("for-both" if len(self._found.people) == 1 else "for-all", clock=f"{mine:%H:%M}")
            return
        told = [self._there(local, mine, place) for place, local in others.items()]
        yield ", ".join([self._words.say("for-you", clock=f"{mine:%H:%M}"), *told])

    def _there(self, local: datetime, mine: datetime, place: str) -> str:
        clock = f"{local:%H:%M}"
        if local.date() == mine.date():
            return self._words.say("there", clock=clock, place=place)
        return self._words.say("there-on", clock=clock, weekday=self._words.weekday(local), place=place)

    def _appointments(self, start: datetime) -> Iterator[str]:
        end = start + self._found.duration
        day = start.astimezone(self._found.zone).date()
        place = bisect_right(self._by_end, start, key=attrgetter("end"))
        before = self._by_end[place - 1] if place else None
        place = bisect_left(self._found.taken, end, key=attrgetter("start"))
        after = self._found.taken[place] if place < len(self._found.taken) else None
        if before and start - before.end <= NEAR:
            yield self._gap(start - before.end, "after", before.name)
        if after and after.start - end <= NEAR:
            yield self._gap(after.start - end, "before", after.name)
        alone_since = before is None or before.end <= midnight(day, self._found.zone)
        alone_until = after is None or after.start >= midnight(day + _DAY, self._found.zone)
        if self._found.taken and alone_since and alone_until:
            yield self._words.say("alone")

    def _way(self) -> Iterator[str]:
        if self._found.way:
            yield self._words.say("way", length=self._words.spelt(self._found.way))

    def _drawbacks(self, start: datetime) -> Iterator[str]:
        end = start + self._found.duration
        by_side = {side: set(side.drawbacks(start, end)) for side in self._found.sides}
        for drawback in Drawback:
            there = [self._for(side) for side, drawbacks in by_side.items() if drawback in drawbacks]
            if there:
                yield self._words.say(drawback.replace(" ", "-"), whom=self._words.listed(there))

    def _for(self, side: Side) -> str:
        if side.is_explorer:
            return self._words.say("whom-you")
        return (
            self._words.say("whom-them")
            if side.zone == self._found.zone
            else self._words.say("whom-in", place=self._words.place(side.zone))
        )

    def _assumed(self) -> Iterator[str]:
        strangers = [person.name for person in self._found.people if person.zone is None]
        if strangers:
            yield self._words.say("zone-unknown", names=self._words.listed(strangers))

    def _gap(self, length: timedelta, word: str, name: str) -> str:
        if not name:
            name = self._words.say("appointment")
        elif len(name) > SHOWN:
            name = f"{name[: SHOWN - 1].rstrip()}…"
        if length < _MINUTE:
            return self._words.say(f"right-{word}", name=name)
        return self._words.say(word, length=self._words.spelt(length), name=name)


# ── why none ─────────────────────────────────────────────────────────────────────────────────────
def obstacles(found: OpenTimes) -> Iterator[str]:
    """What leaves no room for the talk, first what lies deepest: hours, working days, notice, appointments, the step."""
    words = Saying(found.campaign.profile.language)
    return chain(_hours(found, words), _working_days(found, words), _what_is_left(found, words))


def _hours(found: OpenTimes, words: Saying) -> Iterator[str]:
    # Longer than what was asked for: whether hours meet at all does not hang on the day.
    span = found.days[0] - _DAY, found.days[1] + _DAY
    mine, *theirs = found.sides
    for sides in ((mine,), *((mine, side) for side in theirs), found.sides):
        longest = _longest(everybody(sides, span, any_day=True))
        if longest >= found.duration:
            continue
        length, needed = words.spelt(longest), words.spelt(found.duration)
        places = words.listed(words.place(side.zone) for side in sides)
        if len(sides) == 1:
            short = words.say("hours-short", hours=_hours_of(mine), length=length, needed=needed)
            yield short if longest else _no_hours_of_mine(found, words)
        elif longest:
            yield words.say("common-short", places=places, length=length, needed=needed)
        else:
            each = words.listed(words.say("hours-in", hours=_hours_of(one), place=words.place(one.zone)) for one in sides)
            yield words.say("common-none", places=places, hours=each)


def _no_hours_of_mine(found: OpenTimes, words: Saying) -> str:
    profile, policy = found.campaign.profile, found.policy
    mine, allowed = (profile.work_from, profile.work_until), (policy.earliest, policy.latest)
    return words.say("hours-outside", hours=_from_until(*mine), allowed=_from_until(*allowed))


def _hours_of(side: Side) -> str:
    return _from_until(side.opens, side.closes)


def _from_until(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}–{closes:%H:%M}"


def _working_days(found: OpenTimes, words: Saying) -> Iterator[str]:
    if _longest(found.sides[0].hours(found.days)) < found.duration:
        yield words.say("no-day", day=str(found.until))
    if _longest(found.working_time) < found.duration:
        yield words.say("no-common-day", day=str(found.until))


def _what_is_left(found: OpenTimes, words: Saying) -> Iterator[str]:
    until, needed = str(found.until), words.spelt(found.duration)
    if _longest(found.in_time) < found.duration:
        yield words.say("no-notice", notice=words.spelt(found.rules.notice), day=until)
    longest = _longest(found.free)
    if longest < found.duration:
        room = words.say("room", length=words.spelt(longest)) if longest else words.say("no-room")
        taken = words.say("taken", day=until, room=room, needed=needed)
        kept = found.rules.before + found.rules.after + 2 * found.way
        yield words.say("taken-beside", taken=taken, length=words.spelt(kept)) if kept else taken
    yield words.say("no-step", step=words.spelt(found.rules.step), needed=needed)


def _longest(intervals: Sequence[Interval]) -> timedelta:
    return max((end - start for start, end in intervals), default=timedelta(0))
