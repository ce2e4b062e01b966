"""Records that name another which is gone: somebody deleted its file, or a copy came without it. All else goes on, and it can be mended."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from infoint import (
    Contact,
    Engine,
    Exploration,
    FollowUp,
    Insight,
    Interview,
    MeetingFormat,
    OpenWorkspace,
    Party,
    Referral,
    Topic,
    TouchKind,
    codec,
)
from infoint.calendar import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.errors import Corrupt, InvalidValue, NotFound
from infoint.model import Decision, FollowUpKind, InterviewStatus, Outcome
from infoint.model.identity import Entity
from infoint.notes import dossier, draw_referrals, due_list, field_report, letter, prep_sheet, weekly_agenda
from infoint.storage import MemoryStorage
from infoint.storage.contract import Key, Write
from infoint.workspace.unit_of_work import KINDS

ALL = CalendarOptions(follow_ups=FollowUpsAs.BOTH)
NOBODY = UUID(int=7)


def put(ws: OpenWorkspace, *entities: Entity, **changes: Any) -> None:
    """Tombstones of these, or the records with changes: at the level of records, where nobody looks who is named."""
    with ws.engine.storage.session(ws.key, write=True) as session:
        for one in entities:
            record = session.get_many([Key(KINDS[type(one)], one.id)])[Key(KINDS[type(one)], one.id)]
            how = (
                {"schema": codec.SCHEMA, "data": {}, "index": {}, "deleted": True}
                if not changes
                else {"schema": record.schema, "data": record.data, "index": record.index, **changes}
            )
            session.put_many([Write(kind=record.kind, id=one.id, expect=record.version, updated_at=ws.now(), **how)])
        session.commit()


class World:
    """A talk to come and one that was held with Ana, one with Bo alone, and all that hangs on them."""

    def __init__(self, ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
        self.ws, self.ana, self.bo = ws, ana, bo
        talks = ws.interviews
        past = talks.schedule(
            talks.plan(ana, bo, exploration=ux),
            datetime(2026, 11, 2, 10),
            format=MeetingFormat.PHONE,
            at=datetime(2026, 10, 26, 9),
        )
        self.held = talks.debrief(
            talks.hold(past),
            insights=[Insight("Half of it is writing", Topic.TYPICAL_DAY, said_by=ana.id)],
            referrals=[Referral("Bo Li", given_by=ana.id, contact_id=bo.id)],
        )
        self.coming = talks.schedule(talks.plan(ana, exploration=ux), datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
        self.other = talks.schedule(talks.plan(bo), datetime(2026, 12, 2, 10), format=MeetingFormat.VIDEO)
        self.touch = ws.contacts.log_touch(ana, TouchKind.EMAIL)
        decision = Decision(outcome=Outcome.PURSUE, at=ws.now(), evidence=[self.held.id])
        self.ux = ws.explorations.decide(ux, decision)

    def summaries(self, options: CalendarOptions = ALL) -> set[str]:
        return {entry.summary for entry in self.ws.calendar(options)}

    def talk(self, one: Interview) -> Interview:
        return self.ws.interviews.get(one.id)


@pytest.fixture
def world(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> World:
    return World(ws, ana, bo, ux)


@pytest.fixture
def without_ana(world: World) -> World:
    put(world.ws, world.ana)
    return world


# ── told ─────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_missing(world: World) -> None:
    """A sound workspace would be reported, or one whose records were removed as they should be."""
    assert world.ws.check() == world.ws.engine.check(deep=True) == ()
    world.ws.contacts.erase(world.ana)
    world.ws.interviews.remove(world.other)
    assert world.ws.check() == ()


@pytest.mark.parametrize("kind", ["contact", "exploration", "interview"])
def test_each_that_is_missing_is_named_with_all_that_name_it(world: World, kind: str) -> None:
    """Nobody would know why "[missing]" stands there, which records to look at, and what to do."""
    gone, named_by, remedy = {
        "contact": (world.ana, [world.bo, world.held, world.coming, world.touch], f"contacts.erase(UUID('{world.ana.id}'))"),
        "exploration": (world.ux, [world.held, world.coming], "exploration_id=None"),
        "interview": (world.held, [world.ux], "decision=None"),
    }[kind]
    follow_ups = [one for one in world.ws.follow_ups if gone.id in {one.contact_id, one.interview_id}]
    put(world.ws, gone)
    (problem,) = world.ws.check()
    assert problem.startswith(f"{kind} {gone.id} is not here, and is named by ")
    assert remedy in problem
    told = problem.partition("named by ")[2].partition(": ")[0].split(", ")
    assert sorted(told) == sorted(f"{KINDS[type(one)]} {one.id}" for one in [*named_by, *follow_ups])
    assert follow_ups or kind == "exploration"
    assert world.ws.engine.check() == (f"workspace 'default': {problem}",)


def test_records_that_cannot_be_read_are_told(world: World) -> None:
    """One that nobody can load would be passed over, or hide all that comes after it."""
    put(world.ws, world.touch, schema=(9, 0))
    put(world.ws, world.bo, data={"name": 7})
    put(world.ws, world.ana)
    newer, odd, missing = sorted(world.ws.check(), key=lambda problem: ("is not here" in problem, "newer" not in problem))
    assert newer.startswith(f"touch {world.touch.id} was written by a newer infoint")
    assert str(world.bo.id) in odd
    assert "name" in odd
    assert missing.startswith(f"contact {world.ana.id} is not here")  # and neither of the other two, which are


def test_the_storage_is_asked_first_and_heard_when_records_cannot_be_gone_through() -> None:
    """Damage that was found would give way to an error about what it led to."""

    class Broken(MemoryStorage):
        def check(self, *, deep: bool = False) -> list[str]:
            return ["a page is torn"] if deep else []

        def session(self, workspace: str, *, write: bool = False) -> Any:
            if workspace == "kim":
                raise Corrupt("the page of kim", place="memory")
            return super().session(workspace, write=write)

        def workspaces(self) -> list[str]:
            return [*super().workspaces(), "kim"]

    with Engine(Broken()) as engine:
        torn, of_kim = engine.check(deep=True)
        assert torn == "a page is torn"
        assert "the page of kim" in of_kim
        assert len(engine.check()) == 1


# ── all else goes on ─────────────────────────────────────────────────────────────────────────────
def test_the_calendar_goes_on(world: World) -> None:
    """A meeting would be gone from the calendar of whoever goes there, or all meetings would."""
    before = {entry.uid: entry for entry in world.ws.calendar(ALL)}
    put(world.ws, world.ana)
    after = {entry.uid: entry for entry in world.ws.calendar(ALL)}
    assert after.keys() == before.keys()
    assert after[str(world.coming.id)].summary == "Informational interview: [missing]"
    assert after[str(world.coming.id)].when == before[str(world.coming.id)].when
    named = {str(world.coming.id), str(world.held.id)}
    assert {uid for uid in before if after[uid] != before[uid]} == named
    assert "Talk with [missing] and Bo" in world.summaries(CalendarOptions(content=ContentLevel.FIRST_NAME))
    assert world.ws.feed().respond().status == 200


@pytest.mark.parametrize("content", ContentLevel)
def test_changes_of_a_calendar_are_those_of_the_whole(world: World, content: ContentLevel) -> None:
    """Who follows the changes would see something else than who takes all, or nothing at all."""
    options = CalendarOptions(follow_ups=FollowUpsAs.BOTH, content=content)
    there = {entry.uid: entry for entry in world.ws.calendar(options)}
    cursor = world.ws.calendar_changes(options=options).cursor
    put(world.ws, world.ana, world.ux)
    changes = world.ws.calendar_changes(cursor, options)
    assert not changes.whole
    assert str(world.coming.id) in {entry.uid for entry in changes.changed}
    there |= {entry.uid: entry for entry in changes.changed}
    assert there == {entry.uid: entry for entry in world.ws.calendar(options)}


def test_answers_and_documents_go_on(world: World) -> None:
    """One deleted file would silence every question that is asked of the rest."""
    ws, day = world.ws, date(2026, 12, 1)
    due = [item.follow_up for item in ws.due(on=day)]
    put(ws, world.ana, world.ux)
    assert [item.follow_up for item in ws.due(on=day)] == due
    for talk in (world.held, world.coming, world.other):
        ws.review(talk)
        text = ws.render(prep_sheet, talk, format="text").content.decode()
        assert ("[missing]" in text) == (talk is not world.other)
    for builder in (due_list, weekly_agenda):
        assert ws.render(builder, day).content
    assert "[missing]" in ws.render(dossier, world.bo, format="text").content.decode()  # who named him
    assert ws.render(field_report, world.ux).content
    assert ws.compare(world.ux)
    assert ws.next_steps(world.ux)
    assert ws.conclusion(world.ux)
    assert ws.draw(draw_referrals)
    assert ws.propose_times(world.other).slots
    assert str(ws.referral_tree()).startswith("[missing]\n  Bo Li")
    assert {one.name for one in ws.campaign(exploration=world.ux).contacts} == {"[missing]", "Bo Li"}


def test_what_hangs_on_a_missing_talk_goes_on(world: World) -> None:
    """As for a person: what is owed stays, and what the talk is needed for says which is missing."""
    ws = world.ws
    thanks = ws.follow_ups.one(kind=FollowUpKind.THANK_YOU, contact=world.ana)
    before = world.summaries()
    put(ws, world.held)
    assert world.summaries() == before - {"Informational interview: Ana Ruiz and Bo Li (Oak Labs, Pine Works)"}
    assert thanks in [item.follow_up for item in ws.due(within=timedelta(99))]
    assert ws.conclusion(ws.explorations.get(world.ux.id))
    assert ws.render(weekly_agenda, date(2026, 12, 1))
    with pytest.raises(NotFound) as caught:
        ws.document(letter, thanks)
    named = f"no interview {world.held.id}: named by exploration {world.ux.id}, follow-up "
    assert str(caught.value).startswith(named)
    assert "and 4 more; " in str(caught.value)
    assert "ws.check()" in str(caught.value)
    assert "including" not in str(caught.value)


def test_people_without_a_trace_are_not_called_for(world: World) -> None:
    """What is no record's doing would be told as if the workspace were broken; or by what only apps with rows of their own can do."""
    with pytest.raises(NotFound) as caught:
        world.ws.review(Interview(contact_ids=[NOBODY]))
    assert str(caught.value).startswith(f"no contact {NOBODY}: it is not in this workspace")
    assert "including" not in str(caught.value)


def test_nobody_stands_in_a_storage(without_ana: World) -> None:
    """Somebody called "[missing]" would be saved, found and written to."""
    ws = without_ana.ws
    ws.interviews.hold(without_ana.other)
    ws.contacts.log_touch(without_ana.bo, TouchKind.PHONE)
    assert [one.name for one in ws.contacts] == ["Bo Li"]
    assert not ws.contacts.search("missing")
    with pytest.raises(NotFound):
        ws.contacts.get(without_ana.ana.id)
    with pytest.raises(NotFound):
        ws.contacts.update(evolve(ws.campaign().contact(without_ana.ana.id), notes="x"))


# ── changing the rest ────────────────────────────────────────────────────────────────────────────
def test_what_names_it_can_be_edited(without_ana: World) -> None:
    """A note about a talk could not be kept because of somebody else's record."""
    ws = without_ana.ws
    put(ws, without_ana.ux)
    assert ws.interviews.update(evolve(without_ana.coming, notes="By train")).notes == "By train"
    moved = ws.interviews.reschedule(evolve(without_ana.talk(without_ana.coming), notes="By bus"), datetime(2026, 12, 3, 10))
    assert (moved.notes, moved.status) == ("By bus", InterviewStatus.SCHEDULED)
    assert ws.contacts.update(evolve(without_ana.bo, notes="Likes trains")).referred_by == without_ana.ana.id


@pytest.mark.parametrize("where", ["talk", "event", "contact"])
def test_nobody_new_may_be_named_who_is_not_here(without_ana: World, where: str) -> None:
    """More would be broken than somebody else broke."""
    ws, ana = without_ana.ws, without_ana.ana
    with pytest.raises(NotFound, match=r"it is not in this workspace, or was removed"):
        match where:
            case "talk":
                ws.interviews.update(evolve(without_ana.other, contact_ids=[without_ana.bo.id, ana.id]))
            case "event":
                ws.interviews.hold(without_ana.other, met=[ana])
            case "contact":
                ws.contacts.add(Contact(name="Cy Dee", referred_by=ana.id))


def test_follow_ups_stay_as_they_are(without_ana: World) -> None:
    """A file that comes back with the next pull would find what is owed called off, or without the name."""
    ws = without_ana.ws
    before = [one for one in ws.follow_ups if one.contact_id == without_ana.ana.id]
    ws.contacts.log_touch(without_ana.bo, TouchKind.PHONE)
    assert before
    assert [one for one in ws.follow_ups if one.contact_id == without_ana.ana.id] == before


# ── mended ───────────────────────────────────────────────────────────────────────────────────────
def test_added_again(without_ana: World) -> None:
    """Who finds out soon could not put it right."""
    ws = without_ana.ws
    ws.contacts.add(without_ana.ana)
    assert ws.check() == ()
    assert "Informational interview: Ana Ruiz (Oak Labs)" in without_ana.summaries()


def test_called_off_and_removed(without_ana: World) -> None:
    """A talk with somebody who is gone would stay in the calendar for ever."""
    ws = without_ana.ws
    called_off = ws.interviews.cancel(without_ana.coming, by=Party.ME)
    assert called_off.status is InterviewStatus.CANCELLED
    ws.interviews.remove(called_off)
    assert ws.interviews.remove(without_ana.other) is None
    assert [one.id for one in ws.interviews] == [without_ana.held.id]


@pytest.mark.parametrize("by", ["id", "contact"])
def test_erased_though_gone(without_ana: World, by: str) -> None:
    """What names them could not be rid of them, and the check would find them for ever."""
    ws, ana = without_ana.ws, without_ana.ana
    ws.contacts.update(evolve(without_ana.bo, notes="Met by Ana Ruiz"))
    report = ws.contacts.erase(ana.id if by == "id" else ana)
    assert ws.check() == ()
    assert without_ana.talk(without_ana.coming).status is InterviewStatus.CANCELLED
    assert Key("touch", without_ana.touch.id) in report.removed
    assert {"[erased]", "Bo Li"} == {one.name for one in ws.contacts}
    assert ws.contacts.get(without_ana.bo.id).notes == ("Met by Ana Ruiz" if by == "id" else "Met by [erased]")
    again = ws.contacts.erase(ana.id)  # only traces are left to look for
    assert [*again.removed] == [Key("contact", ana.id)]
    assert not again.changed


def test_erasing_leaves_what_else_is_missing(without_ana: World) -> None:
    """What only stands in would be saved, or words of the explorer's be taken for its name."""
    ws = without_ana.ws
    put(ws, without_ana.ux)
    noted = ws.interviews.update(evolve(without_ana.other, notes="Lunch: [missing], and missing"))
    report = ws.contacts.erase(without_ana.ana.id)
    assert without_ana.talk(noted) == noted
    assert not report.may_mention
    for name in ("missing", "Missing Oak"):
        report = ws.contacts.erase(ws.contacts.add(Contact(name=name)))
        assert Key("exploration", without_ana.ux.id) not in {*report.changed, *report.may_mention}
    assert [*ws.explorations] == []
    assert len(ws.check()) == 1


def test_erased_by_the_id_of_one_who_is_here(world: World) -> None:
    """The id alone would do for the missing only, and be taken for a contact."""
    world.ws.contacts.erase(world.ana.id)
    assert {one.name for one in world.ws.contacts} == {"[erased]", "Bo Li"}
    assert world.ws.check() == ()
    with pytest.raises(NotFound, match="never was"):
        world.ws.contacts.erase(NOBODY)


def test_a_missing_exploration(world: World) -> None:
    """The talks in it could not be held, nor taken out of it."""
    ws = world.ws
    put(ws, world.ux)
    held = ws.interviews.hold(world.coming)
    for one in (held, world.talk(world.held)):
        ws.interviews.update(evolve(one, exploration_id=None))
    assert ws.check() == ()


def test_an_exploration_added_again(world: World) -> None:
    """As for a person."""
    put(world.ws, world.ux)
    world.ws.explorations.add(world.ux)
    assert world.ws.check() == ()
    assert "UX research" in str(world.ws.campaign().explorations)


def test_a_missing_talk(world: World) -> None:
    """What is owed for it, and decisions that rest on it, would be told for ever."""
    ws = world.ws
    put(ws, world.held)
    ws.explorations.update(evolve(world.ux, decision=None))
    for one in list(ws.follow_ups.find(interview=world.held)):
        ws.follow_ups.remove(ws.follow_ups.get(one.id))
    assert ws.check() == ()


def test_what_a_talk_asks_for_is_not_removed(world: World) -> None:
    """It would come again with the next planning."""
    owed: Callable[..., FollowUp] = world.ws.follow_ups.one
    with pytest.raises(InvalidValue, match="would come again"):
        world.ws.follow_ups.remove(owed(kind=FollowUpKind.THANK_YOU, contact=world.ana))
