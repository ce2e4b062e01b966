"""Talks told by a script from a file, again and again: ids for questions, names for referrals, moves told twice."""

from datetime import datetime

import pytest

import infoint
from infoint import Contact, Exploration, MeetingFormat, OpenWorkspace, events
from infoint.errors import InvalidValue, NotFound
from infoint.practice import default_policy

IDS = ["path.rise", "time-at-work.wears-on-you"]


def test_agenda_of_ids_is_that_of_the_banks_questions(ws: OpenWorkspace, ana: Contact, ux: Exploration) -> None:
    """Whoever keeps questions by id would have to look each of them up first."""
    bank = default_policy().bank
    talk = ws.interviews.plan(ana, exploration=ux, agenda=IDS)
    assert [item.question for item in talk.agenda] == [bank.question(id) for id in IDS]
    assert ws.interviews.get(talk.id).agenda == talk.agenda
    mixed = ws.interviews.plan(ana, agenda=[talk.agenda[1], "path.rise"])
    assert [item.question.id for item in mixed.agenda] == [IDS[1], "path.rise"]
    assert ws.interviews.plan(ana, agenda=[]).agenda == ()


def test_agenda_of_unknown_ids_is_refused(ws: OpenWorkspace, ana: Contact) -> None:
    """A slip in an id would go unsaid, or a single id fall apart into letters."""
    with pytest.raises(NotFound, match=r"no question path\.rises: did you mean 'path\.rise'"):
        ws.interviews.plan(ana, agenda=["path.rises"])
    with pytest.raises(InvalidValue, match=r"Interview\.agenda: needs several questions"):
        ws.interviews.plan(ana, agenda="path.rise")
    assert not list(ws.interviews)


def test_moves_told_again_are_the_same_moves(ws: OpenWorkspace, ana: Contact) -> None:
    """A move that leaves something out would take it from the latest meeting when told again, and so be another move."""

    def told() -> infoint.Interview:
        talks = ws.interviews
        talk = talks.request(talks.plan(ana, external_id="ana-1"), at=datetime(2026, 11, 2, 9))
        talk = talks.schedule(
            talk,
            datetime(2026, 11, 9, 10),
            format=MeetingFormat.VIDEO,
            place="https://meet.example/a",
            at=datetime(2026, 11, 3),
        )
        talk = talks.reschedule(talk, datetime(2026, 11, 10, 10), at=datetime(2026, 11, 4))
        talk = talks.reschedule(
            talk, datetime(2026, 11, 11, 10), format=MeetingFormat.PHONE, place="0182", at=datetime(2026, 11, 5)
        )
        return talks.reschedule(talk, datetime(2026, 11, 12, 10), at=datetime(2026, 11, 6))

    first = told()
    moves = [entry.event.meeting for entry in first.history if isinstance(entry.event, events.Rescheduled)]
    assert [(meeting.format, meeting.place) for meeting in moves] == [
        (MeetingFormat.VIDEO, "https://meet.example/a"),
        (MeetingFormat.PHONE, "0182"),
        (MeetingFormat.PHONE, "0182"),
    ]
    assert told() == first


def test_move_told_for_a_time_before_any_meeting_is_refused(ws: OpenWorkspace, ana: Contact) -> None:
    """A move of nothing would be kept."""
    talk = ws.interviews.schedule(
        ws.interviews.plan(ana), datetime(2026, 11, 9, 10), format=MeetingFormat.VIDEO, at=datetime(2026, 11, 3)
    )
    with pytest.raises(infoint.errors.IllegalEvent, match="identified cannot take 'reschedule'"):
        ws.interviews.reschedule(talk, datetime(2026, 11, 10, 10), at=datetime(2026, 11, 2))
    with pytest.raises(InvalidValue, match="there is none to move"):
        ws.interviews.reschedule(ws.interviews.plan(ana), datetime(2026, 11, 10, 10), at=datetime(2026, 11, 2))


def test_one_name_is_not_several_referrals(ws: OpenWorkspace, ana: Contact) -> None:
    """A bare name in place of a list of names would become a person for each letter."""
    talk = ws.interviews.schedule(
        ws.interviews.plan(ana), datetime(2026, 11, 9, 10), format=MeetingFormat.VIDEO, at=datetime(2026, 11, 3)
    )
    talk = ws.interviews.hold(talk, at=datetime(2026, 11, 9, 11))
    with pytest.raises(InvalidValue, match=r"Debrief\.referrals"):
        ws.interviews.debrief(talk, referrals="BoLi")
    assert [one.name for one in ws.interviews.debrief(talk, referrals=("Bo Li",)).referrals] == ["Bo Li"]
