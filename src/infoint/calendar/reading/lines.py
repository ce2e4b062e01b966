"""Content lines of an iCalendar file (RFC 5545 §3.1) from whatever bytes there are: unfolded, and split into name, parameters and
value. What they mean is for others.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import count as count_from, islice
from typing import Final, NamedTuple

from infoint.errors import ImportRejected, InvalidValue

LARGEST_FILE: Final = 32 * 1024 * 1024
"""Octets. Ten thousand full events take less than ten million."""
MOST_LINES: Final = 1_000_000
"""As they stand in the file, folded."""
LONGEST_LINE: Final = 256 * 1024
"""Octets of a content line that are read; the rest of a longer one (a picture, mostly) is passed over."""
FORMAT: Final = "iCalendar"
_BOM: Final = b"\xef\xbb\xbf"
_PARAMETER: Final = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
MOST_PARAMETERS: Final = 50
"""Of one property, and values of one parameter."""
_LONGEST_PARAMETER: Final = 1_000
_ITEM: Final = re.compile(r'"([^"]*)"|([^",]+)')
_CARET: Final = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


class ContentLine(NamedTuple):
    """One content line, unfolded, without its end."""

    number: int
    """Of the first line it takes in the file, from 1."""
    octets: bytes
    whole: bool = True
    """False: longer than is read."""


class Property(NamedTuple):
    """A content line taken apart. Name and parameters' names are in capitals; the value is as it stands."""

    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str

    def parameter(self, name: str) -> str:
        """Its first value, "" where there is none."""
        return next(iter(self.parameters.get(name, ())), "")


def content_lines(content: bytes) -> Iterator[ContentLine]:
    """Every content line with something in it. Takes CRLF, LF and, where there is no LF at all, CR as ends of lines.

    Raises ImportRejected for a file that is larger than is read.
    """
    if len(content) > LARGEST_FILE:
        raise ImportRejected(FORMAT, f"it is larger than {LARGEST_FILE // 1024**2} MB; export a shorter stretch of time")
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return _unfolded(content.removeprefix(_BOM))


def _unfolded(content: bytes) -> Iterator[ContentLine]:
    begun = _Begun(0)
    for number, raw in enumerate(BytesIO(content), 1):
        if number > MOST_LINES:
            raise ImportRejected(FORMAT, f"it has more than {MOST_LINES:,} lines; export a shorter stretch of time")
        line = raw.rstrip(b"\r\n")
        if line[:1] in (b" ", b"\t"):
            begun.go_on(line)
            continue
        if begun.octets:
            yield begun.line()
        begun = _Begun(number, line)
    if begun.octets:
        yield begun.line()


class _Begun:
    """A content line, as far as it has been met."""

    def __init__(self, number: int, octets: bytes = b"") -> None:
        self.octets: bytes | bytearray = octets[:LONGEST_LINE]
        self._number, self._whole = number, len(octets) <= LONGEST_LINE

    def go_on(self, folded: bytes) -> None:
        """Nothing goes on after an empty line, nor before the first."""
        if not self.octets:
            return
        if len(self.octets) + len(folded) > LONGEST_LINE:
            self._whole = False
        elif isinstance(self.octets, bytearray):
            self.octets += folded[1:]
        else:
            self.octets = bytearray(self.octets + folded[1:])

    def line(self) -> ContentLine:
        return ContentLine(self._number, bytes(self.octets), self._whole)


def split_line(octets: bytes) -> Property:
    """The line as a property. Octets that are no UTF-8 become U+FFFD. Raises InvalidValue for what is no content line."""
    text = octets.decode("utf-8", "replace")
    head, colon, value = text.partition(":")
    if colon and ";" not in head and '"' not in head:
        return Property(head.strip().upper(), {}, value)
    name = head.partition(";")[0]
    parameters: dict[str, tuple[str, ...]] = {}
    at = len(name)
    for count in count_from():
        match = _PARAMETER.match(text, at)
        if match is None:
            break
        if count == MOST_PARAMETERS:
            raise InvalidValue(FORMAT, "line", f"has more than {MOST_PARAMETERS} parameters")
        items = islice(_ITEM.finditer(match[2]), MOST_PARAMETERS)
        parameters[match[1].upper()] = tuple(_unquoted((item[1] or item[2] or "")[:_LONGEST_PARAMETER]) for item in items)
        at = match.end()
    if text[at : at + 1] != ":":
        raise InvalidValue(FORMAT, "line", "is no content line (RFC 5545 §3.1)")
    return Property(name.strip().upper(), parameters, text[at + 1 :])


def _unquoted(text: str) -> str:
    """RFC 6868: what a parameter cannot hold is written with a caret."""
    return re.sub(r"\^[nN'^]", lambda match: _CARET[match[0]], text) if "^" in text else text


def unescaped(text: str) -> str:
    r"""The TEXT that `text` stands for (RFC 5545 §3.3.11): `\n` is a line end, and any other character after a backslash itself."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)
