"""How people, times and files are called, in every document alike. What a document says is in its own file."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from infoint.model.contact import Contact


def names(people: Iterable[Contact]) -> str:
    """As in: Ana Ruiz, Bo Li and Cy Dee."""
    *others, last = [person.name for person in people]
    return f"{', '.join(others)} and {last}" if others else last


def described(person: Contact) -> str:
    """As in: Ana Ruiz, UX lead, Oak Labs."""
    return ", ".join(part for part in (person.name, person.title, person.organization) if part)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """As in: Tue 1 Dec 2026, 10:00 (America/Chicago). English day and month names, whatever the machine's language."""
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} ({zone})"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date) -> str:
    """As in: Tue 1 Dec 2026."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def stem(*parts: str) -> str:
    """A file name without suffix that is safe everywhere: "prep-sheet-ana-ruiz-2026-12-01". What is not Latin is left out."""
    plain = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-")
