"""What a talk brought: answers, insights, names and promises. What several talks say together is `infoint.practice`'s."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.identity import Value
from infoint.model.peaks import Peaks
from infoint.model.question import Topic


class Valence(ClosedName):
    """Whether it speaks for the work, against it, or neither."""

    POSITIVE = "+"
    NEGATIVE = "-"
    NEUTRAL = "0"


class Party(ClosedName):
    """The explorer, or the people asked."""

    ME = "me"
    THEM = "them"


class ReferralKind(ClosedName):
    """How far a referral goes; closed: what is owed depends on it."""

    NAME = "name"
    """A name only."""
    INTRODUCTION = "introduction"
    """They will make the introduction."""
    REDIRECT = "redirect"
    """"You should rather ask …"."""


class ReferralOutcome(ClosedName):
    """What became of a referral, as far as the explorer says so; what the talks show needs no saying."""

    PENDING = "pending"
    MET = "met"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"
    """The explorer chose not to pursue it."""


@frozen
class Answer(Value):
    """What one person said to one question."""

    question_id: str = field(converter=fields.as_line, validator=fields.line(required=True))
    text: str = field(converter=fields.as_text, validator=fields.text(required=True), repr=False)
    said_by: UUID | None = field(default=None, validator=fields.identity(optional=True))
    """Contact id; None = the first person met."""


@frozen
class Insight(Value):
    """One thing learned, in the explorer's words."""

    text: str = field(converter=fields.as_text, validator=fields.text(required=True))
    topic: Topic = field(validator=fields.a(Topic))
    valence: Valence = field(default=Valence.NEUTRAL, validator=fields.a(Valence))
    peaks: Peaks = field(default=Peaks(0), validator=fields.a(Peaks))
    supports: str = field(default="", converter=fields.as_line, validator=fields.line())
    """Key of the Belief it speaks for."""
    rebuts: str = field(default="", converter=fields.as_line, validator=fields.line())
    """Key of the Belief it speaks against."""
    said_by: UUID | None = field(default=None, validator=fields.identity(optional=True))
    """Contact id; None = the first person met."""


@frozen
class Referral(Value):
    """A name that was given."""

    name: str = field(converter=fields.as_line, validator=fields.line(required=True))
    kind: ReferralKind = field(default=ReferralKind.NAME, validator=fields.a(ReferralKind))
    given_by: UUID | None = field(default=None, validator=fields.identity(optional=True))
    """Contact id; None = the first person met."""
    contact_id: UUID | None = field(default=None, validator=fields.identity(optional=True))
    """Id of the contact it became, where that is known by now."""
    how_to_reach: str = field(default="", converter=fields.as_line, validator=fields.line())
    outcome: ReferralOutcome = field(default=ReferralOutcome.PENDING, validator=fields.a(ReferralOutcome))


@frozen
class Promise(Value):
    """Something one side said it would do."""

    text: str = field(converter=fields.as_line, validator=fields.line(required=True))
    by: Party = field(default=Party.ME, validator=fields.a(Party))
    due: date | None = field(default=None, validator=fields.day(optional=True))
    """In the explorer's zone."""


def as_referrals(value: Sequence[Referral | str]) -> tuple[Referral, ...]:
    """Referrals; a bare name is one."""
    if not isinstance(value, tuple | list):
        return value  # type: ignore[return-value]  # the validator refuses it, and knows entity and field
    return tuple(Referral(item) if isinstance(item, str) else item for item in value)


def _as_answers(value: tuple[Answer, ...] | list[Answer]) -> tuple[Answer, ...]:
    return fields.as_tuple(value)


def _as_insights(value: tuple[Insight, ...] | list[Insight]) -> tuple[Insight, ...]:
    return fields.as_tuple(value)


def _as_promises(value: tuple[Promise, ...] | list[Promise]) -> tuple[Promise, ...]:
    return fields.as_tuple(value)


@frozen(kw_only=True)
class Debrief(Value):
    """The record of one talk. A later one replaces it; the history keeps both."""

    answers: tuple[Answer, ...] = field(default=(), converter=_as_answers, validator=fields.tuple_of(Answer))
    insights: tuple[Insight, ...] = field(default=(), converter=_as_insights, validator=fields.tuple_of(Insight))
    referrals: tuple[Referral, ...] = field(default=(), converter=as_referrals, validator=fields.tuple_of(Referral))
    promises: tuple[Promise, ...] = field(default=(), converter=_as_promises, validator=fields.tuple_of(Promise))
    my_talk_share: int | None = field(default=None, validator=fields.whole(0, 100, optional=True))
    """Percent of the time the explorer spoke."""
    my_introduction: int | None = field(default=None, validator=fields.whole(1, 5, optional=True))
    """Self-rating, 1–5."""
    surprises: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)

    @property
    def said(self) -> tuple[Answer | Insight, ...]:
        """Answers and insights: all that one of the people met may have said."""
        return (*self.answers, *self.insights)
