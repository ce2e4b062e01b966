"""Each kind of follow-up: when it is due, to whom, when it goes away, and what settling it does."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.errors import InvalidValue, MissingId, NaiveTime, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Party, Referral, ReferralOutcome
from infoint.model.events import (
    Accepted,
    Cancelled,
    Closed,
    Confirmed,
    Corrected,
    Debriefed,
    Declined,
    Event,
    GaveUp,
    Held,
    HistoryEntry,
    NoShow,
    Requested,
    Rescheduled,
    Scheduled,
    UnknownEvent,
)
from infoint.model.exploration import Decision, Exploration, Outcome
from infoint.model.follow_up import FollowUp, FollowUpKind as Kind, FollowUpStatus as Status
from infoint.model.identity import derive_id
from infoint.model.interview import MET, Interview, InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.touch import Touch, TouchKind
from infoint.practice import (
    Anchor,
    BusinessDays,
    Deadline,
    FollowUpPlan,
    FollowUpRule,
    Offset,
    Per,
    Policy,
    complete,
    default_policy,
    due,
    plan_follow_ups,
    postpone,
    record,
    remember_former,
    waive,
)

MADRID = "Europe/Madrid"
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor")
CY = Contact(id=derive_id("cy"), name="Cy Lind")
TALK, OTHER = derive_id("talk"), derive_id("other talk")
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 3, day) for day in range(2, 9))


def at(day: date, hour: float = 12, zone: str = MADRID) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(hours=hour)


def meeting(day: date, hour: float = 15, minutes: int = 30, zone: str = MADRID) -> Meeting:
    return Meeting(start=at(day, hour, zone), duration=timedelta(minutes=minutes), format=MeetingFormat.PHONE)


class Diary:
    """One explorer's campaign, told step by step and kept like a host keeps it."""

    def __init__(self, *facts: Any, zone: str = MADRID, policy: Policy | None = None) -> None:
        self.policy = policy
        self.campaign = Campaign(profile=Profile(zone=zone)).including(
            ANA, BEN, CY, Interview(id=TALK, contact_ids=(ANA.id,)), *facts
        )

    def tell(self, event: Event, when: datetime, talk: UUID = TALK) -> None:
        step = record(self.campaign.interview(talk), event, self.campaign, at=when, policy=self.policy)
        self.campaign = self.campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)

    def know(self, *facts: Any) -> FollowUpPlan:
        """Learn something that is no event, and plan."""
        self.campaign = self.campaign.including(*facts)
        plan = plan_follow_ups(self.campaign, policy=self.policy)
        self.campaign = self.campaign.including(*plan.new, *plan.changed)
        return plan

    def replanned(self) -> tuple[FollowUp, ...]:
        """As for a host that keeps nothing."""
        return plan_follow_ups(evolve(self.campaign, follow_ups=()), policy=self.policy).new

    def touch(self, person: Contact, when: datetime) -> None:
        touch = Touch(id=derive_id("touch", person.id, when.isoformat()), contact_id=person.id, at=when, kind=TouchKind.EMAIL)
        self.know(touch)

    def all(self, kind: Kind, talk: UUID | None = None) -> list[FollowUp]:
        found = [one for one in self.campaign.follow_ups if one.kind == kind and talk in (None, one.interview_id)]
        return sorted(found, key=lambda one: (one.occurrence, one.summary))

    def one(self, kind: Kind, talk: UUID | None = None) -> FollowUp:
        (found,) = self.all(kind, talk)
        return found

    def open(self, kind: Kind) -> list[FollowUp]:
        return [one for one in self.all(kind) if one.status is Status.OPEN]

    def held(self, day: date, met: tuple[UUID, ...] = (), talk: UUID = TALK, told: date | None = None) -> None:
        """A talk agreed beforehand and held on a day."""
        self.tell(Scheduled(meeting(day)), at(told or day - timedelta(days=5)), talk)
        self.tell(Held(met), at(day, 15.5), talk)

    def debriefed(self, day: date, *referrals: Referral | str, talk: UUID = TALK) -> None:
        self.tell(Debriefed(Debrief(referrals=referrals)), at(day, 18), talk)


def second_talk(*people: Contact, id: UUID = OTHER) -> Interview:
    return Interview(id=id, contact_ids=tuple(person.id for person in people))


# ── NUDGE ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (MON, date(2026, 3, 11)),
        (FRI, date(2026, 3, 17)),
        (SAT, date(2026, 3, 17)),  # from a weekend the first business day is Monday
        (SUN, date(2026, 3, 17)),
    ],
)
def test_a_request_is_repeated_after_seven_business_days(asked: date, expected: date) -> None:
    """The nudge came too early, or a weekend shifted it by a day."""
    diary = Diary()
    diary.tell(Requested(), at(asked))
    nudge = diary.one(Kind.NUDGE)
    assert (nudge.due, nudge.due_at) == (expected, None)
    assert nudge.contact_id == ANA.id
    assert nudge.summary == "Ask Ana Ruiz once more"


@pytest.mark.parametrize("reply", [Accepted(), Declined(), GaveUp(), Scheduled(meeting(date(2026, 3, 20)))])
def test_any_reply_ends_the_nudge(reply: Event) -> None:
    """Somebody who had answered was asked once more."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.tell(reply, at(TUE))
    assert diary.one(Kind.NUDGE).status is Status.OBSOLETE


def test_there_is_one_nudge_only() -> None:
    """Whoever does not answer a second time was asked a third."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.know(complete(diary.one(Kind.NUDGE), at=at(date(2026, 3, 11))))
    assert [one.status for one in diary.all(Kind.NUDGE)] == [Status.DONE]


def test_holidays_and_weekends_are_the_apps() -> None:
    """Days on which nobody works where the explorer lives were counted."""
    days = BusinessDays(weekend=frozenset({4, 5}), holidays=frozenset({date(2026, 3, 10)}))
    diary = Diary(policy=evolve(default_policy(), business_days=days))
    diary.tell(Requested(), at(MON))
    assert diary.one(Kind.NUDGE).due == date(2026, 3, 12)


def test_days_are_the_explorers() -> None:
    """A request sent on Sunday night in New York counted from the Monday it was in Madrid."""
    diary = Diary(zone="America/New_York")
    diary.tell(Requested(), at(FRI, 2))  # Thursday evening there
    assert diary.one(Kind.NUDGE).due == date(2026, 3, 16)


# ── PREPARE and CONFIRM ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("start", "prepare", "confirm"),
    [
        (date(2026, 3, 20), date(2026, 3, 18), date(2026, 3, 19)),
        (date(2026, 3, 16), date(2026, 3, 14), date(2026, 3, 13)),  # a Monday: confirmed on Friday
        (date(2026, 3, 15), date(2026, 3, 13), date(2026, 3, 13)),  # a Sunday
    ],
)
def test_before_a_talk_one_prepares_and_confirms(start: date, prepare: date, confirm: date) -> None:
    """A confirmation was due on a Sunday, or preparation on the day itself."""
    diary = Diary()
    diary.tell(Scheduled(meeting(start)), at(MON))
    assert (diary.one(Kind.PREPARE).due, diary.one(Kind.CONFIRM).due) == (prepare, confirm)


def test_nothing_is_due_before_the_talk_was_set() -> None:
    """A talk set for tomorrow had a preparation that was overdue at once."""
    diary = Diary()
    diary.tell(Scheduled(meeting(TUE)), at(MON))
    assert diary.one(Kind.PREPARE).due == diary.one(Kind.CONFIRM).due == MON


def test_the_talks_day_is_the_explorers_day() -> None:
    """A talk at nine in the morning in Tokyo is the evening before in New York."""
    diary = Diary(zone="America/New_York")
    diary.tell(Scheduled(meeting(date(2026, 3, 20), 9, zone="Asia/Tokyo")), at(MON))
    assert diary.one(Kind.PREPARE).due == date(2026, 3, 17)
    assert diary.one(Kind.CONFIRM).due == date(2026, 3, 18)


def test_a_confirmed_talk_needs_no_confirmation_but_preparation() -> None:
    """A confirmed talk was to be confirmed again, or not prepared."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    diary.tell(Confirmed(), at(TUE))
    assert diary.one(Kind.CONFIRM).status is Status.OBSOLETE
    assert diary.one(Kind.PREPARE).status is Status.OPEN


def test_a_reschedule_moves_the_same_follow_up() -> None:
    """A moved talk left the old day standing in calendars, or a second entry beside it."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    before = diary.one(Kind.PREPARE)
    diary.tell(Rescheduled(meeting(date(2026, 3, 24))), at(TUE))
    after = diary.one(Kind.PREPARE)
    assert (after.id, after.due) == (before.id, date(2026, 3, 22))
    assert after.revision > before.revision
    assert after.revised_at == at(TUE).astimezone(UTC)


def test_a_voided_confirmation_comes_anew() -> None:
    """A talk was confirmed for one day, moved to another, and never confirmed for that; or the done one was undone."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    done = complete(diary.one(Kind.CONFIRM), at=at(TUE))
    diary.know(done)
    diary.tell(Confirmed(), at(TUE))
    diary.tell(Rescheduled(meeting(date(2026, 3, 24))), at(WED))
    first, second = diary.all(Kind.CONFIRM)
    assert first == done
    assert (second.occurrence, second.status, second.due) == (1, Status.OPEN, date(2026, 3, 23))
    assert second.id != first.id


def test_cancelling_makes_obsolete_and_reopening_brings_back() -> None:
    """A cancelled talk was still to be prepared; or taken up again, its follow-ups came as strangers to the calendar."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    first = diary.one(Kind.PREPARE)
    diary.tell(Cancelled(Party.THEM), at(TUE))
    gone = diary.one(Kind.PREPARE)
    assert gone.status is Status.OBSOLETE
    diary.tell(Scheduled(meeting(date(2026, 3, 27))), at(WED))
    back = diary.one(Kind.PREPARE)
    assert (back.id, back.status, back.due) == (first.id, Status.OPEN, date(2026, 3, 25))
    assert first.revision < gone.revision < back.revision


def test_done_is_never_undone() -> None:
    """Cancelling undid what had been done."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    done = complete(diary.one(Kind.PREPARE), at=at(TUE))
    diary.know(done)
    for event, day in ((Cancelled(Party.ME), WED), (Scheduled(meeting(date(2026, 3, 27))), THU), (NoShow(), FRI)):
        diary.tell(event, at(day))
        assert diary.all(Kind.PREPARE)[0] == done


def test_what_is_done_at_the_instant_of_its_cause_is_done() -> None:
    """With a clock that stands still, as in a script's run, thanks sent came back and could never be settled."""
    diary = Diary()
    diary.tell(Scheduled(meeting(MON, 9)), at(MON))
    diary.tell(Held(), at(MON))
    diary.know(complete(diary.one(Kind.THANK_YOU), at=at(MON)))
    assert [one.status for one in diary.all(Kind.THANK_YOU)] == [Status.DONE]


# ── DEBRIEF and THANK_YOU ────────────────────────────────────────────────────────────────────────
def test_a_talk_is_written_down_the_same_day() -> None:
    """The debrief was due the morning after, when half is forgotten."""
    diary = Diary(zone="America/New_York")
    diary.tell(Scheduled(meeting(date(2026, 3, 10), 2)), at(MON))  # Monday evening in New York
    diary.tell(Held(), at(date(2026, 3, 10), 3))
    assert diary.one(Kind.DEBRIEF).due == date(2026, 3, 9)
    diary.tell(Debriefed(Debrief()), at(date(2026, 3, 10), 4))
    assert diary.one(Kind.DEBRIEF).status is Status.OBSOLETE


def test_thanks_are_due_a_day_of_elapsed_time_after_the_end() -> None:
    """Over the night the clocks go forward, 24 hours were taken for the same time next day."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 28), 15)), at(MON))  # Madrid goes forward on the 29th
    diary.tell(Held(), at(date(2026, 3, 28), 15.5))
    thanks = diary.one(Kind.THANK_YOU)
    assert thanks.due_at == at(date(2026, 3, 29), 16.5)
    assert thanks.due == date(2026, 3, 29)
    assert thanks.obligatory


def test_the_moment_of_thanks_is_in_the_explorers_zone() -> None:
    """Day and moment of one follow-up were in two zones."""
    diary = Diary(zone="America/New_York")
    diary.tell(Scheduled(meeting(date(2026, 3, 10), 2)), at(MON))
    diary.tell(Held(), at(date(2026, 3, 10), 3))
    thanks = diary.one(Kind.THANK_YOU)
    assert thanks.due_at is not None
    assert str(thanks.due_at.tzinfo) == "America/New_York"
    assert (thanks.due, thanks.due_at) == (
        date(2026, 3, 10),
        datetime(2026, 3, 10, 21, 30, tzinfo=ZoneInfo("America/New_York")),
    )


def test_everyone_met_is_thanked_and_nobody_else() -> None:
    """Whoever had been planned but was not there was thanked, or the colleague who joined was not."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id, BEN.id)))
    diary.held(date(2026, 3, 10), met=(ANA.id, CY.id))
    assert {one.contact_id for one in diary.open(Kind.THANK_YOU)} == {ANA.id, CY.id}
    assert [one.summary for one in diary.open(Kind.THANK_YOU)] == ["Thank Ana Ruiz", "Thank Cy Lind"]


def test_a_corrected_hold_takes_thanks_and_cadence_back() -> None:
    """Somebody who was not there was to be thanked, or kept in touch with, for ever."""
    diary = Diary()
    diary.held(date(2026, 3, 10), met=(ANA.id, BEN.id))
    assert len(diary.open(Kind.THANK_YOU)) == len(diary.open(Kind.KEEP_IN_TOUCH)) == 2
    diary.tell(Corrected(1), at(date(2026, 3, 11)))
    assert diary.open(Kind.THANK_YOU) == diary.open(Kind.KEEP_IN_TOUCH) == []
    diary.tell(Held(), at(date(2026, 3, 11)))
    assert [one.contact_id for one in diary.open(Kind.THANK_YOU)] == [ANA.id]


def test_a_follow_up_that_now_concerns_another_says_so() -> None:
    """The summary still spoke of whoever had been met by mistake."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id,)))
    diary.held(date(2026, 3, 10), met=(BEN.id,))
    assert diary.one(Kind.DEBRIEF).summary == "Write down what Ben Okafor told you"
    diary.tell(Corrected(1), at(date(2026, 3, 11)))
    diary.tell(Held(), at(date(2026, 3, 11)))
    debrief = diary.one(Kind.DEBRIEF)
    assert (debrief.contact_id, debrief.summary) == (ANA.id, "Write down what Ana Ruiz told you")


def test_words_the_explorer_has_changed_stay() -> None:
    """Planning wrote over what the explorer had put down."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    diary.know(evolve(diary.one(Kind.PREPARE), summary="Read her book"))
    diary.tell(Rescheduled(meeting(date(2026, 3, 24))), at(TUE))
    assert diary.one(Kind.PREPARE).summary == "Read her book"


def test_several_people_are_named_together() -> None:
    """Preparation for a talk with two named one."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id, BEN.id)))
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    assert diary.one(Kind.PREPARE).summary == "Prepare for the talk with Ana Ruiz and Ben Okafor"


# ── whom one must not write to ───────────────────────────────────────────────────────────────────
def test_nobody_is_written_to_who_asked_not_to_be() -> None:
    """A message was wanted to somebody who must not be contacted; what one does alone stays."""
    diary = Diary(evolve(ANA, do_not_contact=True))
    diary.tell(Requested(), at(MON))
    diary.tell(Scheduled(meeting(date(2026, 3, 10))), at(TUE))
    diary.tell(Held(), at(date(2026, 3, 10), 16))
    diary.tell(Debriefed(Debrief(referrals=("Ben",))), at(date(2026, 3, 10), 17))
    assert {one.kind for one in diary.campaign.follow_ups} == {Kind.PREPARE, Kind.DEBRIEF, Kind.CONTACT_REFERRAL}
    diary.tell(Closed(), at(date(2026, 3, 10), 18))  # nothing obligatory is left


def test_who_may_be_written_to_is_written_to_all_the_same() -> None:
    """One of two who must not be contacted kept the other from being asked, or was named in the message."""
    diary = Diary(evolve(ANA, do_not_contact=True), Interview(id=TALK, contact_ids=(ANA.id, BEN.id)))
    diary.tell(Requested(), at(MON))
    assert (diary.one(Kind.NUDGE).contact_id, diary.one(Kind.NUDGE).summary) == (BEN.id, "Ask Ben Okafor once more")


def test_asking_not_to_be_contacted_ends_what_was_open() -> None:
    """A message stayed open to somebody who has since asked not to be contacted."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.know(evolve(ANA, do_not_contact=True, edited_at=at(date(2026, 3, 11))))
    thanks = diary.one(Kind.THANK_YOU)
    assert thanks.status is Status.OBSOLETE
    assert thanks.revised_at == at(date(2026, 3, 11)).astimezone(UTC)


# ── KEEP_IN_TOUCH ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 10), date(2026, 6, 10)),
        (date(2026, 11, 30), date(2027, 2, 28)),  # a month that is shorter
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 1, 31), date(2026, 4, 30)),
    ],
)
def test_one_keeps_in_touch_three_months_after_the_talk(day: date, expected: date) -> None:
    """Months were counted as thirty days, or a short month lost the follow-up."""
    diary = Diary()
    diary.held(day)
    keep = diary.one(Kind.KEEP_IN_TOUCH)
    assert (keep.due, keep.contact_id, keep.interview_id) == (expected, ANA.id, None)


@pytest.mark.parametrize(("rapport", "wanted"), [(None, True), (2, True), (1, True), (0, False), (-2, False)])
def test_one_keeps_in_touch_where_there_is_rapport(rapport: int | None, wanted: bool) -> None:
    """Cold acquaintances were to be kept warm, or those nobody had judged were dropped."""
    diary = Diary(evolve(ANA, rapport=rapport))
    diary.held(date(2026, 3, 10))
    assert bool(diary.open(Kind.KEEP_IN_TOUCH)) is wanted


def test_any_touch_moves_the_cadence() -> None:
    """Somebody just written to was to be written to again."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    before = diary.one(Kind.KEEP_IN_TOUCH)
    diary.touch(ANA, at(date(2026, 4, 2)))
    after = diary.one(Kind.KEEP_IN_TOUCH)
    assert (after.id, after.due) == (before.id, date(2026, 7, 2))
    assert after.revision > before.revision
    assert after.revised_at == at(date(2026, 4, 2)).astimezone(UTC)
    diary.touch(ANA, at(date(2026, 3, 20)))  # logged late: the later one counts
    assert diary.one(Kind.KEEP_IN_TOUCH) == after


def test_a_message_done_is_a_touch() -> None:
    """Thanks sent did not count, unless the host had logged them a second time."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.know(complete(diary.one(Kind.THANK_YOU), at=at(date(2026, 3, 12))))
    assert diary.one(Kind.KEEP_IN_TOUCH).due == date(2026, 6, 12)


@pytest.mark.parametrize("logged", [True, False])
def test_keeping_in_touch_comes_round(logged: bool) -> None:
    """Done once, it was done for ever; or it came back the same moment."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    done = complete(diary.one(Kind.KEEP_IN_TOUCH), at=at(date(2026, 6, 9)))
    diary.know(done)
    if logged:
        diary.touch(ANA, at(date(2026, 6, 9)))
    first, second = diary.all(Kind.KEEP_IN_TOUCH)
    assert first == done
    assert (second.occurrence, second.due) == (1, date(2026, 9, 9))


def test_keeping_in_touch_let_be_stays_so_until_they_meet_again() -> None:
    """A cadence waived came back at once, or never."""
    diary = Diary(second_talk(ANA))
    diary.held(date(2026, 3, 10))
    diary.know(waive(diary.one(Kind.KEEP_IN_TOUCH), reason="moved abroad", at=at(date(2026, 3, 20))))
    assert diary.open(Kind.KEEP_IN_TOUCH) == []
    diary.held(date(2026, 5, 4), talk=OTHER)
    assert [one.due for one in diary.open(Kind.KEEP_IN_TOUCH)] == [date(2026, 8, 4)]


def test_one_person_has_one_cadence() -> None:
    """Two talks with one person made two reminders; or the earlier talk's day won."""
    diary = Diary(second_talk(ANA, BEN))
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 4, 14), talk=OTHER)
    assert {one.contact_id: one.due for one in diary.open(Kind.KEEP_IN_TOUCH)} == {
        ANA.id: date(2026, 7, 14),
        BEN.id: date(2026, 7, 14),
    }


def test_a_talk_they_did_not_come_to_is_no_touch() -> None:
    """Somebody who did not come counted as met."""
    diary = Diary(second_talk(ANA, BEN))
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 4, 14), met=(BEN.id,), talk=OTHER)
    assert {one.contact_id: one.due for one in diary.open(Kind.KEEP_IN_TOUCH)} == {
        ANA.id: date(2026, 6, 10),
        BEN.id: date(2026, 7, 14),
    }


def test_planning_a_talk_that_came_to_nothing_leaves_the_cadence() -> None:
    """A host that plans one talk at a time lost a reminder that another talk had asked for."""
    diary = Diary(second_talk(ANA))
    diary.held(date(2026, 3, 10))
    only = evolve(diary.campaign, interviews=(diary.campaign.interview(OTHER),))
    step = record(only.interview(OTHER), Requested(), only, at=at(date(2026, 3, 20)))
    assert {one.kind for one in (*step.follow_ups.new, *step.follow_ups.changed)} == {Kind.NUDGE}


# ── referrals ────────────────────────────────────────────────────────────────────────────────────
NAMED = evolve(BEN, referred_by=ANA.id)


def named(*facts: Any, referral: Referral | str = "Ben Okafor") -> Diary:
    """Ana has named Ben in a talk on Tuesday 10 March."""
    diary = Diary(*(facts or (NAMED, second_talk(BEN))))
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), referral)
    return diary


def test_a_name_given_is_written_to_within_three_business_days() -> None:
    """A door that had been opened was left to close."""
    diary = named(BEN)
    one = diary.one(Kind.CONTACT_REFERRAL)
    assert (one.due, one.contact_id, one.interview_id) == (date(2026, 3, 13), None, TALK)
    assert one.summary == "Write to Ben Okafor, whom Ana Ruiz named"
    assert one.anchor == f"referral:{TALK}:ben okafor"


def test_whom_a_referral_concerns_is_learned_later() -> None:
    """A new contact made another follow-up beside the one for the name."""
    diary = named(BEN)
    before = diary.one(Kind.CONTACT_REFERRAL)
    diary.know(NAMED)
    after = diary.one(Kind.CONTACT_REFERRAL)
    assert (after.id, after.contact_id, after.due) == (before.id, BEN.id, before.due)


def test_a_name_written_to_is_no_longer_owed() -> None:
    """Somebody just asked was to be asked."""
    diary = named()
    diary.tell(Requested(), at(date(2026, 3, 12)), OTHER)
    gone = diary.one(Kind.CONTACT_REFERRAL)
    assert gone.status is Status.OBSOLETE
    assert gone.revised_at == at(date(2026, 3, 12)).astimezone(UTC)


def test_a_planned_talk_is_no_request() -> None:
    """A talk only thought of passed for a letter sent."""
    assert named().one(Kind.CONTACT_REFERRAL).status is Status.OPEN


def test_whoever_gave_a_name_hears_after_the_talk() -> None:
    """A report back was due before there was anything to report, or when nobody had been met."""
    diary = named()
    assert diary.one(Kind.REPORT_BACK).due == date(2026, 3, 24)  # 14 days, if nobody is reached
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER)  # a Friday
    report = diary.one(Kind.REPORT_BACK)
    assert (report.due, report.contact_id) == (date(2026, 4, 13), ANA.id)
    assert report.summary == "Tell Ana Ruiz what came of naming Ben Okafor"
    diary.tell(Rescheduled(meeting(date(2026, 4, 14))), at(date(2026, 3, 13)), OTHER)
    assert diary.one(Kind.REPORT_BACK).due == date(2026, 4, 15)
    diary.tell(Held(), at(date(2026, 4, 14), 16), OTHER)
    assert diary.one(Kind.REPORT_BACK).due == date(2026, 4, 15)


def test_a_report_falls_back_when_the_talk_falls_through() -> None:
    """A cancelled talk left the report hanging on its day."""
    diary = named()
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER)
    diary.tell(Cancelled(Party.THEM), at(date(2026, 3, 13)), OTHER)
    report = diary.one(Kind.REPORT_BACK)
    assert report.due == date(2026, 3, 24)
    assert report.revised_at == at(date(2026, 3, 13)).astimezone(UTC)


@pytest.mark.parametrize("outcome", [ReferralOutcome.DECLINED, ReferralOutcome.UNREACHABLE, ReferralOutcome.MET])
def test_a_report_is_owed_even_if_nobody_was_reached(outcome: ReferralOutcome) -> None:
    """Whoever had opened a door never heard what was behind it."""
    diary = named(referral=Referral("Ben Okafor", outcome=outcome))
    assert diary.one(Kind.REPORT_BACK).due == date(2026, 3, 24)
    assert diary.all(Kind.CONTACT_REFERRAL) == []


def test_a_referral_let_drop_owes_nothing() -> None:
    """The explorer decided against, and was reminded all the same."""
    diary = named()
    diary.debriefed(date(2026, 3, 11), Referral("Ben Okafor", outcome=ReferralOutcome.DROPPED))
    assert diary.open(Kind.REPORT_BACK) == diary.open(Kind.CONTACT_REFERRAL) == []


def test_who_names_themselves_is_owed_no_report() -> None:
    """“Call me again” was noted as a referral, and Ana was to be told what came of naming Ana."""
    diary = named(referral=Referral("Ana, again", contact_id=ANA.id))
    assert diary.all(Kind.REPORT_BACK) == diary.all(Kind.CONTACT_REFERRAL) == []


def test_a_talk_the_named_person_did_not_come_to_is_no_news() -> None:
    """A report was due on a talk with somebody else."""
    diary = named(NAMED, second_talk(BEN, CY))
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER)
    diary.tell(Held((CY.id,)), at(date(2026, 4, 10), 16), OTHER)
    assert diary.one(Kind.REPORT_BACK).due == date(2026, 3, 24)


def test_a_report_sent_before_they_met_comes_anew_when_they_meet() -> None:
    """ "I could not reach him" was taken for the whole report."""
    diary = named()
    done = complete(diary.one(Kind.REPORT_BACK), at=at(date(2026, 3, 24)))
    diary.know(done)
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 30)), OTHER)
    first, second = diary.all(Kind.REPORT_BACK)
    assert first == done
    assert (second.occurrence, second.due) == (1, date(2026, 4, 13))


def test_an_amended_debrief_keeps_what_its_names_owe() -> None:
    """Amending moved a due, or made a second follow-up for one name."""
    diary = named(BEN)
    before = {one.id: one for one in diary.campaign.follow_ups}
    diary.debriefed(date(2026, 3, 20), "Ben  Okafor", "Dee Ito")
    after = {one.id: one for one in diary.campaign.follow_ups}
    assert {id: one for id, one in after.items() if id in before} == before
    new = [one for one in after.values() if one.id not in before]
    assert {(one.kind, one.due) for one in new} == {
        (Kind.CONTACT_REFERRAL, date(2026, 3, 25)),
        (Kind.REPORT_BACK, date(2026, 4, 3)),
    }


def test_a_name_that_is_spelt_otherwise_later_is_the_same_one() -> None:
    """A name given in small letters stood so in what is due for good; or the respelling brought what was done anew."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), "ben okafor", "Dee Ito")
    first = diary.all(Kind.REPORT_BACK)
    diary.know(
        complete(next(one for one in diary.open(Kind.CONTACT_REFERRAL) if "Dee" in one.summary), at=at(date(2026, 3, 11)))
    )
    diary.debriefed(date(2026, 3, 20), "Ben Okafor", "DEE ITO")
    told = {one.id: (one.summary, one.due, one.revision) for one in diary.all(Kind.REPORT_BACK)}
    assert told == {
        one.id: (one.summary.replace("ben okafor", "Ben Okafor").replace("Dee Ito", "DEE ITO"), one.due, one.revision + 1)
        for one in first
    }
    assert [one.summary for one in diary.all(Kind.CONTACT_REFERRAL)] == [
        "Write to Ben Okafor, whom Ana Ruiz named",
        "Write to Dee Ito, whom Ana Ruiz named",
    ], "what was done was done by that name"


def test_a_corrected_name_takes_no_revision_back() -> None:
    """For a host that keeps nothing, what is owed for a name would get a lower SEQUENCE once that name was corrected."""
    diary = named()
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 30)), OTHER)
    (before,) = (one for one in diary.replanned() if one.kind == Kind.REPORT_BACK)
    diary.campaign = diary.campaign.including(remember_former(evolve(NAMED, name="Benedict Okafor"), NAMED))
    (after,) = (one for one in diary.replanned() if one.kind == Kind.REPORT_BACK)
    assert (after.id, after.due, after.revision) == (before.id, before.due, before.revision)
    assert after.summary == "Tell Ana Ruiz what came of naming Benedict Okafor"


def test_who_joins_a_talk_is_named_in_what_is_open() -> None:
    """The talk was prepared with one, though two were asked; and the name of the one, corrected later, stayed wrong."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    before = diary.campaign.interview(TALK)
    diary.campaign = diary.campaign.including(evolve(before, contact_ids=(ANA.id, CY.id)))
    plan = plan_follow_ups(diary.campaign, before=before)
    assert {one.summary for one in plan.changed} == {
        "Prepare for the talk with Ana Ruiz and Cy Lind",
        "Confirm the talk with Ana Ruiz and Cy Lind and send your questions along",
    }


def test_who_gave_a_name_hears_of_it() -> None:
    """With several people the report went to the wrong one."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id, BEN.id)))
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), Referral("Dee Ito", given_by=BEN.id), Referral("Eli Roth"))
    reports = {one.summary: one.contact_id for one in diary.all(Kind.REPORT_BACK)}
    assert reports == {
        "Tell Ben Okafor what came of naming Dee Ito": BEN.id,
        "Tell Ana Ruiz what came of naming Eli Roth": ANA.id,
    }


@pytest.mark.parametrize("filler", ["x", "ß", "x "])
def test_very_long_names_are_planned_once(filler: str) -> None:
    """A name that does not fit made a new follow-up at every planning, or two names became one."""
    stem = (filler * 990)[:990].strip()
    diary = named(BEN, referral=stem)
    diary.debriefed(date(2026, 3, 11), stem, f"{stem} jr.", f"{stem} sr.")
    assert not diary.know()
    reports = diary.all(Kind.REPORT_BACK)
    assert len({one.id for one in reports}) == 3
    assert all(len(one.summary) <= 1_000 for one in reports)


def test_long_names_of_several_people_fit_a_summary() -> None:
    """A summary grew past what a line may hold, and planning failed."""
    people = [Contact(id=derive_id("long", n), name="N" * 999) for n in range(3)]
    diary = Diary(*people, Interview(id=TALK, contact_ids=tuple(one.id for one in people)))
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    assert len(diary.one(Kind.PREPARE).summary) == 1_000
    assert not diary.know()


# ── hosts that keep nothing ──────────────────────────────────────────────────────────────────────
class Forgetful:
    """Plans anew each time, as a calendar feed without a database does."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary

    def plan(self, kind: Kind) -> FollowUp:
        new = plan_follow_ups(evolve(self.diary.campaign, follow_ups=())).new
        (found,) = [one for one in new if one.kind == kind]
        return found

    def moves(self, kind: Kind, *tellings: tuple[Event, datetime, UUID]) -> None:
        """What is told moves the due, and with it the revision."""
        before = self.plan(kind)
        for event, when, talk in tellings:
            self.diary.tell(event, when, talk)
        after = self.plan(kind)
        assert after.id == before.id
        assert after.due != before.due
        assert after.revision > before.revision


def test_a_corrected_request_raises_the_revision() -> None:
    """A nudge moved in the calendar of nobody: its SEQUENCE stood still."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    Forgetful(diary).moves(Kind.NUDGE, (Corrected(0), at(TUE), TALK), (Requested(), at(TUE, 13), TALK))


def test_a_corrected_debrief_raises_the_revision() -> None:
    """As above, for what a name owes."""
    diary = named(BEN)
    amended = Debriefed(Debrief(referrals=("Ben Okafor",), surprises="None."))
    diary.tell(amended, at(date(2026, 3, 20)))
    Forgetful(diary).moves(Kind.CONTACT_REFERRAL, (Corrected(2), at(date(2026, 3, 21)), TALK))


def test_another_place_on_short_notice_raises_the_revision() -> None:
    """The meeting's own SEQUENCE stands still when only the place changes, and so did what is due then."""
    diary = Diary()
    diary.tell(Scheduled(meeting(FRI)), at(MON))
    Forgetful(diary).moves(Kind.PREPARE, (Rescheduled(evolve(meeting(FRI), place="Room 2")), at(THU), TALK))
    assert diary.campaign.interview(TALK).sequence == 0


def test_a_talk_with_whom_was_named_raises_the_revision() -> None:
    """A report back moved in the calendar of nobody."""
    diary = named()
    forgetful = Forgetful(diary)
    forgetful.moves(Kind.REPORT_BACK, (Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER))
    forgetful.moves(Kind.REPORT_BACK, (Cancelled(Party.THEM), at(date(2026, 3, 13)), OTHER))


def test_another_giver_of_a_name_raises_the_revision() -> None:
    """Amending who had given a name lost its person, and with them all that had been counted."""
    diary = named()
    diary.tell(Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER)
    by_cy = Debriefed(Debrief(referrals=(Referral("Ben Okafor", given_by=CY.id),)))
    Forgetful(diary).moves(Kind.REPORT_BACK, (by_cy, at(date(2026, 3, 13)), TALK))


def test_another_person_behind_a_name_raises_the_revision() -> None:
    """As above, where the name was linked with a contact of another name."""
    diary = named(BEN, second_talk(BEN), referral=Referral("Benny", contact_id=BEN.id))
    forgetful = Forgetful(diary)
    forgetful.moves(Kind.REPORT_BACK, (Scheduled(meeting(date(2026, 4, 10))), at(date(2026, 3, 12)), OTHER))
    unlinked = Debriefed(Debrief(referrals=("Benny",)))
    forgetful.moves(Kind.REPORT_BACK, (unlinked, at(date(2026, 3, 13)), TALK))


def test_a_revision_is_never_below_the_talks() -> None:
    """A host that began to keep follow-ups after it had fed a calendar fell behind what the calendar knew."""
    diary = prepared()
    old = diary.one(Kind.PREPARE)
    for day in (24, 25, 26, 27):
        diary.tell(Rescheduled(meeting(date(2026, 3, day))), at(TUE, day))
    diary.know(old)
    assert diary.one(Kind.PREPARE).revision >= diary.campaign.interview(TALK).sequence == 4


# ── settling ─────────────────────────────────────────────────────────────────────────────────────
def prepared() -> Diary:
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    return diary


def test_completing_and_waiving_keep_when_and_why() -> None:
    """What was done could not be told from what was let be."""
    one = prepared().one(Kind.PREPARE)
    done = complete(one, at=at(TUE))
    assert (done.status, done.settled_at, done.revision, done.revised_at) == (
        Status.DONE,
        at(TUE),
        one.revision + 1,
        at(TUE).astimezone(UTC),
    )
    let_be = waive(one, reason="I know her work", at=at(TUE))
    assert (let_be.status, let_be.settled_at, let_be.reason) == (Status.WAIVED, at(TUE), "I know her work")
    assert complete(done, at=at(WED)) is done
    assert waive(let_be, reason="another", at=at(WED)) is let_be


def test_nothing_settled_is_settled_otherwise() -> None:
    """Something done became waived, or the other way round."""
    one = prepared().one(Kind.PREPARE)
    with pytest.raises(InvalidValue, match="nothing settled is undone"):
        waive(complete(one, at=at(TUE)), reason="no", at=at(WED))
    with pytest.raises(InvalidValue, match="nothing settled is undone"):
        complete(waive(one, reason="no", at=at(TUE)), at=at(WED))


def test_waiving_needs_a_reason() -> None:
    """An obligation was let be without a word."""
    with pytest.raises(InvalidValue, match="reason"):
        waive(prepared().one(Kind.PREPARE), reason="  ", at=at(TUE))


def test_what_no_longer_waits_can_still_be_done() -> None:
    """Thanks sent after all could not be noted."""
    diary = prepared()
    diary.tell(Cancelled(Party.THEM), at(TUE))
    done = complete(diary.one(Kind.PREPARE), at=at(WED))
    diary.know(done)
    assert diary.one(Kind.PREPARE) == done


@pytest.mark.parametrize("moment", [datetime(2026, 3, 3), "2026-03-03", date(2026, 3, 3), None])
def test_settling_needs_a_zoned_time(moment: Any) -> None:
    """A time was guessed, or a wrong value escaped as an AttributeError."""
    one = prepared().one(Kind.PREPARE)
    for settle in (complete, lambda f, at: waive(f, reason="no", at=at), lambda f, at: postpone(f, SAT, at=at)):
        with pytest.raises((NaiveTime, InvalidValue)):
            settle(evolve(one, due=MON), at=moment)


# ── putting off ──────────────────────────────────────────────────────────────────────────────────
def test_planning_keeps_to_what_was_put_off() -> None:
    """The next event took the explorer's own day away."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    thanks = diary.one(Kind.THANK_YOU)
    diary.know(postpone(thanks, date(2026, 3, 13), at=at(date(2026, 3, 11))))
    diary.debriefed(date(2026, 3, 11))
    later = diary.one(Kind.THANK_YOU)
    assert (later.due, later.due_at, later.postponed_until) == (date(2026, 3, 13), None, date(2026, 3, 13))
    assert later.revision == thanks.revision + 1


def test_a_talk_that_moves_past_the_day_takes_over() -> None:
    """A day put off to lay before the rule's own."""
    diary = prepared()
    diary.know(postpone(diary.one(Kind.PREPARE), date(2026, 3, 19), at=at(TUE)))
    diary.tell(Rescheduled(meeting(date(2026, 3, 27))), at(WED))
    assert diary.one(Kind.PREPARE).due == date(2026, 3, 25)


def test_preparation_is_not_put_off_past_the_talk() -> None:
    """A talk moved forward was to be prepared when it was over."""
    diary = prepared()
    diary.know(postpone(diary.one(Kind.PREPARE), date(2026, 3, 19), at=at(TUE)))
    assert diary.one(Kind.PREPARE).due == date(2026, 3, 19)
    diary.tell(Rescheduled(meeting(date(2026, 3, 12))), at(WED))
    assert diary.one(Kind.PREPARE).due == date(2026, 3, 12)


def test_putting_off_twice_the_same_is_once() -> None:
    """A double click raised the revision twice."""
    one = postpone(prepared().one(Kind.PREPARE), date(2026, 3, 19), at=at(TUE))
    assert postpone(one, date(2026, 3, 19), at=at(WED)) is one
    assert postpone(one, date(2026, 3, 18), at=at(WED)).due == date(2026, 3, 18)


@pytest.mark.parametrize("until", [date(2026, 3, 17), datetime(2026, 3, 19, tzinfo=UTC), "2026-03-19", None])
def test_putting_off_is_to_a_later_day(until: Any) -> None:
    """An earlier day was accepted and silently forgotten at the next planning; or a wrong value escaped as a TypeError."""
    with pytest.raises(InvalidValue):
        postpone(prepared().one(Kind.PREPARE), until, at=at(TUE))


def test_only_what_is_open_is_put_off() -> None:
    """Something done got a new day."""
    with pytest.raises(InvalidValue, match="only an open one"):
        postpone(complete(prepared().one(Kind.PREPARE), at=at(TUE)), date(2026, 3, 19), at=at(TUE))


# ── what planning leaves alone ───────────────────────────────────────────────────────────────────
LEFT_ALONE: Mapping[str, FollowUp] = {
    "made by hand": FollowUp(id=derive_id(1), kind=Kind.NUDGE, due=MON, interview_id=TALK, contact_id=ANA.id),
    "no rule here": FollowUp(
        id=derive_id(2), kind=Kind.stored("acme:gift"), due=MON, interview_id=TALK, anchor=f"interview:{TALK}:end"
    ),
    "another talk's": FollowUp(
        id=derive_id(3), kind=Kind.NUDGE, due=MON, interview_id=OTHER, anchor=f"interview:{OTHER}:requested"
    ),
    "of nobody here": FollowUp(
        id=derive_id(4),
        kind=Kind.KEEP_IN_TOUCH,
        due=MON,
        contact_id=derive_id("stranger"),
        anchor=f"contact:{derive_id('stranger')}:last-touch",
    ),
    "of nothing": FollowUp(id=derive_id(5), kind=Kind.KEEP_IN_TOUCH, due=MON, anchor="contact:gone:last-touch"),
}


@pytest.mark.parametrize("why", LEFT_ALONE)
def test_what_is_not_its_own_is_left_alone(why: str) -> None:
    """Planning did away with what it had not planned."""
    diary = Diary(LEFT_ALONE[why])
    diary.tell(Requested(), at(MON))
    diary.tell(Declined(), at(TUE))
    assert next(one for one in diary.campaign.follow_ups if one.id == LEFT_ALONE[why].id) == LEFT_ALONE[why]


def test_a_talk_with_an_unknown_event_is_left_alone() -> None:
    """An older infoint undid what a newer one had planned for a state it alone knows."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    talk = diary.campaign.interview(TALK)
    paused = evolve(talk, history=(*talk.history, HistoryEntry(at(TUE), UnknownEvent("pause", {}))))
    moved = evolve(diary.one(Kind.NUDGE), due=date(2026, 9, 1))
    assert not diary.know(paused, moved)
    assert not diary.know(evolve(moved, status=Status.OBSOLETE))


def test_two_left_from_a_merge_become_one() -> None:
    """After two contacts were merged, the same thing was owed twice."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    thanks = diary.one(Kind.THANK_YOU)
    diary.know(evolve(thanks, id=derive_id("the duplicate's")))
    assert diary.open(Kind.THANK_YOU) == [thanks]


def test_a_history_of_settled_ones_with_gaps_never_gives_an_id_twice() -> None:
    """A host that had thrown an old one away got the id of a done one again, and lost the new one."""
    diary = prepared()
    diary.know(complete(diary.one(Kind.CONFIRM), at=at(TUE)))
    diary.tell(Rescheduled(meeting(date(2026, 3, 24))), at(WED))
    first, second = diary.all(Kind.CONFIRM)
    diary.know(complete(second, at=at(THU)))
    diary.campaign = evolve(diary.campaign, follow_ups=tuple(one for one in diary.campaign.follow_ups if one.id != first.id))
    diary.tell(Rescheduled(meeting(date(2026, 3, 26))), at(FRI))
    (third,) = diary.open(Kind.CONFIRM)
    assert third.id not in {first.id, second.id}


# ── rules of others ──────────────────────────────────────────────────────────────────────────────
def planned_by(rule: FollowUpRule, diary: Diary) -> list[FollowUp]:
    """What one rule alone wants."""
    plan = plan_follow_ups(evolve(diary.campaign, follow_ups=()), policy=evolve(default_policy(), follow_up_rules=(rule,)))
    assert not plan_follow_ups(
        evolve(diary.campaign, follow_ups=plan.new), policy=evolve(default_policy(), follow_up_rules=(rule,))
    )
    return list(plan.new)


GIFT = FollowUpRule(
    kind=Kind("acme:gift"),
    anchor=Anchor.END,
    offset=Offset(days=1),
    during=MET,
    summary="{contact}, {referral}, {organization}, {field}",
)


@pytest.mark.parametrize("anchor", [Anchor.END, Anchor.START, Anchor.DEBRIEFED, Anchor.LAST_TOUCH, Anchor.REQUESTED])
@pytest.mark.parametrize("per", [Per.REFERRAL, Per.REFERRED])
def test_a_rule_per_referral_makes_one_for_each(anchor: Anchor, per: Per) -> None:
    """Two names given in one talk were one."""
    diary = Diary(evolve(BEN, referred_by=ANA.id), evolve(CY, referred_by=ANA.id))
    diary.tell(Requested(), at(MON))
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), "Ben Okafor", "Cy Lind")
    diary.touch(BEN, at(date(2026, 3, 10)))
    diary.touch(CY, at(date(2026, 3, 10)))
    assert len(planned_by(evolve(GIFT, per=per, anchor=anchor), diary)) == 2


def test_an_offset_in_minutes_gives_a_moment() -> None:
    """Minutes before a start were counted by the clock face, or lost."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 29), 3.25)), at(MON))  # a quarter past the hour that was skipped
    (one,) = planned_by(
        evolve(GIFT, anchor=Anchor.START, offset=Offset(minutes=-30), during=frozenset({InterviewStatus.SCHEDULED})), diary
    )
    assert one.due_at == datetime(2026, 3, 29, 0, 45, tzinfo=UTC)


def test_a_moment_is_never_before_its_cause() -> None:
    """An alarm for a talk just set, or thanks for one told weeks later, were due before anybody knew of it."""
    diary = Diary()
    diary.tell(Scheduled(meeting(MON, 15)), at(MON, 14.75))
    during = frozenset({InterviewStatus.SCHEDULED})
    (alarm,) = planned_by(evolve(GIFT, anchor=Anchor.START, offset=Offset(minutes=-30), during=during), diary)
    assert alarm.due_at == at(MON, 14.75)
    told_late = Diary()
    told_late.tell(Scheduled(meeting(MON)), at(date(2026, 3, 20)))
    told_late.tell(Held(), at(date(2026, 3, 20)))
    assert told_late.one(Kind.THANK_YOU).due_at == at(date(2026, 3, 20))
    assert told_late.one(Kind.DEBRIEF).due == date(2026, 3, 20)


def test_a_decision_is_told_to_each_person_once() -> None:
    """News went twice to somebody met twice; or before there were any."""
    field = Exploration(id=derive_id("field"), subject="UX research")
    talks = (
        Interview(id=TALK, contact_ids=(ANA.id,), exploration_id=field.id),
        Interview(id=OTHER, contact_ids=(ANA.id, BEN.id), exploration_id=field.id),
    )
    diary = Diary(field, *talks)
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 17), talk=OTHER)
    news = evolve(GIFT, anchor=Anchor.DECISION, per=Per.PERSON)
    assert planned_by(news, diary) == []
    diary.know(evolve(field, decision=Decision(outcome=Outcome.PURSUE, at=at(date(2026, 4, 1)), evidence=(TALK,))))
    told = planned_by(news, diary)
    assert {one.contact_id for one in told} == {ANA.id, BEN.id}
    assert len(told) == 2
    assert {one.due for one in told} == {date(2026, 4, 2)}
    assert told[0].summary.endswith("UX research")
    assert len(planned_by(evolve(news, per=Per.INTERVIEW), diary)) == 2


def test_the_words_do_not_depend_on_the_order_of_talks() -> None:
    """Of two talks with one person, the one that stood first in the database gave its field."""
    fields = [Exploration(id=derive_id("field", subject), subject=subject) for subject in ("UX", "Law")]
    talks = [
        Interview(id=id, contact_ids=(ANA.id,), exploration_id=field.id)
        for id, field in zip((TALK, OTHER), fields, strict=True)
    ]
    diary = Diary(*fields, *talks)
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 4, 14), talk=OTHER)
    rule = evolve(GIFT, anchor=Anchor.LAST_TOUCH, per=Per.PERSON)
    before = planned_by(rule, diary)
    diary.campaign = evolve(diary.campaign, interviews=tuple(reversed(diary.campaign.interviews)))
    assert planned_by(rule, diary) == before


def test_an_anchor_that_has_not_come_about_wants_nothing() -> None:
    """A follow-up hung on something that never happened."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    for anchor in (Anchor.REQUESTED, Anchor.ACCEPTED, Anchor.DEBRIEFED, Anchor.REFERRED_TALK_END, Anchor.DECISION):
        per = Per.REFERRAL if anchor is Anchor.REFERRED_TALK_END else GIFT.per
        assert planned_by(evolve(GIFT, anchor=anchor, per=per), diary) == []
    asked = Diary()
    asked.tell(Requested(), at(MON))
    during = frozenset({InterviewStatus.REQUESTED})
    for anchor in (Anchor.START, Anchor.END, Anchor.LAST_TOUCH):
        assert planned_by(evolve(GIFT, anchor=anchor, during=during), asked) == []


def test_a_second_deadline_keeps_the_follow_up() -> None:
    """When its anchor came about at last, a follow-up was replaced by another instead of moving."""
    rule = evolve(
        GIFT,
        anchor=Anchor.ACCEPTED,
        otherwise=Deadline(Anchor.REQUESTED, Offset(days=5)),
        during=frozenset({InterviewStatus.REQUESTED, InterviewStatus.ACCEPTED}),
    )
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(rule,)))
    diary.tell(Requested(), at(MON))
    before = diary.one(rule.kind)
    diary.tell(Accepted(), at(TUE))
    after = diary.one(rule.kind)
    assert (before.id, before.due, after.due) == (after.id, date(2026, 3, 7), WED)


def test_a_rule_for_the_last_touch_follows_a_talk_too() -> None:
    """A rule per talk lost its person, or what is not a message never ended."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    rule = evolve(GIFT, anchor=Anchor.LAST_TOUCH)
    (one,) = planned_by(rule, diary)
    assert (one.due, one.interview_id) == (date(2026, 3, 11), None)
    policy = evolve(default_policy(), follow_up_rules=(rule,))
    done = evolve(diary.campaign, follow_ups=(complete(one, at=at(date(2026, 3, 12))),))
    assert not plan_follow_ups(done, policy=policy)


def test_a_talk_without_people_met_is_planned_all_the_same() -> None:
    """A history from elsewhere that goes back before the talk after a debrief broke planning."""
    debrief = Debriefed(Debrief(referrals=("Dee Ito",)))
    talk = Interview(
        id=TALK,
        contact_ids=(ANA.id,),
        history=(HistoryEntry(at(MON), debrief), HistoryEntry(at(TUE), Scheduled(meeting(FRI)))),
    )
    rule = evolve(GIFT, per=Per.REFERRAL, anchor=Anchor.DEBRIEFED, during=frozenset({InterviewStatus.SCHEDULED}))
    (one,) = planned_by(rule, Diary(talk))
    assert one.contact_id == ANA.id


def test_a_history_from_elsewhere_without_times_is_planned() -> None:
    """A talk imported as held, without the date that was agreed, broke planning."""
    talk = Interview(id=TALK, contact_ids=(ANA.id,), history=(HistoryEntry(at(MON), Held()),))
    plan = Diary(talk).know()
    assert [one.kind for one in plan.new] == [Kind.KEEP_IN_TOUCH]
    assert plan.new[0].due == date(2026, 6, 2)


def test_a_changed_rule_reaches_what_is_open() -> None:
    """An app that made something obligatory did so for new talks only."""
    diary = prepared()
    rules = tuple(
        evolve(rule, offset=Offset(days=-4), obligatory=True) if rule.kind == Kind.PREPARE else rule
        for rule in default_policy().follow_up_rules
    )
    diary.policy = evolve(default_policy(), follow_up_rules=rules)
    diary.know()
    assert (diary.one(Kind.PREPARE).due, diary.one(Kind.PREPARE).obligatory) == (date(2026, 3, 16), True)


# ── who is missing ───────────────────────────────────────────────────────────────────────────────
def test_people_the_campaign_does_not_hold_are_named() -> None:
    """A missing contact escaped as a KeyError, or its follow-ups were left out."""
    diary = Diary(Interview(id=TALK, contact_ids=(derive_id("stranger"),)))
    with pytest.raises(NotFound, match="including"):
        diary.tell(Requested(), at(MON))


def test_a_talk_without_identity_is_refused() -> None:
    """Follow-ups of two drafts shared their ids."""
    with pytest.raises(MissingId):
        record(Interview(contact_ids=(ANA.id,)), Requested(), Diary().campaign, at=at(MON))


def test_a_follow_up_that_outlives_its_contact_can_still_be_moved() -> None:
    """A row whose contact a host does not put in broke planning."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    stranger = evolve(diary.one(Kind.THANK_YOU), id=derive_id("x"), contact_id=derive_id("stranger"))
    diary.know(stranger)
    assert {one.id: one.status for one in diary.all(Kind.THANK_YOU)}[stranger.id] is Status.OBSOLETE


# ── what is due ──────────────────────────────────────────────────────────────────────────────────
def test_what_is_due_comes_the_most_overdue_first() -> None:
    """What had waited longest stood last, or what was settled was shown."""
    diary = Diary(second_talk(BEN))
    diary.held(date(2026, 3, 10))
    diary.tell(Requested(), at(MON), OTHER)
    items = due(diary.campaign, on=date(2026, 3, 12), within=timedelta(days=90))
    assert [(item.follow_up.kind, item.overdue_by) for item in items] == [
        (Kind.DEBRIEF, 2),
        (Kind.THANK_YOU, 1),
        (Kind.NUDGE, 1),
        (Kind.KEEP_IN_TOUCH, -90),
    ]
    assert [item.contact for item in items] == [ANA, ANA, BEN, ANA]
    assert [item.interview and item.interview.id for item in items] == [TALK, TALK, OTHER, None]
    assert [str(item) for item in items] == [
        "2 days overdue  Write down what Ana Ruiz told you",
        "1 day overdue   Thank Ana Ruiz",
        "1 day overdue   Ask Ben Okafor once more",
        "on 2026-06-10   Keep in touch with Ana Ruiz",
    ]


def test_within_is_counted_in_days() -> None:
    """Tomorrow's was shown today, or today's was not."""
    campaign = Diary(
        FollowUp(id=derive_id(1), kind=Kind.SHARE_ARTICLE, due=TUE),
        FollowUp(id=derive_id(2), kind=Kind.ASK_ADVICE, due=MON, summary="Ask about the offer"),
    ).campaign
    assert [str(item) for item in due(campaign, on=MON)] == ["today           Ask about the offer"]
    assert len(due(campaign, on=MON, within=timedelta(hours=23))) == 1
    assert [str(item) for item in due(campaign, on=MON, within=timedelta(days=1))][1] == "tomorrow        Share article"
    assert due(campaign, on=date(2026, 3, 1)) == ()


@pytest.mark.parametrize("on", [datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02", None])
def test_a_day_is_a_date(on: Any) -> None:
    """A datetime was compared with dates, which is a TypeError far from the mistake."""
    with pytest.raises(InvalidValue, match=r"due\.on"):
        due(Diary().campaign, on=on)
