"""What people call a time zone."""

from zoneinfo import ZoneInfo, available_timezones

import pytest

from infoint.practice.languages import read_shipped
from infoint.practice.places import clock_of, place_of
from infoint.practice.toml_tables import parsed, texts

SPANISH = texts(parsed(read_shipped("places.es.toml"), "places.es.toml"), "places", "places.es.toml")


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("America/New_York", "en", "New York"),
        ("America/New_York", "es-MX", "Nueva York"),
        ("Europe/London", "es", "Londres"),
        ("Europe/Madrid", "es", "Madrid"),
        ("America/Argentina/Buenos_Aires", "fr", "Buenos Aires"),
        ("UTC", "en", ""),
        ("Etc/GMT+5", "en", ""),
        ("EST5EDT", "es", ""),
    ],
)
def test_places_are_called_as_people_call_them(zone: str, language: str, said: str) -> None:
    """A letter in Spanish would speak of the time of London, or of a place called GMT+5."""
    assert place_of(ZoneInfo(zone), language) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Etc/GMT+5", "UTC−5"),
        ("Etc/GMT-14", "UTC+14"),
        ("Etc/GMT+0", "UTC"),
        ("Etc/GMT", "GMT"),
        ("Etc/UTC", "UTC"),
        ("UTC", "UTC"),
        ("EST5EDT", "EST5EDT"),
    ],
)
def test_a_fixed_distance_is_told_as_people_count_it(zone: str, said: str) -> None:
    """GMT+5 would be read as east, and is west: ten hours beside what was meant."""
    assert clock_of(ZoneInfo(zone)) == said


def test_every_place_is_a_zones_and_named_otherwise_than_there() -> None:
    """A slip in the data would never be found, for nobody asks for such a zone."""
    assert set(SPANISH) <= available_timezones()
    assert [key for key, name in SPANISH.items() if key.rpartition("/")[2].replace("_", " ") == name] == []
