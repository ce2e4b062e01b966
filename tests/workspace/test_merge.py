"""Two contacts that are one person: nothing of either is lost, nothing is owed twice, and two people are not made one."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    ExternalId,
    FollowUpKind,
    FollowUpStatus,
    Insight,
    MeetingFormat,
    OpenWorkspace,
    Referral,
    Topic,
    TouchKind,
)
from infoint.errors import Conflict, InvalidValue, NotFound, ReadOnlyInterview
from infoint.model import HistoryEntry, Interview
from infoint.model.contact import Seniority
from infoint.model.events import UnknownEvent
from infoint.practice import merge_contacts
from infoint.testing import Clock


@pytest.fixture
def twin(ws: OpenWorkspace) -> Contact:
    return ws.contacts.add(
        Contact(
            name="Ruiz, Ana",
            title="Lead",
            organization="Elm",
            emails=["ana@OAK.example", "ana@home.example"],
            phones=["+1 312 555 0100"],
            tags={"Alumni", "met"},
            external_ids=[ExternalId("linkedin", "https://x.example/ana")],
            notes="Met at the fair.",
            seniority=Seniority.SENIOR,
            custom={"app:a": {"x": 1, "y": 2}, "app:b": 1},
            do_not_contact=False,
            rapport=2,
        )
    )


def test_both_are_one(ws: OpenWorkspace, ana: Contact, twin: Contact) -> None:
    """What only one of the two knew (an address, where to find them again at the next import) would be lost."""
    ana = ws.contacts.update(evolve(ana, notes="Likes tea.", custom={"app:a": {"x": 9}}))
    one = ws.contacts.merge(ana, twin)
    assert (one.id, one.name, one.organization, one.title) == (ana.id, "Ana Ruiz", "Oak Labs", "Lead")
    assert one.emails == ("Ana@oak.example", "ana@home.example")
    assert one.phones == twin.phones
    assert one.tags == {"alumni", "met"}
    assert one.external_ids == (*twin.external_ids, ExternalId("infoint", str(twin.id)))
    assert (one.notes, one.rapport, one.seniority) == ("Likes tea.\n\nMet at the fair.", 2, Seniority.SENIOR)
    assert one.custom == {"app:a": {"x": 9, "y": 2}, "app:b": 1, "infoint:names": ("Ruiz, Ana",)}
    assert list(ws.contacts) == [one]
    assert ws.contacts.one(external_id=twin.external_ids[0]) == one
    with pytest.raises(NotFound):
        ws.contacts.get(twin.id)


def test_all_that_speaks_of_the_duplicate_comes_along(ws: OpenWorkspace, ana: Contact, twin: Contact, clock: Clock) -> None:
    """A talk would be with nobody, a touch be forgotten, or a history be told anew."""
    friend = ws.contacts.add(Contact(name="Dee Dove", referred_by=twin.id, custom={"app:ids": [str(twin.id)]}))
    talk = ws.interviews.schedule(ws.interviews.plan(twin), datetime(2026, 11, 20, 10), format=MeetingFormat.VIDEO)
    talk = ws.interviews.hold(talk, met=[twin], at=datetime(2026, 11, 20, 11))
    talk = ws.interviews.debrief(
        talk,
        insights=[Insight("Writing", Topic.TYPICAL_DAY, said_by=twin.id)],
        referrals=[Referral("Dee Dove", given_by=twin.id)],
        at=datetime(2026, 11, 20, 12),
    )
    other = ws.interviews.hold(
        ws.interviews.schedule(ws.interviews.plan(friend), datetime(2026, 11, 21, 10), format=MeetingFormat.VIDEO),
        at=datetime(2026, 11, 21, 11),
    )
    other = ws.interviews.debrief(other, referrals=[Referral("Ana", contact_id=twin.id)], at=datetime(2026, 11, 21, 12))
    touch = ws.contacts.log_touch(twin, TouchKind.EMAIL, note="hello")
    clock.forward(timedelta(hours=1))
    one = ws.contacts.merge(ana, twin)
    after = ws.interviews.get(talk.id)
    assert (after.contact_ids, after.met, after.insights[0].said_by, after.referrals[0].given_by) == ((ana.id,),) * 2 + (
        ana.id,
    ) * 2
    assert [(entry.at, entry.recorded_at, type(entry.event)) for entry in after.history] == [
        (entry.at, entry.recorded_at, type(entry.event)) for entry in talk.history
    ]
    assert ws.interviews.get(other.id).referrals[0].contact_id == ana.id
    friend = ws.contacts.get(friend.id)
    assert (friend.referred_by, friend.custom["app:ids"]) == (ana.id, (str(ana.id),))
    assert touch.id in {found.id for found in ws.contacts.touches(one)}
    assert repr(ws.campaign()).count(str(twin.id)) == 1, (
        "nothing points at nothing; whoever knows the old id finds the person by it"
    )
    assert list(ws.interviews.find(contact=one)) == [after]


def test_nothing_is_owed_twice(ws: OpenWorkspace, ana: Contact, twin: Contact) -> None:
    """A thank-you that was sent would be asked for again; or what is open be gone."""
    done = ws.interviews.schedule(
        ws.interviews.plan(twin), datetime(2026, 11, 12, 10), format=MeetingFormat.VIDEO, at=datetime(2026, 11, 10)
    )
    done = ws.interviews.hold(done, at=datetime(2026, 11, 12, 11))
    thanks = ws.follow_ups.complete(
        ws.follow_ups.one(interview=done, kind=FollowUpKind.THANK_YOU), at=datetime(2026, 11, 12, 15)
    )
    coming = ws.interviews.schedule(ws.interviews.plan(twin), datetime(2026, 12, 9, 10), format=MeetingFormat.VIDEO)
    before = {(one.kind, one.interview_id) for one in ws.follow_ups.find(status=FollowUpStatus.OPEN)}
    uids = {entry.uid: entry.sequence for entry in ws.calendar()}
    ws.contacts.merge(ana, twin)
    after = {(one.kind, one.interview_id) for one in ws.follow_ups.find(status=FollowUpStatus.OPEN)}
    assert after == before
    assert [one.status for one in ws.follow_ups.find(interview=done, kind=FollowUpKind.THANK_YOU)] == [FollowUpStatus.DONE]
    assert ws.follow_ups.get(thanks.id).contact_id == ana.id
    entries = {entry.uid: entry for entry in ws.calendar()}
    assert uids.keys() <= entries.keys(), "an entry that is planned anew is called off under its old uid"
    assert entries[str(coming.id)].sequence == uids[str(coming.id)]
    again = ws.campaign()
    assert not infoint.practice.plan_follow_ups(again)


def test_two_people_are_not_made_one(ws: OpenWorkspace, ana: Contact, bo: Contact, twin: Contact) -> None:
    """Somebody would have introduced themselves, or been in one room with themselves; and there would be no way back."""
    with pytest.raises(InvalidValue, match="introduced the other"):
        ws.contacts.merge(ana, bo)
    with pytest.raises(InvalidValue, match="introduced the other"):
        ws.contacts.merge(bo, ana)
    with pytest.raises(InvalidValue, match="same for both"):
        ws.contacts.merge(ana, ana)
    ws.interviews.plan(ana, twin)
    with pytest.raises(InvalidValue, match="two people"):
        ws.contacts.merge(ana, twin)
    talk = ws.interviews.schedule(ws.interviews.plan(bo), datetime(2026, 11, 20, 10), format=MeetingFormat.VIDEO)
    talk = ws.interviews.hold(talk, at=datetime(2026, 11, 20, 11))
    ws.interviews.debrief(talk, referrals=[Referral("Ruiz, Ana", contact_id=twin.id)], at=datetime(2026, 11, 20, 12))
    with pytest.raises(InvalidValue, match="two people"):
        ws.contacts.merge(bo, twin)
    with pytest.raises(InvalidValue, match="Contact"):
        merge_contacts(ana, talk, ws.campaign())  # type: ignore[arg-type]
    assert len(ws.contacts) == 3


def test_a_script_that_runs_again_brings_no_duplicate_back(ws: OpenWorkspace) -> None:
    """A nightly job that adds people by names of its own would undo the merge each night."""
    ana, twin, third = (ws.contacts.add(Contact(name=name), external_id=name) for name in ("Ana Ruiz", "A. Ruiz", "Ana R."))
    one = ws.contacts.merge(ana, twin)
    one = ws.contacts.merge(third, one)
    for name in ("Ana Ruiz", "A. Ruiz", "Ana R."):
        assert ws.contacts.add(Contact(name=name), external_id=name) == one
    assert list(ws.contacts) == [one]


def test_whoever_is_not_to_be_written_to_stays_so(ws: OpenWorkspace, ana: Contact, twin: Contact) -> None:
    """A wish that was told of one of the two would be forgotten, and the next letter go out."""
    assert not ana.do_not_contact
    twin = ws.contacts.update(evolve(twin, do_not_contact=True))
    assert ws.contacts.merge(ana, twin).do_not_contact


def test_what_is_stale_or_not_here_is_refused(ws: OpenWorkspace, ana: Contact, twin: Contact) -> None:
    """Somebody's edit would be overwritten by a merge of what was seen before it."""
    newer = ws.contacts.update(evolve(twin, title="Head"))
    with pytest.raises(Conflict):
        ws.contacts.merge(ana, twin)
    with pytest.raises(NotFound):
        ws.contacts.merge(evolve(ana, id=infoint.derive_id("nobody")), newer)
    assert ws.contacts.merge(ana, newer).title == "Head"


def test_a_talk_of_a_newer_infoint_is_not_rewritten(ws: OpenWorkspace, ana: Contact, twin: Contact) -> None:
    """What an unknown event means by an id nobody knows; it would be changed all the same."""
    talk = Interview(
        id=infoint.derive_id("talk"),
        contact_ids=[twin.id],
        history=[HistoryEntry(datetime(2026, 11, 20, 10).astimezone(), UnknownEvent("handshake", {"with": str(twin.id)}))],
    )
    with pytest.raises(ReadOnlyInterview):
        merge_contacts(ana, twin, ws.campaign().including(talk))


def test_observers_hear_of_changed_talks() -> None:
    """A program that mirrors talks would go on with one who is gone."""
    heard: list[tuple[tuple[object, ...], tuple[object, ...]]] = []

    class Mirror:
        @infoint.hookimpl
        def infoint_interview_changed(self, before: Interview | None, after: Interview) -> None:
            if before is not None:
                heard.append((before.contact_ids, after.contact_ids))

    with infoint.open("memory:", zone="America/Chicago", plugins=[Mirror()]) as ws:
        keep, double = ws.contacts.add(Contact(name="Ana")), ws.contacts.add(Contact(name="Ana R"))
        ws.interviews.plan(double)
        ws.contacts.merge(keep, double)
    assert heard == [((double.id,), (keep.id,))]
