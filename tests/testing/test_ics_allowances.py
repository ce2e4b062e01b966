"""The checker lets through what the standards allow, however unusual: a false alarm makes authors switch it off."""

from collections.abc import Callable
from datetime import datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings, strategies as st

from infoint.testing import IcsProblem
from infoint.testing.ics.instances import is_first_instance
from infoint.testing.ics.recurrence import read_recurrence

Check = Callable[[str], tuple[IcsProblem, ...]]

RULE = "RRULE:FREQ=MONTHLY;COUNT=4;BYDAY=-1FR"
ALLOWED = [
    ("names in small letters", "STATUS:CONFIRMED", "status:confirmed"),
    ("components in small letters", "BEGIN:VJOURNAL", "begin:vjournal"),
    ("parameters in small letters", "ROLE=CHAIR", "role=chair"),
    ("a word of one's own", "ROLE=CHAIR", "ROLE=X-OAK-HOST"),
    ("a class of one's own", "CLASS:PRIVATE", "CLASS:X-OAK-FRIENDS"),
    ("an alarm of one's own", "ACTION:AUDIO", "ACTION:X-OAK-SMELL"),
    ("a type of one's own", "SOURCE;VALUE=URI:https://oak.example/talks.ics", "SOURCE;VALUE=X-OAK:talks"),
    ("an empty text", "COMMENT:none", "COMMENT:"),
    ("an empty parameter", "CN=Bo ^'B^' ^^ ^n", "CN="),
    ("a quoted zone", "RDATE;TZID=Europe/Berlin", 'RDATE;TZID="Europe/Berlin"'),
    ("a zone everybody knows", "RDATE;TZID=Europe/Berlin", "RDATE;TZID=/example.org/Europe/Berlin"),
    ("a leap second", "CREATED:20260227T080000Z", "CREATED:20161231T235960Z"),
    ("29 February of a leap year", "DUE;VALUE=DATE:20260328", "DUE;VALUE=DATE:20280229"),
    ("a version in a range", "VERSION:2.0", "VERSION:1.0;2.0"),
    ("an end in another zone", "DTEND;TZID=Europe/Berlin:20260327T153000", "DTEND:20260327T143000Z"),
    ("a length of weeks", "DURATION:PT1H30M", "DURATION:P2W"),
    ("a length of days and hours", "DURATION:PT1H30M", "DURATION:+P1DT2H3M4S"),
    ("whole days by their length", "DTEND;VALUE=DATE:20260403", "DURATION:P1W"),
    ("an event without end", "DTEND;VALUE=DATE:20260403\n", ""),
    ("offsets with seconds", "TZOFFSETTO:+0100", "TZOFFSETTO:-005328"),
    ("a signed number", "SEQUENCE:1", "SEQUENCE:+1"),
    ("the south pole", "GEO:52.52;-13.405", "GEO:-90;+180.000"),
    ("a URN", "URL:https://oak.example/people", "URL:urn:uuid:f81d4fae/people"),
    ("an IPv6 address", "URL:https://oak.example/people", "URL:http://[2001:db8::1]:80/people"),
    ("no such scheme", "URL:https://oak.example/people", "URL:oak+x-1.2:people"),
    ("an address that is no mailto", "RSVP=FALSE:mailto:bo@oak.example", "RSVP=FALSE:urn:uuid:f81d4fae"),
    ("an address with a subject", ":mailto:room@oak.example", ":mailto:room@oak.example?subject=Talk"),
    ("a status of a status", "REQUEST-STATUS:2.0;Success", "REQUEST-STATUS;LANGUAGE=en:3.1.2;No\\, \\; no;DTSTART:x"),
    ("a trigger after the start", "TRIGGER:-PT15M", "TRIGGER;RELATED=START:PT15M"),
    ("a trigger that says its type", "TRIGGER:-PT15M", "TRIGGER;VALUE=DURATION:-PT15M"),
    ("no limit", RULE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR"),
    ("a rule in small letters", RULE, "RRULE:freq=monthly;byday=-1fr"),
    ("UNTIL in UTC", RULE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260626T130000Z"),
    ("the last of the last", RULE, "RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1"),
    ("the last of two days of the week", RULE, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1"),
    ("the first day of a week", RULE, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1;WKST=TU"),
    ("a switch of one's own", "X-OAK-MOOD;X-OAK-SCALE=5:good; really, good", "X-OAK-MOOD;VALUE=BOOLEAN:true"),
    ("times of one's own", "X-OAK-MOOD;X-OAK-SCALE=5:good; really, good", "X-OAK-MOOD;VALUE=TIME:235960Z"),
    ("a property and a type of one's own", "X-OAK-MOOD;X-OAK-SCALE=5:", "X-OAK-MOOD;VALUE=X-OAK:"),
    ("every quarter of an hour", RULE, "RRULE:FREQ=DAILY;BYHOUR=15,16;BYMINUTE=0,15,30,45;BYSECOND=0;COUNT=9"),
    ("week 12, of Sundays", RULE, "RRULE:FREQ=YEARLY;BYWEEKNO=12;BYDAY=FR;WKST=SU"),
    ("day 86 of the year", RULE, "RRULE:FREQ=YEARLY;BYYEARDAY=86,-280"),
    ("every month in steps", RULE, "RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=+27"),
    ("a leap month", RULE, "RRULE:RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD"),
    ("a rule without zone", "DTSTART;TZID=Europe/Berlin:20260626T160000", "DTSTART:20260626T160000\nRRULE:FREQ=DAILY;UNTIL=20260701T160000"),
    ("the ends of time", "DUE;VALUE=DATE:20260328", "DTSTART;TZID=Europe/Berlin:00010101T000000\nDUE:99991231T235959Z"),
    ("a to-do with start and due", "DUE;VALUE=DATE:20260328", "DTSTART;VALUE=DATE:20260327\nDUE;VALUE=DATE:20260328"),
    ("a to-do of a length", "DUE;VALUE=DATE:20260328", "DTSTART;VALUE=DATE:20260327\nDURATION:P1D"),
    ("a journal without date", "DTSTART;VALUE=DATE:20260327\nSTATUS:FINAL", "STATUS:DRAFT"),
    ("the rest of a series", "RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"),
    ("no scheduling", "ROLE=CHAIR", "SCHEDULE-AGENT=NONE"),
    ("a relation with a gap", "RELTYPE=SIBLING:", "RELTYPE=FINISHTOSTART;GAP=PT5M:"),
    ("more onsets as a list", "TZNAME:CET", "TZNAME:CET\nRDATE:19711031T030000,19721029T030000\nCOMMENT:x"),
    ("an extra date in UTC", "RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20260501T150000/PT30M", "RDATE:20260501T130000Z"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in ALLOWED], ids=[row[0] for row in ALLOWED])
def test_what_is_allowed_is_let_through(old: str, new: str, entries: str, problems_of: Check) -> None:
    """A right file would be refused."""
    assert old in entries
    assert [str(problem) for problem in problems_of(entries.replace(old, new, 1))] == []


def test_two_calendars_in_one_file_are_two(entries: str, problems_of: Check) -> None:
    """A stream of calendars (RFC 5545 §3.4) would be refused for UIDs and zones that the other one has too."""
    assert problems_of(entries + entries) == ()


def test_a_calendar_of_zones_is_one(entries: str, problems_of: Check) -> None:
    """Zones that are handed out for others to use would be called useless."""
    begin, end = entries.index("BEGIN:VEVENT"), entries.index("END:VCALENDAR")
    assert problems_of(entries[:begin] + entries[end:]) == ()


# ── first instances ──────────────────────────────────────────────────────────────────────────────
def listed(items: list[str]) -> str:
    return ",".join(items)


def numbers(least: int, greatest: int, *, signed: bool = False) -> st.SearchStrategy[str]:
    one = st.integers(least, greatest)
    either = one | one.map(lambda number: -number) if signed else one
    return st.lists(either.map(str), min_size=1, max_size=3).map(listed)


WEEKDAY = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
WEEKDAYS = st.lists(WEEKDAY, min_size=1, max_size=5).map(listed)
NUMBERED = st.lists(st.builds("{}{}".format, st.sampled_from([1, 2, 4, -1, -2]), WEEKDAY), min_size=1, max_size=3).map(listed)
SHAPES = st.one_of(
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, numbers(1, 12), WEEKDAYS | NUMBERED),
    st.builds("FREQ=YEARLY;BYDAY={}".format, WEEKDAYS | NUMBERED),
    st.builds("FREQ=YEARLY;BYWEEKNO={};BYDAY={};WKST={}".format, numbers(1, 53, signed=True), WEEKDAYS, WEEKDAY),
    st.builds("FREQ=YEARLY;BYYEARDAY={}".format, numbers(1, 366, signed=True)),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, numbers(1, 31, signed=True)),
    st.builds("FREQ=MONTHLY;BYDAY={}".format, WEEKDAYS | NUMBERED),
    st.builds("FREQ=MONTHLY;BYDAY={};BYSETPOS={}".format, WEEKDAYS, st.sampled_from(["1", "-1", "2", "1,-1"])),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={};BYSETPOS={}".format, numbers(1, 12), WEEKDAYS, st.sampled_from(["1", "-1"])),
    st.builds("FREQ=YEARLY;BYMONTH={};BYSETPOS={}".format, numbers(1, 12), st.sampled_from(["1", "-1"])),
    st.builds("FREQ=MONTHLY;BYHOUR={};BYSETPOS={}".format, numbers(8, 12), st.sampled_from(["1", "-1"])),
    st.builds("FREQ=WEEKLY;BYHOUR={};BYSETPOS={}".format, numbers(8, 12), st.sampled_from(["1", "-1"])),
    st.builds(
        "FREQ=DAILY;BYHOUR={};BYMINUTE={};BYSETPOS={}".format, numbers(8, 12), numbers(0, 3), st.sampled_from(["1", "-1"])
    ),
    st.builds("FREQ=DAILY;BYMONTH={};BYDAY={}".format, numbers(1, 12), WEEKDAYS),
)
# dateutil counts BYSETPOS of the first week from the start, the standard from the first day of the week: no such shape with BYDAY.
# Whatever happens within a year, in a leap year too; not in its first days, where weeks of two years meet.
STARTS = st.datetimes(datetime(2027, 1, 5), datetime(2028, 12, 24)).map(
    lambda at: at.replace(hour=at.hour % 5 + 8, minute=at.minute % 4, second=0, microsecond=0)
)


@settings(max_examples=400)
@given(SHAPES, STARTS)
def test_first_instances_are_those_of_dateutil(rule: str, start: datetime) -> None:
    """A start would be called no instance of its rule although it is one, or the other way round."""
    first = rrulestr(rule, dtstart=start).after(start, inc=True)
    assert is_first_instance(read_recurrence(rule), start) == (first == start)


@settings(max_examples=400)
@given(SHAPES, STARTS)
def test_instances_are_first_instances(rule: str, start: datetime) -> None:
    """As above; random starts seldom are instances, these always are."""
    first = rrulestr(rule, dtstart=start).after(start, inc=True)
    if first and first < datetime(2028, 12, 24):
        # A rule takes what it does not say from its start, and the new one has the same day or time where that matters.
        again = rrulestr(rule, dtstart=first).after(first, inc=True)
        assert is_first_instance(read_recurrence(rule), first) == (again == first)
