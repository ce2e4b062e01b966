"""Files for the fuzz test: varied ones, mutations of them by seed, and those made to be slow."""

import random
from collections.abc import Callable
from pathlib import Path

FILES = sorted((Path(__file__).parent / "files").glob("*.ics"))
"""A corpus of calendars as several programs write them; people and places are invented."""

WORDS = (
    b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VALARM\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VTIMEZONE\r\n", b"BEGIN:VFREEBUSY\r\n",
    b"RRULE:FREQ=SECONDLY\r\n", b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n", b"RRULE:FREQ=YEARLY;BYWEEKNO=53;BYSETPOS=-1\r\n",
    b"RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=1000000000\r\n", b"EXDATE:20260101T000000Z\r\n", b"RDATE;VALUE=PERIOD:20260101T000000Z/P9W\r\n",
    b"DTSTART:00010101T000000\r\n", b"DTSTART;VALUE=DATE:99991231\r\n", b"DTEND;TZID=Europe/Kyiv:99981231T235959\r\n",
    b"DURATION:P999999999W\r\n", b"DURATION:-PT1H\r\n", b"SEQUENCE:-1\r\n", b"UID:\r\n", b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260301T090000Z\r\n",
    b'ATTENDEE;CN="unterminated:mailto:x\r\n', b"METHOD:REPLY\r\n", b"X-WR-TIMEZONE:Mars/Base\r\n", b"TZOFFSETFROM:+9999\r\n",
    b"TZOFFSETTO:-2359\r\n", b"\r\n ", b"\n\t", b";TZID=", b":", b";", b",", b'"', b"\\", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    "٣".encode(), "\u2028".encode(), "😀".encode(), b"T", b"Z", b"P", b"/", b"=", b"-1", b"0", b"9" * 20,
)  # fmt: skip


def mutated(seed: int) -> bytes:
    """One of the corpus, changed in some places; the same for the same seed."""
    chance = random.Random(seed)
    content = bytearray(chance.choice(FILES).read_bytes())
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice((1, 1, 2, 8, 60, 400)))
        match chance.randrange(8):
            case 0:
                content[at:end] = b""
            case 1:
                content[at:at] = chance.choice(WORDS)
            case 2:
                content[at:end] = chance.choice(WORDS)
            case 3:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                content[at:at] = content[at:end] * chance.choice((1, 2, 50))
            case 5:
                lines = content.split(b"\n")
                chance.shuffle(lines)
                content = bytearray(b"\n".join(lines))
            case 6:
                lines = content.split(b"\n")
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                content = bytearray(b"\n".join(lines))
            case _:
                other = chance.choice(FILES).read_bytes()
                cut = chance.randrange(len(other))
                content[at:end] = other[cut : cut + chance.choice((20, 200, 2000))]
    return bytes(content)


def _calendar(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR", "")).encode()


def _event(*lines: str, start: str = "DTSTART:20200101T000000Z") -> str:
    return "\r\n".join(("BEGIN:VEVENT", "UID:1", start, "DURATION:PT1H", *lines, "END:VEVENT"))


def _zone(*lines: str, name: str = "Odd", start: str = "DTSTART:19700101T000000") -> str:
    part = ("BEGIN:STANDARD", start, "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", *lines, "END:STANDARD")
    return "\r\n".join(("BEGIN:VTIMEZONE", f"TZID:{name}", *part, "END:VTIMEZONE"))


def _each(count: int, make: Callable[[int], str]) -> bytes:
    return _calendar(*(make(number) for number in range(count)))


def _numbers(last: int, first: int = 0) -> str:
    return ",".join(str(number) for number in range(first, last))


MINUTES = _numbers(60)
DAYS = ",".join(f"2026{month:02}{day:02}T{hour:02}0000" for month in range(1, 13) for day in range(1, 29) for hour in range(24))
MONSTER = f"RRULE:FREQ=YEARLY;BYYEARDAY={_numbers(367, 1)};BYHOUR={_numbers(24)};BYMINUTE={MINUTES};BYSECOND={MINUTES};BYSETPOS={_numbers(367, 1)}"
EMPTY = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"

SLOW: dict[str, Callable[[], bytes]] = {
    "rules without times": lambda: _each(10_000, lambda n: _event(f"UID:{n}", EMPTY).replace("UID:1\r\n", "", 1)),
    "rules without times, counted": lambda: _each(
        5_000, lambda n: _event(f"{EMPTY};COUNT=9", start="DTSTART:00020101T000000Z").replace("UID:1", f"UID:{n}", 1)
    ),
    "many rules": lambda: _calendar(_event(*[EMPTY] * 9_000)),
    "a time each second": lambda: _each(200, lambda n: _event("RRULE:FREQ=SECONDLY").replace("UID:1", f"UID:{n}", 1)),
    "a time each minute": lambda: _each(200, lambda n: _event("RRULE:FREQ=MINUTELY").replace("UID:1", f"UID:{n}", 1)),
    "seconds that never come": lambda: _each(
        50, lambda n: _event("RRULE:FREQ=SECONDLY;INTERVAL=60;BYSECOND=1").replace("UID:1", f"UID:{n}", 1)
    ),
    "daily for ever": lambda: _each(5_000, lambda n: _event("RRULE:FREQ=DAILY").replace("UID:1", f"UID:{n}", 1)),
    "a great count": lambda: _each(
        300, lambda n: _event("RRULE:FREQ=DAILY;COUNT=1000000000;BYDAY=MO,TU", start="DTSTART:19000101T000000Z").replace("UID:1", f"UID:{n}")
    ),
    "places among all seconds": lambda: _each(500, lambda n: _event(MONSTER).replace("UID:1", f"UID:{n}", 1)),
    "weeks of a year": lambda: _each(
        2_000, lambda n: _event("RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6").replace("UID:1", f"UID:{n}", 1)
    ),
    "long events, daily": lambda: _each(
        300, lambda n: _event("RRULE:FREQ=DAILY", start="DTSTART:19000101T000000Z").replace("PT1H", "P70000D").replace("UID:1", f"UID:{n}")
    ),
    "many added times": lambda: _calendar(_event(*[f"RDATE;TZID=Europe/Madrid:{DAYS}"] * 20)),
    "many left-out times": lambda: _calendar(_event("RRULE:FREQ=HOURLY", *[f"EXDATE:{DAYS}"] * 12)),
    "an endless list": lambda: _calendar(_event("RDATE:" + "20260101," * 1_000_000)),
    "many moved instances": lambda: _calendar(
        _event("RRULE:FREQ=HOURLY"),
        *(_event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{at}Z", start=f"DTSTART:{at}Z") for at in DAYS.split(",")),
    ),
    "deep components": lambda: _calendar(_event(*["BEGIN:VALARM"] * 30_000, *["END:VALARM"] * 30_000)),
    "components that only begin": lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 70_000,
    "components that only end": lambda: b"BEGIN:VCALENDAR\r\n" + b"END:VEVENT\r\n" * 900_000,
    "empty events": lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 19_900,
    "as many events as are read": lambda: _each(
        19_900, lambda n: _event(f"SUMMARY:Talk {n}", "LOCATION:Oak", start="DTSTART;TZID=Europe/Madrid:20260101T090000").replace("UID:1", f"UID:{n}")
    ),
    "a line of ten megabytes": lambda: _calendar(_event("SUMMARY:" + "x" * 10_000_000)),
    "thirty megabytes of faces": lambda: _each(120, lambda n: _event(f"UID{n}:1", "SUMMARY:" + "😀" * 60_000, "COMMENT:x")),
    "folded after each character": lambda: _calendar(_event("SUMMARY:" + "\r\n ".join("x" * 900_000))),
    "empty lines": lambda: b"BEGIN:VCALENDAR\r\n" + b"\r\n" * 990_000,
    "more lines than are read": lambda: b"BEGIN:VCALENDAR\r\n" + b"\r\n" * 1_100_000,
    "many attendees": lambda: _calendar(*[_event(*["ATTENDEE;CN=Ana;PARTSTAT=DECLINED:mailto:ana@oak.example"] * 9_000)] * 20),
    "many parameters": lambda: _calendar(_event(*["ATTENDEE" + ";X-A=1" * 40_000 + ":mailto:x"] * 100)),
    "many values of a parameter": lambda: _calendar(_event(*["ATTENDEE;DELEGATED-TO=" + '"a",' * 60_000 + '"b":mailto:x'] * 100)),
    "quotes that are not closed": lambda: _calendar(_event(*["ATTENDEE;CN=" + '"' * 200_001 + ":mailto:x"] * 100)),
    "carets": lambda: _calendar(_event(*["ATTENDEE;CN=" + "^n" * 100_000 + ":mailto:x"] * 100)),
    "backslashes": lambda: _calendar(_event(*["COMMENT:" + "\\" * 250_000] * 100)),
    "a zone with thousands of onsets": lambda: _calendar(
        _zone(*[f"RDATE:{DAYS}"] * 10), _event(start="DTSTART;TZID=Odd:20260101T000000")
    ),
    "a zone that changes each second": lambda: _calendar(
        _zone("RRULE:FREQ=SECONDLY"), _event(start="DTSTART;TZID=Odd:20260101T000000")
    ),
    "zones with rules without times": lambda: _calendar(
        *(_zone(*["RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6"] * 9, name=f"Odd{n}") for n in range(400)),
        *(_event(start=f"DTSTART;TZID=Odd{n}:20260101T000000") for n in range(400)),
    ),
    "zones nobody knows": lambda: _each(
        20_000, lambda n: _event(start=f"DTSTART;TZID=Odd/Place{n}:20260101T000000").replace("UID:1", f"UID:{n}")
    ),
    "free and busy by the second": lambda: _calendar(
        "BEGIN:VFREEBUSY", *["FREEBUSY:" + ",".join(f"{at}Z/PT1S" for at in DAYS.split(",")[:4_000])] * 24, "END:VFREEBUSY"
    ),
    "the ends of time": lambda: _calendar(
        *(_event(rule, start=f"DTSTART{zone}:{at}").replace("UID:1", f"UID:{at}{zone}{rule}")
          for at in ("00010101T000000", "00020101T000000", "99981231T235959", "99991231T235959", "16010101T000000")
          for zone in ("", ";TZID=Pacific/Kiritimati", ";TZID=Pacific/Niue")
          for rule in ("RRULE:FREQ=YEARLY", "RRULE:FREQ=WEEKLY;INTERVAL=999999999;UNTIL=00020101T000000Z", "RDATE:99981231T235959Z"))
    ),
    "larger than is read": lambda: b" " * (33 * 1024**2),
}  # fmt: skip


def file_of(told: int | str) -> bytes:
    """By seed, or one of the slow ones by name."""
    return mutated(told) if isinstance(told, int) else SLOW[told]()
