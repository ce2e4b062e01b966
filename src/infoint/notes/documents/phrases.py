"""How people, times and files are called, in every document alike. What a document says is in its own file."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from infoint.model.contact import Contact
from infoint.notes.contract import Inline, Link


def names(people: Iterable[Contact]) -> str:
    """As in: Ana Ruiz, Bo Li and Cy Dee."""
    return listed(person.name for person in people)


def listed(items: Iterable[str], word: str = "and") -> str:
    """As in: in person, by video or by phone."""
    *others, last = items
    return f"{', '.join(others)} {word} {last}" if others else last


def described(person: Contact) -> str:
    """As in: Ana Ruiz, UX lead, Oak Labs."""
    return ", ".join(part for part in (person.name, person.title, person.organization) if part)


def place(where: str) -> Inline:
    """An address as it is, a link to go to."""
    return Link(where, where) if "://" in where else where


def moment(at: datetime, zone: ZoneInfo) -> str:
    """As in: Tue 1 Dec 2026, 10:00 (America/Chicago). English day and month names, whatever the machine's language."""
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} ({zone})"


def clock(at: datetime, *zones: ZoneInfo) -> str:
    """As in: Tuesday 1 December, 17:00 Madrid time (10:00 Chicago time). Zones whose clocks agree then are one."""
    told: dict[datetime, str] = {}
    for zone in zones:
        local = at.astimezone(zone)
        wall = local.replace(tzinfo=None)
        another_day = any(wall.date() != other.date() for other in told) or not told
        told.setdefault(wall, f"{weekday(local.date()) + ', ' if another_day else ''}{local:%H:%M} {zone_name(zone)}")
    first, *others = told.values()
    return f"{first} ({'; '.join(others)})" if others else first


def zone_name(zone: ZoneInfo) -> str:
    """As in: Madrid time."""
    region, _, place = zone.key.rpartition("/")
    return f"{place.replace('_', ' ')} time" if region else zone.key


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(on: date) -> str:
    """As in: Tue 1 Dec 2026."""
    return f"{_DAYS[on.weekday()][:3]} {on.day} {short_month(on)} {on.year}"


def weekday(on: date) -> str:
    """As in: Tuesday 1 December. For letters, which are read within the year."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}"


def month(on: date) -> str:
    """As in: December 2026."""
    return f"{_MONTHS[on.month - 1]} {on.year}"


def short_month(on: date) -> str:
    """As in: Dec."""
    return _MONTHS[on.month - 1][:3]


def stem(*parts: str) -> str:
    """A file name without suffix, of letters and digits: "prep-sheet-ana-ruiz-2026-12-01". Accents of Latin letters are left out,
    other scripts stay. Long ones lose of their middle: the last part, which tells two apart, stays whole.
    """
    *others, last = map(_plain, parts)
    front = _cut("-".join(filter(None, others)), _STEM - 1 - len(last.encode()))
    return "-".join(filter(None, (front, last)))


_STEM = 100
"""Bytes. File systems give a name 255, and what it is called on the way must fit in too."""


def _plain(part: str) -> str:
    letters = "".join(map(_letter, unicodedata.normalize("NFC", part).lower()))
    return _cut(re.sub("-+", "-", letters), _STEM // 2)


def _letter(one: str) -> str:
    if "\u0300" <= one <= "\u036f":  # an accent without a letter it belongs to
        return ""
    decomposed = unicodedata.normalize("NFKD", one)
    if decomposed.isascii():
        return re.sub("[^a-z0-9]", "-", decomposed)
    if decomposed[0].isascii() and decomposed[0].isalnum():
        return decomposed[0]
    return one if unicodedata.category(one)[0] in "LMN" else "-"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip("-")
