"""What is owed, to whom, by when: what the rules want (`wanted`) against what there is. No clock: the same facts give the same
follow-ups on any day. The rules themselves are data (`follow_up_rule`, `data/follow_up_rules.toml`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from attrs import evolve, frozen

from infoint.model.campaign import Campaign
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpStatus
from infoint.model.identity import NIL, derive_id
from infoint.model.interview import Interview
from infoint.model.touch import Touch
from infoint.practice.anchors import Subject, exploration_in, touch_anchor
from infoint.practice.arguments import demand
from infoint.practice.facts import Facts, states_of, utc
from infoint.practice.follow_up_rule import Anchor, FollowUpRule, Per
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.sentences import languages_of_sentences
from infoint.practice.settling import revised
from infoint.practice.wanted import Key, Wanted, all_wanted, asked_for, next_round


@frozen(kw_only=True)
class FollowUpPlan:
    """Only what differs from the campaign's follow-ups; empty (and false) when nothing does."""

    new: tuple[FollowUp, ...] = ()
    """Insert; where the id exists already, keep what is there (nothing done is ever undone)."""
    changed: tuple[FollowUp, ...] = ()
    """Moved or obsolete: update."""

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def plan_follow_ups(
    campaign: Campaign, *, policy: Policy | None = None, before: Interview | Campaign | None = None
) -> FollowUpPlan:
    """What is owed for every interview and touch in the campaign. The campaign is the scope: put in one talk to plan one talk; for
    what hangs on a person or an exploration, all talks and touches with that person.

    Left alone: a follow-up whose interview or touch is not in the campaign, one that no talk in it can have asked for, one whose
    kind has no rule here, and all of a talk whose history holds an event this infoint does not know. One made by hand is left
    alone too, until a touch is logged that does it (`FollowUpRule.settled_by`): then it is obsolete.

    `before`: a talk of the campaign as it was before an edit. What hangs on a person or an exploration and only this talk asked for
    becomes obsolete where it has moved to another exploration, or is with others now; nothing else could tell. Or the whole campaign as it
    was before a person was edited or merged, or an exploration edited. What is open, and says in the words of its rule whom it was about
    before, says whom it is about now, in the language it was planned in. Words that somebody has changed stay.

    No clock: `revised_at` is the time of the latest fact looked at. Changed ones get at least `revision + 1`; new ones start at
    the interview's sequence, or higher where something was told again or corrected. Raises MissingId, NotFound for people the
    campaign does not hold.
    """
    demand("plan_follow_ups", "campaign", campaign, Campaign)
    if before is not None:
        demand("plan_follow_ups", "before", before, Interview, Campaign)
    facts = Facts(campaign, policy_or_default(policy))
    wanted = all_wanted(facts)
    said = _said(before, facts)
    kept = _kept(facts)
    new: list[FollowUp] = []
    changed = [*_done_by_touch(facts), *(_left_behind(before, facts) if isinstance(before, Interview) else ())]
    for key, one in wanted.items():
        if key not in kept:
            new.append(_made(derive_id("follow-up", *key, 0), one, 0, one.cause.revised_at, facts.language))
    for key, there in kept.items():
        one_new, some_changed = _reconcile(key, wanted.get(key), there, facts, said.get(key))
        new += one_new
        changed += some_changed
    return FollowUpPlan(new=tuple(sorted(new, key=_in_order)), changed=tuple(sorted(changed, key=_in_order)))


def _in_order(follow_up: FollowUp) -> tuple[date, int]:
    return follow_up.due, follow_up.id.int


# ── what it was for before ───────────────────────────────────────────────────────────────────────
def _said(before: Interview | Campaign | None, facts: Facts) -> Mapping[Key, Subject]:
    """What follow-ups were about before, where that may be told otherwise now."""
    match before:
        case Campaign() if _names(before) != _names(facts.campaign):
            return {key: one.subject for key, one in all_wanted(Facts(before, facts.policy)).items()}
        case Interview() if (after := facts.talks.get(before.id)) and _names_others(before, after):
            return asked_for(before, Facts(facts.campaign.including(before), facts.policy))
        case _:
            return {}


def _names_others(before: Interview, after: Interview) -> bool:
    if (before.contact_ids, before.met) != (after.contact_ids, after.met):
        return True
    given = [[(one.name, one.given_by) for one in talk.referrals] for talk in (before, after)]
    return bool(given[0]) and given[0] != given[1]


def _names(campaign: Campaign) -> dict[UUID, tuple[str, ...]]:
    """What follow-ups say of people and explorations."""
    people = {one.id: (one.name, one.organization) for one in campaign.contacts}
    return people | {one.id: (one.subject,) for one in campaign.explorations}


# ── what there is ────────────────────────────────────────────────────────────────────────────────
def _kept(facts: Facts) -> dict[Key, tuple[FollowUp, ...]]:
    """The campaign's follow-ups that planning may touch, by key."""
    kept: defaultdict[Key, list[FollowUp]] = defaultdict(list)
    for follow_up in facts.campaign.follow_ups:
        rule = facts.policy.rule(follow_up.kind)
        if rule is not None and follow_up.anchor and _in_scope(follow_up, rule, facts):
            known_as = follow_up.contact_id if rule.per is Per.PERSON and follow_up.contact_id else NIL
            kept[follow_up.kind, known_as, follow_up.anchor].append(follow_up)
    return {key: tuple(follow_ups) for key, follow_ups in kept.items()}


def _in_scope(follow_up: FollowUp, rule: FollowUpRule, facts: Facts) -> bool:
    if follow_up.interview_id is not None:
        return follow_up.interview_id in facts.talks
    if rule.per is Per.TOUCH:
        return any(touch_anchor(touch) == follow_up.anchor for touch in _touches_with(follow_up, facts))
    # Several talks may ask for what belongs to a person. A talk that never came so far asks for nothing, so planning it alone
    # must not do away with what others ask for.
    talks = facts.talks_with.get(follow_up.contact_id, ()) if follow_up.contact_id else ()
    exploration_id = exploration_in(follow_up.anchor)
    return any(
        talk.id in facts.talks and exploration_id in {None, talk.exploration_id} and not rule.during.isdisjoint(states_of(talk))
        for talk in talks
    )


def _touches_with(follow_up: FollowUp, facts: Facts) -> tuple[Touch, ...]:
    person = facts.contacts.get(follow_up.contact_id) if follow_up.contact_id else None
    return facts.touches_of(person) if person else ()


def _done_by_touch(facts: Facts) -> Iterator[FollowUp]:
    """Those made by hand that a touch has done since they were noted."""
    for one in facts.campaign.follow_ups:
        rule = facts.policy.rule(one.kind)
        if one.anchor or one.status is not FollowUpStatus.OPEN or rule is None or not rule.settled_by or not one.revised_at:
            continue
        touched = [
            touch.at
            for touch in _touches_with(one, facts)
            # What was logged along with another that was done was that other.
            if touch.kind in rule.settled_by and utc(touch.at) >= utc(one.revised_at) and touch.id not in facts.logged_along
        ]
        if touched:
            yield revised(evolve(one, status=FollowUpStatus.OBSOLETE), one.revision + 1, touched[0])


def _left_behind(before: Interview, facts: Facts) -> Iterator[FollowUp]:
    """What the talk as it was asked for, and no talk does now."""
    after = facts.talks.get(before.id)
    if after is None or not (lost := _asks_for(before) - _asks_for(after)):
        return
    for one in facts.campaign.follow_ups:
        rule = facts.policy.rule(one.kind)
        if rule is None or rule.per is not Per.PERSON or not one.anchor or one.status is not FollowUpStatus.OPEN:
            continue
        if (one.contact_id, exploration_in(one.anchor)) in lost and not _in_scope(one, rule, facts):
            stamps = [_stamp(None, (one,), facts), after.edited_at]
            stamp = max((utc(moment) for moment in stamps if moment), default=None)
            yield revised(evolve(one, status=FollowUpStatus.OBSOLETE), one.revision + 1, stamp)


def _asks_for(talk: Interview) -> set[tuple[UUID | None, UUID | None]]:
    """For whom it may ask for something: on their account alone, and in its exploration."""
    people = {*talk.contact_ids, *talk.met}
    return {(person, scope) for person in people for scope in (None, talk.exploration_id)}


# ── against what is wanted ───────────────────────────────────────────────────────────────────────
def _reconcile(
    key: Key, wanted: Wanted | None, kept: tuple[FollowUp, ...], facts: Facts, said: Subject | None
) -> tuple[list[FollowUp], list[FollowUp]]:
    settled = sorted((one for one in kept if one.status in SETTLED), key=lambda one: one.occurrence)
    if wanted is not None:
        wanted = _still_wanted(wanted, settled, facts)
    occurrence = settled[-1].occurrence + 1 if settled else 0
    id = derive_id("follow-up", *key, occurrence)
    unsettled = {follow_up.id: follow_up for follow_up in kept if follow_up.status not in SETTLED}
    changed = []
    for follow_up in unsettled.values():
        meant = wanted if follow_up.id == id else None
        target = _target(follow_up, meant, facts, said)
        if target != follow_up:
            revision = max(follow_up.revision + 1, meant.cause.sequence if meant else 0)
            changed.append(revised(target, revision, _stamp(wanted, kept, facts)))
    if wanted is None or id in unsettled:
        return [], changed
    return [_made(id, wanted, occurrence, _stamp(wanted, kept, facts), facts.language)], changed


def _still_wanted(wanted: Wanted, settled: list[FollowUp], facts: Facts) -> Wanted | None:
    """What is wanted beside those settled: nothing, where one of them satisfies the rule, or the next round."""
    satisfying = [one for one in settled if one.settled_at and _satisfies(one, one.settled_at, wanted)]
    if not satisfying:
        return wanted
    last = satisfying[-1]
    if not wanted.rule.repeats or last.status is FollowUpStatus.WAIVED or last.settled_at is None:
        return None
    done_on = last.settled_at.astimezone(facts.zone).date()
    return next_round(wanted, len(satisfying) + 1, max(done_on, last.due), facts)


def _satisfies(settled: FollowUp, settled_at: datetime, wanted: Wanted) -> bool:
    if wanted.rule.once:
        return True
    if wanted.rule.anchor is Anchor.LAST_TOUCH and settled.status is FollowUpStatus.DONE:
        # Doing it is itself the touch that starts the next round, at the very same moment.
        return utc(settled_at) > wanted.cause.at
    return utc(settled_at) >= wanted.cause.at


def _stamp(wanted: Wanted | None, kept: tuple[FollowUp, ...], facts: Facts) -> datetime | None:
    """The latest fact that is known of what is wanted and of what there is."""
    moments = [wanted.cause.revised_at, *wanted.subject.edited()] if wanted else []
    for one in kept:
        talk = facts.talks.get(one.interview_id) if one.interview_id else None
        exploration_id = talk.exploration_id if talk else exploration_in(one.anchor)
        exploration = facts.explorations.get(exploration_id) if exploration_id else None
        stamps = [one.settled_at, talk.revised_at if talk else None]
        if exploration:
            decided_at = exploration.decision.at if exploration.decision else None
            stamps += [exploration.edited_at, exploration.search_ended_at, decided_at]
        moments += [moment for moment in stamps if moment]
        moments += facts.known_of(one.contact_id) if one.contact_id else ()
    return max(map(utc, moments), default=None)


def _target(follow_up: FollowUp, wanted: Wanted | None, facts: Facts, said: Subject | None) -> FollowUp:
    """The follow-up as it should be. No longer wanted = obsolete. `said`: what it was for before an edit of a name."""
    if wanted is None:
        return evolve(follow_up, status=FollowUpStatus.OBSOLETE)
    due, due_at = _postponed(follow_up, wanted, facts)
    person = wanted.subject.person
    contact_id = person.id if person else None
    # Words somebody has changed stay, unless they speak of another person now.
    if follow_up.status is FollowUpStatus.OPEN and follow_up.contact_id == contact_id:
        summary = _renamed(follow_up.summary, said, wanted.subject, facts) if said else follow_up.summary
    else:
        summary = wanted.subject.summary(facts.language)
    return evolve(
        follow_up,
        status=FollowUpStatus.OPEN,
        due=due,
        due_at=due_at,
        contact_id=contact_id,
        summary=summary,
        obligatory=wanted.rule.obligatory,
    )


def _renamed(summary: str, said: Subject, subject: Subject, facts: Facts) -> str:
    """Where a summary is what the rule said before, in whatever language: what it says now."""
    for language in languages_of_sentences(facts.language):
        if said.summary(language) == summary:
            return subject.summary(language)
    return summary


def _postponed(follow_up: FollowUp, wanted: Wanted, facts: Facts) -> tuple[date, datetime | None]:
    until = follow_up.postponed_until
    if until is not None and wanted.offset.is_before:
        # What is to be done before a day cannot be put off past it.
        until = min(until, wanted.cause.moment.astimezone(facts.zone).date())
    return (until, None) if until is not None and until > wanted.due else (wanted.due, wanted.due_at)


def _made(id: UUID, wanted: Wanted, occurrence: int, stamp: datetime | None, language: str) -> FollowUp:
    person = wanted.subject.person
    return FollowUp(
        id=id,
        kind=wanted.rule.kind,
        due=wanted.due,
        due_at=wanted.due_at,
        contact_id=person.id if person else None,
        interview_id=wanted.interview_id,
        anchor=wanted.anchor,
        occurrence=occurrence,
        summary=wanted.subject.summary(language),
        obligatory=wanted.rule.obligatory,
        revision=wanted.cause.sequence,
        revised_at=stamp,
    )
