"""One call settles something and tells all that follows from it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.errors import InvalidValue, MissingId
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.events import Held, Requested, Scheduled
from infoint.model.follow_up import FollowUp, FollowUpKind as Kind, FollowUpStatus as Status
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.touch import Touch, TouchKind
from infoint.practice import Settlement, default_policy, plan_follow_ups, record, settle

T0 = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Madrid"))
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,))
BEGINNING = Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, TALK)


def told(*events: Requested | Scheduled | Held) -> Campaign:
    campaign = BEGINNING
    for day, event in enumerate(events):
        step = record(campaign.interview(TALK.id), event, campaign, at=T0 + timedelta(days=day))
        campaign = campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)
    return campaign


def kept(campaign: Campaign, settlement: Settlement) -> Campaign:
    plan, touch = settlement.follow_ups, settlement.touch
    return campaign.including(settlement.follow_up, *([touch] if touch else ()), *plan.new, *plan.changed)


def one(kind: Kind, campaign: Campaign) -> FollowUp:
    (found,) = [one for one in campaign.follow_ups if one.kind == kind]
    return found


HELD = told(Scheduled(Meeting(start=T0 + timedelta(days=1), format=MeetingFormat.PHONE)), Held())
LATER = T0 + timedelta(days=9)


def test_a_message_done_is_a_touch_and_what_follows() -> None:
    """A host had to know by itself that thanks are a touch, and to plan anew."""
    done = settle(one(Kind.THANK_YOU, HELD), HELD, at=LATER)
    assert (done.follow_up.status, done.follow_up.settled_at) == (Status.DONE, LATER)
    assert done.touch == Touch(
        id=derive_id(done.follow_up.id, "touch"), contact_id=ANA.id, at=LATER, kind=TouchKind.MESSAGE, note="Thank Ana Ruiz"
    )
    assert [(changed.kind, changed.due) for changed in done.follow_ups.changed] == [
        (Kind.KEEP_IN_TOUCH, LATER.date().replace(month=6))
    ]
    assert not plan_follow_ups(kept(HELD, done))


def test_what_is_done_alone_is_no_touch() -> None:
    """Writing down what was heard counted as having written to somebody."""
    assert settle(one(Kind.DEBRIEF, HELD), HELD, at=LATER).touch is None


def test_what_follows_from_a_nudge_comes_with_it() -> None:
    """The hint to give up came only at the next event, which never came."""
    asked = told(Requested())
    done = settle(one(Kind.NUDGE, asked), asked, at=LATER)
    assert [new.kind for new in done.follow_ups.new] == [Kind.GIVE_UP]


def test_with_a_reason_it_is_let_be() -> None:
    """What was let be on purpose was logged as sent; or an empty reason passed for none."""
    nudge = one(Kind.NUDGE, asked := told(Requested()))
    let_be = settle(nudge, asked, at=LATER, reason="she is ill")
    assert (let_be.follow_up.status, let_be.follow_up.reason) == (Status.WAIVED, "she is ill")
    assert (let_be.touch, bool(let_be.follow_ups)) == (None, False)
    with pytest.raises(InvalidValue, match="reason"):
        settle(nudge, asked, at=LATER, reason="")


def test_settled_twice_is_once() -> None:
    """A double click logged a second touch, or undid what was let be."""
    first = settle(one(Kind.THANK_YOU, HELD), HELD, at=LATER)
    again = settle(first.follow_up, kept(HELD, first), at=LATER + timedelta(days=1))
    assert (again.follow_up, again.touch, bool(again.follow_ups)) == (first.follow_up, None, False)
    with pytest.raises(InvalidValue, match="nothing settled is undone"):
        settle(first.follow_up, HELD, at=LATER, reason="no need")


def test_an_old_copy_undoes_nothing() -> None:
    """The page of yesterday, clicked again, moved the moment of the thanks; or what was let be was done after all."""
    open_copy = one(Kind.THANK_YOU, HELD)
    done = kept(HELD, settle(open_copy, HELD, at=LATER))
    again = settle(open_copy, done, at=LATER + timedelta(days=1))
    assert (again.follow_up.settled_at, again.touch, bool(again.follow_ups)) == (LATER, None, False)
    let_be = kept(HELD, settle(open_copy, HELD, at=LATER, reason="she moved away"))
    with pytest.raises(InvalidValue, match="nothing settled is undone"):
        settle(open_copy, let_be, at=LATER)


def test_giving_back_is_a_touch_of_its_own_kind() -> None:
    """What one did for somebody was lost among the letters."""
    favour = FollowUp(id=derive_id(1), kind=Kind.GIVE_BACK, due=T0.date(), contact_id=ANA.id)
    done = settle(favour, HELD.including(favour), at=LATER)
    assert done.touch is not None
    assert done.touch.kind == TouchKind.GAVE_BACK
    nobody = evolve(favour, contact_id=None)
    assert settle(nobody, HELD.including(nobody), at=LATER).touch is None


def test_the_policy_given_is_the_one_used() -> None:
    """An app's own rules were passed over."""
    asked = told(Requested())
    done = settle(one(Kind.NUDGE, asked), asked, at=LATER, policy=default_policy().turn_off(Kind.GIVE_UP))
    assert not done.follow_ups


def test_what_has_no_identity_is_refused() -> None:
    """Touches of two drafts shared their id."""
    with pytest.raises(MissingId):
        settle(FollowUp(kind=Kind.GIVE_BACK, due=T0.date()), HELD, at=LATER)
