"""What is owed, to whom, by when: rules applied to a campaign (practice §7), and nothing else. No clock: the same facts give
the same follow-ups on any day. The rules themselves are data (`follow_up_rule`, `data/follow_up_rules.toml`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, frozen

from infoint.errors import NotFound
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralOutcome
from infoint.model.events import (
    Accepted,
    Corrected,
    Debriefed,
    Held,
    HistoryEntry,
    Requested,
    Rescheduled,
    Scheduled,
    UnknownEvent,
)
from infoint.model.exploration import Exploration
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import NIL, derive_id
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus
from infoint.practice.follow_up_rule import Anchor, FollowUpRule, Offset, Per
from infoint.practice.policy import Policy, default_policy
from infoint.practice.referrals import Introduction, introductions, is_taken_up, name_key, people_named, resulting_talk
from infoint.practice.settling import revised


@frozen(kw_only=True)
class FollowUpPlan:
    """Only what differs from the campaign's follow-ups; empty (and false) when nothing does."""

    new: tuple[FollowUp, ...] = ()
    """Insert; where the id exists already, keep what is there (nothing done is ever undone)."""
    changed: tuple[FollowUp, ...] = ()
    """Moved or obsolete: update."""

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


@frozen(kw_only=True)
class _Cause:
    """What a follow-up hangs on. All times in UTC."""

    moment: datetime
    """What its due is counted from."""
    at: datetime
    """When the fact behind it happened; nothing can be due before."""
    revised_at: datetime
    """The latest fact looked at."""
    sequence: int
    """Grows with every move of the moment, so that a host that keeps nothing plans higher revisions too."""


@frozen(kw_only=True)
class _Subject:
    """What one rule wants one follow-up for."""

    person: Contact | None
    """Whom it concerns; None = somebody named who is no contact yet."""
    known_as: UUID
    """The person's part in the follow-up's id: stable, whatever else is learned of them."""
    words: Mapping[str, str]
    introduction: Introduction | None = None


@frozen(kw_only=True)
class _Wanted:
    rule: FollowUpRule
    anchor: str
    cause: _Cause
    subject: _Subject
    due: date
    due_at: datetime | None
    latest: date | None
    """What is to be done before a day cannot be put off past it."""
    interview_id: UUID | None


_Key: TypeAlias = tuple[FollowUpKind, UUID, str]
"""Kind, person, anchor: what makes two follow-ups occurrences of one."""


@frozen
class _Facts:
    """A campaign under a policy, and what planning asks of it again and again."""

    campaign: Campaign
    policy: Policy

    @cached_property
    def talks(self) -> Mapping[UUID, Interview]:
        """Those that are planned, in a fixed order. Where an event nobody here knows has led is not ours to say."""
        known = [interview for interview in self.campaign.interviews if not interview.unknown_event]
        return {interview.id: interview for interview in sorted(known, key=lambda interview: interview.id)}

    @cached_property
    def talks_with(self) -> Mapping[UUID, tuple[Interview, ...]]:
        """By person: the talks they were asked for, or were ever said to have been at, corrected since or not."""
        found: defaultdict[UUID, list[Interview]] = defaultdict(list)
        for interview in sorted(self.campaign.interviews, key=lambda interview: interview.id):
            there = [id for entry in interview.history if isinstance(entry.event, Held) for id in entry.event.met]
            for id in dict.fromkeys((*interview.contact_ids, *there)):
                found[id].append(interview)
        return {id: tuple(interviews) for id, interviews in found.items()}

    @cached_property
    def named(self) -> Mapping[tuple[UUID, str], Contact]:
        """Whom each referrer brought in."""
        return people_named(self.campaign)

    @cached_property
    def bearers(self) -> Mapping[str, tuple[Contact, ...]]:
        """By name: who bears it. With whom a name given in a talk is linked can change; the talks of all of them count as told."""
        found: defaultdict[str, list[Contact]] = defaultdict(list)
        for contact in self.campaign.contacts:
            found[name_key(contact.name)].append(contact)
        return {key: tuple(contacts) for key, contacts in found.items()}

    @cached_property
    def messages(self) -> Mapping[UUID, tuple[datetime, ...]]:
        """By person: when a follow-up that is a message to them was done. Hosts need not log it as a touch as well."""
        sent: defaultdict[UUID, list[datetime]] = defaultdict(list)
        kinds = {rule.kind for rule in self.policy.follow_up_rules if rule.reaches_out}
        for one in self.campaign.follow_ups:
            if one.contact_id and one.kind in kinds and one.status is FollowUpStatus.DONE and one.settled_at:
                sent[one.contact_id].append(one.settled_at.astimezone(UTC))
        return {id: tuple(moments) for id, moments in sent.items()}

    def known_of(self, id: UUID) -> Iterator[datetime]:
        """When what is known of a person was last told."""
        yield from (talk.revised_at for talk in self.talks_with.get(id, ()) if talk.revised_at)
        yield from self.messages.get(id, ())
        try:
            person = self.campaign.contact(id)
        except NotFound:  # a follow-up may outlive the contact in what a host puts in
            return
        yield from (touch.at for touch in self.campaign.touches_of(person)[-1:])
        if person.edited_at:
            yield person.edited_at


def plan_follow_ups(campaign: Campaign, *, policy: Policy | None = None) -> FollowUpPlan:
    """What is owed for every interview in the campaign. The campaign is the scope: put in one talk to plan one talk; for what
    hangs on a person's last touch, all talks and touches with that person.

    Left alone: a follow-up whose interview is not in the campaign, one that no talk in it can have asked for, one whose kind has
    no rule here, one made by hand, and all of a talk whose history holds an event this infoint does not know.

    No clock: `revised_at` is the time of the latest fact looked at. Changed ones get at least `revision + 1`; new ones start at
    the interview's sequence, or higher where something was told again or corrected. Raises MissingId, NotFound for people the
    campaign does not hold.
    """
    facts = _Facts(campaign, policy or default_policy())
    wanted = _all_wanted(facts)
    kept = _kept(facts)
    new: list[FollowUp] = []
    changed: list[FollowUp] = []
    for key in dict.fromkeys((*wanted, *kept)):
        one_new, some_changed = _reconcile(key, wanted.get(key), kept.get(key, ()), facts)
        new += one_new
        changed += some_changed
    return FollowUpPlan(new=tuple(sorted(new, key=_in_order)), changed=tuple(sorted(changed, key=_in_order)))


def _in_order(follow_up: FollowUp) -> tuple[date, UUID]:
    return follow_up.due, follow_up.id


# ── what the rules want ──────────────────────────────────────────────────────────────────────────
def _all_wanted(facts: _Facts) -> dict[_Key, _Wanted]:
    wanted: dict[_Key, _Wanted] = {}
    for interview in facts.talks.values():
        for rule in facts.policy.follow_up_rules:
            if interview.status not in rule.during:
                continue
            for subject in _subjects(rule, interview, facts):
                anchor = _anchor(rule, interview, subject)
                key = rule.kind, subject.known_as, anchor
                # A person met twice has one cadence: the first talk that asks for it speaks for all.
                if key not in wanted and (one := _wanted(rule, anchor, interview, subject, facts)):
                    wanted[key] = one
    return wanted


def _subjects(rule: FollowUpRule, interview: Interview, facts: _Facts) -> Iterator[_Subject]:
    if rule.per in {Per.REFERRAL, Per.REFERRED}:
        for one in introductions(interview, facts.campaign, facts.named):
            person = one.giver if rule.per is Per.REFERRAL else one.contact
            if _is_owed(rule, one, facts.campaign) and (person is None or rule.wants(interview, person)):
                words = _words(interview, facts.campaign, one.giver, referral=one.referral.name)
                yield _Subject(person=person, known_as=NIL, words=words, introduction=one)
        return
    there = [facts.campaign.contact(id) for id in interview.met or interview.contact_ids]
    people = [person for person in there if rule.wants(interview, person)]
    if rule.per is Per.PERSON:
        for person in people:
            yield _Subject(person=person, known_as=person.id, words=_words(interview, facts.campaign, person))
    elif people:
        yield _Subject(person=people[0], known_as=NIL, words=_words(interview, facts.campaign, *people))


def _is_owed(rule: FollowUpRule, introduction: Introduction, campaign: Campaign) -> bool:
    if rule.per is Per.REFERRAL:
        return introduction.referral.outcome is not ReferralOutcome.DROPPED
    return not is_taken_up(introduction, campaign)


def _words(interview: Interview, campaign: Campaign, *people: Contact, referral: str = "") -> Mapping[str, str]:
    exploration = _exploration(interview, campaign)
    return {
        "contact": " and ".join(person.name for person in people),
        "organization": people[0].organization,
        "field": exploration.subject if exploration else "",
        "referral": referral,
    }


def _exploration(interview: Interview, campaign: Campaign) -> Exploration | None:
    return campaign.exploration(interview.exploration_id) if interview.exploration_id else None


def _anchor(rule: FollowUpRule, interview: Interview, subject: _Subject) -> str:
    """What it hangs on, by name: the same whatever moment of it the due is counted from just now."""
    if subject.introduction is not None:
        # One for all that hangs on a referral: a report back moves when the person named is met at last.
        anchor = f"referral:{interview.id}:{subject.introduction.key}"
        return anchor if len(anchor) <= fields.LINE_LIMIT else f"referral:{interview.id}:{derive_id(anchor)}"
    if rule.anchor is Anchor.LAST_TOUCH and subject.person is not None:
        return f"contact:{subject.person.id}:{rule.anchor}"
    if rule.anchor is Anchor.DECISION and rule.per is Per.PERSON and interview.exploration_id is not None:
        return f"exploration:{interview.exploration_id}:{rule.anchor}"
    return f"interview:{interview.id}:{rule.anchor}"


def _wanted(rule: FollowUpRule, anchor: str, interview: Interview, subject: _Subject, facts: _Facts) -> _Wanted | None:
    offset = rule.offset
    cause = _cause(rule.anchor, interview, subject, facts)
    if cause is None and rule.otherwise is not None:
        offset = rule.otherwise.offset
        cause = _cause(rule.otherwise.anchor, interview, subject, facts)
    if cause is None:
        return None
    if subject.introduction is not None:
        cause = _with_named(cause, subject.introduction, facts)
    due, due_at = _due(cause, offset, facts)
    return _Wanted(
        rule=rule,
        anchor=anchor,
        cause=cause,
        subject=subject,
        due=due,
        due_at=due_at,
        latest=cause.moment.astimezone(facts.campaign.profile.zone).date() if offset.is_before else None,
        interview_id=interview.id if anchor.startswith(("interview:", "referral:")) else None,
    )


# ── what they hang on ────────────────────────────────────────────────────────────────────────────
def _cause(anchor: Anchor, interview: Interview, subject: _Subject, facts: _Facts) -> _Cause | None:
    meeting = interview.meeting
    match anchor:
        case Anchor.REQUESTED:
            return _told(interview, _last(interview, Requested))
        case Anchor.ACCEPTED:
            return _told(interview, _last(interview, Accepted))
        case Anchor.DEBRIEFED:
            return _told(interview, subject.introduction.entry if subject.introduction else _first(interview, Debriefed))
        case Anchor.START:
            return _told(interview, _last(interview, Scheduled, Rescheduled), meeting.start if meeting else None)
        case Anchor.END:
            return _told(interview, _last(interview, Scheduled, Rescheduled), meeting.end if meeting else None)
        case Anchor.REFERRED_TALK_END:
            return _referred(interview, subject.introduction, facts.campaign) if subject.introduction else None
        case Anchor.LAST_TOUCH:
            return _last_touch(subject.person, facts) if subject.person else None
        case Anchor.DECISION:
            return _decided(interview, facts.campaign)


def _last(interview: Interview, *kinds: type) -> HistoryEntry | None:
    return next((entry for entry in reversed(interview.story.told) if isinstance(entry.event, kinds)), None)


def _first(interview: Interview, kind: type) -> HistoryEntry | None:
    return next((entry for entry in interview.story.told if isinstance(entry.event, kind)), None)


def _told(interview: Interview, entry: HistoryEntry | None, moment: datetime | None = None) -> _Cause | None:
    return _cause_at(interview, entry.at, moment) if entry else None


def _cause_at(interview: Interview, at: datetime, moment: datetime | None = None) -> _Cause:
    at = at.astimezone(UTC)
    return _Cause(
        moment=(moment or at).astimezone(UTC),
        at=at,
        revised_at=_latest(at, interview.revised_at),
        sequence=interview.sequence + _retold(interview),
    )


def _retold(interview: Interview) -> int:
    """How often the telling may have moved a cause without moving the meeting: corrections, and an event of a kind (for a
    meeting: of a time) that had been told before.
    """
    corrections = sum(isinstance(entry.event, Corrected) for entry in interview.history)
    causes = [_told_as(entry) for entry in interview.history if isinstance(entry.event, _CAUSES)]
    return corrections + len(causes) - len(set(causes))


_CAUSES: Final = (Requested, Accepted, Scheduled, Rescheduled, Debriefed)


def _told_as(entry: HistoryEntry) -> object:
    match entry.event:
        case Scheduled(meeting=meeting) | Rescheduled(meeting=meeting):
            return meeting.start.astimezone(UTC), meeting.duration
        case event:
            return type(event)


def _latest(*moments: datetime | None) -> datetime:
    return max(moment.astimezone(UTC) for moment in moments if moment)


def _referred(interview: Interview, introduction: Introduction, campaign: Campaign) -> _Cause | None:
    talk = resulting_talk(introduction, campaign)
    if talk is None or talk.meeting is None:
        return None
    agreed = _last(talk, Scheduled, Rescheduled)
    return _cause_at(interview, _latest(introduction.entry.at, agreed.at if agreed else None), talk.meeting.end)


def _with_named(cause: _Cause, introduction: Introduction, facts: _Facts) -> _Cause:
    """What is told of the person named moves what is owed for naming them."""
    people = {contact.id for contact in facts.bearers.get(introduction.key, ())} | set(introduction.ever_said_to_be())
    talks = {talk.id: talk for id in people for talk in facts.talks_with.get(id, ())}
    talks.pop(introduction.interview.id, None)
    return evolve(
        cause,
        revised_at=_latest(cause.revised_at, *(talk.revised_at for talk in talks.values())),
        sequence=cause.sequence + sum(len(talk.history) for talk in talks.values()),
    )


def _last_touch(person: Contact, facts: _Facts) -> _Cause | None:
    talks = facts.talks_with.get(person.id, ())
    touches = [touch.at.astimezone(UTC) for touch in facts.campaign.touches_of(person)]
    moments = [(at, at) for at in (*touches, *facts.messages.get(person.id, ()))]
    held = [(talk.meeting, entry.at) for talk in talks if person.id in talk.met and (entry := _last(talk, Held))]
    moments += [(_latest(meeting.end if meeting else at), _latest(at)) for meeting, at in held]
    if not moments:
        return None
    moment, at = max(moments)
    return _Cause(
        moment=moment,
        at=at,
        revised_at=_latest(*(at for _, at in moments), *(talk.revised_at for talk in talks)),
        sequence=len(touches) + sum(len(talk.history) for talk in talks),
    )


def _decided(interview: Interview, campaign: Campaign) -> _Cause | None:
    exploration = _exploration(interview, campaign)
    return _cause_at(interview, exploration.decision.at) if exploration and exploration.decision else None


# ── when it is due ───────────────────────────────────────────────────────────────────────────────
def _due(cause: _Cause, offset: Offset, facts: _Facts) -> tuple[date, datetime | None]:
    """Day and, for hours and minutes, moment in the explorer's zone; never before the fact that causes it."""
    zone = facts.campaign.profile.zone
    if offset.elapsed:
        moment = max(cause.moment + offset.elapsed, cause.at).astimezone(zone)
        return moment.date(), moment
    day = cause.moment.astimezone(zone).date()
    if offset.months:
        from dateutil.relativedelta import relativedelta

        day += relativedelta(months=offset.months)
    elif offset.business_days:
        day = facts.policy.business_days.shift(day, offset.business_days)
    else:
        day += timedelta(days=offset.days)
    return max(day, cause.at.astimezone(zone).date()), None


# ── against what there is ────────────────────────────────────────────────────────────────────────
def _kept(facts: _Facts) -> dict[_Key, tuple[FollowUp, ...]]:
    """The campaign's follow-ups that planning may touch, by key."""
    rules = {rule.kind: rule for rule in facts.policy.follow_up_rules}
    kept: defaultdict[_Key, list[FollowUp]] = defaultdict(list)
    for follow_up in facts.campaign.follow_ups:
        rule = rules.get(follow_up.kind)
        if rule is not None and follow_up.anchor and _in_scope(follow_up, rule, facts):
            known_as = follow_up.contact_id if rule.per is Per.PERSON and follow_up.contact_id else NIL
            kept[follow_up.kind, known_as, follow_up.anchor].append(follow_up)
    return {key: tuple(follow_ups) for key, follow_ups in kept.items()}


def _in_scope(follow_up: FollowUp, rule: FollowUpRule, facts: _Facts) -> bool:
    if follow_up.interview_id is not None:
        return follow_up.interview_id in facts.talks
    # Several talks may ask for what belongs to a person. A talk that never came so far asks for nothing, so planning it alone
    # must not do away with what others ask for.
    talks = facts.talks_with.get(follow_up.contact_id, ()) if follow_up.contact_id else ()
    return any(talk.id in facts.talks and not rule.during.isdisjoint(_states(talk)) for talk in talks)


def _states(interview: Interview) -> Iterator[InterviewStatus]:
    """Those the interview was ever said to be in, corrected since or not."""
    yield InterviewStatus.IDENTIFIED
    for entry in interview.history:
        if not isinstance(entry.event, Corrected | UnknownEvent):
            yield entry.event.leads_to


def _reconcile(
    key: _Key, wanted: _Wanted | None, kept: tuple[FollowUp, ...], facts: _Facts
) -> tuple[list[FollowUp], list[FollowUp]]:
    settled = [follow_up for follow_up in kept if follow_up.status in SETTLED]
    if wanted is not None and any(_satisfies(one, one.settled_at, wanted) for one in settled if one.settled_at):
        wanted = None
    occurrence = max((follow_up.occurrence + 1 for follow_up in settled), default=0)
    id = derive_id("follow-up", *key, occurrence)
    unsettled = {follow_up.id: follow_up for follow_up in kept if follow_up.status not in SETTLED}
    changed = []
    for follow_up in unsettled.values():
        meant = wanted if follow_up.id == id else None
        target = _target(follow_up, meant)
        if target != follow_up:
            revision = max(follow_up.revision + 1, meant.cause.sequence if meant else 0)
            changed.append(revised(target, revision, _stamp(wanted, kept, facts)))
    if wanted is None or id in unsettled:
        return [], changed
    return [_made(id, wanted, occurrence, _stamp(wanted, kept, facts))], changed


def _satisfies(settled: FollowUp, settled_at: datetime, wanted: _Wanted) -> bool:
    if wanted.rule.anchor is Anchor.LAST_TOUCH and settled.status is FollowUpStatus.DONE:
        # Doing it is itself the touch that starts the next round, at the very same moment.
        return settled_at.astimezone(UTC) > wanted.cause.at
    return settled_at.astimezone(UTC) >= wanted.cause.at


def _stamp(wanted: _Wanted | None, kept: tuple[FollowUp, ...], facts: _Facts) -> datetime | None:
    moments = [wanted.cause.revised_at] if wanted else []
    for one in kept:
        moments += [
            moment for moment in (one.settled_at, one.interview_id and facts.talks[one.interview_id].revised_at) if moment
        ]
        moments += facts.known_of(one.contact_id) if one.contact_id else ()
    return _latest(*moments) if moments else None


def _target(follow_up: FollowUp, wanted: _Wanted | None) -> FollowUp:
    """The follow-up as it should be. No longer wanted = obsolete."""
    if wanted is None:
        return evolve(follow_up, status=FollowUpStatus.OBSOLETE)
    due, due_at = _postponed(follow_up, wanted)
    person = wanted.subject.person
    contact_id = person.id if person else None
    # Words somebody has changed stay, unless they speak of another person now.
    stays = follow_up.status is FollowUpStatus.OPEN and follow_up.contact_id == contact_id
    return evolve(
        follow_up,
        status=FollowUpStatus.OPEN,
        due=due,
        due_at=due_at,
        contact_id=contact_id,
        summary=follow_up.summary if stays else _summary(wanted),
        obligatory=wanted.rule.obligatory,
    )


def _postponed(follow_up: FollowUp, wanted: _Wanted) -> tuple[date, datetime | None]:
    until = follow_up.postponed_until
    if until is not None and wanted.latest is not None:
        until = min(until, wanted.latest)
    return (until, None) if until is not None and until > wanted.due else (wanted.due, wanted.due_at)


def _made(id: UUID, wanted: _Wanted, occurrence: int, stamp: datetime | None) -> FollowUp:
    return FollowUp(
        id=id,
        kind=wanted.rule.kind,
        due=wanted.due,
        due_at=wanted.due_at,
        contact_id=wanted.subject.person.id if wanted.subject.person else None,
        interview_id=wanted.interview_id,
        anchor=wanted.anchor,
        occurrence=occurrence,
        summary=_summary(wanted),
        obligatory=wanted.rule.obligatory,
        revision=wanted.cause.sequence,
        revised_at=stamp,
    )


def _summary(wanted: _Wanted) -> str:
    return wanted.rule.summarise(**wanted.subject.words)[: fields.LINE_LIMIT]
