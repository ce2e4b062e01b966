"""Contacts, explorations and follow-ups of a workspace: added, found, changed, removed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from attrs import evolve

from infoint import (
    Contact,
    Decision,
    Exploration,
    ExternalId,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Goal,
    MeetingFormat,
    OpenWorkspace,
    Outcome,
    TouchKind,
    derive_id,
)
from infoint.errors import AlreadyExists, Conflict, InUse, InvalidValue, MissingId, NotFound, SeveralMatch
from infoint.storage import MemoryStorage
from infoint.testing import Clock
from infoint.workspace import open as open_workspace


def test_a_text_in_place_of_a_name_is_refused_with_the_name(ws: OpenWorkspace) -> None:
    """`talk.status == "scheduled"` holds, so people look for that too, and would have to guess what is wanted instead."""
    with pytest.raises(
        InvalidValue, match=r"Interviews\.status: needs InterviewStatus, as InterviewStatus\.IDENTIFIED, got str"
    ):
        ws.interviews.find(status="scheduled")  # type: ignore[typeddict-item]
    with pytest.raises(InvalidValue, match=r"Exploration\.scope: needs Scope, as Scope\.FIELD, got str"):
        Exploration(subject="UX", scope="field")  # type: ignore[arg-type]


def test_add_gives_identity(ws: OpenWorkspace) -> None:
    """A contact would stay without identity, or be added twice under one."""
    ana = ws.contacts.add(Contact(name="Ana Ruiz"))
    assert (ana.id.version, ana.version) == (7, 1)
    assert ws.contacts.get(ana.id) == ana
    with pytest.raises(AlreadyExists):
        ws.contacts.add(ana)
    mine = ws.contacts.add(Contact(id=derive_id("crm", 7), name="Bo Li"))
    assert mine.id == derive_id("crm", 7)
    assert ws.contacts.add(Contact(name="Cy Dee"), external_id="cy") == ws.contacts.add(Contact(name="Other"), external_id="cy")
    with pytest.raises(NotFound, match="contact"):
        ws.contacts.add(Contact(name="Di Em", referred_by=derive_id("nobody")))


def test_text_in_place_of_an_id_says_what_to_make_of_it(ws: OpenWorkspace, ana: Contact) -> None:
    """An id of a URL is text, and whoever hands it on would be told what it is not, and not what to do."""
    for refused in (lambda: ws.contacts.get(str(ana.id)), lambda: Contact(name="Bo Li", referred_by=str(ana.id))):  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match=r"needs a UUID, got str: make one of it with uuid\.UUID\(text\)$"):
            refused()
    with pytest.raises(InvalidValue, match=r"Contact\.id: needs a UUID, got int$"):
        ws.contacts.get(7)  # type: ignore[arg-type]
    assert ws.contacts.get(UUID(str(ana.id))) == ana


def test_external_id_that_is_none_is_named(ws: OpenWorkspace) -> None:
    """Who took `external_id` for the pair that a contact has would read of `derive_id`, which they never called."""
    told = r"Contact\.external_id: takes text, whole numbers and UUIDs, got tuple"
    with pytest.raises(InvalidValue, match=told):
        ws.contacts.add(Contact(name="Ana Ruiz"), external_id=("crm", "1"))  # type: ignore[arg-type]
    assert len(ws.contacts) == 0


def test_find_contacts(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """Somebody would not be found by what one knows of them, or the wrong one be taken for the only one."""
    linked = ws.contacts.add(Contact(name="ana ruiz", external_ids=(ExternalId("linkedin", "https://x.example/a"),)))
    assert set(ws.contacts.find(name="ANA RUIZ")) == {ana, linked}
    assert ws.contacts.one(email="ana@OAK.example") == ana
    assert ws.contacts.one(external_id=ExternalId("linkedin", "https://x.example/a")) == linked
    assert ws.contacts.one(tag="alumni") == ana
    assert list(ws.contacts.find(organization="pine works", name="bo li")) == [bo]
    with pytest.raises(SeveralMatch, match="name"):
        ws.contacts.one(name="Ana Ruiz")
    with pytest.raises(NotFound, match="email"):
        ws.contacts.one(email="nobody@oak.example")
    assert [one.name for one in ws.contacts] == ["Ana Ruiz", "ana ruiz", "Bo Li"]
    first = ws.contacts.page(limit=2)
    assert [one.name for one in ws.contacts.page(limit=2, cursor=first.cursor).items] == ["Bo Li"]


def test_the_only_one(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """Whoever wants the thank-you of a talk would have to take the first of what is found and hope."""
    talk = ws.interviews.hold(
        ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    )
    assert ws.interviews.one(contact=ana) == talk
    thanks = ws.follow_ups.one(interview=talk, kind=FollowUpKind.THANK_YOU)
    assert thanks.contact_id == ana.id
    with pytest.raises(NotFound, match=r"no follow-up with this contact: add it first"):
        ws.follow_ups.one(contact=bo)
    ws.interviews.plan(ana)
    with pytest.raises(SeveralMatch, match="more than one interview has this contact"):
        ws.interviews.one(contact=ana)


def test_search(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """Words would have to stand together, or in one field."""
    assert ws.contacts.search("oak ANA") == (ana,)
    assert ws.contacts.search("nobody") == ()
    assert ws.contacts.search("", limit=1) == (), "who asks for nothing is answered with nothing; `find()` gives all"


def test_remove_contact(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """A talk or another contact would point at nobody, or touches stay behind."""
    talk = ws.interviews.plan(bo)
    with pytest.raises(InUse, match=f"interview {talk.id}"):
        ws.contacts.remove(bo)
    with pytest.raises(InUse, match=f"contact {bo.id}"):
        ws.contacts.remove(ana)
    ws.interviews.remove(talk)
    ws.contacts.log_touch(bo, TouchKind.EMAIL)
    with pytest.raises(Conflict):
        ws.contacts.remove(evolve(bo, version=7))
    ws.contacts.remove(bo)
    assert ws.campaign().touches == ()
    with pytest.raises(NotFound):
        ws.contacts.update(evolve(bo, title="x"))
    with pytest.raises(MissingId):
        ws.contacts.remove(Contact(name="Never added"))


def met(ws: OpenWorkspace, clock: Clock, person: Contact) -> None:
    talk = ws.interviews.schedule(ws.interviews.plan(person), datetime(2026, 11, 17, 10), format=MeetingFormat.VIDEO)
    clock.now = datetime(2026, 11, 18, tzinfo=UTC)
    ws.interviews.debrief(ws.interviews.hold(talk))


def test_touch_restarts_the_cadence(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """Somebody just written to would be due for a letter."""
    met(ws, clock, ana)
    (before,) = ws.follow_ups.find(kind=FollowUpKind.KEEP_IN_TOUCH)
    touch = ws.contacts.log_touch(ana, TouchKind.EMAIL, note="an article", at=datetime(2026, 12, 20, 9))
    (after,) = ws.follow_ups.find(kind=FollowUpKind.KEEP_IN_TOUCH)
    assert (before.due, after.due) == (date(2027, 2, 17), date(2027, 3, 20))
    assert (before.id, ws.contacts.touches(ana)) == (after.id, (touch,))


def test_complete_logs_the_touch(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """A thank-you sent would not count as a touch, or what is no message would."""
    met(ws, clock, ana)
    (thanks,) = ws.follow_ups.find(kind=FollowUpKind.THANK_YOU)
    done = ws.follow_ups.complete(thanks)
    assert (done.status, done.settled_at) == (FollowUpStatus.DONE, clock.now)
    assert ws.follow_ups.complete(thanks) == done
    assert [touch.note for touch in ws.contacts.touches(ana)] == ["Thank Ana Ruiz"]
    for kind, touches in (("my:note", []), ("share-article", ["message"]), ("give-back", ["message", "gave-back"])):
        clock.forward(timedelta(days=1))
        by_hand = FollowUp(kind=FollowUpKind(kind), due=date(2026, 12, 1), contact_id=ana.id)
        ws.follow_ups.complete(ws.follow_ups.add(by_hand))
        assert [touch.kind for touch in ws.contacts.touches(ana)] == ["message", *touches]


def test_keep_in_touch_comes_again(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """After the first letter there would never be a second, or two at once."""
    met(ws, clock, ana)
    (first,) = ws.follow_ups.find(kind=FollowUpKind.KEEP_IN_TOUCH)
    clock.now = datetime(2027, 2, 17, 18, tzinfo=UTC)
    ws.follow_ups.complete(first)
    first, second = ws.follow_ups.find(kind=FollowUpKind.KEEP_IN_TOUCH)
    assert (first.status, second.status, second.due) == (FollowUpStatus.DONE, FollowUpStatus.OPEN, date(2027, 5, 17))


def test_waive_and_postpone(ws: OpenWorkspace, ana: Contact) -> None:
    """What was let be would come again, or planning undo what was put off."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    (nudge,) = ws.follow_ups.find(interview=talk)
    put_off = ws.follow_ups.postpone(nudge, date(2026, 12, 24))
    ws.contacts.update(evolve(ana, title="UX lead"))
    assert ws.follow_ups.get(nudge.id).due == date(2026, 12, 24)
    with pytest.raises(Conflict):
        ws.follow_ups.waive(nudge, "she called")
    with pytest.raises(InvalidValue, match="reason"):
        ws.follow_ups.waive(put_off, "")
    waived = ws.follow_ups.waive(put_off, "she called")
    with pytest.raises(InvalidValue, match="waived"):
        ws.follow_ups.complete(waived)
    ws.contacts.update(evolve(ws.contacts.get(ana.id), title="Lead"))
    assert [one.status for one in ws.follow_ups] == [FollowUpStatus.WAIVED]


def test_follow_ups_by_hand(ws: OpenWorkspace, ana: Contact) -> None:
    """One made by hand would be planned away, point at nobody, or a planned one be removed only to come again."""
    one = ws.follow_ups.add(FollowUp(kind=FollowUpKind("my:call"), due=date(2026, 12, 1), contact_id=ana.id), external_id="c")
    talk = ws.interviews.request(ws.interviews.plan(ana))
    (nudge,) = ws.follow_ups.find(interview=talk)
    assert set(ws.follow_ups.find(contact=ana)) == {one, nudge}
    assert list(ws.follow_ups.find(due_before=date(2026, 12, 1))) == [nudge]
    assert list(ws.follow_ups.find(due_after=date(2026, 12, 1), kind=one.kind, status=FollowUpStatus.OPEN)) == [one]
    moved = ws.follow_ups.update(evolve(one, due=date(2026, 12, 2)))
    assert moved.revision == 1
    assert ws.follow_ups.update(evolve(moved, draft="Dear Ana")).revision == 1
    done = ws.follow_ups.complete(ws.follow_ups.get(one.id))
    with pytest.raises(InvalidValue, match="nothing settled is undone"):
        ws.follow_ups.update(evolve(done, status=FollowUpStatus.OPEN, settled_at=None))
    with pytest.raises(InvalidValue, match="waive it"):
        ws.follow_ups.remove(nudge)
    ws.follow_ups.remove(ws.follow_ups.get(one.id))
    assert ws.follow_ups.page(limit=5).items == (nudge,)
    with pytest.raises(NotFound, match="interview"):
        ws.follow_ups.add(FollowUp(kind=FollowUpKind.ASK_ADVICE, due=date(2026, 12, 1), interview_id=derive_id("none")))


def test_explorations(ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration) -> None:
    """An exploration could not be decided, found again, or be removed under its talks."""
    other = ws.explorations.add(Exploration(subject="Nursing", goal=Goal.CHANGE_FIELD))
    talk = ws.interviews.plan(ana, exploration=ux)
    leaning = ws.explorations.lean(ux, -1, note="long days")
    assert ws.explorations.lean(leaning, -1, note="long days") == leaning
    decided = ws.explorations.decide(leaning, Decision(outcome=Outcome.RULE_OUT, at=clock.now, evidence=(talk.id,)))
    assert list(ws.explorations.find(decided=True)) == [decided]
    assert list(ws.explorations.find(goal=Goal.CHANGE_FIELD, decided=False)) == [other]
    assert ws.explorations.page(limit=1).items == (other,)
    with pytest.raises(NotFound, match="interview"):
        ws.explorations.decide(other, Decision(outcome=Outcome.PURSUE, at=clock.now, evidence=(derive_id("none"),)))
    with pytest.raises(InUse, match="interview"):
        ws.explorations.remove(decided)
    ws.explorations.remove(other)
    assert list(ws.explorations) == [decided]


def test_do_not_contact_stops_messages(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """Somebody who asked to be left alone would still be due for letters."""
    met(ws, clock, ana)
    ws.contacts.update(evolve(ws.contacts.get(ana.id), do_not_contact=True))
    assert [one.kind for one in ws.follow_ups.find(status=FollowUpStatus.OPEN)] == []


def test_many_pages(clock: Clock) -> None:
    """Past the first page of five hundred people would be missing."""
    with open_workspace(MemoryStorage(), clock=clock) as ws, ws.transaction() as tx:
        for n in range(1_001):
            tx.contacts.add(Contact(name=f"Person {n:04}"))
        assert [one.name for one in tx.contacts] == [f"Person {n:04}" for n in range(1_001)]
        assert len(tx.contacts) == 1_001
