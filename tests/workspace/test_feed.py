"""`ws.feed()`: little told, nothing made in vain, and never two states under one tag."""

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import infoint
from infoint import Campaign, Contact, MeetingFormat, OpenWorkspace, Party, PluginHost, Profile, hookimpl
from infoint.calendar import (
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    ContentLevel,
    EntryCache,
    Feed,
    FeedOptions,
    FollowUpsAs,
    IcsWriter,
)
from infoint.errors import InvalidValue, NoProvider, NotFound, PluginErrors
from infoint.model import FollowUpKind
from infoint.storage import Capability, MemoryStorage
from infoint.testing import Clock

feeds = import_module("infoint.workspace.feeds")


@pytest.fixture
def planned(ws: OpenWorkspace, ana: Contact) -> OpenWorkspace:
    talks = ws.interviews
    talk = talks.request(talks.plan(ana))
    talks.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO, place="https://meet.example/x")
    return ws


class Raises:
    """Takes part in exports, and fails when it is asked."""

    revision = "1"

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign, options: CalendarOptions) -> Iterable[CalendarEntry]:
        raise ZeroDivisionError


class Unnamed:
    """Takes part, and cannot say what its part depends on."""

    asked = 0

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign, options: CalendarOptions) -> Iterable[CalendarEntry]:
        self.asked += 1
        return ()


class Named(Unnamed):
    def __init__(self, revision: str) -> None:
        self.revision = revision


def tag_with(*plugins: object, options: FeedOptions | None = None) -> str:
    clock = Clock(datetime(2026, 11, 16, 15, tzinfo=UTC))
    with infoint.open("memory:", zone="America/Chicago", clock=clock, plugins=plugins) as ws:
        return ws.feed(options).etag


# ── what it tells ────────────────────────────────────────────────────────────────────────────────
def test_a_feed_says_when_and_nothing_else(planned: OpenWorkspace) -> None:
    """Whoever finds the address would learn whom the explorer meets, where, and what for."""
    text = planned.feed().respond().body.decode()
    assert text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Busy" in text
    assert "DTSTART;TZID=America/Chicago:20261201T100000" in text
    for word in ("Ana", "Oak", "meet.example", "Informational", "interview", "To do", "VALARM"):
        assert word not in text


def test_it_tells_what_it_is_asked_for(planned: OpenWorkspace) -> None:
    """Options would be passed over."""
    options = FeedOptions(content=ContentLevel.FULL, follow_ups=FollowUpsAs.EVENT, alarms=True)
    text = planned.feed(options).respond().body.decode()
    assert text == planned.calendar(options).to_bytes().decode()
    assert "SUMMARY:Informational interview: Ana Ruiz (Oak Labs)" in text
    assert "VALARM" in text
    named = planned.feed(FeedOptions(content=ContentLevel.FIRST_NAME), head=CalendarHead(name="Kim")).respond().body.decode()
    assert "SUMMARY:Talk with Ana" in named
    assert "NAME:Kim" in named


def test_options_of_an_export_are_refused(planned: OpenWorkspace) -> None:
    """Everything would stand behind a URL because somebody only wanted another window."""
    with pytest.raises(InvalidValue, match=r"needs FeedOptions, which tell little"):
        planned.feed(CalendarOptions())  # type: ignore[arg-type]  # what is refused


def test_a_workspace_that_is_not_there_has_none() -> None:
    """Subscribers of a mistyped key would see an empty calendar for ever."""
    with infoint.open("memory:") as ws, pytest.raises(NotFound, match="profile"):
        ws.feed()


def test_an_unknown_format_has_none(planned: OpenWorkspace) -> None:
    """The error would come with the first request, and not where the format is named."""
    with pytest.raises(NoProvider):
        planned.feed(format="xcal")


# ── the tag ──────────────────────────────────────────────────────────────────────────────────────
def test_the_tag_stays_while_nothing_changes(planned: OpenWorkspace, clock: Clock) -> None:
    """Everybody would be sent everything at each look."""
    before = planned.feed().etag
    clock.forward(timedelta(days=3))
    planned.due()
    assert planned.feed().etag == before == planned.feed(FeedOptions()).etag


def test_every_change_is_another_tag(planned: OpenWorkspace, clock: Clock) -> None:
    """A subscriber would keep a meeting that was moved, or a name that was put right."""
    seen = [planned.feed().etag]

    def note() -> None:
        seen.append(planned.feed().etag)

    talk = planned.interviews.one()
    talk = planned.interviews.reschedule(talk, datetime(2026, 12, 2, 10))
    note()
    planned.interviews.cancel(talk, by=Party.THEM)
    note()
    planned.contacts.update(evolve(planned.contacts.one(), name="Ana R."))
    note()
    planned.set_profile(Profile(name="Kim", zone="Europe/Madrid"))
    note()
    planned.contacts.add(Contact(name="Bo Li"))
    note()
    assert len(set(seen)) == len(seen)


OPTIONS = [
    FeedOptions(),
    FeedOptions(content=ContentLevel.FIRST_NAME),
    FeedOptions(content=ContentLevel.FULL),
    FeedOptions(follow_ups=FollowUpsAs.EVENT),
    FeedOptions(follow_ups=FollowUpsAs.TODO),
    FeedOptions(kinds=frozenset()),
    FeedOptions(kinds=frozenset({FollowUpKind.NUDGE})),
    FeedOptions(kinds=frozenset({FollowUpKind.NUDGE, FollowUpKind.DEBRIEF})),
    FeedOptions(since=datetime(2026, 1, 1, tzinfo=UTC)),
    FeedOptions(until=datetime(2026, 1, 1, tzinfo=UTC)),
    FeedOptions(since=datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Chicago"))),
    FeedOptions(since=datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Chicago"), fold=1)),
    FeedOptions(alarms=True),
    FeedOptions(include_cancelled=False),
    FeedOptions(include_notes=True),
]


def test_whatever_is_asked_for_is_in_the_tag(planned: OpenWorkspace) -> None:
    """Two feeds of one address, asked for with other options, would be taken for each other."""
    tags = [planned.feed(options).etag for options in OPTIONS]
    heads = [CalendarHead(), CalendarHead(name="x"), CalendarHead(description="x"), CalendarHead(refresh=timedelta(hours=2))]
    tags += [planned.feed(head=head).etag for head in heads]
    assert len(set(tags)) == len(tags)


def test_workspaces_have_tags_of_their_own(clock: Clock) -> None:
    """A cache that serves two explorers would give one of them the other's."""
    with infoint.Engine("memory:", clock=clock) as engine:
        assert len({engine.workspace(key, zone="Europe/Madrid").feed().etag for key in ("ana", "bo")}) == 2


def test_a_restored_backup_has_other_tags(clock: Clock) -> None:
    """What came after the backup is undone, as many changes follow, and a subscriber keeps what was undone."""
    tags = set()
    for _ in range(2):
        with infoint.open("memory:", zone="Europe/Madrid", clock=clock) as ws:
            tags.add(ws.feed().etag)
        clock.forward(timedelta(hours=1))
    assert len(tags) == 2


def test_every_process_has_the_same_tag() -> None:
    """Behind two servers a subscriber would be sent everything at each look."""
    code = (
        "import sys, infoint; from datetime import datetime, UTC; from infoint.calendar import FeedOptions; "
        "from infoint.model import FollowUpKind\n"
        "with infoint.open('memory:', zone='UTC', clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as ws:\n"
        "    print(ws.feed(FeedOptions(kinds=frozenset(FollowUpKind.known))).etag)"
    )
    tags = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        tags.add(done.stdout)
    assert len(tags) == 1


def test_software_is_in_the_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that writes other bytes would be kept from subscribers."""
    tags = set()
    for told in ("infoint 1", "infoint 2"):
        monkeypatch.setattr(feeds, "software_revision", lambda told=told: told)
        tags.add(tag_with())
    assert len(tags) == 2


# ── nothing in vain ──────────────────────────────────────────────────────────────────────────────
def test_a_304_makes_no_entry(clock: Clock) -> None:
    """Every look of every subscriber would cost a whole export."""
    with infoint.open("memory:", zone="Europe/Madrid", clock=clock, plugins=[Raises()]) as ws:
        clock.forward(timedelta(seconds=1))
        feed = ws.feed()
        assert feed.respond(if_none_match=feed.etag).status == 304
        assert feed.respond(if_modified_since="Tue, 17 Nov 2026 00:00:00 GMT").status == 304
        assert feed.respond(method="HEAD").status == 200
        with pytest.raises(PluginErrors):
            feed.respond()


def test_a_plugin_that_names_no_revision_is_asked_each_time(clock: Clock) -> None:
    """Its entries change, nobody knows, and subscribers keep the old ones."""
    unnamed = Unnamed()
    with infoint.open("memory:", zone="Europe/Madrid", clock=clock, plugins=[unnamed]) as ws:
        feed = ws.feed()
        assert unnamed.asked == 1
        assert feed.respond(if_none_match=feed.etag).status == 304
        assert feed.respond().headers["ETag"] == feed.etag
        assert "Last-Modified" not in feed.respond().headers, "it may change without a commit"
        ws.contacts.add(Contact(name="Bo Li"))
        assert ws.feed().etag == feed.etag, "the bytes are the same"


def test_plugins_are_in_the_tag() -> None:
    """A plugin comes, goes or is updated, and subscribers keep what it gave before."""
    tags = {tag_with(), tag_with(Named("1")), tag_with(Named("2")), tag_with(Named("1"), Named("1"))}
    assert len(tags) == 4


def test_a_writer_of_your_own_is_known_by_its_bytes(planned: OpenWorkspace) -> None:
    """Two writers of other settings would be taken for each other."""
    one, other = (planned.feed(format=IcsWriter(product=f"-//{name}//EN")) for name in ("Acme", "Bold"))
    assert one.etag != other.etag
    assert b"PRODID:-//Acme//EN" in one.respond().body


def test_records_that_others_edit_are_looked_at_each_time(clock: Clock) -> None:
    """A file is changed in an editor, no commit counts it, and subscribers keep what stood there."""

    class Files(MemoryStorage):
        capabilities = MemoryStorage.capabilities | Capability.EXTERNAL_EDITS

    with infoint.open(Files(), zone="Europe/Madrid", clock=clock) as ws:
        before = ws.feed()
        ws.contacts.add(Contact(name="Bo Li"))
        assert before.etag == ws.feed().etag
        assert before.last_modified is None


# ── somebody saves in between ────────────────────────────────────────────────────────────────────
def body_tag(feed: Feed) -> tuple[bytes, str]:
    response = feed.respond()
    return response.body, response.headers["ETag"]


def test_new_bytes_never_go_under_the_old_tag(planned: OpenWorkspace, clock: Clock) -> None:
    """A subscriber would be sent the new calendar under the old tag, or the other way round, and never know."""
    feed = planned.feed()
    old = body_tag(feed)
    clock.forward(timedelta(hours=1))
    planned.interviews.reschedule(planned.interviews.one(), datetime(2026, 12, 3, 10))
    new = body_tag(feed)
    assert old[1] == feed.etag != new[1]
    assert old[0] != new[0]
    assert new == body_tag(planned.feed())
    assert "Last-Modified" not in feed.respond().headers, "the second is not over"
    clock.forward(timedelta(seconds=1))
    assert feed.respond().headers["Last-Modified"] == "Mon, 16 Nov 2026 16:00:01 GMT"


def test_two_changes_within_a_second_have_two_dates(planned: OpenWorkspace, clock: Clock) -> None:
    """A client that knows dates only would be told for ever that a meeting which was moved has not changed."""
    clock.forward(timedelta(hours=1))
    asked: list[str] = []
    for second in (0, 0, 1, 1):
        clock.forward(timedelta(milliseconds=300))
        planned.interviews.reschedule(planned.interviews.one(), datetime(2026, 12, 3, 10 + len(asked)))
        response = planned.feed().respond(if_modified_since=asked[-1] if asked else "")
        assert response.status == 200, second
        # What a client says next time: the date it was given, or else when it asked.
        asked.append(response.headers.get("Last-Modified") or f"{clock():%a, %d %b %Y %H:%M:%S} GMT")
    clock.forward(timedelta(seconds=2))
    last = planned.feed().respond(if_modified_since=asked[-1])
    assert last.status == 200
    assert planned.feed().respond(if_modified_since=last.headers["Last-Modified"]).status == 304


def test_a_suffix_no_file_has_is_refused_by_name(planned: OpenWorkspace) -> None:
    """A writer of somebody else's would end a request with an error of Python's, or write into the headers."""

    class Odd(IcsWriter):
        suffix = "\r\nX-Evil: 1"

    with pytest.raises(InvalidValue, match="plain file name"):
        planned.feed(format=Odd())


def test_what_is_not_committed_has_no_tag_of_a_commit(planned: OpenWorkspace) -> None:
    """A state that is undone later would be kept under the tag of one that stays."""
    before = planned.feed()
    with pytest.raises(ZeroDivisionError), planned.transaction() as tx:
        assert tx.feed().etag == before.etag
        tx.interviews.reschedule(tx.interviews.one(), datetime(2026, 12, 3, 10))
        inside = tx.feed()
        assert inside.etag != before.etag
        assert b"20261203T100000" in inside.respond().body
        raise ZeroDivisionError
    assert body_tag(planned.feed()) == body_tag(before)


# ── who names a revision ─────────────────────────────────────────────────────────────────────────
class Observer:
    """Takes no part in exports."""

    @hookimpl
    def infoint_interview_changed(self, workspace: str) -> None:
        """Hears of it."""


class Broken(Unnamed):
    @property
    def revision(self) -> str:
        raise ZeroDivisionError


class Writes:
    def __init__(self, revision: str) -> None:
        self.revision = revision

    @hookimpl
    def infoint_register_calendar_writers(self, writers: object) -> None:
        writers.add("acme", IcsWriter)  # type: ignore[attr-defined]  # a registrar


def test_who_takes_no_part_need_not_be_named() -> None:
    """A plugin that has nothing to do with calendars would make each look cost an export."""
    assert PluginHost([Observer()]).export_revision() == PluginHost().export_revision() == ""


def test_the_writer_counts_where_it_writes() -> None:
    """A format would change unseen; or every format would cost an export because of one."""
    host = PluginHost([Writes("7")])
    assert host.export_revision() == ""
    assert (host.export_revision("acme") or "").endswith("Writes 7")
    assert PluginHost([Writes("")]).export_revision("acme") is None
    assert PluginHost([Writes("")]).export_revision("ics") == ""
    with pytest.raises(NoProvider):
        host.export_revision("xcal")


def test_a_writer_given_by_hand_may_name_its_revision() -> None:
    """An app with a writer of its own could never save an export."""

    class Mine(IcsWriter):
        revision = "3"

    class Other(IcsWriter):
        """Whatever it does otherwise, nobody knows when that changes."""

    assert PluginHost().export_revision(Mine()) == "the app's writer 3"
    assert PluginHost().export_revision(Other()) is None


def test_a_writer_with_a_cache_saves_exports_too(planned: OpenWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gives a feed a cache, to make it cheaper, would have every look of every subscriber cost an export."""
    writer = IcsWriter(cache=EntryCache())
    body = planned.feed(format=writer).respond()
    assert body.body == planned.feed().respond().body
    monkeypatch.setattr(IcsWriter, "chunks", None)
    assert planned.feed(format=writer).respond(if_none_match=body.headers["ETag"]).status == 304
    revisions = {PluginHost().export_revision(IcsWriter(zones_since=year)) for year in (2020, 2021)}
    assert len(revisions) == 2, "writers of other settings write other bytes"


@pytest.mark.parametrize("revision", ["", None, 1, b"1"])
def test_what_is_no_text_names_nothing(revision: str) -> None:
    """A revision that is always the same by mistake would hide every change."""
    assert PluginHost([Named(revision)]).export_revision() is None


def test_who_may_be_left_out_cannot_be_named() -> None:
    """A plugin fails once, its entries are missing, and the calendar without them has the tag of the whole one."""
    assert PluginHost([Named("1")], on_plugin_error="skip").export_revision() is None
    assert PluginHost(on_plugin_error="skip").export_revision() == ""


def test_a_revision_that_raises_is_reported() -> None:
    """A plugin's own error would come out of a feed without its name."""
    with pytest.raises(infoint.errors.PluginError, match=r"Broken, revision: raised ZeroDivisionError"):
        PluginHost([Broken()]).export_revision()


def test_installed_plugins_are_known_by_their_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every author would have to write down a second version, and forget it."""
    told = []
    for version in ("1.0", "1.1"):
        folder = tmp_path / version
        info = folder / f"infoint_roads-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: infoint-roads\nVersion: {version}\n")
        (info / "entry_points.txt").write_text("[infoint]\nroads = infoint_roads\n")
        (folder / "infoint_roads.py").write_text(
            "from infoint import hookimpl\n\n@hookimpl\ndef infoint_calendar_entries():\n    return ()\n"
        )
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, "infoint_roads", raising=False)
        monkeypatch.setenv("INFOINT_PLUGINS", "roads")
        told.append(PluginHost(discover=True).export_revision())
        monkeypatch.undo()
    assert told == ["roads 1.0", "roads 1.1"]
