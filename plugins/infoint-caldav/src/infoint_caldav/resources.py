"""One entry as one resource of a calendar collection (RFC 4791 §4.1): its bytes, what it says whoever wrote it down,
and the same as a tombstone. Nothing here talks to a server.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from infoint.calendar import CalendarEntry, to_ics

if TYPE_CHECKING:
    from icalendar import Calendar, Component


def resource_body(entry: CalendarEntry) -> bytes:
    """The entry alone, with its VTIMEZONE and without METHOD."""
    return to_ics([entry])


def digest(body: bytes) -> str:
    """Of the very bytes."""
    return sha256(body).hexdigest()


# ── what it says ─────────────────────────────────────────────────────────────────────────────────
_STAMPS: Final = {"CREATED", "DTSTAMP", "LAST-MODIFIED"}
"""Servers set them as they like. Who changes only these has changed nothing."""
_SAID_BY_THE_VALUE: Final = {"TZID", "VALUE"}


def fingerprint(body: bytes) -> str:
    """Of what events and to-dos in `body` say. Servers may order, fold and escape lines in their own way, name zones otherwise, and add
    X- properties; that is no change. What cannot be read has the fingerprint of its bytes.
    """
    from icalendar import Calendar

    try:
        said = _said(Calendar.from_ical(body))
    except (
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        OverflowError,
    ):  # what icalendar lets out on broken files
        return digest(body)
    return digest("\n".join(said).encode(errors="surrogatepass"))


def _said(calendar: "Calendar") -> list[str]:
    found = [component for component in calendar.subcomponents if component.name != "VTIMEZONE"]
    return sorted("\n".join(_lines(component)) for component in found)


def _lines(component: "Component") -> Iterator[str]:
    yield f"BEGIN:{component.name}"
    yield from sorted(
        _line(name.upper(), value)
        for name, value in component.property_items(recursive=False, sorted=False)
        if name.upper() not in _STAMPS | {"BEGIN", "END"} and not name.upper().startswith("X-")
    )
    yield from sorted("\n".join(_lines(child)) for child in component.subcomponents)


def _line(name: str, value: object) -> str:
    parameters = sorted(
        f";{key.upper()}={said}"
        for key, said in getattr(value, "params", {}).items()
        if key.upper() not in _SAID_BY_THE_VALUE and not key.upper().startswith("X-")
    )
    return f"{name}{''.join(parameters)}:{_value(value)}"


def _value(value: object) -> str:
    at = getattr(value, "dt", None)
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat() if at.tzinfo else at.isoformat()
    if at is not None:
        return str(at)
    categories = getattr(value, "cats", None)
    if categories is not None:
        return ",".join(sorted(map(_text, categories)))
    return _text(value)


def _text(value: object) -> str:
    # Servers that write with icalendar make a line end of a backslash before N; nobody has changed anything.
    return str(value).replace(r"\N", "\n")


# ── tombstones ───────────────────────────────────────────────────────────────────────────────────
def is_tombstone(body: bytes) -> bool:
    """Whether it says of itself that it is cancelled."""
    return any(_is(line, b"STATUS") and line.strip().upper().endswith(b":CANCELLED") for line in _own_lines(body))


def tombstone(body: bytes) -> bytes:
    """`body` with STATUS:CANCELLED and SEQUENCE one higher, so that readers take it away (RFC 5546 §2.1.4); without alarms. Other
    lines stay byte for byte as they are.
    """
    sequence, kept = 0, list[bytes]()
    for line in _own_lines(body):
        if _is(line, b"SEQUENCE"):
            number = line.partition(b":")[2].strip()
            sequence = int(number) if number.isdigit() else 0
        elif not (_is(line, b"STATUS") or _is(line, b"COMPLETED")):
            kept.append(line)
    for at, line in enumerate(kept):
        if line.strip().upper() in {b"END:VEVENT", b"END:VTODO"}:
            kept[at:at] = [b"SEQUENCE:%d\r\n" % min(sequence + 1, 2**31 - 1), b"STATUS:CANCELLED\r\n"]
            break
    return b"".join(kept)


def _is(line: bytes, name: bytes) -> bool:
    return re.match(name + rb"[;:]", line, re.IGNORECASE) is not None


def _own_lines(body: bytes) -> Iterator[bytes]:
    """Unfolded no further than needed: a line with its continuations, CRLF at each end; those of alarms left out."""
    ends = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")  # in XML, servers send lone LFs
    alarm = False
    for line in re.findall(rb"[^\n]+\n(?:[ \t][^\n]*\n)*", ends):
        bare = line.strip().upper()
        alarm = alarm or bare == b"BEGIN:VALARM"
        if not alarm:
            yield line
        alarm = alarm and bare != b"END:VALARM"
