"""What a push does to a calendar, and what it leaves alone, on real servers."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

pytest.importorskip("infoint_caldav", reason="infoint-caldav is tested in an environment of its own, with its dependencies")

from icalendar import Calendar
from infoint_caldav import (
    CalendarServer,
    ConflictKind,
    Outcome,
    Progress,
    PushPolicy,
    PushState,
    RemoteCalendar,
    RemoteChanges,
    Removal,
    UnsupportedComponent,
    calendar_named,
    open_calendar,
    push,
    push_with_state_file,
    read_state,
)
from infoint_caldav.resources import fingerprint, resource_body

from infoint.calendar import Alarm, AllDay, CalendarEntry, Component, EntryStatus, Timed, resource_name
from infoint.errors import ImportRejected, InvalidValue

GOLDEN = Path(__file__).parents[3] / "tests" / "golden" / "calendar"
OVERWRITE = PushPolicy(remote_changes=RemoteChanges.OVERWRITE)


# ── what others do ───────────────────────────────────────────────────────────────────────────────
def on_server(calendar: RemoteCalendar, uid: str) -> bytes:
    """What the server gives back; empty where it has nothing."""
    href = calendar.href(resource_name(uid))
    found = calendar.read([href]).get(href)
    return found.body if found else b""


def edit(calendar: RemoteCalendar, uid: str, old: bytes, new: bytes) -> bytes:
    """As somebody with another program would; gives what they wrote."""
    body = on_server(calendar, uid)
    assert old in body
    body = body.replace(old, new).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    url = calendar.url + resource_name(uid)
    answer = calendar.server.request("PUT", url, body, {"Content-Type": "text/calendar; charset=utf-8"})
    assert answer.status in {200, 201, 204}
    return body


def delete(calendar: RemoteCalendar, uid: str) -> None:
    assert calendar.server.request("DELETE", calendar.url + resource_name(uid)).status in {200, 204}


def moved(entry: CalendarEntry, days: int = 1) -> CalendarEntry:
    assert isinstance(entry.when, Timed)
    when = Timed.starting(entry.when.start + timedelta(days=days), timedelta(minutes=30))
    return evolve(entry, when=when, sequence=entry.sequence + 1)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods of all requests from now on."""
    seen: list[str] = []
    real = CalendarServer.request

    def recorded(self: CalendarServer, method: str, *rest: Any, **named: Any) -> Any:
        seen.append(method)
        return real(self, method, *rest, **named)

    monkeypatch.setattr(CalendarServer, "request", recorded)
    return seen


# ── there and back ───────────────────────────────────────────────────────────────────────────────
def fields(body: bytes) -> dict[str, Any]:
    """What an independent reader sees of the one entry."""
    (component,) = [one for one in Calendar.from_ical(body).subcomponents if one.name != "VTIMEZONE"]
    begin = component["DTSTART" if component.name == "VEVENT" else "DUE"].dt
    end = component["DTEND"].dt if "DTEND" in component else None
    categories = component.get("CATEGORIES")
    return {
        "component": component.name,
        "uid": str(component["UID"]),
        "summary": str(component["SUMMARY"]),
        "begin": begin.astimezone(UTC) if isinstance(begin, datetime) else begin,
        "zone": str(begin.tzinfo) if isinstance(begin, datetime) else "",
        "end": end.astimezone(UTC) if isinstance(end, datetime) else end,
        "modified": component["LAST-MODIFIED"].dt,
        "sequence": int(component["SEQUENCE"]),
        "description": str(component.get("DESCRIPTION", "")),
        "location": str(component.get("LOCATION", "")),
        "url": str(component.get("URL", "")),
        "status": str(component.get("STATUS", "")),
        "transparent": str(component.get("TRANSP", "OPAQUE")) == "TRANSPARENT",
        "class": str(component.get("CLASS", "")),
        "categories": tuple(map(str, categories.cats)) if categories else (),
        "contact": str(component.get("CONTACT", "")),
        "parent": str(component.get("RELATED-TO", "")),
        "alarms": [(alarm["TRIGGER"].dt, str(alarm["DESCRIPTION"])) for alarm in component.subcomponents],
        "completed": component["COMPLETED"].dt if "COMPLETED" in component else None,
    }


def expected(entry: CalendarEntry) -> dict[str, Any]:
    begin: date
    match entry.when:
        case AllDay(on, days):
            begin, end, zone = on, on + timedelta(days=days), ""
        case Timed(start, finish):
            begin, end = start.astimezone(UTC), finish.astimezone(UTC) if finish else None
            zone = "UTC" if start.fold else str(start.tzinfo)
    return {
        "component": str(entry.component),
        "uid": entry.uid,
        "summary": entry.summary,
        "begin": begin,
        "zone": zone,
        "end": end if entry.component is Component.EVENT else None,
        "modified": entry.last_modified,
        "sequence": entry.sequence,
        "description": entry.description,
        "location": entry.location,
        "url": entry.url,
        "status": str(entry.status or ""),
        "transparent": entry.transparent,
        "class": str(entry.classification or ""),
        "categories": entry.categories,
        "contact": entry.contact,
        "parent": entry.related_to,
        "alarms": [(alarm.trigger, alarm.description) for alarm in entry.alarms],
        "completed": entry.completed,
    }


def test_what_the_server_gives_back_is_what_was_pushed(calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...]) -> None:
    """A meeting would lose its place, its zone, its reminder or its status on the way (checklist 36)."""
    report = push(entries, calendar)
    assert (report.ok, report.created) == (True, tuple(entry.uid for entry in entries))
    for entry in entries:
        assert fields(on_server(calendar, entry.uid)) == expected(entry)


def test_each_resource_holds_one_entry_and_no_method(calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...]) -> None:
    """Servers would refuse the file, or take it for an invitation (RFC 4791 §4.1)."""
    push(entries, calendar)
    for entry in entries:
        body = on_server(calendar, entry.uid)
        components = [one.name for one in Calendar.from_ical(body).subcomponents]
        assert b"METHOD" not in body
        zoned = isinstance(entry.when, Timed) and not entry.when.start.fold
        assert sorted(components) == sorted([str(entry.component), *(["VTIMEZONE"] if zoned else [])])


HOSTILE = {
    "forged lines": "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged\r\nATTENDEE:mailto:eve@elm.example\r\nEND:VCALENDAR",
    "other line ends": "a\nBEGIN:VALARM\rEND:VALARM\x85X-A:1\u2028X-B:2\u2029X-C:3\x0bX-D:4\x0cX-E:5",
    "escapes": "\\n \\N \\; \\, \\\\n \\\\N C:\\new\\New ; , : = ^n ^' ^^ \"quoted\" 'single'",
    "controls": "a\x00b\x01c\x1b[31md\x7fe\x9bf",
    "halves of characters": "a\ud800b \udc00 \udfff \U0010ffff",
    "noncharacters": "a\ufffeb\uffffc \ufdd0",
    "xml": "]]> </calendar-data> & &amp; &#0; <!-- <!DOCTYPE x>",
    "long": "x" * 73 + "é" * 31 + "日" * 300 + "🌳" * 400 + "e\u0301" * 20,
    "one word": "longword" * 400,
    "emoji": "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 🇪🇸",
    "directions": "مرحبا، 12 (آنا) שלום, Ana \u202egpj.exe\u202c \u202b\u2067",
    "white space": "  \t a \u00a0 b\u3000\u2009c \n\n d\t ",
    "empty": "",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_servers_take_hostile_text(calendar: RemoteCalendar, talk: CalendarEntry, what: str) -> None:
    """What somebody pasted into a note would stop the push, break out of its line, or look changed by others ever after."""
    text = HOSTILE[what]
    entry = evolve(talk, summary=text, description=text, location=text, contact=text, categories=(text.strip() or "x",) * 2)
    entry = evolve(entry, alarms=(Alarm(timedelta(minutes=-5), text),))
    report = push([entry], calendar)
    assert (report.failures, report.created) == ((), (entry.uid,))
    assert fingerprint(on_server(calendar, entry.uid)) == fingerprint(resource_body(entry))
    assert push([entry], calendar, report.state).unchanged == (entry.uid,)
    assert push([entry], calendar).unchanged == (entry.uid,)


def resources_of(file: Path) -> Iterator[bytes]:
    """Every entry of a file as a resource of its own, with the file's zones."""
    head, blocks, inside = list[bytes](), list[list[bytes]](), b""
    for line in file.read_bytes().splitlines(keepends=True):
        if line.startswith(b"BEGIN:") and not inside and line != b"BEGIN:VCALENDAR\r\n":
            inside = line.replace(b"BEGIN", b"END")
            blocks.append([])
        if inside:
            blocks[-1].append(line)
        elif line != b"END:VCALENDAR\r\n":
            head.append(line)
        if line == inside:
            inside = b""
    zones = [b"".join(block) for block in blocks if block[0] == b"BEGIN:VTIMEZONE\r\n"]
    for block in blocks:
        if block[0] != b"BEGIN:VTIMEZONE\r\n":
            yield b"".join([*head, *zones, *block, b"END:VCALENDAR\r\n"])


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.ics")), ids=lambda file: file.stem)
def test_servers_take_the_golden_files(calendar: RemoteCalendar, file: Path) -> None:
    """Something that the core's exports hold could not be pushed, or would come back as something else."""
    resources = {calendar.href(f"{number}.ics"): body for number, body in enumerate(resources_of(file))}
    assert len(resources) == sum(file.read_bytes().count(b"BEGIN:%s\r\n" % kind) for kind in (b"VEVENT", b"VTODO"))
    for href, body in resources.items():
        answer = calendar.put(href, body, instead_of="")
        assert (answer.status, answer.conditions) == (201, frozenset())
    read = calendar.read(resources)
    assert {href: fingerprint(found.body) for href, found in read.items()} == {
        href: fingerprint(body) for href, body in resources.items()
    }


@pytest.mark.parametrize(
    "uid", ["../../etc/passwd", "a/b?c#d%2F", "Ünïcode-日本-🌳@oak.example", "x" * 255, "CON", "{a:b}'\"<&>"]
)
def test_any_uid_finds_a_place(calendar: RemoteCalendar, talk: CalendarEntry, uid: str) -> None:
    """An imported UID would be taken for a path, or refused (checklist 12)."""
    report = push([evolve(talk, uid=uid)], calendar)
    assert report.ok
    (pushed,) = report.state.resources.values()
    assert pushed.href.startswith(calendar.href(""))
    body = calendar.read([pushed.href])[pushed.href].body
    assert [str(one["UID"]) for one in Calendar.from_ical(body).walk("VEVENT")] == [uid]
    assert push([evolve(talk, uid=uid)], calendar, report.state).unchanged == (uid,)


# ── again ────────────────────────────────────────────────────────────────────────────────────────
def test_second_push_writes_nothing(calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], requests: list[str]) -> None:
    """Every night's run would write the whole calendar anew, and every phone would ring for it."""
    first = push(entries, calendar)
    assert requests.count("PUT") == len(entries)
    requests.clear()
    again = push(reversed(entries), calendar, first.state)
    assert requests == ["REPORT"]
    assert (again.unchanged, again.state) == (tuple(entry.uid for entry in entries), first.state)
    assert str(again) == "5 unchanged"


def test_only_what_changed_is_written(
    calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], talk: CalendarEntry, requests: list[str]
) -> None:
    """A moved meeting would stay where it was, or take others along."""
    first = push(entries, calendar)
    requests.clear()
    report = push((moved(talk), *entries[1:]), calendar, first.state)
    assert (report.updated, requests.count("PUT")) == ((talk.uid,), 1)
    assert fields(on_server(calendar, talk.uid)) == expected(moved(talk))


def test_a_lost_state_makes_no_duplicates(
    calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], talk: CalendarEntry, requests: list[str]
) -> None:
    """Whoever lost the file would have every meeting twice, or a list of conflicts with themselves."""
    first = push(entries, calendar)
    requests.clear()
    again = push(entries, calendar)
    assert again.ok
    assert (len(again.unchanged), requests.count("PUT")) == (len(entries), 0)
    assert again.state == first.state
    assert push((moved(talk), *entries[1:]), calendar, again.state).updated == (talk.uid,)


@pytest.mark.slow
def test_five_hundred_entries(calendar: RemoteCalendar, talk: CalendarEntry, requests: list[str]) -> None:
    """A season's calendar would take a request for each entry each time, or lose some."""
    entries = [evolve(moved(talk, number % 300), uid=f"talk-number-{number:04}") for number in range(500)]
    steps: list[Progress] = []
    report = push(entries, calendar, on_progress=steps.append)
    assert (len(report.created), report.ok) == (500, True)
    assert [(step.done, step.total) for step in steps] == [(number, 500) for number in range(1, 501)]
    assert (steps[-1].uid, steps[-1].outcome) == ("talk-number-0499", Outcome.CREATED)
    requests.clear()
    assert len(push(entries, calendar, report.state).unchanged) == 500
    assert requests == ["REPORT"] * 3


# ── what others changed ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("ours_changed", [False, True])
def test_a_remote_edit_is_reported_and_kept(calendar: RemoteCalendar, talk: CalendarEntry, ours_changed: bool) -> None:
    """What somebody noted in their calendar would be gone the next night, without a word."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"SUMMARY:Talk with Ana Ruiz", b"SUMMARY:Talk with Ana and bring the book")
    entry = moved(talk) if ours_changed else talk
    for _ in range(2):
        report = push([entry], calendar, first.state)
        (conflict,) = report.conflicts
        assert (conflict.uid, conflict.kind, report.ok) == (talk.uid, ConflictKind.CHANGED, False)
        assert b"bring the book" in conflict.remote
        assert "bring the book" not in repr(conflict)
        assert report.state == first.state
        assert b"bring the book" in on_server(calendar, talk.uid)
    assert str(report) == "1 changed by others"


def test_a_remote_edit_is_overwritten_on_demand(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """Whoever wants their own version could not have it."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"SUMMARY:Talk", b"SUMMARY:Chat")
    report = push([talk], calendar, first.state, policy=OVERWRITE)
    assert report.updated == (talk.uid,)
    assert fields(on_server(calendar, talk.uid)) == expected(talk)
    assert push([talk], calendar, report.state).unchanged == (talk.uid,)


def test_an_edit_that_says_the_same_is_none(calendar: RemoteCalendar, talk: CalendarEntry, requests: list[str]) -> None:
    """A server that writes its files anew would look like a person who changed everything."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nX-SEEN-BY:phone")
    requests.clear()
    report = push([talk], calendar, first.state)
    assert (report.unchanged, report.ok, requests.count("PUT")) == ((talk.uid,), True, 0)
    assert report.state != first.state
    assert push([moved(talk)], calendar, report.state).updated == (talk.uid,)


def test_ours_goes_over_an_edit_that_says_the_same(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """A meeting that moved would not arrive because the server had added a line of its own."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nX-SEEN-BY:phone")
    assert push([moved(talk)], calendar, first.state).updated == (talk.uid,)


def test_the_same_change_on_both_sides_is_agreement(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """Two who did the same would be told that they disagree."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"SUMMARY:Talk with Ana Ruiz", b"SUMMARY:Talk with Dr Ruiz")
    report = push([evolve(talk, summary="Talk with Dr Ruiz")], calendar, first.state)
    assert (report.unchanged, report.ok) == ((talk.uid,), True)


def test_a_remote_deletion_is_reported(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """What somebody threw out would come back every night."""
    first = push([talk], calendar)
    delete(calendar, talk.uid)
    report = push([moved(talk)], calendar, first.state)
    assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.DELETED]
    assert on_server(calendar, talk.uid) == b""
    again = push([moved(talk)], calendar, report.state, policy=OVERWRITE)
    assert again.created == (talk.uid,)
    assert fields(on_server(calendar, talk.uid)) == expected(moved(talk))


def test_something_else_stands_there(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """What was not pushed from here would be overwritten at the first push."""
    push([talk], calendar)
    report = push([moved(talk)], calendar)
    assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.EXISTS]
    assert push([moved(talk)], calendar, policy=OVERWRITE).updated == (talk.uid,)


def test_uid_held_at_another_address(calendar: RemoteCalendar, talk: CalendarEntry) -> None:
    """A server's refusal would look like a meeting that somebody changed (RFC 4791 §5.3.2.1)."""
    answer = calendar.put(calendar.href("imported.ics"), resource_body(talk), instead_of="")
    assert answer.status == 201
    for policy in (PushPolicy(), OVERWRITE):
        report = push([talk], calendar, policy=policy)
        assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.UID_TAKEN]
        assert report.state.resources == {}


@pytest.mark.parametrize("what", ["edited", "deleted", "made"])
@pytest.mark.parametrize("policy", [PushPolicy(), OVERWRITE])
def test_whoever_writes_between_looking_and_writing_wins(
    calendar: RemoteCalendar, talk: CalendarEntry, monkeypatch: pytest.MonkeyPatch, what: str, policy: PushPolicy
) -> None:
    """In a race, the slower would undo what the faster had just done (RFC 9110 §13.1)."""
    first = PushState() if what == "made" else push([talk], calendar).state
    real = RemoteCalendar.put

    def overtaken(self: RemoteCalendar, href: str, body: bytes, *, instead_of: str) -> Any:
        monkeypatch.setattr(RemoteCalendar, "put", real)
        match what:
            case "edited":
                edit(self, talk.uid, b"SUMMARY:Talk", b"SUMMARY:Chat")
            case "deleted":
                delete(self, talk.uid)
            case "made":
                real(self, href, resource_body(evolve(talk, summary="Chat with Ana Ruiz")), instead_of="")
        return real(self, href, body, instead_of=instead_of)

    monkeypatch.setattr(RemoteCalendar, "put", overtaken)
    report = push([moved(talk)], calendar, first, policy=policy)
    kinds = {"edited": ConflictKind.CHANGED, "deleted": ConflictKind.DELETED, "made": ConflictKind.EXISTS}
    assert [conflict.kind for conflict in report.conflicts] == [kinds[what]]
    assert report.state.resources == first.resources
    assert on_server(calendar, talk.uid) == b"" if what == "deleted" else b"Chat" in on_server(calendar, talk.uid)


# ── what is off ──────────────────────────────────────────────────────────────────────────────────
def off(entry: CalendarEntry) -> CalendarEntry:
    return evolve(entry, status=EntryStatus.CANCELLED, sequence=entry.sequence + 1, alarms=())


@pytest.mark.parametrize(
    ("removal", "outcome", "left"),
    [
        (Removal.TOMBSTONE, "updated", b"STATUS:CANCELLED"),
        (Removal.DELETE, "deleted", b""),
        (Removal.LEAVE, "unchanged", b"CONFIRMED"),
    ],
)
def test_cancelled_entries(calendar: RemoteCalendar, talk: CalendarEntry, removal: Removal, outcome: str, left: bytes) -> None:
    """A talk that is off would stay in the calendar, or go where a record was wanted."""
    policy = PushPolicy(cancelled=removal)
    report = push([off(talk)], calendar, push([talk], calendar).state, policy=policy)
    assert getattr(report, outcome) == (talk.uid,)
    body = on_server(calendar, talk.uid)
    assert left in body if left else body == b""
    again = push([off(talk)], calendar, report.state, policy=policy)
    assert again.unchanged == (talk.uid,)


@pytest.mark.parametrize(
    ("removal", "outcome"), [(Removal.TOMBSTONE, "updated"), (Removal.DELETE, "deleted"), (Removal.LEAVE, "")]
)
def test_vanished_entries(calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], removal: Removal, outcome: str) -> None:
    """What is past would be taken away unasked, or what was removed would stay."""
    policy = PushPolicy(vanished=removal)
    report = push(entries[1:3], calendar, push(entries, calendar).state, policy=policy)
    gone = (entries[0], *entries[3:])
    assert report.ok
    if outcome:
        assert getattr(report, outcome) == tuple(entry.uid for entry in gone)
    for entry in gone:
        body = on_server(calendar, entry.uid)
        match removal:
            case Removal.LEAVE:
                assert fields(body) == expected(entry)
            case Removal.DELETE:
                assert body == b""
            case Removal.TOMBSTONE:
                assert fields(body) == expected(off(evolve(entry, completed=None)))
    again = push(entries[1:3], calendar, report.state, policy=policy)
    assert (again.updated, again.deleted, again.ok) == ((), (), True)
    if removal is not Removal.DELETE:
        assert push(entries, calendar, again.state, policy=policy).ok


@pytest.mark.parametrize("removal", [Removal.DELETE, Removal.TOMBSTONE])
def test_edited_ones_do_not_vanish(calendar: RemoteCalendar, talk: CalendarEntry, removal: Removal) -> None:
    """Somebody's notes would be deleted with the meeting they stand in."""
    first = push([talk], calendar)
    edit(calendar, talk.uid, b"SUMMARY:Talk", b"SUMMARY:Chat")
    report = push([], calendar, first.state, policy=PushPolicy(vanished=removal))
    assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.CHANGED]
    assert b"SUMMARY:Chat" in on_server(calendar, talk.uid)
    forced = push([], calendar, first.state, policy=PushPolicy(vanished=removal, remote_changes=RemoteChanges.OVERWRITE))
    assert forced.ok


@pytest.mark.parametrize("policy", [PushPolicy(vanished=Removal.DELETE), PushPolicy(vanished=Removal.TOMBSTONE)])
def test_gone_on_both_sides_is_agreement(calendar: RemoteCalendar, talk: CalendarEntry, policy: PushPolicy) -> None:
    """What both have thrown out would be a conflict for ever."""
    first = push([talk], calendar)
    delete(calendar, talk.uid)
    report = push([], calendar, first.state, policy=policy)
    assert (report.ok, dict(report.state.resources)) == (True, {})
    assert push([off(talk)], calendar, first.state).unchanged == (talk.uid,)


@pytest.mark.parametrize("what", ["edited", "deleted"])
def test_deleting_in_a_race(calendar: RemoteCalendar, talk: CalendarEntry, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """A note written a second ago would be deleted; or what is gone already would be a failure."""
    first = push([talk], calendar)
    real = RemoteCalendar.delete

    def overtaken(self: RemoteCalendar, href: str, *, etag: str) -> Any:
        if what == "edited":
            edit(self, talk.uid, b"SUMMARY:Talk", b"SUMMARY:Chat")
        else:
            delete(self, talk.uid)
        return real(self, href, etag=etag)

    monkeypatch.setattr(RemoteCalendar, "delete", overtaken)
    report = push([], calendar, first.state, policy=PushPolicy(vanished=Removal.DELETE))
    assert [conflict.kind for conflict in report.conflicts] == ([ConflictKind.CHANGED] if what == "edited" else [])
    assert report.deleted == (() if what == "edited" else (talk.uid,))


# ── what a calendar does not take ────────────────────────────────────────────────────────────────
def test_a_calendar_without_to_dos_says_so(
    calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], requests: list[str]
) -> None:
    """Follow-ups would be lost in a calendar that shows events only, or one of them stop the meetings (RFC 4791 §5.2.3)."""
    events = calendar_named(calendar.server, f"{calendar.name} events", create=True, components=["VEVENT"])
    assert (events.components, events.takes("VTODO"), events.takes("VEVENT")) == (("VEVENT",), False, True)
    requests.clear()
    report = push(entries, events)
    assert (len(report.created), requests.count("PUT")) == (3, 3)
    assert [failure.uid for failure in report.failures] == ["todo-of-ana", "todo-zoned"]
    (first, _) = report.failures
    assert isinstance(first, UnsupportedComponent)
    assert dict(first.facts) == {"status": 0, "uid": "todo-of-ana", "component": "VTODO", "taken": "VEVENT"}
    assert "export follow-ups as events" in str(first)
    assert str(report) == "3 created, 2 refused"


# ── calls that cannot be right ───────────────────────────────────────────────────────────────────
def test_two_entries_of_one_uid(calendar: RemoteCalendar, talk: CalendarEntry, requests: list[str]) -> None:
    """The second would overwrite the first."""
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.uid"):
        push([talk, moved(talk)], calendar)
    assert requests == []


def test_the_state_of_another_calendar(calendar: RemoteCalendar, talk: CalendarEntry, requests: list[str]) -> None:
    """Everything would look deleted in a calendar that never held it."""
    other = evolve(push([talk], calendar).state, calendar="https://elm.example/cal/", resources={})
    requests.clear()
    with pytest.raises(InvalidValue, match=r"push\.state"):
        push([talk], calendar, other)
    assert requests == []


# ── with a file ──────────────────────────────────────────────────────────────────────────────────
def test_state_file_between_runs(
    calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], tmp_path: Path, requests: list[str]
) -> None:
    """A script run by cron would begin from nothing every night."""
    path = tmp_path / "new" / "state.json"
    assert len(push_with_state_file(entries, calendar, path).created) == len(entries)
    assert read_state(path).calendar == calendar.url
    requests.clear()
    assert len(push_with_state_file(entries, calendar, path).unchanged) == len(entries)
    assert requests == ["REPORT"]


def test_state_file_is_kept_when_a_callback_raises(
    calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...], tmp_path: Path
) -> None:
    """Whoever stops a push with Ctrl-C would have pushed for nothing."""
    path = tmp_path / "state.json"

    def stop(step: Progress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push_with_state_file(entries, calendar, path, on_progress=stop)
    assert len(read_state(path).resources) == 2
    report = push_with_state_file(entries, calendar, path)
    assert (len(report.created), len(report.unchanged)) == (3, 2)


def test_a_damaged_state_file_stops_before_anything(calendar: RemoteCalendar, tmp_path: Path, requests: list[str]) -> None:
    """A file of something else would be overwritten, or read as a state."""
    path = tmp_path / "state.json"
    path.write_bytes(b"{}")
    with pytest.raises(ImportRejected):
        push_with_state_file([], calendar, path)
    assert (requests, path.read_bytes()) == ([], b"{}")


# ── finding calendars ────────────────────────────────────────────────────────────────────────────
def test_a_calendar_by_its_address(calendar: RemoteCalendar, connected: Callable[..., CalendarServer]) -> None:
    """The address a program shows would not lead back to the calendar, with or without its last stroke."""
    for url in (calendar.url, calendar.url.rstrip("/"), calendar.href("")):
        again = open_calendar(calendar.server, url)
        assert (again.url, again.name, again.components) == (calendar.url, calendar.name, ("VEVENT", "VTODO"))
