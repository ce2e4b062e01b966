"""What the rules want of a campaign: which follow-ups, for whom, due when. What is there already is `follow_up_planner`'s affair."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from infoint.model.contact import Contact
from infoint.model.debrief import Party, ReferralOutcome
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import NIL
from infoint.model.interview import Interview
from infoint.model.touch import Touch
from infoint.practice.anchors import Cause, Subject, anchor_of, cause_of, cause_of_touch, touch_anchor, with_named
from infoint.practice.course import course_of
from infoint.practice.facts import Facts, Telling, utc
from infoint.practice.follow_up_rule import FollowUpRule, Offset, Per
from infoint.practice.referrals import Introduction, is_taken_up, name_key

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


class _Scene(NamedTuple):
    """A talk as every rule looks at it."""

    telling: Telling
    exploration: Exploration | None
    people: tuple[Contact, ...]
    """Those met; before the talk, those asked."""

    @property
    def interview(self) -> Interview:
        """The talk."""
        return self.telling.interview

    @property
    def field(self) -> str:
        """What is studied."""
        return self.exploration.subject if self.exploration else ""


def all_wanted(facts: Facts) -> dict[Key, Wanted]:
    """What the campaign's talks and touches ask for."""
    wanted: dict[Key, Wanted] = {}
    for interview in facts.talks.values():
        scene = _scene(interview, facts)
        for key, subject in _asked_for(scene, facts):
            # A person met twice has one cadence: the first talk that asks for it speaks for all.
            if key not in wanted and (one := _of_talk(subject, key[2], scene.telling, facts)):
                wanted[key] = one
    for rule in facts.policy.follow_up_rules:
        if rule.per is Per.TOUCH:
            wanted |= {(rule.kind, NIL, one.anchor): one for one in _of_touches(rule, facts)}
    return wanted


def asked_for(interview: Interview, facts: Facts) -> dict[Key, Subject]:
    """What the talk's rules are about, whether or not it is wanted."""
    return {} if interview.unknown_event else dict(_asked_for(_scene(interview, facts), facts))


def _asked_for(scene: _Scene, facts: Facts) -> Iterator[tuple[Key, Subject]]:
    for rule in facts.policy.rules_during(scene.interview.status):
        for subject in _subjects(rule, scene, facts):
            yield (rule.kind, subject.known_as, anchor_of(subject, scene.telling)), subject


def _scene(interview: Interview, facts: Facts) -> _Scene:
    people = tuple(facts.campaign.contact(id) for id in interview.met or interview.contact_ids)
    return _Scene(facts.telling(interview), facts.exploration_of(interview), people)


# ── for whom and what ────────────────────────────────────────────────────────────────────────────
def _subjects(rule: FollowUpRule, scene: _Scene, facts: Facts) -> Iterable[Subject]:
    if rule.course and (scene.exploration is None or course_of(scene.exploration) not in rule.course):
        return ()
    match rule.per:
        case Per.REFERRAL | Per.REFERRED:
            return _of_referrals(rule, scene, facts)
        case Per.MY_PROMISE | Per.THEIR_PROMISE:
            return _of_promises(rule, scene, facts)
        case Per.PERSON:
            return _of_people(rule, scene, facts)
    wanting = _wanting(rule, scene, facts)
    if not wanting:
        return ()
    own, person = wanting[0]
    return (Subject(own, person, NIL, tuple(person for _, person in wanting), scene.field),)


def _wanting(rule: FollowUpRule, scene: _Scene, facts: Facts) -> list[tuple[FollowUpRule, Contact]]:
    """Those it is meant for, each with the rule as it is for them."""
    ruled = [(facts.rule_for(rule, person), person) for person in scene.people]
    return [(own, person) for own, person in ruled if own.wants(scene.interview, person)]


def _of_people(rule: FollowUpRule, scene: _Scene, facts: Facts) -> Iterator[Subject]:
    for own, person in _wanting(rule, scene, facts):
        entry = facts.first_said(own.said, scene.interview, person) if own.said else None
        if entry is not None or own.said is None:
            yield Subject(own, person, person.id, (person,), scene.field, entry=entry)


def _of_referrals(rule: FollowUpRule, scene: _Scene, facts: Facts) -> Iterator[Subject]:
    for one in facts.introductions(scene.interview):
        person = one.giver if rule.per is Per.REFERRAL else one.contact
        own = facts.rule_for(rule, person)
        if _is_owed(rule, one, facts) and (own.wants(scene.interview, person) if person else own.enabled):
            yield Subject(own, person, NIL, (one.giver,), scene.field, introduction=one, entry=one.entry)


def _is_owed(rule: FollowUpRule, introduction: Introduction, facts: Facts) -> bool:
    if introduction.contact is not None and introduction.contact.id == introduction.giver.id:
        return False  # nobody opens a door to themselves
    if rule.per is Per.REFERRAL:
        return introduction.referral.outcome is not ReferralOutcome.DROPPED
    return not is_taken_up(introduction, facts.campaign)


def _of_promises(rule: FollowUpRule, scene: _Scene, facts: Facts) -> Iterator[Subject]:
    """Each promise of the latest debrief once, with the first debrief that holds it."""
    party = Party.ME if rule.per is Per.MY_PROMISE else Party.THEM
    debriefs = scene.telling.debriefs
    promises = [one for one in debriefs[-1][1].promises if one.by is party] if debriefs else []
    wanting = _wanting(rule, scene, facts) if promises else []
    if not wanting:
        return
    own, person = wanting[0]
    for key, promise in {name_key(one.text): one for one in reversed(promises)}.items():
        entry = next(
            entry
            for entry, debrief in debriefs
            if any(one.by is party and name_key(one.text) == key for one in debrief.promises)
        )
        yield Subject(own, person, NIL, tuple(person for _, person in wanting), scene.field, promise=promise, entry=entry)


# ── when ─────────────────────────────────────────────────────────────────────────────────────────
def _of_talk(subject: Subject, anchor: str, telling: Telling, facts: Facts) -> Wanted | None:
    rule, interview = subject.rule, telling.interview
    offset = rule.offset_for(interview)
    cause = cause_of(rule.anchor, subject, telling, facts)
    if cause is None and rule.otherwise is not None:
        offset = rule.otherwise.offset
        cause = cause_of(rule.otherwise.anchor, subject, telling, facts)
    if cause is None or (rule.settled_by and _is_settled_by_touch(subject, cause, facts)):
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
            subject = Subject(own, person, NIL, (person,), touch=touch)
            cause = cause_of_touch(touch)
            if not (own.settled_by and _is_settled_by_touch(subject, cause, facts)):
                due, due_at = due_by(cause, own.offset, facts)
                yield Wanted(subject, touch_anchor(touch), cause, own.offset, due, due_at, None)


def _is_settled_by_touch(subject: Subject, cause: Cause, facts: Facts) -> bool:
    kinds, person = subject.rule.settled_by, subject.person
    touches = facts.touches_of(person) if person else ()
    return any(touch.kind in kinds and utc(touch.at) >= cause.moment for touch in touches)


def due_by(cause: Cause, offset: Offset, facts: Facts, *, rounds: int = 1) -> tuple[date, datetime | None]:
    """Day and, for hours and minutes, moment in the explorer's zone; never before the fact that causes it. `rounds`: so many of the
    offset, counted at once: the n-th of a month does not drift (31 January, 28 February, 31 March).
    """
    zone = facts.zone
    if offset.minutes or offset.hours:
        moment = max(cause.moment + offset.elapsed * rounds, cause.at).astimezone(zone)
        return moment.date(), moment
    day = start = cause.moment.astimezone(zone).date()
    if offset.months:
        day = months_later(day, offset.months * rounds)
    elif offset.business_days:
        day = facts.policy.business_days.shift(day, offset.business_days * rounds)
    elif offset.days:
        day += timedelta(days=offset.days * rounds)
    if day >= start and cause.moment >= cause.at:  # nothing to look up: it cannot lie before
        return day, None
    return max(day, cause.at.astimezone(zone).date()), None


def months_later(day: date, months: int) -> date:
    """The same day of another month, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_round(wanted: Wanted, rounds: int, later_than: date, facts: Facts) -> Wanted:
    """The first due after `rounds` of the offset, counted from the anchor at once, that lies later."""

    def day(number: int) -> date:
        return due_by(wanted.cause, wanted.offset, facts, rounds=number)[0]

    last = rounds
    while day(last) <= later_than:
        last *= 2  # a talk of long ago is told of, and thousands of rounds have gone by
    rounds += bisect_right(range(rounds, last + 1), later_than, key=day)
    due, due_at = due_by(wanted.cause, wanted.offset, facts, rounds=rounds)
    return wanted._replace(due=due, due_at=due_at)
