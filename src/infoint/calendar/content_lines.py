"""Content lines (RFC 5545 §3.1): texts made fit for a file, values as bytes, lines folded. Which lines a file has is said by
`ics_components` and `ics_writer`.

icalendar's value types encode single values. Lines and parameters are framed here: its components would leave X- properties
unescaped, lose `fold` and the VALUE of absolute alarms, and guard against forged lines by `assert` only.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from urllib.parse import quote

from infoint.bidi import straightened

_LONGEST_LINE: Final = 75
"""Octets without the line end (RFC 5545 §3.1)."""
_CRLF: Final = b"\r\n"
_ADDRESS_CHARACTERS: Final = "-._~:/?#[]@!$&'()*+,;=%"
"""All that RFC 3986 §2 lets stand in an address, besides letters and digits."""
_LONE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
"""One that tells no octet: nothing an address may hold (RFC 3986 §2.1)."""
_MAIL_CHARACTERS: Final = "@!$'*+-._~"
"""What may stand in a `mailto:` address as it is, besides letters and digits (RFC 6068 §2)."""

_HOSTILE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_REPLACED: Final = (
    # No control character of ASCII is legal in a text, and terminals obey the others.
    dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))
    | dict.fromkeys((0xFFFE, 0xFFFF))  # no XML can hold them: a server could not give the calendar back
    | dict.fromkeys((0x0D, 0x85, 0x2028, 0x2029), "\n")  # readers differ in what ends a line; all know this one
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # half a character has no UTF-8
)
_ESCAPED: Final = re.compile(r"[\\;,\n]")
"""What a TEXT cannot hold as it is (RFC 5545 §3.3.11)."""


def clean(text: str) -> str:
    """What a file can say of `text`: no control character but the tab and nothing that is no character, one kind of line end, whole characters only, and nothing
    that turns the direction of what a program shows around it.
    """
    if _HOSTILE.search(text):
        text = text.replace("\r\n", "\n").translate(_REPLACED)
    return straightened(text)


def folded(line: bytes) -> bytes:
    """`line` with its end, in pieces of 75 octets at most, no character cut in two (RFC 5545 §3.1)."""
    if len(line) <= _LONGEST_LINE:
        return line + _CRLF
    pieces = []
    start, room = 0, _LONGEST_LINE
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:  # inside a character of UTF-8
            end -= 1
        pieces.append(line[start:end])
        start, room = end, _LONGEST_LINE - 1  # the space that says "goes on" counts
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + _CRLF


# ── values ───────────────────────────────────────────────────────────────────────────────────────
class _Encoded(Protocol):
    """A value of icalendar; its own classes declare no types for this."""

    def to_ical(self) -> bytes: ...


def _ical(value: _Encoded) -> bytes:
    return value.to_ical()


class Values:
    """Values as bytes. Made with the first file written: loading icalendar takes longer than all the rest of infoint."""

    def __init__(self) -> None:
        from icalendar import prop

        self._prop = prop

    def text(self, value: str) -> bytes:
        """TEXT (§3.3.11)."""
        told = clean(value)
        if not _ESCAPED.search(told):
            return told.encode()  # most texts: ids, names, links
        # vText takes a backslash before N for a line end, so that the path C:\New would be torn in two. Between such pairs its
        # escaping is right.
        return rb"\\N".join(_ical(self._prop.vText(part)) for part in told.split(r"\N"))

    def uri(self, value: str) -> bytes:
        """URI (§3.3.13), in the characters of RFC 3986."""
        whole = _LONE_PERCENT.sub("%25", value)
        return _ical(self._prop.vUri(quote(whole, safe=_ADDRESS_CHARACTERS)))

    def mail_to(self, address: str) -> bytes:
        """CAL-ADDRESS (§3.3.3)."""
        return b"mailto:" + quote(address, safe=_MAIL_CHARACTERS).encode()

    def day(self, value: date) -> bytes:
        """DATE (§3.3.4)."""
        return _ical(self._prop.vDate(value))

    def wall(self, value: datetime) -> bytes:
        """DATE-TIME as a clock shows it (§3.3.5)."""
        # Naive on purpose: told its zone, vDatetime would write Z for Africa/Abidjan and others that are never off UTC.
        return _ical(self._prop.vDatetime(value))

    def instant(self, value: datetime) -> bytes:
        """DATE-TIME in UTC (§3.3.5)."""
        return _ical(self._prop.vDatetime(value.astimezone(UTC)))

    def length(self, value: timedelta) -> bytes:
        """DURATION in whole seconds (§3.3.6)."""
        second = timedelta(seconds=1)
        whole = value // second if value > timedelta(0) else -(-value // second)  # `total_seconds` rounds the longest up
        return _ical(self._prop.vDuration(whole * second))


def parameter(value: str) -> bytes:
    """The value of a parameter, quoted, with what quotes cannot hold told by carets (RFC 6868)."""
    told = clean(value).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return b'"' + told.encode() + b'"'
