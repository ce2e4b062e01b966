"""Talks driven at random through `record`, and through a workspace at the same time, against the lifecycle written down once more.

The model below is the practice's table and its sentences (§6), in the plainest code that says them; it shares none with the library.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

import infoint
from infoint import codec
from infoint.errors import IllegalEvent, InvalidValue, ObligationsOpen
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Insight, Party, Promise, Referral, Valence
from infoint.model.events import (
    Accepted,
    Cancelled,
    Closed,
    Confirmed,
    Corrected,
    Debriefed,
    Declined,
    Dropped,
    Event,
    GaveUp,
    Held,
    NoShow,
    Requested,
    Rescheduled,
    Scheduled,
)
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.model.touch import Touch, TouchKind
from infoint.practice import advance, complete, default_policy, legal_events, plan_follow_ups, postpone, record, waive
from infoint.testing import Clock

MADRID = ZoneInfo("Europe/Madrid")
T0 = datetime(2026, 10, 20, 9, tzinfo=MADRID)
"""On the 25th a night has an hour more."""
ANA, BEN, CY = (derive_id("person", number) for number in range(3))
PEOPLE = (
    Contact(id=ANA, name="Ana Ruiz", rapport=2),
    Contact(id=BEN, name="Ben Li", referred_by=ANA),
    Contact(id=CY, name="Cy Ode"),
)
ALONE, PAIR = derive_id("talk", 0), derive_id("talk", 1)
TALKS = (Interview(id=ALONE, contact_ids=(ANA,)), Interview(id=PAIR, contact_ids=(ANA, CY)))

# ── the lifecycle, written down once more ────────────────────────────────────────────────────────
TABLE = """
identified: request→requested schedule→scheduled drop→cancelled
requested: accept→accepted schedule→scheduled decline→declined give_up→no-response drop→cancelled
accepted: schedule→scheduled decline→declined drop→cancelled
scheduled: confirm→confirmed reschedule→scheduled cancel→cancelled hold→held no_show→no-show
confirmed: reschedule→scheduled cancel→cancelled hold→held no_show→no-show
held: debrief→debriefed
debriefed: close→closed debrief→debriefed
closed:
declined: accept→accepted schedule→scheduled
no-response: accept→accepted schedule→scheduled
cancelled: schedule→scheduled
no-show: schedule→scheduled
"""
ROWS: dict[str, dict[str, str]] = {
    line.split(":")[0]: dict(step.split("→") for step in line.split(":")[1].split()) for line in TABLE.strip().splitlines()
}
MET = {"held", "debriefed", "closed"}
STANDS = {"scheduled", "confirmed"} | MET


class Line(NamedTuple):
    at: float
    event: Event


class Model:
    """One talk, as a careful person would keep it on paper: a list of lines, and whether each still counts."""

    def __init__(self, asked: tuple[UUID, ...]) -> None:
        self.asked = asked
        self.lines: list[Line] = []
        self.sequence = 0
        self.announced = False

    def counting(self, lines: list[Line] | None = None) -> list[Line]:
        """What counts, in the order of happening: no corrections, and nothing that one of them took away."""
        lines = self.lines if lines is None else lines
        struck: set[int] = set()
        for place in reversed(range(len(lines))):
            event = lines[place].event
            if isinstance(event, Corrected) and place not in struck:
                struck.add(event.voids)
        kept = [line for place, line in enumerate(lines) if place not in struck and not isinstance(line.event, Corrected)]
        return sorted(kept, key=lambda line: line.at)

    @staticmethod
    def walk(lines: list[Line]) -> str | None:
        """The state these lines lead to; None where the table has no such path."""
        state = "identified"
        for line in lines:
            if line.event.name not in ROWS[state]:
                return None
            state = ROWS[state][line.event.name]
        return state

    @property
    def state(self) -> str:
        state = self.walk(self.counting())
        assert state is not None, "the model told a story that is none"
        return state

    def last(self, *kinds: type[Event]) -> Any:
        return next((line.event for line in reversed(self.counting()) if isinstance(line.event, kinds)), None)

    @property
    def met(self) -> tuple[UUID, ...]:
        return (self.last(Held).met or self.asked) if self.state in MET else ()

    def in_calendars(self) -> tuple[float, timedelta, bool] | None:
        """What a calendar shows of it: when, how long, and whether it stands."""
        agreed = self.last(Scheduled, Rescheduled)
        return agreed and (agreed.meeting.start.timestamp(), agreed.meeting.duration, self.state in STANDS)

    def outcome(self, event: Event, at: datetime) -> str:
        """What should come of telling this: "told", "as before", "refused", "no such entry"."""
        line = Line(at.timestamp(), event)
        if isinstance(event, Corrected) and event.voids >= len(self.lines):
            return "no such entry"
        if line in self.lines:
            return "as before"
        now, after = self.counting(), self.counting([*self.lines, line])
        if after == now if isinstance(event, Corrected) else (now and now[-1].event == event):
            return "as before"
        return "told" if self.walk(after) is not None else "refused"

    def tell(self, event: Event, at: datetime) -> None:
        before = self.in_calendars()
        self.lines.append(Line(at.timestamp(), event))
        if self.announced and self.in_calendars() != before:
            self.sequence += 1
        self.announced = self.announced or self.in_calendars() is not None


# ── what may be told ─────────────────────────────────────────────────────────────────────────────
def meeting(choice: int) -> Meeting:
    return Meeting(
        start=T0 + timedelta(days=5 + choice % 4, hours=choice % 3),
        duration=timedelta(minutes=30 + 15 * (choice % 2)),
        format=(MeetingFormat.PHONE, MeetingFormat.IN_PERSON)[choice % 2],
    )


def debrief(choice: int) -> Debrief:
    return (
        Debrief(),
        Debrief(referrals=(Referral("Ben Li"), Referral("Dee Ito"))),
        Debrief(insights=(Insight("Nights.", Topic.OVERTIME, Valence.NEGATIVE, said_by=CY),), surprises="Quiet."),
        Debrief(promises=(Promise("send the article", Party.ME),)),
    )[choice % 4]


EVENTS: dict[str, Callable[[int], Event]] = {
    "request": lambda _: Requested(),
    "accept": lambda _: Accepted(),
    "decline": lambda choice: Declined(("", "no time")[choice % 2]),
    "give_up": lambda _: GaveUp(),
    "schedule": lambda choice: Scheduled(meeting(choice)),
    "reschedule": lambda choice: Rescheduled(meeting(choice), (None, Party.ME, Party.THEM)[choice % 3]),
    "confirm": lambda _: Confirmed(),
    "cancel": lambda choice: Cancelled((Party.ME, Party.THEM)[choice % 2], ("", "ill")[choice // 2 % 2]),
    "no_show": lambda choice: NoShow((Party.THEM, Party.ME)[choice % 2]),
    "hold": lambda choice: Held(((), (BEN,), (ANA, BEN), (CY,))[choice % 4]),
    "debrief": lambda choice: Debriefed(debrief(choice)),
    "close": lambda _: Closed(),
    "drop": lambda _: Dropped(),
}
WELL = ("request", "accept", "schedule", "confirm", "hold", "debrief", "close")
"""How a talk goes that goes well."""

ids = st.sampled_from([ALONE, PAIR])
choices = st.integers(0, 11)
late = st.sampled_from([0, 0, 0, 1, 6, 30, 120, 400]).map(lambda hours: timedelta(hours=hours))


class TalkMachine(RuleBasedStateMachine):
    """A host that keeps what `record` gives it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = T0
        self.campaign = Campaign(profile=Profile(name="Sam", zone="America/New_York")).including(*PEOPLE, *TALKS)
        self.models = {talk.id: Model(talk.contact_ids) for talk in TALKS}
        self.settled: dict[UUID, FollowUp] = {}
        self.revised: dict[UUID, datetime] = {}

    # what a workspace does besides
    def told_there(self, id: UUID, event: Event, at: datetime, refusal: type[Exception] | None) -> None:
        """The same, told to somebody else who should come to the same."""

    def settled_there(self, one: FollowUp, verb: str) -> None:
        """The same, settled there."""

    # ── telling ──────────────────────────────────────────────────────────────────────────────────
    def tell(self, id: UUID, event: Event, at: datetime) -> None:
        talk, model = self.campaign.interview(id), self.models[id]
        expected = model.outcome(event, at)
        refusal: type[Exception] | None = None
        try:
            step = record(talk, event, self.campaign, at=at, recorded_at=self.now)
        except InvalidValue:
            refusal = InvalidValue
            assert expected == "no such entry"
        except IllegalEvent as error:
            refusal = IllegalEvent
            assert expected == "refused"
            self.check_refusal(error)
        except ObligationsOpen as error:
            refusal = ObligationsOpen
            assert expected == "told"
            self.check_debts(talk, event, at, error)
        else:
            assert expected == ("as before" if step.interview is talk else "told")
            if step.interview is not talk:
                model.tell(event, at)
            self.campaign = self.campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)
        self.told_there(id, event, at, refusal)

    def check_refusal(self, error: IllegalEvent) -> None:
        """It names a state, what is legal there, and an event that is not."""
        assert set(error.legal) == ROWS[error.state].keys()
        assert error.event not in error.legal

    def check_debts(self, talk: Interview, event: Event, at: datetime, error: ObligationsOpen) -> None:
        """Refused for a debt that there is, of a talk that would be closed."""
        after = advance(talk, event, at=at, recorded_at=self.now)
        assert (talk.status != "closed", str(after.status)) == (True, "closed")
        plan = plan_follow_ups(self.campaign.including(after))
        owed = self.campaign.including(after, *plan.new, *plan.changed).follow_ups_of(after)
        debtors = [one for one in owed if one.obligatory and one.status is FollowUpStatus.OPEN]
        assert len(debtors) == len(error.kinds) > 0
        assert set(error.people) <= {person.name for person in PEOPLE}

    @rule(hours=st.integers(1, 60))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(id=ids, choice=choices)
    def tell_what_goes_well(self, id: UUID, choice: int) -> None:
        """The next step of a good talk, as it happens; so that talks get somewhere."""
        self.now += timedelta(hours=1 + choice)
        legal = [name for name in WELL if name in ROWS[self.models[id].state]]
        if legal:
            self.tell(id, EVENTS[legal[-1] if choice % 3 else legal[0]](choice), self.now)

    @rule(id=ids, name=st.sampled_from(sorted(EVENTS)), choice=choices, late=late)
    def tell_anything(self, id: UUID, name: str, choice: int, late: timedelta) -> None:
        """Legal or not, as it happens or long after."""
        self.tell(id, EVENTS[name](choice), self.now - late)

    @rule(id=ids, choice=choices, late=late)
    def tell_something_legal(self, id: UUID, choice: int, late: timedelta) -> None:
        legal = sorted(ROWS[self.models[id].state])
        if legal:
            self.tell(id, EVENTS[legal[choice % len(legal)]](choice), self.now - late)

    @rule(id=ids, place=st.integers(0, 14))
    def correct(self, id: UUID, place: int) -> None:
        """A mis-click, a mis-click of a correction, or an entry that is not there."""
        self.tell(id, Corrected(place), self.now)

    @precondition(lambda self: any(model.lines for model in self.models.values()))
    @rule(id=ids, place=st.integers(0, 30))
    def tell_again(self, id: UUID, place: int) -> None:
        """What was told is told once more, by a script's second run."""
        talk = self.campaign.interview(id)
        if talk.history:
            entry = talk.history[place % len(talk.history)]
            self.tell(id, entry.event, entry.at)  # type: ignore[arg-type]  # nothing unknown was told here
            assert self.campaign.interview(id) is talk

    # ── settling ─────────────────────────────────────────────────────────────────────────────────
    @rule(choice=st.integers(0, 40), verb=st.sampled_from(["complete", "complete", "waive", "postpone"]))
    def settle(self, choice: int, verb: str) -> None:
        """Something that is due is done, let be, or put off; what is owed to people comes first."""
        there_is = sorted(
            (one for one in self.campaign.follow_ups if one.status is FollowUpStatus.OPEN),
            key=lambda one: (not one.obligatory, one.id),
        )
        if not there_is:
            return
        one = there_is[0 if choice % 2 else choice % len(there_is)]
        facts: list[FollowUp | Touch] = []
        if verb == "complete":
            facts.append(complete(one, at=self.now))
            if one.contact_id is not None and default_policy().reaches_out(one.kind):
                facts.append(
                    Touch(
                        id=derive_id(one.id, "touch"),
                        contact_id=one.contact_id,
                        at=self.now,
                        kind=TouchKind.MESSAGE,
                        note=one.summary,
                    )
                )
        elif verb == "waive":
            facts.append(waive(one, reason="no need", at=self.now))
        else:
            facts.append(postpone(one, one.due + timedelta(days=3), at=self.now))
        self.campaign = self.campaign.including(*facts)
        plan = plan_follow_ups(self.campaign)
        self.campaign = self.campaign.including(*plan.new, *plan.changed)
        self.settled_there(one, verb)

    # ── what holds after every step ──────────────────────────────────────────────────────────────
    @invariant()
    def the_talk_is_where_the_table_says(self) -> None:
        for id, model in self.models.items():
            talk = self.campaign.interview(id)
            assert str(talk.status) == model.state
            assert {kind.name for kind in legal_events(talk)} == ROWS[model.state].keys()
            agreed = model.last(Scheduled, Rescheduled)
            assert talk.meeting == (agreed and agreed.meeting)
            assert talk.met == model.met
            written = model.last(Debriefed)
            assert talk.debrief == (written and written.debrief)

    @invariant()
    def a_history_only_grows(self) -> None:
        """Who cancelled, and every mistake, stays to be seen; in the order of telling."""
        for id, model in self.models.items():
            history = self.campaign.interview(id).history
            assert [Line(entry.at.timestamp(), entry.event) for entry in history] == model.lines  # type: ignore[arg-type]  # as above
            told = [entry.told_at.timestamp() for entry in history]
            assert told == sorted(told)

    @invariant()
    def a_calendar_hears_of_each_change_once(self) -> None:
        for id, model in self.models.items():
            talk = self.campaign.interview(id)
            assert talk.sequence == model.sequence
            if talk.revised_at is not None:
                assert talk.revised_at >= self.revised.get(id, talk.revised_at)
                self.revised[id] = talk.revised_at

    @invariant()
    def a_replay_gives_the_same_talk(self) -> None:
        for blank in TALKS:
            talk = self.campaign.interview(blank.id)
            again = codec.load(Interview, codec.dump(talk))
            assert (evolve(again, version=talk.version), again.story) == (talk, talk.story)
            for entry in talk.history:
                blank = advance(blank, entry.event, at=entry.at, recorded_at=entry.told_at)  # type: ignore[arg-type]  # noqa: PLW2901  # told one by one; nothing unknown
            assert blank.history == talk.history

    @invariant()
    def planning_again_changes_nothing(self) -> None:
        assert not plan_follow_ups(self.campaign)

    @invariant()
    def nothing_settled_is_undone(self) -> None:
        now = {one.id: one for one in self.campaign.follow_ups if one.status in SETTLED}
        assert all(now.get(id) == one for id, one in self.settled.items())
        self.settled = now

    @invariant()
    def whoever_was_met_is_thanked_before_a_talk_is_closed(self) -> None:
        for id, model in self.models.items():
            if model.state == "closed" and model.lines and isinstance(model.lines[-1].event, Closed):
                thanks = [
                    one
                    for one in self.campaign.follow_ups_of(self.campaign.interview(id))
                    if one.kind == FollowUpKind.THANK_YOU and one.status in SETTLED
                ]
                assert {one.contact_id for one in thanks} >= set(model.met)


class WorkspaceMachine(TalkMachine):
    """The same told to a workspace too: what it stores is what a host without one keeps."""

    @initialize()
    def open(self) -> None:
        self.clock = Clock(self.now)
        self.ws = infoint.open("memory:", zone="America/New_York", clock=self.clock)
        for person in PEOPLE:
            self.ws.contacts.add(person)
        with self.ws._sessions.writing() as unit:
            unit.save(*TALKS)
        self.campaign = self.ws.campaign()

    def teardown(self) -> None:
        if hasattr(self, "ws"):
            self.ws.close()

    def told_there(self, id: UUID, event: Event, at: datetime, refusal: type[Exception] | None) -> None:
        self.clock.now = self.now
        talk = self.ws.interviews.get(id)
        if refusal is None:
            self.ws.interviews.record(talk, event, at=at)
            return
        with pytest.raises(refusal):
            self.ws.interviews.record(talk, event, at=at)
        assert self.ws.interviews.get(id) == talk

    def settled_there(self, one: FollowUp, verb: str) -> None:
        self.clock.now = self.now
        there = self.ws.follow_ups.get(one.id)
        if verb == "complete":
            self.ws.follow_ups.complete(there)
        elif verb == "waive":
            self.ws.follow_ups.waive(there, "no need")
        else:
            self.ws.follow_ups.postpone(there, one.due + timedelta(days=3))

    @invariant()
    def the_workspace_holds_what_the_host_keeps(self) -> None:
        if hasattr(self, "ws"):
            assert unversioned(self.ws.campaign()) == unversioned(self.campaign)


def unversioned(campaign: Campaign) -> dict[str, dict[UUID, Any]]:
    """By kind and id; a version counts how often a storage wrote."""
    return {
        kind: {entity.id: evolve(entity, version=0) for entity in getattr(campaign, kind)}
        for kind in ("interviews", "follow_ups", "touches")
    }


# ── driven ───────────────────────────────────────────────────────────────────────────────────────
def drive(machine: type[TalkMachine], *, stories: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=stories, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_every_story_told_to_record_is_the_tables() -> None:
    """A late entry, a correction, a repetition or a refusal would leave a talk elsewhere than the practice says."""
    drive(TalkMachine, stories=50, steps=25)


def test_every_story_told_to_a_workspace_is_the_hosts_too() -> None:
    """Whoever keeps the facts in their own database would come to other talks, follow-ups or touches than a workspace does."""
    drive(WorkspaceMachine, stories=20, steps=20)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [TalkMachine, WorkspaceMachine])
def test_every_story_at_length(machine: type[TalkMachine]) -> None:
    """As above, longer and more of them."""
    drive(machine, stories=400 if machine is TalkMachine else 80, steps=50)


def step(machine: TalkMachine, source: Random) -> None:
    """One rule, drawn by us: what Hypothesis draws differs with what else is loaded."""
    id, choice, late = source.choice([ALONE, PAIR]), source.randrange(12), timedelta(hours=source.choice([0, 0, 30]))
    match source.randrange(7):
        case 0:
            machine.tell_anything(id=id, name=source.choice(sorted(EVENTS)), choice=choice, late=late)
        case 1 | 2:
            machine.tell_what_goes_well(id=id, choice=choice)
        case 3 | 4:
            machine.tell_something_legal(id=id, choice=choice, late=late)
        case 5:
            machine.correct(id=id, place=choice)
        case _:
            machine.settle(choice=choice, verb=source.choice(["complete", "waive", "postpone"]))


def test_the_machine_gets_everywhere() -> None:
    """The stories above would all end early, and nothing rare would ever be tried."""
    seen: set[str] = set()
    for seed in range(60):
        source, machine = Random(seed), TalkMachine()
        for _ in range(25):
            step(machine, source)
            seen |= {model.state for model in machine.models.values()}
            seen |= {f"{line.event.name} told" for model in machine.models.values() for line in model.lines}
    assert seen == set(ROWS) | {f"{name} told" for name in (*EVENTS, "correct")}
