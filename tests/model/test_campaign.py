"""A campaign: all facts in one value, found by id."""

import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings

from infoint.errors import InvalidValue, MissingId, NotFound
from infoint.model import (
    Campaign,
    Contact,
    Exploration,
    FollowUp,
    FollowUpKind,
    HistoryEntry,
    Interview,
    Profile,
    Touch,
    TouchKind,
    events,
)
from infoint.testing.strategies import campaigns

AT = datetime(2026, 12, 1, tzinfo=UTC)
ME = Profile(zone="America/Chicago")
ANA, BO, ZOE = (Contact(id=UUID(int=n), name=name) for n, name in enumerate(("Ana", "Bo", "Zoë"), 1))
STUDY = Exploration(id=UUID(int=10), subject="UX")
HELD = Interview(
    id=UUID(int=20),
    contact_ids=(ANA.id,),
    exploration_id=STUDY.id,
    history=(HistoryEntry(AT, events.Held(met=(BO.id, ANA.id))),),
)
PLANNED = Interview(id=UUID(int=21), contact_ids=(ZOE.id, ANA.id))
NUDGE = FollowUp(id=UUID(int=30), kind=FollowUpKind.NUDGE, due=date(2026, 12, 1), interview_id=HELD.id)
BY_HAND = FollowUp(id=UUID(int=31), kind=FollowUpKind.ASK_ADVICE, due=date(2026, 12, 1))
LETTER = Touch(id=UUID(int=40), contact_id=ANA.id, at=AT, kind=TouchKind.LETTER)
FACTS = (ANA, BO, ZOE, STUDY, HELD, PLANNED, NUDGE, BY_HAND, LETTER)
CAMPAIGN = Campaign(profile=ME).including(*FACTS)


def test_facts_are_found_by_id() -> None:
    """A rule would look at somebody else."""
    assert CAMPAIGN.contact(BO.id) is BO
    assert CAMPAIGN.interview(PLANNED.id) is PLANNED
    assert CAMPAIGN.exploration(STUDY.id) is STUDY


@pytest.mark.parametrize("kind", ["contact", "interview", "exploration"])
def test_what_is_not_there(kind: str) -> None:
    """The error would be Python's, and not say what to do."""
    with pytest.raises(NotFound, match=rf"no {kind} 0+-.*: put it into the campaign with \.including") as caught:
        getattr(CAMPAIGN, kind)(UUID(int=99))
    assert caught.value.facts == {"kind": kind, "id": str(UUID(int=99))}
    with pytest.raises(NotFound):
        CAMPAIGN.people(Interview(contact_ids=(UUID(int=99),)))


def test_what_is_not_there_and_who_names_it() -> None:
    """Nobody would know which of a thousand facts speaks of it; and whoever has it from a workspace would be sent to put it in by hand."""
    without = Campaign(profile=ME, remedy="look there", contacts=(ANA,), interviews=(HELD, PLANNED), touches=(LETTER,))
    with pytest.raises(NotFound) as caught:
        without.people(PLANNED)
    assert str(caught.value) == f"no contact {ZOE.id}: named by interview {PLANNED.id}; look there"
    touches = tuple(evolve(LETTER, id=UUID(int=number), contact_id=ZOE.id) for number in range(50, 54))
    with pytest.raises(NotFound, match=rf"{PLANNED.id}, touch \S+, touch \S+ and 2 more; put it into"):
        Campaign(profile=ME, interviews=(PLANNED,), touches=touches).contact(ZOE.id)
    assert evolve(without, remedy="look here") == without


def test_facts_are_found_by_what_they_belong_to() -> None:
    """Somebody met without having been asked would get no thanks, or somebody asked and met two."""
    assert CAMPAIGN.people(HELD) == (ANA, BO)
    assert CAMPAIGN.people(PLANNED) == (ZOE, ANA)
    assert CAMPAIGN.interviews_with(ANA) == (HELD, PLANNED)
    assert CAMPAIGN.interviews_with(BO) == (HELD,)
    assert CAMPAIGN.interviews_in(STUDY) == (HELD,)
    assert CAMPAIGN.follow_ups_of(HELD) == (NUDGE,)
    assert CAMPAIGN.follow_ups_of(PLANNED) == ()
    assert CAMPAIGN.touches_of(ANA) == (LETTER,)
    assert CAMPAIGN.touches_of(BO) == ()


def test_touches_in_the_order_of_happening() -> None:
    """The last touch decides when the next is due; in an autumn night the clock face runs twice."""
    chicago = ZoneInfo("America/Chicago")
    second = Touch(
        id=UUID(int=1), contact_id=ANA.id, at=datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=chicago), kind=TouchKind.PHONE
    )
    first = evolve(second, id=UUID(int=2), at=datetime(2026, 11, 1, 1, 30, tzinfo=chicago))
    early = evolve(second, id=UUID(int=3), at=AT - timedelta(days=90))
    assert Campaign(profile=ME).including(second, first, early).touches_of(ANA) == (early, first, second)


def test_including_replaces_by_id_and_keeps_order() -> None:
    """The same talk would be there twice, in two states, or the campaign that was given would change."""
    changed = evolve(ANA, name="Ana R.")
    after = CAMPAIGN.including(changed, Contact(id=UUID(int=9), name="Eve"))
    assert [contact.name for contact in after.contacts] == ["Ana R.", "Bo", "Zoë", "Eve"]
    assert CAMPAIGN.contact(ANA.id) is ANA
    assert after.contact(ANA.id) is changed
    assert CAMPAIGN.including() == CAMPAIGN
    assert CAMPAIGN.including(changed, ANA) == CAMPAIGN
    assert after.interviews is CAMPAIGN.interviews


@pytest.mark.parametrize("fact", [evolve(fact, id=UUID(int=0)) for fact in FACTS], ids=lambda fact: type(fact).__name__)
def test_facts_need_identity(fact: Any) -> None:
    """All drafts would be one, and what hangs on them be found by none."""
    with pytest.raises(MissingId, match=rf"{type(fact).__name__}\.id: has no identity yet"):
        CAMPAIGN.including(fact)


def test_questions_about_drafts() -> None:
    """An unsaved contact would have no talks, silently."""
    draft = Contact(name="Ana")
    for ask in (CAMPAIGN.interviews_with, CAMPAIGN.touches_of):
        with pytest.raises(MissingId):
            ask(draft)
    with pytest.raises(MissingId):
        CAMPAIGN.interviews_in(Exploration(subject="UX"))
    with pytest.raises(MissingId):
        CAMPAIGN.follow_ups_of(Interview(contact_ids=(ANA.id,)))


@pytest.mark.parametrize("fact", [[ANA], ME, None, "Ana", CAMPAIGN])
def test_including_takes_facts_one_by_one(fact: Any) -> None:
    """A list given whole would be left out without a word."""
    with pytest.raises(InvalidValue, match=r"Campaign\.including: takes facts one by one, got"):
        CAMPAIGN.including(ANA, fact)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("profile", None, "needs Profile"),
        ("contacts", [ANA], "needs a tuple of Contact"),
        ("contacts", (HELD,), "needs a tuple of Contact"),
        ("contacts", (ANA, evolve(ANA, name="Other")), "holds two of one id"),
        ("explorations", (ANA,), "needs a tuple of Exploration"),
        ("interviews", (HELD, HELD), "holds two of one id"),
        ("follow_ups", (LETTER,), "needs a tuple of FollowUp"),
        ("touches", "LETTER", "needs a tuple of Touch"),
    ],
)
def test_construction_is_judged(name: str, value: Any, problem: str) -> None:
    """Two rows of one id would be counted as two people."""
    facts: dict[str, Any] = {"profile": ME, name: value}
    with pytest.raises(InvalidValue, match=rf"Campaign\.{name}: {problem}"):
        Campaign(**facts)


def test_more_facts_than_a_list_may_hold() -> None:
    """A busy explorer would be locked out at the thousand-and-first touch."""
    touches = [evolve(LETTER, id=UUID(int=number)) for number in range(1, 1_502)]
    assert len(CAMPAIGN.including(*touches).touches_of(ANA)) == 1_501


@settings(max_examples=12, deadline=None)
@given(campaigns(legal=False))
def test_lookups_agree_with_looking_through_all(campaign: Campaign) -> None:
    """An index would leave something out, or a campaign not survive being sent to a worker."""
    for contact in campaign.contacts:
        assert campaign.contact(contact.id) == contact
        expected = [talk for talk in campaign.interviews if contact.id in {*talk.contact_ids, *talk.met}]
        assert list(campaign.interviews_with(contact)) == expected
        assert len(campaign.touches_of(contact)) == sum(touch.contact_id == contact.id for touch in campaign.touches)
    for talk in campaign.interviews:
        assert {person.id for person in campaign.people(talk)} == {*talk.contact_ids, *talk.met}
        assert list(campaign.follow_ups_of(talk)) == [one for one in campaign.follow_ups if one.interview_id == talk.id]
    for study in campaign.explorations:
        assert list(campaign.interviews_in(study)) == [talk for talk in campaign.interviews if talk.exploration_id == study.id]
    again = pickle.loads(pickle.dumps(campaign))
    assert again == campaign
    assert hash(again) == hash(campaign)
    assert (
        Campaign(profile=campaign.profile).including(
            *campaign.contacts, *campaign.explorations, *campaign.interviews, *campaign.follow_ups, *campaign.touches
        )
        == campaign
    )
