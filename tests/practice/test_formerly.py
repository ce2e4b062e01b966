"""Names and addresses that were: kept with whoever bore them, as long as nobody takes them out, and found in texts when they are forgotten."""

from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

import infoint
from infoint import Contact, ExternalId
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.profile import Profile
from infoint.practice import forget, merge_contacts, remember_former
from infoint.practice.formerly import ADDRESSES, MOST, NAMES, former_addresses, former_names

ANA = Contact(id=infoint.derive_id("ana"), name="Ana Riuz", emails=["ana@oak.example"], phones=["+1 312 555 0100"])
WORDS = ("Zoe", "Quark", "Li", "de", "Ōta", "O’Hara", "Núñez", "ZOE", "x", "{contact}", "[erased]", "a+b")
NAMES_OF_SOME = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
AT = datetime(2027, 1, 1, tzinfo=UTC)


def test_what_is_no_more_is_remembered() -> None:
    """Whoever is forgotten later would stay where they were called by another name, or by an old number."""
    after = remember_former(
        evolve(ANA, name="Ana Ruiz", emails=["a@elm.example"], phones=[], external_ids=[ExternalId("crm", "17-2234")]), ANA
    )
    assert after.custom == {
        NAMES: ("Ana Riuz",),
        ADDRESSES: {"emails": ("ana@oak.example",), "phones": ("+1 312 555 0100",)},
    }
    back = remember_former(evolve(after, name="ANA RIUZ", emails=["ana@oak.example"], external_ids=[]), after)
    assert former_names(back) == ("Ana Ruiz",)
    assert former_addresses(back)["emails"] == ("a@elm.example",)
    assert former_addresses(back)["external_ids"] == ("17-2234",)


def test_nothing_is_noted_where_nothing_was_otherwise() -> None:
    """Each edit of a note would write something into the contact that nobody put there."""
    assert remember_former(evolve(ANA, notes="Likes tea."), ANA).custom == {}


def test_an_app_that_writes_its_own_fields_takes_nothing_away() -> None:
    """A form that sets `custom` anew would make a former name be forgotten by the way, and with it by erasing."""
    known = remember_former(evolve(ANA, name="Ana Ruiz", emails=[]), ANA)
    after = remember_former(evolve(known, custom={"app:x": 1}), known)
    assert after.custom == {"app:x": 1, NAMES: ("Ana Riuz",), ADDRESSES: {"emails": ("ana@oak.example",)}}


def test_a_name_can_be_taken_out_for_good() -> None:
    """Somebody who does not want to be known by a former name could not have it removed."""
    known = remember_former(evolve(ANA, name="Ana Ruiz", emails=[]), ANA)
    after = remember_former(evolve(known, custom={**known.custom, NAMES: ()}), known)
    assert after.custom == {ADDRESSES: {"emails": ("ana@oak.example",)}}
    assert remember_former(evolve(after, title="Lead"), after).custom == after.custom


@pytest.mark.parametrize("kept", [7, {"a": 1}, ["", 3, None, " "]])
def test_what_others_wrote_there_is_no_name(kept: object) -> None:
    """A file edited by hand would make saving or erasing the contact fail."""
    odd = evolve(ANA, custom={NAMES: kept, ADDRESSES: kept})
    assert former_names(odd) == ()
    assert remember_former(evolve(odd, name="Ana Ruiz"), odd).custom == {NAMES: ("Ana Riuz",)}


def test_one_name_without_a_list_is_a_name() -> None:
    """Who writes a former name into a file by hand would have to know that it must be a list."""
    assert former_names(evolve(ANA, custom={NAMES: "Ana Rius"})) == ("Ana Rius",)


def test_both_memories_are_united() -> None:
    """What the duplicate had been called before would be lost by the merge."""
    keep = remember_former(evolve(ANA, name="Ana Ruiz", emails=["a@elm.example"]), ANA)
    double = Contact(id=infoint.derive_id("double"), name="A. Ruiz", phones=["0100 200"])
    double = remember_former(evolve(double, name="Ruiz, A.", phones=[]), double)
    one = merge_contacts(keep, double, Campaign(profile=Profile(zone="UTC"), contacts=(keep, double))).contact
    assert former_names(one) == ("Ana Riuz", "A. Ruiz", "Ruiz, A.")
    assert former_addresses(one)["emails"] == ("ana@oak.example",)
    assert former_addresses(one)["phones"] == ("0100 200",)


def test_no_contact_is_named() -> None:
    """A slip would fail with a word about an attribute."""
    with pytest.raises(InvalidValue, match="remember_former"):
        remember_former("Ana", ANA)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="before"):
        remember_former(ANA, None)  # type: ignore[arg-type]


@given(st.lists(NAMES_OF_SOME, min_size=1, max_size=6))
def test_whatever_one_was_called_is_remembered_once(names: list[str]) -> None:
    """After some row of changes, and changes back, a name would be missing, be there twice, or be former and present at once."""
    person = evolve(ANA, name=names[0])
    for name in names[1:]:
        person = remember_former(evolve(person, name=name), person)
    borne = [name.casefold() for name in (*former_names(person), person.name)]
    assert sorted(borne) == sorted({name.casefold() for name in names})


def test_the_latest_hundred_are_kept() -> None:
    """A program that saves at each keystroke would make the contact grow without end; or the names that count be dropped."""
    person = ANA
    for number in range(MOST + 20):
        person = remember_former(evolve(person, name=f"Ana {number}", emails=[f"ana{number}@oak.example"]), person)
    assert former_names(person) == tuple(f"Ana {number}" for number in range(19, MOST + 19))
    assert len(former_addresses(person)["emails"]) == MOST


@given(st.lists(NAMES_OF_SOME, min_size=1, max_size=4), NAMES_OF_SOME, st.lists(NAMES_OF_SOME, max_size=3))
def test_by_whatever_name_one_is_forgotten(names: list[str], other: str, others: list[str]) -> None:
    """Some former name would stay in a text, and nobody be told; or a namesake's own name be struck."""
    person = evolve(ANA, name=names[0])
    for name in names[1:]:
        person = remember_former(evolve(person, name=name), person)
    bo = Contact(id=infoint.derive_id("bo"), name=other)
    for name in others:
        bo = remember_former(evolve(bo, name=name), bo)
    bo = evolve(bo, notes=f"Met {'; '.join((*names, bo.name))}.", custom={})
    campaign = Campaign(profile=Profile(zone="UTC"), contacts=(person, bo))
    plan = forget(person, campaign, stand_in_id=infoint.derive_id("stand-in"), at=AT)
    after = next((one for one in plan.changed if one.id == bo.id), bo)
    assert isinstance(after, Contact)
    assert after.name == bo.name
    left = after.notes.removeprefix("Met ").removesuffix(".").split("; ")
    for name, told in zip((*names, bo.name), left, strict=True):
        if name.casefold() == bo.name.casefold():
            assert told == name, "a namesake's"
        elif len(name.split()) > 1:
            assert told == "[erased]"
        elif len(name) > 2:
            assert told == "[erased]" or bo.id in {one.id for one in plan.may_mention}


def test_a_name_within_anothers_name_is_the_others() -> None:
    """Erasing a Zoe of whom nothing else is known would leave a "[erased] Lind" behind."""
    zoe, lind = evolve(ANA, name="Zoe"), Contact(id=infoint.derive_id("lind"), name="Zoe Lind", notes="Zoe Lind knows Zoe.")
    campaign = Campaign(profile=Profile(zone="UTC"), contacts=(zoe, lind))
    (after,) = forget(zoe, campaign, stand_in_id=infoint.derive_id("stand-in"), at=AT).changed
    assert isinstance(after, Contact)
    assert (after.name, after.notes) == ("Zoe Lind", "Zoe Lind knows [erased].")
