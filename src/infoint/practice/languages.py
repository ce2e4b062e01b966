"""Which languages there is data in, and where to look first for a tag. What the data says is read where it is used."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from infoint.errors import InvalidValue

OURS: Final = "en"
"""Complete, so every lookup ends here."""


@cache
def shipped(stem: str) -> Mapping[str, str]:
    """By language: the names of the data files "<stem>.<language>.toml"."""
    names = sorted(place.name for place in files("infoint.practice").joinpath("data").iterdir())
    parts = (name.split(".") for name in names)
    return MappingProxyType({part[1]: ".".join(part) for part in parts if len(part) == 3 and part[0] == stem})


def read_shipped(name: str) -> str:
    """A data file's text."""
    return files("infoint.practice").joinpath("data", name).read_text(encoding="utf-8")


def lookup(tag: str) -> Iterator[str]:
    """The languages to look in, the nearest first: "es-mx", "es", "en" of "es-MX" (RFC 4647 §3.4)."""
    subtags = _checked(tag).casefold().split("-")
    for length in range(len(subtags), 0, -1):
        if len(subtags[length - 1]) > 1:  # a single letter only announces what follows it
            yield "-".join(subtags[:length])
    if subtags[0] != OURS:
        yield OURS


def primary_language(tag: str) -> str:
    """What two tags share when a speaker of the one understands the other: "en" of "en-GB" (RFC 5646 §2.2.1). Raises InvalidValue
    for what is no text.
    """
    return _checked(tag).partition("-")[0].casefold()


def _checked(tag: str) -> str:
    if not isinstance(tag, str):
        raise InvalidValue("language", "tag", f'needs a BCP 47 tag, as "es-MX", got {type(tag).__name__}', value=tag)
    return tag
