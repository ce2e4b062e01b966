"""Letters that ask for a talk: the first one, the second, a time, the confirmation (practice §5, §9)."""

from collections.abc import Iterator

from infoint.errors import InvalidValue
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralKind
from infoint.model.events import Requested
from infoint.model.interview import FALLEN_THROUGH, UPCOMING, InterviewStatus
from infoint.model.meeting import Meeting
from infoint.notes.contract import Block, Bullets, Fields, Paragraph
from infoint.notes.documents.letters.asked_for import formats, who_asks
from infoint.notes.documents.letters.case import Case
from infoint.notes.phrases import place
from infoint.practice.review import OUTREACH_WORDS


def nudge(case: Case) -> Iterator[Block]:
    """Once more, and never again."""
    told = case.interview.story.told if case.interview else ()
    asked = next((entry.at for entry in reversed(told) if isinstance(entry.event, Requested)), None)
    wrote = case.words.say("nudge.wrote.on", day=case.weekday(asked)) if asked else case.words.say("nudge.wrote")
    parts = (case.by_purpose("ask"), f"how.{case.purpose}", "no")
    yield from (Paragraph(case.words.say(f"nudge.{part}", wrote=wrote, **case.of_the_talk)) for part in parts)


def pick_time(case: Case) -> Iterator[Block]:
    """Times for a talk, or what to do about the one agreed."""
    yield Paragraph(_whether_one_suits(case))
    yield Bullets(tuple(case.words.clock(time.start, *case.zones) for time in case.times) or (_no_time(case),) * 3)
    yield Paragraph(case.words.say("pick-time.how", **{**case.of_the_talk, "formats": formats(case.interview, case.words)}))


def _whether_one_suits(case: Case) -> str:
    """Thanks for a yes fit only where there was one, and it stands."""
    talk, key, fields = case.interview, "pick-time.ask", case.of_the_talk
    if talk and talk.status in UPCOMING:
        return case.words.say(f"{key}.instead", **fields)
    if talk and talk.status in FALLEN_THROUGH:
        if talk.meeting:
            return case.words.say(f"{key}.again.on", day=case.weekday(talk.meeting.start), **fields)
        return case.words.say(f"{key}.again", **fields)
    if talk and talk.status in {InterviewStatus.IDENTIFIED, InterviewStatus.REQUESTED}:
        return case.words.say(case.by_purpose(f"{key}.first"), **fields)
    return case.words.say(key, **fields)


def _no_time(case: Case) -> str:
    theirs, mine = case.zones[0], case.campaign.profile.zone
    # The zone has to be told only to those who live in another.
    return (
        case.words.fill_in("pick-time.offer.in", zone=case.words.zone_name(theirs))
        if theirs != mine
        else case.words.fill_in("pick-time.offer")
    )


def meeting_agreed(case: Case) -> Meeting:
    """Raises InvalidValue where there is none."""
    talk = case.interview
    if talk is None or talk.meeting is None or not talk.story.stands:
        raise InvalidValue("FollowUp", "interview_id", "names no talk with a meeting to confirm", value=case.follow_up)
    return talk.meeting


def confirm(case: Case) -> Iterator[Block]:
    """The day before."""
    meeting = meeting_agreed(case)
    where = place(meeting.place) if meeting.place else case.words.fill_in(f"confirm.no-place.{meeting.format}")
    yield Paragraph(case.words.say("confirm.look-forward", **case.of_the_talk))
    yield Fields(
        (
            (case.words.say("confirm.when"), case.words.clock(meeting.start, *case.zones)),
            (case.words.say("confirm.length"), case.length(meeting.duration)),
            (case.words.say("confirm.how"), case.words.say(f"format.{meeting.format}")),
            (case.words.say(f"confirm.place.{meeting.format}"), where),
        )
    )
    agenda = case.interview.agenda if case.interview else ()
    yield Paragraph(case.words.say("confirm.questions"))
    yield Bullets(
        tuple(item.question.text for item in agenda) or (case.words.fill_in("confirm.no-questions"),), numbered=bool(agenda)
    )
    yield Paragraph(case.words.say("confirm.change"))


def giver_of(case: Case) -> Contact | None:
    """Who gave the name of whoever is written to."""
    if case.introduction:
        return case.introduction.giver
    referrer = case.person.referred_by if case.person else None
    return case.campaign.contact(referrer) if referrer else None


def contact_referral(case: Case) -> Iterator[Block]:
    """To the person named: the connection first."""
    giver = giver_of(case)
    # How it is offered is a matter of the talk to come, where that one is planned already.
    planned = case.campaign.interviews_with(case.person) if case.person else ()
    ask = next((talk for talk in planned if talk.status is InterviewStatus.IDENTIFIED), None)
    fields = {"about": case.about, **case.asked_for(ask)}
    if giver is None:
        opening = (
            f"{case.words.fill_in('contact-referral.no-connection')} {case.words.say('contact-referral.unknown', **fields)}"
        )
    else:
        kind = case.introduction.referral.kind if case.introduction else ReferralKind.NAME
        known = f"{giver.name} ({giver.organization})" if giver.organization else giver.name
        opening = case.words.say(f"contact-referral.{kind}", giver=known, **fields)
    asking = (
        f"{case.words.say('contact-referral.ask', **fields)} {case.words.say(f'contact-referral.advice.{case.policy.resume}')}"
    )
    me = case.campaign.profile
    closing = case.words.say("closing", me=me.name or case.words.fill_in("me.unknown"))
    around = (case.words.say("greeting", names=case.names), opening, asking, closing)
    room = OUTREACH_WORDS - sum(len(part.split()) for part in around)
    yield from map(Paragraph, (opening, who_asks(me, room, case.words), asking))
