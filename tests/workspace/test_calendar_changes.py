"""What changed in a calendar since: applied to what was there, it gives the whole export, and it costs what has changed."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    Engine,
    Exploration,
    FollowUpStatus,
    Insight,
    Interview,
    InterviewStatus,
    MeetingFormat,
    OpenWorkspace,
    Referral,
    Topic,
    Workspace,
    hookimpl,
)
from infoint.calendar import AttendeesAs, CalendarEntry, CalendarOptions, ContentLevel, FollowUpsAs, Timed, entry_about
from infoint.errors import InvalidCursor, InvalidValue, NotFound, StorageError, Unsupported
from infoint.model import Campaign, Entity, Party
from infoint.storage import MemoryStorage
from infoint.storage.sqlite import SqliteStorage
from infoint.testing import Clock
from infoint.workspace.calendar_changes import CalendarChanges

OPTIONS = {
    "as it comes": None,
    "both": CalendarOptions(follow_ups=FollowUpsAs.BOTH, include_notes=True),
    "to-dos, first names": CalendarOptions(follow_ups=FollowUpsAs.TODO, content=ContentLevel.FIRST_NAME),
    "busy, no tombstones": CalendarOptions(content=ContentLevel.BUSY, include_cancelled=False),
    "a window, attendees": CalendarOptions(
        since=datetime(2026, 11, 20, tzinfo=UTC), until=datetime(2026, 12, 20, tzinfo=UTC), attendees=AttendeesAs.SILENT
    ),
    "meetings only, invited": CalendarOptions(follow_ups=FollowUpsAs.NONE, attendees=AttendeesAs.SERVER),
}


E = TypeVar("E", bound=Entity)


class Folder:
    """A set of files that is kept up to date."""

    def __init__(self, options: CalendarOptions | None) -> None:
        self.options, self.cursor = options, ""
        self.files: dict[str, bytes] = {}
        self.wholes = 0

    def sync(self, ws: Workspace) -> CalendarChanges:
        changes = ws.calendar_changes(self.cursor, self.options)
        if changes.whole:
            self.wholes += 1
            self.files = {}
        for name, content in changes.files():
            if content is None:
                self.files.pop(name, None)
            else:
                self.files[name] = content
        self.cursor = changes.cursor
        return changes


def whole(ws: Workspace, options: CalendarOptions | None) -> dict[str, bytes]:
    return dict(ws.calendar(options).files())


# ── the law ──────────────────────────────────────────────────────────────────────────────────────
class Story:
    """Things that happen to a workspace, by chance."""

    def __init__(self, ws: Workspace, clock: Clock, seed: int) -> None:
        self.ws, self.clock = ws, clock
        self.chance = random.Random(seed)

    def one(self, things: Iterable[E]) -> E:
        held = sorted(things, key=lambda thing: thing.id.int)
        if not held:
            raise NotFound("thing", "of this kind")
        return self.chance.choice(held)

    def step(self) -> None:
        self.clock.forward(timedelta(minutes=self.chance.randrange(1, 600)))
        deeds: list[Callable[[], object]] = [
            self.meet, self.meet, self.plan, self.tell, self.tell, self.tell, self.tell, self.edit_person, self.edit_talk, self.rename,
            self.settle, self.settle, self.rare, self.rare, self.tell, self.tell,
        ]  # fmt: skip  # a list of deeds, by how often
        try:
            self.chance.choice(deeds)()
        except infoint.InfointError:
            """Not everything may happen at any time."""

    def rare(self) -> object:
        deeds = [self.remove, self.merge, self.forget, self.move_house]
        return self.chance.choice(deeds)() if self.chance.random() < 0.3 else None

    def meet(self) -> object:
        number = self.chance.randrange(1_000)
        return self.ws.contacts.add(Contact(name=f"Ana {number}", emails=[f"ana{number}@oak.example"]))

    def plan(self) -> object:
        people = {self.one(self.ws.contacts) for _ in range(self.chance.randrange(1, 3))}
        return self.ws.interviews.plan(*people, exploration=self.about(), agenda=())

    def tell(self) -> object:
        talk, verbs = self.one(self.ws.interviews), self.ws.interviews
        start = datetime(2026, 11, 18, 9) + timedelta(hours=self.chance.randrange(900))
        match talk.status:
            case InterviewStatus.IDENTIFIED:
                return verbs.request(talk)
            case InterviewStatus.REQUESTED | InterviewStatus.ACCEPTED:
                return verbs.schedule(talk, start, format=MeetingFormat.IN_PERSON, place="12 Oak Street")
            case InterviewStatus.SCHEDULED | InterviewStatus.CONFIRMED:
                if self.chance.random() < 0.3:
                    return verbs.reschedule(talk, start)
                if self.chance.random() < 0.3:
                    return verbs.cancel(talk, by=Party.THEM)
                return verbs.hold(talk, met=[self.one(self.ws.contacts)])
            case InterviewStatus.HELD | InterviewStatus.DEBRIEFED:
                if self.chance.random() < 0.3:
                    return verbs.correct(talk, len(talk.history) - 1)
                return verbs.debrief(talk, insights=[Insight("Writing", Topic.TYPICAL_DAY)], referrals=[Referral("Dee Dove")])
            case _:
                return verbs.remove(talk)

    def edit_person(self) -> object:
        person = self.one(self.ws.contacts)
        return self.ws.contacts.update(
            evolve(
                person,
                name=f"N{self.chance.randrange(99)} {person.name[:30]}",
                phones=["1"],
                do_not_contact=self.chance.random() < 0.5,
            )
        )

    def edit_talk(self) -> object:
        talk, about = self.one(self.ws.interviews), self.about()
        notes = f"note {self.chance.random()}"
        return self.ws.interviews.update(evolve(talk, notes=notes, exploration_id=about.id if about else None))

    def about(self) -> Exploration | None:
        return self.one(self.ws.explorations) if len(self.ws.explorations) and self.chance.random() < 0.8 else None

    def rename(self) -> object:
        about = self.about()
        if about is None:
            return self.ws.explorations.add(Exploration(subject="UX"))
        return self.ws.explorations.update(evolve(about, subject=f"{about.subject}x"))

    def settle(self) -> object:
        due = self.one(self.ws.follow_ups.find(status=FollowUpStatus.OPEN))
        if self.chance.random() < 0.3:
            return self.ws.follow_ups.postpone(due, (self.clock.now + timedelta(days=9)).date())
        return self.ws.follow_ups.complete(due)

    def remove(self) -> object:
        if self.chance.random() < 0.5:
            return self.ws.contacts.remove(self.one(self.ws.contacts))
        return self.ws.interviews.remove(self.one(self.ws.interviews))

    def merge(self) -> object:
        return self.ws.contacts.merge(self.one(self.ws.contacts), self.one(self.ws.contacts))

    def forget(self) -> object:
        return self.ws.contacts.erase(self.one(self.ws.contacts))

    def move_house(self) -> object:
        profile = self.ws.profile()
        return self.ws.set_profile(evolve(profile, zone=ZoneInfo(self.chance.choice(["Europe/Madrid", "America/Chicago"]))))


def follow(seed: int, steps: int) -> None:
    """A story, with folders that follow it."""
    clock = Clock(datetime(2026, 11, 16, 15, tzinfo=UTC))
    with Engine("memory:", clock=clock) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        ws.set_profile(evolve(ws.profile(), name="Kim Doe", email="kim@example.org"))
        story, folders = Story(ws, clock, seed), [Folder(options) for options in OPTIONS.values()]
        for _ in range(4):
            story.meet()
            story.plan()
        for number in range(steps):
            for _ in range(story.chance.choice([1, 1, 4])):
                story.step()
            for folder in folders[number % 3 :: 3]:
                folder.sync(ws)
                assert folder.files == whole(ws, folder.options), f"step {number} with {folder.options}"
        assert len(folders[0].files) > 10, "nothing would have happened"
        assert max(folder.wholes for folder in folders) < steps / 3, "all would be told each time"


@pytest.mark.parametrize("seed", range(3))
def test_increments_are_the_difference_of_whole_exports(seed: int) -> None:
    """A calendar that is kept up to date would differ from the one everybody else gets; by one file, for ever."""
    follow(seed, steps=24)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_increments_of_many_stories(seed: int) -> None:
    """As above, where three stories did not happen to hit it."""
    follow(seed, steps=80)


# ── what it costs ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Uids of the entries that were made."""
    uids: list[str] = []
    for name in ("meeting_entry", "follow_up_event"):
        real = getattr(infoint.calendar.entries, name)

        def spy(subject: Interview, *more: object, real: Callable[..., object] = real) -> object:
            uids.append(str(subject.id))
            return real(subject, *more)

        monkeypatch.setattr(f"infoint.calendar.entries.{name}", spy)
    return uids


def test_little_is_made_where_little_changed(ws: OpenWorkspace, made: list[str], clock: Clock) -> None:
    """A server with a thousand talks would make a thousand entries for one that moved."""
    talks = []
    for number in range(12):
        person = ws.contacts.add(Contact(name=f"Ana {number}"))
        talks.append(
            ws.interviews.schedule(ws.interviews.plan(person, agenda=()), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
        )
    folder = Folder(None)
    assert folder.sync(ws).whole
    made.clear()
    assert (list(folder.sync(ws).files()), made) == ([], []), "nothing changed"
    clock.forward(timedelta(hours=1))
    moved = ws.interviews.reschedule(talks[3], datetime(2026, 12, 2, 10))
    theirs = {str(moved.id), *(str(one.id) for one in ws.follow_ups.find(interview=moved))}
    changes = folder.sync(ws)
    assert (set(made) <= theirs, str(moved.id) in made, changes.whole) == (True, True, False)
    assert folder.files == whole(ws, None)
    made.clear()
    person = ws.contacts.update(evolve(ws.contacts.get(moved.contact_ids[0]), name="Bo"))
    folder.sync(ws)
    assert set(made) == theirs, "the talk names them, and what is open is worded anew"
    made.clear()
    ws.contacts.update(evolve(person, title="Lead"))
    folder.sync(ws)
    assert set(made) == {str(moved.id)}, "follow-ups say nothing of it"
    made.clear()
    ws.contacts.log_touch(ws.contacts.get(talks[5].contact_ids[0]), infoint.TouchKind.EMAIL)
    folder.sync(ws)
    assert not {str(talk.id) for talk in talks} & set(made), "a touch is in no calendar"


def test_what_is_removed_is_told(ws: OpenWorkspace, ana: Contact) -> None:
    """A talk that was taken away would stay in a folder for ever; a removed file never be named."""
    talk = ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    before = ws.calendar_changes()
    ws.interviews.remove(talk)
    changes = ws.calendar_changes(before.cursor)
    assert str(talk.id) in changes.removed
    assert (f"{talk.id}.ics", None) in list(changes.files())
    assert not any(entry.uid == str(talk.id) for entry in changes.changed)


def test_all_is_told_where_single_records_say_too_little(
    ws: OpenWorkspace, ana: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With other options, another zone or another version, entries that nobody touched would stay as they were."""
    ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    cursor = ws.calendar_changes().cursor
    assert not ws.calendar_changes(cursor).whole
    assert ws.calendar_changes(cursor, CalendarOptions(content=ContentLevel.BUSY)).whole
    ws.set_profile(evolve(ws.profile(), zone=ZoneInfo("Europe/Madrid")))
    changes = ws.calendar_changes(cursor)
    assert changes.whole
    assert not ws.calendar_changes(changes.cursor).whole
    with monkeypatch.context() as patched:
        patched.setattr("infoint.workspace.calendar_changes.MOST", 2)
        for number in range(3):
            ws.contacts.add(Contact(name=f"Bo {number}"))
        assert ws.calendar_changes(changes.cursor).whole, "many at once are not worth looking at one by one"
    for revision in (None, "icalendar 99"):
        monkeypatch.setattr("infoint.workspace.calendar_changes.software_revision", lambda told=revision: told)
        first = ws.calendar_changes(changes.cursor)
        assert first.whole
        assert ws.calendar_changes(first.cursor).whole is (revision is None)


class Travel:
    revision = "1"

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign) -> Iterable[CalendarEntry]:
        for talk in campaign.interviews:
            if talk.meeting:
                end = talk.meeting.end
                yield entry_about(
                    talk, "travel:back", Timed.starting(end, timedelta(minutes=30)), f"{len(campaign.interviews)} ways"
                )


def test_entries_of_plugins(clock: Clock) -> None:
    """An entry of a plugin's, which may look at anything, would stay as it was."""
    with infoint.open("memory:", zone="America/Chicago", plugins=[Travel()], clock=clock) as ws:
        talk = ws.interviews.plan(ws.contacts.add(Contact(name="Ana")))
        ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
        folder = Folder(None)
        folder.sync(ws)
        assert not folder.sync(ws).whole, "nothing changed, for plugins too"
        ws.interviews.plan(ws.contacts.add(Contact(name="Bo")))
        assert folder.sync(ws).whole
        assert folder.files == whole(ws, None)


def test_a_restored_database_begins_anew(ws: OpenWorkspace, ana: Contact) -> None:
    """A cursor of commits that never were would be an error for ever, or what was lost stay in the calendar."""
    ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    cursor = ws.calendar_changes().cursor
    with infoint.open(MemoryStorage(), zone="America/Chicago") as older:
        assert older.calendar_changes(cursor).whole
        assert not older.calendar_changes(older.calendar_changes(cursor).cursor).whole


def meeting(ws: Workspace, name: str) -> Interview:
    talk = ws.interviews.plan(ws.contacts.add(Contact(name=name)))
    return ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)


class Forgetful(MemoryStorage):
    """Remembers no commit."""

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        raise Unsupported


@pytest.mark.parametrize("place", ["memory", "sqlite", "forgetful"])
def test_a_workspace_that_began_anew_is_told_whole(place: str, tmp_path: Path) -> None:
    """Meetings of a life that is over would stay in the calendar for ever, since the new one has gone as far."""
    storage = {"memory": MemoryStorage, "forgetful": Forgetful}.get(place, lambda: SqliteStorage(tmp_path / "ws.db"))()
    with Engine(storage) as engine:
        folder = Folder(None)
        for life in range(2):
            ws = engine.workspace("kim", zone="America/Chicago")
            for number in range(1 + 4 * life):
                meeting(ws, f"Ana {life} {number}")
            assert folder.sync(ws).whole
            assert folder.files == whole(ws, None)
            assert not folder.sync(ws).whole, "nothing happened"
            meeting(ws, "Bo Li")
            assert not folder.sync(ws).whole
            engine.storage.drop_workspace("kim")


def test_a_restored_backup_that_went_on_is_told_whole(tmp_path: Path) -> None:
    """What was lost would stay in the calendar, since there are more commits by now than the cursor had."""
    file, folder = tmp_path / "ws.db", Folder(None)
    with infoint.open(f"sqlite:{file}", zone="America/Chicago") as ws:
        meeting(ws, "Ana Ruiz")
        with (tmp_path / "backup.db").open("wb") as backup:
            ws.engine.storage.backup(backup)
        meeting(ws, "Lost Talk")
        folder.sync(ws)
    (tmp_path / "backup.db").replace(file)
    with infoint.open(f"sqlite:{file}") as ws:
        for number in range(12):
            meeting(ws, f"Bo {number}")
        assert folder.sync(ws).whole
        assert folder.files == whole(ws, None)


def test_a_cursor_of_long_ago_still_costs_little(tmp_path: Path) -> None:
    """After a dozen commits, which are all that a place remembers, everything would be made anew."""
    with infoint.open(f"sqlite:{tmp_path / 'ws.db'}", zone="America/Chicago") as ws:
        meeting(ws, "Ana Ruiz")
        folder = Folder(None)
        folder.sync(ws)
        for number in range(20):
            meeting(ws, f"Bo {number}")
        assert not folder.sync(ws).whole
        assert folder.files == whole(ws, None)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "W10=",
        "WzEsMSwyXQ==",
        "WzIsICJhIiwgImIiLCAiYyIsIDFd",
        "WzEsICJhIl0=",
        "A" * 100_000,
        "WwoK" * 4_000,
        "bnVsbA==",
    ],
)
def test_what_is_no_cursor_is_refused(ws: OpenWorkspace, cursor: str) -> None:
    """A slip would look like the first time, and cost a whole export each time."""
    with pytest.raises(InvalidCursor):
        ws.calendar_changes(cursor)


def test_slips_are_told(ws: OpenWorkspace, ana: Contact) -> None:
    """Changes of what may never be committed would be told; or the wrong options be taken for none."""
    with pytest.raises(InvalidValue, match="CalendarOptions"):
        ws.calendar_changes("", "full")  # type: ignore[arg-type]
    for since in (b"x", [1], None, 5):
        with pytest.raises(InvalidValue, match="needs a cursor"):
            ws.calendar_changes(since)  # type: ignore[arg-type]
    with ws.transaction() as tx:
        assert tx.calendar_changes().whole
        tx.contacts.update(evolve(ana, name="Bo"))
        with pytest.raises(StorageError, match="after the transaction"):
            tx.calendar_changes()
