"""How libical converts by a VTIMEZONE: reads [[ics, instants, walls], ...] from stdin, answers [[walls, instants], ...] in ISO format."""

import json
import sys
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402  # a version has to be asked for first


def time_of(text: str, zone: Any) -> Any:
    """`text`: 20260329T013000."""
    time = ICalGLib.Time.new_from_string(text)
    time.set_timezone(zone)
    return time


def written(time: Any) -> str:
    year, month, day = time.get_date()
    hour, minute, second = time.get_time()
    return f"{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}"


def convert(ics: str, instants: list[str], walls: list[str]) -> tuple[list[str], list[str]]:
    utc = ICalGLib.Timezone.get_utc_timezone()
    calendar = ICalGLib.Parser.parse_string(ics)
    component = calendar.get_first_component(ICalGLib.ComponentKind.VTIMEZONE_COMPONENT)
    zone = ICalGLib.Timezone.new()
    assert zone.set_component(component.clone())
    return (
        [written(time_of(instant, utc).convert_to_zone(zone)) for instant in instants],
        [written(time_of(wall, zone).convert_to_zone(utc)) for wall in walls],
    )


if __name__ == "__main__":
    json.dump([convert(*asked) for asked in json.load(sys.stdin)], sys.stdout)
