"""What is asked. Which questions there are is the question bank's (`infoint.practice`)."""

import re
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Final

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.contact import ContactRole, Seniority
from infoint.model.identity import Value
from infoint.model.obstacle import Obstacle
from infoint.model.open_name import OpenName
from infoint.model.peaks import Peaks


class Domain(ClosedName):
    """The three of the 2-1-2 mix; closed because the mix is counted in them (practice §4)."""

    PERSON = "person"
    FIELD = "field"
    ADVICE = "advice"


class Tone(ClosedName):
    """Closed: a talk needs at least one challenge."""

    REWARD = "reward"
    CHALLENGE = "challenge"
    NEUTRAL = "neutral"


class QuestionCategory(OpenName):
    """What questions are chosen by (practice §3)."""

    __slots__ = ()
    DESCRIBE_THE_JOB: ClassVar["QuestionCategory"]
    TIME_AT_WORK: ClassVar["QuestionCategory"]
    JOB_HISTORY: ClassVar["QuestionCategory"]
    FIELD_OUTLOOK: ClassVar["QuestionCategory"]
    EDUCATION_AND_EXPERIENCE: ClassVar["QuestionCategory"]
    HIDDEN_JOBS: ClassVar["QuestionCategory"]
    ADVANCEMENT: ClassVar["QuestionCategory"]
    NETWORKING: ClassVar["QuestionCategory"]
    PATH: ClassVar["QuestionCategory"]
    ADVICE_ON_ME: ClassVar["QuestionCategory"]
    REALISTIC_PREVIEW: ClassVar["QuestionCategory"]
    QUALITIES: ClassVar["QuestionCategory"]
    ORGANIZATION: ClassVar["QuestionCategory"]


class Topic(OpenName):
    """What a question asks about and an insight tells about; evidence is counted per topic. Finer than a category, and not
    bound to one: what someone likes most may come up under their path or under a preview of the work.
    """

    __slots__ = ()
    # the work
    THE_JOB: ClassVar["Topic"]
    JOB_TITLES: ClassVar["Topic"]
    DUTIES: ClassVar["Topic"]
    TRAITS: ClassVar["Topic"]
    TYPICAL_DAY: ClassVar["Topic"]
    PROBLEMS: ClassVar["Topic"]
    DECISIONS: ClassVar["Topic"]
    # living with it
    REWARDS: ClassVar["Topic"]
    CHALLENGES: ClassVar["Topic"]
    DULL_PARTS: ClassVar["Topic"]
    TIME_SHARE: ClassVar["Topic"]
    WORK_AND_HOME: ClassVar["Topic"]
    SOCIAL_OBLIGATIONS: ClassVar["Topic"]
    PROFESSIONAL_BODIES: ClassVar["Topic"]
    DUTIES_OUTSIDE_HOURS: ClassVar["Topic"]
    OVERTIME: ClassVar["Topic"]
    WHY_PEOPLE_LEAVE: ClassVar["Topic"]
    TWO_AND_TWO: ClassVar["Topic"]
    """Two great things and two that someone would change."""
    OUTSIDERS_ERRORS: ClassVar["Topic"]
    # how they came to it
    EARLIER_JOBS: ClassVar["Topic"]
    PREPARATION: ClassVar["Topic"]
    BEST_AND_LEAST: ClassVar["Topic"]
    CAREER_PATH: ClassVar["Topic"]
    WHY_THIS_FIELD: ClassVar["Topic"]
    FIRST_JOB: ClassVar["Topic"]
    HINDSIGHT: ClassVar["Topic"]
    MOVING_SKILLS: ClassVar["Topic"]
    # the field
    CHANGES: ClassVar["Topic"]
    DEMAND: ClassVar["Topic"]
    OUTLOOK: ClassVar["Topic"]
    RANGE_OF_JOBS: ClassVar["Topic"]
    UNUSUAL_JOBS: ClassVar["Topic"]
    UNADVERTISED_JOBS: ClassVar["Topic"]
    # getting in and on
    EDUCATION: ClassVar["Topic"]
    USEFUL_EXPERIENCE: ClassVar["Topic"]
    WITHOUT_EXPERIENCE: ClassVar["Topic"]
    WAY_IN: ClassVar["Topic"]
    ENTRY_JOBS: ClassVar["Topic"]
    PREREQUISITES: ClassVar["Topic"]
    HOW_PEOPLE_ADVANCE: ClassVar["Topic"]
    OPENINGS: ClassVar["Topic"]
    SUCCESS: ClassVar["Topic"]
    TIME_BETWEEN_STEPS: ClassVar["Topic"]
    TOP_JOB: ClassVar["Topic"]
    TRAINING: ClassVar["Topic"]
    SALARY: ClassVar["Topic"]
    # the explorer
    CANDIDATE_LIKE_ME: ClassVar["Topic"]
    MISSING_TRAINING: ClassVar["Topic"]
    RESUME: ClassVar["Topic"]
    MY_SKILLS: ClassVar["Topic"]
    # what is looked for
    PERSONAL_QUALITIES: ClassVar["Topic"]
    EXPERIENCE_WANTED: ClassVar["Topic"]
    ACCOMPLISHMENTS_WANTED: ClassVar["Topic"]
    KNOWLEDGE_WANTED: ClassVar["Topic"]
    SKILLS_WANTED: ClassVar["Topic"]
    # the organisation, and whom to ask next
    MISSION: ClassVar["Topic"]
    STRUCTURE: ClassVar["Topic"]
    CULTURE: ClassVar["Topic"]
    WHO_ELSE: ClassVar["Topic"]
    JOB_DESCRIPTIONS: ClassVar["Topic"]


_QUESTION_ID: Final = re.compile(r"(?:[a-z0-9]+(?:[-._][a-z0-9]+)*:)?[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")


def _question_id(instance: object, attribute: Any, value: str) -> None:
    if not _QUESTION_ID.match(value):
        raise InvalidValue(
            type(instance).__name__,
            attribute.name,
            'needs a slug: "typical-day.last-tuesday", or "acme:salary.range"',
            value=value,
        )


def _as_roles(value: AbstractSet[ContactRole] | tuple[ContactRole, ...] | list[ContactRole]) -> frozenset[ContactRole]:
    return fields.as_frozenset(value)


def _as_seniorities(value: AbstractSet[Seniority] | tuple[Seniority, ...] | list[Seniority]) -> frozenset[Seniority]:
    return fields.as_frozenset(value)


@frozen(kw_only=True)
class Question(Value):
    """One open question. `id` never changes ("describe-the-job.typical-day"; a plugin's: "acme:salary.range")."""

    id: str = field(validator=[fields.line(required=True), _question_id])
    text: str = field(converter=fields.as_line, validator=fields.line(required=True))
    category: QuestionCategory = field(validator=fields.a(QuestionCategory))
    topic: Topic = field(validator=fields.a(Topic))
    domain: Domain = field(validator=fields.a(Domain))
    tone: Tone = field(default=Tone.NEUTRAL, validator=fields.a(Tone))
    minutes: int = field(default=4, validator=fields.whole(1, 60))
    """What the answer usually takes."""
    probes: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    """What to ask on, if the answer stays short."""
    roles: frozenset[ContactRole] = field(default=frozenset(), converter=_as_roles, validator=fields.set_of(ContactRole))
    """Whom it suits; empty = anyone."""
    seniorities: frozenset[Seniority] = field(
        default=frozenset(), converter=_as_seniorities, validator=fields.set_of(Seniority)
    )
    """Whom it suits; empty = anyone."""
    peaks: Peaks = field(default=Peaks(0), validator=fields.a(Peaks))
    obstacle: Obstacle | None = field(default=None, validator=fields.a(Obstacle, optional=True))
    open_ended: bool = field(default=True, validator=fields.truth())
    language: str = field(default="en", converter=fields.as_line, validator=fields.line(required=True))
    """BCP 47 tag of `text` and `probes`."""


def _as_questions(value: tuple[Question, ...] | list[Question]) -> tuple[Question, ...]:
    return fields.as_tuple(value)


@frozen(kw_only=True)
class QuestionSet(Value):
    """A named list: "balanced", "first-career", "acme:nursing". The bank is the union of all sets."""

    name: str = field(validator=[fields.line(required=True), _question_id])
    title: str = field(converter=fields.as_line, validator=fields.line(required=True))
    questions: tuple[Question, ...] = field(converter=_as_questions, validator=fields.tuple_of(Question, at_least=1))
