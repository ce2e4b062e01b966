"""All the facts a pure function may look at: one explorer's people, talks and follow-ups as plain values. No preferences:
those are the Policy's.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.errors import InvalidValue, NotFound
from infoint.model import fields
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.references import references
from infoint.model.touch import Touch

Fact: TypeAlias = Contact | Exploration | Interview | FollowUp | Touch

E = TypeVar("E", bound=Entity)

NAMES: Final[Mapping[type[Entity], str]] = {
    Contact: "contact",
    Exploration: "exploration",
    Interview: "interview",
    FollowUp: "follow-up",
    Touch: "touch",
}
"""What the kinds of facts are called: in messages, and in storages, so that it never changes."""


def _each_once(instance: object, attribute: Any, value: tuple[Entity, ...]) -> None:
    if len({identified(entity).id for entity in value}) != len(value):
        raise InvalidValue(type(instance).__name__, attribute.name, "holds two of one id; .including(…) replaces instead")


def _all(kind: type[Entity]) -> list[fields.Validator]:
    def check(instance: object, attribute: Any, value: Any) -> None:
        # The general tuple check limits the length; a campaign has as many facts as a life brings.
        if not isinstance(value, tuple) or not all(isinstance(entity, kind) for entity in value):
            raise InvalidValue(type(instance).__name__, attribute.name, f"needs a tuple of {kind.__name__}", value=value)

    return [check, _each_once]


@frozen(kw_only=True)
class Campaign:
    """`Campaign(profile=me).including(ana, *talks)` from your own rows, or `ws.campaign()`. Looking something up costs O(1)."""

    profile: Profile = field(validator=fields.a(Profile))
    contacts: tuple[Contact, ...] = field(default=(), validator=_all(Contact))
    explorations: tuple[Exploration, ...] = field(default=(), validator=_all(Exploration))
    interviews: tuple[Interview, ...] = field(default=(), validator=_all(Interview))
    follow_ups: tuple[FollowUp, ...] = field(default=(), validator=_all(FollowUp))
    touches: tuple[Touch, ...] = field(default=(), validator=_all(Touch))
    remedy: str = field(
        default="put it into the campaign with .including(…)",
        converter=fields.as_line,
        validator=fields.line(required=True),
        eq=False,
        repr=False,
    )
    """What to do about whatever it does not hold, for errors: whoever has made it knows where the rest is."""

    @cached_property
    def _contact_by_id(self) -> Mapping[UUID, Contact]:
        return {contact.id: contact for contact in self.contacts}

    @cached_property
    def _interview_by_id(self) -> Mapping[UUID, Interview]:
        return {interview.id: interview for interview in self.interviews}

    @cached_property
    def _exploration_by_id(self) -> Mapping[UUID, Exploration]:
        return {exploration.id: exploration for exploration in self.explorations}

    @cached_property
    def _interviews_by_contact(self) -> Mapping[UUID, tuple[Interview, ...]]:
        return _grouped(
            (id, interview) for interview in self.interviews for id in dict.fromkeys((*interview.contact_ids, *interview.met))
        )

    @cached_property
    def _interviews_by_exploration(self) -> Mapping[UUID, tuple[Interview, ...]]:
        return _grouped((interview.exploration_id, interview) for interview in self.interviews)

    @cached_property
    def _follow_ups_by_interview(self) -> Mapping[UUID, tuple[FollowUp, ...]]:
        return _grouped((follow_up.interview_id, follow_up) for follow_up in self.follow_ups)

    @cached_property
    def _touches_by_contact(self) -> Mapping[UUID, tuple[Touch, ...]]:
        return _grouped((touch.contact_id, touch) for touch in sorted(self.touches, key=_happened))

    @cached_property
    def _named_by(self) -> Mapping[tuple[type[Entity], UUID], tuple[str, ...]]:
        facts = (*self.contacts, *self.explorations, *self.interviews, *self.follow_ups, *self.touches)
        return _grouped((named, f"{NAMES[type(one)]} {one.id}") for one in facts for named in dict.fromkeys(references(one)))

    def contact(self, id: UUID) -> Contact:
        """Raises NotFound."""
        return self._found(self._contact_by_id, Contact, id)

    def interview(self, id: UUID) -> Interview:
        """Raises NotFound."""
        return self._found(self._interview_by_id, Interview, id)

    def exploration(self, id: UUID) -> Exploration:
        """Raises NotFound."""
        return self._found(self._exploration_by_id, Exploration, id)

    def _found(self, entities: Mapping[UUID, E], kind: type[E], id: UUID) -> E:
        try:
            return entities[id]
        except KeyError:
            by = self._named_by.get((kind, id), ())
            who = ", ".join(by[:3]) + (f" and {len(by) - 3} more" if len(by) > 3 else "")
            raise NotFound(NAMES[kind], id, remedy=f"named by {who}; {self.remedy}" if who else self.remedy) from None

    def people(self, interview: Interview) -> tuple[Contact, ...]:
        """Those asked, and those met without having been asked. Raises NotFound for one the campaign does not hold."""
        return tuple(self.contact(id) for id in dict.fromkeys((*interview.contact_ids, *interview.met)))

    def interviews_with(self, contact: Contact) -> tuple[Interview, ...]:
        """Talks this person was asked for, or was met in."""
        return self._interviews_by_contact.get(identified(contact).id, ())

    def interviews_in(self, exploration: Exploration) -> tuple[Interview, ...]:
        """Talks that belong to the exploration."""
        return self._interviews_by_exploration.get(identified(exploration).id, ())

    def follow_ups_of(self, interview: Interview) -> tuple[FollowUp, ...]:
        """Whatever its status."""
        return self._follow_ups_by_interview.get(identified(interview).id, ())

    def touches_of(self, contact: Contact) -> tuple[Touch, ...]:
        """Logged touches with this person, the earliest first."""
        return self._touches_by_contact.get(identified(contact).id, ())

    def including(self, *facts: Fact) -> "Campaign":
        """A copy in which these stand in for those of the same id, or are added. Raises MissingId, or InvalidValue for what is no
        fact (a list of them, a Profile).
        """
        for fact in facts:
            if not isinstance(fact, Fact):
                raise InvalidValue("Campaign", "including", f"takes facts one by one, got {type(fact).__name__}", value=fact)
        return evolve(
            self,
            contacts=_with(self.contacts, [fact for fact in facts if isinstance(fact, Contact)]),
            explorations=_with(self.explorations, [fact for fact in facts if isinstance(fact, Exploration)]),
            interviews=_with(self.interviews, [fact for fact in facts if isinstance(fact, Interview)]),
            follow_ups=_with(self.follow_ups, [fact for fact in facts if isinstance(fact, FollowUp)]),
            touches=_with(self.touches, [fact for fact in facts if isinstance(fact, Touch)]),
        )


def _happened(touch: Touch) -> tuple[datetime, UUID]:
    return fields.instant(touch.at), touch.id


def _grouped(pairs: Any) -> Mapping[Any, tuple[Any, ...]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _with(held: tuple[E, ...], facts: list[E]) -> tuple[E, ...]:
    if not facts:
        return held
    merged = {entity.id: entity for entity in held} | {identified(fact).id: fact for fact in facts}
    return tuple(merged.values())
