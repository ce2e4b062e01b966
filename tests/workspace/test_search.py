"""Searching a workspace: by the beginnings of words, in every kind, page by page, whether or not its storage can search."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

import pytest
from attrs import evolve

import infoint
from infoint import Contact, Exploration, Interview, MeetingFormat, OpenWorkspace, Profile, TouchKind
from infoint.errors import InvalidCursor, InvalidValue
from infoint.storage import Capability, MemoryStorage, Page, Record, Session


class Unsearchable(MemoryStorage):
    capabilities: ClassVar[Capability] = MemoryStorage.capabilities & ~Capability.SEARCH


@pytest.fixture(params=["", "without search"])
def place(request: pytest.FixtureRequest, ws: OpenWorkspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenWorkspace]:
    """Also one whose storage does not search."""
    if not request.param:
        yield ws
        return

    def refused(self: Session, text: str, **asked: object) -> Page[Record]:
        return Session.search(self, text)

    monkeypatch.setattr("infoint.storage.memory.MemorySession.search", refused)
    with infoint.open(Unsearchable(), zone="America/Chicago") as made:
        yield made


def test_words_are_found_wherever_they_stand(place: OpenWorkspace) -> None:
    """Somebody would know that it was written down, and not where."""
    ana = place.contacts.add(Contact(name="Zoë Ruiz", notes="Knows prototyping"))
    ux = place.explorations.add(Exploration(subject="UX prototypes"))
    talk = place.interviews.plan(ana, exploration=ux, notes="ask about PROTOTYPES", agenda=())
    touch = place.contacts.log_touch(ana, TouchKind.EMAIL, note="a prototype")
    found = [type(one) for one in place.search("prototyp").items]
    assert sorted(kind.__name__ for kind in found) == ["Contact", "Exploration", "Interview", "Touch"]
    assert place.search("prototyp", Interview).items == (talk,)
    assert set(place.search("PROTOTYP", Contact, Exploration).items) == {ana, ux}
    assert place.contacts.search("zoe prototyping") == (ana,)
    assert place.search("a prototype").items[0] == touch, "what was saved last comes first"
    assert place.search("zoe nobody").items == ()
    assert place.contacts.search(" ?! ") == ()


def test_page_by_page(place: OpenWorkspace) -> None:
    """A list could only be shown whole, or its second page hold what stood on the first."""
    people = [place.contacts.add(Contact(name=f"Ana {number}")) for number in range(5)]
    first = place.search("ana", Contact, limit=3)
    second = place.search("ana", Contact, limit=3, cursor=first.cursor)
    assert [*first.items, *second.items] == people[::-1]
    assert second.cursor == ""
    assert place.contacts.search("ana", limit=2) == tuple(people[:2:-1])
    with pytest.raises(InvalidCursor):
        place.search("bo", Contact, cursor=first.cursor)


def test_a_cursor_of_another_workspace_is_refused(place: OpenWorkspace) -> None:
    """A page would begin where somebody else's ended, and tell how far theirs goes."""
    other = place.engine.workspace("ben", zone="America/Chicago")
    for ws in (place, other):
        for number in range(3):
            ws.contacts.add(Contact(name=f"Ana {number}"))
    cursor = place.search("ana", limit=1).cursor
    assert place.search("ana", limit=1, cursor=cursor).items
    with pytest.raises(InvalidCursor):
        other.search("ana", limit=1, cursor=cursor)


def test_in_a_transaction_and_after_changes(place: OpenWorkspace) -> None:
    """What was just written would not be found, or what is gone still be."""
    ana = place.contacts.add(Contact(name="Ana Ruiz"))
    with place.transaction() as tx:
        bo = tx.contacts.add(Contact(name="Bo Ruiz"))
        assert tx.contacts.search("ruiz") == (bo, ana)
    place.contacts.remove(ana)
    place.contacts.update(evolve(bo, name="Bo Li"))
    assert place.contacts.search("ruiz") == ()


def test_slips_are_told(place: OpenWorkspace) -> None:
    """A search for what has no words would find nothing, and look like an answer."""
    for kind in (Profile, str, "contact"):
        with pytest.raises(InvalidValue, match="kinds"):
            place.search("ana", kind)  # type: ignore[type-var, arg-type]
    with pytest.raises(InvalidValue, match="limit"):
        place.search("ana", limit=0)
    with pytest.raises(InvalidValue, match="text"):
        place.contacts.search(7)  # type: ignore[arg-type]


def test_follow_ups_are_found(place: OpenWorkspace) -> None:
    """What is owed to somebody would not be found by their name."""
    talk = place.interviews.plan(place.contacts.add(Contact(name="Ana Ruiz")))
    place.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    assert place.search("ruiz", infoint.FollowUp).items
