"""Retention: who is held no longer, up to the day and the zone, and that nobody else goes."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    InterviewStatus,
    MeetingFormat,
    OpenWorkspace,
    Referral,
    TouchKind,
    hookimpl,
)
from infoint.errors import InvalidValue, StorageError
from infoint.model import Interview, Promise
from infoint.practice import dormant, forget
from infoint.practice.forgetting_several import forget_several
from infoint.testing import Clock, sample_campaign
from infoint.workspace import Erased, purging
from infoint.workspace.erasure_ledger import ErasureLedger
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import UnitOfWork

LONG_AGO = datetime(2020, 3, 2, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
BORDER = date(2024, 1, 1)


@pytest.fixture
def clock() -> Clock:
    """Long ago at first: what a test adds is old, until it says `since`."""
    return Clock(LONG_AGO)


@pytest.fixture
def old(ws: OpenWorkspace) -> Contact:
    return ws.contacts.add(Contact(name="Xiomara Canarybird", notes="Likes tea"))


def held(ws: OpenWorkspace, *people: Contact, at: datetime, **debrief: object) -> Interview:
    talk = ws.interviews.schedule(ws.interviews.plan(*people), at, format=MeetingFormat.VIDEO, at=at - timedelta(days=2))
    talk = ws.interviews.hold(talk, at=at + timedelta(hours=1))
    return ws.interviews.debrief(talk, at=at + timedelta(hours=2), **debrief)  # type: ignore[arg-type]


def settle(ws: OpenWorkspace) -> None:
    """What is owed is done, so that time alone decides."""
    for one in list(ws.follow_ups.find(status=FollowUpStatus.OPEN)):
        if one.obligatory or one.kind == FollowUpKind.KEEP_PROMISE:
            ws.follow_ups.complete(one)


def found(ws: OpenWorkspace, before: date = BORDER) -> list[str]:
    return [one.name for one in ws.contacts.purge(before=before, dry_run=True).people]


def test_who_is_old_goes_and_the_rest_stays(ws: OpenWorkspace, clock: Clock, old: Contact) -> None:
    """People would be held for ever; or be lost because others are old."""
    talk = held(ws, old, at=LONG_AGO - timedelta(days=9), surprises="Likes coffee")
    asked = ws.interviews.request(ws.interviews.plan(old))
    settle(ws)
    clock.now = NOW
    new = ws.contacts.add(Contact(name="Dee Dove", notes="Knows Xiomara Canarybird"))
    before = ws.campaign()
    told = ws.contacts.purge(before=BORDER, dry_run=True)
    assert ws.campaign() == before
    assert [(one.id, one.name, one.last) for one in told.people] == [(old.id, old.name, date(2020, 3, 2))]
    assert told.dry_run
    assert not told.remains
    report = ws.contacts.purge(before=BORDER, dry_run=False)
    assert [(one.id, one.name, one.last) for one in report.people] == [(old.id, "", date(2020, 3, 2))]
    assert (set(report.removed), len(report.changed)) == (set(told.removed), len(told.changed))
    assert {key.id for key in report.removed if key.kind != "touch"} == {old.id, asked.id}
    assert report.remains
    assert "canarybird" not in repr((report, ws.campaign())).casefold()
    assert ws.contacts.get(new.id).notes == "Knows [erased]"
    after = ws.interviews.get(talk.id)
    assert after.debrief is not None
    assert after.debrief.surprises == ""
    again = ws.contacts.purge(before=BORDER, dry_run=False)
    assert (again.people, again.removed, again.remains) == ((), (), ()), "and it comes to rest"
    assert {one.name for one in ws.contacts} == {"Dee Dove", "[erased]"}


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2024-01-01T05:59:59+00:00", False),  # still the day before, in Chicago
        ("2024-01-01T06:00:00+00:00", True),
        ("2024-01-02T05:59:59+00:00", True),
    ],
)
def test_the_day_is_the_explorers(ws: OpenWorkspace, clock: Clock, old: Contact, at: str, kept: bool) -> None:
    """Somebody met in the evening before the border would stay, or somebody of the border's first hour go."""
    clock.now = datetime.fromisoformat(at)
    ws.contacts.log_touch(old, TouchKind.EMAIL)
    clock.now = NOW
    assert found(ws) == ([] if kept else ["Xiomara Canarybird"])


def coming(ws: OpenWorkspace, old: Contact) -> None:
    ws.interviews.schedule(ws.interviews.plan(old), datetime(2026, 12, 9, 9), format=MeetingFormat.VIDEO)


def promised(ws: OpenWorkspace, old: Contact) -> None:
    held(ws, old, at=LONG_AGO - timedelta(days=9), promises=[Promise("send the report")])
    for one in list(ws.follow_ups.find(status=FollowUpStatus.OPEN)):
        if one.obligatory:
            ws.follow_ups.complete(one)


def to_thank(ws: OpenWorkspace, old: Contact) -> None:
    held(ws, old, at=LONG_AGO - timedelta(days=9))


def by_hand(ws: OpenWorkspace, old: Contact) -> None:
    ws.follow_ups.add(FollowUp(kind=FollowUpKind.SHARE_ARTICLE, due=date(2020, 4, 1), contact_id=old.id, summary="Article"))


def not_to_contact(ws: OpenWorkspace, old: Contact) -> None:
    ws.contacts.update(evolve(old, do_not_contact=True))


@pytest.mark.parametrize("what", [coming, promised, to_thank, by_hand, not_to_contact])
def test_what_keeps_somebody_however_old(ws: OpenWorkspace, clock: Clock, old: Contact, what: object) -> None:
    """A meeting would have nobody to meet, a promise nobody to keep it to; or who wants no letter be written to after the next import."""
    assert callable(what)
    what(ws, old)
    clock.now = NOW
    assert found(ws) == []


def edited(ws: OpenWorkspace, old: Contact) -> None:
    ws.contacts.update(evolve(old, title="Lead"))


def planned(ws: OpenWorkspace, old: Contact) -> None:
    ws.interviews.plan(old)


def touched(ws: OpenWorkspace, old: Contact) -> None:
    ws.contacts.log_touch(old, TouchKind.PHONE, at=LONG_AGO)


def told_late(ws: OpenWorkspace, old: Contact) -> None:
    ws.interviews.request(next(iter(ws.interviews)), at=LONG_AGO)


def named(ws: OpenWorkspace, old: Contact) -> None:
    held(ws, ws.contacts.add(Contact(name="Dee Dove")), at=NOW, referrals=[Referral("Xio", contact_id=old.id)])


def done(ws: OpenWorkspace, old: Contact) -> None:
    (one,) = ws.follow_ups.find(contact=old, kind=FollowUpKind.THANK_YOU)
    ws.follow_ups.complete(one)


def postponed(ws: OpenWorkspace, old: Contact) -> None:
    (one,) = ws.follow_ups.find(contact=old, kind=FollowUpKind.THANK_YOU)
    ws.follow_ups.postpone(one, date(2027, 1, 1))


@pytest.mark.parametrize("what", [edited, planned, touched, told_late, named, done, postponed])
def test_what_counts_as_happening(ws: OpenWorkspace, clock: Clock, old: Contact, what: object) -> None:
    """Somebody with whom something has just happened would be lost."""
    assert callable(what)
    if what is told_late:
        ws.interviews.plan(old)
    if what in (done, postponed):
        held(ws, old, at=LONG_AGO - timedelta(days=9))
    else:
        clock.now = NOW
        assert found(ws) == ["Xiomara Canarybird"]
    clock.now = NOW
    what(ws, old)
    assert "Xiomara Canarybird" not in found(ws)


@pytest.mark.parametrize("what", ["told late", "to come", "settled"])
def test_what_an_app_with_rows_of_its_own_is_told(ws: OpenWorkspace, old: Contact, what: str) -> None:
    """Who does not say when records were saved would lose people of whom the records themselves say that something happened."""
    talk = ws.interviews.request(ws.interviews.plan(old), at=LONG_AGO - timedelta(days=9))
    follow_up = FollowUp(
        id=infoint.derive_id("x"), kind=FollowUpKind.NUDGE, anchor="x", due=date(2020, 3, 9), contact_id=old.id
    )
    if what == "told late":
        talk = evolve(talk, history=[evolve(talk.history[0], recorded_at=NOW)])
    elif what == "to come":
        talk = ws.interviews.schedule(talk, datetime(2026, 12, 9, 9), format=MeetingFormat.VIDEO, at=LONG_AGO)
    else:
        follow_up = evolve(follow_up, status=FollowUpStatus.DONE, settled_at=NOW)
    campaign = evolve(ws.campaign(), contacts=(old,), interviews=(talk,), follow_ups=(follow_up,))
    assert dormant(campaign, before=BORDER) == ()
    bare = evolve(campaign, interviews=(evolve(talk, history=talk.history[:1]),), follow_ups=())
    if what != "told late":
        assert [one.contact for one in dormant(bare, before=BORDER)] == [old]


def test_courtesies_keep_nobody(ws: OpenWorkspace, clock: Clock, old: Contact) -> None:
    """Whoever was ever met is to be kept in touch with, so nobody would ever be dormant."""
    held(ws, old, at=LONG_AGO - timedelta(days=9))
    settle(ws)
    open_ones = list(ws.follow_ups.find(contact=old, status=FollowUpStatus.OPEN))
    assert open_ones
    latest = max(one.due for one in open_ones)
    clock.now = NOW
    assert found(ws, latest) == [], "what is due that day is planned"
    assert found(ws, latest + timedelta(days=1)) == ["Xiomara Canarybird"]


def test_merged_people_are_one(ws: OpenWorkspace, clock: Clock, old: Contact) -> None:
    """One half of somebody would be too old, and the other not."""
    double = ws.contacts.add(Contact(name="Canarybird, X."))
    clock.now = NOW
    assert len(found(ws)) == 2
    ws.contacts.merge(old, double)
    assert found(ws) == []
    clock.now = NOW + timedelta(days=900)
    report = ws.contacts.purge(before=date(2027, 1, 1), dry_run=False)
    assert [one.id for one in report.people] == [old.id]


def test_who_is_heard_of_meanwhile_stays(
    ws: OpenWorkspace, clock: Clock, old: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes just then would be lost, and the report say that they were erased for their silence."""
    real = purging.erase_several

    def after_a_letter(sessions: Sessions, choose: Callable[[UnitOfWork], Iterable[UUID]]) -> Erased:
        ws.contacts.log_touch(old, TouchKind.LETTER)
        return real(sessions, choose)

    clock.now = NOW
    monkeypatch.setattr(purging, "erase_several", after_a_letter)
    assert ws.contacts.purge(before=BORDER, dry_run=False).people == ()
    assert ws.contacts.get(old.id) == old


def test_days_to_come_and_things_that_are_no_days(ws: OpenWorkspace, old: Contact) -> None:
    """A slip in the year would erase everybody."""
    today = LONG_AGO.date()
    assert found(ws, today) == []
    with pytest.raises(InvalidValue, match="still to come"):
        ws.contacts.purge(before=today + timedelta(days=1), dry_run=True)
    with pytest.raises(InvalidValue, match="date"):
        ws.contacts.purge(before=LONG_AGO, dry_run=False)
    with pytest.raises(TypeError):
        ws.contacts.purge(before=today)  # type: ignore[call-arg]
    with ws.transaction() as tx:
        assert tx.contacts.purge(before=today, dry_run=True).people == ()
    with pytest.raises(StorageError, match="transaction"), ws.transaction() as tx:
        tx.contacts.purge(before=today, dry_run=False)


def test_of_whom_nothing_is_known_stays() -> None:
    """An app that does not say when it saved people would lose all whom nobody has met yet."""
    campaign = evolve(sample_campaign(talks=0), contacts=(Contact(id=infoint.derive_id("x"), name="X"),))
    assert dormant(campaign, before=date(2100, 1, 1)) == ()
    (one,) = dormant(campaign, before=date(2100, 1, 1), saved_at={campaign.contacts[0].id: NOW})
    assert one.last == date(2026, 11, 16)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (folder := tmp_path / "data").mkdir()
    return folder / "ws.db"


def test_several_at_once_are_gone_to_the_last_byte(file: Path, tmp_path: Path) -> None:
    """Who is erased with others would stay in the file, or come back with the next backup."""
    clock, ledger = Clock(LONG_AGO), tmp_path / "erasures.jsonl"
    with infoint.open(f"sqlite:{file}", zone="America/Chicago", clock=clock, erasures=ledger) as ws:
        people = [
            ws.contacts.add(Contact(name=f"Xiomara Canarybird{letter}", notes=f"friend of Xiomara Canarybird{other} " * 99))
            for letter, other in zip("abc", "bca", strict=True)
        ]
        held(ws, *people[:2], at=LONG_AGO - timedelta(days=9), surprises="Canarybirda and Xiomara Canarybirdb laughed")
        held(ws, people[2], at=LONG_AGO - timedelta(days=9))
        settle(ws)
        clock.now = NOW
        report = ws.contacts.purge(before=BORDER, dry_run=False)
        assert {one.id for one in report.people} == {one.id for one in people}
        assert {one.contact for one in ErasureLedger(ledger).read().forgotten} == {one.id for one in people}
        assert not ws.engine.storage.check(deep=True)
    left = b"".join(path.read_bytes() for path in file.parent.iterdir()).lower()
    assert b"xiomara" not in left


class Observer:
    def __init__(self) -> None:
        self.heard: list[tuple[str, InterviewStatus, InterviewStatus]] = []

    @hookimpl
    def infoint_interview_changed(self, workspace: str, before: Interview, after: Interview) -> None:
        self.heard.append((workspace, before.status, after.status))


def test_observers_are_told() -> None:
    """A program that keeps calendars would go on with a meeting that is off since both of it are forgotten."""
    clock, observer = Clock(LONG_AGO), Observer()
    with infoint.open("memory:", zone="America/Chicago", clock=clock, plugins=[observer]) as ws:
        old = ws.contacts.add(Contact(name="Xiomara Canarybird"))
        ws.interviews.schedule(ws.interviews.plan(old), datetime(2020, 4, 1, 9), format=MeetingFormat.VIDEO)
        observer.heard.clear()
        clock.now = NOW
        assert len(ws.contacts.purge(before=BORDER, dry_run=True).changed) > 1
        assert observer.heard == []
        ws.contacts.purge(before=BORDER, dry_run=False)
        assert observer.heard == [("default", InterviewStatus.SCHEDULED, InterviewStatus.CANCELLED)]


def test_several_are_forgotten_as_each_alone_would_be() -> None:
    """Forgetting many would leave what forgetting one takes, or bring one back while forgetting another."""
    campaign = sample_campaign(talks=9)
    people = [one.id for one in campaign.contacts[:4]]
    ids = iter(infoint.derive_id("stand-in", number) for number in range(9))
    plan = forget_several(people, campaign, new_id=lambda: next(ids), at=NOW)
    assert {one.id for one in plan.removed} >= set(people)
    assert all(one in repr(campaign) for one in map(repr, plan.removed)), "as they were, at their versions"
    told = repr((plan.new, plan.changed))
    assert not [id for id in people if str(id) in told]
    alone = forget(campaign.contacts[0], campaign, stand_in_id=infoint.derive_id("stand-in", 0), at=NOW)
    one = forget_several(people[:1], campaign, new_id=lambda: infoint.derive_id("stand-in", 0), at=NOW)
    assert (one.new, set(one.changed)) == ((alone.stand_in,), set(alone.changed))
    assert (set(one.removed), set(one.may_mention)) == (set(alone.removed), set(alone.may_mention))
    nobody = forget_several([infoint.derive_id("nobody")], campaign, new_id=lambda: next(ids), at=NOW)
    assert (nobody.new, nobody.changed, nobody.removed, nobody.may_mention) == ((), (), (), ())


def test_a_switch_that_is_not_set_erases_nobody(ws: OpenWorkspace, old: Contact) -> None:
    """An app hands on a setting that is not there, and whom it would only have looked at is gone for good."""
    with pytest.raises(InvalidValue, match=r"dry_run: needs bool"):
        ws.contacts.purge(before=BORDER, dry_run=None)  # type: ignore[arg-type]
    assert ws.contacts.get(old.id) == old
