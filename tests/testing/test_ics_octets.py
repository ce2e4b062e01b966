"""The checker and octets: line ends, folds, UTF-8; what it says of a file; and that no file is too much for it."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, strategies as st

from infoint.calendar import CalendarHead, IcsWriter
from infoint.errors import InvalidValue
from infoint.testing import IcsProblem, IcsSeverity, check_ics, demand_valid_ics
from infoint.testing.calendar_writer_contract import sample_entries

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "calendar").glob("*.ics"))
LINE = "RFC 5545 §3.1"


def rules(problems: tuple[IcsProblem, ...]) -> set[str]:
    return {problem.rule for problem in problems}


# ── octets ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"CLASS:PRIVATE\r\n", b"CLASS:PRIVATE\n", "the line ends with a bare LF; needs CRLF"),
        (b"COMMENT:none\r\n", b"COMMENT:no\rne\r\n", "a bare CR within a line"),
        (b"COMMENT:none\r\n", b"COMMENT:no\x00ne\r\n", "the control character 0x00 within a line"),
        (b"COMMENT:none\r\n", b"COMMENT:no\x7fne\r\n", "the control character 0x7f within a line"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "the last line does not end with CRLF"),
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "the file begins with a byte order mark instead of a name"),
        (b"BEGIN:VCALENDAR", b" X\r\nBEGIN:VCALENDAR", "a folded line continues nothing"),
        (b"COMMENT:none", b"COMMENT:" + b"x" * 68, "76 octets; a line has at most 75"),
        (b"COMMENT:none", b"COMMENT:\xc3\r\n \xa9", "a fold splits a character"),
        (b"COMMENT:none", b"COMMENT:\xe9", "is not UTF-8"),
        (b"COMMENT:none", b"COMMENT:\xed\xa0\x80", "is not UTF-8"),
    ],
)
def test_octets(old: bytes, new: bytes, message: str, entries: str, file_of: Callable[[str], bytes]) -> None:
    """A file that some programs cannot even split into lines would pass."""
    content = file_of(entries)
    assert old in content
    found = check_ics(content.replace(old, new, 1))
    assert message in [problem.message for problem in found]
    assert rules(found) <= {LINE, "RFC 5545 §3.1.4", "RFC 5545 §3.4"}


def test_75_octets_are_not_too_many(entries: str, file_of: Callable[[str], bytes]) -> None:
    """Writers that fold as late as they may would be refused; so would tabs, and folds of tabs."""
    content = file_of(entries).replace(b"COMMENT:none", b"COMMENT:" + b"x" * 67)
    assert check_ics(content) == ()
    assert check_ics(content.replace(b"COMMENT:xx", b"COMMENT:\tx\r\n\t")) == ()


def test_nothing_is_no_calendar() -> None:
    """An export that failed would be a right file."""
    assert [(problem.line, problem.rule) for problem in check_ics(b"")] == [(0, "RFC 5545 §3.4")]


# ── what it says ─────────────────────────────────────────────────────────────────────────────────
def test_a_problem_tells_where_and_why(entries: str, problems_of: Callable[[str], tuple[IcsProblem, ...]]) -> None:
    """An author would search a file of thousands of lines, or the wrong standard."""
    (problem,) = problems_of(entries.replace("ACTION:DISPLAY\nTRIGGER;RELATED=END:-P1D", "ACTION:DISPLAY\nTRIGGER:-P1D"))
    assert str(problem) == (
        f"line {problem.line}, VCALENDAR/VTODO/VALARM: the TRIGGER counts from what is not there: "
        "VTODO needs DTSTART, or the alarm RELATED=END (RFC 5545 §3.8.6.3, error)"
    )


def test_all_problems_are_listed(invitation: str, file_of: Callable[[str], bytes]) -> None:
    """Authors would repair one mistake after the other, with a run of the tests for each."""
    content = file_of(invitation)
    demand_valid_ics(content)
    bad = content.replace(b"SEQUENCE:1", b"SEQUENCE:x").replace(b"DTSTAMP:20260302", b"DTSTAMP:20260230")
    with pytest.raises(AssertionError) as caught:
        demand_valid_ics(bad)
    first, *lines = str(caught.value).splitlines()
    assert first == "2 problems in a calendar file:"
    assert [line.split(",")[0] for line in lines] == ["line 7", "line 8"]
    with pytest.raises(AssertionError, match=r"^1 problem in a calendar file:\nline 3, VCALENDAR: "):
        demand_valid_ics(content.replace(b"2.0\r\nPRODID:-//Oak Example//Talks//EN", b"2.0\r\nPRODID:"))


def test_a_problem_is_one_printable_line() -> None:
    """A file could write into the log of whoever checks it, or blow it up."""
    name = b"\x1b]0;x\x07\r" + b"x" * 100_000
    content = b"BEGIN:" + name + b"\r\n" + b"UID:\x1b[31m\xe2\x80\xa8\r\n" * 3 + b"END:" + name + b"x\r\n"
    told = [str(problem) for problem in check_ics(content)]
    assert told
    assert all(line.isprintable() and len(line) < 500 for line in told)


def test_advice_can_be_left_out(entries: str, file_of: Callable[[str], bytes]) -> None:
    """A plugin that writes long lines on purpose could not use the checker."""
    content = file_of(entries).replace(b"COMMENT:none", b"COMMENT:" + b"x" * 100)
    assert [problem.severity for problem in check_ics(content)] == [IcsSeverity.WARNING]
    assert check_ics(content, strict=False) == ()
    demand_valid_ics(content, strict=False)


def test_text_is_no_file(entries: str) -> None:
    """A text has no line ends and no encoding to check: all of it would seem right."""
    with pytest.raises(InvalidValue, match="needs the bytes of a file"):
        check_ics(entries)  # type: ignore[arg-type]  # the mistake under test


# ── files that are there ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.name)
def test_our_own_files_are_right(file: Path) -> None:
    """infoint would write what others refuse. An export without entries is the exception, and a documented one."""
    problems = [str(problem) for problem in check_ics(file.read_bytes())]
    assert problems == (
        ["line 1, VCALENDAR: VCALENDAR needs a component (RFC 5545 §3.6, error)"] if file.name == "empty.ics" else []
    )


def test_the_sample_entries_are_written_right() -> None:
    """A subclass of the contract could not add this check."""
    demand_valid_ics(b"".join(IcsWriter().chunks(sample_entries(), CalendarHead())))


# ── any bytes ────────────────────────────────────────────────────────────────────────────────────
@given(st.binary(max_size=300))
def test_any_bytes_are_judged(content: bytes) -> None:
    """Somebody's broken file would look like a mistake of infoint's."""
    assert all(str(problem) for problem in check_ics(content))


TOKENS = (
    b";", b":", b",", b'"', b"=", b"\\", b"^", b"\r", b"\n", b"\r\n ", b"BEGIN:", b"END:", b"Z", b"T", b"P", b"-", b"/", b"0001", b"9999",
    b"\xff", b"\xe2\x80\xa8", b"TZID=", b"VALUE=DATE", b"00010101T000000", b"99991231T235959Z", b"RRULE:FREQ=YEARLY;BYSETPOS=-1;BYDAY=1MO\r\n",
    b"RRULE:FREQ=WEEKLY;BYSETPOS=1;BYDAY=SU;WKST=SA\r\n", b"RRULE:FREQ=YEARLY;BYWEEKNO=1\r\n", b"1" * 5_000,
)  # fmt: skip


def mutated(content: bytes, chance: Random) -> bytes:
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(3):
            case 0:
                made[at : at + chance.randint(0, 6)] = chance.choice(TOKENS)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case _:
                begin = chance.randrange(len(made) + 1)
                made[at:at] = made[begin : begin + chance.randint(1, 200)]
    return bytes(made)


def judge_mutations(content: bytes, count: int) -> None:
    chance = Random(5)
    for _ in range(count):
        assert isinstance(check_ics(mutated(content, chance)), tuple)


def test_mutated_files_are_judged(entries: str, file_of: Callable[[str], bytes]) -> None:
    """A file that is nearly right would bring the checker down: times at the ends of the calendar, numbers without end."""
    judge_mutations(file_of(entries), 300)


@pytest.mark.slow
def test_many_mutated_files_are_judged(entries: str, file_of: Callable[[str], bytes]) -> None:
    """As above, for what is rarer than once in hundreds."""
    judge_mutations(file_of(entries), 10_000)
