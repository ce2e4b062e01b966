"""What holds for every campaign, whatever is told of it, in whatever order: with late entries, corrections, settling, touches."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NoReturn, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from infoint.errors import IllegalEvent, InvalidValue, ObligationsOpen
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Insight, Party, Promise, Referral, ReferralOutcome
from infoint.model.events import EVENTS, Cancelled, Corrected, Debriefed, Event, Held, Rescheduled, Scheduled
from infoint.model.exploration import Decision, Exploration, Outcome
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import Interview, InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.model.touch import Touch, TouchKind
from infoint.practice import (
    FollowUpPlan,
    Offset,
    Step,
    TagRule,
    default_policy,
    legal_events,
    plan_follow_ups,
    postpone,
    record,
    remember_former,
    settle,
)

MADRID = ZoneInfo("Europe/Madrid")
T0 = datetime(2026, 3, 2, 9, tzinfo=MADRID)
"""Clocks go forward on the 29th: some of the days below have 23 hours."""
ANA, BEN, CY = (derive_id("person", number) for number in range(3))
TALKS = tuple(derive_id("talk", number) for number in range(3))
UX, LAW = derive_id("ux"), derive_id("law")
POLICY = (
    default_policy()
    .turn_on(FollowUpKind.ALTERNATE, FollowUpKind.ARRIVE, FollowUpKind.GIVE_BACK)
    .with_tag_rules(TagRule(tag="mentor", kind=FollowUpKind.KEEP_IN_TOUCH, offset=Offset(months=1)))
)
"""All kinds there are."""


def planned(campaign: Campaign) -> FollowUpPlan:
    return plan_follow_ups(campaign, policy=POLICY)


def beginning() -> Campaign:
    return Campaign(profile=Profile(name="Sam", zone="America/New_York")).including(
        Contact(id=ANA, name="Ana Ruiz", rapport=2),
        Contact(id=BEN, name="Ben Okafor", referred_by=ANA, tags=frozenset({"mentor"})),
        Contact(id=CY, name="Cy Lind", rapport=0),
        Exploration(id=UX, subject="UX research"),
        Exploration(id=LAW, subject="Law"),
        Interview(id=TALKS[0], contact_ids=(ANA,), exploration_id=UX),
        Interview(id=TALKS[1], contact_ids=(BEN,), exploration_id=LAW),
        Interview(id=TALKS[2], contact_ids=(ANA, CY), exploration_id=UX),
    )


Choose: TypeAlias = Callable[[int], int]
"""A number below the given one: Hypothesis's choice."""


def an_event(talk: Interview, choose: Choose) -> Event:
    """Mostly what is legal now; anything else may be legal late, or refused."""
    meeting = Meeting(
        start=T0 + timedelta(days=20 + choose(4) * 3, hours=choose(2) * 10),
        duration=timedelta(minutes=30 + 30 * choose(2)),
        format=MeetingFormat.PHONE,
        place=("", "Room 2")[choose(2)],
    )
    referrals = (
        Referral("Ben Okafor"),
        Referral("BEN  okafor", given_by=CY),
        Referral("Dee Ito"),
        Referral("Ben Okafor", outcome=ReferralOutcome.DROPPED),
        Referral("Cy Lind", contact_id=CY, outcome=ReferralOutcome.UNREACHABLE),
    )
    promises = (
        Promise("Send the slides"),
        Promise("Send the slides", due=(T0 + timedelta(days=choose(50))).date()),
        Promise("Look for it", Party.THEM),
    )
    samples: dict[type[Event], Callable[[], Event]] = {
        Scheduled: lambda: Scheduled(meeting),
        Rescheduled: lambda: Rescheduled(meeting),
        Held: lambda: Held(((), (BEN,), (ANA, BEN))[choose(3)]),
        Debriefed: lambda: Debriefed(
            Debrief(
                referrals=tuple(one for one in referrals if choose(2)),
                promises=tuple(one for one in promises if choose(3) == 0),
                insights=(Insight("Begin small", Topic.WAY_IN),) if choose(2) else (),
            )
        ),
        Cancelled: lambda: Cancelled(Party.THEM),
    }
    legal = legal_events(talk) if choose(4) else ()
    kinds = [kind for kind in legal or EVENTS.values() if kind is not Corrected]
    # The table's order is that of a talk that goes well, but for what ends it: lean to Held and beyond.
    kind = Held if Held in legal and choose(2) else kinds[choose(len(kinds))]
    return samples[kind]() if kind in samples else kind()


class Host:
    """An app that keeps what it is given, and tells it as it likes."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.campaign = beginning()
        self.now = T0
        self.moves = 0

    def step(self) -> None:
        """One thing happens; nothing where it is refused."""
        self.now += timedelta(hours=self.choose(60))
        self.moves += 1
        moves = (
            self.tell,
            self.tell,
            self.tell,
            self.tell,
            self.tell,
            self.correct,
            self.settle,
            self.settle,
            self.settle,
            self.touch,
            self.postpone,
            self.decide,
        )
        moves[self.choose(len(moves))]()

    def tell(self) -> None:
        late = timedelta(hours=(0, 0, 0, 30, 200)[self.choose(5)])
        talk = self.talk()
        self.record(talk, an_event(talk, self.choose), self.now - late)

    def correct(self) -> None:
        talk = self.talk()
        if talk.history:
            self.record(talk, Corrected(self.choose(len(talk.history))), self.now)

    def talk(self) -> Interview:
        return self.campaign.interview(TALKS[self.choose(3)])

    def record(self, talk: Interview, event: Event, at: datetime) -> None:
        try:
            step = record(talk, event, self.campaign, at=at, recorded_at=self.now, policy=POLICY)
        except (IllegalEvent, ObligationsOpen, InvalidValue):
            return
        self.keep(step)

    def keep(self, step: Step) -> None:
        self.campaign = self.campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)

    def open_one(self) -> FollowUp | None:
        open_ones = sorted(
            (one for one in self.campaign.follow_ups if one.status is FollowUpStatus.OPEN), key=lambda one: one.id
        )
        return open_ones[self.choose(len(open_ones))] if open_ones else None

    def settle(self) -> None:
        if one := self.open_one():
            # Most of what is owed to people is done first; else hardly a talk would ever be closed.
            obligatory = [
                other for other in self.campaign.follow_ups if other.obligatory and other.status is FollowUpStatus.OPEN
            ]
            one = obligatory[0] if obligatory and self.choose(2) else one
            reason = "no need" if self.choose(4) == 0 else None
            settled = settle(one, self.campaign, at=self.now, reason=reason, policy=POLICY)
            self.campaign = self.campaign.including(settled.follow_up)
            if self.choose(2) and settled.touch is not None:  # a host may log it, or not
                self.campaign = self.campaign.including(settled.touch)

    def decide(self) -> None:
        exploration = self.campaign.exploration((UX, LAW)[self.choose(2)])
        outcome = list(Outcome)[self.choose(3)]
        decision = Decision(outcome=outcome, at=self.now, evidence=(TALKS[0],)) if self.choose(3) else None
        ended_at = self.now if self.choose(4) == 0 else None
        self.campaign = self.campaign.including(
            evolve(exploration, decision=decision, search_ended_at=ended_at, edited_at=self.now)
        )

    def postpone(self) -> None:
        if one := self.open_one():
            self.campaign = self.campaign.including(postpone(one, one.due + timedelta(days=self.choose(9)), at=self.now))

    def touch(self) -> None:
        self.campaign = self.campaign.including(
            self.touched((ANA, BEN, CY)[self.choose(3)], self.now - timedelta(days=self.choose(3)))
        )

    def touched(self, person: UUID, at: datetime) -> Touch:
        kind = (TouchKind.EMAIL, TouchKind.EMAIL, TouchKind.GAVE_BACK, TouchKind.LEAD_RECEIVED)[self.choose(4)]
        return Touch(id=derive_id("touch", self.moves), contact_id=person, at=at, kind=kind)

    def plan(self) -> None:
        plan = planned(self.campaign)
        self.campaign = self.campaign.including(*plan.new, *plan.changed)


@st.composite
def stories(draw: st.DrawFn) -> Iterator[Host]:
    """A host at every turn of a story."""
    # One draw of a seed: drawing each choice costs ten times as much, and a shorter story is as good as a smaller choice.
    source = random.Random(draw(st.integers(0, 2**32)))
    length = draw(st.integers(1, 30))

    def turns() -> Iterator[Host]:
        host = Host(source.randrange)
        for _ in range(length):
            host.step()
            yield host

    return turns()


F = TypeVar("F", bound=Callable[..., None])


def law(examples: int) -> Callable[[F], F]:
    """Checked on that many stories."""
    profile = settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    return lambda test: profile(given(stories())(test))  # type: ignore[return-value]  # given() hides the signature


EXAMPLES = 60
MANY = 3_000


def settled_ones(campaign: Campaign) -> dict[UUID, FollowUp]:
    return {one.id: one for one in campaign.follow_ups if one.status in SETTLED}


def by_id(campaign: Campaign) -> dict[UUID, FollowUp]:
    return {one.id: one for one in campaign.follow_ups}


def check_planning(turns: Iterator[Host]) -> None:
    ever: set[UUID] = set()
    for host in turns:
        before = by_id(host.campaign)
        plan = planned(host.campaign)
        for one in plan.new:
            assert one.id not in ever, "an id was used again"
            assert one.status is FollowUpStatus.OPEN
        for one in plan.changed:
            was = before[one.id]
            assert was.status not in SETTLED, "something settled was touched"
            assert one.revision > was.revision
            assert one.revised_at is not None
            assert was.revised_at is None or one.revised_at >= was.revised_at
            assert (one.due, one.due_at, one.status, one.contact_id) != (was.due, was.due_at, was.status, was.contact_id)
        host.plan()
        assert not planned(host.campaign), "planning twice changed something"
        ever |= by_id(host.campaign).keys()


@law(EXAMPLES)
def test_planning_twice_changes_nothing_and_moves_only_forward(turns: Iterator[Host]) -> None:
    """A second planning planned on, an id came twice, a revision stood still, or something done was undone."""
    check_planning(turns)


@pytest.mark.slow
@law(MANY)
def test_planning_twice_changes_nothing_and_moves_only_forward_at_length(turns: Iterator[Host]) -> None:
    """As above."""
    check_planning(turns)


def check_settled(turns: Iterator[Host]) -> None:
    settled: dict[UUID, FollowUp] = {}
    for host in turns:
        now = settled_ones(host.campaign)
        assert all(now.get(id) == one for id, one in settled.items())
        settled = now


@law(EXAMPLES)
def test_what_is_settled_stays_as_it_is(turns: Iterator[Host]) -> None:
    """Something done or waived was changed by a later event."""
    check_settled(turns)


def check_order(turns: Iterator[Host]) -> None:
    for host in turns:
        mixed = random.Random(host.moves)  # a fixed disorder
        campaign = host.campaign
        for name in ("contacts", "interviews", "follow_ups", "touches"):
            values = list(getattr(campaign, name))
            mixed.shuffle(values)
            campaign = evolve(campaign, **{name: tuple(values)})
        assert planned(campaign) == planned(host.campaign)
        bare = evolve(campaign, follow_ups=())
        assert planned(bare) == planned(evolve(host.campaign, follow_ups=()))


@law(EXAMPLES // 2)
def test_the_order_in_which_facts_are_given_does_not_matter(turns: Iterator[Host]) -> None:
    """Another order of rows gave other follow-ups, so that two exports of one database differed."""
    check_order(turns)


@pytest.mark.slow
@law(MANY // 3)
def test_the_order_in_which_facts_are_given_does_not_matter_at_length(turns: Iterator[Host]) -> None:
    """As above."""
    check_order(turns)


def check_stateless(turns: Iterator[Host]) -> None:
    seen: dict[UUID, FollowUp] = {}
    for host in turns:
        again = {one.id: one for one in planned(evolve(host.campaign, follow_ups=())).new}
        for id, one in again.items():
            if id not in seen or (seen[id].due, seen[id].due_at) == (one.due, one.due_at):
                continue
            if one.kind != FollowUpKind.DECISION_NEWS:
                assert one.revision > seen[id].revision, one.kind
                continue
            # An exploration has no history to count: see the decisions.
            before, after = seen[id].revised_at, one.revised_at
            assert before is not None
            assert after is not None
            assert (one.revision, after) > (seen[id].revision, before)
        seen |= again


@law(EXAMPLES)
def test_a_host_that_keeps_nothing_gets_higher_revisions_too(turns: Iterator[Host]) -> None:
    """A calendar fed without a database kept an old day, since its SEQUENCE had not grown."""
    check_stateless(turns)


@pytest.mark.slow
@law(MANY)
def test_a_host_that_keeps_nothing_gets_higher_revisions_too_at_length(turns: Iterator[Host]) -> None:
    """As above."""
    check_stateless(turns)


OF_PERSON = {FollowUpKind.KEEP_IN_TOUCH, FollowUpKind.UPDATE, FollowUpKind.DECISION_NEWS, FollowUpKind.GIVE_BACK}
OF_REFERRAL = {FollowUpKind.REPORT_BACK, FollowUpKind.CONTACT_REFERRAL}
"""They look at the named person's talks too."""


def check_talk_by_talk(turns: Iterator[Host]) -> None:
    for host in turns:
        bare = evolve(host.campaign, follow_ups=())
        whole = {one.id: one for one in planned(bare).new if one.kind not in OF_PERSON | OF_REFERRAL}
        single = {
            one.id: one
            for talk in bare.interviews
            for one in planned(evolve(bare, interviews=(talk,))).new
            if one.kind not in OF_PERSON | OF_REFERRAL
        }
        assert whole == single
        for talk in host.campaign.interviews:
            plan = planned(evolve(host.campaign, interviews=(talk,)))
            assert {one.interview_id for one in (*plan.new, *plan.changed)} <= {talk.id, None}


@law(EXAMPLES // 2)
def test_talk_by_talk_and_all_at_once_are_the_same(turns: Iterator[Host]) -> None:
    """A host that plans one talk at a time got others, or lost those of other talks."""
    check_talk_by_talk(turns)


def check_closed(turns: Iterator[Host]) -> None:
    was: dict[UUID, InterviewStatus] = {}
    for host in turns:
        for talk in host.campaign.interviews:
            if talk.status is InterviewStatus.CLOSED and was.get(talk.id) is not InterviewStatus.CLOSED:
                mine = host.campaign.follow_ups_of(talk)
                assert not [one for one in mine if one.obligatory and one.status is FollowUpStatus.OPEN]
                thanked = {one.contact_id for one in mine if one.kind == FollowUpKind.THANK_YOU}
                assert thanked >= set(talk.met)
            was[talk.id] = talk.status


@law(EXAMPLES)
def test_nobody_is_left_without_thanks(turns: Iterator[Host]) -> None:
    """A talk was closed although somebody met had not been thanked, and nobody had said why."""
    check_closed(turns)


@law(EXAMPLES)
def test_nothing_is_due_before_its_cause_was_known(turns: Iterator[Host]) -> None:
    """A follow-up was overdue the moment it came about."""
    for host in turns:
        for one in planned(evolve(host.campaign, follow_ups=())).new:
            assert one.due >= date(2026, 2, 15)
            assert one.due_at is None or one.due_at.astimezone(ZoneInfo("America/New_York")).date() == one.due
            assert one.summary
            assert one.anchor


@law(EXAMPLES // 2)
def test_any_touch_resets_the_cadence(turns: Iterator[Host]) -> None:
    """Somebody just written to, by either side, was to be written to."""
    for host in turns:
        host.plan()
        person = (ANA, BEN, CY)[host.choose(3)]
        touch = Touch(id=derive_id("law", host.moves), contact_id=person, at=host.now, kind=TouchKind.PHONE)
        after = host.campaign.including(touch)
        plan = planned(after)
        after = after.including(*plan.new, *plan.changed)
        for one in after.follow_ups:
            if one.kind == FollowUpKind.KEEP_IN_TOUCH and one.contact_id == person and one.status is FollowUpStatus.OPEN:
                assert one.due >= (host.now + timedelta(days=27)).astimezone(ZoneInfo("America/New_York")).date()


NEW_NAMES = ("Ruiz, Ana", "{contact} {referral}", "Ō", "and")


def check_renaming(turns: Iterator[Host]) -> None:
    for host in turns:
        host.plan()
        before, person = host.campaign, host.campaign.contact((ANA, CY)[host.choose(2)])
        name = NEW_NAMES[host.choose(len(NEW_NAMES))]
        renamed = remember_former(evolve(person, name=name, edited_at=host.now), person)
        plan = plan_follow_ups(before.including(renamed), policy=POLICY, before=before)
        assert not plan.new
        open_ones = {one.id: one for one in before.follow_ups if one.status is FollowUpStatus.OPEN}
        said = {id: one.summary.replace(person.name, name) for id, one in open_ones.items() if person.name in one.summary}
        changed = {one.id: one.summary for one in plan.changed}
        assert changed == said
        for one in plan.changed:
            old = open_ones[one.id]
            assert one == evolve(old, summary=one.summary, revision=one.revision, revised_at=one.revised_at)
            assert one.revision > old.revision
            assert one.revised_at is not None
            assert one.revised_at >= renamed.edited_at
        after = before.including(renamed, *plan.changed)
        assert not planned(after)
        back = plan_follow_ups(after.including(remember_former(person, renamed)), policy=POLICY, before=after)
        assert {one.id: one.summary for one in back.changed} == {id: open_ones[id].summary for id in changed}


@law(EXAMPLES // 2)
def test_a_new_name_changes_the_words_and_nothing_else(turns: Iterator[Host]) -> None:
    """Something open would go by the old name, come anew, or be settled or moved; or what is of others be worded anew."""
    check_renaming(turns)


@pytest.mark.slow
@law(MANY // 6)
def test_a_new_name_changes_the_words_and_nothing_else_at_length(turns: Iterator[Host]) -> None:
    """As above."""
    check_renaming(turns)


@law(20)
def test_no_clock_is_read(turns: Iterator[Host]) -> None:
    """The same facts gave other follow-ups on another day."""

    class Stopped(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Broken(datetime, metaclass=Stopped):
        @classmethod
        def now(cls, tz: Any = None) -> NoReturn:
            raise AssertionError("a clock was read")

        utcnow = today = now

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("infoint.practice.facts.datetime", Broken)
        patch.setattr("infoint.practice.anchors.datetime", Broken)
        patch.setattr("infoint.practice.settling.datetime", Broken)
        patch.setattr("infoint.practice.lifecycle.datetime", Broken)
        patch.setattr("infoint.practice.referrals.datetime", Broken)
        for host in turns:
            assert planned(host.campaign) == planned(host.campaign)


def test_the_stories_reach_every_state_and_kind() -> None:
    """The laws above were checked on stories in which next to nothing happens."""
    states: set[str] = set()
    kinds: set[str] = set()
    occurrences: set[int] = set()
    for seed in range(80):
        source = random.Random(seed)
        host = Host(source.randrange)
        for _ in range(30):
            host.step()
        states |= {talk.status for talk in host.campaign.interviews}
        kinds |= {one.kind for one in host.campaign.follow_ups}
        occurrences |= {one.occurrence for one in host.campaign.follow_ups}
    assert states == set(InterviewStatus)
    assert kinds == {rule.kind for rule in default_policy().follow_up_rules}
    assert max(occurrences) > 0
