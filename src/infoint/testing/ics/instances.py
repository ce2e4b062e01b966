"""Whether a start is the first instance of its rule (RFC 5545 §3.8.2.4, §3.3.10). Rules are not expanded beyond the day, week, month
or year of the start.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from infoint.testing.ics.recurrence import Recurrence

_OF_DAYS: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAY_PARTS: Final = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")


def is_first_instance(rule: Recurrence, start: date) -> bool:
    """Whether `start`, a day or a wall time, is what the rule's pattern gives. Rules in other calendars than the Gregorian are
    taken as right, and so is BYSETPOS within less than a day.
    """
    if not rule.gregorian:
        return True
    if not (_day_fits(rule, start) and all(_time_fits(rule, start, part) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))):
        return False
    positions = rule.numbers.get("BYSETPOS")
    if not positions or rule.frequency not in _OF_DAYS:
        return True
    place, size = _place(rule, start)
    return place in positions or place - size - 1 in positions


def _time_fits(rule: Recurrence, start: date, part: str) -> bool:
    if part not in rule.numbers or not isinstance(start, datetime):
        return True
    return getattr(start, part.removeprefix("BY").lower()) in rule.numbers[part]


def _day_fits(rule: Recurrence, day: date) -> bool:
    in_month, in_year = _month_length(day), _year_length(day)
    day_of_year = day.timetuple().tm_yday
    return (
        ("BYMONTH" not in rule.numbers or day.month in rule.numbers["BYMONTH"])
        and _counted(rule, "BYMONTHDAY", day.day, in_month)
        and _counted(rule, "BYYEARDAY", day_of_year, in_year)
        and ("BYWEEKNO" not in rule.numbers or _counted(rule, "BYWEEKNO", *_week(rule, day)))
        and (not rule.weekdays or any(_weekday_fits(rule, day, *wanted) for wanted in rule.weekdays))
    )


def _counted(rule: Recurrence, part: str, place: int, size: int) -> bool:
    return part not in rule.numbers or place in rule.numbers[part] or place - size - 1 in rule.numbers[part]


def _weekday_fits(rule: Recurrence, day: date, ordinal: int, weekday: int) -> bool:
    if day.weekday() != weekday or not ordinal:
        return day.weekday() == weekday
    within_year = rule.frequency == "YEARLY" and "BYMONTH" not in rule.numbers
    place, size = (day.timetuple().tm_yday, _year_length(day)) if within_year else (day.day, _month_length(day))
    return ordinal == (place - 1) // 7 + 1 if ordinal > 0 else -ordinal == (size - place) // 7 + 1


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _year_length(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _week(rule: Recurrence, day: date) -> tuple[int, int]:
    """Its number, and how many weeks its year has: week 1 is the first with four days or more in the year."""
    into_week = (day.weekday() - rule.week_start) % 7
    middle = day.toordinal() - into_week + 3
    year = date.fromordinal(max(1, min(middle, date.max.toordinal()))).year
    first = _first_week(year, rule.week_start)
    following = _first_week(year + 1, rule.week_start) if year < date.max.year else first + 52 * 7
    return (middle - 3 - first) // 7 + 1, (following - first) // 7


def _first_week(year: int, week_start: int) -> int:
    """The ordinal of its first day."""
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - week_start) % 7


def _place(rule: Recurrence, start: date) -> tuple[int, int]:
    """Of `start` among the instances of its day, week, month or year, from 1; and how many there are."""
    first, last = _interval(rule, start)
    bare = not any(part in rule.numbers for part in _DAY_PARTS) and not rule.weekdays
    days = [day for day in _days(first, last) if _day_fits(rule, day) and (not bare or _same_day(rule, day, start))]
    hours, minutes, seconds = (_times(rule, start, part) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    times = len(hours) * len(minutes) * len(seconds)
    within = 0
    if isinstance(start, datetime):
        within = hours.index(start.hour) * len(minutes) * len(seconds)
        within += minutes.index(start.minute) * len(seconds) + seconds.index(start.second)
    day = start.date() if isinstance(start, datetime) else start
    return days.index(day) * times + within + 1, len(days) * times


def _interval(rule: Recurrence, start: date) -> tuple[int, int]:
    match rule.frequency:
        case "YEARLY":
            return date(start.year, 1, 1).toordinal(), date(start.year, 12, 31).toordinal()
        case "MONTHLY":
            first = date(start.year, start.month, 1).toordinal()
            return first, first + _month_length(start) - 1
        case "WEEKLY":
            first = start.toordinal() - (start.weekday() - rule.week_start) % 7
            return first, first + 6
        case _:
            return start.toordinal(), start.toordinal()


def _days(first: int, last: int) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(max(1, first), min(last, date.max.toordinal()) + 1))


def _same_day(rule: Recurrence, day: date, start: date) -> bool:
    """What a rule without a part about days takes from its start: the weekday, or the day of the month (and, unless there is
    BYMONTH, the month).
    """
    match rule.frequency:
        case "WEEKLY":
            return day.weekday() == start.weekday()
        case "YEARLY":
            return day.day == start.day and ("BYMONTH" in rule.numbers or day.month == start.month)
        case "MONTHLY":
            return day.day == start.day
        case _:
            return True


def _times(rule: Recurrence, start: date, part: str) -> list[int]:
    if part in rule.numbers:
        return sorted(set(rule.numbers[part]))
    return [getattr(start, part.removeprefix("BY").lower(), 0)]
