"""Letters of thanks: for the talk and the names given in it, and for a lead (practice §5, §9)."""

from collections.abc import Iterator

from infoint.model.debrief import Party, ReferralKind, Valence
from infoint.model.follow_up import FollowUpStatus
from infoint.notes.contract import Block, Bullets, Paragraph
from infoint.notes.documents.letters.case import Case, takeaway
from infoint.practice.anchors import promise_anchor, touch_anchor
from infoint.practice.referrals import introductions, is_taken_up, people_named


def thank_you(case: Case) -> Iterator[Block]:
    """Within a day: for what was learned, and for names."""
    yield Paragraph(case.say_on("thank-you.time", about=case.about))
    took = takeaway(case.interview, case.person, (Valence.POSITIVE, Valence.NEUTRAL, Valence.NEGATIVE))
    if took is None:
        yield Paragraph(case.words.fill_in("thank-you.no-takeaway"))
    else:
        key = "thank-you.hard-side" if took.valence is Valence.NEGATIVE else "thank-you.takeaway"
        yield Paragraph(case.words.say(key, text=took.text))
    yield from _thanks_for_names(case)
    debrief = case.interview.debrief if case.interview else None
    promises = debrief.promises if debrief else ()
    kept = {one.anchor for one in case.campaign.follow_ups if one.status is FollowUpStatus.DONE}
    mine = [
        one for one in promises if one.by is Party.ME and case.interview and promise_anchor(case.interview, one) not in kept
    ]
    if mine:
        yield Paragraph(case.words.say("thank-you.promises"))
        yield Bullets(tuple(map(case.words.promised, mine)))


def _thanks_for_names(case: Case) -> Iterator[Block]:
    talk, person = case.interview, case.person
    if talk is None or person is None or not talk.referrals:
        return
    given = sorted(
        introductions(talk, case.campaign, people_named(case.campaign)), key=lambda one: talk.referrals.index(one.referral)
    )
    # What has come of the others by now is told in a letter of its own.
    fresh = [one.referral for one in given if one.giver.id == person.id and not is_taken_up(one, case.campaign)]
    introduced = [one.name for one in fresh if one.kind is ReferralKind.INTRODUCTION]
    named = [one.name for one in fresh if one.kind is not ReferralKind.INTRODUCTION]
    if named:
        yield Paragraph(case.words.say("thank-you.named", referrals=case.words.listed(named)))
    if introduced:
        yield Paragraph(case.words.say("thank-you.introduced", referrals=case.words.listed(introduced)))


def thank_lead(case: Case) -> Iterator[Block]:
    """For something passed on."""
    touches = case.campaign.touches_of(case.person) if case.person else ()
    notes = (one.note for one in touches if touch_anchor(one) == case.follow_up.anchor)
    yield Paragraph(case.words.say("thank-lead.text"))
    yield Paragraph(next(notes, "").strip() or case.words.fill_in("thank-lead.unknown"))
    yield Paragraph(case.words.fill_in("thank-lead.next"))
    yield Paragraph(case.words.say("thank-lead.end"))
