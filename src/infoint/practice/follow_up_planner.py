"""What is owed, to whom, by when: rules applied to a campaign (practice §7), and what settles it. No clock: the same facts give
the same follow-ups on any day. The rules themselves are data (`follow_up_rule`, `data/follow_up_rules.toml`).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue, NaiveTime
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralOutcome
from infoint.model.events import Accepted, Debriefed, Held, HistoryEntry, Requested, Rescheduled, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import NIL, derive_id, identified
from infoint.model.interview import Interview
from infoint.practice.follow_up_rule import Anchor, Deadline, FollowUpRule, Offset, Per
from infoint.practice.policy import Policy, default_policy
from infoint.practice.referrals import Introduction, introductions, is_taken_up, resulting_talk


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
    """What a follow-up hangs on."""

    anchor: str
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
    cause: _Cause
    subject: _Subject
    due: date
    due_at: datetime | None
    interview_id: UUID | None


_Key: TypeAlias = tuple[FollowUpKind, UUID, str]
"""Kind, person, anchor: what makes two follow-ups occurrences of one."""


def plan_follow_ups(campaign: Campaign, *, policy: Policy | None = None) -> FollowUpPlan:
    """What is owed for every interview in the campaign. The campaign is the scope: put in one talk to plan one talk.

    A follow-up whose interview is not in the campaign, whose kind has no rule here, or that was made by hand is left alone. No
    clock: `revised_at` is the time of the latest fact looked at. Changed ones get at least `revision + 1`; new ones start at
    the interview's sequence. Raises MissingId, NotFound for people the campaign does not hold.
    """
    policy = policy or default_policy()
    wanted = _all_wanted(campaign, policy)
    kept = _kept(campaign, policy)
    new: list[FollowUp] = []
    changed: list[FollowUp] = []
    for key in dict.fromkeys((*wanted, *kept)):
        one_new, some_changed = _reconcile(key, wanted.get(key), kept.get(key, ()), campaign)
        new += one_new
        changed += some_changed
    return FollowUpPlan(new=tuple(sorted(new, key=_in_order)), changed=tuple(sorted(changed, key=_in_order)))


def _in_order(follow_up: FollowUp) -> tuple[date, UUID]:
    return follow_up.due, follow_up.id


# ── what the rules want ──────────────────────────────────────────────────────────────────────────
def _all_wanted(campaign: Campaign, policy: Policy) -> dict[_Key, _Wanted]:
    wanted: dict[_Key, _Wanted] = {}
    for interview in sorted(campaign.interviews, key=lambda talk: talk.id):
        for rule in policy.follow_up_rules:
            if interview.status in rule.during:
                for one in _wanted_by(rule, identified(interview), campaign, policy):
                    # A person met twice has one cadence: the first talk that asks for it speaks for all.
                    wanted.setdefault((rule.kind, one.subject.known_as, one.cause.anchor), one)
    return wanted


def _wanted_by(rule: FollowUpRule, interview: Interview, campaign: Campaign, policy: Policy) -> Iterator[_Wanted]:
    for subject in _subjects(rule, interview, campaign):
        if subject.person is not None and not rule.wants(interview, subject.person):
            continue
        cause, offset = _cause(Deadline(rule.anchor, rule.offset), interview, subject, campaign), rule.offset
        if cause is None and rule.otherwise is not None:
            cause, offset = _cause(rule.otherwise, interview, subject, campaign), rule.otherwise.offset
        if cause is None:
            continue
        due, due_at = _due(cause, offset, campaign, policy)
        # What hangs on a person's last touch belongs to the person, whichever talk asked for it.
        of_person = rule.anchor is Anchor.LAST_TOUCH
        yield _Wanted(
            rule=rule, cause=cause, subject=subject, due=due, due_at=due_at, interview_id=None if of_person else interview.id
        )


def _subjects(rule: FollowUpRule, interview: Interview, campaign: Campaign) -> Iterator[_Subject]:
    match rule.per:
        case Per.INTERVIEW:
            people = [campaign.contact(id) for id in interview.met or interview.contact_ids]
            yield _Subject(person=people[0], known_as=NIL, words=_words(interview, campaign, *people))
        case Per.PERSON:
            for id in dict.fromkeys(interview.met or interview.contact_ids):
                person = campaign.contact(id)
                yield _Subject(person=person, known_as=id, words=_words(interview, campaign, person))
        case Per.REFERRAL:
            for one in introductions(interview, campaign):
                if one.referral.outcome is not ReferralOutcome.DROPPED:
                    words = _words(interview, campaign, one.giver, referral=one.referral.name)
                    yield _Subject(person=one.giver, known_as=NIL, words=words, introduction=one)
        case Per.REFERRED:
            for one in introductions(interview, campaign):
                if not is_taken_up(one, campaign):
                    words = _words(interview, campaign, one.giver, referral=one.referral.name)
                    yield _Subject(person=one.contact, known_as=NIL, words=words, introduction=one)


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


# ── what they hang on ────────────────────────────────────────────────────────────────────────────
def _cause(deadline: Deadline, interview: Interview, subject: _Subject, campaign: Campaign) -> _Cause | None:
    match deadline.anchor:
        case Anchor.REQUESTED:
            return _told(interview, "requested", _latest(interview, Requested))
        case Anchor.ACCEPTED:
            return _told(interview, "accepted", _latest(interview, Accepted))
        case Anchor.DEBRIEFED:
            return _debriefed(interview, subject)
        case Anchor.START:
            return _met_at(interview, "start", interview.meeting.start) if interview.meeting else None
        case Anchor.END:
            return _met_at(interview, "end", interview.meeting.end) if interview.meeting else None
        case Anchor.REFERRED_TALK_END:
            return _referred(subject.introduction, campaign) if subject.introduction else None
        case Anchor.LAST_TOUCH:
            return _last_touch(subject.person, campaign) if subject.person else None
        case Anchor.DECISION:
            return _decided(interview, campaign)


def _latest(interview: Interview, *kinds: type) -> HistoryEntry | None:
    return next((entry for entry in reversed(interview.story.told) if isinstance(entry.event, kinds)), None)


def _revised(interview: Interview, at: datetime) -> datetime:
    return max(interview.revised_at or at, at)


def _told(interview: Interview, word: str, entry: HistoryEntry | None) -> _Cause | None:
    if entry is None:
        return None
    return _Cause(
        anchor=f"interview:{interview.id}:{word}",
        moment=entry.at,
        at=entry.at,
        revised_at=_revised(interview, entry.at),
        sequence=interview.sequence,
    )


def _met_at(interview: Interview, word: str, moment: datetime) -> _Cause | None:
    cause = _told(interview, word, _latest(interview, Scheduled, Rescheduled))
    return cause and evolve(cause, moment=moment)


def _debriefed(interview: Interview, subject: _Subject) -> _Cause | None:
    if subject.introduction is not None:
        cause = _told(interview, "", subject.introduction.entry)
        return cause and evolve(cause, anchor=_referral_anchor(subject.introduction))
    return _told(interview, "debriefed", next((e for e in interview.story.told if isinstance(e.event, Debriefed)), None))


def _referral_anchor(introduction: Introduction) -> str:
    # The same for all that hangs on a referral: a report back moves when the person named is met at last.
    return f"referral:{introduction.interview.id}:{introduction.key}"[: fields.LINE_LIMIT]


def _referred(introduction: Introduction, campaign: Campaign) -> _Cause | None:
    talk = resulting_talk(introduction, campaign)
    if talk is None or talk.meeting is None:
        return None
    cause = _met_at(talk, "end", talk.meeting.end)
    return cause and evolve(
        cause,
        anchor=_referral_anchor(introduction),
        at=max(cause.at, introduction.entry.at),
        revised_at=_revised(introduction.interview, cause.revised_at),
        sequence=introduction.interview.sequence + talk.sequence,
    )


def _last_touch(person: Contact, campaign: Campaign) -> _Cause | None:
    talks = [talk for talk in campaign.interviews_with(person) if person.id in talk.met]
    moments = [(touch.at, touch.at) for touch in campaign.touches_of(person)]
    for talk in talks:
        held = _latest(talk, Held)
        if held:
            moments.append((talk.meeting.end if talk.meeting else held.at, held.at))
    if not moments:
        return None
    moment, at = max(moments)
    return _Cause(
        anchor=f"contact:{person.id}:last-touch",
        moment=moment,
        at=at,
        revised_at=max([at, *(talk.revised_at for talk in talks if talk.revised_at)]),
        sequence=sum(talk.sequence for talk in talks) + len(campaign.touches_of(person)),
    )


def _decided(interview: Interview, campaign: Campaign) -> _Cause | None:
    exploration = _exploration(interview, campaign)
    if exploration is None or exploration.decision is None:
        return None
    at = exploration.decision.at
    return _Cause(
        anchor=f"exploration:{exploration.id}:decision",
        moment=at,
        at=at,
        revised_at=_revised(interview, at),
        sequence=interview.sequence,
    )


# ── when it is due ───────────────────────────────────────────────────────────────────────────────
def _due(cause: _Cause, offset: Offset, campaign: Campaign, policy: Policy) -> tuple[date, datetime | None]:
    """Day and, for hours and minutes, moment in the explorer's zone; never before the fact that causes it."""
    zone = campaign.profile.zone
    if offset.elapsed:
        moment = max(cause.moment.astimezone(UTC) + offset.elapsed, cause.at).astimezone(zone)
        return moment.date(), moment
    day = cause.moment.astimezone(zone).date()
    if offset.months:
        from dateutil.relativedelta import relativedelta

        day += relativedelta(months=offset.months)
    elif offset.business_days:
        day = policy.business_days.shift(day, offset.business_days)
    else:
        day += timedelta(days=offset.days)
    return max(day, cause.at.astimezone(zone).date()), None


# ── against what there is ────────────────────────────────────────────────────────────────────────
def _kept(campaign: Campaign, policy: Policy) -> dict[_Key, tuple[FollowUp, ...]]:
    """The campaign's follow-ups that planning may touch, by key."""
    per = {rule.kind: rule.per for rule in policy.follow_up_rules}
    talks = {interview.id for interview in campaign.interviews}
    people = {id for interview in campaign.interviews for id in (*interview.contact_ids, *interview.met)}
    kept: dict[_Key, tuple[FollowUp, ...]] = {}
    for follow_up in campaign.follow_ups:
        in_scope = follow_up.interview_id in talks if follow_up.interview_id else follow_up.contact_id in people
        if follow_up.anchor and follow_up.kind in per and in_scope:
            known_as = follow_up.contact_id if per[follow_up.kind] is Per.PERSON and follow_up.contact_id else NIL
            key = follow_up.kind, known_as, follow_up.anchor
            kept[key] = (*kept.get(key, ()), follow_up)
    return kept


def _reconcile(
    key: _Key, wanted: _Wanted | None, kept: tuple[FollowUp, ...], campaign: Campaign
) -> tuple[list[FollowUp], list[FollowUp]]:
    settled = [follow_up for follow_up in kept if follow_up.status in SETTLED]
    if wanted is not None and any(_satisfies(follow_up, wanted) for follow_up in settled):
        wanted = None
    id = derive_id("follow-up", *key, len(settled))
    stamp = _stamp(wanted, settled, kept, campaign)
    changed = [
        moved
        for follow_up in kept
        if follow_up.status not in SETTLED
        and (moved := _moved(follow_up, wanted if follow_up.id == id else None, stamp)) is not follow_up
    ]
    if wanted is None or any(follow_up.id == id for follow_up in kept):
        return [], changed
    return [_made(id, wanted, len(settled), stamp)], changed


def _satisfies(settled: FollowUp, wanted: _Wanted) -> bool:
    if settled.settled_at is None:
        return False
    if wanted.rule.anchor is Anchor.LAST_TOUCH and settled.status is FollowUpStatus.DONE:
        # Doing it is itself the touch that starts the next round, at the very same moment.
        return settled.settled_at > wanted.cause.at
    return settled.settled_at >= wanted.cause.at


def _stamp(wanted: _Wanted | None, settled: list[FollowUp], kept: tuple[FollowUp, ...], campaign: Campaign) -> datetime | None:
    facts = [follow_up.settled_at for follow_up in settled]
    if wanted is not None:
        facts.append(wanted.cause.revised_at)
    facts += [campaign.interview(id).revised_at for id in {one.interview_id for one in kept if one.interview_id}]
    return max((fact for fact in facts if fact), default=None)


def _moved(follow_up: FollowUp, wanted: _Wanted | None, stamp: datetime | None) -> FollowUp:
    """The follow-up as it should be; itself where it is so already. No longer wanted = obsolete."""
    if wanted is None:
        target = evolve(follow_up, status=FollowUpStatus.OBSOLETE)
        sequence = 0
    else:
        due, due_at = _postponed(follow_up, wanted)
        person = wanted.subject.person
        target = evolve(follow_up, status=FollowUpStatus.OPEN, due=due, due_at=due_at, contact_id=person.id if person else None)
        sequence = wanted.cause.sequence
    if target == follow_up:
        return follow_up
    return _revised_to(target, max(follow_up.revision + 1, sequence), stamp)


def _postponed(follow_up: FollowUp, wanted: _Wanted) -> tuple[date, datetime | None]:
    until = follow_up.postponed_until
    return (until, None) if until is not None and until > wanted.due else (wanted.due, wanted.due_at)


def _made(id: UUID, wanted: _Wanted, occurrence: int, stamp: datetime | None) -> FollowUp:
    rule = wanted.rule
    return FollowUp(
        id=id,
        kind=rule.kind,
        due=wanted.due,
        due_at=wanted.due_at,
        contact_id=wanted.subject.person.id if wanted.subject.person else None,
        interview_id=wanted.interview_id,
        anchor=wanted.cause.anchor,
        occurrence=occurrence,
        summary=rule.summarise(**wanted.subject.words)[: fields.LINE_LIMIT],
        obligatory=rule.obligatory,
        revision=wanted.cause.sequence,
        revised_at=stamp,
    )


def _revised_to(follow_up: FollowUp, revision: int, at: datetime | None) -> FollowUp:
    stamps = [moment for moment in (follow_up.revised_at, at) if moment]
    return evolve(follow_up, revision=revision, revised_at=max(stamps, default=None))


# ── settling ─────────────────────────────────────────────────────────────────────────────────────
def complete(follow_up: FollowUp, *, at: datetime) -> FollowUp:
    """Done at `at` (zoned). Done already: unchanged. Raises InvalidValue for a waived one: nothing settled is undone."""
    return _settled(follow_up, FollowUpStatus.DONE, _moment(at))


def waive(follow_up: FollowUp, *, reason: str, at: datetime) -> FollowUp:
    """Let be on purpose, and why. Waived already: unchanged. Raises InvalidValue without a reason, or for one that is done."""
    return _settled(follow_up, FollowUpStatus.WAIVED, _moment(at), reason=reason)


def _settled(follow_up: FollowUp, status: FollowUpStatus, at: datetime, *, reason: str = "") -> FollowUp:
    if follow_up.status is status:
        return follow_up
    if follow_up.status in SETTLED:
        raise InvalidValue("FollowUp", "status", f"is {follow_up.status} already; nothing settled is undone")
    return _revised_to(evolve(follow_up, status=status, settled_at=at, reason=reason), follow_up.revision + 1, at)


def postpone(follow_up: FollowUp, until: date, *, at: datetime) -> FollowUp:
    """Due on `until` (a day in the explorer's zone) instead; planning keeps to it. Raises InvalidValue for one that is not open."""
    if follow_up.status is not FollowUpStatus.OPEN:
        raise InvalidValue("FollowUp", "status", f"is {follow_up.status}; only an open one can be put off")
    if follow_up.due == until == follow_up.postponed_until:
        return follow_up
    moved = evolve(follow_up, due=until, due_at=None, postponed_until=until)
    return _revised_to(moved, follow_up.revision + 1, _moment(at))


def _moment(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise NaiveTime("FollowUp", "at", value=at)
    return at


# ── what is due ──────────────────────────────────────────────────────────────────────────────────
@frozen
class DueItem:
    """Something due, with what it is about. `print(item)` gives one readable line."""

    follow_up: FollowUp
    contact: Contact | None
    interview: Interview | None
    overdue_by: int = field()
    """Days; 0 = today, negative = still to come."""

    def __str__(self) -> str:
        return f"{_when(self.overdue_by, self.follow_up.due):<15} {self.follow_up.summary or self.follow_up.kind.label}"


_NEAR: Final = {0: "today", -1: "tomorrow", 1: "1 day overdue"}


def _when(overdue_by: int, due: date) -> str:
    return _NEAR.get(overdue_by) or (f"{overdue_by} days overdue" if overdue_by > 0 else f"on {due:%Y-%m-%d}")


def due(campaign: Campaign, *, on: date, within: timedelta = timedelta(0)) -> tuple[DueItem, ...]:
    """Open follow-ups due by `on + within` (days in the explorer's zone), the most overdue first; within a day those with a
    moment first, by the moment. Raises InvalidValue for a datetime given as day.
    """
    if not isinstance(on, date) or isinstance(on, datetime):
        raise InvalidValue("due", "on", f"needs a date without time, got {type(on).__name__}", value=on)
    limit = on + timedelta(days=within.days)
    open_ones = (one for one in campaign.follow_ups if one.status is FollowUpStatus.OPEN and one.due <= limit)
    return tuple(_item(follow_up, campaign, on) for follow_up in sorted(open_ones, key=_by_urgency))


def _by_urgency(follow_up: FollowUp) -> tuple[date, bool, datetime, str, UUID]:
    moment = follow_up.due_at
    return follow_up.due, moment is None, moment or datetime.min.replace(tzinfo=UTC), follow_up.summary, follow_up.id


def _item(follow_up: FollowUp, campaign: Campaign, on: date) -> DueItem:
    return DueItem(
        follow_up,
        next((one for one in campaign.contacts if one.id == follow_up.contact_id), None),
        next((one for one in campaign.interviews if one.id == follow_up.interview_id), None),
        (on - follow_up.due).days,
    )
