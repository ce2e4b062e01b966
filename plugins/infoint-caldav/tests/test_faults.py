"""Connections that break, servers that fail, point elsewhere or ask for a login: what a push does then, and how it goes on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

pytest.importorskip("infoint_caldav", reason="infoint-caldav is tested in an environment of its own, with its dependencies")

from infoint_caldav import (
    AuthenticationRefused,
    CalendarServer,
    ConflictKind,
    EntryRefused,
    NotACalendar,
    PushFailed,
    PushInterrupted,
    Redirected,
    RemoteCalendar,
    Retries,
    ServerFailing,
    ServerUnreachable,
    UnsupportedComponent,
    calendar_named,
    find_calendars,
    open_calendar,
    push,
    push_with_state_file,
    read_state,
)

from infoint.calendar import CalendarEntry

NEVER = Retries(times=0)


@pytest.fixture
def proxied(proxy: Any, calendar: RemoteCalendar, connected: Callable[..., CalendarServer]) -> Callable[..., RemoteCalendar]:
    """The calendar as it is seen through the proxy."""
    return lambda **options: open_calendar(connected(proxy.url, **options), calendar.href(""))


def held(calendar: RemoteCalendar, entries: tuple[CalendarEntry, ...]) -> int:
    """How many of them the server has."""
    return len(calendar.etags([calendar.href(f"{entry.uid}.ics") for entry in entries]))


@pytest.mark.parametrize("fault", ["drop", "lose"])
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_dropped_connection_is_resumed(
    calendar: RemoteCalendar, proxied: Any, proxy: Any, entries: tuple[CalendarEntry, ...], *, fault: str, at: int
) -> None:
    """A train's tunnel would cost the whole push, or leave meetings twice."""
    through = proxied(retries=NEVER)
    proxy.fail_once("PUT", fault, at=at)
    with pytest.raises(PushInterrupted) as caught:
        push(entries, through)
    error = caught.value
    assert isinstance(error.__cause__, ServerUnreachable)
    assert error.facts == {"status": 0, "done": at - 1, "total": 5, "problem": error.problem}
    assert len(error.report.created) == at - 1
    assert held(calendar, entries) == at - 1 + (fault == "lose")
    proxy.calm()
    again = push(entries, through, error.report.state)
    assert again.ok
    assert len(again.created) == 6 - at - (fault == "lose")
    assert proxy.seen.count("PUT") == len(again.created)
    assert held(calendar, entries) == 5


@pytest.mark.parametrize("changed", [False, True])
def test_an_update_whose_answer_was_lost(proxied: Any, proxy: Any, talk: CalendarEntry, changed: bool) -> None:
    """Our own work would look like somebody else's edit, also after ours has gone on."""
    through = proxied(retries=NEVER)
    first = push([talk], through)
    proxy.fail_once("PUT", "lose")
    moved = evolve(talk, summary="Talk with Dr Ruiz")
    with pytest.raises(PushInterrupted) as caught:
        push([moved], through, first.state)
    then = evolve(moved, summary="Talk with Ana Ruiz, PhD") if changed else moved
    again = push([then], through, caught.value.report.state)
    assert (again.ok, again.updated, again.unchanged) == ((True, (talk.uid,), ()) if changed else (True, (), (talk.uid,)))


@pytest.mark.parametrize(
    "fault", ["drop", "lose", "slow", "500", "502", "503", "503 Retry-After: 7", "429 Retry-After: 7", "504"]
)
def test_what_passes_is_tried_again(
    calendar: RemoteCalendar, proxied: Any, proxy: Any, entries: tuple[CalendarEntry, ...], fault: str
) -> None:
    """One hiccup of a server would stop every push, or turn into a conflict with ourselves."""
    waited: list[float] = []
    through = proxied(sleep=waited.append, timeout=timedelta(seconds=1))
    proxy.fail_once("PUT", fault, at=2)
    report = push(entries, through)
    assert (len(report.created), report.ok) == (5, True)
    assert waited == [7 if "7" in fault else 1]
    assert push(entries, through, report.state).unchanged == report.created


@pytest.mark.parametrize(
    ("fault", "kind", "status"),
    [
        ("drop", ServerUnreachable, 0),
        ("500", ServerFailing, 500),
        ("429", ServerFailing, 429),
        ("503 Retry-After: 3600", ServerFailing, 503),
    ],
)
def test_patience_ends(
    proxied: Any, proxy: Any, talk: CalendarEntry, *, fault: str, kind: type[PushFailed], status: int
) -> None:
    """A push would hang for ever on a server that is down."""
    waited: list[float] = []
    through = proxied(sleep=waited.append, retries=Retries(times=4, longest_wait=timedelta(seconds=5)))
    proxy.fault = lambda method, number: fault if method == "PUT" else ""
    with pytest.raises(PushInterrupted) as caught:
        push([talk], through)
    assert isinstance(caught.value.__cause__, kind)
    assert caught.value.status == status
    assert proxy.seen.count("PUT") == 5
    assert waited == ([5, 5, 5, 5] if "3600" in fault else [1, 2, 4, 5])


@pytest.mark.parametrize(
    ("method", "fault", "kind"),
    [
        ("REPORT", "drop", ServerUnreachable),
        ("REPORT", "cut", ServerUnreachable),
        ("REPORT", "500", ServerFailing),
        ("REPORT", "401", AuthenticationRefused),
        ("REPORT", "401 WWW-Authenticate: Negotiate", AuthenticationRefused),
        ("REPORT", "403", PushFailed),
        ("REPORT", "404", PushFailed),
        ("REPORT", "302 Location: https://elm.example/", Redirected),
        ("REPORT", "nonsense", ServerFailing),
    ],
)
def test_before_the_first_entry_the_error_itself_comes(
    proxied: Any, proxy: Any, talk: CalendarEntry, *, method: str, fault: str, kind: type[PushFailed]
) -> None:
    """Errors of libraries would escape, or an app have to look for the reason in a cause."""
    through = proxied(retries=NEVER)
    proxy.fault = lambda seen, number: fault if seen == method else ""
    with pytest.raises(kind) as caught:
        push([talk], through)
    assert type(caught.value) is kind
    assert "PUT" not in proxy.seen


@pytest.mark.parametrize(
    "target",
    ["https://elm.example/cal/", "/elsewhere/", "//elm.example/", "", "http://[bad/", "https://eve:pw@elm.example/?key=1"],
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_writing_follows_no_redirect(proxied: Any, proxy: Any, talk: CalendarEntry, status: int, target: str) -> None:
    """A meeting, and a password with it, would go to whoever the answer names; or be taken for stored after a GET."""
    through = proxied(retries=NEVER)
    proxy.fault = lambda method, number: f"{status} Location: {target}" if method == "PUT" else ""
    with pytest.raises(PushInterrupted if target else PushFailed) as caught:
        report = push([talk], through)
        raise report.failures[0]
    error = caught.value.__cause__ if target else caught.value
    if target:
        assert isinstance(error, Redirected)
        assert error.facts["status"] == status
        assert "pw" not in f"{error!r}{error}{error.facts}"
        assert "key" not in f"{error!r}{error}{error.facts}"
    assert "GET" not in proxy.seen
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("fault", "kind"), [("415", EntryRefused), ("507", EntryRefused), ("403", EntryRefused), ("404", EntryRefused)]
)
def test_a_refused_entry_does_not_stop_the_others(
    proxied: Any, proxy: Any, entries: tuple[CalendarEntry, ...], fault: str, kind: type[PushFailed]
) -> None:
    """One entry that a server does not like would keep all others from the calendar."""
    through = proxied()
    proxy.fail_once("PUT", fault, at=2)
    report = push(entries, through)
    (failure,) = report.failures
    assert (type(failure), failure.uid, failure.status) == (kind, entries[1].uid, int(fault))
    assert len(report.created) == 4
    assert failure.uid not in report.state.resources
    assert push(entries, through, report.state).created == (failure.uid,)


def test_a_refused_deletion_is_a_failure(proxied: Any, proxy: Any, talk: CalendarEntry) -> None:
    """What the server keeps would be forgotten here."""
    from infoint_caldav import PushPolicy, Removal

    through = proxied()
    first = push([talk], through)
    proxy.fail_once("DELETE", "403")
    policy = PushPolicy(vanished=Removal.DELETE)
    report = push([], through, first.state, policy=policy)
    assert [failure.status for failure in report.failures] == [403]
    assert push([], through, report.state, policy=policy).deleted == (talk.uid,)


def test_to_dos_refused_only_when_they_come(
    running: Any, proxied: Any, entries: tuple[CalendarEntry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A calendar that does not say what it takes would refuse to-dos without a reason one can act on."""
    through = proxied()
    events = calendar_named(through.server, f"{through.name} events", create=True, components=["VEVENT"])
    if running.name == "radicale":
        pytest.skip("Radicale takes to-dos wherever they come")
    report = push(entries, evolve(events, components=()))
    assert [type(failure) for failure in report.failures] == [UnsupportedComponent] * 2
    assert report.failures[0].facts["status"] == 403


@pytest.mark.parametrize("fault", ["no etag", "weak etag"])
def test_servers_that_tell_no_etag(proxied: Any, proxy: Any, entries: tuple[CalendarEntry, ...], fault: str) -> None:
    """A server that writes entries in its own way gives no ETag (RFC 4791 §5.3.4): each push would write all anew."""
    through = proxied()
    proxy.fault = lambda method, number: fault if method == "PUT" else ""
    report = push(entries, through)
    assert (len(report.created), report.ok) == (5, True)
    assert all(pushed.etag for pushed in report.state.resources.values())
    proxy.seen.clear()
    assert len(push(entries, through, report.state).unchanged) == 5
    assert proxy.seen == ["REPORT"]


def test_state_file_after_a_dropped_connection(
    proxied: Any, proxy: Any, entries: tuple[CalendarEntry, ...], tmp_path: Path
) -> None:
    """A cron job would begin from nothing after each break."""
    path = tmp_path / "state.json"
    through = proxied(retries=NEVER)
    proxy.fail_once("PUT", "lose", at=4)
    with pytest.raises(PushInterrupted):
        push_with_state_file(entries, through, path)
    assert len(read_state(path).resources) == 4
    report = push_with_state_file(entries, through, path)
    assert (len(report.created), len(report.unchanged), report.ok) == (1, 4, True)


def test_a_stranger_after_a_lost_answer(calendar: RemoteCalendar, proxied: Any, proxy: Any, talk: CalendarEntry) -> None:
    """An edit made while we were away would be taken for our own lost work."""
    through = proxied(retries=NEVER)
    proxy.fail_once("PUT", "lose")
    with pytest.raises(PushInterrupted) as caught:
        push([talk], through)
    name = calendar.href(f"{talk.uid}.ics")
    body = calendar.read([name])[name].body.replace(b"SUMMARY:Talk", b"SUMMARY:Chat")
    assert (
        calendar.server.request("PUT", calendar.url + f"{talk.uid}.ics", body, {"Content-Type": "text/calendar"}).status < 300
    )
    report = push([talk], through, caught.value.report.state)
    assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.EXISTS]


# ── logins ───────────────────────────────────────────────────────────────────────────────────────
def test_wrong_password(running: Any, connected: Callable[..., CalendarServer]) -> None:
    """A password that is wrong would look like a calendar that is not there; and an error would show it in a log."""
    if running.name == "xandikos":
        pytest.skip("Xandikos leaves logins to the server in front of it")
    with connected(running.url, "kim", "not the one at all") as server:
        with pytest.raises(AuthenticationRefused) as caught:
            find_calendars(server)
        shown = f"{caught.value!r} {caught.value} {caught.value.facts} {server!r} {vars(caught.value)}"
        assert "not the one at all" not in shown
        assert caught.value.facts["status"] == 401


# ── finding calendars ────────────────────────────────────────────────────────────────────────────
def test_calendars_by_name(calendar: RemoteCalendar) -> None:
    """The user's calendar would not be found, or be made twice."""
    from infoint.errors import InvalidValue, NotFound, SeveralMatch

    server = calendar.server
    assert calendar.url in {one.url for one in find_calendars(server)}
    assert calendar_named(server, calendar.name).url == calendar.url
    assert calendar_named(server, calendar.name, create=True).url == calendar.url
    with pytest.raises(NotFound, match="create=True"):
        calendar_named(server, "Nobody's <calendar>")
    made = calendar_named(server, f"Talks & <thanks> of {calendar.name}", create=True)
    assert made.name == f"Talks & <thanks> of {calendar.name}"
    assert made.takes("VTODO")
    for name in ("", " ", "a\nb", "a\x00"):
        with pytest.raises(InvalidValue):
            calendar_named(server, name, create=True)
    twin = f"<x:set xmlns:x='DAV:'><x:prop><x:displayname>{calendar.name}</x:displayname></x:prop></x:set>"
    answer = server.request("PROPPATCH", made.url, f"<d:propertyupdate xmlns:d='DAV:'>{twin}</d:propertyupdate>".encode())
    assert answer.status == 207
    with pytest.raises(SeveralMatch):
        calendar_named(server, calendar.name)


def test_a_server_that_fails_gets_no_second_calendar(
    calendar: RemoteCalendar, proxy: Any, connected: Callable[..., CalendarServer]
) -> None:
    """A calendar that could not be listed for a moment would be made a second time."""
    server = connected(proxy.url, retries=NEVER)
    assert calendar_named(server, calendar.name).name == calendar.name
    for fault, kind in (("500", ServerFailing), ("404", NotACalendar), ("nonsense", ServerFailing), ("403", NotACalendar)):
        proxy.fault = lambda method, number, fault=fault: fault if method == "PROPFIND" else ""
        with pytest.raises(kind):
            calendar_named(server, calendar.name, create=True)
    assert "MKCALENDAR" not in proxy.seen


def test_a_calendar_whose_making_was_not_heard_of(
    calendar: RemoteCalendar, proxy: Any, connected: Callable[..., CalendarServer]
) -> None:
    """A lost answer would end in an error about a calendar that is there."""
    proxy.fail_once("MKCALENDAR", "lose")
    made = calendar_named(connected(proxy.url), f"{calendar.name} again", create=True)
    assert made.name == f"{calendar.name} again"
    proxy.fail_once("MKCALENDAR", "507")
    with pytest.raises(PushFailed, match="make it in its own pages"):
        calendar_named(connected(proxy.url), f"{calendar.name} no more", create=True)


def test_well_known_address_leads_to_the_calendars(proxy: Any, calendar: RemoteCalendar, connected: Callable[..., Any]) -> None:
    """Whoever knows only the server's name would not find their calendars (RFC 6764 §5)."""
    well_known = connected(f"{proxy.url}.well-known/caldav")
    assert calendar.name in {one.name for one in find_calendars(well_known)}
    for target in ("https://elm.example/", "http://127.0.0.1:1/"):
        proxy.fault = lambda method, number, target=target: f"301 Location: {target}"
        with pytest.raises(Redirected, match=target.rstrip("/")):
            find_calendars(well_known)
    proxy.fault = lambda method, number: "301 Location: /round/"
    with pytest.raises(Redirected):
        find_calendars(well_known)


def test_what_is_no_calendar_is_said(running: Any, calendar: RemoteCalendar) -> None:
    """A push would write into an address book, or into nothing."""
    for url in ("/nobody/nothing/", "/"):
        with pytest.raises(NotACalendar):
            open_calendar(calendar.server, url)


def test_nobody_there(connected: Callable[..., CalendarServer]) -> None:
    """A server that is off would end in a traceback of the HTTP library."""
    server = connected("http://127.0.0.1:1/", sleep=lambda _: None)
    with pytest.raises(ServerUnreachable) as caught:
        find_calendars(server)
    assert caught.value.facts["status"] == 0
