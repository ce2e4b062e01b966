"""Follow-up rules as data (practice §7): every number is the app's to change. What applies them is `follow_up_planner`."""

from collections.abc import Callable, Set as AbstractSet
from datetime import date, timedelta
from enum import StrEnum
from string import Formatter
from typing import Any, Final

from attrs import field, fields_dict, frozen

from infoint.errors import InvalidValue, PluginError
from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus


class Anchor(StrEnum):
    """The moment a rule counts from. Closed: each is computed by us."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    START = "start"
    END = "end"
    DEBRIEFED = "debriefed"
    """The first debrief; for a referral, the first one that names it."""
    REFERRED_TALK_END = "referred-talk-end"
    """End of the talk that came of a referral, planned or past."""
    LAST_TOUCH = "last-touch"
    """The latest logged touch with the person, or talk with them, whichever is later."""
    DECISION = "decision"


class Per(StrEnum):
    """What a rule wants one follow-up for, and so whom it concerns."""

    INTERVIEW = "interview"
    PERSON = "person"
    """Each one met; before the talk, each one asked."""
    REFERRAL = "referral"
    """Each referral, toward whoever gave it; not for one the explorer let drop."""
    REFERRED = "referred"
    """Each referral nobody has acted on, toward the person named."""


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


def as_statuses(value: AbstractSet[InterviewStatus]) -> frozenset[InterviewStatus]:
    """Any set of states."""
    return frozenset(value) if isinstance(value, AbstractSet) else value


SUMMARY_FIELDS: Final = frozenset({"contact", "organization", "field", "referral"})


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


def _per_referral(rule: "FollowUpRule", attribute: Any, value: Per) -> None:
    # Without a referral there is no talk that came of it: the rule would never want anything.
    if rule.anchor is Anchor.REFERRED_TALK_END and value not in {Per.REFERRAL, Per.REFERRED}:
        raise InvalidValue(
            "FollowUpRule", attribute.name, f"needs referral or referred, with the anchor {rule.anchor}", value=value
        )


def _callable_or_none(instance: object, attribute: Any, value: object) -> None:
    if value is not None and not callable(value):
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a function of interview and contact", value=value)


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
    during: frozenset[InterviewStatus] = field(converter=as_statuses, validator=fields.set_of(InterviewStatus, at_least=1))
    per: Per = field(default=Per.INTERVIEW, validator=[fields.a(Per), _per_referral])
    summary: str = field(converter=fields.as_line, validator=[fields.line(required=True), _fillable])
    """One line with {contact}, {organization}, {field}, {referral}."""
    obligatory: bool = field(default=False, validator=fields.truth())
    """The interview cannot be closed before it is done or waived."""
    reaches_out: bool = field(default=False, validator=fields.truth())
    """Doing it is a message to the person: it counts as a touch, and is not wanted for someone who must not be contacted."""
    rapport: int | None = field(default=None, validator=fields.whole(-2, 2, optional=True))
    """Least rapport (−2 … +2) it is wanted with; someone not judged passes."""
    applies: Callable[[Interview, Contact], bool] | None = field(default=None, validator=_callable_or_none)
    """For what data cannot say; must be pure."""
    replaces: bool = field(default=False, validator=fields.truth())

    def wants(self, interview: Interview, person: Contact) -> bool:
        """Whether the person is one it is meant for."""
        if self.reaches_out and person.do_not_contact:
            return False
        if self.rapport is not None and person.rapport is not None and person.rapport < self.rapport:
            return False
        if self.applies is None:
            return True
        try:
            return bool(self.applies(interview, person))
        except Exception as error:
            problem = f"`applies` of the rule for {self.kind} raised {type(error).__name__}"
            raise PluginError(self.kind.owner or "infoint", "infoint_follow_up_rules", problem) from error

    def summarise(self, **words: str) -> str:
        """The summary with its words filled in."""
        return self.summary.format(**words)


def _weekdays(instance: object, attribute: Any, value: frozenset[int]) -> None:
    if not value <= set(range(7)) or len(value) == 7:
        raise InvalidValue(
            type(instance).__name__,
            attribute.name,
            "takes weekday numbers (Monday 0 … Sunday 6), and leaves a day to work on",
            value=value,
        )


@frozen(kw_only=True)
class BusinessDays:
    """Which days count: no weekend, no holiday. Passed in, because it differs from country to country."""

    weekend: frozenset[int] = field(default=frozenset({5, 6}), validator=[fields.set_of(int), _weekdays])
    """date.weekday() numbers."""
    holidays: frozenset[date] = field(default=frozenset())

    @holidays.validator
    def _dates(self, attribute: Any, value: Any) -> None:
        if not isinstance(value, frozenset):
            raise InvalidValue(
                "BusinessDays", attribute.name, f"needs a frozenset of dates, got {type(value).__name__}", value=value
            )
        for one in value:
            fields.day()(self, attribute, one)

    def __contains__(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def shift(self, day: date, by: int) -> date:
        """`by` business days after `day` (before it, where negative). Counted day by day: from a Saturday one business day on
        is Monday. 0 leaves the day as it is.
        """
        step = timedelta(days=1 if by > 0 else -1)
        left = abs(by)
        while left:
            day += step
            left -= day in self
        return day
