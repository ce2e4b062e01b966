"""The sentences the practice has on talks, each by its name, where an explorer meets them: in a workspace."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from infoint import Contact, FollowUpKind, FollowUpStatus, Interview, MeetingFormat, OpenWorkspace, Referral, events
from infoint.errors import IllegalEvent, InvalidValue, ObligationsOpen
from infoint.model import Party, Purpose
from infoint.practice import record
from infoint.testing import Clock

TUESDAY = datetime(2026, 12, 1, 10)


def scheduled(ws: OpenWorkspace, *people: Contact) -> Interview:
    return ws.interviews.schedule(ws.interviews.plan(*people), TUESDAY, format=MeetingFormat.VIDEO)


def held(ws: OpenWorkspace, clock: Clock, *people: Contact) -> Interview:
    talk = scheduled(ws, *people)
    clock.now = datetime(2026, 12, 1, 18, tzinfo=UTC)
    return ws.interviews.hold(talk)


def test_plan_with_a_known_external_id_returns_that_talk(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """A script's second run would plan a second talk, or take the first one's history away."""
    talk = ws.interviews.request(ws.interviews.plan(ana, external_id="row-17"))
    assert ws.interviews.plan(ana, external_id="row-17") == talk
    assert ws.interviews.plan(bo, external_id="row-17", purpose=Purpose.EMPLOYMENT) == talk
    assert len(ws.interviews) == 1
    assert ws.interviews.plan(ana, external_id="row-18").id != talk.id


def test_hold_says_who_was_met_including_people_not_planned(ws: OpenWorkspace, clock: Clock, ana: Contact, bo: Contact) -> None:
    """The colleague who sat in would get no thanks, and would be asked the same again."""
    talk = scheduled(ws, ana)
    clock.now = datetime(2026, 12, 1, 18, tzinfo=UTC)
    talk = ws.interviews.hold(talk, met=[ana, bo])
    assert talk.met == (ana.id, bo.id)
    assert talk.contact_ids == (ana.id,)
    assert {one.contact_id for one in ws.follow_ups.find(kind=FollowUpKind.THANK_YOU)} == {ana.id, bo.id}
    asked = {item.question.id for item in talk.agenda}
    assert not asked & {item.question.id for item in ws.interviews.plan(bo).agenda}


def test_several_contacts_in_one_talk_are_each_thanked(ws: OpenWorkspace, clock: Clock, ana: Contact, bo: Contact) -> None:
    """The second of two would be forgotten, and the talk closed over it."""
    talk = ws.interviews.debrief(held(ws, clock, ana, bo))
    first, second = ws.follow_ups.find(kind=FollowUpKind.THANK_YOU)
    ws.follow_ups.complete(first)
    with pytest.raises(ObligationsOpen):
        ws.interviews.close(talk)
    ws.follow_ups.waive(second, "he left after a minute")
    assert ws.interviews.close(talk).status == "closed"


@pytest.mark.parametrize("how_far", ["held", "debriefed", "closed"])
def test_a_second_talk_is_a_new_interview(ws: OpenWorkspace, clock: Clock, ana: Contact, how_far: str) -> None:
    """The first talk's notes, thanks and history would be overwritten by the second's."""
    talk = held(ws, clock, ana)
    if how_far != "held":
        talk = ws.interviews.debrief(talk)
    if how_far == "closed":
        ws.follow_ups.complete(ws.follow_ups.one(kind=FollowUpKind.THANK_YOU))
        talk = ws.interviews.close(talk)
    for event in (events.Requested(), events.Scheduled(talk.meeting)):  # type: ignore[arg-type]  # it has been held
        with pytest.raises(IllegalEvent, match="A second talk is an interview of its own"):
            ws.interviews.record(talk, event)
    second = ws.interviews.request(ws.interviews.plan(ana))
    assert second.id != talk.id
    assert (ws.interviews.get(talk.id), len(ws.interviews)) == (talk, 2)


def test_an_employment_talk_is_a_new_record_never_a_conversion(ws: OpenWorkspace, ana: Contact) -> None:
    """What was asked as a talk to learn would turn out to have been a job interview."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    turned = evolve(talk, purpose=Purpose.EMPLOYMENT)
    with pytest.raises(InvalidValue, match=r"Interview\.purpose: is informational since the talk was asked for: plan another"):
        ws.interviews.update(turned)
    with pytest.raises(InvalidValue, match="purpose"):
        ws.interviews.accept(turned)
    with pytest.raises(InvalidValue, match="purpose"):
        record(turned, events.Accepted(), ws.campaign(), at=ws.now())
    assert ws.interviews.get(talk.id) == talk
    later = ws.interviews.request(ws.interviews.plan(ana, purpose=Purpose.EMPLOYMENT))
    assert (later.purpose, later.id != talk.id) == (Purpose.EMPLOYMENT, True)
    with pytest.raises(InvalidValue, match="purpose"):
        ws.interviews.update(evolve(later, purpose=Purpose.INFORMATIONAL))


def test_what_was_only_planned_may_still_be_meant_otherwise(ws: OpenWorkspace, ana: Contact) -> None:
    """A wrong choice in a form could not be set right before anybody was asked."""
    talk = ws.interviews.plan(ana)
    assert ws.interviews.update(evolve(talk, purpose=Purpose.EMPLOYMENT)).purpose is Purpose.EMPLOYMENT


@pytest.mark.parametrize("by", Party)
def test_who_cancelled_is_recorded(ws: OpenWorkspace, ana: Contact, by: Party) -> None:
    """Nobody would know any more who called off, once the talk was taken up again."""
    talk = ws.interviews.cancel(scheduled(ws, ana), by=by, reason="ill")
    talk = ws.interviews.schedule(talk, TUESDAY + timedelta(days=7), format=MeetingFormat.PHONE)
    (called_off,) = [entry.event for entry in ws.interviews.get(talk.id).history if isinstance(entry.event, events.Cancelled)]
    assert (called_off.by, called_off.reason) == (by, "ill")


def test_an_old_talk_is_told_afterwards(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """Somebody who begins to keep records in the middle could not write down what was before, or would be sent to thank for it at
    once as if it were new.
    """
    before = clock.now - timedelta(days=90)
    talk = ws.interviews.request(ws.interviews.plan(ana), at=before)
    talk = ws.interviews.schedule(talk, before + timedelta(days=5), format=MeetingFormat.PHONE, at=before + timedelta(days=1))
    talk = ws.interviews.hold(talk)
    talk = ws.interviews.debrief(talk, referrals=["Dee Ito"], at=before + timedelta(days=6))
    assert [(entry.event.name, entry.told_at) for entry in talk.history] == [
        (name, clock.now) for name in ("request", "schedule", "hold", "debrief")
    ]
    assert talk.meeting is not None
    assert talk.history[2].at == talk.meeting.end
    thanks = ws.follow_ups.one(kind=FollowUpKind.THANK_YOU)
    assert (thanks.status, thanks.due < clock.now.date()) == (FollowUpStatus.OPEN, True)
    accepted = ws.interviews.accept(talk, at=before + timedelta(hours=12))
    assert [entry.event.name for entry in accepted.story.told] == ["request", "accept", "schedule", "hold", "debrief"]
    assert accepted.status == "debriefed"


def test_a_debrief_can_be_amended(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """What came to mind on the next day would have no place, or the first notes be lost."""
    talk = ws.interviews.debrief(held(ws, clock, ana), referrals=["Dee Ito"])
    clock.forward(timedelta(days=1))
    talk = ws.interviews.debrief(talk, referrals=["Dee Ito", "Flo Orr"], surprises="No meetings on Fridays.")
    assert talk.referrals == (Referral("Dee Ito"), Referral("Flo Orr"))
    first = talk.history[-2].event
    assert isinstance(first, events.Debriefed)
    assert first.debrief.referrals == (Referral("Dee Ito"),)
    assert len([*ws.follow_ups.find(kind=FollowUpKind.CONTACT_REFERRAL)]) == 2


def test_the_clock_never_moves_a_talk(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """A talk would count as held because its hour has passed, though nobody came."""
    talk = scheduled(ws, ana)
    clock.forward(timedelta(days=400))
    assert ws.interviews.get(talk.id).status == "scheduled"
