"""The checker and iTIP: what each METHOD demands, and that what it allows is let through."""

from collections.abc import Callable

import pytest

from infoint.testing import IcsProblem

Check = Callable[[str], tuple[IcsProblem, ...]]

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Oak Example//Talks//EN\nMETHOD:{method}\n"
LINES = {
    "UID": "UID:talk-1",
    "DTSTAMP": "DTSTAMP:20260302T080000Z",
    "DTSTART": "DTSTART:20260327T150000Z",
    "DTEND": "DTEND:20260327T153000Z",
    "SUMMARY": "SUMMARY:Talk",
    "DESCRIPTION": "DESCRIPTION:Talk",
    "ORGANIZER": "ORGANIZER:mailto:ana@oak.example",
    "ATTENDEE": "ATTENDEE:mailto:bo@oak.example",
    "SEQUENCE": "SEQUENCE:1",
    "PRIORITY": "PRIORITY:5",
}
MESSAGES = {
    ("PUBLISH", "VEVENT", "RFC 5546 §3.2.1"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER",
    ("REQUEST", "VEVENT", "RFC 5546 §3.2.2"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER ATTENDEE",
    ("REPLY", "VEVENT", "RFC 5546 §3.2.3"): "UID DTSTAMP ORGANIZER ATTENDEE",
    ("ADD", "VEVENT", "RFC 5546 §3.2.4"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER SEQUENCE",
    ("CANCEL", "VEVENT", "RFC 5546 §3.2.5"): "UID DTSTAMP ORGANIZER SEQUENCE",
    ("REFRESH", "VEVENT", "RFC 5546 §3.2.6"): "UID DTSTAMP ORGANIZER ATTENDEE",
    ("COUNTER", "VEVENT", "RFC 5546 §3.2.7"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER SEQUENCE",
    ("DECLINECOUNTER", "VEVENT", "RFC 5546 §3.2.8"): "UID DTSTAMP ORGANIZER",
    ("PUBLISH", "VFREEBUSY", "RFC 5546 §3.3.1"): "UID DTSTAMP DTSTART DTEND ORGANIZER",
    ("REQUEST", "VFREEBUSY", "RFC 5546 §3.3.2"): "UID DTSTAMP DTSTART DTEND ORGANIZER ATTENDEE",
    ("REPLY", "VFREEBUSY", "RFC 5546 §3.3.3"): "UID DTSTAMP DTSTART DTEND ORGANIZER ATTENDEE",
    ("PUBLISH", "VTODO", "RFC 5546 §3.4.1"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER PRIORITY",
    ("REQUEST", "VTODO", "RFC 5546 §3.4.2"): "UID DTSTAMP DTSTART SUMMARY ORGANIZER PRIORITY ATTENDEE",
    ("REPLY", "VTODO", "RFC 5546 §3.4.3"): "UID DTSTAMP ORGANIZER ATTENDEE",
    ("ADD", "VTODO", "RFC 5546 §3.4.4"): "UID DTSTAMP SUMMARY ORGANIZER PRIORITY SEQUENCE",
    ("CANCEL", "VTODO", "RFC 5546 §3.4.5"): "UID DTSTAMP ORGANIZER SEQUENCE",
    ("REFRESH", "VTODO", "RFC 5546 §3.4.6"): "UID DTSTAMP ATTENDEE",
    ("COUNTER", "VTODO", "RFC 5546 §3.4.7"): "UID DTSTAMP SUMMARY ORGANIZER PRIORITY ATTENDEE",
    ("DECLINECOUNTER", "VTODO", "RFC 5546 §3.4.8"): "UID DTSTAMP ORGANIZER SEQUENCE ATTENDEE",
    ("PUBLISH", "VJOURNAL", "RFC 5546 §3.5.1"): "UID DTSTAMP DTSTART DESCRIPTION ORGANIZER",
    ("ADD", "VJOURNAL", "RFC 5546 §3.5.2"): "UID DTSTAMP DTSTART DESCRIPTION ORGANIZER SEQUENCE",
    ("CANCEL", "VJOURNAL", "RFC 5546 §3.5.3"): "UID DTSTAMP ORGANIZER SEQUENCE",
}
"""Method, component, section → what it has to have, and no more."""
NEEDS = [(*key, name) for key, names in MESSAGES.items() for name in names.split() if name not in ("UID", "DTSTAMP")]
WITHOUT_ALARMS = [
    key for key in MESSAGES if key[0] in ("REPLY", "CANCEL", "REFRESH", "DECLINECOUNTER") and key[1] in ("VEVENT", "VTODO")
]
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20260327T140000Z\nDESCRIPTION:Talk\nEND:VALARM"


def message(method: str, component: str, *lines: str, more: str = "") -> str:
    body = "\n".join([f"BEGIN:{component}", *lines, f"END:{component}"])
    return f"{HEAD.format(method=method)}{body}\n{more}END:VCALENDAR\n"


def minimal(method: str, component: str, section: str) -> list[str]:
    return [LINES[name] for name in MESSAGES[method, component, section].split()]


@pytest.mark.parametrize(("method", "component", "section"), MESSAGES)
def test_what_a_method_needs_is_enough(method: str, component: str, section: str, problems_of: Check) -> None:
    """A right message would be refused."""
    assert [str(problem) for problem in problems_of(message(method, component, *minimal(method, component, section)))] == []


@pytest.mark.parametrize(("method", "component", "section", "name"), NEEDS)
def test_what_a_method_needs_is_demanded(method: str, component: str, section: str, name: str, problems_of: Check) -> None:
    """A message that programs at the other end refuse would pass."""
    lines = [line for line in minimal(method, component, section) if line != LINES[name]]
    assert section in {problem.rule for problem in problems_of(message(method, component, *lines))}


@pytest.mark.parametrize(("method", "component", "section"), WITHOUT_ALARMS)
def test_alarms_are_not_sent_where_nobody_wants_them(method: str, component: str, section: str, problems_of: Check) -> None:
    """An answer would bring its own alarms into somebody's calendar."""
    found = problems_of(message(method, component, *minimal(method, component, section), ALARM))
    assert {problem.rule for problem in found} == {section}


BREACHES = [
    ("PUBLISH", "VEVENT", "RFC 5546 §3.2.1", LINES["ATTENDEE"]),
    ("PUBLISH", "VEVENT", "RFC 5546 §3.2.1", "REQUEST-STATUS:2.0;Success"),
    ("REQUEST", "VEVENT", "RFC 5546 §3.2.2", "STATUS:CANCELLED"),
    ("REPLY", "VEVENT", "RFC 5546 §3.2.3", "ATTENDEE:mailto:cy@oak.example"),
    ("ADD", "VEVENT", "RFC 5546 §3.2.4", "RECURRENCE-ID:20260327T150000Z"),
    ("CANCEL", "VEVENT", "RFC 5546 §3.2.5", "STATUS:CONFIRMED"),
    ("REFRESH", "VEVENT", "RFC 5546 §3.2.6", "SUMMARY:Talk"),
    ("DECLINECOUNTER", "VEVENT", "RFC 5546 §3.2.8", "LOCATION:here"),
    ("REQUEST", "VFREEBUSY", "RFC 5546 §3.3.2", "FREEBUSY:20260327T150000Z/PT1H"),
    ("CANCEL", "VTODO", "RFC 5546 §3.4.5", "STATUS:COMPLETED"),
    ("REFRESH", "VTODO", "RFC 5546 §3.4.6", "STATUS:COMPLETED"),
]


@pytest.mark.parametrize(("method", "component", "section", "line"), BREACHES)
def test_what_a_method_forbids_is_convicted(method: str, component: str, section: str, line: str, problems_of: Check) -> None:
    """A message with what has no place in it would pass."""
    found = problems_of(message(method, component, *minimal(method, component, section), line))
    assert {problem.rule for problem in found} == {section}, "\n".join(map(str, found))


def test_an_addition_is_counted(problems_of: Check) -> None:
    """An ADD that looks like the first version would be taken for an old one."""
    lines = [line.replace("SEQUENCE:1", "SEQUENCE:0") for line in minimal("ADD", "VEVENT", "RFC 5546 §3.2.4")]
    assert [problem.message for problem in problems_of(message("ADD", "VEVENT", *lines))] == [
        "ADD has a SEQUENCE greater than 0"
    ]


def test_one_request_is_about_one_event(invitation: str, problems_of: Check) -> None:
    """Outlook and macOS would read one event of several."""
    event = invitation[invitation.index("BEGIN:VEVENT") : invitation.index("END:VCALENDAR")]
    exception = event.replace("UID:talk-1\n", "UID:talk-1\nRECURRENCE-ID:20260327T150000Z\n")
    other = event.replace("talk-1", "talk-2")
    with_more = invitation.replace("END:VCALENDAR", "{}END:VCALENDAR").format
    assert problems_of(with_more(exception)) == ()
    assert {problem.rule for problem in problems_of(with_more(other))} == {"RFC 5546 §3.2.2"}
    assert {problem.rule for problem in problems_of(with_more(other).replace("REQUEST", "COUNTER"))} == {"RFC 5546 §3.2.7"}


def test_kinds_are_not_mixed(invitation: str, problems_of: Check) -> None:
    """A program would have to guess which of the two the message is about."""
    todo = (
        "BEGIN:VTODO\n"
        + "\n".join(LINES[name] for name in MESSAGES["REQUEST", "VTODO", "RFC 5546 §3.4.2"].split())
        + "\nEND:VTODO\n"
    )
    mixed = invitation.replace("END:VCALENDAR", f"{todo.replace('talk-1', 'todo-1')}END:VCALENDAR")
    assert "RFC 5546 §1.4" in {problem.rule for problem in problems_of(mixed)}


def test_there_is_no_request_of_a_journal(problems_of: Check) -> None:
    """Nobody could answer it."""
    lines = minimal("PUBLISH", "VJOURNAL", "RFC 5546 §3.5.1")
    assert [problem.message for problem in problems_of(message("REQUEST", "VJOURNAL", *lines))] == [
        "there is no REQUEST of VJOURNAL"
    ]
