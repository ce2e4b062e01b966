"""Drafts of the messages that follow-ups ask for (practice §9). What nobody has noted yet is left to fill in, in square brackets;
nothing is made up, and no letter asks for a job. When which letter is due is the practice's affair; nothing is sent.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Insight, Party, Promise, Referral, ReferralKind, ReferralOutcome, Valence
from infoint.model.events import Requested
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.identity import identified
from infoint.model.interview import MET, UPCOMING, Interview, InterviewStatus, Purpose
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.notes.contract import Block, Bullets, Document, Fields, Paragraph, Section
from infoint.notes.documents.phrases import clock, day, listed, month, place, stem, weekday, zone_name
from infoint.practice.anchors import exploration_in, promise_anchor, referral_anchor, touch_anchor
from infoint.practice.meeting_times import Slot
from infoint.practice.referrals import Introduction, introductions, is_taken_up, people_named, resulting_talk
from infoint.practice.review import OUTREACH_WORDS

_WORDING: Final[Mapping[str, str]] = {
    "title.nudge": "Second request to {names}",
    "title.pick-time": "Finding a time with {names}",
    "title.confirm": "Confirmation to {names}",
    "title.thank-you": "Thank-you to {names}",
    "title.contact-referral": "Request to {names}",
    "title.report-back": "Report back to {names}",
    "title.keep-in-touch": "Keeping in touch with {names}",
    "title.keep-promise": "What was promised to {names}",
    "title.thank-lead": "Thanks for a lead to {names}",
    "title.other": "{label}: {names}",
    "greeting": "Dear {names},",
    "closing": "Kind regards,\n{me}",
    "me.unknown": "[…your name…]",
    "fill-in": "[…{what}…]",
    # what the talks are about: "what … is like", "to talk about …"
    "about.field": "{subject}",
    "about.organization": "working at {subject}",
    "about.role": "the role of {subject}",
    "about.unknown": "your work",
    "format.in-person": "in person",
    "format.video": "by video",
    "format.phone": "by phone",
    "length.30": "half an hour",
    "length.60": "an hour",
    "length.other": "{minutes} minutes",
    # once more, and never again
    "nudge.subject": "Once more: {length} about {about}",
    "nudge.ask": "{wrote}. I know how full a week can be, so just this once more: would you have {length} in the coming weeks "
    "to tell me what {about} is like?",
    "nudge.wrote.on": "I wrote to you on {day}",
    "nudge.wrote": "I wrote to you some time ago",
    "nudge.how.informational": "We could talk {formats}, as you like best. I am after advice, not a job, and would send you my "
    "questions beforehand.",
    "nudge.how.employment": "We could talk {formats}, as you like best. I would send you my questions beforehand.",
    "nudge.no": "If it does not suit you, a short no is quite all right, and I will leave it at that.",
    # a yes without a date
    "pick-time.subject": "A time for our talk",
    "pick-time.ask": "Thank you for being willing to talk with me about {about}. Would one of these times suit you?",
    "pick-time.ask.first": "Would you have {length} to tell me what {about} is like? One of these times would suit me well:",
    "pick-time.ask.instead": "Would one of these times suit you for our talk about {about}, instead of the one we agreed?",
    "pick-time.offer": "a day and a time",
    "pick-time.offer.in": "a day and a time, in {zone}",
    "pick-time.how": "I will keep to {length}, {formats}, as you like best. If none of these suits you, please name a time that "
    "does.",
    # the day before
    "confirm.subject": "Our talk on {day}",
    "confirm.look-forward": "I am looking forward to our talk about {about}. This is what we agreed:",
    "confirm.when": "When",
    "confirm.length": "How long",
    "confirm.how": "How",
    "confirm.place.in-person": "Where",
    "confirm.place.video": "Link",
    "confirm.place.phone": "Number",
    "confirm.no-place.in-person": "where you will meet",
    "confirm.no-place.video": "the link",
    "confirm.no-place.phone": "who rings, and which number",
    "confirm.questions": "These are the questions I would like to ask. You need not prepare anything, and we need not get through "
    "all of them.",
    "confirm.no-questions": "the questions you would like to ask",
    "confirm.change": "If the time no longer suits you, a word is enough, and we will find another.",
    # within a day
    "thank-you.subject": "Thank you for our talk",
    "thank-you.time": "Thank you for taking the time to talk with me about {about}{on_day}.",
    "thank-you.takeaway": "This has stayed with me most:\n{text}",
    "thank-you.hard-side": "I value how openly you spoke about the hard side as well. It helps me to see the work as it is:\n{text}",
    "thank-you.no-takeaway": "one thing you took away from the talk, and what you will do with it",
    "thank-you.named": "Thank you also for naming {referrals}. I will write to them, and tell you what comes of it.",
    "thank-you.introduced": "Thank you also for offering to introduce me to {referrals}. I will tell you what comes of it.",
    "thank-you.promises": "I have not forgotten what I promised:",
    "thank-you.promise": "{text}",
    "thank-you.promise.by": "{text} (by {due})",
    # to the person named: the connection first
    "contact-referral.subject": "{giver} suggested that I write to you",
    "contact-referral.subject.unknown": "May I ask you about {about}?",
    "contact-referral.name": "{giver} suggested that I write to you. I am learning about {about}, and would like to hear how you "
    "see it.",
    "contact-referral.redirect": "{giver} thought you would be the right person to ask about {about}, and suggested that I write "
    "to you.",
    "contact-referral.introduction": "{giver} kindly offered to put us in touch. I am learning about {about}, and would like to "
    "hear how you see it.",
    "contact-referral.unknown": "I am learning about {about}, and would like to hear how you see it.",
    "contact-referral.no-connection": "how you come to write to them",
    "contact-referral.ask": "Would you have {length} in the coming weeks, {formats}? I am after advice, not a job, and would send "
    "you my questions beforehand, my résumé on request.",
    # to whoever named them
    "report-back.subject": "{referral}, whom you named to me",
    "report-back.subject.unknown": "The name you gave me",
    "report-back.thanks": "Thank you again for naming {referral} to me{when}.",
    "report-back.thanks.unknown": "Thank you again for the name you gave me{when}.",
    "report-back.when": " when we talked on {day}",
    "report-back.met": "We have talked since, and I am glad we did.",
    "report-back.met.on": "We talked on {day}, and I am glad we did.",
    "report-back.takeaway": "This has stayed with me most:\n{text}",
    "report-back.no-takeaway": "one thing it brought you, as far as it may be passed on",
    "report-back.agreed": "We are to talk on {day}. I will tell you how it was.",
    "report-back.asked": "I have written, and am waiting for an answer. I will tell you what comes of it.",
    "report-back.declined": "I wrote, and there is no time for a talk just now. It was good to have the name all the same.",
    "report-back.unreachable": "I tried to get in touch, so far without success. It was good to have the name all the same; and if "
    "you know of a better way, I would be glad of a hint.",
    "report-back.dropped": "In the end I did not write.",
    "report-back.no-reason": "why, in a line",
    "report-back.not-yet": "We have not talked so far. I will tell you when we have.",
    "report-back.unknown": "what came of it",
    # months later
    "keep-in-touch.subject": "Since our talk about {about}",
    "keep-in-touch.subject.unknown": "How things are going",
    "keep-in-touch.last": "We talked about {about} in {month}, and I would like to tell you how it has gone on:",
    "keep-in-touch.last.unknown": "It has been a while since we were in touch, and I would like to tell you how it has gone on:",
    "keep-in-touch.news": "what has happened since, in a line or two",
    "keep-in-touch.takeaway": "One thing from our talk is with me still:\n{text}",
    "keep-in-touch.theirs": "How are things with you? If there is something I can do for you, please say so.",
    # made by hand, or by a rule of the app's own
    "share-article.subject": "Something you may like to read",
    "share-article.text": "I came across this, and thought of you:",
    "share-article.text.fill-in": "title and link, and what is worth reading in it",
    "share-article.end": "There is no need to answer.",
    "ask-advice.subject": "May I ask your advice?",
    "ask-advice.text": "There is a question on which I would value your advice:",
    "ask-advice.text.fill-in": "the question, in two or three lines",
    "ask-advice.end": "A few lines would help me, or ten minutes by phone, as you like best.",
    "give-back.subject": "Something that may be of use to you",
    "give-back.text": "You gave me of your time when I asked you about {about}. Here is something that may be of use to you:",
    "give-back.text.fill-in": "what you have for them",
    "give-back.end": "There is no need to answer.",
    "progress.subject": "What I did with your advice",
    "progress.text": "Thank you again for your advice about {about}. This is what I have done with it:",
    "progress.text.fill-in": "what you did, and what it changed",
    "progress.end": "I will tell you how it goes on.",
    "update.subject": "Where I stand",
    "update.text": "You have helped me with what you told me about {about}, so I would like to tell you where I stand:",
    "update.text.fill-in": "what has happened since you last wrote",
    "update.end": "How are things with you?",
    "decision-news.subject": "What I have decided about {about}",
    "decision-news.text": "You helped me to make up my mind about {about}, so I would like you to hear what I have decided:",
    "decision-news.pursue": "I have decided in favour of {about}.",
    "decision-news.rule-out": "I have decided against {about}. It is good to know that before and not after.",
    "decision-news.keep-open": "I have decided neither for {about} nor against it, and keep it open.",
    "decision-news.their-part": "what of it they had a part in",
    "decision-news.text.fill-in": "what you decided, and what of it they had a part in",
    "decision-news.end": "Thank you for your part in it.",
    "keep-promise.subject": "What I promised you",
    "keep-promise.text": "When we talked{on_day}, I promised you something:",
    "keep-promise.unknown": "what you promised",
    "keep-promise.done": "what you send along, or what you have done",
    "thank-lead.subject": "Thank you for the lead",
    "thank-lead.text": "Thank you for thinking of me, and for passing this on:",
    "thank-lead.unknown": "what they passed on",
    "thank-lead.next": "what you have done with it, or will do",
    "thank-lead.end": "Whatever comes of it, I will tell you.",
    "other.subject": "[…subject…]",
    "other.text.fill-in": "what you would like to say: {summary}",
}
"""All that a letter says, by kind and part; the words in braces are filled in."""

_NO_LETTER: Final[Mapping[FollowUpKind, str]] = {
    FollowUpKind.PREPARE: "prep_sheet(interview, campaign) is what it asks for",
    FollowUpKind.DEBRIEF: "debrief_record(interview, campaign) is what it asks for",
    FollowUpKind.ARRIVE: "it is an alarm, which the calendar rings",
    FollowUpKind.GIVE_UP: "it asks for an event: record GaveUp, or what came instead",
    FollowUpKind.ALTERNATE: "it asks for a talk with somebody else: plan that one",
    FollowUpKind.AWAIT_PROMISE: "it asks you to look whether something has come",
}


def letter(follow_up: FollowUp, campaign: Campaign, *, times: Iterable[Slot] = ()) -> Document:
    """The draft that the follow-up's kind asks for, to whom it concerns, in the explorer's name. `draft`, where the explorer has
    written one, stands in place of ours. `times`: what a PICK_TIME letter offers, as `practice.propose_times` finds it; told on the
    clocks of both. Without them the times are left to fill in.

    A kind of an app or a plugin, which says nothing about itself here, gets the frame of a letter with its summary to fill in:
    whoever lists such follow-ups can print them all. Raises InvalidValue for one that is no message to somebody (PREPARE,
    DEBRIEF, ARRIVE, GIVE_UP, ALTERNATE, AWAIT_PROMISE; `policy.reaches_out(kind)` tells), that names nobody, that is to somebody who must not be
    contacted, or that confirms a meeting there is not; MissingId; NotFound for what the campaign does not hold.
    """
    case, own = _case(identified(follow_up), campaign, _offered(times, follow_up)), follow_up.draft
    return Document(
        name="letter",
        title=_title(case),
        language="en",
        subject=_subject(case),
        to=", ".join(one.email for one in case.to if one.email),
        filename=stem(str(follow_up.kind), *(one.name for one in case.to), follow_up.id.hex[-8:]),
        sections=(Section(key="body", title="", blocks=(Paragraph(own),)),) if own.strip() else _sections(case),
    )


def _sections(case: "_Case") -> tuple[Section, ...]:
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("greeting", (Paragraph(_say("greeting", names=case.names)),)),
        ("body", tuple(_WRITERS.get(case.follow_up.kind, _other)(case))),
        ("closing", (Paragraph(_say("closing", me=case.campaign.profile.name or _say("me.unknown"))),)),
    )
    return tuple(Section(key=key, title="", blocks=blocks) for key, blocks in parts)


# ── what a letter is about ───────────────────────────────────────────────────────────────────────
@frozen
class _Addressee:
    name: str
    email: str = ""
    zone: ZoneInfo | None = None


@frozen(kw_only=True)
class _Case:
    """A follow-up with all that its letter may speak of."""

    follow_up: FollowUp
    campaign: Campaign
    to: tuple[_Addressee, ...]
    person: Contact | None
    """The first of them, where known as a contact."""
    interview: Interview | None
    """The talk it belongs to; for what may come long after, else the last one with them."""
    introduction: Introduction | None = field(default=None)
    times: tuple[Slot, ...] = field(default=())

    @property
    def names(self) -> str:
        return listed(one.name for one in self.to)

    @cached_property
    def exploration(self) -> Exploration | None:
        id = exploration_in(self.follow_up.anchor) or (self.interview.exploration_id if self.interview else None)
        return self.campaign.exploration(id) if id else None

    @property
    def about(self) -> str:
        if self.exploration is None:
            return _say("about.unknown")
        return _say(f"about.{self.exploration.scope}", subject=self.exploration.subject)

    def weekday(self, at: datetime) -> str:
        """The day on the calendar of whoever reads it."""
        return weekday(at.astimezone(self.zones[0]).date())

    @property
    def zones(self) -> tuple[ZoneInfo, ...]:
        """Theirs, and the explorer's behind."""
        return (*(one.zone for one in self.to if one.zone), self.campaign.profile.zone)

    @property
    def talked(self) -> str:
        """The day of the talk; "" where it has no time or has not taken place."""
        talk = self.interview
        return self.weekday(talk.meeting.start) if talk and talk.meeting and talk.status in MET else ""


def _offered(times: Iterable[Slot], follow_up: FollowUp) -> tuple[Slot, ...]:
    """In order of time: a letter does not rank them."""
    offered = tuple(times)
    if any(not isinstance(time, Slot) for time in offered):
        raise InvalidValue("letter", "times", "needs Slots, as propose_times finds them", value=offered)
    if offered and follow_up.kind != FollowUpKind.PICK_TIME:
        raise InvalidValue("letter", "times", f"are offered by a PICK_TIME letter, not by {follow_up.kind}", value=offered)
    return tuple(sorted(offered, key=lambda time: time.start.astimezone(UTC)))


def _case(follow_up: FollowUp, campaign: Campaign, times: tuple[Slot, ...]) -> _Case:
    kind = follow_up.kind
    if kind in _NO_LETTER:
        raise InvalidValue("FollowUp", "kind", f"{kind} asks for no letter: {_NO_LETTER[kind]}", value=follow_up)
    interview = campaign.interview(follow_up.interview_id) if follow_up.interview_id else None
    introduction = _introduction(follow_up, interview, campaign)
    people = _people(follow_up, interview, introduction, campaign)
    writable = [person for person in people if not person.do_not_contact]
    if people and not writable:
        raise InvalidValue("FollowUp", "contact_id", "is somebody who must not be contacted", value=follow_up)
    to = tuple(_Addressee(one.name, next(iter(one.emails), ""), one.zone) for one in writable)
    if not to and introduction and kind == FollowUpKind.CONTACT_REFERRAL:
        to = (_named(introduction.referral),)
    if not to:
        raise InvalidValue("FollowUp", "contact_id", "is needed for a letter: there is nobody to write to", value=follow_up)
    person = writable[0] if writable else None
    if interview is None and person and kind not in _TO_ALL:
        interview = _last_talk(person, campaign)
    return _Case(
        follow_up=follow_up,
        campaign=campaign,
        to=to,
        person=person,
        interview=interview,
        introduction=introduction,
        times=times,
    )


_TO_ALL: Final = frozenset({FollowUpKind.NUDGE, FollowUpKind.PICK_TIME, FollowUpKind.CONFIRM})
"""One for the talk, not one for each person: all who were asked get it."""


def _people(
    follow_up: FollowUp, interview: Interview | None, introduction: Introduction | None, campaign: Campaign
) -> tuple[Contact, ...]:
    if interview and follow_up.kind in _TO_ALL:
        return tuple(campaign.contact(id) for id in interview.contact_ids)
    if follow_up.contact_id:
        return (campaign.contact(follow_up.contact_id),)
    if introduction and introduction.contact and follow_up.kind == FollowUpKind.CONTACT_REFERRAL:
        return (introduction.contact,)
    return ()


def _named(referral: Referral) -> _Addressee:
    """Somebody who is no contact yet; how to reach them may be an address, or anything else."""
    reach = referral.how_to_reach
    mailbox, at, domain = reach.partition("@")
    return _Addressee(referral.name, reach if mailbox and at and "." in domain and " " not in reach else "")


def _introduction(follow_up: FollowUp, interview: Interview | None, campaign: Campaign) -> Introduction | None:
    if interview is None or follow_up.kind not in {FollowUpKind.CONTACT_REFERRAL, FollowUpKind.REPORT_BACK}:
        return None
    there = introductions(interview, campaign, people_named(campaign))
    return next((one for one in there if _hangs_on(follow_up, one)), None)


def _hangs_on(follow_up: FollowUp, introduction: Introduction) -> bool:
    if follow_up.anchor == referral_anchor(introduction):
        return True
    by_hand = not follow_up.anchor and follow_up.kind == FollowUpKind.CONTACT_REFERRAL
    return by_hand and introduction.contact is not None and introduction.contact.id == follow_up.contact_id


def _last_talk(person: Contact, campaign: Campaign) -> Interview | None:
    talks = [talk for talk in campaign.interviews_with(person) if person.id in talk.met]
    return max(talks, key=lambda talk: (_took_place(talk), talk.id), default=None)


def _was_held(talk: Interview | None) -> bool:
    return talk is not None and talk.status in MET


def _took_place(talk: Interview) -> datetime:
    return (talk.meeting.start if talk.meeting else talk.story.told[-1].at).astimezone(UTC)


# ── words ────────────────────────────────────────────────────────────────────────────────────────
def _say(key: str, **words: str) -> str:
    return _WORDING[key].format(**words)


def _fill_in(key: str, **words: str) -> str:
    return _say("fill-in", what=_say(key, **words))


def _length(duration: timedelta) -> str:
    minutes = duration // timedelta(minutes=1)
    key = f"length.{minutes}"
    return _say(key) if key in _WORDING else _say("length.other", minutes=str(minutes))


def _asked_for(interview: Interview | None) -> dict[str, str]:
    """How long, and which formats are offered: where nothing was said, all."""
    offered = (interview.formats_offered if interview else None) or frozenset(MeetingFormat)
    return {
        "length": _length(interview.duration if interview else timedelta(minutes=30)),
        "formats": listed((_say(f"format.{one}") for one in MeetingFormat if one in offered), "or"),
    }


def _takeaway(talk: Interview | None, person: Contact | None, among: tuple[Valence, ...]) -> Insight | None:
    """What this person said comes before what nobody in particular said; what somebody else said never comes. The valences come
    in the order given.
    """
    if talk is None or person is None:
        return None

    def is_theirs(insight: Insight) -> bool:
        return insight.said_by == person.id or (insight.said_by is None and talk.met == (person.id,))

    fitting = [one for one in talk.insights if one.valence in among and (one.said_by is None or is_theirs(one))]
    # The hard side last, whoever spoke of it.
    order = [(one.valence is Valence.NEGATIVE, not is_theirs(one), among.index(one.valence)) for one in fitting]
    return fitting[order.index(min(order))] if fitting else None


def _title(case: _Case) -> str:
    key = f"title.{case.follow_up.kind}"
    return _say(key if key in _WORDING else "title.other", label=case.follow_up.kind.label, names=case.names)


def _subject(case: _Case) -> str:
    kind = case.follow_up.kind
    if kind not in _WRITERS:
        return _say("other.subject")
    words: dict[str, str] = {"about": case.about, **_asked_for(case.interview)}
    unknown = False
    match kind:
        case FollowUpKind.CONFIRM:
            words["day"] = case.weekday(_meeting(case).start)
        case FollowUpKind.CONTACT_REFERRAL:
            giver = _giver(case)
            words, unknown = {**words, "giver": giver.name if giver else ""}, giver is None
        case FollowUpKind.REPORT_BACK:
            words["referral"] = case.introduction.referral.name if case.introduction else ""
            unknown = case.introduction is None
        case FollowUpKind.KEEP_IN_TOUCH:
            unknown = not _was_held(case.interview)
    return _say(f"{kind}.subject{'.unknown' if unknown else ''}", **words)


# ── letters: each gives what stands between greeting and closing ─────────────────────────────────
def _nudge(case: _Case) -> Iterator[Block]:
    told = case.interview.story.told if case.interview else ()
    asked = next((entry.at for entry in reversed(told) if isinstance(entry.event, Requested)), None)
    wrote = _say("nudge.wrote.on", day=case.weekday(asked)) if asked else _say("nudge.wrote")
    words = {"wrote": wrote, "about": case.about, **_asked_for(case.interview)}
    purpose = case.interview.purpose if case.interview else Purpose.INFORMATIONAL
    yield from (Paragraph(_say(f"nudge.{part}", **words)) for part in ("ask", f"how.{purpose}", "no"))


def _pick_time(case: _Case) -> Iterator[Block]:
    yield Paragraph(_say(f"pick-time.ask{_asking(case.interview)}", about=case.about, **_asked_for(case.interview)))
    yield Bullets(tuple(clock(time.start, *case.zones) for time in case.times) or (_no_time(case),) * 3)
    yield Paragraph(_say("pick-time.how", **_asked_for(case.interview)))


def _asking(talk: Interview | None) -> str:
    """Thanks for a yes fit only where there was one."""
    if talk and talk.status in UPCOMING:
        return ".instead"
    return ".first" if talk and talk.status in {InterviewStatus.IDENTIFIED, InterviewStatus.REQUESTED} else ""


def _no_time(case: _Case) -> str:
    theirs, mine = case.zones[0], case.campaign.profile.zone
    # The zone has to be told only to those who live in another.
    return _fill_in("pick-time.offer.in", zone=zone_name(theirs)) if theirs != mine else _fill_in("pick-time.offer")


def _meeting(case: _Case) -> Meeting:
    talk = case.interview
    if talk is None or talk.meeting is None or not talk.story.stands:
        raise InvalidValue("FollowUp", "interview_id", "names no talk with a meeting to confirm", value=case.follow_up)
    return talk.meeting


def _confirm(case: _Case) -> Iterator[Block]:
    meeting = _meeting(case)
    where = place(meeting.place) if meeting.place else _fill_in(f"confirm.no-place.{meeting.format}")
    yield Paragraph(_say("confirm.look-forward", about=case.about))
    yield Fields(
        (
            (_say("confirm.when"), clock(meeting.start, *case.zones)),
            (_say("confirm.length"), _length(meeting.duration)),
            (_say("confirm.how"), _say(f"format.{meeting.format}")),
            (_say(f"confirm.place.{meeting.format}"), where),
        )
    )
    agenda = case.interview.agenda if case.interview else ()
    yield Paragraph(_say("confirm.questions"))
    yield Bullets(tuple(item.question.text for item in agenda) or (_fill_in("confirm.no-questions"),), numbered=bool(agenda))
    yield Paragraph(_say("confirm.change"))


def _thank_you(case: _Case) -> Iterator[Block]:
    on_day = f" on {case.talked}" if case.talked else ""
    yield Paragraph(_say("thank-you.time", about=case.about, on_day=on_day))
    took = _takeaway(case.interview, case.person, (Valence.POSITIVE, Valence.NEUTRAL, Valence.NEGATIVE))
    if took is None:
        yield Paragraph(_fill_in("thank-you.no-takeaway"))
    else:
        key = "thank-you.hard-side" if took.valence is Valence.NEGATIVE else "thank-you.takeaway"
        yield Paragraph(_say(key, text=took.text))
    yield from _thanks_for_names(case)
    debrief = case.interview.debrief if case.interview else None
    mine = [promise for promise in (debrief.promises if debrief else ()) if promise.by is Party.ME]
    if mine:
        yield Paragraph(_say("thank-you.promises"))
        yield Bullets(tuple(map(_promised, mine)))


def _thanks_for_names(case: _Case) -> Iterator[Block]:
    talk, person = case.interview, case.person
    if talk is None or person is None or not talk.referrals:
        return
    given = sorted(
        introductions(talk, case.campaign, people_named(case.campaign)), key=lambda one: talk.referrals.index(one.referral)
    )
    # What has come of the others by now is told in a letter of its own.
    fresh = [one.referral for one in given if one.giver.id == person.id and one.referral.outcome is ReferralOutcome.PENDING]
    introduced = [one.name for one in fresh if one.kind is ReferralKind.INTRODUCTION]
    named = [one.name for one in fresh if one.kind is not ReferralKind.INTRODUCTION]
    if named:
        yield Paragraph(_say("thank-you.named", referrals=listed(named)))
    if introduced:
        yield Paragraph(_say("thank-you.introduced", referrals=listed(introduced)))


def _promised(promise: Promise) -> str:
    if promise.due is None:
        return _say("thank-you.promise", text=promise.text)
    return _say("thank-you.promise.by", text=promise.text, due=day(promise.due))


def _giver(case: _Case) -> Contact | None:
    if case.introduction:
        return case.introduction.giver
    referrer = case.person.referred_by if case.person else None
    return case.campaign.contact(referrer) if referrer else None


def _contact_referral(case: _Case) -> Iterator[Block]:
    giver = _giver(case)
    # How it is offered is a matter of the talk to come, where that one is planned already.
    planned = case.campaign.interviews_with(case.person) if case.person else ()
    ask = next((talk for talk in planned if talk.status is InterviewStatus.IDENTIFIED), None)
    words = {"about": case.about, **_asked_for(ask)}
    if giver is None:
        opening = f"{_fill_in('contact-referral.no-connection')} {_say('contact-referral.unknown', **words)}"
    else:
        kind = case.introduction.referral.kind if case.introduction else ReferralKind.NAME
        known = f"{giver.name} ({giver.organization})" if giver.organization else giver.name
        opening = _say(f"contact-referral.{kind}", giver=known, **words)
    asking = _say("contact-referral.ask", **words)
    me = " ".join(case.campaign.profile.introduction.split())
    frame = (_say("greeting", names=case.names), _say("closing", me=case.campaign.profile.name))
    fits = len(" ".join((*frame, opening, me, asking)).split()) <= OUTREACH_WORDS
    yield from (Paragraph(part) for part in (opening, me if fits else "", asking) if part)


def _report_back(case: _Case) -> Iterator[Block]:
    when = _say("report-back.when", day=case.talked) if case.talked else ""
    if case.introduction is None:
        yield Paragraph(_say("report-back.thanks.unknown", when=when))
        yield Paragraph(_fill_in("report-back.unknown"))
        return
    yield Paragraph(_say("report-back.thanks", referral=case.introduction.referral.name, when=when))
    yield from map(Paragraph, _news(case, case.introduction))


def _news(case: _Case, introduction: Introduction) -> Iterator[str]:
    talk = resulting_talk(introduction, case.campaign)
    outcome = introduction.referral.outcome
    if talk and talk.meeting and talk.status not in MET:
        yield _say("report-back.agreed", day=case.weekday(talk.meeting.start))
    elif talk or outcome is ReferralOutcome.MET:
        yield (
            _say("report-back.met.on", day=case.weekday(talk.meeting.start))
            if talk and talk.meeting
            else _say("report-back.met")
        )
        # Only what speaks for the work: what somebody says against it is not for passing on.
        took = _takeaway(talk, introduction.contact, (Valence.POSITIVE,))
        yield _say("report-back.takeaway", text=took.text) if took else _fill_in("report-back.no-takeaway")
    elif outcome is ReferralOutcome.DROPPED:
        yield _say("report-back.dropped")
        yield _fill_in("report-back.no-reason")
    elif outcome is ReferralOutcome.PENDING:
        yield _say(f"report-back.{_standing(introduction, case.campaign)}")
    else:
        yield _say(f"report-back.{outcome}")


_CAME_TO: Final[Mapping[InterviewStatus, str]] = {
    InterviewStatus.REQUESTED: "asked",
    InterviewStatus.ACCEPTED: "asked",
    InterviewStatus.DECLINED: "declined",
    InterviewStatus.NO_RESPONSE: "unreachable",
}


def _standing(introduction: Introduction, campaign: Campaign) -> str:
    """How far it has got with somebody there is no talk with yet."""
    if introduction.contact is None or not is_taken_up(introduction, campaign):
        return "not-yet"
    talks = [talk for talk in campaign.interviews_with(introduction.contact) if talk.history]
    latest = max(talks, key=lambda talk: (talk.story.told[-1].at.astimezone(UTC), talk.id))
    return _CAME_TO.get(latest.status, "not-yet")


def _keep_in_touch(case: _Case) -> Iterator[Block]:
    talk = case.interview
    if talk is None or not _was_held(talk):
        yield Paragraph(_say("keep-in-touch.last.unknown"))
    else:
        when = _took_place(talk).astimezone(case.zones[0]).date()
        yield Paragraph(_say("keep-in-touch.last", about=case.about, month=month(when)))
    yield Paragraph(_fill_in("keep-in-touch.news"))
    took = _takeaway(talk, case.person, (Valence.POSITIVE,))
    if took:
        yield Paragraph(_say("keep-in-touch.takeaway", text=took.text))
    yield Paragraph(_say("keep-in-touch.theirs"))


def _by_hand(case: _Case) -> Iterator[Block]:
    kind = case.follow_up.kind
    yield Paragraph(_say(f"{kind}.text", about=case.about))
    yield Paragraph(_fill_in(f"{kind}.text.fill-in"))
    yield Paragraph(_say(f"{kind}.end"))


def _decision_news(case: _Case) -> Iterator[Block]:
    decision = case.exploration.decision if case.exploration else None
    if decision is None:
        yield from _by_hand(case)
        return
    yield Paragraph(_say("decision-news.text", about=case.about))
    yield Paragraph(_say(f"decision-news.{decision.outcome}", about=case.about))
    yield Paragraph(_fill_in("decision-news.their-part"))
    yield Paragraph(_say("decision-news.end"))


def _keep_promise(case: _Case) -> Iterator[Block]:
    talk = case.interview
    promises = talk.debrief.promises if talk and talk.debrief else ()
    meant = (one.text for one in promises if talk and promise_anchor(talk, one) == case.follow_up.anchor)
    yield Paragraph(_say("keep-promise.text", on_day=f" on {case.talked}" if case.talked else ""))
    yield Bullets((next(meant, _fill_in("keep-promise.unknown")),))
    yield Paragraph(_fill_in("keep-promise.done"))


def _thank_lead(case: _Case) -> Iterator[Block]:
    touches = case.campaign.touches_of(case.person) if case.person else ()
    notes = (one.note for one in touches if touch_anchor(one) == case.follow_up.anchor)
    yield Paragraph(_say("thank-lead.text"))
    yield Paragraph(next(notes, "").strip() or _fill_in("thank-lead.unknown"))
    yield Paragraph(_fill_in("thank-lead.next"))
    yield Paragraph(_say("thank-lead.end"))


def _other(case: _Case) -> Iterator[Block]:
    summary = case.follow_up.summary or case.follow_up.kind.label
    yield Paragraph(_fill_in("other.text.fill-in", summary=summary))


_WRITERS: Final[Mapping[FollowUpKind, Callable[[_Case], Iterator[Block]]]] = {
    FollowUpKind.NUDGE: _nudge,
    FollowUpKind.PICK_TIME: _pick_time,
    FollowUpKind.CONFIRM: _confirm,
    FollowUpKind.THANK_YOU: _thank_you,
    FollowUpKind.CONTACT_REFERRAL: _contact_referral,
    FollowUpKind.REPORT_BACK: _report_back,
    FollowUpKind.KEEP_IN_TOUCH: _keep_in_touch,
    FollowUpKind.SHARE_ARTICLE: _by_hand,
    FollowUpKind.ASK_ADVICE: _by_hand,
    FollowUpKind.GIVE_BACK: _by_hand,
    FollowUpKind.PROGRESS: _by_hand,
    FollowUpKind.UPDATE: _by_hand,
    FollowUpKind.DECISION_NEWS: _decision_news,
    FollowUpKind.KEEP_PROMISE: _keep_promise,
    FollowUpKind.THANK_LEAD: _thank_lead,
}
