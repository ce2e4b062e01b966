"""Which entities name which others: the list leaves none out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID

import pytest
from attrs import fields, has

from infoint.model import (
    Answer,
    Contact,
    Debrief,
    Decision,
    Exploration,
    FollowUp,
    FollowUpKind,
    HistoryEntry,
    Insight,
    Interview,
    Outcome,
    Profile,
    Referral,
    Topic,
    Touch,
    TouchKind,
    events,
)
from infoint.model.identity import Entity
from infoint.model.references import references

AT = datetime(2026, 12, 1, tzinfo=UTC)
NAMED = {
    Contact: Contact(id=UUID(int=1), name="Bo Li", referred_by=UUID(int=11)),
    Profile: Profile(id=UUID(int=2), zone="Europe/Madrid"),
    Exploration: Exploration(
        id=UUID(int=3), subject="UX", decision=Decision(outcome=Outcome.PURSUE, at=AT, evidence=[UUID(int=31), UUID(int=32)])
    ),
    Interview: Interview(
        id=UUID(int=4),
        contact_ids=[UUID(int=12), UUID(int=13)],
        exploration_id=UUID(int=20),
        history=[
            HistoryEntry(AT, events.Held(met=[UUID(int=14)])),
            HistoryEntry(
                AT,
                events.Debriefed(
                    Debrief(
                        answers=[Answer("typical-day", "Half is writing", said_by=UUID(int=15))],
                        insights=[Insight("Half is writing", Topic.TYPICAL_DAY, said_by=UUID(int=16))],
                        referrals=[Referral("Cy", given_by=UUID(int=17), contact_id=UUID(int=18))],
                    )
                ),
            ),
        ],
    ),
    FollowUp: FollowUp(
        id=UUID(int=5),
        kind=FollowUpKind.THANK_YOU,
        due=date(2026, 12, 1),
        contact_id=UUID(int=19),
        interview_id=UUID(int=33),
    ),
    Touch: Touch(id=UUID(int=6), contact_id=UUID(int=10), at=AT, kind=TouchKind.PHONE),
}
"""One of each kind that names all it can; contacts from 10, explorations from 20, interviews from 31."""
TENS = {Contact: 1, Exploration: 2, Interview: 3}


def places(kind: type, seen: set[type]) -> Iterator[tuple[type, str]]:
    """Class and field of every id of something else that a value of this class may hold, however deep."""
    if kind in seen:
        return
    seen.add(kind)
    for one in fields(kind):
        if one.name == "id" and issubclass(kind, Entity):
            continue
        for part in parts(one.type):
            if part is UUID:
                yield kind, one.name
            elif isinstance(part, type) and has(part):
                yield from places(part, seen)


def parts(hint: Any) -> Iterator[Any]:
    """A type and all that it is made of."""
    yield hint
    for one in get_args(hint):
        yield from parts(one)


def filled(value: Any) -> Iterator[tuple[tuple[type, str], UUID]]:
    """Place and id of every id of something else that the value holds."""
    if isinstance(value, tuple):
        for item in value:
            yield from filled(item)
    elif has(type(value)):
        for one in fields(type(value)):
            held = getattr(value, one.name)
            for id in held if isinstance(held, tuple) else [held]:
                if isinstance(id, UUID) and one.name != "id":
                    yield (type(value), one.name), id
            yield from filled(held)


def test_every_place_is_known() -> None:
    """A field of a new infoint would name somebody whom no check looks for: fill it in NAMED, and list it in `references`."""
    ours = {one.__name__ for one in Entity.__subclasses__() if one.__module__.startswith("infoint.")}
    assert {one.__name__ for one in NAMED} == ours
    there = {place for kind in NAMED for place in places(kind, set())}
    assert there == {place for one in NAMED.values() for place, _ in filled(one)}
    assert len(there) == 12


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_all_that_is_named(kind: type[Entity]) -> None:
    """What is named and gone would not be told, or be looked for among the wrong kind."""
    named = [*references(NAMED[kind])]
    assert sorted(id for _, id in named) == sorted(id for _, id in filled(NAMED[kind]))
    assert all(id.int // 10 == TENS[other] for other, id in named)


def test_nothing_is_named() -> None:
    """A field that is left open would be taken for somebody who is gone."""
    assert not [*references(Contact(name="Ana Ruiz")), *references(Exploration(subject="UX"))]
    assert [*references(Interview(contact_ids=[UUID(int=12)]))] == [(Contact, UUID(int=12))]
