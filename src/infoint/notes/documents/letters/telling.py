"""Letters that tell how it went on: what came of a name, of advice, of a promise; the decision (practice §9)."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.debrief import Answer, Insight, ReferralOutcome, Valence
from infoint.model.follow_up import FollowUpStatus
from infoint.model.interview import MET, Interview, InterviewStatus
from infoint.notes.contract import Block, Bullets, Paragraph
from infoint.notes.documents.letters.case import Case, takeaway, took_place, was_held
from infoint.practice.anchors import promise_anchor
from infoint.practice.facts import question_of
from infoint.practice.referrals import Introduction, is_taken_up, resulting_talk


def report_back(case: Case) -> Iterator[Block]:
    """To whoever gave a name: what came of it."""
    if case.introduction is None:
        yield Paragraph(case.say_on("report-back.thanks.unknown"))
        yield Paragraph(case.words.fill_in("report-back.unknown"))
        return
    yield Paragraph(case.say_on("report-back.thanks", referral=case.introduction.referral.name))
    yield from map(Paragraph, _news(case, case.introduction))


def _news(case: Case, introduction: Introduction) -> Iterator[str]:
    talk = resulting_talk(introduction, case.campaign)
    outcome = introduction.referral.outcome
    if talk and talk.meeting and talk.status not in MET:
        yield case.words.say("report-back.agreed", day=case.weekday(talk.meeting.start))
    elif talk or outcome is ReferralOutcome.MET:
        yield (
            case.words.say("report-back.met.on", day=case.weekday(talk.meeting.start))
            if talk and talk.meeting
            else case.words.say("report-back.met")
        )
        # Only what speaks for the work: what somebody says against it is not for passing on.
        took = takeaway(talk, introduction.contact, (Valence.POSITIVE,))
        yield case.words.say("report-back.takeaway", text=took.text) if took else case.words.fill_in("report-back.no-takeaway")
    elif outcome is ReferralOutcome.DROPPED:
        yield case.words.say("report-back.dropped")
        yield case.words.fill_in("report-back.no-reason")
    elif outcome is ReferralOutcome.PENDING:
        yield case.words.say(f"report-back.{_standing(introduction, case.campaign)}")
    else:
        yield case.words.say(f"report-back.{outcome}")


_CAME_TO: Final[Mapping[InterviewStatus, str]] = {
    InterviewStatus.REQUESTED: "asked",
    InterviewStatus.ACCEPTED: "accepted",
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


def keep_in_touch(case: Case) -> Iterator[Block]:
    """Months later."""
    talk = case.interview
    first = talk is not None and was_held(talk) and not _was_written_to_since(talk, case)
    if talk is None or not first:
        yield Paragraph(case.words.say("keep-in-touch.last.unknown"))
    else:
        when = took_place(talk).astimezone(case.zones[0]).date()
        yield Paragraph(case.words.say("keep-in-touch.last", about=case.about, month=case.words.month(when)))
    yield Paragraph(case.words.fill_in("keep-in-touch.news"))
    took = takeaway(talk, case.person, (Valence.POSITIVE,))
    if took and first:
        yield Paragraph(case.words.say("keep-in-touch.takeaway", text=took.text))
    yield Paragraph(case.words.say("keep-in-touch.theirs"))


def _was_written_to_since(talk: Interview, case: Case) -> bool:
    """Whether a letter of this kind has gone out after the talk: it told of the talk, and the next would say the same."""
    before = (one for one in case.campaign.follow_ups if case.person and one.contact_id == case.person.id)
    done = (one.settled_at for one in before if one.kind == case.follow_up.kind and one.status is FollowUpStatus.DONE)
    return any(at is not None and at > took_place(talk) for at in done)


def progress(case: Case) -> Iterator[Block]:
    """What became of their advice, in the words it was noted in."""
    yield Paragraph(case.words.say(f"progress.text{'' if case.exploration else '.unknown'}", about=case.about))
    if advice := _advice(case):
        yield Paragraph(case.words.say("progress.advice", text=advice))
    yield Paragraph(case.words.say("progress.done"))
    yield Paragraph(case.words.fill_in("progress.text.fill-in"))
    yield Paragraph(case.words.say("progress.end"))


def _advice(case: Case) -> str:
    """What they said that a letter of this kind is owed for: something noted before an answer; "" where they said nothing of it."""
    rule, talk, person = case.policy.rule(case.follow_up.kind), case.interview, case.person
    if rule is None or rule.said is None or talk is None or person is None or talk.debrief is None:
        return ""
    first = (talk.met or talk.contact_ids)[0]
    theirs = [one for one in talk.debrief.said if (one.said_by or first) == person.id]
    noted = [one.text for one in theirs if isinstance(one, Insight) and rule.said.about(one.topic)]
    asked = [(one, question_of(one, talk, case.policy.bank)) for one in theirs if isinstance(one, Answer)]
    return next(iter([*noted, *(one.text for one, question in asked if question and rule.said.by(question))]), "")


def by_hand(case: Case) -> Iterator[Block]:
    """What the explorer has made by hand: a frame, and what to fill in."""
    kind = case.follow_up.kind
    yield Paragraph(case.words.say(f"{kind}.text", about=case.about))
    yield Paragraph(case.words.fill_in(f"{kind}.text.fill-in"))
    yield Paragraph(case.words.say(f"{kind}.end"))


def decision_news(case: Case) -> Iterator[Block]:
    """How it ended."""
    decision = case.exploration.decision if case.exploration else None
    if decision is None:
        yield from by_hand(case)
        return
    yield Paragraph(case.words.say("decision-news.text", about=case.about))
    yield Paragraph(case.words.say(f"decision-news.{decision.outcome}", about=case.about))
    yield Paragraph(case.words.fill_in("decision-news.their-part"))
    yield Paragraph(case.words.say("decision-news.end"))


def keep_promise(case: Case) -> Iterator[Block]:
    """With what was promised."""
    talk = case.interview
    promises = talk.debrief.promises if talk and talk.debrief else ()
    meant = (one.text for one in promises if talk and promise_anchor(talk, one) == case.follow_up.anchor)
    yield Paragraph(case.say_on("keep-promise.text"))
    yield Bullets((next(meant, case.words.fill_in("keep-promise.unknown")),))
    yield Paragraph(case.words.fill_in("keep-promise.done"))


def other(case: Case) -> Iterator[Block]:
    """Of a kind nobody here knows."""
    summary = case.follow_up.summary or case.words.label(case.follow_up.kind)
    yield Paragraph(case.words.fill_in("other.text.fill-in", summary=summary))
