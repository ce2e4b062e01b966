"""Octets of a calendar file as content lines: line ends, folds, UTF-8, names and parameters (RFC 5545 §3.1, RFC 6868). What a
name or a value means stands elsewhere.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from infoint.testing.ics.problems import Findings, shown

_LINE: Final = "RFC 5545 §3.1"
_ENCODING: Final = "RFC 5545 §3.1.4"
_PARAMETER: Final = "RFC 5545 §3.2"
_BOM: Final = b"\xef\xbb\xbf"
_LONGEST: Final = 75
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_QUOTED_OR_NOT: Final = re.compile(r'"[^"]*"|[^";:,]*')
_CARET: Final = re.compile(r"\^[n^']|\^")
_CARETS: Final = {"^n": "\n", "^^": "^", "^'": '"', "^": "^"}


@frozen
class ParameterValue:
    """One of the values of a parameter, without quotes, with RFC 6868 undone."""

    text: str
    quoted: bool


@frozen
class ContentLine:
    """A line as it is after unfolding."""

    number: int
    """Of its first line in the file, from 1."""
    name: str
    """In capitals."""
    parameters: dict[str, tuple[ParameterValue, ...]]
    """By name, in capitals."""
    value: str

    def parameter(self, name: str) -> str | None:
        """Its first value; None where it is not given."""
        return self.parameters[name][0].text if name in self.parameters else None


def capitals(text: str) -> str:
    """For names and values without case. ASCII only: some letters of other scripts turn into ASCII ones."""
    return text.upper() if text.isascii() else text


def read_lines(content: bytes, findings: Findings) -> Iterator[ContentLine]:
    """Every line that can be read; what is wrong with it, and with the others, goes to `findings`."""
    for number, octets in _unfolded(content, findings):
        line = _parsed(number, octets.decode("utf-8", "replace"), findings)
        if line:
            yield line


# ── octets ───────────────────────────────────────────────────────────────────────────────────────
def _unfolded(content: bytes, findings: Findings) -> Iterator[tuple[int, bytes]]:
    if content.startswith(_BOM):
        findings.error(_LINE, "the file begins with a byte order mark instead of a name", 1)
        content = content.removeprefix(_BOM)
    begun, parts = 0, list[bytes]()
    for number, octets in _physical(content, findings):
        if octets[:1] in (b" ", b"\t"):
            if not parts:
                findings.error(_LINE, "a folded line continues nothing", number)
            parts.append(octets[1:])
            begun = begun or number
            continue
        if parts:
            yield begun, _whole(begun, parts, findings)
        begun, parts = number, [octets]
        if not octets:
            findings.error(_LINE, "an empty line", number)
            parts = []
    if parts:
        yield begun, _whole(begun, parts, findings)


def _physical(content: bytes, findings: Findings) -> Iterator[tuple[int, bytes]]:
    """Lines without their ends."""
    *lines, last = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\r"):
            findings.error(_LINE, "the line ends with a bare LF; needs CRLF", number)
        yield number, _inspected(number, line.removesuffix(b"\r"), findings)
    if last:
        findings.error(_LINE, "the last line does not end with CRLF", len(lines) + 1)
        yield len(lines) + 1, _inspected(len(lines) + 1, last, findings)


def _inspected(number: int, octets: bytes, findings: Findings) -> bytes:
    if len(octets) > _LONGEST:
        findings.warning(_LINE, f"{len(octets)} octets; a line has at most {_LONGEST}", number)
    control = _CONTROL.search(octets)
    if control:
        what = "a bare CR" if control[0] == b"\r" else f"the control character {control[0][0]:#04x}"
        findings.error(_LINE, f"{what} within a line", number)
    return octets


def _whole(number: int, parts: list[bytes], findings: Findings) -> bytes:
    whole = b"".join(parts)
    if whole.isascii():
        return whole
    broken = next((offset for offset, part in enumerate(parts) if not _is_utf8(part)), None)
    if broken is None:
        return whole
    if _is_utf8(whole):
        findings.warning(_LINE, "a fold splits a character", number + broken)
    else:
        findings.error(_ENCODING, "is not UTF-8", number + broken)
    return whole


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# ── names and parameters ─────────────────────────────────────────────────────────────────────────
def _parsed(number: int, text: str, findings: Findings) -> ContentLine | None:
    named = _NAME.match(text)
    if not named:
        findings.error(_LINE, f"{shown(text)} does not begin with a name", number)
        return None
    parameters = dict[str, tuple[ParameterValue, ...]]()
    at = named.end()
    while text[at : at + 1] == ";":
        read = _parameter(number, text, at + 1, findings)
        if read is None:
            return None
        name, values, at = read
        if name in parameters:
            findings.error(_PARAMETER, f"the parameter {name} is given twice", number)
        parameters.setdefault(name, values)
    if text[at : at + 1] != ":":
        findings.error(_LINE, f"{shown(text)}: a colon was expected after {shown(text[:at])}", number)
        return None
    return ContentLine(number, capitals(named[0]), parameters, text[at + 1 :])


def _parameter(number: int, text: str, at: int, findings: Findings) -> tuple[str, tuple[ParameterValue, ...], int] | None:
    """Name, values, and where it goes on."""
    named = _NAME.match(text, at)
    if not named or text[named.end() : named.end() + 1] != "=":
        findings.error(_LINE, f"{shown(text[at:])} is no parameter: a name and = were expected", number)
        return None
    values, at = list[ParameterValue](), named.end()
    while not values or text[at : at + 1] == ",":
        value = _QUOTED_OR_NOT.match(text, at + 1)
        if not value or text[value.end() : value.end() + 1] not in (",", ";", ":"):
            findings.error(_LINE, f"the value of {named[0]} is not closed, or has a quote within", number)
            return None
        values.append(_undone(number, named[0], value[0], findings))
        at = value.end()
    return capitals(named[0]), tuple(values), at


def _undone(number: int, name: str, raw: str, findings: Findings) -> ParameterValue:
    quoted = raw[:1] == '"'
    text = raw[1:-1] if quoted else raw
    if "^" in text:
        if "^" in _CARET.findall(text):
            findings.warning("RFC 6868 §3.1", f"a ^ in {name} is written as ^^", number)
        text = _CARET.sub(lambda found: _CARETS[found[0]], text)
    return ParameterValue(text, quoted)
