"""Days of the calendar at even steps: where a time axis has its marks, and what is counted together."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from infoint.notes.figures.sayings import Sayings

_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


@frozen
class Period:
    """From its first day to the day before the next begins."""

    start: date
    end: date
    """The first day of the next."""
    label: str


def periods(first: date, last: date, says: Sayings, *, most: int, least_days: int = 1) -> list[Period]:
    """At most `most` periods of one kind (4 or more), which together hold both days, of the years 1900 to 2200; none is shorter
    than `least_days`. Weeks begin on a Monday. `says`: how days and months are called.
    """
    for days in _DAYS:
        if days >= least_days:
            found = list(_by_days(first, last, days, says))
            if len(found) <= most:
                return found
    for months in _MONTHS:
        found = list(_by_months(first, last, months, says))
        if len(found) <= most:
            break
    return found


def _by_days(first: date, last: date, days: int, says: Sayings) -> Iterator[Period]:
    if (last - first).days // days > 100:  # far too many, whatever is wanted
        last = first + timedelta(days=100 * days)
    start = first - timedelta(days=first.weekday() if days >= 7 else 0)
    while start <= last:
        end = start + timedelta(days=days)
        yield Period(start, end, says.short_day(start))
        start = end


def _by_months(first: date, last: date, months: int, says: Sayings) -> Iterator[Period]:
    place = first.year * 12 + first.month - 1
    place -= place % months
    while (start := _first_of(place)) <= last:
        shown = str(start.year) if months >= 12 else says.short_month(start)
        yield Period(start, _first_of(place + months), shown)
        place += months


def _first_of(place: int) -> date:
    """Of the month so many months after the year 0."""
    return date(place // 12, place % 12 + 1, 1)
