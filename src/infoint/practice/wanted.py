"""What the rules want of a campaign: which follow-ups, for whom, due when. What is there already is `follow_up_planner`'s affair."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.debrief import Party, ReferralOutcome
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import NIL
from infoint.model.interview import Interview
from infoint.model.touch import Touch
from infoint.practice.anchors import Cause, Subject, anchor_of, cause_of, cause_of_touch, with_named
from infoint.practice.course import course_of
from infoint.practice.facts import Facts, utc
from infoint.practice.follow_up_rule import PROMISES, FollowUpRule, Offset, Per
from infoint.practice.referrals import Introduction, introductions, is_taken_up, name_key

Key: TypeAlias = tuple[FollowUpKind, UUID, str]
"""Kind, person, anchor: what makes two follow-ups occurrences of one."""


class Wanted(NamedTuple):
    """One follow-up as it should be."""

    subject: Subject
    anchor: str
    cause: Cause
    offset: Offset
    due: date
    due_at: datetime | None
    interview_id: UUID | None

    @property
    def rule(self) -> FollowUpRule:
        """As it is for the person."""
        return self.subject.rule

    @property
    def summary(self) -> str:
        """What to do, in a line."""
        return self.rule.summarise(**self.subject.words)[: fields.LINE_LIMIT]


def all_wanted(facts: Facts) -> dict[Key, Wanted]:
    """What the campaign's talks and touches ask for."""
    wanted: dict[Key, Wanted] = {}
    for interview in facts.talks.values():
        for rule in facts.rules_during[interview.status]:
            if rule.course and not _on_course(rule, interview, facts):
                continue
            for subject in _subjects(rule, interview, facts):
                anchor = anchor_of(subject, interview)
                key = rule.kind, subject.known_as, anchor
                # A person met twice has one cadence: the first talk that asks for it speaks for all.
                if key not in wanted and (one := _of_talk(subject, anchor, interview, facts)):
                    wanted[key] = one
    for rule in facts.rules.values():
        if rule.per is Per.TOUCH:
            wanted |= {(rule.kind, NIL, one.anchor): one for one in _of_touches(rule, facts)}
    return wanted


def _on_course(rule: FollowUpRule, interview: Interview, facts: Facts) -> bool:
    exploration = facts.exploration_of(interview)
    return exploration is not None and course_of(exploration) in rule.course


# ── for whom and what ────────────────────────────────────────────────────────────────────────────
def _subjects(rule: FollowUpRule, interview: Interview, facts: Facts) -> Iterator[Subject]:
    if rule.per in {Per.REFERRAL, Per.REFERRED}:
        yield from _referrals(rule, interview, facts)
    elif rule.per in PROMISES:
        yield from _promises(rule, interview, facts)
    elif rule.per is Per.PERSON:
        for own, person in _people(rule, interview, facts):
            entry = facts.first_said(own.said, interview, person) if own.said else None
            if entry is not None or own.said is None:
                yield Subject(own, person, person.id, _words(interview, facts, person), entry=entry)
    elif people := _people(rule, interview, facts):
        own, person = people[0]
        yield Subject(own, person, NIL, _words(interview, facts, *(person for _, person in people)))


def _people(rule: FollowUpRule, interview: Interview, facts: Facts) -> list[tuple[FollowUpRule, Contact]]:
    """Those it is meant for, each with the rule as it is for them."""
    there = [facts.campaign.contact(id) for id in interview.met or interview.contact_ids]
    ruled = ((facts.rule_for(rule, person), person) for person in there)
    return [(own, person) for own, person in ruled if own.wants(interview, person)]


def _referrals(rule: FollowUpRule, interview: Interview, facts: Facts) -> Iterator[Subject]:
    for one in introductions(interview, facts.campaign, facts.named) if interview.referrals else ():
        person = one.giver if rule.per is Per.REFERRAL else one.contact
        own = facts.rule_for(rule, person)
        if _is_owed(rule, one, facts) and (own.wants(interview, person) if person else own.enabled):
            words = _words(interview, facts, one.giver, referral=one.referral.name)
            yield Subject(own, person, NIL, words, introduction=one, entry=one.entry)


def _is_owed(rule: FollowUpRule, introduction: Introduction, facts: Facts) -> bool:
    if rule.per is Per.REFERRAL:
        return introduction.referral.outcome is not ReferralOutcome.DROPPED
    return not is_taken_up(introduction, facts.campaign)


def _promises(rule: FollowUpRule, interview: Interview, facts: Facts) -> Iterator[Subject]:
    """Each promise of the latest debrief once, with the first debrief that holds it."""
    party = Party.ME if rule.per is Per.MY_PROMISE else Party.THEM
    debriefs = facts.telling(interview).debriefs
    promises = [one for one in debriefs[-1][1].promises if one.by is party] if debriefs else []
    people = _people(rule, interview, facts) if promises else []
    if not people:
        return
    own, person = people[0]
    for key, promise in {name_key(one.text): one for one in reversed(promises)}.items():
        entry = next(
            entry
            for entry, debrief in debriefs
            if any(one.by is party and name_key(one.text) == key for one in debrief.promises)
        )
        words = _words(interview, facts, *(person for _, person in people), promise=promise.text)
        yield Subject(own, person, NIL, words, promise=promise, entry=entry)


def _words(
    interview: Interview | None, facts: Facts, *people: Contact, referral: str = "", promise: str = ""
) -> Mapping[str, str]:
    exploration = facts.exploration_of(interview) if interview else None
    return {
        "contact": people[0].name if len(people) == 1 else " and ".join(person.name for person in people),
        "organization": people[0].organization,
        "field": exploration.subject if exploration else "",
        "referral": referral,
        "promise": promise,
    }


# ── when ─────────────────────────────────────────────────────────────────────────────────────────
def _of_talk(subject: Subject, anchor: str, interview: Interview, facts: Facts) -> Wanted | None:
    rule, offset = subject.rule, subject.rule.offset_for(interview)
    cause = cause_of(rule.anchor, subject, interview, facts)
    if cause is None and rule.otherwise is not None:
        offset = rule.otherwise.offset
        cause = cause_of(rule.otherwise.anchor, subject, interview, facts)
    if cause is None or _is_settled_by_touch(subject, cause, facts):
        return None
    if subject.introduction is not None:
        cause = with_named(cause, subject.introduction, facts)
    due, due_at = due_by(cause, offset, facts)
    of_talk = anchor.startswith(("interview:", "referral:", "promise:"))
    return Wanted(subject, anchor, cause, offset, due, due_at, interview.id if of_talk else None)


def _of_touches(rule: FollowUpRule, facts: Facts) -> Iterator[Wanted]:
    touched: list[tuple[Touch, Contact]] = [
        (touch, facts.campaign.contact(touch.contact_id)) for touch in facts.campaign.touches if touch.kind in rule.touches
    ]
    for touch, person in touched:
        own = facts.rule_for(rule, person)
        if own.wants(None, person):
            subject = Subject(own, person, NIL, _words(None, facts, person), touch=touch)
            cause = cause_of_touch(touch)
            if not _is_settled_by_touch(subject, cause, facts):
                due, due_at = due_by(cause, own.offset, facts)
                yield Wanted(subject, f"touch:{touch.id}", cause, own.offset, due, due_at, None)


def _is_settled_by_touch(subject: Subject, cause: Cause, facts: Facts) -> bool:
    kinds, person = subject.rule.settled_by, subject.person
    if not kinds or person is None:
        return False
    return any(touch.kind in kinds and utc(touch.at) >= cause.moment for touch in facts.touches_of(person))


def due_by(cause: Cause, offset: Offset, facts: Facts) -> tuple[date, datetime | None]:
    """Day and, for hours and minutes, moment in the explorer's zone; never before the fact that causes it."""
    zone = facts.zone
    if elapsed := offset.elapsed:
        moment = max(cause.moment + elapsed, cause.at).astimezone(zone)
        return moment.date(), moment
    day = cause.moment.astimezone(zone).date()
    if offset.months:
        from dateutil.relativedelta import relativedelta

        day += relativedelta(months=offset.months)
    elif offset.business_days:
        day = facts.policy.business_days.shift(day, offset.business_days)
    elif offset.days:
        day += timedelta(days=offset.days)
    return max(day, cause.at.astimezone(zone).date()), None


def next_round(wanted: Wanted, rounds: int, later_than: date, facts: Facts) -> Wanted:
    """The first due after `rounds` of the offset, counted from the anchor at once, that lies later."""
    due, due_at = due_by(wanted.cause, wanted.offset.times(rounds), facts)
    while due <= later_than:
        rounds += 1
        due, due_at = due_by(wanted.cause, wanted.offset.times(rounds), facts)
    return wanted._replace(due=due, due_at=due_at)
