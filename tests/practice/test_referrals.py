"""Who named whom, what came of it, and who began a chain."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Party, Referral, ReferralOutcome
from infoint.model.events import Cancelled, Debriefed, Declined, Dropped, Event, Held, HistoryEntry, Requested, Scheduled
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.practice.referrals import Introduction, introductions, is_taken_up, people_named, referral_root, resulting_talk

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="José Okafor", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind")


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def talk(name: str, *people: Contact, told: tuple[tuple[float, Event], ...] = ()) -> Interview:
    history = tuple(HistoryEntry(day(when), event) for when, event in told)
    return Interview(id=derive_id(name), contact_ids=tuple(one.id for one in people), history=history)


def meeting(when: float) -> Meeting:
    return Meeting(start=day(when), format=MeetingFormat.PHONE)


def given_in(*referrals: Referral | str, people: tuple[Contact, ...] = (ANA,)) -> Interview:
    """A talk on day 10, written down on day 12."""
    debrief = Debriefed(Debrief(referrals=referrals))
    return talk("given", *people, told=((0, Scheduled(meeting(10))), (10, Held()), (12, debrief)))


def read(interview: Interview, *facts: Contact | Interview) -> tuple[Campaign, list[Introduction]]:
    campaign = Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, BEN, CY, interview, *facts)
    return campaign, list(introductions(interview, campaign, people_named(campaign)))


def one(interview: Interview, *facts: Contact | Interview) -> tuple[Campaign, Introduction]:
    campaign, (found,) = read(interview, *facts)
    return campaign, found


# ── who is who ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["José Okafor", "JOSÉ  okafor", "Jose\u0301 Okafor"])
def test_whom_a_name_means_is_found_by_name_and_referrer(name: str) -> None:
    """Capitals, or how an accent is encoded, made a stranger of somebody known."""
    assert one(given_in(name))[1].contact == BEN


def test_a_name_alone_makes_nobody_the_same() -> None:
    """A namesake somebody else had brought in got the letter."""
    assert one(given_in("Cy Lind"))[1].contact is None
    assert one(given_in(Referral("José Okafor", given_by=CY.id)))[1].contact is None


def test_an_id_says_it_whatever_the_name() -> None:
    """A referral linked with a contact was not, since the name had been misheard."""
    assert one(given_in(Referral("Sid Lint", contact_id=CY.id)))[1].contact == CY
    with pytest.raises(NotFound):
        one(given_in(Referral("Dee", contact_id=derive_id("nobody"))))


def test_of_two_alike_always_the_same_is_meant() -> None:
    """The order of contacts decided who was meant."""
    twin = evolve(BEN, id=derive_id("another"))
    low = min(BEN.id, twin.id)
    campaign, found = one(given_in("José Okafor"), twin)
    assert found.contact is not None
    assert found.contact.id == low
    mirrored = evolve(campaign, contacts=tuple(reversed(campaign.contacts)))
    assert people_named(mirrored) == people_named(campaign)


def test_a_name_given_twice_is_one_introduction() -> None:
    """One person was owed two letters."""
    interview = given_in("Dee Ito", "dee ito", "Eli Roth")
    assert {found.key for found in read(interview)[1]} == {"dee ito", "eli roth"}
    assert {found.referral.name for found in read(interview)[1]} == {"Dee Ito", "Eli Roth"}


def test_a_debrief_dates_from_the_first_that_names() -> None:
    """Amending a debrief moved the day a name was given."""
    interview = given_in("Dee Ito")
    amended = evolve(
        interview, history=(*interview.history, HistoryEntry(day(20), Debriefed(Debrief(referrals=("DEE ITO", "Eli Roth")))))
    )
    assert {found.key: found.entry.at for found in read(amended)[1]} == {"dee ito": day(12), "eli roth": day(20)}


def test_the_first_person_met_gave_what_nobody_is_said_to_have_given() -> None:
    """A name without a giver broke reading, or went to somebody who was not there."""
    interview = given_in("Dee Ito", people=(CY, ANA))
    assert one(interview)[1].giver == CY
    assert one(given_in(Referral("Dee Ito", given_by=BEN.id)))[1].giver == BEN


# ── what came of it ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("outcome", ReferralOutcome)
def test_a_word_of_the_explorers_settles_it(outcome: ReferralOutcome) -> None:
    """What the explorer had said was asked again."""
    campaign, found = one(given_in(Referral("Dee Ito", outcome=outcome)))
    assert is_taken_up(found, campaign) is (outcome is not ReferralOutcome.PENDING)


@pytest.mark.parametrize(
    ("told", "taken_up"),
    [
        ((), False),
        (((13, Requested()),), True),
        (((11, Requested()),), True),  # before it was written down, but after the talk
        (((11, Requested()), (11.5, Declined())), True),
        (((13, Dropped()),), True),
        (((1, Requested()),), True),  # asked already
        (((1, Requested()), (5, Declined())), False),  # an old no: the name is a new reason
        (((1, Scheduled(meeting(3))), (2, Cancelled(Party.THEM))), False),
        (((1, Scheduled(meeting(3))), (3, Held())), True),  # known already
    ],
)
def test_a_request_takes_a_name_up(told: tuple[tuple[float, Event], ...], taken_up: bool) -> None:
    """Somebody just asked was to be asked; or a no of long ago spoke against a warm introduction."""
    campaign, found = one(given_in("José Okafor"), talk("ben", BEN, told=told))
    assert is_taken_up(found, campaign) is taken_up


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ((), False),
        (((11, Requested()),), False),
        (((11, Scheduled(meeting(20))),), True),
        (((11, Scheduled(meeting(20))), (20, Held())), True),
        (((11, Scheduled(meeting(20))), (12, Cancelled(Party.ME))), False),
        (((1, Scheduled(meeting(5))), (5, Held())), False),  # over before the name was given
        (((11, Scheduled(meeting(20))), (20, Held((CY.id,)))), False),  # somebody else came
    ],
)
def test_what_came_of_a_name_is_a_talk_that_stands(told: tuple[tuple[float, Event], ...], counts: bool) -> None:
    """A report was due on a talk that had been cancelled, or had nothing to do with the name."""
    campaign, found = one(given_in("José Okafor"), talk("ben", BEN, told=told))
    assert (resulting_talk(found, campaign) is not None) is counts


def test_the_first_talk_after_the_name_counts() -> None:
    """A report waited for the second talk."""
    first = talk("first", BEN, told=((11, Scheduled(meeting(20))),))
    second = talk("second", BEN, told=((11, Scheduled(meeting(30))),))
    campaign, found = one(given_in("José Okafor"), second, first)
    assert resulting_talk(found, campaign) == first


def test_a_name_nobody_bears_came_to_nothing() -> None:
    """A name without contact broke reading."""
    campaign, found = one(given_in("Dee Ito"))
    assert resulting_talk(found, campaign) is None
    assert not is_taken_up(found, campaign)


def test_a_talk_without_a_date_gave_its_names_when_it_was_written_down() -> None:
    """A history from elsewhere, without the meeting, broke reading."""
    interview = talk("given", ANA, told=((10, Held()), (12, Debriefed(Debrief(referrals=("José Okafor",))))))
    campaign, found = one(interview, talk("ben", BEN, told=((1, Scheduled(meeting(11))),)))
    assert found.given_at == day(12)
    assert resulting_talk(found, campaign) is None


# ── who began ────────────────────────────────────────────────────────────────────────────────────
def roots(*referred_by: int | None) -> list[int]:
    """Roots of people 0, 1, … who were each referred by the number given; 99 is nobody the campaign holds."""
    people = [
        Contact(id=UUID(int=number + 1), name="Somebody", referred_by=None if by is None else UUID(int=by + 1))
        for number, by in enumerate(referred_by)
    ]
    campaign = Campaign(profile=Profile(zone="Europe/Madrid"), contacts=tuple(people))
    return [referral_root(person, campaign).int - 1 for person in people]


@pytest.mark.parametrize(
    ("referred_by", "expected"),
    [
        ((None, None), [0, 1]),
        ((None, 0, 1, 2), [0, 0, 0, 0]),
        ((None, 0, None, 2), [0, 0, 2, 2]),
        ((0,), [0]),
        ((1, 0), [0, 0]),
        ((2, 0, 1, 2, 3), [0, 0, 0, 0, 0]),  # all that hang on a ring share its root
        ((99, 99, 0), [99, 99, 99]),
    ],
)
def test_the_root_is_whoever_began_the_chain(referred_by: tuple[int | None, ...], expected: list[int]) -> None:
    """People from one circle passed for independent, a ring of referrals never ended, or split the circle in it."""
    assert roots(*referred_by) == expected


@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=1, max_size=8))
def test_referrer_and_referred_share_a_root(referred_by: list[int | None]) -> None:
    """Whoever was brought in by somebody was independent of them."""
    found = roots(*referred_by)
    for person, by in enumerate(referred_by):
        if by is None:
            assert found[person] == person
        elif by < len(found):
            assert found[person] == found[by]
