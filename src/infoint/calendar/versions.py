"""Which software has a say in the bytes of a calendar. What the entries are made of is not looked at here."""

import zoneinfo
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_LIBRARIES: Final = ("icalendar", "python-dateutil", "tzdata")
"""What encodes values, and what zones are read with."""


@cache
def software_revision() -> str | None:
    """One line with the versions of infoint, of the libraries it writes calendars with, and of the time zone data this process
    reads; None where one of them is not known. It is looked up once: what is updated while a process runs is not used by it either.
    """
    try:
        libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    except PackageNotFoundError:
        return None
    return ", ".join([_own_revision(), *libraries, *_zone_data()])


def _own_revision() -> str:
    try:
        return f"infoint {version('infoint')}"
    except PackageNotFoundError:  # a copy that was not installed is known by what stands in it
        digest = sha256()
        for file in sorted(Path(__file__).parents[1].rglob("*.py")):
            digest.update(file.read_bytes())
        return f"infoint {digest.hexdigest()}"


def _zone_data() -> list[str]:
    """What the system has; it comes before the package tzdata."""
    return [f"{place} {_zone_version(Path(place))}" for place in zoneinfo.TZPATH if Path(place, "UTC").exists()]


def _zone_version(place: Path) -> str:
    for name in ("tzdata.zi", "+VERSION"):  # most systems; macOS
        if (place / name).is_file():
            with (place / name).open(encoding="utf-8", errors="replace") as file:
                return file.readline().strip()
    return str(place.stat().st_mtime_ns)
