"""Which other entities an entity names, and by what id: one list for all who have to know. Whether these are there is not looked at."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from infoint.model.contact import Contact
from infoint.model.events import named_by
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity
from infoint.model.interview import Interview
from infoint.model.touch import Touch


def references(entity: Entity) -> Iterator[tuple[type[Entity], UUID]]:
    """Kind and id of each; what is named twice comes twice. Ids that are part of a text are none: anchors of follow-ups, external ids, what
    apps keep in `custom`.
    """
    return ((kind, id) for kind, ids in _named(entity) for id in ids if id is not None)


def _named(entity: Entity) -> tuple[tuple[type[Entity], Iterable[UUID | None]], ...]:
    match entity:
        case Contact():
            return ((Contact, (entity.referred_by,)),)
        case Exploration():
            return ((Interview, entity.decision.evidence if entity.decision else ()),)
        case Interview():
            told = (id for entry in entity.history for id in named_by(entry.event))
            return (Contact, entity.contact_ids), (Exploration, (entity.exploration_id,)), (Contact, told)
        case FollowUp():
            return (Contact, (entity.contact_id,)), (Interview, (entity.interview_id,))
        case Touch():
            return ((Contact, (entity.contact_id,)),)
        case _:
            return ()
