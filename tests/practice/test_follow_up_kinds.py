"""The kinds of follow-up that ask, promise, advise and come round: when each is due, what ends it, and for whom."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import Answer, Debrief, Direction, Domain, Insight, Promise, Topic
from infoint.errors import InvalidValue, NotFound, PluginError
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Party
from infoint.model.events import (
    Accepted,
    Cancelled,
    Corrected,
    Debriefed,
    Declined,
    Event,
    GaveUp,
    Held,
    Requested,
    Rescheduled,
    Scheduled,
)
from infoint.model.exploration import Decision, Exploration, Outcome
from infoint.model.follow_up import FollowUp, FollowUpKind as Kind, FollowUpStatus as Status
from infoint.model.identity import derive_id
from infoint.model.interview import MET, AgendaItem, Interview, InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Question, QuestionCategory
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
    Said,
    TagRule,
    complete,
    default_policy,
    plan_follow_ups,
    postpone,
    record,
    waive,
)

MADRID = "Europe/Madrid"
UX = Exploration(id=derive_id("ux"), subject="UX research")
LAW = Exploration(id=derive_id("law"), subject="Law")
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor")
TALK, OTHER = derive_id("talk"), derive_id("other talk")
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 3, day) for day in range(2, 9))
HELD_ON = date(2026, 1, 31)
"""A day that most months do not have."""


def at(day: date, hour: float = 12, zone: str = MADRID) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(hours=hour)


def meeting(day: date, hour: float = 15, format: MeetingFormat = MeetingFormat.PHONE, zone: str = MADRID) -> Meeting:
    return Meeting(start=at(day, hour, zone), format=format)


class Diary:
    """One explorer's campaign, kept as a host keeps it. Each step checks that planning twice is planning once."""

    def __init__(self, *facts: Any, zone: str = MADRID, policy: Policy | None = None) -> None:
        self.policy = policy
        talk = Interview(id=TALK, contact_ids=(ANA.id,), exploration_id=UX.id)
        self.campaign = Campaign(profile=Profile(zone=zone)).including(UX, LAW, ANA, BEN, talk, *facts)

    def tell(self, event: Event, when: datetime, talk: UUID = TALK) -> None:
        step = record(self.campaign.interview(talk), event, self.campaign, at=when, policy=self.policy)
        self.keep(step.interview, *step.follow_ups.new, *step.follow_ups.changed)

    def know(self, *facts: Any) -> FollowUpPlan:
        self.keep(*facts)
        plan = plan_follow_ups(self.campaign, policy=self.policy)
        self.keep(*plan.new, *plan.changed)
        assert not plan_follow_ups(self.campaign, policy=self.policy)
        return plan

    def keep(self, *facts: Any) -> None:
        self.campaign = self.campaign.including(*facts)

    def held(self, day: date, *met: Contact, talk: UUID = TALK) -> None:
        self.tell(Scheduled(meeting(day)), at(day - timedelta(days=5)), talk)
        self.tell(Held(tuple(one.id for one in met)), at(day, 15.5), talk)

    def debriefed(self, day: date, talk: UUID = TALK, **brought: Any) -> None:
        self.tell(Debriefed(Debrief(**brought)), at(day, 18), talk)

    def touch(self, kind: TouchKind, when: datetime, person: Contact = ANA, **fields: Any) -> Touch:
        touch = Touch(id=derive_id("touch", kind, when.isoformat()), contact_id=person.id, at=when, kind=kind, **fields)
        self.know(touch)
        return touch

    def all(self, kind: Kind) -> list[FollowUp]:
        found = [one for one in self.campaign.follow_ups if one.kind == kind]
        return sorted(found, key=lambda one: (one.occurrence, one.summary, one.id))

    def open(self, kind: Kind) -> list[FollowUp]:
        return [one for one in self.all(kind) if one.status is Status.OPEN]

    def one(self, kind: Kind) -> FollowUp:
        (found,) = self.all(kind)
        return found


def switched_on(*kinds: Kind) -> Policy:
    return default_policy().turn_on(*kinds)


# ── NUDGE, ALTERNATE, GIVE_UP, PICK_TIME ─────────────────────────────────────────────────────────
def test_a_nudge_comes_once_whatever_is_corrected() -> None:
    """A request told anew after the nudge brought a second one: whoever does not answer twice has answered."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.know(complete(diary.one(Kind.NUDGE), at=at(date(2026, 3, 11))))
    diary.tell(Corrected(0), at(date(2026, 3, 12)))
    diary.tell(Requested(), at(date(2026, 3, 12), 13))
    assert [one.status for one in diary.all(Kind.NUDGE)] == [Status.DONE]


def test_giving_up_is_thought_of_seven_business_days_after_the_nudge_was_done() -> None:
    """A thread hung for ever; or one was to give up before having asked again, or counted from when the nudge was due."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    assert diary.all(Kind.GIVE_UP) == []
    diary.know(complete(diary.one(Kind.NUDGE), at=at(date(2026, 3, 14))))  # a Saturday
    hint = diary.one(Kind.GIVE_UP)
    assert (hint.due, hint.interview_id, hint.contact_id) == (date(2026, 3, 24), TALK, ANA.id)
    assert hint.anchor == f"interview:{TALK}:nudge"


@pytest.mark.parametrize("reply", [Accepted(), Declined(), GaveUp(), Scheduled(meeting(date(2026, 3, 30)))])
def test_any_reply_ends_the_hint_to_give_up(reply: Event) -> None:
    """Somebody who had answered was to be given up."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.know(complete(diary.one(Kind.NUDGE), at=at(date(2026, 3, 11))))
    diary.tell(reply, at(date(2026, 3, 12)))
    assert diary.one(Kind.GIVE_UP).status is Status.OBSOLETE


def test_a_nudge_let_be_asks_for_nothing_more() -> None:
    """Waiting was counted from a nudge that was never sent."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.know(waive(diary.one(Kind.NUDGE), reason="she is ill", at=at(TUE)))
    assert diary.all(Kind.GIVE_UP) == []


def test_somebody_else_is_thought_of_only_where_it_is_switched_on() -> None:
    """An opt-in kind came by itself, or did not come when asked for."""
    diary = Diary()
    diary.tell(Requested(), at(FRI))
    assert diary.all(Kind.ALTERNATE) == []
    diary.policy = switched_on(Kind.ALTERNATE)
    diary.know()
    assert diary.one(Kind.ALTERNATE).due == date(2026, 3, 11)
    diary.tell(Declined(), at(date(2026, 3, 9)))
    assert diary.one(Kind.ALTERNATE).status is Status.OBSOLETE


def test_a_yes_without_a_date_asks_for_one_after_two_business_days() -> None:
    """A yes without a date died; or its reminder outlived the date."""
    diary = Diary()
    diary.tell(Requested(), at(MON))
    diary.tell(Accepted(), at(THU))
    assert diary.one(Kind.PICK_TIME).due == date(2026, 3, 9)
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(FRI))
    assert diary.one(Kind.PICK_TIME).status is Status.OBSOLETE


# ── switching ────────────────────────────────────────────────────────────────────────────────────
def test_a_kind_switched_off_is_wanted_no_more() -> None:
    """What the explorer does not want stayed open, or was undone where it was done."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.know(complete(diary.open(Kind.THANK_YOU)[0], at=at(date(2026, 3, 11))))
    diary.policy = default_policy().turn_off(Kind.UPDATE, Kind.THANK_YOU)
    diary.know()
    assert diary.one(Kind.UPDATE).status is Status.OBSOLETE
    assert diary.one(Kind.THANK_YOU).status is Status.DONE
    diary.policy = diary.policy.turn_on(Kind.UPDATE)
    diary.know()
    assert diary.one(Kind.UPDATE).status is Status.OPEN


@pytest.mark.parametrize("kind", [Kind.SHARE_ARTICLE, Kind("acme:gift")])
def test_only_what_has_a_rule_is_switched(kind: Kind) -> None:
    """A slip in a kind's name switched nothing and said nothing."""
    with pytest.raises(NotFound, match="with_rules"):
        default_policy().turn_on(kind)
    with pytest.raises(NotFound, match="with_rules"):
        default_policy().turn_off(kind)


# ── ARRIVE ───────────────────────────────────────────────────────────────────────────────────────
ARRIVING = switched_on(Kind.ARRIVE)


def test_arriving_is_the_meetings_alarm_and_no_entry_of_its_own() -> None:
    """What the alarm in the calendar says anyway stood in every list a second time."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    assert diary.all(Kind.ARRIVE) == []


@pytest.mark.parametrize(("format", "minutes"), [("in-person", 15), ("video", 5), ("phone", 5)])
def test_one_arrives_fifteen_minutes_early_and_is_online_five(format: str, minutes: int) -> None:
    """One came late to the door, or sat before a camera for a quarter of an hour."""
    diary = Diary(policy=ARRIVING)
    diary.tell(Scheduled(meeting(date(2026, 3, 20), format=MeetingFormat(format))), at(MON))
    assert diary.one(Kind.ARRIVE).due_at == at(date(2026, 3, 20), 15) - timedelta(minutes=minutes)


def travelling(talk: Interview) -> timedelta:
    there = talk.meeting is not None and talk.meeting.format is MeetingFormat.IN_PERSON
    return timedelta(minutes=40) if there else timedelta(0)


def with_travel(ahead: Any) -> Policy:
    rule = ARRIVING.rule(Kind.ARRIVE)
    assert rule is not None
    return ARRIVING.with_rules(evolve(rule, ahead=ahead, replaces=True))


@pytest.mark.parametrize(("format", "minutes"), [("in-person", 55), ("video", 5)])
def test_the_way_there_is_added(format: str, minutes: int) -> None:
    """One set out when one should have been there."""
    diary = Diary(policy=with_travel(travelling))
    diary.tell(Scheduled(meeting(date(2026, 3, 20), format=MeetingFormat(format))), at(MON))
    assert diary.one(Kind.ARRIVE).due_at == at(date(2026, 3, 20), 15) - timedelta(minutes=minutes)


def test_a_way_that_cannot_be_told_is_the_plugins_error() -> None:
    """A plugin's slip escaped as a bare ZeroDivisionError."""
    diary = Diary(policy=with_travel(lambda _: timedelta(minutes=1 / 0)))
    with pytest.raises(PluginError, match="ahead"):
        diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))


def test_the_way_makes_no_day_earlier() -> None:
    """A rule in days was moved by minutes, and lost its day."""
    rule = default_policy().rule(Kind.PREPARE)
    assert rule is not None
    diary = Diary(policy=default_policy().with_rules(evolve(rule, ahead=travelling, replaces=True)))
    diary.tell(Scheduled(meeting(date(2026, 3, 20), format=MeetingFormat.IN_PERSON)), at(MON))
    assert diary.one(Kind.PREPARE).due == date(2026, 3, 18)


# ── promises ─────────────────────────────────────────────────────────────────────────────────────
SLIDES, PAPER = Promise("Send the slides", due=date(2026, 3, 16)), Promise("Read her paper")
REPORT = Promise("Look for the report", Party.THEM)


def promised(*promises: Promise, people: tuple[Contact, ...] = (ANA,), policy: Policy | None = None) -> Diary:
    diary = Diary(Interview(id=TALK, contact_ids=tuple(one.id for one in people), exploration_id=UX.id), *people, policy=policy)
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), promises=promises)
    return diary


def test_a_promise_of_mine_is_due_on_its_day_or_a_week_after_the_debrief() -> None:
    """A promise was forgotten, or due on a day nobody had named."""
    diary = promised(SLIDES, PAPER)
    assert {one.summary: (one.due, one.contact_id, one.interview_id) for one in diary.all(Kind.KEEP_PROMISE)} == {
        "Keep your promise to Ana Ruiz: Send the slides": (date(2026, 3, 16), ANA.id, TALK),
        "Keep your promise to Ana Ruiz: Read her paper": (date(2026, 3, 17), ANA.id, TALK),
    }
    assert diary.all(Kind.AWAIT_PROMISE) == []


def test_a_promise_of_theirs_is_looked_after_later() -> None:
    """One never noticed that something had not come; or was to write it oneself."""
    diary = promised(REPORT, evolve(REPORT, text="Ask his boss", due=date(2026, 3, 13)))
    dues = {one.summary: one.due for one in diary.all(Kind.AWAIT_PROMISE)}
    assert dues == {
        "See whether it has come from Ana Ruiz: Look for the report": date(2026, 3, 24),
        "See whether it has come from Ana Ruiz: Ask his boss": date(2026, 3, 18),
    }
    assert diary.all(Kind.KEEP_PROMISE) == []


def test_a_promise_due_before_it_was_written_down_is_due_then() -> None:
    """A promise for a day gone by was overdue the moment it was noted."""
    assert promised(evolve(SLIDES, due=date(2026, 3, 1))).one(Kind.KEEP_PROMISE).due == date(2026, 3, 10)


def test_a_promise_amended_away_is_obsolete_and_a_kept_one_stays() -> None:
    """Something that was never promised stayed owed; or something done was undone."""
    diary = promised(SLIDES, PAPER)
    paper, slides = diary.all(Kind.KEEP_PROMISE)
    done = complete(slides, at=at(date(2026, 3, 11)))
    diary.know(done)
    diary.debriefed(date(2026, 3, 12))
    kept = {one.id: one for one in diary.all(Kind.KEEP_PROMISE)}
    assert kept[done.id] == done
    assert kept[paper.id].status is Status.OBSOLETE
    diary.debriefed(date(2026, 3, 13), promises=(PAPER, SLIDES))
    assert {one.id: one.status for one in diary.all(Kind.KEEP_PROMISE)} == {done.id: Status.DONE, paper.id: Status.OPEN}


def test_another_day_moves_a_promise_and_other_words_make_another() -> None:
    """A promise put off came twice; or a host that keeps nothing showed the old day for ever."""
    diary = promised(SLIDES)
    before = diary.one(Kind.KEEP_PROMISE)
    diary.debriefed(date(2026, 3, 11), promises=(evolve(SLIDES, text="send  the SLIDES", due=date(2026, 3, 20)),))
    after = diary.one(Kind.KEEP_PROMISE)
    assert (after.id, after.due) == (before.id, date(2026, 3, 20))
    assert after.revision > before.revision
    (bare,) = [one for one in plan_follow_ups(evolve(diary.campaign, follow_ups=())).new if one.kind == Kind.KEEP_PROMISE]
    assert bare.revision > before.revision
    diary.debriefed(date(2026, 3, 12), promises=(evolve(SLIDES, text="Send the video"),))
    assert len(diary.all(Kind.KEEP_PROMISE)) == 2


def test_one_thing_promised_twice_is_one_and_by_each_side_two() -> None:
    """The same promise was owed twice; or mine was taken for theirs."""
    diary = promised(SLIDES, SLIDES, evolve(SLIDES, by=Party.THEM))
    assert len(diary.all(Kind.KEEP_PROMISE)) == len(diary.all(Kind.AWAIT_PROMISE)) == 1


def test_of_one_promise_with_two_days_the_first_counts() -> None:
    """Which of two days was meant hung on chance."""
    assert promised(SLIDES, evolve(SLIDES, due=date(2026, 4, 1))).one(Kind.KEEP_PROMISE).due == date(2026, 3, 16)


def test_a_very_long_promise_fits() -> None:
    """A promise that fills its line made an anchor that does not fit, or two were one."""
    diary = promised(*(Promise("x" * 990 + end) for end in "ab"))
    assert len({one.anchor for one in diary.all(Kind.KEEP_PROMISE)}) == 2


def test_promises_go_to_all_who_were_there_and_not_to_who_must_not_be_contacted() -> None:
    """One of two was forgotten; or somebody was written to who asked not to be."""
    both = promised(SLIDES, people=(ANA, BEN)).one(Kind.KEEP_PROMISE)
    assert (both.contact_id, both.summary) == (ANA.id, "Keep your promise to Ana Ruiz and Ben Okafor: Send the slides")
    alone = promised(SLIDES, REPORT, people=(evolve(ANA, do_not_contact=True),))
    assert (len(alone.all(Kind.KEEP_PROMISE)), len(alone.all(Kind.AWAIT_PROMISE))) == (0, 1)


def test_the_days_for_a_promise_are_policy() -> None:
    """An app could not give its explorers two days."""
    rule = default_policy().rule(Kind.KEEP_PROMISE)
    assert rule is not None
    assert rule.otherwise is not None
    quick = evolve(rule, otherwise=evolve(rule.otherwise, offset=Offset(days=2)), replaces=True)
    assert promised(PAPER, policy=default_policy().with_rules(quick)).one(Kind.KEEP_PROMISE).due == date(2026, 3, 12)


# ── PROGRESS ─────────────────────────────────────────────────────────────────────────────────────
ADVICE = Insight("Do a small study of your own", Topic.USEFUL_EXPERIENCE)
FACT = Insight("Half the week is recruiting", Topic.TYPICAL_DAY)


def test_progress_is_told_a_week_after_advice_was_given() -> None:
    """Whoever gave advice never heard what came of it; or everybody was told of progress, advised or not."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), insights=(FACT,))
    assert diary.all(Kind.PROGRESS) == []
    diary.debriefed(date(2026, 3, 12), insights=(FACT, ADVICE))
    assert diary.one(Kind.PROGRESS).due == date(2026, 3, 19)  # from the debrief that first holds it
    diary.debriefed(date(2026, 3, 13), insights=(ADVICE,))
    assert diary.one(Kind.PROGRESS).due == date(2026, 3, 19)
    diary.debriefed(date(2026, 3, 14), insights=(FACT,))
    assert diary.one(Kind.PROGRESS).status is Status.OBSOLETE


def asked(domain: Domain, topic: Topic) -> Interview:
    question = Question(id="acme:q", text="What would you do?", category=QuestionCategory.PATH, topic=topic, domain=domain)
    return Interview(id=TALK, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id, agenda=(AgendaItem(question),))


@pytest.mark.parametrize(
    ("talk", "question", "said_by", "advised"),
    [
        (asked(Domain.ADVICE, Topic.DUTIES), "acme:q", None, ANA),
        (asked(Domain.ADVICE, Topic.DUTIES), "acme:q", BEN.id, BEN),
        (asked(Domain.PERSON, Topic.HINDSIGHT), "acme:q", None, ANA),
        (asked(Domain.PERSON, Topic.DUTIES), "acme:q", None, None),
        (asked(Domain.ADVICE, Topic.WHO_ELSE), "acme:q", None, None),  # a name: that is reported back on
        (asked(Domain.ADVICE, Topic.DUTIES), "gone:q", None, None),  # of a plugin that is not here
        (asked(Domain.FIELD, Topic.DUTIES), "advice-on-me.missing-training", None, ANA),  # not planned, but of the bank
    ],
)
def test_what_counts_as_advice(talk: Interview, question: str, said_by: UUID | None, advised: Contact | None) -> None:
    """An answer was no advice though the question asked for it, or was somebody else's."""
    diary = Diary(talk)
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), answers=(Answer(question, "Begin.", said_by),))
    assert [one.contact_id for one in diary.all(Kind.PROGRESS)] == ([advised.id] if advised else [])


def test_advice_is_whose_it_is() -> None:
    """Everybody in the room was told what came of one person's advice."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id))
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), insights=(evolve(ADVICE, said_by=BEN.id), FACT))
    assert [one.contact_id for one in diary.all(Kind.PROGRESS)] == [BEN.id]


def test_what_counts_as_advice_is_the_policys() -> None:
    """An app could not say what it takes for advice."""
    rule = default_policy().rule(Kind.PROGRESS)
    assert rule is not None
    said = Said(topics={Topic.TYPICAL_DAY, Topic.DUTIES}, except_topics={Topic.DUTIES})
    diary = Diary(policy=default_policy().with_rules(evolve(rule, said=said, replaces=True)))
    diary.held(date(2026, 3, 10))
    diary.debriefed(date(2026, 3, 10), insights=(ADVICE, Insight("Many", Topic.DUTIES)))
    assert diary.all(Kind.PROGRESS) == []
    diary.debriefed(date(2026, 3, 11), insights=(FACT,))
    assert len(diary.all(Kind.PROGRESS)) == 1


# ── UPDATE ───────────────────────────────────────────────────────────────────────────────────────
def rounds(diary: Diary, kind: Kind, count: int, early: int = 0) -> list[date]:
    """Days on which it comes round, each done so many days before it is due."""
    days = []
    for _ in range(count):
        (one,) = diary.open(kind)
        days.append(one.due)
        diary.know(complete(one, at=at(one.due - timedelta(days=early))))
    return days


@pytest.mark.parametrize("early", [0, 9])
def test_updates_come_monthly_from_the_anchor_and_do_not_drift(early: int) -> None:
    """After February, all that began on the 31st came on the 28th for ever; or what was done early came twice."""
    diary = Diary()
    diary.held(HELD_ON)
    ends = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]
    assert rounds(diary, Kind.UPDATE, 5, early) == ends
    assert [one.occurrence for one in diary.all(Kind.UPDATE)] == [0, 1, 2, 3, 4, 5]


def test_an_update_sent_late_skips_the_months_gone_by() -> None:
    """Whoever had been silent for half a year owed six letters at once."""
    diary = Diary()
    diary.held(HELD_ON)
    diary.know(complete(diary.one(Kind.UPDATE), at=at(date(2026, 6, 10))))
    assert [one.due for one in diary.open(Kind.UPDATE)] == [date(2026, 6, 30)]
    assert rounds(diary, Kind.UPDATE, 3, early=3) == [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (Offset(months=1), date(2026, 2, 28)),
        (Offset(months=120), date(2028, 2, 29)),
        (Offset(days=7), date(2026, 2, 9)),
        (Offset(business_days=1), date(2026, 2, 3)),
    ],
)
def test_a_round_of_a_talk_of_long_ago_is_found(offset: Offset, expected: date) -> None:
    """A talk of 1988 was told of, an update sent: the next would have been the 457th month, and from then on nothing could be planned
    or recorded any more. Or the thousands of rounds between were gone through one by one, from the beginning each.
    """
    update = default_policy().rule(Kind.UPDATE)
    assert update is not None
    diary = Diary(policy=default_policy().with_rules(evolve(update, offset=offset, replaces=True)))
    diary.held(date(1988, 2, 29))
    diary.know(complete(diary.one(Kind.UPDATE), at=at(date(2026, 2, 2))))
    assert [one.due for one in diary.open(Kind.UPDATE)] == [expected]


def test_an_update_put_off_past_the_next_is_that_one() -> None:
    """Put off into March, it came again on the day after."""
    diary = Diary()
    diary.held(HELD_ON)
    diary.know(postpone(diary.one(Kind.UPDATE), date(2026, 4, 2), at=at(date(2026, 2, 20))))
    assert rounds(diary, Kind.UPDATE, 2) == [date(2026, 4, 2), date(2026, 4, 30)]


def test_an_update_let_be_ends_them() -> None:
    """Who wanted no more updates for somebody had to waive one each month."""
    diary = Diary()
    diary.held(HELD_ON)
    diary.know(waive(diary.one(Kind.UPDATE), reason="she asked me to", at=at(date(2026, 2, 20))))
    assert diary.open(Kind.UPDATE) == []


@pytest.mark.parametrize(
    ("outcome", "ended", "wanted"),
    [
        (None, False, True),
        (Outcome.PURSUE, False, True),
        (Outcome.KEEP_OPEN, False, True),
        (Outcome.RULE_OUT, False, False),
        (None, True, False),
        (Outcome.PURSUE, True, False),
    ],
)
def test_updates_end_when_it_is_ruled_out_or_the_search_ends(outcome: Outcome | None, ended: bool, wanted: bool) -> None:
    """Letters went on about a path given up or a job found; or stopped while still looking."""
    diary = Diary()
    diary.held(HELD_ON)
    decision = Decision(outcome=outcome, at=at(date(2026, 2, 10)), evidence=(TALK,)) if outcome else None
    ended_at = at(date(2026, 2, 11)) if ended else None
    diary.know(evolve(UX, decision=decision, search_ended_at=ended_at))
    update = diary.one(Kind.UPDATE)
    assert (update.status is Status.OPEN) is wanted
    if not wanted:
        assert update.revised_at == max(filter(None, (decision and decision.at, ended_at))).astimezone(UTC)


def test_updates_are_one_series_for_each_person_in_an_exploration() -> None:
    """Two talks with one person made two letters a month; or two explorations made one."""
    second, third = (
        Interview(id=derive_id(name), contact_ids=(ANA.id,), exploration_id=field.id) for name, field in (("2", UX), ("3", LAW))
    )
    diary = Diary(second, third)
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 20), talk=second.id)
    diary.held(date(2026, 3, 25), talk=third.id)
    assert sorted(one.due for one in diary.open(Kind.UPDATE)) == [date(2026, 4, 10), date(2026, 4, 25)]


def test_without_an_exploration_nothing_is_being_decided() -> None:
    """Updates went on for ever where there is nothing that could end them."""
    diary = Diary(Interview(id=TALK, contact_ids=(ANA.id,)))
    diary.held(HELD_ON)
    assert diary.all(Kind.UPDATE) == []


def test_planning_a_talk_of_another_exploration_leaves_updates_alone() -> None:
    """A host that plans one talk at a time lost what belongs to another exploration."""
    diary = Diary(Interview(id=OTHER, contact_ids=(ANA.id,), exploration_id=LAW.id))
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 20), talk=OTHER)
    only = evolve(diary.campaign, interviews=(diary.campaign.interview(OTHER),))
    assert not [one for one in plan_follow_ups(only).changed if one.kind == Kind.UPDATE]


def open_anchors(diary: Diary) -> set[str]:
    return {one.anchor for one in diary.open(Kind.UPDATE)}


def test_a_talk_moved_to_another_exploration_takes_its_updates_along() -> None:
    """Somebody was told for ever where one stands on a matter they had never been asked about."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    talk = diary.campaign.interview(TALK)
    moved = evolve(talk, exploration_id=LAW.id, edited_at=at(date(2026, 3, 20)))
    plan = plan_follow_ups(diary.campaign.including(moved), before=talk)
    (gone,) = plan.changed
    assert (gone.status, gone.anchor, gone.revision > 0) == (Status.OBSOLETE, f"exploration:{UX.id}:met", True)
    assert gone.revised_at == at(date(2026, 3, 20)).astimezone(UTC)
    diary.keep(moved, *plan.new, *plan.changed)
    assert open_anchors(diary) == {f"exploration:{LAW.id}:met"}
    back = plan_follow_ups(diary.campaign.including(talk), before=moved)
    diary.keep(talk, *back.new, *back.changed)
    assert open_anchors(diary) == {f"exploration:{UX.id}:met"}


def test_a_talk_moved_along_with_an_event_takes_its_updates_along() -> None:
    """An edit that travels with a step left them behind."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    moved = evolve(diary.campaign.interview(TALK), exploration_id=LAW.id)
    step = record(moved, Debriefed(Debrief()), diary.campaign, at=at(date(2026, 3, 11)))
    diary.keep(step.interview, *step.follow_ups.new, *step.follow_ups.changed)
    assert open_anchors(diary) == {f"exploration:{LAW.id}:met"}


def test_updates_stay_where_another_talk_asks_for_them() -> None:
    """One of two talks moved away, and the other's updates stopped."""
    diary = Diary(Interview(id=OTHER, contact_ids=(ANA.id,), exploration_id=UX.id))
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 20), talk=OTHER)
    talk = diary.campaign.interview(TALK)
    plan = plan_follow_ups(diary.campaign.including(evolve(talk, exploration_id=LAW.id)), before=talk)
    diary.keep(evolve(talk, exploration_id=LAW.id), *plan.new, *plan.changed)
    assert open_anchors(diary) == {f"exploration:{UX.id}:met", f"exploration:{LAW.id}:met"}


def test_a_talk_edited_to_be_with_another_takes_the_cadence_along() -> None:
    """One was to keep in touch with somebody one had never met."""
    diary = Diary()
    diary.tell(Scheduled(meeting(date(2026, 3, 10))), at(MON))
    diary.tell(Held(), at(date(2026, 3, 10), 16))
    talk = diary.campaign.interview(TALK)
    corrected = evolve(talk, contact_ids=(BEN.id,))
    plan = plan_follow_ups(diary.campaign.including(corrected), before=talk)
    diary.keep(corrected, *plan.new, *plan.changed)
    assert {one.contact_id for one in (*diary.open(Kind.KEEP_IN_TOUCH), *diary.open(Kind.UPDATE))} == {BEN.id}


def test_planning_one_talk_that_did_not_move_leaves_the_rest_alone() -> None:
    """A host that plans one talk at a time lost what its other talks ask for."""
    diary = Diary(Interview(id=OTHER, contact_ids=(ANA.id,), exploration_id=LAW.id))
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 20), talk=OTHER)
    only = evolve(diary.campaign, interviews=(diary.campaign.interview(OTHER),))
    edited = evolve(diary.campaign.interview(OTHER), notes="in the café")
    assert not plan_follow_ups(only.including(edited), before=diary.campaign.interview(OTHER)).changed


# ── DECISION_NEWS ────────────────────────────────────────────────────────────────────────────────
def test_everyone_met_hears_of_the_decision_the_day_it_is_made() -> None:
    """Somebody who had helped never heard; or somebody who was only asked did."""
    others = (
        Interview(id=OTHER, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id),
        Interview(id=derive_id("asked"), contact_ids=(BEN.id,), exploration_id=LAW.id),
    )
    diary = Diary(*others)
    diary.held(date(2026, 3, 10))
    diary.held(date(2026, 3, 17), ANA, talk=OTHER)
    diary.know(evolve(UX, decision=Decision(outcome=Outcome.RULE_OUT, at=at(date(2026, 4, 1)), evidence=(TALK,))))
    news = diary.one(Kind.DECISION_NEWS)
    assert (news.contact_id, news.due) == (ANA.id, date(2026, 4, 1))
    assert news.summary == "Tell Ana Ruiz what you have decided about UX research"


def test_a_changed_mind_is_news_again() -> None:
    """Whoever had been told of the first decision was never told of the second."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    decision = Decision(outcome=Outcome.KEEP_OPEN, at=at(date(2026, 4, 1)), evidence=(TALK,))
    diary.know(evolve(UX, decision=decision))
    diary.know(complete(diary.one(Kind.DECISION_NEWS), at=at(date(2026, 4, 2))))
    assert diary.open(Kind.DECISION_NEWS) == []
    diary.know(evolve(UX, decision=evolve(decision, outcome=Outcome.PURSUE, at=at(date(2026, 6, 1)))))
    assert [one.due for one in diary.open(Kind.DECISION_NEWS)] == [date(2026, 6, 1)]


def test_a_decision_moved_is_told_by_a_later_stamp() -> None:
    """A calendar fed without a database took the day from before the correction for the newer one: neither number nor stamp had grown."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    decision = Decision(outcome=Outcome.PURSUE, at=at(date(2026, 4, 9)), evidence=(TALK,))
    diary.keep(evolve(UX, decision=decision, edited_at=at(date(2026, 4, 9))))
    moved = diary.campaign.including(
        evolve(UX, decision=evolve(decision, at=at(date(2026, 4, 1))), edited_at=at(date(2026, 4, 10)))
    )
    first, then = (
        next(one for one in plan_follow_ups(evolve(campaign, follow_ups=())).new if one.kind == Kind.DECISION_NEWS)
        for campaign in (diary.campaign, moved)
    )
    assert (then.id, then.due) == (first.id, date(2026, 4, 1))
    assert then.revision == first.revision
    assert (first.revised_at, then.revised_at) == (at(date(2026, 4, 9)), at(date(2026, 4, 10)))


def test_a_decision_taken_back_is_no_news() -> None:
    """A decision that no longer stands was to be told."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.know(evolve(UX, decision=Decision(outcome=Outcome.PURSUE, at=at(date(2026, 4, 1)), evidence=(TALK,))))
    diary.know(evolve(UX, edited_at=at(date(2026, 4, 2))))
    gone = diary.one(Kind.DECISION_NEWS)
    assert (gone.status, gone.revised_at) == (Status.OBSOLETE, at(date(2026, 4, 2)).astimezone(UTC))


# ── touches ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("kind", TouchKind.known)
def test_a_touch_either_way_restarts_the_cadence(kind: TouchKind, direction: Direction) -> None:
    """Somebody who had just written was to be written to."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    diary.touch(kind, at(date(2026, 4, 2)), direction=direction)
    assert diary.one(Kind.KEEP_IN_TOUCH).due == date(2026, 7, 2)


def test_an_article_shared_is_a_touch_though_nobody_logs_it() -> None:
    """A kind made by hand that is a message did not count, unless the host logged it a second time."""
    diary = Diary()
    diary.held(date(2026, 3, 10))
    article = FollowUp(id=derive_id(1), kind=Kind.SHARE_ARTICLE, due=date(2026, 4, 1), contact_id=ANA.id)
    diary.know(complete(article, at=at(date(2026, 4, 2))))
    assert diary.one(Kind.KEEP_IN_TOUCH).due == date(2026, 7, 2)


def test_a_lead_asks_for_thanks_the_next_day() -> None:
    """Somebody who passed on an opportunity was not thanked; or every touch asked for thanks."""
    diary = Diary()
    diary.touch(TouchKind.EMAIL, at(TUE))
    touch = diary.touch(TouchKind.LEAD_RECEIVED, at(WED), direction=Direction.IN)
    thanks = diary.one(Kind.THANK_LEAD)
    assert (thanks.due, thanks.contact_id, thanks.interview_id) == (THU, ANA.id, None)
    assert (thanks.anchor, thanks.summary) == (f"touch:{touch.id}", "Thank Ana Ruiz for the lead")
    diary.know(complete(thanks, at=at(THU)))
    diary.touch(TouchKind.LEAD_RECEIVED, at(date(2026, 3, 20)))
    assert [one.due for one in diary.open(Kind.THANK_LEAD)] == [date(2026, 3, 21)]


def test_a_lead_is_no_reason_to_write_to_who_must_not_be_contacted() -> None:
    """Somebody who asked to be left alone was to be thanked."""
    diary = Diary()
    diary.touch(TouchKind.LEAD_RECEIVED, at(WED))
    diary.know(evolve(ANA, do_not_contact=True, edited_at=at(THU)))
    assert diary.one(Kind.THANK_LEAD).status is Status.OBSOLETE


def test_a_lead_edited_moves_its_thanks_and_one_not_here_is_left_alone() -> None:
    """The stamp of a touch put right stood still; or a host that leaves touches out lost what hangs on them."""
    diary = Diary()
    touch = diary.touch(TouchKind.LEAD_RECEIVED, at(WED))
    diary.know(evolve(touch, at=at(FRI), edited_at=at(SAT)))
    thanks = diary.one(Kind.THANK_LEAD)
    assert (thanks.due, thanks.revised_at) == (SAT, at(SAT).astimezone(UTC))
    assert not plan_follow_ups(evolve(diary.campaign, touches=()))
    assert not plan_follow_ups(evolve(diary.campaign, touches=(), contacts=(BEN,), interviews=()))


def test_giving_back_comes_where_switched_on_and_goes_when_logged() -> None:
    """A favour returned was still to be returned; or one from before they met counted."""
    diary = Diary(policy=switched_on(Kind.GIVE_BACK))
    diary.touch(TouchKind.GAVE_BACK, at(MON))
    diary.held(date(2026, 3, 31))
    one = diary.one(Kind.GIVE_BACK)
    assert (one.due, one.anchor) == (date(2026, 4, 30), f"contact:{ANA.id}:met")
    diary.touch(TouchKind.EMAIL, at(date(2026, 4, 2)))
    assert diary.one(Kind.GIVE_BACK).status is Status.OPEN
    diary.touch(TouchKind.GAVE_BACK, at(date(2026, 4, 3)))
    assert diary.one(Kind.GIVE_BACK).status is Status.OBSOLETE


def test_giving_back_made_by_hand_goes_when_logged_after_it_was_noted() -> None:
    """A favour returned was still to be returned; or a favour of long ago did away with a new one."""
    fields: dict[str, Any] = {"kind": Kind.GIVE_BACK, "due": date(2026, 4, 1), "contact_id": ANA.id}
    noted = FollowUp(id=derive_id(1), revised_at=at(WED), **fields)
    of_a_host, of_ben = FollowUp(id=derive_id(2), **fields), evolve(noted, id=derive_id(3), contact_id=BEN.id)
    of_nobody = evolve(noted, id=derive_id(4), contact_id=None)
    diary = Diary(noted, of_a_host, of_ben, of_nobody)
    diary.touch(TouchKind.GAVE_BACK, at(TUE))
    diary.touch(TouchKind.EMAIL, at(THU))
    assert len(diary.open(Kind.GIVE_BACK)) == 4
    diary.touch(TouchKind.GAVE_BACK, at(FRI))
    assert set(diary.open(Kind.GIVE_BACK)) == {of_a_host, of_ben, of_nobody}
    (gone,) = [one for one in diary.all(Kind.GIVE_BACK) if one.id == noted.id]
    assert (gone.status, gone.revision, gone.revised_at) == (Status.OBSOLETE, 1, at(FRI).astimezone(UTC))


def test_one_favour_done_does_not_do_another() -> None:
    """Two favours were planned by hand; doing the first took the second away."""
    one, two = (
        FollowUp(id=derive_id(n), kind=Kind.GIVE_BACK, due=date(2026, 4, n), contact_id=ANA.id, revised_at=at(MON))
        for n in (1, 2)
    )
    done = complete(one, at=at(WED))
    logged = Touch(id=derive_id(one.id, "touch"), contact_id=ANA.id, at=at(WED), kind=TouchKind.GAVE_BACK)
    diary = Diary(two)
    diary.know(done, logged)
    assert diary.open(Kind.GIVE_BACK) == [two]


# ── tags ─────────────────────────────────────────────────────────────────────────────────────────
MENTOR = TagRule(tag="mentor", kind=Kind.KEEP_IN_TOUCH, offset=Offset(months=1))
QUIET = TagRule(tag="Quiet", kind=Kind.KEEP_IN_TOUCH, wanted=False)


@pytest.mark.parametrize(
    ("tags", "rules", "due"),
    [
        ({"mentor"}, (MENTOR, QUIET), date(2026, 4, 10)),
        ({"quiet"}, (MENTOR, QUIET), None),
        ({"quiet", "mentor"}, (MENTOR, QUIET), date(2026, 4, 10)),
        ({"quiet", "mentor"}, (QUIET, MENTOR), None),
        ({"friend"}, (MENTOR, QUIET), date(2026, 6, 10)),
        ({"mentor"}, (evolve(MENTOR, kind=Kind.UPDATE), QUIET), date(2026, 6, 10)),
    ],
)
def test_tags_change_a_cadence_and_the_first_that_fits_decides(
    tags: set[str], rules: tuple[TagRule, ...], due: date | None
) -> None:
    """A mentor heard every three months, a quiet one at all; or which of two tags won was chance."""
    diary = Diary(evolve(ANA, tags=tags), policy=evolve(default_policy(), tag_rules=rules))
    diary.held(date(2026, 3, 10))
    assert [one.due for one in diary.open(Kind.KEEP_IN_TOUCH)] == ([due] if due else [])


def test_a_tag_given_later_changes_what_is_open() -> None:
    """A cadence stayed what it was until the next talk."""
    diary = Diary(policy=default_policy().with_tag_rules(MENTOR))
    diary.held(date(2026, 3, 10))
    diary.know(evolve(ANA, tags={"MENTOR"}, edited_at=at(date(2026, 3, 12))))
    assert [one.due for one in diary.open(Kind.KEEP_IN_TOUCH)] == [date(2026, 4, 10)]


def test_a_tag_switches_a_kind_on_for_who_bears_it() -> None:
    """What is off for all could not be on for some; rapport kept a mentor out, or a tag overrode who must be left alone."""
    on = (TagRule(tag="mentor", kind=kind, wanted=True) for kind in (Kind.GIVE_BACK, Kind.KEEP_IN_TOUCH))
    policy = default_policy().with_tag_rules(*on)
    diary = Diary(
        evolve(ANA, tags={"mentor"}, rapport=-1),
        Interview(id=TALK, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id),
        policy=policy,
    )
    diary.held(date(2026, 3, 10))
    assert [one.contact_id for one in diary.open(Kind.GIVE_BACK)] == [ANA.id]
    assert {one.contact_id for one in diary.open(Kind.KEEP_IN_TOUCH)} == {ANA.id, BEN.id}
    diary.know(evolve(ANA, tags={"mentor"}, do_not_contact=True))
    assert {one.contact_id for one in diary.open(Kind.KEEP_IN_TOUCH)} == {BEN.id}


def test_tag_rules_added_stand_before_those_there() -> None:
    """An app's own tag rule was overruled by one it was to change."""
    policy = default_policy().with_tag_rules(MENTOR).with_tag_rules(QUIET)
    assert policy.tag_rules == (QUIET, MENTOR)


def test_a_tag_rule_that_no_rule_can_follow_is_refused_at_once() -> None:
    """A wrong offset failed at the first planning, far from where it was given."""
    with pytest.raises(InvalidValue, match="repeats"):
        default_policy().with_tag_rules(TagRule(tag="mentor", kind=Kind.UPDATE, offset=Offset(hours=3)))
    default_policy().with_tag_rules(TagRule(tag="mentor", kind=Kind("gone:kind"), offset=Offset(days=3)))


@pytest.mark.parametrize(
    ("fields", "word"),
    [({}, "wanted"), ({"wanted": 1}, "wanted"), ({"wanted": False, "tag": " "}, "tag"), ({"offset": 3}, "offset")],
)
def test_a_tag_rule_says_something(fields: dict[str, Any], word: str) -> None:
    """A tag rule that changes nothing, or with a value of the wrong kind, passed unnoticed."""
    with pytest.raises(InvalidValue, match=rf"TagRule\.{word}"):
        TagRule(**{"tag": "mentor", "kind": Kind.KEEP_IN_TOUCH, **fields})


# ── days ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_due_never_falls_on_a_holiday_or_on_the_apps_weekend() -> None:
    """A nudge was due on a holiday, or on a Friday where nobody works."""
    days = BusinessDays(weekend=frozenset({4, 5}), holidays=frozenset({date(2026, 3, 11), date(2026, 3, 12)}))
    diary = Diary(policy=evolve(default_policy(), business_days=days))
    diary.tell(Requested(), at(FRI))  # a weekend day there: Sunday is the first that counts
    # Sunday 8th, 9th, 10th, Sunday 15th, 16th, 17th, 18th: Friday, Saturday and two holidays left out.
    assert diary.one(Kind.NUDGE).due == date(2026, 3, 18)


def test_confirming_before_a_holiday_is_on_the_last_day_before_it() -> None:
    """A talk after a long weekend was to be confirmed on the holiday."""
    days = BusinessDays(holidays=frozenset({date(2026, 3, 19)}))
    diary = Diary(policy=evolve(default_policy(), business_days=days))
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    assert [one.due for one in diary.all(Kind.CONFIRM)] == [date(2026, 3, 18)]


def test_confirming_and_nudging_go_by_the_explorers_days() -> None:
    """The contact's zone moved what the explorer is to do."""
    tokyo = evolve(ANA, zone="Asia/Tokyo")
    diary = Diary(tokyo, zone="America/New_York")
    diary.tell(Requested(), at(TUE, 3, "Asia/Tokyo"))  # Monday noon in New York
    assert diary.one(Kind.NUDGE).due == date(2026, 3, 11)
    diary.tell(Scheduled(meeting(date(2026, 3, 24), 9, zone="Asia/Tokyo")), at(WED))  # Monday evening in New York
    assert [one.due for one in diary.all(Kind.CONFIRM)] == [date(2026, 3, 20)]


def rule(**fields: Any) -> FollowUpRule:
    given: dict[str, Any] = {
        "kind": Kind("acme:gift"),
        "anchor": Anchor.END,
        "offset": Offset(hours=1),
        "during": MET,
        "summary": "A gift for {contact}",
    }
    return FollowUpRule(**{**given, **fields})


@pytest.mark.parametrize(
    ("day", "hour", "hours", "expected"),
    [
        (date(2026, 3, 29), 1, 2, datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),  # two o'clock is skipped there: 04:30
        (date(2026, 3, 29), 4, -2, datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), 1, 2, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # the second 02:30
        (date(2026, 10, 25), 1, 1, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first
    ],
)
def test_hours_are_elapsed_time_through_gaps_and_folds(day: date, hour: int, hours: int, expected: datetime) -> None:
    """An alarm rang an hour off on the night the clocks change."""
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(rule(offset=Offset(hours=hours)),)))
    diary.tell(Scheduled(meeting(day, hour)), at(day - timedelta(days=9)))
    diary.tell(Held(), expected)
    (one,) = diary.campaign.follow_ups
    assert one.due_at is not None
    assert one.due_at.astimezone(UTC) == expected
    assert one.due == day


def test_a_reschedule_moves_and_a_cancellation_ends_what_is_switched_on_too() -> None:
    """An alarm rang for a meeting that had moved, or was off."""
    diary = Diary(policy=ARRIVING)
    diary.tell(Scheduled(meeting(date(2026, 3, 20))), at(MON))
    before = diary.one(Kind.ARRIVE)
    diary.tell(Rescheduled(meeting(date(2026, 3, 24), format=MeetingFormat.IN_PERSON)), at(TUE))
    moved = diary.one(Kind.ARRIVE)
    assert (moved.id, moved.due_at) == (before.id, at(date(2026, 3, 24), 14.75))
    assert moved.revision > before.revision
    diary.tell(Cancelled(Party.THEM), at(WED))
    assert diary.one(Kind.ARRIVE).status is Status.OBSOLETE


# ── rules of others ──────────────────────────────────────────────────────────────────────────────
def test_a_rule_may_follow_another_of_the_same_person() -> None:
    """One person's thanks set off what is for the other."""
    after = rule(anchor=Anchor.FOLLOW_UP, after=Kind.THANK_YOU, offset=Offset(days=1), per=Per.PERSON)
    diary = Diary(
        Interview(id=TALK, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id), policy=default_policy().with_rules(after)
    )
    diary.held(date(2026, 3, 10))
    (thanks,) = [one for one in diary.all(Kind.THANK_YOU) if one.contact_id == BEN.id]
    diary.know(complete(thanks, at=at(date(2026, 3, 11))))
    assert [(one.contact_id, one.due) for one in diary.all(after.kind)] == [(BEN.id, date(2026, 3, 12))]


def test_a_rule_that_follows_several_counts_from_the_last() -> None:
    """The second person's thanks had not been sent when what follows both was due."""
    after = rule(anchor=Anchor.FOLLOW_UP, after=Kind.THANK_YOU, offset=Offset(days=1))
    diary = Diary(
        Interview(id=TALK, contact_ids=(ANA.id, BEN.id), exploration_id=UX.id), policy=default_policy().with_rules(after)
    )
    diary.held(date(2026, 3, 10))
    for number, thanks in enumerate(diary.all(Kind.THANK_YOU)):
        diary.know(complete(thanks, at=at(date(2026, 3, 11 + number))))
    assert diary.one(after.kind).due == date(2026, 3, 13)


def test_a_rule_that_repeats_in_business_days_counts_from_the_anchor() -> None:
    """Every fifth business day drifted by when it was done."""
    weekly = rule(offset=Offset(business_days=5), repeats=True)
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(weekly,)))
    diary.held(date(2026, 3, 10))
    assert rounds(diary, weekly.kind, 3, early=1) == [date(2026, 3, 17), date(2026, 3, 24), date(2026, 3, 31)]


def test_a_round_settled_before_its_anchor_does_not_count() -> None:
    """After a talk was corrected to a later day, what had been done for the first counted for the second."""
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(rule(offset=Offset(days=5), repeats=True),)))
    diary.held(date(2026, 3, 10))
    diary.know(complete(diary.open(Kind("acme:gift"))[0], at=at(date(2026, 3, 12))))
    for place, event in enumerate((Corrected(1), Corrected(0), Scheduled(meeting(date(2026, 3, 20))), Held())):
        diary.tell(event, at(date(2026, 3, 20), 16 + place))
    assert [one.due for one in diary.open(Kind("acme:gift"))] == [date(2026, 3, 25)]


def test_a_touch_may_settle_what_is_wanted_for_another_touch() -> None:
    """A rule per touch passed over what settles it."""
    per_touch = rule(
        anchor=Anchor.TOUCH,
        per=Per.TOUCH,
        during=frozenset(),
        offset=Offset(days=1),
        touches={TouchKind.LETTER},
        settled_by={TouchKind.PHONE},
    )
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(per_touch,)))
    diary.touch(TouchKind.LETTER, at(MON))
    assert len(diary.open(per_touch.kind)) == 1
    diary.touch(TouchKind.PHONE, at(TUE))
    assert diary.open(per_touch.kind) == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"anchor": Anchor.MET}, "per"),
        ({"anchor": Anchor.PROMISE_DUE}, "per"),
        ({"anchor": Anchor.TOUCH}, "per"),
        ({"per": Per.TOUCH}, "per"),
        ({"per": Per.TOUCH, "anchor": Anchor.TOUCH, "touches": {TouchKind.EMAIL}}, "during"),
        ({"per": Per.TOUCH, "anchor": Anchor.TOUCH, "during": frozenset()}, "touches"),
        ({"touches": {TouchKind.EMAIL}}, "touches"),
        ({"during": frozenset()}, "during"),
        ({"anchor": Anchor.FOLLOW_UP}, "after"),
        ({"after": Kind.NUDGE}, "after"),
        ({"said": Said(domains={Domain.ADVICE})}, "said"),
        ({"repeats": True}, "repeats"),
        ({"repeats": True, "offset": Offset()}, "repeats"),
        ({"repeats": True, "offset": Offset(days=-1)}, "repeats"),
        ({"repeats": True, "offset": Offset(days=1), "once": True}, "repeats"),
        ({"enabled": 1}, "enabled"),
        ({"ahead": 3}, "ahead"),
        ({"course": {"lost"}}, "course"),
        ({"settled_by": ["email"]}, "settled_by"),
    ],
)
def test_a_rule_refuses_what_it_could_never_mean(fields: dict[str, Any], word: str) -> None:
    """A rule that never wants anything, or means something else, was taken without a word."""
    with pytest.raises(InvalidValue, match=rf"FollowUpRule\.{word}\b"):
        rule(**fields)


def test_what_must_be_said_is_something() -> None:
    """A rule waited for something nobody could say."""
    with pytest.raises(InvalidValue, match="topics"):
        Said(except_topics={Topic.DUTIES})


@pytest.mark.parametrize("anchor", ["exploration:", "exploration:x:met", "exploration", f"exploration:{UX.id}:x:y"])
def test_anchors_of_a_hosts_own_are_left_alone(anchor: str) -> None:
    """A host's own way of naming anchors broke planning."""
    odd = FollowUp(id=derive_id(1), kind=Kind.UPDATE, due=MON, contact_id=BEN.id, anchor=anchor)
    diary = Diary(odd)
    diary.held(date(2026, 3, 10))
    assert odd in diary.campaign.follow_ups


def test_people_of_a_touch_who_are_not_here_are_named() -> None:
    """A lead of somebody left out escaped as a KeyError, or without thanks."""
    touch = Touch(id=derive_id("t"), contact_id=derive_id("stranger"), at=at(MON), kind=TouchKind.LEAD_RECEIVED)
    with pytest.raises(NotFound, match="including"):
        Diary().know(touch)


def test_states_before_the_talk_are_left_to_others() -> None:
    """What one rule may want during was taken from another's."""
    assert {one.kind for one in default_policy().rules_during(InterviewStatus.REQUESTED)} == {Kind.NUDGE, Kind.GIVE_UP}


@pytest.mark.parametrize(
    ("anchor", "per"),
    [(Anchor.TOUCH, Per.INTERVIEW), (Anchor.MET, Per.REFERRED), (Anchor.LAST_TOUCH, Per.REFERRED), (Anchor.MET, Per.PERSON)],
)
def test_a_second_deadline_that_cannot_come_about_wants_nothing(anchor: Anchor, per: Per) -> None:
    """A rule whose second anchor does not fit what it is for broke planning for everybody."""
    odd = rule(
        anchor=Anchor.DECISION,
        otherwise=Deadline(anchor, Offset(days=1)),
        per=per,
        during={InterviewStatus.SCHEDULED, InterviewStatus.DEBRIEFED},
    )
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(odd,)))
    diary.tell(Scheduled(meeting(date(2026, 3, 10))), at(MON))
    assert diary.campaign.follow_ups == ()
    if per is Per.REFERRED:
        diary.tell(Held(), at(date(2026, 3, 10), 16))
        diary.debriefed(date(2026, 3, 10), referrals=("Somebody Else",))
        assert diary.campaign.follow_ups == ()


def test_a_condition_that_fails_is_its_owners_error() -> None:
    """A plugin's slip escaped as a bare ZeroDivisionError."""
    diary = Diary(policy=evolve(default_policy(), follow_up_rules=(rule(applies=lambda *_: 1 / 0 > 0),)))
    with pytest.raises(PluginError, match="applies"):
        diary.held(date(2026, 3, 10))
