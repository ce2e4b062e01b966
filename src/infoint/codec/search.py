"""What an entity is found by: index values and searchable text. Storages keep both and never look into the data itself."""

from datetime import UTC, datetime
from typing import Final

from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity
from infoint.model.interview import Interview
from infoint.model.touch import Touch

LONGEST: Final = 1_000
"""Characters in an index value: an index finds, the data keeps."""


def index(entity: Entity) -> dict[str, tuple[str | None, ...]]:
    """What an entity is found by. Texts are casefolded and cut to 1,000 characters, times are UTC ("2026-12-01T16:00:00.000000Z"),
    so that text order is the order one means.
    """
    # The commonest case first: every entity that is saved comes through here.
    return {
        name: (_cut(values[0]),) if len(values) == 1 else tuple(map(_cut, values)) for name, values in _index(entity).items()
    }


def _cut(value: str | None) -> str | None:
    return None if value is None else str.__str__(value)[:LONGEST]


def _index(entity: Entity) -> dict[str, tuple[str | None, ...]]:
    match entity:
        case Contact():
            return {
                "name": (entity.name.casefold(),),
                "email": tuple(email.casefold() for email in entity.emails),
                "organization": _texts(entity.organization),
                "external_id": tuple(f"{one.system}:{one.value}" for one in entity.external_ids),
                "tag": tuple(sorted(tag.casefold() for tag in entity.tags)),
            }
        case Exploration():
            return {
                "name": (entity.subject.casefold(),),
                "kind": _texts(entity.goal or ""),
                "status": (entity.decision.outcome if entity.decision else None,),
            }
        case Interview():
            return {
                "status": (entity.status,),
                "start": (instant(entity.meeting.start) if entity.meeting else None,),
                "contact": tuple(str(id) for id in dict.fromkeys((*entity.contact_ids, *entity.met))),
                "exploration": _texts(str(entity.exploration_id or "")),
            }
        case FollowUp():
            return {
                "kind": (entity.kind,),
                "status": (entity.status,),
                "due": (entity.due.isoformat(),),
                "contact": _texts(str(entity.contact_id or "")),
                "interview": _texts(str(entity.interview_id or "")),
            }
        case Touch():
            return {"kind": (entity.kind,), "contact": (str(entity.contact_id),), "start": (instant(entity.at),)}
        case _:
            return {}


def _texts(text: str) -> tuple[str, ...]:
    return (text.casefold(),) if text else ()


def instant(moment: datetime) -> str:
    """The moment as index text: UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def text(entity: Entity) -> str:
    """What a full-text search of an entity looks through."""
    match entity:
        case Contact():
            parts = [
                entity.name,
                entity.organization,
                entity.title,
                entity.location,
                *entity.tags,
                *entity.interests,
                entity.notes,
            ]
        case Exploration():
            parts = [entity.subject, *(belief.text for belief in entity.beliefs)]
        case Interview():
            debrief = entity.debrief
            learned = (
                [*(a.text for a in debrief.answers), *(i.text for i in debrief.insights), debrief.surprises] if debrief else []
            )
            parts = [entity.notes, *(item.question.text for item in entity.agenda), *learned]
        case FollowUp():
            parts = [entity.summary, entity.draft]
        case Touch():
            parts = [entity.note]
        case _:
            parts = []
    return "\n".join(part for part in parts if part)
