"""The career question under study, from the beliefs held before the first talk to the decision after the last."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from attrs import Factory, field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.identity import Entity, Value
from infoint.model.obstacle import Obstacle
from infoint.model.open_name import OpenName


class Goal(OpenName):
    """What the explorer is after (practice §2)."""

    __slots__ = ()
    TRANSFER_SKILLS: ClassVar["Goal"]
    OTHER_ORGANIZATION: ClassVar["Goal"]
    """The same field in another organisation."""
    ADVANCE: ClassVar["Goal"]
    FIRST_CAREER: ClassVar["Goal"]
    CHANGE_FIELD: ClassVar["Goal"]


class Scope(ClosedName):
    """What kind of thing is studied."""

    FIELD = "field"
    ORGANIZATION = "organization"
    ROLE = "role"


class Outcome(ClosedName):
    """How an exploration may end. Ruling out is as good an end as any (practice §1)."""

    PURSUE = "pursue"
    RULE_OUT = "rule-out"
    KEEP_OPEN = "keep-open"


@frozen
class Belief(Value):
    """What the explorer thought before asking, and where it came from."""

    text: str = field(converter=fields.as_line, validator=fields.line(required=True))
    source: str = field(default="", converter=fields.as_line, validator=fields.line())
    key: str = field(
        default=Factory(lambda self: self.text, takes_self=True), converter=fields.as_line, validator=fields.line(required=True)
    )
    """What an Insight names it by. It starts as the text and stays when the text is reworded: histories refer to it."""


@frozen
class Stance(Value):
    """How the explorer leans at one time, −2 (against) … +2 (for)."""

    at: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    leaning: int = field(validator=fields.whole(-2, 2))
    note: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)


@frozen(kw_only=True)
class Decision(Value):
    """How it ended, and the interviews it rests on: at least one (practice §8)."""

    outcome: Outcome = field(validator=fields.a(Outcome))
    at: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    evidence: tuple[UUID, ...] = field(
        converter=fields.as_ids, validator=[fields.tuple_of(UUID, each=fields.identity(), at_least=1), fields.distinct]
    )
    """Ids of interviews."""
    because: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)


def _as_obstacles(value: AbstractSet[Obstacle] | tuple[Obstacle, ...] | list[Obstacle]) -> frozenset[Obstacle]:
    return fields.as_frozenset(value)


def _as_beliefs(value: tuple[Belief, ...] | list[Belief]) -> tuple[Belief, ...]:
    return fields.as_tuple(value)


def _as_stances(value: tuple[Stance, ...] | list[Stance]) -> tuple[Stance, ...]:
    return fields.as_tuple(value)


@frozen(kw_only=True)
class Exploration(Entity):
    """One question about a field, an organisation or a role."""

    subject: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """What is studied: "UX research"."""
    scope: Scope = field(default=Scope.FIELD, validator=fields.a(Scope))
    goal: Goal | None = field(default=None, validator=fields.a(Goal, optional=True))
    obstacles: frozenset[Obstacle] = field(default=frozenset(), converter=_as_obstacles, validator=fields.set_of(Obstacle))
    beliefs: tuple[Belief, ...] = field(default=(), converter=_as_beliefs, validator=fields.tuple_of(Belief))
    target_talks: int = field(default=3, validator=fields.whole(3, 1_000))
    """How many people to hear; fewer than three say too little (practice §2). Deciding earlier is always possible."""
    stances: tuple[Stance, ...] = field(default=(), converter=_as_stances, validator=fields.tuple_of(Stance))
    decision: Decision | None = field(default=None, validator=fields.a(Decision, optional=True))
    search_ended_at: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True), eq=fields.instant_and_zone
    )
    """When the search that this is part of ended, as with a job found: from then on nobody is told where it stands."""
