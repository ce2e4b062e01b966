"""The checker convicts a calendar of each of many small breaches, by the right rule and no other."""

from collections import Counter
from collections.abc import Callable

import pytest

from infoint.testing import IcsProblem, IcsSeverity

Check = Callable[[str], tuple[IcsProblem, ...]]

VEVENT, VTODO, VALARM, VTIMEZONE = "RFC 5545 §3.6.1", "RFC 5545 §3.6.2", "RFC 5545 §3.6.6", "RFC 5545 §3.6.5"
RECUR, TRIGGER, LINE, NESTING = "RFC 5545 §3.3.10", "RFC 5545 §3.8.6.3", "RFC 5545 §3.1", "RFC 5545 §3.6"
TEXT, MOMENT, DATE, DURATION = "RFC 5545 §3.3.11", "RFC 5545 §3.3.5", "RFC 5545 §3.3.4", "RFC 5545 §3.3.6"
RULE = "RRULE:FREQ=MONTHLY;COUNT=4;BYDAY=-1FR"
START = "DTSTART;TZID=Europe/Berlin:20260327T150000"
END = "DTEND;TZID=Europe/Berlin:20260327T153000"
ALARM = "TRIGGER:-PT15M"

BREAKAGES = [
    # ── content lines ──
    ("a name with a blank", "CLASS:PRIVATE", "CLA SS:PRIVATE", LINE),
    ("no colon", "CLASS:PRIVATE", "CLASS", LINE),
    ("no name", "CLASS:PRIVATE", ":PRIVATE", LINE),
    ("an empty line", "CLASS:PRIVATE\n", "CLASS:PRIVATE\n\n", LINE),
    ("a parameter without =", "RELTYPE=SIBLING", "RELTYPE", LINE),
    ("a quote within a value of a parameter", "CN=Bo ", 'CN=B"o ', LINE),
    ("a quote that does not end", 'LABEL="Room; 1"', 'LABEL="Room; 1', LINE),
    ("a control character", "CLASS:PRIVATE", "CLASS:PRIVATE\x0b", {LINE, "RFC 5545 §3.8.1.3"}),
    ("the same parameter twice", "ROLE=CHAIR", "ROLE=CHAIR;ROLE=CHAIR", "RFC 5545 §3.2"),
    ("a lone ^", "^'B^'", "^B", "RFC 6868 §3.1"),
    # ── nesting ──
    ("two ENDs crossed", "END:VALARM\nEND:VEVENT", "END:VEVENT\nEND:VALARM", NESTING),
    ("an END too many", "END:VJOURNAL\n", "END:VJOURNAL\nEND:VJOURNAL\n", NESTING),
    ("no END", "END:VCALENDAR\n", "", NESTING),
    ("BEGIN with a parameter", "BEGIN:VJOURNAL", "BEGIN;X-A=1:VJOURNAL", NESTING),
    ("END with a parameter", "END:VJOURNAL", "END;X-A=1:VJOURNAL", NESTING),
    ("a component without a name", "BEGIN:X-OAK-BOX", "BEGIN:X OAK", NESTING),
    ("a misspelt component", "X-OAK-BOX\nSUMMARY", "VEVNT\nSUMMARY", NESTING),
    ("a line after the calendar", "END:VCALENDAR\n", "END:VCALENDAR\nCLASS:PUBLIC\n", "RFC 5545 §3.4"),
    ("an entry outside of a calendar", "END:VCALENDAR\n", "END:VCALENDAR\nBEGIN:X-A\nEND:X-A\n", "RFC 5545 §3.4"),
    ("an alarm in a journal", "END:VJOURNAL", "BEGIN:VALARM\nEND:VALARM\nEND:VJOURNAL", {"RFC 5545 §3.6.3", VALARM}),
    ("a property after an alarm", "END:VALARM\nEND:VTODO", "END:VALARM\nCLASS:PUBLIC\nEND:VTODO", VTODO),
    # ── how often, and where ──
    ("no VERSION", "VERSION:2.0\n", "", NESTING),
    ("no PRODID", "PRODID:-//Oak Example//Talks//EN\n", "", NESTING),
    ("an empty PRODID", "PRODID:-//Oak Example//Talks//EN", "PRODID:", "RFC 5545 §3.7.3"),
    ("another VERSION", "VERSION:2.0", "VERSION:1.0", "RFC 5545 §3.7.4"),
    ("another CALSCALE", "GREGORIAN", "JULIAN", "RFC 5545 §3.7.1"),
    ("no UID", "UID:fair-1\n", "", VEVENT),
    ("an empty UID", "UID:fair-1", "UID:", "RFC 5545 §3.8.4.7"),
    ("no DTSTAMP", "UID:fair-1\nDTSTAMP:20260302T080000Z", "UID:fair-1", VEVENT),
    ("no DTSTART", f"{START}\n{END}\n{RULE}", "X-A:", {VEVENT, TRIGGER}),
    ("SUMMARY twice", "SUMMARY:Fair", "SUMMARY:Fair\nSUMMARY:Fair", VEVENT),
    ("RRULE twice", RULE, f"{RULE}\n{RULE}", VEVENT),
    ("DUE of an event", "SUMMARY:Later", "SUMMARY:Later\nDUE:20260701T000000Z", VEVENT),
    ("TRANSP of a to-do", "PERCENT-COMPLETE:100", "TRANSP:OPAQUE", VTODO),
    ("LOCATION of a journal", "STATUS:FINAL", "LOCATION:here", "RFC 5545 §3.6.3"),
    ("SUMMARY of busy times", "FREEBUSY;", "SUMMARY:x\nFREEBUSY;", "RFC 5545 §3.6.4"),
    ("COMMENT of a zone", "TZID:Europe/Berlin\n", "TZID:Europe/Berlin\nCOMMENT:x\n", VTIMEZONE),
    ("UID of an onset", "TZNAME:CET", "UID:x", VTIMEZONE),
    ("a calendar with SUMMARY", "COLOR:goldenrod", "SUMMARY:x", NESTING),
    ("NAME twice", "NAME;LANGUAGE=de:", "NAME:", "RFC 7986 §5.1"),
    ("DESCRIPTION twice", "UID:calendar-1", "DESCRIPTION:x", "RFC 7986 §5.2"),
    ("a misspelt property", "PERCENT-COMPLETE:100", "PERCENT-COMPLETED:100", "RFC 5545 §3.8.8.1"),
    ("BUSYTYPE twice", "BUSYTYPE:BUSY\n", "BUSYTYPE:BUSY\nBUSYTYPE:BUSY\n", "RFC 7953 §3.1"),
    (
        "AVAILABLE without start",
        "DTSTART;TZID=Europe/Berlin:20260302T090000\n",
        "",
        {"RFC 7953 §3.1", "RFC 5545 §3.8.2.2", "RFC 5545 §3.8.2.4"},
    ),
    (
        "AVAILABLE at no zone",
        "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:",
        "DTSTART:20260302T090000\nDTEND:",
        {"RFC 7953 §3.1", RECUR},
    ),
    ("a participant without type", "PARTICIPANT-TYPE:SPEAKER\n", "", "RFC 9073 §7.1"),
    ("an unknown type of participant", "TYPE:SPEAKER", "TYPE:GHOST", "RFC 9073 §6.2"),
    ("a place without UID", "UID:location-1\n", "", "RFC 9073 §7.2"),
    # ── parameters ──
    ("a parameter of another property", "SUMMARY;LANGUAGE=en:", "SUMMARY;ROLE=CHAIR:", "RFC 5545 §3.2"),
    ("a misspelt parameter", "SUMMARY;LANGUAGE=en:", "SUMMARY;LANG=en:", "RFC 5545 §3.2"),
    ("no language", "LANGUAGE=en", "LANGUAGE=e_n", "RFC 5545 §3.2.10"),
    ("ALTREP without quotes", 'ALTREP="https://oak.example/a,b"', "ALTREP=x", "RFC 5545 §3.2.1"),
    ("two ROLEs", "ROLE=CHAIR", "ROLE=CHAIR,CHAIR", "RFC 5545 §3.2.16"),
    ("an unknown ROLE", "ROLE=CHAIR", "ROLE=BOSS", "RFC 5545 §3.2.16"),
    ("an unknown CUTYPE", "CUTYPE=ROOM", "CUTYPE=HALL", "RFC 5545 §3.2.3"),
    ("an unknown PARTSTAT", "PARTSTAT=ACCEPTED", "PARTSTAT=YES", "RFC 5545 §3.2.12"),
    ("PARTSTAT of a to-do in an event", "PARTSTAT=ACCEPTED", "PARTSTAT=COMPLETED", "RFC 5545 §3.2.12"),
    ("RSVP of no kind", "RSVP=FALSE", "RSVP=MAYBE", "RFC 5545 §3.2.17"),
    ("SENT-BY that is no address", 'SENT-BY="mailto:c@oak.example"', 'SENT-BY="c"', "RFC 5545 §3.2.18"),
    ("SENT-BY without quotes", 'SENT-BY="mailto:c@oak.example"', "SENT-BY=c", "RFC 5545 §3.2.18"),
    ("MEMBER that is no address", '"mailto:d@oak.example"', '"d@oak.example"', "RFC 5545 §3.2.11"),
    ("an unknown RELTYPE", "RELTYPE=SIBLING", "RELTYPE=COUSIN", "RFC 5545 §3.2.15"),
    ("an unknown FBTYPE", "FBTYPE=BUSY-TENTATIVE", "FBTYPE=MAYBE", "RFC 5545 §3.2.9"),
    ("RELATED to nothing", "RELATED=END:PT0S", "RELATED=MIDDLE:PT0S", "RFC 5545 §3.2.14"),
    ("no media type", "FMTTYPE=text/plain", "FMTTYPE=text", "RFC 5545 §3.2.8"),
    ("an unknown FEATURE", "FEATURE=AUDIO,VIDEO", "FEATURE=SMELL", "RFC 7986 §6.3"),
    ("features in one pair of quotes", "FEATURE=AUDIO,VIDEO", 'FEATURE="AUDIO,VIDEO"', "RFC 7986 §6.3"),
    ("an unknown DISPLAY", "DISPLAY=BADGE", "DISPLAY=HUGE", "RFC 7986 §6.1"),
    ("EMAIL that is none", "EMAIL=ana@oak.example", "EMAIL=ana", "RFC 7986 §6.2"),
    ("SCHEMA without quotes", '"https://schema.example/E"', "x", "RFC 9073 §5.2"),
    ("an unknown VALUE", "SOURCE;VALUE=URI", "SOURCE;VALUE=URL", {"RFC 5545 §3.2.20", "RFC 7986 §5.8"}),
    ("a type that the property has not", "SOURCE;VALUE=URI", "SOURCE;VALUE=TEXT", "RFC 7986 §5.8"),
    ("TZID of a DATE", "DUE;VALUE=DATE:", "DUE;VALUE=DATE;TZID=Europe/Berlin:", "RFC 5545 §3.8.2.3"),
    ("TZID of a time in UTC", "20260626T160000\n", "20260626T160000Z\n", "RFC 5545 §3.8.2.4"),
    ("RANGE of another property", "DUE;", "DUE;RANGE=THISANDFUTURE;", "RFC 5545 §3.2"),
    ("the old RANGE", "RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDPRIOR;", "RFC 5545 §3.2.13"),
    ("BINARY without ENCODING", "ENCODING=BASE64;", "", "RFC 7986 §5.10"),
    ("ENCODING of a URI", "ATTACH;FMTTYPE=text/plain", "ATTACH;ENCODING=BASE64", "RFC 5545 §3.8.1.1"),
    # ── values ──
    ("a day that is none", "DUE;VALUE=DATE:20260328", "DUE;VALUE=DATE:20260229", DATE),
    ("a day with hyphens", "DUE;VALUE=DATE:20260328", "DUE;VALUE=DATE:2026-03-28", DATE),
    ("a DATE without VALUE", "DUE;VALUE=DATE:", "DUE:", MOMENT),
    ("an hour that is none", "CREATED:20260227T080000Z", "CREATED:20260227T240000Z", MOMENT),
    ("an offset in a time", "CREATED:20260227T080000Z", "CREATED:20260227T080000+0100", MOMENT),
    ("digits of another script", "DUE;VALUE=DATE:20260328", "DUE;VALUE=DATE:２０260328", DATE),
    ("a length without unit", "DURATION:PT1H30M", "DURATION:PT130", DURATION),
    ("a length with a hole", "DURATION:PT1H30M", "DURATION:PT1H30S", DURATION),
    ("a length of nothing", "DURATION:PT1H30M", "DURATION:P", DURATION),
    ("a length with T at its end", "DURATION:PT1H30M", "DURATION:P1DT", DURATION),
    ("a length without end", "DURATION:PT1H30M", "DURATION:PT99999999999H", DURATION),
    ("a length beyond all calendars", "DURATION:PT1H30M", "DURATION:P999999999W", DURATION),
    ("a negative length", "DURATION:PT1H30M", "DURATION:-PT1H30M", "RFC 5545 §3.8.2.5"),
    ("no length", "DURATION:PT1H30M", "DURATION:PT0S", "RFC 5545 §3.8.2.5"),
    ("a period without end", "20260501T150000/PT30M", "20260501T150000", "RFC 5545 §3.3.9"),
    ("a period that ends before it starts", "/20260327T170000Z", "/20260327T150000Z", "RFC 5545 §3.3.9"),
    ("a period of negative length", "20260501T150000/PT30M", "20260501T150000/-PT30M", "RFC 5545 §3.3.9"),
    ("a period half in UTC", "/20260327T170000Z", "/20260327T170000", "RFC 5545 §3.3.9"),
    (
        "busy times not in UTC",
        "20260327T140000Z/PT30M,20260327T160000Z/20260327T170000Z",
        "20260327T140000/PT30M",
        "RFC 5545 §3.8.2.6",
    ),
    ("an offset without sign", "TZOFFSETTO:+0100", "TZOFFSETTO:0100", "RFC 5545 §3.3.14"),
    ("an offset of -0000", "TZOFFSETTO:+0100", "TZOFFSETTO:-0000", "RFC 5545 §3.3.14"),
    ("an offset of 61 minutes", "TZOFFSETTO:+0100", "TZOFFSETTO:+0061", "RFC 5545 §3.3.14"),
    ("a number with a point", "SEQUENCE:1", "SEQUENCE:1.0", "RFC 5545 §3.3.8"),
    ("a number of 33 bits", "SEQUENCE:1", "SEQUENCE:2147483648", "RFC 5545 §3.3.8"),
    ("a negative SEQUENCE", "SEQUENCE:1", "SEQUENCE:-1", "RFC 5545 §3.8.7.4"),
    ("PRIORITY 10", "PRIORITY:5", "PRIORITY:10", "RFC 5545 §3.8.1.9"),
    ("101 %", "PERCENT-COMPLETE:100", "PERCENT-COMPLETE:101", "RFC 5545 §3.8.1.8"),
    ("one degree", "GEO:52.52;-13.405", "GEO:52.52", "RFC 5545 §3.8.1.6"),
    ("a pole beyond the pole", "GEO:52.52;-13.405", "GEO:90.1;0", "RFC 5545 §3.8.1.6"),
    ("degrees with a comma", "GEO:52.52;-13.405", "GEO:52,52;-13,405", "RFC 5545 §3.3.7"),
    ("no BASE64", "iVBORw0KGgo=", "iVBORw0KGgo", "RFC 5545 §3.3.1"),
    ("a comma in a text", "Linde\\, Lindenallee", "Linde, Lindenallee", TEXT),
    ("a semicolon in a text", "nline\\;", "nline;", TEXT),
    ("a backslash in a text", "C:\\\\New", "C:\\New\\old", TEXT),
    ("a semicolon in a list", "Projector,Easel", "Projector;Easel", TEXT),
    ("a backslash at the end", "COMMENT:none", "COMMENT:none\\", TEXT),
    ("a URL without scheme", "URL:https://oak.example/people", "URL:oak.example/people", "RFC 3986 §3"),
    ("a URL with a blank", "?tab=1#top", "?tab= 1#top", "RFC 3986 §2"),
    ("a URL with letters of no URI", "?tab=1#top", "?tab=é#top", "RFC 3986 §2"),
    ("a URL with a lone %", "?tab=1#top", "?tab=%1#top", "RFC 3986 §2"),
    ("an address without scheme", "RSVP=FALSE:mailto:bo", "RSVP=FALSE:bo", "RFC 3986 §3"),
    ("mailto without an address", "RSVP=FALSE:mailto:bo@oak.example", "RSVP=FALSE:mailto:bo", "RFC 5545 §3.3.3"),
    ("a status without description", "REQUEST-STATUS:2.0;Success", "REQUEST-STATUS:2.0", "RFC 5545 §3.8.8.3"),
    ("a status without code", "REQUEST-STATUS:2.0;Success", "REQUEST-STATUS:two;Success", "RFC 5545 §3.8.8.3"),
    ("STATUS of a to-do in an event", "STATUS:CONFIRMED", "STATUS:NEEDS-ACTION", "RFC 5545 §3.8.1.11"),
    ("STATUS of an event in a journal", "STATUS:FINAL", "STATUS:CONFIRMED", "RFC 5545 §3.8.1.11"),
    ("an unknown TRANSP", "TRANSP:OPAQUE", "TRANSP:FREE", "RFC 5545 §3.8.2.7"),
    ("an unknown CLASS", "CLASS:PRIVATE", "CLASS:SECRET", "RFC 5545 §3.8.1.3"),
    ("a word that looks right in capitals", "CLASS:PRIVATE", "CLASS:PRıVATE", "RFC 5545 §3.8.1.3"),
    ("an unknown BUSYTYPE", "BUSYTYPE:BUSY", "BUSYTYPE:ASLEEP", "RFC 7953 §3.2"),
    ("a colour in hex", "COLOR:goldenrod", "COLOR:#daa520", "RFC 7986 §5.9"),
    ("an unknown METHOD", "CALSCALE:GREGORIAN", "METHOD:BOGUS", "RFC 5545 §3.7.2"),
    ("COMPLETED not in UTC", "COMPLETED:20260328T100000Z", "COMPLETED:20260328T100000", "RFC 5545 §3.8.2.1"),
    ("LAST-MODIFIED not in UTC", "LAST-MODIFIED:20260302T080000Z", "LAST-MODIFIED:20260302T080000", "RFC 5545 §3.8.7.3"),
    ("REFRESH-INTERVAL without VALUE", "REFRESH-INTERVAL;VALUE=DURATION", "REFRESH-INTERVAL", "RFC 7986 §5.7"),
    ("REFRESH-INTERVAL of no time", ":PT1H\n", ":-PT1H\n", "RFC 7986 §5.7"),
    ("CONFERENCE without VALUE", "CONFERENCE;VALUE=URI", "CONFERENCE", "RFC 7986 §5.11"),
    ("IMAGE without VALUE", "IMAGE;VALUE=URI", "IMAGE", "RFC 7986 §5.10"),
    ("STRUCTURED-DATA without FMTTYPE", "FMTTYPE=application/json;", "", "RFC 9073 §6.6"),
    ("STYLED-DESCRIPTION without VALUE", "STYLED-DESCRIPTION;VALUE=TEXT", "STYLED-DESCRIPTION", "RFC 9073 §6.5"),
    ("LINK without LINKREL", ";LINKREL=alternate", "", "RFC 9253 §8.2"),
    ("an alarm that goes by nothing", "PROXIMITY:ARRIVE", "PROXIMITY:NEAR", "RFC 9074 §8.1"),
    ("ACKNOWLEDGED not in UTC", "ACKNOWLEDGED:20260327T135000Z", "ACKNOWLEDGED:20260327T135000", "RFC 9074 §6.1"),
    ("two alarms with one UID", "UID:alarm-2", "UID:alarm-1", "RFC 9074 §4"),
    # ── recurrence rules ──
    ("no FREQ", RULE, "RRULE:COUNT=4", RECUR),
    ("an unknown FREQ", RULE, "RRULE:FREQ=FORTNIGHTLY", RECUR),
    ("FREQ twice", RULE, f"{RULE};FREQ=MONTHLY", RECUR),
    ("an unknown part", RULE, f"{RULE};BYEASTER=1", RECUR),
    ("FREQ not first", RULE, "RRULE:COUNT=4;FREQ=MONTHLY;BYDAY=-1FR", RECUR),
    ("COUNT and UNTIL", RULE, f"{RULE};UNTIL=20261231T000000Z", RECUR),
    ("COUNT of none", RULE, "RRULE:FREQ=DAILY;COUNT=0", RECUR),
    ("INTERVAL of none", RULE, "RRULE:FREQ=DAILY;INTERVAL=0", RECUR),
    ("hour 24", RULE, "RRULE:FREQ=DAILY;BYHOUR=24", RECUR),
    ("minute 60", RULE, "RRULE:FREQ=DAILY;BYMINUTE=60", RECUR),
    ("second 61", RULE, "RRULE:FREQ=DAILY;BYSECOND=61", RECUR),
    ("month 13", RULE, "RRULE:FREQ=YEARLY;BYMONTH=13", RECUR),
    ("month -1", RULE, "RRULE:FREQ=YEARLY;BYMONTH=-1", RECUR),
    ("day 0 of the month", RULE, "RRULE:FREQ=MONTHLY;BYMONTHDAY=0", RECUR),
    ("day 32 of the month", RULE, "RRULE:FREQ=MONTHLY;BYMONTHDAY=-32", RECUR),
    ("day 367 of the year", RULE, "RRULE:FREQ=YEARLY;BYYEARDAY=367", RECUR),
    ("week 54", RULE, "RRULE:FREQ=YEARLY;BYWEEKNO=54", RECUR),
    ("a weekday that is none", RULE, "RRULE:FREQ=WEEKLY;BYDAY=XX", RECUR),
    ("the 54th Monday", RULE, "RRULE:FREQ=YEARLY;BYDAY=54MO", RECUR),
    ("an empty list", RULE, "RRULE:FREQ=WEEKLY;BYDAY=", RECUR),
    ("a week that begins on no day", RULE, "RRULE:FREQ=WEEKLY;WKST=1", RECUR),
    ("BYMONTHDAY of a week", RULE, "RRULE:FREQ=WEEKLY;BYMONTHDAY=27", RECUR),
    ("BYYEARDAY of a month", RULE, "RRULE:FREQ=MONTHLY;BYYEARDAY=86", RECUR),
    ("BYWEEKNO of a month", RULE, "RRULE:FREQ=MONTHLY;BYWEEKNO=13", RECUR),
    ("a numbered weekday of a week", RULE, "RRULE:FREQ=WEEKLY;BYDAY=1FR", RECUR),
    ("a numbered weekday beside BYWEEKNO", RULE, "RRULE:FREQ=YEARLY;BYWEEKNO=13;BYDAY=1FR", RECUR),
    ("BYSETPOS alone", RULE, "RRULE:FREQ=MONTHLY;BYSETPOS=1", RECUR),
    ("SKIP without RSCALE", RULE, "RRULE:FREQ=MONTHLY;SKIP=BACKWARD", "RFC 7529 §4.1"),
    ("UNTIL in local time", RULE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000", RECUR),
    ("UNTIL on a day", RULE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231", RECUR),
    ("UNTIL at a time, of a whole day", "UNTIL=20300401", "UNTIL=20300401T000000Z", RECUR),
    ("UNTIL before the start", "UNTIL=20300401", "UNTIL=20250401", RECUR),
    ("an hour of a whole day", "UNTIL=20300401", "UNTIL=20300401;BYHOUR=9", RECUR),
    ("UNTIL of an onset in local time", "BYMONTH=10;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU;UNTIL=20301231T000000", RECUR),
    ("a start that is no instance", "BYDAY=-1FR", "BYDAY=1FR", "RFC 5545 §3.8.2.4"),
    ("a recurrence without start", "DUE;VALUE=DATE:20260328", "DUE;VALUE=DATE:20260328\nRRULE:FREQ=DAILY", "RFC 5545 §3.8.2.4"),
    (
        "what a series leaves out, of another type",
        "EXDATE;TZID=Europe/Berlin:20260424T150000,20260529T150000",
        "EXDATE;VALUE=DATE:20260424",
        "RFC 5545 §3.8.5.1",
    ),
    ("the first of two days of the week", RULE, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", "RFC 5545 §3.8.2.4"),
    ("UNTIL before the start in a zone", RULE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260301T000000Z", RECUR),
    (
        "a switch of one's own that is none",
        "X-OAK-MOOD;X-OAK-SCALE=5:good; really, good",
        "X-OAK-MOOD;VALUE=BOOLEAN:yes",
        "RFC 5545 §3.3.2",
    ),
    (
        "a time of one's own that is none",
        "X-OAK-MOOD;X-OAK-SCALE=5:good; really, good",
        "X-OAK-MOOD;VALUE=TIME:240000",
        "RFC 5545 §3.3.12",
    ),
    (
        "a link that is no UID",
        "LINK;VALUE=URI;LINKREL=alternate:https://oak.example/talks/1",
        "LINK;VALUE=UID;LINKREL=x:a,b",
        TEXT,
    ),
    ("a status with a comma", "REQUEST-STATUS:2.0;Success", "REQUEST-STATUS:2.0;Yes, done", "RFC 5545 §3.8.8.3"),
    # ── times ──
    ("an end at the start", END, END.replace("153000", "150000"), "RFC 5545 §3.8.2.2"),
    ("an end before the start", END, "DTEND:20260327T133000Z", "RFC 5545 §3.8.2.2"),
    ("an end of another type", END, "DTEND;VALUE=DATE:20260328", "RFC 5545 §3.8.2.2"),
    ("an end without zone", END, "DTEND:20260327T153000", "RFC 5545 §3.8.2.2"),
    ("a day that ends on itself", "DTEND;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260401", "RFC 5545 §3.8.2.2"),
    ("an end and a length", "DTEND;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260403\nDURATION:P2D", "RFC 5545 §3.8.2.2"),
    ("a whole day of hours", "DTEND;VALUE=DATE:20260403", "DURATION:PT24H", "RFC 5545 §3.8.2.5"),
    (
        "due at its start",
        "DUE;VALUE=DATE:20260328",
        "DTSTART;VALUE=DATE:20260328\nDUE;VALUE=DATE:20260328",
        "RFC 5545 §3.8.2.3",
    ),
    (
        "due on a day, begun at a time",
        "DUE;VALUE=DATE:20260328",
        "DTSTART:20260327T000000Z\nDUE;VALUE=DATE:20260328",
        "RFC 5545 §3.8.2.3",
    ),
    ("a length without start", "DUE;VALUE=DATE:20260328", "DURATION:P1D", {"RFC 5545 §3.8.2.5"}),
    (
        "busy in a zone",
        "DTSTART:20260327T000000Z\nDTEND:20260328T000000Z",
        "DTSTART:20260327T000000\nDTEND:20260328T000000",
        "RFC 5545 §3.6.4",
    ),
    ("done, and to be done", "STATUS:COMPLETED", "STATUS:NEEDS-ACTION", "RFC 5545 §3.8.2.1"),
    # ── alarms ──
    ("no ACTION", f"ACTION:DISPLAY\n{ALARM}", ALARM, VALARM),
    ("an unknown ACTION", f"ACTION:DISPLAY\n{ALARM}", f"ACTION:PROCEDURE\n{ALARM}", "RFC 5545 §3.8.6.1"),
    ("no TRIGGER", f"{ALARM}\n", "", VALARM),
    ("DISPLAY without DESCRIPTION", "DESCRIPTION:Talk with Ana\n", "", VALARM),
    ("DISPLAY with SUMMARY", "DESCRIPTION:Talk with Ana\n", "DESCRIPTION:Talk with Ana\nSUMMARY:Talk\n", VALARM),
    ("EMAIL without SUMMARY", "SUMMARY:Over\n", "", VALARM),
    ("EMAIL to nobody", "ATTENDEE:mailto:bo@oak.example\nEND:VALARM", "END:VALARM", VALARM),
    (
        "AUDIO with two sounds",
        "ATTACH;FMTTYPE=audio/basic:",
        "ATTACH:https://oak.example/b.au\nATTACH;FMTTYPE=audio/basic:",
        VALARM,
    ),
    ("REPEAT without DURATION", "REPEAT:2\nDURATION:PT5M", "REPEAT:2", VALARM),
    ("DURATION without REPEAT", "REPEAT:2\nDURATION:PT5M", "DURATION:PT5M", VALARM),
    ("a time without VALUE", "TRIGGER;VALUE=DATE-TIME:", "TRIGGER:", DURATION),
    ("a time not in UTC", "TRIGGER;VALUE=DATE-TIME:20260327T130000Z", "TRIGGER;VALUE=DATE-TIME:20260327T130000", TRIGGER),
    ("a time that is related", "TRIGGER;VALUE=DATE-TIME:", "TRIGGER;VALUE=DATE-TIME;RELATED=START:", TRIGGER),
    ("before a start that is not there", "TRIGGER;RELATED=END:-P1D", "TRIGGER:-P1D", TRIGGER),
    ("after an end that is not there", f"{END}\n", "", TRIGGER),
    # ── zones ──
    ("another zone", "RDATE;TZID=Europe/Berlin", "RDATE;TZID=Europe/Rome", "RFC 5545 §3.2.19"),
    (
        "a zone described twice",
        "END:VTIMEZONE\n",
        "END:VTIMEZONE\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n",
        VTIMEZONE,
    ),
    (
        "a zone nobody is in",
        "END:VTIMEZONE\n",
        "END:VTIMEZONE\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n",
        VTIMEZONE,
    ),
    (
        "a zone without onsets",
        "END:VTIMEZONE\n",
        "END:VTIMEZONE\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n",
        VTIMEZONE,
    ),
    ("an empty TZID", "TZID:Europe/Berlin\n", "TZID:\n", {"RFC 5545 §3.8.3.1", "RFC 5545 §3.2.19", VTIMEZONE}),
    ("an onset in UTC", "DTSTART:19701025T030000", "DTSTART:19701025T030000Z", VTIMEZONE),
    ("an onset in a zone", "DTSTART:19701025T030000", "DTSTART;TZID=Europe/Berlin:19701025T030000", VTIMEZONE),
    ("an onset of a whole day", "DTSTART:19701025T030000", "DTSTART;VALUE=DATE:19701025", VTIMEZONE),
    ("an onset without offset", "TZOFFSETFROM:+0200\n", "", VTIMEZONE),
    ("more onsets in UTC", "TZNAME:CET", "RDATE:19711031T030000Z", VTIMEZONE),
    # ── who is who ──
    ("the same UID twice", "UID:fair-1", "UID:talk-1", "RFC 5545 §3.8.4.7"),
    (
        "an exception twice",
        "UID:fair-1\n",
        "UID:talk-1\nRECURRENCE-ID;TZID=Europe/Berlin:20260626T150000\n",
        "RFC 5545 §3.8.4.7",
    ),
    (
        "an exception of a to-do that is an event",
        "UID:fair-1\n",
        "UID:todo-1\nRECURRENCE-ID:20260626T150000Z\n",
        "RFC 5545 §3.8.4.4",
    ),
    (
        "an exception of another type",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260626T150000",
        "RECURRENCE-ID;VALUE=DATE:20260626",
        "RFC 5545 §3.8.4.4",
    ),
    (
        "guests without a host",
        'ORGANIZER;CN="Beispiel, Ana";EMAIL=ana@oak.example:mailto:ana@oak.example\n',
        "",
        "RFC 5545 §3.8.4.3",
    ),
    ("a guest twice", ":mailto:room@oak.example", ":mailto:BO@oak.example", "RFC 5545 §3.8.4.1"),
]


def test_the_calendar_to_break_is_right(entries: str, problems_of: Check) -> None:
    """Everything else here would be about something that was wrong before."""
    assert [str(problem) for problem in problems_of(entries)] == []


@pytest.mark.parametrize(("old", "new", "rule"), [row[1:] for row in BREAKAGES], ids=[row[0] for row in BREAKAGES])
def test_breakages_are_convicted(old: str, new: str, rule: str | set[str], entries: str, problems_of: Check) -> None:
    """A writer could make this mistake, and its tests would pass."""
    assert old in entries
    problems = problems_of(entries.replace(old, new, 1))
    wanted = rule if isinstance(rule, set) else {rule}
    assert {problem.rule for problem in problems} == wanted, "\n".join(map(str, problems))


def test_breakages_have_names_of_their_own() -> None:
    """Of two rows of one name nobody would know which fails."""
    names = Counter(row[0] for row in BREAKAGES)
    assert [name for name, count in names.items() if count > 1] == []


def test_advice_is_told_from_orders(entries: str, problems_of: Check) -> None:
    """A start that its rule does not meet would be held against a writer as if it were forbidden."""
    (problem,) = problems_of(entries.replace("BYDAY=-1FR", "BYDAY=1FR"))
    assert problem.severity is IcsSeverity.WARNING
    assert problem.component == "VCALENDAR/VEVENT talk-1"
