"""Files with a method: what RFC 5546 lets them hold, and what they say then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from infoint.calendar import (
    Alarm,
    Attendee,
    CalendarEntry,
    CalendarHead,
    Component,
    EntryStatus,
    Method,
    Organizer,
    Timed,
    to_ics,
)
from infoint.errors import InvalidValue
from infoint.testing import check_ics

STAMP = datetime(2026, 3, 5, 9, 0, 0, 999_999, tzinfo=UTC)
INVITED = CalendarEntry(
    uid="talk",
    when=Timed.starting(datetime(2026, 3, 27, 14, tzinfo=UTC), timedelta(hours=1)),
    summary="Talk",
    last_modified=datetime(2026, 3, 2, tzinfo=UTC),
    organizer=Organizer("kim@example.org"),
    attendees=(Attendee("ana@oak.example", rsvp=True),),
    status=EntryStatus.CONFIRMED,
)
FITTING = {
    Method.PUBLISH: evolve(INVITED, attendees=()),
    Method.REQUEST: INVITED,
    Method.CANCEL: evolve(INVITED, status=EntryStatus.CANCELLED, sequence=1),
}


@pytest.mark.parametrize("method", Method)
def test_messages_as_written(method: Method) -> None:
    """A message would lack its METHOD, or be stamped with another time than its own (RFC 5545 §3.8.7.2)."""
    content = to_ics([FITTING[method]], CalendarHead(method=method, stamp=STAMP))
    assert content.count(b"METHOD:") == 1
    assert f"CALSCALE:GREGORIAN\r\nMETHOD:{method}\r\n".encode() in content
    assert b"DTSTAMP:20260305T090000Z\r\n" in content
    assert b"LAST-MODIFIED:20260302T000000Z\r\n" in content
    assert check_ics(content) == ()


@pytest.mark.parametrize(
    ("method", "changes", "field"),
    [
        *((method, {"organizer": None, "attendees": ()}, "organizer") for method in Method),
        (Method.PUBLISH, {"attendees": INVITED.attendees}, "attendees"),
        (Method.REQUEST, {"attendees": ()}, "attendees"),
        (Method.REQUEST, {"status": EntryStatus.CANCELLED}, "status"),
        (Method.CANCEL, {"status": EntryStatus.CONFIRMED}, "status"),
        (Method.CANCEL, {"sequence": 0}, "sequence"),
        (Method.CANCEL, {"alarms": (Alarm(timedelta(0), ""),)}, "alarms"),
        *(
            (method, {"component": Component.TODO, "status": None, "when": Timed(STAMP)}, "component")
            for method in Method
        ),
    ],
)  # fmt: skip
def test_entries_that_are_no_such_message_are_refused(method: Method, changes: dict[str, Any], field: str) -> None:
    """A program would refuse the message, or mail people who should not be asked."""
    with pytest.raises(InvalidValue, match=rf"CalendarEntry\.{field}: .*'talk'"):
        to_ics([evolve(FITTING[method], **changes)], CalendarHead(method=method, stamp=STAMP))


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_messages_are_about_one_thing(method: Method) -> None:
    """Outlook reads one of two, and macOS none."""
    other = evolve(FITTING[method], uid="other")
    for entries in ([], [FITTING[method], other]):
        with pytest.raises(InvalidValue, match=rf"CalendarHead\.method: {method} needs exactly one uid .*not {len(entries)}"):
            to_ics(entries, CalendarHead(method=method, stamp=STAMP))


def test_published_are_any_number() -> None:
    """A calendar of several events could not be published."""
    published = FITTING[Method.PUBLISH]
    assert to_ics([published, evolve(published, uid="other")], CalendarHead(method=Method.PUBLISH, stamp=STAMP))


def test_method_and_stamp_go_together() -> None:
    """DTSTAMP would mean the moment of a message that is none, or a message have none."""
    for head in ({"method": Method.PUBLISH}, {"stamp": STAMP}):
        with pytest.raises(InvalidValue, match=r"CalendarHead\.stamp: goes with a method"):
            CalendarHead(**head)  # type: ignore[arg-type]  # one of each
    with pytest.raises(InvalidValue, match=r"CalendarHead\.method"):
        CalendarHead(method="PUBLISH", stamp=STAMP)  # type: ignore[arg-type]  # wrong on purpose
