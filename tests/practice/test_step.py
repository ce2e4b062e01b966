"""One step: an event and what follows from it; and the guard before the end."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.errors import IllegalEvent, NaiveTime, ObligationsOpen
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief
from infoint.model.events import Closed, Corrected, Debriefed, Event, Held, Requested, Scheduled
from infoint.model.follow_up import FollowUp, FollowUpKind as Kind
from infoint.model.identity import derive_id
from infoint.model.interview import Interview, InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.practice import Step, complete, default_policy, plan_follow_ups, record, waive

T0 = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Madrid"))
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor")
TALK = derive_id("talk")
MEETING = Meeting(start=T0 + timedelta(days=1), format=MeetingFormat.VIDEO)
BEGINNING = Campaign(profile=Profile(zone="Europe/Madrid")).including(
    ANA, BEN, Interview(id=TALK, contact_ids=(ANA.id, BEN.id))
)


def kept(campaign: Campaign, step: Step) -> Campaign:
    return campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)


def told(*events: Event, campaign: Campaign = BEGINNING, start: int = 0) -> Campaign:
    for day, event in enumerate(events, start):
        campaign = kept(campaign, record(campaign.interview(TALK), event, campaign, at=T0 + timedelta(days=day)))
    return campaign


DEBRIEFED = told(Scheduled(MEETING), Held(), Debriefed(Debrief()))
CLOSING = T0 + timedelta(days=9)


def thanks(campaign: Campaign) -> list[FollowUp]:
    found = [one for one in campaign.follow_ups if one.kind == Kind.THANK_YOU]
    return sorted(found, key=lambda one: one.summary)


def test_a_step_is_the_event_and_all_that_follows() -> None:
    """A host had to plan by itself, or got follow-ups of the state before."""
    step = record(BEGINNING.interview(TALK), Scheduled(MEETING), BEGINNING, at=T0)
    assert step.interview.status is InterviewStatus.SCHEDULED
    assert {one.kind for one in step.follow_ups.new} == {Kind.PREPARE, Kind.CONFIRM}
    assert step.follow_ups == plan_follow_ups(BEGINNING.including(step.interview))
    assert BEGINNING.interview(TALK).history == ()


def test_the_talk_given_counts_and_not_the_campaigns() -> None:
    """A host that loads its campaign first had to load it again."""
    step = record(BEGINNING.interview(TALK), Requested(), evolve(BEGINNING, interviews=()), at=T0)
    assert [one.kind for one in step.follow_ups.new] == [Kind.NUDGE]


def test_a_step_told_twice_is_empty() -> None:
    """A second run wrote something."""
    campaign = told(Requested())
    step = record(campaign.interview(TALK), Requested(), campaign, at=T0)
    assert step.interview is campaign.interview(TALK)
    assert not step.follow_ups


def test_the_policy_given_is_the_one_used() -> None:
    """An app's own rules were passed over."""
    step = record(BEGINNING.interview(TALK), Requested(), BEGINNING, at=T0, policy=evolve(default_policy(), follow_up_rules=()))
    assert not step.follow_ups


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"event": Held(), "at": T0}, IllegalEvent), ({"event": Requested(), "at": datetime(2026, 3, 2)}, NaiveTime)],
)
def test_a_step_refuses_what_advance_refuses(arguments: dict[str, Any], error: type[Exception]) -> None:
    """An illegal event was planned for."""
    with pytest.raises(error):
        record(BEGINNING.interview(TALK), arguments["event"], BEGINNING, at=arguments["at"])


# ── the guard ────────────────────────────────────────────────────────────────────────────────────
def test_a_talk_is_not_closed_while_somebody_waits_for_thanks() -> None:
    """The record was closed over a debt; or the message did not say whose."""
    with pytest.raises(ObligationsOpen) as refused:
        told(Closed(), campaign=DEBRIEFED, start=9)
    assert refused.value.kinds == ("thank-you", "thank-you")
    assert set(refused.value.people) == {"Ana Ruiz", "Ben Okafor"}
    assert "thank-you for Ana Ruiz" in str(refused.value)


def test_one_open_obligation_is_enough() -> None:
    """The second person met was forgotten."""
    ana, ben = thanks(DEBRIEFED)
    campaign = DEBRIEFED.including(complete(ana, at=CLOSING))
    with pytest.raises(ObligationsOpen) as refused:
        told(Closed(), campaign=campaign, start=9)
    assert refused.value.people == ("Ben Okafor",)
    campaign = campaign.including(waive(ben, reason="he left at once", at=CLOSING))
    assert told(Closed(), campaign=campaign, start=9).interview(TALK).status is InterviewStatus.CLOSED


def test_what_a_host_does_not_keep_is_not_done() -> None:
    """A host that keeps no follow-ups could close everything."""
    with pytest.raises(ObligationsOpen):
        told(Closed(), campaign=evolve(DEBRIEFED, follow_ups=()), start=9)


def test_only_what_is_obligatory_and_of_this_talk_holds_it_up() -> None:
    """A nudge, or the debt of another talk, kept a talk open."""
    other = Interview(id=derive_id("other"), contact_ids=(ANA.id,))
    debt = FollowUp(id=derive_id(1), kind=Kind.GIVE_BACK, due=T0.date(), interview_id=other.id, obligatory=True)
    wish = FollowUp(id=derive_id(2), kind=Kind.GIVE_BACK, due=T0.date(), interview_id=TALK)
    campaign = DEBRIEFED.including(other, debt, wish, *(complete(one, at=CLOSING) for one in thanks(DEBRIEFED)))
    assert told(Closed(), campaign=campaign, start=9).interview(TALK).status is InterviewStatus.CLOSED


@pytest.mark.parametrize(("person", "words"), [(ANA.id, "give-back for Ana Ruiz"), (None, "open: give-back.")])
def test_an_obligation_made_by_hand_counts(person: UUID | None, words: str) -> None:
    """What the explorer had laid on themselves was passed over, or broke the message."""
    debt = FollowUp(id=derive_id(1), kind=Kind.GIVE_BACK, due=T0.date(), interview_id=TALK, contact_id=person, obligatory=True)
    campaign = DEBRIEFED.including(debt, *(complete(one, at=CLOSING) for one in thanks(DEBRIEFED)))
    with pytest.raises(ObligationsOpen, match=words):
        told(Closed(), campaign=campaign, start=9)


def test_closing_told_twice_asks_nothing() -> None:
    """A second run failed on a debt that came after the closing."""
    closed = told(Closed(), campaign=DEBRIEFED.including(*(complete(one, at=CLOSING) for one in thanks(DEBRIEFED))), start=9)
    later = evolve(closed, follow_ups=())
    assert told(Closed(), campaign=later, start=9).interview(TALK) is later.interview(TALK)


def test_taking_back_a_correction_of_the_closing_closes_too() -> None:
    """A talk was closed by the back door."""
    closed = told(Closed(), campaign=DEBRIEFED.including(*(complete(one, at=CLOSING) for one in thanks(DEBRIEFED))), start=9)
    again = told(Corrected(3), campaign=closed, start=10)
    assert again.interview(TALK).status is InterviewStatus.DEBRIEFED
    with pytest.raises(ObligationsOpen):
        told(Corrected(4), campaign=evolve(again, follow_ups=()), start=11)
    assert told(Corrected(4), campaign=again, start=11).interview(TALK).status is InterviewStatus.CLOSED


def test_a_closed_talk_can_still_be_told_of() -> None:
    """A late entry on a closed talk was refused for a debt it does not touch."""
    closed = told(Closed(), campaign=DEBRIEFED.including(*(complete(one, at=CLOSING) for one in thanks(DEBRIEFED))), start=9)
    bare = evolve(closed, follow_ups=())
    step = record(
        bare.interview(TALK), Debriefed(Debrief(surprises="Late.")), bare, at=T0 + timedelta(days=3), recorded_at=CLOSING
    )
    assert step.interview.status is InterviewStatus.CLOSED
