"""What needs no server: names of resources, fingerprints, tombstones, states, policies, addresses."""

import json
import pickle
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

pytest.importorskip("infoint_caldav", reason="infoint-caldav is tested in an environment of its own, with its dependencies")

import infoint_caldav
from infoint_caldav import (
    CalendarServer,
    Pushed,
    PushFailed,
    PushInterrupted,
    PushPolicy,
    PushReport,
    PushState,
    Redirected,
    Removal,
    Retries,
    ServerFailing,
    UnsupportedComponent,
    connect,
    read_state,
    write_state,
)
from infoint_caldav.errors import without_secrets
from infoint_caldav.resources import fingerprint, is_tombstone, resource_body, tombstone
from infoint_caldav.server import strong

from infoint.calendar import CalendarEntry, resource_name
from infoint.errors import ImportRejected, InfointError, InvalidValue


# ── resources ────────────────────────────────────────────────────────────────────────────────────
@given(st.text(min_size=1, max_size=300))
def test_names_are_safe_and_stable(uid: str) -> None:
    """A UID would be taken for a path, or two of them for one file on systems that know no capitals."""
    if any("\ud800" <= letter <= "\udfff" for letter in uid):
        return
    name = resource_name(uid)
    assert name.isascii()
    assert name == name.lower() == resource_name(uid)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert name.count(".") == 1
    assert len(name) <= 104


def test_different_uids_have_different_names() -> None:
    """Two meetings would be one."""
    uids = [
        "Talk-0001",
        "talk-0001",
        "talk/0001",
        "talk_0001",
        "TALK-0001",
        "con",
        "CON",
        "日本",
        "日本語",
        "a" * 100,
        "a" * 101,
    ]
    assert len({resource_name(uid) for uid in uids}) == len(uids)
    assert resource_name("0b50bd32-6b9d-4a2c-9a4e-0d1f6a2f8f10") == "0b50bd32-6b9d-4a2c-9a4e-0d1f6a2f8f10.ics"


def test_fingerprints_tell_what_is_said(talk: CalendarEntry) -> None:
    """Edits would pass unseen, or a server's own hand be taken for an edit."""
    body = resource_body(talk)
    same = {
        "lone line ends": body.replace(b"\r\n", b"\n"),
        "no zone name": body.replace(b"PRODID:-//infoint//EN", b"PRODID:-//elm//EN"),
        "a stamp": body.replace(b"DTSTAMP:2026", b"DTSTAMP:2027"),
        "in UTC": body.replace(b";TZID=Europe/Madrid:20261201T15", b":20261201T14").replace(b"00\r\nDTEND", b"00Z\r\nDTEND"),
        "own properties": body.replace(b"SUMMARY:", b"X-A:1\r\nSUMMARY;X-B=2:"),
        "other order": body.replace(b"STATUS:CONFIRMED\r\n", b"").replace(
            b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\nSTATUS:CONFIRMED\r\n"
        ),
    }
    same["in UTC"] = same["in UTC"].replace(b"20261201T143000\r\n", b"20261201T143000Z\r\n")
    other = {
        "summary": body.replace(b"SUMMARY:Talk", b"SUMMARY:Chat"),
        "time": body.replace(b"20261201T150000", b"20261201T151000"),
        "status": body.replace(b"CONFIRMED", b"CANCELLED"),
        "alarm": body.replace(b"-PT15M", b"-PT10M"),
        "more": body.replace(b"BEGIN:VALARM", b"COMMENT:bring the book\r\nBEGIN:VALARM"),
        "parameter": body.replace(b"SUMMARY:", b"SUMMARY;LANGUAGE=en:"),
        "category": body.replace(b",UX", b",XU"),
        "nothing": b"",
        "no calendar": b"BEGIN:VEVENT",
    }
    assert body not in {*same.values(), *other.values()}
    assert [what for what, one in same.items() if fingerprint(one) != fingerprint(body)] == []
    assert len({fingerprint(one) for one in other.values()} | {fingerprint(body)}) == len(other) + 1


def test_tombstones(entries: tuple[CalendarEntry, ...]) -> None:
    """What is off would still ring, or readers pass over the change, since SEQUENCE stayed (RFC 5546 §2.1.4)."""
    for entry in entries:
        body = resource_body(entry)
        for given_back in (body, body.replace(b"\r\n", b"\n")):
            dead = tombstone(given_back)
            assert is_tombstone(dead)
            assert b"STATUS:CANCELLED\r\n" in dead
            assert b"SEQUENCE:%d\r\n" % (entry.sequence + 1) in dead
            assert dead.count(b"STATUS") == dead.count(b"SEQUENCE") == 1
            assert b"VALARM" not in dead
            assert b"COMPLETED" not in dead
            assert not dead.replace(b"\r\n", b"").count(b"\n")
    assert not is_tombstone(resource_body(entries[0]))
    assert b"SEQUENCE:1\r\n" in tombstone(b"BEGIN:VEVENT\r\nSEQUENCE:many\r\nEND:VEVENT\r\n")
    assert b"SEQUENCE:2147483647\r\n" in tombstone(b"BEGIN:VEVENT\r\nSEQUENCE:2147483647\r\nEND:VEVENT\r\n")
    folded = b"BEGIN:VEVENT\r\nSUMMARY:a\r\n STATUS:CONFIRMED\r\nSTATUS\r\n :CONFIRMED\r\nEND:VEVENT\r\n"
    assert b"SUMMARY:a\r\n STATUS:CONFIRMED\r\n" in tombstone(folded)


# ── state ────────────────────────────────────────────────────────────────────────────────────────
ROW = Pushed(href="/kim/cal/a.ics", etag='"1"', digest="a" * 64, fingerprints=("b" * 64, "c" * 64))
STATE = PushState(calendar="https://oak.example/kim/cal/", resources={"b": ROW, "a": Pushed(href="/kim/cal/b.ics")})


def test_a_state_comes_back_from_its_bytes(tmp_path: object) -> None:
    """The next run would take for new what the last one pushed."""
    assert PushState.load(STATE.dump()) == STATE
    assert pickle.loads(pickle.dumps(STATE)) == STATE
    assert list(STATE.resources) == ["a", "b"]
    assert PushState.load(PushState().dump()) == PushState()
    assert dict(STATE.forgetting("a", "nobody").resources) == {"b": ROW}


def test_states_in_files(tmp_path: "object") -> None:
    """A first run would fail for want of a file; a folder would end in an error of the system."""
    from pathlib import Path

    folder = Path(str(tmp_path))
    assert read_state(folder / "none.json") == PushState()
    write_state(STATE, folder / "new" / "one.json")
    assert read_state(folder / "new" / "one.json") == STATE
    with pytest.raises(ImportRejected):
        read_state(folder)


def damaged() -> dict[str, bytes]:
    good = json.loads(STATE.dump())

    def but(**changes: object) -> bytes:
        return json.dumps(good | changes).encode()

    def row(**changes: object) -> bytes:
        return but(resources={"a": good["resources"]["a"] | changes})

    return {
        "no json": b"{",
        "no text": b"\xff\xfe",
        "deep": b"[" * 100_000,
        "a list": b"[]",
        "another program's": but(format="x"),
        "a newer one": but(version=2),
        "rows as a list": but(resources=[]),
        "an address as a number": but(calendar=1),
        "an address without end": but(calendar="https://oak.example/kim/cal"),
        "another calendar's href": row(href="/eve/cal/b.ics"),
        "a deeper href": row(href="/kim/cal/x/b.ics"),
        "another host": row(href="//elm.example/b.ics"),
        "a whole address": row(href="https://elm.example/b.ics"),
        "a forged header": row(etag='"1"\r\nX-A: b'),
        "a number for an etag": row(etag=1),
        "no hash": row(digest="x"),
        "no hashes": row(fingerprints=["x"]),
        "more": row(extra=1),
    }


@pytest.mark.parametrize("what", damaged())
def test_damaged_states_are_refused(what: str) -> None:
    """A broken or forged file would send entries or deletions to another place."""
    with pytest.raises(ImportRejected):
        PushState.load(damaged()[what])


def test_fields_of_a_row_are_checked() -> None:
    """A list in a frozen value could change under the state's feet."""
    with pytest.raises(InvalidValue, match="fingerprints"):
        Pushed(href="/a", fingerprints=["a" * 64])  # type: ignore[arg-type] - the mistake under test


# ── policies, reports, errors ────────────────────────────────────────────────────────────────────
def test_policies_take_plain_words() -> None:
    """A setting read from a file would need a table of its own."""
    assert PushPolicy(cancelled="delete", vanished="tombstone").vanished is Removal.TOMBSTONE
    assert PushPolicy() == PushPolicy(cancelled="tombstone", vanished="leave", remote_changes="report")
    assert str(PushReport()) == "nothing to push"


@pytest.mark.parametrize(
    "error",
    [
        PushFailed("broken", status=500, uid="a"),
        Redirected("https://kim:pw@elm.example/x?key=1", status=301),
        UnsupportedComponent("a", "VTODO", ("VEVENT",)),
        UnsupportedComponent("a", "VEVENT", ()),
        PushInterrupted(ServerFailing("failed", status=503), PushReport(created=("a",)), done=1, total=2),
    ],
)
def test_errors_tell_plain_facts(error: PushFailed) -> None:
    """A log line could not say what went wrong, another process not be told, or a secret be in both."""
    assert isinstance(error, InfointError)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.facts) == (str(error), error.facts)
    assert set(error.facts) == set(error.shown)
    assert "pw" not in f"{error!r} {error.facts} {vars(error)}"
    assert "key" not in f"{error!r} {error.facts}"


def test_codes_are_the_classes_own() -> None:
    """Two mistakes would look like one to a program."""
    kinds = [one for one in vars(infoint_caldav).values() if isinstance(one, type) and issubclass(one, PushFailed)]
    assert len(kinds) == 9
    assert len({one.code for one in kinds}) == len(kinds)


def test_addresses_are_shown_without_secrets() -> None:
    """A password in an address would stand in logs."""
    assert without_secrets("https://kim:pw@oak.example:80/a?b#c") == "https://oak.example:80/a"
    assert without_secrets("http://[bad") == ""


# ── connecting ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "url",
    ["", "oak.example", "ftp://oak.example/", "https://", "https://kim@oak.example/", "https://kim:pw@oak.example/", "http://[bad/",
     "http://oak.example/", "https://oak.example/\r\nX: y"],
)  # fmt: skip
def test_addresses_that_cannot_be(url: str) -> None:
    """A password would go in the clear, or to a place guessed from half an address."""
    with pytest.raises(InvalidValue) as caught:
        connect(url, "kim", "secret word")
    assert "secret word" not in f"{caught.value!r} {caught.value.facts}"
    assert "pw" not in f"{caught.value!r} {caught.value.facts}"


def test_where_a_password_may_go() -> None:
    """A server could send the password on to another one."""
    with connect("https://oak.example/dav/", "kim", "pw") as server:
        assert repr(server) == "CalendarServer('https://oak.example/dav/')"
        assert all(map(server.may_ask, ["https://oak.example/kim/", "https://p42.oak.example/", "https://oak.example:8443/"]))
        assert not any(
            map(server.may_ask, ["http://oak.example/", "https://elm.example/", "https://example/", "https://1.2.3.4/"])
        )
        with pytest.raises(InvalidValue, match=r"open_calendar\.url"):
            infoint_caldav.open_calendar(server, "https://elm.example/cal/")
    with connect("http://oak.example/dav/") as server:
        assert not server.may_ask("http://elm.example/")
    with connect("http://localhost/", "kim", "pw") as server:
        assert isinstance(server, CalendarServer)
        assert not server.may_ask("https://elsewhere/")
        assert not server.may_ask("https://127.0.0.1/")


def test_retries() -> None:
    """A mistyped number would try for days."""
    assert list(Retries().waits()) == [1, 2, 4]
    assert list(Retries(times=3, first_wait=timedelta(seconds=40)).waits()) == [40, 60, 60]
    for times in (-1, 21, True, "3"):
        with pytest.raises(InvalidValue):
            Retries(times=times)  # type: ignore[arg-type] - the mistake under test


def test_weak_etags_are_none() -> None:
    """If-Match with a weak one never matches (RFC 9110 §13.1.1): every update would be a conflict."""
    assert [strong(etag) for etag in ('"a"', ' "a" ', 'W/"a"', None, '"é"', '"\n"')] == ['"a"', '"a"', "", "", "", ""]
