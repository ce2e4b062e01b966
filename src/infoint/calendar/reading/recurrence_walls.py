"""The times a recurrence rule means, on the clock of DTSTART: period by period (RFC 5545 §3.3.10), in bounded work. Knows no zones.

dateutil's `rrule` looks for the next instance until the year 9999 and cannot be stopped meanwhile: a short rule without instances
(30 February, every day) keeps it busy for seconds, and a file may hold thousands.
"""

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count as count_from, product
from typing import Final, TypeAlias

from infoint.calendar.reading.recurrence_rule import RecurrenceRule, RuleFrequency
from infoint.errors import InvalidValue

MOST_STEPS: Final = 200_000
"""Days looked at and times found, for all rules of a file together: a second of work, and far more than a year of any calendar."""
_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_UNITS: Final = {
    RuleFrequency.HOURLY: timedelta(hours=1),
    RuleFrequency.MINUTELY: timedelta(minutes=1),
    RuleFrequency.SECONDLY: timedelta(seconds=1),
}
_Check: TypeAlias = Callable[[date], bool]


class Steps:
    """How much work is left. One for a whole file: many rules are as slow as a long one."""

    def __init__(self, limit: int = MOST_STEPS, *, of: "Steps | None" = None) -> None:
        """`limit`: days looked at and times found. `of` is what they are a share of: so one rule cannot use up all there is."""
        self._left, self._of = limit, of

    def take(self, steps: int = 1) -> None:
        """Raises InvalidValue where nothing is left."""
        self._left -= steps
        if self._left < 0:
            raise InvalidValue("RRULE", "steps", "takes more steps than are followed")
        if self._of is not None:
            self._of.take(steps)


def walls(
    rule: RecurrenceRule, start: datetime, *, after: datetime, before: datetime, until: datetime | None, steps: Steps
) -> Iterator[datetime]:
    """Every time of the rule from `start` (DTSTART) on that is not before `after` and lies before `before`, in order. All are naive;
    `until` is the rule's UNTIL on the same clock, and `rule.until` itself is not looked at.

    `start` is among them only where the rule says so. Raises InvalidValue where `steps` are used up.
    """
    stop = before if until is None else min(before, until + timedelta(microseconds=1))
    after = max(after, start)
    if stop <= after:
        return
    periods = _Days(rule, start, steps) if rule.frequency <= RuleFrequency.DAILY else _Clock(rule, start, steps)
    index, left = 0, rule.count
    if left is None or not periods.by_parts:
        index = periods.index_of(after)
    if left is not None:
        left = max(0, left - index)  # without BY… parts, every period has one
    # A period that has no such day (29 February, the 31st) has none of either.
    for found in periods.since(index, stop):
        for wall in found:
            if wall >= stop or left == 0:
                return
            if wall < start:
                continue
            steps.take()
            if left is not None:
                left -= 1
            if wall >= after:
                yield wall


# ── whole days ───────────────────────────────────────────────────────────────────────────────────
class _Days:
    """Periods of a day or longer: which days, and at which times of the day."""

    def __init__(self, rule: RecurrenceRule, start: datetime, steps: Steps) -> None:
        self._rule, self._start, self._steps = rule, start, steps
        first = start.date()
        self._months, self._month_days, weekdays = rule.by_month, rule.by_month_day, rule.by_day
        if not (rule.by_year_day or rule.by_month_day or rule.by_day):
            # What the rule leaves open, DTSTART says.
            if rule.by_week or rule.frequency is RuleFrequency.WEEKLY:
                weekdays = ((0, first.weekday()),) if rule.frequency <= RuleFrequency.WEEKLY else ()
            elif rule.frequency <= RuleFrequency.MONTHLY:
                self._month_days = (first.day,)
                if rule.frequency is RuleFrequency.YEARLY:
                    self._months = rule.by_month or (first.month,)
        self._fits = _checks(rule, self._months, self._month_days, weekdays)
        self._times = _times(rule, start, steps)
        self._week = first - timedelta(days=(first.weekday() - rule.week_start) % 7)
        skips = rule.frequency <= RuleFrequency.MONTHLY and first.day > 28
        self.by_parts = bool(_parts(rule)) or skips

    def index_of(self, at: datetime) -> int:
        """Of the period in which `at` lies, or of the last one before."""
        begin, interval = self._start, self._rule.interval
        match self._rule.frequency:
            case RuleFrequency.YEARLY:
                return (at.year - begin.year) // interval
            case RuleFrequency.MONTHLY:
                return ((at.year - begin.year) * 12 + at.month - begin.month) // interval
            case RuleFrequency.WEEKLY:
                return (at.date() - self._week).days // (7 * interval)
            case _:
                return (at.date() - begin.date()).days // interval

    def since(self, index: int, stop: datetime) -> Iterator[Iterator[datetime]]:
        """The times of each period from number `index` on, until `stop` at least."""
        for number in count_from(index):
            days = self._candidates(number, stop.date())
            if days is None:
                return
            self._steps.take(1 + len(days))
            chosen = sorted({day for day in days if all(fits(day) for fits in self._fits)})
            yield self._on(chosen)

    def _candidates(self, number: int, last: date) -> Sequence[date] | None:
        """Days that may belong to the period, in any order; None where it begins after `last`."""
        begin, ahead = self._start, number * self._rule.interval
        match self._rule.frequency:
            case RuleFrequency.YEARLY:
                year = begin.year + ahead
                return None if year > last.year else [*self._in_year(year)]
            case RuleFrequency.MONTHLY:
                year, month = divmod(begin.year * 12 + begin.month - 1 + ahead, 12)
                if (year, month + 1) > (last.year, last.month):
                    return None
                return [*self._in_month(year, month + 1)] if not self._months or month + 1 in self._months else []
            case RuleFrequency.WEEKLY:
                if ahead * 7 > (last - self._week).days:
                    return None
                week = self._week + timedelta(days=7 * ahead)
                return [week + timedelta(days=day) for day in range(7)]
            case _:
                return None if ahead > (last - begin.date()).days else [begin.date() + timedelta(days=ahead)]

    def _in_year(self, year: int) -> Iterator[date]:
        if self._rule.by_year_day and not self._month_days:
            first, length = date(year, 1, 1), 366 if isleap(year) else 365
            for number in self._rule.by_year_day:
                if abs(number) <= length:
                    yield first + timedelta(days=number - 1 if number > 0 else length + number)
            return
        for month in self._months or range(1, 13):
            yield from self._in_month(year, month)

    def _in_month(self, year: int, month: int) -> Iterator[date]:
        length = monthrange(year, month)[1]
        for number in self._month_days or range(1, length + 1):
            if abs(number) <= length:
                yield date(year, month, number if number > 0 else length + 1 + number)

    def _on(self, days: Sequence[date]) -> Iterator[datetime]:
        if not self._rule.by_position:
            return (datetime.combine(day, at) for day in days for at in self._times)
        length = len(self._times)
        chosen = _positions(self._rule.by_position, len(days) * length)
        return (datetime.combine(days[place // length], self._times[place % length]) for place in chosen)


def _parts(rule: RecurrenceRule) -> tuple[object, ...]:
    """BY… parts that say something."""
    days = rule.by_month + rule.by_week + rule.by_year_day + rule.by_month_day + rule.by_day
    return days + rule.by_hour + rule.by_minute + rule.by_second + rule.by_position


def _times(rule: RecurrenceRule, start: datetime, steps: Steps) -> list[time]:
    hours, minutes = rule.by_hour or (start.hour,), rule.by_minute or (start.minute,)
    seconds = _seconds(rule) or (start.second,)
    steps.take(len(hours) * len(minutes) * len(seconds))
    return [time(*clock) for clock in product(hours, minutes, seconds)]


def _seconds(rule: RecurrenceRule) -> tuple[int, ...]:
    """Without 60, a leap second, which Python cannot tell."""
    return tuple(sorted({min(second, 59) for second in rule.by_second}))


def _positions(wanted: Sequence[int], length: int) -> list[int]:
    """BYSETPOS, from 1 or backwards from -1, as places from 0."""
    places = (position - 1 if position > 0 else length + position for position in wanted)
    return sorted({place for place in places if 0 <= place < length})


# ── parts of a day ───────────────────────────────────────────────────────────────────────────────
class _Clock:
    """Periods of an hour, a minute or a second."""

    def __init__(self, rule: RecurrenceRule, start: datetime, steps: Steps) -> None:
        self._rule, self._steps = rule, steps
        self._unit = _UNITS[rule.frequency]
        self._step = self._unit * rule.interval
        self._begin = start.replace(
            minute=start.minute if rule.frequency > RuleFrequency.HOURLY else 0,
            second=start.second if rule.frequency > RuleFrequency.MINUTELY else 0,
        )
        self._fits = _checks(rule, rule.by_month, rule.by_month_day, rule.by_day)
        self._day: tuple[date, bool] = date.min, False
        self.by_parts = bool(_parts(rule))
        self._seconds = frozenset(_seconds(rule))
        minutes = (rule.by_minute or (start.minute,)) if rule.frequency is RuleFrequency.HOURLY else (0,)
        seconds = (_seconds(rule) or (start.second,)) if rule.frequency < RuleFrequency.SECONDLY else (0,)
        steps.take(len(minutes) * len(seconds))
        self._within = [timedelta(minutes=minute, seconds=second) for minute, second in product(minutes, seconds)]
        if rule.by_position:
            self._within = [self._within[place] for place in _positions(rule.by_position, len(self._within))]

    def index_of(self, at: datetime) -> int:
        """See _Days."""
        return (at - self._begin) // self._step

    def since(self, index: int, stop: datetime) -> Iterator[Iterator[datetime]]:
        """See _Days."""
        while (at := self._at(index, stop)) is not None:
            self._steps.take()
            later = self._skipped(at)
            if later is None:
                yield (at + within for within in self._within)
                index += 1
            else:
                index = -((self._begin - later) // self._step)  # rounded up

    def _at(self, index: int, stop: datetime) -> datetime | None:
        return None if index > (stop - self._begin) // self._step else self._begin + index * self._step

    def _skipped(self, at: datetime) -> datetime | None:
        """Until when nothing can come, where the period at `at` does not fit."""
        rule, frequency = self._rule, self._rule.frequency
        if self._day[0] != at.date():
            self._day = at.date(), all(fits(at.date()) for fits in self._fits)
        if not self._day[1]:
            return datetime.combine(at.date(), _MIDNIGHT) + _DAY
        if rule.by_hour and at.hour not in rule.by_hour:
            return at.replace(minute=0, second=0) + _UNITS[RuleFrequency.HOURLY]
        if frequency > RuleFrequency.HOURLY and rule.by_minute and at.minute not in rule.by_minute:
            return at.replace(second=0) + _UNITS[RuleFrequency.MINUTELY]
        if frequency is RuleFrequency.SECONDLY and rule.by_second and at.second not in self._seconds:
            return at + _UNITS[RuleFrequency.SECONDLY]
        return None


# ── which days ───────────────────────────────────────────────────────────────────────────────────
def _checks(
    rule: RecurrenceRule, months: Sequence[int], month_days: Sequence[int], weekdays: Sequence[tuple[int, int]]
) -> list[_Check]:
    """What a day must be, the cheapest first."""
    checks: list[_Check] = []
    if months:
        checks.append(lambda day, wanted=frozenset(months): day.month in wanted)  # type: ignore[misc]
    if weekdays:
        checks.append(_weekday_check(rule, weekdays))
    if month_days:
        checks.append(_month_day_check(frozenset(month_days)))
    if rule.by_year_day:
        checks.append(_year_day_check(frozenset(rule.by_year_day)))
    if rule.by_week:
        checks.append(_week_check(frozenset(rule.by_week), rule.week_start))
    return checks


def _weekday_check(rule: RecurrenceRule, weekdays: Sequence[tuple[int, int]]) -> _Check:
    # In a week or a day there is only one of each: a number says nothing there.
    numbered = rule.frequency <= RuleFrequency.MONTHLY
    every = frozenset(weekday for number, weekday in weekdays if not (number and numbered))
    some = frozenset((number, weekday) for number, weekday in weekdays if number and numbered)
    of_month = rule.frequency is RuleFrequency.MONTHLY or bool(rule.by_month)

    def fits(day: date) -> bool:
        weekday = day.weekday()
        if weekday in every:
            return True
        if not some:
            return False
        if of_month:
            place, length = day.day, monthrange(day.year, day.month)[1]
        else:
            place, length = _year_day(day)
        return ((place + 6) // 7, weekday) in some or (-((length - place) // 7 + 1), weekday) in some

    return fits


def _month_day_check(wanted: frozenset[int]) -> _Check:
    def fits(day: date) -> bool:
        return day.day in wanted or day.day - monthrange(day.year, day.month)[1] - 1 in wanted

    return fits


def _year_day_check(wanted: frozenset[int]) -> _Check:
    def fits(day: date) -> bool:
        place, length = _year_day(day)
        return place in wanted or place - length - 1 in wanted

    return fits


def _week_check(wanted: frozenset[int], week_start: int) -> _Check:
    def fits(day: date) -> bool:
        # A week belongs to the year that has four of its days at least (§3.3.10): the year of its fourth day.
        fourth = day.toordinal() - (day.weekday() - week_start) % 7 + 3
        place, length = _year_day(date.fromordinal(fourth))
        number = (place + 6) // 7
        return number in wanted or number - (number + (length - place) // 7) - 1 in wanted

    return fits


def _year_day(day: date) -> tuple[int, int]:
    """Which day of the year it is, from 1, and how many there are."""
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1, 366 if isleap(day.year) else 365
