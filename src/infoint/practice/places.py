"""What people call a time zone: by its place, in a language, as far as infoint ships it. How a sentence or a letter tells a time is not
here.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from infoint.practice.languages import lookup, read_shipped, shipped
from infoint.practice.toml_tables import parsed, texts

_PLACES = "places"


def place_of(zone: ZoneInfo, language: str) -> str:
    """As in: New York, or Nueva York; "" for a zone that is named for no place."""
    region, _, name = zone.key.rpartition("/")
    if not region or region == "Etc":
        return ""
    named = (_shipped(tag).get(zone.key) for tag in lookup(language) if tag in shipped(_PLACES))
    return next(filter(None, named), name.replace("_", " "))


def clock_of(zone: ZoneInfo) -> str:
    """As in: UTC−5, for a zone that is named for no place. Etc/GMT+5 *is* five hours behind: its sign is that of POSIX."""
    region, _, name = zone.key.rpartition("/")
    if region == "Etc" and name.startswith("GMT") and (offset := name[3:].lstrip("0")):
        return f"UTC{'−' if offset[0] == '+' else '+'}{offset[1:]}" if offset[1:].strip("0") else "UTC"
    return name


@cache
def _shipped(tag: str) -> Mapping[str, str]:
    name = shipped(_PLACES)[tag]
    return MappingProxyType(dict(texts(parsed(read_shipped(name), name), _PLACES, name)))
