"""Follow-up rules as data (practice §7): every number is the app's to change. What applies them is `follow_up_planner`."""

from collections.abc import Callable, Set as AbstractSet
from datetime import date, timedelta
from string import Formatter
from typing import Any, Final, TypeAlias, TypeVar

from attrs import field, fields_dict, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue, PluginError
from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus
from infoint.model.meeting import MeetingFormat
from infoint.model.question import Domain, Question, Topic
from infoint.model.touch import TouchKind
from infoint.practice.arguments import demand, demand_day
from infoint.practice.course import Course

T = TypeVar("T")


class Anchor(ClosedName):
    """The moment a rule counts from. Closed: each is computed by us."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    START = "start"
    END = "end"
    DEBRIEFED = "debriefed"
    """The first debrief; for a referral, a promise or something said, the first one that holds it."""
    REFERRED_TALK_END = "referred-talk-end"
    """End of the talk that came of a referral, planned or past."""
    LAST_TOUCH = "last-touch"
    """The latest logged touch with the person, or talk with them, whichever is later."""
    DECISION = "decision"
    MET = "met"
    """The end of the first talk with the person; for a rule with a `course`, of the first one in the exploration."""
    FOLLOW_UP = "follow-up"
    """When the follow-up of the rule's `after` was done, in the same talk; per person, the one toward the same person."""
    PROMISE_DUE = "promise-due"
    """The day by which something was promised, where one was named."""
    TOUCH = "touch"
    """A logged touch."""


class Per(ClosedName):
    """What a rule wants one follow-up for, and so whom it concerns."""

    INTERVIEW = "interview"
    PERSON = "person"
    """Each one met; before the talk, each one asked."""
    REFERRAL = "referral"
    """Each referral, toward whoever gave it; not for one the explorer let drop."""
    REFERRED = "referred"
    """Each referral nobody has acted on, toward the person named."""
    MY_PROMISE = "my-promise"
    """Each thing the explorer promised in a talk."""
    THEIR_PROMISE = "their-promise"
    """Each thing that was promised to the explorer."""
    TOUCH = "touch"
    """Each logged touch of the rule's `touches`, toward the person; whatever talks there are with them."""


@frozen(kw_only=True)
class Offset:
    """One unit; negative = before; all zero = the same day. Minutes and hours give a moment (`due_at`), the others a day."""

    minutes: int = field(default=0, validator=fields.whole(-525_600, 525_600))
    hours: int = field(default=0, validator=fields.whole(-8_760, 8_760))
    days: int = field(default=0, validator=fields.whole(-3_650, 3_650))
    business_days: int = field(default=0, validator=fields.whole(-1_000, 1_000))
    months: int = field(default=0, validator=fields.whole(-120, 120))

    def __attrs_post_init__(self) -> None:
        units = [name for name in fields_dict(Offset) if getattr(self, name)]
        if len(units) > 1:
            raise InvalidValue("Offset", units[1], f"stands beside {units[0]}; an offset has one unit")

    @property
    def is_before(self) -> bool:
        """Whether it leads back from its anchor."""
        return any(getattr(self, name) < 0 for name in fields_dict(Offset))

    @property
    def elapsed(self) -> timedelta:
        """Minutes and hours as elapsed time; nothing where the offset is in days."""
        return timedelta(hours=self.hours, minutes=self.minutes)


@frozen
class Deadline:
    """`offset` from `anchor`."""

    anchor: Anchor = field(validator=fields.a(Anchor))
    offset: Offset = field(validator=fields.a(Offset))


Several: TypeAlias = AbstractSet[T] | tuple[T, ...] | list[T]
"""Taken as a set; a set is kept."""


def as_statuses(value: Several[InterviewStatus]) -> frozenset[InterviewStatus]:
    """States, each once."""
    return fields.as_frozenset(value)


def _as_domains(value: Several[Domain]) -> frozenset[Domain]:
    return fields.as_frozenset(value)


def _as_topics(value: Several[Topic]) -> frozenset[Topic]:
    return fields.as_frozenset(value)


def _as_courses(value: Several[Course]) -> frozenset[Course]:
    return fields.as_frozenset(value)


def _as_touch_kinds(value: Several[TouchKind]) -> frozenset[TouchKind]:
    return fields.as_frozenset(value)


@frozen(kw_only=True)
class Said:
    """What somebody must have said for a rule to want something: answers to questions of `domains` or about `topics`, and
    insights about `topics`. What is about one of `except_topics` never counts.
    """

    domains: frozenset[Domain] = field(default=frozenset(), converter=_as_domains, validator=fields.set_of(Domain))
    topics: frozenset[Topic] = field(default=frozenset(), converter=_as_topics, validator=fields.set_of(Topic))
    except_topics: frozenset[Topic] = field(default=frozenset(), converter=_as_topics, validator=fields.set_of(Topic))

    def __attrs_post_init__(self) -> None:
        if not (self.domains or self.topics):
            raise InvalidValue("Said", "topics", "or domains are needed: else nothing would ever count")

    def by(self, question: Question) -> bool:
        """Whether an answer to the question counts."""
        return question.topic not in self.except_topics and (question.domain in self.domains or question.topic in self.topics)

    def about(self, topic: Topic) -> bool:
        """Whether an insight about the topic counts."""
        return topic in self.topics and topic not in self.except_topics


SUMMARY_FIELDS: Final = frozenset({"contact", "organization", "field", "referral", "promise"})


def _fillable(instance: object, attribute: Any, value: str) -> None:
    try:
        parts = list(Formatter().parse(value))
    except ValueError as error:
        raise InvalidValue(type(instance).__name__, attribute.name, f"is no template: {error}", value=value) from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in SUMMARY_FIELDS or spec or conversion):
            known = ", ".join(f"{{{one}}}" for one in sorted(SUMMARY_FIELDS))
            raise InvalidValue(
                type(instance).__name__, attribute.name, f"{{{name}}} is not offered; there are {known}", value=value
            )


PROMISES: Final = frozenset({Per.MY_PROMISE, Per.THEIR_PROMISE})
_NEEDS: Final[dict[Anchor, frozenset[Per]]] = {
    Anchor.REFERRED_TALK_END: frozenset({Per.REFERRAL, Per.REFERRED}),
    Anchor.MET: frozenset({Per.PERSON}),
    Anchor.PROMISE_DUE: PROMISES,
    Anchor.TOUCH: frozenset({Per.TOUCH}),
}
"""Without a referral there is no talk that came of it, and so on: another `per` would never want anything."""


def _fits_anchor(rule: "FollowUpRule", attribute: Any, value: Per) -> None:
    fitting = _NEEDS.get(rule.anchor)
    if fitting is not None and value not in fitting:
        raise InvalidValue(
            "FollowUpRule", attribute.name, f"needs {' or '.join(sorted(fitting))}, with the anchor {rule.anchor}", value=value
        )
    if value is Per.TOUCH and rule.anchor is not Anchor.TOUCH:
        raise InvalidValue("FollowUpRule", attribute.name, "needs the anchor touch", value=value)


def _states_where_there_is_a_talk(rule: "FollowUpRule", attribute: Any, value: frozenset[InterviewStatus]) -> None:
    if rule.per is Per.TOUCH and value:
        raise InvalidValue("FollowUpRule", attribute.name, "has no meaning per touch: a touch belongs to no talk", value=value)
    if rule.per is not Per.TOUCH and not value:
        raise InvalidValue("FollowUpRule", attribute.name, "needs at least one state", value=value)


def _goes_forward(rule: "FollowUpRule", attribute: Any, value: bool) -> None:
    offset = rule.offset
    if value and (offset.is_before or offset.elapsed or offset == Offset() or rule.once):
        raise InvalidValue("FollowUpRule", attribute.name, "needs an offset of days or months ahead, and not once", value=value)


def _with_its_anchor(rule: "FollowUpRule", attribute: Any, value: FollowUpKind | None) -> None:
    if (value is None) is (rule.anchor is Anchor.FOLLOW_UP):
        raise InvalidValue("FollowUpRule", attribute.name, "goes with the anchor follow-up, and that with it", value=value)


def _per_person(rule: "FollowUpRule", attribute: Any, value: Said | None) -> None:
    if value is not None and rule.per is not Per.PERSON:
        raise InvalidValue("FollowUpRule", attribute.name, "needs per person: somebody said it", value=value)


def _with_touches(rule: "FollowUpRule", attribute: Any, value: frozenset[TouchKind]) -> None:
    if bool(value) is not (rule.per is Per.TOUCH):
        raise InvalidValue("FollowUpRule", attribute.name, "goes with per touch, and that with it", value=value)


def _callable_or_none(instance: object, attribute: Any, value: object) -> None:
    if value is not None and not callable(value):
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a function", value=value)


@frozen(kw_only=True)
class FollowUpRule:
    """One kind: wanted while the interview is in one of `during`, due `offset` from `anchor`.

    `replaces=True` takes the place of the kind's shipped rule; without it, a kind that has a rule is a NameClash.
    """

    kind: FollowUpKind = field(validator=fields.a(FollowUpKind))
    anchor: Anchor = field(validator=fields.a(Anchor))
    offset: Offset = field(validator=fields.a(Offset))
    otherwise: Deadline | None = field(default=None, validator=fields.a(Deadline, optional=True))
    """When the anchor has not come about: a report back is owed even if the person named was never reached."""
    per: Per = field(default=Per.INTERVIEW, validator=[fields.a(Per), _fits_anchor])
    during: frozenset[InterviewStatus] = field(
        default=frozenset(), converter=as_statuses, validator=[fields.set_of(InterviewStatus), _states_where_there_is_a_talk]
    )
    summary: str = field(converter=fields.as_line, validator=[fields.line(required=True), _fillable])
    """One line with {contact}, {organization}, {field}, {referral}, {promise}."""
    enabled: bool = field(default=True, validator=fields.truth())
    """Whether it is switched on: `policy.turn_on(kind)`, `policy.turn_off(kind)`."""
    once: bool = field(default=False, validator=fields.truth())
    """Done or waived, it never comes again, whatever happens (a nudge: practice §7)."""
    repeats: bool = field(default=False, validator=[fields.truth(), _goes_forward])
    """Done, the next comes one offset later, counted from the anchor; waived, it comes no more."""
    in_person: Offset | None = field(default=None, validator=fields.a(Offset, optional=True))
    """Instead of `offset`, where the meeting is in person."""
    ahead: Callable[[Interview], timedelta] | None = field(default=None, validator=_callable_or_none)
    """So much earlier, as for the way there; must be pure. For offsets in hours and minutes."""
    after: FollowUpKind | None = field(default=None, validator=[fields.a(FollowUpKind, optional=True), _with_its_anchor])
    """With the anchor `follow-up`: the kind of which one was done."""
    said: Said | None = field(default=None, validator=[fields.a(Said, optional=True), _per_person])
    """Wanted only where the person said such a thing."""
    course: frozenset[Course] = field(default=frozenset(), converter=_as_courses, validator=fields.set_of(Course))
    """Wanted only while the talk's exploration is there; empty = whatever it is, also where there is none."""
    touches: frozenset[TouchKind] = field(
        default=frozenset(), converter=_as_touch_kinds, validator=[fields.set_of(TouchKind), _with_touches]
    )
    """Per touch: the kinds of touch it is wanted for."""
    settled_by: frozenset[TouchKind] = field(default=frozenset(), converter=_as_touch_kinds, validator=fields.set_of(TouchKind))
    """A touch of these kinds with the person, logged since the anchor, does it: nothing is wanted any more."""
    obligatory: bool = field(default=False, validator=fields.truth())
    """The interview cannot be closed before it is done or waived."""
    reaches_out: bool = field(default=False, validator=fields.truth())
    """Doing it is a message to the person: it counts as a touch, and is not wanted for someone who must not be contacted."""
    rapport: int | None = field(default=None, validator=fields.whole(-2, 2, optional=True))
    """Least rapport (−2 … +2) it is wanted with; someone not judged passes."""
    applies: Callable[[Interview, Contact], bool] | None = field(default=None, validator=_callable_or_none)
    """For what data cannot say; must be pure."""
    replaces: bool = field(default=False, validator=fields.truth())

    def wants(self, interview: Interview | None, person: Contact) -> bool:
        """Whether the person is one it is meant for. Switched off, nobody is."""
        if not self.enabled or (self.reaches_out and person.do_not_contact):
            return False
        if self.rapport is not None and person.rapport is not None and person.rapport < self.rapport:
            return False
        if self.applies is None or interview is None:
            return True
        try:
            return bool(self.applies(interview, person))
        except Exception as error:
            raise self._broken("applies", error) from error

    def offset_for(self, interview: Interview | None) -> Offset:
        """The offset, as the talk's format and the way there have it."""
        if self.in_person is None and self.ahead is None:
            return self.offset
        meeting = interview.meeting if interview else None
        there = meeting is not None and meeting.format is MeetingFormat.IN_PERSON
        offset = self.in_person if self.in_person is not None and there else self.offset
        if self.ahead is None or interview is None or not offset.elapsed:
            return offset
        try:
            return Offset(minutes=(offset.elapsed - self.ahead(interview)) // timedelta(minutes=1))
        except Exception as error:
            raise self._broken("ahead", error) from error

    def _broken(self, name: str, error: Exception) -> PluginError:
        problem = f"`{name}` of the rule for {self.kind} raised {type(error).__name__}"
        return PluginError(self.kind.owner or "infoint", "infoint_follow_up_rules", problem)

    def summarise(self, *, wording: str = "", **words: str) -> str:
        """The summary with its words filled in. `wording`: the same in another language."""
        return (wording or self.summary).format(**words)


def _weekdays(instance: object, attribute: Any, value: frozenset[int]) -> None:
    if not value <= set(range(7)) or len(value) == 7:
        raise InvalidValue(
            type(instance).__name__,
            attribute.name,
            "takes weekday numbers (Monday 0 … Sunday 6), and leaves a day to work on",
            value=value,
        )


def _as_weekdays(value: Several[int]) -> frozenset[int]:
    return fields.as_frozenset(value)


def _as_days(value: Several[date]) -> frozenset[date]:
    return fields.as_frozenset(value)


@frozen(kw_only=True)
class BusinessDays:
    """Which days count: no weekend, no holiday. Passed in, because it differs from country to country."""

    weekend: frozenset[int] = field(
        default=frozenset({5, 6}), converter=_as_weekdays, validator=[fields.set_of(int), _weekdays]
    )
    """date.weekday() numbers."""
    holidays: frozenset[date] = field(default=frozenset(), converter=_as_days)

    @holidays.validator
    def _dates(self, attribute: Any, value: Any) -> None:
        if not isinstance(value, frozenset):
            raise InvalidValue("BusinessDays", attribute.name, f"needs a set of dates, got {type(value).__name__}", value=value)
        for one in value:
            fields.day()(self, attribute, one)

    def __contains__(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def shift(self, day: date, by: int) -> date:
        """`by` business days after `day` (before it, where negative). Counted day by day: from a Saturday one business day on
        is Monday. 0 leaves the day as it is. Raises InvalidValue for what is no day, and where the calendar ends on the way.
        """
        demand_day("BusinessDays", "day", day)
        demand("BusinessDays", "by", by, int)
        step = timedelta(days=1 if by > 0 else -1)
        left = abs(by)
        here = day
        try:
            while left:
                here += step
                left -= here in self
        except OverflowError:
            raise InvalidValue("BusinessDays", "by", f"leads past the end of the calendar from {day}", value=by) from None
        return here
