"""Who introduced whom, and what came of it."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import MissingId, NaiveTime, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Party, Referral, ReferralOutcome
from infoint.model.events import (
    Accepted,
    Cancelled,
    Debriefed,
    Declined,
    Dropped,
    Event,
    GaveUp,
    Held,
    HistoryEntry,
    NoShow,
    Requested,
    Scheduled,
)
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.practice import ReferralEdge, ReferralStage, ReferralTree, complete, plan_follow_ups, referral_tree, waive

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind")
DEE = Contact(id=derive_id("dee"), name="Dee Ito")


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def meeting(when: float) -> Meeting:
    return Meeting(start=day(when), format=MeetingFormat.PHONE)


def talk(name: str, *people: Contact, told: tuple[tuple[float, Event], ...] = ()) -> Interview:
    history = tuple(HistoryEntry(day(when), event) for when, event in told)
    return Interview(id=derive_id(name), contact_ids=tuple(one.id for one in people), history=history)


def named(by: Contact, *referrals: Referral | str, on: float = 10) -> Interview:
    """A talk in which these names were given."""
    debrief = Debriefed(Debrief(referrals=referrals))
    return talk(f"{by.name} {on}", by, told=((0, Scheduled(meeting(on))), (on, Held()), (on + 1, debrief)))


def campaign(*facts: Contact | Interview | FollowUp) -> Campaign:
    return Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, BEN, CY, *facts)


def tree(*facts: Contact | Interview | FollowUp) -> ReferralTree:
    return referral_tree(campaign(*facts))


def edge(*facts: Contact | Interview | FollowUp) -> ReferralEdge:
    (only,) = tree(*facts)
    return only


# ── who is in it ─────────────────────────────────────────────────────────────────────────────────
def test_a_contact_says_who_referred_them() -> None:
    """Somebody taken over from another app would hang nowhere."""
    only = edge()
    assert (only.giver, only.contact, only.name, only.introductions, only.given_at) == (ANA, BEN, "Ben Okafor", (), None)


def test_one_named_in_several_ways_is_one_edge() -> None:
    """One person would be there as often as they were named."""
    only = edge(named(ANA, "ben okafor"), named(ANA, Referral("Benny", contact_id=BEN.id), on=20))
    assert [one.referral.name for one in only.introductions] == ["ben okafor", "Benny"]
    assert only.given_at == meeting(20).end


def test_a_name_without_contact_is_a_leaf() -> None:
    """Whom one knows by name only would be forgotten."""
    leaf = next(one for one in tree(named(ANA, "Eva Novák")) if one.contact is None)
    assert (leaf.name, leaf.giver, leaf.stage, leaf.depth) == ("Eva Novák", ANA, ReferralStage.PENDING, 1)


def test_nobody_opens_a_door_to_themselves() -> None:
    """A contact who named themselves would stand below themselves, or never end."""
    assert list(referral_tree(Campaign(profile=Profile(zone="UTC")).including(evolve(ANA, referred_by=ANA.id)))) == []
    assert not [one for one in tree(named(CY, Referral("Cy", contact_id=CY.id))) if one.giver == CY]


def test_whoever_neither_named_nor_was_named_is_not_in_it() -> None:
    """Everybody in the address book would be a chain of their own."""
    assert tree(DEE).roots == ((ANA.id, ANA),)


def test_somebody_named_by_two_stands_below_both() -> None:
    """One of two who opened a door would get no credit, or whoever was named further on be there twice."""
    found = tree(
        named(ANA, "Dee Ito"),
        named(CY, Referral("Dee", contact_id=DEE.id)),
        named(DEE, "Eva Novák"),
        evolve(DEE, referred_by=ANA.id),
    )
    assert str(found) == ("Ana Ruiz\n  Ben Okafor: pending\n  Dee Ito: met\n    Eva Novák: pending\nCy Lind\n  Dee Ito: met")


def test_a_referrer_the_campaign_does_not_hold_begins_a_chain() -> None:
    """One missing contact would break the tree."""
    orphan = evolve(CY, referred_by=derive_id("nobody"))
    found = tree(orphan)
    assert found.roots == ((ANA.id, ANA), (derive_id("nobody"), None))
    assert str(found) == "Ana Ruiz\n  Ben Okafor: pending\nsomebody not listed here\n  Cy Lind: pending"
    assert [one.contact for one in found.door_openers] == [ANA]


def test_people_named_in_a_talk_have_to_be_there() -> None:
    """A missing contact would escape as a KeyError."""
    with pytest.raises(NotFound, match="contact"):
        tree(named(ANA, Referral("Dee", contact_id=DEE.id)))


# ── what came of it ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ((), ReferralStage.PENDING),
        (((13, Requested()),), ReferralStage.ASKED),
        (((13, Requested()), (14, Accepted())), ReferralStage.AGREED),
        (((13, Scheduled(meeting(20))),), ReferralStage.AGREED),
        (((13, Scheduled(meeting(20))), (20, Held())), ReferralStage.MET),
        (((13, Scheduled(meeting(20))), (20, Held((CY.id,)))), ReferralStage.FELL_THROUGH),  # somebody else came
        (((13, Requested()), (14, Declined())), ReferralStage.DECLINED),
        (((13, Requested()), (30, GaveUp())), ReferralStage.UNREACHABLE),
        (((13, Requested()), (14, Dropped())), ReferralStage.DROPPED),
        (((13, Scheduled(meeting(20))), (14, Cancelled(Party.THEM))), ReferralStage.FELL_THROUGH),
        (((13, Scheduled(meeting(20))), (20, NoShow(Party.THEM))), ReferralStage.FELL_THROUGH),
        (((1, Requested()), (5, Declined())), ReferralStage.PENDING),  # an old no: the name is a new reason
        (((1, Scheduled(meeting(5))), (5, Held())), ReferralStage.MET),  # known already
    ],
)
def test_the_talks_show_how_far_it_came(told: tuple[tuple[float, Event], ...], stage: ReferralStage) -> None:
    """The tree would say something else than the talks."""
    assert edge(named(ANA, "Ben Okafor"), talk("ben", BEN, told=told)).stage is stage


@pytest.mark.parametrize(
    ("outcome", "told", "stage"),
    [
        (ReferralOutcome.UNREACHABLE, (), ReferralStage.UNREACHABLE),
        (ReferralOutcome.DECLINED, (), ReferralStage.DECLINED),
        (ReferralOutcome.DROPPED, (), ReferralStage.DROPPED),
        (ReferralOutcome.MET, (), ReferralStage.MET),
        (ReferralOutcome.DROPPED, ((13, Requested()),), ReferralStage.DROPPED),  # the explorer knows more than the talk
        (ReferralOutcome.DECLINED, ((13, Scheduled(meeting(20))), (20, Held())), ReferralStage.MET),  # they came after all
    ],
)
def test_the_explorer_may_say_it(outcome: ReferralOutcome, told: tuple[tuple[float, Event], ...], stage: ReferralStage) -> None:
    """What the explorer said became of it would not count, or against what took place."""
    assert edge(named(ANA, Referral("Ben Okafor", outcome=outcome)), talk("ben", BEN, told=told)).stage is stage


def test_of_several_talks_the_one_that_leads_on_counts() -> None:
    """A no of last month would hide that one has a date by now."""
    no, yes = talk("no", BEN, told=((13, Requested()), (14, Declined()))), talk("yes", BEN, told=((20, Requested()),))
    for talks in ((no, yes), (yes, no)):
        assert edge(named(ANA, "Ben Okafor"), *talks).stage is ReferralStage.ASKED


def test_without_a_noted_name_every_talk_counts() -> None:
    """A talk with somebody whose introduction was never written down would show nothing."""
    assert edge(talk("ben", BEN, told=((1, Requested()), (5, Declined())))).stage is ReferralStage.DECLINED


# ── told to whoever named them ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["Ben Okafor", "Ben " + "Okafor " * 140])
def test_a_report_done_is_reported_back(name: str) -> None:
    """One would tell somebody twice, or take a waived report for one that was sent."""
    ben = evolve(BEN, name=name)
    facts = campaign(ben, named(ANA, name), talk("ben", ben, told=((13, Scheduled(meeting(20))), (20, Held()))))
    (report,) = (one for one in plan_follow_ups(facts).new if one.kind == FollowUpKind.REPORT_BACK)

    def reported(*follow_ups: FollowUp) -> bool:
        (only,) = referral_tree(facts.including(*follow_ups))
        return only.reported_back

    assert not reported()
    assert not reported(report)
    assert not reported(waive(report, reason="they know", at=day(22)))
    done = complete(report, at=day(22))
    assert reported(done)
    assert not reported(evolve(done, anchor=""))
    assert not reported(evolve(done, kind=FollowUpKind.CONTACT_REFERRAL))
    assert str(referral_tree(facts.including(done))).endswith(": met, reported back")


# ── what one asks a tree ─────────────────────────────────────────────────────────────────────────
def test_dangling_ones_wait_the_longest_first() -> None:
    """A door somebody opened would stand open until it falls shut."""
    early, late = named(CY, "Eva Novák", on=5), named(ANA, "Abe Roth", Referral("Gil", outcome=ReferralOutcome.DROPPED), on=9)
    found = tree(late, early)
    assert [one.name for one in found.dangling()] == ["Eva Novák", "Abe Roth", "Ben Okafor"]
    assert [one.name for one in found.dangling(before=day(9))] == ["Eva Novák"]
    assert [one.name for one in found.dangling(before=day(30).astimezone(ZoneInfo("Asia/Tokyo")))] == ["Eva Novák", "Abe Roth"]
    assert found.dangling(before=meeting(5).end) == ()
    with pytest.raises(NaiveTime):
        found.dangling(before=datetime(2026, 3, 2))


def test_who_opens_doors() -> None:
    """Those whose names lead to talks could not be told from those who only name."""
    met = talk("ben", BEN, told=((13, Scheduled(meeting(20))), (20, Held())))
    found = tree(met, named(CY, "Eva Novák", "Abe Roth"), named(ANA, "Gil"))
    assert [(one.contact, one.named, one.met) for one in found.door_openers] == [(ANA, 2, 1), (CY, 2, 0)]


def test_a_tree_can_be_walked() -> None:
    """One could not draw it."""
    found = tree(named(BEN, "Dee Ito"), evolve(DEE, referred_by=BEN.id))
    assert [(one.name, one.depth) for one in found] == [("Ben Okafor", 1), ("Dee Ito", 2)]
    assert len(found) == 2
    assert found.named_by(BEN) == found.edges[1:]
    assert found.named_by(DEE) == ()
    with pytest.raises(MissingId):
        found.named_by(Contact(name="Nobody"))


def test_nothing_named_is_an_empty_tree() -> None:
    """The first page of a new explorer would break."""
    found = referral_tree(Campaign(profile=Profile(zone="UTC")))
    assert (str(found), found.roots, found.edges, found.door_openers, found.dangling()) == ("", (), (), (), ())


# ── rings ────────────────────────────────────────────────────────────────────────────────────────
def people(*referred_by: int | None) -> list[Contact]:
    return [
        Contact(id=UUID(int=number + 1), name=f"P{number}", referred_by=None if by is None else UUID(int=by + 1))
        for number, by in enumerate(referred_by)
    ]


@pytest.mark.parametrize(
    ("referred_by", "lines"),
    [
        ((1, 0), ["P0", "  P1: pending", "    P0: pending"]),
        ((2, 0, 1), ["P0", "  P1: pending", "    P2: pending", "      P0: pending"]),
        # the ring is 1 and 2, and what hangs on it has a lower id
        ((1, 2, 1, 0), ["P1", "  P0: pending", "    P3: pending", "  P2: pending", "    P1: pending"]),
    ],
)
def test_a_ring_begins_with_its_lowest_id(referred_by: tuple[int | None, ...], lines: list[str]) -> None:
    """People who named one another would never end, or be left out."""
    assert str(referral_tree(Campaign(profile=Profile(zone="UTC"), contacts=tuple(people(*referred_by))))).split("\n") == lines


def test_a_long_chain_is_no_matter() -> None:
    """A chain deeper than Python's stack would break the tree."""
    chain = people(None, *range(3_000))
    found = referral_tree(Campaign(profile=Profile(zone="UTC"), contacts=tuple(chain)))
    assert found.edges[-1].depth == 3_000
    assert repr(found)


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_each_introduction_is_there_once_whatever_the_order(referred_by: list[int | None], random: Random) -> None:
    """Rings, or the order of rows, would lose somebody or show them twice."""
    contacts = people(*referred_by)
    found = referral_tree(Campaign(profile=Profile(zone="UTC"), contacts=tuple(contacts)))
    wanted = {(one.referred_by, one.id) for one in contacts if one.referred_by not in {None, one.id}}
    edges = [(one.giver_id, one.contact.id if one.contact else None) for one in found]
    assert len(edges) == len(set(edges))
    assert set(edges) == wanted
    random.shuffle(contacts)
    assert referral_tree(Campaign(profile=Profile(zone="UTC"), contacts=tuple(contacts))) == found
