"""What follow-ups hang on: the names of anchors, which make up ids and so never change, and the moments they stand for. Which
follow-ups are wanted, and when they are due, is `wanted`'s.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Final, NamedTuple
from uuid import UUID

from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.debrief import Promise
from infoint.model.events import Accepted, HistoryEntry, Requested
from infoint.model.follow_up import FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.touch import Touch
from infoint.practice.facts import Facts, Telling, utc
from infoint.practice.follow_up_rule import Anchor, FollowUpRule, Per
from infoint.practice.referrals import Introduction, name_key, resulting_talk
from infoint.practice.sentences import listed, summary_in


class Cause(NamedTuple):
    """What a follow-up hangs on. All times in UTC."""

    moment: datetime
    """What its due is counted from."""
    at: datetime
    """When the fact behind it happened; nothing can be due before."""
    revised_at: datetime
    """The latest fact looked at."""
    sequence: int
    """Grows with every move of the moment, so that a host that keeps nothing plans higher revisions too."""


class Subject(NamedTuple):
    """What one rule wants one follow-up for."""

    rule: FollowUpRule
    """As it is for the person."""
    person: Contact | None
    """Whom it concerns; None = somebody named who is no contact yet."""
    known_as: UUID
    """The person's part in the follow-up's id: stable, whatever else is learned of them."""
    people: tuple[Contact, ...]
    """Whom its summary speaks of."""
    field: str = ""
    """What is studied."""
    introduction: Introduction | None = None
    promise: Promise | None = None
    touch: Touch | None = None
    entry: HistoryEntry | None = None
    """The debrief that first holds what it is for."""

    def summary(self, language: str) -> str:
        """What to do, in a line, as a follow-up holds it."""
        words = self.rule.summarise(
            wording=summary_in(language, self.rule.kind, self.rule.summary),
            contact=self.people[0].name if len(self.people) == 1 else listed((one.name for one in self.people), language),
            organization=self.people[0].organization,
            field=self.field,
            referral=self.introduction.name if self.introduction else "",
            promise=self.promise.text if self.promise else "",
        )
        return fields.as_line(words[: fields.LINE_LIMIT])

    def edited(self) -> Iterator[datetime]:
        """When those it speaks of were."""
        named = self.introduction.contact if self.introduction else None
        for one in (*self.people, *([named] if named else ())):
            if one.edited_at:
                yield one.edited_at


# ── names ────────────────────────────────────────────────────────────────────────────────────────
def referral_anchor(introduction: Introduction) -> str:
    """One for all that hangs on a referral: a report back moves when the person named is met at last."""
    return anchor_of_name(introduction.interview, introduction.referral.name)


def anchor_of_name(interview: Interview, name: str) -> str:
    """Of a name that was given in a talk."""
    return _short(f"referral:{interview.id}:", name_key(name))


def promise_anchor(interview: Interview, promise: Promise) -> str:
    """By what was promised: amending the day moves it, amending the words makes it another."""
    return _short(f"promise:{interview.id}:", name_key(promise.text))


def touch_anchor(touch: Touch) -> str:
    """A touch belongs to no talk."""
    return f"touch:{touch.id}"


def exploration_in(anchor: str) -> UUID | None:
    """The exploration that an anchor is of, if it is one's."""
    scope, _, rest = anchor.partition(":")
    try:
        return UUID(rest.partition(":")[0]) if scope == "exploration" else None
    except ValueError:  # a host's own
        return None


def _short(scope: str, key: str) -> str:
    anchor = scope + key
    return anchor if len(anchor) <= fields.LINE_LIMIT else f"{scope}{derive_id(anchor)}"


def anchor_of(subject: Subject, telling: Telling) -> str:
    """What it hangs on, by name: the same whatever moment of it the due is counted from just now."""
    rule, person, exploration_id = subject.rule, subject.person, telling.interview.exploration_id
    if subject.introduction is not None:
        return referral_anchor(subject.introduction)
    if subject.promise is not None:
        return promise_anchor(telling.interview, subject.promise)
    match rule.anchor:
        case Anchor.FOLLOW_UP:
            return f"{telling.scope}{rule.after}"
        case Anchor.LAST_TOUCH if person is not None:
            return f"contact:{person.id}:{rule.anchor}"
        case Anchor.MET if person is not None and not rule.course:
            return f"contact:{person.id}:{rule.anchor}"
        case Anchor.MET | Anchor.DECISION if rule.per is Per.PERSON and exploration_id is not None:
            return f"exploration:{exploration_id}:{rule.anchor}"
        case _:
            return telling.scope + rule.anchor


# ── moments ──────────────────────────────────────────────────────────────────────────────────────
def cause_of(anchor: Anchor, subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    """The moment of an anchor; None while it has not come about."""
    return _CAUSE_OF[anchor](subject, telling, facts)


def cause_of_touch(touch: Touch) -> Cause:
    """The moment of a touch."""
    at = utc(touch.at)
    return Cause(at, at, max(at, utc(touch.edited_at)) if touch.edited_at else at, 0)


def _requested(_subject: Subject, telling: Telling, _facts: Facts) -> Cause | None:
    return _told(telling, telling.latest.get(Requested))


def _accepted(_subject: Subject, telling: Telling, _facts: Facts) -> Cause | None:
    return _told(telling, telling.latest.get(Accepted))


def _start(_subject: Subject, telling: Telling, _facts: Facts) -> Cause | None:
    meeting = telling.interview.meeting
    return _told(telling, telling.agreed, meeting.start) if meeting else None


def _end(_subject: Subject, telling: Telling, _facts: Facts) -> Cause | None:
    meeting = telling.interview.meeting
    return _told(telling, telling.agreed, meeting.end) if meeting else None


def _debriefed(subject: Subject, telling: Telling, _facts: Facts) -> Cause | None:
    return _told(telling, subject.entry or next((entry for entry, _ in telling.debriefs), None))


def _told(telling: Telling, entry: HistoryEntry | None, moment: datetime | None = None) -> Cause | None:
    return _cause_at(telling, utc(entry.at), moment) if entry else None


def _cause_at(telling: Telling, at: datetime, moment: datetime | None = None) -> Cause:
    revised_at = telling.revised_at
    return Cause(utc(moment) if moment else at, at, max(at, revised_at) if revised_at else at, telling.sequence)


def _referred(subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    introduction = subject.introduction
    talk = resulting_talk(introduction, facts.campaign) if introduction else None
    if introduction is None or talk is None or talk.meeting is None:
        return None
    given, agreed = utc(introduction.entry.at), facts.telling(talk).agreed
    return _cause_at(telling, max(given, utc(agreed.at)) if agreed else given, talk.meeting.end)


def with_named(cause: Cause, introduction: Introduction, facts: Facts) -> Cause:
    """What is told of the person named moves what is owed for naming them."""
    people = {contact.id for contact in facts.bearers.get(introduction.key, ())} | set(introduction.ever_said_to_be())
    talks = {talk.id: talk for id in people for talk in facts.talks_with.get(id, ())}
    talks.pop(introduction.interview.id, None)
    told = [facts.telling(talk).revised_at for talk in talks.values()]
    return cause._replace(
        revised_at=max([cause.revised_at, *(moment for moment in told if moment)]),
        sequence=cause.sequence + sum(len(talk.history) for talk in talks.values()),
    )


def _last_touch(subject: Subject, _telling: Telling, facts: Facts) -> Cause | None:
    person = subject.person
    if person is None:
        return None
    touches = [utc(touch.at) for touch in facts.touches_of(person)]
    moments = [(at, at) for at in (*touches, *facts.messages.get(person.id, ()))]
    moments += [(one.over_at, one.held_at) for one in facts.acquaintance(person).met]
    if not moments:
        return None
    moment, at = max(moments)
    return _with_talks(Cause(moment, at, max(at for _, at in moments), len(touches)), person, facts)


def _first_met(subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    person, exploration_id = subject.person, telling.interview.exploration_id
    if person is None:
        return None
    met = facts.acquaintance(person).met
    moments = [(one.over_at, one.held_at) for one in met if not subject.rule.course or one.exploration_id == exploration_id]
    if not moments:
        return None
    moment, at = min(moments)
    return _with_talks(Cause(moment, at, at, 0), person, facts)


def _with_talks(cause: Cause, person: Contact, facts: Facts) -> Cause:
    """All that is told of talks with the person moves what hangs on them."""
    known = facts.acquaintance(person)
    revised_at = max(cause.revised_at, known.revised_at) if known.revised_at else cause.revised_at
    return cause._replace(revised_at=revised_at, sequence=cause.sequence + known.told)


def _decided(_subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    exploration = facts.exploration_of(telling.interview)
    if exploration is None or exploration.decision is None:
        return None
    cause = _cause_at(telling, utc(exploration.decision.at))
    if exploration.edited_at is None:
        return cause
    # An exploration has no history to count the moves of its decision by: when it was edited tells the later one (RFC 5546 §2.1.5).
    return cause._replace(revised_at=max(cause.revised_at, utc(exploration.edited_at)))


def _done_before(subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    rule, person = subject.rule, subject.person
    done = [
        utc(one.settled_at)
        for one in facts.campaign.follow_ups_of(telling.interview)
        if one.kind == rule.after
        and one.status is FollowUpStatus.DONE
        and one.settled_at
        and (rule.per is not Per.PERSON or (person is not None and one.contact_id == person.id))
    ]
    return _cause_at(telling, max(done)) if done else None


NOON: Final = time(12)
"""A day's hour that no clock change takes away."""


def _promised(subject: Subject, telling: Telling, facts: Facts) -> Cause | None:
    promise, entry = subject.promise, subject.entry
    if promise is None or promise.due is None or entry is None:
        return None
    return _cause_at(telling, utc(entry.at), datetime.combine(promise.due, NOON, facts.zone))


def _of_no_talk(_subject: Subject, _telling: Telling, _facts: Facts) -> Cause | None:
    return None  # see `cause_of_touch`


_CAUSE_OF: Final[Mapping[Anchor, Callable[[Subject, Telling, Facts], Cause | None]]] = {
    Anchor.REQUESTED: _requested,
    Anchor.ACCEPTED: _accepted,
    Anchor.START: _start,
    Anchor.END: _end,
    Anchor.DEBRIEFED: _debriefed,
    Anchor.REFERRED_TALK_END: _referred,
    Anchor.LAST_TOUCH: _last_touch,
    Anchor.DECISION: _decided,
    Anchor.MET: _first_met,
    Anchor.FOLLOW_UP: _done_before,
    Anchor.PROMISE_DUE: _promised,
    Anchor.TOUCH: _of_no_talk,
}
