"""The verbs of `ws.interviews`: one event, one commit, then the observers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    Exploration,
    FollowUpKind,
    FollowUpStatus,
    Insight,
    Interview,
    MeetingFormat,
    OpenWorkspace,
    Referral,
    Topic,
    TouchKind,
    events,
    hookimpl,
)
from infoint.errors import (
    Conflict,
    HistoryRewritten,
    IllegalEvent,
    InUse,
    InvalidValue,
    MissingId,
    NotFound,
    ObligationsOpen,
    ReadOnlyInterview,
)
from infoint.model import Answer, Decision, HistoryEntry, Outcome, Party, UnknownEvent
from infoint.storage import MemoryStorage
from infoint.testing import Clock

CHICAGO = ZoneInfo("America/Chicago")


def open_kinds(ws: OpenWorkspace, talk: Interview) -> list[str]:
    return sorted(str(one.kind) for one in ws.follow_ups.find(interview=talk, status=FollowUpStatus.OPEN))


def scheduled(ws: OpenWorkspace, *people: Contact, **plan: Any) -> Interview:
    talk = ws.interviews.request(ws.interviews.plan(*people, **plan))
    return ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO, place="https://meet.example/x")


def held(ws: OpenWorkspace, clock: Clock, *people: Contact, **plan: Any) -> Interview:
    talk = scheduled(ws, *people, **plan)
    clock.now = datetime(2026, 12, 1, 18, tzinfo=UTC)
    return ws.interviews.hold(talk)


def test_a_whole_talk(ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration) -> None:
    """From the first idea to the last thank-you some verb would not save what it says, or not owe what it should."""
    talk = ws.interviews.plan(ana, exploration=ux)
    assert (talk.version, len(talk.agenda)) == (1, 5)
    talk = ws.interviews.request(talk)
    assert open_kinds(ws, talk) == ["nudge"]
    clock.forward(timedelta(days=1))
    talk = ws.interviews.accept(talk)
    talk = ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.IN_PERSON, place="12 Oak Street")
    assert talk.meeting is not None
    assert talk.meeting.start == datetime(2026, 12, 1, 10, tzinfo=CHICAGO)
    assert open_kinds(ws, talk) == ["confirm", "prepare"]
    talk = ws.interviews.confirm(talk)
    talk = ws.interviews.reschedule(talk, datetime(2026, 12, 3, 9), by=Party.THEM)
    assert talk.meeting is not None
    assert (talk.meeting.place, talk.sequence) == ("12 Oak Street", 1)
    clock.now = datetime(2026, 12, 3, 20, tzinfo=UTC)
    talk = ws.interviews.hold(talk)
    assert talk.history[-1].at == datetime(2026, 12, 3, 9, 30, tzinfo=CHICAGO)
    assert open_kinds(ws, talk) == ["debrief", "thank-you"]
    talk = ws.interviews.debrief(talk, insights=[Insight("Long days", Topic.TYPICAL_DAY)], referrals=["Cy Dee"])
    assert open_kinds(ws, talk) == ["contact-referral", "report-back", "thank-you"]
    with pytest.raises(ObligationsOpen, match="thank-you for Ana Ruiz"):
        ws.interviews.close(talk)
    (thanks,) = ws.follow_ups.find(kind=FollowUpKind.THANK_YOU)
    ws.follow_ups.complete(thanks)
    talk = ws.interviews.close(talk)
    assert talk.status == "closed"
    assert ws.interviews.get(talk.id) == talk


@pytest.mark.parametrize(
    ("verb", "arguments", "status"),
    [
        ("decline", {"reason": "no time"}, "declined"),
        ("give_up", {}, "no-response"),
        ("drop", {"reason": "found another"}, "cancelled"),
    ],
)
def test_ways_out(ws: OpenWorkspace, ana: Contact, verb: str, arguments: dict[str, str], status: str) -> None:
    """A talk that does not come about could not be told, or would still owe a nudge."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    talk = getattr(ws.interviews, verb)(talk, **arguments)
    assert talk.status == status
    assert open_kinds(ws, talk) == []


def test_cancelled_missed_and_reopened(ws: OpenWorkspace, ana: Contact) -> None:
    """Who called it off would be lost, or what hung on the meeting would stay open."""
    talk = ws.interviews.cancel(scheduled(ws, ana), by=Party.ME, reason="ill")
    assert open_kinds(ws, talk) == []
    assert talk.history[-1].event == events.Cancelled(Party.ME, "ill")
    talk = ws.interviews.schedule(talk, datetime(2026, 12, 2, 10), format=MeetingFormat.PHONE)
    assert open_kinds(ws, talk) == ["confirm", "prepare"]
    talk = ws.interviews.no_show(talk)
    assert (talk.status, open_kinds(ws, talk)) == ("no-show", [])


def test_cancelling_needs_somebody_who_did(ws: OpenWorkspace, ana: Contact) -> None:
    """A talk called off by nobody would be kept, or a slip answered without the names there are."""
    talk = scheduled(ws, ana)
    with pytest.raises(InvalidValue, match=r"Cancelled\.by: needs Party, as Party\.ME"):
        ws.interviews.cancel(talk, by=None)  # type: ignore[arg-type]
    assert ws.interviews.get(talk.id) == talk


def test_correct_takes_back(ws: OpenWorkspace, ana: Contact) -> None:
    """A slip of the finger could not be undone, or would leave its follow-ups behind."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    talk = ws.interviews.decline(talk)
    talk = ws.interviews.correct(talk, 1, reason="wrong button")
    assert (talk.status, len(talk.history), open_kinds(ws, talk)) == ("requested", 3, ["nudge"])


def test_everything_told_twice_changes_nothing(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """A script could not be run twice: it would fail, or add to the history."""

    def story() -> Interview:
        talks = ws.interviews
        talk = talks.plan(ana, external_id="ana-1")
        talk = talks.request(talk, at=datetime(2026, 11, 10, 9))
        talk = talks.schedule(talk, datetime(2026, 11, 13, 10), format=MeetingFormat.VIDEO, at=datetime(2026, 11, 11, 9))
        talk = talks.reschedule(talk, datetime(2026, 11, 14, 10), at=datetime(2026, 11, 12, 9))
        talk = talks.hold(talk)
        return talks.debrief(talk, referrals=["Cy Dee"], at=datetime(2026, 11, 14, 18))

    first = story()
    before = ws.campaign()
    clock.forward(timedelta(days=3))
    assert story() == first
    assert ws.campaign() == before
    assert {one.version for one in ws.follow_ups} == {one.version for one in before.follow_ups}


def test_a_clock_that_stands_still(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """With a frozen clock, as demos and tests have, a thank-you done would come back for ever and closing be impossible."""
    clock.now = datetime(2026, 12, 5, 12, tzinfo=UTC)
    talks = ws.interviews
    talk = talks.debrief(talks.hold(scheduled(ws, ana)))
    for thanks in ws.follow_ups.find(kind=FollowUpKind.THANK_YOU, status=FollowUpStatus.OPEN):
        ws.follow_ups.complete(thanks)
    assert talks.close(talk).status == "closed"


def test_hold_logged_late(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """A walk-in written down a day later could not be held: its end lies before it was told."""
    talk = ws.interviews.plan(ana)
    talk = ws.interviews.schedule(talk, datetime(2026, 11, 15, 10), format=MeetingFormat.IN_PERSON)
    talk = ws.interviews.hold(talk)
    assert talk.history[-1].at == clock.now


def test_met_somebody_else(ws: OpenWorkspace, clock: Clock, ana: Contact, bo: Contact) -> None:
    """Whoever really sat there would get no thanks, and whoever did not would."""
    talk = scheduled(ws, ana)
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    talk = ws.interviews.hold(talk, met=[bo])
    (thanks,) = ws.follow_ups.find(kind=FollowUpKind.THANK_YOU)
    assert thanks.contact_id == bo.id


def test_stale_value_is_a_conflict(ws: OpenWorkspace, ana: Contact) -> None:
    """The second of two browsers would overwrite the first one's step."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    ws.interviews.accept(talk)
    with pytest.raises(Conflict) as refused:
        ws.interviews.decline(talk)
    assert (refused.value.expected, refused.value.actual) == (2, 3)
    with pytest.raises(Conflict):
        ws.interviews.get(talk.id, version=2)


def test_refused_step_leaves_nothing(ws: OpenWorkspace, ana: Contact) -> None:
    """A step that is not legal would be half saved."""
    talk = ws.interviews.plan(ana)
    before = ws.campaign()
    with pytest.raises(IllegalEvent, match="identified"):
        ws.interviews.confirm(talk)
    assert ws.campaign() == before


def test_step_and_follow_ups_are_one_commit(clock: Clock) -> None:
    """With the follow-ups failing to be kept, the talk would be kept without them."""

    class Failing(MemoryStorage):
        pass

    storage = Failing()
    with infoint.open(storage, zone="America/Chicago", clock=clock) as ws:
        talk = ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz")))
        real, puts = storage.session, []

        def session(workspace: str, *, write: bool = False) -> Any:
            manager = real(workspace, write=write)
            opened = manager.__enter__

            def enter() -> Any:
                made = opened()
                put_many = made.put_many

                def failing(writes: Any) -> Any:
                    puts.append([one.kind for one in writes])
                    if writes[-1].kind == "follow-up":
                        raise RuntimeError
                    return put_many(writes)

                made.put_many = failing
                return made

            return _Manager(enter, manager.__exit__)

        storage.session = session  # type: ignore[method-assign]
        with pytest.raises(RuntimeError):
            ws.interviews.request(talk)
        storage.session = real  # type: ignore[method-assign]
        assert puts == [["interview", "follow-up"]]
        assert ws.interviews.get(talk.id) == talk
        assert list(ws.follow_ups) == []


class _Manager:
    def __init__(self, enter: Any, leave: Any) -> None:
        self._enter, self._leave = enter, leave

    def __enter__(self) -> Any:
        return self._enter()

    def __exit__(self, *raised: object) -> Any:
        return self._leave(*raised)


def test_edits_are_saved_along(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """Notes written between two steps would be lost with the next one."""
    talk = evolve(ws.interviews.plan(ana), notes="Ask about nights")
    later = clock.forward(timedelta(hours=1))
    talk = ws.interviews.request(talk)
    assert ws.interviews.get(talk.id).notes == "Ask about nights"
    assert talk.edited_at == later


def test_update(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """An unchanged value would be saved again, an edited one not stamped, or a history be rewritten."""
    talk = ws.interviews.request(ws.interviews.plan(ana))
    assert ws.interviews.update(talk).version == talk.version
    clock.forward(timedelta(hours=1))
    edited = ws.interviews.update(evolve(talk, notes="x"))
    assert (edited.version, edited.edited_at, edited.revised_at) == (talk.version + 1, clock.now, clock.now)
    with pytest.raises(HistoryRewritten):
        ws.interviews.update(evolve(edited, history=()))
    with pytest.raises(HistoryRewritten):
        ws.interviews.accept(evolve(edited, history=()))
    with pytest.raises(Conflict):
        ws.interviews.update(evolve(talk, notes="y"))
    with pytest.raises(NotFound, match="contact"):
        ws.interviews.update(evolve(edited, contact_ids=(infoint.derive_id("nobody"),)))


def test_unknown_event_makes_read_only(ws: OpenWorkspace, ana: Contact, clock: Clock) -> None:
    """A talk told by a newer infoint would be changed by one that does not understand it."""
    entry = HistoryEntry(clock.now, UnknownEvent("teleport", {"event": "teleport"}))
    talk = Interview(id=infoint.derive_id("t"), contact_ids=(ana.id,), history=(entry,))
    with ws._sessions.writing() as unit:
        (talk,) = unit.save(talk)
    with pytest.raises(ReadOnlyInterview, match="teleport"):
        ws.interviews.request(talk)
    with pytest.raises(ReadOnlyInterview):
        ws.interviews.update(evolve(talk, notes="x"))
    assert ws.interviews.get(talk.id) == talk


def test_plan_demands_what_it_names(ws: OpenWorkspace, ana: Contact) -> None:
    """A talk would point at people or explorations that are not there."""
    with pytest.raises(MissingId):
        ws.interviews.plan(Contact(name="Never added"))
    with pytest.raises(NotFound, match="contact"):
        ws.interviews.plan(evolve(ana, id=infoint.derive_id("elsewhere")))
    with pytest.raises(NotFound, match="exploration"):
        ws.interviews.plan(ana, exploration=Exploration(id=infoint.derive_id("none"), subject="x"))
    with pytest.raises(InvalidValue, match="contact_ids"):
        ws.interviews.plan()
    assert len(ws.interviews) == 0


def test_nothing_told_points_at_nobody(ws: OpenWorkspace, clock: Clock, ana: Contact, bo: Contact) -> None:
    """A talk would be stored that no document or comparison can be made of any more."""
    nobody = infoint.derive_id("nobody")
    talk = ws.interviews.plan(ana)
    with pytest.raises(NotFound, match="contact"):
        ws.interviews.drop(evolve(talk, contact_ids=(nobody,)))
    talk = held(ws, clock, ana)
    for told in (
        {"insights": [Insight("x", Topic.DUTIES, said_by=nobody)]},
        {"answers": [Answer("path.rise", "x", said_by=nobody)]},
        {"referrals": [Referral("x", given_by=nobody)]},
    ):
        with pytest.raises(NotFound, match="contact"):
            ws.interviews.debrief(talk, **told)
    with pytest.raises(NotFound, match="contact"):
        ws.interviews.record(scheduled(ws, ana), events.Held((nobody,)))
    ws.interviews.debrief(talk, referrals=[Referral("Bo", contact_id=bo.id)])
    with pytest.raises(InUse, match=f"interview {talk.id}"):
        ws.contacts.remove(bo)


def test_the_last_talk_takes_the_cadence_along(ws: OpenWorkspace, clock: Clock, ana: Contact) -> None:
    """Somebody never met any more would stay due for a letter for ever."""
    first, second = held(ws, clock, ana), held(ws, clock, ana)
    (cadence,) = ws.follow_ups.find(kind=FollowUpKind.KEEP_IN_TOUCH)
    ws.interviews.remove(first)
    assert ws.follow_ups.get(cadence.id).status is FollowUpStatus.OPEN
    ws.interviews.remove(second)
    assert list(ws.follow_ups) == []


def test_a_talk_moved_to_another_exploration_takes_its_updates_along(
    ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration
) -> None:
    """Updates on a matter nobody was asked about stayed due for ever."""
    law = ws.explorations.add(Exploration(subject="Law"))
    talk = ws.interviews.update(evolve(held(ws, clock, ana, exploration=ux), exploration_id=law.id))
    found = [one.anchor for one in ws.follow_ups.find(kind=FollowUpKind.UPDATE, status=FollowUpStatus.OPEN)]
    assert found == [f"exploration:{law.id}:met"]
    ws.interviews.debrief(evolve(talk, exploration_id=ux.id))
    found = [one.anchor for one in ws.follow_ups.find(kind=FollowUpKind.UPDATE, status=FollowUpStatus.OPEN)]
    assert found == [f"exploration:{ux.id}:met"]


def test_the_last_talk_of_an_exploration_takes_its_updates_along(
    ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration
) -> None:
    """Updates on an exploration nobody talks of any more stayed due; or another's went with it, or thanks for a lead came anew."""
    law = ws.explorations.add(Exploration(subject="Law"))
    first, second = held(ws, clock, ana, exploration=ux), held(ws, clock, ana, exploration=law)
    ws.contacts.log_touch(ana, TouchKind.LEAD_RECEIVED)
    (thanks,) = ws.follow_ups.find(kind=FollowUpKind.THANK_LEAD)
    thanks = ws.follow_ups.complete(thanks)
    anchors = {one.anchor for one in ws.follow_ups.find(kind=FollowUpKind.UPDATE)}
    assert anchors == {f"exploration:{one.id}:met" for one in (ux, law)}
    ws.interviews.remove(first)
    assert [one.anchor for one in ws.follow_ups.find(kind=FollowUpKind.UPDATE)] == [f"exploration:{law.id}:met"]
    ws.interviews.remove(second)
    assert list(ws.follow_ups) == [thanks]


def test_plan_again_gives_what_is_there(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """A second run would plan a second talk, or overwrite the first one's."""
    talk = ws.interviews.plan(ana, external_id="ana-1", notes="first")
    assert ws.interviews.plan(bo, external_id="ana-1", notes="second") == talk
    ws.interviews.remove(talk)
    again = ws.interviews.plan(bo, external_id="ana-1")
    assert (again.id, again.contact_ids, again.version) == (talk.id, (bo.id,), 3)


def test_find_by_everything(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
    """A condition would be ignored, or the ends of a time window be counted twice."""
    first = scheduled(ws, ana, exploration=ux)
    second = ws.interviews.plan(bo)
    start = datetime(2026, 12, 1, 10)
    find = ws.interviews.find
    assert list(find()) == [second, first]
    assert list(find(status=first.status)) == [first]
    assert list(find(exploration=ux)) == [first]
    assert list(find(contact=bo)) == [second]
    assert list(find(start_after=start)) == [first]
    assert list(find(start_before=start)) == []
    assert list(find(start_before=start + timedelta(minutes=1), start_after=start.replace(tzinfo=CHICAGO))) == [first]
    page = ws.interviews.page(limit=1)
    assert [*page.items, *ws.interviews.page(limit=1, cursor=page.cursor).items] == [second, first]


def test_remove_takes_follow_ups_along(ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration) -> None:
    """Follow-ups would stay behind without their talk, or a decision without its evidence."""
    talk = scheduled(ws, ana, exploration=ux)
    ws.interviews.remove(talk)
    assert (len(ws.interviews), len(ws.follow_ups)) == (0, 0)
    with pytest.raises(NotFound):
        ws.interviews.get(talk.id)
    kept = held(ws, clock, ana, exploration=ux)
    decision = Decision(outcome=Outcome.RULE_OUT, at=clock.now, evidence=(kept.id,))
    ws.explorations.decide(ux, decision)
    with pytest.raises(InUse, match="decision"):
        ws.interviews.remove(kept)


def test_reschedule_needs_a_meeting(ws: OpenWorkspace, ana: Contact) -> None:
    """Moving what was never agreed would make a meeting out of nothing."""
    with pytest.raises(InvalidValue, match="schedule it first"):
        ws.interviews.reschedule(ws.interviews.plan(ana), datetime(2026, 12, 1))


def test_reschedule_to_another_format_leaves_the_place_open(ws: OpenWorkspace, ana: Contact) -> None:
    """A phone call would be announced at the video link."""
    talk = ws.interviews.reschedule(scheduled(ws, ana), datetime(2026, 12, 2, 9), format=MeetingFormat.PHONE)
    assert talk.meeting is not None
    assert (talk.meeting.place, talk.meeting.duration) == ("", timedelta(minutes=30))


def test_observers_hear_after_the_commit(url: str, clock: Clock) -> None:
    """An observer would hear of what was rolled back, not hear of what was saved, or hear before others can see it."""
    heard: list[tuple[str, str | None, str, str | None]] = []

    class Observer:
        @hookimpl
        def infoint_interview_changed(
            self, workspace: str, before: Interview | None, after: Interview, event: events.Event | None
        ) -> None:
            stored = engine.workspace(workspace).interviews.get(after.id)
            assert stored == after
            heard.append((workspace, before and str(before.status), str(after.status), event.name if event else None))
            raise RuntimeError("an observer's own trouble")

    with infoint.Engine(url, plugins=[Observer()], clock=clock) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        talk = ws.interviews.request(ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz"))))
        ws.interviews.update(evolve(talk, notes="x"))
        with pytest.raises(ZeroDivisionError), ws.transaction() as tx:
            tx.interviews.drop(tx.interviews.get(talk.id))
            _ = 1 / 0
        assert heard == [
            ("kim", None, "identified", None),
            ("kim", "identified", "requested", "request"),
            ("kim", "requested", "requested", None),
        ]
        assert len(engine.plugins.failures) == 3


def test_dates_are_the_explorers(ws: OpenWorkspace, ana: Contact) -> None:
    """A nudge would fall on the server's day instead of the explorer's."""
    talk = ws.interviews.request(ws.interviews.plan(ana), at=datetime(2026, 11, 17, 3, tzinfo=UTC))  # still the 16th in Chicago
    (nudge,) = ws.follow_ups.find(interview=talk)
    assert nudge.due == date(2026, 11, 25)
