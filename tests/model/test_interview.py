"""An interview: its plan may be edited, what comes from its history cannot be set."""

import copy
import pickle
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve, fields
from hypothesis import given, settings

from infoint.model import MET, UPCOMING, AgendaItem, Answer, Interview, InterviewStatus
from infoint.practice import default_policy
from infoint.testing.strategies import interviews

DERIVED = ("status", "meeting", "met", "debrief", "insights", "referrals", "sequence", "revised_at", "unknown_event", "story")


@pytest.mark.parametrize("name", DERIVED)
def test_what_the_history_tells_cannot_be_set(name: str) -> None:
    """A status could be set by hand (practice §6)."""
    talk = Interview(contact_ids=(UUID(int=1),))
    assert name not in {one.name for one in fields(Interview)}
    with pytest.raises(AttributeError):
        setattr(talk, name, InterviewStatus.HELD)
    with pytest.raises(TypeError):
        evolve(talk, **{name: InterviewStatus.HELD})


@settings(max_examples=30, deadline=None)
@given(interviews(legal=False))
def test_a_story_once_read_travels_well(talk: Interview) -> None:
    """Looking at a talk would make it differ from itself, or not fit into another process any more."""
    fresh = pickle.loads(pickle.dumps(talk))
    size = len(pickle.dumps(talk))
    story = talk.story
    assert talk.story is story
    assert talk == fresh
    assert hash(talk) == hash(fresh)
    assert len(pickle.dumps(talk)) == size
    for again in (pickle.loads(pickle.dumps(talk)), copy.deepcopy(talk), copy.copy(talk), evolve(talk)):
        assert again == talk
        assert again.story == story
    moved = evolve(talk, history=())
    assert moved.status is InterviewStatus.IDENTIFIED


def test_sets_of_states() -> None:
    """Agendas would list talks as upcoming that are over."""
    assert {*UPCOMING} == {InterviewStatus.SCHEDULED, InterviewStatus.CONFIRMED}
    assert {*MET} == {InterviewStatus.HELD, InterviewStatus.DEBRIEFED, InterviewStatus.CLOSED}


@pytest.mark.parametrize("value", [{}, {"contact_ids": UUID(int=1)}])
def test_somebody_is_asked(value: dict[str, Any]) -> None:
    """A talk with nobody would be planned."""
    with pytest.raises((TypeError, ValueError)):
        Interview(**value)


def test_edits_and_versions_are_no_content() -> None:
    """Two runs of an import would differ in nothing but when they ran."""
    talk = Interview(contact_ids=(UUID(int=1),))
    assert evolve(talk, version=7, edited_at=datetime(2026, 1, 1, tzinfo=UTC)) == talk


def test_an_answer_to_an_item_of_the_agenda() -> None:
    """Answers would have to be given by the id of a question within an item of an agenda."""
    question = next(iter(default_policy().bank))
    assert AgendaItem(question).answered("Meetings", said_by=UUID(int=1)) == Answer(question.id, "Meetings", UUID(int=1))
    assert AgendaItem(question).answered("Meetings") == Answer(question.id, "Meetings")
