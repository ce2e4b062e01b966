"""Grammar and range of each value type (RFC 5545 §3.3) but RECUR. Which property has which type stands in the table of properties."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from attrs import frozen

from infoint.testing.ics.problems import Malformed, shown
from infoint.testing.ics.recurrence import Moment, read_date, read_moment, read_recurrence

_DURATION: Final = re.compile(
    r"([+-]?)P(?:([0-9]+)W|(?=.)(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H(?:([0-9]+)M(?:([0-9]+)S)?)?|([0-9]+)M(?:([0-9]+)S)?|([0-9]+)S))?)"
)
_TIME: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})Z?")
_OFFSET: Final = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_FLOAT: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_ESCAPE: Final = re.compile(r"\\[\\;,nN]|[\\;,]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URI_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+")
_IP_LITERAL: Final = re.compile(r"\[[0-9A-Fa-f:.vV]+\]")
_MAIL: Final = re.compile(r"mailto:[^@?]+@[^@?]+(?:\?.*)?", re.IGNORECASE)
_STATUS_CODE: Final = re.compile(r"[0-9]+(?:\.[0-9]+){1,2}")
_LARGEST: Final = 2**31


@frozen
class Duration:
    """A DURATION; days and weeks are told apart from hours, since all-day entries may have those only."""

    length: timedelta
    whole_days: bool


@frozen
class Period:
    """A PERIOD, with its end or its length."""

    start: Moment
    end: Moment | None
    length: Duration | None


# ── times ────────────────────────────────────────────────────────────────────────────────────────
def read_time(text: str) -> str:
    """A TIME."""
    match = _TIME.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3]) > 60:
        raise Malformed(f"{shown(text)} is no TIME", "RFC 5545 §3.3.12")
    return text


def read_duration(text: str) -> Duration:
    """A DURATION."""
    match = _DURATION.fullmatch(text)
    if not match or text[-1] in "PT":
        raise Malformed(f"{shown(text)} is no DURATION", "RFC 5545 §3.3.6")
    sign, weeks, days, hours, *_ = match.groups()
    minutes, seconds = match[5] or match[7], match[6] or match[8] or match[9]
    if max(len(digits or "") for digits in (weeks, days, hours, minutes, seconds)) > 9:
        raise Malformed(f"{shown(text)} is longer than calendars reach", "RFC 5545 §3.3.6")
    try:
        length = timedelta(
            weeks=int(weeks or 0),
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
        )
    except OverflowError:
        raise Malformed(f"{shown(text)} is longer than calendars reach", "RFC 5545 §3.3.6") from None
    return Duration(-length if sign == "-" else length, whole_days="T" not in text)


def read_period(text: str) -> Period:
    """A PERIOD: its end after its start, or a positive length."""
    start_text, slash, rest = text.partition("/")
    if not slash:
        raise Malformed(f"{shown(text)} is no PERIOD", "RFC 5545 §3.3.9")
    start = read_moment(start_text)
    if rest[:1] in ("P", "+", "-"):
        length = read_duration(rest)
        if length.length <= timedelta(0):
            raise Malformed(f"{shown(text)} has no positive length", "RFC 5545 §3.3.9")
        return Period(start, None, length)
    end = read_moment(rest)
    if end.utc != start.utc:
        raise Malformed(f"{shown(text)}: only one of the two is in UTC", "RFC 5545 §3.3.9")
    if end.wall <= start.wall:
        raise Malformed(f"{shown(text)} does not end after it starts", "RFC 5545 §3.3.9")
    return Period(start, end, None)


def read_offset(text: str) -> timedelta:
    """A UTC-OFFSET."""
    match = _OFFSET.fullmatch(text)
    if not match or int(match[2]) > 23 or int(match[3]) > 59 or int(match[4] or 0) > 59:
        raise Malformed(f"{shown(text)} is no UTC-OFFSET", "RFC 5545 §3.3.14")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if match[1] == "-" and not offset:
        raise Malformed("no offset is written +0000", "RFC 5545 §3.3.14")
    return -offset if match[1] == "-" else offset


# ── numbers, octets, addresses ───────────────────────────────────────────────────────────────────
def read_integer(text: str) -> int:
    """An INTEGER of 32 bits."""
    if not _INTEGER.fullmatch(text) or len(text) > 4000 or not -_LARGEST <= int(text) < _LARGEST:
        raise Malformed(f"{shown(text)} is no INTEGER of 32 bits", "RFC 5545 §3.3.8")
    return int(text)


def read_float(text: str) -> float:
    """A FLOAT."""
    if not _FLOAT.fullmatch(text):
        raise Malformed(f"{shown(text)} is no FLOAT", "RFC 5545 §3.3.7")
    return float(text)


def read_boolean(text: str) -> str:
    """A BOOLEAN."""
    if not text.isascii() or text.upper() not in {"TRUE", "FALSE"}:
        raise Malformed(f"{shown(text)} is no BOOLEAN", "RFC 5545 §3.3.2")
    return text


def read_binary(text: str) -> str:
    """A BINARY, in BASE64."""
    if not _BASE64.fullmatch(text):
        raise Malformed(f"{shown(text)} is no BASE64", "RFC 5545 §3.3.1")
    return text


def read_uri(text: str) -> str:
    """A URI, by its characters; what a scheme demands of the rest is not looked at."""
    scheme = _SCHEME.match(text)
    if not scheme:
        raise Malformed(f"{shown(text)} is no URI: it has no scheme", "RFC 3986 §3")
    rest, _, fragment = text[scheme.end() :].partition("#")
    if rest.startswith("//"):
        host = re.split(r"[/?]", rest[2:], maxsplit=1)[0]
        literal = _IP_LITERAL.search(host)
        if literal:  # brackets stand there and nowhere else
            rest = rest.replace(literal[0], "", 1)
    if not rest or not (_URI_CHARACTERS.fullmatch(rest) and _URI_CHARACTERS.fullmatch(fragment)):
        raise Malformed(f"{shown(text)} has characters no URI has", "RFC 3986 §2")
    return text


def read_address(text: str) -> str:
    """A CAL-ADDRESS: a URI, and where it is a mailto, one with an address."""
    read_uri(text)
    if text[:7].lower() == "mailto:" and not _MAIL.fullmatch(text):
        raise Malformed(f"{shown(text)} has no e-mail address", "RFC 5545 §3.3.3")
    return text


# ── text ─────────────────────────────────────────────────────────────────────────────────────────
def read_text(text: str, *, several: bool = False) -> str:
    r"""A TEXT, as it is written; `several`: commas part texts. Only \\ \; \, \n and \N are escapes."""
    for found in _ESCAPE.findall(text):
        if found == "\\":
            raise Malformed(f"{shown(text)}: a backslash stands for nothing", "RFC 5545 §3.3.11")
        if found == ";" or (found == "," and not several):
            raise Malformed(f"{shown(text)}: {found!r} is not escaped", "RFC 5545 §3.3.11")
    return text


def read_texts(text: str) -> str:
    """TEXTs parted by commas, as they are written."""
    return read_text(text, several=True)


def read_anything(text: str) -> str:
    """A value of a type that is somebody's own."""
    return text


# ── values with a shape of their own ─────────────────────────────────────────────────────────────
def read_position(text: str) -> tuple[float, ...]:
    """GEO: latitude and longitude in degrees."""
    degrees = tuple(read_float(part) for part in text.split(";", 2))
    if len(degrees) != 2 or abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        raise Malformed(f"{shown(text)} is no latitude and longitude", "RFC 5545 §3.8.1.6")
    return degrees


def read_request_status(text: str) -> str:
    """REQUEST-STATUS: a code, what it means, and perhaps what it is about."""
    parts = _ESCAPE.sub(lambda found: "--" if len(found[0]) == 2 else found[0], text).split(";")
    if not 2 <= len(parts) <= 3 or not _STATUS_CODE.fullmatch(parts[0]) or any("," in part or "\\" in part for part in parts):
        raise Malformed(f"{shown(text)} is no code; description", "RFC 5545 §3.8.8.3")
    return text


def read_version(text: str) -> str:
    """VERSION: 2.0, or a range that ends with it."""
    if text.rpartition(";")[2] != "2.0" or not re.fullmatch(r"(?:[0-9.]{1,9};)?2\.0", text):
        raise Malformed(f"{shown(text)} is not 2.0", "RFC 5545 §3.7.4")
    return text


READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "BINARY": read_binary,
    "BOOLEAN": read_boolean,
    "CAL-ADDRESS": read_address,
    "DATE": read_date,
    "DATE-TIME": read_moment,
    "DURATION": read_duration,
    "FLOAT": read_float,
    "GEO": read_position,
    "INTEGER": read_integer,
    "PERIOD": read_period,
    "RECUR": read_recurrence,
    "REQUEST-STATUS": read_request_status,
    "TEXT": read_text,
    "TEXTS": read_texts,
    "TIME": read_time,
    "UID": read_text,
    "UNKNOWN": read_anything,
    "URI": read_uri,
    "UTC-OFFSET": read_offset,
    "VERSION": read_version,
    "XML-REFERENCE": read_uri,
}
"""Value type → its reader; GEO, REQUEST-STATUS, TEXTS and VERSION are types of our own for properties with a shape of their own."""
